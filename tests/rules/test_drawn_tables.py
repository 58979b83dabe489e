"""Verdicts over random SQL tables, held against every small row on real databases."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from schemalint.rule import Verdict
from tests.rules.databases import Database, database
from tests.rules.drawn_tables import (
    DIALECTS,
    NO_ROWS,
    Table,
    draw_question,
    draw_table,
    violation,
)
from tests.rules.judging import judge, sql

BROKEN = (Verdict.BROKEN, Verdict.INEXPRESSIBLE)
ASIDE = (Verdict.STALE, Verdict.QUESTION, Verdict.WEAK)
"""Weak: kept as the database compares, or but for one value; see the tests of `check`, `states`."""


class Tally:
    """What became of the questions: wrong ones are told, the others counted."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.missed: list[str] = []
        self.verdicts: Counter[Verdict] = Counter()

    def ask(self, made: Database, table: Table, seed: int, rows: int, questions: int = 4) -> None:
        schema = sql(";\n".join(table.ddl()) + ";", DIALECTS[table.kind].value)
        assert not schema.opaque, (seed, schema.opaque, table.ddl())
        for number in range(questions):
            source = random.Random(f"{seed}/{number}")
            question = draw_question(source, table)
            judged = judge(schema, question.rule)
            self.verdicts[judged.verdict] += 1
            if judged.verdict in ASIDE:
                continue
            try:
                found = violation(made, table, question, source, rows)
            except Exception:  # a comparison that this database will not make
                continue
            if found == NO_ROWS:
                continue
            told = "\n".join((f"{seed}: {question.rule}", *table.ddl(), judged.message))
            if judged.verdict is Verdict.KEPT and found is not None:
                self.wrong.append(f"{told}\nfound: {found}")
            elif judged.verdict in BROKEN and found is None and question.by != ("s",):
                self.missed.append(told)  # `states` is also broken by what a schema refuses


def tally(kind: str, seeds: range, rows: int) -> Tally:
    found = Tally()
    with database("sqlite" if kind == "strict" else kind) as made:
        for seed in seeds:
            table = draw_table(random.Random(f"{kind}{seed}"), kind)
            try:
                for statement in table.ddl():
                    made.build(statement)
            except Exception:  # some drawn checks compare what the database will not
                made.refused("DROP TABLE IF EXISTS t")
                continue
            made.build("DROP TABLE t")
            found.ask(made, table, seed, rows)
    return found


@pytest.mark.parametrize("kind", ["sqlite", "strict"])
def test_a_few_tables(kind: str) -> None:
    found = tally(kind, range(8), 60)
    assert not found.wrong, "\n\n".join(found.wrong)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", ["sqlite", "strict"])
def test_many_tables(kind: str) -> None:
    _borne_out(tally(kind, range(1000, 1400), 250))


@pytest.mark.server
@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_tables_of_servers(kind: str) -> None:
    _borne_out(tally(kind, range(2000, 2030), 100))


def _borne_out(found: Tally) -> None:
    assert not found.wrong, "\n\n".join(found.wrong)
    asked = sum(found.verdicts.values())
    assert len(found.missed) <= asked // 50, "\n\n".join(found.missed)
    assert found.verdicts[Verdict.UNKNOWN] <= asked // 20, found.verdicts
    assert min(found.verdicts[one] for one in (Verdict.KEPT, Verdict.BROKEN)) > 10
