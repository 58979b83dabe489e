"""A small project to run commands in."""

from __future__ import annotations

from pathlib import Path

import pytest

SCHEMA = """\
datasource db {
  provider = "postgresql"
}

/// Somebody who buys.
model Customer {
  id    Int    @id
  email String
  price Float
}
"""
RULEBOOK = """\
version: 1
rules:
  - id: BR-01
    says: A customer is identified by their e-mail address.
    unique: {of: Customer, by: [email]}
  - id: BR-02
    says: Every customer has an e-mail address.
    required: {of: Customer, fields: [email]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A schema that breaks one of two rules, and has one design fault (money-as-float)."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "prisma").mkdir()
    (tmp_path / "prisma" / "schema.prisma").write_text(SCHEMA, "utf-8")
    (tmp_path / "business_rules.yaml").write_text(RULEBOOK, "utf-8")
    return tmp_path


@pytest.fixture
def kept(project: Path) -> Path:
    """The project with its faults mended."""
    mended = SCHEMA.replace("email String", "email String @unique").replace("Float", "Decimal")
    (project / "prisma" / "schema.prisma").write_text(mended, "utf-8")
    return project
