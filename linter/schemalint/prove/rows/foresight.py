"""Where rows have to point, as far as their own conditions tell it before any parent is made: the
parents' table may have no room for one that is then not needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from schemalint.condition.terms import And, Is, Not, Term
from schemalint.model import ForeignKey
from schemalint.prove.rows.given import SOME, Given, Loose, Marker, Sql, Value
from schemalint.prove.rows.proposals import holds, witness
from schemalint.prove.rows.row_conditions import (
    RowCondition,
    asks_for_null_only,
    connected,
    of_caller,
)
from schemalint.prove.rows.shape import Shape


def foreseen(
    shape: Shape,
    given: Mapping[str, Given],
    asked: Sequence[RowCondition],
    target: Callable[[ForeignKey], Shape | None],
    values_for: Callable[[Shape, str], list[Value]],
) -> dict[str, Value]:
    """Values for columns of foreign keys that have to point somewhere, where conditions leave not
    just any and no parent that there is has one of them.

    Args:
        shape: of the table.
        given: what is asked of columns.
        asked: what else has to be true of the row.
        target: the table at which a key points.
        values_for: what a column can have so that it points at a parent that is there.
    """
    own = {  # a row may point at itself
        column
        for key in shape.references
        if key.table == shape.model.table
        for column in key.columns
    }
    free = [
        column
        for column in shape.fields
        if column in shape.referring - own
        and shape.may_be_named(column)
        and given.get(column, SOME) is SOME
        and (column in given or shape.is_required(column) or shape.has_default(column))
    ]
    if not free:
        return {}
    known = [*shape.conditions, *asked]
    conditions = [one for one in connected(free, known) if not one.given.term.opaque]
    free = [
        column
        for column in free
        if any(column in one.columns for one in conditions)
        and not asks_for_null_only(column, conditions)
    ]
    if not free:
        return {}
    pins = {
        column: value
        for column, value in given.items()
        if not isinstance(value, (Marker, Sql, Loose))
    }
    settled = []
    for column in free:
        alone = [one for one in conditions if set(one.columns) <= {column, *pins}]
        there = values_for(shape, column) or [shape.default_value(column)]
        rows = [{**pins, column: one} for one in there if one is not None]
        if any(holds(alone, row, shape.facts) for row in rows):
            settled.append(column)
    free = [column for column in free if column not in settled]
    if not free:
        return {}
    of_all = [*conditions, *_of_parents(shape, target)]
    conditions = connected(free, [one for one in of_all if not one.given.term.opaque])
    key = tuple(one.text for one in conditions), repr(sorted(pins.items()))
    if key not in shape.witnesses:
        shape.witnesses[key] = witness(conditions, pins, shape.facts) or {}
    found = shape.witnesses[key]
    return {column: found[column] for column in free if found.get(column) is not None}


def _of_parents(
    shape: Shape, target: Callable[[ForeignKey], Shape | None]
) -> Iterator[RowCondition]:
    """What the conditions of parents say of the columns that point at them."""
    for key in shape.references:
        parent = target(key)
        own = dict(zip(key.references, key.columns, strict=False))
        said = [one.given.term for one in parent.conditions] if parent is not None else []
        for term in (part for whole in said for part in _parts(whole)):
            if term.columns and set(term.columns) <= set(own) and not term.opaque:
                either = Not(Is(term.rename(own.__getitem__), False))
                yield of_caller(shape.model, either, shape.facts)


def _parts(term: Term) -> Iterator[Term]:
    """What is each not false where a condition is not."""
    for part in term.terms if isinstance(term, And) else ():
        yield from _parts(part)
    if not isinstance(term, And):
        yield term
