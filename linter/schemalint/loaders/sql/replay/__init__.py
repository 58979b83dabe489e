"""The replay of statements: what the database would make of them, one after the other."""
