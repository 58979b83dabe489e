"""A rulebook held against itself."""

from __future__ import annotations

import pytest

from schemalint.finding import Finding
from schemalint.model import Dialect
from schemalint.prove.mutations import mutations, self_check
from tests.prove.carrying_out import load, rulebook

SCHEMA = """
    CREATE TABLE customer (
      id INTEGER PRIMARY KEY,
      email TEXT NOT NULL UNIQUE,
      age INTEGER CHECK (age >= 18)
    );
    CREATE TABLE purchase (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      placed TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE INDEX purchases ON purchase (customer_id);
    CREATE TRIGGER stays BEFORE DELETE ON purchase BEGIN SELECT RAISE(ABORT, 'stays'); END;
"""


def _told(rule: str) -> dict[str, list[str]]:
    found: list[Finding] = self_check(load(SCHEMA, dialect=Dialect.SQLITE), rulebook(rule))
    told: dict[str, list[str]] = {}
    for one in found:
        assert one.span is not None
        told.setdefault(one.rule, []).append(one.span.text)
    return told


def test_every_constraint_is_taken_away_once() -> None:
    schema = load(SCHEMA, dialect=Dialect.SQLITE)
    looser = [one.what for one in mutations(schema) if not one.tighter]
    assert looser == [
        "NOT NULL of `customer.email`",
        "the primary key (id) of `customer`",
        "the uniqueness of (email) in `customer`",
        "CHECK (age >= 18)",
        "NOT NULL of `purchase.customer_id`",
        "NOT NULL of `purchase.placed`",
        "the default of `purchase.placed`",
        "the primary key (id) of `purchase`",
        "the index on (customer_id)",
        "the trigger `stays`",
    ]  # SQLite's foreign key binds no connection that does not ask for it
    for one in mutations(schema):
        assert one.schema != schema
        assert one.span.text


@pytest.mark.parametrize("language", ["sql", "prisma"])
def test_the_rule_that_is_proposed_notices(language: str) -> None:
    prisma = """
    datasource db {
      provider = "postgresql"
    }
    model Customer {
      id Int @id @map("no")
      email String @unique @map("e_mail")
      purchases Purchase[]
    }
    model Purchase {
      id Int @id
      customerId Int @map("customer_id")
      customer Customer @relation(fields: [customerId], references: [id])
    }
    """
    sql = SCHEMA.partition("CREATE INDEX")[0]
    schema = load(sql, dialect=Dialect.POSTGRESQL) if language == "sql" else load(prisma, language)
    proposed = [one for one in mutations(schema) if one.rule is not None]
    assert len(proposed) >= 6
    for one in proposed:
        assert one.rule is not None
        spans = [found.span for found in self_check(schema, rulebook(one.rule))]
        assert one.span not in spans, one.rule


def test_a_constraint_that_a_rule_asks_for_is_noticed() -> None:
    told = _told("unique: {of: customer, by: [email]}")
    assert "UNIQUE" not in told["unnoticed-constraint"]
    assert "CHECK (age >= 18)" in told["unnoticed-constraint"]
    assert "vacuous-rule" not in told


def test_access_paths_and_defaults_need_no_rule() -> None:
    told = _told("unique: {of: customer, by: [email]}")
    assert not any("INDEX" in text or "CURRENT" in text for text in told["unnoticed-constraint"])


def test_a_rule_that_nothing_breaks_is_told() -> None:
    told = _told("check: {of: customer, that: id = id}")
    assert told["vacuous-rule"] == ["check"]


def test_what_a_rule_wants_loose_is_noticed_when_it_is_tight() -> None:
    assert "vacuous-rule" not in _told("optional: {of: customer, fields: [age]}")


def test_absence_is_no_fault_of_the_rule() -> None:
    assert "vacuous-rule" not in _told("derived: {of: customer, fields: [total]}")


def test_rules_that_are_not_kept_measure_nothing() -> None:
    told = _told("unique: {of: purchase, by: [customer_id]}")
    assert "vacuous-rule" not in told
