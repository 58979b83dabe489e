"""Values of the composite types that a schema makes (PostgreSQL, CREATE TYPE ... AS), which the
common AST does not tell from other types that it has no name for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemalint.prove.rows.given import Sql, Value
from schemalint.source import SourceFile

_MOST = 100
_NUMBERS = re.compile(r"(small|big)?int(eger|[248])?\b|numeric\b|decimal\b|real\b|float|double\b")
_TEXTS = re.compile(r"text\b|varchar\b|character varying\b")


def composite_values(native: str, files: Sequence[SourceFile]) -> Iterator[Value | Sql] | None:
    """Values of a type by its name; None where the schema makes no composite one of that name. Of
    one that consists of nothing plain, there is only the value without any."""
    name = re.escape(native.rpartition(".")[2].strip('"'))
    made = re.compile(rf'create\s+type\s+(?:[\w"]+\.)?"?{name}"?\s+as\s*\(', re.IGNORECASE)
    for file in files:
        found = made.search(file.text)
        if found is not None:
            return _values(native, [*_members(file.text[found.end() :])])
    return None


def _members(text: str) -> Iterator[str]:
    """The types of the members, behind their names: up to the closing bracket."""
    depth, begun = 0, 0
    for at, sign in enumerate(text):
        if depth == 0 and sign in ",)":
            yield text[begun:at].strip().partition(" ")[2].strip().lower()
            begun = at + 1
        if sign == ")" and depth == 0:
            return
        depth += {"(": 1, ")": -1}.get(sign, 0)


def _values(native: str, members: Sequence[str]) -> Iterator[Value | Sql]:
    if any(_NUMBERS.match(one) or _TEXTS.match(one) for one in members):
        for number in range(_MOST):
            yield "(" + ",".join(_member(one, number) for one in members) + ")"
    yield Sql(f"json_populate_record(NULL::{native}, '{{}}')")


def _member(kind: str, number: int) -> str:
    if _NUMBERS.match(kind):
        return str(number + 1)
    return chr(ord("a") + number % 26) if _TEXTS.match(kind) else ""
