"""Constraints and indexes that stand for themselves: which table they are of, as SQLAlchemy 2.1.9
has it, which was asked by `CreateTable` for each of these."""

from __future__ import annotations

import pytest

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile

HEAD = """
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): pass

class A(Base):
    __tablename__ = "a"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int]
    y: Mapped[int] = mapped_column()
"""


def loaded(text: str) -> Loaded:
    return SqlModelLoader().load([SourceFile("m.py", HEAD + text)], dialect=Dialect.SQLITE)


def names(text: str) -> list[str | None]:
    (model,) = loaded(text).schema.models
    keys = [*(one.name for one in model.uniques), *(one.name for one in model.indexes)]
    others = [*(one.name for one in model.checks), *(one.name for one in model.foreign_keys)]
    return [*keys, *others]


@pytest.mark.parametrize(
    "text",
    [
        "    UniqueConstraint(y, name='n')",
        "    CheckConstraint(y > 1, name='n')",
        "    Index('n', y)",
        "    (Index('n', y.desc()),)",
        "    ix = Index('n', y.desc(), unique=True)",
        "    ix = Index('n', y)\n    __table_args__ = (ix,)",
        "    ix = Index('n', 'y')\n    __table_args__ = (ix,)",
        "UniqueConstraint(A.x, A.y, name='n')",
        "UniqueConstraint(A.__table__.c.x, name='n')",
        "UniqueConstraint(A.x, 'y', name='n')",
        "CheckConstraint(A.x > 1, name='n')",
        "CheckConstraint('x > 1', name='n', table=A.__table__)",
        "A.__table__.append_constraint(UniqueConstraint('x', name='n'))",
        "A.__table__.append_constraint(CheckConstraint('x > 1', name='n'))",
        "Index('n', A.x)",
        "(\n    Index('n', A.x),\n)",
        "Index('n', func.lower(A.x))",
    ],
)
def test_by_its_columns_or_by_the_table_that_it_is_given(text: str) -> None:
    assert names(text) == ["n"]
    assert loaded(text).problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "    UniqueConstraint('x', 'y', name='n')",
        "    UniqueConstraint(y, 'x', name='n')",
        "    CheckConstraint('x > 1', name='n')",
        "    Index('n', 'x')",
        "    Index('n', text('lower(x)'))",
        "    ForeignKeyConstraint(['x'], ['a.id'], name='n')",
        "CheckConstraint('x > 1', name='n')",
    ],
)
def test_a_text_is_no_column(text: str) -> None:
    assert names(text) == []
    found = loaded(text)
    assert found.schema.opaque == ()
    (problem,) = found.problems
    assert problem.warning
    assert "is in no table" in problem.message


def test_what_has_a_name_may_be_taken_elsewhere() -> None:
    text = "UNIQUE = UniqueConstraint('x')\nclass B(Base):\n    __tablename__ = 'b'\n"
    text += "    __table_args__ = (UNIQUE,)\n    x: Mapped[int] = mapped_column(primary_key=True)\n"
    assert loaded(text).problems == ()
