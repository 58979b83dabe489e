"""What SQLModel and SQLAlchemy refuse when classes are made (observed with SQLModel 0.0.50)."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlmodel.declarations.drafted import draft_tables
from schemalint.loaders.sqlmodel.drafts import TableDraft
from schemalint.loaders.sqlmodel.project import Project
from schemalint.source import SourceFile

HEAD = """\
from typing import Any, Literal, Optional
from sqlalchemy import Column, Integer, MetaData, String, UniqueConstraint, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, Relationship, SQLModel
"""


def read(models: str) -> tuple[list[TableDraft], list[str]]:
    tables, _, problems = draft_tables(Project([SourceFile("models.py", HEAD + models)]))
    return tables, [problem.message for problem in problems]


def test_sa_column_beside_other_arguments() -> None:
    _, problems = read("""
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    a: str = Field(sa_column=Column(String), index=True, nullable=False)
""")
    assert problems == [
        "`a`: `nullable` beside `sa_column`; SQLModel refuses this when the class is made",
        "`a`: `index` beside `sa_column`; SQLModel refuses this when the class is made",
    ]


def test_ondelete_without_a_foreign_key_or_against_not_null() -> None:
    _, problems = read("""
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    b: int = Field(foreign_key="a.id", ondelete="SET NULL")
    c: int = Field(ondelete="CASCADE")
    d: Optional[int] = Field(foreign_key="a.id", ondelete="SET NULL")
""")
    assert [problem.partition(":")[0] for problem in problems] == ["`b`", "`c`"]


def test_no_primary_key() -> None:
    _, problems = read("""
class A(SQLModel, table=True):
    a: int
""")
    assert problems == ["`A` has no primary key; SQLAlchemy cannot map a class without one"]


def test_a_key_of_the_mapper_or_of_an_unknown_base_is_no_fault() -> None:
    _, problems = read("""
from elsewhere import Unknown
class Base(DeclarativeBase): pass
class A(Base):
    __tablename__ = "a"
    a: Mapped[int] = mapped_column()
    __mapper_args__ = {"primary_key": [a]}
class B(Unknown, table=True):
    b: int
""")
    assert problems == []


def test_a_column_shared_by_two_tables() -> None:
    _, problems = read("""
class Base(SQLModel):
    id: int = Field(sa_column=Column(Integer, primary_key=True))
class A(Base, table=True): pass
class B(Base, table=True): pass
""")
    assert len(problems) == 1
    assert "in the tables of `A` and `B`" in problems[0]


def test_a_table_that_is_abstract_is_none() -> None:
    tables, _ = read("""
class A(SQLModel, table=True):
    __abstract__ = True
    id: int = Field(primary_key=True)
""")
    assert tables == []


@pytest.mark.parametrize(
    "field",
    [
        "a: str = Field(sa_column=unknown())",
        "a: str = Field(unique=UNKNOWN)",
        "a: str = Field(sa_column_kwargs=UNKNOWN)",
        "a: str = Field(**UNKNOWN)",
        "a: str = Field(foreign_key=UNKNOWN)",
        "a: str = Field(sa_column=Column(String, unknown))",
        "a: str = Field(sa_column=Column(UNKNOWN))",
        'a: str = Field(sa_column_kwargs={"server_default": UNKNOWN})',
        "a: list[str]",
        "a: Any",
        'a: Literal["x"]',
        "a: Missing",
    ],
)
def test_what_cannot_be_told_is_a_gap(field: str) -> None:
    tables, _ = read(f"""
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {field}
""")
    column = tables[0].columns[1]
    assert column.gaps, column


@pytest.mark.parametrize(
    "arguments",
    [
        "(UNKNOWN,)",
        "UNKNOWN",
        "(UniqueConstraint(UNKNOWN),)",
        '(UniqueConstraint("missing"),)',
        '(Index("ix", "a", unique=True, postgresql_where=UNKNOWN),)',
        '(Index("ix", "a", unique=UNKNOWN),)',
        '(Index("ix", "a", unique=True, mysql_length=UNKNOWN),)',
        '(UniqueConstraint("a"),) + UNKNOWN',
        "(*UNKNOWN,)",
        '{"schema": UNKNOWN}',
    ],
)
def test_table_arguments_that_cannot_be_told_are_a_gap(arguments: str) -> None:
    tables, _ = read(f"""
class A(SQLModel, table=True):
    __table_args__ = {arguments}
    id: int = Field(primary_key=True)
    a: str
""")
    assert tables[0].gaps
    assert tables[0].indexes == ()


def test_a_base_that_is_not_here_is_a_gap() -> None:
    tables, _ = read("""
from elsewhere import Unknown
class A(Unknown, SQLModel, table=True):
    id: int = Field(primary_key=True)
""")
    assert [column.column for column in tables[0].columns] == ["id"]
    assert tables[0].gaps


def test_code_that_changes_a_table_is_a_gap() -> None:
    tables, _ = read("""
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)

def install():
    table = A.__table__
    table.append_constraint(UniqueConstraint(table.c.id))

install()
""")
    assert tables[0].gaps


def test_places_of_what_is_declared() -> None:
    tables, _ = read("""
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    a: str = Field(unique=True, max_length=5)
    b: Optional[int] = Field(default=None, foreign_key="a.id", ondelete="CASCADE")
""")
    table = tables[0]
    assert table.head_span.text == "class A"
    assert table.uniques[0].span.text == "unique=True"
    assert table.columns[0].key_span is not None
    assert table.columns[0].key_span.text == "primary_key=True"
    key = table.columns[2].foreign_keys[0]
    assert key.on_delete_span is not None
    assert (key.span.text, key.on_delete_span.text) == ('"a.id"', '"CASCADE"')
    assert table.columns[2].name_span.text == "b"
    assert table.columns[1].span.text == "a: str = Field(unique=True, max_length=5)"


def test_an_order_of_nothing() -> None:
    """`desc()` of no column is a gap, and no endless search for what it sorts."""
    tables, _ = read("""
from sqlalchemy import desc

class A(SQLModel, table=True):
    __table_args__ = (Index("i", desc()),)
    id: int = Field(primary_key=True)
""")
    assert [gap.reason for gap in tables[0].gaps]


def test_an_index_without_columns_is_a_gap() -> None:
    """It is only CREATE INDEX that fails; projects with migrations of their own live with it."""
    tables, problems = read("""
class A(SQLModel, table=True):
    __table_args__ = (Index("i"),)
    a: int = Field(primary_key=True)
""")
    assert problems == []
    assert [gap.reason for gap in tables[0].gaps] == [
        "the index has no column, so that CREATE INDEX fails"
    ]


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("UniqueConstraint()", "the unique constraint has no column"),
        ("ForeignKeyConstraint([], [])", "needs columns"),
        ('ForeignKeyConstraint(["a"], ["b.c", "b.d"])', "as many as it refers to"),
    ],
)
def test_a_constraint_without_columns(constraint: str, reason: str) -> None:
    """SQLAlchemy 2.0 raises, or writes an element or a list that no database takes."""
    tables, problems = read(f"""
from sqlalchemy import ForeignKeyConstraint
class A(SQLModel, table=True):
    __table_args__ = ({constraint},)
    a: int = Field(primary_key=True)
""")
    assert len(problems) == 1
    assert problems[0].startswith("in the table of `A`, ")
    assert reason in problems[0]
    assert tables[0].uniques == ()
