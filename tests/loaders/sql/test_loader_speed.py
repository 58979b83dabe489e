"""Loading a megabyte of DDL, beside sqlglot's own parse of it, and what could take longer."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile

SCRIPTS = Path(__file__).parent / "scripts" / "postgresql"


def seconds(act: Callable[[], object]) -> float:
    """The best of two, in CPU time: others may be busy on the machine."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best


def megabyte() -> str:
    """The scripts of this folder, again and again, each time with other names for all tables."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.sql"))]
    texts = [text for text in texts if "search_path" not in text and "DO $$" not in text]
    parts: list[str] = []
    size = 0
    while size < 1_000_000:
        for number, text in enumerate(texts):
            name = f"_{len(parts)}_{number}"
            own = re.sub(
                r"((?:TABLE|TYPE|DOMAIN|FUNCTION)(?: IF \w+(?: \w+)?)? )(\w+)", rf"\1\2{name}", text
            )
            parts.append(own)
            size += len(own)
    return "\n".join(parts)


@pytest.mark.slow
def test_beside_sqlglot() -> None:
    import sqlglot

    logging.disable(logging.CRITICAL)
    text = megabyte()
    file = SourceFile("schema.sql", text)
    ours = min(
        seconds(lambda: SqlLoader().load([file], dialect=Dialect.POSTGRESQL)) for _ in range(2)
    )
    theirs = seconds(
        lambda: sqlglot.parse(text, read="postgres", error_level=sqlglot.ErrorLevel.IGNORE)
    )
    logging.disable(logging.NOTSET)
    assert ours < 1.5 * theirs, f"{ours:.2f} s, sqlglot {theirs:.2f} s"


def renames(number: int) -> str:
    parent = max(number - 1, 0)
    return (
        f"CREATE TABLE t{number} (a int PRIMARY KEY, b int REFERENCES t{parent});"
        f"ALTER TABLE t{number} RENAME TO u{number}; ALTER TABLE u{number} RENAME TO t{number};"
    )


def checks(number: int) -> str:
    start = "CREATE TABLE t (a int);" if number == 0 else ""
    return f"{start}ALTER TABLE t ADD CHECK (a > {number});"


def drops(number: int) -> str:
    return f"CREATE TABLE t{number} (a int UNIQUE); DROP TABLE IF EXISTS t{number - 5} CASCADE;"


def types(number: int) -> str:
    return (
        f"CREATE TYPE e{number} AS ENUM ('a'); CREATE TABLE t{number} (e e{number});"
        f"ALTER TYPE e{number} RENAME VALUE 'a' TO 'b'; ALTER TYPE e{number} RENAME TO f{number};"
    )


@pytest.mark.slow
@pytest.mark.parametrize("make", [renames, checks, drops, types])
def test_time_grows_with_the_text(make: Callable[[int], str]) -> None:
    """Eight times the statements, far from sixty-four times as long, on a busy machine too."""

    def load(count: int) -> float:
        file = SourceFile("schema.sql", "\n".join(make(number) for number in range(count)))
        return seconds(lambda: SqlLoader().load([file], dialect=Dialect.POSTGRESQL))

    short = max(load(500), 0.05)
    assert load(4000) < 32 * short
