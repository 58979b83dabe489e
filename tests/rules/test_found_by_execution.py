"""Verdicts that were wrong until attacks were carried out on databases."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.carrying_out import load
from tests.rules.judging import judge, sql


def test_a_comparison_that_no_row_makes_true_is_not_held_loosely() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, s TEXT COLLATE NOCASE, "
        "r TEXT COLLATE NOCASE, CHECK (NOT (n IS NOT NULL AND s IS NOT NULL)));",
        "sqlite",
    )
    assert judge(schema, "check: {of: t, that: s is null or s = r}").verdict is Verdict.KEPT


def test_a_number_that_is_never_there_is_no_text_either() -> None:
    schema = sql("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n IS NULL));", "sqlite")
    assert judge(schema, "check: {of: t, that: n is null or n > 0}").verdict is Verdict.KEPT


def test_an_index_over_what_the_condition_leaves_one_spelling_may_keep_it() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE NOT NULL, r TEXT) STRICT;"
        "CREATE UNIQUE INDEX u ON t (lower(s)) WHERE s = 'a';",
        "sqlite",
    )
    rule = "unique: {of: t, by: [r], nulls: equal, where: \"s = 'a'\"}"
    assert judge(schema, rule).verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("text NOT NULL", Verdict.KEPT),
        ("varchar(9) NOT NULL", Verdict.KEPT),
        ("text", Verdict.BROKEN),
        ("text COLLATE odd NOT NULL", Verdict.UNKNOWN),
    ],
)
def test_a_column_that_a_foreign_key_ties_to_the_rule_is_the_same(
    kind: str, verdict: Verdict
) -> None:
    """Where every row points, and what is equal to the foreign key is the same."""
    schema = sql(
        "CREATE TABLE p (code text NOT NULL UNIQUE, kind text NOT NULL, UNIQUE (code, kind));"
        f"CREATE TABLE t (id int PRIMARY KEY, ends int, code text NOT NULL, kind {kind}, "
        "UNIQUE (code, kind), FOREIGN KEY (code, kind) REFERENCES p (code, kind));",
    )
    assert judge(schema, "unique: {of: t, by: [code]}").verdict is verdict
    assert judge(schema, "no_overlap: {of: t, by: [code], during: [id, ends]}").verdict is verdict


@pytest.mark.parametrize("strict", ["STRICT", ""])
@pytest.mark.parametrize("most", ["b", "A"])
def test_text_below_a_constant_is_there_whatever_the_letters(most: str, strict: str) -> None:
    """NOCASE has an order, too: rows with `s < 'b'` are not none."""
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT COLLATE NOCASE NOT NULL, "
        f"CHECK (s = lower(s)), CHECK (s < '{most}')) {strict}; CREATE UNIQUE INDEX u ON t (n, s);",
        "sqlite",
    )
    assert judge(schema, "unique: {of: t, by: [s], nulls: distinct}").verdict is Verdict.BROKEN
    assert judge(schema, "check: {of: t, that: \"s = 'a'\"}").verdict is Verdict.BROKEN


def test_upper_of_a_column_in_collation_c_folds_a_to_z_only() -> None:
    schema = sql(
        'CREATE TABLE t (id int PRIMARY KEY, s text COLLATE "C" NOT NULL);'
        "CREATE UNIQUE INDEX u ON t (upper(s));",
    )
    assert judge(schema, "unique: {of: t, by: [s], ignore_case: true}").verdict is Verdict.BROKEN


def test_an_expression_of_one_value_only_has_no_two_spellings() -> None:
    rule = "unique: {of: t, by: [s], ignore_case: true}"
    for index in ("lower(s)", "coalesce(s, '')"):
        schema = sql(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL CHECK (s = 'a'));"
            f"CREATE UNIQUE INDEX u ON t ({index});",
            "sqlite",
        )
        assert judge(schema, rule).verdict is Verdict.KEPT


def test_a_check_keeps_a_time_of_creation() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, "
        "made TIMESTAMP DEFAULT CURRENT_TIMESTAMP, CHECK ((made IS NOT NULL) IS TRUE));",
        "sqlite",
    )
    assert judge(schema, "audit: {of: t, created: made}").verdict is Verdict.KEPT


def test_what_points_at_a_rowid_holds_numbers() -> None:
    schema = switched_on(
        sql(
            "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            "CREATE TABLE t (id INTEGER PRIMARY KEY, "
            "p_id INTEGER NOT NULL UNIQUE REFERENCES p (id));",
            "sqlite",
        )
    )
    not_blank = "required: {of: t, fields: [p_id], not_blank: true}"
    assert judge(schema, not_blank).verdict is Verdict.KEPT
    assert judge(schema, "identity: {of: t, by: [p_id], type: int}").verdict is Verdict.KEPT


def test_rows_that_never_agree_never_overlap() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, room TEXT CHECK ((room IS NULL) IS TRUE), "
        "a INTEGER NOT NULL, b INTEGER NOT NULL) STRICT;",
        "sqlite",
    )
    rule = "no_overlap: {of: t, by: [room], during: [a, b]}"
    assert judge(schema, rule).verdict is Verdict.KEPT


def test_a_case_may_ask_for_what_is_zero() -> None:
    """Rows whose `f` is 0 have no `g`, and so any number of them pass (MariaDB)."""
    schema = sql(
        "CREATE TABLE t (id INT PRIMARY KEY, f BOOLEAN NOT NULL, "
        "g INT GENERATED ALWAYS AS (CASE WHEN f THEN 1 END) STORED);"
        "CREATE UNIQUE INDEX u ON t (g);",
        "mariadb",
    )
    assert judge(schema, "unique: {of: t, by: [f]}").verdict is not Verdict.KEPT


@pytest.mark.parametrize(
    ("collation", "verdict"),
    [("utf8mb4_bin", Verdict.BROKEN), ("utf8mb4_nopad_bin", Verdict.KEPT)],
)
def test_most_binary_collations_ignore_trailing_blanks(collation: str, verdict: Verdict) -> None:
    """MariaDB: 'a' = 'a ' under utf8mb4_bin, so a guard that compares lets that change pass."""
    schema = sql(
        f"CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(9) COLLATE {collation} NOT NULL);"
        "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW BEGIN IF NOT (OLD.s <=> NEW.s) THEN "
        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END;",
        "mariadb",
    )
    assert judge(schema, "immutable: {of: t, fields: [s]}").verdict is verdict


@pytest.mark.parametrize(
    ("column", "verdict"), [("s COLLATE BINARY", Verdict.BROKEN), ("s", Verdict.KEPT)]
)
def test_texts_that_are_listed_in_one_case_are_there_in_others(
    column: str, verdict: Verdict
) -> None:
    """NOCASE takes 'A' for one of ('a', 'b'); an index of another collation does not."""
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE NOT NULL);"
        f"CREATE UNIQUE INDEX u ON t ({column});",
        "sqlite",
    )
    rule = "unique: {of: t, by: [s], ignore_case: true, where: \"s in ('a', 'b')\"}"
    assert judge(schema, rule).verdict is verdict


def test_a_text_that_a_rule_lists_has_one_spelling_to_an_expression() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL) STRICT;"
        "CREATE UNIQUE INDEX u ON t (coalesce(s, ''));",
        "sqlite",
    )
    rule = "unique: {of: t, by: [s], ignore_case: true, where: \"s in ('a', 'b')\"}"
    assert judge(schema, rule).verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("dialect", "verdict"), [(Dialect.MARIADB, Verdict.WEAK), (Dialect.POSTGRESQL, Verdict.KEPT)]
)
def test_an_enum_without_a_type_of_its_own_is_compared_as_a_text(
    dialect: Dialect, verdict: Verdict
) -> None:
    """MySQL's collations take 'draft' for 'DRAFT', a CHECK that lists the states lets it in."""
    models = """
        import enum
        import sqlalchemy as sa
        from sqlmodel import Field, SQLModel

        class State(str, enum.Enum):
            DRAFT = "DRAFT"
            DONE = "DONE"

        class T(SQLModel, table=True):
            id: int = Field(primary_key=True)
            state: State = Field(sa_column=sa.Column(
                sa.Enum(State, native_enum=False, create_constraint=True), nullable=False))
    """
    schema = load(models, "py", dialect)
    assert judge(schema, "states: {of: T.state, values: [DRAFT, DONE]}").verdict is verdict


def test_letter_case_tells_texts_of_an_enum_apart_that_nobody_keeps() -> None:
    models = """
        import enum
        from sqlmodel import Field, SQLModel

        class State(str, enum.Enum):
            DRAFT = "DRAFT"

        class T(SQLModel, table=True):
            id: int = Field(primary_key=True)
            state: State = Field(unique=True)
    """
    schema = load(models, "py", Dialect.SQLITE)
    rule = "unique: {of: T, by: [state], ignore_case: true}"
    assert judge(schema, rule).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("expression", "optional", "unique"),
    [
        ("coalesce(n, 0)", Verdict.BROKEN, Verdict.KEPT),
        ("nullif(n, 0)", Verdict.KEPT, Verdict.BROKEN),
        ("abs(n)", Verdict.BROKEN, Verdict.KEPT),
        ("n # 1", Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_whether_a_computed_value_can_be_missing(
    expression: str, optional: Verdict, unique: Verdict
) -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, "
        f"made INTEGER GENERATED ALWAYS AS ({expression}) STORED, UNIQUE (made));",
        "postgresql",
    )
    assert judge(schema, "optional: {of: t, fields: [made]}").verdict is optional
    assert judge(schema, "unique: {of: t, by: [made], nulls: equal}").verdict is unique


def test_ranges_have_no_letter_case() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, span int4range NOT NULL UNIQUE);", "postgresql"
    )
    rule = "unique: {of: t, by: [span], ignore_case: true}"
    assert judge(schema, rule).verdict is Verdict.KEPT


def test_a_loose_comparison_that_need_not_be_true_is_of_no_matter() -> None:
    schema = sql(
        "CREATE TABLE t (id int PRIMARY KEY, code varchar(9), n int NOT NULL, CHECK (n > 0));",
        "mariadb",
    )
    assert judge(schema, "check: {of: t, that: code = 'c' or n >= 0}").verdict is Verdict.KEPT
    weaker = sql(
        "CREATE TABLE t (id int PRIMARY KEY, code varchar(9) CHECK (code = 'c'));", "mariadb"
    )
    assert judge(weaker, "check: {of: t, that: code is null or code = 'c'}").verdict is Verdict.WEAK


@pytest.mark.parametrize(
    ("column", "verdict"),
    [("made", Verdict.UNKNOWN), ("n", Verdict.BROKEN), ("n, k", Verdict.KEPT)],
)
def test_update_of_a_computed_column_fires_at_more_than_it_says(
    column: str, verdict: Verdict
) -> None:
    """Beside a BEFORE trigger, PostgreSQL 15.20 takes it for changed by every UPDATE."""
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER, n INTEGER, "
        "made INTEGER GENERATED ALWAYS AS (n + 1) STORED);"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'no'; END $$;"
        f"CREATE TRIGGER g BEFORE UPDATE OF {column} ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "postgresql",
    )
    assert judge(schema, "immutable: {of: t, fields: [k]}").verdict is verdict


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("(n IN (3)) IS TRUE", Verdict.KEPT),
        ("n > 1", Verdict.KEPT),
        ("n > 0", Verdict.BROKEN),
        ("n IN (3)", Verdict.BROKEN),  # NULL passes
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mariadb"])
def test_what_is_computed_of_one_value_only_does_not_change(
    dialect: str, check: str, verdict: Verdict
) -> None:
    needed = "" if "IN" in check else "NOT NULL"
    schema = sql(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER {needed} CHECK ({check}), "
        "made INTEGER GENERATED ALWAYS AS (CASE WHEN n > 1 THEN 1 END) STORED);",
        dialect,
    )
    assert judge(schema, "immutable: {of: t, fields: [made]}").verdict is verdict


@pytest.mark.parametrize(
    ("event", "verdict"), [("UPDATE", Verdict.INEXPRESSIBLE), ("INSERT", Verdict.UNKNOWN)]
)
def test_what_no_update_may_do_two_inserts_may(event: str, verdict: Verdict) -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, room INTEGER, starts INTEGER, ends INTEGER);"
        f"CREATE TRIGGER guard BEFORE {event} ON t FOR EACH ROW IF (NEW.room > 3) THEN "
        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF;",
        "mariadb",
    )
    rule = "no_overlap: {of: t, by: [room], during: [starts, ends], nulls: distinct}"
    assert judge(schema, rule).verdict is verdict


@pytest.mark.parametrize("kind", ["BLOB", "TIME(3)", "INET4", "SET('a')", "UUID", "CHAR(3)"])
def test_every_type_of_mysql_has_a_value(kind: str) -> None:
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, one {kind}, other INTEGER);", "mariadb")
    judged = judge(schema, "at_most_one: {of: t, fields: [one, other]}")
    assert judged.verdict is Verdict.BROKEN
    needed = sql(f"CREATE TABLE t (one {kind} CHECK (one > 3), other INTEGER);", "mariadb")
    if kind != "CHAR(3)":  # of which values are known
        judged = judge(needed, "at_most_one: {of: t, fields: [one, other]}")
        assert judged.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "trigger", "verdict"),
    [
        ("TIMESTAMP", "BEFORE UPDATE", Verdict.UNKNOWN),
        ("TIMESTAMP", "BEFORE INSERT", Verdict.UNKNOWN),
        ("TIMESTAMP", "BEFORE DELETE", Verdict.BROKEN),
        ("TIMESTAMP", "AFTER UPDATE", Verdict.BROKEN),
        ("DATETIME", "BEFORE UPDATE", Verdict.BROKEN),
    ],
)
def test_times_that_mariadb_stores_beside_triggers(
    kind: str, trigger: str, verdict: Verdict
) -> None:
    schema = sql(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, at {kind} NOT NULL);"
        f"CREATE TRIGGER g {trigger} ON t FOR EACH ROW SET @noted = 1;",
        "mariadb",
    )
    assert judge(schema, "audit: {of: t, created: at}").verdict is verdict


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("IF (NOT (OLD.id <=> NEW.id)) THEN SET NEW.id = OLD.id; END IF", Verdict.UNKNOWN),
        ("SET NEW.n = OLD.n", Verdict.BROKEN),
    ],
)
def test_a_trigger_may_put_a_key_back(body: str, verdict: Verdict) -> None:
    schema = sql(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, n INTEGER);"
        "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER, FOREIGN KEY (p) REFERENCES p (id));"
        f"CREATE TRIGGER g BEFORE UPDATE ON p FOR EACH ROW {body};",
        "mariadb",
    )
    rule = "reference: {from: t.p, to: p, required: false, on_update: set_null}"
    assert judge(schema, rule).verdict is verdict


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("ENUM('a', 'b')", Verdict.UNKNOWN),
        ("DATETIME", Verdict.UNKNOWN),
        ("INTEGER", Verdict.INEXPRESSIBLE),
    ],
)
def test_an_interval_from_an_enum_to_a_number(kind: str, verdict: Verdict) -> None:
    schema = sql(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, kind {kind} NOT NULL, room INTEGER NOT NULL);",
        "mariadb",
    )
    assert judge(schema, "no_overlap: {of: t, by: [room], during: [kind, id]}").verdict is verdict


def test_an_interval_from_a_text_to_a_number() -> None:
    """MariaDB compares a text by the number that it begins with: '10a' > 9 and 'x' < 1 (10.11)."""
    schema = sql(
        "CREATE TABLE t (a VARCHAR(9) NOT NULL, b INT NOT NULL, c INT NOT NULL)", "mariadb"
    )
    rule = "no_overlap: {of: t, by: [c], during: [a, b]}"
    assert judge(schema, rule).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("kind", ["char(3)", "time(3)", "point", "bit(2)", "money", "jsonpath"])
def test_of_few_types_of_postgresql_no_value_is_known(kind: str) -> None:
    schema = sql(f"CREATE TABLE t (id int PRIMARY KEY, one {kind}, other int);")
    rules = ("at_most_one: {of: t, fields: [one, other]}", "check: {of: t, that: one is null}")
    assert {judge(schema, rule).verdict for rule in rules} == {Verdict.BROKEN}


@pytest.mark.parametrize(
    ("members", "verdict"), [("'a','b'", Verdict.KEPT), ("'a','A'", Verdict.BROKEN)]
)
def test_the_members_of_a_set_are_stored_as_they_are_listed(members: str, verdict: Verdict) -> None:
    schema = sql(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, s SET({members}) COLLATE utf8mb4_bin NOT NULL, "
        "UNIQUE (s));",
        "mariadb",
    )
    assert judge(schema, "unique: {of: t, by: [s], ignore_case: true}").verdict is verdict


@pytest.mark.parametrize("kind", ["DECIMAL(65,30)", "DECIMAL(10,2)"])
@pytest.mark.parametrize("that", ["n >= 2", "n <= 100", "n between 0 and 1"])
def test_a_number_of_many_digits_may_be_next_to_another(kind: str, that: str) -> None:
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, n {kind} NOT NULL);", "mariadb")
    assert judge(schema, f"check: {{of: t, that: {that}}}").verdict is Verdict.BROKEN
