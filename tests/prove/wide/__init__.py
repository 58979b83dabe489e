"""Random schemas and rules of great width: each language, each construct of the common AST.

Where `tests/oracle/verdicts` draws much of a little, that rules and verdicts turn on, here a little
of everything is drawn. `tests/prove/census.py` tells what occurs.
"""
