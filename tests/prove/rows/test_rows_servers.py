"""Valid rows on servers: what only they have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from schemalint.condition.parse import parse_predicate
from schemalint.model import Dialect
from schemalint.prove.rows.row_maker import RowMaker
from schemalint.prove.rows.stored import NoRow, Stored
from tests.prove.real_rows import database_of, schema_of

pytestmark = pytest.mark.server

POSTGRESQL = {
    "identity": """CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n INT NOT NULL);
        CREATE TABLE child (id SERIAL PRIMARY KEY, t INT NOT NULL REFERENCES t)""",
    "identity below zero": """CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY
          CHECK (id < 0))""",
    "computed without NULL": """CREATE DOMAIN needed AS INT NOT NULL;
        CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL,
          b needed GENERATED ALWAYS AS (CASE WHEN a > 6 THEN 1 END) STORED);
        CREATE TABLE other (id INT PRIMARY KEY, a TEXT,
          b TEXT NOT NULL GENERATED ALWAYS AS (nullif(a, '')) STORED)""",
    "key by default": """CREATE TABLE t (id UUID PRIMARY KEY DEFAULT gen_random_uuid());
        CREATE TABLE child (t UUID NOT NULL REFERENCES t)""",
    "domain": """CREATE DOMAIN mail AS TEXT CHECK (VALUE ~ '^[^@]+@[^@]+\\.[a-z]{2,}$');
        CREATE TABLE t (id INT PRIMARY KEY, mail mail NOT NULL UNIQUE)""",
    "domain without NULL": """CREATE DOMAIN price AS NUMERIC(10, 2) NOT NULL CHECK (VALUE >= 0);
        CREATE DOMAIN code AS CHAR(3) NOT NULL;
        CREATE TABLE t (id INT PRIMARY KEY, price price, code code)""",
    "composite": """CREATE TYPE address AS (street TEXT, zip TEXT);
        CREATE TABLE t (id INT PRIMARY KEY, home address NOT NULL, work public.address NOT NULL)""",
    "enum": """CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE TABLE t (id INT PRIMARY KEY, one mood NOT NULL, many mood[] NOT NULL,
          CHECK (cardinality(many) > 0))""",
    "exclusion": """CREATE TABLE t (room INT NOT NULL, starts DATE NOT NULL, ends DATE NOT NULL,
          CHECK (starts < ends), EXCLUDE USING gist (daterange(starts, ends) WITH &&))""",
    "exclusions that count some rows": """CREATE TABLE t (id INT PRIMARY KEY, one INT NOT NULL
          CHECK (one = 1), n INT NOT NULL, EXCLUDE USING btree (one WITH =) WHERE (n < 50));
        CREATE TABLE other (id INT PRIMARY KEY, one INT DEFAULT 1 CHECK (one = 1),
          n INT NOT NULL CHECK (n < 3), EXCLUDE USING btree (one WITH =),
          EXCLUDE USING btree (n WITH =) WHERE (n > 1))""",
    "parents that have room for one": """CREATE TABLE p (a INT NOT NULL, b INT NOT NULL UNIQUE,
          PRIMARY KEY (a, b), UNIQUE (a));
        CREATE TABLE child (a INT PRIMARY KEY, b INT NOT NULL, c INT NOT NULL,
          FOREIGN KEY (a, b) REFERENCES p, FOREIGN KEY (a, c) REFERENCES p (a, b))""",
    "circle": """CREATE TABLE a (id INT PRIMARY KEY, b INT NOT NULL);
        CREATE TABLE b (id INT PRIMARY KEY, a INT NOT NULL REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY IMMEDIATE""",
    "circle at once": """CREATE TABLE a (id INT PRIMARY KEY, b INT NOT NULL);
        CREATE TABLE b (id INT PRIMARY KEY, a INT NOT NULL REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b""",
    "circle of keys": """CREATE TABLE b (id INT PRIMARY KEY, a INT UNIQUE DEFAULT 2);
        CREATE TABLE a (id INT PRIMARY KEY REFERENCES b (a), n INT NOT NULL);
        ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a""",
    "circle by one that may be NULL": """CREATE TABLE b (id INT PRIMARY KEY, a INT, UNIQUE (id, a));
        CREATE TABLE a (id INT PRIMARY KEY, b INT CHECK (b <> 1),
          FOREIGN KEY (b, id) REFERENCES b (id, a) MATCH FULL);
        ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a""",
    "match full": """CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b));
        CREATE TABLE child (id INT PRIMARY KEY, a INT NOT NULL, b INT,
          FOREIGN KEY (a, b) REFERENCES t MATCH FULL)""",
    "match full beside a default": """CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b));
        CREATE TABLE child (id INT PRIMARY KEY, a INT, b INT DEFAULT 1,
          FOREIGN KEY (a, b) REFERENCES t MATCH FULL, CHECK (a IS NULL))""",
    "partitions": """CREATE TABLE t (id INT NOT NULL, day DATE NOT NULL) PARTITION BY RANGE (day);
        CREATE TABLE t24 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')""",
    "types": """CREATE TABLE t (a INET NOT NULL, b TSTZRANGE NOT NULL, c JSONB NOT NULL,
          d INTERVAL NOT NULL, e BIT(3) NOT NULL, f NUMERIC(3, 2) NOT NULL, g BYTEA NOT NULL)""",
    "checks": """CREATE TABLE t (code VARCHAR(3) NOT NULL UNIQUE CHECK (code ~ '^[A-Z]{3}$'),
          starts TIMESTAMPTZ NOT NULL, ends TIMESTAMPTZ CHECK (ends > starts),
          data JSONB NOT NULL CHECK (jsonb_typeof(data) = 'object'),
          opens TIME NOT NULL, closes TIME NOT NULL, CHECK (opens < closes))""",
    "triggers": """CREATE TABLE t (id INT PRIMARY KEY, state TEXT NOT NULL, n INT);
        CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NEW.state <> 'DRAFT' THEN RAISE EXCEPTION 'not a draft'; END IF;
          NEW.n := coalesce(NEW.n, 7); RETURN NEW; END $$;
        CREATE TRIGGER guard BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION guard()""",
    "names": """CREATE SCHEMA other; CREATE TABLE other."Order" ("user" INT PRIMARY KEY);
        CREATE TABLE child (o INT NOT NULL REFERENCES other."Order")""",
}
MARIADB = {
    "sequence": """CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL UNIQUE);
        CREATE TABLE child (t INT NOT NULL, FOREIGN KEY (t) REFERENCES t (id))""",
    "itself": """CREATE TABLE t (id INT PRIMARY KEY, up INT NOT NULL,
        FOREIGN KEY (up) REFERENCES t (id))""",
    "checks": """CREATE TABLE t (a INT NOT NULL CHECK (a > 5), s VARCHAR(9) NOT NULL UNIQUE,
        j JSON NOT NULL, e ENUM('x', 'y') NOT NULL, CHECK (char_length(s) = 2))""",
    "generated": "CREATE TABLE t (a INT NOT NULL, b INT GENERATED ALWAYS AS (a * 2) STORED UNIQUE)",
}


@contextmanager
def maker_on(sql: str, dialect: Dialect) -> Iterator[tuple[RowMaker, list[str]]]:
    database = database_of(dialect)
    try:
        parts = sql.replace("$$ BEGIN", "\0").split(";\n")
        statements, body = [], ""
        for part in parts:
            body += part
            if body.count("\0") > body.count("END $$"):
                body += ";\n"
                continue
            statements += [body.replace("\0", "$$ BEGIN")] if body.strip() else []
            body = ""
        database.build([one for text in statements for one in _single(text)])
        schema = schema_of(sql, dialect)
        with database.attempt() as attempt:
            yield RowMaker(schema, attempt), [model.name for model in schema.models]
    finally:
        database.close()


def _single(text: str) -> list[str]:
    return [text] if "$$" in text else [one for one in text.split("; ") if one.strip()]


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        *[pytest.param(Dialect.POSTGRESQL, sql, id=name) for name, sql in POSTGRESQL.items()],
        *[pytest.param(Dialect.MARIADB, sql, id=f"my {name}") for name, sql in MARIADB.items()],
    ],
)
def test_three_rows_of_each_table(dialect: Dialect, sql: str) -> None:
    with maker_on(sql, dialect) as (maker, _):
        for model in schema_of(sql, dialect).models:
            for _ in range(3):
                found = maker.insert(model)
                assert isinstance(found, Stored), found.reason
                assert found.values


def test_where_a_server_has_no_way() -> None:
    """MySQL has no deferred keys: two tables that need each other hold no row."""
    sql = """CREATE TABLE a (id INT PRIMARY KEY, b INT NOT NULL);
        CREATE TABLE b (id INT PRIMARY KEY, a INT NOT NULL, FOREIGN KEY (a) REFERENCES a (id));
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id)"""
    with maker_on(sql, Dialect.MARIADB) as (maker, _):
        found = maker.insert(schema_of(sql, Dialect.MARIADB).models[0])
        assert isinstance(found, NoRow)
        assert found.kind == "foreign key"


def test_a_value_that_no_row_can_have_is_tried_once() -> None:
    """PostgreSQL points at it; at what it is not given, it looks for another."""
    sql = """CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE TABLE t (name TEXT NOT NULL, n INT NOT NULL, mood mood NOT NULL, many mood[])"""
    given = {"name": "é'\\", "mood": "sad", "n": 1}
    with maker_on(sql, Dialect.POSTGRESQL) as (maker, _):
        (model,) = schema_of(sql, Dialect.POSTGRESQL).models
        for wrong in ({"mood": "no"}, {"n": "x"}, {"many": ["sad", "no"]}):
            found = maker.insert(model, {**given, **wrong})
            assert isinstance(found, NoRow)
            assert (found.kind, found.tries) == ("type", 1)
        assert isinstance(maker.insert(model, given), Stored)


def test_two_rows_that_point_at_each_other() -> None:
    """Each points at one of the table, and no two at the same: no row that is there is left."""
    sql = """CREATE TABLE t (id INT PRIMARY KEY, n INT UNIQUE REFERENCES t CHECK (n IS NOT NULL))"""
    apart = parse_predicate("n <> id", Dialect.POSTGRESQL)
    with maker_on(sql, Dialect.POSTGRESQL) as (maker, _):
        (model,) = schema_of(sql, Dialect.POSTGRESQL).models
        assert isinstance(maker.insert(model), Stored)
        found = maker.insert(model, satisfying=[apart])
        assert isinstance(found, Stored), found.reason
        assert found.values["n"] != found.values["id"]
        assert len(maker.rows(model)) == 3


def test_values_of_composite_types() -> None:
    """By the members that have plain types; of the rest there is no value in them."""
    sql = """CREATE TYPE pair AS (one INTEGER, two TEXT, three DATE, four NUMERIC(5,2));
        CREATE TABLE t (id INT PRIMARY KEY, pair pair NOT NULL UNIQUE)"""
    with maker_on(sql, Dialect.POSTGRESQL) as (maker, _):
        (model,) = schema_of(sql, Dialect.POSTGRESQL).models
        stored = [maker.insert(model) for _ in range(3)]
    found = [one.values["pair"] for one in stored if isinstance(one, Stored)]
    assert found == ["(1,a,,1.00)", "(2,b,,2.00)", "(3,c,,3.00)"]


def test_texts_that_mariadb_compares_as_numbers() -> None:
    sql = "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(9))"
    wanted = parse_predicate("s <> 0 AND s <> 1", Dialect.MARIADB)
    with maker_on(sql, Dialect.MARIADB) as (maker, _):
        found = maker.insert(schema_of(sql, Dialect.MARIADB).models[0], satisfying=[wanted])
        assert isinstance(found, Stored), found.reason
        assert found.values["s"] in ("2", "-1")


@pytest.mark.parametrize(("kind", "zero"), [("DATETIME", "0000-00-00 00"), ("DATE", "0000-00-00")])
def test_what_mariadb_compares_with_a_text_that_is_no_date(kind: str, zero: str) -> None:
    """It counts as the zero date, which MariaDB stores by default (O07d)."""
    sql = f"CREATE TABLE t (id INT PRIMARY KEY, at {kind})"
    wanted = parse_predicate("at = 'CLOSED'", Dialect.MARIADB)
    with maker_on(sql, Dialect.MARIADB) as (maker, _):
        found = maker.insert(schema_of(sql, Dialect.MARIADB).models[0], satisfying=[wanted])
        assert isinstance(found, Stored), found.reason
        assert str(found.values["at"]).startswith(zero)
