"""One statement at fault loses nothing else: what is told of it, and what is read around it."""

from __future__ import annotations

import time

import pytest

from schemalint.loaders.sql.statements import CreateTable, NotUnderstood
from schemalint.model import Dialect
from tests.loaders.sql.grammar.reading_tables import statements

BEFORE = "CREATE TABLE before (id int);\n"
BEHIND = "\nCREATE TABLE behind (id int, note text DEFAULT 'it''s');\n"

FAULTS = [
    ("CREATE TABLE x (a text DEFAULT 'y, b int);", "nothing closes this `'`", "'", ["x"]),
    ("CREATE TABLE x (a text DEFAULT 'don't', b int);", "nothing closes this `'`", "'", ["x"]),
    ('CREATE TABLE "x (a int);', 'nothing closes this `"`', '"', []),
    ("CREATE TABLE x (a int) /* y;", "nothing closes this `/*`", "/*", ["x"]),
    ("CREATE TABLE x (a int;", "nothing closes this `(`", "(", ["x"]),
    ("CREATE TABLE x (a int, CHECK ((a > 1);", "nothing closes this `(`", "(", ["x"]),
    ("CREATE TABLE x (a int)", "the `;` behind this statement is missing", ")", ["x"]),
    ("CREATE TABLE x (a int", "the `;` behind this statement is missing", "int", ["x"]),
    ("CREATE TABLE x (a int));", "expected the end of the statement, not `)`", ")", ["x"]),
    (
        "CREATE INDEX i ON x (a b c);",
        "expected `)`, not `c`",
        "c",
        ["x"],
    ),
    (
        "ALTER TABLE x;",
        "expected an action of ALTER TABLE, not the end of the statement",
        "",
        ["x"],
    ),
    ("FROB x;", "no statement that is known begins with `FROB`", "FROB", []),
    ("CREATE FROB x;", "no statement that is known begins with `CREATE FROB`", "CREATE", []),
]


@pytest.mark.parametrize(("fault", "reason", "at", "tables"), FAULTS)
def test_fault_is_told_and_what_is_around_it_is_read(
    fault: str, reason: str, at: str, tables: list[str]
) -> None:
    found = statements(BEFORE + fault + BEHIND)
    tables_read = [one.table.name for one in found if isinstance(one, CreateTable)]
    assert (tables_read[0], tables_read[-1]) == ("before", "behind")
    (broken,) = [one for one in found if isinstance(one, NotUnderstood)]
    assert not broken.known
    assert broken.reason == reason
    assert broken.at is not None
    assert broken.at.text == at
    assert [table.name for table in broken.tables] == tables
    assert BEFORE.rstrip() not in broken.span.text
    assert BEHIND.strip() not in broken.span.text


@pytest.mark.parametrize(
    ("dialect", "fault", "reason"),
    [
        (Dialect.POSTGRESQL, "COPY a FROM stdin;\n1\tx\n", "nothing ends the data of this COPY"),
        (Dialect.POSTGRESQL, "DO $$ begin; end;", "nothing closes this `$$`"),
        (
            Dialect.SQLITE,
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;\n",
            "the END of this body is missing",
        ),
        (
            Dialect.MYSQL,
            "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN IF x THEN SET @a = 1; END;\n",
            "the END of this body is missing",
        ),
        (Dialect.MYSQL, "INSERT INTO a VALUES ('x\\');", "nothing closes this `'`"),
        (Dialect.MYSQL, "CREATE TABLE `x (a int);", "nothing closes this ```"),
        (Dialect.SQLITE, "CREATE TABLE [x (a int);", "nothing closes this `[`"),
    ],
)
def test_fault_of_a_dialect(dialect: Dialect, fault: str, reason: str) -> None:
    found = statements(BEFORE + fault + BEHIND, dialect)
    tables = [one.table.name for one in found if isinstance(one, CreateTable)]
    assert tables == ["before", "behind"]
    (broken,) = [one for one in found if isinstance(one, NotUnderstood)]
    assert broken.reason.startswith(reason)


@pytest.mark.parametrize(
    "fault",
    [
        "CREATE TABLE x (a text DEFAULT 'y, b int);",
        "CREATE TABLE x (a text DEFAULT y', b int);",
        'CREATE TABLE x ("a text, b int);',
        'ALTER TABLE x ADD "a text;',
        "INSERT INTO x VALUES ('it's);",
    ],
)
def test_two_quotes_that_are_missing_do_not_make_a_pair(fault: str) -> None:
    sql = BEFORE + fault + BEHIND + fault.replace("x", "z") + "\nCREATE TABLE last (id int);"
    found = statements(sql)
    tables = [one.table.name for one in found if isinstance(one, CreateTable)]
    assert [name for name in tables if len(name) > 1] == ["before", "behind", "last"]


def test_a_string_may_hold_statements() -> None:
    sql = "COMMENT ON TABLE a IS 'first;\nCREATE TABLE b (c int);\n';\nCREATE TABLE d (e int);"
    assert [type(one).__name__ for one in statements(sql)] == ["Comment", "CreateTable"]


def test_missing_semicolon_between_all_statements() -> None:
    sql = "CREATE TABLE a (b int)\nCREATE TABLE c (d int)\nCREATE TABLE e (f int)"
    found = statements(sql)
    assert [type(one) for one in found] == [NotUnderstood, NotUnderstood, CreateTable]
    assert [type(one) for one in statements(sql, None)] == [CreateTable] * 3
    assert [type(one) for one in statements(sql, Dialect.SQLSERVER)] == [CreateTable] * 3


HOSTILE = [
    "(" * 60_000,
    "CREATE TABLE a " + "(" * 60_000,
    "CREATE INDEX i ON a " + "(" * 30_000 + "b" + ")" * 30_000,
    "CREATE TABLE a (b int DEFAULT " + "(" * 30_000 + ")" * 30_000 + ")",
    "CREATE TABLE a (b int DEFAULT " + "CASE " * 30_000,
    "CREATE TABLE a (b int DEFAULT 1" + "::int" * 20_000 + ")",
    "CREATE TABLE a (b int" + "[" * 60_000,
    "CREATE TABLE a (" + "b int," * 20_000,
    "CREATE TABLE a (b int " + "NOT NULL " * 15_000 + ")",
    "CREATE TABLE a (b int " + "NUL " * 20_000 + ")",
    "ALTER TABLE a " + "ADD b int, " * 12_000,
    "'\n" * 30_000,
    "';\nCREATE \"x;\n" * 8_000,
    "\\'\n;\n" * 20_000,
    "E'\\';\n" * 20_000,
    "$a$ ;\n" + "".join(f"$a{n}$ ;\n" for n in range(10_000)),
    "/*" * 50_000,
    "/* ;\nCREATE " * 10_000,
    "CREATE TRIGGER t BEGIN ;\nCREATE TABLE a (b int);\n" * 3_000,
    "COPY a FROM stdin;\nCREATE TABLE a (b int)\n" * 4_000,
    "DELIMITER //\nCREATE TRIGGER a BEGIN x;\n" * 4_000,
    "".join(f"DELIMITER x{n}\n" for n in range(10_000)),
    "/*!50003 " * 20_000,
    "BEGIN\n" * 20_000,
    "IF x\nBEGIN;\nCREATE TABLE a (b int)\n" * 4_000,
    "CREATE TABLE a (b int)\n" * 8_000,
    "\\" * 50_000,
    "a.b" + ".c" * 40_000,
    "CREATE RULE r AS DO (" + "a;" * 40_000,
]


@pytest.mark.parametrize("sql", HOSTILE, ids=lambda sql: sql[:25].replace("\n", " "))
@pytest.mark.slow
@pytest.mark.parametrize(
    "dialect", [None, Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.SQLITE, Dialect.SQLSERVER]
)
def test_hostile_text_takes_no_longer_than_its_size(sql: str, dialect: Dialect | None) -> None:
    started = time.process_time()
    statements(sql, dialect)
    assert time.process_time() - started < 10
