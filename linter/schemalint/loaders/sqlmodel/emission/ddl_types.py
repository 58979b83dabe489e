"""The type that SQLAlchemy writes into the DDL of one database.

As the type compilers of SQLAlchemy 2.1 do (`sqlalchemy/dialects/*/base.py`), held against the types
that published packages have at run time on each database: `tests/loaders/sqlmodel/published.py`.
"""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Name, TypeName
from schemalint.loaders.sql.lexer import is_mysql, is_postgres
from schemalint.loaders.sqlmodel.drafts import TypeDraft
from schemalint.model import Dialect

# SQLAlchemy's own names of the dialects; a type's variant for `mysql` holds for MariaDB too.
VARIANTS = {
    Dialect.SQLITE: ("sqlite",),
    Dialect.POSTGRESQL: ("postgresql",),
    Dialect.COCKROACHDB: ("cockroachdb", "postgresql"),
    Dialect.MYSQL: ("mysql",),
    Dialect.MARIADB: ("mariadb", "mysql"),
    Dialect.SQLSERVER: ("mssql",),
}
_MYSQL_STRING = 255  # of SQLModel's AutoString without a length

# The DDL's word on SQLite, PostgreSQL, MySQL and SQL Server; None where there is no such type.
_Words = tuple[str | None, str | None, str | None, str | None]
_WORDS: dict[str, _Words] = {
    "String": ("VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR"),
    "Text": ("TEXT", "TEXT", "TEXT", "TEXT"),
    "Unicode": ("VARCHAR", "VARCHAR", "VARCHAR", "NVARCHAR"),
    "UnicodeText": ("TEXT", "TEXT", "TEXT", "NTEXT"),
    "Integer": ("INTEGER", "INTEGER", "INTEGER", "INTEGER"),
    "BigInteger": ("BIGINT", "BIGINT", "BIGINT", "BIGINT"),
    "SmallInteger": ("SMALLINT", "SMALLINT", "SMALLINT", "SMALLINT"),
    "Boolean": ("BOOLEAN", "BOOLEAN", "BOOL", "BIT"),
    "DateTime": ("DATETIME", "TIMESTAMP", "DATETIME", "DATETIME"),
    "Date": ("DATE", "DATE", "DATE", "DATE"),
    "Time": ("TIME", "TIME", "TIME", "TIME"),
    "Interval": ("DATETIME", "INTERVAL", "DATETIME", "DATETIME"),
    "Float": ("FLOAT", "FLOAT", "FLOAT", "FLOAT"),
    "Double": ("DOUBLE", "DOUBLE PRECISION", "DOUBLE", "DOUBLE PRECISION"),
    "Numeric": ("NUMERIC", "NUMERIC", "NUMERIC", "NUMERIC"),
    "LargeBinary": ("BLOB", "BYTEA", "BLOB", "IMAGE"),
    "PickleType": ("BLOB", "BYTEA", "BLOB", "IMAGE"),
    "JSON": ("JSON", "JSON", "JSON", "NVARCHAR"),
    "TIMESTAMP": ("TIMESTAMP", "TIMESTAMP", "TIMESTAMP", "TIMESTAMP"),
    "TIME": ("TIME", "TIME", "TIME", "TIME"),
    "BOOLEAN": ("BOOLEAN", "BOOLEAN", "BOOL", "BOOLEAN"),
    "INT": ("INTEGER", "INTEGER", "INTEGER", "INTEGER"),
    "DOUBLE_PRECISION": (("DOUBLE PRECISION"),) * 4,
    "NCHAR": ("NCHAR", "NCHAR", "NATIONAL CHAR", "NCHAR"),
    "NVARCHAR": ("NVARCHAR", "NVARCHAR", "NATIONAL VARCHAR", "NVARCHAR"),
    "JSONB": ("JSONB", "JSONB", None, None),
    "BIT": (None, "BIT", "BIT", "BIT"),
}
# These are written by their own name wherever the database has them.
_EVERYWHERE = frozenset(
    {
        "VARCHAR",
        "CHAR",
        "TEXT",
        "CLOB",
        "INTEGER",
        "BIGINT",
        "SMALLINT",
        "DATETIME",
        "DATE",
        "FLOAT",
        "REAL",
        "DOUBLE",
        "NUMERIC",
        "DECIMAL",
        "BLOB",
        "BINARY",
        "VARBINARY",
        "UUID",
    }
)
_POSTGRESQL_ONLY = frozenset(
    {
        "INET",
        "CIDR",
        "CITEXT",
        "MACADDR",
        "MACADDR8",
        "MONEY",
        "OID",
        "REGCLASS",
        "REGCONFIG",
        "TSQUERY",
        "TSVECTOR",
        "BYTEA",
        "INTERVAL",
        "HSTORE",
        "INT4RANGE",
        "INT8RANGE",
        "NUMRANGE",
        "DATERANGE",
        "TSRANGE",
        "TSTZRANGE",
        "INT4MULTIRANGE",
        "INT8MULTIRANGE",
        "NUMMULTIRANGE",
        "DATEMULTIRANGE",
        "TSMULTIRANGE",
        "TSTZMULTIRANGE",
        "JSONPATH",
    }
)
_MYSQL_ONLY = frozenset(
    {
        "INET4",
        "INET6",
        "LONGBLOB",
        "LONGTEXT",
        "MEDIUMBLOB",
        "MEDIUMINT",
        "MEDIUMTEXT",
        "TINYBLOB",
        "TINYINT",
        "TINYTEXT",
        "YEAR",
    }
)
_SIZED = frozenset(("String", "AutoString", "Unicode", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR"))
_SIZED_TOO = frozenset(("Text", "UnicodeText", "TEXT", "BINARY", "VARBINARY"))
_TIMES = frozenset(("DateTime", "TIMESTAMP", "Time", "TIME"))


def gets(only_on: tuple[str, ...] | None, dialect: Dialect | None) -> bool:
    """Whether this database is among those that `ddl_if` names."""
    names = VARIANTS.get(dialect, ()) if dialect else ()
    return only_on is None or not set(only_on).isdisjoint(names)


def for_dialect(kind: TypeDraft, dialect: Dialect | None) -> TypeDraft:
    """The type, or the one that replaces it on this database (`with_variant`)."""
    for name in VARIANTS.get(dialect, ()) if dialect else ():
        variant = kind.variants.get(name)
        if variant is not None:
            return for_dialect(variant, dialect)
    return kind


def ddl_type(kind: TypeDraft, dialect: Dialect | None) -> TypeName | None:
    """The type as the DDL writes it; None where SQLAlchemy has no words for it there, and where
    it is no type at all (`NullType`)."""
    kind = for_dialect(kind, dialect)
    name = kind.path.rpartition(".")[2]
    if kind.values:
        return _enum(kind, dialect)
    if name == "ARRAY":
        return _array(kind, dialect)
    if name in ("Uuid", "UUID"):
        return _uuid(kind, name, dialect)
    if name == "UserDefinedType":
        return _written(kind, str(kind.arguments.get("native") or ""))
    word = _word("String" if name == "AutoString" else name, dialect)
    if word is None:
        return None
    return _sized(kind, name, word, dialect)


def _word(name: str, dialect: Dialect | None) -> str | None:
    if name in _WORDS:
        return _WORDS[name][_column_of(dialect)]
    if name in _EVERYWHERE:
        return "BOOL" if name == "BOOLEAN" and is_mysql(dialect) else name
    if name in _POSTGRESQL_ONLY and is_postgres(dialect):
        return name
    return name if name in _MYSQL_ONLY and is_mysql(dialect) else None


def _column_of(dialect: Dialect | None) -> int:
    if is_postgres(dialect):
        return 1
    if is_mysql(dialect):
        return 2
    return 3 if dialect is Dialect.SQLSERVER else 0


def _sized(kind: TypeDraft, name: str, word: str, dialect: Dialect | None) -> TypeName | None:
    length, precision = kind.arguments.get("length"), kind.arguments.get("precision")
    if name in _SIZED or name in _SIZED_TOO:
        if length is None and is_mysql(dialect):
            if name == "AutoString":
                length = _MYSQL_STRING
            elif word in ("VARCHAR", "NATIONAL VARCHAR", "VARBINARY"):
                return None  # MySQL wants a length: SQLAlchemy refuses to write the DDL
        if length is None and dialect is Dialect.SQLSERVER and word.endswith("VARCHAR"):
            length = "max"
        return _type(kind, word, *([] if length is None else [str(length)]))
    if name in _TIMES and is_postgres(dialect):
        zone = " WITH TIME ZONE" if kind.arguments.get("timezone") else " WITHOUT TIME ZONE"
        return _type(kind, word + zone, *([] if precision is None else [str(precision)]))
    if name in ("Numeric", "NUMERIC", "DECIMAL") and precision is not None:
        scale = kind.arguments.get("scale")
        return _type(kind, word, str(precision), *([] if scale is None else [str(scale)]))
    if name in ("Float", "FLOAT") and precision is not None and dialect is not Dialect.SQLITE:
        unsaid = precision == 0 and is_postgres(dialect)
        return _type(kind, word, *([] if unsaid else [str(precision)]))
    if name in ("LargeBinary", "BLOB") and length is not None and is_mysql(dialect):
        return _type(kind, word, str(length))
    if name == "BIT" and is_postgres(dialect) and kind.arguments.get("varying"):
        return _type(kind, "BIT VARYING", *([] if length is None else [str(length)]))
    if name == "BIT" and is_postgres(dialect):
        return _type(kind, word, str(length or 1))
    if name == "JSON" and dialect is Dialect.SQLSERVER:
        return _type(kind, word, "max")
    if name == "DateTime" and kind.arguments.get("timezone") and dialect is Dialect.SQLSERVER:
        return _type(kind, "DATETIMEOFFSET")
    if is_mysql(dialect):
        size = kind.arguments.get("fsp") or kind.arguments.get("display_width")
        arguments = [] if size is None else [str(size)]
        return _type(kind, word, *arguments, unsigned=bool(kind.arguments.get("unsigned")))
    return _type(kind, word)


def _uuid(kind: TypeDraft, name: str, dialect: Dialect | None) -> TypeName:
    if name == "UUID":
        return _type(kind, "UUID")
    native = kind.arguments.get("native_uuid") is not False
    if native and (is_postgres(dialect) or dialect is Dialect.MARIADB):
        return _type(kind, "UUID")
    if native and dialect is Dialect.SQLSERVER:
        return _type(kind, "UNIQUEIDENTIFIER")
    return _type(kind, "CHAR", "32")


def _enum(kind: TypeDraft, dialect: Dialect | None) -> TypeName | None:
    if not is_native_enum(kind, dialect):
        longest = max(len(stored) for stored, _, _ in kind.values)
        length = kind.arguments.get("length")
        given = length if isinstance(length, int) else 0
        return _type(kind, "VARCHAR", str(max(given, longest)))
    if is_mysql(dialect):
        values = tuple(Name(text=stored, span=span) for stored, _, span in kind.values)
        written = ", ".join("'" + stored.replace("'", "''") + "'" for stored, _, _ in kind.values)
        return TypeName(name="ENUM", text=f"ENUM({written})", values=values, span=kind.span)
    name, schema = kind.arguments.get("name"), kind.arguments.get("schema")
    if not isinstance(name, str):
        return None  # PostgreSQL's ENUM needs a name
    text = f"{schema}.{name}" if schema else name
    return TypeName(
        name=name, text=text, schema=schema if isinstance(schema, str) else None, user=True,
        span=kind.span,
    )  # fmt: skip


def is_native_enum(kind: TypeDraft, dialect: Dialect | None) -> bool:
    """Whether the enum becomes a type of the database, which refuses other values."""
    kind = for_dialect(kind, dialect)
    native = kind.arguments.get("native_enum") is not False
    return bool(kind.values) and native and (is_postgres(dialect) or is_mysql(dialect))


def _array(kind: TypeDraft, dialect: Dialect | None) -> TypeName | None:
    item = None if kind.item is None else ddl_type(kind.item, dialect)
    if item is None or not is_postgres(dialect):
        return None
    return TypeName(
        name=item.name,
        text=item.text + "[]" * kind.dimensions,
        schema=item.schema,
        user=item.user,
        arguments=item.arguments,
        dimensions=kind.dimensions,
        span=kind.span,
    )


def _written(kind: TypeDraft, text: str) -> TypeName | None:
    """A type whose DDL the project writes itself (`get_col_spec`)."""
    name, bracket, inside = text.strip().partition("(")
    if not name:
        return None
    arguments = tuple(one.strip() for one in inside.rstrip(") ").split(",")) if bracket else ()
    return TypeName(
        name=name.strip().upper(), text=text.strip(), arguments=arguments, span=kind.span
    )


def _type(kind: TypeDraft, name: str, *arguments: str, unsigned: bool = False) -> TypeName:
    text = name + (f"({', '.join(arguments)})" if arguments else "")
    if unsigned:
        text += " UNSIGNED"
    return TypeName(name=name, text=text, arguments=arguments, unsigned=unsigned, span=kind.span)
