"""Verdicts of `required`."""

from __future__ import annotations

import pytest

from schemalint.model import Layer, Schema
from schemalint.rule import Verdict
from tests.rules import databases
from tests.rules.judging import (
    altered,
    constraint,
    judge,
    not_understood,
    prisma,
    sql,
    with_field,
)

CUSTOMER = """
model Customer {
  id    Int      @id
  name  String
  phone String?
  age   Int
  tags  String[]
}
"""
PLAIN = CUSTOMER.replace("  tags  String[]\n", "")


def customer(*checks: str, provider: str = "postgresql") -> Schema:
    schema = prisma(CUSTOMER if provider == "postgresql" else PLAIN, provider)
    return altered(schema, checks=tuple(constraint(check) for check in checks))


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ("[name]", Verdict.KEPT),
        ("[id]", Verdict.KEPT),
        ("[phone]", Verdict.BROKEN),
        ("[name, phone]", Verdict.BROKEN),
        ("[tags]", Verdict.WEAK),
    ],
)
def test_not_null(fields: str, verdict: Verdict) -> None:
    assert judge(customer(), f"required: {{of: Customer, fields: {fields}}}").verdict is verdict


def test_fix_takes_the_question_mark_away() -> None:
    (finding,) = judge(customer(), "required: {of: Customer, fields: [phone]}").findings
    (edit,) = finding.fix.edits
    assert (edit.span.text, edit.text) == ("?", "")
    assert finding.span.text == "String?"


def test_no_fix_that_prisma_refuses() -> None:
    """A field that a relation sets to NULL cannot be required before it does something else."""
    models = """
        model Customer {{
          id     Int     @id
          orders Order[]
        }}

        model Order {{
          id         Int       @id
          customerId Int?
          customer   Customer? @relation(fields: [customerId], references: [id]{action})
        }}
    """
    rule = "required: {of: Order, fields: [customerId]}"
    for action, fixed in [
        ("", True),
        (", onDelete: Restrict", True),
        (", onUpdate: SetNull", False),
    ]:
        (finding,) = judge(models.format(action=action), rule, "sqlite").findings
        assert (finding.fix is not None) is fixed


def test_list_of_postgresql_says_how_to_bind_the_database() -> None:
    judged = judge(customer(), "required: {of: Customer, fields: [tags]}")
    assert judged.report.layer is Layer.CLIENT
    assert 'ALTER COLUMN "tags" SET NOT NULL' in judged.message


def test_weak_is_enough_where_the_rule_says_so() -> None:
    judged = judge(
        customer(),
        "required: {of: Customer, fields: [tags]}\nenforced_by: client\nbecause: one writer",
    )
    assert judged.verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("phone IS NOT NULL", Verdict.KEPT),  # E04c
        ("(phone <> '') IS TRUE", Verdict.KEPT),  # E04e
        ("phone <> ''", Verdict.BROKEN),  # E04d
        ("phone IN ('a', 'b')", Verdict.BROKEN),  # E04
        ("mystery(phone)", Verdict.UNKNOWN),
    ],
)
def test_checks(check: str, verdict: Verdict) -> None:
    assert judge(customer(check), "required: {of: Customer, fields: [phone]}").verdict is verdict


def test_check_that_is_not_enforced() -> None:
    """X04."""
    check = constraint("phone IS NOT NULL", enforced=False)
    schema = altered(prisma(CUSTOMER), checks=(check,))
    assert judge(schema, "required: {of: Customer, fields: [phone]}").verdict is Verdict.BROKEN


def test_primary_key_of_sqlite_that_takes_null() -> None:
    """O06."""
    schema = with_field(customer(provider="sqlite"), "id", nullable=True, client_nullable=True)
    assert judge(schema, "required: {of: Customer, fields: [id]}").verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("name ~ '\\S'", Verdict.KEPT),
        ("name <> ''", Verdict.INEXPRESSIBLE),  # O01
        ("trim(name) <> ''", Verdict.INEXPRESSIBLE),  # O01c
        ("length(trim(name)) > 0", Verdict.INEXPRESSIBLE),  # O01c
        ("mystery(name)", Verdict.UNKNOWN),
        ("age > 0", Verdict.INEXPRESSIBLE),
    ],
)
def test_not_blank(check: str, verdict: Verdict) -> None:
    judged = judge(customer(check), "required: {of: Customer, fields: [name], not_blank: true}")
    assert judged.verdict is verdict


def test_trimming_blanks_is_called_too_little() -> None:
    judged = judge(
        customer("trim(name) <> ''"), "required: {of: Customer, fields: [name], not_blank: true}"
    )
    assert "a tab or a line break alone passes" in judged.message


def test_not_blank_of_a_nullable_field_wants_not_null_too() -> None:
    judged = judge(
        customer("phone ~ '\\S'"), "required: {of: Customer, fields: [phone], not_blank: true}"
    )
    assert judged.verdict is Verdict.BROKEN


def test_numbers_are_never_blank() -> None:
    """O05f: save on SQLite, which stores text in any column."""
    rule = "required: {of: Customer, fields: [age], not_blank: true}"
    assert judge(customer(), rule).verdict is Verdict.KEPT
    assert judge(customer(provider="sqlite"), rule).verdict is Verdict.WEAK


@pytest.mark.parametrize(
    ("provider", "sql"),
    [
        ("postgresql", "CHECK (\"name\" ~ '\\S');"),
        ("sqlite", "CHECK (trim(\"name\", char(9, 10, 11, 12, 13, 32)) <> '')"),
        ("mysql", "CHECK (`name` REGEXP '[^[:space:]]');"),
    ],
)
def test_sql_to_add(provider: str, sql: str) -> None:
    judged = judge(
        customer(provider=provider), "required: {of: Customer, fields: [name], not_blank: true}"
    )
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert sql in judged.message


def test_opaque_statement_on_the_table() -> None:
    schema = altered(customer(), opaque=(not_understood("Customer"),))
    assert judge(schema, "required: {of: Customer, fields: [phone]}").verdict is Verdict.UNKNOWN
    assert judge(schema, "required: {of: Customer, fields: [name]}").verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("trim(NEW.name) = ''", Verdict.BROKEN),  # a tab gets past
        ("NEW.name = 'x'", Verdict.BROKEN),
        ("NEW.name NOT IN ('a', 'b')", Verdict.UNKNOWN),
        ("NEW.name NOT GLOB '*[a-z]*'", Verdict.UNKNOWN),
        ("(SELECT count(*) FROM t) > 3", Verdict.UNKNOWN),
    ],
)
def test_triggers_may_keep_blanks_out(condition: str, verdict: Verdict) -> None:
    tables = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    for event in ("INSERT", "UPDATE"):
        tables += (
            f"CREATE TRIGGER g_{event} BEFORE {event} ON t WHEN {condition} "
            "BEGIN SELECT RAISE(ABORT, 'no'); END;"
        )
    rule = "required: {of: t, fields: [name], not_blank: true}"
    assert judge(sql(tables, "sqlite"), rule).verdict is verdict


def test_a_check_keeps_blanks_out_of_an_enum() -> None:
    """SQLite stores any text in a column of an enum; what a CHECK demands, it does not."""
    tables = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT NOT NULL CHECK (n = 'open'));"
    rule = "required: {of: t, fields: [n], not_blank: true}"
    assert judge(sql(tables, "sqlite"), rule).report.layer is Layer.DATABASE


@pytest.mark.parametrize("kind", ["inet", "cidr", "macaddr", "int4range", "bit(3)", "oid", "money"])
def test_types_without_a_blank_value(kind: str) -> None:
    schema = sql(f"CREATE TABLE t (id int PRIMARY KEY, n {kind} NOT NULL);")
    rule = "required: {of: t, fields: [n], not_blank: true}"
    assert judge(schema, rule).verdict is Verdict.KEPT


@pytest.mark.server
def test_postgresql_takes_no_blank_for_them() -> None:
    kinds = "inet cidr macaddr macaddr8 int4range tsrange point box path polygon oid pg_lsn bit(3)"
    with databases.database("postgresql") as database:
        for number, kind in enumerate(kinds.split()):
            database.build(f"CREATE TABLE t{number} (n {kind})")
            assert database.refused(f"INSERT INTO t{number} VALUES (' ')") is not None, kind
            assert database.refused(f"INSERT INTO t{number} VALUES ('')") is not None, kind


def test_a_check_of_what_is_computed_from_it_may_keep_blanks_out() -> None:
    tables = (
        "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(9) NOT NULL, "
        "made VARCHAR(9) AS (lower(s)) VIRTUAL, CHECK (made IN ('a', 'b')));"
    )
    rule = "required: {of: t, fields: [s], not_blank: true}"
    assert judge(sql(tables, "mariadb"), rule).verdict is Verdict.UNKNOWN
