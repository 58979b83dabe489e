"""A file of SQL to its statements, as each database's client cuts it."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.splitter import split
from schemalint.model import Dialect
from tests.loaders.sql.grammar.reading_tables import texts

POSTGRESQL, MYSQL, MARIADB = Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.MARIADB
SQLITE, SQLSERVER = Dialect.SQLITE, Dialect.SQLSERVER


@pytest.mark.parametrize("dialect", [None, POSTGRESQL, MYSQL, SQLITE])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", " "])
def test_semicolons_end_statements(dialect: Dialect | None, line_end: str) -> None:
    sql = "a 'x;y' b;;c (d;e) f -- g; h\n;/* i; */ ; j".replace("\n", "\n")
    sql = sql.replace(";;", f";{line_end};")
    assert texts(sql, dialect) == ["a 'x;y' b", "c (d", "e) f", "j"]


def test_nothing_is_no_statement() -> None:
    for sql in ("", " \n", ";", "-- x", "/* x */;;", "\ufeff"):
        assert texts(sql) == []


def test_dollar_quotes_hold_anything() -> None:
    body = "$fn$ begin 'a; $$ ; $$ end; -- $fn\n $fn$"
    assert texts(f"create function f() as {body}; b") == [f"create function f() as {body}", "b"]


def test_lines_of_psql_are_no_sql() -> None:
    sql = (
        "\\restrict don't\n\\connect x\nSET a;\n\\echo it's; here\nCREATE b\n\\gexec\n"
        "SELECT 1 \\g\nSELECT 2\\; SELECT 3;\n\\unrestrict\n"
    )
    assert texts(sql) == ["SET a", "CREATE b", "SELECT 1", "SELECT 2", "SELECT 3"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_data_of_copy_is_no_sql(end: str) -> None:
    sql = "COPY a (b) FROM stdin;\n1\tdon't\n\\\\.\nCREATE x; \\. \n\\.\nCREATE c;\n"
    assert texts(sql.replace("\n", end)) == ["COPY a (b) FROM stdin", "CREATE c"]
    sql = "\\copy a from stdin\nit's\n\\.\nCREATE c;"
    assert texts(sql.replace("\n", end)) == ["CREATE c"]


def test_copy_from_a_file_has_no_data() -> None:
    assert texts("COPY a FROM '/x';\nb;\nCOPY c TO stdout;\nd") == [
        "COPY a FROM '/x'",
        "b",
        "COPY c TO stdout",
        "d",
    ]


def test_bodies_of_postgresql() -> None:
    atomic = (
        "create or replace function f() returns int begin atomic select case when a then 1 end;"
    )
    atomic += " select 2; end"
    rule = "create rule r as on insert to a do (insert into b values (1); delete from c)"
    assert texts(f"{atomic}; begin; {rule}; end;") == [atomic, "begin", rule, "end"]


def test_triggers_of_sqlite() -> None:
    first = "CREATE TRIGGER a AFTER UPDATE OF begin ON b WHEN new.begin = 1 BEGIN\n"
    first += "  UPDATE b SET c = CASE WHEN d THEN 1 END;\n  SELECT RAISE(ABORT, 'end;');\nEND"
    second = "CREATE TEMP TRIGGER x BEFORE DELETE ON b BEGIN SELECT 1; END"
    assert texts(f"{first};\nBEGIN;{second};COMMIT;", SQLITE) == [first, "BEGIN", second, "COMMIT"]


BODIES = [
    "CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.c = IF(1, 2, 3)",
    "CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW IF NEW.c < 1 THEN SET NEW.c = 1; END IF",
    "CREATE DEFINER=`x`@`%` TRIGGER a AFTER DELETE ON b FOR EACH ROW FOLLOWS c\nBEGIN\n"
    "  IF OLD.x THEN SET @a = CASE WHEN 1 THEN IF(1, 2, 3) ELSE 4 END;\n"
    "  ELSEIF y THEN BEGIN END; ELSE IF z THEN SET @b = 1; END IF; END IF;\n"
    "  CASE c WHEN 1 THEN SET @a = 1; ELSE BEGIN END; END CASE;\nEND",
    "CREATE PROCEDURE p()\nBEGIN\n  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END;\n"
    "  x: LOOP LEAVE x; END LOOP x; WHILE a DO SET a = 1; END WHILE;\n"
    "  REPEAT SET a = REPEAT('x', 2); UNTIL a END REPEAT;\n"
    "  SELECT begin FROM t; START TRANSACTION;\nEND",
    "CREATE OR REPLACE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN IF(a, 1, 2)",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; DELETE FROM b; END",
    "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END",
]


@pytest.mark.parametrize("body", BODIES)
def test_bodies_of_mysql_without_delimiter(body: str) -> None:
    assert texts(f"BEGIN;\n{body};\nCREATE TABLE a (b int);", MARIADB) == [
        "BEGIN",
        body,
        "CREATE TABLE a (b int)",
    ]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("delimiter", ["//", "$$", ";;", "|", "END_OF", "\\\\"])
def test_bodies_of_mysql_with_delimiter(body: str, delimiter: str) -> None:
    sql = f"DELIMITER {delimiter}\n{body}{delimiter}\nSELECT 1 {delimiter}\ndelimiter ;\nSELECT 2;"
    assert texts(sql, MYSQL) == [body, "SELECT 1", "SELECT 2"]


def test_a_delimiter_in_quotes() -> None:
    sql = "delimiter 'x y'\ndelimiter 'MySQL'\nSELECT a; SELECT bMySQL\ndelimiter ;\nc;"
    assert texts(sql, MYSQL) == ["SELECT a", "SELECT b", "c"]


def test_statements_before_a_body_with_delimiter() -> None:
    body = "CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND"
    sql = f"DELIMITER $$\nDROP PROCEDURE IF EXISTS p;\n{body}$$\nDELIMITER ;\nCALL p();"
    assert texts(sql, MARIADB) == ["DROP PROCEDURE IF EXISTS p", body, "CALL p()"]


@pytest.mark.parametrize("dialect", [MYSQL, MARIADB])
def test_dashes_before_a_statement_are_a_comment_to_the_client(dialect: Dialect) -> None:
    sql = "--DROP TABLE it's;\n  --;\nSELECT 1; --x\nSELECT 2\n--1;\nSELECT 3;"
    assert texts(sql, dialect) == ["SELECT 1", "SELECT 2\n--1", "SELECT 3"]


def test_a_delimiter_that_is_never_taken_back() -> None:
    sql = "DELIMITER //\nCREATE TRIGGER a BEGIN x; END//\nCREATE TABLE b (c int);\nCREATE TABLE d;"
    assert texts(sql, MYSQL) == [
        "CREATE TRIGGER a BEGIN x; END",
        "CREATE TABLE b (c int)",
        "CREATE TABLE d",
    ]


def test_what_mysqldump_writes_of_triggers() -> None:
    sql = (
        "/*!50003 SET sql_mode = 'x' */ ;\nDELIMITER ;;\n"
        "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`l`*/ /*!50003 TRIGGER a BEFORE INSERT ON b\n"
        "FOR EACH ROW BEGIN SET NEW.c = 1; END */;;\nDELIMITER ;\n"
    )
    assert texts(sql, MYSQL) == [
        "SET sql_mode = 'x'",
        "CREATE*/ /*!50017 DEFINER=`r`@`l`*/ /*!50003 TRIGGER a BEFORE INSERT ON b\n"
        "FOR EACH ROW BEGIN SET NEW.c = 1; END",
    ]


def test_batches_of_sql_server() -> None:
    sql = (
        "BEGIN TRY\n\nBEGIN TRAN;\n\n-- CreateTable\nCREATE TABLE a (b int)\n"
        "CREATE TABLE c (\n  d int\n)\nALTER TABLE c\n  ALTER COLUMN d int\ngo\n"
        "CREATE TRIGGER t ON a AS\nBEGIN\n  UPDATE a SET b = 1;\nEND;\nSELECT 1\n"
        "GO 2 -- twice\n"
        "COMMIT TRAN;\n\nEND TRY\nBEGIN CATCH\n\n"
        "IF @@TRANCOUNT > 0\nBEGIN\n    ROLLBACK TRAN;\nEND;\nTHROW\n\n"
        "END CATCH\nGO\nPRINT 'GO\nGO'"
    )
    assert texts(sql, SQLSERVER) == [
        "BEGIN TRAN",
        "CREATE TABLE a (b int)",
        "CREATE TABLE c (\n  d int\n)",
        "ALTER TABLE c\n  ALTER COLUMN d int",
        "CREATE TRIGGER t ON a AS\nBEGIN\n  UPDATE a SET b = 1;\nEND;\nSELECT 1",
        "COMMIT TRAN",
        "BEGIN CATCH\n\nIF @@TRANCOUNT > 0\nBEGIN\n    ROLLBACK TRAN;\nEND;\nTHROW\n\nEND CATCH",
        "PRINT 'GO\nGO'",
    ]


def test_what_if_decides_stays_with_it() -> None:
    sql = "IF OBJECT_ID('a') IS NOT NULL\n  DROP TABLE a\nCREATE TABLE a (b int)\nGO"
    assert texts(sql, SQLSERVER) == [
        "IF OBJECT_ID('a') IS NOT NULL\n  DROP TABLE a",
        "CREATE TABLE a (b int)",
    ]


def test_create_schema_holds_tables() -> None:
    sql = "CREATE SCHEMA s\nCREATE TABLE a (b int)\nCREATE VIEW c AS SELECT 1;"
    assert texts(sql) == [sql[:-1]]


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("-- migrate:up", "-- migrate:down"),
        ("-- +goose Up", "-- +goose Down"),
        ("-- +migrate Up", "-- +migrate Down"),
        ("-- rambler up", "-- rambler down"),
        ("-- Up Migration", "-- Down Migration"),
    ],
)
def test_what_undoes_a_migration_is_not_run(up: str, down: str) -> None:
    sql = f"{up}\nCREATE TABLE a (b int);\n{down}\nDROP TABLE a;\nDROP TABLE c;\n"
    assert texts(sql) == ["CREATE TABLE a (b int)"]
    assert texts(f"{sql}{up}\nSELECT 1;") == ["CREATE TABLE a (b int)", "SELECT 1"]


def test_what_drizzle_writes_between_statements() -> None:
    sql = "CREATE TABLE a (b int);\n--> statement-breakpoint\nALTER TABLE a ADD c int;"
    for dialect in (POSTGRESQL, MYSQL, SQLITE):
        assert texts(f"{sql}--> statement-breakpoint\nDROP TABLE a;", dialect) == [
            "CREATE TABLE a (b int)",
            "ALTER TABLE a ADD c int",
            "DROP TABLE a",
        ]


def test_drizzle_needs_no_semicolon() -> None:
    statements = [
        "CREATE TABLE a (b int)",
        "INSERT INTO a SELECT 1 WHERE 1 IS NOT NULL",
        "DROP TABLE a",
    ]
    sql = "\n--> statement-breakpoint\n".join(statements)
    for dialect in (None, POSTGRESQL, MYSQL, SQLITE):
        assert texts(sql, dialect) == statements
        assert all(piece.fault is None for piece in split(sql, dialect))
    quoted = "INSERT INTO a VALUES ('\n--> statement-breakpoint\n')"
    assert texts(quoted, POSTGRESQL) == [quoted]


@pytest.mark.parametrize("dialect", [None, POSTGRESQL, MYSQL, SQLITE])
def test_words_of_clients_can_be_columns(dialect: Dialect | None) -> None:
    sql = "CREATE TABLE a (\n  delimiter text,\n  copy text,\n  go text\n)"
    assert texts(f"{sql};", dialect) == [sql]


def test_go_without_a_dialect() -> None:
    sql = "CREATE TABLE a (b int)\nGO\nALTER TABLE a\nADD c int\ngo\n"
    assert texts(sql, None) == ["CREATE TABLE a (b int)", "ALTER TABLE a\nADD c int"]


def test_privileges_are_no_statements() -> None:
    sql = "GRANT SELECT,\nCREATE VIEW,\nALTER ROUTINE ON a.* TO b"
    assert texts(f"{sql};", MYSQL) == [sql]
