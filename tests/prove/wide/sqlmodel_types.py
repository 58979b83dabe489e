"""Types of columns in SQLAlchemy's words: the usual ones, rare ones, and those of one database."""

from __future__ import annotations

import msgspec


class Sort(msgspec.Struct, frozen=True):
    """A type of columns: what rules know it as, its annotation, SQLAlchemy's type ("" where the
    annotation alone tells it), texts that `server_default` can be, and whether it can be in a key.
    """

    plain: str
    python: str
    sa: str = ""
    values: tuple[str, ...] = ()
    native: str | None = None
    key: bool = True


_NUMBER = ('"1"', 'text("2")', 'text("(1 + 1)")')
_TEXT = ('"a"', '"b"', "text(\"'a'\")")
USUAL = (
    Sort("Int", "int", "", _NUMBER),
    Sort("Int", "int", "sa.Integer", _NUMBER),
    Sort("Int", "int", "sa.SmallInteger()", _NUMBER),
    Sort("Int", "int", "sa.BigInteger", _NUMBER),
    Sort("Int", "Decimal", "sa.Numeric(5, 2)", _NUMBER),
    Sort("Int", "float", "", _NUMBER),
    Sort("Int", "float", "sa.Double", _NUMBER),
    Sort("String", "str", "sa.String(5)", _TEXT),
    Sort("String", "str", "sa.String(20)", _TEXT),
    Sort("String", "str", "sa.Unicode(9)", _TEXT),
    Sort("Boolean", "bool", "", ('text("1")',)),
    Sort("Boolean", "bool", "sa.Boolean(create_constraint=True)", ()),
    Sort("DateTime", "datetime", "sa.DateTime", ("func.now()", "sa.func.current_timestamp()")),
    Sort("DateTime", "datetime", "sa.DateTime(timezone=True)", ("func.now()",)),
    Sort("DateTime", "datetime", "", ("func.now()",)),
    Sort("Status", "Status", "", ('"DRAFT"', '"open"')),
    Sort(
        "Status",
        "Status",
        "sa.Enum(Status, native_enum=False, create_constraint=True, length=9)",
        ('"DRAFT"',),
    ),
    Sort(
        "Status",
        "Status",
        'sa.Enum(Status, name="named", values_callable=lambda kind: [one.value for one in kind])',
        (),
    ),
)
RARE = (
    Sort("String", "str", "", ()),
    Sort("String", "str", "sa.Text", (), "Text", key=False),
    Sort("String", "str", "sa.CHAR(3)", _TEXT, "Char"),
    Sort("Date", "date", "", ("func.current_date()",)),
    Sort("Time", "time", "sa.Time()", ("text(\"'12:00:00'\")",)),
    Sort("Uuid", "uuid.UUID", "", ()),
    Sort("Uuid", "uuid.UUID", "sa.Uuid()", ()),
    Sort("Bytes", "bytes", "sa.LargeBinary(4)", (), key=False),
    Sort("Json", "dict[str, Any]", "sa.JSON", (), key=False),
    Sort("Single", "Single", "", ('"ONLY"',)),
    Sort("Letters", "str", 'sa.Enum("a", "b", name="letters")', ('"a"',)),
    Sort("Interval", "Any", "sa.Interval", (), key=False),
)
OWN = {
    "sqlite": (
        Sort("String", "str", 'sa.String(5, collation="NOCASE")', _TEXT),
        Sort("String", "str", 'sa.Text(collation="RTRIM")', _TEXT),
        Sort("Int", "Decimal", "sa.DECIMAL(5, 2)", _NUMBER),
        Sort("Int", "float", "sa.REAL", _NUMBER),
        Sort("DateTime", "datetime", "sa.TIMESTAMP", ()),
        Sort("Bytes", "bytes", "sa.BLOB", ()),
        Sort("Bytes", "bytes", "sa.VARBINARY(4)", ()),
    ),
    "postgresql": (
        Sort("String", "str", 'sa.String(5, collation="C")', _TEXT),
        Sort("String", "str", "postgresql.CITEXT", _TEXT, "Citext"),
        Sort("Int", "list[int]", "postgresql.ARRAY(sa.Integer)", ()),
        Sort("String", "list[str]", "postgresql.ARRAY(sa.String(5))", ("text(\"'{}'\")",)),
        Sort("Status", "list[Status]", "postgresql.ARRAY(sa.Enum(Status))", ()),
        Sort("Jsonb", "dict[str, Any]", "postgresql.JSONB", ("text(\"'{}'\")",)),
        Sort("Inet", "str", "postgresql.INET", ("text(\"'10.0.0.1'\")",)),
        Sort("Money", "Decimal", "postgresql.MONEY", ()),
        Sort("Bit", "str", "postgresql.BIT(1)", ()),
        Sort("Bit", "str", "postgresql.BIT(4, varying=True)", ()),
        Sort("Oid", "int", "postgresql.OID", ()),
        Sort("Int", "float", "sa.REAL", _NUMBER),
        Sort("Time", "time", "sa.Time(timezone=True)", ()),
        Sort("Range", "Any", "postgresql.INT4RANGE", ()),
        Sort("Range", "Any", "postgresql.TSRANGE", ()),
        Sort("Uuid", "uuid.UUID", "postgresql.UUID", ('text("gen_random_uuid()")',)),
        Sort("Domain", "str", 'postgresql.DOMAIN("short", sa.Text, check="length(VALUE) < 3")', ()),
    ),
    "mysql": (
        Sort("String", "str", 'sa.String(5, collation="utf8mb4_bin")', _TEXT),
        Sort("Int", "int", "mysql.TINYINT", _NUMBER),
        Sort("Int", "int", "mysql.MEDIUMINT", _NUMBER),
        Sort("Int", "int", "mysql.INTEGER(unsigned=True)", _NUMBER),
        Sort("Int", "int", "mysql.BIGINT(unsigned=True)", _NUMBER),
        Sort("Int", "float", "mysql.FLOAT", _NUMBER),
        Sort("String", "str", "mysql.LONGTEXT", (), "Text", key=False),
        Sort("String", "str", "mysql.MEDIUMTEXT", (), "Text", key=False),
        Sort("String", "str", "mysql.TINYTEXT", (), "Text", key=False),
        Sort("Bytes", "bytes", "mysql.TINYBLOB", (), key=False),
        Sort("Bytes", "bytes", "mysql.MEDIUMBLOB", (), key=False),
        Sort("Bytes", "bytes", "mysql.LONGBLOB", (), key=False),
        Sort("Bytes", "bytes", "sa.BINARY(3)", ()),
        Sort("Bytes", "bytes", "sa.VARBINARY(4)", ()),
        Sort("Year", "int", "mysql.YEAR", ()),
        Sort("Bit", "int", "mysql.BIT(1)", ()),
        Sort("Set", "str", 'mysql.SET("a", "b")', ()),
        Sort("DateTime", "datetime", "mysql.TIMESTAMP(fsp=3)", ()),
        Sort("DateTime", "datetime", "mysql.DATETIME(fsp=3)", ()),
    ),
}

WRITTEN = {
    "int": "sa.Integer",
    "float": "sa.Float",
    "str": "sa.String(9)",
    "bool": "sa.Boolean",
    "datetime": "sa.DateTime",
    "date": "sa.Date",
    "time": "sa.Time",
    "Decimal": "sa.Numeric(5, 2)",
    "uuid.UUID": "sa.Uuid",
    "bytes": "sa.LargeBinary(4)",
    "Status": "sa.Enum(Status)",
    "Single": "sa.Enum(Single)",
    "Any": "sa.JSON",
}
"""What stands in `Column(...)` where an annotation alone would tell the type."""
