"""trigger-that-only-warns, update-only-guard and cascade-into-immutable."""

from __future__ import annotations

import pytest

from tests.rules.design.finding import in_prisma, in_sql, places

WARNS = "trigger-that-only-warns"
GUARD = "update-only-guard"
CASCADE = "cascade-into-immutable"
TABLES = """
CREATE TABLE log (id int);
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, n int, locked boolean NOT NULL, p_id int, %s);
"""
KEY = "FOREIGN KEY (p_id) REFERENCES p (id)"


def on_a(trigger: str, body: str, key: str = KEY) -> str:
    """Tables, and a trigger on one of them with this PL/pgSQL body."""
    function = f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{body}\nEND $$;"
    return f"{TABLES % key}{function}\nCREATE TRIGGER g {trigger} EXECUTE FUNCTION f();"


# -- trigger-that-only-warns


@pytest.mark.parametrize(
    ("trigger", "body", "says"),
    [
        (
            "BEFORE UPDATE ON a FOR EACH ROW",
            "RAISE WARNING 'no'; RETURN NEW;",
            "the trigger `g` raises a warning, and the UPDATE of `a` happens all the same",
        ),
        (
            "AFTER INSERT OR DELETE ON a FOR EACH ROW",
            "IF OLD.locked THEN RAISE NOTICE 'no'; END IF; RETURN NULL;",
            "the trigger `g` raises a notice, and the INSERT or DELETE of `a` happens",
        ),
        (
            "BEFORE INSERT ON a FOR EACH ROW",
            "RETURN NULL;",
            "the trigger `g` drops every INSERT of `a` without an error, so the writer takes it "
            "for done",
        ),
        (
            "BEFORE DELETE ON a FOR EACH ROW",
            "IF OLD.locked THEN RETURN NULL; END IF; RETURN OLD;",
            "the trigger `g` drops some DELETE of `a`",
        ),
    ],
)
def test_what_only_warns(trigger: str, body: str, says: str) -> None:
    found = in_sql(WARNS, "postgresql", on_a(trigger, body))
    assert len(found) == 1
    assert found[0].message.startswith(says)
    assert places(found)[0].startswith("CREATE TRIGGER g")


@pytest.mark.parametrize(
    ("trigger", "body"),
    [
        ("BEFORE UPDATE ON a FOR EACH ROW", "RAISE EXCEPTION 'no'; RETURN NEW;"),
        ("AFTER UPDATE ON a FOR EACH ROW", "RETURN NULL;"),
        ("AFTER UPDATE ON a FOR EACH ROW", "-- RAISE WARNING 'no'\nRETURN NULL;"),
        ("AFTER UPDATE ON a FOR EACH ROW", "RAISE LOG 'seen'; RETURN NULL;"),
        (
            "AFTER UPDATE ON a FOR EACH ROW",
            "INSERT INTO log VALUES (1); RAISE NOTICE 'written'; RETURN NULL;",
        ),
        (
            "BEFORE INSERT ON a FOR EACH ROW",
            "IF NEW.n IS NULL THEN RETURN NULL; END IF; RETURN NEW;",
        ),
        ("BEFORE INSERT ON a FOR EACH ROW", "INSERT INTO log VALUES (NEW.id); RETURN NULL;"),
        (
            "BEFORE UPDATE OR DELETE ON a FOR EACH ROW",
            "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'no'; END IF;\n"
            "RAISE NOTICE 'changed'; RETURN NEW;",
        ),
    ],
)
def test_what_does_more_or_less_than_that(trigger: str, body: str) -> None:
    assert in_sql(WARNS, "postgresql", on_a(trigger, body)) == []


def test_orphans_are_told() -> None:
    """I15b."""
    ddl = on_a("BEFORE DELETE ON a FOR EACH ROW", "RETURN NULL;", f"{KEY} ON DELETE CASCADE")
    (finding,) = in_sql(WARNS, "postgresql", ddl)
    assert finding.message.endswith(
        "; a parent's deletion passes it and leaves rows that point at nothing"
    )


# -- update-only-guard


@pytest.mark.parametrize(
    ("trigger", "body", "reported"),
    [
        ("BEFORE UPDATE ON a FOR EACH ROW", "RAISE EXCEPTION 'no';", True),
        ("BEFORE UPDATE ON a", "RAISE EXCEPTION 'no';", True),
        ("BEFORE UPDATE ON a FOR EACH ROW WHEN (OLD.locked)", "RAISE EXCEPTION 'no';", True),
        (
            "BEFORE UPDATE ON a FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)",
            "RAISE EXCEPTION 'no';",
            True,
        ),
        (
            "BEFORE UPDATE ON a FOR EACH ROW",
            "IF OLD.locked THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;",
            True,
        ),
        (
            "BEFORE UPDATE ON a FOR EACH ROW",
            "IF OLD.n IS DISTINCT FROM NEW.n THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;",
            False,
        ),
        ("BEFORE UPDATE OF n ON a FOR EACH ROW", "RAISE EXCEPTION 'no';", False),
        ("BEFORE UPDATE OR DELETE ON a FOR EACH ROW", "RAISE EXCEPTION 'no';", False),
        ("BEFORE DELETE ON a FOR EACH ROW", "RAISE EXCEPTION 'no';", False),
    ],
)
def test_which_guards_are_for_updates_only(trigger: str, body: str, reported: bool) -> None:
    found = in_sql(GUARD, "postgresql", on_a(trigger, body))
    assert len(found) == reported


def test_what_else_may_refuse_deletion() -> None:
    ddl = on_a("BEFORE UPDATE ON a FOR EACH ROW", "RAISE EXCEPTION 'no';")
    (finding,) = in_sql(GUARD, "postgresql", ddl)
    assert finding.message == (
        "`g` keeps rows of `a` from being changed, but nothing keeps them from being deleted and "
        "stored anew"
    )
    other = "\nCREATE TRIGGER h BEFORE DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();"
    assert in_sql(GUARD, "postgresql", ddl + other) == []
    assert in_sql(GUARD, "postgresql", f"{ddl}\nREVOKE DELETE ON a FROM PUBLIC;") == []
    assert in_sql(GUARD, "postgresql", f"{ddl}\nALTER TABLE a DISABLE TRIGGER g;") == []


@pytest.mark.parametrize(
    ("rule", "reported"),
    [
        ("immutable: {of: a}", True),
        ("immutable: {of: a, deletable: true}", False),
        ("immutable: {of: a, fields: [n]}", False),
        ("immutable: {of: p, deletable: true}", True),
    ],
)
def test_the_rulebook_can_let_rows_go(rule: str, reported: bool) -> None:
    ddl = on_a("BEFORE UPDATE ON a FOR EACH ROW", "RAISE EXCEPTION 'no';")
    assert len(in_sql(GUARD, "postgresql", ddl, rule)) == reported


# -- cascade-into-immutable


@pytest.mark.parametrize(
    ("events", "action", "reported"),
    [
        ("DELETE", "ON DELETE CASCADE", True),
        ("UPDATE", "ON DELETE CASCADE", False),
        ("UPDATE", "ON DELETE SET NULL", True),
        ("UPDATE OR DELETE", "ON DELETE SET DEFAULT", True),
        ("UPDATE OR DELETE", "ON UPDATE CASCADE", False),
        ("UPDATE OR DELETE", "ON DELETE RESTRICT", False),
        ("INSERT", "ON DELETE CASCADE", False),
        ("UPDATE OF p_id", "ON DELETE SET NULL", True),
        ("UPDATE OF n", "ON DELETE SET NULL", False),
    ],
)
def test_which_actions_meet_a_guard(events: str, action: str, reported: bool) -> None:
    ddl = on_a(f"BEFORE {events} ON a FOR EACH ROW", "RAISE EXCEPTION 'no';", f"{KEY} {action}")
    found = in_sql(CASCADE, "postgresql", ddl)
    assert places(found) == ([action] if reported else [])


def test_where_triggers_do_not_see_it_a_new_key_matters_too() -> None:
    """I04."""
    ddl = (
        TABLES % f"{KEY} ON UPDATE CASCADE"
        + "CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW SIGNAL SQLSTATE '45000';"
    )
    (finding,) = in_sql(CASCADE, "mariadb", ddl)
    assert finding.message == (
        "changing the key of a `p` rewrites `p_id` of `a`, though these rows are meant to stay as "
        "they are: foreign-key actions fire no triggers on this database"
    )
    assert finding.help == "use ON UPDATE RESTRICT"


def test_a_guard_of_the_keys_column() -> None:
    """I12f on MariaDB, which has no UPDATE OF."""
    ddl = (
        TABLES
        % f"{KEY} ON DELETE SET NULL"
        + "CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW IF NOT (NEW.%s <=> OLD.%s) THEN "
        "SIGNAL SQLSTATE '45000'; END IF;"
    )
    assert len(in_sql(CASCADE, "mariadb", ddl % ("p_id", "p_id"))) == 1
    assert in_sql(CASCADE, "mariadb", ddl % ("n", "n")) == []


def test_a_guard_of_some_rows() -> None:
    ddl = on_a(
        "BEFORE DELETE ON a FOR EACH ROW WHEN (OLD.locked)",
        "RAISE EXCEPTION 'no';",
        f"{KEY} ON DELETE CASCADE",
    )
    (finding,) = in_sql(CASCADE, "postgresql", ddl)
    assert (
        "though some of these rows are meant to stay as they are: the trigger refuses it, and "
        in (finding.message)
    )


PRISMA = """
datasource db {
  provider = "postgresql"
}

model P {
  id Int @id
  as A[]
}

model A {
  id  Int  @id
  pId Int?
  p   P?   @relation(fields: [pId], references: [id]%s)

  @@index([pId])
}
"""


@pytest.mark.parametrize(
    ("written", "rule", "reported"),
    [
        (", onDelete: Cascade", "immutable: {of: A}", 1),
        (", onDelete: Cascade", "immutable: {of: A, deletable: true}", 0),
        (", onDelete: Cascade", "immutable: {of: A, fields: [pId]}", 0),
        (", onDelete: SetNull", "immutable: {of: A, fields: [pId]}", 1),
        (", onDelete: SetNull", "immutable: {of: A, fields: [id]}", 0),
        (", onDelete: Restrict", "immutable: {of: A}", 0),
        (", onDelete: Restrict, onUpdate: Cascade", "immutable: {of: A}", 1),
        (", onDelete: Cascade", "immutable: {of: P}", 0),
        (", onDelete: Cascade", "immutable: {of: Nobody}", 0),
    ],
)
def test_what_a_rule_protects(written: str, rule: str, reported: int) -> None:
    assert len(in_prisma(CASCADE, PRISMA % written, rule)) == reported
