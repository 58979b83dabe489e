"""Guards in SQL: what the help proposes is kept, and what messages tell."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.rules.databases import database, migration
from tests.rules.judging import judge

DATABASES = {
    "sqlite": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MARIADB,
}
ENTRIES = (
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL DEFAULT 3, "
    "memo VARCHAR(90), locked INTEGER NOT NULL, "
    "s VARCHAR(20) NOT NULL DEFAULT 'draft' CHECK (s IN ('draft', 'paid', 'done')), "
    "code VARCHAR(9) UNIQUE, p_id INTEGER);\n",
    "CREATE TABLE entry (id VARCHAR(20) NOT NULL PRIMARY KEY, amount INTEGER NOT NULL, "
    "memo VARCHAR(90), locked INTEGER NOT NULL, "
    "s VARCHAR(20) NULL DEFAULT 'draft' CHECK (s IN ('draft', 'paid', 'done')), "
    "code VARCHAR(9) NOT NULL DEFAULT 'x' UNIQUE);\n",
)
RULES = (
    "immutable: {of: entry}",
    "immutable: {of: entry, deletable: true}",
    "immutable: {of: entry, fields: [amount, memo]}",
    "immutable: {of: entry, fields: [memo], once: true}",
    "immutable: {of: entry, where: locked = 1}",
    "immutable: {of: entry, where: \"s = 'done'\", deletable: true}",
    """
    states:
      of: entry.s
      values: [draft, paid, done]
      initial: draft
      optional: true
      transitions: {draft: [paid], paid: [done, draft]}
    """,
)


def sql(name: str, text: str) -> Schema:
    """The schema of some DDL, all of which has to be understood."""
    loaded = SqlLoader().load([SourceFile("schema.sql", text)], dialect=DATABASES[name])
    assert not loaded.problems, [problem.message for problem in loaded.problems]
    return loaded.schema


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize("table", ENTRIES)
@pytest.mark.parametrize("rule", RULES)
def test_what_the_help_proposes_is_kept(name: str, table: str, rule: str) -> None:
    judged = judge(sql(name, table), rule)
    assert judged.verdict is Verdict.BROKEN
    (text,) = [finding.help for finding in judged.findings if "TRIGGER" in (finding.help or "")]
    assert text is not None
    mended = judge(sql(name, f"{table}{migration(text)}\n"), rule)
    expected = {Verdict.KEPT}
    if "states" in rule and name == "mysql":  # its CHECK takes other letter case (E11)
        expected.add(Verdict.WEAK)
        expected.add(Verdict.BROKEN)
    assert mended.verdict in expected, mended.message


GUARD = {
    "postgresql": "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'no'; END $$;\n"
    "CREATE TRIGGER g BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION no();\n",
    "mysql": "CREATE TRIGGER u BEFORE UPDATE ON entry FOR EACH ROW SIGNAL SQLSTATE '45000';\n"
    "CREATE TRIGGER d BEFORE DELETE ON entry FOR EACH ROW SIGNAL SQLSTATE '45000';\n",
}
STOP = "CREATE TRIGGER s BEFORE TRUNCATE ON entry EXECUTE FUNCTION no();\n"


@pytest.mark.parametrize(
    ("name", "more", "told"),
    [("postgresql", "", True), ("postgresql", STOP, False), ("mysql", "", True)],
)
def test_truncate_is_told(name: str, more: str, told: bool) -> None:
    """I09, I09b."""
    judged = judge(sql(name, ENTRIES[0] + GUARD[name] + more), RULES[0])
    assert judged.verdict is Verdict.KEPT
    names = [finding.name for finding in judged.findings]
    assert ("truncate-removes-rows" in names) is told
    assert "truncate-removes-rows" not in [
        finding.name for finding in judge(sql(name, ENTRIES[0] + GUARD[name]), RULES[1]).findings
    ]


def test_what_a_guard_lets_pass_is_told() -> None:
    trigger = (
        "CREATE TRIGGER g BEFORE UPDATE ON entry WHEN OLD.memo <> NEW.memo "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;"
    )
    judged = judge(sql("sqlite", ENTRIES[0] + trigger), "immutable: {of: entry, fields: [memo]}")
    assert judged.verdict is Verdict.BROKEN
    assert "a change of `memo` passes `g`, from " in judged.message
    assert "NULL" in judged.findings[0].message


def test_disabled_trigger_refuses_nothing() -> None:
    text = f"{ENTRIES[0]}{GUARD['postgresql']}ALTER TABLE entry DISABLE TRIGGER g;"
    assert judge(sql("postgresql", text), RULES[0]).verdict is Verdict.BROKEN


def test_revoke_does_not_bind_the_owner() -> None:
    """I07b."""
    text = f"{ENTRIES[0]}GRANT ALL ON entry TO clerk;\nREVOKE UPDATE, DELETE ON entry FROM clerk;\n"
    judged = judge(sql("postgresql", text), RULES[0])
    assert judged.verdict is Verdict.BROKEN
    assert "not the owner of the table" in judged.message


def test_raise_fail_after_a_change_leaves_it() -> None:
    """The statement ends with an error, and what it has done stays (I18)."""
    trigger = "CREATE TRIGGER g AFTER UPDATE ON entry BEGIN SELECT RAISE(FAIL, 'no'); END;"
    text = ENTRIES[0] + trigger
    judged = judge(sql("sqlite", text), "immutable: {of: entry, fields: [amount]}")
    assert judged.verdict is Verdict.BROKEN
    with database("sqlite") as made:
        made.build(text)
        made.build("INSERT INTO entry (id, amount, locked) VALUES (1, 1, 0)")
        assert made.refused("UPDATE entry SET amount = 2") is not None
        assert made.rows("SELECT amount FROM entry") == [(2,)]


def test_foreign_keys_are_changed_in_sql() -> None:
    text = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY);\n"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL "
        "REFERENCES p (id) ON DELETE CASCADE);\n"
    )
    rule = "reference: {from: c.p_id, to: p, on_delete: restrict}"
    judged = judge(sql("postgresql", text), rule)
    assert judged.verdict is Verdict.BROKEN
    (help_text,) = [finding.help for finding in judged.findings if finding.help]
    assert judge(sql("postgresql", text + migration(help_text)), rule).verdict is Verdict.KEPT


SERVERS = [pytest.param(name, marks=pytest.mark.server) for name in ("postgresql", "mysql")]
MENDED = {
    "reference: {from: c.p_id, to: p}": "p_id INTEGER NOT NULL",
    "reference: {from: c.p_id, to: p, on_delete: restrict}": (
        "p_id INTEGER NOT NULL, CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE"
    ),
    "reference: {from: c.p_id, to: p, on_update: cascade}": (
        "p_id INTEGER NOT NULL, CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p (id)"
    ),
    "reference: {from: c.p_id, to: p, required: true}": (
        "p_id INTEGER, CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p (id)"
    ),
    "reference: {from: c.p_id, to: p, cardinality: one-to-one}": (
        "p_id INTEGER NOT NULL, CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p (id)"
    ),
    "audit: {of: c, created: at}": "at TIMESTAMP NOT NULL",
    "audit: {of: c, updated: at}": "at TIMESTAMP NOT NULL",
}


@pytest.mark.oracle
@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("rule", MENDED)
def test_databases_take_what_the_help_proposes(name: str, rule: str) -> None:
    text = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY);\n"
        f"CREATE TABLE c (id INTEGER PRIMARY KEY, {MENDED[rule]});\n"
    )
    judged = judge(sql(name, text), rule)
    assert judged.verdict is Verdict.BROKEN
    (help_text,) = [finding.help for finding in judged.findings if finding.help]
    more = migration(help_text)
    with database(name) as made:
        made.build(text)
        made.build(more)
    assert judge(sql(name, text + more), rule).verdict is Verdict.KEPT


TOGETHER = [
    "immutable: {of: entry, fields: [amount]}",
    "immutable: {of: entry, fields: [memo]}",
    "immutable: {of: entry, deletable: true}",
    "states: {of: entry.s, values: [draft, paid], transitions: {draft: [paid]}, optional: true}",
]


@pytest.mark.server
@pytest.mark.parametrize("name", DATABASES)
def test_guards_of_several_rules_stand_beside_each_other(name: str) -> None:
    """Each is proposed for the schema as it is, so all come from one run: names must differ."""
    text = ENTRIES[0].replace(", 'done'", "")
    proposed = []
    for rule in TOGETHER:
        judged = judge(sql(name, text), rule)
        helps = [one.help for one in judged.findings if one.help is not None]
        proposed += [migration(one) for one in helps if "TRIGGER" in one]
    assert len(proposed) == len(TOGETHER)
    with database(name) as made:
        made.build("\n".join([text, *proposed]))


@pytest.mark.server
@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_a_guard_that_is_there_keeps_its_name(name: str) -> None:
    """One that an earlier rule asked for does not suffice: what is proposed comes beside it."""
    text = ENTRIES[0]
    with database(name) as made:
        made.build(text)
        for rule in (RULES[4], RULES[1]):
            judged = judge(sql(name, text), rule)
            (help_text,) = [one.help for one in judged.findings if "TRIGGER" in (one.help or "")]
            assert help_text is not None
            text += migration(help_text) + "\n"
            made.build(migration(help_text))
    assert judge(sql(name, text), RULES[1]).verdict is Verdict.KEPT
