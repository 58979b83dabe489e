"""Attacks on a state field: values that it must not have, and ways to come there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from schemalint.attack import (
    UNNAMED,
    Attack,
    Insert,
    Move,
    Plan,
    Same,
    Supplied,
    Update,
    Upsert,
    Value,
    Written,
)
from schemalint.condition.quoting import quoted_name, quoted_table
from schemalint.condition.terms import Column, Compare, In, Is, Literal, Not, Scalar, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint_rules.attacking.combinations import combinations
from schemalint_rules.attacking.distinct_attacks import distinct
from schemalint_rules.attacking.forbidden_changes import Stepped
from schemalint_rules.attacking.guarded_changes import Guarded, parents_for
from schemalint_rules.attacking.surroundings import Quarry, through_parents, through_triggers
from schemalint_rules.judging.conditions.row_conditions import Rows
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.rows.views import own_defaults
from schemalint_rules.judging.states.state_values import LENGTH, NUMBERS, StateField

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_MOST = 60
_MOST_STEPS = 30
_TELLING = 2  # forbidden steps that are enough where nothing watches


class Course:
    """What a rule says of a state field, by what is stored. `following` is None where the rule says
    nothing of changes."""

    def __init__(
        self,
        state: StateField,
        values: Sequence[str],
        initial: str | None,
        following: Mapping[str, Sequence[str]] | None,
        *,
        optional: bool,
    ) -> None:
        self.state = state
        stored = {text: state.stored(text) for text in values}
        self.unknown = [text for text in values if stored[text] is None]
        self.allowed: list[Scalar] = [value for value in stored.values() if value is not None]
        self.initial: Scalar = stored[initial] if initial is not None else None
        self.following: dict[Scalar, tuple[Scalar, ...]] | None = None
        if following is not None:
            self.following = {
                stored[one]: tuple(stored[other] for other in following.get(one, ()))
                for one in values
                if stored[one] is not None
            }
        self.optional = optional

    def forbidden(self) -> Stepped:
        """What the rule forbids."""
        return Stepped(
            model=self.state.model,
            column=self.state.field.column,
            allowed=tuple(self.allowed),
            initial=self.initial,
            following=self.following,
            optional=self.optional,
        )

    @property
    def starts_anywhere(self) -> bool:
        """Whether a new row may be stored in any state."""
        return self.following is None or self.initial is None

    def way_to(self, wanted: Scalar) -> list[Scalar] | None:
        """The states through which a row comes to one, the first it is stored in; None where the
        rule knows no way."""
        if self.starts_anywhere:
            return [wanted]
        ways: list[list[Scalar]] = [[self.initial]]
        for way in ways:
            if way[-1] == wanted:
                return way
            following = (self.following or {}).get(way[-1], ())
            seen = {state for one in ways for state in one}
            ways += [[*way, state] for state in following if state not in seen]
        return None

    def steps(self) -> Iterator[tuple[Scalar, Sequence[Scalar]]]:
        """Each state that a row can come to, with those that must not follow; NULL is one where the
        column takes it. Those without a way out come first."""
        if self.following is None:
            return
        following = self.following
        for one in sorted(self.allowed, key=lambda state: len(following.get(state, ()))):
            others: list[Scalar] = [
                other
                for other in self.allowed
                if other != one and other not in following.get(one, ())
            ]
            if self.state.nullable:
                others.append(None)
            yield one, others
        if self.state.nullable and self.optional and self.initial is not None:
            yield None, [one for one in self.allowed if one != self.initial]


def plan(course: Course, context: Context) -> Plan:
    """The plan for one state field."""
    attacks: list[Attack] = []
    model = course.state.model
    for table in holders(model, context):
        attacks += _Table(course, table, context).attacks()
    forbidding = [attack for attack in attacks if attack.aim == "forbidden"]
    uses = [attack for attack in attacks if attack.aim != "forbidden"]
    made = (*distinct(forbidding)[:_MOST], *uses)
    if course.initial is not None or course.following is not None:
        return Plan(course.forbidden(), made)  # more than a matter of single rows
    column = course.state.field.column
    return Plan(course.forbidden(), made, lambda: combinations(model, [column], (), context))


class _Table:
    """One table that holds rows of the model."""

    def __init__(self, course: Course, table: Model, context: Context) -> None:
        self._course = course
        self._table = table
        self._context = context
        self._field: Field = table.column(course.state.field.column) or course.state.field
        self._column = self._field.column
        self._updates = Guarded(table, "update", context)
        self._inserts = Guarded(table, "insert", context)
        self._what = f"`{table.name}.{self._field.name}`"

    def attacks(self) -> Iterator[Attack]:
        yield from self._outside()
        yield from self._nowhere()
        yield from self._unnamed()
        yield from self._started()
        yield from self._stepped()
        yield from self._by_others()
        yield from self._demands()

    # -- values

    def _outside(self) -> Iterator[Attack]:
        states = tuple(Literal(state) for state in self._course.allowed)
        column = Column(self._column)
        other = (Not(In(column, states)), Not(Is(column, None)))
        says = f"stores another value in {self._what}"
        yield Attack(says=says, moves=(Insert(row="first", model=self._table, satisfying=other),))
        values = [*self._other_values()]
        for value in values:
            yield Attack(says=says, moves=(self._insert(value),))
        start = self._start()
        changed = f"changes {self._what} to another value"
        starts = [] if start is None else [start]
        if self._inserts.is_watched and self._course.optional and self._field.nullable:
            starts.append((msgspec.structs.replace(self._insert(None), setup=True),))
        for before in starts:
            yield Attack(says=changed, moves=(*before, Update(row="first", satisfying=other)))
            for value in values:
                yield Attack(says=changed, moves=(*before, self._to(value)))
        # As in `state_values`: Prisma's client never says IGNORE.
        in_prisma = self._context.schema.language == "prisma" and self._field.enum is not None
        if self._context.dialect in _MYSQL and not in_prisma:
            yield from self._ignoring(start)

    def _ignoring(self, start: tuple[Move, ...] | None) -> Iterator[Attack]:
        values: list[Value] = [None, "", "bogus"]
        if self._field.type in NUMBERS or self._field.type is ScalarType.BOOLEAN:
            values = [None, 2**40]
        for value in values:
            given = {self._column: value}
            yield Attack(
                says=f"stores a row of `{self._table.name}` by INSERT IGNORE",
                moves=(Insert(row="first", model=self._table, values=given, ignoring=True),),
            )
            if start is not None:
                yield Attack(
                    says=f"changes {self._what} by UPDATE IGNORE",
                    moves=(*start, Update(row="first", values=given, ignoring=True)),
                )

    def _other_values(self) -> Iterator[Value]:
        """Values that are none of the states, the likeliest first."""
        states = self._course.allowed
        found: list[Value] = []
        enum = self._course.state.enum
        if enum is not None:
            found += [value.stored for value in enum.values]
        texts = [state for state in states if isinstance(state, str)]
        if texts or not states:
            for text in texts[:2]:
                found += [text.swapcase(), f"{text} ", text.lower(), text.title()]
            found += ["", " ", "bogus"]
            found += self._named_in_checks()
        if self._field.type is ScalarType.BOOLEAN:
            found += [2, -1] if self._context.dialect not in (Dialect.POSTGRESQL,) else []
            found += [True, False]
        elif self._field.type in NUMBERS:
            numbers = [state for state in states if isinstance(state, int)]
            found += [one + step for one in numbers for step in (1, -1)]
            found += self._named_in_checks()
        if self._context.dialect is Dialect.SQLITE:
            found += ["abc", 7, 0.5] if not texts else [7]
        known: list[Value] = []
        for value in found:
            inside = any(value == one and _alike(value, one) for one in states)
            if not inside and not any(value == one and _alike(value, one) for one in known):
                known.append(value)
        yield from known[:10]

    def _named_in_checks(self) -> list[Value]:
        rows = Rows(self._table, self._context, Layer.DATABASE)
        return [
            part.value
            for _, given in rows.checks
            if self._column in given.term.columns
            for part in given.term.walk()
            if isinstance(part, Literal) and part.value is not None
        ]

    def _nowhere(self) -> Iterator[Attack]:
        if self._course.optional:
            return
        yield Attack(
            says=f"stores a row of `{self._table.name}` without a state",
            moves=(self._insert(None),),
        )
        if self._field.nullable and not self._field.client_nullable:  # a domain's (E23b)
            name = quoted_name(self._column, self._context.dialect)
            table = quoted_table(self._table.table, self._table.schema, self._context.dialect)
            nothing = Written(f"(SELECT {name} FROM {table} WHERE false)")
            yield Attack(
                says=f"stores a row of `{self._table.name}` with the state of a query that finds "
                "none",
                moves=(self._insert(nothing),),
            )
        start = self._start()
        if start is not None:
            yield Attack(
                says=f"takes {self._what} away",
                moves=(*start, self._to(None)),
            )

    # -- where rows start

    def _unnamed(self) -> Iterator[Attack]:
        if self._course.initial is not None:
            yield Attack(
                says=f"stores a row of `{self._table.name}` without naming a state",
                moves=(self._insert(UNNAMED),),
            )
            supplied = self._supplied()
            if supplied is not None:
                yield Attack(
                    says=f"stores a row of `{self._table.name}` by a client that names its own "
                    "default for a state",
                    moves=(self._insert(Supplied(supplied)),),
                )
            for view, field in own_defaults(self._table, self._field, self._context):
                if field.column == self._column:
                    row = msgspec.structs.replace(self._insert(UNNAMED), through=view)
                    yield Attack(
                        says=f"stores a row of `{self._table.name}` through `{view.name}` without "
                        "naming a state",
                        moves=(row,),
                    )

    def _supplied(self) -> Scalar:
        """What the client's library stores where a writer names no state; None if nothing."""
        default = self._field.default
        if default is None or default.layer is not Layer.CLIENT or default.kind != "literal":
            return None
        called = self._field.enum
        values = [one.values for one in self._context.schema.enums if one.name == called]
        members = (one.stored for one in (values[0] if values else ()) if one.name == default.value)
        return next(members, default.value)

    def _started(self) -> Iterator[Attack]:
        if self._course.starts_anywhere:
            return
        others = [state for state in self._course.allowed if state != self._course.initial]
        if not self._inserts.is_watched:
            others = others[:_TELLING]
        for state in others:
            yield Attack(says=f"stores a new row as {_told(state)}", moves=(self._insert(state),))
        new = Column(f"NEW.{self._column}")
        known = [Compare("=", new, Literal(state)) for state in others]
        for term in known:
            passing = self._inserts.passing([term], self._field)
            if passing is not None:
                yield Attack(
                    says=f"stores a new row as {_told(passing.after.get(self._column))}",
                    moves=(Insert(row="first", model=self._table, values=passing.after),),
                )
        key = self._table.primary_key
        start = self._start()
        if key is None or start is None or not others:
            return
        if self._context.dialect in (Dialect.SQLITE, *_MYSQL):
            agreeing = {column: Same("first", column) for column in key.columns}
            yield Attack(
                says=f"replaces a row of `{self._table.name}` by one that is {_told(others[0])}",
                moves=(
                    *start,
                    Insert(
                        row="second",
                        model=self._table,
                        values={self._column: others[0], **agreeing},
                        replacing=True,
                    ),
                ),
            )

    # -- changes

    def _stepped(self) -> Iterator[Attack]:
        plain: list[Attack] = []
        aimed: list[Attack] = []
        upserted: list[Attack] = []
        for old, following in self._course.steps():
            start = self._start(old)
            if start is None:
                continue
            for new in following:
                says = f"changes {self._what} from {_told(old)} to {_told(new)}"
                plain.append(Attack(says=says, moves=(*start, self._to(new))))
                if not upserted and new is not None and self._updates.is_watched:
                    upserted += self._upserted(start, new, says)
            aimed += self._aimed(old, following)
            aimed += self._replaced_null(start)
        if not self._updates.is_watched:
            plain = plain[:_TELLING]
        yield from plain[:_MOST_STEPS]
        yield from aimed
        yield from upserted

    def _upserted(self, start: tuple[Move, ...], new: Scalar, says: str) -> Iterator[Attack]:
        key = self._table.primary_key
        if key is not None:
            change = Upsert(row="first", columns=key.columns, values={self._column: new})
            yield Attack(says=f"{says} by an upsert", moves=(*start, change))

    def _replaced_null(self, start: tuple[Move, ...]) -> Iterator[Attack]:
        """NULL that becomes another state after the triggers have looked."""
        if not self._updates.is_watched or not self._updates.guards.sight.becomes_another(
            self._field
        ):
            return
        mysql = self._context.dialect in _MYSQL
        change = Update(
            row="first", values={self._column: None}, replacing=not mysql, ignoring=mysql
        )
        yield Attack(
            says=f"changes {self._what} by UPDATE {'IGNORE' if mysql else 'OR REPLACE'} with NULL",
            moves=(*start, change),
        )

    def _aimed(self, old: Scalar, following: Sequence[Scalar]) -> Iterator[Attack]:
        """Steps of rows that the guards were found to let pass."""
        for new in following:
            situation = [self._is("OLD", old), self._is("NEW", new)]
            passing = self._updates.passing(situation, self._field)
            if passing is None:
                continue
            before = {**passing.before, self._column: old}
            after = {**passing.after, self._column: new}
            start = self._start(old, before)
            if start is not None:
                yield Attack(
                    says=f"changes {self._what} from {_told(old)} to {_told(new)}",
                    moves=(
                        *start,
                        *parents_for(self._table, after, self._context),
                        Update(row="first", values=after),
                    ),
                )

    def _is(self, version: str, state: Scalar) -> Term:
        column = Column(f"{version}.{self._column}")
        return Is(column, None) if state is None else Compare("=", column, Literal(state))

    def _by_others(self) -> Iterator[Attack]:
        bound = frozenset((self._column,))
        starting = self._course.initial if not self._course.starts_anywhere else None
        states = [starting] if starting is not None else self._course.allowed[:3]
        for state in states:
            quarry = Quarry(self._table, {self._column: state})
            ways = [*islice(through_triggers(quarry, self._context), 12)]
            ways += through_parents(quarry, self._context, bound)
            for way in ways:
                yield Attack(says=way.says, moves=way.moves)

    # -- what has to be possible

    def _demands(self) -> Iterator[Attack]:
        for text in self._course.unknown:
            yield Attack(
                says=f"stores a row of `{self._table.name}` as '{text}'",
                moves=(self._insert(text),),
                aim="demanded",
                blaming=("type", "check", "other"),
            )
        for state in self._course.allowed:
            way = self._course.way_to(state)
            if way is None:
                continue
            moves: list[Insert | Update] = [self._insert(way[0]), *map(self._to, way[1:])]
            *earlier, last = moves
            blaming = self._to_blame(state)
            yield Attack(
                says=f"stores a row of `{self._table.name}` as {_told(state)}"
                if not earlier
                else f"takes a row of `{self._table.name}` to {_told(state)}",
                moves=(*map(_as_setup, earlier), last),
                aim="demanded" if blaming else "allowed",
                blaming=blaming,
            )
        if self._course.optional:
            yield Attack(
                says=f"stores a row of `{self._table.name}` without a state",
                moves=(self._insert(None),),
                aim="allowed",
                given=(self._column,),
            )

    def _to_blame(self, state: Scalar) -> tuple[str, ...]:
        """What refusals are of the state itself, and not of what else the row has: of its type,
        which is too short for it, and of CHECKs that no row in it passes."""
        length = LENGTH.fullmatch(self._field.native)
        long = length is not None and isinstance(state, str) and len(state) > int(length[1])
        rows = Rows(self._table, self._context, Layer.DATABASE)
        impossible = rows.impossible((Compare("=", Column(self._column), Literal(state)),))
        return (*(("type",) if long else ()), *(("check",) if impossible else ()))

    # -- moves

    def _insert(self, value: Value, given: Mapping[str, Value] | None = None) -> Insert:
        values = {**(given or {}), self._column: value}
        return Insert(row="first", model=self._table, values=values)

    def _to(self, value: Value) -> Update:
        return Update(row="first", values={self._column: value})

    def _start(
        self, state: Scalar = "", given: Mapping[str, Value] | None = None
    ) -> tuple[Move, ...] | None:
        """A row in a state, by default in the one that rows start in; None where there is no way to
        it that the rule allows."""
        course = self._course
        if state == "" and course.initial is None and given is None and self._inserts.is_watched:
            # Triggers may let rows begin in some states only.
            any_state = In(Column(self._column), tuple(map(Literal, course.allowed)))
            found = Insert(row="first", model=self._table, satisfying=(any_state,), setup=True)
            return (found,) if course.allowed else None
        if state == "":
            known = course.allowed[0] if course.allowed else None
            state = course.initial if course.initial is not None else known
            if state is None:
                return None
        way = [None] if state is None else course.way_to(state)
        if way is None:
            return None
        moves: list[Insert | Update] = [self._insert(way[0], given), *map(self._to, way[1:])]
        return tuple(map(_as_setup, moves))


def _as_setup(move: Insert | Update) -> Insert | Update:
    return msgspec.structs.replace(move, setup=True)


def _alike(one: Any, other: Any) -> bool:
    return isinstance(one, str) == isinstance(other, str)


def _told(state: Any) -> str:
    return "NULL" if state is None else f"'{state}'" if isinstance(state, str) else str(state)
