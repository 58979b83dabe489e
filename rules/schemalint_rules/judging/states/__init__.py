"""The states of a row: which there are, which comes first, which follows which."""
