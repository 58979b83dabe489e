"""Tables that have room for one row: what no two rows may do, none can do there.

A key whose members are the same in every row lets in one row: `id boolean PRIMARY KEY DEFAULT
true CHECK (id)`, or a required key to a table that itself has room for one row. PostgreSQL's
EXCLUDE (id WITH <>) lets no row have another `id` than the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

import msgspec

from schemalint.condition.terms import Column, Is, Not
from schemalint.context import Context
from schemalint.model import Exclusion, Field, ForeignKey, Layer, Model, ScalarType
from schemalint.rule import Evidence
from schemalint_rules.judging.conditions.row_conditions import by_key
from schemalint_rules.judging.keys.demand import Case, Demand, Key
from schemalint_rules.judging.rows.parents_say import leaves_no_orphans, same_values, tables
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.describing import called, keeps, listed, logical

_DIFFERS = ("<>", "!=")

_SINGLE: WeakKeyDictionary[Context, dict[tuple[str, tuple[str, ...]], tuple[Key, ...]]] = (
    WeakKeyDictionary()
)


def single_row(model: Model, fields: tuple[Field, ...], context: Context) -> tuple[Key, ...]:
    """The keys that let in one row with the same values in `fields`, or one in all where there are
    none, whoever writes; () where there may be more."""
    known = _SINGLE.setdefault(context, {})
    asked = (model.name, tuple([field.column for field in fields]))
    if asked not in known:
        # Whether a key is unique can hang on the room of a parent, which is asked here again.
        from schemalint_rules.judging.keys.uniqueness import answer

        known[asked] = ()  # while it is worked out
        found = answer(Demand(model, fields), "distinct", context)
        if found.kept and found.layer is Layer.DATABASE:
            known[asked] = found.keepers
    return known[asked]


class OneParent(msgspec.Struct, frozen=True):
    """A checked foreign key by which rows that agree point at one row of `parent`, as its `keys`
    let in no other. `known` are the fields of the parent in which they agree."""

    reference: ForeignKey
    parent: Model
    known: tuple[Field, ...]
    keys: tuple[Key, ...]


def one_parent(column: str, case: Case, demand: Demand, rows: Rows) -> OneParent | None:
    """Why two rows of the case have the very same value in `column`: they point at one row."""
    model, context = demand.model, rows.context
    keys = [key for key in model.foreign_keys if column in key.columns]
    if not keys or not leaves_no_orphans(model):
        return None
    all_tables = tables(context)
    if model.table in all_tables.heirs:
        return None
    parents = all_tables.parents
    for key in keys:
        parent = parents.of(key)
        if parent is None or parent is model:
            continue
        if not key.enforced or key.layer is not Layer.DATABASE:
            continue
        ends = {own.column: (own, other) for own, other in parents.ends(model, key)}
        if len(ends) < len(key.columns) or not same_values(*ends[column], rows.dialect):
            continue
        filled = (Not(Is(Column(own.column), None)) for own, _ in ends.values() if own.nullable)
        if not all(rows.implied(case.given, one) for one in filled):
            continue
        known = [
            other
            for own, other in ends.values()
            if own.column != column
            and own.column in demand.columns
            and not (demand.ignore_case and own.type is ScalarType.STRING)
            and same_values(own, other, rows.dialect)
        ]
        telling = single_row(parent, tuple(known), context)
        if telling:
            return OneParent(key, parent, tuple(known), telling)
    return None


def one_value(column: str, case: Case, demand: Demand, rows: Rows) -> Exclusion | None:
    """What lets no two rows of the case differ in `column`: EXCLUDE (column WITH <>), or such a one
    of rows that agree in fields of the demand. A row with NULL in a member conflicts with none."""
    for exclusion in rows.model.exclusions:
        pairs = list(zip(exclusion.parts, exclusion.operators, strict=True))
        apart = [part.column for part, operator in pairs if operator in _DIFFERS]
        same = [part.column for part, operator in pairs if operator == "="]
        if exclusion.where is not None or apart != [column] or len(same) < len(pairs) - 1:
            continue
        if not all(_agrees(one, case, demand) for one in same):
            continue
        filled = (Not(Is(Column(one), None)) for one in (column, *same) if one is not None)
        if all(rows.implied(case.given, one) for one in filled):
            return exclusion
    return None


def _agrees(column: str | None, case: Case, demand: Demand) -> bool:
    """Whether two rows of the case are equal in a column that the demand names."""
    field = demand.model.column(column) if column is not None else None
    if field is None or column not in demand.columns or column in case.null:
        return False
    return not demand.ignore_case or field.type in (ScalarType.INT, ScalarType.BIGINT)


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
        case = Case(frozenset(), where)
        exclusion = one_value(column, case, demand, rows)
        by = [*_by_checks(column, rows)] if exclusion is None else []
        if exclusion is not None:
            told = f"{called(model, exclusion)}, which lets no two rows differ in "
            by = [Evidence(told + listed(logical(model, [column])), exclusion.span)]
        yield from by
        one = None if by else one_parent(column, case, demand, rows)
        if one is None or one.parent in seen:
            continue
        yield keeps(model, one.reference)
        for other in one.keys:
            tells = f"tells one row of `{one.parent.name}`" if one.known else "has room for one row"
            yield Evidence(f"{called(one.parent, other)}, which {tells}", other.span)
            parental = Demand(one.parent, one.known)
            yield from _pins(other, parental, context, (*seen, model))


def _by_checks(column: str, rows: Rows) -> Iterator[Evidence]:
    name = listed(logical(rows.model, [column]))
    for check, given in rows.checks:
        if column in given.term.columns:
            said = f"{called(rows.model, check)}, which leaves {name} one value"
            yield Evidence(said, check.span)
    for one in rows.inherited:
        if column in one.given.term.columns:
            yield from by_key(rows.model, one)
