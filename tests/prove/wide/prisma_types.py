"""Types of Prisma's fields, the native ones of each database, and defaults."""

from __future__ import annotations

import msgspec

NATIVES: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {},
    "postgresql": {
        "String": (
            "Citext",
            "Inet",
            "VarChar(3)",
            "Char(3)",
            "Text",
            "Bit(1)",
            "VarBit(4)",
            "Uuid",
            "Xml",
        ),
        "Int": ("SmallInt", "Integer", "Oid"),
        "BigInt": ("BigInt",),
        "Float": ("Real", "DoublePrecision"),
        "Decimal": ("Decimal(5, 2)", "Money"),
        "Boolean": ("Boolean",),
        "DateTime": ("Timestamp(0)", "Timestamptz(3)", "Date", "Time(0)", "Timetz(0)"),
        "Json": ("Json", "JsonB"),
        "Bytes": ("ByteA",),
    },
    "mysql": {
        "String": (
            "Char(3)",
            "VarChar(5)",
            "TinyText",
            "Text",
            "MediumText",
            "LongText",
        ),
        "Int": (
            "Int",
            "UnsignedInt",
            "SmallInt",
            "UnsignedSmallInt",
            "TinyInt",
            "UnsignedTinyInt",
            "MediumInt",
            "UnsignedMediumInt",
            "Year",
        ),
        "BigInt": ("BigInt", "UnsignedBigInt"),
        "Float": ("Float", "Double"),
        "Decimal": ("Decimal(5, 2)",),
        "Boolean": ("TinyInt", "Bit(1)"),
        "DateTime": ("Date", "Time(0)", "DateTime(3)", "Timestamp(0)"),
        "Json": ("Json",),
        "Bytes": (
            "Binary(3)",
            "VarBinary(4)",
            "TinyBlob",
            "Blob",
            "MediumBlob",
            "LongBlob",
            "Bit(8)",
        ),
    },
}
DEFAULTS = {
    "String": ('"a"', '"b"'),
    "Int": ("1", "2"),
    "BigInt": ("1",),
    "Float": ("1.5", "2"),
    "Decimal": ("1.5", "1"),
    "Boolean": ("true", "false"),
    "DateTime": ("now()", '"2024-01-01T00:00:00Z"'),
    "Json": ('"{}"',),
    "Bytes": ('"YQ=="',),
    "Status": ("DRAFT", "OPEN"),
}
# Types that compare with whole numbers, for the conditions of rules.
NUMBERS = ("Int", "BigInt", "Float", "Decimal")
_LONG = ("Text", "Blob", "Json")


class Field(msgspec.Struct):
    """What is written of a scalar field, beside its plain data."""

    type: str
    native: str | None = None
    attributes: list[str] = []
    docs: bool = False


def is_long(field: Field) -> bool:
    """Whether MySQL's keys need a length for it; no key has it elsewhere."""
    native = field.native or ""
    long_type = field.type in ("Json", "Bytes") and not native.startswith(
        ("Binary", "VarBi", "Bit")
    )
    return (
        long_type
        or any(word in native for word in _LONG if word != "Text")
        or (native.endswith("Text") and native != "Text")
        or native in ("Text", "Xml", "Json")
    )
