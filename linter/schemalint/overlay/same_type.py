"""Whether two columns have the same type, as Prisma's own comparison of databases has it.

Both sides write a type in the way of Migrate's SQL; what is left are spellings that mean the same.
Source: the column differs of Prisma's schema engine (`sql_schema_differ_flavour`).
"""

from __future__ import annotations

import re

from schemalint.model import Dialect, Field, ScalarType

_SERIALS = {"SERIAL": "INTEGER", "SMALLSERIAL": "SMALLINT", "BIGSERIAL": "BIGINT"}
_COCKROACHDB = {
    "INT2": "SMALLINT",
    "INT4": "INTEGER",
    "INT8": "BIGINT",
    "BOOL": "BOOLEAN",
    "FLOAT4": "REAL",
    "FLOAT8": "DOUBLEPRECISION",
    "STRING": "TEXT",
    "BYTES": "BYTEA",
}
_SIZED = re.compile(r"(.*?)\(([^)]*)\)(.*)", re.DOTALL)
# The size that a type has which gives none.
_POSTGRESQL_SIZES = {
    "TIMESTAMP": "6",
    "TIMESTAMPTZ": "6",
    "TIME": "6",
    "TIMETZ": "6",
    "CHAR": "1",
    "BIT": "1",
}
_MYSQL_SIZES = {
    "DATETIME": "0",
    "TIMESTAMP": "0",
    "TIME": "0",
    "CHAR": "1",
    "BIT": "1",
    "BINARY": "1",
    "DECIMAL": "10,0",
}
_SQLSERVER_SIZES = {"DATETIME2": "7", "FLOAT": "53", "TIME": "7", "DATETIMEOFFSET": "7"}
_SIZES = {
    Dialect.MYSQL: _MYSQL_SIZES,
    Dialect.MARIADB: _MYSQL_SIZES,
    Dialect.SQLSERVER: _SQLSERVER_SIZES,
}
# SQLite keeps to no size: Prisma compares what sort of values a type's name stands for.
_SQLITE_SORTS = {
    ScalarType.DATE: ScalarType.DATETIME,
    ScalarType.UUID: ScalarType.STRING,
    ScalarType.ENUM: ScalarType.STRING,
}


def same_type(declared: Field, migrated: Field, dialect: Dialect | None) -> bool:
    """Whether the column that the schema declares has the type that the migrations give it.

    Types that are unknown to either side are taken for the same.
    """
    if declared.list != migrated.list:
        return False
    if declared.unsupported is not None or not declared.native or not migrated.native:
        return True
    if ScalarType.ENUM in (declared.type, migrated.type) and dialect in (
        Dialect.MYSQL,
        Dialect.MARIADB,
    ):
        return declared.type is migrated.type  # their values are compared apart
    if dialect is Dialect.SQLITE and _sort(declared) == _sort(migrated):
        return True
    return _canonical(declared.native, dialect) == _canonical(migrated.native, dialect)


def _sort(field: Field) -> ScalarType:
    return _SQLITE_SORTS.get(field.type, field.type)


def _canonical(native: str, dialect: Dialect | None) -> str:
    text = re.sub(r'[\s"`]+', "", native).upper().removeprefix("PUBLIC.")
    text = text.removesuffix("[]")
    if dialect in (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB):
        text = _SERIALS.get(text, text)
    if dialect is Dialect.COCKROACHDB:
        name, bracket, size = text.partition("(")
        text = _COCKROACHDB.get(name, name) + bracket + size
    sizes = _SIZES.get(dialect, _POSTGRESQL_SIZES) if dialect else _POSTGRESQL_SIZES
    if text in sizes:
        return f"{text}({sizes[text]})"
    sized = _SIZED.fullmatch(text)
    if sized is not None and sized[1] == "DECIMAL" and "," not in sized[2]:
        return f"DECIMAL({sized[2]},0){sized[3]}"
    return text
