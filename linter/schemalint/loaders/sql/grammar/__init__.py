"""DDL statements from tokens: one module for each family of statements."""
