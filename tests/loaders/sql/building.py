"""Short ways to a schema loaded from SQL, for the tests of the loader."""

from __future__ import annotations

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Field, Model, Schema
from schemalint.source import SourceFile


def load(text: str, dialect: str | None = "postgresql") -> Loaded:
    """What the loader makes of `text`, problems and all."""
    files = [SourceFile("schema.sql", text)]
    return SqlLoader().load(files, dialect=None if dialect is None else Dialect(dialect))


def build(text: str, dialect: str | None = "postgresql") -> Schema:
    """The schema of `text`, which has to be without problems."""
    loaded = load(text, dialect)
    assert [problem.message for problem in loaded.problems] == []
    assert loaded.schema.opaque == ()
    return loaded.schema


def table(text: str, name: str = "t", dialect: str | None = "postgresql") -> Model:
    """The table called `name` of `text`."""
    return model_of(build(text, dialect), name)


def field(definition: str, dialect: str | None = "postgresql", before: str = "") -> Field:
    """The column that `definition` (`a int NOT NULL`) makes in a table that has no other."""
    return table(f"{before}CREATE TABLE t ({definition});", dialect=dialect).fields[0]


def model_of(schema: Schema, name: str) -> Model:
    """The model called `name`; fails the test where there is none."""
    model = schema.model(name)
    assert model is not None, f"there is no model {name}"
    return model


def field_of(model: Model, name: str) -> Field:
    """The field called `name`; fails the test where there is none."""
    found = model.field(name)
    assert found is not None, f"there is no field {name}"
    return found
