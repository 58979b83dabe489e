"""What the bounds of partitions make true of rows (PostgreSQL), as conditions.

A row that no part takes is refused, and so is one that is put straight into another part. Observed
on PostgreSQL 15: a list takes NULL only where it names it, a range never does; DEFAULT takes all
that no other part takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from schemalint.condition.quoting import quoted
from schemalint.loaders.sql.catalog import Catalog
from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.lexer import tokens
from schemalint.model import Check, Dialect, KeyPart
from schemalint.source import SourceFile

_MAKES_PARTS = re.compile(r"\b(?:PARTITION\s+OF|ATTACH\s+PARTITION)\b", re.IGNORECASE)
_MAKER = re.compile(r"\bpartman\b", re.IGNORECASE)
_CONSTANT = re.compile(
    r"-?\d+(?:\.\d+)?|'(?:[^'\\]|'')*'|TRUE|FALSE"
    r"|(?:DATE|TIMESTAMP|TIMESTAMPTZ)\s*'(?:[^'\\]|'')*'",
    re.IGNORECASE,
)


def may_gain_parts(catalog: Catalog, files: Iterable[SourceFile]) -> bool:
    """Whether parts may be there that the catalog has not: made by routines, by the extension that
    is there for it, or by a statement that was not understood, such as one that makes a foreign
    table, which no bound holds for."""
    return any(_MAKES_PARTS.search(one.text) for one in catalog.opaque) or any(
        _MAKER.search(file.text)
        or (
            _MAKES_PARTS.search(file.text)
            and any(
                one.kind == "string" and _MAKES_PARTS.search(one.text)
                for one in tokens(file.text, catalog.dialect)
            )
        )
        for file in files
    )


class Bounds:
    """What is known of parts. `gain`: there may be others than the catalog has."""

    def __init__(self, catalog: Catalog, *, gain: bool) -> None:
        self._catalog = catalog
        self._gain = gain

    def of(self, table: Table) -> Check | None:
        """What is true of each row of `table` as it is a part, has parts, or both."""
        found = []
        part = table
        while part.partition_of is not None:
            found.append(self._of_part(part))
            part = part.partition_of
        if not self._gain and table.partition_by is not None:
            found.append(self._of_whole(table))
        known = [one for one in found if one is not None]
        span = table.name_span if table.bound is None else table.bound.span
        return Check(None, _all(known), span) if known else None

    def _of_whole(self, table: Table) -> str | None:
        """Some part takes it, and where that has parts, one of these; None where any row may be."""
        ways = []
        for part in self._parts(table):
            own = self._of_part(part)
            below = self._of_whole(part) if part.partition_by is not None else None
            both = [one for one in (own, below) if one is not None]
            if not both:
                return None
            ways.append(_all(both))
        return _any(ways) if ways else None

    def _of_part(self, part: Table) -> str | None:
        """The rows that the part takes, or more of them; None for any."""
        whole, bound = part.partition_of, part.bound
        if whole is None or bound is None:
            return None
        if bound.kind == "default":
            others = [one for one in self._parts(whole) if one is not part]
            taken = [_exact(one, whole) for one in others]
            if not taken or None in taken or self._gain:
                return None
            return f"NOT {_any([one for one in taken if one is not None])}"
        exact = _exact(part, whole)
        if exact is not None or bound.kind != "range":
            return exact
        return _all([f"{_sql(one)} IS NOT NULL" for one in whole.partition_key]) or None

    def _parts(self, table: Table) -> list[Table]:
        return [one for one in self._catalog.children(table) if one.partition_of is table]


def _exact(part: Table, whole: Table) -> str | None:
    """Exactly the rows that the part takes: never NULL; None where that is not told."""
    key, bound = whole.partition_key, part.bound
    if bound is None or not key or any(one.operator_class or one.collation for one in key):
        return None
    if bound.kind == "in" and len(key) == 1:
        return _in(_sql(key[0]), bound.values)
    if bound.kind != "range" or not len(key) == len(bound.values) == len(bound.upper):
        return None
    if not all(map(_is_known, (*bound.values, *bound.upper))):
        return None
    columns = [_sql(one) for one in key]
    return _all(
        [
            *[f"{one} IS NOT NULL" for one in columns],
            *_beyond(columns, bound.values, (">", ">=")),
            *_beyond(columns, bound.upper, ("<", "<")),
        ]
    )


def _in(column: str, values: Sequence[str]) -> str | None:
    constants = [one for one in values if one.upper() != "NULL"]
    if not all(map(_CONSTANT.fullmatch, constants)):
        return None
    ways = [f"{column} IS NULL"] if len(constants) < len(values) else []
    if constants:
        ways.append(f"({column} IS NOT NULL AND {column} IN ({', '.join(constants)}))")
    return _any(ways)


def _beyond(columns: Sequence[str], bound: Sequence[str], signs: tuple[str, str]) -> list[str]:
    """The columns, in their order, stand on one side of a bound; `signs` are for all columns but
    the last, and for that. MINVALUE and MAXVALUE leave what follows them open."""
    column, value = columns[0], bound[0].upper()
    if value in ("MINVALUE", "MAXVALUE"):
        return [] if (value == "MINVALUE") == (signs[0] == ">") else ["FALSE"]
    if len(columns) == 1:
        return [f"{column} {signs[1]} {bound[0]}"]
    behind = _beyond(columns[1:], bound[1:], signs)
    same = _all([f"{column} = {bound[0]}", *behind])
    return [_any([f"{column} {signs[0]} {bound[0]}", same])]


def _is_known(value: str) -> bool:
    return value.upper() in ("MINVALUE", "MAXVALUE") or _CONSTANT.fullmatch(value) is not None


def _sql(part: KeyPart) -> str:
    return (
        f"({part.expression})" if part.column is None else quoted(part.column, Dialect.POSTGRESQL)
    )


def _all(conditions: Sequence[str]) -> str:
    return f"({' AND '.join(conditions)})" if conditions else ""


def _any(conditions: Sequence[str]) -> str:
    return f"({' OR '.join(conditions)})"
