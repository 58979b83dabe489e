"""Which statements go to a server: those of dumps and migrations do, hostile ones do not."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import NotProvable, shown
from schemalint.prove.databases import mysql_statements, postgresql_statements
from schemalint.prove.databases.mysql_answers import named
from schemalint.prove.databases.postgresql_statements import Extension, Omission, vetted


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE a (owner text, grant_to text)",
        "ALTER TABLE a OWNER TO CURRENT_USER",
        "ALTER TABLE a ADD owner text, ALTER b SET DEFAULT 1",
        "SET search_path = shop",
        "SELECT set_config('search_path', '', false)",
        "REVOKE UPDATE ON a FROM CURRENT_USER",
        "COMMENT ON TABLE a IS 'grant'",
        "CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE 'sql'",
        "CREATE FUNCTION f() RETURNS TABLE (language text) LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT language FROM t; END",
        "CREATE TABLE public.language (id int)",
        "CREATE VIEW language AS SELECT 1",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN; END $$",
        "DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN others THEN null; END $$",
        "COMMIT",
        "COMMIT TRANSACTION",
        "INSERT INTO a VALUES ('; COPY a FROM PROGRAM')",
    ],
)
def test_sent_to_postgresql(statement: str) -> None:
    assert vetted(statement) is None


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE public.a OWNER TO app",
        "ALTER FUNCTION f(integer, text) OWNER TO app",
        "GRANT ALL ON a TO app",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app",
        "CREATE ROLE app",
        "CREATE USER app",
        "SET ROLE app",
        "SET SESSION AUTHORIZATION app",
        "SET LOCAL statement_timeout = 0",
        "SET SESSION lock_timeout TO 0",
        "COMMENT ON EXTENSION citext IS 'x'",
        "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
        "CREATE DATABASE shop",
        "ALTER DATABASE shop SET timezone TO 'UTC'",
        "CREATE PUBLICATION p FOR ALL TABLES",
        "CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql",
        "COPY a (b) FROM stdin",
    ],
)
def test_left_out_of_postgresql(statement: str) -> None:
    assert isinstance(vetted(statement), Omission)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE EXTENSION citext", Extension("citext", None)),
        ('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"', Extension("uuid-ossp", None)),
        ("create extension PG_TRGM with schema Shop cascade", Extension("pg_trgm", "shop")),
    ],
)
def test_extensions(statement: str, expected: Extension) -> None:
    assert vetted(statement) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE EXTENSION",
        "COPY a FROM '/etc/passwd'",
        "COPY a (b) TO PROGRAM 'x'",
        "LOAD 'x'",
        "CREATE FUNCTION f() RETURNS int AS 'x', 'y' LANGUAGE C",
        "CREATE TRUSTED LANGUAGE plperl",
        "CREATE OR REPLACE TRUSTED PROCEDURAL LANGUAGE plperl",
        "CREATE FUNCTION f(a int DEFAULT g(1)) RETURNS int AS 'x' LANGUAGE plperl",
        "DO LANGUAGE plperlu $$ x $$",
        "CREATE USER MAPPING FOR a SERVER b",
        "CREATE FOREIGN TABLE a (b int) SERVER c",
        "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        "ALTER SYSTEM SET a = 1",
        "CREATE TABLESPACE t LOCATION '/'",
        "PREPARE TRANSACTION 'a'",
        "COMMIT PREPARED 'a'",
        "DROP OWNED BY CURRENT_USER",
        "SELECT 1; SELECT 2",
        "SELECT 'unclosed",
        "",
    ],
)
def test_not_sent_to_postgresql(statement: str) -> None:
    with pytest.raises(NotProvable):
        vetted(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN EXECUTE 'DROP ' || 'OWNED BY CURRENT_USER'; END $$",
        "DO 'BEGIN ALTER ROLE CURRENT_USER NOLOGIN; END'",
        "DO $$ BEGIN GRANT a TO b; END $$",
        "DO $$ BEGIN COMMENT ON DATABASE postgres IS 'mine'; END $$",
        'SELECT pg_catalog."pg_terminate_backend"(pid) FROM pg_stat_activity',
        "SELECT query_to_xml('x', true, true, '')",
        "SELECT * FROM ts_stat('SELECT 1')",
    ],
)
def test_what_reaches_beyond_its_database(statement: str) -> None:
    with pytest.raises(NotProvable, match="throwaway database"):
        postgresql_statements.refuse_reaching_out(statement)


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX i ON "User" (role)',
        "UPDATE a SET role = 'the role', \"group\" = 'x y'",
        "ALTER TABLE a ADD role text",
        "CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f()",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$",
    ],
)
def test_what_does_not(statement: str) -> None:
    postgresql_statements.refuse_reaching_out(statement)


@pytest.mark.parametrize("statement", ["DROP TABLE a", "BEGIN", "COMMIT", "SET a = 1", "DO ''"])
def test_what_no_writer_sends(statement: str) -> None:
    with pytest.raises(NotProvable, match="writer"):
        postgresql_statements.refuse_unless_written(statement)
    with pytest.raises(NotProvable, match="writer"):
        mysql_statements.refuse_unless_written(statement, Dialect.MYSQL)


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO a VALUES (1)", "WITH a AS (SELECT 1) DELETE FROM b", "(SELECT 1)", "TRUNCATE a"],
)
def test_what_a_writer_sends(statement: str) -> None:
    postgresql_statements.refuse_unless_written(statement)
    postgresql_statements.refuse_unless_written("SET CONSTRAINTS ALL DEFERRED")
    truncates = mysql_statements.refuse_unless_written(statement, Dialect.MYSQL)
    assert truncates == statement.startswith("TRUNCATE")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE TABLE a (id int) ENGINE=InnoDB", None),
        ("CREATE DEFINER=`r`@`%` TRIGGER t", "CREATE   TRIGGER t"),
        ("CREATE DEFINER = r@localhost PROCEDURE p()", "CREATE   PROCEDURE p()"),
        ("CREATE DEFINER=CURRENT_USER() VIEW v AS SELECT 1", "CREATE   VIEW v AS SELECT 1"),
        ("CREATE DEFINER=CURRENT_USER VIEW v AS SELECT 1", "CREATE   VIEW v AS SELECT 1"),
        (
            "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER t */",
            "/*!50003 CREATE*/ /*!50017  */ /*!50003 TRIGGER t */",
        ),
        (
            "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `x` /*!40100 CHARACTER SET utf8mb4 */",
            "ALTER DATABASE CHARACTER SET utf8mb4",
        ),
        ("ALTER DATABASE x COLLATE utf8mb4_bin", "ALTER DATABASE COLLATE utf8mb4_bin"),
        ("ALTER SCHEMA COLLATE utf8mb4_bin", "ALTER DATABASE COLLATE utf8mb4_bin"),
        ("/*!40101 SET NAMES utf8 */", None),
        ("CREATE TABLE a (engine varchar(3), global int)", None),
    ],
)
def test_sent_to_mysql(statement: str, expected: str | None) -> None:
    sent = mysql_statements.vetted(statement, Dialect.MYSQL)
    assert sent.text == (expected or statement)


@pytest.mark.parametrize(
    "statement",
    [
        "USE shop",
        "CREATE DATABASE shop",
        "DROP DATABASE IF EXISTS shop",
        "CREATE USER a",
        "GRANT ALL ON *.* TO a",
        "LOCK TABLES a WRITE",
        "UNLOCK TABLES",
        "SET @@SESSION.SQL_LOG_BIN = 0",
        "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ ''",
    ],
)
def test_left_out_of_mysql(statement: str) -> None:
    sent = mysql_statements.vetted(statement, Dialect.MYSQL)
    assert sent.text is None
    assert sent.reason


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Duplicate entry 'a' for key 'by_email'", "by_email"),
        ("Duplicate entry 'a' for key 'customer.by_email'", "customer.by_email"),
        ("Column 'email' cannot be null", "email"),
        ("Field 'email' doesn't have a default value", "email"),
        ("CONSTRAINT `adult` failed for `customer`", "adult"),
        ("Check constraint 'adult' is violated.", "adult"),
        (
            "Cannot add or update a child row: a foreign key constraint fails (`orders`,"
            " CONSTRAINT `owner` FOREIGN KEY (`customer_id`) REFERENCES `customer` (`id`))",
            "owner",
        ),
        ("Table 'a' doesn't exist", None),
    ],
)
def test_what_an_error_of_mysql_names(message: str, expected: str | None) -> None:
    assert named(message) == expected


def test_a_statement_in_a_message() -> None:
    assert shown("SELECT\n  1") == "SELECT 1"
    assert len(shown("x" * 5000)) < 200


@pytest.mark.parametrize(
    ("statements", "database"),
    [
        (["USE shop", "CREATE TABLE a (id int)"], "shop"),
        (["CREATE DATABASE IF NOT EXISTS `Shop` DEFAULT CHARACTER SET utf8", "USE shop"], "shop"),
        (["CREATE SCHEMA shop", "CREATE TABLE shop.a (id int)"], "shop"),
        (["CREATE TABLE IF NOT EXISTS shop.a (id int)", "CREATE TABLE b (id int)"], "shop"),
        (["CREATE TABLE a (id int)"], None),
        (["CREATE TABLE shop.a (id int)", "CREATE TABLE other.b (id int)"], None),
        (["CREATE TABLE mysql.a (id int)"], None),
        (["USE"], None),
        (["CREATE TABLE"], None),
        ([], None),
    ],
)
def test_the_database_of_a_schema(statements: list[str], database: str | None) -> None:
    assert mysql_statements.database_of(statements, Dialect.MYSQL) == database


@pytest.mark.parametrize(
    ("statement", "sent"),
    [
        ("CREATE TABLE shop.a (id int)", "CREATE TABLE a (id int)"),
        ("CREATE VIEW `Shop` . `v` AS SELECT x.id FROM `shop`.a x", "CREATE VIEW  `v` AS"
         " SELECT x.id FROM a x"),
        ("SELECT shop.a.id FROM shop.a", "SELECT a.id FROM a"),
        ("SELECT a.shop.id, 'shop.a', shops.b FROM c", None),
        ("CREATE TABLE shop (shop int)", None),
        ("shop", None),
    ],
)  # fmt: skip
def test_the_name_of_the_database_is_left_out(statement: str, sent: str | None) -> None:
    found = mysql_statements.unqualified(statement, "shop", Dialect.MYSQL)
    assert found == (statement if sent is None else sent)
    assert mysql_statements.unqualified(statement, None, Dialect.MYSQL) == statement
