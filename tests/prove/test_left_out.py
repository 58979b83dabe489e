"""What could not be written as DDL is not in the database that is built: what gets through there
says nothing then, unless reading knows already that nothing keeps the rule."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.agreement import opened
from tests.prove.carrying_out import carried_out, load, sqlite

# What the base or the call adds may well be a unique constraint.
MODELS = """
from sqlmodel import Field, SQLModel
from somewhere import Base, arguments

class User(Base, table=True):
    id: int = Field(primary_key=True)
    email: str

class Team(SQLModel, table=True):
    __table_args__ = arguments("team")
    id: int = Field(primary_key=True)
    name: str

class Member(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    note: str
"""


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("unique: {of: User, by: [email]}", Verdict.UNKNOWN),
        ("unique: {of: Team, by: [name]}", Verdict.UNKNOWN),
        ("unique: {of: Member, by: [note]}", Verdict.BROKEN),
        ("identity: {of: Team, by: [id]}", Verdict.KEPT),
    ],
)
def test_what_is_left_out_may_keep_the_rule(rule: str, verdict: Verdict) -> None:
    with sqlite() as database:
        done = carried_out(database, load(MODELS, "py", Dialect.SQLITE), rule)
    assert done.read.verdict is verdict
    assert done.report.verdict is verdict
    (proof,) = done.proofs
    assert ("is built without" in proof.why_not) is (verdict is Verdict.UNKNOWN)


KEYS = """
from sqlmodel import Field, SQLModel
from somewhere import Key

class Card(SQLModel, table=True):
    id: Key = Field(primary_key=True)
    number: int = Field(unique=True)
"""


@pytest.mark.server
def test_a_table_without_a_column_of_its_own_proves_nothing() -> None:
    """SQLite's columns need no type."""
    with opened("postgresql") as database:
        rule = "unique: {of: Card, by: [number]}"
        done = carried_out(database, load(KEYS, "py", Dialect.POSTGRESQL), rule)
    assert done.report.verdict is Verdict.KEPT
    (proof,) = done.proofs
    assert proof.outcomes == ()
    told = "the database is built without the column `card.id`: its type is not known"
    assert proof.why_not == told
