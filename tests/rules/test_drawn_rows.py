"""Conditions that are judged kept, held against the rows that a real database has of every type."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from schemalint.rule import Verdict
from tests.rules.databases import Database, database
from tests.rules.drawn_rows import draw_columns, draw_condition, fill, in_sql, table
from tests.rules.judging import judge, sql

_DIALECTS = {"mysql": "mariadb"}
_CONDITIONS = 25


def _wrong(made: Database, name: str, seed: int) -> Iterator[str]:
    """What is judged kept of one table, and broken by a row that its CHECK lets in."""
    random = Random(f"{name} {seed}")
    columns = draw_columns(random, name)
    try:
        made.build(table(columns))
    except Exception:  # what is computed has another type
        return
    try:
        fill(made, random, columns, name)
        for _ in range(_CONDITIONS):
            check = draw_condition(random, columns, name)
            rule = draw_condition(random, columns, name, rule=True)
            text = table(columns, check)
            schema = sql(text, _DIALECTS.get(name, name))
            judged = judge(schema, f'check: {{of: t, that: "{rule}"}}')
            if judged.verdict is not Verdict.KEPT:
                continue
            broken = f"coalesce(({check}), 1 = 1) AND NOT coalesce(({in_sql(rule, name)}), 1 = 0)"
            try:
                found = made.rows(f"SELECT * FROM t WHERE {broken}")
            except Exception:  # a comparison that this database will not make
                continue
            if found:
                yield f"{seed}: {text}\n{rule}\n{found[0]}"
    finally:
        made.build("DROP TABLE t")


def _all_wrong(name: str, seeds: range) -> list[str]:
    with database(name) as made:
        return [told for seed in seeds for told in _wrong(made, name, seed)]


def test_a_few_tables() -> None:
    assert not _all_wrong("sqlite", range(5))


@pytest.mark.fuzz
def test_many_tables() -> None:
    assert not _all_wrong("sqlite", range(1000, 1400))


@pytest.mark.server
@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_tables_of_servers(name: str) -> None:
    assert not _all_wrong(name, range(20))
