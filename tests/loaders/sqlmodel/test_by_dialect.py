"""What one model is on each database, as SQLAlchemy 2.1.9 writes its DDL (observed by compiling
`CreateTable` and `CreateIndex` of the same models for each dialect)."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Layer, Model, ScalarType
from schemalint.source import SourceFile

MODELS = """
import enum
from sqlalchemy import *
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import CHAR, JSON, TypeDecorator


class JSONB(JSON):
    __visit_name__ = "JSONB"


@compiles(JSONB, "sqlite")
def as_json(type_, compiler, **kw):
    return "JSONB"


@compiles(BigInteger, "sqlite")
def as_integer(type_, compiler, **kw):
    return compiler.visit_INTEGER(type_, **kw)


class Key(TypeDecorator):
    impl = BINARY(16)
    cache_ok = True

    def __init__(self, binary=True):
        self.binary = binary

    def load_dialect_impl(self, dialect):
        if dialect.name in ("postgresql", "cockroachdb"):
            return dialect.type_descriptor(postgresql.UUID())
        kind = self.impl if self.binary else CHAR(32)
        return dialect.type_descriptor(kind)


class State(enum.Enum):
    OPEN = "open"
    DONE = "done"


class AsName(TypeDecorator):
    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value.name


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_N_name)s"})


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    content = Column(
        JSON().with_variant(postgresql.JSONB(), "postgresql").with_variant(JSONB(), "sqlite")
    )
    size = Column(BigInteger)
    key = Column(Key(binary=False))
    hash = Column(Key)
    state = Column(AsName, nullable=False)
    first_of_two_columns_with_long_names = Column(String(5))
    second_of_two_columns_with_long_names = Column(String(5))
    __table_args__ = (
        UniqueConstraint(
            "first_of_two_columns_with_long_names", "second_of_two_columns_with_long_names"
        ),
        Index("ix_pg", "size").ddl_if(dialect="postgresql"),
        Index("ix_both", "size").ddl_if(dialect=("sqlite", "mysql")),
        Index(
            "ix_open",
            "size",
            postgresql_where=state == State.OPEN,
            sqlite_where=state.in_([State.OPEN]),
        ),
        Index("ix_words", "first_of_two_columns_with_long_names", mysql_prefix="FULLTEXT"),
        CheckConstraint("size > 0", name="ck").ddl_if(dialect="mysql"),
    )
"""


def item(dialect: Dialect) -> Model:
    loaded = SqlModelLoader().load([SourceFile("m.py", MODELS)], dialect=dialect)
    assert [one.reason for one in loaded.schema.opaque] == []
    (model,) = loaded.schema.models
    return model


@pytest.mark.parametrize(
    ("dialect", "types"),
    [
        (Dialect.SQLITE, ["JSONB", "INTEGER", "CHAR(32)", "BINARY(16)"]),
        (Dialect.POSTGRESQL, ["JSONB", "BIGINT", "UUID", "UUID"]),
        (Dialect.MYSQL, ["JSON", "BIGINT", "CHAR(32)", "BINARY(16)"]),
    ],
)
def test_types(dialect: Dialect, types: list[str]) -> None:
    fields = {one.column: one.native for one in item(dialect).fields}
    assert [fields[name] for name in ("content", "size", "key", "hash")] == types


@pytest.mark.parametrize(
    ("dialect", "names", "where", "checks"),
    [
        (Dialect.SQLITE, {"ix_both", "ix_open", "ix_words"}, "state IN ('OPEN')", []),
        (Dialect.POSTGRESQL, {"ix_pg", "ix_open", "ix_words"}, "state = 'OPEN'", []),
        (Dialect.MYSQL, {"ix_both", "ix_open", "ix_words"}, None, ["ck"]),
    ],
)
def test_what_only_some_databases_get(
    dialect: Dialect, names: set[str], where: str | None, checks: list[str]
) -> None:
    model = item(dialect)
    indexes = {one.name: one.where for one in model.indexes}
    assert set(indexes) == names
    assert indexes["ix_open"] == where
    assert [one.name for one in model.checks] == checks


@pytest.mark.parametrize(
    ("dialect", "kind"),
    [(Dialect.SQLITE, "btree"), (Dialect.POSTGRESQL, "btree"), (Dialect.MYSQL, "fulltext")],
)
def test_indexes_over_words(dialect: Dialect, kind: str) -> None:
    """`mysql_prefix`, which other databases do not read: no look-up by the column is served."""
    assert {one.name: one.type for one in item(dialect).indexes}["ix_words"] == kind


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (
            Dialect.SQLITE,
            "uq_item_first_of_two_columns_with_long_names_second_of_two_columns_with_long_names",
        ),
        (Dialect.POSTGRESQL, "uq_item_first_of_two_columns_with_long_names_second_of__629a"),
        (Dialect.MYSQL, "uq_item_first_of_two_columns_with_long_names_second_of_t_629a"),
    ],
)
def test_names_that_are_too_long(dialect: Dialect, name: str) -> None:
    (unique,) = item(dialect).uniques
    assert unique.name == name


_ELSEWHERE = """
from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

class User(SQLModel, table=True):
    __tablename__ = "users"
    metadata = MetaData(schema="auth")
    id: int = Field(primary_key=True)

class Order(SQLModel, table=True):
    id: int = Field(primary_key=True)
    user_id: int = Field(foreign_key="auth.users.id")
"""


@pytest.mark.parametrize(
    ("dialect", "checked"), [(Dialect.SQLITE, False), (Dialect.POSTGRESQL, True)]
)
def test_a_key_to_another_schema_is_none_on_sqlite(dialect: Dialect, checked: bool) -> None:
    """`SQLiteDDLCompiler.visit_foreign_key_constraint` leaves it out."""
    schema = SqlModelLoader().load([SourceFile("m.py", _ELSEWHERE)], dialect=dialect).schema
    order = next(one for one in schema.models if one.name == "Order")
    assert [(one.model, one.enforced) for one in order.foreign_keys] == [("User", checked)]


@pytest.mark.parametrize("dialect", [Dialect.POSTGRESQL, Dialect.MARIADB])
def test_a_key_that_points_is_not_counted(dialect: Dialect) -> None:
    """However the foreign key is written, and whatever else is in it (SQLAlchemy 2.1.9)."""
    text = """
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("tenant", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[int]

class Bill(Base):
    __tablename__ = "bill"
    __table_args__ = (ForeignKeyConstraint(["tenant", "id"], ["orders.tenant", "orders.id"]),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[int]
"""
    loaded = SqlModelLoader().load([SourceFile("models.py", text)], dialect=dialect)
    order, bill = loaded.schema.models
    assert [one.default is not None for one in (order.fields[0], bill.fields[0])] == [True, False]


_RENEWED = """
from datetime import datetime
from sqlalchemy import Column, TIMESTAMP, text
from sqlmodel import Field, SQLModel

class Item(SQLModel, table=True):
    id: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(
        TIMESTAMP, server_default=text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP(6)")))
"""


def test_what_mysql_has_behind_a_default() -> None:
    """SQLAlchemy writes the text as it is, and MySQL reads a clause of its own there."""
    file = SourceFile("m.py", _RENEWED)
    (model,) = SqlModelLoader().load([file], dialect=Dialect.MYSQL).schema.models
    field = model.field("at")
    assert field is not None
    assert field.default is not None
    assert field.default.kind == "now"
    assert field.updated_at is Layer.DATABASE


_CUT = """
from sqlalchemy import *
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

class Base(DeclarativeBase):
    pass

class Words(TypeDecorator):
    impl = String(20)
    cache_ok = True

@compiles(Words, "mysql")
def on_mysql(element, compiler, **kw):
    return "VARCHAR(255) COLLATE utf8mb4_bin"

@compiles(Words, "sqlite")
def on_sqlite(element, compiler, **kw):
    return compiler.visit_CHAR(CHAR(7), **kw)

class Item(Base):
    __tablename__ = "item"
    id = mapped_column(Integer, primary_key=True)
    a = mapped_column(String(300))
    b = mapped_column(String(300))
    words = mapped_column(Words)
    rate = mapped_column(Float(0))
    span = mapped_column(Interval(native=False), server_default=DefaultClause("1970-01-02"))
    __table_args__ = (
        Index("ix_all", "a", "b", mysql_length=10, mariadb_length=20),
        Index("ix_some", "a", "b", mysql_length={"b": 5}),
        Index("ux", "a", unique=True, mysql_length=7),
    )
"""


def _cut(dialect: Dialect) -> Model:
    loaded = SqlModelLoader().load([SourceFile("m.py", _CUT)], dialect=dialect)
    assert loaded.schema.opaque == ()
    (model,) = loaded.schema.models
    return model


@pytest.mark.parametrize(
    ("dialect", "lengths"),
    [
        (Dialect.SQLITE, {"ix_all": [None, None], "ix_some": [None, None], "ux": [None]}),
        (Dialect.POSTGRESQL, {"ix_all": [None, None], "ix_some": [None, None], "ux": [None]}),
        (Dialect.MYSQL, {"ix_all": [10, 10], "ix_some": [None, 5], "ux": [7]}),
        (Dialect.MARIADB, {"ix_all": [20, 20], "ix_some": [None, 5], "ux": [7]}),
    ],
)
def test_how_much_of_each_value_an_index_counts(
    dialect: Dialect, lengths: dict[str, list[int | None]]
) -> None:
    model = _cut(dialect)
    found = {one.name: [part.length for part in one.parts] for one in model.indexes}
    found |= {one.name: [part.length for part in one.parts] for one in model.uniques}
    assert found == lengths


@pytest.mark.parametrize(
    ("dialect", "types"),
    [
        (Dialect.SQLITE, ("CHAR(7)", "FLOAT")),
        (Dialect.POSTGRESQL, ("VARCHAR(20)", "DOUBLE PRECISION")),
        (Dialect.MYSQL, ("VARCHAR(255)", "FLOAT(0)")),
    ],
)
def test_types_that_the_project_writes(dialect: Dialect, types: tuple[str, str]) -> None:
    fields = {one.column: one for one in _cut(dialect).fields}
    assert (fields["words"].native, fields["rate"].native) == types
    assert fields["span"].type is ScalarType.DATETIME
    assert fields["span"].default is not None
    assert fields["span"].default.value == "1970-01-02"
    collation = "utf8mb4_bin" if dialect is Dialect.MYSQL else None
    assert fields["words"].collation == collation


def test_made_names_are_plain_text() -> None:
    """`schemalint ast` writes them as JSON."""
    names = [one.name for one in item(Dialect.POSTGRESQL).uniques]
    assert [type(name) for name in names] == [str]


_WRITTEN_DEFAULTS = """
from sqlalchemy import *
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql.expression import FunctionElement

class Base(DeclarativeBase):
    pass

class utcnow(FunctionElement):
    inherit_cache = True

@compiles(utcnow, "postgresql")
def now_on_postgresql(element, compiler, **kw):
    return "timezone('utc', CURRENT_TIMESTAMP)"

@compiles(utcnow)
def now_elsewhere(element, compiler, **kw):
    return "CURRENT_TIMESTAMP"

class token(FunctionElement):
    inherit_cache = True

@compiles(token, "postgresql")
def token_on_postgresql(element, compiler, **kw):
    return "gen_random_uuid()"

class Item(Base):
    __tablename__ = "item"
    id = mapped_column(Integer, primary_key=True)
    at = mapped_column(DateTime, server_default=utcnow(), nullable=False)
    token = mapped_column(String(36), server_default=token(), nullable=False)
"""


@pytest.mark.parametrize(
    ("dialect", "at", "token"),
    [
        (Dialect.POSTGRESQL, "timezone('utc', CURRENT_TIMESTAMP)", "gen_random_uuid()"),
        (Dialect.SQLITE, "CURRENT_TIMESTAMP", None),
    ],
)
def test_defaults_that_the_project_writes(dialect: Dialect, at: str, token: str | None) -> None:
    """Where nothing writes one, SQLAlchemy refuses the table: that is told."""
    schema = SqlModelLoader().load([SourceFile("m.py", _WRITTEN_DEFAULTS)], dialect=dialect).schema
    (model,) = schema.models
    defaults = [one.default for one in model.fields[1:]]
    assert [one and (one.sql or one.expression) for one in defaults] == [at, token]
    told = [one.reason for one in schema.opaque]
    assert told == ([] if token else ["nothing writes this default for this database"])


_ENUM_MAP = """
import enum
from typing import Literal, Optional
from sqlalchemy import *
from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Status(str, enum.Enum):
    OPEN = "open"
    DONE = "done"

class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2

class Base(DeclarativeBase):
    type_annotation_map = {
        str: String(100),
        enum.Enum: Enum(enum.Enum, values_callable=lambda cls: [one.value for one in cls]),
        enum.IntEnum: Enum(enum.IntEnum, native_enum=False, length=20),
        Literal: Enum(enum.Enum, length=9),
    }

class Item(Base):
    __tablename__ = "item"
    __table_args__ = (Index("ix_brin", "status", postgresql_using="brin"),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    other: Mapped[int] = mapped_column(Identity())
    status: Mapped[Status]
    level: Mapped[Optional[Level]]
    word: Mapped[Literal["a", "b"]]
"""


@pytest.mark.parametrize(
    ("dialect", "types", "values"),
    [
        (Dialect.POSTGRESQL, ["status", "VARCHAR(20)", "VARCHAR(9)"], ["open", "done"]),
        (Dialect.SQLITE, ["VARCHAR(4)", "VARCHAR(20)", "VARCHAR(9)"], ["open", "done"]),
        (Dialect.MYSQL, ["ENUM('open','done')", "VARCHAR(20)", "VARCHAR(9)"], ["open", "done"]),
    ],
)
def test_a_map_with_a_type_for_all_enums(
    dialect: Dialect, types: list[str], values: list[str]
) -> None:
    """`Enum._resolve_for_python_type`: the words of the map's Enum, the members of the class."""
    schema = SqlModelLoader().load([SourceFile("m.py", _ENUM_MAP)], dialect=dialect).schema
    assert schema.opaque == ()
    (model,) = schema.models
    fields = {one.column: one for one in model.fields}
    found = [fields[name].native.replace(", ", ",") for name in ("status", "level", "word")]
    assert found == types
    enum = schema.enum(fields["status"].enum or "")
    assert enum is not None
    assert [one.stored for one in enum.values] == values


@pytest.mark.parametrize(
    ("dialect", "identity", "other", "index"),
    [
        (Dialect.POSTGRESQL, True, True, "brin"),
        (Dialect.SQLITE, False, False, "btree"),
        (Dialect.MYSQL, False, False, "btree"),
    ],
)
def test_what_is_for_postgresql_alone(
    dialect: Dialect, identity: bool, other: bool, index: str
) -> None:
    """IDENTITY is passed over elsewhere: there, nothing keeps a writer from giving a number."""
    schema = SqlModelLoader().load([SourceFile("m.py", _ENUM_MAP)], dialect=dialect).schema
    (model,) = schema.models
    numbers = [model.column(name) for name in ("id", "other")]
    first, second = [None if one is None else one.default for one in numbers]
    assert first is not None
    assert (first.always, second is not None) == (identity, other)
    assert [one.type for one in model.indexes] == [index]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("ARRAY(String)", Dialect.POSTGRESQL),
        ("postgresql.TSVECTOR", Dialect.POSTGRESQL),
        ("postgresql.INET().with_variant(String(40), 'sqlite')", Dialect.SQLITE),
        ("String", Dialect.SQLITE),
        ("NullType", Dialect.SQLITE),
    ],
)
def test_which_database_is_meant_where_nothing_names_one(type_: str, expected: Dialect) -> None:
    text = "from sqlalchemy import *\nfrom sqlalchemy.dialects import postgresql\n"
    text += "from sqlalchemy.orm import DeclarativeBase\nfrom sqlalchemy.types import NullType\n"
    text += "class Base(DeclarativeBase): pass\nclass A(Base):\n    __tablename__ = 'a'\n"
    text += f"    id = Column(Integer, primary_key=True)\n    c = Column({type_})\n"
    loaded = SqlModelLoader().load([SourceFile("m.py", text)])
    assert loaded.schema.dialect is expected
    (said,) = loaded.problems
    assert said.info
    assert said.span.text == (type_ if expected is Dialect.POSTGRESQL else "A")


@pytest.mark.parametrize(
    ("body", "made", "expected"),
    [
        ("self.impl = String(n)", "Own(7)", "VARCHAR(7)"),
        ("super().__init__()\n        self.impl = String(n)", "Own(7)", "VARCHAR(7)"),
        ("self.impl = String(n)\n        super().__init__(40)", "Own(7)", "VARCHAR(40)"),
        ("if n:\n            self.impl = n", "Own(Integer())", "INTEGER"),
        ("if n:\n            self.impl = n", "Own(None)", "VARCHAR"),
        ("if os.environ['X']:\n            self.impl = n", "Own(Integer())", None),
    ],
)
def test_a_type_whose_constructor_says_what_it_is(
    body: str, made: str, expected: str | None
) -> None:
    text = "import os\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import DeclarativeBase\n"
    text += "from sqlalchemy.types import TypeDecorator\nclass Own(TypeDecorator):\n"
    text += f"    impl = String\n    def __init__(self, n):\n        {body}\n"
    text += "class Base(DeclarativeBase): pass\nclass A(Base):\n    __tablename__ = 'a'\n"
    text += f"    id = Column(Integer, primary_key=True)\n    c = Column({made})\n"
    schema = SqlModelLoader().load([SourceFile("m.py", text)], dialect=Dialect.SQLITE).schema
    if expected is None:
        assert schema.opaque
    else:
        assert schema.opaque == ()
        assert schema.models[0].fields[1].native == expected
