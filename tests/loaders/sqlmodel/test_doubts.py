"""What may be there or not, or is made in a way that is not followed, is said to be unknown."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Opaque, Schema
from schemalint.source import SourceFile

HEAD = """
import os
from sqlalchemy import *
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, DeclarativeMeta, Mapped, declarative_base, mapped_column
from sqlmodel import Field, SQLModel

class Base(DeclarativeBase): pass

"""


def loaded(text: str, dialect: Dialect = Dialect.SQLITE) -> Schema:
    file = SourceFile("m.py", HEAD + text)
    return SqlModelLoader().load([file], dialect=dialect).schema


def only(schema: Schema) -> Opaque:
    (opaque,) = schema.opaque
    return opaque


@pytest.mark.parametrize(
    "text",
    [
        "if os.environ.get('AUDIT'):\n"
        "    class Audit(SQLModel, table=True):\n        id: int = Field(primary_key=True)\n",
        "try:\n    class Audit(SQLModel, table=True):\n        id: int = Field(primary_key=True)\n"
        "except ValueError:\n    pass\n",
        "if os.environ.get('AUDIT'):\n"
        "    audit = Table('audit', Base.metadata, Column('id', Integer, primary_key=True))\n",
    ],
    ids=["class", "try", "table"],
)
def test_a_table_that_may_not_be_there(text: str) -> None:
    schema = loaded(text)
    assert [one.table for one in schema.models] == ["audit"]
    assert only(schema).tables == ("audit",)
    assert only(schema).removes
    assert "depends on how the program runs" in only(schema).reason


def test_a_table_in_a_branch_that_is_certainly_taken() -> None:
    text = "try:\n    import orjson\n    class A(SQLModel, table=True):\n"
    text += "        id: int = Field(primary_key=True)\nexcept ImportError:\n    orjson = None\n"
    assert loaded(text).opaque == ()


def test_a_table_that_is_declared_twice() -> None:
    one = "class {}(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    one += "mapped_column(primary_key=True)\n"
    schema = loaded(one.format("A") + one.format("B"))
    assert [model.name for model in schema.models] == ["A"]
    assert only(schema).removes
    assert only(schema).reason.startswith("`a` is declared a second time (m.py:")


def test_a_table_of_two_databases_that_is_the_same_in_both() -> None:
    text = "one, two = MetaData(), MetaData()\n"
    text += "a = Table('t', one, Column('id', Integer, primary_key=True), Column('x', Text))\n"
    second = "b = Table('t', two, Column('id', Integer, primary_key=True), Column('x', {}))\n"
    assert loaded(text + second.format("Text")).opaque == ()
    assert only(loaded(text + second.format("Integer"))).removes


@pytest.mark.parametrize(
    "text",
    [
        "for name in os.listdir('.'):\n"
        "    Table(name, Base.metadata, Column('id', Integer, primary_key=True))\n",
        "def make(metadata):\n    Table('t', metadata, Column('id', Integer))\n"
        "make(Base.metadata)\n",
        "while True:\n    Table('t', Base.metadata, Column('id', Integer))\n    break\n",
    ],
    ids=["unknown items", "function", "while"],
)
def test_tables_that_are_made_in_a_way_that_is_not_followed(text: str) -> None:
    schema = loaded(text)
    assert schema.models == ()
    assert only(schema).tables == ()
    assert "not followed" in only(schema).reason


@pytest.mark.parametrize(
    "base",
    [
        "class Meta(DeclarativeMeta):\n"
        "    def __init__(cls, name, bases, namespace, **keywords):\n"
        "        cls.__tablename__ = name + 's'\n"
        "        super().__init__(name, bases, namespace, **keywords)\n"
        "Named = declarative_base(metaclass=Meta)\n",
        "class Named(DeclarativeBase):\n"
        "    def __init_subclass__(cls, **keywords):\n"
        "        cls.__tablename__ = os.environ['PREFIX'] + cls.__name__\n"
        "        super().__init_subclass__(**keywords)\n",
    ],
    ids=["metaclass", "init_subclass"],
)
def test_a_name_that_a_base_gives(base: str) -> None:
    text = "class A(Named):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    schema = loaded(base + text)
    assert [model.name for model in schema.models] == ["A"]
    assert only(schema).tables == (schema.models[0].table,)


def test_a_kind_of_table_of_the_project() -> None:
    text = "class Virtual(Table): pass\nv = Virtual('v', Base.metadata, Column('id', Integer))\n"
    assert "own kind of Table" in only(loaded(text)).reason


def test_statements_that_the_project_writes_by_itself() -> None:
    text = "from sqlalchemy.schema import CreateTable\n"
    text += "@compiles(CreateTable, 'sqlite')\ndef create(element, compiler, **kw):\n"
    text += "    return compiler.visit_create_table(element) + ' STRICT'\n"
    text += "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n"
    assert "`CreateTable`" in only(loaded(text)).reason


def test_a_value_that_a_decorator_changes_in_its_own_way() -> None:
    text = "class Coded(TypeDecorator):\n    impl = String\n"
    text += "    def process_bind_param(self, value, dialect):\n        return encrypt(value)\n"
    text += "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n    code = Column(Coded)\n"
    text += "    __table_args__ = (Index('ix', 'id', sqlite_where=code == 'x'),)\n"
    schema = loaded(text)
    assert schema.models[0].indexes == ()
    assert only(schema).tables == ("a",)


def test_enums_of_one_name_keep_their_own_values() -> None:
    text = "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n    status = Column(Enum('x', 'y', name='status'))\n"
    text += text.replace("A(", "B(").replace("'a'", "'b'").replace("'x', 'y'", "'z'")
    schema = loaded(text)
    values = []
    for model in schema.models:
        field = model.column("status")
        enum = schema.enum(field.enum) if field and field.enum else None
        values.append([one.stored for one in enum.values] if enum else None)
    assert values == [["x", "y"], ["z"]]


def test_a_key_to_a_table_of_an_untold_schema_leads_there() -> None:
    """What is not known of `__table_args__` may name the schema that the key names."""
    schema = loaded(
        "class Item(SQLModel, table=True):\n"
        "    __table_args__ = {'schema': os.environ['PLACE']}\n"
        "    id: int = Field(primary_key=True)\n"
        "class Link(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True, foreign_key='core.item.id')\n"
    )
    link = next(one for one in schema.models if one.name == "Link")
    assert [(one.model, one.enforced) for one in link.foreign_keys] == [("Item", True)]


def test_an_index_whose_table_is_not_known() -> None:
    text = "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n"
    assert loaded(text + "Index('ix', text('lower(name)'))\nIndex('ix', 'name')\n").opaque == ()
    schema = loaded(text + "columns = find(Base).c\nIndex('ix', columns.name)\n")
    assert only(schema).tables == ()
    assert "the table that this belongs to" in only(schema).reason


def test_a_class_that_a_declared_attr_makes_and_hides() -> None:
    text = "from sqlalchemy.orm import declared_attr, relationship\n"
    text += "class HasLabels:\n    @declared_attr\n    def labels(cls):\n"
    text += "        type('Label', (Base,), {'__tablename__': 'label'})\n"
    text += "        return relationship('Label')\n"
    text += "class A(HasLabels, Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n"
    schema = loaded(text)
    assert [model.table for model in schema.models] == ["a"]
    assert only(schema).tables == ()
    assert "the tables that `labels` makes" in only(schema).reason


def test_a_column_of_its_own_kind_whose_constructor_is_not_followed() -> None:
    text = "class Mine(Column):\n    def __init__(self, *args):\n"
    text += "        super().__init__(*change(args))\n"
    text += "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n    b = Mine(Integer)\n"
    schema = loaded(text)
    assert only(schema).tables == ("a",)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (
            "from elsewhere import Base\nclass A(Base):\n    __tablename__ = 'a'\n"
            "    id = Column(Integer, primary_key=True)\n",
            ["what the base `elsewhere.Base` adds is not known"],
        ),
        (
            "from elsewhere import Model\nclass A(Model):\n"
            "    id = Column(Integer, primary_key=True)\n",
            ["the name of the table comes from a base", "what the base `elsewhere.Model` adds"],
        ),
        (
            "from elsewhere import Named\nclass Own(Named):\n    pass\n"
            "Made = declarative_base(cls=Own)\nclass A(Made):\n"
            "    id = Column(Integer, primary_key=True)\n",
            ["the name of the table comes from a base", "what the base `elsewhere.Named` adds"],
        ),
        (
            "db = None\ndef start():\n    global db\n    db = connect()\n"
            "class A(db.Model):\n    __tablename__ = 'a'\n    id = db.Column(db.Integer)\n",
            ["a base of `A` is not known: `db` is changed", "whether `id` is a column could not"],
        ),
    ],
    ids=["base", "name", "class of a base", "global"],
)
def test_a_table_whose_base_is_not_known(text: str, reasons: list[str]) -> None:
    """It was left out without a word."""
    schema = loaded(text)
    assert [model.table for model in schema.models] == ["a"]
    told = [one.reason for one in schema.opaque]
    assert len(told) == len(reasons)
    for reason, start in zip(told, reasons, strict=True):
        assert reason.startswith(start)


@pytest.mark.parametrize(
    ("dialect", "native", "doubts"),
    [(Dialect.SQLITE, "BLOB", 0), (Dialect.POSTGRESQL, "BYTEA", 0), (Dialect.MYSQL, "", 2)],
)
def test_a_type_that_is_not_followed_on_one_database(
    dialect: Dialect, native: str, doubts: int
) -> None:
    """It was unknown on the others, too, and there without a word."""
    text = "@compiles(LargeBinary, 'mysql')\ndef on_mysql(element, compiler, **kw):\n"
    text += "    return 'BLOB' if not element.length else 'VARBINARY(%d)' % element.length\n"
    text += "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    text += "    data = Column(LargeBinary(32))\n"
    text += "    lists = Column(ARRAY(LargeBinary).with_variant(LargeBinary, 'sqlite'))\n"
    schema = loaded(text, dialect)
    assert {one.column: one.native for one in schema.models[0].fields}["data"] == native
    assert [one.reason for one in schema.opaque] == [
        "what `on_mysql` writes for this type is not followed"
    ] * doubts


def test_a_check_that_a_rule_of_its_own_makes() -> None:
    text = "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    text += "    __table_args__ = (CheckConstraint('id > 0',\n"
    text += "        _create_rule=lambda compiler: compiler.dialect.name == 'oracle'),)\n"
    schema = loaded(text)
    assert schema.models[0].checks == ()
    assert "`_create_rule`" in only(schema).reason


def test_a_global_that_is_only_read() -> None:
    text = "def start():\n    global Base, session\n    session = 1\n    Base.query = session\n"
    text += "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = "
    text += "mapped_column(primary_key=True)\n"
    schema = loaded(text)
    assert [model.table for model in schema.models] == ["a"]
    assert schema.opaque == ()


@pytest.mark.parametrize(
    "text",
    [
        "from lib.db import model_base\nclass Agent(model_base.BASEV2, model_base.HasId):\n"
        "    host = Column(String(255), nullable=False)\n",
        "from lib_db import db\nclass Agent(db.Model):\n    host = db.Column(db.String(255))\n",
        "from lib_db import db\nclass Agent(db.Model):\n    __tablename__ = 'agent'\n"
        "    host = db.Column(db.String(255))\n",
        "from lib_db import db\nclass Hosted:\n    host = Column(String(255))\n"
        "class Agent(db.Model, Hosted):\n    note = None\n",
    ],
    ids=["base by its name", "db", "db with a name", "columns of a mixin"],
)
def test_a_table_on_a_base_that_is_not_known(text: str) -> None:
    schema = loaded(text)
    assert [one.name for one in schema.models] == ["Agent"]
    assert {one.tables for one in schema.opaque} == {("agent",)}


def test_a_mixin_on_a_base_that_is_not_known_is_no_table() -> None:
    text = "from lib import BaseMixin, Thing, ModelBase\n"
    text += "class A(BaseMixin):\n    x = Column(Integer)\n"
    text += "class B(Thing):\n    x = Column(Integer)\n"
    text += "class UserMixin(ModelBase):\n    x = Column(Integer)\n"
    assert loaded(text).models == ()


def test_names_that_listeners_give_constraints_are_of_no_matter() -> None:
    text = "from sqlalchemy import event\nclass A(Base):\n    __tablename__ = 'a'\n"
    text += "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    text += "@event.listens_for(PrimaryKeyConstraint, 'after_parent_attach')\n"
    text += "def f(key, table):\n    key.name = table.name + '_pk'\n"
    assert loaded(text).opaque == ()


def test_a_type_behind_a_condition_that_the_map_of_annotations_names() -> None:
    files = [
        SourceFile(
            "types_of_mine.py",
            "import os\nif os.environ['X']:\n    from a import When\n"
            "else:\n    from b import When\n",
        ),
        SourceFile(
            "m.py",
            HEAD + "from types_of_mine import When\n"
            "class Own(DeclarativeBase):\n    type_annotation_map = {When: DateTime()}\n"
            "class A(Own):\n    __tablename__ = 'a'\n"
            "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "    at: Mapped[When]\n    ends: Mapped[When | None]\n",
        ),
    ]
    schema = SqlModelLoader().load(files, dialect=Dialect.SQLITE).schema
    assert schema.opaque == ()
    assert [(one.native, one.nullable) for one in schema.models[0].fields[1:]] == [
        ("DATETIME", False),
        ("DATETIME", True),
    ]


def test_a_mapped_attribute_that_is_made_by_a_call_that_is_not_known() -> None:
    text = "from sqlalchemy.testing import schema\nfrom sqlalchemy.orm import column_property\n"
    text += "from sqlalchemy.contrib import made\nclass A(Base):\n    __tablename__ = 'a'\n"
    text += "    id: Mapped[int] = schema.mapped_column(primary_key=True)\n"
    text += "    twice: Mapped[int] = column_property(id + id)\n"
    assert [one.column for one in loaded(text).models[0].fields] == ["id"]
    assert loaded(text).opaque == ()
    text += "    x: Mapped[int] = made()\n"
    assert only(loaded(text)).reason.startswith("whether `x` is a column could not be told")
