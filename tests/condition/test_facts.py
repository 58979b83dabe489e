"""What a schema guarantees of a column, at each layer."""

from __future__ import annotations

import msgspec
import pytest

from schemalint.condition.facts import Facts, without_nulls
from schemalint.model import (
    Dialect,
    Enum,
    EnumValue,
    Field,
    KeyPart,
    Layer,
    Model,
    PrimaryKey,
    ScalarType,
    Schema,
)
from schemalint.source import SourceFile, Span

FILE = SourceFile("schema", "")
SPAN = Span(FILE, 0, 0)


def field(name: str, kind: ScalarType, native: str, **more: object) -> Field:
    return msgspec.structs.replace(Field(name, name, kind, SPAN, SPAN, SPAN, native=native), **more)


def schema(dialect: Dialect, enum_layer: Layer = Layer.DATABASE) -> Schema:
    values = tuple(EnumValue(name, name.lower(), SPAN, SPAN) for name in ("A", "B"))
    model = Model(
        "M",
        "m",
        SPAN,
        SPAN,
        fields=(
            field("id", ScalarType.INT, "INTEGER"),
            field("code", ScalarType.STRING, "VARCHAR(5)"),
            field("status", ScalarType.ENUM, "TEXT", enum="Status", nullable=True),
            field("tags", ScalarType.STRING, "TEXT[]", list=True, nullable=True),
        ),
        primary_key=PrimaryKey(None, (KeyPart(SPAN, column="id"),), SPAN),
    )
    enum = Enum("Status", "status", values, SPAN, SPAN, layer=enum_layer)
    return Schema((FILE,), "prisma", dialect, models=(model,), enums=(enum,))


@pytest.mark.parametrize(
    ("dialect", "enum_layer", "layer", "values"),
    [
        (Dialect.POSTGRESQL, Layer.DATABASE, Layer.DATABASE, ("a", "b")),
        (Dialect.SQLITE, Layer.CLIENT, Layer.DATABASE, None),
        (Dialect.SQLITE, Layer.CLIENT, Layer.CLIENT, ("a", "b")),
    ],
)
def test_an_enum_counts_where_its_layer_is_good_enough(
    dialect: Dialect, enum_layer: Layer, layer: Layer, values: tuple[str, ...] | None
) -> None:
    read = schema(dialect, enum_layer)
    facts = Facts.of(read.models[0], read, layer=layer)
    status = facts.column("status")
    assert status is not None
    assert status.values == values
    assert status.nullable


def test_lengths_and_types_hold_where_the_database_keeps_them() -> None:
    read = schema(Dialect.POSTGRESQL)
    code = Facts.of(read.models[0], read).column("code")
    assert code is not None
    assert (code.typed, code.max_length) == (True, 5)
    read = schema(Dialect.SQLITE, Layer.CLIENT)
    code = Facts.of(read.models[0], read).column("code")
    assert code is not None
    assert (code.typed, code.max_length) == (False, None)


def test_sqlite_keeps_integers_in_its_integer_key_only() -> None:
    read = schema(Dialect.SQLITE)
    key = Facts.of(read.models[0], read).column("id")
    assert key is not None
    assert key.typed


def test_lists_are_no_scalars() -> None:
    read = schema(Dialect.POSTGRESQL)
    tags = Facts.of(read.models[0], read).column("tags")
    assert tags is not None
    assert tags.type is None


def test_without_nulls() -> None:
    read = schema(Dialect.POSTGRESQL)
    facts = without_nulls(Facts.of(read.models[0], read), ["status", "nowhere"])
    status = facts.column("status")
    assert status is not None
    assert not status.nullable
    assert facts.column("nowhere") is None
