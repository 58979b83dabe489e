"""Types of columns by database: all that the tool knows by name, each with values of it."""

from __future__ import annotations

from functools import cache
from random import Random

import msgspec

from schemalint.ddl.types import SERIALS
from schemalint.loaders.sql.native_names import MYSQL, POSTGRESQL, SQLITE
from schemalint.model import ScalarType

_T = ScalarType


class Sort(msgspec.Struct, frozen=True):
    """A type of columns.

    `plain` is what rules and conditions know it as: `Int` for every number that compares with whole
    ones, `String`, `Boolean`, `DateTime`, `Status` for the enum; others by their own names, and are
    only asked whether they are NULL. `sql` is the type as DDL writes it. `values` are literals in
    SQL. `key` tells whether it can be a member of a key, `prefix` that it then needs a length
    (MySQL). `collations` are those that it can have.
    """

    plain: str
    sql: str
    values: tuple[str, ...] = ()
    native: str | None = None
    key: bool = True
    prefix: bool = False
    collations: tuple[str, ...] = ()


_VALUES = {
    _T.INT: ("1", "2"),
    _T.BIGINT: ("1", "2"),
    _T.DECIMAL: ("1", "2.5"),
    _T.FLOAT: ("1", "2.5"),
    _T.STRING: ("'a'", "'b'"),
    _T.BOOLEAN: ("TRUE", "FALSE"),
    _T.DATETIME: ("CURRENT_TIMESTAMP", "'2024-01-01 00:00:00'"),
    _T.DATE: ("'2024-01-01'", "CURRENT_DATE"),
    _T.TIME: ("'12:00:00'",),
    _T.JSON: ("'{}'", "'[]'"),
    _T.BYTES: ("'a'",),
    _T.UUID: ("'00000000-0000-0000-0000-000000000001'",),
}
_NUMBERS = (_T.INT, _T.BIGINT, _T.DECIMAL, _T.FLOAT)
_PLAIN = {
    **dict.fromkeys(_NUMBERS, "Int"),
    _T.STRING: "String",
    _T.BOOLEAN: "Boolean",
    _T.DATETIME: "DateTime",
}
# Types that do not compare with the values that conditions have, each with its own values.
_ODD = {
    "MONEY": ("1",),
    "OID": ("1",),
    "NAME": ("'a'",),
    "XML": ("'<a/>'",),
    "INET": ("'10.0.0.1'",),
    "INET4": ("'10.0.0.1'",),
    "INET6": ("'::1'",),
    "BIT": ("B'1'",),
    "VARBIT": ("B'1'",),
    "YEAR": ("2024",),
    '"char"': ("'a'",),
}
_ARGUMENTS = {
    "VARCHAR": ("(5)", "(20)"),
    "CHAR": ("(3)",),
    "DECIMAL": ("(5,2)",),
    "NUMERIC": ("(5,2)",),
    "BIT": ("(1)",),
    "VARBIT": ("(4)",),
    "BINARY": ("(3)",),
    "VARBINARY": ("(4)",),
    "TIMESTAMP": ("", "(3)"),
    "DATETIME": ("", "(3)"),
    "TIME": ("", "(3)"),
}
_COLLATIONS = {
    "sqlite": ("", "", "NOCASE", "RTRIM", "BINARY"),
    "postgresql": ("", "", '"C"', '"POSIX"'),
    "mysql": ("", "", "utf8mb4_bin", "utf8mb4_nopad_bin", "utf8mb4_unicode_ci"),
}


@cache
def sorts(provider: str) -> tuple[Sort, ...]:
    """The built-in types of `sqlite`, `strict` (its STRICT tables), `postgresql` or `mysql`."""
    if provider == "strict":
        types = {"INT": _T.INT, "INTEGER": _T.INT, "REAL": _T.FLOAT, "TEXT": _T.STRING}
        own = [Sort("Bytes", "BLOB", ("x'61'",)), Sort("Any", "ANY", ("1", "'a'"))]
        return (*(_sort("sqlite", *one) for one in types.items()), *own)
    if provider == "sqlite":
        texts = {"VARCHAR": _T.STRING, "CHAR": _T.STRING}
        pairs = [one for one in SQLITE.items() if one[0] not in SERIALS] + [*texts.items()]
        return (*(_sort(provider, *one) for one in pairs), Sort("Untyped", "", ("1", "'a'")))
    if provider == "postgresql":
        found = {native: scalar for native, scalar in POSTGRESQL.values() if native not in SERIALS}
        extra = [
            Sort("String", "CITEXT", ("'a'", "'B'"), native="Citext"),
            Sort("Char", '"char"', ("'a'",)),
            Sort("Range", "INT4RANGE", ("'[1,2)'", "'empty'")),
            Sort("Range", "TSRANGE", ("'[2024-01-01,2024-02-01)'",)),
            Sort("Point", "POINT", ("'(1,2)'",), key=False),
        ]
        return (*(_sort(provider, *one) for one in found.items()), *extra)
    types = dict(MYSQL.values())
    return (
        *(_sort(provider, *one) for one in types.items()),
        Sort("Int", "INTEGER UNSIGNED", ("1", "2")),
        Sort("Set", "SET('a', 'b')", ("'a'", "'a,b'")),
    )


def _sort(provider: str, name: str, scalar: ScalarType) -> Sort:
    plain = _PLAIN.get(scalar, scalar.value.capitalize())
    values = _VALUES[scalar]
    if name in _ODD and not (name in ("MONEY", "BIT") and provider == "sqlite"):
        plain, values = name.strip('"').capitalize(), _ODD[name]
    if scalar is _T.BYTES and name not in _ODD:
        values = {"sqlite": ("x'61'",), "postgresql": ("'\\x61'",)}.get(provider, values)
    if scalar is _T.BOOLEAN and provider == "sqlite":
        values = ("TRUE", "FALSE", "1")
    if scalar is _T.DATETIME and name == "TIMESTAMP" and provider == "mysql":
        values = ("CURRENT_TIMESTAMP",)
    long_text = provider == "mysql" and (
        name.endswith(("TEXT", "BLOB")) or name in ("JSON", "BLOB", "TEXT")
    )
    usual = name in ("TEXT", "VARCHAR", "STRING", "CITEXT") and not long_text
    return Sort(
        plain,
        name,
        values,
        native=name if plain == "String" and not usual else None,
        key=not (provider == "postgresql" and name in ("JSON", "XML")),
        prefix=long_text,
        collations=_COLLATIONS[provider] if _has_collation(provider, plain, name) else (),
    )


def _has_collation(provider: str, plain: str, name: str) -> bool:
    return plain == "String" and not (provider == "mysql" and name in ("JSON", "CITEXT"))


def written(random: Random, sort: Sort, provider: str) -> str:
    """The type, with what stands in brackets behind it where it can have that."""
    name = sort.sql
    if name in _ARGUMENTS:
        bracket = random.choice(_ARGUMENTS[name])
        # SQLite's type has no length, or one that nobody keeps.
        return name + (bracket if provider != "sqlite" or random.random() < 0.5 else "")
    return name
