"""Throwaway SQLite databases: what they accept and refuse, forget, and never let through."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from schemalint.prove.database import Accepted, BuildError, Database, NotProvable, Refused
from schemalint.prove.databases.sqlite import Sqlite
from schemalint.prove.databases.sqlite_clock import SetClock, is_settable

SHOP = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL"
    " REFERENCES customer (id), status TEXT CONSTRAINT known CHECK (status IN ('A', 'B')))",
    "CREATE UNIQUE INDEX lower_email ON customer (lower(email))",
    "CREATE TRIGGER kept BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'never'); END",
    "CREATE TABLE strict (n INTEGER NOT NULL) STRICT",
    "INSERT INTO customer VALUES (1, 'a@x')",
)


@pytest.fixture
def shop() -> Iterator[Database]:
    database = Sqlite()
    database.build(SHOP)
    yield database
    database.close()


Built = Callable[..., Database]


@pytest.fixture
def built() -> Iterator[Built]:
    with ExitStack() as made:

        def build(*statements: str, seconds: float = 5.0) -> Database:
            database = Sqlite(seconds)
            made.callback(database.close)
            database.build(statements)
            return database

        yield build


def test_name_and_version() -> None:
    assert Sqlite().name == f"sqlite {sqlite3.sqlite_version}"


@pytest.mark.parametrize(
    ("statement", "kind", "constraint"),
    [
        ("INSERT INTO orders VALUES (1, 1, 'A'), (1, 1, 'B')", "unique", "orders.id"),
        ("INSERT INTO customer VALUES (2, 'A@x')", "unique", "lower_email"),
        ("INSERT INTO customer VALUES (1, 'b')", "unique", "customer.id"),
        ("INSERT INTO customer VALUES (2, NULL)", "not null", "customer.email"),
        ("INSERT INTO customer VALUES ('two', 'b')", "type", None),
        ("INSERT INTO orders VALUES (1, 9, 'A')", "foreign key", None),
        ("INSERT INTO orders VALUES (1, 1, 'C')", "check", "known"),
        ("INSERT INTO strict VALUES ('three')", "type", None),
        ("INSERT INTO nowhere VALUES (1)", "other", None),
    ],
)
def test_refusals(shop: Database, statement: str, kind: str, constraint: str | None) -> None:
    with shop.attempt() as attempt:
        answer = attempt.run(statement)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.constraint, answer.statement) == (kind, constraint, 0)
    assert answer.message


def test_trigger_raises(shop: Database) -> None:
    with shop.attempt() as attempt:
        assert attempt.run("INSERT INTO orders VALUES (1, 1, 'A')") == Accepted(1)
        answer = attempt.run("UPDATE orders SET status = 'B'")
    assert answer == Refused("never", "raised")


def test_a_group_is_stored_as_a_whole(shop: Database) -> None:
    with shop.attempt() as attempt:
        answer = attempt.run("INSERT INTO customer VALUES (2, 'b')", "INSERT INTO orders VALUES ()")
        assert isinstance(answer, Refused)
        assert answer.statement == 1
        assert attempt.rows("SELECT id FROM customer") == [(1,)]
        assert attempt.run("INSERT INTO customer VALUES (2, 'b')") == Accepted(1)


def test_a_statement_that_keeps_part_of_its_work_keeps_none(shop: Database) -> None:
    with shop.attempt() as attempt:
        answer = attempt.run("INSERT OR FAIL INTO customer VALUES (5, 'e'), (1, 'f')")
        assert isinstance(answer, Refused)
        answer = attempt.run("INSERT OR ROLLBACK INTO customer VALUES (5, 'e'), (1, 'f')")
        assert isinstance(answer, Refused)
        assert attempt.rows("SELECT id FROM customer") == [(1,)]


def test_attempts_are_forgotten(shop: Database) -> None:
    for _ in range(2):
        with shop.attempt() as attempt:
            assert attempt.run("DELETE FROM customer") == Accepted(1)
            assert attempt.rows("SELECT * FROM customer") == []
    with shop.attempt() as attempt:
        assert attempt.rows("SELECT * FROM customer") == [(1, "a@x")]


def test_foreign_keys_are_the_connections_choice(shop: Database) -> None:
    with shop.attempt(foreign_keys=False) as attempt:
        assert attempt.run("INSERT INTO orders VALUES (1, 9, 'A')") == Accepted(1)


def test_deferred_checks_are_made_at_the_end_of_a_group(built: Built) -> None:
    database = built(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b (id)"
        " DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE b (id INTEGER PRIMARY KEY)",
    )
    with database.attempt() as attempt:
        answer = attempt.run("INSERT INTO a VALUES (1, 1)")
        assert isinstance(answer, Refused)
        assert answer.kind == "foreign key"
        answer = attempt.run("INSERT INTO a VALUES (1, 1)", "INSERT INTO b VALUES (1)")
        assert answer == Accepted(1)


def test_build_replaces_what_was_there(shop: Database) -> None:
    shop.build(["CREATE TABLE other (id)"])
    with shop.attempt() as attempt:
        assert attempt.rows("SELECT name FROM sqlite_master") == [("other",)]


def test_build_error(shop: Database) -> None:
    with pytest.raises(BuildError, match="already exists") as raised:
        shop.build(["CREATE TABLE a (id)", "CREATE TABLE a (id)"])
    assert raised.value.statement == "CREATE TABLE a (id)"


def test_migrations_of_real_tools_build(built: Built) -> None:
    database = built(
        "PRAGMA page_size = 8192",
        "PRAGMA journal_mode = WAL",
        "PRAGMA foreign_keys=OFF",
        "BEGIN TRANSACTION",
        'CREATE TABLE "new_A" (id INTEGER PRIMARY KEY);',
        'ALTER TABLE "new_A" RENAME TO "A" -- done\n',
        "COMMIT",
        "VACUUM",
        "PRAGMA foreign_key_check('A')",
        "PRAGMA foreign_keys=ON",
    )
    with database.attempt() as attempt:
        assert attempt.run('INSERT INTO "A" VALUES (1) RETURNING id') != Refused("")
        assert attempt.rows('SELECT * FROM "A"') == [(1,)]


def test_no_schema_at_all(built: Built) -> None:
    database = built()
    with database.attempt() as attempt:
        assert attempt.rows("SELECT 1") == [(1,)]


HOSTILE = (
    "ATTACH DATABASE '{file}' AS other",
    "ATTACH DATABASE '' || '{file}' AS other",
    "ATTACH DATABASE ':memory:' AS other",
    "SELECT load_extension('{file}')",
    "SELECT writefile('{file}', 'x')",
    "SELECT readfile('{file}')",
    "SELECT edit('x', 'touch {file}')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "CREATE VIRTUAL TABLE temp.v USING csv(filename='{file}')",
    "CREATE VIRTUAL TABLE v USING fsdir",
    "PRAGMA temp_store_directory = '{folder}'",
    "PRAGMA writable_schema = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = FILE",
    "PRAGMA max_page_count = 1000000000",
    "CREATE TABLE a (id); ATTACH DATABASE '{file}' AS other",
    "CREATE TABLE a (id CHECK (load_extension('{file}')))",
    "SELECT 1; SELECT 2",
    "SELECT ?",
    "SELECT '\0'",
    "SELECT '\ud800'",
)


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statements_are_not_sent(statement: str, shop: Database, tmp_path: Path) -> None:
    statement = statement.format(file=tmp_path / "made", folder=tmp_path)
    with shop.attempt() as attempt:
        with pytest.raises(NotProvable):
            attempt.run(statement)
        assert attempt.rows("SELECT count(*) FROM customer") == [(1,)]
    with pytest.raises(NotProvable):
        Sqlite().build([statement])
    assert not list(tmp_path.iterdir())


def test_vacuum_into_a_file(shop: Database, tmp_path: Path) -> None:
    statement = f"VACUUM INTO '{tmp_path / 'made'}'"
    with shop.attempt() as attempt:
        # SQLite says so before it asks: never inside a transaction.
        assert isinstance(attempt.run(statement), Refused)
    with pytest.raises(NotProvable):
        Sqlite().build([statement])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "statement",
    ["PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = 1", "COMMIT", "SAVEPOINT a"],
)
def test_a_writer_switches_no_checks_off(statement: str, shop: Database) -> None:
    with shop.attempt() as attempt, pytest.raises(NotProvable, match="not sent"):
        attempt.run(statement)


def test_a_trigger_that_would_reach_a_file_proves_nothing(built: Built) -> None:
    database = built(
        "CREATE TABLE a (id)",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT load_extension('x'); END",
    )
    with database.attempt() as attempt, pytest.raises(NotProvable, match="load_extension"):
        attempt.run("INSERT INTO a VALUES (1)")


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE a (b CHECK (b REGEXP '^x'))", "CREATE TABLE a (b CHECK (slug(b) = b))"],
)
def test_a_function_of_the_application_proves_nothing(statement: str) -> None:
    with pytest.raises(NotProvable, match="no such function"):
        Sqlite().build([statement])


def test_a_function_of_the_application_in_a_trigger_proves_nothing(built: Built) -> None:
    database = built(
        "CREATE TABLE a (id)", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT slug(NEW.id); END"
    )
    with database.attempt() as attempt, pytest.raises(NotProvable, match="no such function"):
        attempt.run("INSERT INTO a VALUES (1)")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "


def test_time_out(built: Built) -> None:
    database = built("CREATE TABLE a (id)", seconds=0.2)
    with database.attempt() as attempt:
        before = time.monotonic()
        answer = attempt.run(ENDLESS + "INSERT INTO a SELECT i FROM n")
        assert time.monotonic() - before < 2
        assert isinstance(answer, Refused)
        assert answer.kind == "time-out"
        assert attempt.run("INSERT INTO a VALUES (1)") == Accepted(1)
        with pytest.raises(NotProvable, match="interrupted"):
            attempt.rows(ENDLESS + "SELECT count(*) FROM n")
    with pytest.raises(BuildError, match="interrupted"):
        database.build([ENDLESS + "SELECT count(*) FROM n"])


def test_a_huge_value_is_refused(shop: Database) -> None:
    with shop.attempt() as attempt:
        answer = attempt.run("INSERT INTO customer VALUES (2, zeroblob(2000000000))")
    assert isinstance(answer, Refused)


def test_time_goes_on_where_that_is_asked_for(built: Built) -> None:
    database = built("CREATE TABLE a (at TEXT DEFAULT CURRENT_TIMESTAMP)")
    with database.attempt(clock=True) as attempt:
        attempt.run("INSERT INTO a DEFAULT VALUES")
        attempt.run("INSERT INTO a DEFAULT VALUES")
        assert attempt.rows("SELECT count(DISTINCT at) FROM a") == [(2,)]


@pytest.mark.parametrize(
    ("column", "waits"),
    [
        ("at TEXT DEFAULT CURRENT_TIMESTAMP", False),
        ("at TEXT DEFAULT current_time", False),
        ("at TEXT DEFAULT (DATETIME('Now'))", False),
        ("at REAL DEFAULT (julianday())", False),
        ("at INT DEFAULT (CAST(strftime('%s') AS INT))", False),
        ("at TEXT DEFAULT (strftime('%s', 'now', '+1 day'))", False),
        ("at TEXT DEFAULT CURRENT_TIMESTAMP CHECK (date(at) > '2000-01-01')", True),
        ("b INT, at TEXT AS (datetime(b)) STORED, c TEXT DEFAULT CURRENT_TIMESTAMP", True),
    ],
)
def test_a_clock_is_set_where_it_can_be(built: Built, column: str, waits: bool) -> None:
    database = built(f"CREATE TABLE a ({column})")
    before = time.perf_counter()
    with database.attempt(clock=True) as attempt:
        for _ in range(2):
            assert isinstance(attempt.run("INSERT INTO a DEFAULT VALUES"), Accepted)
        distinct = "c" if " c " in column else "at"
        assert attempt.rows(f"SELECT count(DISTINCT {distinct}) FROM a") == [(2,)]
        now = attempt.rows("SELECT abs(julianday('now') - julianday(datetime())) < 0.001")
        assert now == [(1,)]
    if not waits:
        assert time.perf_counter() - before < 0.5


def test_what_sqlite_refuses_is_not_let_pass_by_the_clock(built: Built) -> None:
    """Its own functions refuse "now" in a CHECK when it is run."""
    database = built("CREATE TABLE a (at TEXT CHECK (at < datetime('now')))")
    for clock in (False, True):
        with database.attempt(clock=clock) as attempt:
            answer = attempt.run("INSERT INTO a VALUES ('2000-01-01')")
        assert isinstance(answer, Refused), clock


def test_the_clock_answers_as_sqlite_does() -> None:
    plain, copy = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    SetClock(copy)
    for call in (
        "date('2024-02-30')",
        "datetime('nowhere')",
        "strftime('%Y-%m', '2024-05-06', '+1 month')",
        "time(NULL)",
        "julianday(2460000.5)",
        "date('now', 'start of year')",
        "typeof(strftime('%s'))",
        "length(CURRENT_TIMESTAMP)",
    ):
        assert (
            copy.execute(f"SELECT {call}").fetchone() == plain.execute(f"SELECT {call}").fetchone()
        ), call


def test_an_attempt_is_cheap(shop: Database) -> None:
    """Well under a millisecond: that is what makes thousands of attacks bearable."""
    best = float("inf")
    for _ in range(50):
        before = time.perf_counter()
        with shop.attempt() as attempt:
            attempt.run("INSERT INTO customer VALUES (2, 'b')")
        best = min(best, time.perf_counter() - before)
    assert best < 0.001


@pytest.mark.parametrize(
    ("column", "settable"),
    [
        ("a DATETIME", True),  # a type
        ("a TIME, b DATE, date TEXT", True),
        ("a TEXT DEFAULT CURRENT_TIMESTAMP", True),
        ("a TEXT DEFAULT (datetime('now'))", True),
        ("a TEXT CHECK (a < date('now'))", False),
        ("a TEXT CHECK (a < CURRENT_DATE)", False),
    ],
)
def test_where_time_is_waited_for(column: str, settable: bool) -> None:
    assert is_settable([f"CREATE TABLE t ({column})"]) is settable
