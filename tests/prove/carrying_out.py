"""Carries one rule out over one schema, as a whole run does.

`python -m tests.prove.carrying_out KIND ...` prints what came of the examples of kinds on SQLite.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import dedent

import msgspec

from schemalint.ddl import Omission, written
from schemalint.engine import RuleReport, check
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect, Schema
from schemalint.prove.database import Database
from schemalint.prove.databases.sqlite import Sqlite
from schemalint.prove.execution import Proof, Prover, shows_broken
from schemalint.prove.scripts import statements
from schemalint.registry import Registry
from schemalint.rule import Finding, Rulebook
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile

REGISTRY = Registry.discover()


class CarriedOut(msgspec.Struct, frozen=True):
    """The report of a rule with and without execution, the findings, and what was tried."""

    read: RuleReport
    report: RuleReport
    findings: tuple[Finding, ...]
    proofs: tuple[Proof, ...]

    @property
    def ends(self) -> dict[str, str]:
        """How each attack ended, by what it says."""
        return {one.attack.says: one.end for proof in self.proofs for one in proof.outcomes}

    def __str__(self) -> str:
        lines = [f"by reading: {self.read.verdict}; with execution: {self.report.verdict}"]
        for proof in self.proofs:
            lines += [f"  {proof.model.name}: {proof.why_not}"] if proof.why_not else []
            for one in proof.outcomes:
                lines.append(f"  {one.end:10} {one.attack.aim:9} {one.attack.says}")
                if one.what:
                    lines.append(f"{'':14}{one.what}")
                for sent in one.statements:
                    answer = f"  -- {sent.refusal.message}" if sent.refusal else ""
                    lines.append(f"{'':16}{sent.sql}{answer}")
        return "\n".join(lines)


def rulebook(rule: str) -> Rulebook:
    """A rulebook of one entry, which is written without its `id` and `says`."""
    entry = "\n".join("    " + line for line in dedent(rule).strip().splitlines())
    text = f"version: 1\nrules:\n  - id: BR-01\n    says: The rule.\n{entry}\n"
    read, faults = read_rulebook([SourceFile("business_rules.yaml", text)], REGISTRY)
    messages = [fault.message for fault in faults]
    assert not messages, messages
    return read


def load(text: str, language: str = "sql", dialect: Dialect | None = None) -> Schema:
    """The schema of a text in one of the languages (`prisma`, `sql`, `py`)."""
    loader = REGISTRY.loader(language)
    assert loader is not None
    return loader.load([SourceFile(f"schema.{language}", dedent(text))], dialect=dialect).schema


def build(database: Database, schema: Schema) -> tuple[Omission, ...]:
    """Build a schema by its own SQL, or by what its language means in SQL; what could not be
    written."""
    assert schema.dialect is not None
    if schema.language == "sql":
        database.build(statements(schema.files, schema.dialect))
        return ()
    ddl = written(schema, schema.dialect)
    extensions = [f'CREATE EXTENSION IF NOT EXISTS "{name}"' for name in ddl.extensions]
    database.build([*extensions, *(one.sql for one in ddl.statements)])
    return ddl.omissions


@contextmanager
def sqlite() -> Iterator[Sqlite]:
    """A throwaway SQLite."""
    database = Sqlite()
    try:
        yield database
    finally:
        database.close()


def carried_out(database: Database, schema: Schema, rule: str) -> CarriedOut:
    """Build the schema, and carry the rule out whatever its verdict."""
    left_out = build(database, schema)
    book = rulebook(rule)
    read = check({}, schema, book)
    prover = Prover(database, left_out=left_out)
    checked = check({}, schema, book, execution=prover)
    return CarriedOut(read.rules[0], checked.rules[0], checked.findings, tuple(prover.proofs))


def tried(ddl: str, rule: str, *, foreign_keys: bool = True) -> CarriedOut:
    """Carry a rule out over a schema in SQL, on SQLite; its connections check foreign keys, unless
    they are not to."""
    schema = load(ddl, "sql", Dialect.SQLITE)
    with sqlite() as database:
        return carried_out(database, switched_on(schema) if foreign_keys else schema, rule)


def through(done: CarriedOut) -> dict[str, list[str]]:
    """The statements of the attacks that got through, and of what is demanded and was refused, by
    what they say."""
    return {
        one.attack.says: [sent.sql for sent in one.statements]
        for proof in done.proofs
        for one in proof.outcomes
        if shows_broken(one)
    }


def main(kinds: list[str]) -> None:
    """Print what came of the examples of these kinds that are for SQLite."""
    for kind in kinds:
        rule = REGISTRY.kind(kind)
        assert rule is not None
        for example in rule.examples:
            schema = load(example.schema, example.language)
            if schema.dialect is not Dialect.SQLITE:
                schema = load(example.schema, example.language, Dialect.SQLITE)
            with sqlite() as database:
                try:
                    print(f"--- {kind}: {example.says} ({example.verdict})\n{example.rule}")
                    print(carried_out(database, schema, example.rule))
                except Exception as error:
                    print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
