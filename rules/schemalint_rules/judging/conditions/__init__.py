"""Whether a condition is true of every row that can be stored."""
