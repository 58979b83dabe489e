"""Throwaway PostgreSQL databases, on a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from schemalint.prove.database import Accepted, BuildError, NotProvable, Refused
from schemalint.prove.databases.postgresql import Postgresql
from tests.prove.servers import POSTGRESQL, postgresql

pytestmark = pytest.mark.server

SHOP = (
    "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public",
    "CREATE TYPE status AS ENUM ('A')",
    "ALTER TYPE status ADD VALUE 'B'",
    "CREATE TABLE customer (id serial PRIMARY KEY, email citext NOT NULL UNIQUE, age int"
    " CONSTRAINT adult CHECK (age >= 18), status status DEFAULT 'B',"
    " made timestamp(3) NOT NULL DEFAULT now())",
    "CREATE INDEX CONCURRENTLY by_age ON customer (age)",
    "ALTER TABLE customer OWNER TO somebody",
    "GRANT SELECT ON customer TO somebody",
    "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL CONSTRAINT later REFERENCES"
    " customer DEFERRABLE INITIALLY DEFERRED, code varchar(3), friend int CONSTRAINT now"
    " REFERENCES customer DEFERRABLE, span int4range, EXCLUDE USING gist (span WITH &&))",
    "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'never; %', OLD.id USING ERRCODE = '23514'; END $$",
    "CREATE TRIGGER kept BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION never()",
)


@pytest.fixture(scope="module")
def empty() -> Iterator[Postgresql]:
    """One database for the module: to make one costs a second."""
    with postgresql(), closing(Postgresql(POSTGRESQL, seconds=1.0)) as database:
        yield database


@pytest.fixture(scope="module")
def shop() -> Iterator[Postgresql]:
    with postgresql(), closing(Postgresql(POSTGRESQL, seconds=1.0)) as database:
        database.build(SHOP)
        yield database


def test_name(shop: Postgresql) -> None:
    assert shop.name.startswith("postgresql 1")
    assert shop.name.replace(".", "").split()[1].isdigit()


def test_what_a_build_leaves_out(shop: Postgresql) -> None:
    assert [skipped.statement.split()[0] for skipped in shop.skipped] == ["ALTER", "GRANT"]


def test_temporary_tables_of_a_migration_stay_up_to_its_end(empty: Postgresql) -> None:
    """A file is sent as one transaction by what runs migrations."""
    empty.build(
        [
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE TEMP TABLE old ON COMMIT DROP AS SELECT id FROM t",
            "CREATE UNIQUE INDEX ON old (id)",
            "CREATE LOCAL TEMPORARY TABLE two (id int) ON COMMIT DELETE ROWS",
            "INSERT INTO two VALUES (1)",
            "INSERT INTO t SELECT id FROM two",
        ]
    )
    with empty.attempt() as attempt:
        assert attempt.rows("SELECT id FROM t") == [(1,)]


def test_row_security_binds_no_owner(empty: Postgresql) -> None:
    empty.build(
        [
            "CREATE TABLE t (id int PRIMARY KEY, tenant text)",
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE t FORCE ROW LEVEL SECURITY",
            "CREATE POLICY own ON t USING (tenant = current_setting('app.tenant', true))",
        ]
    )
    assert [one.statement for one in empty.skipped] == ["ALTER TABLE t FORCE ROW LEVEL SECURITY"]
    with empty.attempt() as attempt:
        assert isinstance(attempt.run("INSERT INTO t VALUES (1, 'a')"), Accepted)


CUSTOMER = "INSERT INTO customer (id, email) VALUES (1, 'a@x')"


@pytest.mark.parametrize(
    ("statement", "kind", "constraint"),
    [
        ("INSERT INTO customer VALUES (2, 'A@x')", "unique", "customer_email_key"),
        ("INSERT INTO customer (email) VALUES (NULL)", "not null", "email"),
        ("INSERT INTO customer (email, age) VALUES ('b', 1)", "check", "adult"),
        ("INSERT INTO customer (email, status) VALUES ('b', 'C')", "type", None),
        ("INSERT INTO orders VALUES (1, 1, 'long')", "type", None),
        ("INSERT INTO orders VALUES (1, 9)", "foreign key", "later"),
        ("INSERT INTO orders VALUES (1, 1, 'a', 9)", "foreign key", "now"),
        (
            "INSERT INTO orders VALUES (1, 1, 'a', 1, '[1,3)'), (2, 1, 'a', 1, '[2,4)')",
            "exclusion",
            "orders_span_excl",
        ),
        ("INSERT INTO nowhere VALUES (1)", "other", None),
        ("SELECT pg_sleep(9)", "time-out", None),
    ],
)
def test_refusals(shop: Postgresql, statement: str, kind: str, constraint: str | None) -> None:
    with shop.attempt() as attempt:
        assert attempt.run(CUSTOMER) == Accepted(1)
        answer = attempt.run(statement)
        assert attempt.rows("SELECT count(*) FROM customer") == [(1,)]
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.constraint) == (kind, constraint)


@pytest.mark.parametrize("clock", [False, True])
def test_an_attempt(shop: Postgresql, clock: bool) -> None:
    """The same with savepoints and with real transactions."""
    for _ in range(2):
        with shop.attempt(clock=clock) as attempt:
            assert attempt.rows("SELECT * FROM customer") == []
            assert attempt.run("INSERT INTO customer (email) VALUES ('a')") == Accepted(1)
            # A constraint that begins deferred waits for the end of the transaction ...
            assert attempt.run(
                "INSERT INTO orders VALUES (1, 9)", "INSERT INTO customer VALUES (9, 'i')"
            ) == Accepted(1)
            # ... and does so in the next one too; one that can be, but is not, does not wait,
            early = attempt.run(
                "INSERT INTO orders VALUES (2, 8, 'a', 7)", "INSERT INTO customer VALUES (7, 's')"
            )
            assert isinstance(early, Refused)
            assert (early.statement, early.constraint) == (0, "now")
            # unless the writer says so.
            assert attempt.run(
                "SET CONSTRAINTS ALL DEFERRED",
                "INSERT INTO orders VALUES (2, 7, 'a', 7)",
                "INSERT INTO customer VALUES (7, 's')",
            ) == Accepted(1)
            late = attempt.run(
                "INSERT INTO orders VALUES (3, 3)", "INSERT INTO customer VALUES (2, 'b')"
            )
            assert isinstance(late, Refused)
            assert (late.statement, late.constraint) == (1, "later")
            refused = attempt.run("UPDATE orders SET code = 'x'")
            assert refused == Refused("never; 1", "raised")
            # The same numbers, each time.
            assert attempt.rows("SELECT id FROM customer ORDER BY id") == [(1,), (7,), (9,)]


def test_values(shop: Postgresql) -> None:
    with shop.attempt() as attempt:
        assert attempt.rows("SELECT 1, 'a', NULL, true, 1.5, ARRAY[1, 2], '{\"a\": 1}'::jsonb") == [
            (1, "a", None, True, pytest.approx(1.5), [1, 2], {"a": 1})
        ]
        with pytest.raises(NotProvable, match="nowhere"):
            attempt.rows("SELECT * FROM nowhere")
        assert attempt.rows("SELECT 1") == [(1,)]


def test_time_goes_on_where_that_is_asked_for(shop: Postgresql) -> None:
    for clock in (True, False):
        with shop.attempt(clock=clock) as attempt:
            attempt.run("INSERT INTO customer (email) VALUES ('a')")
            attempt.run("INSERT INTO customer (email) VALUES ('b')")
            times = attempt.rows("SELECT count(DISTINCT made) FROM customer")
        assert times == [(2 if clock else 1,)]


@pytest.mark.parametrize(
    "obstacle",
    [
        (),
        ("CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM a",),
        ("ALTER TABLE a ENABLE ALWAYS TRIGGER never",),
    ],
)
def test_stored_rows_are_restored(empty: Postgresql, obstacle: tuple[str, ...]) -> None:
    empty.build(
        [
            "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text,"
            " twice text GENERATED ALWAYS AS (n || n) STORED)",
            "CREATE TABLE b (a int REFERENCES a, c text[])",
            "INSERT INTO a (n) VALUES ('one'), (E'tab\\t'), (NULL)",
            "INSERT INTO b VALUES (1, ARRAY['x', NULL])",
            "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'never'; END $$",
            "CREATE TRIGGER never BEFORE TRUNCATE ON a EXECUTE FUNCTION never()",
            *obstacle,
        ]
    )
    seen = []
    for _ in range(3):
        with empty.attempt(clock=True) as attempt:
            seen.append(
                attempt.rows("SELECT a.*, b.c FROM a LEFT JOIN b ON b.a = a.id ORDER BY id")
            )
            assert attempt.run("DELETE FROM b", "DELETE FROM a WHERE n = 'one'") == Accepted(1)
            assert attempt.run("INSERT INTO a (n) VALUES ('new')") == Accepted(1)
            assert attempt.rows("SELECT max(id) FROM a") == [(4,)]
    assert seen[0][0] == (1, "one", "oneone", ["x", None])
    assert seen[0] == seen[1] == seen[2]


def test_constraints_of_one_name(empty: Postgresql) -> None:
    """SET CONSTRAINTS cannot tell them apart, so transactions are real ones."""
    empty.build(
        [
            "CREATE TABLE a (id int PRIMARY KEY)",
            "CREATE TABLE b (a int CONSTRAINT c REFERENCES a DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TABLE d (a int CONSTRAINT c REFERENCES a DEFERRABLE)",
        ]
    )
    with empty.attempt() as attempt:
        for table, statement in (("b", 1), ("d", 0)) * 2:
            answer = attempt.run(f"INSERT INTO {table} VALUES (1)", "SELECT 1")
            assert isinstance(answer, Refused)
            assert (answer.constraint, answer.statement) == ("c", statement)


def test_settings_of_the_schema_are_not_the_writers(empty: Postgresql) -> None:
    """pg_dump begins like this."""
    empty.build(
        [
            "SET statement_timeout = 0",
            "SET client_encoding = 'UTF8'",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "SET default_tablespace = ''",
            "CREATE TABLE public.a (id int)",
            "COMMENT ON SCHEMA public IS 'standard public schema'",
            "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
            "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO app",
        ]
    )
    with empty.attempt() as attempt:
        assert attempt.run("INSERT INTO a VALUES (1)") == Accepted(1)


def test_a_schema_cannot_lift_the_time_out(empty: Postgresql) -> None:
    empty.build(
        [
            "CREATE TABLE a (id int)",
            "CREATE FUNCTION lift() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM set_config('statement_timeout', '0', false); RETURN NEW; END $$",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION lift()",
        ]
    )
    for clock in (False, True):
        with empty.attempt(clock=clock) as attempt:
            assert attempt.run("INSERT INTO a VALUES (1)") == Accepted(1)
            before = time.monotonic()
            answer = attempt.run("SELECT pg_sleep(30)")
            assert isinstance(answer, Refused)
            assert answer.kind == "time-out"
            assert time.monotonic() - before < 10


def test_build_errors(empty: Postgresql) -> None:
    with pytest.raises(BuildError, match="already exists") as raised:
        empty.build(["CREATE TABLE a (id int)", "CREATE TABLE a (id int)"])
    assert raised.value.statement == "CREATE TABLE a (id int)"
    with pytest.raises(NotProvable, match="no schema"), empty.attempt():
        pass


HOSTILE = (
    "COPY customer FROM '/etc/passwd'",
    "COPY customer TO '{file}'",
    "COPY (SELECT 1) TO PROGRAM 'touch {file}'",
    "copy /* ; */ customer to program 'touch {file}'",
    "LOAD '{file}'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ x $$",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '{file}', 'f'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE internal AS 'pg_read_file'",
    "CREATE SERVER s FOREIGN DATA WRAPPER w",
    "CREATE FOREIGN DATA WRAPPER w",
    "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p",
    "ALTER SYSTEM SET archive_command = 'touch {file}'",
    "PREPARE TRANSACTION 'a'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '{file}')",
    "SELECT pg_reload_conf()",
    "SELECT pg_terminate_backend(1) FROM pg_read_binary_file('/etc/passwd')",
    "DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {file}'''; END $$",
    "DO $$ BEGIN EXECUTE 'CREATE DATABASE schemalint_escaped'; END $$",
    "DO $$ BEGIN EXECUTE 'CREATE ROLE schemalint_escaped SUPERUSER'; END $$",
    "DO $$ BEGIN EXECUTE 'SET ROLE postgres'; END $$",
    "DO $$ BEGIN SET SESSION AUTHORIZATION postgres; END $$",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "CREATE TABLESPACE t LOCATION '{folder}'",
    "SELECT 1; COPY (SELECT 1) TO PROGRAM 'touch {file}'",
    "SELECT 'a\0'",
)


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statements(
    statement: str, shop: Postgresql, empty: Postgresql, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    statement = statement.format(file=tmp_path / "made", folder=tmp_path)
    with shop.attempt() as attempt, pytest.raises(NotProvable):
        attempt.run(statement)
    with pytest.raises((NotProvable, BuildError)):
        empty.build([statement])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("extension", ["dblink", "file_fdw", "plpython3u"])
def test_extensions_that_reach_out_are_never_there(extension: str, empty: Postgresql) -> None:
    statement = f"CREATE EXTENSION {extension}"
    empty.build([statement])
    assert [one.statement for one in empty.skipped] == [statement]
    with empty.attempt() as attempt:
        named = f"SELECT FROM pg_extension WHERE extname = '{extension}'"
        assert attempt.rows(named) == []
        with pytest.raises(NotProvable, match=extension):
            attempt.run("SELECT dblink('dbname=postgres', 'SELECT 1')")


def test_what_is_restored_is_no_superusers(empty: Postgresql, tmp_path: Path) -> None:
    """A CHECK runs a function of the schema's, also as rows are put back."""
    tmp_path.chmod(0o777)
    empty.build(
        [
            "CREATE FUNCTION f(n int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN"
            " IF current_setting('is_superuser') = 'on' OR session_user = 'postgres' THEN EXECUTE"
            f" 'RESET ROLE'; EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {tmp_path}/made''';"
            " END IF; RETURN true; END $$",
            "CREATE TABLE a (n int CHECK (f(n)))",
            "INSERT INTO a VALUES (1)",
        ]
    )
    with empty.attempt(clock=True) as attempt:
        attempt.run("DELETE FROM a")
    with empty.attempt() as attempt:
        assert attempt.rows("SELECT * FROM a") == [(1,)]
    assert not list(tmp_path.iterdir())


def test_a_missing_extension(empty: Postgresql) -> None:
    with postgresql() as admin:
        found = admin.execute(
            "SELECT FROM pg_available_extensions WHERE name = 'vector'"
        ).fetchall()
    if found:
        pytest.skip("this server has the extension `vector`")
    with pytest.raises(NotProvable, match="vector"):
        empty.build(["CREATE EXTENSION vector", "CREATE TABLE a (v vector)"])


@pytest.fixture
def role() -> Iterator[Any]:
    """Makes a role with some attributes: its address."""
    made = []
    with postgresql() as admin:

        def make(attributes: str) -> str:
            name = f"test_{uuid4().hex[:12]}"
            admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'it''s' {attributes}")
            made.append(name)
            return f"{POSTGRESQL} user={name} password='it\\'s'"

        try:
            yield make
        finally:
            for name in made:
                admin.execute(f"DROP ROLE {name}")


def test_a_role_that_may_not_create_databases(role: Any) -> None:
    with pytest.raises(NotProvable, match="may not create a database") as raised:
        Postgresql(role(""))
    assert raised.value.help is not None
    assert "CREATEDB" in raised.value.help


def test_a_role_that_may_create_databases_and_roles(role: Any) -> None:
    with closing(Postgresql(role("CREATEDB CREATEROLE"))) as database:
        database.build([*SHOP, "INSERT INTO customer (email) VALUES ('s')"])
        for clock in (False, True, True):
            with database.attempt(clock=clock) as attempt:
                assert attempt.rows("SELECT email FROM customer") == [("s",)]
                assert attempt.run("DELETE FROM customer") == Accepted(1)
        with pytest.raises(NotProvable), database.attempt() as attempt:
            attempt.run("SELECT pg_read_file('/etc/passwd')")


def test_a_role_that_may_create_databases_only(role: Any) -> None:
    """It might own something else, so nothing that could reach that is sent."""
    with closing(Postgresql(role("CREATEDB"))) as database:
        database.build(SHOP)
        with database.attempt() as attempt:
            assert attempt.run(CUSTOMER) == Accepted(1)
        for statement in (
            "DO $$ BEGIN EXECUTE 'DROP ' || 'OWNED BY CURRENT_USER'; END $$",
            "DO 'BEGIN ALTER ROLE CURRENT_USER NOLOGIN; END'",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
            "SELECT query_to_xml('x', true, true, '')",
            "DROP OWNED BY CURRENT_USER",
            "DO $$ BEGIN GRANT ALL ON DATABASE postgres TO PUBLIC; END $$",
            "DO $$ BEGIN COMMENT ON DATABASE postgres IS 'mine'; END $$",
        ):
            with pytest.raises(NotProvable):
                database.build([statement])


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("CREATEDB IN ROLE pg_read_server_files", "pg_read_server_files"),
        ("CREATEDB NOINHERIT IN ROLE postgres", "postgres"),  # SET ROLE would make it a superuser
        ("CREATEDB REPLICATION", "REPLICATION"),
    ],
)
def test_a_role_with_powers_and_no_way_to_be_without(role: Any, attributes: str, said: str) -> None:
    address = role(attributes)
    with pytest.raises(NotProvable, match=said):
        Postgresql(address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://127.0.0.1:1/x", "no connection"),
        ("postgresql://127.0.0.1/x?colour=red", "no address"),
        ("host=127.0.0.1 user=nobody_of_that_name dbname=postgres", "no connection"),
    ],
)
def test_addresses_that_lead_nowhere(address: str, said: str) -> None:
    with pytest.raises(NotProvable, match=said):
        Postgresql(address)


def test_the_last_database_leaves_nothing() -> None:
    with postgresql() as admin:
        database = Postgresql(POSTGRESQL)
        named = "SELECT count(*) FROM pg_database WHERE datname = %s"
        name = database._server.name
        assert admin.execute(named, [name]).fetchone() == (1,)
        database.close()
        database.close()
        assert admin.execute(named, [name]).fetchone() == (0,)
        assert admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchall() == []
