"""Physical types: what a Prisma type and its native type attribute become in the database.

PostgreSQL, CockroachDB and SQLite as observed in Migrate's SQL; MySQL, SQL Server and MongoDB as
the documentation pages "MySQL", "Microsoft SQL Server" and "MongoDB" (type mappings) say.
"""

from __future__ import annotations

import msgspec

from schemalint.attributes import Attribute
from schemalint.loaders.prisma.dialect import Target
from schemalint.model import Dialect, ScalarType

SCALARS = {
    "String": ScalarType.STRING,
    "Int": ScalarType.INT,
    "BigInt": ScalarType.BIGINT,
    "Float": ScalarType.FLOAT,
    "Decimal": ScalarType.DECIMAL,
    "Boolean": ScalarType.BOOLEAN,
    "DateTime": ScalarType.DATETIME,
    "Json": ScalarType.JSON,
    "Bytes": ScalarType.BYTES,
}

_DEFAULTS: dict[Dialect, dict[str, str]] = {
    Dialect.POSTGRESQL: {
        "String": "TEXT",
        "Int": "INTEGER",
        "BigInt": "BIGINT",
        "Float": "DOUBLE PRECISION",
        "Decimal": "DECIMAL(65,30)",
        "Boolean": "BOOLEAN",
        "DateTime": "TIMESTAMP(3)",
        "Json": "JSONB",
        "Bytes": "BYTEA",
    },
    Dialect.COCKROACHDB: {
        "String": "STRING",
        "Int": "INT4",
        "BigInt": "INT8",
        "Float": "FLOAT8",
        "Decimal": "DECIMAL(65,30)",
        "Boolean": "BOOL",
        "DateTime": "TIMESTAMP(3)",
        "Json": "JSONB",
        "Bytes": "BYTES",
    },
    Dialect.SQLITE: {
        "String": "TEXT",
        "Int": "INTEGER",
        "BigInt": "BIGINT",
        "Float": "REAL",
        "Decimal": "DECIMAL",
        "Boolean": "BOOLEAN",
        "DateTime": "DATETIME",
        "Json": "JSONB",
        "Bytes": "BLOB",
    },
    Dialect.MYSQL: {
        "String": "VARCHAR(191)",
        "Int": "INTEGER",
        "BigInt": "BIGINT",
        "Float": "DOUBLE",
        "Decimal": "DECIMAL(65, 30)",
        "Boolean": "BOOLEAN",
        "DateTime": "DATETIME(3)",
        "Json": "JSON",
        "Bytes": "LONGBLOB",
    },
    Dialect.SQLSERVER: {
        "String": "NVARCHAR(1000)",
        "Int": "INT",
        "BigInt": "BIGINT",
        "Float": "FLOAT(53)",
        "Decimal": "DECIMAL(32,16)",
        "Boolean": "BIT",
        "DateTime": "DATETIME2",
        "Json": "NVARCHAR(1000)",
        "Bytes": "VARBINARY(max)",
    },
    Dialect.MONGODB: {
        "String": "String",
        "Int": "Int",
        "BigInt": "Long",
        "Float": "Double",
        "Decimal": "Decimal",
        "Boolean": "Bool",
        "DateTime": "Date",
        "Json": "Json",
        "Bytes": "BinData",
    },
}
_DEFAULTS[Dialect.MARIADB] = _DEFAULTS[Dialect.MYSQL]

# Native type attributes, and how the DDL spells them.
_SPELLINGS: dict[Dialect, dict[str, str]] = {
    Dialect.POSTGRESQL: {
        "SmallInt": "SMALLINT",
        "Integer": "INTEGER",
        "BigInt": "BIGINT",
        "Decimal": "DECIMAL",
        "Money": "MONEY",
        "Inet": "INET",
        "Oid": "OID",
        "Citext": "CITEXT",
        "Real": "REAL",
        "DoublePrecision": "DOUBLE PRECISION",
        "VarChar": "VARCHAR",
        "Char": "CHAR",
        "Text": "TEXT",
        "ByteA": "BYTEA",
        "Timestamp": "TIMESTAMP",
        "Timestamptz": "TIMESTAMPTZ",
        "Date": "DATE",
        "Time": "TIME",
        "Timetz": "TIMETZ",
        "Boolean": "BOOLEAN",
        "Bit": "BIT",
        "VarBit": "VARBIT",
        "Uuid": "UUID",
        "Xml": "XML",
        "Json": "JSON",
        "JsonB": "JSONB",
    },
    Dialect.COCKROACHDB: {
        "Bit": "BIT",
        "Bool": "BOOL",
        "Bytes": "BYTES",
        "Char": "CHAR",
        "Date": "DATE",
        "Decimal": "DECIMAL",
        "Float4": "FLOAT4",
        "Float8": "FLOAT8",
        "Inet": "INET",
        "Int2": "INT2",
        "Int4": "INT4",
        "Int8": "INT8",
        "JsonB": "JSONB",
        "Oid": "OID",
        "CatalogSingleChar": '"char"',
        "String": "STRING",
        "Timestamp": "TIMESTAMP",
        "Timestamptz": "TIMESTAMPTZ",
        "Time": "TIME",
        "Timetz": "TIMETZ",
        "Uuid": "UUID",
        "VarBit": "VARBIT",
    },
    Dialect.MYSQL: {
        "Int": "INTEGER",
        "UnsignedInt": "INTEGER UNSIGNED",
        "SmallInt": "SMALLINT",
        "UnsignedSmallInt": "SMALLINT UNSIGNED",
        "TinyInt": "TINYINT",
        "UnsignedTinyInt": "TINYINT UNSIGNED",
        "MediumInt": "MEDIUMINT",
        "UnsignedMediumInt": "MEDIUMINT UNSIGNED",
        "BigInt": "BIGINT",
        "UnsignedBigInt": "BIGINT UNSIGNED",
        "Decimal": "DECIMAL",
        "Float": "FLOAT",
        "Double": "DOUBLE",
        "Bit": "BIT",
        "Char": "CHAR",
        "VarChar": "VARCHAR",
        "Binary": "BINARY",
        "VarBinary": "VARBINARY",
        "TinyBlob": "TINYBLOB",
        "Blob": "BLOB",
        "MediumBlob": "MEDIUMBLOB",
        "LongBlob": "LONGBLOB",
        "TinyText": "TINYTEXT",
        "Text": "TEXT",
        "MediumText": "MEDIUMTEXT",
        "LongText": "LONGTEXT",
        "Date": "DATE",
        "Time": "TIME",
        "DateTime": "DATETIME",
        "Timestamp": "TIMESTAMP",
        "Year": "YEAR",
        "Json": "JSON",
    },
    Dialect.SQLSERVER: {
        "TinyInt": "TINYINT",
        "SmallInt": "SMALLINT",
        "Int": "INT",
        "BigInt": "BIGINT",
        "Decimal": "DECIMAL",
        "Money": "MONEY",
        "SmallMoney": "SMALLMONEY",
        "Bit": "BIT",
        "Float": "FLOAT",
        "Real": "REAL",
        "Date": "DATE",
        "Time": "TIME",
        "DateTime": "DATETIME",
        "DateTime2": "DATETIME2",
        "DateTimeOffset": "DATETIMEOFFSET",
        "SmallDateTime": "SMALLDATETIME",
        "Char": "CHAR",
        "NChar": "NCHAR",
        "VarChar": "VARCHAR",
        "Text": "TEXT",
        "NVarChar": "NVARCHAR",
        "NText": "NTEXT",
        "Binary": "BINARY",
        "VarBinary": "VARBINARY",
        "Image": "IMAGE",
        "Xml": "XML",
        "UniqueIdentifier": "UNIQUEIDENTIFIER",
    },
    Dialect.MONGODB: {
        "String": "String",
        "Double": "Double",
        "Long": "Long",
        "Int": "Int",
        "BinData": "BinData",
        "ObjectId": "ObjectId",
        "Bool": "Bool",
        "Date": "Date",
        "Timestamp": "Timestamp",
        "Json": "Json",
    },
}
_SPELLINGS[Dialect.MARIADB] = _SPELLINGS[Dialect.MYSQL]
_SPELLINGS[Dialect.SQLITE] = {}

# What a native type narrows the Prisma type to.
_NARROWED = {
    "Uuid": ScalarType.UUID,
    "UniqueIdentifier": ScalarType.UUID,
    "Time": ScalarType.TIME,
    "Timetz": ScalarType.TIME,
    "Money": ScalarType.DECIMAL,
    "SmallMoney": ScalarType.DECIMAL,
}

MYSQL_COLLATION = "utf8mb4_unicode_ci"
"""What Migrate's CREATE TABLE states on MySQL: it compares without regard to letter case."""


class PhysicalType(msgspec.Struct, frozen=True, gc=False):
    """The AST's type, the DDL's type, and how its text compares."""

    type: ScalarType
    native: str
    ignore_case: bool = False
    collation: str | None = None


def physical_type(prisma_type: str, attribute: Attribute | None, target: Target) -> PhysicalType:
    """The physical type of a scalar; `attribute` is its native type attribute, if it has one.

    A native type that belongs to another database (the schema is loaded for a dialect that it
    was not written for) still narrows the AST's type, but its DDL is the dialect's default.
    """
    scalar = SCALARS[prisma_type]
    dialect = target.dialect
    native = _DEFAULTS[dialect][prisma_type] if dialect else ""
    citext = False
    if attribute is not None:
        name = attribute.name.rpartition(".")[2]
        written_for = target.written_for
        if written_for in (None, Dialect.MONGODB) or name in _SPELLINGS[written_for]:
            scalar = _narrowed(name, scalar, written_for)
        if dialect is not None and name in _SPELLINGS[dialect]:
            native = _native(name, attribute, prisma_type, dialect)
            citext = name == "Citext"
    ignore_case = citext
    collation = None
    if scalar is ScalarType.STRING:
        if target.mysql_like:
            ignore_case = True
            collation = MYSQL_COLLATION
        elif dialect is Dialect.SQLSERVER:
            ignore_case = True  # the usual server collation, SQL_Latin1_General_CP1_CI_AS
    return PhysicalType(scalar, native, ignore_case, collation)


def _narrowed(name: str, scalar: ScalarType, dialect: Dialect | None) -> ScalarType:
    if name == "Date" and dialect is not Dialect.MONGODB:  # MongoDB's Date holds a time as well
        return ScalarType.DATE
    return _NARROWED.get(name, scalar)


def _native(name: str, attribute: Attribute, prisma_type: str, dialect: Dialect) -> str:
    if dialect is Dialect.MONGODB:
        return name
    if dialect in (Dialect.MYSQL, Dialect.MARIADB) and name == "TinyInt":
        return "BOOLEAN" if prisma_type == "Boolean" else "TINYINT"
    spelled = _SPELLINGS[dialect][name]
    sizes = [argument.value.text for argument in attribute.arguments]
    if not sizes:
        return spelled
    if dialect is Dialect.SQLSERVER:
        sizes = [size.lower() for size in sizes]
    separator = ", " if dialect in (Dialect.MYSQL, Dialect.MARIADB) else ","
    return f"{spelled}({separator.join(sizes)})"


_SERIALS = {
    "INTEGER": "SERIAL",
    "SMALLINT": "SMALLSERIAL",
    "BIGINT": "BIGSERIAL",
}


def sequence_type(native: str, target: Target) -> str:
    """The DDL's type of a column that counts up by itself: PostgreSQL's serial types."""
    if target.dialect is Dialect.POSTGRESQL:
        return _SERIALS.get(native, native)
    return native
