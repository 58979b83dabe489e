"""Two rows for each table of real schemas.

`python -m tests.prove.real_rows prisma|sqlmodel|migrations sqlite|postgresql|mysql [NAME]` prints
what is stored.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from schemalint.ddl import written
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sql.splitter import split
from schemalint.model import Dialect, Model, Schema
from schemalint.prove.database import Attempt, BuildError, Database, NotProvable
from schemalint.prove.databases.mysql import Mysql
from schemalint.prove.databases.postgresql import Postgresql
from schemalint.prove.databases.sqlite import Sqlite
from schemalint.prove.rows.row_maker import RowMaker
from schemalint.prove.rows.stored import NoRow, Stored
from schemalint.source import SourceFile
from tests.oracle.install import MIGRATIONS, PYPI_MODELS
from tests.oracle.schemas import real_schemas
from tests.prove.servers import MARIADB_URL, POSTGRESQL

DIALECTS = {
    "sqlite": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MYSQL,
}


class Made(msgspec.Struct):
    """A schema, and the statements that make it."""

    schema: Schema
    statements: list[str]


class Filled(msgspec.Struct):
    """What came of one schema: the tables with two rows, those without and why; why it could not
    be built, if so."""

    name: str
    stored: dict[str, list[Stored]] = {}
    missing: dict[str, str] = {}
    unbuilt: str | None = None
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """How many tables there are."""
        return len(self.stored) + len(self.missing)


def database_of(dialect: Dialect) -> Database:
    """A throwaway database; skips the test where there is no server."""
    try:
        if dialect is Dialect.SQLITE:
            return Sqlite()
        if dialect is Dialect.POSTGRESQL:
            return Postgresql(POSTGRESQL)
        return Mysql(MARIADB_URL)
    except NotProvable as error:
        pytest.skip(str(error))


def tables(schema: Schema) -> list[Model]:
    """The models that have rows."""
    return [model for model in schema.models if model.kind in ("model", "join")]


def filled(made: Iterable[tuple[str, Made]], dialect: Dialect) -> Iterator[Filled]:
    """What comes of each schema."""
    database = database_of(dialect)
    try:
        for name, one in made:
            try:
                database.build(one.statements)
            except (BuildError, NotProvable) as error:
                yield Filled(name, unbuilt=error.message)
                continue
            with database.attempt() as attempt:
                yield fill(name, one.schema, attempt)
    finally:
        database.close()


def fill(name: str, schema: Schema, attempt: Attempt) -> Filled:
    """Two rows of each table, in the order of the schema."""
    found = Filled(name)
    begin = time.process_time()
    maker = RowMaker(schema, attempt)
    for model in tables(schema):
        made = [maker.insert(model), maker.insert(model)]
        failed = [one for one in made if isinstance(one, NoRow)]
        if failed:
            found.missing[model.name] = failed[0].reason
        else:
            found.stored[model.name] = [one for one in made if isinstance(one, Stored)]
    found.seconds = time.process_time() - begin
    return found


def prisma_schemas(dialect: Dialect) -> Iterator[tuple[str, Made]]:
    """The real Prisma schemas whose provider this is, with our DDL of them."""
    for name, files in real_schemas().items():
        loaded = PrismaLoader().load([SourceFile(path, text) for path, text in files.items()])
        if loaded.schema.dialect is dialect and tables(loaded.schema):
            yield name, with_ddl(loaded.schema, dialect)


def sqlmodel_schemas(dialect: Dialect) -> Iterator[tuple[str, Made]]:
    """The models of published packages, with our DDL of them."""
    from tests.loaders.sqlmodel.published import load

    for package in PYPI_MODELS:
        schema = load(package, dialect).schema
        if tables(schema):
            yield package, with_ddl(schema, dialect)


def migrations(dialect: Dialect) -> Iterator[tuple[str, Made]]:
    """The published migrations, each package's as one schema."""
    if not MIGRATIONS.exists():
        pytest.skip("real migrations are absent: run `python -m tests.oracle.install`")
    found: dict[str, list[Path]] = {}
    for path in sorted(MIGRATIONS.rglob("migration.sql")):
        found.setdefault(path.relative_to(MIGRATIONS).parts[0], []).append(path)
    for package, paths in found.items():
        texts = [path.read_bytes().decode("utf-8") for path in paths]
        sources = [SourceFile(str(path), text) for path, text in zip(paths, texts, strict=True)]
        schema = SqlLoader().load(sources, dialect=dialect).schema
        statements = [
            text[piece.tokens[0].start : piece.tokens[-1].end]
            for text in texts
            for piece in split(text, dialect)
            if piece.tokens[0].text.upper() not in ("BEGIN", "COMMIT")
        ]
        yield package, Made(schema, statements)


def schema_of(sql: str, dialect: Dialect) -> Schema:
    """The schema that SQL makes."""
    return SqlLoader().load([SourceFile("t.sql", f"{sql};")], dialect=dialect).schema


def with_ddl(schema: Schema, dialect: Dialect) -> Made:
    """A schema with our own DDL of it."""
    ddl = written(schema, dialect)
    statements = [f'CREATE EXTENSION IF NOT EXISTS "{one}"' for one in ddl.extensions]
    return Made(schema, [*statements, *[one.sql for one in ddl.statements]])


KINDS = {"prisma": prisma_schemas, "sqlmodel": sqlmodel_schemas, "migrations": migrations}


def main(kind: str, provider: str, only: str = "") -> None:
    """Print what came of each schema."""
    dialect = DIALECTS[provider]
    chosen = ((name, one) for name, one in KINDS[kind](dialect) if only in name)
    for one in filled(chosen, dialect):
        if one.unbuilt is not None:
            print(f"{one.name}: not built: {one.unbuilt}")
            continue
        print(f"{one.name}: {len(one.stored)} of {one.count} in {one.seconds:.2f} s")
        for model, reason in one.missing.items():
            print(f"    {model}: {reason}")
        if only:
            for stored in one.stored.values():
                for row in stored:
                    print(*row.statements, f"-- {row.where}", sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
