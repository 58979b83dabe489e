"""Tables that have room for one row: what no two rows may do, none can do there.

A key whose members are the same in every row lets in one row: `id boolean PRIMARY KEY DEFAULT
true CHECK (id)`, or a required key to a table that itself has room for one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from schemalint.condition.terms import Column, Is, Not
from schemalint.context import Context
from schemalint.model import ForeignKey, Layer, Model
from schemalint.rule import Evidence
from schemalint_rules.judging.demand import Case, Demand, Key
from schemalint_rules.judging.parents import Parents
from schemalint_rules.judging.parents_say import same_values
from schemalint_rules.judging.row_conditions import by_key
from schemalint_rules.judging.rows import Rows
from schemalint_rules.wording.describing import called, keeps, listed, logical

_SINGLE: WeakKeyDictionary[Context, dict[str, tuple[Key, ...]]] = WeakKeyDictionary()


def single_row(model: Model, context: Context) -> tuple[Key, ...]:
    """The keys that let one row into the table, whoever writes; () where there may be more."""
    known = _SINGLE.setdefault(context, {})
    if model.name not in known:
        from schemalint_rules.judging.uniqueness import answer

        known[model.name] = ()  # while it is worked out
        found = answer(Demand(model, ()), "distinct", context)
        if found.kept and found.layer is Layer.DATABASE:
            known[model.name] = found.keepers
    return known[model.name]


def to_the_only_row(column: str, case: Case, rows: Rows) -> ForeignKey | None:
    """A checked foreign key by which every row of the case points at the one row of its parent, so
    that all have the same value in `column`; None if there is none."""
    model, context = rows.model, rows.context
    keys = [key for key in model.foreign_keys if column in key.columns]
    if not keys or any(model.table in other.inherits for other in rows.schema.models):
        return None
    parents = Parents(rows.schema)
    for key in keys:
        parent = parents.of(key)
        if parent is None or not key.enforced or key.layer is not Layer.DATABASE:
            continue
        ends = {own.column: (own, other) for own, other in parents.ends(model, key)}
        if column not in ends or not same_values(*ends[column], rows.dialect):
            continue
        filled = (Not(Is(Column(own.column), None)) for own, _ in ends.values() if own.nullable)
        if parent is model or not all(rows.implied(case.given, one) for one in filled):
            continue
        if single_row(parent, context):
            return key
    return None


def kept_by(demand: Demand, keys: Iterable[Key], context: Context) -> list[Evidence]:
    """The keys as evidence that a demand is kept, with what leaves one value to the members that
    the demand does not name."""
    found: dict[Evidence, None] = {}
    for key in keys:
        found[keeps(demand.model, key)] = None
        if not set(key.columns) <= set(demand.columns):
            found.update(dict.fromkeys(_pins(key, demand, context, ())))
    return list(found)


def _pins(
    key: Key, demand: Demand, context: Context, seen: tuple[Model, ...]
) -> Iterator[Evidence]:
    model = demand.model
    rows = Rows(model, context, Layer.DATABASE)
    where = () if demand.where is None else (demand.where,)
    said = {column for term in where for column in term.columns}
    for column in key.columns:
        if column in demand.columns or column in said:
            continue
        by = [*_by_checks(column, rows)]
        yield from by
        only = None if by else to_the_only_row(column, Case(frozenset(), where), rows)
        parent = Parents(rows.schema).of(only) if only is not None else None
        if only is None or parent is None or parent in seen:
            continue
        yield keeps(model, only)
        for other in single_row(parent, context):
            yield Evidence(f"{called(parent, other)}, which has room for one row", other.span)
            yield from _pins(other, Demand(parent, ()), context, (*seen, model))


def _by_checks(column: str, rows: Rows) -> Iterator[Evidence]:
    name = listed(logical(rows.model, [column]))
    for check, given in rows.checks:
        if column in given.term.columns:
            said = f"{called(rows.model, check)}, which leaves {name} one value"
            yield Evidence(said, check.span)
    for one in rows.inherited:
        if column in one.given.term.columns:
            yield from by_key(rows.model, one)
