"""The design rules that Prisma schemas gave rise to, over DDL: what they say, and no edit of it."""

from __future__ import annotations

import pytest

from tests.rules.design.finding import in_sql, places


@pytest.mark.parametrize(
    ("rule", "dialect", "ddl", "place", "help_text"),
    [
        (
            "missing-primary-key",
            "postgresql",
            "CREATE TABLE a (code text UNIQUE);",
            "a",
            "name the field or fields that identify a row as its primary key",
        ),
        (
            "money-as-float",
            "sqlite",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, price REAL);",
            "REAL",
            "use an integer of the smallest unit; SQLite stores DECIMAL in floating point too",
        ),
        (
            "money-as-float",
            "mysql",
            "CREATE TABLE a (id INT PRIMARY KEY, total_cost DOUBLE);",
            "DOUBLE",
            "use `NUMERIC(12, 2)`, or an integer of the smallest unit",
        ),
        (
            "nullable-in-unique",
            "mysql",
            "CREATE TABLE a (x INT NOT NULL, y INT, UNIQUE (x, y));",
            "UNIQUE (x, y)",
            "make `y` NOT NULL",
        ),
        (
            "nullable-in-unique",
            "postgresql",
            "CREATE TABLE a (x int NOT NULL, y int); CREATE UNIQUE INDEX u ON a (x, y);",
            "CREATE UNIQUE INDEX u ON a (x, y)",
            "make `y` NOT NULL, or use a unique index with a WHERE, or NULLS NOT DISTINCT "
            "(PostgreSQL 15 and later)",
        ),
        (
            "redundant-index",
            "sqlite",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, x INT UNIQUE); CREATE INDEX i ON a (x);",
            "CREATE INDEX i ON a (x)",
            "drop it",
        ),
        (
            "set-null-on-required",
            "sqlite",
            "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            "CREATE TABLE a (p_id INTEGER NOT NULL REFERENCES p (id) ON DELETE SET NULL);",
            "ON DELETE SET NULL",
            "use RESTRICT or CASCADE, or take NOT NULL from the column",
        ),
        (
            "string-as-state",
            "sqlite",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, status TEXT);",
            "TEXT",
            "add `CHECK (status IN (...))` with the allowed values",
        ),
        (
            "string-as-state",
            "postgresql",
            "CREATE TABLE a (id int PRIMARY KEY, state varchar(20) DEFAULT 'on');",
            "varchar(20)",
            "use an enum type, or add `CHECK (state IN (...))` with the allowed values",
        ),
        (
            "undocumented-model",
            "postgresql",
            "CREATE TABLE a (id int PRIMARY KEY);",
            "a",
            "add COMMENT ON TABLE a IS '...'",
        ),
        (
            "undocumented-model",
            "mysql",
            "CREATE TABLE a (id int PRIMARY KEY);",
            "a",
            "add COMMENT = '...' to the table",
        ),
        (
            "unindexed-foreign-key",
            "postgresql",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE a (p_id int REFERENCES p (id));",
            "REFERENCES p (id)",
            'add `CREATE INDEX "a_p_id_idx" ON "a" ("p_id")`',
        ),
        (
            "updated-at-not-updated",
            "mysql",
            "CREATE TABLE a (updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);",
            "updated_at",
            "add ON UPDATE CURRENT_TIMESTAMP, or renew it with a trigger, or in the client library",
        ),
    ],
)
def test_what_they_say(rule: str, dialect: str, ddl: str, place: str, help_text: str) -> None:
    found = in_sql(rule, dialect, ddl)
    assert places(found) == [place]
    assert found[0].help == help_text
    assert found[0].fix is None


@pytest.mark.parametrize(
    ("rule", "dialect", "ddl"),
    [
        (
            "missing-primary-key",
            "postgresql",
            "CREATE TABLE a (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);"
            "CREATE TABLE b PARTITION OF a FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
        ),
        ("undocumented-model", "sqlite", "CREATE TABLE a (id INTEGER PRIMARY KEY);"),
        (
            "undocumented-model",
            "mysql",
            "CREATE TABLE a (id INT PRIMARY KEY) COMMENT = 'One of them.';",
        ),
        ("string-as-state", "mysql", "CREATE TABLE a (status ENUM('on', 'off'));"),
        (
            "string-as-state",
            "postgresql",
            "CREATE DOMAIN state AS text CHECK (VALUE IN ('on', 'off'));"
            "CREATE TABLE a (status state);",
        ),
        (
            "redundant-index",
            "postgresql",
            "CREATE TABLE a (x int, y int, z int);"
            "CREATE INDEX i ON a (x, y); CREATE INDEX j ON a (x) INCLUDE (z);",
        ),
        (
            "redundant-index",
            "postgresql",
            "CREATE TABLE a (x int UNIQUE);CREATE UNIQUE INDEX i ON a (x) NULLS NOT DISTINCT;",
        ),
        (
            "redundant-index",
            "postgresql",
            "CREATE TABLE a (x int UNIQUE DEFERRABLE); CREATE UNIQUE INDEX i ON a (x);",
        ),
        (
            "redundant-index",
            "postgresql",
            "CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x, y);"
            "CREATE INDEX j ON a (x) WHERE y > 0; CREATE INDEX k ON a USING hash (x);",
        ),
        (
            "nullable-in-unique",
            "postgresql",
            "CREATE TABLE a (x int NOT NULL, y int, UNIQUE NULLS NOT DISTINCT (x, y));",
        ),
        (
            "nullable-in-unique",
            "postgresql",
            "CREATE TABLE a (x int, y int); CREATE MATERIALIZED VIEW v AS SELECT x, y FROM a;"
            "CREATE UNIQUE INDEX u ON v (x, y);",
        ),
        (
            "updated-at-not-updated",
            "mysql",
            "CREATE TABLE a (updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE "
            "CURRENT_TIMESTAMP);",
        ),
        (
            "updated-at-not-updated",
            "sqlite",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, updated_at TIMESTAMP DEFAULT 0);"
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN "
            "UPDATE a SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END;",
        ),
        ("updated-at-not-updated", "postgresql", "CREATE TABLE a (updated_at timestamptz);"),
        (
            "unindexed-foreign-key",
            "mysql",
            "CREATE TABLE p (id int PRIMARY KEY);"
            "CREATE TABLE a (p_id int, FOREIGN KEY (p_id) REFERENCES p (id));",
        ),
    ],
)
def test_what_they_leave_alone(rule: str, dialect: str, ddl: str) -> None:
    assert in_sql(rule, dialect, ddl) == []


def test_another_triggers_work_renews_nothing() -> None:
    ddl = """
    CREATE TABLE log (id int);
    CREATE TABLE a (id int PRIMARY KEY, updated_at timestamptz DEFAULT now());
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO log VALUES (NEW.id);
      RETURN NULL;
    END $$;
    CREATE TRIGGER t AFTER UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
    """
    assert places(in_sql("updated-at-not-updated", "postgresql", ddl)) == ["updated_at"]
