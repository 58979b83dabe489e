"""Reading and execution agree on schemas of PostgreSQL's that the differential test found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import Database
from schemalint.rule import Verdict
from tests.prove.agreement import WRONG, Pair, compared, opened
from tests.prove.carrying_out import load

pytestmark = pytest.mark.server

BROKEN = {
    "a composite value is changed": (
        "CREATE TYPE pair AS (one INTEGER, two TEXT);"
        "CREATE TABLE t (id INT PRIMARY KEY, f pair NOT NULL)",
        "immutable: {of: t, fields: [f]}",
    ),
    "lists of texts in other letters": (
        "CREATE TABLE t (id INT PRIMARY KEY, f TEXT[] NOT NULL UNIQUE)",
        "unique: {of: t, by: [f], ignore_case: true}",
    ),
    "a blank text is computed": (
        "CREATE TABLE t (id INT PRIMARY KEY, f TEXT NOT NULL,"
        " made TEXT GENERATED ALWAYS AS (coalesce(f, 'x')) STORED)",
        "required: {of: t, fields: [made], not_blank: true}",
    ),
    "a great number is computed": (
        "CREATE TABLE t (id INT PRIMARY KEY, f BIGINT NOT NULL,"
        " made BIGINT NOT NULL UNIQUE GENERATED ALWAYS AS (f + 1) STORED)",
        "identity: {of: t, by: [made], type: int}",
    ),
    "two keys over the same columns": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE,"
        " FOREIGN KEY (p) REFERENCES p (id) ON UPDATE NO ACTION ON DELETE CASCADE)",
        "reference: {from: c.p, to: p, required: false, on_update: set_null}",
    ),
    "where a key that is computed points": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY, f INT NOT NULL CHECK (f NOT BETWEEN 0 AND 2),"
        " p INT GENERATED ALWAYS AS (coalesce(f, 0)) STORED REFERENCES p)",
        "reference: {from: c.p, to: p, required: false, on_update: set_null}",
    ),
    "rows that have to point at each other": (
        "CREATE TABLE t (id INT PRIMARY KEY, t INT UNIQUE"
        " REFERENCES t ON DELETE SET NULL CHECK (t IS NOT NULL))",
        "reference: {from: t.t, to: t, cardinality: one-or-more, on_delete: cascade}",
    ),
    "a table that has room for two rows, and a default": (
        "CREATE TABLE t (id INT PRIMARY KEY, f BOOLEAN NOT NULL UNIQUE, t INT UNIQUE DEFAULT 1"
        " REFERENCES t ON DELETE SET NULL)",
        "reference: {from: t.t, to: t, required: false, on_delete: set_default}",
    ),
    "rows that have to point at one row": (
        "CREATE EXTENSION btree_gist; CREATE TABLE p (id INT PRIMARY KEY,"
        " EXCLUDE USING gist (id WITH <>) DEFERRABLE INITIALLY DEFERRED);"
        "CREATE TABLE c (id INT PRIMARY KEY, n INT, p INT NOT NULL REFERENCES p CHECK (p >= 2))",
        "required: {of: c, fields: [n]}",
    ),
    "a computed column, and a default that is refused": (
        "CREATE TABLE t (id INT PRIMARY KEY, f BIGINT NOT NULL DEFAULT (1 + 1) CHECK (f < 2),"
        " n INT NOT NULL, made INT GENERATED ALWAYS AS (coalesce(n, 0)) STORED CHECK (made > 1))",
        "unique: {of: t, by: [n], where: made in (2)}",
    ),
    "a key that only the database numbers": (
        "CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " up BIGINT REFERENCES t ON UPDATE SET NULL)",
        "reference: {from: t.up, to: t, required: false, on_update: restrict}",
    ),
    "an heir that must not point at itself to point at nothing": (
        "CREATE TABLE t (id INT PRIMARY KEY CHECK (id IN (1, 3)), up INT REFERENCES t);"
        "CREATE TABLE heir () INHERITS (t)",
        "reference: {from: t.up, to: t, required: false}",
    ),
    "a row, and the only one at which it can point": (
        "CREATE TABLE p (id INT PRIMARY KEY, f INT NOT NULL, UNIQUE (f, id));"
        "CREATE TABLE c (id INT PRIMARY KEY, f INT NOT NULL, p INT NOT NULL CHECK (p = 2),"
        " FOREIGN KEY (f, p) REFERENCES p (f, id))",
        "immutable: {of: c, fields: [f]}",
    ),
    "a row, and the only one at which it can point by RESTRICT": (
        "CREATE TABLE p (f INT PRIMARY KEY, one BOOLEAN NOT NULL UNIQUE CHECK (one));"
        "CREATE TABLE c (id INT PRIMARY KEY, f INT NOT NULL REFERENCES p ON UPDATE RESTRICT)",
        "immutable: {of: c, fields: [f]}",
    ),
    "a row, and the only one at which it can point by a key that waits": (
        "CREATE TABLE p (f INT PRIMARY KEY, one BOOLEAN NOT NULL UNIQUE CHECK (one));"
        "CREATE TABLE c (id INT PRIMARY KEY, f INT NOT NULL REFERENCES p DEFERRABLE)",
        "immutable: {of: c, fields: [f]}",
    ),
    "a row that points at itself alone": (
        "CREATE TABLE t (id INT PRIMARY KEY, up INT NOT NULL REFERENCES t CHECK (up IN (0, 1)),"
        " one BOOLEAN NOT NULL UNIQUE CHECK (one))",
        "immutable: {of: t, fields: [up]}",
    ),
    "one row after the other passes a trigger": (
        "CREATE TYPE status AS ENUM ('A', 'B');"
        "CREATE TABLE p (id INT PRIMARY KEY, s status NOT NULL UNIQUE);"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT NOT NULL REFERENCES p CHECK (p <> 1));"
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF OLD.s = 'A' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER g AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION g()",
        "reference: {from: c.p, to: p, on_update: cascade}",
    ),
    "the client's own default": (
        "from sqlmodel import Field, SQLModel\n"
        "class T(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n"
        "    state: str = 'OPEN'",
        "states: {of: T.state, values: [NEW, OPEN], initial: NEW}",
    ),
    "texts whose beginning a CHECK tells": (
        "CREATE TABLE t (id INT PRIMARY KEY, s TEXT NOT NULL UNIQUE CHECK (s LIKE 'a%'))",
        "unique: {of: t, by: [s], ignore_case: true}",
    ),
    "rows of which another key wants something else": (
        "CREATE TABLE p (id INT PRIMARY KEY, n NUMERIC(5,2) NOT NULL UNIQUE);"
        "CREATE TABLE c (id INT PRIMARY KEY, d DATE NOT NULL, one INT NOT NULL REFERENCES p,"
        " two NUMERIC(5,2) NOT NULL REFERENCES p (n), CHECK (two IN (3) OR d IS NULL))",
        "reference: {from: c.one, to: p, on_delete: cascade}",
    ),
    "a trigger that makes rows point": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY, f INT, p INT REFERENCES p);"
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.p := 1; RETURN NEW; END $$;"
        "CREATE TRIGGER g BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION g()",
        "required: {of: c, fields: [f]}",
    ),
    "NULL that a domain does not see": (
        "CREATE DOMAIN needed AS INT NOT NULL;CREATE TABLE t (id INT PRIMARY KEY, n INT, f needed)",
        "immutable: {of: t, fields: [n], where: f is null}",
    ),
    "what is computed gets a value": (
        "CREATE TABLE t (id INT PRIMARY KEY, f REAL,"
        " made REAL GENERATED ALWAYS AS (CASE WHEN f > 1 THEN 1 END) STORED)",
        "immutable: {of: t, fields: [made]}",
    ),
    "a trigger drops the NULL that NOT NULL would refuse": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT NOT NULL REFERENCES p ON UPDATE SET NULL);"
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; RETURN NEW; END $$;"
        "CREATE TRIGGER g BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION g()",
        "reference: {from: c.p, to: p}",
    ),
    "a default that points at no row": (
        "CREATE TABLE t (id SERIAL PRIMARY KEY, f BOOLEAN CHECK (f IS NULL),"
        " up INT DEFAULT 1 REFERENCES t, CHECK (id < 0 AND up = 2))",
        "required: {of: t, fields: [f]}",
    ),
    "rows that all point at themselves": (
        "CREATE TABLE t (id INT PRIMARY KEY, up INT UNIQUE REFERENCES t, CHECK ((up > 2) IS TRUE))",
        "check: {of: t, that: id <> 3}",
    ),
    "tables that need each other": (
        "CREATE TABLE b (id INT PRIMARY KEY, a INT UNIQUE DEFAULT 2);"
        "CREATE TABLE a (id INT PRIMARY KEY REFERENCES b (a), n INT NOT NULL);"
        "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a",
        "check: {of: a, that: n > 0}",
    ),
}


REFUSE = (
    "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'no'; RETURN NULL; END $$;"
)
FOLLOWS = (
    "CREATE TABLE p (id INT PRIMARY KEY, n INT UNIQUE);"
    "CREATE TABLE c (id INT PRIMARY KEY, p INT REFERENCES p {});"
    f"{REFUSE}CREATE TRIGGER no BEFORE {{}} ON c FOR EACH {{}} EXECUTE FUNCTION no()"
)
NEVER_CHANGED = "immutable: {of: p, fields: [id]}"
AGREEING = {
    "every UPDATE that a key asks for is refused": (
        FOLLOWS.format("ON UPDATE SET NULL", "UPDATE", "STATEMENT"),
        NEVER_CHANGED,
        Verdict.KEPT,
    ),
    "every UPDATE of the column that a key asks for": (
        FOLLOWS.format("ON UPDATE CASCADE", "UPDATE OF p", "STATEMENT"),
        NEVER_CHANGED,
        Verdict.KEPT,
    ),
    "UPDATE of another column": (
        FOLLOWS.format("ON UPDATE CASCADE", "UPDATE OF id", "STATEMENT"),
        NEVER_CHANGED,
        Verdict.BROKEN,
    ),
    "each row is looked at, and there is none": (
        FOLLOWS.format("ON UPDATE CASCADE", "UPDATE", "ROW"),
        NEVER_CHANGED,
        Verdict.BROKEN,
    ),
    "a key that does nothing": (
        FOLLOWS.format("ON UPDATE NO ACTION", "UPDATE", "STATEMENT"),
        NEVER_CHANGED,
        Verdict.BROKEN,
    ),
    "a column that no key points at": (
        FOLLOWS.format("ON UPDATE CASCADE", "UPDATE", "STATEMENT"),
        "immutable: {of: p, fields: [n]}",
        Verdict.BROKEN,
    ),
    "every DELETE that a key asks for is refused": (
        FOLLOWS.format("ON DELETE CASCADE", "DELETE", "STATEMENT"),
        "reference: {from: c.p, to: p, required: false, on_delete: restrict}",
        Verdict.KEPT,
    ),
    "a trigger refuses that a default is set": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY,"
        " p INT NOT NULL DEFAULT 1 REFERENCES p ON UPDATE SET DEFAULT CHECK (p < 3));"
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF OLD.p IS DISTINCT FROM NEW.p THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER no BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION no()",
        "reference: {from: c.p, to: p, on_update: set_default}",
        Verdict.BROKEN,
    ),
    "the default leads to the parent that is changed": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY,"
        " p INT NOT NULL DEFAULT 1 REFERENCES p ON UPDATE SET DEFAULT CHECK (p < 3))",
        "reference: {from: c.p, to: p, on_update: set_default}",
        Verdict.KEPT,
    ),
    "a default that no parent can have": (
        "CREATE TABLE p (id INT PRIMARY KEY CHECK (id > 1));"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT NOT NULL DEFAULT 1 REFERENCES p)",
        "reference: {from: c.p, to: p, on_delete: set_default}",
        Verdict.KEPT,
    ),
    "a default that a parent can have": (
        "CREATE TABLE p (id INT PRIMARY KEY CHECK (id > 0));"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT NOT NULL DEFAULT 1 REFERENCES p)",
        "reference: {from: c.p, to: p, on_delete: set_default}",
        Verdict.BROKEN,
    ),
    "a column that two keys share": (
        "CREATE TABLE p (t INT, id INT, PRIMARY KEY (t, id));"
        "CREATE TABLE c (t INT, id INT, one INT NOT NULL, two INT NOT NULL, PRIMARY KEY (t, id),"
        " FOREIGN KEY (t, one) REFERENCES p ON UPDATE CASCADE,"
        " FOREIGN KEY (t, two) REFERENCES p)",
        "reference: {from: c.one, to: p, on_update: cascade}",
        Verdict.KEPT,
    ),
    "a row of a composite type without any value": (
        "CREATE TYPE pair AS (one INTEGER, two TEXT);"
        "CREATE TABLE t (id INT PRIMARY KEY, f pair NOT NULL)",
        "identity: {of: t, by: [id, f]}",
        Verdict.BROKEN,
    ),
    "a trigger drops what never happens": (
        "CREATE TABLE p (id INT PRIMARY KEY CHECK (id = 1));"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT NOT NULL REFERENCES p ON UPDATE SET NULL);"
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; RETURN NEW; END $$;"
        "CREATE TRIGGER g BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION g()",
        "reference: {from: c.p, to: p}",
        Verdict.KEPT,
    ),
    "a domain refuses the NULL that is computed": (
        "CREATE DOMAIN needed AS INT NOT NULL;"
        "CREATE TABLE t (id INT PRIMARY KEY, f INT NOT NULL,"
        " made needed GENERATED ALWAYS AS (CASE WHEN f > 1 THEN 1 END) STORED)",
        "immutable: {of: t, fields: [made]}",
        Verdict.KEPT,
    ),
    "UPDATE OF a computed column": (
        "CREATE TABLE p (id INT PRIMARY KEY, f INT, made INT GENERATED ALWAYS AS (f + 1) STORED);"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT REFERENCES p);"
        f"{REFUSE}CREATE TRIGGER no BEFORE UPDATE OF made ON p FOR EACH ROW EXECUTE FUNCTION no()",
        "reference: {from: c.p, to: p, required: false, on_update: cascade}",
        Verdict.UNKNOWN,
    ),
}


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with opened("postgresql") as found:
        yield found


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_shown(database: Database, name: str) -> None:
    ddl, rule = BROKEN[name]
    language = "py" if ddl.startswith("from") else "sql"
    end = "\n" if language == "py" else ";"
    pair = Pair(name, load(ddl + end, language, Dialect.POSTGRESQL), rule)
    (found,) = compared(database, [pair])
    assert found.result not in WRONG, str(found)
    assert found.proof is not None
    assert found.proof.judged.verdict is Verdict.BROKEN
    assert found.proof.shown is not None


@pytest.mark.parametrize("name", AGREEING)
def test_triggers_that_see_what_keys_do(database: Database, name: str) -> None:
    ddl, rule, verdict = AGREEING[name]
    pair = Pair(name, load(ddl + ";", "sql", Dialect.POSTGRESQL), rule)
    (found,) = compared(database, [pair])
    assert found.result not in WRONG, str(found)
    assert found.proof is not None
    assert found.proof.judged.verdict is verdict
