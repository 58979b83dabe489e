"""What a finding proposes for models is right: done as it says, the rule is kept."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Schema
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.loaders.sqlmodel.applying import IMPORTS, apply
from tests.oracle.install import SQLMODEL
from tests.rules.judging import judge
from tests.shared_material import ROOT

MODELS = """\
class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)
    name: str = "x"
    note: str | None = None


class Person(SQLModel, table=True):
    id: int = Field(primary_key=True)
    email: str | None = None
    phone: str | None = Field(nullable=True)
    code: str | None = Field(default=None, max_length=5)
    login: str | None = Field(sa_column=Column(Text))
    status: str = "guest"
    size: int
    team_id: int = Field(foreign_key="team.id", ondelete="CASCADE")
    boss_id: int | None = Field(default=None, foreign_key="person.id")
    other_id: int
    created: datetime
    deleted_at: datetime | None = None
    hidden: bool = False


class Link(SQLModel, table=True):
    id: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    team_id: int = Field(foreign_key="team.id")
"""
RULES = [
    "required: {of: Person, fields: email}",
    "required: {of: Person, fields: phone}",
    "required: {of: Person, fields: code}",
    "required: {of: Person, fields: login}",
    "required: {of: Person, fields: [email, code], not_blank: true}",
    "required: {of: Person, fields: status, not_blank: true}",
    "optional: {of: Person, fields: size}",
    "optional: {of: Person, fields: status}",
    "optional: {of: Person, fields: created}",
    "unique: {of: Person, by: size}",
    "unique: {of: Person, by: status}",
    "unique: {of: Person, by: email, nulls: distinct}",
    "unique: {of: Person, by: login, nulls: distinct}",
    "unique: {of: Person, by: [status, size]}",
    "unique: {of: Person, by: status, where: deleted_at is null}",
    "unique: {of: Person, by: [status, size], where: not hidden}",
    "unique: {of: Person, by: status, where: \"deleted_at is null and status = 'a'\"}",
    "check: {of: Person, that: size > 0}",
    "check: {of: Person, that: \"status <> 'a' or size > 3\"}",
    "check: {of: Person, that: length(status) > 3}",
    "exactly_one: {of: Person, fields: [email, phone]}",
    "exactly_one: {of: Person, fields: [email, phone, code]}",
    "at_least_one: {of: Person, fields: [email, phone]}",
    "at_most_one: {of: Person, fields: [email, phone, login]}",
    "states: {of: Person.status, values: [guest, member]}",
    "states: {of: Person.size, values: ['1', '2']}",
    "index: {of: Person, by: status}",
    "index: {of: Person, by: login}",
    "index: {of: Person, by: [status, size]}",
    "identity: {of: Person, by: status}",
    "identity: {of: Team, by: name, type: string}",
]
# SQLite's foreign keys are switched on by each connection, so these are at most weak there.
POSTGRESQL = [
    "many_to_many: {between: [Person, Team], through: Link}",
    "unique: {of: Person, by: status, ignore_case: true}",
    "unique: {of: Person, by: status, ignore_case: true, where: deleted_at is null}",
    "unique: {of: Person, by: [email, size], nulls: equal}",
    "reference: {from: Person.team_id, to: Team, on_delete: restrict}",
    "reference: {from: Person.team_id, to: Team, on_delete: no_action}",
    "reference: {from: Person.boss_id, to: Person}",
    "reference: {from: Person.boss_id, to: Person, required: false, on_delete: set_null}",
    "reference: {from: Person.boss_id, to: Person, required: false, on_update: cascade}",
    "reference: {from: Person.other_id, to: Team}",
    "reference: {from: Person.team_id, to: Team, cardinality: one-to-one}",
    "audit: {of: Person, created: created}",
]


def load(models: str, dialect: Dialect) -> Schema:
    """The schema of the models, which are sound."""
    file = SourceFile("models.py", IMPORTS + models)
    loaded = SqlModelLoader().load([file], dialect=dialect)
    assert [one.message for one in loaded.problems] == [], models
    assert [one.reason for one in loaded.schema.opaque] == [], models
    return loaded.schema


def mended(rule: str, dialect: Dialect) -> tuple[Verdict, str]:
    """The verdict once everything is done that findings say, and the models then."""
    models = MODELS
    first = judge(load(models, dialect), rule)
    assert first.verdict is not Verdict.KEPT
    for _ in range(8):  # one finding can come to light behind another
        found = judge(load(models, dialect), rule)
        if found.verdict is Verdict.KEPT:
            break
        changed = apply(models, "\n".join(one.help or "" for one in found.findings))
        assert changed != models, found.message
        models = changed
    return found.verdict, models


@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.POSTGRESQL])
@pytest.mark.parametrize("rule", RULES)
def test_what_is_proposed_keeps_the_rule(rule: str, dialect: Dialect) -> None:
    verdict, models = mended(rule, dialect)
    assert verdict is Verdict.KEPT, models


@pytest.mark.parametrize("rule", POSTGRESQL)
def test_what_is_proposed_keeps_the_rule_on_postgresql(rule: str) -> None:
    verdict, models = mended(rule, Dialect.POSTGRESQL)
    assert verdict is Verdict.KEPT, models


@pytest.mark.oracle
@pytest.mark.parametrize("rule", [*RULES, *POSTGRESQL])
def test_what_is_proposed_is_what_sqlalchemy_takes(rule: str, tmp_path: Path) -> None:
    """The models are imported then, and their DDL is written."""
    if not SQLMODEL.exists():
        pytest.skip("SQLModel is absent: run `python -m tests.oracle.install`")
    path = tmp_path / "models.py"
    _, models = mended(rule, Dialect.POSTGRESQL)
    path.write_text(IMPORTS + models, "utf-8")
    script = ROOT / "tests" / "oracle" / "create_all.py"
    command = [SQLMODEL / "bin" / "python", script, path, "postgresql"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
