"""The types of what a query of PostgreSQL's computes, as far as the expression tells.

Facts: PostgreSQL manual, "Type Conversion" and "Functions and Operators"; all were observed on 15
with CREATE TABLE AS (tests/loaders/sql/test_computed_types.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from schemalint.loaders.sql.clauses import TypeName
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.entries import Column, UserType
from schemalint.loaders.sql.grammar.types import read_type
from schemalint.loaders.sql.lexer import Token, tokens, words
from schemalint.loaders.sql.native_types import native_type
from schemalint.loaders.sql.replay import function_types as functions
from schemalint.loaders.sql.replay.function_types import INTS, NUMBERS
from schemalint.loaders.sql.replay.projected_names import closing, is_column, split, unwrapped
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span, moved

_DEEPEST = 40
_INT, _BIGINT = 2**31 - 1, 2**63 - 1

_COMPARES = words("IS ISNULL NOTNULL LIKE ILIKE SIMILAR IN BETWEEN AND OR OVERLAPS")
_COMPARING = words("= <> != < > <= >= ~ ~* !~ !~* @> <@ && ? ?| ?& @@ ~~ !~~ ~~* -|- &< &> ^@")
_OTHER_SIGNS = ("||", "->", "->>", "#>", "#>>", "&", "|", "#", "<<", ">>", "#-")
_SERIALS = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT", "SMALLSERIAL": "SMALLINT"}
_CONSTANTS = {
    "TRUE": "BOOLEAN",
    "FALSE": "BOOLEAN",
    "CURRENT_DATE": "DATE",
    "CURRENT_TIMESTAMP": "TIMESTAMPTZ",
    "LOCALTIMESTAMP": "TIMESTAMP",
    "CURRENT_TIME": "TIMETZ",
    "LOCALTIME": "TIME",
    "CURRENT_USER": "NAME",
    "SESSION_USER": "NAME",
    "CURRENT_ROLE": "NAME",
    "USER": "NAME",
}
# Of two types that both can become each other, the first stays (text and varchar).
_WIDER = (
    ("SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "REAL", "DOUBLE PRECISION"),
    ("DATE", "TIMESTAMP", "TIMESTAMPTZ"),
    ("NAME", "TEXT"),
)


class Kind(NamedTuple):
    """A type: its name without what stands in brackets (`?` for a literal's, which is still to be
    found), as it is written, if that is known, and the schema's own that it is."""

    name: str
    written: TypeName | None = None
    user: UserType | None = None


UNKNOWN = Kind("?")
"""The type of a literal, and of NULL, until something settles it; at last it is text."""
_LITERAL = "unknown"


class Typing:
    """Tells the types of expressions over columns.

    Args:
        text: that the tokens are of.
        column: the column that a name of one, two or three parts means.
        query: the columns' types of a query in brackets.
        own: the type of the schema's own of that name.
        routine: what the project's function of that name returns; "" for none of that name.
    """

    def __init__(
        self,
        text: str,
        column: Callable[[Sequence[Token]], Column | None],
        query: Callable[[Sequence[Token]], Sequence[Column | None] | None],
        own: Callable[[TypeName], UserType | None],
        routine: Callable[[Token], str | None],
    ) -> None:
        self._text = text
        self._column = column
        self._query = query
        self._own = own
        self._routine = routine
        self._depth = 0

    def of(self, item: Sequence[Token]) -> Kind | None:
        """The type of an expression."""
        item = unwrapped(item)
        self._depth += 1
        try:
            return self._whole(item) if item and self._depth < _DEEPEST else None
        finally:
            self._depth -= 1

    def _whole(self, item: Sequence[Token]) -> Kind | None:
        outside = _outside(item)
        if _is(item[0], "NOT", "EXISTS") or any(_compares(item, at) for at in outside):
            return Kind("BOOLEAN")
        for signs in (_OTHER_SIGNS, ("+", "-"), ("*", "/", "%"), ("^",)):
            at = max((one for one in outside if _is_binary(item, one, signs)), default=0)
            if at:
                left, right = self._based(item[:at]), self._based(item[at + 1 :])
                return operated(item[at].text, left, right)
        zones = [at for at in outside if _is(item[at], "AT") and at + 2 < len(item)]
        if zones and _is(item[zones[-1] + 1], "TIME"):
            moved = functions.IN_ZONE.get(_name(self.of(item[: zones[-1]])))
            return None if moved is None else Kind(moved)
        if _is(item[0], "-", "+"):
            found = self.of(item[1:])
            return found and (Kind(found.name) if found.name in (*NUMBERS, "interval") else None)
        collated = [at for at in outside if _is(item[at], "COLLATE")]
        if collated:
            return self.of(item[: collated[-1]])
        casts = [at for at in outside if item[at].text == "::"]
        return self._read(item[casts[-1] + 1 :]) if casts else self._primary(item)

    def _primary(self, item: Sequence[Token]) -> Kind | None:
        first, last = item[0], item[-1]
        if len(item) == 1 and first.kind in ("string", "number"):
            plain = self._text[first.start : first.start + 1] in ("'", "$", "E", "e", '"')
            return (UNKNOWN if plain else None) if first.kind == "string" else _number(first.text)
        if len(item) == 1 and _is(first, "NULL"):
            return UNKNOWN
        if first.kind == "word" and first.text in _CONSTANTS:
            if len(item) == 1:
                return Kind(_CONSTANTS[first.text])
            if item[1].text == "(" and len(item) == 4 and item[2].kind == "number":
                return self._made(f"{_CONSTANTS[first.text]}({item[2].text})")
        if _is(first, "CASE") and _is(last, "END"):
            return self._case(item)
        if _is(first, "ARRAY") and last.text == "]" and item[1].text == "[":
            inside = self._common(split(item[2:-1]))
            return inside and _array(self._elementary(inside))
        if last.text == "]":
            opening = next((at for at in _outside(item) if item[at].text == "["), 0)
            whole = self.of(item[:opening])
            sliced = any(one.text == ":" for one in item[opening:])
            if whole is None or not whole.name.endswith("[]"):
                return None
            return Kind(whole.name) if sliced else self._element(whole)
        if last.kind == "string" and first.kind == "word" and len(item) > 1:  # date '2020-01-01'
            return self._read(item[:-1])
        if is_column(item):
            return _settled(self._column(item))
        if _is(first, "SELECT", "WITH", "VALUES"):
            columns = self._query(item)
            return _settled(columns[0]) if columns else None
        return self._call(item)

    def _case(self, item: Sequence[Token]) -> Kind | None:
        results: list[Sequence[Token]] = []
        places = [at for at in _outside(item[1:-1]) if _is(item[at + 1], "WHEN", "THEN", "ELSE")]
        ends = [at + 1 for at in places] + [len(item) - 1]
        for at, end in pairwise(ends):
            if not _is(item[at], "WHEN"):
                results.append(item[at + 1 : end])
        complete = any(_is(item[at], "ELSE") for at in ends[:-1])
        return self._common(results, () if complete else (UNKNOWN,))

    def _common(self, items: Sequence[Sequence[Token]], others: Sequence[Kind] = ()) -> Kind | None:
        """What several expressions are together: domains that differ are their base types."""
        kinds = [*[self.of(one) for one in items], *others]
        if len({_name(one) for one in kinds}) > 1:
            kinds = [*[self._based(one) for one in items], *others]
        return common(kinds)

    def _call(self, item: Sequence[Token]) -> Kind | None:
        at = 0
        while at + 2 < len(item) and item[at].kind in ("word", "name") and item[at + 1].text == ".":
            at += 2
        if at + 2 > len(item) or item[at].kind not in ("word", "name") or item[at + 1].text != "(":
            return None
        name = item[at].text.upper()
        end = closing(item, at + 1)
        inside, behind = item[at + 2 : end], item[end + 1 :]
        if name == "CAST":
            places = [one for one in _outside(inside) if _is(inside[one], "AS")]
            return self._read(inside[places[-1] + 1 :]) if places else None
        own = self._routine(item[at])
        if own is None or own:
            return self._made(own) if own else None
        if behind and _is(behind[0], "WITHIN"):
            ordered = behind[2:]
            found = [self.of(one) for one in split(ordered[3:-1])] if len(ordered) > 3 else []
            return _ordered(name, found[0] if found else None)
        if inside and _is(inside[0], "DISTINCT", "ALL"):
            inside = inside[1:]
        for word in ("ORDER", "FROM", "FOR", "IN", "PLACING"):  # sum(a ORDER BY b), trim(a FROM b)
            stops = [one for one in _outside(inside) if _is(inside[one], word)]
            if stops and (word != "IN" or name == "POSITION"):
                inside = inside[: stops[0]]
        if inside and _is(inside[0], "BOTH", "LEADING", "TRAILING"):
            inside = inside[1:]
        given = [self._based(one) for one in split(inside)] if inside else []
        if name in ("COALESCE", "GREATEST", "LEAST"):
            return self._common(split(inside))
        if name == "NULLIF":
            return _nullif(given)
        if name in functions.ELEMENTS:
            whole_array = given[0] if given else None
            if whole_array is None or not whole_array.name.endswith("[]"):
                return None
            return self._element(whole_array)
        if name == "ARRAY_AGG":
            return given[0] and _array(self._elementary(given[0])) if given else None
        result = functions.result(name, [None if one is None else one.name for one in given])
        if result == functions.SAME:
            return given[0] and Kind(given[0].name, user=given[0].user)
        return Kind(result) if result is not None else None

    # -- types

    def _read(self, found: Sequence[Token]) -> Kind | None:
        """The type that stands there, to its end."""
        if not found:
            return None
        text = self._text[found[0].start : found[-1].end]
        return self._made(text)

    def _made(self, text: str) -> Kind | None:
        return typed(text, self._own)

    def _based(self, item: Sequence[Token]) -> Kind | None:
        """The type of an expression as functions see it: of a domain its base type."""
        return self._below(self.of(item))

    def _below(self, kind: Kind | None) -> Kind | None:
        if kind is None or kind.user is None or kind.user.kind != "domain":
            return kind
        base = kind.user.base
        if base is None or kind.name.endswith("[]"):
            return None
        return self._below(kind_of(Column("", base.span, base.span, base, kind.user.base_type)))

    def _elementary(self, kind: Kind) -> Kind:
        return Kind("TEXT") if kind is UNKNOWN else Kind(kind.name, user=kind.user)

    def _element(self, whole: Kind) -> Kind | None:
        return Kind(whole.name[:-2], user=whole.user)


def typed(text: str, own: Callable[[TypeName], UserType | None]) -> Kind | None:
    """The type that is written so; None if that is none."""
    kind = _read_text(text)
    return None if kind is None else kind_of(Column("", kind.span, kind.span, kind, own(kind)))


def kind_of(column: Column) -> Kind | None:
    """The type of a column; None if it has none that is known."""
    if column.type is None:
        return None
    if column.computed and column.type.text == _LITERAL:
        return UNKNOWN
    dimensions = "[]" if column.type.dimensions else ""
    if column.user_type is not None:
        return Kind(f"{id(column.user_type)}{dimensions}", column.type, column.user_type)
    native = native_type(column.type, Dialect.POSTGRESQL).native
    name = native.partition("(")[0].removesuffix("[]").strip()
    if name == "CHAR" and not column.type.arguments and column.type.name == "BPCHAR":
        return None
    if name in _SERIALS:
        return Kind(f"{_SERIALS[name]}{dimensions}")
    return Kind(f"{name}{dimensions}", column.type)


def column_of(kind: Kind | None, span: Span) -> Column | None:
    """A column without a name, of this type."""
    if kind is None or kind.name == "CHAR":  # CHAR without a length is none that can be written
        written = None if kind is None else kind.written
        if written is None:
            return None
    else:
        written = kind.written
    if kind is UNKNOWN:
        written = TypeName(name="TEXT", text=_LITERAL, span=span)
    elif written is None and kind is not None and kind.user is not None:
        user = kind.user
        dimensions = 1 if kind.name.endswith("[]") else 0
        written = TypeName(
            name=user.name,
            text=user.name + "[]" * dimensions,
            schema=user.schema,
            user=True,
            dimensions=dimensions,
            span=span,
        )
    elif written is None and kind is not None:
        written = _read_text(kind.name)
    if written is None or kind is None:
        return None
    return Column("", span, span, moved(written, lambda _: span), kind.user, computed=True)


def common(kinds: Iterable[Kind | None]) -> Kind | None:
    """What CASE, coalesce() and UNION make of several types; None if that cannot be told."""
    every = list(kinds)
    known = [one for one in every if one is not None and one is not UNKNOWN]
    if None in every:
        return None
    if not known:
        return UNKNOWN
    found = known[0]
    for other in known[1:]:
        if other.name != found.name:
            wider = next((one for one in _WIDER if {found.name, other.name} <= {*one}), None)
            if wider is not None:
                found = Kind(max(found.name, other.name, key=wider.index))
            elif not {found.name, other.name} <= functions.TEXTS:
                return None
            else:
                found = Kind(found.name, user=found.user)
    alike = len(known) == len(every) and all(_same(one, known[0]) for one in known)
    return known[0] if alike else _unsized(found)


def _unsized(kind: Kind) -> Kind | None:
    """The type without a length; a domain beside a literal becomes its base type."""
    if kind.user is not None and kind.user.kind == "domain":
        return None
    return Kind(kind.name, user=kind.user)


def _same(one: Kind, other: Kind) -> bool:
    sizes = [() if kind.written is None else kind.written.arguments for kind in (one, other)]
    return one.name == other.name and sizes[0] == sizes[1]


def operated(sign: str, left: Kind | None, right: Kind | None) -> Kind | None:
    """What an operator gives that does not compare."""
    if left is None or right is None:
        return None
    result = functions.operated(sign, left.name, right.name)
    return None if result is None else Kind(result)


def _ordered(name: str, sorted_by: Kind | None) -> Kind | None:
    if name in ("RANK", "DENSE_RANK"):
        return Kind("BIGINT")
    if name == "PERCENTILE_CONT":
        return Kind("interval" if _name(sorted_by) == "interval" else "DOUBLE PRECISION")
    if name in ("MODE", "PERCENTILE_DISC") and sorted_by is not None:
        return Kind(sorted_by.name, user=sorted_by.user)
    return None


def _nullif(given: Sequence[Kind | None]) -> Kind | None:
    """The first, as the operator `=` sees it: that of varchar is text's."""
    if len(given) != 2 or given[0] is None or given[1] is None:
        return None
    first, second = given[0], given[1]
    alike = first.name == second.name or second is UNKNOWN
    wider = (*INTS, "DECIMAL") if first.name == "DECIMAL" else INTS
    if not alike and not {first.name, second.name} <= {*wider}:
        return None
    return Kind("TEXT") if first.name == "VARCHAR" else first


def _settled(column: Column | None) -> Kind | None:
    """The type of a column by its name: a literal's is settled once it is one."""
    kind = None if column is None else kind_of(column)
    return Kind("TEXT") if kind is UNKNOWN else kind


def _array(kind: Kind) -> Kind:
    return kind if kind.name.endswith("[]") else Kind(f"{kind.name}[]", user=kind.user)


def _number(text: str) -> Kind | None:
    if text.isdecimal():
        value = int(text)
        return Kind("INTEGER" if value <= _INT else "BIGINT" if value <= _BIGINT else "DECIMAL")
    digits = text.lower().replace(".", "", 1).replace("e", "", 1).replace("-", "").replace("+", "")
    return Kind("DECIMAL") if digits.isdecimal() else None


def _read_text(text: str) -> TypeName | None:
    file = SourceFile("", text)
    cursor = Cursor(file, tokens(text, Dialect.POSTGRESQL), Dialect.POSTGRESQL)
    try:
        kind = read_type(cursor)
    except SyntaxFaultError:
        return None
    return kind if cursor.done else None


def _name(kind: Kind | None) -> str:
    return "" if kind is None else kind.name


def _is(token: Token, *texts: str) -> bool:
    return token.kind in ("word", "sign") and token.text in texts


def _outside(item: Sequence[Token]) -> list[int]:
    """The places that are in no brackets and in no CASE."""
    found: list[int] = []
    depth = 0
    for at, token in enumerate(item):
        if (token.kind == "sign" and token.text in ("(", "[")) or _is(token, "CASE"):
            if not depth:
                found.append(at)
            depth += 1
        elif (token.kind == "sign" and token.text in (")", "]")) or (depth and _is(token, "END")):
            depth -= 1
        elif not depth:
            found.append(at)
    return found


def _compares(item: Sequence[Token], at: int) -> bool:
    token = item[at]
    if token.kind == "sign":
        return token.text in _COMPARING
    before = item[at - 1].text if at else ""
    return token.kind == "word" and token.text in _COMPARES and at > 0 and before != "."


def _is_binary(item: Sequence[Token], at: int, signs: Sequence[str]) -> bool:
    """Whether an operator stands there between two operands."""
    if item[at].kind != "sign" or item[at].text not in signs or not 0 < at < len(item) - 1:
        return False
    before = item[at - 1]
    return before.kind != "sign" or before.text in (")", "]")
