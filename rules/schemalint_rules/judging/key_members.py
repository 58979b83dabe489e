"""Whether two rows that a demand forbids are equal in a member of a key, or escape it."""

from __future__ import annotations

import re
from typing import Literal as Choice

import msgspec

from schemalint.condition.collations import ignores_case
from schemalint.condition.terms import Call, Column, Compare, Is, Literal, Term
from schemalint.model import Dialect, Field, KeyPart, ScalarType, Unique
from schemalint_rules.judging.demand import Case, Demand, Key, Undecided
from schemalint_rules.judging.row_conditions import literals
from schemalint_rules.judging.rows import Rows
from schemalint_rules.wording.describing import listed, logical

Escape = tuple[Choice["members", "null", "case"], str]
"""How two forbidden rows escape a member: they can differ in it, it is NULL in both, or it tells
letter case apart; and that in words."""

_BY_TYPE, _BY_LOWER = "case-insensitive-type-non-ascii", "unique-lower-non-ascii"
"""Constructs of the capability table: what ignores letter case beyond A to Z."""

_ONLY_ASCII = "it folds the letters A to Z only, so `É` and `é` are two values to it"
_FOLDED: tuple[Choice["lower", "upper"], ...] = ("lower", "upper")
_PASSING = ("trim", "coalesce", "text", *_FOLDED)
_BYTEWISE = re.compile(
    r'\b(?:lower|upper)\s*\([^()]*\bCOLLATE\s+"?(?:C|POSIX|ucs_basic)"?\s*\)', re.I
)


class Members:
    """The members of a model's keys, for one demand."""

    def __init__(self, demand: Demand, rows: Rows) -> None:
        self.demand = demand
        self.rows = rows
        self.model = demand.model

    def escape(self, key: Key, part: KeyPart, case: Case) -> Escape | None:
        """Why two rows of `case` can differ in a member, or escape it by a NULL.

        Raises:
            Undecided: the member is not understood.
        """
        if part.expression is not None:
            return self._expression(part.expression, key, part, case)
        assert part.column is not None
        field = self.model.column(part.column)
        if field is None or field.generated is None or field in self.demand.fields:
            return self._column(part.column, field, key, part, case)
        collation = part.collation or field.collation
        if field.ignore_case and part.collation is None:
            collation = _FOLDING
        computed = msgspec.structs.replace(part, collation=collation)
        return self._expression(field.generated.expression, key, computed, case)

    def reads(self, expression: str) -> set[str]:
        """The columns that a member which is an expression reads."""
        return set(self.rows.expression(expression).columns)

    def nulls_agree(self, key: Key) -> bool:
        """Whether two rows with NULL in a member can be equal to `key`."""
        if isinstance(key, Unique) and key.nulls == "equal":
            return True
        return self._has("unique-refuses-second-null") is True

    def _has(self, construct: str) -> bool | None:
        """What the database makes of a construct; the table is read only where it is needed."""
        from schemalint.dialects import Construct, capability

        return capability(self.rows.dialect, Construct(construct)).holds

    # -- columns

    def _column(
        self, column: str, field: Field | None, key: Key, part: KeyPart, case: Case
    ) -> Escape | None:
        name = field.name if field is not None else column
        if column not in self.demand.columns:
            return self._further(column, field, key, case)
        if column in case.null:
            return None if self.nulls_agree(key) else ("null", _lacking(name))
        if self.demand.ignore_case and field is not None and is_text(field, self.rows.dialect):
            plain = part.collation is None and not field.ignore_case
            if plain and self._pinned(column, case):
                return None  # the condition leaves it one spelling only
            return self._folds(field, key, part, case)
        return None

    def _further(self, column: str, field: Field | None, key: Key, case: Case) -> Escape | None:
        """A member that the demand does not name: harmless only if it is the same in all rows."""
        name = field.name if field is not None else column
        if self._pinned(column, case):
            always_null = Is(Column(column), None)
            is_null = self.rows.implied(case.given, always_null) is True
            if not is_null or self.nulls_agree(key):
                return None
            return "members", (
                f"it also counts `{name}`, which is NULL in every row that the rule speaks of; "
                "NULLs never agree, so it never finds two of these rows equal"
            )
        agreeing = listed(logical(self.model, self.demand.columns))
        reason = f"it also counts `{name}`: rows with the same {agreeing} pass if `{name}` differs"
        if field is not None and self.rows.nullable(field) and not self.nulls_agree(key):
            reason += ", or if it is NULL, because NULLs never agree"
        return "members", reason

    def _pinned(self, column: str, case: Case) -> bool:
        """Whether all rows of the case have the same value, or all NULL, in a column."""
        facts = self.rows.facts.column(column)
        if facts is not None and not facts.nullable and len(facts.values or ()) == 1:
            return True
        if not self.rows.speak_of(column, case.given):
            return False
        return self._constant(Column(column), case)

    def _constant(self, term: Term, case: Case) -> bool:
        """Whether a term has the same value in all rows of the case, or is NULL in all."""
        values = (
            Compare("=", term, literal)
            for literal in (*literals((*case.given, term)), Literal(True), Literal(False))
        )
        return any(
            self.rows.implied(case.given, wanted) is True for wanted in (Is(term, None), *values)
        )

    def _folds(self, field: Field, key: Key, part: KeyPart, case: Case) -> Escape | None:
        """Whether two values that differ in letter case only are one value to a text member."""
        by_collation: bool | None = field.ignore_case
        if part.collation is not None or (field.collation is not None and not field.ignore_case):
            by_collation = ignores_case(part.collation or field.collation, self.rows.dialect)
        if by_collation is None and not (isinstance(key, Unique) and key.ignore_case):
            raise Undecided(
                f"it is not known whether the collation `{part.collation or field.collation}` "
                "ignores letter case"
            )
        if by_collation is not False:
            return self._beyond_ascii(_BY_TYPE)
        column = Column(field.column)
        for function in _FOLDED:
            folded = Compare("=", column, Call(function, (column,)))
            if self.rows.implied(case.given, folded) is True:
                return self._beyond_ascii(_BY_LOWER)
        return "case", f"to it, `{field.name}` in capitals is another value"

    def _beyond_ascii(self, construct: str) -> Escape | None:
        """Whether a way to fold letters folds more than A to Z."""
        folds = self._has(construct)
        if folds is None:
            raise Undecided(f"it is not known which letters {self.rows.dialect} folds")
        return None if folds else ("case", _ONLY_ASCII)

    # -- expressions

    def _expression(self, expression: str, key: Key, part: KeyPart, case: Case) -> Escape | None:
        term = self.rows.expression(expression)
        own = set(term.columns) & set(self.demand.columns)
        further = [
            column
            for column in term.columns
            if column not in own and not self._pinned(column, case)
        ]
        if further and not term.opaque and self._constant(term, case):
            further = []  # `CASE WHEN deleted_at IS NULL THEN 1 END` among live rows
        if further and not own:
            return "members", f"it counts `{expression}`, which other values decide"
        if self.demand.ignore_case and _BYTEWISE.search(expression):
            return "case", "under the collation C, lower() folds the letters A to Z only"
        if term.opaque:
            raise Undecided(f"it counts an expression that is not understood: `{expression}`")
        if further:
            raise Undecided(
                f"it counts `{expression}`, which can differ between rows that agree on "
                f"{listed(logical(self.model, self.demand.columns))}"
            )
        if self.rows.can_be_null(term, case.given) and not self.nulls_agree(key):
            if set(term.columns) <= case.null:
                return "null", _lacking(listed(logical(self.model, term.columns)).strip("`"))
            if self.rows.implied(case.given, Is(term, None)):
                return "members", (
                    f"it counts `{expression}`, which is NULL in every row that the rule speaks of"
                )
            raise Undecided(f"it cannot be told for which rows `{expression}` is NULL")
        if not self.demand.ignore_case or not self._has_letters(term):
            return None
        return self._folds_expression(expression, term, part)

    def _has_letters(self, term: Term) -> bool:
        """Whether a text column is read, so that letter case can decide the value."""
        fields = (self.model.column(column) for column in term.columns)
        return any(field is not None and is_text(field, self.rows.dialect) for field in fields)

    def _folds_expression(self, expression: str, term: Term, part: KeyPart) -> Escape | None:
        if part.collation is not None:
            if part.collation == _FOLDING or ignores_case(part.collation, self.rows.dialect):
                return self._beyond_ascii(_BY_TYPE)
            if part.collation.strip('"').upper() in ("C", "POSIX"):
                return "case", f"under the collation {part.collation} lower() folds ASCII only"
        if self._folded(term):
            return self._beyond_ascii(_BY_LOWER)
        if isinstance(term, Column):
            return "case", f"to it, `{expression}` in capitals is another value"
        raise Undecided(f"it cannot be told whether `{expression}` ignores letter case")

    def _folded(self, term: Term) -> bool:
        """Whether lower() or upper() stands around every text column of a term, with nothing but
        what keeps letters between them."""
        if isinstance(term, Column):
            field = self.model.column(term.name)
            return field is not None and not is_text(field, self.rows.dialect)
        if isinstance(term, Literal):
            return True
        if isinstance(term, Call) and term.function in _FOLDED:
            inner = [part for argument in term.arguments for part in argument.walk()]
            return all(
                isinstance(part, (Column, Literal))
                or (isinstance(part, Call) and part.function in _PASSING)
                for part in inner
            )
        return (
            isinstance(term, Call)
            and term.function in _PASSING
            and all(self._folded(part) for part in term.parts)
        )


_FOLDING = "_ci"
"""Stands for the collation of a generated column that ignores letter case by its type."""


def _lacking(name: str) -> str:
    return f"NULLs never agree, so any number of rows without `{name}` pass"


def is_text(field: Field, dialect: Dialect) -> bool:
    """Whether letter case can tell two values of the column apart.

    A UUID is none where the database has such a type (U31b). Text is stored in columns of bytes
    too, except by PostgreSQL, and compared as bytes.
    """
    native = field.native.upper()
    if native.startswith(("UUID", "UNIQUEIDENTIFIER")):
        return dialect is Dialect.SQLITE
    if field.type is ScalarType.BYTES:
        return dialect is not Dialect.POSTGRESQL
    return field.type in (ScalarType.STRING, ScalarType.UNSUPPORTED)
