"""A name is quoted wherever a database would not read it as a name: every keyword, tried."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from schemalint.condition.quoting import quoted, quoted_name
from schemalint.condition.reserved_words import RESERVED_WORDS
from schemalint.model import Dialect
from tests.rules.databases import database

_SQLITE = """
    abort action add after all alter always analyze and as asc attach autoincrement before begin
    between by cascade case cast check collate column commit conflict constraint create cross
    current current_date current_time current_timestamp database default deferrable deferred delete
    desc detach distinct do drop each else end escape except exclude exclusive exists explain fail
    filter first following for foreign from full generated glob group groups having if ignore
    immediate in index indexed initially inner insert instead intersect into is isnull join key last
    left like limit match materialized natural no not nothing notnull null nulls of offset on or
    order others outer over partition plan pragma preceding primary query raise range recursive
    references regexp reindex release rename replace restrict returning right rollback row rows
    savepoint select set table temp temporary then ties to transaction trigger unbounded union
    unique update using vacuum values view virtual when where window with without
"""


def test_no_keyword_is_left_bare_on_sqlite() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    assert list(_misread(_SQLITE.split(), Dialect.SQLITE, connection.execute)) == []
    connection.close()


@pytest.mark.server
@pytest.mark.parametrize(
    ("kind", "dialect", "words"),
    [
        ("postgresql", Dialect.POSTGRESQL, "SELECT word FROM pg_get_keywords()"),
        ("mysql", Dialect.MARIADB, "SELECT word FROM information_schema.keywords"),
    ],
)
def test_no_keyword_is_left_bare(kind: str, dialect: Dialect, words: str) -> None:
    with database(kind) as server:
        listed = [str(row[0]).lower() for row in server.rows(words)]
        every = sorted({*listed, *RESERVED_WORDS[dialect]})
        names = [word for word in every if word.isidentifier()]
        assert len(names) > 300
        assert list(_misread(names, dialect, server.build)) == []


def _misread(
    words: list[str], dialect: Dialect, run: Callable[[str], object]
) -> Iterator[tuple[str, str]]:
    for word in words:
        name = quoted_name(word, dialect)
        run(f"CREATE TEMPORARY TABLE {quoted(word, dialect)} ({quoted(word, dialect)} INT)")
        for statement in (
            f"INSERT INTO {name} ({name}) VALUES (1)",
            f"SELECT {name} FROM {name} WHERE {name} = 1 AND {name} IS NOT NULL",
            f"UPDATE {name} SET {name} = 2 WHERE {name} IS NULL",
            f"DELETE FROM {name} WHERE {name} IN (5)",
        ):
            try:
                run(statement)
            except Exception as error:
                yield statement, str(error)
        run(f"DROP TABLE {quoted(word, dialect)}")
