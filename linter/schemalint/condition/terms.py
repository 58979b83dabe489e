"""Conditions as terms: what `where`, `that`, CHECK and index predicates say.

A term is a value or a truth value of one row, with SQL's three truth values: a comparison with
NULL is neither true nor false. Terms are made by `parse`, judged by `decide`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal as Choice
from typing import TypeAlias

import msgspec

from schemalint.condition.quoting import quoted_name, quoted_string
from schemalint.model import Dialect

Scalar: TypeAlias = str | int | Decimal | bool | None
"""A value of a literal or of a column; a date is its ISO text."""

Operator: TypeAlias = Choice[
    "=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"
]

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _PRIMARY = range(1, 8)
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


class Term(msgspec.Struct, frozen=True):
    """A condition or value over the columns of one row."""

    @property
    def parts(self) -> tuple[Term, ...]:
        """The terms directly below this one, in order."""
        return ()

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same term over other parts (as many as `parts` has now)."""
        return self

    def walk(self) -> Iterator[Term]:
        """This term and every one below it, in reading order."""
        left: list[Term] = [self]
        while left:
            term = left.pop()
            yield term
            left.extend(reversed(term.parts))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the term names, each once, in reading order."""
        found: dict[str, None] = {}
        for term in self.walk():
            if isinstance(term, Column):
                found[term.name] = None
            elif isinstance(term, Opaque):
                found.update(dict.fromkeys(term.reads))
        return tuple(found)

    @property
    def opaque(self) -> tuple[Opaque, ...]:
        """The parts that were not understood."""
        return tuple(term for term in self.walk() if isinstance(term, Opaque))

    def rename(self, column: Callable[[str], str]) -> Term:
        """The same condition with every column name replaced by `column(name)`."""
        parts = self.parts
        renamed = tuple([part.rename(column) for part in parts])
        return self if renamed == parts else self.with_parts(renamed)

    def sql(self, dialect: Dialect | None = None) -> str:
        """The condition as SQL for `dialect`; without one, as people and the rulebook write it."""
        return self.render(dialect)[0]

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """The SQL text and how tightly its outermost operator binds (1 is OR, 7 a name)."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.sql()


def _within(term: Term, dialect: Dialect | None, binding: int) -> str:
    """The SQL of a part, in parentheses unless it binds at least as tightly as `binding`."""
    text, own = term.render(dialect)
    return text if own >= binding else f"({text})"


def _truth(term: Term, dialect: Dialect | None, binding: int) -> str:
    """Like `_within`, where a truth value is wanted: SQL Server takes no bare column there."""
    if dialect is Dialect.SQLSERVER and isinstance(term, (Column, Literal)):
        text = f"{term.render(dialect)[0]} = 1"
        return text if binding <= _COMPARISON else f"({text})"
    return _within(term, dialect, binding)


class Column(Term, frozen=True):
    """A column; `row` is `old` or `new` in a trigger's condition, else ""."""

    name: str
    row: Choice["", "old", "new"] = ""

    @property
    def key(self) -> str:
        """What tells the column apart in a row of values: its name, or `old.` and its name."""
        return f"{self.row}.{self.name}" if self.row else self.name

    def rename(self, column: Callable[[str], str]) -> Term:
        """The column under its other name."""
        return Column(column(self.name), self.row)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """The name, quoted where the dialect needs it."""
        name = quoted_name(self.name, dialect)
        return f"{self.row.upper()}.{name}" if self.row else name, _PRIMARY


class Literal(Term, frozen=True):
    """A constant; `value` is None for NULL."""

    value: Scalar

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """The constant in the dialect's words."""
        if self.value is None:
            return "NULL", _PRIMARY
        if isinstance(self.value, bool):
            if dialect is Dialect.SQLSERVER:
                return str(int(self.value)), _PRIMARY
            return str(self.value).lower(), _PRIMARY
        if isinstance(self.value, str):
            return quoted_string(self.value, dialect), _PRIMARY
        if isinstance(self.value, Decimal) and not self.value.is_finite():
            return quoted_string(str(self.value), dialect), _PRIMARY  # 'NaN', as PostgreSQL has it
        text = format(self.value, "f") if isinstance(self.value, Decimal) else str(self.value)
        return text, _PRIMARY if self.value >= 0 else _SUM


class Compare(Term, frozen=True):
    """`left` and `right` compared. The two `is ... distinct from` operators are never NULL."""

    operator: Operator
    left: Term
    right: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        """Left, right."""
        return (self.left, self.right)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same comparison of other terms."""
        return Compare(self.operator, *parts)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`left operator right`; the null-safe operators as the dialect spells them."""
        left = _within(self.left, dialect, _SUM)
        right = _within(self.right, dialect, _SUM)
        operator: str = self.operator
        if operator.startswith("is"):
            same = operator == "is not distinct from"
            if dialect in _MYSQL:
                equal = f"{left} <=> {right}"
                return (equal, _COMPARISON) if same else (f"NOT ({equal})", _NOT)
            if dialect is Dialect.SQLITE:
                operator = "IS" if same else "IS NOT"
                if isinstance(self.right, Literal) and isinstance(self.right.value, bool):
                    right = str(int(self.right.value))  # `IS TRUE` asks for truth, not for 1
            else:
                operator = operator.upper()
        return f"{left} {operator} {right}", _COMPARISON


class _Joined(Term, frozen=True):
    """Conditions with one word between them."""

    terms: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        """The conditions joined."""
        return self.terms

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """Other conditions joined."""
        return type(self)(parts)


class And(_Joined, frozen=True):
    """True if all of `terms` are; false if one is."""

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """The conditions with AND between them."""
        return " AND ".join([_truth(term, dialect, _NOT) for term in self.terms]), _AND


class Or(_Joined, frozen=True):
    """True if one of `terms` is; false if all are."""

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """The conditions with OR between them."""
        return " OR ".join([_truth(term, dialect, _AND) for term in self.terms]), _OR


class Not(Term, frozen=True):
    """True if `term` is false; NULL if it is NULL."""

    term: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        """The condition denied."""
        return (self.term,)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """Another condition denied."""
        return Not(*parts)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`NOT term`, or the operator's own negation (`IS NOT`, `NOT IN`, `NOT LIKE`)."""
        inner = self.term
        if isinstance(inner, (Is, In, Like)):
            return inner.render_as(dialect, negated=True)
        return f"NOT {_truth(inner, dialect, _PRIMARY)}", _NOT


class Is(Term, frozen=True):
    """`term IS value`, with value None (NULL), True or False; never NULL itself."""

    term: Term
    value: bool | None

    @property
    def parts(self) -> tuple[Term, ...]:
        """The term asked about."""
        return (self.term,)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same question about another term."""
        return Is(parts[0], self.value)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`term IS NULL`, `IS TRUE` or `IS FALSE`."""
        return self.render_as(dialect, negated=False)

    def render_as(self, dialect: Dialect | None, *, negated: bool) -> tuple[str, int]:
        """The question, or its negation."""
        what = {None: "NULL", True: "TRUE", False: "FALSE"}[self.value]
        between = "IS NOT" if negated else "IS"
        return f"{_within(self.term, dialect, _SUM)} {between} {what}", _COMPARISON


class In(Term, frozen=True):
    """`term IN (values)`: NULL if no value equals it but one is NULL, or the term itself is."""

    term: Term
    values: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        """The term, then the values."""
        return (self.term, *self.values)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same over other terms."""
        return In(parts[0], parts[1:])

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`term IN (values)`."""
        return self.render_as(dialect, negated=False)

    def render_as(self, dialect: Dialect | None, *, negated: bool) -> tuple[str, int]:
        """The question, or its negation."""
        values = ", ".join([value.sql(dialect) for value in self.values])
        between = "NOT IN" if negated else "IN"
        return f"{_within(self.term, dialect, _SUM)} {between} ({values})", _COMPARISON


class Like(Term, frozen=True):
    """`term LIKE pattern`; `ignore_case` is ILIKE, `escape` the character of an ESCAPE clause."""

    term: Term
    pattern: Term
    ignore_case: bool = False
    escape: str | None = None

    @property
    def parts(self) -> tuple[Term, ...]:
        """The term and the pattern."""
        return (self.term, self.pattern)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same match of other terms."""
        return Like(parts[0], parts[1], self.ignore_case, self.escape)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`term LIKE pattern`."""
        return self.render_as(dialect, negated=False)

    def render_as(self, dialect: Dialect | None, *, negated: bool) -> tuple[str, int]:
        """The match, or its negation; ILIKE through lower() where the dialect has none."""
        left, right = _within(self.term, dialect, _SUM), _within(self.pattern, dialect, _SUM)
        operator = "LIKE"
        if self.ignore_case and dialect in (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB):
            operator = "ILIKE"
        elif self.ignore_case:
            left, right = f"lower({left})", f"lower({right})"
        between = f"NOT {operator}" if negated else operator
        escape = f" ESCAPE {quoted_string(self.escape, dialect)}" if self.escape else ""
        return f"{left} {between} {right}{escape}", _COMPARISON


class Arithmetic(Term, frozen=True):
    """`left operator right` over numbers; NULL if one of them is."""

    operator: Choice["+", "-", "*", "/", "%"]
    left: Term
    right: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        """Left, right."""
        return (self.left, self.right)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same operation on other terms."""
        return Arithmetic(self.operator, *parts)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`left operator right`."""
        own = _SUM if self.operator in "+-" else _PRODUCT
        left = _within(self.left, dialect, own)
        right = _within(self.right, dialect, own + 1)
        return f"{left} {self.operator} {right}", own


class Call(Term, frozen=True):
    """A function whose meaning is known; `length` counts characters, `octet_length` bytes.

    `text`, `integer` and `numeric` are casts; `num_nonnulls` and `num_nulls` count as PostgreSQL's
    do; `typeof` is SQLite's, which names how a value is stored; `regexp_like` and the like match a
    text with a pattern, and nothing is known of them but that NULL matches with NULL.
    """

    function: Choice[
        "abs",
        "lower",
        "upper",
        "length",
        "octet_length",
        "coalesce",
        "trim",
        "text",
        "integer",
        "numeric",
        "num_nonnulls",
        "num_nulls",
        "typeof",
        "regexp_like",
        "regexp_i_like",
        "glob",
    ]
    arguments: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        """The arguments."""
        return self.arguments

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same function of other arguments."""
        return Call(self.function, parts)

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`function(arguments)`, with the dialect's name of the function."""
        name: str = self.function
        if name in ("text", "integer", "numeric"):
            return f"CAST({self.arguments[0].sql(dialect)} AS {name.upper()})", _PRIMARY
        if name == "length" and dialect in _MYSQL:
            name = "char_length"
        elif name == "length" and dialect is Dialect.SQLSERVER:
            name = "len"
        elif name == "octet_length" and dialect in _MYSQL:
            name = "length"
        arguments = ", ".join([argument.sql(dialect) for argument in self.arguments])
        return f"{name}({arguments})", _PRIMARY


_WORD = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|[^\W\d]\w*")


class Opaque(Term, frozen=True):
    """Something that was read and not understood: its SQL, and the columns that it reads."""

    text: str
    reads: tuple[str, ...] = ()

    def rename(self, column: Callable[[str], str]) -> Term:
        """The text with the names of its columns replaced where they stand as words."""
        names = {name: column(name) for name in self.reads}

        def replaced(match: re.Match[str]) -> str:
            word = match.group()
            bare = word[1:-1] if word[0] in '"`[' else word
            new = None if word[0] == "'" else names.get(bare)
            return word if new is None or new == bare else quoted_name(new, None)

        return Opaque(_WORD.sub(replaced, self.text), tuple(names.values()))

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """The SQL as it was read."""
        return self.text, _OR
