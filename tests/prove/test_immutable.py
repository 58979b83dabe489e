"""Attacks on rows that must stay as they are, carried out on SQLite."""

from __future__ import annotations

from tests.prove.carrying_out import through, tried

TABLE = "CREATE TABLE entry (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, memo TEXT);"
REFUSE = "BEGIN SELECT RAISE(ABORT, 'no'); END;"


def test_a_plain_table() -> None:
    done = tried(TABLE, "immutable: {of: entry, fields: [amount]}")
    assert through(done) == {
        "changes `amount` of a row of `entry`": [
            "INSERT INTO entry (amount) VALUES (1)",
            "UPDATE entry SET amount = 2 WHERE id = 1",
        ]
    }
    assert done.findings[0].counterexample is not None


def test_guards_that_refuse_everything_withstand() -> None:
    triggers = f"""
        CREATE TRIGGER u BEFORE UPDATE ON entry {REFUSE}
        CREATE TRIGGER d BEFORE DELETE ON entry {REFUSE}
        CREATE TRIGGER i BEFORE INSERT ON entry
        WHEN EXISTS (SELECT 1 FROM entry WHERE id = NEW.id) {REFUSE}
    """
    done = tried(TABLE + triggers, "immutable: {of: entry}")
    assert through(done) == {}
    assert "replaces a row of `entry`" in done.ends


def test_a_guard_that_forgets_null() -> None:
    guard = f"CREATE TRIGGER g BEFORE UPDATE ON entry WHEN NEW.memo <> OLD.memo {REFUSE}"
    done = tried(TABLE + guard, "immutable: {of: entry, fields: [memo]}")
    assert through(done)["takes `memo` away from a row of `entry`"][-1] == (
        "UPDATE entry SET memo = NULL WHERE id = 1"
    )
    assert "gives a row of `entry` without `memo` one" in through(done)


def test_once_lets_a_value_come_and_not_go() -> None:
    guard = (
        "CREATE TRIGGER g BEFORE UPDATE ON entry WHEN OLD.memo IS NOT NULL AND "
        f"NEW.memo IS NOT OLD.memo {REFUSE}"
    )
    rule = "immutable: {of: entry, fields: [memo], once: true}"
    assert through(tried(TABLE + guard, rule)) == {}
    assert "takes `memo` away from a row of `entry`" in through(tried(TABLE, rule))


def test_a_guard_that_looks_at_another_state_than_the_rule() -> None:
    guard = f"""CREATE TRIGGER g BEFORE UPDATE ON entry WHEN OLD.memo = 'posted'
        AND OLD.amount > 100 {REFUSE}"""
    rule = "immutable: {of: entry, fields: [amount], where: memo = 'posted'}"
    assert "changes `amount` of a row of `entry`" in through(tried(TABLE + guard, rule))


def test_a_guard_with_a_threshold_is_passed_where_it_is_not_met() -> None:
    guard = f"CREATE TRIGGER g BEFORE UPDATE ON entry WHEN NEW.amount < OLD.amount {REFUSE}"
    done = tried(TABLE + guard, "immutable: {of: entry, fields: [amount]}")
    assert through(done)


def test_replace_passes_triggers_on_delete() -> None:
    triggers = f"""
        CREATE TRIGGER u BEFORE UPDATE ON entry {REFUSE}
        CREATE TRIGGER d BEFORE DELETE ON entry {REFUSE}
    """
    done = tried(TABLE + triggers, "immutable: {of: entry}")
    assert set(through(done)) == {"replaces a row of `entry`"}


def test_update_or_replace_removes_a_row_of_a_rule_with_where() -> None:
    triggers = f"""
        CREATE TRIGGER u BEFORE UPDATE ON entry WHEN OLD.memo = 'posted' {REFUSE}
        CREATE TRIGGER d BEFORE DELETE ON entry WHEN OLD.memo = 'posted' {REFUSE}
        CREATE TRIGGER i BEFORE INSERT ON entry
        WHEN EXISTS (SELECT 1 FROM entry WHERE id = NEW.id AND memo = 'posted') {REFUSE}
    """
    done = tried(TABLE + triggers, "immutable: {of: entry, where: memo = 'posted'}")
    assert set(through(done)) == {"gives a row of `entry` the key of another by UPDATE OR REPLACE"}


def test_a_row_goes_by_its_row_id() -> None:
    ddl = f"""
        CREATE TABLE entry (id TEXT NOT NULL PRIMARY KEY, amount INTEGER);
        CREATE TRIGGER u BEFORE UPDATE ON entry {REFUSE}
        CREATE TRIGGER d BEFORE DELETE ON entry {REFUSE}
        CREATE TRIGGER i BEFORE INSERT ON entry
        WHEN EXISTS (SELECT 1 FROM entry WHERE id = NEW.id) {REFUSE}
    """
    (statements,) = through(tried(ddl, "immutable: {of: entry}")).values()
    assert statements[-1].startswith("INSERT OR REPLACE INTO entry")
    assert "rowid" in statements[-1]


def test_what_parents_do() -> None:
    ddl = f"""
        CREATE TABLE account (id INTEGER PRIMARY KEY);
        CREATE TABLE entry (
          id INTEGER PRIMARY KEY,
          account INTEGER REFERENCES account (id) ON DELETE SET NULL ON UPDATE CASCADE
        );
        CREATE TRIGGER g BEFORE UPDATE OF id ON entry {REFUSE}
    """
    found = through(tried(ddl, "immutable: {of: entry, fields: [account]}"))
    assert "deletes the `account` at which an `entry` points" in found
    assert "changes the key of the `account` at which an `entry` points" in found
    cascading = ddl.replace("SET NULL", "CASCADE")
    assert "deletes the `account` at which an `entry` points" in through(
        tried(cascading, "immutable: {of: entry}")
    )


def test_a_set_null_that_a_guard_refuses() -> None:
    ddl = f"""
        CREATE TABLE account (id INTEGER PRIMARY KEY);
        CREATE TABLE entry (
          id INTEGER PRIMARY KEY,
          account INTEGER REFERENCES account (id) ON DELETE SET NULL ON UPDATE CASCADE
        );
        CREATE TRIGGER g BEFORE UPDATE ON entry WHEN OLD.account IS NOT NEW.account {REFUSE}
    """
    assert through(tried(ddl, "immutable: {of: entry, fields: [account]}")) == {}


def test_a_trigger_of_another_table_changes_the_row() -> None:
    ddl = f"""
        {TABLE}
        CREATE TABLE correction (id INTEGER PRIMARY KEY, entry INTEGER REFERENCES entry (id));
        CREATE TRIGGER c AFTER INSERT ON correction
        BEGIN UPDATE entry SET amount = amount + 1 WHERE id = NEW.entry; END;
    """
    done = tried(ddl, "immutable: {of: entry, fields: [amount]}")
    assert through(done)["stores a `correction`, which fires `c`"] == [
        "INSERT INTO entry (amount) VALUES (1)",
        "INSERT INTO correction (entry) VALUES (1)",
    ]


def test_letter_case_passes_a_comparison_that_ignores_it() -> None:
    ddl = f"""
        CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE);
        CREATE TRIGGER g BEFORE UPDATE ON person WHEN OLD.name <> NEW.name {REFUSE}
    """
    found = through(tried(ddl, "immutable: {of: person, fields: [name]}"))
    assert found["changes `name` of a row of `person` in letter case"]


def test_null_that_becomes_the_default() -> None:
    ddl = f"""
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL DEFAULT 3);
        CREATE TRIGGER g BEFORE UPDATE ON t WHEN OLD.a <> NEW.a {REFUSE}
    """
    (statements,) = through(tried(ddl, "immutable: {of: t, fields: [a]}")).values()
    assert statements[-1] == "UPDATE OR REPLACE t SET a = NULL WHERE id = 1"


def test_the_row_id_is_a_key_by_another_name() -> None:
    ddl = f"""
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
        CREATE TRIGGER g BEFORE UPDATE OF id ON t {REFUSE}
    """
    (statements,) = through(tried(ddl, "immutable: {of: t, fields: [id]}")).values()
    assert statements[-1].startswith("UPDATE t SET rowid = ")


def test_a_soft_deletion_is_a_change() -> None:
    ddl = """
        CREATE TABLE t (id INTEGER PRIMARY KEY, gone INTEGER NOT NULL DEFAULT 0);
        CREATE TRIGGER d BEFORE DELETE ON t
        BEGIN UPDATE t SET gone = 1 WHERE id = OLD.id; SELECT RAISE(IGNORE); END;
    """
    done = tried(ddl, "immutable: {of: t, fields: [gone]}")
    assert any("DELETE" in sent[-1] for sent in through(done).values())


def test_a_row_that_can_only_be_changed_to_what_the_rule_speaks_of() -> None:
    ddl = (
        TABLE
        + f"""
        CREATE TRIGGER i BEFORE INSERT ON entry WHEN NEW.memo IS NOT NULL {REFUSE}
    """
    )
    rule = "immutable: {of: entry, fields: [amount], where: memo = 'posted'}"
    statements = through(tried(ddl, rule))["changes `amount` of a row of `entry`"]
    assert statements == [
        "INSERT INTO entry (amount) VALUES (1)",
        "UPDATE entry SET memo = 'posted' WHERE id = 1",
        "UPDATE entry SET amount = 2 WHERE id = 1",
    ]
