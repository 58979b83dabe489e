"""Attacks on rules about single rows: every way for a row that is wrong by itself to come about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from schemalint.attack import (
    FRESH,
    Attack,
    Delete,
    Insert,
    Same,
    Update,
    Upsert,
    Value,
)
from schemalint.condition.terms import Term
from schemalint.context import Context
from schemalint.model import Action, Dialect, ForeignKey, Model
from schemalint_rules.attacking.row_cases import possible
from schemalint_rules.attacking.side_effects import triggered
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.wording.small_words import one as one_of

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_EMPTYING = (Action.SET_NULL, Action.SET_DEFAULT)
_MOST = 24


class Fault(msgspec.Struct, frozen=True):
    """A sort of row that a rule forbids, whatever other rows there are.

    `says` completes "a row of `orders` " (`without \\`total\\``). The row has `values`, and
    `satisfying` are true of it. `ignoring` is for what MySQL makes of a value that it does not
    take, when it is told to ignore that.
    """

    says: str
    values: Mapping[str, Value] = {}
    satisfying: tuple[Term, ...] = ()
    ignoring: bool = False


def attacks(
    model: Model, faults: Sequence[Fault], good: tuple[Term, ...], context: Context
) -> Iterator[Attack]:
    """The attacks, and a legitimate use: INSERT first, then whatever else leads there. `good` are
    conditions under which nothing is wrong with a row."""
    faults = [one for one in faults if _is_possible(one, model, context)][:_MOST]
    for fault in faults:
        yield Attack(
            says=f"stores a row of `{model.name}` {fault.says}", moves=(_stored(fault, model),)
        )
        yield from _beside_a_like_parent(fault, model, context)
    # What constrains a row is asked of an UPDATE as of an INSERT, unless it is a trigger.
    for fault in faults if model.triggers else faults[:2]:
        valid = Insert(row="row", model=model, satisfying=good, setup=True)
        change = Update(
            row="row",
            values=fault.values,
            satisfying=fault.satisfying,
            ignoring=fault.ignoring,
        )
        yield Attack(
            says=f"changes a row of `{model.name}` to one {fault.says}", moves=(valid, change)
        )
    for heir in [one for one in holders(model, context) if one is not model][:2]:
        for fault in faults:
            yield Attack(
                says=f"stores a row of `{heir.name}`, and so of `{model.name}`, {fault.says}",
                moves=(_stored(fault, heir),),
            )
    if model.triggers:
        yield from _by_upsert(model, faults, good)
    yield from by_parents(model, _read(faults), context, good)
    yield from triggered(model, context)
    for satisfying in (good, ()) if good else ((),):
        yield Attack(
            says=f"stores {'a row' if satisfying else 'just any row'} of `{model.name}`",
            moves=(Insert(row="row", model=model, satisfying=satisfying),),
            aim="allowed",
        )


def _stored(fault: Fault, model: Model) -> Insert:
    return Insert(
        row="row",
        model=model,
        values=fault.values,
        satisfying=fault.satisfying,
        ignoring=fault.ignoring,
    )


def _beside_a_like_parent(fault: Fault, model: Model, context: Context) -> Iterator[Attack]:
    """A row that points by what MySQL stores in an enum for a value that it has not, at a parent of
    which the same was asked (E05b)."""
    for key in model.foreign_keys if fault.ignoring else ():
        parent = next((one for one in context.schema.models if one.table == key.table), None)
        field = model.column(key.columns[0])
        if parent is None or field is None or field.enum is None or len(key.columns) > 1:
            continue
        if fault.values.get(field.column) is None:
            continue
        there = Insert(
            row="parent",
            model=parent,
            values={key.references[0]: fault.values[field.column]},
            ignoring=True,
            setup=True,
        )
        error = Insert(row="row", model=model, values={field.column: ""}, ignoring=True)
        says = f"stores a row of `{model.name}` {fault.says}, beside {one_of(parent.name)} like it"
        yield Attack(says=says, moves=(there, error))


def _is_possible(fault: Fault, model: Model, context: Context) -> bool:
    if fault.ignoring and context.dialect not in _MYSQL:
        return False
    return not fault.satisfying or possible(fault.satisfying, model, context)


def _read(faults: Sequence[Fault]) -> set[str]:
    """The columns that faults are about."""
    named = {column for fault in faults for column in fault.values}
    return named | {name for fault in faults for one in fault.satisfying for name in one.columns}


def _by_upsert(model: Model, faults: Sequence[Fault], good: tuple[Term, ...]) -> Iterator[Attack]:
    key = model.primary_key
    if key is None:
        return
    for fault in faults:
        if fault.values and not fault.satisfying and not fault.ignoring:
            yield Attack(
                says=f"turns a row of `{model.name}` into one {fault.says}, as it is stored again",
                moves=(
                    Insert(row="row", model=model, satisfying=good, setup=True),
                    Upsert(row="row", columns=key.columns, values=fault.values),
                ),
            )


def by_parents(
    model: Model, columns: set[str], context: Context, good: tuple[Term, ...] = ()
) -> Iterator[Attack]:
    """What foreign keys make of the columns when a parent is deleted or gets another key."""
    for key in model.foreign_keys:
        if not columns & set(key.columns) or not key.enforced:
            continue
        parent = next((one for one in context.schema.models if one.table == key.table), None)
        if parent is None:
            continue
        moves = (
            Insert(row="parent", model=parent, values=_named(parent, key), setup=True),
            Insert(row="row", model=model, values=_pointing(key), satisfying=good, setup=True),
        )
        if key.on_delete in _EMPTYING:
            yield Attack(
                says=f"deletes the row of `{parent.name}` that a row of `{model.name}` points at",
                moves=(*moves, Delete(row="parent")),
            )
        if key.on_update in (*_EMPTYING, Action.CASCADE):
            yield Attack(
                says=f"gives another key to the row of `{parent.name}` that a row of "
                f"`{model.name}` points at",
                moves=(*moves, Update(row="parent", values={key.references[0]: FRESH})),
            )


def _pointing(key: ForeignKey) -> dict[str, Value]:
    pairs = zip(key.columns, key.references, strict=False)
    return {column: Same("parent", reference) for column, reference in pairs}


def _named(parent: Model, key: ForeignKey) -> dict[str, Value]:
    """A parent that can be pointed at: columns which could be NULL have values."""
    fields = [parent.column(reference) for reference in key.references]
    own = {column for one in parent.foreign_keys for column in one.columns}
    return {
        field.column: FRESH
        for field in fields
        if field is not None and field.nullable and field.column not in own
    }


def demanded(
    model: Model, values: Mapping[str, Value], says: str, *, never: bool = False
) -> Iterator[Attack]:
    """That a row with these values can be stored.

    Other values of the row may be what a CHECK or a trigger refuses, or the table may take no row
    at all: that the demand is refused is only sure of a NOT NULL, or after another row was stored;
    of CHECKs and triggers too where they `never` let such a row in.
    """
    blaming = ("not null", "type", *(("check", "raised") if never else ()))
    row = Insert(row="row", model=model, values=values)
    other = Insert(row="other", model=model, setup=True)
    gone = Delete(row="other", setup=True)  # there may be room for one row only
    yield Attack(says=says, moves=(row,), aim="demanded", blaming=blaming)
    pointing = {column for key in model.foreign_keys for column in key.columns}
    yield Attack(
        says=f"{says}, in the place of another",
        moves=(other, gone, row),
        aim="demanded",
        # There may be no row yet where a default points.
        blaming=(*blaming, "check", "raised") if pointing & values.keys() else (),
    )
    # The database may count on from a number that a CHECK takes.
    yield Attack(
        says=f"{says}, beside another",
        moves=(other, row),
        aim="demanded",
        blaming=blaming,
    )
