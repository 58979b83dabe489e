"""Comparisons of whole rows and of tuples in a trigger's condition, spelt out column by column.

`OLD.* IS DISTINCT FROM NEW.*`, `ROW(OLD.a, OLD.b) <> ROW(NEW.a, NEW.b)` and
`(OLD.status, NEW.status) NOT IN (('draft', 'paid'), ...)`: what the subset of conditions keeps as
opaque.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from schemalint.condition.terms import And, Column, Compare, In, Opaque, Operator, Or, Term
from schemalint.model import Model

Parse = Callable[[str], Term]
"""Reads an SQL expression."""

_WHOLE = re.compile(r"(\(?\s*|ROW\s*\(\s*)(old|new)\s*(?:\.\s*\*)?\s*\)?", re.I)
_TUPLE = re.compile(r"(?:ROW\s*)?\((.*,.*)\)", re.I | re.DOTALL)
_PART = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|[(),]|[^'\"`(),]+")


def spelt_out(term: Term, model: Model, parse: Parse) -> Term:
    """The same condition with every comparison of rows or tuples as comparisons of values."""
    if isinstance(term, Compare):
        compared = _compared(term, model, parse)
        if compared is not None:
            return compared
    if isinstance(term, In):
        listed = _listed(term, parse)
        if listed is not None:
            return listed
    parts = tuple([spelt_out(part, model, parse) for part in term.parts])
    return term if parts == term.parts else term.with_parts(parts)


def _compared(term: Compare, model: Model, parse: Parse) -> Term | None:
    rows = _whole_row(term.left), _whole_row(term.right)
    if rows[0] is not None and rows[1] is not None:
        if {rows[0][0], rows[1][0]} != {"old", "new"}:
            return None
        pairs = [(Column(one.column, "old"), Column(one.column, "new")) for one in model.fields]
        # Two rows compare NULL as a value, whatever the operator; ROW(OLD.*) is a list of values
        # (PostgreSQL: Row and Array Comparisons).
        as_rows = rows[0][1] and rows[1][1]
        return _of_pairs(_NULL_SAFE[term.operator] if as_rows else term.operator, pairs)
    left, right = _members(term.left, parse), _members(term.right, parse)
    if left is None or right is None or len(left) != len(right):
        return None
    return _of_pairs(term.operator, list(zip(left, right, strict=True)))


_NULL_SAFE: dict[Operator, Operator] = {
    "=": "is not distinct from",
    "<>": "is distinct from",
    "is not distinct from": "is not distinct from",
    "is distinct from": "is distinct from",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


def _of_pairs(operator: Operator, pairs: Sequence[tuple[Term, Term]]) -> Term | None:
    """The comparison of two lists of values; None for their order."""
    if operator in ("=", "is not distinct from"):
        return _all(operator, pairs)
    if operator in ("<>", "is distinct from"):
        return _any(operator, pairs)
    return None


def _listed(term: In, parse: Parse) -> Term | None:
    subject = _members(term.term, parse)
    if subject is None:
        return None
    alternatives: list[Term] = []
    for value in term.values:
        members = _members(value, parse)
        if members is None or len(members) != len(subject):
            return None
        alternatives.append(_all("=", list(zip(subject, members, strict=True))))
    return Or(tuple(alternatives))


def _whole_row(term: Term) -> tuple[str, bool] | None:
    """`old` or `new` for that row as a whole, and whether it is one value (not ROW(OLD.*))."""
    if isinstance(term, Column) and not term.row:
        return (term.name.lower(), True) if term.name.lower() in ("old", "new") else None
    match = _WHOLE.fullmatch(term.text) if isinstance(term, Opaque) else None
    return (match[2].lower(), not match[1].upper().startswith("ROW")) if match else None


def _members(term: Term, parse: Parse) -> list[Term] | None:
    """The members of a tuple, in order."""
    match = _TUPLE.fullmatch(term.text) if isinstance(term, Opaque) else None
    if match is None:
        return None
    depth, texts = 0, [""]
    for piece in _PART.findall(match[1]):
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            return None
        if piece == "," and depth == 0:
            texts.append("")
        else:
            texts[-1] += piece
    return [parse(text) for text in texts]


def _all(operator: Operator, pairs: Sequence[tuple[Term, Term]]) -> Term:
    return And(tuple([Compare(operator, left, right) for left, right in pairs]))


def _any(operator: Operator, pairs: Sequence[tuple[Term, Term]]) -> Term:
    return Or(tuple([Compare(operator, left, right) for left, right in pairs]))
