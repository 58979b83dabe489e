"""SQL text to tokens, in the way of each dialect."""

from __future__ import annotations

from itertools import pairwise

import pytest

from schemalint.loaders.sql.lexer import fold, stored, tokens
from schemalint.model import Dialect

POSTGRESQL, MYSQL, MARIADB = Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.MARIADB
SQLITE, SQLSERVER = Dialect.SQLITE, Dialect.SQLSERVER


def kinds(text: str, dialect: Dialect | None) -> list[tuple[str, str]]:
    """Kind and text of each token."""
    return [(token.kind, token.text) for token in tokens(text, dialect)]


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (POSTGRESQL, r"'it''s'", "it's"),
        (POSTGRESQL, r"'a\'", "a\\"),
        (POSTGRESQL, r"E'a\'b\n\x41\u00e9\U0001F600\101\\'", "a'b\nAé😀A\\"),
        (POSTGRESQL, r"e'it''s'", "it's"),
        (POSTGRESQL, r"E'\U7FFFFFFF'", "\ufffd"),
        (POSTGRESQL, r"U&'d\0061t\+000061\\'", "data\\"),
        (POSTGRESQL, "N'x'", "x"),
        (POSTGRESQL, "$$it's; $1$$", "it's; $1"),
        (POSTGRESQL, "$fn$ $$ $fn2$ $fn$", " $$ $fn2$ "),
        (MYSQL, r"'it''s \'x\' \n\%\\'", "it's 'x' \n\\%\\"),
        (MYSQL, r'"a""b\"\'"', 'a"b"\''),
        (MYSQL, r"'a\\'", "a\\"),
        (SQLITE, r"'a\'", "a\\"),
        (SQLSERVER, "N'it''s'", "it's"),
        (None, "$a$x$a$", "x"),
    ],
)
def test_strings(dialect: Dialect | None, text: str, expected: str) -> None:
    assert kinds(f"{text} x", dialect) == [("string", expected), ("word", "X")]


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (POSTGRESQL, '"a""b"', 'a"b'),
        (POSTGRESQL, r'U&"d\0061t"', "dat"),
        (MYSQL, "`a``b`", "a`b"),
        (SQLITE, '"a""b"', 'a"b'),
        (SQLITE, "`a`", "a"),
        (SQLITE, "[a b]", "a b"),
        (SQLSERVER, "[a]]b]", "a]b"),
        (None, "[a b]", "a b"),
        (None, "`a`", "a"),
    ],
)
def test_quoted_names(dialect: Dialect | None, text: str, expected: str) -> None:
    assert kinds(text, dialect) == [("name", expected)]


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (POSTGRESQL, "a[1]", ["word", "sign", "number", "sign"]),
        (POSTGRESQL, "'a'::int[]", ["string", "sign", "word", "sign", "sign"]),
        (POSTGRESQL, "a$b $1 :x", ["word", "parameter", "parameter"]),
        (POSTGRESQL, "b'01' X'1F' 0x1F 1e-5 1. .5 1_000", ["number"] * 7),
        (POSTGRESQL, "a->>'b' #>> c", ["word", "sign", "string", "sign", "word"]),
        (POSTGRESQL, "a--b\n-/*c*/d", ["word", "sign", "word"]),
        (POSTGRESQL, "/* a /* b */ 'c */ d", ["word"]),
        (POSTGRESQL, "tschüß 日本", ["word", "word"]),
        (POSTGRESQL, "1..2", ["number", "sign", "number"]),
        (
            MYSQL,
            "2fa $x a@b @@c `d`@`e`",
            ["word", "word", "word", "parameter", "parameter", "name", "sign", "name"],
        ),
        (MYSQL, "a -- b\n--c # d\n", ["word", "sign", "sign", "word"]),
        (MYSQL, "/* a /* b */ c", ["word"]),
        (MYSQL, "/*!50003 a */ b /*!99999 c */ /*M!100000 d */", ["word", "word"]),
        (MARIADB, "/*!50003 a */ /*!80000 b */ /*!100000 c */ /*M!100000 d */", ["word"] * 3),
        (MARIADB, "/*M!999999\\- enable the sandbox mode */ a", ["word"]),
        (MYSQL, "b'01' x'1F' _utf8'a'", ["number", "number", "word", "string"]),
        (
            SQLITE,
            "?1 :a @b $c x'00'",
            ["parameter", "parameter", "parameter", "sign", "word", "number"],
        ),
        (SQLITE, "a /* never closed", ["word"]),
        (SQLSERVER, "#t ##g @v a@b a#", ["word", "word", "parameter", "word", "word"]),
        (
            None,
            "a[i] int[] [b c]",
            ["word", "sign", "word", "sign", "word", "sign", "sign", "name"],
        ),
    ],
)
def test_kinds(dialect: Dialect | None, text: str, expected: list[str]) -> None:
    assert [kind for kind, _ in kinds(text, dialect)] == expected


@pytest.mark.parametrize("dialect", [None, *Dialect])
def test_offsets_are_those_of_the_text(dialect: Dialect | None) -> None:
    text = "\ufeffCREATE /* x */ TABLE \"a\" (b INT DEFAULT 'c' -- d\n);"
    found = tokens(text, dialect)
    for token in found:
        if token.kind == "word" and token.start:
            assert text[token.start : token.end].upper() == token.text
    starts = [token.start for token in found]
    assert starts == sorted(starts)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_what_nothing_closes_ends_where_a_statement_seems_to_begin() -> None:
    text = "a 'b;\nCREATE c 'd' e"
    assert kinds(text, POSTGRESQL) == [
        ("word", "A"),
        ("broken", "'"),
        ("word", "CREATE"),
        ("word", "C"),
        ("string", "d"),
        ("word", "E"),
    ]


def test_a_quote_that_nothing_closes_does_not_break_other_kinds_of_quotes() -> None:
    text = "$$ a;\nCREATE b $$ 'c"
    assert kinds(text, POSTGRESQL) == [("string", " a;\nCREATE b "), ("broken", "'")]


def test_names_without_quotes() -> None:
    assert fold("AbÄ", POSTGRESQL) == "abÄ"
    assert fold("AbÄ", SQLITE) == fold("AbÄ", MYSQL) == "AbÄ"
    assert stored("x" * 70, POSTGRESQL) == "x" * 63
    assert stored("é" * 40, POSTGRESQL) == "é" * 31
    assert stored("x" * 70, MYSQL) == "x" * 70


@pytest.mark.parametrize("dialect", [None, POSTGRESQL, MYSQL, MARIADB, SQLITE, SQLSERVER])
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("${schema}", "${schema}"),
        ("${flyway:user}_x", "${flyway:user}_x"),
        ('{{ index .Options "N" }}', '{{index .Options "N"}}'),
        ('"{{ index .Options "N" }}"', '{{index .Options "N"}}'),
    ],
)
def test_placeholders_of_tools_are_names(dialect: Dialect | None, text: str, name: str) -> None:
    assert kinds(f"{text}.a", dialect) == [("name", name), ("sign", "."), ("word", "A")]
    assert kinds(f"'{text}'", dialect)[0][0] == "string"


def test_what_is_no_placeholder() -> None:
    assert ("sign", "{") in kinds("{d '2020-01-01'}", MYSQL)
    assert kinds("$${a}$$", POSTGRESQL) == [("string", "{a}")]
