"""Column types as the DDL writes them."""

from __future__ import annotations

import re

from schemalint.ddl.target import Target
from schemalint.model import Dialect, Field, Layer, ScalarType

SERIALS = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT", "SMALLSERIAL": "SMALLINT"}
"""PostgreSQL's types that count up, and what is left of them without their sequence."""

_T = ScalarType

# Where the schema does not name the physical type: the types that Prisma's Migrate takes.
_SQLITE = {
    _T.STRING: "TEXT",
    _T.INT: "INTEGER",
    _T.BIGINT: "BIGINT",
    _T.FLOAT: "REAL",
    _T.DECIMAL: "DECIMAL",
    _T.BOOLEAN: "BOOLEAN",
    _T.DATETIME: "DATETIME",
    _T.DATE: "DATETIME",
    _T.TIME: "DATETIME",
    _T.JSON: "JSONB",
    _T.BYTES: "BLOB",
    _T.UUID: "TEXT",
    _T.ENUM: "TEXT",
}
_POSTGRESQL = {
    _T.STRING: "TEXT",
    _T.INT: "INTEGER",
    _T.BIGINT: "BIGINT",
    _T.FLOAT: "DOUBLE PRECISION",
    _T.DECIMAL: "DECIMAL(65,30)",
    _T.BOOLEAN: "BOOLEAN",
    _T.DATETIME: "TIMESTAMP(3)",
    _T.DATE: "DATE",
    _T.TIME: "TIME",
    _T.JSON: "JSONB",
    _T.BYTES: "BYTEA",
    _T.UUID: "UUID",
    _T.ENUM: "TEXT",
}
_MYSQL = {
    _T.STRING: "VARCHAR(191)",
    _T.INT: "INTEGER",
    _T.BIGINT: "BIGINT",
    _T.FLOAT: "DOUBLE",
    _T.DECIMAL: "DECIMAL(65, 30)",
    _T.BOOLEAN: "BOOLEAN",
    _T.DATETIME: "DATETIME(3)",
    _T.DATE: "DATE",
    _T.TIME: "TIME",
    _T.JSON: "JSON",
    _T.BYTES: "LONGBLOB",
    _T.UUID: "CHAR(36)",
    _T.ENUM: "VARCHAR(191)",
}
_FALLBACKS = {
    Dialect.SQLITE: _SQLITE,
    Dialect.POSTGRESQL: _POSTGRESQL,
    Dialect.MYSQL: _MYSQL,
    Dialect.MARIADB: _MYSQL,
}
_MIXED_CASE = re.compile(r"(?=.*[a-z])(?=.*[A-Z])\w+")


def column_type(field: Field, target: Target) -> str | None:
    """The type, "" where SQLite's column has none; None where nothing says what it is."""
    if field.list and not target.postgresql:
        return None  # a list is a type of PostgreSQL's alone
    enum = target.native_enum(field)
    if enum is not None:
        return target.qualified(enum.schema, enum.type) + ("[]" if field.list else "")
    native = field.native
    if not native:
        if target.sqlite and field.type is _T.UNSUPPORTED and not field.unsupported:
            return ""
        fallback = _FALLBACKS[target.dialect].get(field.type)
        return f"{fallback}[]" if fallback and field.list else fallback
    if target.postgresql:
        if field.type is _T.UNSUPPORTED:
            return _user_type(native, target)
        if native in SERIALS and not is_serial(field):
            return SERIALS[native]
    return native


def is_serial(field: Field) -> bool:
    """Whether the type itself makes the column of PostgreSQL count up. It makes it NOT NULL too."""
    default = field.default
    return (
        field.native in SERIALS
        and not field.nullable
        and default is not None
        and default.kind == "sequence"
        and default.layer is Layer.DATABASE
    )


def _user_type(native: str, target: Target) -> str:
    """A type that is none of the built-in ones. Prisma's is SQL as it stands; of SQL's own, a
    name in both cases was written in quotes."""
    if target.schema.language != "prisma":
        name, brackets = native.removesuffix("[]"), "[]" if native.endswith("[]") else ""
        if _MIXED_CASE.fullmatch(name):
            return target.quoted(name) + brackets
    return native
