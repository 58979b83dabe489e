"""The pairs of `tests/loaders/one_ast` really are one schema: what Prisma's Migrate and SQLAlchemy
write for the two files is run on a database each, and both have the same tables then."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from schemalint.loaders.sql.splitter import split
from schemalint.model import Dialect
from tests.loaders.sql.databases import Database, difference, postgresql, sqlite
from tests.loaders.sql.schema_facts import Facts, differences
from tests.loaders.test_one_ast import DIALECTS, PAIRS, paths
from tests.oracle.install import SQLMODEL
from tests.oracle.prisma_oracle import ddl

pytestmark = [pytest.mark.oracle, pytest.mark.server]
DATABASES: dict[Dialect, Callable[[], AbstractContextManager[Database]]] = {
    Dialect.SQLITE: sqlite,
    Dialect.POSTGRESQL: postgresql,
}
# What a schema is made in, which neither of the languages makes.
SURROUNDINGS = """
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE SCHEMA IF NOT EXISTS sales;
"""


def written(path: Path, dialect: Dialect) -> str:
    """The SQL of a file: its own, or what Migrate or SQLAlchemy writes for it."""
    text = path.read_text("utf-8")
    if path.suffix == ".prisma":
        found = ddl({"schema": text})["schema"]
        assert found is not None
        return found
    if path.suffix == ".sql":
        return text
    if not SQLMODEL.exists():
        pytest.skip("SQLModel is absent: run `python -m tests.oracle.install`")
    script = Path(__file__).with_name("create_all.py")
    command = [SQLMODEL / "bin" / "python", "-W", "ignore", script, path, dialect.value]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# What the catalogs' facts leave out: operator classes, sizes of members, comments.
DEFINITIONS = {
    Dialect.POSTGRESQL: """
        SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'sales')
        UNION ALL
        SELECT conname::text, pg_get_constraintdef(k.oid) FROM pg_constraint k
            JOIN pg_namespace n ON n.oid = connamespace WHERE nspname IN ('public', 'sales')
        UNION ALL
        SELECT objoid::regclass::text || '.' || objsubid, description FROM pg_description
            JOIN pg_class c ON c.oid = objoid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname IN ('public', 'sales') AND classoid = 'pg_class'::regclass
    """,
    Dialect.SQLITE: """
        SELECT i.name || '.' || seqno, x.name || ' ' || "desc" || ' ' || coll
            FROM sqlite_master i, pragma_index_xinfo(i.name) x WHERE type = 'index' AND sql <> ''
    """,
}


def made(path: Path, dialect: Dialect) -> Facts:
    """What a database has once that SQL has run, which the loader of SQL has to see as well."""
    sql = written(path, dialect)
    with DATABASES[dialect]() as database:
        if dialect is Dialect.POSTGRESQL and path.suffix != ".sql":
            sql = SURROUNDINGS + sql
        for piece in split(sql, dialect):
            statement = sql[piece.tokens[0].start : piece.tokens[-1].end]
            assert database.run(statement) is None, statement
        assert difference(database, sql) == []
        rows = database.rows(DEFINITIONS[dialect])
        found = database.facts()
        # Migrate leaves the making of views to the project.
        tables = {path: fact for path, fact in found.items() if not path.startswith("view ")}
        return {**tables, "definitions": dict(rows)}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("pair", PAIRS)
def test_both_make_the_same_tables(pair: str, dialect: Dialect) -> None:
    first, second = (made(path, dialect) for path in paths(pair, dialect))
    assert "\n".join(differences(first, second)) == ""
