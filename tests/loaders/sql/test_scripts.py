"""Scripts of DDL, run on the database and replayed: the same comes out.

In `scripts/` a statement ends with a semicolon at the end of a line.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.loaders.sql import databases
from tests.loaders.sql.schema_facts import Facts, differences, schema_facts
from tests.rules.databases import MARIADB

SCRIPTS = Path(__file__).parent / "scripts"


def scripts(dialect: str) -> list[str]:
    found = sorted(path.stem for path in (SCRIPTS / dialect).glob("*.sql"))
    assert len(found) >= 4
    return found


def run(database: databases.Database, dialect: str, script: str) -> str:
    """Run a script, of which no statement may be refused; its text."""
    text = (SCRIPTS / dialect / f"{script}.sql").read_text(encoding="utf-8")
    for statement in re.split(r";\n", text):
        if statement.strip():
            error = database.run(statement)
            assert error is None, f"{statement}: {error}"
    return text


@pytest.mark.parametrize("script", scripts("sqlite"))
def test_sqlite(script: str) -> None:
    with databases.sqlite() as database:
        text = run(database, "sqlite", script)
        assert "\n".join(databases.difference(database, text)) == ""


@pytest.mark.server
@pytest.mark.parametrize("script", scripts("postgresql"))
def test_postgresql(script: str) -> None:
    with databases.postgresql() as database:
        assert database.run("CREATE EXTENSION IF NOT EXISTS btree_gist") is None
        text = run(database, "postgresql", script)
        assert "\n".join(databases.difference(database, text)) == ""


@pytest.mark.server
@pytest.mark.parametrize("script", scripts("mariadb"))
def test_mariadb(script: str) -> None:
    with databases.mariadb() as database:
        text = run(database, "mariadb", script)
        assert "\n".join(databases.difference(database, text)) == ""


# -- what the databases' own tools write of the result reads back as the same


@pytest.mark.server
@pytest.mark.parametrize("script", scripts("postgresql"))
def test_dump_of_postgresql(script: str) -> None:
    with databases.postgresql() as database:
        assert database.run("CREATE EXTENSION IF NOT EXISTS btree_gist") is None
        run(database, "postgresql", script)
        dump = _output("pg_dump", "-h127.0.0.1", "-Upostgres", "-s", database.name)
        assert "\n".join(databases.difference(database, dump)) == ""


@pytest.mark.server
@pytest.mark.parametrize("script", scripts("mariadb"))
def test_dump_of_mariadb(script: str) -> None:
    with databases.mariadb() as database:
        run(database, "mariadb", script)
        where = ("-h", MARIADB["host"], "-u", MARIADB["user"], f"-p{MARIADB['password']}")
        dump = _output("mariadb-dump", *where, "--no-data", "--triggers", database.name)
        assert "\n".join(databases.difference(database, dump)) == ""


def _output(tool: str, *arguments: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    return subprocess.run([tool, *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout


@pytest.mark.parametrize("script", scripts("sqlite"))
def test_what_sqlite_keeps(script: str) -> None:
    """SQLite keeps the text of what it made, renamed columns and all: checks, predicates and
    triggers of it are those of the replay."""
    with databases.sqlite() as database:
        text = run(database, "sqlite", script)
        rows = database.rows(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        kept = ";\n".join(row[0] for row in rows)
    replayed, problems = databases.load(database.dialect, text)
    loaded, faults = databases.load(database.dialect, kept)
    assert problems == faults == []
    assert differences(_plain(schema_facts(replayed)), _plain(schema_facts(loaded))) == []


def _plain(facts: Facts) -> Facts:
    """Without what quotes and blanks differ in, and the order of what has no name."""
    plain: Facts = {path: _text(fact) for path, fact in facts.items()}
    return {
        path: sorted(fact, key=repr) if " unnamed " in path else fact
        for path, fact in plain.items()
    }


def _text(fact: object) -> object:
    if isinstance(fact, str):
        return re.sub(r'["\s]', "", fact)
    if isinstance(fact, dict):
        return {word: _text(one) for word, one in fact.items()}
    return [_text(one) for one in fact] if isinstance(fact, list | tuple) else fact
