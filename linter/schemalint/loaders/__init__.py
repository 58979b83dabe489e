"""Text to the common AST, a package for each language."""
