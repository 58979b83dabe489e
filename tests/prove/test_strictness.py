"""What a rule allows and a database refuses: told where the refusal is about just that."""

from __future__ import annotations

import pytest

from schemalint.engine import check
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.prove.execution import Prover
from schemalint.rule import Finding, Severity, Verdict
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile
from tests.prove.agreement import DIALECTS, opened
from tests.prove.carrying_out import REGISTRY, build, carried_out, load

TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER {a}, b INTEGER {b} {more});"
DATABASES = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.server),
    pytest.param("mysql", marks=pytest.mark.server),
]


def _table(a: str = "", b: str = "", more: str = "") -> str:
    return TABLE.format(a=a, b=b, more=f", {more}" if more else "")


def _stricter(name: str, ddl: str, rule: str) -> list[Finding]:
    with opened(name) as database:
        schema = switched_on(load(ddl, "sql", DIALECTS[name]))
        done = carried_out(database, schema, rule)
    assert done.report.verdict is Verdict.KEPT, str(done)
    return [one for one in done.findings if one.name == "stricter-than-rule"]


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("at_least_one", ""),
        ("exactly_one", "CHECK ((a IS NULL) <> (b IS NULL))"),
        ("at_most_one", "CHECK (a IS NULL OR b IS NULL)"),
    ],
)
def test_one_of_two_that_has_to_be_there(name: str, kind: str, more: str) -> None:
    rule = f"{kind}: {{of: t, fields: [a, b]}}"
    (found,) = _stricter(name, _table("NOT NULL", more=more), rule)
    assert "`t.a` is NOT NULL" in found.message
    assert found.severity is Severity.WARNING
    assert found.rule == "BR-01"
    assert found.counterexample is not None
    assert found.counterexample.statements[-1].refusal is not None


@pytest.mark.parametrize("name", DATABASES)
def test_a_check_on_what_is_null(name: str) -> None:
    ddl = _table(more="CONSTRAINT has_a CHECK (a IS NOT NULL)")
    (found,) = _stricter(name, ddl, "at_least_one: {of: t, fields: [a, b]}")
    assert "the CHECK `has_a` (`a IS NOT NULL`) refuses it" in found.message


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize(
    "more",
    [
        "CHECK (a IS NOT NULL OR b IS NOT NULL)",
        # What else is in the row may be to blame: `b` could be one that is not tried.
        "CHECK (a IS NOT NULL OR coalesce(b, 0) > 1000000000)",
        "CHECK ((a IS NOT NULL OR b IS NOT NULL) AND id < 0)",
    ],
)
def test_what_is_not_about_the_columns_says_nothing(name: str, more: str) -> None:
    assert _stricter(name, _table(more=more), "at_least_one: {of: t, fields: [a, b]}") == []


@pytest.mark.parametrize("name", DATABASES)
def test_a_member_of_a_key_that_is_there_does_not_make_a_row_point(name: str) -> None:
    ddl = """
        CREATE TABLE p (tenant INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tenant, id));
        CREATE TABLE c (
          id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, p_id INTEGER,
          FOREIGN KEY (tenant, p_id) REFERENCES p (tenant, id)
        );
    """
    assert _stricter(name, ddl, "reference: {from: c.p_id, to: p, required: false}") == []


def test_a_key_is_there_by_itself() -> None:
    ddl = _table("NOT NULL", more="CHECK (id IS NULL OR id > 0)")
    assert _stricter("sqlite", ddl, "at_least_one: {of: t, fields: [id, a]}") == []


def test_a_trigger_says_nothing() -> None:
    ddl = f"""
        {_table(more="CHECK (a IS NOT NULL OR b IS NOT NULL)")}
        CREATE TRIGGER g BEFORE INSERT ON t WHEN NEW.a IS NULL
        BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    assert _stricter("sqlite", ddl, "at_least_one: {of: t, fields: [a, b]}") == []


@pytest.mark.parametrize("name", DATABASES)
def test_what_reading_tells_is_not_told_twice(name: str) -> None:
    ddl = """
        CREATE TABLE p (id INTEGER PRIMARY KEY);
        CREATE TABLE c (
          id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL UNIQUE, FOREIGN KEY (p_id) REFERENCES p (id)
        );
    """
    rule = "reference: {from: c.p_id, to: p, required: false, cardinality: many-to-one}"
    found = _stricter(name, ddl, rule)
    assert len(found) == 2
    assert all(one.counterexample is None for one in found)


@pytest.mark.parametrize("name", DATABASES[:2])
def test_a_key_that_counts_rows_of_which_the_rule_does_not_speak(name: str) -> None:
    ddl = _table("NOT NULL", "NOT NULL") + "CREATE UNIQUE INDEX one ON t (a);"
    (found,) = _stricter(name, ddl, "unique: {of: t, by: [a], where: b = 1}")
    assert found.counterexample is None  # it is read


@pytest.mark.server
def test_intervals_that_meet() -> None:
    ddl = """
        CREATE TABLE t (
          id integer PRIMARY KEY, room int4range NOT NULL,
          a timestamp NOT NULL, b timestamp NOT NULL, CHECK (a < b),
          CONSTRAINT apart EXCLUDE USING gist (room WITH =, tsrange(a, b, '[]') WITH &&)
        );
    """
    rule = "no_overlap: {of: t, by: [room], during: [a, b]}"
    (found,) = _stricter("postgresql", ddl, rule)
    assert "of which one begins as the other ends" in found.message
    assert "the exclusion constraint `apart` refuses it" in found.message


def test_another_rule_that_is_kept_by_it() -> None:
    text = """
version: 1
rules:
  - id: BR-01
    says: Somebody can be reached.
    at_least_one: {of: t, fields: [a, b]}
  - id: BR-02
    says: There is an a.
    required: {of: t, fields: [a]}
"""
    book, faults = read_rulebook([SourceFile("business_rules.yaml", text)], REGISTRY)
    assert not faults
    schema = load(_table("NOT NULL"), "sql", DIALECTS["sqlite"])
    with opened("sqlite") as database:
        build(database, schema)
        prover = Prover(database)
        check({}, schema, book, execution=prover.collect)
        prover.carry_out()
        checked = check({}, schema, book, execution=prover)
    assert [one.name for one in checked.findings] == []
