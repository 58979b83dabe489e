"""Attacks on state fields, carried out on SQLite."""

from __future__ import annotations

from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.carrying_out import carried_out, load, sqlite, through, tried

REFUSE = "BEGIN SELECT RAISE(ABORT, 'no'); END;"
ORDERS = """
    CREATE TABLE orders (
      id INTEGER PRIMARY KEY,
      status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'placed', 'paid'))
    );
"""
FIRST = f"CREATE TRIGGER first BEFORE INSERT ON orders WHEN NEW.status IS NOT 'draft' {REFUSE}"
STEP = f"""
    CREATE TRIGGER step BEFORE UPDATE ON orders WHEN NEW.status IS NOT OLD.status AND (
      (OLD.status = 'draft' AND NEW.status = 'placed')
      OR (OLD.status = 'placed' AND NEW.status = 'paid')
    ) IS NOT TRUE {REFUSE}
"""
RULE = """
    states:
      of: orders.status
      values: [draft, placed, paid]
      initial: draft
      transitions: {draft: [placed], placed: [paid]}
"""
VALUES = "states: {of: orders.status, values: [draft, placed, paid]}"


def test_a_course_that_triggers_keep() -> None:
    done = tried(ORDERS + FIRST + STEP, RULE)
    assert done.report.verdict is Verdict.KEPT
    assert through(done) == {}
    assert done.ends["takes a row of `orders` to 'paid'"] == "harmless"
    assert done.ends["changes `orders.status` from 'paid' to 'draft'"] == "refused"


def test_a_way_is_walked_before_it_is_left() -> None:
    backwards = STEP.replace("AND (", "AND (OLD.status = 'paid' OR ")
    found = through(tried(ORDERS + FIRST + backwards, RULE))
    assert found["changes `orders.status` from 'paid' to 'draft'"] == [
        "INSERT INTO orders (status) VALUES ('draft')",
        "UPDATE orders SET status = 'placed' WHERE id = 1",
        "UPDATE orders SET status = 'paid' WHERE id = 1",
        "UPDATE orders SET status = 'draft' WHERE id = 1",
    ]


def test_a_guard_that_null_passes_before_it_becomes_the_default() -> None:
    loose = STEP.replace("AND (", "AND NOT (").replace("IS NOT TRUE", "")
    found = through(tried(ORDERS + FIRST + loose, RULE))
    assert found["changes `orders.status` by UPDATE OR REPLACE with NULL"][-1] == (
        "UPDATE OR REPLACE orders SET status = NULL WHERE id = 1"
    )


def test_a_row_stored_at_once_in_another_state() -> None:
    found = through(tried(ORDERS + STEP, RULE))
    assert found["stores a new row as 'placed'"] == [
        "INSERT INTO orders (status) VALUES ('placed')"
    ]
    assert "changes `orders.status` from 'paid' to 'draft'" not in found


def test_text_that_anybody_writes() -> None:
    ddl = "CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT);"
    found = through(tried(ddl, VALUES))
    assert found["stores another value in `orders.status`"]
    assert found["stores a row of `orders` without a state"] == [
        "INSERT INTO orders (status) VALUES (NULL)"
    ]


def test_null_passes_a_check() -> None:
    ddl = ORDERS.replace("NOT NULL DEFAULT 'draft' ", "")
    found = through(tried(ddl, VALUES))
    assert set(found) == {
        "stores a row of `orders` without a state",
        "takes `orders.status` away",
    }
    optional = VALUES.replace("}", ", optional: true}")
    assert through(tried(ddl, optional)) == {}


def test_a_value_that_the_check_has_and_the_rule_has_not() -> None:
    found = through(tried(ORDERS, "states: {of: orders.status, values: [draft, placed]}"))
    assert found["stores another value in `orders.status`"] == [
        "INSERT INTO orders (status) VALUES ('paid')"
    ]


def test_a_collation_takes_other_spellings() -> None:
    ddl = ORDERS.replace("status TEXT", "status TEXT COLLATE NOCASE")
    found = through(tried(ddl, VALUES))
    assert found["stores another value in `orders.status`"] == [
        "INSERT INTO orders (status) VALUES ('Placed')"
    ]


def test_a_value_that_cannot_be_stored_is_demanded() -> None:
    found = through(
        tried(ORDERS, "states: {of: orders.status, values: [draft, placed, paid, sent]}")
    )
    assert found == {
        "stores a row of `orders` as 'sent'": ["INSERT INTO orders (status) VALUES ('sent')"]
    }


def test_a_row_that_names_no_state() -> None:
    found = through(tried(ORDERS, VALUES.replace("}", ", initial: placed}")))
    assert found == {
        "stores a row of `orders` without naming a state": ["INSERT INTO orders DEFAULT VALUES"]
    }


def test_a_trigger_of_another_table_takes_a_step() -> None:
    ddl = f"""
        {ORDERS} {FIRST}
        CREATE TRIGGER step BEFORE UPDATE ON orders
        WHEN OLD.status = 'paid' AND NEW.status IS NOT 'paid' {REFUSE}
        CREATE TABLE payment (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id));
        CREATE TRIGGER p AFTER INSERT ON payment
        BEGIN UPDATE orders SET status = 'paid' WHERE id = NEW.order_id; END;
    """
    found = through(tried(ddl, RULE))
    assert found["stores a `payment`, which fires `p`"] == [
        "INSERT INTO orders (status) VALUES ('draft')",
        "INSERT INTO payment (order_id) VALUES (1)",
    ]


def test_a_lookup_table_leaves_the_set_open() -> None:
    ddl = """
        CREATE TABLE kinds (name TEXT NOT NULL PRIMARY KEY);
        CREATE TABLE orders (
          id INTEGER PRIMARY KEY, status TEXT NOT NULL REFERENCES kinds (name) ON UPDATE CASCADE
        );
    """
    found = through(tried(ddl, VALUES))
    assert "stores another value in `orders.status`" in found
    assert "changes the key of the `kinds` at which an `orders` points" in found


def test_an_enum_that_only_the_client_knows() -> None:
    schema = load(
        """
        datasource db {
          provider = "sqlite"
        }
        model Order {
          id     Int    @id
          status Status @default(DRAFT)
        }
        enum Status {
          DRAFT
          PLACED
        }
        """,
        "prisma",
        Dialect.SQLITE,
    )
    with sqlite() as database:
        done = carried_out(database, schema, "states: {of: Order.status, values: [DRAFT, PLACED]}")
    assert done.report.verdict is Verdict.WEAK
    assert through(done)["stores another value in `Order.status`"]


def test_what_a_check_refuses_together_with_another_column_is_not_blamed_on_the_state() -> None:
    ddl = """
        CREATE TABLE orders (
          id INTEGER PRIMARY KEY,
          status TEXT NOT NULL CHECK (status IN ('draft', 'placed', 'paid')),
          secret TEXT,
          CHECK (status <> 'paid' OR hex(secret) = '736573616D65')
        );
    """
    done = tried(ddl, VALUES)
    assert done.ends["stores a row of `orders` as 'paid'"] == "refused"
    assert through(done) == {}


def test_rows_that_triggers_let_begin_in_one_state_only() -> None:
    ddl = f"""
    CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT NOT NULL);
    CREATE TRIGGER first BEFORE INSERT ON orders WHEN NEW.status IS NOT 'paid' {REFUSE}
    """
    found = through(tried(ddl, VALUES))
    assert found["changes `orders.status` to another value"][0] == (
        "INSERT INTO orders (status) VALUES ('paid')"
    )
