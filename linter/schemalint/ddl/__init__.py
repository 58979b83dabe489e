"""The common AST as the DDL that makes it."""
