"""What foreign keys make true of the rows that point, beside that their parent is there.

A row that points holds the values of its parent, so what the CHECKs of the parent's table say of
its key is true of the row too; to a table that can hold no row nothing points. Where every row
points at one of its own table that no other row points at, every row is pointed at.

It binds every writer only where the database checks the key (`Layer.DATABASE`), and holds at the
end of a transaction where the key is deferred.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec

from schemalint.condition.collations import compares_exactly
from schemalint.condition.facts import Facts
from schemalint.condition.terms import And, Column, Is, Literal, Not, Or, Term
from schemalint.context import Context
from schemalint.model import Check, Dialect, Field, ForeignKey, Layer, Model, ScalarType
from schemalint_rules.judging.parents import Parents

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

    `check` of the table `parent` says it; None where the key alone does. Where it says that no row
    is in `parent`, `empty` is true.
    """

    key: ForeignKey
    parent: Model
    given: Given
    check: Check | None = None
    empty: bool = False


class _Known:
    """What was worked out for one context."""

    def __init__(self, context: Context) -> None:
        models = context.schema.models
        self.parents = Parents(context.schema)
        self.checks = any(model.checks for model in models)
        self.heirs = {table for model in models for table in model.inherits}
        self.by_model: dict[str, tuple[Inherited, ...]] = {}


_KNOWN: WeakKeyDictionary[Context, _Known] = WeakKeyDictionary()


def inherited(model: Model, context: Context) -> tuple[Inherited, ...]:
    """What the foreign keys of `model` make true of its rows."""
    if not model.foreign_keys:
        return ()
    known = _KNOWN.get(context)
    if known is None:
        known = _KNOWN[context] = _Known(context)
    found = known.by_model.get(model.name)
    if found is None:
        known.by_model[model.name] = ()  # while it is worked out
        found = tuple(_Keys(model, context, known).say(()))
        known.by_model[model.name] = found
    return found


class _Keys:
    """The foreign keys of one table."""

    def __init__(self, model: Model, context: Context, known: _Known) -> None:
        self.model = model
        self.context = context
        self.known = known

    def say(self, seen: tuple[str, ...]) -> Iterator[Inherited]:
        """What they say, those of `seen` tables left out."""
        if self.model.table in self.known.heirs:
            return  # its rows are in other tables too, which have not its keys (F31b)
        for key in self.model.foreign_keys:
            parent = self.known.parents.of(key)
            if parent is None or not key.enforced or key.layer is not Layer.DATABASE:
                continue
            if parent.table == self.model.table and parent.schema == self.model.schema:
                yield from self._within(key)
            elif self.known.checks and len(seen) < _FARTHEST and parent.name not in seen:
                yield from self._from(key, parent, (*seen, self.model.name))

    # -- what the parent's checks say

    def _from(self, key: ForeignKey, parent: Model, seen: tuple[str, ...]) -> Iterator[Inherited]:
        if self._is_obscure(parent):
            return
        from schemalint.condition.decide import Given
        from schemalint_rules.judging.rows import Rows

        own = Rows(parent, self.context, Layer.DATABASE).checks
        further = tuple(_Keys(parent, self.context, self.known).say(seen))
        told: list[tuple[Given, Check | None, bool]]
        told = [(given, check, False) for check, given in own]
        told += [(one.given, one.check, one.empty) for one in further]
        if not told:
            return
        nowhere = self._nowhere(key)
        by = self._emptied(parent, [given for given, _, _ in told])
        if by is not None:
            check = next(check for given, check, _ in told if given is by)
            yield Inherited(key, parent, Given(nowhere), check, empty=True)
            return
        same = self._same(key, parent)
        for given, check, empty in told:
            for part in _conjuncts(given.term):
                if part.columns and set(part.columns) <= set(same) and not part.opaque:
                    said = part.rename(same.__getitem__)
                    either = said if nowhere == Literal(False) else Or((nowhere, said))
                    held = Given(either, passes_null=given.passes_null)
                    yield Inherited(key, parent, held, check, empty)

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

    def _same(self, key: ForeignKey, parent: Model) -> Mapping[str, str]:
        """The columns of the parent whose values the row that points holds, with its own."""
        dialect = self.context.dialect
        return {
            other.column: own.column
            for own, other in self.known.parents.ends(self.model, key)
            if same_values(own, other, dialect) and self._is_stored_alike(own, other, parent)
        }

    def _is_stored_alike(self, own: Field, other: Field, parent: Model) -> bool:
        """Whether SQLite keeps what it is given for the two columns in the same form."""
        if self.context.dialect is not Dialect.SQLITE:
            return True
        from schemalint.condition.values import affinity

        schema, dialect = self.context.schema, self.context.dialect
        here = Facts.of(self.model, schema, dialect=dialect).column(own.column)
        there = Facts.of(parent, schema, dialect=dialect).column(other.column)
        return here is not None and there is not None and affinity(here) == affinity(there)

    def _emptied(self, parent: Model, told: Sequence[Given]) -> Given | None:
        """One of those that let no row into the parent's table together; None if some row can be
        there, as far as is known."""
        from schemalint.condition.decide import satisfiable

        facts = Facts.of(parent, self.context.schema, dialect=self.context.dialect)
        left = list(told)
        while left:
            first = left.pop(0)
            together, columns = [first], set(first.term.columns)
            while near := [one for one in left if columns & set(one.term.columns)]:
                together += near
                left = [one for one in left if one not in near]
                columns.update(column for one in near for column in one.term.columns)
            if satisfiable(together, facts).answer is False:
                return first
        return None

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
        from schemalint.condition.decide import Given
        from schemalint_rules.judging.rows import Rows

        rows = Rows(self.model, self.context, Layer.DATABASE)
        if any(rows.nullable(own) for own, _ in ends):
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
    whole = own.type in _WHOLE and other.type in _WHOLE
    text = own.type is ScalarType.STRING and other.type is ScalarType.STRING
    alike = own.type is other.type and own.native.upper() == other.native.upper()
    exact = compares_exactly(own, dialect) and compares_exactly(other, dialect)
    return exact and (whole or text or alike) and own.enum == other.enum


def _conjuncts(term: Term) -> Iterator[Term]:
    """The parts of a condition that are each true where it is, and not false where it is not."""
    if isinstance(term, And):
        for part in term.terms:
            yield from _conjuncts(part)
    elif isinstance(term, Is) and term.value is True and isinstance(term.term, And):
        for part in _conjuncts(term.term):
            yield Is(part, True)
    else:
        yield term
