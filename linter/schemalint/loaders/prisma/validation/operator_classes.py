"""PostgreSQL's operator classes as Prisma knows them: for which index types and which columns.

Imported only for a schema that uses `ops:` or an index type other than BTree.
"""

from __future__ import annotations

# BRIN families: name of the operator classes -> (native type, Prisma type whose default native
# type it is, which of Bloom, MinMax and MinMaxMulti exist).
_BRIN_FAMILIES: tuple[tuple[str, tuple[str, ...], str | None, str], ...] = (
    ("Bit", ("Bit",), None, "MinMax"),
    ("VarBit", ("VarBit",), None, "MinMax"),
    ("Bpchar", ("Char",), None, "Bloom MinMax"),
    ("Bytea", ("ByteA",), "Bytes", "Bloom MinMax"),
    ("Date", ("Date",), None, "Bloom MinMax MinMaxMulti"),
    ("Float4", ("Real",), None, "Bloom MinMax MinMaxMulti"),
    ("Float8", ("DoublePrecision",), "Float", "Bloom MinMax MinMaxMulti"),
    ("Inet", ("Inet",), None, "Inclusion Bloom MinMax MinMaxMulti"),
    ("Int2", ("SmallInt",), None, "Bloom MinMax MinMaxMulti"),
    ("Int4", ("Integer",), "Int", "Bloom MinMax MinMaxMulti"),
    ("Int8", ("BigInt",), "BigInt", "Bloom MinMax MinMaxMulti"),
    ("Numeric", ("Decimal",), "Decimal", "Bloom MinMax MinMaxMulti"),
    ("Oid", ("Oid",), None, "Bloom MinMax MinMaxMulti"),
    ("Text", ("Text", "VarChar"), "String", "Bloom MinMax"),
    ("Timestamp", ("Timestamp",), "DateTime", "Bloom MinMax MinMaxMulti"),
    ("TimestampTz", ("Timestamptz",), None, "Bloom MinMax MinMaxMulti"),
    ("Time", ("Time",), None, "Bloom MinMax MinMaxMulti"),
    ("TimeTz", ("Timetz",), None, "Bloom MinMax MinMaxMulti"),
    ("Uuid", ("Uuid",), None, "Bloom MinMax MinMaxMulti"),
)

BRIN: dict[str, tuple[tuple[str, ...], str | None]] = {
    f"{family}{member}Ops": (natives, scalar)
    for family, natives, scalar, members in _BRIN_FAMILIES
    for member in members.split()
}
"""BRIN operator class -> (native types it takes, Prisma type it takes without a native type)."""

BRIN_NATIVES = frozenset(native for _, natives, _, _ in _BRIN_FAMILIES for native in natives)
"""Native types that a BRIN index takes without an operator class."""

BRIN_SCALARS = frozenset(scalar for _, _, scalar, _ in _BRIN_FAMILIES if scalar)
"""Prisma types that a BRIN index takes without native type and operator class."""

INDEX_TYPES: dict[str, frozenset[str]] = {
    "InetOps": frozenset({"Gist", "SpGist"}),
    "JsonbOps": frozenset({"Gin"}),
    "JsonbPathOps": frozenset({"Gin"}),
    "ArrayOps": frozenset({"Gin"}),
    "TextOps": frozenset({"SpGist"}),
    **dict.fromkeys(BRIN, frozenset({"Brin"})),
}
"""Operator class -> the index types it works with."""

CLASSES = frozenset(INDEX_TYPES)
