"""One seed, one schema, one rule: the verdict, and what the attackers found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

import msgspec

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.oracle.prisma_oracle import ddl
from tests.oracle.verdicts.attacker import Found, attack, tagged
from tests.oracle.verdicts.databases import Database
from tests.oracle.verdicts.forbidden import (
    Audit,
    Immutable,
    Index,
    Optional,
    Rule,
    States,
    Unique,
)
from tests.oracle.verdicts.rules import random_rule
from tests.oracle.verdicts.schemas import Schema, random_schema
from tests.rules.judging import judge

EFFORT = {"sqlite": (3, 130), "postgresql": (2, 100)}
"""Walks, and statements in each."""


class Pair(msgspec.Struct):
    """A schema with its SQL, and a rule."""

    seed: int
    schema: Schema
    script: str
    rule: Rule


class Disagreement(msgspec.Struct):
    """A verdict that the attackers do not bear out. `expected` is what they say it should be."""

    seed: int
    provider: str
    schema: str
    rule: str
    verdict: str
    message: str
    expected: str
    ordinary: Found | None
    client: Found | None

    def __str__(self) -> str:
        lines = [
            f"--- seed {self.seed} on {self.provider}: {self.verdict}, expected {self.expected}",
            self.schema,
            self.rule,
            f"message: {self.message}",
        ]
        for name, found in (("ordinary", self.ordinary), ("client", self.client)):
            if found is not None:
                lines += [
                    f"{name} writer: {found.what}",
                    *("  " + one for one in found.statements[-12:]),
                ]
        return "\n".join(lines)


def pairs(provider: str, seeds: Iterable[int], rules: int = 4) -> Iterator[Pair]:
    """The pairs of `seeds`; those are left out whose schema Migrate refuses."""
    schemas = {str(seed): random_schema(Random(seed), provider) for seed in seeds}
    scripts = ddl({name: schema.text for name, schema in schemas.items()})
    for name, schema in schemas.items():
        script = scripts[name]
        if script is None:
            continue
        for number in range(rules):
            random = Random(f"{name}/{number}")
            rule = random_rule(random, schema)
            if rule is not None:
                yield Pair(int(name) * 100 + number, schema, tagged(schema, script), rule)


def tried(database: Database, pair: Pair, effort: int = 1) -> tuple[Verdict, Disagreement | None]:
    """The verdict over a pair, and what is wrong with it."""
    rule = pair.rule
    loaded = PrismaLoader().load([SourceFile("schema.prisma", pair.schema.text)])
    problems = [problem.message for problem in loaded.problems if not problem.warning]
    assert not problems, (problems, pair.schema.text)
    judged = judge(loaded.schema, rule.text)
    verdict = judged.verdict
    outcomes: list[tuple[str, Found | None, Found | None]] = []
    if isinstance(rule, Index):
        outcomes.append((_indexed(database, pair, rule), None, None))
    elif isinstance(rule, Unique) and not rule.nulls:
        for reading in ("distinct", "equal"):
            rule.nulls = reading
            outcomes.append(_outcome(database, pair, verdict, effort))
        rule.nulls = ""
    else:
        outcomes.append(_outcome(database, pair, verdict, effort))
    expected = outcomes[0][0]
    if len({one for one, _, _ in outcomes}) > 1:
        expected = "question"
    said = "broken" if verdict is Verdict.INEXPRESSIBLE else verdict.value
    if said == expected:
        return verdict, None
    if verdict is Verdict.STALE and isinstance(rule, (Unique, Immutable)) and not rule.spoken_of:
        return verdict, None  # no row satisfies its condition
    _, ordinary, client = outcomes[-1]
    return verdict, Disagreement(
        pair.seed,
        pair.schema.provider,
        pair.schema.text,
        rule.text,
        verdict.value,
        judged.message,
        expected,
        ordinary,
        client,
    )


def _indexed(database: Database, pair: Pair, rule: Index) -> str:
    database.build(pair.script, foreign_keys=False)
    assert rule.model is not None
    columns = tuple(rule.model.column(name).column for name in rule.names)
    served = any(index[: len(columns)] == columns for index in database.indexes(rule.model.table))
    return "kept" if served else "broken"


def _outcome(
    database: Database, pair: Pair, verdict: Verdict, effort: int
) -> tuple[str, Found | None, Found | None]:
    """The verdict by the attackers: kept, if the ordinary writer finds nothing; weak, if the client
    writer does not; broken."""
    walks, steps = EFFORT[pair.schema.provider]

    def found(client: bool) -> Found | None:
        return attack(
            database,
            pair.schema,
            pair.script,
            pair.rule,
            Random(pair.seed),
            client=client,
            walks=walks * effort,
            steps=steps,
        )

    ordinary = found(False)
    if ordinary is None and not isinstance(pair.rule, (Optional, States, Audit)):
        return "kept", None, None  # the ordinary writer can do whatever the other can
    client = found(True)
    if client is not None:
        return "broken", ordinary, client
    return ("kept" if ordinary is None else "weak"), ordinary, client


def main() -> None:
    """Try seeds from the command line: `python -m tests.oracle.verdicts.trial sqlite 0 200`."""
    import sys

    from tests.oracle.verdicts.databases import opened

    provider, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    verdicts: Counter[str] = Counter()
    with opened(provider) as database:
        for pair in pairs(provider, range(first, last)):
            try:
                verdict, wrong = tried(database, pair)
                if wrong is not None:
                    verdict, wrong = tried(database, pair, effort=6)
            except Exception as error:
                print(f"--- seed {pair.seed}: {type(error).__name__}: {error}\n{pair.rule.text}")
                verdicts["error"] += 1
                continue
            verdicts[f"{pair.rule.kind} {verdict}"] += 1
            if wrong is not None:
                verdicts["disagreement"] += 1
                print(wrong)
    for name, count in sorted(verdicts.items()):
        print(f"{count:5} {name}")


if __name__ == "__main__":
    main()
