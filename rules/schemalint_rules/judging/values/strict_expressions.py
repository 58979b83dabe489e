"""Expressions of indexes that give one value for equal ones, and NULL for NULL alone."""

from __future__ import annotations

import re

# Functions of the databases that are not NULL unless an argument is. Not among them: NULLIF, what
# reads JSON or arrays, EXTRACT (NULL of infinity), what SQLite or MySQL make NULL of texts that are
# no number and no date (date, floor), lengths below zero (chr, lpad, repeat), and substring, to
# PostgreSQL a pattern, too. Three databases are asked by tests/rules/test_indexed_expressions.py.
_TEXTS = """
    ascii btrim char_length character_length concat encode hex initcap left length lower ltrim md5
    octet_length regexp_replace replace reverse right rtrim sha1 sha224 sha256 sha384 sha512
    split_part strpos substr to_hex translate trim unaccent upper
"""
_NUMBERS = "abs date_trunc round timezone"
STRICT = frozenset(f"{_TEXTS} {_NUMBERS}".split())
_TOKEN = re.compile(
    r"\s+|'(?:[^']|'')*'|\d+(?:\.\d+)?|\|\||::\s*(?P<cast>\w+(?:\s*\(\s*\d+\s*\))?)"
    r"|(?P<zone>AT\s+TIME\s+ZONE\b)|(?P<call>\w+)(?=\s*\()|(?P<name>\w+|\"[^\"]+\"|`[^`]+`)|[(),+]",
    re.IGNORECASE,
)
_CASTS = re.compile(
    r"(?:text|varchar|bytea|uuid|date|int|integer|bigint|smallint)(?:\s*\(.*)?", re.IGNORECASE
)


def is_strict(expression: str, columns: frozenset[str]) -> bool:
    """Whether an expression is made of `columns`, literals and such functions alone."""
    at = 0
    while at < len(expression):
        token = _TOKEN.match(expression, at)
        if token is None:
            return False
        cast, call, name = token["cast"], token["call"], token["name"]
        if cast and not _CASTS.fullmatch(cast):
            return False
        if call and call.lower() not in STRICT:
            return False
        if name and name.strip('"`').lower() not in {one.lower() for one in columns}:
            return False
        at = token.end()
    return True
