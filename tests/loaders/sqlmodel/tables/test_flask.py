"""Flask-SQLAlchemy's `db`: what its own MetaData says, and what a subclass of it adds (seen with
Flask-SQLAlchemy 3.1.1 on SQLAlchemy 2.0)."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Model
from schemalint.source import SourceFile

_OWN = """
from flask_sqlalchemy import SQLAlchemy as Plain
from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy.types import TypeDecorator

class Moment(TypeDecorator):
    impl = DateTime(timezone=True)

class Stamped:
    created = Column(Moment, nullable=False)

class SQLAlchemy(Plain):
    def __getattr__(self, name):
        if name == "Moment":
            return Moment
        if name == "Stamped":
            return Stamped
        return super().__getattr__(name)

"""
_MADE = """
db = {name}(metadata=MetaData(schema="own", naming_convention={{"pk": "pk_%(table_name)s"}}))
"""
_MODELS = """
class AbUser(db.Model{more}):
    id = db.Column(db.Integer, primary_key=True)

link = db.Table("link", db.Column("user_id", db.ForeignKey("own.ab_user.id"), primary_key=True))
second = db.Table("second", db.metadata, db.Column("a", db.Integer, primary_key=True))
third = db.Table("third", db.Model.metadata, db.Column("a", db.Integer, primary_key=True))
Model = db.Model

class Other(Model):
    id = db.Column(db.Integer, primary_key=True)
"""


def models(name: str, more: str = "") -> list[Model]:
    text = _OWN + _MADE.format(name=name) + _MODELS.format(more=more)
    schema = SqlModelLoader().load([SourceFile("m.py", text)], dialect=Dialect.POSTGRESQL).schema
    assert schema.opaque == ()
    return list(schema.models)


@pytest.mark.parametrize("name", ["Plain", "SQLAlchemy"])
def test_the_metadata_of_db(name: str) -> None:
    found = {one.table: one for one in models(name)}
    assert sorted(found) == ["ab_user", "link", "other", "second", "third"]
    assert {one.schema for one in found.values()} == {"own"}
    names = {table: one.primary_key.name for table, one in found.items() if one.primary_key}
    assert names == {table: f"pk_{table}" for table in found}
    assert [key.table for key in found["link"].foreign_keys] == ["ab_user"]


def test_what_a_subclass_answers_for_itself() -> None:
    user = models("SQLAlchemy", ", db.Stamped")[0]
    created = user.column("created")
    assert created is not None
    assert (created.native, created.nullable) == ("TIMESTAMPTZ", False)


_MODEL_CLASS = """
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
    made: Mapped[int] = mapped_column(unique=True)

db = SQLAlchemy(model_class=Base)

class AbUser(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def test_the_class_that_db_model_is_made_of() -> None:
    file = SourceFile("m.py", _MODEL_CLASS)
    schema = SqlModelLoader().load([file], dialect=Dialect.POSTGRESQL).schema
    assert schema.opaque == ()
    (model,) = schema.models
    assert model.table == "ab_user"
    assert sorted(one.column for one in model.fields) == ["id", "made"]
    assert model.primary_key is not None
    assert model.primary_key.name == "pk_ab_user"


@pytest.mark.parametrize("metadata", ["db.metadata", "db.Model.metadata"])
def test_a_naming_convention_that_is_assigned(metadata: str) -> None:
    text = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
    text += f"{metadata}.naming_convention = {{'ix': 'ix_%(own)s_%(column_0_name)s',\n"
    text += "    'uq': 'uq_%(table_name)s_%(column_0_name)s', 'own': lambda c, t: 'x'}\n"
    text += "class A(db.Model):\n    __table_args__ = (db.Index(None, 'x', unique=True),)\n"
    text += "    id = db.Column(db.Integer, primary_key=True)\n"
    text += "    x = db.Column(db.Integer, index=True)\n"
    text += "    y = db.Column(db.Integer, unique=True)\n"
    loaded = SqlModelLoader().load([SourceFile("m.py", text)], dialect=Dialect.SQLITE)
    assert loaded.problems == ()  # both indexes of `x` are there: what they are called is not known
    (model,) = loaded.schema.models
    assert [one.name for one in model.uniques] == ["uq_a_y", None]
    assert [one.name for one in model.indexes] == [None]


def test_classes_that_share_the_table_of_their_parent() -> None:
    text = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
    text += "class HasId:\n    id = db.Column(db.Integer, primary_key=True)\n"
    text += "class Files(HasId, db.Model):\n    __tablename__ = 'files'\n"
    text += "    kind = db.Column(db.Text)\n"
    text += "class PageFiles(Files):\n    page = db.Column(db.Integer)\n"
    text += "class UserFiles(Files):\n    __tablename__ = 'passed_over'\n"
    text += "class BigFiles(Files):\n"
    text += "    id = db.Column(db.ForeignKey('files.id'), primary_key=True)\n"
    loaded = SqlModelLoader().load([SourceFile("m.py", text)], dialect=Dialect.SQLITE)
    assert loaded.problems == ()
    assert loaded.schema.opaque == ()
    found = [(one.table, [field.column for field in one.fields]) for one in loaded.schema.models]
    assert found == [("files", ["kind", "id", "page"]), ("big_files", ["id"])]


def test_a_class_of_models_that_stands_on_flask_s_own() -> None:
    text = "from flask_sqlalchemy import SQLAlchemy\nfrom flask_sqlalchemy.model import Model\n"
    text += "class Own(Model):\n    pass\ndb = SQLAlchemy(model_class=Own)\n"
    text += "class User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    schema = SqlModelLoader().load([SourceFile("m.py", text)], dialect=Dialect.SQLITE).schema
    assert [one.table for one in schema.models] == ["user"]
    assert schema.opaque == ()


def test_metadata_that_a_mixin_hides_from_type_checkers() -> None:
    """Cinder's mixin has `metadata = None`, and SQLAlchemy takes that of the base."""
    text = "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import declarative_base\n"
    text += "Base = declarative_base()\nclass Mixin:\n    metadata = None\n"
    text += "class A(Base, Mixin):\n    __tablename__ = 'a'\n"
    text += "    id = Column(Integer, primary_key=True)\n    b = Column(Integer, index=True)\n"
    schema = SqlModelLoader().load([SourceFile("m.py", text)], dialect=Dialect.SQLITE).schema
    assert [one.name for one in schema.models[0].indexes] == ["ix_a_b"]
