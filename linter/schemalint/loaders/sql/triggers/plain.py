"""Which expressions depend on the row alone, and which could end a statement with an error."""

from __future__ import annotations

from schemalint.loaders.sql.known_functions import is_harmless, is_pure
from schemalint.loaders.sql.lexer import is_mysql, is_postgres, words
from schemalint.loaders.sql.triggers.expression import ROWS, Expression, Part
from schemalint.model import Dialect

_KEYWORDS = words(
    "AND OR NOT XOR IN IS ISNULL NOTNULL NULL TRUE FALSE UNKNOWN LIKE ILIKE GLOB ESCAPE "
    "BETWEEN SYMMETRIC DISTINCT FROM CASE WHEN THEN ELSE END ANY ALL SOME ARRAY ROW"
)
_NOW = frozenset(("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP"))
_TYPED_LITERALS = frozenset(("DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "INTERVAL"))
_SIGNS = frozenset(
    (
        "=",
        "==",
        "<>",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "<=>",
        "+",
        "-",
        "*",
        "||",
        "(",
        ")",
        ",",
        "[",
        "]",
    )
)
_POSTGRES_SIGNS = frozenset(("~", "~*", "!~", "!~*", "~~", "!~~", "->", "->>", "@>", "<@", "?"))
_PATTERN_SIGNS = frozenset(("~", "~*", "!~", "!~*"))
_MYSQL_SIGNS = frozenset(("&&", "!", "->", "->>"))
_SQLITE_SIGNS = frozenset(("->", "->>", "/", "%"))
_TEXT_TYPES = frozenset(("TEXT", "VARCHAR"))
_MYSQL_BYTES = frozenset(("BINARY", "CHAR"))


def is_plain(parts: Expression, dialect: Dialect | None) -> bool:
    """Whether the expression is made of columns of NEW and OLD, literals and pure functions
    alone, and cannot fail, as far as that shows without the columns' types."""
    at = 0
    while at < len(parts):
        taken = _taken(parts, at, dialect)
        if not taken:
            return False
        at += taken
    return bool(parts)


def _taken(parts: Expression, at: int, dialect: Dialect | None) -> int:
    """How many tokens from `at` on are one plain thing; 0 where it is none."""
    part = parts[at]
    following = parts[at + 1] if at + 1 < len(parts) else None
    if part.kind in ("string", "number"):
        return 1
    if part.kind == "sign":
        return _sign_taken(parts, at, dialect)
    if part.kind != "word":
        return 0
    if part.text in ROWS:
        return _column_taken(parts, at)
    if part.text == "COLLATE":
        return 2 if following is not None and following.kind != "sign" else 0
    if part.text in ("CAST", "AS", "BINARY"):
        return _as_text_taken(parts, at, dialect)
    if following is not None and following.text == "(" and part.text not in _KEYWORDS:
        return int(is_pure(part.text.lower(), dialect))
    if part.text in _TYPED_LITERALS:
        return 2 if following is not None and following.kind == "string" else 0
    return 1 if part.text in _KEYWORDS or part.text in _NOW else 0


def _as_text_taken(parts: Expression, at: int, dialect: Dialect | None) -> int:
    """What makes text or bytes of a value and cannot fail: `CAST (... AS TEXT)`, one word or two
    at a time, and MySQL's `BINARY`."""
    word = parts[at].text
    following = [part.text for part in parts[at + 1 : at + 3]]
    if word == "BINARY":
        return int(is_mysql(dialect))
    if word == "CAST":
        return int(following[:1] == ["("] and not _cast_fails(parts, at, dialect))
    return (
        2
        if len(following) == 2 and following[1] == ")" and (following[0] in _text_types(dialect))
        else 0
    )


def _text_types(dialect: Dialect | None) -> frozenset[str]:
    return _MYSQL_BYTES if is_mysql(dialect) else _TEXT_TYPES


def _cast_fails(parts: Expression, at: int, dialect: Dialect | None) -> bool:
    """Whether the CAST at `at` is to anything but text, which every value can be made."""
    depth = 0
    for place in range(at + 1, len(parts)):
        depth += (parts[place].text == "(") - (parts[place].text == ")")
        if depth == 1 and parts[place].text == "AS":
            end = [part.text for part in parts[place + 1 : place + 3]]
            return len(end) < 2 or end[0] not in _text_types(dialect) or end[1] != ")"
    return True


def _column_taken(parts: Expression, at: int) -> int:
    """NEW.column; or a whole row, `NEW` or `NEW.*`, where it is compared with another."""
    if at + 2 < len(parts) and parts[at + 1].text == ".":
        column = parts[at + 2]
        if column.kind in ("word", "name"):
            field_of_column = at + 3 < len(parts) and parts[at + 3].text in (".", "[", "(")
            return 0 if field_of_column else 3
    end = row_end(parts, at)
    return end - at if end and _beside_comparison(parts, at, end) else 0


def _beside_comparison(parts: Expression, start: int, end: int) -> bool:
    """Whether a comparison stands beside `parts[start:end]`, with brackets or ROW around that."""
    while start and parts[start - 1].text in ("(", "ROW"):
        start -= 1
    while end < len(parts) and parts[end].text == ")":
        end += 1
    before = [part.text for part in parts[max(0, start - 2) : start]]
    after = [part.text for part in parts[end : end + 4]]
    return (
        before == ["DISTINCT", "FROM"]
        or before[-1:] in (["="], ["<>"], ["!="])
        or after[:1] in (["="], ["<>"], ["!="])
        or after[:3] == ["IS", "DISTINCT", "FROM"]
        or after == ["IS", "NOT", "DISTINCT", "FROM"]
    )


def row_end(parts: Expression, at: int) -> int:
    """Where a whole row that begins at `at` ends: `NEW`, `NEW.*`; 0 where none does."""
    if parts[at].kind != "word" or parts[at].text not in ROWS:
        return 0
    if at + 1 >= len(parts) or parts[at + 1].text not in (".", "("):
        return at + 1
    if at + 2 < len(parts) and parts[at + 1].text == "." and parts[at + 2].text == "*":
        return at + 3
    return 0


def _sign_taken(parts: Expression, at: int, dialect: Dialect | None) -> int:
    sign = operator(parts[at], dialect)
    if sign == "::":
        return _cast_taken(parts, at)
    if sign in _SIGNS:
        return 1
    if is_postgres(dialect):
        if sign in _PATTERN_SIGNS and not (at + 1 < len(parts) and parts[at + 1].kind == "string"):
            return 0  # a pattern out of a column may be none
        return int(sign in _POSTGRES_SIGNS)
    if is_mysql(dialect):
        return int(sign in _MYSQL_SIGNS)
    return int(sign in _SQLITE_SIGNS)


def _cast_taken(parts: Expression, at: int) -> int:
    """`::text` of anything, `::anything` of a string."""
    if at + 1 >= len(parts) or parts[at + 1].kind not in ("word", "name"):
        return 0
    end = at + 2
    if at + 3 < len(parts) and parts[at + 2].text == "." and parts[at + 3].kind in ("word", "name"):
        end = at + 4
    if parts[at - 1].kind == "string" or parts[at + 1].text in _TEXT_TYPES:
        bounded = end < len(parts) and parts[end].text in ("(", "[")
        return 0 if bounded else end - at
    return 0


def operator(part: Part, dialect: Dialect | None) -> str:
    """The operator without a minus or plus of its right operand, as PostgreSQL reads `a=-1`."""
    sign = part.text
    if is_postgres(dialect) and len(sign) > 1 and not set(sign) & set("~!@#%^&|`?"):
        return sign.rstrip("+-") or sign[0]
    return sign


def may_fail(parts: Expression, dialect: Dialect | None) -> bool:
    """Whether working the expression out could end the statement, or change a table."""
    for at, part in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        if part.kind == "sign":
            sign = operator(part, dialect)
            if sign in ("/", "%") and not _divides_safely(following, dialect):
                return True
            if is_postgres(dialect) and sign not in _POSTGRES_OPERATORS:
                return True  # `a!=-1` has the operator `!=-`, which there is not
            if part.text == "::" and not _cast_taken(parts, at):
                return True
        elif part.kind in ("word", "name") and following is not None and following.text == "(":
            if part.text == "CAST":
                if _cast_fails(parts, at, dialect):
                    return True
                continue
            called = part.text.lower()
            listed = at > 0 and parts[at - 1].text in ("INTO", "AS", "JOIN")
            if not listed and not is_harmless(called) and part.text not in _BRACKETED:
                return True
        elif part.kind == "word" and part.text in ("DIV", "MOD"):
            return True
    return False


_BRACKETED = _KEYWORDS | words(
    "AS ON VALUES SELECT WHERE SET USING OVER FILTER CONFLICT EXISTS BY HAVING LATERAL "
    "UNION EXCEPT INTERSECT WITH RETURNING DO LIMIT OFFSET IF VARCHAR CHAR NUMERIC "
    "DECIMAL KEY"
)


_POSTGRES_OPERATORS = (
    _SIGNS
    | _POSTGRES_SIGNS
    | frozenset(("/", "%", "^", "&", "|", "&&", "#>", "#>>", "#-", "@@", "?|", "?&", "~~*", "!~~*"))
    | frozenset((".", "::", ":=", "=>", ":", ";"))
)


def _divides_safely(divisor: Part | None, dialect: Dialect | None) -> bool:
    if dialect is Dialect.SQLITE or is_mysql(dialect):
        return True  # gives NULL
    return divisor is not None and divisor.kind == "number" and divisor.text.strip("0.") != ""
