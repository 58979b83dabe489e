"""Literals and series of values on servers: every native type is stored, read and stored again."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.prove.rows.literals import literal
from schemalint.prove.rows.shape import Shape
from schemalint.source import SourceFile
from tests.rules.databases import Database, database

pytestmark = pytest.mark.server

POSTGRESQL = """
smallint; integer; bigint; real; double precision; numeric; numeric(5,2); numeric(2,2); money;
text; varchar; varchar(1); varchar(3); char(1); char(3); char(36); name; bytea; boolean; uuid; xml;
date; time; time(0); timetz; timestamp; timestamp(3); timestamptz; interval; interval day; json;
jsonb; inet; cidr; macaddr; macaddr8; bit(1); bit(3); bit varying; bit varying(5); tsvector;
tsquery; int4range; int8range; numrange; tsrange; tstzrange; daterange; int4multirange;
tstzmultirange; point; line; lseg; box; path; polygon; circle; oid; pg_lsn; jsonpath; text[];
integer[]; numeric(5,2)[]; boolean[]; timestamp[]; uuid[]; jsonb[]; bytea[]; inet[]; mood; mood[]
"""
MYSQL = """
TINYINT; TINYINT UNSIGNED; SMALLINT; MEDIUMINT; INT; INT UNSIGNED; BIGINT; FLOAT; DOUBLE;
DECIMAL(5,2); DECIMAL(3,0); BOOLEAN; TINYINT(1); BIT(1); BIT(5); YEAR; DATE; TIME; DATETIME;
DATETIME(3); TIMESTAMP; CHAR(1); CHAR(3); CHAR(36); VARCHAR(1); VARCHAR(200); TINYTEXT; TEXT;
LONGTEXT; BINARY(1); BINARY(16); VARBINARY(3); BLOB; JSON; ENUM('a','b','it''s'); SET('x','y');
GEOMETRY; POINT; LINESTRING; POLYGON; MULTIPOINT; GEOMETRYCOLLECTION; INET4; INET6; UUID
"""
TEXTS = [
    "",
    "it's",
    'a "b"',
    "a\\b\\n",
    "two\nlines\ttab",
    "É ß 漢 🎉",
    "%_",
    "$1 :x {a,b} NULL",
    "NULL",
]


def shape_of(types: list[str], dialect: Dialect, before: str = "") -> Shape:
    columns = ", ".join(f"c{number} {one}" for number, one in enumerate(types))
    sql = f"{before}; CREATE TABLE t ({columns});"
    schema = SqlLoader().load([SourceFile("t.sql", sql)], dialect=dialect).schema
    return Shape(schema, schema.models[0], dialect)


def stored_again(server: Database, shape: Shape, column: str, text: str) -> Any:
    """What a column has after a literal was stored in it."""
    refused = server.refused(f"INSERT INTO t ({column}) VALUES ({text})")
    assert refused is None, f"{shape.fields[column].native}: {text}: {refused}"
    (row,) = server.rows(f"SELECT {column} FROM t")
    assert server.refused("DELETE FROM t") is None
    return row[0]


@pytest.mark.parametrize(
    ("kind", "dialect", "listed"),
    [("postgresql", Dialect.POSTGRESQL, POSTGRESQL), ("mysql", Dialect.MARIADB, MYSQL)],
)
def test_every_type(kind: str, dialect: Dialect, listed: str) -> None:
    types = [" ".join(one.split()) for one in listed.split(";")]
    postgresql = kind == "postgresql"
    before = "CREATE TYPE mood AS ENUM ('sad', 'it''s', 'a b')" if postgresql else ""
    shape = shape_of(types, dialect, before)
    assert len(shape.fields) == len(types)
    with database(kind) as server:
        if postgresql:
            server.build(before)
        columns = ", ".join(f"c{number} {one} NULL" for number, one in enumerate(types))
        server.build(f"CREATE TABLE t ({columns})")
        for column, field in shape.fields.items():
            values = list(islice(shape.candidates(column), 3))
            assert values, field.native
            seen = []
            for value in values:
                first = stored_again(server, shape, column, literal(value, field, dialect))
                again = stored_again(server, shape, column, literal(first, field, dialect))
                assert repr(first) == repr(again), field.native
                assert repr(first) not in seen, field.native
                seen.append(repr(first))


@pytest.mark.parametrize(
    ("kind", "dialect", "types"),
    [
        ("sqlite", Dialect.SQLITE, ["TEXT"]),
        ("postgresql", Dialect.POSTGRESQL, ["text", "text[]", "jsonb", "jsonb[]"]),
        ("mysql", Dialect.MARIADB, ["TEXT CHARACTER SET utf8mb4"]),
    ],
)
def test_every_text(kind: str, dialect: Dialect, types: list[str]) -> None:
    shape = shape_of(types, dialect)
    with database(kind) as server:
        server.build(f"CREATE TABLE t ({', '.join(f'c{n} {one}' for n, one in enumerate(types))})")
        for column, field in shape.fields.items():
            for text in TEXTS:
                value: Any = {"a": [text, None]} if "json" in field.native.lower() else text
                value = [value, None] if field.list else value
                assert stored_again(server, shape, column, literal(value, field, dialect)) == value
