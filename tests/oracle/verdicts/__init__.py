"""Verdicts against databases: over random schemas and rules, an attacker who knows nothing of the
judging code tries to bring a real database into a forbidden state.
"""
