"""What a row has to be because of the rows that it points at.

A foreign key's columns hold what the row at its other end holds, so a CHECK of that row which
speaks of nothing else binds the row that points, too: where `parent.kind` can only be 'A',
`child.kind` can only be 'A' or NULL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemalint.condition.collations import compares_exactly
from schemalint.condition.terms import And, Column, Is, Or, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, ForeignKey, Layer, Model

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


def of_pointed_rows(model: Model, context: Context) -> Iterator[tuple[ForeignKey, Given]]:
    """The conditions that foreign keys of the database carry over, each with its key.

    A key that can be deferred is left out, since it binds nobody until the transaction ends.
    """
    for key in model.foreign_keys:
        parent = context.parent(key)
        if parent is None or not parent.checks:
            continue
        binds = key.enforced and key.layer is Layer.DATABASE and key.deferrable is None
        if binds and not _has_heirs(model, context):
            yield from _carried_over(model, key, parent, context)


def _has_heirs(model: Model, context: Context) -> bool:
    """Whether tables inherit from it, whose rows its foreign keys do not bind (PostgreSQL)."""
    return any(model.table in one.inherits for one in context.schema.models)


def _carried_over(
    model: Model, key: ForeignKey, parent: Model, context: Context
) -> Iterator[tuple[ForeignKey, Given]]:
    from schemalint.condition.decide import Given
    from schemalint_rules.judging.rows import Rows

    ends = {
        reference: column
        for column, reference in zip(key.columns, key.references, strict=False)
        if is_the_same(model.column(column), parent.column(reference), context.dialect)
    }
    fields = [model.column(column) for column in key.columns]
    nowhere = [Is(Column(one.column), None) for one in fields if one is not None and one.nullable]
    for _, given in Rows(parent, context, Layer.DATABASE).checks:
        for part in _parts(given.term):
            if part.columns and not part.opaque and ends.keys() >= set(part.columns):
                carried = part.rename(ends.__getitem__)
                term = Or((*nowhere, carried)) if nowhere else carried
                yield key, Given(term, given.passes_null)


def is_the_same(own: Field | None, other: Field | None, dialect: Dialect) -> bool:
    """Whether a value of the one that is equal to a value of the other is the same value, and means
    the same to a condition."""
    if own is None or other is None or own.list or other.list:
        return False
    alike = (own.type, own.native.upper(), own.enum, own.collation) == (
        other.type,
        other.native.upper(),
        other.enum,
        other.collation,
    )
    return alike and all(compares_exactly(one, dialect) for one in (own, other))


def _parts(term: Term) -> Iterator[Term]:
    """What holds by itself where an AND holds (or is not false)."""
    if isinstance(term, And):
        for part in term.terms:
            yield from _parts(part)
    else:
        yield term
