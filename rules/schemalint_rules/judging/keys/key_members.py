"""Whether two rows that a demand forbids are equal in a member of a key, or escape it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal as Choice

import msgspec

from schemalint.condition.characters import is_in_one_case
from schemalint.condition.collations import bare, compares_exactly, ignores_case, stores_text
from schemalint.condition.terms import Call, Column, Compare, In, Is, Literal, Not, Opaque, Term
from schemalint.condition.values import POSTGRES_LIKE
from schemalint.model import Dialect, Field, ForeignKey, KeyPart, ScalarType, Unique
from schemalint_rules.judging.conditions.row_conditions import literals
from schemalint_rules.judging.keys.demand import Case, Demand, Key, Undecided
from schemalint_rules.judging.rows.parents_say import tables
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.values.exact_values import has_one_text
from schemalint_rules.wording.describing import listed, logical

Escape = tuple[Choice["members", "null", "case"], str]
"""How two forbidden rows escape a member: they can differ in it, it is NULL in both, or it tells
letter case apart; and that in words."""

_WITHOUT_CASE = re.compile(r"(INT[48]|NUM|TS|TSTZ|DATE)(MULTI)?RANGE\b|INET\b|CIDR\b|(VAR)?BIT\b")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_BY_TYPE, _BY_LOWER = "case-insensitive-type-non-ascii", "unique-lower-non-ascii"
"""Constructs of the capability table: what ignores letter case beyond A to Z."""

_ONLY_ASCII = "it folds the letters A to Z only, so `É` and `é` are two values to it"
_FOLDED: tuple[Choice["lower", "upper"], ...] = ("lower", "upper")
_PASSING = ("trim", "coalesce", "text", *_FOLDED)
_BYTEWISE = re.compile(
    r'\b(?:lower|upper)\s*\([^()]*\bCOLLATE\s+"?(?:C|POSIX|ucs_basic)"?\s*\)', re.I
)

_UNDER_C: Escape = ("case", "under the collation C, lower() folds the letters A to Z only")


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
            return self._further(column, field, key, part, case)
        if column in case.null:
            return self._lacks(column, field, key, name)
        if self.demand.ignore_case and field is not None and is_text(field, self.rows.dialect):
            plain = part.collation is None and not field.ignore_case
            if plain and self._pinned(column, case):
                return None  # the condition leaves it one spelling only
            if self._is_of_one_parent(column, case):
                return None
            return self._folds(field, key, part, case)
        return None

    def _lacks(self, column: str, field: Field | None, key: Key, name: str) -> Escape | None:
        """Whether rows with NULL in a member of the demand escape the key."""
        if self.nulls_agree(key):
            return None
        computed = field is not None and field.generated is not None
        if computed and self.rows.decide(Not(Is(Column(column), None))).answer is None:
            raise Undecided(f"whether `{name}` is ever computed to be NULL is not known")
        return "null", _lacking(name)

    def _further(
        self, column: str, field: Field | None, key: Key, part: KeyPart, case: Case
    ) -> Escape | None:
        """A member that the demand does not name: harmless only if it is the same in all rows."""
        name = field.name if field is not None else column
        own = field.collation if field is not None else None
        alike = own is not None and bare(part.collation or "").lower() == bare(own).lower()
        own_way = part.collation is None or alike or self._exact(column)
        if self._pinned(column, case, exactly=not own_way):
            always_null = Is(Column(column), None)
            is_null = self.rows.implied(case.given, always_null) is True
            if not is_null or self.nulls_agree(key):
                return None
            return "members", (
                f"it also counts `{name}`, which is NULL in every row that the rule speaks of; "
                "NULLs never agree, so it never finds two of these rows equal"
            )
        if self._is_of_one_parent(column, case) or (own_way and self._has_one_value(column, case)):
            return None
        same = self._same_in_both(Column(column), case) if self._tied(Column(column)) else False
        if same and own_way:
            there = self.rows.implied(case.given, Not(Is(Column(column), None)))
            if there or self.nulls_agree(key):
                return None
            if there is None:
                raise Undecided(
                    f"it also counts `{name}`, and whether that can be NULL is not known"
                )
            return "members", f"it also counts `{name}`, which can be NULL; NULLs never agree"
        if same is None:
            raise Undecided(f"it also counts `{name}`, which a check ties to what the rule names")
        lacks = field is not None and self.rows.nullable(field) and not self.nulls_agree(key)
        tying = [one for one in self.model.foreign_keys if self._may_lead_to_one(one, column)]
        if any(one.match == "full" or not lacks for one in tying):  # NULL frees it of the others
            raise Undecided(
                f"it also counts `{name}`, which a foreign key ties to what the rule names"
            )
        agreeing = listed(logical(self.model, self.demand.columns))
        reason = f"it also counts `{name}`: rows with the same {agreeing} pass if `{name}` differs"
        if lacks:
            reason += ", or if it is NULL, because NULLs never agree"
        return "members", reason

    def _is_of_one_parent(self, column: str, case: Case) -> bool:
        """Whether a foreign key leaves a column one value, as there is one row to point at."""
        if not self.model.foreign_keys:
            return False
        from schemalint_rules.judging.keys.room import one_parent

        return one_parent(column, case, self.demand, self.rows) is not None

    def _has_one_value(self, column: str, case: Case) -> bool:
        """Whether PostgreSQL's EXCLUDE lets no two rows differ in a column."""
        if not self.model.exclusions:
            return False
        from schemalint_rules.judging.keys.room import one_value

        return one_value(column, case, self.demand, self.rows) is not None

    def _may_lead_to_one(self, reference: ForeignKey, column: str) -> bool:
        """Whether a foreign key may leave a column one value, as the columns of the demand in it
        name one row of the other table already."""
        parent = tables(self.rows.context).parents.of(reference)
        if parent is None or column not in reference.columns or not reference.enforced:
            return False
        return any(self._named_by(reference, key) for key in parent.keys)

    def _named_by(self, reference: ForeignKey, key: Key) -> bool:
        """Whether a key of the other table is over what the demand names of a foreign key."""
        pairs = zip(reference.columns, reference.references, strict=False)
        known = {there for own, there in pairs if own in self.demand.columns}
        whole = getattr(key, "where", None) is None and not key.expressions
        return whole and set(key.columns) <= known

    def _exact(self, column: str) -> bool:
        """Whether values of a column that are equal to the database are the same value."""
        field = self.model.column(column)
        return field is not None and compares_exactly(field, self.rows.dialect)

    def _tied(self, term: Term) -> bool:
        """Whether anything that holds of rows ties a term to the fields of the demand."""
        return bool(set(term.columns) & self.rows.related(self.demand.columns))

    def _pinned(self, column: str, case: Case, *, exactly: bool = False) -> bool:
        """Whether all rows of the case have the same value, or all NULL, in a column; `exactly`:
        the very same, and not one that the column's collation takes for it."""
        facts = self.rows.facts.column(column)
        if facts is not None and not facts.nullable and len(facts.values or ()) == 1:
            return True
        if not self.rows.speak_of(column, case.given):
            return False
        if exactly and not self._exact(column):
            return self.rows.implied(case.given, Is(Column(column), None)) is True
        return self._constant(Column(column), case)

    def _constant(self, term: Term, case: Case) -> bool:
        """Whether a term has the same value in all rows of the case, or is NULL in all."""
        named = literals((*case.given, term, *self._said_of(term.columns)))
        values = (
            Compare("=", term, literal) for literal in (*named, Literal(True), Literal(False))
        )
        return any(
            self.rows.implied(case.given, wanted) is True for wanted in (Is(term, None), *values)
        )

    def _said_of(self, columns: Sequence[str]) -> list[Term]:
        """What holds of some of the columns in every row."""
        return [one.term for one in self.rows.givens if set(one.term.columns) & set(columns)]

    def _spellings(self, column: str, case: Case) -> set[str]:
        """The texts that a column can hold, where the schema or the rule lists them; else none."""
        terms = [term for term in (*case.given, *self._said_of([column])) if column in term.columns]
        texts = [one for one in literals(terms) if isinstance(one.value, str)]
        if not texts or not self.rows.implied(case.given, In(Column(column), tuple(texts))):
            return set()
        return {str(one.value) for one in texts}

    def _is_spelt_one_way(self, field: Field, case: Case) -> bool:
        """Whether no two texts that a column can hold differ in letter case only."""
        if not self._exact(field.column):
            return False
        spellings = self._spellings(field.column, case)
        folded = {text.casefold() for text in spellings}
        if spellings and len(folded) == len(spellings):
            return True
        return any(
            is_in_one_case(pattern) and self.rows.implied(case.given, match) is True
            for match, pattern in self._patterns(field.column, case)
        )

    def _patterns(self, column: str, case: Case) -> Iterator[tuple[Term, str]]:
        """What a column may have to match, by the schema or the rule; PostgreSQL's `~` only, which
        tells letters apart."""
        if self.rows.dialect not in POSTGRES_LIKE:
            return
        for term in (*case.given, *self._said_of([column])):
            for one in term.walk():
                if isinstance(one, Call) and one.function == "regexp_like":
                    subject, pattern = one.arguments
                    text = pattern.value if isinstance(pattern, Literal) else None
                    if subject == Column(column) and isinstance(text, str):
                        yield one, text

    def _folds(self, field: Field, key: Key, part: KeyPart, case: Case) -> Escape | None:
        """Whether two values that differ in letter case only are one value to a text member."""
        if self._is_spelt_one_way(field, case):
            return None
        by_collation: bool | None = field.ignore_case
        if part.collation is not None or (field.collation is not None and not field.ignore_case):
            by_collation = ignores_case(part.collation or field.collation, self.rows.dialect)
        if by_collation is None and not (isinstance(key, Unique) and key.ignore_case):
            raise Undecided(
                f"it is not known whether the collation `{part.collation or field.collation}` "
                "ignores letter case"
            )
        if by_collation is not False:
            ascii_only = by_collation and self._is_ascii(field, case)
            return None if ascii_only else self._beyond_ascii(_BY_TYPE)
        column = Column(field.column)
        for function in _FOLDED:
            folded = Compare("=", column, Call(function, (column,)))
            if self.rows.implied(case.given, folded) is True:
                return _UNDER_C if _bytewise(field) else self._beyond_ascii(_BY_LOWER)
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
            if column not in own and not self._pinned(column, case, exactly=True)
        ]
        exact = all(map(self._exact, further))
        if further and exact and not term.opaque and self._constant(term, case):
            further = []  # `CASE WHEN deleted_at IS NULL THEN 1 END` among live rows
        loosely = further and not exact and all(self._pinned(column, case) for column in further)
        if loosely and self._folds_alike(term):
            loosely, further = False, []
        if loosely and not _keeps_letters(term):
            raise Undecided(
                f"it counts `{expression}`, and it cannot be told which texts the rule's condition "
                "takes for one"
            )
        if further and not own and not self._tied(term):
            return "members", f"it counts `{expression}`, which other values decide"
        if self.demand.ignore_case and _BYTEWISE.search(expression):
            return _UNDER_C
        if term.opaque:
            if self._gives_one_value(expression, own, case) and not self.demand.ignore_case:
                return None
            raise Undecided(f"it counts an expression that is not understood: `{expression}`")
        printed = any(isinstance(one, Call) and one.function == "text" for one in term.walk())
        if printed and not self._have_one_text(own):
            raise Undecided(f"it counts `{expression}`, and equal values can have different texts")
        if further:
            told = (
                f"it counts `{expression}`, which can differ between rows that agree on "
                f"{listed(logical(self.model, self.demand.columns))}"
            )
            same = self._same_in_both(term, case)
            if same is None:
                raise Undecided(told)
            if not same:
                return "members", told
        if self.rows.can_be_null(term, case.given) and not self.nulls_agree(key):
            if term.columns and set(term.columns) <= case.null:
                return "null", _lacking(listed(logical(self.model, term.columns)).strip("`"))
            if self.rows.implied(case.given, Is(term, None)):
                return "members", (
                    f"it counts `{expression}`, which is NULL in every row that the rule speaks of"
                )
            raise Undecided(f"it cannot be told for which rows `{expression}` is NULL")
        if not self.demand.ignore_case or not own or not self._has_letters(term):
            return None  # or nothing in it that the two rows could spell in two ways
        if all(self._pinned(column, case, exactly=True) for column in own):
            return None
        fields = [self.model.column(column) for column in own]
        texts = [one for one in fields if one is not None and is_text(one, self.rows.dialect)]
        if all(self._is_spelt_one_way(field, case) for field in texts):
            return None
        return self._folds_expression(expression, term, part, case)

    def _gives_one_value(self, expression: str, own: set[str], case: Case) -> bool:
        """Whether rows that agree on `own` agree on an expression that is not understood, none of
        them on NULL: `md5(body)`, `a || b`."""
        from schemalint_rules.judging.values.strict_expressions import is_strict

        lacking = any(self.rows.can_be_null(Column(one), case.given) for one in own)
        alike = bool(own) and self._have_one_text(own)
        return alike and not lacking and is_strict(expression, frozenset(own))

    def _have_one_text(self, columns: Iterable[str]) -> bool:
        """Whether equal values of each column are written in one way."""
        fields = [self.model.column(column) for column in columns]
        return all(one is not None and has_one_text(one, self.rows.dialect) for one in fields)

    def _folds_alike(self, term: Term) -> bool:
        """Whether texts that the column takes for one are one to the expression, too: SQLite's
        lower() and upper() fold the letters that NOCASE does (U08b, U10b)."""
        column = term.parts[0] if isinstance(term, Call) else None
        field = self.model.column(column.name) if isinstance(column, Column) else None
        folds = isinstance(term, Call) and term.function in ("lower", "upper")
        sqlite = self.rows.dialect is Dialect.SQLITE
        return sqlite and folds and field is not None and field.ignore_case

    def _same_in_both(self, term: Term, case: Case) -> bool | None:
        """Whether any two rows of the case have the same value in a term; None: not known."""
        from schemalint.condition.decide import Given, follows

        rows = [*map(Given, case.given), *self.rows.givens]
        other = [Given(of_other_row(one.term), one.passes_null) for one in rows]
        agreeing = [
            Given(Compare("is not distinct from", Column(name), Column(name, "old")))
            for name in self.demand.columns
        ]
        same = Compare("is not distinct from", term, of_other_row(term))
        found = follows([*rows, *other, *agreeing], same, self.rows.facts)
        if found.answer and not all(map(self._exact, term.columns)):
            return True if isinstance(term, Column) else None
        shown = found.witness or {}
        really = all(shown.get(name) == shown.get(f"old.{name}") for name in self.demand.columns)
        return None if found.answer is False and not really else found.answer

    def _has_letters(self, term: Term) -> bool:
        """Whether a text column is read, so that letter case can decide the value."""
        fields = (self.model.column(column) for column in term.columns)
        return any(field is not None and is_text(field, self.rows.dialect) for field in fields)

    def _is_ascii(self, field: Field, case: Case) -> bool:
        """Whether a column holds texts of ASCII only, as the schema or the rule lists them."""
        sqlite = self.rows.dialect is Dialect.SQLITE  # its NOCASE takes nothing else for a letter
        spellings = (
            self._spellings(field.column, case) if sqlite or self._exact(field.column) else ()
        )
        return bool(spellings) and all(text.isascii() for text in spellings)

    def _folds_expression(
        self, expression: str, term: Term, part: KeyPart, case: Case
    ) -> Escape | None:
        if part.collation is not None:
            if part.collation == _FOLDING or ignores_case(part.collation, self.rows.dialect):
                return self._beyond_ascii(_BY_TYPE)
            if part.collation.strip('"').upper() in ("C", "POSIX"):
                return "case", f"under the collation {part.collation} lower() folds ASCII only"
        fields = [self.model.column(column) for column in term.columns]
        if self._folded(term):
            if all(field is not None and self._is_ascii(field, case) for field in fields):
                return None
            bytewise = any(field is not None and _bytewise(field) for field in fields)
            return _UNDER_C if bytewise else self._beyond_ascii(_BY_LOWER)
        folding = any(field is not None and field.ignore_case for field in fields)
        if _keeps_letters(term) and (isinstance(term, Column) or not folding):
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


def _bytewise(field: Field) -> bool:
    """Whether lower() and upper() of PostgreSQL fold A to Z only, by the column's own collation."""
    return bare(field.collation or "").lower() in ("c", "posix", "ucs_basic")


def _keeps_letters(term: Term) -> bool:
    """Whether a term is a column, or what functions make of one that leave its letters alone."""
    passing = isinstance(term, Call) and term.function in _PASSING
    folds = isinstance(term, Call) and term.function in _FOLDED
    inner = passing and not folds and all(map(_keeps_letters, term.parts))
    return inner or isinstance(term, (Column, Literal))


def of_other_row(term: Term) -> Term:
    """The same of a second row, whose columns are told apart as those of OLD."""
    if isinstance(term, Column):
        return Column(term.name, "old")
    if isinstance(term, Opaque):
        return Opaque(f"{term.text} [other row]")
    parts = tuple([of_other_row(part) for part in term.parts])
    return term if parts == term.parts else term.with_parts(parts)


_FOLDING = "_ci"
"""Stands for the collation of a generated column that ignores letter case by its type."""


def _lacking(name: str) -> str:
    return f"NULLs never agree, so any number of rows without `{name}` pass"


def is_text(field: Field, dialect: Dialect) -> bool:
    """Whether letter case can tell two values of the column apart.

    A UUID is none where the database has such a type (U31b), nor are PostgreSQL's ranges, addresses
    and bits, which it writes in one way. Text is stored in columns of bytes too, except by
    PostgreSQL, and compared as bytes.
    """
    native = field.native.upper()
    if native.startswith(("UUID", "UNIQUEIDENTIFIER")):
        return dialect is Dialect.SQLITE
    if field.type is ScalarType.BYTES:
        return dialect is not Dialect.POSTGRESQL
    if dialect is Dialect.POSTGRESQL and _WITHOUT_CASE.match(native):
        return False
    if dialect in (Dialect.MYSQL, Dialect.MARIADB) and native.startswith("SET("):
        # Whatever letters are written, the members are stored as they are listed (seen on 10.11).
        members = _QUOTED.findall(field.native)
        return len({one.lower() for one in members}) < len(members)
    return stores_text(field) or field.type is ScalarType.UNSUPPORTED
