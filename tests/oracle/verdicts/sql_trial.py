"""One seed, one schema in SQL, one rule: the verdict, and what an attacker found.

`python -m tests.oracle.verdicts.sql_trial mysql 0 200` tries seeds from the command line.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.oracle.verdicts.attacker import Found, attack, tagged
from tests.oracle.verdicts.databases import Database, Sqlite, opened
from tests.oracle.verdicts.forbidden import Immutable, Rule, States, Unique
from tests.oracle.verdicts.pointing import ManyToMany, Reference
from tests.oracle.verdicts.rules import random_rule
from tests.oracle.verdicts.schemas import ENUM
from tests.oracle.verdicts.sql_schemas import SqlSchema, random_sql_schema
from tests.rules.databases import MARIADB
from tests.rules.judging import judge

DIALECTS = {
    "sqlite": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MARIADB,
}
WEIGHTS = {
    "unique": 4,
    "identity": 1,
    "required": 2,
    "count": 1,
    "check": 3,
    "states": 3,
    "immutable": 6,
    "reference": 4,
    "many_to_many": 1,
}
EFFORT = {"sqlite": (4, 130), "postgresql": (3, 100), "mysql": (3, 100)}
"""Walks, and statements in each."""
_NOT_KEPT = (Verdict.BROKEN, Verdict.INEXPRESSIBLE, Verdict.WEAK)
_IGNORING = (("INSERT INTO", "INSERT IGNORE INTO"), ("UPDATE ", "UPDATE IGNORE "))


class Trial(msgspec.Struct):
    """A verdict and what the attacker makes of it: `broken`, or `kept` as far as it got."""

    seed: int
    made: SqlSchema
    rule: Rule
    verdict: Verdict
    message: str
    found: Found | None

    @property
    def wrongly_kept(self) -> bool:
        """Whether the verdict is `kept`, and the attacker found a way; what it only never saw, a
        row in some state for instance, shows nothing."""
        return (
            self.verdict is Verdict.KEPT and self.found is not None and bool(self.found.statements)
        )

    @property
    def perhaps_wrongly_broken(self) -> bool:
        """Whether a verdict says that there is a way which the attacker did not find: it may be
        too narrow for chance, or lead through a table whose checks let no row in."""
        return self.verdict in _NOT_KEPT and self.found is None

    def __str__(self) -> str:
        lines = [
            f"--- seed {self.seed} on {self.made.schema.provider}: {self.verdict}",
            self.made.ddl,
            self.rule.text,
            f"message: {self.message}",
        ]
        if self.found is not None:
            lines += [self.found.what, *("  " + one for one in self.found.statements[-12:])]
        return "\n".join(lines)


class _CheckingSqlite(Sqlite):
    """SQLite whose every connection checks foreign keys."""

    def build(self, script: str, *, foreign_keys: bool) -> None:
        super().build(script, foreign_keys=True)


class _MariaDb:
    """A database of its own on a MariaDB server, which reads SQL as its neighbours write it."""

    provider = "mysql"

    def __init__(self, connection: Any, error: type[Exception], name: str) -> None:
        self._connection = connection
        self._error = error
        self._name = name
        self._random = Random(name)

    def build(self, script: str, *, foreign_keys: bool) -> None:
        self._random = Random(script)
        self._execute(f'DROP DATABASE IF EXISTS "{self._name}"')
        self._execute(f'CREATE DATABASE "{self._name}"')
        self._execute(f'USE "{self._name}"')
        self._execute(script)

    def refused(self, statement: str) -> str | None:
        try:
            self._execute(self._translated(statement))
        except self._error as error:
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def indexes(self, table: str) -> list[tuple[str, ...]]:
        raise NotImplementedError

    def _execute(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            while cursor.nextset():
                pass

    def _translated(self, statement: str) -> str:
        head, upsert, tail = statement.partition(" ON CONFLICT ")
        if upsert:
            if self._random.random() < 0.5:
                return head.replace("INSERT INTO", "REPLACE INTO", 1)
            return f"{head} ON DUPLICATE KEY UPDATE {tail.partition(' DO UPDATE SET ')[2]}"
        if self._random.random() < 0.15:
            for strict, ignoring in _IGNORING:
                if statement.startswith(strict):
                    return statement.replace(strict, ignoring, 1)
        return statement


@contextmanager
def attacked(provider: str) -> Iterator[Database]:
    """A database to attack; skips the test where there is no server."""
    if provider == "sqlite":
        made = _CheckingSqlite()
        yield made
        made.close()
        return
    if provider == "postgresql":
        with opened(provider) as database:
            yield database
        return
    pymysql = pytest.importorskip("pymysql")
    from pymysql.constants import CLIENT

    try:
        connection = pymysql.connect(
            **MARIADB,
            autocommit=True,
            client_flag=CLIENT.MULTI_STATEMENTS,
            connect_timeout=5,
            init_command="SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')",
        )
    except pymysql.Error as error:
        pytest.skip(f"no MariaDB server: {error}")
    name = f"schemalint_{uuid4().hex[:12]}"
    with connection:
        yield _MariaDb(connection, pymysql.Error, name)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def trials(database: Database, provider: str, seeds: range, rules: int = 4) -> Iterator[Trial]:
    """What becomes of the schemas of `seeds`; those that the database refuses are left out."""
    for seed in seeds:
        for number in range(rules):
            made = random_sql_schema(Random(f"sql {seed}"), provider)
            rule = random_rule(Random(f"{seed}/{number}"), made.schema, WEIGHTS)
            if rule is None:
                continue
            try:
                database.build(made.ddl, foreign_keys=True)
            except Exception:
                break
            trial = tried(database, made, rule, seed * 100 + number)
            if trial is not None:
                yield trial


def tried(database: Database, made: SqlSchema, rule: Rule, seed: int) -> Trial | None:
    """Judge and attack; None where the rule means two things and the verdict is a question."""
    provider = made.schema.provider
    loaded = SqlLoader().load([SourceFile("schema.sql", made.ddl)], dialect=DIALECTS[provider])
    problems = [problem.message for problem in loaded.problems if not problem.warning]
    assert not problems, (problems, made.ddl)
    if isinstance(rule, Unique) and not rule.nulls:
        rule.nulls = "distinct"
        rule.parameters["nulls"] = "distinct"
    _by_stored_names(rule)
    judged = judge(switched_on(loaded.schema), rule.text)
    if judged.verdict is Verdict.STALE and isinstance(rule, Unique | Immutable):
        return None  # no row satisfies its condition
    if provider == "mysql" and isinstance(rule, Reference | ManyToMany):
        return None  # the attacker takes 'A' and 'a' for two parents (F11f)
    script = tagged(made.schema, made.ddl)
    found = None
    for effort in (1, 6):
        walks, steps = EFFORT[provider]
        found = attack(
            database,
            made.schema,
            script,
            rule,
            Random(seed),
            client=False,
            walks=walks * effort,
            steps=steps,
        )
        trial = Trial(seed, made, rule, judged.verdict, judged.message, found)
        if not trial.perhaps_wrongly_broken:
            break
    return trial


def _by_stored_names(rule: Rule) -> None:
    """SQL's enums have no other names for their values than those that are stored."""
    stored = dict(ENUM)

    def named(value: object) -> object:
        if isinstance(value, list):
            return [named(one) for one in value]
        if isinstance(value, dict):
            return {named(one): named(other) for one, other in value.items()}
        return stored.get(str(value), value)

    if isinstance(rule, States):
        for name in ("values", "initial", "transitions"):
            if name in rule.parameters:
                rule.parameters[name] = named(rule.parameters[name])


def main(provider: str, first: int, last: int) -> None:
    """Print what is wrong, and how often each verdict was given."""
    verdicts: Counter[str] = Counter()
    with attacked(provider) as database:
        for trial in trials(database, provider, range(first, last)):
            verdicts[f"{trial.rule.kind} {trial.verdict}"] += 1
            for wrong in ("wrongly_kept", "perhaps_wrongly_broken"):
                if getattr(trial, wrong):
                    verdicts[wrong] += 1
                    print(f"{wrong} {trial}")
    for name, count in sorted(verdicts.items()):
        print(f"{count:5} {name}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
