"""Short ways to a built schema, for the tests of the builder."""

from __future__ import annotations

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect, Field, Model, Schema
from schemalint.source import SourceFile


def build(text: str, provider: str | None = "postgresql", *, extra: str = "") -> Schema:
    """The schema of `text` under a datasource for `provider` (None: no datasource at all)."""
    head = f'datasource db {{\n  provider = "{provider}"\n{extra}}}\n' if provider else ""
    return PrismaLoader().load([SourceFile("schema.prisma", head + text)]).schema


def built_for(text: str, written_for: str, dialect: Dialect) -> Schema:
    """The schema of `text`, written for one database and loaded for another."""
    head = f'datasource db {{\n  provider = "{written_for}"\n}}\n'
    return PrismaLoader().load([SourceFile("schema.prisma", head + text)], dialect=dialect).schema


def field_of(line: str, provider: str | None = "postgresql") -> Field:
    """The field that `line` declares, beside an id and an enum: USER, ADMIN (`admin`)."""
    role = 'enum Role {\n  USER\n  ADMIN @map("admin")\n}\n'
    schema = build(f"model M {{\n  key Int @id\n  {line}\n}}\n{role}", provider)
    return model_of(schema, "M").fields[1]


def model_of(schema: Schema, name: str) -> Model:
    """The model called `name`; fails the test where there is none."""
    model = schema.model(name)
    assert model is not None, f"there is no model {name}"
    return model
