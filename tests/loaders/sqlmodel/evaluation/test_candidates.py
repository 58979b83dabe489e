"""What defines a table, in the order of Python."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.project import Project
from schemalint.loaders.sqlmodel.values import Call, ClassValue, Constant
from tests.loaders.sqlmodel.evaluation.against_python import class_named, project_of

KINDS = """
import os
import sqlalchemy as sa
from typing import Generic, TypeVar
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import (
    DeclarativeBase, Mapped, MappedAsDataclass, as_declarative, declarative_base, declared_attr,
    mapped_column, registry,
)
from sqlmodel import Field, SQLModel
T = TypeVar("T")
class Repository(SQLModel, Generic[T]):
    id: int = Field(primary_key=True)
class Generic1(Repository[int], table=True): ...
Old = declarative_base()
class OnFactory(Old):
    __tablename__ = "on_factory"
    id = sa.Column(sa.Integer, primary_key=True)
class OnAutomap(automap_base()):
    __tablename__ = "on_automap"
    id = sa.Column(sa.Integer, primary_key=True)
mappers = registry()
@mappers.mapped
class OnDecorator:
    __tablename__ = "on_decorator"
    id = sa.Column(sa.Integer, primary_key=True)
@as_declarative()
class Declared:
    @declared_attr
    def __tablename__(cls): return cls.__name__.lower()
class OnDeclared(Declared):
    id = sa.Column(sa.Integer, primary_key=True)
class OnGenerated(mappers.generate_base()):
    __tablename__ = "on_generated"
class Base(MappedAsDataclass, DeclarativeBase): ...
class Abstract(Base):
    __abstract__ = True
    @declared_attr.directive
    def __tablename__(cls) -> str: return cls.__name__.lower()
class OnAbstract(Abstract):
    id: Mapped[int] = mapped_column(primary_key=True)
class NoTable(Base): ...
db = SQLAlchemy()
class FlaskUser(db.Model):
    id = db.Column(db.Integer, primary_key=True)
if os.getenv("X"):
    class Perhaps(SQLModel, table=True): ...
if len("x") > 2:
    class Never(SQLModel, table=True): ...
class Outer:
    if os.getenv("Y"):
        class Inner(SQLModel, table=True): ...
def factory(name):
    class Made(SQLModel, table=True):
        __tablename__ = name
    return Made
First = factory("first")
plain = sa.Table("plain", Old.metadata, sa.Column("id", sa.Integer))
Second = factory("second")
ByType = type("ByType", (SQLModel,), {"__annotations__": {"id": int}}, table=True)
class Spread(SQLModel, **{"table": True}): ...
class Configured(SQLModel):
    model_config = {"table": True}
class Not(SQLModel, table=False): ...
class Data(SQLModel): ...
class Unknown(Missing, table=True): ...
"""


def _names(project: Project) -> list[str]:
    found = []
    for candidate in project.table_candidates():
        if isinstance(candidate, ClassValue):
            found.append(candidate.name)
        else:
            found.append(f"Table {candidate[0]}")
    return found


def test_every_way_to_define_a_table() -> None:
    project = project_of({"m.py": KINDS})
    assert _names(project) == [
        "Generic1",
        "OnFactory",
        "OnAutomap",
        "OnDecorator",
        "OnDeclared",
        "OnGenerated",
        "OnAbstract",
        "FlaskUser",
        "Perhaps",
        "Inner",
        "Made",
        "Table plain",
        "Made",
        "ByType",
        "Spread",
        "Configured",
        "Unknown",
    ]
    names = [
        value.value
        for candidate in project.table_candidates()
        if isinstance(candidate, ClassValue)
        and isinstance(value := project.attribute(candidate, "__tablename__"), Constant)
    ]
    assert names[:8] == [
        "generic1",
        "on_factory",
        "on_automap",
        "on_decorator",
        "ondeclared",
        "on_generated",
        "onabstract",
        "flask_user",
    ]
    assert names[10:12] == ["first", "second"]


def test_a_class_that_may_not_be_there_says_so() -> None:
    project = project_of({"m.py": KINDS})
    conditional = [
        candidate.name
        for candidate in project.table_candidates()
        if isinstance(candidate, ClassValue) and project.doubt(candidate)
    ]
    assert conditional == ["Perhaps", "Inner"]


def test_imported_modules_come_first_and_only_once() -> None:
    texts = {
        "pk/__init__.py": "from .b import B",
        "pk/a.py": "from sqlmodel import SQLModel\nfrom . import helpers\n"
        "class A(SQLModel, table=True): ...",
        "pk/b.py": "from sqlmodel import SQLModel\nfrom pk.a import A\n"
        "class B(SQLModel, table=True): ...",
        "pk/helpers.py": "from pk import c\nX = 1",
        "pk/c.py": "from sqlmodel import SQLModel\nclass C(SQLModel, table=True): ...",
        "pk/never.py": "from sqlmodel import SQLModel\nclass D(SQLModel, table=True): ...",
    }
    assert _names(project_of(texts, "pk/a.py")) == ["C", "A", "B"]
    assert _names(project_of(texts)) == ["C", "A", "B", "D"]


def test_what_is_assigned_to_a_class_later_is_a_member() -> None:
    text = """
from sqlmodel import SQLModel
import sqlalchemy as sa
class User(SQLModel, table=True):
    id: int
User.age = sa.Column(sa.Integer)
User.__table_args__ = ()
"""
    project = project_of({"m.py": text})
    members = project.members(class_named(project, "m", "User"))
    assert [member.name for member in members.all] == ["id", "age"]
    age = members.get("age")
    assert age is not None
    assert age.name_span.text == "age"
    assert isinstance(age.value, Call)


def test_a_newer_python_is_read_with_exact_places() -> None:
    text = (
        "type Name[T] = str\nclass Box[T]: ...\n"
        "def key[T: (int, str)](x: T) -> T: return x\n"
        "class A(Box[int], SQLModel, table=True):\n"
        '    text = f"{names["a"]} {\'\\n\'.join([])}"\n'
        "    other = key('ä' 'ö')\n"
        "try: pass\nexcept ValueError, TypeError: pass\n"
    )
    project = project_of({"m.py": text})
    assert project.modules[0].tree.body
    assert project.problems == []
    members = project.members(class_named(project, "m", "A"))
    other = members.get("other")
    assert other is not None
    assert other.value is not None
    assert other.value.span.text == "key('ä' 'ö')"
    assert members.head_span.text == "class A"
