"""Design rules over SQLModel classes: what is a fault there, and what is meant."""

from __future__ import annotations

from textwrap import dedent, indent

import msgspec
import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect
from schemalint.registry import Registry
from schemalint.rule import Finding, Rulebook
from schemalint.source import SourceFile

_REGISTRY = Registry.discover()
_TABLE = """
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Optional
import sqlalchemy as sa
from annotated_types import Gt
from pydantic import ConfigDict, PositiveInt, field_validator, model_validator
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, JSON, UniqueConstraint
from sqlalchemy.orm import declared_attr, validates
from sqlmodel import Field, SQLModel

class Status(Enum):
    draft = 1
    paid = 2

class Kind(SQLModel, table=True):
    name: str = Field(primary_key=True)

class Item(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    {field}
"""


def found(rule: str, field: str, dialect: str) -> list[str]:
    """The paths that the rule reports over a table with this field."""
    return [finding.path for finding in findings(rule, field, dialect)]


def findings(
    rule: str, field: str, dialect: str = "postgresql", classes: str = "", **options: object
) -> list[Finding]:
    """What the rule reports over a table with this field, and what follows the table."""
    text = _TABLE.replace("{field}", indent(dedent(field), "    ").strip()) + dedent(classes)
    loaded = SqlModelLoader().load([SourceFile("models.py", text)], dialect=Dialect(dialect))
    assert [problem.message for problem in loaded.problems if not problem.warning] == []
    design_rule = _REGISTRY.design_rule(rule)
    assert design_rule is not None
    return list(msgspec.convert(options, design_rule).check(loaded.schema, Rulebook()))


@pytest.mark.parametrize(
    ("rule", "field", "dialect"),
    [
        ("enum-without-check", "x: Optional[Status] = None", "sqlite"),
        ("enum-without-check", "x: Status = Field(sa_column=Column(sa.Enum(Status)))", "sqlite"),
        ("nullable-differs-from-annotation", "x: dict = Field(sa_column=Column(JSON))", "sqlite"),
        ("client-default-only", "x: datetime = Field(default_factory=datetime.now)", "sqlite"),
        ("decimal-as-real", "x: Decimal", "sqlite"),
        ("json-null-passes-not-null", "x: dict = Field(sa_type=JSON)", "postgresql"),
        ("naive-datetime", "x: datetime = Field(sa_type=sa.DateTime)", "postgresql"),
    ],
)
def test_faults(rule: str, field: str, dialect: str) -> None:
    assert found(rule, field, dialect) == ["Item.x"]


@pytest.mark.parametrize(
    ("rule", "field", "dialect"),
    [
        ("enum-without-check", "x: Status", "postgresql"),
        ("enum-without-check", "x: Status", "mysql"),
        (
            "enum-without-check",
            "x: Status = Field(sa_type=sa.Enum(Status, validate_strings=True))",
            "sqlite",
        ),
        ("nullable-differs-from-annotation", "x: Optional[str]", "sqlite"),
        ("nullable-differs-from-annotation", "x: str = Field(nullable=True)", "sqlite"),
        (
            "nullable-differs-from-annotation",
            "x: Optional[datetime] = Field(sa_column=Column(sa.DateTime, nullable=False, "
            "server_default=sa.func.now()))",
            "sqlite",
        ),
        (
            "nullable-differs-from-annotation",
            "x: Optional[dict] = Field(default_factory=dict, "
            "sa_column=Column(JSON, nullable=False))",
            "sqlite",
        ),
        ("client-default-only", "x: Optional[int] = 1", "sqlite"),
        ("decimal-as-real", "x: Decimal = Field(sa_type=sa.Numeric(12, 0))", "sqlite"),
        ("decimal-as-real", "x: Decimal", "postgresql"),
        (
            "json-null-passes-not-null",
            "x: dict = Field(sa_type=JSON(none_as_null=True))",
            "postgresql",
        ),
        ("json-null-passes-not-null", "x: Optional[dict] = Field(sa_type=JSON)", "postgresql"),
        ("naive-datetime", "x: datetime", "postgresql"),
        ("naive-datetime", "x: datetime = Field(sa_type=sa.DateTime)", "sqlite"),
    ],
)
def test_what_is_none(rule: str, field: str, dialect: str) -> None:
    assert found(rule, field, dialect) == []


# -- validation-never-runs ---------------------------------------------------------------------

_NEVER = "validation-never-runs"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("x: int = Field(gt=0)", "`gt=0`"),
        ("x: int = Field(ge=1, lt=10)", "`ge=1` and `lt=10`"),
        ("x: Optional[int] = Field(default=None, gt=0)", "`gt=0`"),
        ("x: str = Field(min_length=3, max_length=5)", "`min_length=3`"),
        ("x: str = Field(max_length=5, sa_type=sa.Text)", "`max_length=5`"),
        ("x: str = Field(regex='^a')", "`regex='^a'`"),
        ("x: PositiveInt", "`PositiveInt`"),
        ("x: int = Field(gt=0, sa_column=Column(sa.Integer, nullable=False))", "`gt=0`"),
        ("x: Decimal = Field(gt=Decimal('0.5'))", "`gt=Decimal('0.5')`"),
        ("x: dict = Field(sa_type=JSON, min_length=1)", "`min_length=1`"),
        ("x: float = Field(lt=1e400)", "`lt=1e400`"),
        ("x: Decimal = Field(lt=Decimal('1E+999999'))", "`lt=Decimal('1E+999999')`"),
        # What the CHECK says is something else.
        ('x: int = Field(gt=0)\n__table_args__ = (CheckConstraint("x > -5"),)', "`gt=0`"),
        ('x: int = Field(gt=0)\n__table_args__ = (CheckConstraint("x < 5"),)', "`gt=0`"),
        ('x: int = Field(gt=0)\n__table_args__ = (CheckConstraint("id > 0"),)', "`gt=0`"),
        (
            'x: int = Field(gt=0, le=9)\n__table_args__ = (CheckConstraint("x > 0"),)',
            "`le=9`",
        ),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_bounds_that_nobody_checks(field: str, said: str, dialect: str) -> None:
    (finding,) = findings(_NEVER, field, dialect)
    assert finding.path == "Item.x"
    assert finding.message.startswith(f"nobody checks {said} of `Item.x`")


@pytest.mark.parametrize(
    "field",
    [
        "x: str = Field(max_length=5)",
        "x: Decimal = Field(max_digits=5, decimal_places=2)",
        "x: Status = Field(max_length=5)",
        'x: int = Field(gt=0)\n__table_args__ = (CheckConstraint("x > 0"),)',
        'x: int = Field(gt=0)\n__table_args__ = (CheckConstraint("x >= 1 AND id > 0"),)',
        'x: int = Field(ge=1, le=9)\n__table_args__ = (CheckConstraint("x BETWEEN 2 AND 8"),)',
        'x: int = Field(ge=1, le=9)\n__table_args__ = (CheckConstraint("x IN (1, 2)"),)',
        'x: Optional[int] = Field(gt=0)\n__table_args__ = (CheckConstraint("x > 0"),)',
        'x: int = Field(gt=0, sa_column_args=[CheckConstraint("x > 0")])',
        'x: str = Field(min_length=3)\n__table_args__ = (CheckConstraint("length(x) > 2"),)',
        # Whether it says the same is not compared.
        "x: str = Field(regex='^a')\n__table_args__ = (CheckConstraint(\"x LIKE 'a%'\"),)",
        'x: int = Field(multiple_of=5)\n__table_args__ = (CheckConstraint("x % 5 = 0"),)',
        # The class checks by itself.
        "x: int = Field(gt=0)\nmodel_config = ConfigDict(validate_assignment=True)",
        "x: int = Field(gt=0)\n@validates('x')\ndef check(self, key, value): return value",
        "x: int = Field(gt=0)\ndef __init__(self, **data): self.model_validate(data)",
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_bounds_that_are_checked(field: str, dialect: str) -> None:
    assert findings(_NEVER, field, dialect) == []


def test_the_check_that_is_missing() -> None:
    (finding,) = findings(_NEVER, "x: int = Field(gt=0, le=9)")
    assert (finding.span.text, finding.help) == (
        "gt=0",
        "add to `__table_args__` of `Item`:\n"
        '    CheckConstraint("x > 0 AND x <= 9", name="item_x")\n'
        "(in the code, `Item.model_validate(...)` checks what it is given; `Item(...)` does not)",
    )


def test_validators() -> None:
    (one, whole) = findings(
        _NEVER,
        """
        x: int
        y: int
        @field_validator("x", "y")
        def positive(cls, value): return value
        @model_validator(mode="after")
        def ordered(self): return self
        """,
    )
    assert (one.path, one.span.text, whole.path, whole.span.text) == (
        "Item.x",
        "positive",
        "Item",
        "ordered",
    )


_BASE = """
class ItemBase(SQLModel):
    size: int = Field(gt=0)
    @field_validator("size")
    def small(cls, value): return value
class Large(ItemBase, table=True):
    id: int = Field(primary_key=True)
class LargeCreate(ItemBase): pass
class Mixin:
    weight: int = Field(gt=0)
"""


def test_a_base_validates_where_it_has_no_table() -> None:
    assert findings(_NEVER, "x: int", classes=_BASE) == []
    found = findings(_NEVER, "x: int", classes=_BASE, inherited=True)
    assert [one.path for one in found] == ["Large.size", "Large.size"]


def test_a_mixin_that_is_no_model_validates_nothing() -> None:
    classes = (
        f"{_BASE}\nclass Heavy(Mixin, SQLModel, table=True):\n    id: int = Field(primary_key=True)"
    )
    assert [one.path for one in findings(_NEVER, "x: int", classes=classes)] == ["Heavy.weight"]


def test_a_class_without_a_table_validates() -> None:
    assert findings(_NEVER, "x: int", classes="class In(SQLModel):\n    x: int = Field(gt=0)") == []


# -- frozen-not-enforced -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("classes", "path", "marked"),
    [
        (
            "class A(Item2, table=True):\n    model_config = ConfigDict(frozen=True)",
            "A",
            "frozen=True",
        ),
        ("class A(Item2, table=True, frozen=True): pass", "A", "frozen=True"),
        ("class A(Frozen, table=True): pass", "A", "A"),
        (
            "class A(Item2, table=True):\n    x: int = Field(schema_extra={'frozen': True})",
            "A.x",
            "'frozen': True",
        ),
    ],
)
def test_frozen(classes: str, path: str, marked: str) -> None:
    bases = """
class Item2(SQLModel):
    id: int = Field(primary_key=True)
class Frozen(Item2):
    model_config = ConfigDict(frozen=True)
"""
    (finding,) = findings("frozen-not-enforced", "x: int", classes=bases + classes)
    assert (finding.path, finding.span.text) == (path, marked)
    assert len(finding.related) == ("Frozen" in classes)


# -- table-args-replaced -----------------------------------------------------------------------

_ARGUMENTS = """
class Numbered(SQLModel):
    __table_args__ = (UniqueConstraint("number"), CheckConstraint("number > 0"))
    number: int
class Invoice(Numbered, table=True):
    __table_args__ = {arguments}
    id: int = Field(primary_key=True)
"""


def test_arguments_that_replace_the_bases() -> None:
    classes = _ARGUMENTS.format(arguments='(UniqueConstraint("number"),)')
    (finding,) = findings("table-args-replaced", "x: int", classes=classes)
    assert finding.message == (
        'the table of `Invoice` is made without `CheckConstraint("number > 0")` of `Numbered`: '
        "one `__table_args__` replaces another"
    )
    assert finding.span.text == "__table_args__"
    assert [one.span.text for one in finding.related] == ['CheckConstraint("number > 0")']


@pytest.mark.parametrize(
    "arguments",
    [
        "Numbered.__table_args__",
        '(*Numbered.__table_args__, Index("ix", "number"))',
        'Numbered.__table_args__ + (Index("ix", "number"),)',
        '(UniqueConstraint("number", name="n"), CheckConstraint("number > 0", name="m"))',
    ],
)
def test_arguments_that_keep_the_bases(arguments: str) -> None:
    classes = _ARGUMENTS.format(arguments=arguments)
    assert findings("table-args-replaced", "x: int", classes=classes) == []


def test_of_two_mixins_the_second_is_lost() -> None:
    classes = """
    class One:
        __table_args__ = (CheckConstraint("id > 0"),)
    class Two:
        __table_args__ = (CheckConstraint("id > 1"),)
    class A(One, Two, SQLModel, table=True):
        id: int = Field(primary_key=True)
    """
    (finding,) = findings("table-args-replaced", "x: int", classes=classes)
    assert finding.span.text == "A"
    assert [one.message for one in finding.related] == [
        "lost: what `Two` says here",
        "this one is found first",
    ]


# -- sa-column-shared-by-base --------------------------------------------------------------------

_SHARED = """
class Named(SQLModel):
    name: str = Field(sa_column=Column(sa.String(80)))
    nick: str = Field(sa_column=Column(sa.String(80)))
class Team(Named, table=True):
    id: int = Field(primary_key=True)
class TeamRead(Named):
    id: int
"""


def test_a_base_that_one_table_only_can_have() -> None:
    (finding,) = findings("sa-column-shared-by-base", "x: int", classes=_SHARED)
    assert finding.path == "Team.name"
    assert finding.span.text == "Column(sa.String(80))"
    assert finding.message.startswith(
        "`Named` can be the base of `Team` only: the Column of `name`"
    )


def test_an_own_column_is_shared_with_nobody() -> None:
    field = "x: str = Field(sa_column=Column(sa.String(80)))"
    assert findings("sa-column-shared-by-base", field) == []


def test_a_second_table_that_says_it_anew() -> None:
    classes = (
        _SHARED
        + """
class League(Named, table=True):
    id: int = Field(primary_key=True)
    name: str = Field(sa_column=Column(sa.String(80)))
    nick: str
"""
    )
    (finding,) = findings("sa-column-shared-by-base", "x: int", classes=classes)
    assert finding.path == "Team.name"


@pytest.mark.parametrize(
    ("native", "paths"), [("False", []), ("True", ["Part.status"])], ids=["text", "enum"]
)
def test_an_enum_that_is_text_compares_with_text(native: str, paths: list[str]) -> None:
    """PostgreSQL takes a key between VARCHARs of whatever length (tried on PostgreSQL 15)."""
    field = "x: str = Field(unique=True, sa_type=sa.String(10))"
    classes = f"""
class Part(SQLModel, table=True):
    id: int = Field(primary_key=True)
    status: Status = Field(
        sa_type=sa.Enum(Status, native_enum={native}), foreign_key="item.x"
    )
"""
    found = findings("fk-type-mismatch", field, classes=classes)
    assert [finding.path for finding in found] == paths
