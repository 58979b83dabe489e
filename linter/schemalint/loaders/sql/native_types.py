"""Column types: what the AST's own types and the dialect's DDL make of what was written.

`native` is written as Prisma's Migrate writes it for the same type, so that a schema reads the
same from both. Aliases and their meanings: PostgreSQL manual, "Data Types"; MySQL manual, "Using
Data Types from Other Database Engines"; "Datatypes In SQLite"; SQL Server, "Data types".
"""

from __future__ import annotations

import msgspec

from schemalint.condition.quoting import quoted_string
from schemalint.loaders.sql.clauses import TypeName
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.native_names import (
    COCKROACHDB,
    MYSQL,
    POSTGRESQL,
    SQLITE,
    SQLSERVER,
    Known,
)
from schemalint.loaders.type_texts import folded
from schemalint.model import Dialect, ScalarType


class NativeType(msgspec.Struct, frozen=True, gc=False):
    """The AST's type, the DDL's, without `[]`, and whether the type itself ignores letter case."""

    type: ScalarType
    native: str
    ignore_case: bool = False


_UNTYPED = NativeType(ScalarType.UNSUPPORTED, "")


def native_type(kind: TypeName | None, dialect: Dialect | None) -> NativeType:
    """What a built-in type, or one that the schema does not define, amounts to."""
    if kind is None:
        return _UNTYPED
    if dialect is Dialect.SQLITE:
        return _sqlite(kind)
    if is_mysql(dialect):
        return _mysql(kind)
    if dialect is Dialect.SQLSERVER:
        return _known(SQLSERVER, kind) or _unknown(kind)
    names = COCKROACHDB if dialect is Dialect.COCKROACHDB else POSTGRESQL
    return _postgresql(kind, names) or _unknown_postgresql(kind)


def _unknown(kind: TypeName) -> NativeType:
    return NativeType(ScalarType.UNSUPPORTED, kind.name if kind.user else kind.text)


def _unknown_postgresql(kind: TypeName) -> NativeType:
    found = _unknown(kind)
    return found if kind.user else msgspec.structs.replace(found, native=folded(found.native))


def _known(names: dict[str, Known], kind: TypeName, separator: str = ",") -> NativeType | None:
    known = names.get(kind.name.upper() if not kind.user else kind.name)
    if known is None:
        return None
    native, scalar = known
    if kind.arguments and native not in _SIZELESS:
        return NativeType(scalar, f"{native}({separator.join(kind.arguments)})")
    return NativeType(scalar, native)


# What stands in brackets behind these says nothing about the values: MySQL's display widths.
_SIZELESS = frozenset(
    (
        "INTEGER",
        "SMALLINT",
        "MEDIUMINT",
        "TINYINT",
        "BIGINT",
        "INTEGER UNSIGNED",
        "SMALLINT UNSIGNED",
        "MEDIUMINT UNSIGNED",
        "TINYINT UNSIGNED",
        "BIGINT UNSIGNED",
        "YEAR",
    )
)


# -- PostgreSQL


def _postgresql(kind: TypeName, names: dict[str, Known]) -> NativeType | None:
    if kind.name.lower() == "citext":
        return NativeType(ScalarType.STRING, "CITEXT", ignore_case=True)
    if kind.name == "FLOAT" and kind.arguments:
        digits = kind.arguments[0]
        single = digits.isdecimal() and int(digits) <= 24
        return NativeType(ScalarType.FLOAT, "REAL" if single else "DOUBLE PRECISION")
    if kind.name == "char":  # a built-in one would be in upper case
        return NativeType(ScalarType.STRING, '"char"')
    if kind.user:
        name = kind.name.upper()
        if kind.schema not in (None, "pg_catalog") or kind.name != kind.name.lower():
            return None
        return _known(names, msgspec.structs.replace(kind, name=name, user=False))
    return _known(names, kind)


# -- MySQL and MariaDB


def _mysql(kind: TypeName) -> NativeType:
    if kind.values or kind.name == "ENUM":
        values = ", ".join([quoted_string(value.text, Dialect.MYSQL) for value in kind.values])
        scalar = ScalarType.ENUM if kind.name == "ENUM" else ScalarType.UNSUPPORTED
        return NativeType(scalar, f"{kind.name}({values})")
    if kind.name == "TINYINT" and kind.arguments == ("1",) and not kind.unsigned:
        return NativeType(ScalarType.BOOLEAN, "BOOLEAN")
    if kind.name == "BIT" and kind.arguments in ((), ("1",)):
        return NativeType(ScalarType.BOOLEAN, "BIT(1)")
    found = _known(MYSQL, kind, ", ")
    if found is None:
        return _unknown(kind)
    if kind.unsigned and "UNSIGNED" not in found.native:
        return NativeType(found.type, f"{found.native} UNSIGNED")
    return found


# -- SQLite


def _sqlite(kind: TypeName) -> NativeType:
    """By the names that people use; else by affinity ("Datatypes In SQLite", 3.1)."""
    name = kind.name.upper()
    native = name if not kind.arguments else f"{name}({','.join(kind.arguments)})"
    scalar = SQLITE.get(name)
    if scalar is None:
        scalar = _by_affinity(name)
    if scalar is ScalarType.UNSUPPORTED:
        native = kind.text
    return NativeType(scalar, native)


def affinity(text: str) -> str:
    """A declared type's affinity by SQLite's own name for it: INT, TEXT, REAL, NUM, "" for BLOB."""
    name = text.upper()
    if "INT" in name:
        return "INT"
    if any(part in name for part in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if not name or "BLOB" in name:
        return ""
    return "REAL" if any(part in name for part in ("REAL", "FLOA", "DOUB")) else "NUM"


def _by_affinity(name: str) -> ScalarType:
    if "INT" in name and ("BIG" in name or "8" in name):
        return ScalarType.BIGINT
    return _AFFINITIES[affinity(name)]


_AFFINITIES = {
    "INT": ScalarType.INT,
    "TEXT": ScalarType.STRING,
    "": ScalarType.BYTES,
    "REAL": ScalarType.FLOAT,
    "NUM": ScalarType.UNSUPPORTED,
}
