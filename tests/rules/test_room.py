"""What can be stored leaves no room for what a rule forbids: one row, or a parent's few values."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

UNIQUE = "unique: {of: settings, by: [name]}"
ONE_ROW = (
    "id boolean PRIMARY KEY DEFAULT true CHECK (id)",
    "id int PRIMARY KEY CHECK (id = 1)",
    "id int PRIMARY KEY DEFAULT 1, CHECK (id = 1 AND name <> '')",
    "id int PRIMARY KEY, only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one)",
)
MORE_ROWS = (
    "id int PRIMARY KEY CHECK (id >= 1)",
    "id int PRIMARY KEY CHECK (id IN (1, 2))",
    "id int PRIMARY KEY, only_one boolean UNIQUE CHECK (only_one)",
    "id int PRIMARY KEY, only_one boolean NOT NULL CHECK (only_one)",
    "id int UNIQUE CHECK (id = 1)",
)


@pytest.mark.parametrize("columns", ONE_ROW)
def test_table_of_one_row(columns: str) -> None:
    schema = sql(f"CREATE TABLE settings ({columns}, name text NOT NULL);")
    judged = judge(schema, UNIQUE)
    assert judged.verdict is Verdict.KEPT
    assert "leaves" in judged.kept_by[1]
    during = "no_overlap: {of: settings, during: [starts, ends]}"
    table = f"CREATE TABLE settings ({columns}, name text NOT NULL, starts date, ends date);"
    assert judge(sql(table), during).verdict is Verdict.KEPT


EXCLUDED = (
    ("id int PRIMARY KEY, EXCLUDE USING gist (id WITH <>)", True),
    ("id int PRIMARY KEY, EXCLUDE USING gist (id WITH <>) DEFERRABLE INITIALLY DEFERRED", True),
    ("id int UNIQUE, EXCLUDE USING gist (id WITH <>)", False),
    ("id int UNIQUE, EXCLUDE USING gist (id WITH <>), CHECK (id IS NOT NULL)", True),
    ("id int PRIMARY KEY, EXCLUDE USING gist (id WITH <>) WHERE (id > 1)", False),
    ("id int PRIMARY KEY, n int NOT NULL, EXCLUDE USING gist (n WITH <>)", False),
    ("id int, n int, PRIMARY KEY (id, n), EXCLUDE USING gist (n WITH <>)", False),
    ("id int PRIMARY KEY, n int NOT NULL, EXCLUDE USING gist (n WITH =, id WITH <>)", False),
    ("id int PRIMARY KEY, EXCLUDE USING gist (name WITH =, id WITH <>)", True),
    ("id int, n int, PRIMARY KEY (id, n), EXCLUDE USING gist (name WITH =, id WITH <>)", False),
)


@pytest.mark.parametrize(("columns", "kept"), EXCLUDED)
def test_no_two_rows_that_differ(columns: str, kept: bool) -> None:
    """EXCLUDE (id WITH <>) refuses a row with another id than the rest have (PostgreSQL 15)."""
    schema = sql(f"CREATE TABLE settings (name text NOT NULL, {columns});")
    judged = judge(schema, UNIQUE)
    assert judged.verdict is (Verdict.KEPT if kept else Verdict.BROKEN)
    if kept:
        assert "lets no two rows differ in `id`" in judged.kept_by[1]
    aside = judge(schema, "unique: {of: settings, by: [name], ignore_case: true}")
    assert aside.verdict is (Verdict.KEPT if kept and "name" not in columns else Verdict.BROKEN)


@pytest.mark.parametrize("columns", MORE_ROWS)
def test_table_of_more_rows(columns: str) -> None:
    schema = sql(f"CREATE TABLE settings ({columns}, name text NOT NULL);")
    assert judge(schema, UNIQUE).verdict is Verdict.BROKEN


PARENT = "CREATE TABLE shop (id int PRIMARY KEY, one boolean NOT NULL UNIQUE CHECK (one));"


def test_child_of_a_table_of_one_row() -> None:
    child = "CREATE TABLE settings (shop_id int %s REFERENCES shop (id), name text NOT NULL);"
    kept = judge(sql(PARENT + child % "NOT NULL UNIQUE"), UNIQUE)
    assert kept.verdict is Verdict.KEPT
    assert [*kept.kept_by][1:] == [
        "`REFERENCES shop (id)` on `settings`",
        "`UNIQUE` on `shop`, which has room for one row",
        "`CHECK (one)` on `shop`, which leaves `one` one value",
    ]
    # NULLs are no values, and without a key every row may point there.
    assert judge(sql(PARENT + child % "UNIQUE"), UNIQUE).verdict is Verdict.BROKEN
    assert judge(sql(PARENT + child % "NOT NULL"), UNIQUE).verdict is Verdict.BROKEN
    assert judge(sql(PARENT + child % "PRIMARY KEY"), UNIQUE).verdict is Verdict.KEPT


def test_unchecked_key_to_a_table_of_one_row() -> None:
    """SQLite looks at foreign keys only where it is asked to."""
    child = "CREATE TABLE settings (shop_id int NOT NULL UNIQUE REFERENCES shop (id), name text);"
    rule = "unique: {of: settings, by: [name], nulls: distinct}"
    schema = sql(PARENT + child, "sqlite")
    assert not schema.foreign_keys_enforced
    assert judge(schema, rule).verdict is Verdict.BROKEN


def test_rows_of_heirs_are_not_bound() -> None:
    """A table that inherits has neither the keys nor the foreign keys (F31b)."""
    child = "CREATE TABLE settings (shop_id int NOT NULL UNIQUE REFERENCES shop (id), name text);"
    heir = "CREATE TABLE more () INHERITS (settings);"
    assert judge(sql(PARENT + child + heir), UNIQUE).verdict is Verdict.BROKEN
    few = "check: {of: settings, that: shop_id = 1}"
    parent = "CREATE TABLE shop (id int PRIMARY KEY CHECK (id = 1));"
    assert judge(sql(parent + child), few).verdict is Verdict.KEPT
    assert judge(sql(parent + child + heir), few).verdict is Verdict.BROKEN


FEW = "CREATE TABLE state (code %s PRIMARY KEY CHECK (code IN ('new', 'done')));"
ORDERS = "CREATE TABLE orders (id int PRIMARY KEY, state %s %s REFERENCES state (code)%s);"
STATES = "states: {of: orders.state, values: [new, done]%s}"


def test_values_of_a_parent() -> None:
    schema = sql(FEW % "text" + ORDERS % ("text", "NOT NULL", ""))
    judged = judge(schema, STATES % "")
    assert judged.verdict is Verdict.KEPT
    assert [*judged.kept_by][:2] == [
        "`REFERENCES state (code)` on `orders`",
        "`CHECK (code IN ('new', 'done'))` on `state` says what it can point at",
    ]
    fewer = judge(schema, "states: {of: orders.state, values: [new, done, gone]}")
    assert fewer.verdict is Verdict.BROKEN
    assert "lets no row be `gone` for `orders.state` to point at" in fewer.message


def test_values_of_a_parent_that_a_row_need_not_have() -> None:
    schema = sql(FEW % "text" + ORDERS % ("text", "", ""))
    assert judge(schema, STATES % "").verdict is Verdict.BROKEN
    assert judge(schema, STATES % ", optional: true").verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("here", "there"),
    [("citext", "text"), ("char(9)", "text"), ("text COLLATE odd", "text COLLATE odd")],
)
def test_values_that_only_equal_those_of_a_parent(here: str, there: str) -> None:
    """`NEW` can point at `new`, and is another value."""
    schema = sql(FEW % there + ORDERS % (here, "NOT NULL", ""))
    assert judge(schema, STATES % "").verdict is not Verdict.KEPT


def test_values_of_a_parent_by_a_key_that_nobody_checks() -> None:
    schema = sql(FEW % "text" + ORDERS % ("text", "NOT NULL", ""), "sqlite")
    assert judge(schema, STATES % "").verdict is Verdict.BROKEN


def test_values_of_the_parent_of_a_parent() -> None:
    schema = sql(
        """
        CREATE TABLE a (id int PRIMARY KEY CHECK (id BETWEEN 1 AND 3));
        CREATE TABLE b (id int PRIMARY KEY REFERENCES a (id));
        CREATE TABLE c (id int PRIMARY KEY, b int NOT NULL REFERENCES b (id));
        """
    )
    assert judge(schema, "check: {of: c, that: b > 0}").verdict is Verdict.KEPT
    assert judge(schema, "check: {of: c, that: b > 1}").verdict is Verdict.BROKEN


def test_one_null_frees_a_row_of_its_parent() -> None:
    schema = sql(
        """
        CREATE TABLE a (x int, y int, PRIMARY KEY (x, y), CHECK (x > 0 AND y > 0));
        CREATE TABLE b (
          id int PRIMARY KEY, x int NOT NULL, y int, FOREIGN KEY (x, y) REFERENCES a (x, y)
        );
        """
    )
    assert judge(schema, "check: {of: b, that: x > 0}").verdict is Verdict.BROKEN
    assert judge(schema, "check: {of: b, that: x > 0 or y is null}").verdict is Verdict.KEPT


def test_tables_that_point_at_each_other() -> None:
    schema = sql(
        """
        CREATE TABLE a (id int PRIMARY KEY CHECK (id > 0), b int);
        CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a (id));
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id);
        """
    )
    assert judge(schema, "check: {of: b, that: a > 0}").verdict is Verdict.KEPT
    assert judge(schema, "check: {of: a, that: b > 0}").verdict is Verdict.BROKEN


def test_each_row_needs_a_row_of_its_own_to_point_at() -> None:
    """As many are pointed at as point: none is left that nothing points at."""
    ring = "CREATE TABLE ring (code text UNIQUE, next text %s REFERENCES ring (code));"
    rule = "optional: {of: ring, fields: [code]}"
    assert judge(sql(ring % "NOT NULL UNIQUE"), rule).verdict is Verdict.BROKEN
    assert judge(sql(ring % "UNIQUE"), rule).verdict is Verdict.KEPT
    assert judge(sql(ring % "NOT NULL"), rule).verdict is Verdict.KEPT


def test_parent_in_the_same_table_obeys_its_own_checks() -> None:
    schema = sql(
        "CREATE TABLE part (id int PRIMARY KEY CHECK (id < 1), whole int REFERENCES part (id));"
    )
    assert judge(schema, "check: {of: part, that: whole is null or whole < 1}").verdict is (
        Verdict.KEPT
    )
    assert judge(schema, "check: {of: part, that: whole < 1}").verdict is Verdict.BROKEN


ONTO = (
    ("link text NOT NULL UNIQUE REFERENCES t (id)", True),
    ("link text UNIQUE REFERENCES t (id), CHECK (link IS NOT NULL)", True),
    ("link text NOT NULL REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED, UNIQUE (link)", True),
    ("link text UNIQUE REFERENCES t (id)", False),
    ("link text NOT NULL REFERENCES t (id)", False),
    ('link text COLLATE "de-x-icu" NOT NULL UNIQUE REFERENCES t (id)', True),
)


@pytest.mark.parametrize(("columns", "kept"), ONTO)
def test_every_row_points_and_no_two_at_the_same(columns: str, kept: bool) -> None:
    """As many rows are pointed at as there are rows: all of them."""
    schema = sql(f"CREATE TABLE t (id text PRIMARY KEY, {columns});")
    rule = (
        "reference: {from: t.link, to: t, required: false, cardinality: one-or-more, "
        "on_delete: no_action}"
    )
    judged = judge(schema, rule)
    assert judged.verdict is (Verdict.KEPT if kept else Verdict.BROKEN)
    if kept:
        heir = "CREATE TABLE more () INHERITS (t);"
        assert judge(sql(schema.files[0].text + heir), rule).verdict is not Verdict.KEPT
    lower = "CREATE UNIQUE INDEX ON t (lower(link));"
    again = sql(f"CREATE TABLE t (id text PRIMARY KEY, {columns});{lower}")
    assert judge(again, rule).verdict is (Verdict.KEPT if "NOT NULL" in columns else judged.verdict)


@pytest.mark.parametrize("stated", ["restrict", "no_action", "cascade"])
def test_the_one_row_of_a_table_that_points_at_itself(stated: str) -> None:
    """Of a row that is deleted with itself, nothing is left to be done to."""
    column = "id int PRIMARY KEY CHECK (id = 0), up int UNIQUE REFERENCES t (id) ON DELETE SET NULL"
    rule = f"reference: {{from: t.up, to: t, required: false, on_delete: {stated}}}"
    assert judge(sql(f"CREATE TABLE t ({column});"), rule).verdict is Verdict.KEPT
    more = column.replace("= 0", ">= 0")
    assert judge(sql(f"CREATE TABLE t ({more});"), rule).verdict is Verdict.BROKEN


NO_PARENT = "CREATE TABLE p (id int PRIMARY KEY, d date NOT NULL, CHECK (d IS NULL));"


def test_a_parent_that_can_hold_no_row() -> None:
    """What points there points nowhere."""
    child = "CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p (id));"
    pointing = "check: {of: c, that: p is null}"
    judged = judge(sql(NO_PARENT + child), pointing)
    assert judged.verdict is Verdict.KEPT
    assert "which leads to `p`, which can hold no row," in judged.kept_by[0]
    assert judge(sql(NO_PARENT.replace("NOT NULL", "") + child), pointing).verdict is (
        Verdict.BROKEN
    )


def test_a_column_of_one_value() -> None:
    enum = "CREATE TYPE one AS ENUM ('only'); CREATE TYPE two AS ENUM ('a', 'b');"
    rule = "immutable: {of: t, fields: [f]}"
    for column, verdict in (
        ("f one NOT NULL", Verdict.KEPT),
        ("f one", Verdict.BROKEN),
        ("f two NOT NULL", Verdict.BROKEN),
        ("f char(3) NOT NULL CHECK (f IN ('a'))", Verdict.KEPT),
        ("f char(3) NOT NULL CHECK (f IN ('a', 'b'))", Verdict.BROKEN),
        ("f char(3) NOT NULL, CHECK (f = 'a' OR id > 1), CHECK (id = 1)", Verdict.KEPT),
        ("f citext NOT NULL CHECK (f = 'a')", Verdict.BROKEN),
    ):
        made = f"CREATE EXTENSION citext; {enum} CREATE TABLE t (id int PRIMARY KEY, {column});"
        assert judge(sql(made), rule).verdict is verdict, column


UNIQUE_NAME = "unique: {of: t, by: [name]}"
CONSTANTS = (
    ("((TRUE))", Verdict.KEPT),
    ("((1))", Verdict.KEPT),
    ("((false)) WHERE name IS NOT NULL", Verdict.KEPT),
    ("((1 = 1))", Verdict.KEPT),
    ("((1::bigint))", Verdict.KEPT),
    ("((true::boolean))", Verdict.KEPT),
    ("((NULL::int)) NULLS NOT DISTINCT", Verdict.KEPT),
    ("((NULL::int))", Verdict.BROKEN),
    ("(((NULL)::text))", Verdict.BROKEN),
    ("((TRUE)) WHERE name <> 'x'", Verdict.BROKEN),
    ("((TRUE), id)", Verdict.BROKEN),
)


@pytest.mark.parametrize(("members", "verdict"), CONSTANTS)
def test_index_over_a_constant(members: str, verdict: Verdict) -> None:
    table = (
        "CREATE TABLE settings (id int PRIMARY KEY, name text NOT NULL, starts date, ends date);"
    )
    schema = sql(f"{table} CREATE UNIQUE INDEX one_row ON settings {members};")
    assert judge(schema, UNIQUE).verdict is verdict
    assert judge(schema, "no_overlap: {of: settings, during: [starts, ends]}").verdict is verdict


@pytest.mark.parametrize(
    ("members", "verdict", "stricter"),
    [
        ("(name, (1::int))", Verdict.KEPT, False),
        ("(name, (TRUE))", Verdict.KEPT, False),
        ("(name, (NULL::int)) NULLS NOT DISTINCT", Verdict.KEPT, False),
        ("(name, (NULL::int))", Verdict.BROKEN, False),
        ("((TRUE), (1::int))", Verdict.KEPT, True),
    ],
)
def test_a_constant_beside_columns_says_nothing(
    members: str, verdict: Verdict, stricter: bool
) -> None:
    table = "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL);"
    judged = judge(sql(f"{table} CREATE UNIQUE INDEX i ON t {members};"), UNIQUE_NAME)
    assert judged.verdict is verdict
    assert bool(judged.stricter) is stricter


def test_sqlite_takes_true_for_a_column_where_there_is_one() -> None:
    column = sql(
        "CREATE TABLE settings (id INTEGER PRIMARY KEY, name TEXT NOT NULL, true INTEGER);"
        "CREATE UNIQUE INDEX one_row ON settings ((true));",
        "sqlite",
    )
    assert judge(column, UNIQUE, "sqlite").verdict is Verdict.BROKEN
    for members in ("((true))", "(FALSE)"):
        constant = sql(
            "CREATE TABLE settings (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            f"CREATE UNIQUE INDEX one_row ON settings {members};",
            "sqlite",
        )
        assert judge(constant, UNIQUE, "sqlite").verdict is Verdict.KEPT
