"""Two rows that a table can hold beside each other, as far as the schema was understood: where to
aim. Whether the database takes them is for the database to say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from schemalint.attack import Value
from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.terms import Column, Compare, Is, Not, Or, Scalar, Term
from schemalint.context import Context
from schemalint.model import Layer, Model, PrimaryKey, Unique
from schemalint_rules.judging.keys.key_members import of_other_row
from schemalint_rules.judging.rows.rows import Rows

__all__ = ["of_other_row", "two_rows"]

_SECOND = "old."  # begins the names of the second row's columns


def two_rows(
    model: Model, context: Context, wanted: Sequence[Term]
) -> tuple[dict[str, Value], dict[str, Value]] | None:
    """The values of two rows which satisfy `wanted`, the CHECKs and the keys; None where none are
    known, and where nothing but the columns' types binds the rows.

    `wanted` is over the columns of the first row; those of the second are as `of_other_row` has
    them. Of columns that only have to be equal or to differ there is no value.
    """
    rows = Rows(model, context, Layer.DATABASE)
    keys = [key for key in model.keys if key.layer is Layer.DATABASE]
    one = [given for given in rows.givens if not given.term.opaque]
    partial = [rows.parsed(where) for where in map(_where, keys) if where]
    computed = [rows.expression(text) for key in keys for text in key.expressions]
    ordered = [term for term in wanted if not _is_equality(term)]
    spoken = [given.term for given in one] + [*partial, *computed, *ordered]
    if not spoken:
        return None
    read = {rows.facts.resolve(column) for term in spoken for column in term.columns}
    alike = {column for column in map(_equal, wanted) if column is not None}
    # One name for what both rows have: with two, the search has too many rows to go through.
    needs = [
        *one,
        *[Given(_of_one(of_other_row(given.term), alike), given.passes_null) for given in one],
        *[Given(_of_one(term, alike)) for term in wanted if _equal(term) is None],
        *[Given(_of_one(term, alike)) for key in keys for term in _apart(key, rows)],
    ]
    found = satisfiable(needs, rows.facts)
    if found.answer is not True or found.witness is None:
        return None
    first, second = (_values(model, read, found.witness, prefix) for prefix in ("", _SECOND))
    shared = {column.name: first[column.name] for column in alike if column.name in first}
    return first, {**second, **shared}


def _where(key: PrimaryKey | Unique) -> str | None:
    return key.where if isinstance(key, Unique) else None


def _equal(term: Term) -> Column | None:
    """The column of which a term says that the two rows have one value."""
    if not isinstance(term, Compare) or not isinstance(term.left, Column):
        return None
    return term.left if term.operator == "=" and of_other_row(term.left) == term.right else None


def _of_one(term: Term, alike: Collection[Column]) -> Term:
    """The term where columns that are equal in both rows are those of the first."""
    for column in alike:
        if term == of_other_row(column):
            return column
    parts = tuple([_of_one(part, alike) for part in term.parts])
    return term if parts == term.parts else term.with_parts(parts)


def _is_equality(term: Term) -> bool:
    """Whether a term only says that the two rows have one value, or any."""
    if isinstance(term, Compare):
        return term.operator == "=" and of_other_row(term.left) == term.right
    return isinstance(term, Not) and isinstance(term.term, Is) and term.term.value is None


def _apart(key: PrimaryKey | Unique, rows: Rows) -> Iterator[Term]:
    """That a key does not take the two rows for one."""
    members: list[Term] = [Column(column) for column in key.columns]
    members += [rows.expression(text) for text in key.expressions]
    where = _where(key)
    counted = [rows.parsed(where)] if where else []
    if any(term.opaque for term in (*members, *counted)):
        return
    parts: list[Term] = [Compare("is distinct from", one, of_other_row(one)) for one in members]
    if not (isinstance(key, Unique) and key.nulls == "equal"):
        parts += [Is(one, None) for one in members]
    for term in counted:
        parts += [Not(Is(term, True)), Not(Is(of_other_row(term), True))]
    yield Or(tuple(parts)) if len(parts) > 1 else parts[0]


def _values(
    model: Model, columns: set[str], witness: Mapping[str, Scalar], prefix: str
) -> dict[str, Value]:
    return {
        field.column: witness[prefix + field.column]
        for field in model.fields
        if field.column in columns and field.generated is None and prefix + field.column in witness
    }
