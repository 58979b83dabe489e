"""Python's expressions, classes and functions: what they come to, without running anything."""
