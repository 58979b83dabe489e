"""Loops over tables and columns that the catalog lists, and what it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from schemalint.loaders.sql.clauses import Node, TableName
from schemalint.loaders.sql.lexer import Token

Part = Literal["schema", "table", "column", "type"]
"""What a column of such a view tells."""


class Filter(msgspec.Struct, frozen=True):
    """One condition: `part` is one of `texts`, or like one; `negated`: is none."""

    part: Part
    texts: tuple[str, ...]
    like: bool = False
    negated: bool = False

    def passes(self, row: Mapping[Part, str]) -> bool:
        """Whether a row of the view satisfies it."""
        value = row[self.part]
        found = any(
            re.fullmatch(_regex(text), value, re.DOTALL) if self.like else text == value
            for text in self.texts
        )
        return found is not self.negated


class CatalogQuery(msgspec.Struct, frozen=True):
    """SELECT `parts`, each once if `distinct`, of all tables (or `of_columns`) that pass `filters`,
    and the variables that hold them: the loop's own, then one for each part."""

    targets: tuple[str, ...]
    parts: tuple[Part, ...]
    filters: tuple[Filter, ...]
    of_columns: bool
    distinct: bool = False


class CatalogLoop(Node, frozen=True, gc=False):
    """A loop of a block over what the catalog lists: `body` is read anew for each turn, with what
    variables hold. `tables` are those that it is about, () for any, and `reason` says what is not
    known, for a catalog that is not known well enough."""

    query: CatalogQuery
    body: tuple[Token, ...]
    values: Mapping[str, str | tuple[str, ...] | None]
    reason: str
    tables: tuple[TableName, ...]


def _regex(pattern: str) -> str:
    signs = {"%": ".*", "_": "."}
    return "".join([signs.get(sign) or re.escape(sign) for sign in pattern])
