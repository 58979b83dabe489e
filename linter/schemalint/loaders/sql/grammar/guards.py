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
        "m",
        "v",
        "s",
        "",
    )
)
"""Strings that are no names of what the guard asks for."""

_REPETITIONS = words(
    "DUPLICATE_OBJECT DUPLICATE_TABLE DUPLICATE_COLUMN DUPLICATE_SCHEMA "
    "DUPLICATE_FUNCTION DUPLICATE_ALIAS UNDEFINED_OBJECT UNDEFINED_TABLE UNDEFINED_COLUMN "
    "UNDEFINED_FUNCTION INVALID_TABLE_DEFINITION DEPENDENT_OBJECTS_STILL_EXIST"
)
"""Errors that say no more than that something is there already, is not there any more, or is held
by something else that is there."""

_STATES = {
    "42710": "DUPLICATE_OBJECT",
    "42P07": "DUPLICATE_TABLE",
    "42701": "DUPLICATE_COLUMN",
    "42P06": "DUPLICATE_SCHEMA",
    "42723": "DUPLICATE_FUNCTION",
    "42704": "UNDEFINED_OBJECT",
    "42P01": "UNDEFINED_TABLE",
    "42703": "UNDEFINED_COLUMN",
    "42883": "UNDEFINED_FUNCTION",
    "42P16": "INVALID_TABLE_DEFINITION",
    "2BP01": "DEPENDENT_OBJECTS_STILL_EXIST",
}


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
    told = [token.text == "THEN" and token.kind == "word" for token in conditions]
    named = conditions[: told.index(True)] if True in told else ()
    before = ""
    for token in named:
        name = token.text
        if token.kind == "string" and before == "SQLSTATE":
            name = _STATES.get(token.text, "")
        elif token.kind != "word":
            return False
        before = token.text
        if name == "OTHERS" and depends:
            return False
        if name not in _REPETITIONS and name not in ("OR", "OTHERS", "SQLSTATE"):
            return False
    return bool(named)
