"""What foreign keys make true of the rows that point, beside that their parent is there.

A row that points holds the values of its parent, so what the CHECKs of the parent's table say of
its key is true of the row too. Where every row points at one of its own table that no other row
points at, every row is pointed at. A key with MATCH FULL takes NULL in all of its columns or in
none.

It binds every writer only where the database checks the key (`Layer.DATABASE`), and holds at the
end of a transaction where the key is deferred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec

from schemalint.condition.collations import compares_exactly
from schemalint.condition.facts import ColumnFacts
from schemalint.condition.terms import And, Column, Compare, In, Is, Literal, Not, Or, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Check, Dialect, Field, ForeignKey, Layer, Model, ScalarType
from schemalint_rules.judging.rows.parents import Parents

if TYPE_CHECKING:
    from schemalint.condition.decide import Given

_FARTHEST = 4
"""How many keys in a row are followed: from a table to its parent, to the parent of that, ..."""

_REFUSING = ("raises", "raises-if", "nothing")

_WHOLE = (ScalarType.INT, ScalarType.BIGINT)
_SAME_IF_EQUAL = frozenset(
    {
        *_WHOLE,
        ScalarType.STRING,
        ScalarType.UUID,
        ScalarType.BOOLEAN,
        ScalarType.DATE,
        ScalarType.DATETIME,
        ScalarType.ENUM,
    }
)
"""Types whose equal values are the same value, if nothing is said of letters: not 1.0 and 1.00."""


class Inherited(msgspec.Struct, frozen=True):
    """Something that is true of every row, thanks to a foreign key.

    `check` of the table `owner`, to which the key leads at once or by way of others, says it; None
    where the key alone does, `by` what it asks.
    """

    key: ForeignKey
    owner: Model
    given: Given
    check: Check | None = None
    by: str = "needs a row of its own for each to point at"


class _Told(msgspec.Struct, frozen=True):
    """Something that is true of every row of a parent, and the CHECK of some table that says it."""

    given: Given
    check: Check
    owner: Model


class Tables:
    """The tables of one context, and what their foreign keys say as far as it was asked.

    Attributes:
        parents: finds the table that a key points at.
        heirs: tables (physical names) from which others inherit.
    """

    def __init__(self, context: Context) -> None:
        models = context.schema.models
        self.parents = Parents(context.schema)
        self.heirs = {table for model in models for table in model.inherits}
        self.checks = any(model.checks for model in models)
        self.by_model: dict[tuple[str, int], tuple[Inherited, ...]] = {}
        self.told: dict[tuple[str, int], tuple[_Told, ...]] = {}


_KNOWN: WeakKeyDictionary[Context, Tables] = WeakKeyDictionary()


def tables(context: Context) -> Tables:
    """The tables of a context."""
    known = _KNOWN.get(context)
    if known is None:
        known = _KNOWN[context] = Tables(context)
    return known


def inherited(model: Model, context: Context, *, far: int = _FARTHEST) -> tuple[Inherited, ...]:
    """What the foreign keys of `model` make true of its rows: those of so many tables one behind
    the other."""
    if not model.foreign_keys or not far:
        return ()
    known = tables(context)
    asked = (model.name, far)
    if asked not in known.by_model:
        known.by_model[asked] = tuple(_Keys(model, context, known, far).say())
    return known.by_model[asked]


class _Keys:
    """The foreign keys of one table."""

    def __init__(self, model: Model, context: Context, known: Tables, far: int) -> None:
        self.model = model
        self.context = context
        self.known = known
        self.far = far

    def say(self) -> Iterator[Inherited]:
        """What they say."""
        if self.model.table in self.known.heirs:
            return  # its rows are in other tables too, which have not its keys (F31b)
        for key in self.model.foreign_keys:
            parent = self.known.parents.of(key)
            if parent is None or not key.enforced or key.layer is not Layer.DATABASE:
                continue
            if parent is self.model:
                yield from self._within(key)
            if key.match == "full":
                yield from self._whole(key)
            if self.known.checks:
                yield from self._from(key, parent)

    # -- what the parent's checks say

    def _from(self, key: ForeignKey, parent: Model) -> Iterator[Inherited]:
        yield from self._from_none(key, parent)
        told = self._told(parent) if _may_say(parent, key.references) else ()
        if not told:
            return
        from schemalint.condition.decide import Given

        nowhere = self._nowhere(key)
        same, equal = self._same(key), self._equal(key)
        both = {**same, **equal}
        for one in told:
            for part in _conjuncts(one.given.term):
                known = bool(part.columns) and set(part.columns) <= set(both) and not part.opaque
                if known and only_compared(part, equal):
                    said = part.rename(both.__getitem__)
                    either = said if nowhere == Literal(False) else Or((nowhere, said))
                    held = Given(either, passes_null=one.given.passes_null)
                    yield Inherited(key, one.owner, held, one.check)

    def _from_none(self, key: ForeignKey, parent: Model) -> Iterator[Inherited]:
        """That a row points nowhere, where there never is one to point at."""
        bound = parent.checks or parent.foreign_keys
        if not bound or parent is self.model or self._is_obscure(parent):
            return
        from schemalint.condition.decide import Given
        from schemalint_rules.judging.rows.empty_tables import holds_none

        if holds_none(parent, self.context):
            by = f"leads to `{parent.name}`, which can hold no row"
            yield Inherited(key, self.model, Given(self._nowhere(key)), by=by)

    def _told(self, parent: Model) -> tuple[_Told, ...]:
        """What is true of every row of a parent."""
        asked = (parent.name, self.far)
        if asked not in self.known.told:
            self.known.told[asked] = tuple(self._telling(parent))
        return self.known.told[asked]

    def _telling(self, parent: Model) -> Iterator[_Told]:
        if self._is_obscure(parent):
            return
        from schemalint_rules.judging.rows.rows import Rows

        rows = Rows(parent, self.context, Layer.DATABASE)
        told = [_Told(given, check, parent) for check, given in rows.checks]
        further = inherited(parent, self.context, far=self.far - 1)
        told += [_Told(one.given, one.check, one.owner) for one in further if one.check is not None]
        yield from told

    def _is_obscure(self, parent: Model) -> bool:
        """Whether something was not understood that could take a CHECK of the parent's away."""
        concerning = (
            one
            for one in self.context.schema.opaque
            if not one.tables or parent.table in one.tables
        )
        return any(one.removes for one in (*parent.opaque, *concerning))

    def _nowhere(self, key: ForeignKey) -> Term:
        """That a row points nowhere: one NULL is enough (F06)."""
        fields = [self.model.column(column) for column in key.columns]
        nulls = [Is(Column(one.column), None) for one in fields if one is not None and one.nullable]
        return Or(tuple(nulls)) if len(nulls) > 1 else nulls[0] if nulls else Literal(False)

    def _same(self, key: ForeignKey) -> Mapping[str, str]:
        """The columns of the parent whose values the row that points holds, with its own."""
        dialect = self.context.dialect
        return {
            other.column: own.column
            for own, other in self.known.parents.ends(self.model, key)
            if same_values(own, other, dialect)
        }

    def _equal(self, key: ForeignKey) -> Mapping[str, str]:
        """Those of text that the row holds in other letters, perhaps, and that both tables compare
        alike (MySQL demands it of the columns of a key: documented)."""
        dialect = self.context.dialect
        return {
            other.column: own.column
            for own, other in self.known.parents.ends(self.model, key)
            if _compare_alike(own, other) and not same_values(own, other, dialect)
        }

    # -- keys that take all values or none

    def _whole(self, key: ForeignKey) -> Iterator[Inherited]:
        """That none of the columns is NULL, or all are (F06b, F06c)."""
        fields = [self.model.column(column) for column in key.columns]
        known = [field for field in fields if field is not None]
        full = capability(self.context.dialect, Construct.MATCH_FULL).holds is True
        if not full or len(known) < len(fields):
            return
        from schemalint.condition.decide import Given

        nulls = [Is(Column(field.column), None) for field in known if field.nullable]
        filled: list[Term] = [Not(one) for one in nulls]
        if len(nulls) < len(known):
            terms = filled
        else:
            terms = [Or((And(tuple(nulls)), And(tuple(filled))))] if len(nulls) > 1 else []
        for term in terms:
            by = "takes NULL in all of its columns or in none"
            yield Inherited(key, self.model, Given(term), by=by)

    # -- keys to the table itself

    def _within(self, key: ForeignKey) -> Iterator[Inherited]:
        """As many rows are pointed at as point: all of them, so that none lacks what is pointed
        at. Not where a trigger may leave rows that point at nothing (I15b)."""
        ends = self.known.parents.ends(self.model, key)
        lacking = [other for _, other in ends if other.nullable]
        exact = all(same_values(own, other, self.context.dialect) for own, other in ends)
        whole = len(ends) == len(key.columns)
        sure = leaves_no_orphans(self.model)
        if not (lacking and exact and whole and sure and self._one_to_one(key)):
            return
        from schemalint.condition.decide import Given, follows
        from schemalint_rules.judging.rows.rows import Rows

        rows = Rows(self.model, self.context, Layer.DATABASE)
        checks = [given for _, given in rows.checks]
        for own, _ in ends:
            filled = Not(Is(Column(own.column), None))
            if own.nullable and follows(checks, filled, rows.facts).answer is not True:
                return
        for field in lacking:
            yield Inherited(key, self.model, Given(Not(Is(Column(field.column), None))))

    def _one_to_one(self, key: ForeignKey) -> bool:
        """Whether no two rows hold the same values in the key's columns."""
        for unique in self.model.keys:
            whole = getattr(unique, "where", None) is None and not unique.expressions
            plain = all(part.length is None and part.collation is None for part in unique.parts)
            binding = whole and plain and unique.layer is Layer.DATABASE
            if binding and set(unique.columns) <= set(key.columns):
                return True
        return False


def _may_say(parent: Model, columns: tuple[str, ...]) -> bool:
    """Whether a parent could say something of what is pointed at, at first sight."""
    if parent.partition_of is not None:
        return True
    names = [column.lower() for column in columns]
    texts = (check.expression.lower() for check in parent.checks)
    onward = (set(key.columns) & set(columns) for key in parent.foreign_keys)
    return any(name in text for text in texts for name in names) or any(onward)


def leaves_no_orphans(model: Model) -> bool:
    """Whether no trigger could undo what a foreign key does to rows of the table, which leaves them
    without a parent (I15b)."""
    return all(one.effect in _REFUSING for one in model.triggers)


def same_values(own: Field, other: Field, dialect: Dialect) -> bool:
    """Whether values of two columns are the same where a foreign key takes them for equal."""
    if own.list or other.list or own.type not in _SAME_IF_EQUAL:
        return False
    if dialect in (Dialect.MYSQL, Dialect.MARIADB) and own.type in (
        ScalarType.UUID,
        ScalarType.ENUM,
    ):
        return False  # texts under some collation, or numbers by the order of the values
    if dialect is Dialect.SQLITE and _affinity(own) != _affinity(other):
        return False  # it keeps what it is given in two forms, and compares them in one
    whole = own.type in _WHOLE and other.type in _WHOLE
    text = own.type is ScalarType.STRING and other.type is ScalarType.STRING
    alike = own.type is other.type and own.native.upper() == other.native.upper()
    exact = compares_exactly(own, dialect) and compares_exactly(other, dialect)
    return exact and (whole or text or alike) and own.enum == other.enum


def _compare_alike(own: Field, other: Field) -> bool:
    """Whether two columns are texts of one type under one collation."""
    texts = own.type is ScalarType.STRING and other.type is ScalarType.STRING
    plain = not own.list and not other.list and own.enum == other.enum
    alike = own.collation == other.collation and own.ignore_case == other.ignore_case
    names = {one.native.upper().partition("(")[0] for one in (own, other)}  # CHAR is padded
    return texts and plain and alike and len(names) == 1


def only_compared(term: Term, columns: Collection[str]) -> bool:
    """Whether a term says of each of the columns only how it compares with texts: so it says the
    same of all values that are equal to the column."""
    if isinstance(term, Column):
        return term.name not in columns
    rest = term.parts
    if isinstance(term, (In, Compare)):
        sides = (term.term, *term.values) if isinstance(term, In) else (term.left, term.right)
        rest = tuple([one for one in sides if not isinstance(one, Column)])
        texts = all(isinstance(one, Literal) and isinstance(one.value, str) for one in rest)
        if len(rest) == len(sides) or not texts:
            rest = sides
    elif isinstance(term, Is) and term.value is None and isinstance(term.term, Column):
        rest = ()
    return all(only_compared(part, columns) for part in rest)


def _affinity(field: Field) -> str:
    from schemalint.condition.values import affinity

    return affinity(ColumnFacts(field.type, native=field.native.upper()))


def _conjuncts(term: Term) -> Iterator[Term]:
    """The parts of a condition that are each true where it is, and not false where it is not."""
    whole = term.term if isinstance(term, Is) and term.value is True else term
    if isinstance(whole, And):
        parts: tuple[Term, ...] = whole.terms
    elif isinstance(whole, Not) and isinstance(whole.term, Or):
        parts = tuple([Not(one) for one in whole.term.terms])
    else:
        yield term
        return
    for part in parts:
        yield from _conjuncts(Is(part, True) if whole is not term else part)
