"""Real schemas with rules near to them: reading held against execution.

    python -m tests.prove.real --database postgresql [--only zenml] [--share 0.1] [--seed 0]
    python -m tests.prove.real --database sqlite --pair "sqlmodel zenml/RunSchema/unique 0"

As `tests.prove.differential`, over the schemas of published packages (`tests.oracle.install`) in
place of drawn ones. `--share` is the part of the rules that is compared.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

import msgspec

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect, Schema
from schemalint.prove.database import Database
from schemalint.source import SourceFile
from tests.oracle.install import MIGRATIONS, PYPI_MODELS
from tests.oracle.schemas import real_schemas
from tests.prove.agreement import DIALECTS, WRONG, Compared, Pair, compared
from tests.prove.differential import KINDS, Counts, dialect_of, kind_of, opened
from tests.prove.real_rules import near, obvious

SOURCES = ("prisma", "sqlmodel", "migrations")

OPEN: dict[str, dict[str, str]] = {"sqlite": {}, "postgresql": {}, "mysql": {}}
"""Pairs that are known to disagree, by the dialect, each with its reason."""


def schemas(name: str) -> Iterator[tuple[str, Schema]]:
    """The real schemas for `sqlite`, `postgresql` or `mysql`, by source and package."""
    dialect = DIALECTS[name]
    for path, files in real_schemas().items():
        loaded = PrismaLoader().load([SourceFile(one, text) for one, text in files.items()])
        provider = loaded.schema.dialect
        mysql = provider is Dialect.MYSQL and dialect is Dialect.MARIADB
        if provider is dialect or mysql:
            yield f"prisma {path}", msgspec.structs.replace(loaded.schema, dialect=dialect)
    from tests.loaders.sqlmodel.published import load

    for package in PYPI_MODELS:
        yield f"sqlmodel {package}", load(package, dialect).schema
    if dialect is Dialect.POSTGRESQL:
        yield from migrations()


def migrations() -> Iterator[tuple[str, Schema]]:
    """The published migrations, each package's as one schema."""
    for folder in sorted(MIGRATIONS.iterdir()):
        paths = sorted(folder.rglob("migration.sql"))
        files = [SourceFile(str(path), path.read_bytes().decode("utf-8")) for path in paths]
        if files:
            schema = SqlLoader().load(files, dialect=Dialect.POSTGRESQL).schema
            yield f"migrations {folder.name}", schema


def pairs(
    name: str, *, seed: int = 0, only: str = "", share: float = 1.0, kinds: Iterable[str] = KINDS
) -> Iterator[Pair]:
    """The pairs of a seed: of each model its obvious rules, and one of each kind; of these the
    part `share`."""
    for called, schema in schemas(name):
        if only not in called:
            continue
        bound = switched_on(schema)
        for model in schema.models:
            if model.kind not in ("model", "join"):
                continue
            written = [(f"obvious {n}", rule) for n, rule in enumerate(obvious(schema, model))]
            for kind in kinds:
                label = f"{called}/{model.name}/{kind} {seed}"
                rule = near(kind, Random(label), schema, model)
                written += [(f"{kind} {seed}", rule)] if rule is not None else []
            for label, rule in written:
                full = f"{called}/{model.name}/{label}"
                if rule.partition(":")[0] in kinds and Random(f"{full} {seed}").random() < share:
                    loose = Random(full).random() < 0.1  # foreign keys only the client's, on SQLite
                    yield Pair(full, schema if loose else bound, rule)


def differences(database: Database, found: Iterable[Pair], counts: Counts) -> Iterator[Compared]:
    """Compare pairs; give what came of each, and count it."""
    for one in compared(database, found):
        source = one.pair.name.partition(" ")[0]
        counts.results[kind_of(one.pair), source, one.result] += 1
        yield one


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--kind", default="")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pair", default=None)
    asked = parser.parse_args()
    counts = Counts(Counter())
    kinds = [asked.kind] if asked.kind else KINDS
    chosen: Iterable[Pair] = pairs(
        dialect_of(asked.database), seed=asked.seed, only=asked.only, share=asked.share, kinds=kinds
    )
    if asked.pair is not None:
        every = pairs(dialect_of(asked.database), seed=asked.seed, kinds=kinds)
        chosen = [one for one in every if one.name == asked.pair]
    begin = time.monotonic()
    unknown = 0
    with opened(asked.database) as database:
        for one in differences(database, chosen, counts):
            if one.result in WRONG or asked.pair is not None:
                unknown += (
                    asked.pair is None and one.pair.name not in OPEN[dialect_of(asked.database)]
                )
                print(one, flush=True)
    print(f"{counts.total()} pairs in {time.monotonic() - begin:.0f} s on {asked.database}")
    print(counts.table(SOURCES))
    sys.exit(f"{unknown} pairs that are not in OPEN disagree" if unknown else 0)


if __name__ == "__main__":
    main()
