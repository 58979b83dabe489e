"""`schemalint prove` and `check --prove`."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.command import in_this_process
from tests.prove.servers import MARIADB_URL, mariadb

SCHEMA = """\
-- schemalint: dialect sqlite
CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  phone TEXT NOT NULL UNIQUE,
  deleted_at TEXT,
  UNIQUE (email, deleted_at)
);
"""
RULEBOOK = """\
version: 1
rules:
  - id: BR-01
    says: A live customer is identified by their e-mail address.
    unique: {of: customer, by: [email], where: deleted_at is null}
  - id: BR-02
    says: No two customers have one telephone.
    unique: {of: customer, by: [phone]}
"""
ADDED = ["INSERT INTO customer (email, phone) VALUES ('a', 'a')"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schema.sql").write_text(SCHEMA)
    (tmp_path / "business_rules.yaml").write_text(RULEBOOK)
    return tmp_path


def test_what_gets_through_is_shown(folder: Path) -> None:
    done = in_this_process(folder, "prove", "schema.sql")
    assert done.returncode == 1
    version = sqlite3.sqlite_version
    told = f"""\
  = shown: on sqlite {version} a writer stores two rows of `customer` with the same
           `email`:
               INSERT INTO customer (email, phone) VALUES ('a', 'a');
               INSERT INTO customer (email, phone) VALUES ('a', 'b');
           then two rows of `customer` agree: `email` 'a'
"""
    assert told in done.stdout
    assert f"on sqlite {version}, " in done.stdout
    assert "ways to break it: " in done.stdout
    assert " refused\n" in done.stdout


def test_check_carries_out_what_is_not_kept(folder: Path) -> None:
    done = in_this_process(folder, "check", "--prove", "schema.sql", "--output-format", "json")
    assert done.returncode == 1
    read = json.loads(done.stdout)
    first, second = read["rules"]
    assert first["counterexample"]["executed"] is True
    assert first["counterexample"]["database"] == f"sqlite {sqlite3.sqlite_version}"
    assert len(first["counterexample"]["statements"]) == 2
    assert first["counterexample"]["answers"] == [None, None]
    assert second["counterexample"] is None
    assert {one["rule"] for one in read["carried_out"]} == {"BR-01"}


def test_prove_carries_out_all(folder: Path) -> None:
    done = in_this_process(folder, "prove", "schema.sql", "--output-format", "json")
    read = json.loads(done.stdout)
    carried = {one["rule"]: one for one in read["carried_out"]}
    assert set(carried) == {"BR-01", "BR-02"}
    ends = [one["end"] for one in carried["BR-02"]["tried"] if one["aim"] == "forbidden"]
    assert set(ends) == {"refused"}
    answers = carried["BR-02"]["tried"][0]["answers"]
    assert answers == [None, "UNIQUE constraint failed: customer.phone"]


@pytest.mark.parametrize(
    "format", ["text", "concise", "json", "sarif", "github", "gitlab", "junit"]
)
def test_every_format_tells_of_it(folder: Path, format: str) -> None:
    done = in_this_process(folder, "prove", "schema.sql", "--output-format", format)
    assert done.returncode == 1
    assert f"sqlite {sqlite3.sqlite_version}" in done.stdout
    if format != "concise":
        assert "INSERT INTO customer (email, phone)" in done.stdout


def test_verbose_shows_what_was_refused(folder: Path) -> None:
    done = in_this_process(folder, "prove", "-v", "schema.sql")
    assert "-- refused: UNIQUE constraint failed: customer.phone" in done.stdout


def test_files_are_written(folder: Path) -> None:
    done = in_this_process(folder, "prove", "schema.sql", "--export", "proofs")
    assert done.returncode == 1
    names = sorted(path.name for path in (folder / "proofs").iterdir())
    assert names == [
        "br_01_customer.sql",
        "br_02_customer.sql",
        "test_br_01_customer.py",
        "test_br_02_customer.py",
    ]


def test_a_folder_that_cannot_be_made(folder: Path) -> None:
    done = in_this_process(folder, "prove", "schema.sql", "--export", "schema.sql/x")
    assert done.returncode == 2
    assert "cannot be made" in done.stderr


def test_2_where_nothing_can_be_carried_out(folder: Path) -> None:
    done = in_this_process(
        folder, "check", "--prove=postgresql", "schema.sql", "--output-format", "json"
    )
    assert done.returncode == 2
    read = json.loads(done.stdout)
    assert "not-provable" in [one["rule"] for one in read["findings"]]
    assert read["rules"][0]["verdict"] == "broken"  # by reading, all the same


@pytest.mark.server
def test_2_where_the_server_is_of_another_family(tmp_path: Path) -> None:
    with mariadb():
        pass
    table = "CREATE TABLE a (id int PRIMARY KEY, n int);"
    (tmp_path / "schema.sql").write_text(table)
    rule = "{id: BR-01, says: 'No two.', unique: {of: a, by: [n]}}"
    (tmp_path / "business_rules.yaml").write_text(f"version: 1\nrules: [{rule}]\n")
    asked = ("prove", "schema.sql", "--database", MARIADB_URL, "--dialect")
    done = in_this_process(tmp_path, *asked, "mysql")
    assert done.returncode == 2
    assert "`--dialect mariadb`" in " ".join(done.stdout.split())
    done = in_this_process(tmp_path, *asked, "mariadb")
    assert done.returncode == 1
    assert "then two rows of `a` agree" in " ".join(done.stdout.split())


def test_2_where_the_database_refuses_the_schema(folder: Path) -> None:
    text = SCHEMA + "CREATE INDEX i ON customer (nowhere());\n"
    (folder / "schema.sql").write_text(text)
    done = in_this_process(folder, "prove", "schema.sql", "--output-format", "json")
    assert done.returncode == 2
    told = [one for one in json.loads(done.stdout)["findings"] if one["rule"] == "not-provable"]
    assert "nowhere" in told[0]["message"]


def test_what_is_refused_is_shown_where_it_stands(folder: Path) -> None:
    added = "CREATE TABLE customer (id INTEGER);\n"
    (folder / "schema.sql").write_text(SCHEMA + added)
    done = in_this_process(folder, "prove", "schema.sql", "--output-format", "concise")
    assert done.returncode == 2
    line = SCHEMA.count("\n") + 1
    assert f"schema.sql:{line}:1: error not-provable nothing was proven" in done.stdout


def test_why_nothing_could_be_tried_is_told(folder: Path) -> None:
    """As if all was well, a use that could not be tried counted as accepted."""
    never = "id INTEGER PRIMARY KEY CHECK (abs(random()) < 0), phone TEXT"
    (folder / "schema.sql").write_text(
        f"-- schemalint: dialect sqlite\nCREATE TABLE customer ({never}, email TEXT UNIQUE);\n"
    )
    rules = RULEBOOK.partition("  - id: BR-01")[0] + (
        "  - {id: BR-01, says: One., unique: {of: customer, by: [email], nulls: distinct}}\n"
        "  - {id: BR-02, says: None., optional: {of: customer, fields: [phone]}}\n"
    )
    (folder / "business_rules.yaml").write_text(rules)
    told = " ".join(in_this_process(folder, "prove", "schema.sql").stdout.split())
    why = "could not be tried (no valid row of customer was found"
    assert f"ways to break it: 2 {why}" in told
    assert re.search(r"that it demands: (\d+) could not be tried \(CHECK constraint failed", told)


def test_the_rulebook_is_held_against_itself(folder: Path) -> None:
    done = in_this_process(folder, "prove", "schema.sql", "--mutate", "--output-format", "json")
    told = {one["rule"] for one in json.loads(done.stdout)["findings"]}
    assert "unnoticed-constraint" in told


LISTENING = '''\
from sqlalchemy import DDL, create_engine, event
from sqlmodel import Field, SQLModel

engine = create_engine("sqlite:///shop.db")


class Entry(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    amount: int
    text: str | None


event.listen(Entry.__table__, "before_create", DDL("CREATE TABLE noted (note TEXT)"))
event.listen(Entry.__table__, "after_create", DDL("""
    CREATE TRIGGER added BEFORE INSERT ON %(table)s WHEN new.text IS NULL
    BEGIN SELECT RAISE(ABORT, 'say what it is for'); END;
    CREATE TRIGGER changed BEFORE UPDATE ON %(table)s WHEN new.text IS NULL
    BEGIN SELECT RAISE(ABORT, 'say what it is for'); END;
"""))
event.listen(Entry.__table__, "after_create", DDL("CREATE UNIQUE INDEX ux ON entry (amount)"))
'''
LISTENED = """\
version: 1
rules:
  - {id: BR-01, says: An entry says what it is for., required: {of: Entry, fields: [text]}}
  - {id: BR-02, says: No amount is there twice., unique: {of: Entry, by: [amount]}}
"""


def test_what_listeners_run_is_part_of_what_is_proven(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(LISTENING, "utf-8")
    (tmp_path / "business_rules.yaml").write_text(LISTENED, "utf-8")
    beside = "from models import Entry, event, DDL\n"
    beside += "class Other(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
    beside += "event.listen(Entry.metadata, 'after_create', DDL('CREATE INDEX x ON other (id)'))\n"
    (tmp_path / "beside.py").write_text(beside, "utf-8")
    done = in_this_process(tmp_path, "prove", "models.py", "--output-format", "json")
    read = json.loads(done.stdout)
    assert [one["verdict"] for one in read["rules"]] == ["kept", "kept"]
    tried = [one for rule in read["carried_out"] for one in rule["tried"]]
    ends = {one["end"] for one in tried if one["aim"] == "forbidden"}
    assert ends == {"refused"}
    assert done.returncode == 0
