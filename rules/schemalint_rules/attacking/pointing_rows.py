"""The sorts of rows that point: by what their own triggers make of an action on them, and those
that point by a part of their key only."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.attack import FRESH, Attack, Insert, Update
from schemalint.condition.terms import And, Column, Compare, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import ForeignKey, Model
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions

_EVENTS: tuple[effects.Event, ...] = ("delete", "update")


def sorts_of_rows(model: Model, context: Context) -> Iterator[tuple[Term, ...]]:
    """Any, and those at which a trigger undoes an action."""
    yield ()
    seen: list[tuple[Term, ...]] = []
    for event in _EVENTS:
        for trigger in effects.on(model, event):
            if trigger.effect not in ("skips", "skips-if", "sets", "raises", "raises-if"):
                continue
            versions = RowVersions(model, context)
            texts = [text for text in (trigger.when, trigger.condition) if text]
            terms = [versions.in_trigger(text, event, given=True) for text in texts]
            sort = tuple(term for term in map(_of_old, terms) if term is not None)
            if sort and sort not in seen:
                seen.append(sort)
                yield sort


def let_go(model: Model, context: Context) -> Iterator[Term]:
    """What is true of rows where their own triggers let them go and change, as far as these look
    at the row before."""
    versions = RowVersions(model, context)
    for event in _EVENTS:
        for trigger in effects.on(model, event):
            if trigger.effect not in ("raises", "raises-if"):
                continue
            texts = [text for text in (trigger.when, trigger.condition) if text]
            terms = [versions.in_trigger(text, event, given=True) for text in texts]
            of_old = [_of_old(term) for term in terms]
            if of_old and None not in of_old:
                yield Not(Is(And((Literal(True), *filter(None, of_old))), True))


def _of_old(term: Term) -> Term | None:
    """A condition over the row before, as one over a row; None where it asks for more."""
    if term.opaque or not term.columns:
        return None
    if not all(name.startswith("OLD.") for name in term.columns):
        return None
    return term.rename(lambda name: name.removeprefix("OLD."))


def at_another(child: Insert, key: ForeignKey) -> Insert:
    """A row that points at another of its table, which then may have to point at this one."""
    (column,), (reference,) = key.columns, key.references
    apart = Compare("<>", Column(column), Column(reference))
    return msgspec.structs.replace(child, satisfying=(*child.satisfying, apart))


def at_own_default(parent: Insert, child: Insert, there: Insert) -> tuple[Insert, ...]:
    """A parent, and a row that points at it and is itself `there`, where its default leads; nothing
    where what it points by is a part of that."""
    keys = {
        column: there.values[column] for column in there.values if there.values[column] is not None
    }
    if not keys or keys.keys() & child.values.keys():
        return ()
    apart = tuple(Compare("<>", Column(column), Literal(keys[column])) for column in [*keys][:1])
    parent = msgspec.structs.replace(parent, satisfying=(*parent.satisfying, *apart))
    return parent, msgspec.structs.replace(there, values={**there.values, **child.values})


def half_filled(parent: Insert, child: Insert, named: str, context: Context) -> Iterator[Attack]:
    """Rows with the column of a key that the rule names, and NULL in another; `child` points at
    `parent`."""
    name = child.model.name
    says = f"stores a row of `{name}` with a part of the reference only"
    others = [column for column in child.values if column != named]
    for column in others:
        for table in holders(child.model, context):
            astray = Insert(row=child.row, model=table, values={named: FRESH, column: None})
            beside = msgspec.structs.replace(astray, values={**child.values, column: None})
            yield Attack(says=says, moves=(astray,))
            yield Attack(says=says, moves=(parent, beside))
        yield Attack(
            says=f"takes a part of the reference from a row of `{name}`",
            moves=(parent, child, Update(row=child.row, values={column: None})),
        )
