"""The native types of each connector: what `@db.` may name, its arguments, and its Prisma types.

One line a type: name, then its arguments (`n` one whole number, `max` a whole number or `Max`,
`p,s` precision and scale; `?` where they may be left out), then the Prisma types it may stand on.
Imported only for a schema that uses native types or `Unsupported(...)`.
"""

from __future__ import annotations

import msgspec

_POSTGRESQL = """
SmallInt : Int
Integer : Int
BigInt : BigInt
Decimal p,s? : Decimal
Money : Decimal
Inet : String
Oid : Int
Citext : String
Real : Float
DoublePrecision : Float
VarChar n? : String
Char n? : String
Text : String
ByteA : Bytes
Timestamp n? : DateTime
Timestamptz n? : DateTime
Date : DateTime
Time n? : DateTime
Timetz n? : DateTime
Boolean : Boolean
Bit n? : String
VarBit n? : String
Uuid : String
Xml : String
Json : Json
JsonB : Json
"""
_COCKROACHDB = """
Bit n? : String
Bool : Boolean
Bytes : Bytes
Char n? : String
Date : DateTime
Decimal p,s? : Decimal
Float4 : Float
Float8 : Float
Inet : String
Int2 : Int
Int4 : Int
Int8 : BigInt
JsonB : Json
Oid : Int
CatalogSingleChar : String
String n? : String
Time n? : DateTime
Timestamp n? : DateTime
Timestamptz n? : DateTime
Timetz n? : DateTime
Uuid : String
VarBit n? : String
"""
_MYSQL = """
Int : Int
UnsignedInt : Int
SmallInt : Int
UnsignedSmallInt : Int
TinyInt : Boolean Int
UnsignedTinyInt : Boolean Int
MediumInt : Int
UnsignedMediumInt : Int
BigInt : BigInt
UnsignedBigInt : BigInt
Decimal p,s? : Decimal
Float : Float
Double : Float
Bit n : Boolean Bytes
Char n : String
VarChar n : String
Binary n : Bytes
VarBinary n : Bytes
TinyBlob : Bytes
Blob : Bytes
MediumBlob : Bytes
LongBlob : Bytes
TinyText : String
Text : String
MediumText : String
LongText : String
Date : DateTime
Time n? : DateTime
DateTime n? : DateTime
Timestamp n? : DateTime
Year : Int
Json : Json
"""
_SQLSERVER = """
TinyInt : Int
SmallInt : Int
Int : Int
BigInt : BigInt
Decimal p,s? : Decimal
Money : Float
SmallMoney : Float
Bit : Boolean Int
Float n? : Float
Real : Float
Date : DateTime
Time : DateTime
DateTime : DateTime
DateTime2 : DateTime
DateTimeOffset : DateTime
SmallDateTime : DateTime
Char n? : String
NChar n? : String
VarChar max? : String
Text : String
NVarChar max? : String
NText : String
Binary n? : Bytes
VarBinary max? : Bytes
Image : Bytes
Xml : String
UniqueIdentifier : String
"""
_MONGODB = """
String : String
Double : Float
Long : Int BigInt
Int : Int
BinData : Bytes
ObjectId : String Bytes
Bool : Boolean
Date : DateTime
Timestamp : DateTime
Json : Json
"""
_TABLES = {
    "postgresql": _POSTGRESQL,
    "cockroachdb": _COCKROACHDB,
    "mysql": _MYSQL,
    "sqlserver": _SQLSERVER,
    "mongodb": _MONGODB,
}


class NativeTypeForm(msgspec.Struct, frozen=True):
    """How one native type is written. `required` and `optional` count its arguments."""

    name: str
    arguments: str
    required: int
    optional: int
    scalars: tuple[str, ...]


def forms_of(provider: str) -> dict[str, NativeTypeForm]:
    """The native types of a connector by name; empty where it has none (SQLite)."""
    forms = {}
    for line in _TABLES.get(provider, "").split("\n"):
        if not line:
            continue
        head, scalars = line.split(" : ")
        name, _, arguments = head.partition(" ")
        count = 2 if arguments.startswith("p,s") else 1 if arguments else 0
        optional = arguments.endswith("?")
        forms[name] = NativeTypeForm(
            name,
            arguments.rstrip("?"),
            0 if optional else count,
            count if optional else 0,
            tuple(scalars.split()),
        )
    return forms
