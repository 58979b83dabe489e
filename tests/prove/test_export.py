"""What was carried out, as files: they stand by themselves, and do what they say."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.prove.export import Exported, exported
from schemalint.prove.scripts import statements
from tests.prove.carrying_out import carried_out, load, sqlite

KEPT = "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);"
BROKEN = """
    CREATE TABLE customer (
      id INTEGER PRIMARY KEY,
      email TEXT NOT NULL, -- whatever "it" is
      tenant INTEGER NOT NULL,
      UNIQUE (email, tenant)
    );
"""
RULE = "unique: {of: customer, by: [email]}"


def _files(text: str, dialect: Dialect = Dialect.SQLITE, rule: str = RULE) -> dict[str, Exported]:
    schema = switched_on(load(text, dialect=Dialect.SQLITE))
    with sqlite() as database:
        done = carried_out(database, schema, rule)
    made = statements(schema.files, Dialect.SQLITE)
    return {one.name: one for one in exported(done.proofs, made, dialect, "sqlite 3")}


def _run(file: Exported, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / file.name).write_text(file.text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file.name]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("schema", "code", "closing"), [(KEPT, 0, " passed"), (BROKEN, 1, "1 failed")]
)
def test_the_module_demands_what_the_rule_does(
    schema: str, code: int, closing: str, tmp_path: Path
) -> None:
    done = _run(_files(schema)["test_br_01_customer.py"], tmp_path)
    assert done.returncode == code, done.stdout
    assert closing in done.stdout


@pytest.mark.parametrize(("action", "code"), [("CASCADE", 1), ("SET NULL", 0), ("RESTRICT", 1)])
def test_what_is_demanded_must_not_end_in_what_is_forbidden(
    action: str, code: int, tmp_path: Path
) -> None:
    """That it is accepted is not enough: rows that are to stay may be deleted along."""
    schema = """
        PRAGMA foreign_keys = ON;
        CREATE TABLE team (id INTEGER PRIMARY KEY);
        CREATE TABLE member (
          id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES team ON DELETE CASCADE
        );
    """
    rule = "reference: {from: member.team_id, to: team, required: false, on_delete: set_null}"
    file = _files(schema, rule=rule)["test_br_01_member.py"]
    assert "the row of `member` is deleted with its `team`" in file.text
    mended = file.text.replace("CASCADE", action)
    done = _run(Exported(file.name, mended), tmp_path)
    assert done.returncode == code, done.stdout


@pytest.mark.parametrize("renewing", [False, True])
def test_what_is_forbidden_may_be_mended_without_a_refusal(renewing: bool, tmp_path: Path) -> None:
    """A trigger that renews the time accepts the change by which it did not."""
    schema = """
        CREATE TABLE note (
          id INTEGER PRIMARY KEY, body TEXT NOT NULL, changed_at TEXT NOT NULL
        );
    """
    rule = "audit: {of: note, updated: changed_at}"
    file = _files(schema, rule=rule)["test_br_01_note.py"]
    said = "that must not be so that a row of `note` is changed, and its `changed_at` stays"
    assert said in " ".join(file.text.split())
    trigger = (
        '    "CREATE TRIGGER g AFTER UPDATE ON note WHEN NEW.changed_at IS OLD.changed_at "\n'
        '    "BEGIN UPDATE note SET changed_at = datetime() WHERE id = NEW.id; END",\n'
    )
    at = file.text.index("]\n")
    mended = file.text[:at] + (trigger if renewing else "") + file.text[at:]
    done = _run(Exported(file.name, mended), tmp_path)
    assert done.returncode == (0 if renewing else 1), done.stdout


def test_the_script_runs_and_ends_in_what_is_forbidden() -> None:
    script = _files(BROKEN)["br_01_customer.sql"].text
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    counts = connection.execute("SELECT count(*), count(DISTINCT email) FROM customer").fetchone()
    assert counts == (2, 1)
    connection.close()
    assert script.startswith("-- BR-01: The rule.\n-- On sqlite 3, this gets through.\n")
    assert script.endswith("-- Then two rows of `customer` agree: `email` 'a'.\n")


def test_of_what_is_refused_each_part_begins_with_the_schema_alone() -> None:
    """What one has stored would be in the way of the next, which would be refused for that."""
    script = _files(KEPT)["br_01_customer.sql"].text
    schema, *parts = script.split("BEGIN;")
    assert len(parts) > 1
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(schema)
    for part in parts:
        with pytest.raises(sqlite3.IntegrityError) as error:
            connection.executescript(f"BEGIN;{part}")
        assert f"-- Refused: {error.value}" in part
        connection.execute("ROLLBACK")
    assert connection.execute("SELECT count(*) FROM customer").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("dialect", [Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.MARIADB])
def test_the_modules_for_servers_are_python(dialect: Dialect, tmp_path: Path) -> None:
    file = _files(BROKEN, dialect)["test_br_01_customer.py"]
    ast.parse(file.text)
    assert "DATABASE_URL" in file.text
    done = _run(file, tmp_path)
    assert "1 skipped" in done.stdout, done.stdout


def test_names_of_files_hold_nothing_odd() -> None:
    for name in _files(BROKEN):
        assert name.replace(".", "").replace("_", "").isalnum()
        assert name == name.lower()
