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
from itertools import chain, combinations
from typing import Literal as Choice

import msgspec

from schemalint.condition.terms import Call, Column, Compare, Is, Literal, Not, Or, Term
from schemalint.context import Context
from schemalint.model import Field, KeyPart, Layer, Model, PrimaryKey, ScalarType, Unique
from schemalint_rules.judging.row_conditions import Rows, literals
from schemalint_rules.wording.describing import listed, logical

Nulls = Choice["distinct", "equal"]
Key = PrimaryKey | Unique

_MOST_NULLABLE = 6  # 64 cases; more nullable columns are decided one key at a time


class Demand(msgspec.Struct, frozen=True):
    """Two rows of `model` that satisfy `where` must not agree on all `fields`."""

    model: Model
    fields: tuple[Field, ...]
    where: Term | None = None
    where_text: str | None = None
    ignore_case: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The physical names of the fields."""
        return tuple(field.column for field in self.fields)


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
    to a kept demand, `obstacles` (nearest first) to a broken one.
    """

    kept: bool | None
    layer: Layer = Layer.DATABASE
    keepers: tuple[Key, ...] = ()
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


class _Undecided(Exception):  # noqa: N818 -- control flow inside this module
    """A key might keep the demand; the message says what is not known of it."""


class _Case(msgspec.Struct, frozen=True):
    """One way in which two rows can agree: with NULL in just the columns `null`."""

    null: frozenset[str]
    given: tuple[Term, ...]


class _Decision:
    """The decision of one demand at one layer, for one reading of NULL."""

    def __init__(self, demand: Demand, rows: Rows, nulls: Nulls) -> None:
        self.demand = demand
        self.rows = rows
        self.model = demand.model
        self.nulls = nulls
        self.nullable = tuple(
            field.column for field in demand.fields if not _never_null(field, demand, rows)
        )

    def answer(self) -> Answer:
        keepers: dict[Key, None] = {}
        undecided = ""
        for case in self._cases():
            kept_by, obstacles, why = self._keeper(case)
            if kept_by:
                keepers.update(dict.fromkeys(kept_by))
            elif why:
                undecided = undecided or why
            else:
                return Answer(False, obstacles=obstacles)
        if undecided:
            return Answer(None, undecided=undecided)
        return Answer(True, layer=self.rows.layer, keepers=tuple(keepers))

    def _cases(self) -> Iterator[_Case]:
        where = (self.demand.where,) if self.demand.where is not None else ()
        for null in self._null_patterns():
            given = [
                Is(Column(column), None) if column in null else Not(Is(Column(column), None))
                for column in self.demand.columns
            ]
            case = _Case(null, (*where, *given))
            conditional = bool(where or self.rows.checks)
            if not conditional or not self.rows.impossible(case.given):
                yield case

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

    def _keeper(self, case: _Case) -> tuple[tuple[Key, ...], tuple[Obstacle, ...], str]:
        """The keys that make the pairs of `case` impossible; else what stands in the way."""
        obstacles: list[Obstacle] = []
        keepers: list[Key] = []
        why = ""
        for key in _keys(self.model):
            if key.layer.strength < self.rows.layer.strength:
                continue
            try:
                obstacle = self._obstacle(key, case)
            except _Undecided as undecided:
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

    def _together(self, keys: Sequence[Key], case: _Case) -> tuple[Key, ...]:
        """Those of `keys` that cover every row of the case between them. Only predicates over the
        fields of the demand count: on these two rows agree, so one predicate is true of both."""
        partial: dict[Key, Term] = {}
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

    def _obstacle(self, key: Key, case: _Case) -> Obstacle | None:
        """Why two rows of `case` can stand beside each other under `key`, None if they cannot.

        Raises:
            _Undecided: the key has a member or predicate that is not understood.
        """
        shared = len(set(key.columns) & set(self.demand.columns))
        shared += sum(1 for text in key.expressions if self._reads(text) & set(self.demand.columns))
        undecided: _Undecided | None = None
        found: list[Obstacle] = []
        for part in key.parts:
            try:
                reason = self._part(key, part, case)
            except _Undecided as error:
                undecided = error
                continue
            if reason is not None:
                near = max(shared * 4 - len(key.parts) + (reason[0] != "members"), 1)
                found.append(Obstacle(key, *reason, near if shared else 0))
        uncounted = self._predicate(key, case) if not found else None
        if uncounted is not None:
            found.append(Obstacle(key, "predicate", uncounted, shared * 4))
        if found:
            return min(found, key=lambda one: _GRAVEST_FIRST.index(one.cause))
        if undecided is not None:
            raise undecided
        return None

    def _reads(self, expression: str) -> set[str]:
        return set(self.rows.expression(expression).columns)

    def _predicate(self, key: Key, case: _Case) -> str | None:
        """Why a key may not count the rows of `case`."""
        if not isinstance(key, Unique) or key.where is None:
            return None
        implied = self.rows.implied(case.given, self.rows.parsed(key.where))
        if implied is None:
            raise _Undecided(
                "it cannot be told whether every row that the rule speaks of satisfies the "
                f"predicate `{key.where}`"
            )
        if implied:
            return None
        return f"it counts only rows for which `{key.where}`"

    def _part(
        self, key: Key, part: KeyPart, case: _Case
    ) -> tuple[Choice["members", "null", "case"], str] | None:
        """Why two rows of `case` can differ in a member, or escape it by a NULL."""
        if part.expression is not None:
            return self._expression(part.expression, key, part, case)
        assert part.column is not None
        field = self.model.column(part.column)
        if field is None or field.generated is None or field in self.demand.fields:
            return self._column(part.column, field, key, part, case)
        if field.ignore_case and self.demand.ignore_case:
            part = msgspec.structs.replace(part, collation=_FOLDING)
        return self._expression(field.generated.expression, key, part, case)

    def _nulls_agree(self, key: Key) -> bool:
        """Whether two rows with NULL in a member can be equal to `key`."""
        if isinstance(key, Unique) and key.nulls == "equal":
            return True
        return self._has("unique-refuses-second-null") is True

    def _has(self, construct: str) -> bool | None:
        """What the database makes of a construct; the table is read only where it is needed."""
        from schemalint.dialects import Construct, capability

        return capability(self.rows.dialect, Construct(construct)).holds

    def _column(
        self, column: str, field: Field | None, key: Key, part: KeyPart, case: _Case
    ) -> tuple[Choice["members", "null", "case"], str] | None:
        name = field.name if field is not None else column
        if column not in self.demand.columns:
            return self._further(column, field, key, case)
        if column in case.null:
            return None if self._nulls_agree(key) else ("null", _lacking(name))
        if self.demand.ignore_case and field is not None and is_text(field):
            plain = part.collation is None and not field.ignore_case
            if plain and self._pinned(column, case):
                return None  # the condition leaves it one spelling only
            return self._folds(field, part, case)
        return None

    def _further(
        self, column: str, field: Field | None, key: Key, case: _Case
    ) -> tuple[Choice["members", "null"], str] | None:
        """A member that the demand does not name: harmless only if it is the same in all rows."""
        name = field.name if field is not None else column
        if self._pinned(column, case):
            always_null = Is(Column(column), None)
            is_null = self.rows.implied(case.given, always_null) is True
            if not is_null or self._nulls_agree(key):
                return None
            return "members", (
                f"it also counts `{name}`, which is NULL in every row that the rule speaks of; "
                "NULLs never agree, so it never finds two of these rows equal"
            )
        agreeing = listed(logical(self.model, self.demand.columns))
        reason = f"it also counts `{name}`: rows with the same {agreeing} pass if `{name}` differs"
        if field is not None and self.rows.nullable(field) and not self._nulls_agree(key):
            reason += ", or if it is NULL, because NULLs never agree"
        return "members", reason

    def _pinned(self, column: str, case: _Case) -> bool:
        """Whether all rows of the case have the same value, or all NULL, in a column."""
        facts = self.rows.facts.column(column)
        if facts is not None and not facts.nullable and len(facts.values or ()) == 1:
            return True
        if not self.rows.speak_of(column, case.given):
            return False
        values = (
            Compare("=", Column(column), literal)
            for literal in (*literals(case.given), Literal(True), Literal(False))
        )
        return any(
            self.rows.implied(case.given, wanted) is True
            for wanted in (Is(Column(column), None), *values)
        )

    def _folds(self, field: Field, part: KeyPart, case: _Case) -> tuple[Choice["case"], str] | None:
        """Whether two values that differ in letter case only are one value to a text member."""
        column = Column(field.column)
        lowered = Compare("=", column, Call("lower", (column,)))
        by_collation = field.ignore_case if part.collation is None else ignores_case(part.collation)
        if not by_collation and self.rows.implied(case.given, lowered) is not True:
            return "case", f"to it, `{field.name}` in capitals is another value"
        return self._beyond_ascii(_BY_TYPE if by_collation else _BY_LOWER)

    def _beyond_ascii(self, construct: str) -> tuple[Choice["case"], str] | None:
        """Whether a way to fold letters folds more than A to Z."""
        folds = self._has(construct)
        if folds is None:
            raise _Undecided(f"it is not known which letters {self.rows.dialect} folds")
        return None if folds else ("case", _ONLY_ASCII)

    def _expression(
        self, expression: str, key: Key, part: KeyPart, case: _Case
    ) -> tuple[Choice["members", "null", "case"], str] | None:
        term = self.rows.expression(expression)
        further = [
            column
            for column in term.columns
            if column not in self.demand.columns and not self._pinned(column, case)
        ]
        if further and not set(term.columns) & set(self.demand.columns):
            return "members", f"it counts `{expression}`, which other values decide"
        if term.opaque:
            raise _Undecided(f"it counts an expression that is not understood: `{expression}`")
        if further:
            raise _Undecided(
                f"it counts `{expression}`, which can differ between rows that agree on "
                f"{listed(logical(self.model, self.demand.columns))}"
            )
        if self.rows.can_be_null(term, case.given) and not self._nulls_agree(key):
            if set(term.columns) <= case.null:
                return "null", _lacking(listed(logical(self.model, term.columns)).strip("`"))
            raise _Undecided(f"it cannot be told for which rows `{expression}` is NULL")
        if not self.demand.ignore_case:
            return None
        if part.collation is not None and ignores_case(part.collation):
            return self._beyond_ascii(_BY_TYPE)
        if (
            isinstance(term, Call)
            and term.function in ("lower", "upper")
            and (isinstance(term.arguments[0], Column))
        ):
            if part.collation is not None and part.collation.strip('"').upper() in ("C", "POSIX"):
                return "case", f"under the collation {part.collation} lower() folds ASCII only"
            return self._beyond_ascii(_BY_LOWER)
        raise _Undecided(f"it cannot be told whether `{expression}` ignores letter case")


_BY_TYPE, _BY_LOWER = "case-insensitive-type-non-ascii", "unique-lower-non-ascii"
"""Constructs of the capability table: what ignores letter case beyond A to Z."""


def _keys(model: Model) -> Iterator[Key]:
    """The keys, and the exclusions that are nothing else: EXCLUDE (a WITH =)."""
    yield from model.keys
    for exclusion in model.exclusions:
        if all(operator == "=" for operator in exclusion.operators):
            yield Unique(
                exclusion.name, exclusion.parts, exclusion.span, where=exclusion.where, index=False
            )


_GRAVEST_FIRST = ("members", "predicate", "null", "case")

_FOLDING = "_ci"
"""Stands for the collation of a generated column that ignores letter case by its type."""

_ONLY_ASCII = "it folds the letters A to Z only, so `É` and `é` are two values to it"


def _lacking(name: str) -> str:
    return f"NULLs never agree, so any number of rows without `{name}` pass"


def is_text(field: Field) -> bool:
    """Whether letter case can tell two values of the column apart."""
    if field.native.upper().startswith(("UUID", "UNIQUEIDENTIFIER")):
        return False
    return field.type in (ScalarType.STRING, ScalarType.UNSUPPORTED)


def ignores_case(collation: str) -> bool:
    """Whether a collation's name promises to ignore letter case: SQLite's NOCASE, MySQL's and
    SQL Server's `_ci` (cases U09, U10, U10c, U10d)."""
    name = collation.strip('"`[]').lower()
    return name == "nocase" or name.endswith("_ci") or "_ci_" in name


def exactly(demand: Demand, keys: Sequence[Key]) -> bool:
    """Whether one key counts just the columns of the demand."""
    return any(set(key.columns) == set(demand.columns) and not key.expressions for key in keys)
