"""An annotation that is not known may stand for an Optional, and what a function gives may be a
Field: whether the column takes NULL is then not known, either."""

from __future__ import annotations

from textwrap import indent

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Schema
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.rules.judging import judge

SQLMODEL = """\
from pydantic import EmailStr
from sqlalchemy import String
from sqlmodel import Field, SQLModel
from somewhere import Foo
from somewhere.more import *

def own():
    return 3

class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
"""
MAPPED = """\
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from somewhere import Foo
from somewhere.more import *

class Base(DeclarativeBase):
    pass

class A(Base):
    __tablename__ = "a"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def _schema(text: str) -> Schema:
    loaded = SqlModelLoader().load([SourceFile("models.py", text)], dialect=Dialect.POSTGRESQL)
    return loaded.schema


@pytest.mark.parametrize(
    ("head", "line", "verdict"),
    [
        (SQLMODEL, "x: Foo", Verdict.UNKNOWN),
        (SQLMODEL, "x: Bar", Verdict.UNKNOWN),
        (SQLMODEL, "x: Bar = Field(sa_type=String)", Verdict.UNKNOWN),
        (SQLMODEL, "x: Foo = Field(nullable=False)", Verdict.KEPT),
        (SQLMODEL, "x: EmailStr", Verdict.KEPT),
        (SQLMODEL, "x: Foo = Field(sa_type=String)", Verdict.KEPT),
        (SQLMODEL, "x: int", Verdict.KEPT),
        (SQLMODEL, "x: int = Foo()", Verdict.UNKNOWN),
        (SQLMODEL, "x: int = Bar(1)", Verdict.UNKNOWN),
        (SQLMODEL, "x: int = Field(default_factory=Foo)", Verdict.KEPT),
        (SQLMODEL, "x: int = Foo", Verdict.KEPT),
        (SQLMODEL, "x: int = int('3')", Verdict.KEPT),
        (SQLMODEL, "x: int = own()", Verdict.KEPT),
        (MAPPED, "x: Mapped[Foo]", Verdict.UNKNOWN),
        (MAPPED, "x: Mapped[Bar]", Verdict.UNKNOWN),
        (MAPPED, "x: Mapped[Foo] = mapped_column(String, nullable=False)", Verdict.KEPT),
        (MAPPED, "x: Mapped[Foo] = mapped_column(String)", Verdict.KEPT),
        (MAPPED, "x: Mapped[str]", Verdict.KEPT),
    ],
)
def test_required(head: str, line: str, verdict: Verdict) -> None:
    """A class of another package that has a type of its own (`sa_type`) is taken for a class. What
    a function of another package gives may be a Field."""
    judged = judge(_schema(head + indent(line, "    ") + "\n"), "required: {of: A, fields: [x]}")
    assert judged.verdict is verdict
    if verdict is Verdict.UNKNOWN:
        assert judged.message.startswith("whether `A.x` is NOT NULL is not decided: ")


def test_other_rules_over_the_table_stay_decided() -> None:
    schema = _schema(SQLMODEL + "    x: Foo\n    y: int = Field(unique=True)\n")
    for rule in (
        "required: {of: A, fields: [y]}",
        "unique: {of: A, by: [y]}",
        "identity: {of: A, by: [id]}",
    ):
        assert judge(schema, rule).verdict is Verdict.KEPT
