"""Expressions of indexes that give one value for equal ones, and NULL for NULL alone."""

from __future__ import annotations

import re

# Functions of the databases that are not NULL unless an argument is, each by its documentation;
# not among them: NULLIF, what reads JSON or arrays, EXTRACT (NULL of infinity).
_TEXTS = """
    ascii btrim char_length character_length chr concat encode hex initcap left length lower lpad
    ltrim md5 octet_length regexp_replace repeat replace reverse right rpad rtrim sha1 sha224 sha256
    sha384 sha512 split_part strpos substr substring to_hex translate trim unaccent upper
"""
_NUMBERS = "abs ceil ceiling date date_trunc floor round timezone trunc"
_STRICT = frozenset(f"{_TEXTS} {_NUMBERS}".split())
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
        if call and call.lower() not in _STRICT:
            return False
        if name and name.strip('"`').lower() not in {one.lower() for one in columns}:
            return False
        at = token.end()
    return True
