"""Statements that change what later ones mean: the search path, pragmas, MySQL's variables."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Node


class SetSearchPath(Node, frozen=True, gc=False):
    """SET search_path, USE: where unqualified names of what follows are made and looked up."""

    schema: str


class DatabaseCollation(Node, frozen=True, gc=False):
    """MySQL's CREATE and ALTER DATABASE with a collation, of their own or by a character set: the
    one of the tables that are made in it afterwards and name none. `database` is None for the
    current one."""

    database: str | None
    collation: str
    if_not_exists: bool = False


class ForeignKeyChecks(Node, frozen=True, gc=False):
    """MySQL's SET FOREIGN_KEY_CHECKS, for what follows in the same file."""

    on: bool


class Pragma(Node, frozen=True, gc=False):
    """SQLite's PRAGMA name = value, both in lower case."""

    name: str
    value: str
