"""Types of columns, as every dialect spells them."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.clauses import Column, TypeName
from schemalint.loaders.sql.statements import CreateTable
from schemalint.model import Dialect
from tests.loaders.sql.grammar.reading_tables import statements


def type_of(text: str, dialect: Dialect) -> TypeName:
    """The type of a column that has this one, and NOT NULL behind it."""
    (table,) = statements(f"CREATE TABLE t (c {text} NOT NULL)", dialect)
    assert isinstance(table, CreateTable)
    (column,) = table.elements
    assert isinstance(column, Column)
    assert len(column.clauses) == 1
    assert column.type is not None
    assert column.type.span.text == text
    return column.type


@pytest.mark.parametrize(
    ("text", "name", "arguments", "dimensions"),
    [
        ("int", "INT", (), 0),
        ("character varying(20)", "CHARACTER VARYING", ("20",), 0),
        ("national character varying (20)", "NATIONAL CHARACTER VARYING", ("20",), 0),
        ("bit varying(5)", "BIT VARYING", ("5",), 0),
        ("double precision", "DOUBLE PRECISION", (), 0),
        ("numeric(10, 2)", "NUMERIC", ("10", "2"), 0),
        ("numeric(10,-2)", "NUMERIC", ("10", "-2"), 0),
        ("timestamp(3) with time zone", "TIMESTAMP WITH TIME ZONE", ("3",), 0),
        ("time without time zone", "TIME WITHOUT TIME ZONE", (), 0),
        ("timestamptz(6)", "TIMESTAMPTZ", ("6",), 0),
        ("interval day to second(3)", "INTERVAL DAY TO SECOND", ("3",), 0),
        ("interval(6)", "INTERVAL", ("6",), 0),
        ("int[]", "INT", (), 1),
        ("int [3][]", "INT", (), 2),
        ("text ARRAY", "TEXT", (), 1),
        ("text ARRAY[5]", "TEXT", (), 1),
        ("varchar(5)[]", "VARCHAR", ("5",), 1),
        ('pg_catalog."varchar"(5)', "VARCHAR", ("5",), 0),
        ("pg_catalog.int4", "INT4", (), 0),
        ('"text"', "TEXT", (), 0),
        ('"char"', "char", (), 0),
    ],
)
def test_built_in_types_of_postgresql(
    text: str, name: str, arguments: tuple[str, ...], dimensions: int
) -> None:
    found = type_of(text, Dialect.POSTGRESQL)
    assert (found.name, found.arguments, found.dimensions) == (name, arguments, dimensions)
    assert not found.user


@pytest.mark.parametrize(
    ("text", "schema", "name", "user"),
    [
        ("Mood", None, "mood", False),
        ('"Mood"', None, "Mood", True),
        ("public.Mood", "public", "mood", True),
        ('"S"."Mood"', "S", "Mood", True),
        ("citext", None, "citext", False),
        ("public.citext", "public", "citext", True),
        ("year", None, "year", False),
        ("vector(1536)", None, "vector", False),
        ("public.geometry(Point, 4326)", "public", "geometry", True),
        ('"Int"', None, "Int", True),
    ],
)
def test_types_of_the_schema(text: str, schema: str | None, name: str, user: bool) -> None:
    found = type_of(text, Dialect.POSTGRESQL)
    assert (found.schema, found.name, found.user) == (schema, name, user)


@pytest.mark.parametrize(
    ("text", "name", "arguments", "unsigned"),
    [
        ("bigint(20) unsigned", "BIGINT", ("20",), True),
        ("int(5) zerofill", "INT", ("5",), True),
        ("int signed", "INT", (), False),
        ("double precision unsigned", "DOUBLE PRECISION", (), True),
        ("decimal(10,2)", "DECIMAL", ("10", "2"), False),
        ("long varchar", "LONG VARCHAR", (), False),
        ("year(4)", "YEAR", ("4",), False),
        ("set('a')", "SET", (), False),
    ],
)
def test_types_of_mysql(text: str, name: str, arguments: tuple[str, ...], unsigned: bool) -> None:
    found = type_of(text, Dialect.MYSQL)
    assert (found.name, found.arguments, found.unsigned) == (name, arguments, unsigned)


def test_values_of_an_enum_are_decoded_and_have_their_places() -> None:
    found = type_of(r"enum('a', 'it''s', 'b\'', \"c\")".replace('\\"', '"'), Dialect.MYSQL)
    assert [value.text for value in found.values] == ["a", "it's", "b'", "c"]
    assert found.values[1].span.text == "'it''s'"


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("INTEGER", "INTEGER", ()),
        ("unsigned big int", "UNSIGNED BIG INT", ()),
        ("VARYING CHARACTER(255)", "VARYING CHARACTER", ("255",)),
        ("decimal(10, -2)", "DECIMAL", ("10", "-2")),
        ('"my type" [x]', "MY TYPE X", ()),
        ("generated", "GENERATED", ()),
    ],
)
def test_types_of_sqlite_are_any_words(text: str, name: str, arguments: tuple[str, ...]) -> None:
    found = type_of(text, Dialect.SQLITE)
    assert (found.name, found.arguments) == (name, arguments)


@pytest.mark.parametrize(
    ("text", "schema", "name", "user"),
    [
        ("[nvarchar](max)", None, "NVARCHAR", False),
        ("[sys].[datetime2](7)", None, "DATETIME2", False),
        ("[dbo].[Flag]", "dbo", "Flag", True),
    ],
)
def test_types_of_sql_server(text: str, schema: str | None, name: str, user: bool) -> None:
    found = type_of(text, Dialect.SQLSERVER)
    assert (found.schema, found.name, found.user) == (schema, name, user)


def test_text_has_single_blanks() -> None:
    assert type_of("double\n   precision", Dialect.POSTGRESQL).text == "double precision"
