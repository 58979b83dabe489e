"""sqlglot's syntax tree to terms."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Literal as Choice
from typing import cast

from sqlglot import ErrorLevel, exp
from sqlglot.expressions import Expr

from schemalint.condition.convert_choices import choice
from schemalint.condition.listed import listed_values
from schemalint.condition.sqlglot_nodes import (
    array_values,
    binds_otherwise,
    chain,
    described,
    has_more,
)
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Not,
    Opaque,
    Operator,
    Or,
    Term,
)
from schemalint.model import Dialect

_COMPARISONS: dict[type[Expr], Operator] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.NullSafeEQ: "is not distinct from",
    exp.NullSafeNEQ: "is distinct from",
}
_ARITHMETIC: dict[type[Expr], Choice["+", "-", "*", "/", "%"]] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}
_FUNCTIONS: dict[type[Expr], Choice["lower", "upper"]] = {
    exp.Lower: "lower",
    exp.Upper: "upper",
}
_Match = Choice["regexp_like", "regexp_i_like", "glob"]
_MATCHES: dict[type[Expr], _Match] = {
    exp.RegexpLike: "regexp_like",
    exp.RegexpILike: "regexp_i_like",
    exp.Glob: "glob",
}
_SUBSET = (
    "a condition may use comparisons, `and`, `or`, `not`, `in`, `between`, `like`, `is null`, "
    "arithmetic, `lower`, `upper`, `length`, `trim`, `coalesce`, literals and field names"
)
_NUMBER = re.compile(r"\d{1,60}(?:\.\d{0,60})?|\.\d{1,60}")
_FOLDING = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
_INTEGERS = (exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT)
# What means the same in SIMILAR TO, which is of all of the text, and in other patterns.
_LISTING = re.compile(r"[A-Za-z0-9 ()\[\]|-]+")
_TEXT_TYPES = (exp.DType.TEXT, exp.DType.VARCHAR)
_STRING_LIKE_TYPES = (
    *_TEXT_TYPES,
    exp.DType.DATE,
    exp.DType.TIMESTAMP,
    exp.DType.USERDEFINED,
    exp.DType.UUID,
)
_NUMBER_TYPES = (
    exp.DType.INT,
    exp.DType.BIGINT,
    exp.DType.SMALLINT,
    exp.DType.DECIMAL,
    exp.DType.DOUBLE,
)


class Refused(Exception):  # noqa: N818 -- it ends a reading, it is no fault of the program
    """A syntax node outside the subset; `message` is for the rule's author."""

    def __init__(self, message: str, node: Expr) -> None:
        super().__init__(message)
        self.message = message
        self.node = node


class Converter:
    """Makes terms of syntax nodes.

    Args:
        strict: refuse what is outside the subset (raise `Refused`), else keep it as `Opaque`.
        dialect: whose SQL it is: PostgreSQL reads unquoted names in lower case.
    """

    def __init__(self, *, strict: bool, dialect: Dialect | None = None) -> None:
        self.strict = strict
        self.dialect = dialect

    # -- truth values

    def truth(self, node: Expr) -> Term:
        """The term of a node that stands where a condition is wanted."""
        if isinstance(node, (exp.And, exp.Or)):
            kind: type[And | Or] = And if isinstance(node, exp.And) else Or
            parts: list[Term] = []
            for operand in chain(node):
                part = self.truth(operand)
                parts.extend(part.parts if isinstance(part, kind) else (part,))
            return kind(tuple(parts))
        if isinstance(node, exp.Paren):
            return self.truth(node.this)
        if has_more(node):
            return self.value(node)
        if isinstance(node, exp.Not):
            return Not(self.truth(node.this))
        if isinstance(node, exp.Xor):
            left, right = self.truth(node.this), self.truth(node.expression)
            return Or((And((left, Not(right))), And((Not(left), right))))
        if isinstance(node, exp.Literal) and self.strict:
            raise Refused("this is a value, not a condition: compare it with a field", node)
        return self.value(node)

    # -- values

    def value(self, node: Expr) -> Term:
        """The term of any node; a truth value is a value too."""
        if isinstance(node, (exp.And, exp.Or, exp.Not, exp.Xor)):
            return self.truth(node)
        if isinstance(node, exp.Paren):
            return self.value(node.this)
        understood = not (has_more(node) or binds_otherwise(node, self.dialect))
        found = understood and (
            self._leaf(node)
            or self._comparison(node)
            or self._set(node)
            or self._like(node)
            or self._function(node)
        )
        return found or self._refused(node)

    def _leaf(self, node: Expr) -> Term | None:
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Boolean):
            return Literal(bool(node.this))
        if isinstance(node, exp.Null):
            return Literal(None)
        if isinstance(node, exp.Literal):
            return Literal(node.this) if node.is_string else self._number(node)
        if isinstance(node, exp.Introducer) and isinstance(node.expression, exp.Literal):
            plain = node.name.lower() != "_binary"  # MySQL's `_utf8mb4'A'` is 'A'
            return Literal(node.expression.this) if plain else None
        if isinstance(node, exp.Neg):
            inner = self.value(node.this)
            if isinstance(inner, Literal) and isinstance(inner.value, (int, Decimal)):
                return Literal(-inner.value)
            return Arithmetic("-", Literal(0), inner)
        if isinstance(node, exp.Cast):
            return self._cast(node)
        return None

    def _column(self, node: exp.Column) -> Term | None:
        table = node.table.lower()
        identifier = node.this
        if not isinstance(identifier, exp.Identifier):
            return None
        if self.strict and node.table:
            raise Refused(
                f"`{node.sql()}` names a field through a dot: a condition speaks of the fields of "
                "one model only",
                node,
            )
        name = identifier.name
        if self.strict and (not name or name[0] in "$@:"):
            return None
        if self.dialect in _FOLDING and not identifier.args.get("quoted"):
            name = name.lower()
        if table in ("old", "new"):
            return Column(name, "old" if table == "old" else "new")
        return Column(name)

    def _number(self, node: exp.Literal) -> Term | None:
        text = node.this
        if not _NUMBER.fullmatch(text):
            return None
        try:
            return Literal(int(text) if text.isdigit() else Decimal(text))
        except (ValueError, InvalidOperation):
            return None

    def _cast(self, node: exp.Cast) -> Term | None:
        """`'A'::"Status"` is the literal; `status::text` is kept, for the facts to judge."""
        to = node.to
        if to.expressions:
            return None
        inner = self.value(node.this)
        if isinstance(inner, Literal):
            if isinstance(inner.value, str) and to.this in _STRING_LIKE_TYPES:
                return inner
            if self.strict:
                return None
            if inner.value is None:  # of a domain, it could be refused
                return None if to.this is exp.DType.USERDEFINED else inner
            if isinstance(inner.value, str) and to.this in _NUMBER_TYPES:
                text = inner.value.strip()
                return Literal(Decimal(text)) if _NUMBER.fullmatch(text) else None
            if isinstance(inner.value, bool):
                return inner if to.this is exp.DType.BOOLEAN else None
            if isinstance(inner.value, int) and to.this in _INTEGERS:
                return inner if -(2**15) <= inner.value < 2**15 else None  # which fits all of them
            number = isinstance(inner.value, (int, Decimal))
            return inner if number and to.this in (exp.DType.DECIMAL, exp.DType.DOUBLE) else None
        if self.strict:
            return None
        if to.this in _TEXT_TYPES:
            return Call("text", (inner,))
        if to.this in _INTEGERS:
            return Call("integer", (inner,))
        if to.this is exp.DType.DECIMAL and self.dialect in _FOLDING:
            return Call("numeric", (inner,))
        return None

    # -- predicates

    def _comparison(self, node: Expr) -> Term | None:
        operator = _COMPARISONS.get(type(node))
        if operator is not None:
            return self._compare(node, operator)
        arithmetic = _ARITHMETIC.get(type(node))
        if arithmetic is not None:
            operands = [self.value(part) for part in chain(node)]
            term = operands[0]
            for operand in operands[1:]:
                term = Arithmetic(arithmetic, term, operand)
            return term
        if isinstance(node, exp.Is):
            what = node.expression
            inner = self.value(node.this)
            found: Term | None = None
            if isinstance(what, exp.Null):
                found = Is(inner, None)
            elif isinstance(what, exp.Boolean):
                found = Is(inner, bool(what.this))
            # sqlglot reads PostgreSQL's IS NOT as one node, other dialects' as NOT (... IS ...).
            return Not(found) if found is not None and node.args.get("negate") else found
        return None

    def _compare(self, node: Expr, operator: Operator) -> Term | None:
        # Databases disagree on what `a = b < c` means, and none means what its reader thinks.
        for side in (node.this, node.expression):
            if isinstance(side, tuple(_COMPARISONS)):
                if self.strict:
                    raise Refused(
                        "comparisons cannot be chained: join two with `and`, or use `between`",
                        node,
                    )
                return None
        quantifiers: dict[type[Expr], type[Expr]] = {exp.EQ: exp.Any, exp.NEQ: exp.All}
        wanted = quantifiers.get(type(node))
        right = node.expression
        if operator in ("=", "<>") and not self.strict:
            values = array_values(right, wanted)
            if values is not None:
                within = In(self.value(node.this), tuple([self.value(value) for value in values]))
                return within if operator == "=" else Not(within)
        if isinstance(right, (exp.Any, exp.All)):
            return None
        left_term, right_term = self.value(node.this), self.value(right)
        if self.strict and operator in ("=", "<>", "<", "<=", ">", ">="):
            for term in (left_term, right_term):
                if isinstance(term, Literal) and term.value is None:
                    negation = "is not null" if operator == "<>" else "is null"
                    raise Refused(f"a comparison with NULL is never true: write `{negation}`", node)
        if (
            self.dialect is Dialect.SQLITE
            and operator in ("is distinct from", "is not distinct from")
            and isinstance(right_term, Literal)
            and isinstance(right_term.value, bool)
        ):  # SQLite takes every spelling of IS TRUE for a question of truth, also of 2
            asked = Is(left_term, right_term.value)
            return asked if operator == "is not distinct from" else Not(asked)
        return Compare(operator, left_term, right_term)

    def _set(self, node: Expr) -> Term | None:
        if isinstance(node, exp.Between) and not node.args.get("symmetric"):
            inner = self.value(node.this)
            low, high = self.value(node.args["low"]), self.value(node.args["high"])
            return And((Compare(">=", inner, low), Compare("<=", inner, high)))
        if isinstance(node, exp.In) and node.expressions and not node.args.get("query"):
            values = tuple([self.value(value) for value in node.expressions])
            if self.strict and Literal(None) in values:
                raise Refused("a value is never equal to NULL: leave NULL out of the list", node)
            return In(self.value(node.this), values)
        return None

    def _like(self, node: Expr) -> Term | None:
        escape: str | None = None
        if isinstance(node, exp.Escape):
            sign = node.expression
            if not isinstance(sign, exp.Literal) or len(sign.this) != 1:
                return None
            node, escape = node.this, sign.this
        if not isinstance(node, (exp.Like, exp.ILike)):
            return None
        if isinstance(node.expression, (exp.Any, exp.All)):
            return None
        found = Like(
            self.value(node.this), self.value(node.expression), isinstance(node, exp.ILike), escape
        )
        return Not(found) if node.args.get("negate") else found

    # -- functions

    def _function(self, node: Expr) -> Term | None:
        name = _FUNCTIONS.get(type(node))
        if name is not None:
            return Call(name, (self.value(node.this),))
        if isinstance(node, exp.Length):
            octets = bool(node.args.get("binary")) and self.dialect in (
                Dialect.MYSQL,
                Dialect.MARIADB,
            )
            return Call("octet_length" if octets else "length", (self.value(node.this),))
        if isinstance(node, exp.Trim):
            position = str(node.args.get("position") or "BOTH").upper()
            if node.args.get("expression") or position != "BOTH":
                return None
            return Call("trim", (self.value(node.this),))
        if isinstance(node, exp.Coalesce):
            arguments = [self.value(part) for part in (node.this, *node.expressions)]
            return Call("coalesce", tuple(arguments))
        return None if self.strict else self._lenient_function(node)

    def _lenient_function(self, node: Expr) -> Term | None:
        """What schemas use and the rulebook's subset leaves out."""
        if isinstance(node, exp.Abs):
            return Call("abs", (self.value(node.this),))
        if isinstance(node, exp.Typeof) and self.dialect is Dialect.SQLITE:
            return Call("typeof", (self.value(node.this),))
        match = _MATCHES.get(type(node))
        if match is not None:
            return self._match(node, match)
        if isinstance(node, exp.SimilarTo):
            return self._similar(node)
        if isinstance(node, exp.Anonymous):
            called = str(node.this).lower()
            if called in ("num_nonnulls", "num_nulls") or (
                called == "octet_length" and self.dialect in _FOLDING
            ):
                arguments = [self.value(part) for part in node.expressions]
                function = cast("Choice['num_nonnulls', 'num_nulls', 'octet_length']", called)
                return Call(function, tuple(arguments))
        return choice(node, self.truth, self.value)

    def _match(self, node: Expr, function: _Match) -> Term:
        """A match with a regular expression, or with SQLite's GLOB."""
        text, pattern = self.value(node.this), self.value(node.expression)
        known = pattern.value if isinstance(pattern, Literal) else None
        if function == "regexp_like" and self.dialect in _FOLDING and isinstance(known, str):
            values = listed_values(known)
            if values is not None:
                return In(text, tuple([Literal(value) for value in values]))
        return Call(function, (text, pattern))

    def _similar(self, node: Expr) -> Term | None:
        """`status SIMILAR TO '(A|B)'`, which is of all of the text."""
        pattern = self.value(node.expression)
        text = pattern.value if isinstance(pattern, Literal) else None
        if not (isinstance(text, str) and _LISTING.fullmatch(text)):
            return None
        values = listed_values(f"^({text})$")
        return In(self.value(node.this), tuple(map(Literal, values))) if values else None

    def _refused(self, node: Expr) -> Term:
        if self.strict:
            raise Refused(f"{described(node)} cannot be used here: {_SUBSET}", node)
        text = node.sql(comments=False, unsupported_level=ErrorLevel.IGNORE)
        return Opaque(text, self._reads(node))

    def _reads(self, node: Expr) -> tuple[str, ...]:
        found = [self._column(column) for column in node.find_all(exp.Column)]
        return tuple(dict.fromkeys([one.name for one in found if isinstance(one, Column)]))
