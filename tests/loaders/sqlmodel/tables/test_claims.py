"""What classes claim beside their tables; observed with SQLModel 0.0.50 and pydantic 2.14."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlmodel.declarations.drafted import draft_tables
from schemalint.loaders.sqlmodel.drafts import ColumnDraft, TableDraft
from schemalint.loaders.sqlmodel.project import Project
from schemalint.source import SourceFile

HEAD = """\
from decimal import Decimal
from typing import Annotated, Optional
import pydantic
from annotated_types import Gt, Interval, Len
from pydantic import (
    AfterValidator, ConfigDict, PositiveInt, StringConstraints, conint, field_validator,
    model_validator,
)
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import declared_attr, validates
from sqlmodel import Field, SQLModel
"""


def read(models: str) -> tuple[list[TableDraft], list[str]]:
    tables, _, problems = draft_tables(Project([SourceFile("models.py", HEAD + models)]))
    return tables, [problem.message for problem in problems]


def column(field: str, more: str = "") -> ColumnDraft:
    """The column of one field of a table, which is accepted."""
    tables, problems = read(f"""
def looked_at(value): return value
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    x: {field}
{more}
""")
    assert problems == []
    return tables[0].columns[1]


@pytest.mark.parametrize(
    ("field", "bounds"),
    [
        ("int = Field(gt=0, le=10)", [("gt", "0"), ("le", "10")]),
        ("int = Field(default=1, multiple_of=5)", [("multiple_of", "5")]),
        ('Decimal = Field(ge=Decimal("0.01"), max_digits=5)', [("ge", "0.01")]),
        ('str = Field(min_length=2, regex="^a")', [("min_length", "2"), ("pattern", "^a")]),
        ('str = Field(schema_extra={"pattern": "^a"})', [("pattern", "^a")]),
        ("Annotated[int, Gt(0)]", [("gt", "0")]),
        ("Annotated[int, Interval(ge=1, lt=5)]", [("ge", "1"), ("lt", "5")]),
        ("Annotated[str, Len(1, 5)]", [("min_length", "1"), ("max_length", "5")]),
        ("Annotated[str, StringConstraints(min_length=1)]", [("min_length", "1")]),
        ("Annotated[int, AfterValidator(looked_at)]", [("validator", "looked_at")]),
        # The assigned Field is nearer; what Annotated alone says stays.
        ("Annotated[int, Field(gt=1, lt=9)] = Field(gt=2)", [("gt", "2"), ("lt", "9")]),
        # SQLModel loses this Field, pydantic does not.
        ("Optional[Annotated[int, pydantic.Field(gt=0)]] = None", [("gt", "0")]),
        ("PositiveInt", [("gt", "0")]),
        ("conint(ge=1)", [("ge", "1")]),
        ("int = Field(gt=UNKNOWN)", [("gt", None)]),
        ("int = Field(gt=None)", []),
        ("int = Field(default=0, description='gt=0')", []),
    ],
)
def test_bounds(field: str, bounds: list[tuple[str, str | None]]) -> None:
    found = column(field).claims.bounds
    assert [(one.kind, one.value) for one in found] == bounds
    assert not any(one.checked or one.base for one in found)


def test_the_place_of_a_bound_is_the_argument() -> None:
    assert [one.span.text for one in column("int = Field(gt=0)").claims.bounds] == ["gt=0"]


@pytest.mark.parametrize(
    ("more", "checked"),
    [
        ("    model_config = ConfigDict(validate_assignment=True)", True),
        ("    model_config = {'validate_assignment': True}", True),
        ("    model_config = ConfigDict(validate_assignment=False)", False),
        ("    def __init__(self, **data): super().__init__(**data)", True),
        ("    @validates('x')\n    def check(self, key, value): return value", True),
        ("    @validates('id')\n    def check(self, key, value): return value", False),
    ],
)
def test_what_may_check_a_bound(more: str, checked: bool) -> None:
    assert [one.checked for one in column("int = Field(gt=0)", more).claims.bounds] == [checked]


def test_validators_are_those_of_models_and_the_nearest_of_a_name() -> None:
    tables, _ = read("""
class Mixin:
    @field_validator("a")
    def of_mixin(cls, value): return value
class Base(SQLModel):
    a: int = Field(gt=0)
    b: int
    @field_validator("a", "b")
    def of_base(cls, value): return value
    @field_validator("b")
    def again(cls, value): return value
class A(Mixin, Base, table=True):
    id: int = Field(primary_key=True)
    @field_validator("*", mode="before")
    def again(cls, value): return value
    @model_validator(mode="after")
    def whole(self): return self
""")
    found = {one.attribute: one.claims.bounds for one in tables[0].columns}
    assert {name: [(one.value, one.base) for one in bounds] for name, bounds in found.items()} == {
        "a": [("0", "Base"), ("again", None), ("of_base", "Base")],
        "b": [("again", None), ("of_base", "Base")],
        "id": [("again", None)],
    }
    assert [one.value for one in tables[0].claims.bounds] == ["whole"]


@pytest.mark.parametrize(
    ("head", "body", "frozen"),
    [
        ("Base, table=True", "model_config = ConfigDict(frozen=True)", ("frozen=True", False)),
        ("Base, table=True", "model_config = {'frozen': True}", ("'frozen': True", False)),
        ("Base, table=True", "class Config: frozen = True", ("frozen = True", False)),
        ("Base, table=True, frozen=True", "pass", ("frozen=True", True)),
        ("FrozenBase, table=True", "pass", ("frozen=True", False)),
        ("FrozenBase, table=True", "model_config = ConfigDict(frozen=False)", None),
        ("FrozenBase, Base, table=True", "pass", ("frozen=True", False)),
        ("Diamond, Other, table=True", "pass", ("frozen=True", False)),
        ("Base, table=True", "model_config = ConfigDict(extra='forbid')", None),
        ("Base, table=True", "pass", None),
    ],
)
def test_frozen(head: str, body: str, frozen: tuple[str, bool] | None) -> None:
    tables, problems = read(f"""
class Base(SQLModel):
    id: int = Field(primary_key=True)
class FrozenBase(Base):
    model_config = ConfigDict(frozen=True)
class Other(Base): pass
class Diamond(FrozenBase, Other): pass
class A({head}):
    {body}
""")
    assert problems == []
    found = tables[0].claims.frozen
    assert (found and (found.span.text, found.ignored)) == frozen


def test_a_frozen_field() -> None:
    assert column("int = pydantic.Field(frozen=True)").claims.frozen is not None
    assert column("int = Field(schema_extra={'frozen': True})").claims.frozen is not None
    assert column("int = Field(gt=0)").claims.frozen is None


@pytest.mark.parametrize(
    ("field", "help"),
    [
        ("int = Field(frozen=True)", "`frozen`"),
        ('str = Field(pattern="x")', "`pattern`"),
        ("int = Field(sa_column=Column(String), frozen=True)", "`frozen`"),
        ("Annotated[int, Field(primry_key=True)]", "`primry_key`"),
    ],
)
def test_field_takes_no_such_keyword(field: str, help: str) -> None:
    _, problems = read(f"""
class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
    x: {field}
""")
    assert len(problems) == 1
    assert f"SQLModel's `Field` takes no {help}" in problems[0]


_BASE = """
class Base(SQLModel):
    a: int
    b: int
    __table_args__ = (
        UniqueConstraint("a"), CheckConstraint("a > 0"), Index("ix", "b"), {"schema": "s"},
    )
class A(Base, table=True):
    id: int = Field(primary_key=True)
"""
_ALL = ['UniqueConstraint("a")', 'CheckConstraint("a > 0")', 'Index("ix", "b")', 'schema="s"']


@pytest.mark.parametrize(
    ("own", "lost"),
    [
        ("pass", []),
        ("__table_args__ = {}", _ALL),
        ('__table_args__ = (CheckConstraint("b > 0"),)', _ALL),
        ("__table_args__ = (*Base.__table_args__[:-1], {'schema': 's'})", []),
        ("__table_args__ = Base.__table_args__", []),
        ("__table_args__ = Base.__table_args__[:-1] + ({'schema': 't'},)", []),
        # Equal ones, however they are written.
        (
            "__table_args__ = (UniqueConstraint('a', name='u'), Index('iy', 'b'), "
            "CheckConstraint('a  >  0'), {'schema': None})",
            [],
        ),
        ("__table_args__ = (Index('iu', 'a', unique=True), {'schema': 's'})", _ALL[1:3]),
        # What is not known may be what the base says.
        ("__table_args__ = (*UNKNOWN, {'schema': 's'})", []),
    ],
)
def test_replaced_arguments(own: str, lost: list[str]) -> None:
    tables, problems = read(f"{_BASE}    {own}\n")
    assert problems == []
    assert [one.text for one in tables[0].claims.replaced] == lost


def test_arguments_of_a_mapped_base_are_its_own_tables() -> None:
    tables, _ = read("""
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class A(Base):
    __tablename__ = "a"
    __table_args__ = (CheckConstraint("id > 0"),)
    id: Mapped[int] = mapped_column(primary_key=True)
class B(A):
    __tablename__ = "b"
    __table_args__ = (CheckConstraint("id > 1"),)
    id: Mapped[int] = mapped_column(ForeignKey("a.id"), primary_key=True)
""")
    assert [table.claims.replaced for table in tables] == [(), ()]


def test_one_of_two_mixins_wins() -> None:
    tables, _ = read("""
class One:
    __table_args__ = (CheckConstraint("a > 0"),)
class Two:
    @declared_attr
    def __table_args__(cls):
        return (CheckConstraint("b > 0", name=f"ck_{cls.__name__}"),)
class A(One, Two, SQLModel, table=True):
    id: int = Field(primary_key=True)
    a: int
    b: int
""")
    (lost,) = tables[0].claims.replaced
    assert (lost.base, lost.by.text) == ("Two", "__table_args__")


def test_what_one_table_only_can_have() -> None:
    tables, problems = read("""
class Base(SQLModel):
    name: str = Field(sa_column=Column(String(5)))
    other: int = Field(sa_column_args=[ForeignKey("a.id")])
    third: int = Field(foreign_key="a.id")
class A(Base, table=True):
    id: int = Field(primary_key=True)
    own: str = Field(sa_column=Column(String(5)))
""")
    assert problems == []
    found = {one.attribute: one.claims.only_once for one in tables[0].columns}
    assert {name: one and (one.what, one.base) for name, one in found.items()} == {
        "name": ("Column", "Base"),
        "other": ("ForeignKey", "Base"),
        "third": None,
        "id": None,
        "own": None,
    }


def test_a_foreign_key_shared_by_two_tables_is_refused() -> None:
    _, problems = read("""
class Base(SQLModel):
    other: int = Field(sa_column_args=[ForeignKey("a.id")])
class A(Base, table=True):
    id: int = Field(primary_key=True)
class B(Base, table=True):
    id: int = Field(primary_key=True)
""")
    assert len(problems) == 1
    assert problems[0].startswith("the ForeignKey of `other` is in the tables of `A` and `B`")
