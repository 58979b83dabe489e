"""SQL text to terms: the rulebook's small subset strictly, a schema's predicates leniently.

sqlglot reads the SQL; it takes 80 ms to import, so it is imported only once there is a condition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemalint.condition.terms import Opaque, Term
from schemalint.model import Dialect

if TYPE_CHECKING:
    from sqlglot.expressions import Expr
    from sqlglot.tokenizer_core import Token

MAX_LENGTH = 10_000
"""The longest condition that is read, in characters."""

MAX_DEPTH = 40
"""How deeply parentheses, functions and NOT may be nested."""

MAX_TOKENS = 2_000
"""The most words and signs of one condition."""

_READ = {
    Dialect.SQLITE: "sqlite",
    Dialect.POSTGRESQL: "postgres",
    Dialect.COCKROACHDB: "postgres",
    Dialect.MYSQL: "mysql",
    Dialect.MARIADB: "mysql",
    Dialect.SQLSERVER: "tsql",
}


class ConditionError(Exception):
    """A condition of the rulebook that is not of the common subset.

    `start` and `end` are offsets into the condition's text, in characters; `message` is for the
    rule's author.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


def parse_condition(text: str) -> Term:
    """The term of a `where` or `that` of the rulebook; column names are as written.

    The subset: comparison, `and`, `or`, `not`, `in`, `between`, `like`, `is [not] null`, `true`,
    `false` or `distinct from`, arithmetic, `lower`, `upper`, `length`, `coalesce`, `trim`,
    literals, field names (in double quotes where they are no plain words), parentheses.

    Raises:
        ConditionError: anything else.
    """
    from schemalint.condition.convert import Converter, Refused

    try:
        expression = _parsed(text, "")
    except ConditionError:
        raise
    except _unreadable() as error:
        raise _syntax_error(text, error) from None
    try:
        return Converter(strict=True).truth(expression)
    except Refused as refused:
        start, end = _place(refused.node, text)
        raise ConditionError(refused.message, start, end) from None


def parse_predicate(sql: str, dialect: Dialect | None) -> Term:
    """The term of a CHECK or of an index predicate, over physical names.

    Never raises: what is not understood becomes `Opaque`, as small a part as possible, and the
    whole text where it is no SQL that can be read.
    """
    from schemalint.condition.convert import Converter

    try:
        expression = _parsed(sql, _READ.get(dialect, "") if dialect else "")
    except _unreadable():
        return Opaque(" ".join(sql.split()), _words(sql))
    return Converter(strict=False, dialect=dialect).truth(expression)


def _unreadable() -> tuple[type[Exception], ...]:
    """What sqlglot raises for text that is no SQL; some of it by accident."""
    from sqlglot.errors import SqlglotError

    return (
        ConditionError,
        SqlglotError,
        RecursionError,
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
        KeyError,
    )


def _parsed(text: str, read: str) -> Expr:
    """The syntax tree; refuses text that is too long, too deep or more than one expression."""
    import logging

    from sqlglot import Dialect as Grammar
    from sqlglot import exp
    from sqlglot.tokenizer_core import TokenType

    if len(text) > MAX_LENGTH:
        raise ConditionError(
            f"the condition is longer than {MAX_LENGTH} characters", MAX_LENGTH, len(text)
        )
    grammar = Grammar.get_or_raise(read)
    tokens = grammar.tokenize(text)
    if not tokens:
        raise ConditionError("the condition is empty", 0, len(text))
    if len(tokens) > MAX_TOKENS:
        raise ConditionError(
            f"the condition has more than {MAX_TOKENS} words and signs",
            tokens[MAX_TOKENS].start,
            len(text),
        )
    for token in tokens:
        if token.token_type is TokenType.SEMICOLON:
            raise ConditionError(
                "a condition is one expression: it cannot hold `;`", token.start, token.end + 1
            )
    _check_depth(tokens)
    log = logging.getLogger("sqlglot")
    level = log.level
    log.setLevel(logging.CRITICAL)  # it warns of what we report ourselves
    try:
        found = grammar.parser().parse_into(exp.Condition, tokens, text)
    finally:
        log.setLevel(level)
    if len(found) != 1 or found[0] is None:
        raise ConditionError("the condition is empty", 0, len(text))
    return found[0]


def _check_depth(tokens: list[Token]) -> None:
    """Refuse what would drive a recursive reader too deep."""
    from sqlglot.tokenizer_core import TokenType

    opening = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
    closing = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}
    prefix = {TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE}
    depth = prefixes = 0
    for token in tokens:
        depth += (token.token_type in opening) - (token.token_type in closing)
        prefixes = prefixes + 1 if token.token_type in prefix else 0
        if depth > MAX_DEPTH or prefixes > MAX_DEPTH:
            raise ConditionError(
                f"the condition is nested more than {MAX_DEPTH} deep", token.start, token.end + 1
            )


# -- errors ----------------------------------------------------------------------------------


_WORDS = """
    by create delete distinct drop from group having insert into isnull join limit notnull on order
    regexp rlike select set table union update using values where with
"""
_KEYWORDS = frozenset(_WORDS.split())
"""Of SQL's words those that nothing in a condition begins with, and fields may be called."""


def _syntax_error(text: str, error: Exception) -> ConditionError:
    """What sqlglot could not read, at the word where it stopped."""
    from sqlglot.errors import ParseError

    details = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    word = details.get("highlight") or ""
    line, column = details.get("line"), details.get("col")
    if not word or not isinstance(line, int) or not isinstance(column, int):
        if text.count("'") % 2:
            at = text.rfind("'")
            return ConditionError("the string that begins here has no end", at, len(text))
        return ConditionError("this is no condition that can be read", 0, len(text))
    lines = text.splitlines(keepends=True)
    end = min(sum(map(len, lines[: line - 1])) + column, len(text))
    start = max(0, end - len(word))
    if text[start:end] != word:
        start = max(0, text.find(word))
        end = start + len(word)
    if "Unexpected token" in str(details.get("description")):
        message = f"`{word}` was not expected here"
    else:
        message = f"something is missing after `{word}`"
    if word.lower() in _KEYWORDS:
        message += f'; a field of that name is written `"{word}"`'
    return ConditionError(message, start, end)


def _place(node: Expr, text: str) -> tuple[int, int]:
    """The characters that a syntax node covers, as far as sqlglot tells; else the whole text."""
    starts, ends = [], []
    for part in node.walk():
        start, end = part.meta.get("start"), part.meta.get("end")
        if isinstance(start, int) and isinstance(end, int):
            starts.append(start)
            ends.append(end + 1)
    if not starts:
        return 0, len(text)
    start, end = min(starts), max(ends)
    if "start" not in node.meta:  # of `exists (...)` and `cast(...)`, only what stands inside
        word = "select" if node.key == "subquery" else node.key
        before = text.lower().rfind(word, 0, start)
        start = before if before >= 0 else start
    if text[end : end + 1] == "(":
        end += 1
    while text.count("(", start, end) > text.count(")", start, end) and ")" in text[end:]:
        end = text.index(")", end) + 1  # a call's place is known without what closes it
    return start, end


_NAME = re.compile(
    r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")*)\"|`([^`]*)`|\[([^\]]*)\]|([^\W\d]\w*)(?!\s*\()"
)


def _words(sql: str) -> tuple[str, ...]:
    """Every word of unreadable SQL that could be a column."""
    found = (next((part for part in match.groups() if part), None) for match in _NAME.finditer(sql))
    return tuple(dict.fromkeys([name for name in found if name]))
