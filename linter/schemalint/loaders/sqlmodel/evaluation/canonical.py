"""One path for each thing of the libraries that matter, whatever way it was imported.

Observed on SQLAlchemy 2.1.9 and SQLModel 0.0.50 by identity of the objects that their modules
export; older names (`sqlalchemy.ext.declarative`) are those of SQLAlchemy 1.4.
"""

from __future__ import annotations

from functools import lru_cache

from schemalint.loaders.sql.lexer import words

# Packages whose files are never read as source, even where a virtual environment has them: what
# they do is known here, and reading them would cost seconds.
KNOWN_PACKAGES = words(
    "sqlmodel sqlalchemy pydantic pydantic_core pydantic_settings flask_sqlalchemy typing "
    "typing_extensions enum builtins datetime uuid decimal re functools itertools os abc "
    "dataclasses collections sys json math string types annotated_types operator logging "
    "contextlib pathlib time warnings copy random secrets hashlib base64"
)

# What SQLModel has of its own; all else that it exports is SQLAlchemy's.
_SQLMODEL = words(
    "AutoString Discriminator Field FieldInfo Relationship RelationshipInfo SQLModel "
    "SQLModelMetaclass Session Tag UTCDateTime col default_registry select"
)
_SQLMODEL_MODULES = words("main sql ext orm pool _compat default")

# SQLAlchemy's modules whose public names are exported by `sqlalchemy`, or stand for such.
_CORE_MODULES = frozenset(
    f"sqlalchemy.{name}"
    for name in words(
        "types schema sql sql.base sql.ddl sql.dml sql.elements sql.expression sql.operators "
        "sql.schema sql.selectable sql.sqltypes sql.type_api sql.functions engine.base "
        "engine.create engine.url sql._elements_constructors sql._selectable_constructors "
        "sql._dml_constructors sql._typing"
    )
)
_ORM_MODULES = words(
    "_orm_constructors attributes base collections context decl_api decl_base descriptor_props "
    "dynamic events interfaces mapped_collection mapper properties query relationships scoping "
    "session strategy_options util writeonly"
)
_TYPING = frozenset({"typing_extensions", "typing"})
# Functions and classes of `sqlalchemy.sql.functions` that are not SQL functions.
_NOT_SQL_FUNCTIONS = words("func cast extract and_ or_ all_ any_ over literal_column")

# A dialect's exports that are SQLAlchemy's generic types under their own names.
_SHARED_BY_DIALECT = {
    "postgresql": "BIGINT BOOLEAN CHAR DATE DOUBLE_PRECISION FLOAT INTEGER NUMERIC REAL SMALLINT "
    "TEXT UUID VARCHAR",
    "mysql": "BINARY BLOB BOOLEAN DATE VARBINARY",
    "mariadb": "BINARY BLOB BOOLEAN DATE VARBINARY",
    "sqlite": "BLOB BOOLEAN CHAR DECIMAL FLOAT INTEGER NUMERIC REAL SMALLINT TEXT TIMESTAMP "
    "VARCHAR",
    "mssql": "BIGINT BINARY CHAR DATE DATETIME DECIMAL FLOAT INTEGER NCHAR NUMERIC NVARCHAR "
    "SMALLINT TEXT VARCHAR",
    "oracle": "BLOB BOOLEAN CHAR CLOB DOUBLE_PRECISION NCHAR NVARCHAR REAL VARCHAR",
}
_SHARED = {dialect: frozenset(names.split()) for dialect, names in _SHARED_BY_DIALECT.items()}

_CORE_EXPORTS = words(
    "ARRAY BIGINT BINARY BLOB BOOLEAN BigInteger Boolean CHAR CLOB CheckConstraint Column "
    "ColumnDefault Computed Constraint DATE DATETIME DDL DECIMAL DOUBLE DOUBLE_PRECISION Date "
    "DateTime DefaultClause Double Enum FLOAT FetchedValue Float ForeignKey ForeignKeyConstraint "
    "INT INTEGER Identity Index Integer Interval JSON LargeBinary MetaData NCHAR NUMERIC NVARCHAR "
    "Numeric PickleType PrimaryKeyConstraint REAL SMALLINT Sequence SmallInteger String TEXT TIME "
    "TIMESTAMP Table Text Time TupleType TypeDecorator UUID Unicode UnicodeText UniqueConstraint "
    "Uuid VARBINARY VARCHAR alias all_ and_ any_ asc between bindparam bitwise_not case cast "
    "collate column create_engine delete desc distinct except_ exists extract false func insert "
    "inspect join lambda_stmt lateral literal literal_column not_ null nulls_first nulls_last "
    "nullsfirst nullslast or_ outerjoin over select table text true tuple_ type_coerce union "
    "union_all update values within_group"
)
_ORM_EXPORTS = words(
    "Composite DeclarativeBase DeclarativeBaseNoMeta DeclarativeMeta DynamicMapped Mapped "
    "MappedAsDataclass MappedColumn Query Relationship RelationshipProperty Session "
    "WriteOnlyMapped aliased as_declarative backref column_property composite configure_mappers "
    "contains_eager declarative_base declarative_mixin declared_attr defer deferred foreign "
    "joinedload lazyload mapped_as_dataclass mapped_column mapper noload query_expression "
    "reconstructor registry relationship remote scoped_session selectinload sessionmaker "
    "subqueryload synonym synonym_for undefer validates"
)
_STAR = {
    # SQLAlchemy has no `__all__`: its modules come along.
    "sqlalchemy": _CORE_EXPORTS | words("dialects event quoted_name schema sql types"),
    "sqlmodel": _CORE_EXPORTS | _SQLMODEL,
    "sqlalchemy.orm": _ORM_EXPORTS,
    "sqlalchemy.types": frozenset(name for name in _CORE_EXPORTS if name[0].isupper()),
    "typing": words(
        "Annotated Any Callable ClassVar Dict Final FrozenSet Generic Iterable List Literal "
        "Mapping NamedTuple NewType Optional Protocol Sequence Set TYPE_CHECKING Tuple Type "
        "TypeVar TypedDict Union cast"
    ),
    "datetime": words("datetime date time timedelta timezone UTC"),
    "enum": words("Enum IntEnum StrEnum Flag IntFlag auto unique"),
    "decimal": frozenset({"Decimal"}),
    "uuid": words("UUID uuid1 uuid3 uuid4 uuid5"),
}


def star_exports(module: str) -> frozenset[str] | None:
    """The names that `from module import *` gives; None where that is not known."""
    return _STAR.get(module)


def is_known_package(module: str) -> bool:
    """Whether a dotted module name belongs to a package whose files are never read."""
    return module.partition(".")[0] in KNOWN_PACKAGES


@lru_cache(maxsize=4096)
def canonical(path: str) -> str:
    """The one path of something outside the project: `sqlmodel.sql.sqltypes.AutoString` is
    `sqlmodel.AutoString`, `sqlalchemy.sql.sqltypes.String` is `sqlalchemy.String`."""
    root = path.partition(".")[0]
    if root == "sqlmodel":
        return _of_sqlmodel(path)
    if root == "sqlalchemy":
        return _of_sqlalchemy(path)
    if root in _TYPING:
        return "typing" + path[len(root) :]
    if root == "pydantic":
        parts = path.split(".")
        if len(parts) == 3 and parts[1].islower() and not parts[2].islower():
            return f"pydantic.{parts[2]}"
    return path


def _of_sqlmodel(path: str) -> str:
    parts = path.split(".")
    if len(parts) < 2:
        return path
    if parts[1] in _SQLMODEL or parts[1] in _SQLMODEL_MODULES:
        for at in range(2, len(parts)):
            if parts[1] in _SQLMODEL_MODULES and parts[at] in _SQLMODEL:
                return ".".join(["sqlmodel", *parts[at:]])
            if parts[1] in _SQLMODEL_MODULES and parts[at] in _CORE_EXPORTS:
                return ".".join(["sqlalchemy", *parts[at:]])
        return path
    return _of_sqlalchemy(".".join(["sqlalchemy", *parts[1:]]))


def _of_sqlalchemy(path: str) -> str:
    parts = path.split(".")
    if len(parts) < 3:
        return path
    if parts[1] == "orm":
        if len(parts) > 3 and parts[2] in _ORM_MODULES:
            return ".".join(["sqlalchemy.orm", *parts[3:]])
        return path
    if parts[1] == "dialects":
        return _of_dialect(parts)
    last = parts[-1]
    if parts[1:3] == ["testing", "schema"]:  # editors propose its names, which do the same
        made = {"mapped_column": "orm.mapped_column", "Column": "Column", "Table": "Table"}
        return f"sqlalchemy.{made[last]}" if last in made else path
    if parts[1:3] == ["ext", "declarative"]:
        return f"sqlalchemy.orm.{last}" if last in _ORM_EXPORTS else path
    for length in (3, 2):
        module = ".".join(parts[:length])
        rest = parts[length:]
        if module in _CORE_MODULES and rest and f"{module}.{rest[0]}" not in _CORE_MODULES:
            if (
                module == "sqlalchemy.sql.functions"
                and rest[0].islower()
                and rest[0] not in _NOT_SQL_FUNCTIONS
            ):
                return ".".join(["sqlalchemy.func", *rest])
            return ".".join(["sqlalchemy", *rest])
    return path


def _of_dialect(parts: list[str]) -> str:
    if len(parts) < 4:
        return ".".join(parts)
    dialect = parts[2]
    rest = parts[3:]
    # A submodule's name is all lower case, and something of it follows.
    if len(rest) > 1 and rest[0].islower() and rest[0] not in ("array", "insert"):
        rest = rest[1:]
    if rest[0] in _SHARED.get(dialect, ()):
        return ".".join(["sqlalchemy", *rest])
    return ".".join(["sqlalchemy.dialects", dialect, *rest])
