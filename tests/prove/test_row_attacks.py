"""Attacks on rules about single rows and pairs of rows, on SQLite: which get through, and how."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.carrying_out import CarriedOut, carried_out, load, sqlite, through


def _carried_out(ddl: str, rule: str) -> CarriedOut:
    with sqlite() as database:
        return carried_out(database, switched_on(load(ddl, "sql", Dialect.SQLITE)), rule)


def _counterexample(found: CarriedOut) -> list[str]:
    shown = found.proofs[0].shown
    assert shown is not None, str(found)
    return [one.sql for one in shown.statements]


PEOPLE = "CREATE TABLE people (id INTEGER PRIMARY KEY, age INTEGER {}, name TEXT);"


@pytest.mark.parametrize(
    ("constraint", "rule", "statements"),
    [
        (
            "",
            "required: {of: people, fields: [name]}",
            ["INSERT INTO people (name) VALUES (NULL)"],
        ),
        (
            "NOT NULL CHECK (age >= 18)",
            "check: {of: people, that: age >= 18}",
            ["INSERT INTO people (age) VALUES ('x')"],
        ),
        (
            "CHECK (age >= 18)",
            "check: {of: people, that: age >= 18}",
            ["INSERT INTO people DEFAULT VALUES"],
        ),
        (
            "",
            "exactly_one: {of: people, fields: [age, name]}",
            ["INSERT INTO people DEFAULT VALUES"],
        ),
        (
            "",
            "at_most_one: {of: people, fields: [age, name]}",
            ["INSERT INTO people (age, name) VALUES (1, 'x')"],
        ),
        (
            "NOT NULL UNIQUE",
            "identity: {of: people, by: [age], type: int}",
            ["INSERT INTO people (age) VALUES ('x')"],
        ),
        (
            "",
            "audit: {of: people, created: age}",
            ["INSERT INTO people DEFAULT VALUES"],
        ),
    ],
)
def test_the_smallest_way_in(constraint: str, rule: str, statements: list[str]) -> None:
    found = _carried_out(PEOPLE.format(constraint), rule)
    assert _counterexample(found) == statements


@pytest.mark.parametrize(
    ("constraint", "rule"),
    [
        ("NOT NULL", "required: {of: people, fields: [age]}"),
        ("", "optional: {of: people, fields: [age, name]}"),
        (
            "NOT NULL CHECK (typeof(age) = 'integer' AND age > 18)",
            "check: {of: people, that: age >= 18}",
        ),
        (
            "CHECK ((age IS NULL) + (name IS NULL) = 1)",
            "exactly_one: {of: people, fields: [age, name]}",
        ),
        ("NOT NULL UNIQUE", "identity: {of: people, by: [age]}"),
        ("NOT NULL DEFAULT CURRENT_TIMESTAMP", "audit: {of: people, created: age}"),
    ],
)
def test_what_is_kept_withstands(constraint: str, rule: str) -> None:
    found = _carried_out(PEOPLE.format(constraint), rule)
    assert found.proofs[0].shown is None, str(found)
    assert found.read.verdict == found.report.verdict


def test_optional_is_broken_by_a_refusal() -> None:
    found = _carried_out(PEOPLE.format("NOT NULL"), "optional: {of: people, fields: [age]}")
    shown = found.proofs[0].shown
    assert shown is not None
    assert shown.end == "refused"
    assert [one.sql for one in shown.statements] == ["INSERT INTO people (age) VALUES (NULL)"]


def test_optional_is_broken_where_something_else_is_stored() -> None:
    found = _carried_out(PEOPLE.format(""), "optional: {of: people, fields: [id]}")
    assert found.report.verdict is Verdict.BROKEN
    shown = found.proofs[0].shown
    assert shown is not None
    assert shown.what == "the database stores 1 for its `id`"


def test_a_parent_is_deleted() -> None:
    ddl = """
        CREATE TABLE cards (id INTEGER PRIMARY KEY);
        CREATE TABLE payments (
          id INTEGER PRIMARY KEY,
          card INTEGER REFERENCES cards (id) ON DELETE SET NULL,
          cash INTEGER
        );
        CREATE TRIGGER t BEFORE INSERT ON payments WHEN NEW.card IS NULL AND NEW.cash IS NULL
        BEGIN SELECT RAISE(ABORT, 'no'); END;
        CREATE TRIGGER u BEFORE UPDATE OF cash ON payments
        WHEN NEW.card IS NULL AND NEW.cash IS NULL
        BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    found = _carried_out(ddl, "at_least_one: {of: payments, fields: [card, cash]}")
    assert found.ends["deletes the row of `cards` that a row of `payments` points at"] == "through"


def test_two_rows_become_alike() -> None:
    ddl = """
        CREATE TABLE cards (id INTEGER PRIMARY KEY);
        CREATE TABLE payments (id INTEGER PRIMARY KEY, card INTEGER REFERENCES cards (id));
        CREATE TRIGGER t BEFORE INSERT ON payments WHEN NEW.card IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    rule = "reference: {from: payments.card, to: cards, required: false, cardinality: one-to-one}"
    found = _carried_out(ddl, rule)
    assert found.ends["changes two rows of `payments` to the same `card`"] == "through"


@pytest.mark.slow
def test_a_time_of_change_that_a_trigger_misses() -> None:
    ddl = """
        CREATE TABLE orders (
          id INTEGER PRIMARY KEY, total INTEGER, note TEXT, updated_at TEXT
        );
        CREATE TRIGGER renew AFTER UPDATE OF total ON orders BEGIN
          UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
        END;
    """
    found = _carried_out(ddl, "audit: {of: orders, updated: updated_at}")
    assert found.ends["changes `total` of a row of `orders`"] == "harmless"
    assert found.ends["changes `note` of a row of `orders`"] == "through"


BOOKING = """
    CREATE TABLE booking (
      id INTEGER PRIMARY KEY, room INTEGER NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL,
      UNIQUE (room, starts)
    );
"""


def test_bookings_that_overlap() -> None:
    found = _carried_out(BOOKING, "no_overlap: {of: booking, by: [room], during: [starts, ends]}")
    assert _counterexample(found) == [
        "INSERT INTO booking (room, starts, ends) VALUES (1, '2024-01-01', '2024-01-03')",
        "INSERT INTO booking (room, starts, ends) VALUES (1, '2024-01-02', '2024-01-04')",
    ]
    assert (
        found.ends["stores two rows of `booking` with the same `room` one after the other"]
        == "harmless"
    )


def test_a_table_whose_rows_need_endless_others_comes_to_an_end() -> None:
    ddl = """
        CREATE TABLE t (
          id INTEGER PRIMARY KEY CHECK (id < 0), name TEXT, link INTEGER DEFAULT 1 REFERENCES t (id)
        );
    """
    found = _carried_out(ddl, "required: {of: t, fields: [name]}")
    assert found.proofs[0].outcomes


@pytest.mark.parametrize(
    ("ddl", "rule"),
    [
        (  # the first row has to leave room for a second
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, f BOOLEAN NOT NULL, "
            "CHECK (iif(f, n > 0, n IS NULL))); CREATE UNIQUE INDEX u ON t (coalesce(n, 0));",
            "unique: {of: t, by: [f]}",
        ),
        (  # what is asked of the second row is not what tells it from the first
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, m INTEGER, "
            "p INTEGER NOT NULL); CREATE UNIQUE INDEX u ON t (n, p);",
            "unique: {of: t, by: [m], where: n = 1, nulls: distinct}",
        ),
        (  # rows that overlap, and no two of them have an end in common
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE, room TEXT NOT NULL,"
            " CHECK (id < 3), CHECK (n > 5));",
            "no_overlap: {of: t, by: [room], during: [id, n]}",
        ),
        (  # no row may have a beginning, and few can end at all
            "CREATE TABLE t (id INTEGER PRIMARY KEY, room TEXT NOT NULL, n INTEGER, "
            "CHECK (id IN (0, 1)), CHECK (n IS NULL));",
            "no_overlap: {of: t, by: [room], during: [n, id]}",
        ),
        (  # the first row makes room for another
            "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, c INTEGER NOT NULL, "
            "PRIMARY KEY (a, b)); CREATE TRIGGER g BEFORE INSERT ON t WHEN (NEW.b <> 'a') "
            "BEGIN SELECT RAISE(ABORT, 'no'); END;",
            "unique: {of: t, by: [a, c]}",
        ),
        (  # one value cannot change without another
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, CHECK (n = 3 OR id = 3));",
            "immutable: {of: t, fields: [n], where: id = 1}",
        ),
        (  # a row that points at itself is held fast by that
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER NOT NULL UNIQUE REFERENCES t);",
            "immutable: {of: t, fields: [id]}",
        ),
        (  # an UPDATE has to lead to what no INSERT may store
            "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, n INTEGER NOT NULL DEFAULT 1); "
            "CREATE TRIGGER i BEFORE INSERT ON t WHEN NEW.s = 'a' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END; "
            "CREATE TRIGGER u BEFORE UPDATE ON t WHEN OLD.s IS NULL "
            "BEGIN SELECT RAISE(ABORT, 'no'); END;",
            "immutable: {of: t, fields: [n], where: \"s = 'a'\"}",
        ),
    ],
)
def test_what_takes_more_than_one_step_is_found(ddl: str, rule: str) -> None:
    assert _counterexample(_carried_out(ddl, rule))


def test_what_a_check_refuses_is_sent_all_the_same() -> None:
    """The reading of a CHECK is no evidence of what the database makes of it."""
    table = "CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL, m int CHECK (m > 3), {})"
    rule = "check: {of: a, that: n > 0}"
    attacks = (
        "stores a row of `a` for which `n > 0` is not true",
        "changes a row of `a` to one for which `n > 0` is not true",
    )
    done = _carried_out(table.format("CHECK (n > 0)"), rule)
    found = {one.attack.says: one for proof in done.proofs for one in proof.outcomes}
    for says in attacks:
        assert found[says].end == "refused"
        refusal = found[says].statements[-1].refusal
        assert refusal is not None
        assert "n > 0" in refusal.message
    # No other constraint's refusal is taken for it.
    no_row = "k int NOT NULL, CHECK (k < 0 AND k > 0), CHECK (n > 0)"
    done = _carried_out(table.format(no_row), rule)
    assert [done.ends[says] for says in attacks] == ["not tried", "not tried"]


def test_an_interval_from_a_time_to_a_number_has_two_numbers_on_sqlite() -> None:
    ddl = "CREATE TABLE t (id INTEGER PRIMARY KEY, room INT NOT NULL, since BLOB NOT NULL UNIQUE);"
    done = _carried_out(ddl, "no_overlap: {of: t, by: [room], during: [since, id]}")
    assert "stores two rows of `t` with the same `room` that overlap" in through(done)


def test_where_no_value_of_an_open_list_is_left_the_database_takes_others() -> None:
    models = """
        datasource db {
          provider = "sqlite"
        }
        enum Single {
          ONLY
        }
        model T {
          id String  @id
          s  Single  @unique
          up String?
          t  T?      @relation("Up", fields: [up], references: [id], onDelete: Restrict)
          of T[]     @relation("Up")
        }
    """
    with sqlite() as database:
        rule = "reference: {from: T.t, to: T, required: false, on_delete: set_null}"
        done = carried_out(database, load(models, "prisma", Dialect.SQLITE), rule)
    assert "deletes the `T` at which a `T` points" in through(done)


def test_the_first_of_two_rows_is_one_that_a_trigger_lets_change() -> None:
    no = "BEGIN SELECT RAISE(ABORT, 'no'); END;"
    ddl = (
        "CREATE TABLE t (tenant INT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (tenant, code));"
        f"CREATE TRIGGER g BEFORE INSERT ON t WHEN NEW.tenant <> 1 {no}"
        f"CREATE TRIGGER h BEFORE UPDATE ON t WHEN OLD.code = 'a' {no}"
    )
    found = through(_carried_out(ddl, "unique: {of: t, by: [code]}"))
    assert "changes `tenant` of a row of `t`, and stores another with the same `code`" in found


def test_rows_may_have_to_differ_in_fractions() -> None:
    ddl = (
        "CREATE TABLE t (n INT NOT NULL UNIQUE CHECK (n < 1), k INT NOT NULL, "
        "made INT AS (n + 0) CHECK (made > 0));"
    )
    found = through(_carried_out(ddl, "unique: {of: t, by: [k]}"))
    assert "stores two rows of `t` with the same `k`" in found


def test_one_of_two_rows_that_overlap_may_be_one_that_a_key_does_not_count() -> None:
    ddl = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, since INT NOT NULL, room INT NOT NULL);"
        "CREATE UNIQUE INDEX u ON t (room) WHERE id <> 0;"
    )
    found = through(_carried_out(ddl, "no_overlap: {of: t, by: [room], during: [since, id]}"))
    assert "stores two rows of `t` with the same `room` that share one end" in found


def test_what_is_forbidden_before_an_attack_begins_shows_the_rule_broken() -> None:
    """The only rows that overlap are one that a key does not count and one that it points at, which
    is made for it."""
    ddl = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, since INT NOT NULL, "
        "t_id INT DEFAULT 1 CHECK (t_id = 1) REFERENCES t (id));"
        "CREATE UNIQUE INDEX u ON t (t_id) WHERE id <> 0;"
    )
    done = _carried_out(ddl, "no_overlap: {of: t, by: [t_id], during: [since, id]}")
    shown = done.proofs[0].shown
    assert shown is not None
    assert (shown.end, shown.attack.says) == ("through", "stores a row of `t`")


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("check: {of: t, that: made >= 0}", "stores a row of `t` with text in `n`, of which"),
        ("required: {of: t, fields: [made], not_blank: true}", "for its `made`, which is computed"),
    ],
)
def test_text_in_what_a_number_is_computed_from(rule: str, says: str) -> None:
    ddl = "CREATE TABLE t (n INT NOT NULL UNIQUE, made INT NOT NULL AS (coalesce(n, 0)));"
    found = through(_carried_out(ddl, rule))
    assert any(says in one for one in found)


def test_a_text_is_more_than_a_text_only_where_that_is_one_too() -> None:
    ddl = "CREATE TABLE t (n INT NOT NULL CHECK (n > 0), p INT NOT NULL, CHECK (p > n));"
    found = through(_carried_out(ddl, "check: {of: t, that: n > 0}"))
    assert "stores a row of `t` with text in `n`" in found
