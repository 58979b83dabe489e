"""What the declared tables are in the DDL of one database."""
