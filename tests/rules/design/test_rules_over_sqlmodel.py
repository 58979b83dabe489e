"""Design rules over SQLModel classes: what is a fault there, and what is meant."""

from __future__ import annotations

from textwrap import dedent

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect
from schemalint.registry import Registry
from schemalint.rule import Rulebook
from schemalint.source import SourceFile

_REGISTRY = Registry.discover()
_TABLE = """
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Optional
import sqlalchemy as sa
from sqlalchemy import JSON, Column, ForeignKey
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
    text = dedent(_TABLE).format(field=field)
    loaded = SqlModelLoader().load([SourceFile("models.py", text)], dialect=Dialect(dialect))
    design_rule = _REGISTRY.design_rule(rule)
    assert design_rule is not None
    return [finding.path for finding in design_rule().check(loaded.schema, Rulebook())]


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
