"""Which constraints make two rows impossible, and why the others do not.

A demand forbids pairs of rows: both satisfy `where`, and they agree on every column. A key keeps
it if every such pair agrees on all the key's members, is counted by its predicate, and holds no
NULL that would exempt it (NULLs never agree: cases U02, U03). So a key over fewer columns keeps it
(U13), one over more does not (U12), unless `where` pins the further column to one value (U25c).
Several keys may keep it together, each for the rows with NULL in other places: UNIQUE(a, b) and
UNIQUE(a) WHERE b IS NULL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, product
from typing import Literal as Choice

import msgspec

from schemalint.condition.terms import And, Column, Is, Not, Or, Term
from schemalint.context import Context
from schemalint.model import Field, Layer, Model, Schema, Trigger, Unique
from schemalint_rules.judging.keys.demand import Case, Demand, Key, Nulls, Undecided
from schemalint_rules.judging.keys.key_members import Members
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.describing import listed

__all__ = ["Answer", "Demand", "Key", "Nulls", "Obstacle", "answer", "can_lack", "exactly"]

_MOST_NULLABLE = 6  # 64 cases; more nullable columns are decided one key at a time


class Obstacle(msgspec.Struct, frozen=True):
    """Why a key does not keep a demand. The greater `closeness`, the nearer it comes.

    `cause`: `members` (it counts a further column), `predicate`, `null`, `case`.
    """

    key: Key
    cause: Choice["members", "predicate", "null", "case"]
    reason: str
    closeness: int


class Answer(msgspec.Struct, frozen=True):
    """What the keys of a model make of a demand.

    `kept` is None where it is not decided, then `undecided` says why. `layer` and `keepers` belong
    to a kept demand, and the `guards`: triggers that let no row be like some of those that
    it speaks of. `obstacles` (nearest first) belong to a broken one.
    """

    kept: bool | None
    layer: Layer = Layer.DATABASE
    keepers: tuple[Key, ...] = ()
    guards: tuple[Trigger, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    undecided: str = ""


def answer(demand: Demand, nulls: Nulls, context: Context) -> Answer:
    """Decide `demand`, at the strongest layer that keeps it."""
    found: Answer | None = None
    for layer in (Layer.DATABASE, Layer.CLIENT):
        at_layer = _Decision(demand, Rows(demand.model, context, layer), nulls).answer()
        if at_layer.kept:
            return at_layer
        found = found or at_layer
    assert found is not None
    return found


def can_lack(demand: Demand, context: Context) -> tuple[Field, ...]:
    """The fields of the demand that can be NULL in a row that satisfies `where`."""
    rows = Rows(demand.model, context, Layer.DATABASE)
    return tuple(field for field in demand.fields if not _never_null(field, demand, rows))


def _never_null(field: Field, demand: Demand, rows: Rows) -> bool:
    if not rows.nullable(field):
        return True
    if demand.where is None or not rows.speak_of(field.column, (demand.where,)):
        return False
    return rows.implied((demand.where,), Not(Is(Column(field.column), None))) is True


class _Decision:
    """The decision of one demand at one layer, for one reading of NULL."""

    def __init__(self, demand: Demand, rows: Rows, nulls: Nulls) -> None:
        self.demand = demand
        self.rows = rows
        self.model = demand.model
        self.members = Members(demand, rows)
        self.heirs = heirs(demand.model, rows.schema)
        self.nulls = nulls
        self.nullable = tuple(
            field.column for field in demand.fields if not _never_null(field, demand, rows)
        )

    def answer(self) -> Answer:
        keepers: dict[Key, None] = {}
        guards: dict[Trigger, None] = {}
        undecided = ""
        for case in self._cases():
            kept_by, obstacles, why = self._keeper(case)
            kept_out = () if kept_by or not case.null else self._kept_out(case)
            if kept_by:
                keepers.update(dict.fromkeys(kept_by))
            elif kept_out:
                guards.update(dict.fromkeys(kept_out))
            elif why:
                undecided = undecided or why
            else:
                return Answer(False, obstacles=obstacles)
        if undecided:
            return Answer(None, undecided=undecided)
        return Answer(True, layer=self.rows.layer, keepers=tuple(keepers), guards=tuple(guards))

    def _kept_out(self, case: Case) -> tuple[Trigger, ...]:
        """The triggers that let no row of the case in, if they do: rows that lack a value."""
        if not self.model.triggers:
            return ()
        # Few tables have triggers.
        from schemalint_rules.judging.conditions.row_guards import guarded

        answer = guarded(self.model, Not(Is(And(case.given), True)), self.rows.context)
        return answer.triggers if answer is not None and answer.kept else ()

    def _cases(self) -> Iterator[Case]:
        for null, where in product(self._null_patterns(), self._sorts()):
            given = [
                Is(Column(column), None) if column in null else Not(Is(Column(column), None))
                for column in self.demand.columns
            ]
            case = Case(null, (*where, *given))
            conditional = bool(where or self.rows.givens)
            if not conditional or not self.rows.impossible(case.given):
                yield case

    def _sorts(self) -> list[tuple[Term, ...]]:
        """The rows that `where` speaks of, sort by sort, so that two which agree are of one sort:
        the branches of an OR that ask of the demand's own fields, and one that does not."""
        where = self.demand.where
        if where is None:
            return [()]
        parts = where.terms if isinstance(where, And) else (where,)
        for at, part in enumerate(parts):
            branches = part.terms if isinstance(part, Or) else ()
            other = [one for one in branches if not set(one.columns) <= set(self.demand.columns)]
            opaque = any(one.opaque for one in branches)
            if branches and len(other) < 2 and not opaque and not self.demand.ignore_case:
                rest = (*parts[:at], *parts[at + 1 :])
                return [(*rest, branch) for branch in branches]
        return [(where,)]

    def _null_patterns(self) -> Iterable[frozenset[str]]:
        if self.nulls == "distinct":
            return [frozenset()]
        if len(self.nullable) > _MOST_NULLABLE:
            return [frozenset(), frozenset(self.nullable)]
        every_size = range(len(self.nullable) + 1)
        return map(
            frozenset,
            chain.from_iterable(combinations(self.nullable, size) for size in every_size),
        )

    def _keeper(self, case: Case) -> tuple[tuple[Key, ...], tuple[Obstacle, ...], str]:
        """The keys that make the pairs of `case` impossible; else what stands in the way."""
        obstacles: list[Obstacle] = []
        keepers: list[Key] = []
        why = ""
        for key in keys_of(self.model, self.rows.schema):
            if key.layer.strength < self.rows.layer.strength:
                continue
            try:
                obstacle = self._obstacle(key, case)
            except Undecided as undecided:
                why = why or str(undecided)
                continue
            if obstacle is None:
                keepers.append(key)
            else:
                obstacles.append(obstacle)
        if keepers:
            return (min(keepers, key=self._excess),), (), ""
        together = self._together([one.key for one in obstacles if one.cause == "predicate"], case)
        if together:
            return together, (), ""
        obstacles.sort(key=lambda one: -one.closeness)
        return (), tuple(one for one in obstacles if one.closeness > 0), why

    def _together(self, keys: Sequence[Key], case: Case) -> tuple[Key, ...]:
        """Those of `keys` that cover every row of the case between them. Only predicates over the
        fields of the demand count: on these two rows agree, so one predicate is true of both."""
        partial: dict[Key, Term] = {}
        if self.heirs:
            return ()
        for key in keys:
            term = self.rows.parsed(getattr(key, "where", None) or "true")
            if set(term.columns) <= set(self.demand.columns) and not self.demand.ignore_case:
                partial[key] = term
        if len(partial) < 2 or not self.rows.implied(case.given, Or(tuple(partial.values()))):
            return ()
        return tuple(partial)

    def _excess(self, key: Key) -> tuple[bool, bool]:
        """Orders keepers: those first that forbid no more than the demand."""
        where = key.where if isinstance(key, Unique) else None
        return (
            (where is None) != (self.demand.where is None),
            set(key.columns) != set(self.demand.columns),
        )

    # -- one key

    def _obstacle(self, key: Key, case: Case) -> Obstacle | None:
        """Why two rows of `case` can stand beside each other under `key`, None if they cannot.

        Raises:
            Undecided: the key has a member or predicate that is not understood.
        """
        columns = set(self.demand.columns)
        shared = len(set(key.columns) & columns)
        shared += sum(1 for text in key.expressions if self.members.reads(text) & columns)
        undecided: Undecided | None = None
        found: list[Obstacle] = []
        for part in key.parts:
            try:
                reason = self.members.escape(key, part, case)
            except Undecided as error:
                undecided = error
                continue
            if reason is not None:
                near = max(shared * 4 - len(key.parts) + (reason[0] != "members"), 1)
                found.append(Obstacle(key, *reason, near if shared else 0))
        uncounted = self._predicate(key, case) if not found else None
        if uncounted is not None:
            found.append(Obstacle(key, "predicate", uncounted, shared * 4))
        if not found and self.heirs:
            names = listed(heir.table for heir in self.heirs)
            uncounted = f"it does not count the rows of {names}, which inherits from it"
            found.append(Obstacle(key, "members", uncounted, shared * 4))
        if found:
            return min(found, key=lambda one: _GRAVEST_FIRST.index(one.cause))
        if undecided is not None:
            raise undecided
        return None

    def _predicate(self, key: Key, case: Case) -> str | None:
        """Why a key may not count the rows of `case`."""
        if not isinstance(key, Unique) or key.where is None:
            return None
        implied = self.rows.implied(case.given, self.rows.parsed(key.where))
        if implied is None:
            raise Undecided(
                "it cannot be told whether every row that the rule speaks of satisfies the "
                f"predicate `{key.where}`"
            )
        if implied:
            return None
        return f"it counts only rows for which `{key.where}`"


def heirs(model: Model, schema: Schema) -> tuple[Model, ...]:
    """The tables whose rows are rows of `model` too, and which its keys do not count (U23)."""
    return tuple(one for one in schema.models if model.table in one.inherits)


def keys_of(model: Model, schema: Schema) -> Iterator[Key]:
    """The keys, those of the table that it is a part of, and the exclusions that are nothing else:
    EXCLUDE (a WITH =)."""
    whole = next((one for one in schema.models if one.table == model.partition_of), None)
    yield from dict.fromkeys(chain(model.keys, whole.keys if whole is not None else ()))
    for exclusion in model.exclusions:
        if all(operator == "=" for operator in exclusion.operators):
            yield Unique(
                exclusion.name, exclusion.parts, exclusion.span, where=exclusion.where, index=False
            )


_GRAVEST_FIRST = ("members", "predicate", "null", "case")


def exactly(demand: Demand, keys: Sequence[Key]) -> bool:
    """Whether one key counts just the columns of the demand."""
    return any(set(key.columns) == set(demand.columns) and not key.expressions for key in keys)
