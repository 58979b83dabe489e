"""Types as each database's DDL writes them, and the AST's own."""

from __future__ import annotations

import pytest

from schemalint.model import ScalarType
from tests.loaders.sql.building import build, field

T = ScalarType


@pytest.mark.parametrize(
    ("dialect", "written", "native", "scalar"),
    [
        ("postgresql", "int", "INTEGER", T.INT),
        ("postgresql", "int8", "BIGINT", T.BIGINT),
        ("postgresql", "serial4", "SERIAL", T.INT),
        ("postgresql", "character varying(20)", "VARCHAR(20)", T.STRING),
        ("postgresql", "numeric(10, 2)", "DECIMAL(10,2)", T.DECIMAL),
        ("postgresql", "timestamp(3) without time zone", "TIMESTAMP(3)", T.DATETIME),
        ("postgresql", "timestamp with time zone", "TIMESTAMPTZ", T.DATETIME),
        ("postgresql", "time(3) with time zone", "TIMETZ(3)", T.TIME),
        ("postgresql", "float(10)", "REAL", T.FLOAT),
        ("postgresql", "float8", "DOUBLE PRECISION", T.FLOAT),
        ("postgresql", "bit varying(5)", "VARBIT(5)", T.STRING),
        ("postgresql", "pg_catalog.int4", "INTEGER", T.INT),
        ("postgresql", "money", "MONEY", T.DECIMAL),
        ("postgresql", '"char"', '"char"', T.STRING),
        ("postgresql", "public.citext", "CITEXT", T.STRING),
        ("postgresql", "tsvector", "tsvector", T.UNSUPPORTED),
        ("postgresql", "geometry(Point, 4326)", "geometry(point, 4326)", T.UNSUPPORTED),
        ("cockroachdb", "string(9)", "STRING(9)", T.STRING),
        ("cockroachdb", "int", "INT8", T.BIGINT),
        ("mysql", "int(11) unsigned", "INTEGER UNSIGNED", T.INT),
        ("mysql", "tinyint(1)", "BOOLEAN", T.BOOLEAN),
        ("mysql", "bool", "BOOLEAN", T.BOOLEAN),
        ("mysql", "tinyint(4)", "TINYINT", T.INT),
        ("mysql", "decimal(10,2)", "DECIMAL(10, 2)", T.DECIMAL),
        ("mysql", "datetime(3)", "DATETIME(3)", T.DATETIME),
        ("mysql", "enum('a','it''s')", "ENUM('a', 'it''s')", T.ENUM),
        ("mysql", "set('a','b')", "SET('a', 'b')", T.UNSUPPORTED),
        ("sqlite", "integer", "INTEGER", T.INT),
        ("sqlite", "unsigned big int", "UNSIGNED BIG INT", T.BIGINT),
        ("sqlite", "varchar(5)", "VARCHAR(5)", T.STRING),
        ("sqlite", "native character(70)", "NATIVE CHARACTER(70)", T.STRING),
        ("sqlite", "floating", "FLOATING", T.FLOAT),
        ("sqlite", "thing", "thing", T.UNSUPPORTED),
        ("sqlserver", "nvarchar(max)", "NVARCHAR(max)", T.STRING),
        ("sqlserver", "uniqueidentifier", "UNIQUEIDENTIFIER", T.UUID),
        ("sqlserver", "bit", "BIT", T.BOOLEAN),
    ],
)
def test_types(dialect: str, written: str, native: str, scalar: ScalarType) -> None:
    found = field(f"a {written}", dialect)
    assert (found.native, found.type) == (native, scalar)
    assert found.unsupported == (native if scalar is T.UNSUPPORTED else None)


def test_a_column_of_sqlite_without_a_type() -> None:
    found = field("a", "sqlite")
    assert (found.native, found.type) == ("", T.UNSUPPORTED)
    assert found.type_span == found.name_span


def test_arrays() -> None:
    found = field("a text[][]")
    assert (found.native, found.type, found.list) == ("TEXT[]", T.STRING, True)
    assert not field("a text").list


def test_an_array_of_a_domain_is_not_of_the_domain() -> None:
    schema = build(
        "CREATE DOMAIN positive AS int DEFAULT 1 CHECK (VALUE > 0); CREATE TABLE t (a positive[]);"
    )
    (found,) = schema.models[0].fields
    assert (found.native, found.list, found.default) == ("INTEGER[]", True, None)
    assert schema.models[0].checks == ()


def test_an_enum_type_is_followed_through_its_renames() -> None:
    schema = build(
        "CREATE TYPE kind AS ENUM ('a', 'b'); CREATE TABLE t (k kind, ks kind[]);"
        "ALTER TYPE kind RENAME TO \"Kind\"; ALTER TYPE \"Kind\" ADD VALUE 'c' BEFORE 'b';"
    )
    (enum,) = schema.enums
    assert (enum.name, [value.stored for value in enum.values]) == ("Kind", ["a", "c", "b"])
    one, many = schema.models[0].fields
    assert (one.type, one.enum, one.native, one.list) == (T.ENUM, "Kind", "Kind", False)
    assert (many.type, many.enum, many.native, many.list) == (T.ENUM, "Kind", "Kind[]", True)


def test_mysql_enums_are_named_after_their_columns() -> None:
    schema = build("CREATE TABLE t (k ENUM('x', 'y'))", "mysql")
    (enum,) = schema.enums
    assert (enum.name, [value.stored for value in enum.values]) == ("t_k", ["x", "y"])
    assert schema.models[0].fields[0].enum == "t_k"


@pytest.mark.parametrize(
    ("dialect", "definition", "ignores"),
    [
        ("postgresql", "a citext", True),
        ("postgresql", "a text", False),
        ("sqlite", "a text", False),
        ("sqlite", "a text COLLATE nocase", True),
        ("mysql", "a varchar(9)", True),
        ("mysql", "a varchar(9) COLLATE utf8mb4_unicode_ci", True),
        ("mysql", "a varchar(9) COLLATE utf8mb4_bin", False),
        ("mysql", "a varchar(9) COLLATE utf8mb4_0900_as_cs", False),
        ("mysql", "a int", False),
        ("sqlserver", "a nvarchar(9)", True),
        ("sqlserver", "a nvarchar(9) COLLATE Latin1_General_CS_AS", False),
    ],
)
def test_letter_case(dialect: str, definition: str, ignores: bool) -> None:
    assert field(definition, dialect).ignore_case is ignores


def test_a_table_collation_reaches_its_columns() -> None:
    text = "CREATE TABLE t (a varchar(9), b varchar(9) COLLATE utf8mb4_general_ci) {};"
    plain = build(text.format("COLLATE utf8mb4_bin"), "mysql").models[0].fields
    assert [one.ignore_case for one in plain] == [False, True]
    assert [one.collation for one in plain] == ["utf8mb4_bin", "utf8mb4_general_ci"]
    changed = text.format("") + "ALTER TABLE t COLLATE utf8mb4_bin; ALTER TABLE t ADD c varchar(9);"
    assert [one.ignore_case for one in build(changed, "mysql").models[0].fields] == [
        True,
        True,
        False,
    ]
