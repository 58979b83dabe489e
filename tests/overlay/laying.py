"""Lays SQL over Prisma models, for tests."""

from __future__ import annotations

from textwrap import dedent

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.overlay.schemas import Overlaid, overlay
from schemalint.source import SourceFile

POSTGRESQL, SQLITE, MYSQL = Dialect.POSTGRESQL, Dialect.SQLITE, Dialect.MYSQL


def declared(models: str, dialect: Dialect = POSTGRESQL, settings: str = "") -> Schema:
    """The schema of Prisma models."""
    datasource = f'datasource db {{\n  provider = "{dialect}"\n  {settings}\n}}\n\n'
    text = datasource + dedent(models).strip() + "\n"
    loaded = PrismaLoader().load([SourceFile("schema.prisma", text)])
    assert [problem.message for problem in loaded.problems] == []
    return loaded.schema


def migrated(*migrations: str, dialect: Dialect = POSTGRESQL, sound: bool = True) -> Schema:
    """The schema that migrations build; one that is not `sound` may hold what is not understood."""
    files = [
        SourceFile(f"migrations/{number}/migration.sql", dedent(text))
        for number, text in enumerate(migrations, 1)
    ]
    loaded = SqlLoader().load(files, dialect=dialect)
    assert not sound or [problem.message for problem in loaded.problems] == []
    return loaded.schema


def laid(models: str, *migrations: str, dialect: Dialect = POSTGRESQL) -> Overlaid:
    """Prisma models with migrations laid over them."""
    return overlay(declared(models, dialect), migrated(*migrations, dialect=dialect))


def told(overlaid: Overlaid) -> list[str]:
    """What each finding says, behind the symbolic name of what it is about."""
    return [f"{finding.path}: {finding.message}" for finding in overlaid.findings]
