"""A change of a row as a condition: over what it was (OLD), what is stored (NEW), and what a
BEFORE trigger is given (GIVEN), which need not be what is stored.

Columns are named `OLD.status`, `NEW.status` and `GIVEN.status` in the terms and facts of this
module, so that one condition can speak of several rows. STANDING is a row that is in the way of
the new one (SQLite's REPLACE).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Literal as Choice

import msgspec

from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.terms import (
    And,
    Call,
    Column,
    Compare,
    Is,
    Literal,
    Not,
    Opaque,
    Or,
    Term,
)
from schemalint.context import Context
from schemalint.dialects.sqlite_rows import NUMBERS, rowid_alias
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint_rules.judging.rows.deferral import can_wait
from schemalint_rules.judging.rows.key_numbers import points_at_numbers
from schemalint_rules.judging.rows.parents_say import leaves_no_orphans
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.triggers.row_comparisons import spelt_out
from schemalint_rules.judging.values.exact_values import (
    BYTES,
    EXACT_FORMS,
    as_text,
    bytes_of,
    compares_exactly,
    is_bytes,
)

if TYPE_CHECKING:
    from schemalint.condition.decide import Decision, Given

Version = Choice["OLD", "NEW", "GIVEN", "STANDING"]

_VERSIONS: tuple[Version, ...] = ("OLD", "NEW", "GIVEN", "STANDING")
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


class RowVersions:
    """The versions of one row of `model` while it is changed, and what is known of them."""

    def __init__(self, model: Model, context: Context) -> None:
        self.model = model
        self.dialect = context.dialect
        self._rows = Rows(model, context, Layer.DATABASE)
        self._conditions: dict[tuple[str, str, bool, bool], Term] = {}

    @cached_property
    def facts(self) -> Facts:
        """What holds of each column of each version. What a BEFORE trigger is given can be NULL
        whatever the column says (see `substitute` in `trigger_guards`)."""
        columns: dict[str, ColumnFacts] = {}
        numbers = self._pointing_at_numbers
        for name, stored in self._rows.facts.columns.items():
            known = msgspec.structs.replace(stored, typed=stored.typed or name in numbers)
            lax = msgspec.structs.replace(known, nullable=True)
            exact = msgspec.structs.replace(known, ignore_case=False)
            for version in _VERSIONS:
                facts = lax if version == "GIVEN" else known
                columns[f"{version}.{name}"] = facts
                columns[f"{version}.{BYTES}{name}"] = msgspec.structs.replace(
                    exact, nullable=facts.nullable, native="", type=ScalarType.STRING
                )
        columns.update(dict.fromkeys([f"{one}.rowid" for one in _VERSIONS], _ROWID))
        return Facts(columns, self.dialect)

    @property
    def _pointing_at_numbers(self) -> set[str]:
        """Columns of numbers in which a foreign key of SQLite leaves no text. It has to be checked
        by the end of the statement, and no trigger may mend a row before that."""
        if self.dialect is not Dialect.SQLITE or not leaves_no_orphans(self.model):
            return set()
        waiting = {
            column
            for key in self.model.foreign_keys
            if can_wait(key, self.dialect)
            for column in key.columns
        }
        return {
            field.column
            for field in self.model.fields
            if field.type in NUMBERS
            and field.column not in waiting
            and points_at_numbers(field, self._rows)
        }

    # -- terms

    def column(self, field: Field, version: Version) -> Column:
        """The field in that version of the row."""
        return Column(f"{version}.{field.column}")

    def value(self, sql: str) -> Term:
        """A value that is written in SQL, over nothing."""
        return self._rows.expression(sql)

    def of_row(self, term: Term, version: Version) -> Term:
        """A condition over the columns of one row, as one over that version of it."""
        return term.rename(lambda name: f"{version}.{self._rows.facts.resolve(name)}")

    def in_trigger(self, sql: str, event: str, *, given: bool, standing: bool = False) -> Term:
        """The condition of a trigger.

        Args:
            sql: over OLD and NEW.
            event: for which it is asked: there is no OLD row in an INSERT, no NEW one in a DELETE.
            given: whether the trigger looks before the row is stored, so that NEW is GIVEN.
            standing: whether bare names are columns of the STANDING row, as in a query.
        """
        key = (sql, event, given, standing)
        if key not in self._conditions:
            term = spelt_out(self._rows.parsed(sql), self.model, self._rows.expression)
            new: Version = "GIVEN" if given else "NEW"
            self._conditions[key] = self._placed(term, event, new, standing)
        return self._conditions[key]

    def _placed(self, term: Term, event: str, new: Version, standing: bool) -> Term:
        """The term with each column in its version; an opaque part tells NEW from GIVEN."""
        if isinstance(term, Column):
            return self._placed_column(term, event, new, standing)
        if isinstance(term, Opaque):
            exact = self._exact_part(term, new)
            return exact or Opaque(term.text if new == "NEW" else f"{term.text} [GIVEN]")
        parts = tuple([self._placed(part, event, new, standing) for part in term.parts])
        if isinstance(term, Call) and term.function == "text":
            return self._as_text(parts[0]) or term.with_parts(parts)
        term = term if parts == term.parts else term.with_parts(parts)
        return self._compared_exactly(term) if isinstance(term, Compare) else term

    def _as_text(self, inner: Term) -> Term | None:
        """`OLD.email::text`, which is exact where citext itself is not."""
        name = inner.name.partition(".")[2] if isinstance(inner, Column) else ""
        field = self.model.column(name)
        if field is None or not isinstance(inner, Column) or not as_text(field, self.dialect):
            return None
        return bytes_of(inner)

    def _placed_column(self, term: Column, event: str, new: Version, standing: bool) -> Term:
        if not term.row and term.name.lower() == "tg_op":
            return Literal(event.upper())
        if (term.row, event) in (("old", "insert"), ("new", "delete")):
            return Literal(None)
        if not term.row and not standing:
            return Opaque(term.name)  # a variable, or a column of another table
        version: Version = "OLD" if term.row == "old" else new if term.row else "STANDING"
        name = self._rows.facts.resolve(term.name)
        if name.lower() in ("rowid", "_rowid_", "oid") and self.model.column(name) is None:
            name = self._rowid
        return Column(f"{version}.{name}")

    @property
    def _rowid(self) -> str:
        """SQLite's row id goes by the name of the INTEGER PRIMARY KEY, where there is one."""
        key = rowid_alias(self.model) if self.dialect is Dialect.SQLITE else None
        return key.column if key is not None else "rowid"

    # -- whether a value was changed

    def differs(self, field: Field, old: Version = "OLD", new: Version = "NEW") -> Term:
        """Whether the two versions hold different values; NULL is a value here.

        To a comparison that ignores letter case, accents or trailing blanks, some different texts
        are equal (I13d, I13e): there it is the bytes that count.
        """
        left, right = self.column(field, old), self.column(field, new)
        if compares_exactly(field, self.dialect):
            return Compare("is distinct from", left, right)
        return Compare("is distinct from", bytes_of(left), bytes_of(right))

    def same_bytes(self, fields: Iterable[Field]) -> list[Given]:
        """What binds the bytes of texts to the texts: both are NULL or neither is, and equal bytes
        are equal texts."""
        from schemalint.condition.decide import Given

        found: list[Given] = []
        for field in fields:
            if compares_exactly(field, self.dialect):
                continue
            old, new = self.column(field, "OLD"), self.column(field, "NEW")
            for column in (old, new):
                empty, hollow = Is(column, None), Is(bytes_of(column), None)
                both = Or((And((empty, hollow)), And((Not(empty), Not(hollow)))))
                found.append(Given(both))
            same = Compare("is not distinct from", old, new)
            found.append(Given(Or((same, self.differs(field)))))
        return found

    def _exact_part(self, term: Opaque, new: Version) -> Term | None:
        """`CAST(OLD.s AS BINARY)`, `BINARY OLD.s`, `OLD.s COLLATE utf8mb4_bin`."""
        match = EXACT_FORMS.fullmatch(term.text.strip())
        if match is None:
            return None
        name = next(one for one in (match["cast"], match["prefix"], match["collated"]) if one)
        version, _, column = name.partition(".")
        field = self.model.column(self._rows.facts.resolve(column.strip('"`')))
        if field is None:
            return None
        placed = self.column(field, "OLD" if version.upper() == "OLD" else new)
        return placed if compares_exactly(field, self.dialect) else bytes_of(placed)

    def _compared_exactly(self, term: Compare) -> Term:
        """One operand that is compared by its bytes makes the other one so too."""
        sides = (term.left, term.right)
        if not any(map(is_bytes, sides)):
            return term
        left, right = (
            bytes_of(one) if isinstance(one, Column) and not is_bytes(one) else one for one in sides
        )
        return Compare(term.operator, left, right)

    # -- decisions

    def follows(self, given: Sequence[Term | Given], wanted: Term) -> Decision:
        """Whether `wanted` is true of every change for which all of `given` are; the CHECKs hold
        of the row before and after it."""
        from schemalint.condition.decide import Decision, Given, follows

        facts = [one if isinstance(one, Given) else Given(one) for one in given]
        if self._plainly({_canonical(one.term) for one in facts if not one.passes_null}, wanted):
            return Decision(True)
        named = {column for one in facts for column in one.term.columns} | set(wanted.columns)
        return follows([*facts, *self._checks(named)], wanted, self.facts)

    def _plainly(self, known: set[Term], wanted: Term) -> bool:
        """Whether `wanted` is among what is known, or put together from it: a guard over many
        columns mostly says just what was asked of one."""
        if isinstance(wanted, Or):
            return any(self._plainly(known, one) for one in wanted.terms)
        if isinstance(wanted, And):
            return all(self._plainly(known, one) for one in wanted.terms)
        wanted = _canonical(wanted)
        if wanted in known or wanted == Literal(True):
            return True
        there = (
            wanted.term.term if isinstance(wanted, Not) and isinstance(wanted.term, Is) else None
        )
        if not isinstance(there, Column) or wanted != Not(Is(there, None)):
            return False
        facts = self.facts.column(there.name)
        return facts is not None and not facts.nullable

    def possible(self, given: Sequence[Term | Given]) -> bool | None:
        """Whether a change exists for which all of `given` are true; None: not known."""
        return self.example(given).answer

    def example(self, given: Sequence[Term | Given]) -> Decision:
        """The same, with the values of such a change."""
        from schemalint.condition.decide import Given, satisfiable

        facts = [one if isinstance(one, Given) else Given(one) for one in given]
        named = {column for one in facts for column in one.term.columns}
        return satisfiable([*facts, *self._checks(named)], self.facts)

    def _tied(self, columns: set[str], terms: Sequence[Term]) -> set[str]:
        """The columns, and those that conditions tie to them."""
        while True:
            found = set(columns)
            for term in terms:
                read = {self._rows.facts.resolve(name) for name in term.columns}
                found |= read if read & found and not term.opaque else set()
            if found == columns:
                return found
            columns = found

    def _checks(self, named: set[str]) -> list[Given]:
        """The CHECKs that speak of the columns named, for each stored version of the row."""
        from schemalint.condition.decide import Given

        found: list[Given] = []
        # A trigger may mend a row before the key is checked.
        sure = leaves_no_orphans(self._rows.model)
        at_once = [
            one.given
            for one in self._rows.inherited
            if not can_wait(one.key, self.dialect)
            and (one.owner.table == one.key.table or (one.check is None and sure))
        ]
        for version in ("OLD", "NEW", "STANDING"):
            prefix = f"{version}."
            columns = {name.removeprefix(prefix) for name in named if name.startswith(prefix)}
            for given in self._rows.about(columns, at_once):
                whole = given.term
                # Of what is computed, some is told where the value is not (of NULL).
                parts = whole.terms if isinstance(whole, And) and whole.opaque else (whole,)
                found += [
                    Given(self.of_row(part, version), given.passes_null)
                    for part in parts
                    if not part.opaque
                ]
        return found


_ROWID = ColumnFacts(ScalarType.BIGINT, nullable=False, native="INTEGER")


def _canonical(term: Term) -> Term:
    """One spelling for the ways to say that two values differ, NULL being a value."""
    if isinstance(term, Not) and isinstance(term.term, Compare):
        inner = term.term
        if inner.operator == "is not distinct from":
            term = Compare("is distinct from", inner.left, inner.right)
    if not isinstance(term, Compare) or term.operator != "is distinct from":
        return term
    left, right = sorted((term.left, term.right), key=str)
    for one, other in ((left, right), (right, left)):
        if one == Literal(None):
            return Not(Is(other, None))
    return Compare("is distinct from", left, right)
