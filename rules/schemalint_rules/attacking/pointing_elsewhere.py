"""Attacks on columns by which rows point: they come to point elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from schemalint.attack import FRESH, Attack, Follower, Insert, Same, Together, Update, Value
from schemalint.condition.terms import Column, Compare
from schemalint.context import Context
from schemalint.model import Action, Dialect, Field, ForeignKey
from schemalint_rules.attacking.surroundings import Quarry, found_parent, pointing_at
from schemalint_rules.judging.references.foreign_keys import fields_of, keys_of
from schemalint_rules.judging.rows.deferral import can_wait
from schemalint_rules.judging.rows.parents import Parents


def along_keys(quarry: Quarry, field: Field, context: Context) -> Iterator[Attack]:
    """Changes of all columns of a foreign key over several, to a row of other values in each: a
    single one of them may have no other value beside the rest."""
    parents = Parents(context.schema)
    for key in quarry.model.foreign_keys:
        target = parents.of(key)
        if field.column not in key.columns or len(key.columns) < 2 or target is None:
            continue
        bound = {column for other in target.foreign_keys for column in other.columns}
        apart = [column for column in key.references if column not in bound]
        yield Attack(
            says=f"changes `{field.name}` of a row of `{quarry.model.name}` with all by which it "
            f"points at the `{target.name}`",
            moves=(
                quarry.stored(),
                Insert(row="there", model=target, values=dict.fromkeys(apart, FRESH), setup=True),
                Update(row="first", values=pointing_at("there", key)),
            ),
        )


def with_parents(child: Insert, field: Field, context: Context) -> Iterator[Attack]:
    """Changes of a column by which a row points, together with what it points at: there may be no
    other row that it could point at. A key that refuses each by itself is looked at when both are
    done, by one statement of PostgreSQL's (seen on 15, RESTRICT included) or, if it waits, by one
    transaction."""
    parents = Parents(context.schema)
    for key in keys_of(child.model, context):
        target = parents.of(key)
        if target is None or field.column not in key.columns:
            continue
        if not _refuses_changes(key):
            continue
        reference = key.references[key.columns.index(field.column)]
        waits = key.on_update is not Action.RESTRICT and can_wait(key, context.dialect)
        says = f"changes `{field.name}` of a row of `{child.model.name}` with the `{target.name}`"
        there = found_parent(child, key, target)
        parent = Update(row="parent", changing=(reference,))
        if waits and context.dialect in (Dialect.SQLITE, Dialect.POSTGRESQL):
            follows = Update(row=child.row, values={field.column: Same("parent", reference)})
            deferring = key.deferrable == "immediate"
            both = Together(moves=(parent, follows), deferring=deferring)
            says = f"{says} at which it points, in one transaction"
            yield Attack(says=says, moves=(*there, both))
        elif context.dialect is Dialect.POSTGRESQL:
            follower = Follower(child.row, {field.column: reference})
            both_at_once = msgspec.structs.replace(parent, follower=follower)
            says = f"{says} at which it points, by one statement"
            yield Attack(says=says, moves=(*there, both_at_once))


def _refuses_changes(key: ForeignKey) -> bool:
    return key.on_update in (None, Action.NO_ACTION, Action.RESTRICT)


def among_themselves(quarry: Quarry, field: Field) -> Iterator[Attack]:
    """Changes of a column at which rows of the same table point, or by which they do. A row that
    points at itself may be held fast by that, or by there being no other that is free."""
    for key in quarry.model.foreign_keys:
        if key.table != quarry.model.table:
            continue
        if field.column in key.references:
            yield _pointing_away(quarry, field, key, {})
            yield _with_itself(quarry, field, key)
            yield from _pointing_nowhere(quarry, field, key)
        elif field.column in key.columns:
            yield _pointing_away(quarry, field, key, dict.fromkeys(key.columns))
            yield _with_itself(quarry, field, key, itself=True)


def _pointing_away(
    quarry: Quarry, field: Field, key: ForeignKey, other: Mapping[str, Value]
) -> Attack:
    return Attack(
        says=f"changes `{field.name}` of a row of `{quarry.model.name}` that points at another",
        moves=(
            Insert(row="other", model=quarry.model, values=other, setup=True),
            quarry.with_values(pointing_at("other", key)),
            Update(row="first", changing=(field.column,)),
        ),
    )


def _pointing_nowhere(quarry: Quarry, field: Field, key: ForeignKey) -> Iterator[Attack]:
    """A row that would point, perhaps at itself, by its default or by what triggers ask of it."""
    for own in fields_of(quarry.model, key):
        if own.nullable:
            yield Attack(
                says=f"changes `{field.name}` of a row of `{quarry.model.name}` that points "
                "nowhere",
                moves=(
                    quarry.with_values({own.column: None}),
                    Update(row="first", changing=(field.column,)),
                ),
            )
            return


def _with_itself(quarry: Quarry, field: Field, key: ForeignKey, *, itself: bool = False) -> Attack:
    """A row that points at itself goes on to do so; `itself`: it is asked to, as there may be no
    other row that it could point at."""
    both = dict.fromkeys((*key.references, *key.columns))
    ends = zip(key.columns, key.references, strict=True)
    same = tuple(Compare("=", Column(own), Column(other)) for own, other in ends if itself)
    change = Update(row="first", changing=(*both,), satisfying=same)
    what = "and its own key with it" if itself else "and what points at it"
    return Attack(
        says=f"changes `{field.name}` of a row of `{quarry.model.name}` {what}",
        moves=(quarry.stored(), change),
    )
