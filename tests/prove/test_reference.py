"""Attacks on references and links, carried out on SQLite."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.carrying_out import carried_out, load, sqlite, through, tried

REFUSE = "BEGIN SELECT RAISE(ABORT, 'no'); END;"
PARENT = "CREATE TABLE p (id INTEGER PRIMARY KEY);"
RULE = "reference: {from: c.p_id, to: p}"


def _child(rest: str = "NOT NULL", key: str = "REFERENCES p (id)") -> str:
    return f"{PARENT} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER {rest} {key});"


def test_a_foreign_key_that_is_checked_keeps_it() -> None:
    done = tried(_child(), RULE)
    assert done.report.verdict is Verdict.KEPT
    assert through(done) == {}
    assert done.ends["stores a row of `c` that points at a `p`"] == "harmless"


def test_a_foreign_key_that_nobody_switched_on() -> None:
    found = through(tried(_child(), RULE, foreign_keys=False))
    assert found["stores a row of `c` that points at a `p` that does not exist"] == [
        "INSERT INTO c (p_id) VALUES (1)"
    ]
    assert found["deletes the `p` at which a `c` points"] == [
        "INSERT INTO p DEFAULT VALUES",
        "INSERT INTO c (p_id) VALUES (1)",
        "DELETE FROM p WHERE id = 1",
    ]


def test_no_foreign_key() -> None:
    found = through(tried(_child(key=""), RULE))
    assert "stores a row of `c` that points at a `p` that does not exist" in found


def test_null_where_the_reference_is_required() -> None:
    assert set(through(tried(_child(""), RULE))) == {
        "stores a row of `c` that points nowhere",
        "lets a row of `c` point nowhere",
    }
    assert through(tried(_child(""), "reference: {from: c.p_id, to: p, required: false}")) == {}


def test_one_null_frees_a_row_from_a_composite_key() -> None:
    ddl = """
        CREATE TABLE p (tenant INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tenant, id));
        CREATE TABLE c (
          id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, p_id INTEGER,
          FOREIGN KEY (tenant, p_id) REFERENCES p (tenant, id)
        );
    """
    assert set(through(tried(ddl, RULE))) == {
        "stores a row of `c` that points nowhere",
        "lets a row of `c` point nowhere",
    }


@pytest.mark.parametrize(
    ("action", "stated"),
    [
        ("ON DELETE CASCADE", "restrict"),
        ("ON DELETE CASCADE", "set_null"),
        ("ON DELETE SET NULL", "restrict"),
        ("ON DELETE SET NULL", "cascade"),
        ("ON DELETE RESTRICT", "cascade"),
        ("", "set_null"),
    ],
)
def test_a_parent_that_goes_in_another_way(action: str, stated: str) -> None:
    ddl = _child("", f"REFERENCES p (id) {action}")
    rule = f"reference: {{from: c.p_id, to: p, required: false, on_delete: {stated}}}"
    done = tried(ddl, rule)
    assert done.report.verdict is Verdict.BROKEN
    assert set(through(done)) == {"deletes the `p` at which a `c` points"}


@pytest.mark.parametrize(
    ("action", "stated"),
    [
        ("CASCADE", "cascade"),
        ("SET NULL", "set_null"),
        ("RESTRICT", "restrict"),
        ("NO ACTION", "restrict"),
        ("SET DEFAULT", "set_default"),
    ],
)
def test_a_parent_that_goes_as_stated(action: str, stated: str) -> None:
    key = f"DEFAULT 7 REFERENCES p (id) ON DELETE {action} ON UPDATE {action}"
    rule = f"""
        reference:
          from: c.p_id
          to: p
          required: false
          on_delete: {stated}
          on_update: {stated}
    """
    assert through(tried(_child("", key), rule)) == {}


def test_another_key_to_the_same_parent_is_not_blamed_on_this_one() -> None:
    ddl = f"""{PARENT} CREATE TABLE c (
        id INTEGER PRIMARY KEY,
        p_id INTEGER NOT NULL REFERENCES p (id) ON DELETE CASCADE,
        other INTEGER NOT NULL REFERENCES p (id)
    );"""
    rule = "reference: {from: c.p_id, to: p, on_delete: cascade}"
    done = tried(ddl, rule)
    assert done.ends["deletes the `p` at which a `c` points"] == "harmless"


def test_a_parent_that_its_own_trigger_never_lets_go() -> None:
    guard = f"CREATE TRIGGER g BEFORE DELETE ON p {REFUSE}"
    rule = "reference: {from: c.p_id, to: p, on_delete: cascade}"
    done = tried(_child() + guard, rule)
    assert done.report.verdict is Verdict.KEPT
    assert through(done) == {}
    assert [one.name for one in done.findings] == ["stricter-than-rule"]


def test_a_parent_that_its_own_trigger_lets_go_sometimes() -> None:
    guard = f"CREATE TRIGGER g BEFORE DELETE ON p WHEN OLD.id <> 2 {REFUSE}"
    rule = "reference: {from: c.p_id, to: p, on_delete: cascade}"
    found = through(tried(_child() + guard, rule))
    assert found["deletes the `p` at which a `c` points"][-1] == "DELETE FROM p WHERE id = 2"


def test_one_to_one() -> None:
    rule = "reference: {from: c.p_id, to: p, cardinality: one-to-one}"
    assert through(tried(_child(), rule))["stores two rows of `c` with the same `p_id`"] == [
        "INSERT INTO p (id) VALUES (1)",
        "INSERT INTO c (p_id) VALUES (1)",
        "INSERT INTO c (p_id) VALUES (1)",
    ]
    assert through(tried(_child("NOT NULL UNIQUE"), rule)) == {}


def test_one_or_more() -> None:
    rule = "reference: {from: c.p_id, to: p, cardinality: one-or-more}"
    found = through(tried(_child(), rule))
    assert found["stores a `p` without any `c`"] == ["INSERT INTO p DEFAULT VALUES"]
    assert found["deletes the last `c` of a `p`"][-1] == "DELETE FROM c WHERE id = 1"
    kept = """
        CREATE TABLE p (
          id INTEGER PRIMARY KEY, first INTEGER NOT NULL,
          FOREIGN KEY (id, first) REFERENCES c (p_id, id) DEFERRABLE INITIALLY DEFERRED
        );
        CREATE TABLE c (
          id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id), UNIQUE (p_id, id)
        );
    """
    done = tried(kept, rule)
    assert done.report.verdict is Verdict.KEPT
    assert through(done) == {}


def test_a_row_of_its_own_table() -> None:
    ddl = """
        CREATE TABLE node (
          id INTEGER PRIMARY KEY, up INTEGER REFERENCES node (id) ON DELETE CASCADE
        );
    """
    rule = "reference: {from: node.up, to: node, required: false, on_delete: restrict}"
    assert set(through(tried(ddl, rule))) == {"deletes the `node` at which a `node` points"}


def test_numbers_and_texts_point_at_one_another() -> None:
    ddl = _child().replace("p_id INTEGER", "p_id TEXT")
    assert through(tried(ddl, RULE)) == {}


def test_a_trigger_takes_the_parent_away() -> None:
    ddl = (
        _child("", "")
        + """
        CREATE TABLE log (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE CASCADE);
        CREATE TRIGGER l AFTER INSERT ON log BEGIN DELETE FROM p WHERE id = NEW.p; END;
    """
    )
    assert through(tried(ddl, "reference: {from: c.p_id, to: p, required: false}"))


LINKS = """
    CREATE TABLE post (id INTEGER PRIMARY KEY);
    CREATE TABLE tag (id INTEGER PRIMARY KEY);
    CREATE TABLE post_tag (
      id INTEGER PRIMARY KEY,
      post INTEGER NOT NULL REFERENCES post (id),
      tag INTEGER NOT NULL REFERENCES tag (id)
      {unique}
    );
"""
LINKED = "many_to_many: {between: [post, tag]}"


def test_the_same_pair_twice() -> None:
    found = through(tried(LINKS.format(unique=""), LINKED))
    assert found["stores two rows of `post_tag` with the same `post` and `tag`"][-1] == (
        "INSERT INTO post_tag (post, tag) VALUES (1, 1)"
    )
    done = tried(LINKS.format(unique=", UNIQUE (post, tag)"), LINKED)
    assert through(done) == {}
    assert done.ends["links one `post` with two rows of `tag`"] == "harmless"


def test_links_that_lead_nowhere() -> None:
    ddl = LINKS.format(unique=", UNIQUE (post, tag)")
    loose = ddl.replace("post INTEGER NOT NULL", "post INTEGER")
    assert "stores a row of `post_tag` that points nowhere" in through(tried(loose, LINKED))
    unchecked = through(tried(ddl, LINKED, foreign_keys=False))
    assert "stores a row of `post_tag` that points at a `tag` that does not exist" in unchecked


def test_prismas_own_join_table() -> None:
    schema = load(
        """
        datasource db {
          provider = "sqlite"
        }
        model Post {
          id   Int   @id
          tags Tag[]
        }
        model Tag {
          id    Int    @id
          posts Post[]
        }
        """,
        "prisma",
        Dialect.SQLITE,
    )
    with sqlite() as database:
        done = carried_out(database, schema, "many_to_many: {between: [Post, Tag]}")
    assert done.report.verdict is Verdict.WEAK
    found = through(done)
    assert found
    assert not any("same" in says for says in found)


def test_rows_that_do_not_point_at_just_any_parent() -> None:
    ddl = _child("NOT NULL CHECK (p_id < 0)", "REFERENCES p (id) ON DELETE CASCADE")
    found = through(tried(ddl, "reference: {from: c.p_id, to: p, on_delete: restrict}"))
    assert found["deletes the `p` at which a `c` points"][-3:] == [
        "INSERT INTO p (id) VALUES (-1)",
        "INSERT INTO c (p_id) VALUES (-1)",
        "DELETE FROM p WHERE id = -1",
    ]


def test_a_refusal_is_only_blamed_on_the_key_where_a_parent_alone_may_go() -> None:
    guard = f"CREATE TRIGGER g BEFORE DELETE ON p WHEN OLD.id > 0 {REFUSE}"
    found = through(tried(_child() + guard, "reference: {from: c.p_id, to: p, on_delete: cascade}"))
    statements = found["deletes the `p` at which a `c` points"]
    assert [one.split()[0] for one in statements] == [
        "INSERT",
        "DELETE",
        "INSERT",
        "INSERT",
        "DELETE",
    ]


def test_an_orphan_is_not_a_row_that_points_at_itself() -> None:
    ddl = "CREATE TABLE node (id INTEGER PRIMARY KEY, up INTEGER REFERENCES node (id));"
    rule = "reference: {from: node.up, to: node, required: false}"
    found = through(tried(ddl, rule, foreign_keys=False))
    assert found["stores a row of `node` that points at a `node` that does not exist"] == [
        "INSERT INTO node (up) VALUES (2)"
    ]


@pytest.mark.parametrize(
    ("ddl", "rule", "says"),
    [
        (  # a CHECK says at which parent rows may point
            "CREATE TABLE p (id INTEGER PRIMARY KEY, s TEXT UNIQUE);"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, s TEXT CHECK (s = 'z') REFERENCES p (s));",
            "{from: c.s, to: p, required: false, on_update: cascade}",
            "changes the key of the `p` at which a `c` points",
        ),
        (  # two keys that share a column
            "CREATE TABLE p (t INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (t, id));"
            "CREATE TABLE c (t INTEGER NOT NULL, a INTEGER, b INTEGER NOT NULL, "
            "FOREIGN KEY (t, a) REFERENCES p (t, id) ON DELETE SET NULL, "
            "FOREIGN KEY (t, b) REFERENCES p (t, id));",
            "{from: c.a, to: p, required: false, on_delete: set_null}",
            "deletes the `p` at which a `c` points",
        ),
        (  # another key may be NULL, but for a CHECK
            "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES p (id), "
            "b INT CHECK (b IN (0, 3) IS TRUE) REFERENCES p (id));",
            "{from: c.a, to: p, required: false, on_update: set_null}",
            "changes the key of the `p` at which a `c` points",
        ),
        (  # the parent has to point at a row of its own table
            "CREATE TABLE p (id INTEGER PRIMARY KEY, up INT NOT NULL REFERENCES p (id));"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p (id));",
            "{from: c.p_id, to: p, required: false, on_update: cascade}",
            "changes the key of the `p` at which a `c` points",
        ),
        (  # there is room for two rows, and one has to move where the other is
            "CREATE TABLE c (id INTEGER PRIMARY KEY CHECK (id IN (1, 2)), "
            "up INT DEFAULT 1 REFERENCES c (id) ON UPDATE SET DEFAULT);",
            "{from: c.up, to: c, required: false, on_update: set_null}",
            "changes the key of the `c` that points at itself",
        ),
        (  # a trigger of the rows that point has to let them go
            "CREATE TABLE c (id INTEGER PRIMARY KEY, f INT, "
            "up INT REFERENCES c (id) ON DELETE CASCADE);"
            f"CREATE TRIGGER g BEFORE DELETE ON c WHEN OLD.f IS NULL {REFUSE}",
            "{from: c.up, to: c, required: false, on_delete: set_null}",
            "deletes the `c` at which a `c` points",
        ),
        (  # the default can be held by no row
            "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT NOT NULL DEFAULT 1 CHECK (p_id <> 1) "
            "REFERENCES p (id) ON UPDATE SET DEFAULT);",
            "{from: c.p_id, to: p, on_update: cascade}",
            "changes the key of the `p` at which a `c` points",
        ),
        (  # SQLite's BEFORE trigger sees NULL for what is computed, unless its columns are named
            "CREATE TABLE p (id INTEGER PRIMARY KEY, n INT NOT NULL, made INT AS (n + 1));"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p (id));"
            f"CREATE TRIGGER g BEFORE UPDATE ON p WHEN NEW.made IS NULL {REFUSE}",
            "{from: c.p_id, to: p, required: false, on_update: cascade}",
            "changes the key of the `p` at which a `c` points",
        ),
    ],
)
def test_what_the_rule_says_has_to_become_of_the_rows(ddl: str, rule: str, says: str) -> None:
    done = tried(ddl, f"reference: {rule}")
    assert done.read.verdict is Verdict.BROKEN
    assert says in through(done)


def test_what_is_done_where_no_row_can_be_the_default_one() -> None:
    ddl = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY CHECK (id > 3));"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT NOT NULL DEFAULT 1 "
        "REFERENCES p (id) ON UPDATE CASCADE);"
    )
    found = through(tried(ddl, "reference: {from: c.p_id, to: p, on_update: set_default}"))
    assert "changes the key of the `p` at which a `c` points, beside no other" in found


def test_a_key_that_a_trigger_never_lets_change_rewrites_nothing() -> None:
    guard = (
        "CREATE TRIGGER g BEFORE UPDATE ON p WHEN OLD.id <> NEW.id BEGIN SELECT RAISE(IGNORE); END;"
    )
    done = tried(
        _child("") + guard, "reference: {from: c.p_id, to: p, required: false, on_update: set_null}"
    )
    assert done.read.verdict is done.report.verdict is Verdict.KEPT


def test_what_follows_its_parent_is_not_the_time_by_default() -> None:
    ddl = """
        CREATE TABLE p (at DATETIME PRIMARY KEY NOT NULL);
        CREATE TABLE c (id INTEGER PRIMARY KEY, at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
          REFERENCES p (at) ON UPDATE CASCADE);
    """
    done = tried(ddl, "reference: {from: c.at, to: p, on_update: set_default}")
    assert "changes the key of the `p` at which a `c` points" in through(done)


def test_a_key_that_has_room_for_other_letters_only() -> None:
    """To NOCASE 'c' and 'C' are one key, and to the row that is stored they are two."""
    ddl = """
    CREATE TABLE p (code TEXT COLLATE NOCASE PRIMARY KEY NOT NULL CHECK (code = 'c'));
    CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT COLLATE NOCASE REFERENCES p (code));
    """
    done = tried(ddl, "reference: {from: t.p, to: p, required: false, on_update: set_null}")
    sent = [one.sql for proof in done.proofs for out in proof.outcomes for one in out.statements]
    assert "UPDATE p SET code = 'C' WHERE code = 'c'" in sent


def test_a_default_that_leads_nowhere_refuses_beside_triggers_that_refuse() -> None:
    ddl = f"""
        CREATE TABLE p (id INTEGER PRIMARY KEY CHECK (NOT id BETWEEN 1 AND 2), s TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT NOT NULL DEFAULT 1
          REFERENCES p (id) ON DELETE SET DEFAULT);
        CREATE TRIGGER g BEFORE UPDATE ON p WHEN NEW.s = 'x' {REFUSE}
    """
    done = tried(ddl, "reference: {from: c.p_id, to: p, on_delete: set_default}")
    assert done.read.verdict is done.report.verdict is Verdict.KEPT
