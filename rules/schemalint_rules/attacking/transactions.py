"""Several statements in one transaction, where the schema lets it wait for some of its checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemalint.attack import Attack, Delete, Insert, Move, Same, Step, Together, Update, Value
from schemalint.context import Context
from schemalint.model import Dialect, ForeignKey, Model
from schemalint_rules.attacking.forbidden_pointers import Pointing
from schemalint_rules.attacking.surroundings import filled
from schemalint_rules.judging.rows.deferral import can_wait
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.wording.small_words import one

_WAITING = (Dialect.SQLITE, Dialect.POSTGRESQL)


def before_the_rows(
    pointing: Pointing,
    key: ForeignKey | None,
    there: tuple[Move, ...],
    rekeyings: Iterator[tuple[str, ...]],
    context: Context,
) -> Iterator[Attack]:
    """A parent goes, or gets another key, before the rows that point at it: a key that is checked
    at commit refuses neither, and RESTRICT (X03) both.

    Args:
        pointing: what the rule forbids.
        key: behind the reference.
        there: what makes a row called "child" that points at one called "parent".
        rekeyings: columns of the parent's key to change.
        context: of the database.
    """
    if key is None or context.dialect not in _WAITING or not can_wait(key, context.dialect):
        return
    ends = pointing.ends
    name, target = ends.model.name, ends.target.name
    as_before: dict[str, Value] = {
        reference: Same("child", column)
        for column, reference in zip(ends.columns, ends.references, strict=True)
    }
    again = Insert(row="again", model=ends.target, values=as_before)
    apart = _to("elsewhere", pointing)
    elsewhere = Insert(
        row="elsewhere", model=ends.target, satisfying=filled(ends.target, ends.references)
    )

    def attack(stated: str, says: str, *steps: Step) -> Attack:
        together = Together(moves=steps, deferring=key.deferrable == "immediate")
        return Attack(
            says=f"{says}, in one transaction",
            moves=(*there, together),
            aim="forbidden" if stated == "restrict" else "allowed",
        )

    if pointing.on_delete in ("restrict", "no_action"):
        stated, gone = pointing.on_delete, Delete(row="parent")
        says = f"deletes the `{target}` at which {one(name)} points"
        yield attack(stated, f"{says} before that", gone, Delete(row="child"))
        if stated == "restrict":
            moved = Update(row="child", values=apart)
            yield attack(stated, f"{says}, which then points at another", gone, elsewhere, moved)
            yield attack(stated, f"{says}, and stores another with its key", gone, again)
    if pointing.on_update in ("restrict", "no_action"):
        stated = pointing.on_update
        for changed in rekeyings:
            says = f"changes the key of the `{target}` at which {one(name)} points"
            rekeyed = Update(row="parent", changing=changed)
            follows = Update(row="child", values=_to("parent", pointing))
            yield attack(stated, f"{says} before that", rekeyed, follows)
            if stated == "restrict":
                yield attack(stated, f"{says}, and stores another with it", rekeyed, again)


def _to(row: str, pointing: Pointing) -> Mapping[str, Value]:
    ends = zip(pointing.ends.columns, pointing.ends.references, strict=True)
    return {column: Same(row, reference) for column, reference in ends}


def left_alone(pointing: Pointing, context: Context) -> Iterator[Attack]:
    """A parent that is stored together with a row that points at it, as a trigger of PostgreSQL's
    may demand at commit (F14e), and then loses it."""
    ends = pointing.ends
    waits = context.dialect is Dialect.POSTGRESQL
    if not waits or not any(effects.on(ends.target, "insert")):
        return
    name, target = ends.model.name, ends.target.name
    stored = Together(moves=(Insert(row="child", model=ends.model),), setup=True)
    apart = _to("elsewhere", pointing)
    both = (
        Insert(row="elsewhere", model=ends.target),
        Insert(row="other", model=ends.model, values=apart),
    )
    yield Attack(
        says=f"deletes the last `{name}` of a `{target}` that was stored with it",
        moves=(stored, Delete(row="child")),
    )
    yield Attack(
        says=f"lets the last `{name}` of a `{target}` that was stored with it point at another",
        moves=(stored, Together(moves=both, setup=True), Update(row="child", values=apart)),
    )


def in_their_own(model: Model, event: effects.Event, context: Context) -> bool:
    """Whether rows that point have to be of transactions of their own: of a row that this one
    stored, PostgreSQL checks the key again, even where a trigger has put it back."""
    if context.dialect is not Dialect.POSTGRESQL:
        return False
    events: tuple[effects.Event, ...] = ("delete", "update") if event == "delete" else (event,)
    return any(
        trigger.timing == "before" and trigger.effect in ("sets", "skips", "skips-if", "opaque")
        for one in events
        for trigger in effects.on(model, one)
    )
