"""Proofs: a schema built in a throwaway database, and rules attacked there for real."""
