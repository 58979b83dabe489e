"""Intervals of rows, as a range column or two columns that bound it, and what keeps them apart."""

from __future__ import annotations

import re
from typing import Literal as Choice

import msgspec

from schemalint.condition.terms import And, Column, Compare, Is, Not, Or, Term
from schemalint.context import Context
from schemalint.model import Exclusion, Field, KeyPart, Layer, Model, ScalarType
from schemalint_rules.judging.conditions.row_conditions import RowAnswer, decide_rows
from schemalint_rules.judging.rows.rows import Rows

Bounds = Choice["[)", "[]"]

_RANGES = re.compile(r"\w*range\b", re.IGNORECASE)
_NAME = r"\w+|\"[^\"]+\""
_ARGUMENT = (
    rf"(?:(?P<{{0}}>{_NAME})"
    rf"|COALESCE\(\s*(?P<open_{{0}}>{_NAME})\s*,\s*'-?infinity'(?:::[\w ]+)?\s*\))"
)
_CONSTRUCTOR = re.compile(
    r"(?:pg_catalog\s*\.\s*)?(?P<type>int4|int8|num|ts|tstz|date)range\s*\(\s*"
    + _ARGUMENT.format("start")
    + r"\s*,\s*"
    + _ARGUMENT.format("end")
    + r"\s*(?:,\s*'(?P<bounds>[\[(][\])])'(?:\s*::\s*\w+)?\s*)?\)",
    re.IGNORECASE,
)
_BY_STEPS = ("int4", "int8", "date")
_OF_TYPE = {
    ScalarType.INT: "int4range",
    ScalarType.BIGINT: "int8range",
    ScalarType.DECIMAL: "numrange",
    ScalarType.DATE: "daterange",
}


class Interval(msgspec.Struct, frozen=True):
    """What a row occupies: a range in one field, or all from `fields[0]` to `fields[1]`.

    `bounds` tells, of two fields, whether the end is part of it. A bound that is NULL is none: the
    interval goes on for ever.
    """

    fields: tuple[Field, ...]
    bounds: Bounds = "[)"


class Occupancy(msgspec.Struct, frozen=True):
    """Two rows of `model` that satisfy `where` and agree on `by` must not overlap."""

    model: Model
    by: tuple[Field, ...]
    interval: Interval
    where: Term | None = None


def is_range(field: Field) -> bool:
    """Whether the column's type is a range, by the names that PostgreSQL's have."""
    return _RANGES.search(field.native or field.unsupported or "") is not None


def range_of(interval: Interval, quoted: tuple[str, ...]) -> str:
    """SQL for the interval as a range, of column names that are quoted already."""
    if len(interval.fields) == 1:
        return quoted[0]
    field = interval.fields[0]
    zoned = "TIMESTAMPTZ" in field.native.upper() or "WITH TIME ZONE" in field.native.upper()
    function = _OF_TYPE.get(field.type, "tstzrange" if zoned else "tsrange")
    bounds = "" if interval.bounds == "[)" else f", '{interval.bounds}'"
    return f"{function}({quoted[0]}, {quoted[1]}{bounds})"


def takes_no_time(wanted: Occupancy, context: Context) -> RowAnswer | None:
    """Whether no row occupies anything, as each interval ends before it begins, or is none; None
    where nobody needs to ask."""
    bound = Rows(wanted.model, context, Layer.DATABASE).bound
    if not bound and wanted.where is None:
        return None
    ends = [Column(field.column) for field in wanted.interval.fields]
    if len(ends) == 1:
        some: Term = Not(Is(ends[0], None))
    else:
        start, end = ends
        before = Compare("<=" if wanted.interval.bounds == "[]" else "<", start, end)
        some = Or((Is(start, None), Is(end, None), before))
    if wanted.where is not None:
        some = And((wanted.where, some))
    return decide_rows(wanted.model, Not(Is(some, True)), context)


class Obstacle(msgspec.Struct, frozen=True):
    """Why an exclusion constraint does not keep an occupancy; `known` is false where it might."""

    exclusion: Exclusion
    reason: str
    known: bool = True


def obstacle(exclusion: Exclusion, wanted: Occupancy, context: Context) -> Obstacle | None:
    """Why two overlapping rows can stand beside each other under `exclusion`; None if not."""
    rows = Rows(wanted.model, context, Layer.DATABASE)
    for part, operator in zip(exclusion.parts, exclusion.operators, strict=True):
        found = _part(part, operator, exclusion, wanted, rows)
        if found is not None:
            return found
    if exclusion.where is None:
        return None
    given = (wanted.where,) if wanted.where is not None else ()
    implied = rows.implied(given, rows.parsed(exclusion.where))
    if implied:
        return None
    return Obstacle(
        exclusion,
        f"it counts only rows for which `{exclusion.where}`",
        known=implied is False,
    )


def _part(
    part: KeyPart, operator: str, exclusion: Exclusion, wanted: Occupancy, rows: Rows
) -> Obstacle | None:
    """Why two rows that are forbidden can differ in one member; None if they cannot."""
    by = {field.column for field in wanted.by}
    if operator == "=" and part.column is not None:
        if part.column in by:
            return None
        return Obstacle(exclusion, f"it counts `{part.column}` too, which may differ")
    if operator == "&&":
        return _overlap(part, exclusion, wanted)
    text = part.expression or part.column or ""
    if operator == "=" and part.expression is not None:
        term = rows.expression(part.expression)
        if set(term.columns) <= by and not term.opaque and not rows.can_be_null(term, ()):
            return None
        return Obstacle(exclusion, f"it counts `{text}` too", known=not set(term.columns) & by)
    return Obstacle(exclusion, f"it compares `{text}` by `{operator}`", known=False)


def _overlap(part: KeyPart, exclusion: Exclusion, wanted: Occupancy) -> Obstacle | None:
    fields = wanted.interval.fields
    if len(fields) == 1:
        if part.column == fields[0].column:
            return None
        return Obstacle(
            exclusion,
            f"it looks at another interval, `{part.column or part.expression}`",
            known=part.column is not None,
        )
    match = _CONSTRUCTOR.fullmatch((part.expression or "").strip())
    if match is None:
        return Obstacle(
            exclusion,
            f"it looks at the interval `{part.column or part.expression}`, which may be another",
            known=False,
        )
    ends = [_column(match, "start"), _column(match, "end")]
    if ends != [field.column for field in fields]:
        return Obstacle(exclusion, f"it looks at another interval, `{part.expression}`")
    bounds = match["bounds"] or "[)"
    # Two intervals share more than a bound exactly if the later begin lies before the earlier end:
    # `(]` sees that as `[)` does, and so does `()` unless the type goes by whole steps (observed).
    if bounds in ("[]", wanted.interval.bounds):
        return None
    steps = match["type"].lower() in _BY_STEPS
    if wanted.interval.bounds == "[)" and (bounds == "(]" or not steps):
        return None
    return Obstacle(exclusion, f"it counts the interval as `{bounds}`, which is less")


def _column(match: re.Match[str], name: str) -> str:
    """The column that is an argument: PostgreSQL reads it in lower case unless quoted."""
    text = match[name] or match[f"open_{name}"]
    return text[1:-1] if text.startswith('"') else text.lower()
