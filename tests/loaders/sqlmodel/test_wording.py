"""What is said of SQLModel classes names what can be written there."""

from __future__ import annotations

import pytest

from tests.loaders.sqlmodel.test_verdicts import judged

_CLASSES = """
class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Person(SQLModel, table=True):
    id: int = Field(primary_key=True)
    email: Optional[str] = None
    phone: str | None = Field(nullable=True)
    status: str
    team_id: int = Field(foreign_key="team.id", ondelete="CASCADE")
    other_id: int
    created: datetime | None = None
    updated: datetime | None = None
    deleted: bool = False
"""
_UNIQUE = "unique: {of: Person, by: [status, other_id]"
_RULES = {
    "required: {of: Person, fields: email}": "take None off the annotation of `email`",
    "required: {of: Person, fields: phone}": "write `nullable=False` for `phone`",
    "unique: {of: Person, by: status}": "write `unique=True` for `status`",
    _UNIQUE + "}": 'UniqueConstraint("status", "other_id")',
    _UNIQUE + ", where: not deleted}": "unique=True, postgresql_where=text(",
    "unique: {of: Person, by: status, ignore_case: true}": "text('lower(",
    "check: {of: Person, that: other_id > 0}": 'CheckConstraint("other_id > 0"',
    "exactly_one: {of: Person, fields: [email, phone]}": "CheckConstraint(",
    "states: {of: Person.status, values: [guest, member]}": "CheckConstraint(",
    "reference: {from: Person.other_id, to: Team}": 'write `foreign_key="team.id"` for `other_id`',
    "reference: {from: Person.team_id, to: Team, on_delete: restrict}": 'ondelete="RESTRICT"',
    "index: {of: Person, by: status}": "write `index=True` for `status`",
    "index: {of: Person, by: [status, other_id]}": 'Index("person_status_other_id_idx"',
    "audit: {of: Person, created: created}": "`created`",
    "audit: {of: Person, updated: updated}": "updated",
    "immutable: {of: Person}": "CREATE",
}


@pytest.mark.parametrize("rule", _RULES)
def test_help_speaks_sqlalchemy(rule: str) -> None:
    found = judged(_CLASSES, "postgresql", rule)
    assert _RULES[rule] in found.message
    assert "ALTER TABLE" not in found.message
    assert all(finding.fix is None for finding in found.findings)


def test_sqlite_names_its_own_partial_index() -> None:
    found = judged(_CLASSES, "sqlite", _UNIQUE + ", where: not deleted}")
    assert "sqlite_where=text(" in found.message
