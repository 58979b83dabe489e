"""Attacks on references: rows that point at nothing, and parents that go in another way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Literal as Choice

import msgspec

from schemalint.attack import FRESH, Attack, Delete, Insert, Move, Plan, Same, Update, Value
from schemalint.condition.terms import And, Column, Compare, Term
from schemalint.context import Context
from schemalint.model import Action, ForeignKey, Layer
from schemalint_rules.attacking.forbidden_pointers import Ends, Pointing
from schemalint_rules.attacking.guarded_changes import Guarded
from schemalint_rules.attacking.other_references import OtherReferences, by_both
from schemalint_rules.attacking.parent_guards import ParentGuards
from schemalint_rules.attacking.pointing_rows import (
    at_another,
    at_own_default,
    half_filled,
    let_go,
    sorts_of_rows,
)
from schemalint_rules.attacking.surroundings import (
    Quarry,
    above,
    always_raises,
    default_parents,
    filled,
    found_parent,
    goes,
    is_choosy,
    rekeyings,
    through_triggers,
    wanted_of_parents,
)
from schemalint_rules.attacking.transactions import before_the_rows, in_their_own, left_alone
from schemalint_rules.attacking.uniqueness import plan as of_uniqueness
from schemalint_rules.judging.keys.demand import Demand
from schemalint_rules.judging.references.foreign_keys import action_on, fields_of, has_default
from schemalint_rules.judging.references.key_effects import effect
from schemalint_rules.judging.references.referential_actions import refusing_rewrites
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.wording.small_words import one

Event = Choice["delete", "update"]
_REFUSES = ("restrict", "no_action", None)


def plan(pointing: Pointing, key: ForeignKey | None, context: Context) -> Plan:
    """The plan for a reference; `key` is the foreign key behind it, if there is one."""
    attacker = _Reference(pointing, key, context)
    return Plan(pointing, (*attacker.attacks(),))


def end_attacks(ends: Ends, key: ForeignKey, context: Context) -> Iterator[Attack]:
    """Attacks on one end of a link: it has to lead to a row."""
    attacker = _Reference(Pointing(ends=ends), key, context)
    yield from attacker.orphans()
    yield from attacker.nowhere()
    yield from attacker.by_parents()


class _Reference:
    def __init__(self, pointing: Pointing, key: ForeignKey | None, context: Context) -> None:
        self._pointing = pointing
        self._ends = pointing.ends
        self._model = pointing.ends.model
        self._target = pointing.ends.target
        self._key = key
        self._context = context
        self._to_parent: dict[str, Value] = {
            column: Same("parent", reference)
            for column, reference in zip(self._ends.columns, self._ends.references, strict=True)
        }
        self._others = OtherReferences(self._model, self._target, key, context)
        ends = dict(zip(self._ends.columns, self._ends.references, strict=True))
        self._guards = ParentGuards(self._target, context)
        self._wanted = tuple(wanted_of_parents(self._model, ends, context))

    def attacks(self) -> Iterator[Attack]:
        yield from self.orphans()
        if self._pointing.required:
            yield from self.nowhere()
        elif self._ends.named is not None:
            yield from half_filled(self._parent(), self._child(), self._ends.named, self._context)
        yield from self.by_parents()
        yield from by_both(self._pointing, self._others, self._child(), self._parent(), self._key)
        yield from self._several()
        if self._pointing.cardinality == "one-to-one":
            fields = [self._model.column(column) for column in self._ends.columns]
            demand = Demand(self._model, tuple(field for field in fields if field is not None))
            attacks = of_uniqueness(demand, "distinct", self._context).attacks
            yield from [attack for attack in attacks if attack.aim == "forbidden"]
        if self._pointing.cardinality == "one-or-more":
            yield from self._childless()
        yield from self._by_triggers()
        yield from self._uses()

    # -- where rows point

    def _parent(self) -> Insert:
        return Insert(
            row="parent",
            model=self._target,
            values=self._others.of_parent,
            satisfying=(*filled(self._target, self._ends.references), *self._wanted),
            setup=True,
        )

    def _child(
        self,
        values: Mapping[str, Value] | None = None,
        *,
        satisfying: tuple[Term, ...] = (),
        row: str = "child",
        setup: bool = True,
    ) -> Insert:
        given = self._to_parent if values is None else values
        return Insert(
            row=row,
            model=self._model,
            values=given,
            satisfying=satisfying,
            setup=setup,
        )

    def orphans(self) -> Iterator[Attack]:
        """Rows that point at no row."""
        columns = self._ends.columns
        nobody = f"{one(self._target.name)} that does not exist"
        astray: list[Mapping[str, Value]] = [dict.fromkeys(columns, FRESH)]
        if len(columns) > 1:
            astray += [{**self._to_parent, column: FRESH} for column in columns]
        for table in holders(self._model, self._context):
            for number, values in enumerate(astray):
                setup = (self._parent(),) if number else ()
                inserted = Insert(row="child", model=table, values=values)
                says = f"stores a row of `{table.name}` that points at {nobody}"
                yield Attack(says=says, moves=(*setup, inserted))
                if len(columns) == 1 and self._target.table in (table.table, *table.inherits):
                    # Few values may be left, and the row's own is one at which it can point.
                    link, key = Column(columns[0]), Column(self._ends.references[0])
                    elsewhere = (Compare("<>", link, key),)
                    inserted = msgspec.structs.replace(inserted, satisfying=elsewhere)
                    yield Attack(says=f"{says}, nor at itself", moves=(inserted,))
        for values in astray:
            yield Attack(
                says=f"lets a row of `{self._model.name}` point at {nobody}",
                moves=(self._parent(), self._child(), Update(row="child", values=values)),
            )
        if self._key is not None and self._key.model != self._target.name:
            yield Attack(
                says=f"stores a row of `{self._model.name}`",
                moves=(Insert(row="child", model=self._model),),
            )

    def nowhere(self) -> Iterator[Attack]:
        """Rows without the reference, or with a part of it only."""
        columns = self._ends.columns
        says = f"stores a row of `{self._model.name}` that points nowhere"
        nothing: dict[str, Value] = dict.fromkeys(columns, None)
        empty: list[Mapping[str, Value]] = [nothing]
        beside: list[Mapping[str, Value]] = []
        if len(columns) > 1:
            empty += [{column: None} for column in columns]  # and just any values in the others
            beside += [{**self._to_parent, column: None} for column in columns]
            beside += [{**dict.fromkeys(columns, FRESH), column: None} for column in columns]
        for table in holders(self._model, self._context):
            for values in (*empty, *beside):
                setup = (self._parent(),) if values in beside else ()
                inserted = Insert(row="child", model=table, values=values)
                yield Attack(says=says, moves=(*setup, inserted))
        for values in (nothing, *({column: None} for column in columns if len(columns) > 1)):
            yield Attack(
                says=f"lets a row of `{self._model.name}` point nowhere",
                moves=(self._parent(), self._child(), Update(row="child", values=values)),
            )

    def _several(self) -> Iterator[Attack]:
        """A key that names no single row, which some databases accept."""
        keys = [set(key.columns) for key in self._target.keys if not key.expressions]
        if self._key is None or any(one <= set(self._ends.references) for one in keys):
            return
        alike: dict[str, Value] = {
            reference: Same("parent", reference) for reference in self._ends.references
        }
        twin = Insert(row="twin", model=self._target, values=alike, setup=True)
        yield Attack(
            says=f"stores a row of `{self._model.name}` that points at two of "
            f"`{self._target.name}`",
            moves=(self._parent(), twin, self._child(setup=False)),
        )

    # -- parents

    def by_parents(self) -> Iterator[Attack]:
        """A parent is deleted, or gets another key."""
        default = self._default_parents()
        sorts = [
            (self._apart(self._parent()), satisfying)
            for satisfying in sorts_of_rows(self._model, self._context)
        ]
        quiet = tuple(let_go(self._model, self._context))
        for parent in self._passing_parents():
            sorts += [(self._apart(parent), ()), *([(self._apart(parent), quiet)] if quiet else ())]
        others = (*self._others.stored,)
        for parent, satisfying in sorts:
            child = self._child({**self._others.values, **self._to_parent}, satisfying=satisfying)
            yield from self._by_parent(others, (parent, child), parent)
        for grand, parent in above(self._apart(self._parent()), self._context):
            yield Attack(
                says=f"deletes the `{grand.model.name}` of the `{self._target.name}` at which "
                f"{one(self._model.name)} points",
                moves=(*default, *others, grand, parent, self._child(), Delete(row="grandparent")),
            )
        key = self._key
        if key is not None and key.model == self._target.name and is_choosy(self._model, key):
            child = self._child(self._others.values)
            yield from self._by_parent(others, found_parent(child, key, self._target), None)
        if key is not None and key.model == self._model.name == self._target.name:
            yield from self._at_itself(key)
            alone = any(one.columns == key.columns for one in self._model.keys)
            if alone and len(key.columns) == 1:
                child = at_another(self._child(self._others.values), key)
                yield from self._by_parent(others, found_parent(child, key, self._target), None)
            yield from self._at_own_default(others)

    def _apart(self, parent: Insert) -> Insert:
        """A parent at which no other key of the same row can lead."""
        return msgspec.structs.replace(parent, values={**self._others.shared, **parent.values})

    def _at_itself(self, key: ForeignKey) -> Iterator[Attack]:
        """A row that points at itself gets another key: the table may have no room for others."""
        ends = zip(key.columns, key.references, strict=True)
        itself = tuple(Compare("=", Column(column), Column(other)) for column, other in ends)
        moves = found_parent(self._child({}, satisfying=itself), key, self._target)
        for changed in self._rekeyings():
            says = f"changes the key of the `{self._target.name}` that points at itself"
            going = (*moves, goes("parent", changed))
            yield self._aimed(
                "update", says, going, free=not self._guards.may_refuse_rekeying(self._ends.columns)
            )

    def _at_own_default(self, others: tuple[Move, ...]) -> Iterator[Attack]:
        """The row that points is itself the one at which its default does."""
        for there in self._default_parents():
            child = self._child({**self._others.values, **self._to_parent})
            both = at_own_default(self._apart(self._parent()), child, there)
            says = f"deletes the `{self._target.name}` of one that its default has point at itself"
            moves = (*others, *both, Delete(row="parent"))
            yield self._aimed(
                "delete", says, moves, free=bool(both) and not self._guards.may_refuse("delete")
            )

    def _default_parents(self) -> tuple[Insert, ...]:
        """Where SET DEFAULT leads; if it can, nowhere itself, since there may be room for one."""
        stated = "set_default" in (self._pointing.on_delete, self._pointing.on_update)
        ends = self._model, self._key, self._target, self._context
        found = default_parents(*ends, stated=stated)
        of_parent = self._others.of_parent
        return tuple(
            msgspec.structs.replace(one, values={**of_parent, **one.values}) for one in found
        )

    def _by_parent(
        self, others: tuple[Move, ...], there: tuple[Move, ...], parent: Insert | None
    ) -> Iterator[Attack]:
        """The row called "parent" is deleted or re-keyed. Where its own triggers may refuse that,
        one at which nobody points has to go first."""
        name = self._target.name
        whose = f"at which {one(self._model.name)} points"
        bound = {column for key in self._target.foreign_keys for column in key.columns}
        # Of a parent that is found, other keys of the row may lead to it, too.
        ends = [key for key in self._model.foreign_keys if key.table == self._target.table]
        apart = parent is not None or len(ends) < 2
        going: list[tuple[Event, str, tuple[str, ...]]] = [
            ("delete", f"deletes the `{name}` {whose}", ())
        ]
        going += [
            ("update", f"changes the key of the `{name}` {whose}", changed)
            for changed in self._rekeyings()
        ]
        for event, says, changed in going:
            control = self._control(event, changed, parent)
            free = apart and control is not None and not bound & set(changed)
            free = free and not self._others.tied & set(changed)
            # A parent that is found may be the one at which the default leads.
            free = free and (parent is not None or not self._is_reset(event))
            tested = control or ()
            first = (*tested, *there) if parent is not None else (*there, *tested)
            default = self._default_parents() if self._is_reset(event) else ()
            moves = (*default, *others, *first, goes("parent", changed))
            yield self._aimed(event, says, moves, free=free)
            if tested and parent is not None and self._target is self._model:
                moves = (
                    *default,
                    *others,
                    *self._anchored(tested),
                    *there,
                    goes("parent", changed),
                )
                yield self._aimed(event, says, moves, free=free)
            if default:  # there may be no room for it, or it may be the only one that there can be
                moves = (*others, *there, goes("parent", changed))
                yield self._aimed(event, f"{says}, beside no other", moves, free=False)
            if parent is not None and parent.values and control and event == "update":
                # There may be no room for two rows that are like it.
                gone = Delete(row="control", setup=True)
                moves = (*others, *control, gone, *there, goes("parent", changed))
                yield self._aimed(event, says, moves, free=free)
        yield from before_the_rows(
            self._pointing, self._key, (*others, *there), self._rekeyings(), self._context
        )

    def _is_reset(self, event: Event) -> bool:
        """Whether SET DEFAULT has a say in what becomes of the rows."""
        stated = self._pointing.on_delete if event == "delete" else self._pointing.on_update
        acts = None if self._key is None else action_on(self._key, event)
        return stated == "set_default" or acts is Action.SET_DEFAULT

    def _control(
        self, event: Event, changed: tuple[str, ...], parent: Insert | None
    ) -> tuple[Move, ...] | None:
        """A row like the parent goes; None where none is known that is like it to the triggers."""
        if not self._guards.may_refuse(event):
            return ()
        if parent is None:
            alike = self._guards.alike(event)
            if alike is None:
                return None
            control = Insert(row="control", model=self._target, values=alike, setup=True)
        else:
            control = msgspec.structs.replace(parent, row="control")
        return control, goes("control", changed, setup=True)

    def _anchored(self, control: tuple[Move, ...]) -> tuple[Move, ...]:
        """The row like the parent, which goes, pointing at another: where each row has to point at
        one of its own table, it would be at itself, and then it is pointed at."""
        anchor = Insert(row="anchor", model=self._target, setup=True)
        first, *rest = control
        assert isinstance(first, Insert)
        ends = zip(self._ends.columns, self._ends.references, strict=True)
        away: dict[str, Value] = {column: Same("anchor", other) for column, other in ends}
        return (anchor, msgspec.structs.replace(first, values={**first.values, **away}), *rest)

    def _passing_parents(self) -> Iterator[Insert]:
        """Parents that their own triggers let go, or get another key."""
        guarded = Guarded(self._target, "delete", self._context)
        asked = (*filled(self._target, self._ends.references), *self._wanted)
        found = [guarded.passing([guarded.versions.of_row(one, "OLD") for one in asked])]
        guarded = Guarded(self._target, "update", self._context)
        where = And(asked) if asked else None
        for reference in self._ends.references:
            field = self._target.column(reference)
            found.append(guarded.altered(field, where) if field is not None else None)
        seen: list[Mapping[str, Value]] = [{}]
        for passing in found:
            if passing is None:
                continue
            # What else a guard wants of the row afterwards, it may have from the beginning.
            rest = {
                column: value
                for column, value in passing.after.items()
                if column not in self._ends.references
            }
            values = {**rest, **passing.before}
            if values not in seen:
                seen.append(values)
                yield Insert(row="parent", model=self._target, values=values, setup=True)

    def _rekeyings(self) -> Iterator[tuple[str, ...]]:
        if self._key is not None and self._key.model == self._target.name:
            yield from rekeyings(self._target, self._key)
        else:
            yield from [(reference,) for reference in self._ends.references[:1]]

    def _aimed(self, event: Event, says: str, moves: tuple[Move, ...], *, free: bool) -> Attack:
        """Where the rule says what is to become of the rows that point, it has to be possible."""
        stated = self._pointing.on_delete if event == "delete" else self._pointing.on_update
        fields = [] if self._key is None else fields_of(self._model, self._key)
        ready = (
            stated != "set_default"
            or not any(map(has_default, fields))  # then it means SET NULL
            or any(isinstance(move, Insert) and move.row == "default parent" for move in moves)
        )
        demanded = stated not in _REFUSES and free and ready and self._others.are_apart
        clock = in_their_own(self._model, event, self._context)
        if not demanded or self._key is None:
            plain = tuple(move for move in moves if getattr(move, "row", "") != "control")
            return Attack(says=says, moves=plain, clock=clock)
        blaming = self._to_blame(event, self._key)
        return Attack(says=says, moves=moves, aim="demanded", clock=clock, blaming=blaming)

    def _to_blame(self, event: Event, key: ForeignKey) -> tuple[str, ...]:
        """What a refusal has to be of, so that it is the reference that refuses: its foreign key, a
        NOT NULL or CHECK that does not take the NULL, a trigger of the rows that point."""
        action = key.on_delete if event == "delete" else key.on_update
        kinds = ["foreign key", "not null"]
        rows = Rows(self._model, self._context, Layer.DATABASE)
        if action in (Action.SET_NULL, Action.SET_DEFAULT) and any(
            field.nullable and not rows.nullable(field) for field in fields_of(self._model, key)
        ):
            kinds.append("check")
        acts = action in (Action.CASCADE, Action.SET_DEFAULT)
        vain = acts and effect(self._model, key, event, self._context).refuses
        if vain and not any(
            re.search(rf"\b{re.escape(name)}\b", check.expression, re.IGNORECASE)
            for check in self._target.checks
            for name in key.references
        ):
            kinds.append("check")  # which leaves the rows that point one value
        deletes = event == "delete" and action is Action.CASCADE
        own = [*effects.on(self._model, "delete" if deletes else "update")]
        does = effect(self._model, key, event, self._context).action
        if own and (
            all(always_raises(one) for one in own)
            or (not deletes and refusing_rewrites(does, self._model, key, self._context))
        ):
            kinds.append("raised")
        return tuple(kinds)

    # -- how many

    def _childless(self) -> Iterator[Attack]:
        name = self._model.name
        yield Attack(
            says=f"stores {one(self._target.name)} without any `{name}`",
            moves=(Insert(row="parent", model=self._target),),
        )
        yield Attack(
            says=f"stores {one(self._target.name)} beside another",
            moves=(
                Insert(row="child", model=self._model, setup=True),
                Insert(row="parent", model=self._target),
            ),
        )
        if self._target is self._model:
            both = Insert(row="parent", model=self._target), Insert(row="twin", model=self._target)
            yield Attack(says=f"stores two rows of `{name}`", moves=both)
            child = Insert(row="parent", model=self._model, setup=True)  # it may be its own
            yield Attack(
                says=f"stores two rows of `{name}` that point at the first",
                moves=(child, self._child(setup=False)),
            )
        yield Attack(
            says=f"deletes the last `{name}` of {one(self._target.name)}",
            moves=(Insert(row="child", model=self._model, setup=True), Delete(row="child")),
        )
        yield from left_alone(self._pointing, self._context)
        elsewhere = {
            column: Same("elsewhere", reference)
            for column, reference in zip(self._ends.columns, self._ends.references, strict=True)
        }
        yield Attack(
            says=f"lets the last `{name}` of {one(self._target.name)} point at another",
            moves=(
                Insert(row="child", model=self._model, setup=True),
                Insert(row="elsewhere", model=self._target, setup=True),
                Update(row="child", values=elsewhere),
            ),
        )

    # -- the rest

    def _by_triggers(self) -> Iterator[Attack]:
        for model in (self._model, self._target):
            for way in islice(through_triggers(Quarry(model), self._context), 8):
                yield Attack(says=way.says, moves=way.moves)

    def _uses(self) -> Iterator[Attack]:
        name, target = self._model.name, self._target.name
        if self._pointing.cardinality != "one-or-more":
            yield Attack(
                says=f"stores a row of `{name}` that points at a `{target}`",
                moves=(self._parent(), self._child(setup=False)),
                aim="allowed",
            )
        if self._pointing.cardinality in (None, "many-to-one"):
            yield Attack(
                says=f"stores two rows of `{name}` that point at one `{target}`",
                moves=(self._parent(), self._child(), self._child(row="second", setup=False)),
                aim="allowed",
                given=self._ends.columns if self._pointing.cardinality else (),
            )
        if not self._pointing.required:
            nowhere = dict.fromkeys(self._ends.columns, None)
            yield Attack(
                says=f"stores a row of `{name}` that points nowhere",
                moves=(Insert(row="child", model=self._model, values=nowhere),),
                aim="allowed",
                # Of several columns, one without a value may be enough.
                given=self._ends.columns if len(nowhere) == 1 else (),
            )
