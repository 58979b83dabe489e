"""Rows that point at themselves, where nothing else of their table could be pointed at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schemalint.condition.decide import satisfiable
from schemalint.condition.terms import Column, Compare, Literal
from schemalint.model import ForeignKey
from schemalint.prove.rows.given import Value
from schemalint.prove.rows.proposals import scalar_of, witness
from schemalint.prove.rows.row_conditions import RowCondition, connected, of_caller
from schemalint.prove.rows.varied import Assignment, Varied, satisfied


def at_itself(
    row: Varied,
    conditions: Sequence[RowCondition],
    every: Sequence[RowCondition],
    options: Mapping[str, Sequence[Value]],
    known: Mapping[str, Value],
) -> Iterator[Assignment]:
    """Rows that point at themselves, where no two may point at one, since another of the table
    would be pointed at already, and where the conditions leave room for one row.

    Args:
        row: whose values are looked for.
        conditions: what it has to satisfy.
        every: what is known of it beside: it binds the columns that are pointed at.
        options: values that are tried, by column; those that may be varied.
        known: what the row has in columns that the conditions read.
    """
    shape = row.shape
    for key in shape.references:
        if key.table != shape.model.table or len(key.columns) > 1:
            continue
        (own,), (reference,) = key.columns, key.references
        if own not in options or own == reference or not row.is_variable(reference):
            continue
        if row.may_be_null(own) and satisfied(shape, conditions, {**known, own: None}):
            continue  # it need not point anywhere
        beside = [one for one in every if one not in conditions]
        of_both = connected({own, reference}, [*conditions, *beside])
        alone = own in shape.alone or shape.has_room_for_one
        if not alone and not any(reference in one.columns for one in of_both):
            continue
        for value in options[own] if alone else ():
            both = {own: value, reference: value}
            there = {**known, **both}
            sure = value is not None and satisfied(shape, conditions, there)
            if sure and satisfied(shape, of_both, there) is not False:
                yield dict(both)
        found = _worked_out(row, key, of_both, known)
        if found and (alone or _is_only(row, reference, found[reference], of_both)):
            yield found


def _worked_out(
    row: Varied,
    key: ForeignKey,
    conditions: Sequence[RowCondition],
    known: Mapping[str, Value],
) -> Assignment:
    """A row that points at itself and satisfies the conditions; {} where none is found."""
    shape, ends = row.shape, {*key.columns, *key.references}
    same = [
        of_caller(shape.model, Compare("=", Column(own), Column(reference)), shape.facts)
        for own, reference in zip(key.columns, key.references, strict=True)
    ]
    understood = [one for one in conditions if not one.given.term.opaque]
    pins = {column: value for column, value in known.items() if not row.is_variable(column)}
    found = witness([*understood, *same], pins, shape.facts) or {}
    return {
        column: value
        for column, value in found.items()
        if column in ends or (row.is_variable(column) and value != known.get(column))
    }


def _is_only(row: Varied, column: str, value: object, conditions: Sequence[RowCondition]) -> bool:
    """Whether no row can have another value in a column that is pointed at."""
    scalar = scalar_of(value)  # type: ignore[arg-type]  # what a witness has is a value
    other = Compare("is distinct from", Column(column), Literal(scalar))
    needs = [*conditions, of_caller(row.shape.model, other, row.shape.facts)]
    return satisfiable([one.given for one in needs], row.shape.facts).answer is False
