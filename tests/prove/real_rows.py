"""Two rows for each table of real schemas.

`python -m tests.prove.real_rows prisma|sqlmodel sqlite|postgresql [NAME]` prints what is stored.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from schemalint.ddl import written
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect, Model, Schema
from schemalint.prove.database import Attempt, BuildError, NotProvable
from schemalint.prove.rows import RowMaker
from schemalint.prove.sqlite import Sqlite
from schemalint.prove.stored import NoRow, Stored
from schemalint.source import SourceFile
from tests.oracle.install import PYPI_MODELS
from tests.oracle.schemas import real_schemas
from tests.prove.postgresql_rows import postgresql_rows

DIALECTS = {"sqlite": Dialect.SQLITE, "postgresql": Dialect.POSTGRESQL}


class Filled(msgspec.Struct):
    """What came of one schema: the models with two rows, those without and why."""

    name: str
    stored: dict[str, list[Stored]]
    missing: dict[str, str]
    seconds: float = 0.0

    @property
    def share(self) -> float:
        count = len(self.stored) + len(self.missing)
        return len(self.stored) / count if count else 1.0


@contextmanager
def attempt_on(statements: list[str], dialect: Dialect) -> Iterator[Attempt]:
    """A throwaway database with a schema in it."""
    if dialect is Dialect.SQLITE:
        database = Sqlite()
        database.build(statements)
        with database.attempt() as attempt:
            yield attempt
        return
    import psycopg

    with postgresql_rows() as rows:
        try:
            rows.build(statements)
        except psycopg.Error as error:
            raise BuildError("", str(error)) from error
        yield rows


def tables(schema: Schema) -> list[Model]:
    """The models that have rows."""
    return [model for model in schema.models if model.kind in ("model", "join")]


def fill(name: str, schema: Schema, attempt: Attempt) -> Filled:
    """Two rows of each table, in the order of the schema."""
    found = Filled(name, {}, {})
    begin = time.perf_counter()
    maker = RowMaker(schema, attempt)
    for model in tables(schema):
        made = [maker.insert(model), maker.insert(model)]
        failed = [one for one in made if isinstance(one, NoRow)]
        if failed:
            found.missing[model.name] = f"{failed[0].reason} [{failed[0].statement}]"
        else:
            found.stored[model.name] = [one for one in made if isinstance(one, Stored)]
    found.seconds = time.perf_counter() - begin
    return found


def prisma_schemas(dialect: Dialect) -> dict[str, Schema]:
    """The real Prisma schemas whose provider this is, loaded for it."""
    found = {}
    for name, files in real_schemas().items():
        sources = [SourceFile(path, text) for path, text in files.items()]
        loaded = PrismaLoader().load(sources, dialect=None)
        if loaded.schema.dialect is dialect and tables(loaded.schema):
            found[name] = loaded.schema
    return found


def sqlmodel_schemas(dialect: Dialect) -> dict[str, Schema]:
    """The models of the published packages."""
    from tests.loaders.sqlmodel.published import load

    found = {}
    for package in PYPI_MODELS:
        schema = load(package, dialect).schema
        if tables(schema):
            found[package] = schema
    return found


def filled(schemas: dict[str, Schema], dialect: Dialect) -> Iterator[Filled]:
    """What comes of each schema, built with our own DDL."""
    for name, schema in schemas.items():
        ddl = written(schema, dialect)
        statements = [f"CREATE EXTENSION IF NOT EXISTS {one}" for one in ddl.extensions]
        statements += [one.sql for one in ddl.statements]
        try:
            with attempt_on(statements, dialect) as attempt:
                yield fill(name, schema, attempt)
        except (BuildError, NotProvable) as error:
            print(f"{name}: not built: {error}")


def main(kind: str, provider: str, only: str = "") -> None:
    """Print what came of each schema."""
    dialect = DIALECTS[provider]
    schemas = prisma_schemas(dialect) if kind == "prisma" else sqlmodel_schemas(dialect)
    for one in filled({name: one for name, one in schemas.items() if only in name}, dialect):
        count = len(one.stored) + len(one.missing)
        print(f"{one.name}: {len(one.stored)} of {count} in {one.seconds:.2f} s")
        for model, reason in one.missing.items():
            print(f"    {model}: {reason}")
        if only:
            for stored in one.stored.values():
                for row in stored:
                    print(*row.statements, f"-- {row.where}", sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
