"""Valid rows on SQLite: what is named, where rows point, what tells them apart."""

from __future__ import annotations

import pytest

from schemalint.condition.parse import parse_predicate
from schemalint.model import Dialect
from schemalint.prove.rows.given import FRESH, SOME, UNNAMED, Loose, Sql
from schemalint.prove.rows.stored import NoRow, Stored
from tests.prove.filled_tables import filling

SHOP = """
CREATE TABLE tenant (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE customer (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id), id INTEGER NOT NULL,
  email VARCHAR(200) NOT NULL, phone TEXT, state TEXT NOT NULL DEFAULT 'new',
  PRIMARY KEY (tenant_id, id), UNIQUE (email)
);
CREATE TABLE product (
  tenant_id INTEGER NOT NULL REFERENCES tenant (id), id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE purchase (
  id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenant (id),
  customer_id INTEGER NOT NULL, product_id INTEGER NOT NULL, coupon_id INTEGER,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
"""


def test_only_what_has_to_be_named_is_named() -> None:
    with filling(SHOP) as shop:
        assert shop.statements("tenant") == ["INSERT INTO tenant (name) VALUES ('a')"]
        stored = shop.insert("tenant")
        assert stored.statements == ("INSERT INTO tenant (name) VALUES ('b')",)
        assert stored.values == {"id": 2, "name": "b"}
        assert stored.where == "id = 2"


def test_parents_come_first_and_are_shared_by_overlapping_keys() -> None:
    with filling(SHOP) as shop:
        assert shop.statements("purchase") == [
            "INSERT INTO tenant (id, name) VALUES (1, 'a')",
            "INSERT INTO customer (tenant_id, id, email) VALUES (1, 1, 'a')",
            "INSERT INTO product (tenant_id, id) VALUES (1, 1)",
            "INSERT INTO purchase (tenant_id, customer_id, product_id) VALUES (1, 1, 1)",
        ]
        again = shop.statements("purchase")
        assert again == [
            "INSERT INTO purchase (tenant_id, customer_id, product_id) VALUES (1, 1, 1)"
        ]


def test_a_fresh_parent_is_made_where_one_is_asked_for() -> None:
    with filling(SHOP) as shop:
        shop.insert("purchase")
        assert shop.statements("purchase", {"customer_id": FRESH}) == [
            "INSERT INTO customer (tenant_id, id, email) VALUES (1, 2, 'b')",
            "INSERT INTO purchase (tenant_id, customer_id, product_id) VALUES (1, 2, 1)",
        ]
        other = shop.insert("purchase", {"tenant_id": FRESH})
        assert other.values["tenant_id"] == 2
        assert len(other.statements) == 4


def test_what_is_given_is_stored_just_so() -> None:
    with filling(SHOP) as shop:
        stored = shop.insert("customer", {"email": "A'\\\n\"é", "phone": None, "tenant_id": 7})
        assert stored.values["email"] == "A'\\\n\"é"
        assert stored.statements[0] == "INSERT INTO tenant (id, name) VALUES (7, 'a')"
        assert "phone" in stored.statements[-1]
        assert shop.insert("customer", {"state": Sql("'x' || 'y'")}).values["state"] == "xy"
        assert shop.insert("customer", {"phone": SOME}).values["phone"] == "a"
        assert shop.insert("customer", {"phone": FRESH}).values["phone"] == "b"
        with pytest.raises(KeyError):
            shop.insert("customer", {"nothing": 1})


def test_what_is_unnamed_is_left_out() -> None:
    with filling(SHOP) as shop:
        assert shop.insert("customer", {"state": UNNAMED}).values["state"] == "new"
        refused = shop.try_("customer", {"email": UNNAMED})
        assert isinstance(refused, NoRow)
        assert refused.kind == "not null"
        assert refused.statement == "INSERT INTO customer (tenant_id, id) VALUES (1, 2)"
        assert "NOT NULL constraint failed: customer.email" in refused.reason


def test_a_loose_value_gets_no_parent() -> None:
    with filling(SHOP) as shop:
        refused = shop.try_("customer", {"tenant_id": Loose(9)})
        assert isinstance(refused, NoRow)
        assert refused.kind == "foreign key"
    with filling(SHOP, foreign_keys=False) as shop:
        assert shop.statements("customer", {"tenant_id": Loose(9)}) == [
            "INSERT INTO customer (tenant_id, id, email) VALUES (9, 1, 'a')"
        ]


def test_a_given_value_that_another_row_has_is_refused_by_the_database() -> None:
    with filling(SHOP) as shop:
        shop.insert("customer", {"email": "x"})
        refused = shop.try_("customer", {"email": "x"})
        assert isinstance(refused, NoRow)
        assert (refused.kind, refused.tries) == ("unique", 1)


def test_rows_of_others_are_told_apart_too() -> None:
    with filling(SHOP) as shop:
        shop.attempt.run("INSERT INTO tenant (id, name) VALUES (1, 'A'), (5, 'b')")
        assert shop.statements("tenant") == ["INSERT INTO tenant (name) VALUES ('c')"]


def test_the_same_calls_store_the_same() -> None:
    found = []
    for _ in range(2):
        with filling(SHOP) as shop:
            rows = [shop.insert(name) for name in ("purchase", "customer", "purchase")]
            found.append([one.statements for one in rows])
    assert found[0] == found[1]


def test_an_optional_parent_is_not_made() -> None:
    sql = """
    CREATE TABLE a (id INTEGER PRIMARY KEY);
    CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT REFERENCES a, twin INT REFERENCES b);
    """
    with filling(sql) as tables:
        assert tables.statements("b") == ["INSERT INTO b DEFAULT VALUES"]
        assert tables.statements("b", {"a_id": SOME}) == [
            "INSERT INTO a (id) VALUES (1)",
            "INSERT INTO b (a_id) VALUES (1)",
        ]


def test_a_pair_is_linked_once() -> None:
    sql = """
    CREATE TABLE a (id INTEGER PRIMARY KEY);
    CREATE TABLE link (a INT REFERENCES a, b INT REFERENCES a, PRIMARY KEY (a, b));
    """
    with filling(sql) as tables:
        tables.insert("a")
        pairs = [tables.insert("link").values for _ in range(4)]
        assert len({tuple(pair.values()) for pair in pairs}) == 4


def test_one_to_one_takes_another_parent() -> None:
    sql = """
    CREATE TABLE person (id INTEGER PRIMARY KEY);
    CREATE TABLE profile (person_id INTEGER NOT NULL UNIQUE REFERENCES person (id));
    """
    with filling(sql) as tables:
        tables.insert("person")
        assert tables.statements("profile") == ["INSERT INTO profile (person_id) VALUES (1)"]
        assert tables.statements("profile") == [
            "INSERT INTO person (id) VALUES (2)",
            "INSERT INTO profile (person_id) VALUES (2)",
        ]


def test_circles() -> None:
    sql = """
    CREATE TABLE employee (id INTEGER PRIMARY KEY, boss INT NOT NULL REFERENCES employee (id));
    CREATE TABLE team (id TEXT NOT NULL PRIMARY KEY, head TEXT NOT NULL REFERENCES member (id));
    CREATE TABLE member (id TEXT NOT NULL PRIMARY KEY, team TEXT NOT NULL UNIQUE
      REFERENCES team (id));
    CREATE TABLE x (id INTEGER PRIMARY KEY, y INT REFERENCES y);
    CREATE TABLE y (id INTEGER PRIMARY KEY, x INT NOT NULL REFERENCES x);
    """
    with filling(sql) as tables:
        assert tables.statements("employee") == ["INSERT INTO employee (id, boss) VALUES (1, 1)"]
        team = tables.insert("team")
        assert team.statements == (
            "PRAGMA defer_foreign_keys = ON",
            "INSERT INTO member (id, team) VALUES ('a', 'a')",
            "INSERT INTO team (id, head) VALUES ('a', 'a')",
        )
        assert team.together == 0
        assert tables.insert("member").together is None
        assert tables.statements("x", {"y": SOME}) == [
            "INSERT INTO x (id) VALUES (1)",
            "INSERT INTO y (id, x) VALUES (1, 1)",
            "INSERT INTO x (y) VALUES (1)",
        ]


def test_a_deferred_key_needs_no_pragma() -> None:
    sql = """
    CREATE TABLE a (id TEXT NOT NULL PRIMARY KEY, b TEXT NOT NULL REFERENCES b);
    CREATE TABLE b (id TEXT NOT NULL PRIMARY KEY, a TEXT NOT NULL REFERENCES a
      DEFERRABLE INITIALLY DEFERRED);
    """
    with filling(sql) as tables:
        assert tables.statements("a") == [
            "INSERT INTO b (id, a) VALUES ('a', 'a')",
            "INSERT INTO a (id, b) VALUES ('a', 'a')",
        ]


def test_a_default_that_points_nowhere() -> None:
    sql = """
    CREATE TABLE role (id INTEGER PRIMARY KEY);
    CREATE TABLE person (id INTEGER PRIMARY KEY, role INT NOT NULL DEFAULT 2 REFERENCES role);
    CREATE TABLE guest (id INTEGER PRIMARY KEY, role INT DEFAULT 9 REFERENCES role);
    """
    with filling(sql) as tables:
        assert tables.statements("guest") == ["INSERT INTO guest (role) VALUES (NULL)"]
        assert tables.statements("person") == [
            "INSERT INTO role (id) VALUES (2)",
            "INSERT INTO person DEFAULT VALUES",
        ]


def test_a_parent_that_cannot_be_made_and_a_key_that_takes_null() -> None:
    """SQLite's primary keys take NULL, and a foreign key with NULL points nowhere."""
    tables = """
    CREATE TABLE parent (a INTEGER NOT NULL, b TEXT NOT NULL CHECK (b IS NULL), UNIQUE (a, b));
    CREATE TABLE child (
      a INTEGER NOT NULL, b TEXT, PRIMARY KEY (a, b),
      FOREIGN KEY (a, b) REFERENCES parent (a, b)
    );
    """
    with filling(tables) as shop:
        assert shop.statements("child") == ["INSERT INTO child (a, b) VALUES (1, NULL)"]


def test_a_number_by_default_where_a_column_has_no_type() -> None:
    """What has no affinity tells 1 from '1', and so does the foreign key."""
    tables = """
    CREATE TABLE parent (id INTEGER PRIMARY KEY, a ANY NOT NULL UNIQUE) STRICT;
    CREATE TABLE child (id INTEGER PRIMARY KEY, a ANY NOT NULL DEFAULT 1 REFERENCES parent (a));
    CREATE TABLE other (id INTEGER PRIMARY KEY, a ANY NOT NULL DEFAULT '1') STRICT;
    """
    with filling(tables) as shop:
        assert shop.insert("child").values["a"] == 1
        assert shop.insert("other").values["a"] == "1"


def test_a_row_that_is_given_and_of_which_what_is_computed_is_asked() -> None:
    """What `abs` gives is not worked out before the database has computed it."""
    tables = """
    CREATE TABLE t (
      id INTEGER PRIMARY KEY, a INTEGER, made INTEGER GENERATED ALWAYS AS (abs(a)) VIRTUAL
    );
    """
    with filling(tables) as shop:
        [model] = shop.schema.models
        asked = [parse_predicate("made <> 2", Dialect.SQLITE)]
        assert isinstance(shop.maker.insert(model, {"a": -3}, satisfying=asked), Stored)
        assert isinstance(shop.maker.insert(model, {"a": -2}, satisfying=asked), NoRow)


def test_the_address_of_a_row() -> None:
    sql = """
    CREATE TABLE uuid (id TEXT PRIMARY KEY DEFAULT (hex(randomblob(4))), name TEXT NOT NULL);
    CREATE TABLE bare (a TEXT NOT NULL, b TEXT);
    CREATE TABLE keyed (a TEXT NOT NULL UNIQUE, b TEXT);
    """
    with filling(sql) as tables:
        assert tables.insert("uuid").where == "id = 'a'"  # named: it would be another each time
        assert tables.insert("bare").where == "a = 'a' AND b IS NULL"
        assert tables.insert("keyed").where == "a = 'a'"


def test_values_are_read_back() -> None:
    sql = """
    CREATE TABLE t (id INTEGER PRIMARY KEY, n INT NOT NULL, d INT GENERATED ALWAYS AS (n * 2),
      at TEXT DEFAULT 'now');
    CREATE TRIGGER later AFTER INSERT ON t BEGIN UPDATE t SET at = 'then' WHERE id = NEW.id; END;
    """
    with filling(sql) as tables:
        assert tables.insert("t").values == {"id": 1, "n": 1, "d": 2, "at": "then"}


def test_rows_are_made_quickly() -> None:
    import time

    sql = "CREATE TABLE t0 (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);" + "".join(
        f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT NOT NULL,"
        f" t INT NOT NULL REFERENCES t{number - 1} (id));"
        for number in range(1, 15)
    )
    with filling(sql) as tables:
        begin = time.process_time()
        for model in tables.schema.models:
            tables.insert(model.name)
        assert time.process_time() - begin < 0.1


def test_a_parent_in_a_circle_is_stored_in_its_own_transaction() -> None:
    sql = """
    CREATE TABLE a (id TEXT NOT NULL PRIMARY KEY, b TEXT NOT NULL REFERENCES b);
    CREATE TABLE b (id TEXT NOT NULL PRIMARY KEY, a TEXT NOT NULL REFERENCES a);
    CREATE TABLE c (id INTEGER PRIMARY KEY, a TEXT NOT NULL REFERENCES a);
    """
    with filling(sql) as tables:
        stored = tables.insert("c")
        assert len(stored.statements) == 4
        assert stored.together == 0


def test_what_is_left_of_a_row_that_was_not_found() -> None:
    sql = """
    CREATE TABLE a (id INTEGER PRIMARY KEY);
    CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a, CHECK (a > a));
    CREATE TABLE c (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b);
    """
    with filling(sql) as tables:
        found = tables.try_("c")
        assert isinstance(found, NoRow)
        assert found.model.name == "b"
        assert found.accepted[0] == "INSERT INTO a (id) VALUES (1)"
        assert len(found.accepted) == len(tables.attempt.rows("SELECT * FROM a"))


def test_where_a_computed_column_points_a_parent_is_made() -> None:
    sql = """
    CREATE TABLE p (tenant INTEGER NOT NULL, code TEXT NOT NULL, PRIMARY KEY (tenant, code));
    CREATE TABLE c (code TEXT NOT NULL, made TEXT AS (coalesce(code, 'x')), tenant INT NOT NULL,
      FOREIGN KEY (tenant, made) REFERENCES p (tenant, code));
    CREATE TABLE n (id INTEGER PRIMARY KEY, code TEXT, made TEXT AS (nullif(code, 'x')),
      FOREIGN KEY (id, made) REFERENCES p (tenant, code));
    """
    with filling(sql) as tables:
        assert tables.statements("c") == [
            "INSERT INTO p (tenant, code) VALUES (1, 'a')",
            "INSERT INTO c (code, tenant) VALUES ('a', 1)",
        ]
        assert tables.statements("c", {"code": "b"})[0].endswith("VALUES (1, 'b')")
        assert tables.statements("n") == ["INSERT INTO n DEFAULT VALUES"]
        assert isinstance(tables.try_("c", {"made": Loose("c"), "code": "c"}), NoRow)


def test_a_row_that_was_made_for_a_parent_may_be_the_parent() -> None:
    sql = """
    CREATE TABLE p (code TEXT PRIMARY KEY NOT NULL, up TEXT NOT NULL UNIQUE REFERENCES p (code));
    CREATE TABLE c (code TEXT NOT NULL REFERENCES p (up));
    """
    with filling(sql) as tables:
        assert tables.statements("c", {"code": "c"}) == [
            "INSERT INTO p (code, up) VALUES ('c', 'c')",
            "INSERT INTO c (code) VALUES ('c')",
        ]


def test_a_parent_that_cannot_be_stored_so_is_changed_to_that() -> None:
    sql = """
    CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TRIGGER g AFTER INSERT ON p WHEN NEW.id IN (0, 1) BEGIN SELECT RAISE(ABORT, 'no'); END;
    CREATE TABLE c (p_id INTEGER REFERENCES p (id));
    """
    with filling(sql) as tables:
        assert tables.statements("c", {"p_id": 0}) == [
            "INSERT INTO p (id) VALUES (2)",
            "UPDATE p SET id = 0 WHERE id = 2",
            "INSERT INTO c (p_id) VALUES (0)",
        ]


def test_a_default_that_has_no_parent_is_named_otherwise() -> None:
    sql = """
    CREATE TABLE p (id INTEGER PRIMARY KEY CHECK (id > 5));
    CREATE TABLE c (n INT NOT NULL DEFAULT (1 + 1), made INT AS (n + 0) REFERENCES p (id));
    """
    with filling(sql) as tables:
        assert tables.insert("c", {"n": 7}).values == {"n": 7, "made": 7}


def test_what_a_row_may_point_at_is_known_before_its_parent_is_made() -> None:
    sql = """
    CREATE TABLE p (id INTEGER PRIMARY KEY, s TEXT NOT NULL UNIQUE CHECK (s = 'b'));
    CREATE TABLE c (p_id INT NOT NULL DEFAULT 1 REFERENCES p (id), CHECK (p_id >= 2));
    """
    with filling(sql) as tables:
        assert tables.statements("c") == [
            "INSERT INTO p (id, s) VALUES (2, 'b')",
            "INSERT INTO c (p_id) VALUES (2)",
        ]
        assert tables.statements("c") == ["INSERT INTO c (p_id) VALUES (2)"]


def test_what_was_passed_over_is_tried_beside_another_value() -> None:
    sql = """
    CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b));
    CREATE TRIGGER g BEFORE INSERT ON t WHEN NEW.a <> 1 BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    with filling(sql) as tables:
        tables.insert("t")
        assert tables.insert("t").values == {"a": 1, "b": 2}
        assert tables.insert("t").values == {"a": 1, "b": 3}


def test_what_parents_can_be_limits_where_a_row_may_point() -> None:
    sql = """
    CREATE TABLE p (id INTEGER PRIMARY KEY, s TEXT NOT NULL UNIQUE,
      CHECK (s = 'a' AND id BETWEEN 1 AND 3));
    CREATE TABLE c (a INT NOT NULL REFERENCES p (id), b INT NOT NULL REFERENCES p (id),
      CHECK (a IN (0, 2)));
    """
    with filling(sql) as tables:
        assert tables.statements("c") == [
            "INSERT INTO p (id, s) VALUES (2, 'a')",
            "INSERT INTO c (a, b) VALUES (2, 2)",
        ]


@pytest.mark.parametrize(
    ("check", "statements"),
    [
        (
            "",
            [
                "INSERT INTO p (id, kind) VALUES (2, 'b')",
                "INSERT INTO t (id, p, kind) VALUES (2, 2, 'b')",
            ],
        ),
        ("CHECK (kind = 'a')", []),
    ],
)
def test_a_parent_that_is_to_be_another_differs_where_it_has_to(
    check: str, statements: list[str]
) -> None:
    """It would have the same kind otherwise, and so would the row that points at it."""
    tables = f"""
    CREATE TABLE p (id INTEGER PRIMARY KEY, kind TEXT NOT NULL {check}, UNIQUE (id, kind));
    CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER NOT NULL, kind TEXT NOT NULL UNIQUE,
      FOREIGN KEY (p, kind) REFERENCES p (id, kind));
    """
    with filling(tables) as made:
        made.insert("t", {"id": 1})
        second = made.try_("t", {"id": 2})
        assert list(second.statements if isinstance(second, Stored) else ()) == statements


def test_a_default_is_left_before_a_parent_is_changed_to_it() -> None:
    """The parent cannot be stored with what the row has by default."""
    tables = """
    CREATE TABLE p (id INTEGER NOT NULL, kind INTEGER NOT NULL DEFAULT 1, UNIQUE (id, kind));
    CREATE TRIGGER g BEFORE INSERT ON p WHEN NEW.kind = 1 BEGIN SELECT RAISE(ABORT, 'no'); END;
    CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER NOT NULL, kind INTEGER DEFAULT 1,
      FOREIGN KEY (p, kind) REFERENCES p (id, kind));
    """
    with filling(tables) as made:
        assert made.statements("c") == [
            "INSERT INTO p (id, kind) VALUES (1, 2)",
            "INSERT INTO c (p, kind) VALUES (1, 2)",
        ]


def test_a_column_without_a_type_takes_what_a_condition_names() -> None:
    sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, f DEFAULT 'a');"
    for value in ("2", "'b'"):
        asked = [parse_predicate(f"f = {value}", Dialect.SQLITE)]
        with filling(sql) as tables:
            found = tables.maker.insert(tables.schema.models[0], satisfying=asked)
            assert isinstance(found, Stored), found.reason
            assert repr(found.values["f"]) == value
