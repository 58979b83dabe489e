"""How constructs and names are called in messages."""
