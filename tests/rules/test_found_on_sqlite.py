"""Verdicts on SQLite's schemas that were wrong until random pairs were carried out there."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.carrying_out import load
from tests.rules.judging import judge, sql


@pytest.mark.parametrize(
    ("columns", "where", "verdict"),
    [
        ("n INT NOT NULL, made INT AS (abs(n))", "made is null", Verdict.STALE),
        ("n INT, made INT AS (abs(n))", "made is null", Verdict.BROKEN),
        ("n DECIMAL, made DECIMAL(5,2) AS (coalesce(n, 0))", "made is null", Verdict.STALE),
        ("n DECIMAL, made TEXT AS (coalesce(n, 0))", "made is null", Verdict.STALE),
        ("n DECIMAL, made TEXT AS (coalesce(n, n))", "made is null", Verdict.BROKEN),
        ("n REAL NOT NULL, made REAL AS (n + 1), CHECK (made <= 0)", "n = 2", Verdict.STALE),
        ("n REAL NOT NULL, made REAL AS (n + 1), CHECK (made <= 0)", "n = -2", Verdict.BROKEN),
        ("n REAL, made REAL AS (n + 1), CHECK (made <= 0)", "n is null", Verdict.BROKEN),
        ("n INT, made INT AS (abs(n)), CHECK (made is null)", "n <= 2", Verdict.STALE),
        ("n INT, made INT AS (abs(n)), CHECK (made = 3)", "n = 3", Verdict.BROKEN),
        ("n INT, made INT AS (abs(n)), CHECK (made = 3)", "n = 2", Verdict.STALE),
    ],
)
def test_what_is_computed_limits_what_it_is_computed_from(
    columns: str, where: str, verdict: Verdict
) -> None:
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns});", "sqlite")
    rule = f"immutable: {{of: t, where: {where}}}"
    assert judge(schema, rule).verdict is verdict


@pytest.mark.parametrize(
    ("column", "trigger", "verdict"),
    [
        ("s TEXT", "", Verdict.BROKEN),
        ("s TEXT", "AFTER INSERT ON t WHEN NEW.s IS NULL", Verdict.KEPT),
        ("s TEXT", "AFTER INSERT ON t WHEN NEW.s IS NULL AND NEW.id > 1", Verdict.BROKEN),
        ("s TEXT", "BEFORE UPDATE ON t WHEN NEW.s IS NULL", Verdict.BROKEN),
        ("s TEXT DEFAULT 'new'", "", Verdict.BROKEN),
        ("s TEXT DEFAULT 'new'", "BEFORE INSERT ON t WHEN NEW.s <> 'old'", Verdict.KEPT),
        ("s TEXT DEFAULT 'other'", "", Verdict.KEPT),
    ],
)
def test_a_row_that_may_not_start_as_it_does_is_refused(
    column: str, trigger: str, verdict: Verdict
) -> None:
    guard = f"CREATE TRIGGER g {trigger} BEGIN SELECT RAISE(ABORT, 'no'); END;" if trigger else ""
    states = "CHECK (s IN ('new', 'old'))"
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {column}, {states});{guard}", "sqlite")
    rule = "states: {of: t.s, values: [new, old], initial: old, optional: true}"
    assert judge(schema, rule).verdict is verdict


@pytest.mark.parametrize(
    ("checks", "rule", "verdict"),
    [
        ("CHECK (n = 3), CHECK (k = 2)", "{of: t, deletable: true}", Verdict.KEPT),
        ("CHECK (n = 3), CHECK (k = 2)", "{of: t}", Verdict.BROKEN),
        ("CHECK (n = 3)", "{of: t, deletable: true}", Verdict.BROKEN),
        (
            "CHECK (n = 3 OR n < 0)",
            "{of: t, where: n > 0 and k < 9, deletable: true}",
            Verdict.BROKEN,
        ),
    ],
)
def test_a_row_of_one_value_each_cannot_change(checks: str, rule: str, verdict: Verdict) -> None:
    columns = "n INT NOT NULL, k INT NOT NULL, made INT AS (n + k)"
    schema = sql(f"CREATE TABLE t ({columns}, {checks}, PRIMARY KEY (n, k));", "sqlite")
    assert judge(schema, f"immutable: {rule}").verdict is verdict


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        ("p_id INT NOT NULL, p_s TEXT NOT NULL", Verdict.KEPT),
        ("p_id INT NOT NULL, p_s TEXT CHECK (p_s IS NOT NULL)", Verdict.KEPT),
        ("p_id INT NOT NULL, p_s TEXT", Verdict.WEAK),
    ],
)
def test_what_points_at_a_row_id_beside_something_else_is_no_text(
    columns: str, verdict: Verdict
) -> None:
    schema = sql(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, s TEXT NOT NULL, UNIQUE (id, s));"
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns}, "
        "FOREIGN KEY (p_id, p_s) REFERENCES p (id, s));",
        "sqlite",
    )
    rule = "required: {of: t, fields: [p_id], not_blank: true}"
    assert judge(switched_on(schema), rule).verdict is verdict


@pytest.mark.parametrize(
    ("columns", "trigger", "verdict"),
    [
        ("n INT NOT NULL, made INT AS (abs(n)), CHECK (n = 3)", "", Verdict.KEPT),
        ("n INT NOT NULL, made INT AS (abs(n))", "UPDATE OF n", Verdict.KEPT),
        ("n INT NOT NULL, made INT AS (n + k), k INT", "UPDATE OF n", Verdict.BROKEN),
        ("n INT NOT NULL, made INT AS (n + k), k INT", "UPDATE OF n, k", Verdict.KEPT),
    ],
)
def test_what_is_computed_changes_with_what_it_is_computed_from(
    columns: str, trigger: str, verdict: Verdict
) -> None:
    guard = f"CREATE TRIGGER g BEFORE {trigger} ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
    schema = sql(f"CREATE TABLE t ({columns}); {guard if trigger else ''}", "sqlite")
    assert judge(schema, "immutable: {of: t, fields: [made]}").verdict is verdict


def test_a_table_of_a_model_without_row_ids_has_no_strict_key() -> None:
    models = """
        import sqlalchemy as sa
        from sqlmodel import Field, SQLModel

        class T(SQLModel, table=True):
            __table_args__ = {"sqlite_with_rowid": False}
            id: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True))
    """
    schema = load(models, "py", Dialect.SQLITE)
    assert judge(schema, "identity: {of: T, by: [id], type: int}").verdict is Verdict.WEAK


@pytest.mark.parametrize(
    ("trigger", "verdict"),
    [
        ("WHEN OLD.t IS NOT NEW.t", Verdict.KEPT),
        ("WHEN OLD.t > 5 AND OLD.t IS NOT NEW.t", Verdict.BROKEN),
    ],
)
def test_a_key_of_which_every_part_stays_for_another_reason(trigger: str, verdict: Verdict) -> None:
    schema = sql(
        "CREATE TABLE p (t INT NOT NULL, s TEXT NOT NULL, PRIMARY KEY (t, s));"
        "CREATE TABLE c (t INT NOT NULL, s TEXT NOT NULL CHECK (s = 'c'), "
        "FOREIGN KEY (t, s) REFERENCES p (t, s) ON UPDATE CASCADE);"
        f"CREATE TRIGGER g BEFORE UPDATE ON p {trigger} BEGIN SELECT RAISE(ABORT, 'no'); END;",
        "sqlite",
    )
    rule = "reference: {from: c.s, to: p, on_update: restrict}"
    assert judge(switched_on(schema), rule).verdict is verdict


@pytest.mark.parametrize(
    ("guard", "verdict"),
    [("OLD.s <> 'a'", Verdict.KEPT), ("OLD.s <> 'b'", Verdict.BROKEN)],
)
def test_a_guard_that_looks_at_what_is_computed_from(guard: str, verdict: Verdict) -> None:
    schema = sql(
        "CREATE TABLE t (s TEXT NOT NULL, made TEXT AS (lower(s)));"
        f"CREATE TRIGGER g AFTER UPDATE ON t WHEN {guard} BEGIN SELECT RAISE(ABORT, 'no'); END;",
        "sqlite",
    )
    rule = "immutable: {of: t, fields: [made], where: \"made = 'b'\"}"
    assert judge(schema, rule).verdict is verdict


@pytest.mark.parametrize(
    ("check", "verdict"), [("typeof(n) = 'integer'", Verdict.KEPT), ("n <> 7", Verdict.WEAK)]
)
def test_what_is_computed_of_numbers_is_a_number(check: str, verdict: Verdict) -> None:
    made = "CASE WHEN n > 0 THEN n ELSE 0 END"
    schema = sql(f"CREATE TABLE t (n INT, g INT AS ({made}) STORED, CHECK ({check}));", "sqlite")
    assert judge(schema, 'check: {of: t, that: "g >= 0"}').verdict is verdict


@pytest.mark.parametrize(
    ("where", "verdict"),
    [
        ("n in (1, 2) or code = 'b'", Verdict.KEPT),
        ("n in (1, 3) or code = 'b'", Verdict.BROKEN),
        ("n in (1, 2) or code <> 'b'", Verdict.BROKEN),
        ("n in (1, 2) or code = 'b' or code = 'c'", Verdict.BROKEN),
        ("k > 1 and (n in (1, 2) or code = 'b')", Verdict.KEPT),
    ],
)
def test_each_sort_of_rows_may_have_a_key_of_its_own(where: str, verdict: Verdict) -> None:
    schema = sql(
        "CREATE TABLE t (code TEXT NOT NULL UNIQUE, n INT, k INT);"
        "CREATE UNIQUE INDEX u ON t (n) WHERE n IN (1, 2);",
        "sqlite",
    )
    rule = f'unique: {{of: t, by: [n], nulls: distinct, where: "{where}"}}'
    assert judge(schema, rule).verdict is verdict


@pytest.mark.parametrize(
    ("check", "verdict"),
    [("s = 'a'", Verdict.KEPT), ("s IN ('a', 'b')", Verdict.BROKEN)],
)
def test_an_expression_folds_what_the_column_folds(check: str, verdict: Verdict) -> None:
    schema = sql(
        f"CREATE TABLE t (m INTEGER, s TEXT COLLATE NOCASE NOT NULL CHECK ({check})) STRICT;"
        "CREATE UNIQUE INDEX u ON t (upper(s));",
        "sqlite",
    )
    assert judge(schema, "unique: {of: t, by: [m], nulls: equal}").verdict is verdict


@pytest.mark.parametrize(
    ("column", "verdict"),
    [
        ("code TEXT UNIQUE", Verdict.BROKEN),
        ("code TEXT PRIMARY KEY", Verdict.BROKEN),  # which takes NULL there
        ("code TEXT NOT NULL UNIQUE", Verdict.KEPT),
    ],
)
def test_a_key_finds_no_two_rows_equal_that_agree_in_null(column: str, verdict: Verdict) -> None:
    """What the rule names settles what the key counts: 'c', or NULL."""
    computed = "made TEXT AS (coalesce(code, 'x')) STORED"
    schema = sql(f"CREATE TABLE t ({column} CHECK (code = 'c'), {computed});", "sqlite")
    assert judge(schema, "unique: {of: t, by: [made]}").verdict is verdict


@pytest.mark.parametrize("action", ["SET DEFAULT", "SET NULL"])
def test_no_action_gives_a_row_id_another_value(action: str) -> None:
    schema = sql(
        "CREATE TABLE p (code INTEGER UNIQUE);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY REFERENCES p (code)"
        f" ON UPDATE {action} ON DELETE {action});",
        "sqlite",
    )
    rule = "reference: {from: c.id, to: p, on_update: restrict, on_delete: restrict}"
    assert judge(switched_on(schema), rule).verdict is Verdict.KEPT


NO_DELETE = "CREATE TRIGGER d BEFORE DELETE ON p BEGIN SELECT RAISE(ABORT, 'no'); END;"
NO_UPDATE = "CREATE TRIGGER u BEFORE UPDATE ON p BEGIN SELECT RAISE(ABORT, 'no'); END;"
NO_SECOND = (
    "CREATE TRIGGER i BEFORE INSERT ON p WHEN EXISTS (SELECT 1 FROM p WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'no'); END;"
)


@pytest.mark.parametrize(
    ("triggers", "stated", "verdict"),
    [
        (NO_DELETE, "restrict", Verdict.UNKNOWN),
        (NO_DELETE, "cascade", Verdict.KEPT),
        (NO_DELETE + NO_UPDATE, "restrict", Verdict.UNKNOWN),
        (NO_DELETE + NO_SECOND, "restrict", Verdict.UNKNOWN),
        (NO_DELETE + NO_UPDATE + NO_SECOND, "restrict", Verdict.KEPT),
        ("", "restrict", Verdict.BROKEN),
    ],
)
def test_replace_of_a_parent_acts_past_its_triggers(
    triggers: str, stated: str, verdict: Verdict
) -> None:
    """REPLACE INTO p VALUES (1) deletes what points at the row, whose DELETE no trigger sees."""
    schema = sql(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY,"
        f" p_id INTEGER NOT NULL REFERENCES p (id) ON DELETE CASCADE); {triggers}",
        "sqlite",
    )
    rule = f"reference: {{from: c.p_id, to: p, on_delete: {stated}}}"
    assert judge(switched_on(schema), rule).verdict is verdict


@pytest.mark.parametrize("schema", ["temp.", "main.", ""])
def test_what_is_in_the_schema_temp_is_gone_with_the_session(schema: str) -> None:
    made = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
        f"CREATE TRIGGER {schema}i BEFORE INSERT ON t WHEN NEW.n <= 0"
        " BEGIN SELECT RAISE(ABORT, 'no'); END;"
        f"CREATE TRIGGER {schema}u BEFORE UPDATE ON t WHEN NEW.n <= 0"
        " BEGIN SELECT RAISE(ABORT, 'no'); END;"
        f"CREATE TABLE {schema}a (id INTEGER PRIMARY KEY);"
        f"CREATE VIEW {schema}v AS SELECT n FROM t;",
        "sqlite",
    )
    stays = schema != "temp."
    verdict = judge(made, "check: {of: t, that: n > 0}").verdict
    assert verdict is (Verdict.KEPT if stays else Verdict.BROKEN)
    assert {model.table for model in made.models} == ({"t", "a", "v"} if stays else {"t"})
