"""One seed: a table, a rule, the verdict, and what writers get done against it.

`python -m tests.oracle.guards.trial postgresql 0 200` tells all that disagree.
"""

from __future__ import annotations

import sys
from collections import Counter
from random import Random

import msgspec

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.oracle.guards.attacks import Attack, Rule, random_rule
from tests.oracle.guards.tables import Table, random_table
from tests.rules.databases import Database, database
from tests.rules.judging import judge

DIALECTS = {
    "postgresql": Dialect.POSTGRESQL,
    "sqlite": Dialect.SQLITE,
    "mysql": Dialect.MARIADB,
}


class Trial(msgspec.Struct, frozen=True):
    """A table and a rule, the verdict, and how the rule was broken, if it was."""

    seed: int
    table: Table
    rule: Rule
    verdict: Verdict
    message: str
    broken: str | None

    @property
    def wrong(self) -> str | None:
        """How verdict and outcome disagree."""
        if self.verdict is Verdict.KEPT and self.broken is not None:
            return "kept, and broken"
        if self.verdict is Verdict.BROKEN and self.broken is None:
            return "broken, and nothing found"
        return None

    def __str__(self) -> str:
        return (
            f"--- seed {self.seed} on {self.table.database}: {self.wrong}\n{self.table.text}"
            f"{self.rule.text}\n{self.verdict}: {self.message}\nfound: {self.broken}"
        )


def tried(made: Database, name: str, seed: int, effort: int = 1) -> Trial | None:
    """The trial of a seed; None where the database refuses the schema."""
    random = Random(seed)
    table = random_table(random, name)
    rule = random_rule(random, table)
    loaded = SqlLoader().load([SourceFile("t.sql", table.text)], dialect=DIALECTS[name])
    assert not loaded.problems, (table.text, [problem.message for problem in loaded.problems])
    judged = judge(switched_on(loaded.schema), rule.text)
    broken = None
    for _ in range(2 * effort):
        attack = Attack(made, table, rule, random)
        if not attack.build():
            return None
        broken = attack.run(70)
        if broken is not None:
            break
    return Trial(seed, table, rule, judged.verdict, judged.message, broken)


def main(name: str, first: int, last: int) -> None:
    """Try seeds, and tell about those that disagree."""
    verdicts: Counter[str] = Counter()
    with database(name) as made:
        for seed in range(first, last):
            trial = tried(made, name, seed)
            if trial is not None and trial.wrong:
                trial = tried(made, name, seed, effort=8)
            if trial is None:
                continue
            verdicts[trial.verdict.value] += 1
            if trial.wrong:
                verdicts["WRONG"] += 1
                print(trial)
    print(dict(verdicts))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
