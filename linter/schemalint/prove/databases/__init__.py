"""Throwaway databases: built for one proof, and removed behind it."""
