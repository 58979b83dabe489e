"""SQL DDL, replayed statement by statement into the common AST."""
