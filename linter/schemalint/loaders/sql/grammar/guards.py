"""Guards around DDL in a block: whether they only ask if it was done already."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.sql.lexer import Token, words
from schemalint.loaders.sql.statements import AlterTable, CreateIndex, Statement

_CATALOGS = ("PG_", "INFORMATION_SCHEMA")
_REGISTERED = frozenset(("TO_REGCLASS", "TO_REGTYPE", "TO_REGPROC", "TO_REGPROCEDURE"))
_OF_EVERY_CATALOG = frozenset(
    (
        "public",
        "pg_catalog",
        "yes",
        "no",
        "base table",
        "view",
        "foreign key",
        "unique",
        "primary key",
        "check",
        "c",
        "f",
        "p",
        "u",
        "r",
        "e",
        "x",
        "i",
        "d",
        "",
    )
)
"""Strings that are no names of what the guard asks for."""

_REPETITIONS = words(
    "DUPLICATE_OBJECT DUPLICATE_TABLE DUPLICATE_COLUMN DUPLICATE_SCHEMA "
    "DUPLICATE_FUNCTION DUPLICATE_ALIAS UNDEFINED_OBJECT UNDEFINED_TABLE UNDEFINED_COLUMN "
    "UNDEFINED_FUNCTION INVALID_TABLE_DEFINITION"
)
"""Errors that say no more than that something is there already, or is not there any more."""


def asks_catalog(condition: Sequence[Token]) -> bool:
    """Whether all that the condition reads are the database's own tables of its objects."""
    reads = False
    for at, token in enumerate(condition):
        if token.kind == "word" and token.text in ("FROM", "JOIN"):
            table = condition[at + 1] if at + 1 < len(condition) else None
            if table is None or not table.text.upper().startswith(_CATALOGS):
                distinct = at and condition[at - 1].text == "DISTINCT"
                if not distinct:
                    return False
            reads = True
        elif token.kind == "word" and token.text in _REGISTERED:
            reads = True
    return reads


def is_about(condition: Sequence[Token], statements: Sequence[Token]) -> bool:
    """Whether the statements name everything that the condition asks for by name."""
    named = {token.text.lower() for token in statements if token.kind in ("word", "name", "string")}
    for token in condition:
        if token.kind != "string" or token.text.startswith(("{{", "${")):  # a schema, put in
            continue
        for name in token.text.replace('"', "").strip("%").split("."):
            if name.lower() not in named and name.lower() not in _OF_EVERY_CATALOG:
                return False
    return True


def passes_repetition(conditions: Sequence[Token], statements: Sequence[Statement]) -> bool:
    """Whether a handler of these conditions (up to THEN) lets pass only that the statements were
    run before; OTHERS does where the statements depend on no data."""
    depends = any(isinstance(statement, (AlterTable, CreateIndex)) for statement in statements)
    for token in conditions:
        if token.kind != "word" or token.text == "THEN":
            break
        if token.text == "OTHERS" and depends:
            return False
        if token.text not in _REPETITIONS and token.text not in ("OR", "OTHERS"):
            return False
    else:
        return False
    return conditions[0].kind == "word" and _ended(conditions)


def _ended(conditions: Sequence[Token]) -> bool:
    """Whether all before THEN are words: SQLSTATE '42710' and the like are not read."""
    for token in conditions:
        if token.text == "THEN":
            return True
        if token.kind != "word":
            return False
    return False
