"""Rules are carried out on a second database beside the first, if there can be one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from schemalint.engine import check
from schemalint.model import Dialect
from schemalint.prove.database import Database, NotProvable
from schemalint.prove.execution import Prover
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile
from tests.prove.carrying_out import REGISTRY, build, load, sqlite

TABLES = [f"t{number}" for number in range(12)]
SCHEMA = load(
    "".join(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, a TEXT);" for table in TABLES),
    dialect=Dialect.SQLITE,
)
RULES = "version: 1\nrules:\n" + "".join(
    f"  - {{id: BR-{table}, says: It is unique., unique: {{of: {table}, by: [a]}}}}\n"
    for table in TABLES
)


def _verdicts(beside: Callable[[], AbstractContextManager[Database]] | None) -> list[str]:
    book, faults = read_rulebook([SourceFile("business_rules.yaml", RULES)], REGISTRY)
    assert not faults
    with sqlite() as database:
        build(database, SCHEMA)
        prover = Prover(database)
        check({}, SCHEMA, book, execution=prover.collect)
        done: list[None] = []
        prover.carry_out(lambda: done.append(None), beside)
        assert len(done) == len(TABLES)
        report = check({}, SCHEMA, book, execution=prover)
        assert [one.counterexample is not None for one in report.findings] == [True] * len(TABLES)
        return [rule.verdict for rule in report.rules]


def test_a_second_database() -> None:
    @contextmanager
    def beside() -> Iterator[Database]:
        with sqlite() as first, closing(first.another()) as database:
            build(database, SCHEMA)
            yield database

    assert _verdicts(beside) == _verdicts(None)


def test_it_is_done_without() -> None:
    @contextmanager
    def beside() -> Iterator[Database]:
        raise NotProvable("as many connections as may be")
        yield

    assert _verdicts(beside) == _verdicts(None)


def test_what_one_rule_shows_does_not_depend_on_another() -> None:
    """Which database carried out which rule before would be seen in the report."""
    schema = load(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (length(a) > 3), b INTEGER,"
        " CHECK (b % 7 = 3));",
        dialect=Dialect.SQLITE,
    )
    first = "  - {id: BR-1, says: It is unique., unique: {of: t, by: [a]}}\n"
    second = "  - {id: BR-2, says: It is there., required: {of: t, fields: [b]}}\n"

    def shown(rules: str) -> list[str]:
        text = f"version: 1\nrules:\n{rules}"
        book, faults = read_rulebook([SourceFile("business_rules.yaml", text)], REGISTRY)
        assert not faults
        with sqlite() as database:
            build(database, schema)
            prover = Prover(database)
            check({}, schema, book, execution=prover)
            last = prover.proofs[-1]
            return [sent.sql for one in last.outcomes for sent in one.statements]

    assert shown(first + second) == shown(second)
