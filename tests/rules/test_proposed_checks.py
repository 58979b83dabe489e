"""A CHECK that a help proposes: the database takes it, and the rule is kept by it."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.databases import database, migration
from tests.rules.judging import judge, sql

TABLES = """
CREATE TABLE p (id INT PRIMARY KEY);
CREATE TABLE t (id INT PRIMARY KEY, n INT CHECK (n > 0), m INT NOT NULL, s VARCHAR(9),
  r VARCHAR(9), p_id INT{}, CHECK (m > 0), CHECK (m < n));
"""
NOT_NULL_SAFE = [
    "check: {of: t, that: s is null or m = n}",
    "check: {of: t, that: m < 3 or n < 3}",
    "check: {of: t, that: not (s = r)}",
    "check: {of: t, that: \"s in ('a', 'b')\"}",
    "check: {of: t, that: n < 5}",
    "check: {of: t, that: m < 5}",
    "check: {of: t, that: n is not null and n > 1}",
    "check: {of: t, that: m <= n}",
    "exactly_one: {of: t, fields: [s, r]}",
]
DIALECTS = {"sqlite": "sqlite", "postgresql": "postgresql", "mysql": "mariadb"}


def _proposed(ddl: str, rule: str, dialect: str) -> str:
    judged = judge(sql(ddl, dialect), rule)
    assert judged.verdict is Verdict.BROKEN
    help_ = judged.findings[0].help
    assert help_ is not None
    return help_


@pytest.mark.parametrize("rule", NOT_NULL_SAFE)
def test_it_keeps_the_rule(rule: str) -> None:
    """NULL passes a CHECK (O11): one that is NULL where the rule wants it true keeps nothing."""
    ddl = TABLES.format("")
    added = migration(_proposed(ddl, rule, "postgresql"))
    assert judge(sql(ddl + added), rule).verdict is Verdict.KEPT


@pytest.mark.server
@pytest.mark.parametrize("name", ["postgresql", "mysql"])
@pytest.mark.parametrize("rule", NOT_NULL_SAFE)
def test_the_database_takes_it(name: str, rule: str) -> None:
    """Beside the constraints that are there already, whose names PostgreSQL makes up."""
    ddl = TABLES.format("")
    with database(name) as made:
        made.build(ddl)
        made.build(migration(_proposed(ddl, rule, DIALECTS[name])))


def test_what_has_a_value_is_asked_for_once() -> None:
    help_ = _proposed(TABLES.format(""), "check: {of: t, that: s is not null}", "postgresql")
    assert help_.endswith('ADD CONSTRAINT "t_s_check" CHECK (s IS NOT NULL);')


def test_names_that_are_there_are_not_given_again() -> None:
    ddl = TABLES.format("")
    first = _proposed(ddl, "check: {of: t, that: n < 5}", "postgresql")
    assert '"t_n_check2"' in first  # "t_n_check" is PostgreSQL's own name for the first one
    second = _proposed(ddl + migration(first), "check: {of: t, that: n < 4}", "postgresql")
    assert '"t_n_check3"' in second


def test_true_of_no_row() -> None:
    help_ = _proposed(TABLES.format(""), "check: {of: t, that: id is null}", "postgresql")
    assert help_ == "correct the rule's `that`, or what the columns and their constraints allow"


def test_sql_server_has_no_is_true() -> None:
    ddl = "CREATE TABLE t (id int PRIMARY KEY, n int, m int NOT NULL);"
    help_ = _proposed(ddl, "check: {of: t, that: m < 3 or n < 3}", "sqlserver")
    assert "CHECK (CASE WHEN m < 3 OR n < 3 THEN 1 ELSE 0 END = 1);" in help_


REWRITES = [
    ("ON DELETE SET NULL", True),
    ("ON UPDATE CASCADE", True),
    ("ON UPDATE SET NULL", True),
    ("ON DELETE CASCADE", False),
    ("ON DELETE RESTRICT", False),
    ("", False),
]


@pytest.mark.parametrize(("action", "refused"), REWRITES)
def test_mysql_takes_none_over_what_a_foreign_key_rewrites(action: str, refused: bool) -> None:
    ddl = TABLES.format(f", FOREIGN KEY (p_id) REFERENCES p (id) {action}")
    help_ = _proposed(ddl, "at_most_one: {of: t, fields: [s, p_id]}", "mariadb")
    assert (f"that of `p_id` says {action}: first make it RESTRICT" in help_) is refused


@pytest.mark.server
@pytest.mark.parametrize(("action", "refused"), REWRITES)
def test_mariadb_refuses_it(action: str, refused: bool) -> None:
    ddl = TABLES.format(f", FOREIGN KEY (p_id) REFERENCES p (id) {action}")
    help_ = _proposed(ddl, "at_most_one: {of: t, fields: [s, p_id]}", "mariadb")
    with database("mysql") as made:
        made.build(ddl)
        error = made.refused(migration(help_))
    assert ("1901" in (error or "")) is refused
