"""Attacks on what says when a row was made and when it was last changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from schemalint.attack import (
    FRESH,
    UNNAMED,
    Attack,
    Change,
    Insert,
    Move,
    Plan,
    Same,
    State,
    Update,
    Upsert,
    Value,
    Watch,
)
from schemalint.context import Context
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint_rules.attacking.forbidden_rows import shown
from schemalint_rules.attacking.row_faults import by_parents, demanded
from schemalint_rules.judging.conditions.presence import filled
from schemalint_rules.judging.conditions.row_conditions import decide_rows

_MOST_COLUMNS = 5
_TOLERANCE = timedelta(hours=30)  # clocks differ, and so do the zones that times are told in
_JULIAN_1970 = 2_440_587.5


class Undated(msgspec.Struct, frozen=True, kw_only=True):
    """A row without a time of creation, or with another than that where the writer named none; a
    change after which the time of the last change is what it was."""

    model: Model
    created: Field | None
    updated: Field | None
    texts: bool

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model, and their times."""
        times = tuple([field.column for field in (self.created, self.updated) if field is not None])
        return (Watch(self.model, telling=times),)

    def in_state(self, state: State) -> str | None:
        """A row without a time of creation."""
        if self.created is None:
            return None
        if any(row.values[self.created.column] is None for row in state[self.model.name]):
            return f"a row of `{self.model.name}` has no `{self.created.name}`"
        return None

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """What is wrong with the first change that is."""
        return next(filter(None, map(self._wrong, changes)), None)

    def _wrong(self, change: Change) -> str | None:
        if change.model != self.model.name or change.after is None:
            return None
        if change.before is None:
            return self._undated(change)
        before, after = change.before.values, change.after.values
        if self.updated is not None and before != after:
            column = self.updated.column
            if before[column] == after[column]:
                return (
                    f"a row of `{self.model.name}` is changed, and its `{self.updated.name}` stays "
                    f"{shown(after[column])}"
                )
        if self.created is not None and self.created.column not in change.named:
            column = self.created.column
            if before[column] != after[column]:
                return (
                    f"`{self.created.name}` of a row of `{self.model.name}` changes from "
                    f"{shown(before[column])} to {shown(after[column])}"
                )
        return None

    def _undated(self, change: Change) -> str | None:
        assert change.after is not None
        if self.created is None or not change.own or self.created.column in change.named:
            return None
        value = change.after.values[self.created.column]
        if value is None or is_now(value, texts=self.texts):
            return None
        return (
            f"a row of `{self.model.name}` that names no `{self.created.name}` gets "
            f"{shown(value)}, which is not the current time"
        )


def is_now(value: object, *, texts: bool) -> bool:
    """Whether a value is about the current time: a time, a date, seconds or milliseconds since
    1970, a Julian day, or, where `texts` are times, ISO's text of one."""
    now = datetime.now(UTC)
    if isinstance(value, str) and texts:
        value = _told(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = now.timestamp()
        julian = seconds / 86_400 + _JULIAN_1970
        near = _TOLERANCE.total_seconds()
        return (
            abs(value - seconds) < near
            or abs(value / 1000 - seconds) < near
            or abs(value - julian) < near / 86_400
        )
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return False
    told = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return abs(told - now) < _TOLERANCE


def _told(text: str) -> object:
    """The time, or the number, that a text is of; None if of neither."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def plan(model: Model, created: Field | None, updated: Field | None, context: Context) -> Plan:
    """The plan for the times of creation and of change."""
    texts = context.dialect is Dialect.SQLITE
    forbidden = Undated(model=model, created=created, updated=updated, texts=texts)
    attacks: list[Attack] = []
    if created is not None:
        attacks += _made(model, created, context)
    if updated is not None:
        attacks += _changed(model, updated, context)
    elif created is not None:
        attacks += _touched(model, created)
    return Plan(forbidden, tuple(attacks))


def _made(model: Model, created: Field, context: Context) -> Iterator[Attack]:
    says = f"stores a row of `{model.name}` and names no `{created.name}`"
    # Without a default it is NULL, which CHECKs and triggers may keep out.
    never = created.default is None and decide_rows(model, filled(created), context).kept is True
    yield from demanded(model, {created.column: UNNAMED}, says, never=never)
    yield Attack(
        says=f"stores a row of `{model.name}` without `{created.name}`",
        moves=(Insert(row="row", model=model, values={created.column: None}),),
    )
    yield Attack(
        says=f"takes `{created.name}` from a row of `{model.name}`",
        moves=(
            Insert(row="row", model=model, setup=True),
            Update(row="row", values={created.column: None}),
        ),
    )


def _touched(model: Model, created: Field) -> Iterator[Attack]:
    """A change that has nothing to do with the time of creation."""
    other = next(iter(_columns(model, created)), None)
    if other is not None and (model.triggers or created.updated_at is not None):
        yield Attack(
            says=f"changes `{other.name}` of a row of `{model.name}`",
            moves=(
                Insert(row="row", model=model, setup=True),
                Update(row="row", changing=(other.column,)),
            ),
            clock=True,
        )


def _columns(model: Model, *but: Field) -> list[Field]:
    """Columns to change: those that are neither of a key nor point elsewhere come first, those that
    point elsewhere last."""
    keys = {column for key in model.keys for column in key.columns}
    points = {column for key in model.foreign_keys for column in key.columns}
    free = [field for field in model.fields if field.generated is None and field not in but]
    plain = [one for one in free if one.column not in keys and one.column not in points]
    of_keys = [one for one in free if one.column in keys and one.column not in points]
    return [*plain, *of_keys, *[one for one in free if one.column in points]]


def _changed(model: Model, updated: Field, context: Context) -> Iterator[Attack]:
    columns = _columns(model, updated)
    for field in columns[:_MOST_COLUMNS]:
        yield _change(model, field, FRESH, f"changes `{field.name}` of a row of `{model.name}`")
    names_it = [one for one in columns if one.type is not ScalarType.BOOLEAN][:1]
    if model.triggers or updated.updated_at is not None:
        for field in names_it:
            yield Attack(
                says=f"changes `{field.name}` of a row of `{model.name}` and writes the old "
                f"`{updated.name}` again",
                moves=(
                    Insert(row="row", model=model, setup=True),
                    Update(
                        row="row",
                        values={updated.column: Same("row", updated.column)},
                        changing=(field.column,),
                    ),
                ),
                clock=True,
            )
            yield from _past_guards(model, field, updated, context)
        yield from _to_and_from_nothing(model, [one for one in columns if one.nullable])
        key = model.primary_key
        plain = [one for one in columns if key is not None and one.column not in key.columns][:1]
        for field in plain:
            assert key is not None
            yield Attack(
                says=f"changes `{field.name}` of a row of `{model.name}`, as it is stored again",
                moves=(
                    Insert(row="row", model=model, setup=True),
                    Upsert(row="row", columns=key.columns, values={field.column: FRESH}),
                ),
                clock=True,
            )
        every = {field.column for field in model.fields}
        for attack in by_parents(model, every, context):
            yield msgspec.structs.replace(attack, clock=True)


def _past_guards(model: Model, field: Field, updated: Field, context: Context) -> Iterator[Attack]:
    """A change of a row that triggers let pass, where they refuse that of most."""
    from schemalint_rules.attacking.guarded_changes import Guarded  # few tables have triggers

    passing = Guarded(model, "update", context).altered(field, None) if model.triggers else None
    if passing is None:
        return
    kept = {updated.column: Same("row", updated.column)}
    yield Attack(
        says=f"changes `{field.name}` of a row of `{model.name}` that triggers let pass, and "
        f"writes the old `{updated.name}` again",
        moves=(
            Insert(row="row", model=model, values=passing.before, setup=True),
            Update(row="row", values={**passing.after, **kept}),
        ),
        clock=True,
    )


def _to_and_from_nothing(model: Model, nullable: Sequence[Field]) -> Iterator[Attack]:
    for field in nullable[:_MOST_COLUMNS]:
        name = f"`{field.name}` of a row of `{model.name}`"
        yield _change(model, field, None, f"takes away {name}", {field.column: FRESH})
        yield _change(model, field, FRESH, f"gives a value to {name}", {field.column: None})


def _change(
    model: Model,
    field: Field,
    value: Value,
    says: str,
    before: dict[str, Value] | None = None,
) -> Attack:
    moves: tuple[Move, ...] = (
        Insert(row="row", model=model, values=before or {}, setup=True),
        Update(row="row", changing=(field.column,))
        if value is FRESH
        else Update(row="row", values={field.column: value}),
    )
    return Attack(says=says, moves=moves, clock=True)
