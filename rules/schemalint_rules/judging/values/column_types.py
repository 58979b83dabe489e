"""Physical column types, as far as two columns that are compared have to agree in them."""

from __future__ import annotations

import re

import msgspec

from schemalint.model import Dialect, Field, ScalarType

_NATIVE = re.compile(r"\s*([A-Z_][\w ]*?)\s*(?:\(\s*([\w, ]*?)\s*\)(.*))?\s*", re.IGNORECASE)
_SIZES = {
    "TINYINT": 1,
    "SMALLINT": 2,
    "INT2": 2,
    "SMALLSERIAL": 2,
    "MEDIUMINT": 3,
    "INT": 4,
    "INTEGER": 4,
    "INT4": 4,
    "SERIAL": 4,
    "BIGINT": 8,
    "INT8": 8,
    "BIGSERIAL": 8,
}
_STORED_AS = {"SMALLSERIAL": "SMALLINT", "SERIAL": "INTEGER", "BIGSERIAL": "BIGINT"}
_LIMITED = ("VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "CHARACTER", "CHARACTER VARYING")
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_FAMILIES = {
    ScalarType.STRING: "text",
    ScalarType.INT: "integer",
    ScalarType.BIGINT: "integer",
    ScalarType.FLOAT: "float",
    ScalarType.DECIMAL: "decimal",
    ScalarType.DATETIME: "datetime",
    ScalarType.DATE: "datetime",
}
# Types that a schema language may take for text, or may not know.
_OF_THEIR_OWN = ("UUID", "UNIQUEIDENTIFIER", "INET", "CIDR", "BIT", "VARBIT", "XML", "OID", "MONEY")
# What PostgreSQL compares across families, the child's first (tried on version 15).
_COMPARED = {("integer", "decimal"), ("integer", "float"), ("decimal", "float"), ("integer", "oid")}


class Physical(msgspec.Struct, frozen=True):
    """A column's type.

    Attributes:
        family: what compares with its like everywhere: `text`, `integer`, `uuid`, an enum's name.
        shown: the type as messages call it.
        bytes: of an integer, else None.
        length: of limited text, in characters; None where nothing limits it.
    """

    family: str
    shown: str
    bytes: int | None = None
    length: int | None = None
    unsigned: bool = False
    ignore_case: bool = False
    collation: str | None = None


def physical(field: Field, dialect: Dialect | None) -> Physical | None:
    """The type of `field` in the database; None where it is not known: a type that the schema
    does not define, a column that takes its type from a query."""
    found = _NATIVE.fullmatch(field.native)
    words = " ".join(found[1].upper().split()) if found else ""
    arguments = (found[2] or "") if found else ""
    unsigned = "UNSIGNED" in field.native.upper()
    name = words.replace(" UNSIGNED", "").replace(" ZEROFILL", "")
    if dialect in _MYSQL and name in ("BOOLEAN", "BOOL"):
        name = "TINYINT"
    family = _family(field, name, dialect)
    if family is None:
        return None
    size = _SIZES.get(name) if family == "integer" else None
    if family == "integer" and size is None:
        size = 8 if field.type is ScalarType.BIGINT else 4
    if dialect is Dialect.COCKROACHDB and name in ("INT", "INTEGER", "SERIAL"):
        size = 8
    of_text = field.type is not ScalarType.ENUM  # whose values are known, and short on purpose
    limited = of_text and name in _LIMITED and arguments.isdigit()
    return Physical(
        family=family + ("[]" if field.list else ""),
        shown=_STORED_AS.get(field.native, field.native) or str(field.enum or field.type),
        bytes=size,
        length=int(arguments) if limited else None,
        unsigned=unsigned,
        ignore_case=name == "CITEXT",
        collation=field.collation,
    )


def _family(field: Field, name: str, dialect: Dialect | None) -> str | None:
    if dialect is Dialect.SQLITE and name:
        return _affinity(name)
    if name in _OF_THEIR_OWN:
        return "uuid" if name == "UNIQUEIDENTIFIER" else name.lower()
    if field.type is ScalarType.ENUM and name in _LIMITED:
        return "text"  # an enum of the models, of which the database has the text alone
    if field.type is ScalarType.ENUM:
        # MySQL compares enums whatever their values (tried on MariaDB 10.11).
        return "enum" if dialect in _MYSQL else f"enum {field.enum}"
    if field.type is ScalarType.BOOLEAN and name == "TINYINT":
        return "integer"
    if field.type is ScalarType.UNSUPPORTED:
        return None
    return _FAMILIES.get(field.type, str(field.type))


def _affinity(name: str) -> str:
    """SQLite's affinity of a declared type ("Datatypes In SQLite", 3.1); what it stores as
    numbers is one family."""
    if "INT" in name:
        return "number"
    if any(word in name for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    return "any" if "BLOB" in name else "number"


def compared(own: Physical, other: Physical, dialect: Dialect | None) -> bool:
    """Whether a foreign key from `own` to `other` can be created although their families differ;
    MySQL and SQL Server compare nothing across families."""
    return dialect is Dialect.SQLITE or (
        dialect in (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB)
        and (own.family, other.family) in _COMPARED
    )
