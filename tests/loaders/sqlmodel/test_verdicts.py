"""What SQLAlchemy and the database under it keep of what SQLModel classes say, as verdicts.

Each was observed: sqlmodel 0.0.50 with SQLAlchemy 2.1, on SQLite 3.40 and PostgreSQL 15.
"""

from __future__ import annotations

from textwrap import dedent

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Schema
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.rules.judging import Judged, judge

_IMPORTS = """\
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Optional

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, event
from sqlmodel import Field, Relationship, SQLModel


"""
_STATES = "states: {of: Order.status, values: [draft, paid]}"


def models(text: str, dialect: str) -> Schema:
    """The schema of some classes, after the usual imports."""
    file = SourceFile("models.py", _IMPORTS + dedent(text))
    loaded = SqlModelLoader().load([file], dialect=Dialect(dialect))
    problems = [problem.message for problem in loaded.problems if not problem.warning]
    assert not problems, problems
    return loaded.schema


def judged(text: str, dialect: str, rule: str) -> Judged:
    """The rule, judged over the classes."""
    found = judge(models(text, dialect), rule)
    for prisma in ("@unique", "@@", "@relation", "Prisma", "@db.", "schema.prisma"):
        assert prisma not in found.message
    return found


def _order(status: str) -> str:
    return f"""
    class Status(str, Enum):
        draft = "draft"
        paid = "paid"

    class Order(SQLModel, table=True):
        id: int = Field(primary_key=True)
        status: {status}
    """


@pytest.mark.parametrize(
    ("status", "dialect", "verdict"),
    [
        # A table model never validates, and SQLAlchemy stores any text: nobody keeps it.
        ("Status", "sqlite", Verdict.BROKEN),
        ("Status", "postgresql", Verdict.KEPT),
        (
            "Status = Field(sa_type=sa.Enum(Status, native_enum=False))",
            "postgresql",
            Verdict.BROKEN,
        ),
        (
            "Status = Field(sa_type=sa.Enum(Status, native_enum=False, create_constraint=True))",
            "sqlite",
            Verdict.KEPT,
        ),
        ("Status = Field(sa_type=sa.Enum(Status, validate_strings=True))", "sqlite", Verdict.WEAK),
        # NULL is what the Column says, not what the annotation says.
        ("Status = Field(sa_column=Column(sa.Enum(Status)))", "postgresql", Verdict.BROKEN),
        ("str = Field(regex='draft|paid')", "postgresql", Verdict.BROKEN),
    ],
)
def test_states(status: str, dialect: str, verdict: Verdict) -> None:
    found = judged(_order(status), dialect, _STATES)
    assert found.verdict is verdict, found.message


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("str", Verdict.KEPT),
        ("Optional[str] = None", Verdict.BROKEN),
        ("str | None", Verdict.BROKEN),
        ("str = None", Verdict.KEPT),
        ("str = Field(sa_column=Column(sa.String))", Verdict.BROKEN),
        ("str = Field(sa_column=Column(sa.String, nullable=False))", Verdict.KEPT),
        ("Optional[str] = Field(nullable=False)", Verdict.KEPT),
        ("str = Field(nullable=True)", Verdict.BROKEN),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_required(name: str, verdict: Verdict, dialect: str) -> None:
    text = f"""
    class Person(SQLModel, table=True):
        id: int = Field(primary_key=True)
        name: {name}
    """
    found = judged(text, dialect, "required: {of: Person, fields: name}")
    assert found.verdict is verdict, found.message
    wanted = Verdict.KEPT if verdict is Verdict.BROKEN else Verdict.BROKEN
    assert judged(text, dialect, "optional: {of: Person, fields: name}").verdict is wanted


_PARENT = """
class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id")
"""
_PRAGMA = """
@event.listens_for(sa.engine.Engine, "connect")
def switch_on(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
"""


@pytest.mark.parametrize(
    ("text", "dialect", "verdict"),
    [
        (_PARENT, "sqlite", Verdict.WEAK),
        (_PARENT + _PRAGMA, "sqlite", Verdict.KEPT),
        (_PARENT, "postgresql", Verdict.KEPT),
        (_PARENT.replace('Field(foreign_key="team.id")', "0"), "postgresql", Verdict.BROKEN),
    ],
)
def test_references(text: str, dialect: str, verdict: Verdict) -> None:
    found = judged(text, dialect, "reference: {from: Hero.team_id, to: Team}")
    assert found.verdict is verdict, found.message


_CODE = """
class Item(SQLModel, table=True):
    id: int = Field(primary_key=True)
    code: str = Field({arguments})
    price: Decimal = Field(gt=0)
"""


@pytest.mark.parametrize(
    ("dialect", "verdict"), [("sqlite", Verdict.BROKEN), ("postgresql", Verdict.KEPT)]
)
def test_max_length_binds_where_the_database_counts(dialect: str, verdict: Verdict) -> None:
    text = _CODE.format(arguments="max_length=5")
    found = judged(text, dialect, 'check: {of: Item, that: "length(code) <= 5"}')
    assert found.verdict is verdict, found.message


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ("min_length=3", 'check: {of: Item, that: "length(code) >= 3"}'),
        ("regex='[a-z]+'", "check: {of: Item, that: \"code <> ''\"}"),
        ("min_length=1", 'check: {of: Item, that: "price > 0"}'),
    ],
)
def test_what_only_pydantic_checks_is_checked_by_nobody(
    arguments: str, rule: str, dialect: str
) -> None:
    found = judged(_CODE.format(arguments=arguments), dialect, rule)
    assert found.verdict is Verdict.BROKEN, found.message
    about = "gt=0" if "price" in rule else arguments
    assert f"`{about}` is not checked: a class with `table=True` does not validate" in found.message


def test_what_a_class_checks_for_itself_keeps_other_writers_from_nothing() -> None:
    text = _CODE.format(arguments="") + "    model_config = {'validate_assignment': True}\n"
    found = judged(text, "postgresql", 'check: {of: Item, that: "price > 0"}')
    assert found.verdict is Verdict.BROKEN
    assert "`gt=0` is checked in the code at most" in found.message


@pytest.mark.parametrize("config", ["'frozen': True", "'extra': 'forbid'"])
@pytest.mark.parametrize("rule", ["immutable: {of: Item, fields: code}", "immutable: {of: Item}"])
def test_a_frozen_model_keeps_no_row_from_changing(rule: str, config: str) -> None:
    text = _CODE.format(arguments="") + f"    model_config = {{{config}}}\n"
    found = judged(text, "postgresql", rule)
    assert found.verdict is Verdict.INEXPRESSIBLE, found.message
    assert ("`frozen` is not in the database" in found.message) == ("frozen" in config)


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        ("unique=True", Verdict.KEPT),
        ("unique=True, index=True", Verdict.KEPT),
        ("index=True", Verdict.BROKEN),
        ("sa_column=Column(sa.String, unique=True, nullable=False)", Verdict.KEPT),
    ],
)
def test_unique(arguments: str, verdict: Verdict) -> None:
    found = judged(_CODE.format(arguments=arguments), "sqlite", "unique: {of: Item, by: code}")
    assert found.verdict is verdict, found.message


def test_annotated_inside_optional_loses_the_field() -> None:
    text = """
    class Item(SQLModel, table=True):
        id: int = Field(primary_key=True)
        code: Optional[Annotated[str, Field(unique=True)]] = None
    """
    found = judged(text, "sqlite", "unique: {of: Item, by: code}")
    assert found.verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("created", "verdict"),
    [
        ("datetime = Field(default_factory=datetime.now)", Verdict.WEAK),
        (
            "datetime = Field(sa_column_kwargs={'server_default': sa.func.now()})",
            Verdict.KEPT,
        ),
    ],
)
def test_defaults_of_python_are_not_in_the_ddl(created: str, verdict: Verdict) -> None:
    text = f"""
    class Item(SQLModel, table=True):
        id: int = Field(primary_key=True)
        created: {created}
    """
    found = judged(text, "postgresql", "audit: {of: Item, created: created}")
    assert found.verdict is verdict, found.message
