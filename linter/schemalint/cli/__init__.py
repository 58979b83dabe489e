"""The command line: one module a command, and what a run of `check` is made of."""
