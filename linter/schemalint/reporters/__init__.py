"""A report to text, one format a module; entry points name them."""
