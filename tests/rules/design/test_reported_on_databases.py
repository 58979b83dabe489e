"""What the design rules report really happens: each schema is built and the statements are run.

Each case is one that its rule reports, with what the database then does.
"""

from __future__ import annotations

import msgspec
import pytest

from tests.rules.databases import database
from tests.rules.design.finding import in_sql


class Case(msgspec.Struct, frozen=True):
    """`ddl` as the rule reads it; `rows` are accepted; `then` is what the finding is about."""

    dialect: str
    ddl: str
    rows: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    refused: bool = False


LEDGER = "CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL);"
TRIGGER = """
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  %s
END $$;
CREATE TRIGGER g BEFORE %s ON a FOR EACH ROW EXECUTE FUNCTION f();
"""
CHILDREN = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE a (id int PRIMARY KEY, p_id int, %s);"
DELETES = "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE"
SHELF = """
CREATE TABLE p (x int, y int, PRIMARY KEY (x, y));
CREATE TABLE a (id int PRIMARY KEY, x int, y int, FOREIGN KEY (x, y) REFERENCES p (x, y)%s);
"""
ANYWHERE = ("sqlite", "postgresql", "mysql")

CASES: dict[str, list[Case]] = {
    "check-passes-on-null": [
        *[
            Case(
                dialect,
                "CREATE TABLE a (id int PRIMARY KEY, status varchar(9) CHECK (status IN ('on')));",
                then=("INSERT INTO a VALUES (1, NULL)",),
            )
            for dialect in ANYWHERE
        ],
        *[
            Case(
                dialect,
                "CREATE TABLE a (id int, s varchar(9) NOT NULL CHECK (s IN ('on', NULL)));",
                then=("INSERT INTO a VALUES (1, 'bogus')",),
            )
            for dialect in ANYWHERE
        ],
        *[
            Case(
                dialect,
                "CREATE TABLE a (kind varchar(9), x int, y int, CHECK ((kind = 'x' AND x IS NOT "
                "NULL) OR (kind = 'y' AND y IS NOT NULL)));",
                then=("INSERT INTO a VALUES (NULL, 1, NULL)",),
            )
            for dialect in ANYWHERE
        ],
        *[
            Case(
                dialect,
                "CREATE TABLE a (x int, y int, CHECK (coalesce(x, y) > 0));",
                then=("INSERT INTO a VALUES (NULL, NULL)",),
            )
            for dialect in ANYWHERE
        ],
        Case(
            "postgresql",
            "CREATE TABLE a (tags text[] NOT NULL CHECK (array_length(tags, 1) >= 1));",
            then=("INSERT INTO a VALUES ('{}')",),
        ),
        Case(
            "postgresql",
            "CREATE TABLE a (yes boolean CHECK (yes));",
            then=("INSERT INTO a VALUES (NULL)",),
        ),
        Case(
            "postgresql",
            "CREATE DOMAIN state AS text CHECK (VALUE IN ('on', 'off'));\n"
            "CREATE TABLE a (id int PRIMARY KEY, status state);",
            then=("INSERT INTO a VALUES (1, NULL)",),
        ),
    ],
    "partial-index-on-nullable-flag": [
        Case(
            dialect,
            f"CREATE TABLE a (mail varchar(9) NOT NULL, {column});\n"
            f"CREATE UNIQUE INDEX u ON a (mail) WHERE {where};",
            rows=("INSERT INTO a VALUES ('m', NULL)",),
            then=("INSERT INTO a VALUES ('m', NULL)",),
        )
        for dialect in ("sqlite", "postgresql")
        for column, where in (
            ("deleted boolean DEFAULT false", "NOT deleted"),
            ("deleted boolean", "deleted = false"),
            ("active boolean DEFAULT true", "active"),
            ("status text", "status <> 'gone'"),
            ("status text", "status NOT IN ('gone', 'lost')"),
            ("status text", "mail LIKE 'm%' AND NOT status = 'gone'"),
        )
    ],
    "string-literal-index": [
        Case(
            "sqlite",
            f"CREATE TABLE a (id int, mail text); CREATE UNIQUE INDEX u ON a ({part});",
            rows=("INSERT INTO a VALUES (1, 'a')",),
            then=("INSERT INTO a VALUES (2, 'b')",),
            refused=True,
        )
        for part in ('"mial"', 'lower("mial")', '"mial" COLLATE NOCASE')
    ],
    "not-enforced-constraint": [
        Case(
            "mysql",
            f"CREATE TABLE p (id int PRIMARY KEY) ENGINE={engine};"
            "CREATE TABLE a (p_id int NOT NULL, FOREIGN KEY (p_id) REFERENCES p (id)) "
            f"ENGINE={engine};",
            then=("INSERT INTO a VALUES (99)",),
        )
        for engine in ("MyISAM", "Aria", "MEMORY")
    ]
    + [
        Case(
            "postgresql",
            LEDGER
            + TRIGGER % ("RAISE EXCEPTION 'no';", "DELETE")
            + "ALTER TABLE a DISABLE TRIGGER g;",
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("DELETE FROM a",),
        )
    ],
    "trigger-that-only-warns": [
        Case(
            "postgresql",
            LEDGER + TRIGGER % ("RAISE WARNING 'no'; RETURN NEW;", "UPDATE"),
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("UPDATE a SET n = 2",),
        ),
        Case(
            "mysql",
            LEDGER + "CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW SIGNAL SQLSTATE '01000' "
            "SET MESSAGE_TEXT = 'no';",
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("UPDATE a SET n = 2",),
        ),
        Case(
            "postgresql",
            CHILDREN % DELETES + TRIGGER % ("RETURN NULL;", "DELETE"),
            rows=("INSERT INTO p VALUES (1)", "INSERT INTO a VALUES (1, 1)"),
            then=("DELETE FROM p",),
        ),
        Case(
            "sqlite",
            LEDGER + "CREATE TRIGGER g BEFORE UPDATE ON a BEGIN SELECT RAISE(IGNORE); END;",
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("UPDATE a SET n = 2",),
        ),
    ],
    "update-only-guard": [
        Case(
            "postgresql",
            LEDGER + TRIGGER % ("RAISE EXCEPTION 'no';", "UPDATE"),
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("DELETE FROM a", "INSERT INTO a VALUES (1, 2)"),
        ),
        Case(
            "sqlite",
            LEDGER + "CREATE TRIGGER g BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;",
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("REPLACE INTO a VALUES (1, 2)",),
        ),
        Case(
            "mysql",
            LEDGER + "CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW SIGNAL SQLSTATE '45000';",
            rows=("INSERT INTO a VALUES (1, 1)",),
            then=("REPLACE INTO a VALUES (1, 2)",),
        ),
    ],
    "match-simple-composite-key": [
        *[
            Case(dialect, SHELF % "", then=("INSERT INTO a VALUES (1, 9, NULL)",))
            for dialect in ANYWHERE
        ],
        *[
            Case(dialect, SHELF % " MATCH FULL", then=("INSERT INTO a VALUES (1, 9, NULL)",))
            for dialect in ("sqlite", "mysql")
        ],
        *[
            Case(
                dialect,
                "CREATE TABLE p (id int PRIMARY KEY, ten int NOT NULL, UNIQUE (ten, id));"
                "CREATE TABLE a (ten int, p_id int NOT NULL, "
                "FOREIGN KEY (ten, p_id) REFERENCES p (ten, id));",
                then=("INSERT INTO a VALUES (NULL, 99)",),
            )
            for dialect in ANYWHERE
        ],
    ],
    "fk-to-non-unique": [
        Case(
            "sqlite",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, n int);"
            f"{index} CREATE TABLE a (n int REFERENCES p (n));",
            rows=("INSERT INTO p VALUES (1, 1)",),
            then=("INSERT INTO a VALUES (1)",),
            refused=True,
        )
        for index in (
            "",
            "CREATE INDEX i ON p (n);",
            "CREATE UNIQUE INDEX i ON p (n) WHERE n > 0;",
            "CREATE UNIQUE INDEX i ON p (n COLLATE NOCASE);",
            "CREATE UNIQUE INDEX i ON p (n, id);",
        )
    ]
    + [
        Case(
            "mysql",
            "CREATE TABLE p (id int PRIMARY KEY, n int, KEY (n));"
            "CREATE TABLE a (n int, FOREIGN KEY (n) REFERENCES p (n) ON DELETE CASCADE);",
            rows=(
                "INSERT INTO p VALUES (1, 1)",
                "INSERT INTO p VALUES (2, 1)",
                "INSERT INTO a VALUES (1)",
            ),
            then=("DELETE FROM p WHERE id = 1",),
        )
    ],
    "cascade-into-immutable": [
        Case(
            "mysql",
            CHILDREN % DELETES
            + "CREATE TRIGGER g BEFORE DELETE ON a FOR EACH ROW SIGNAL SQLSTATE '45000';",
            rows=("INSERT INTO p VALUES (1)", "INSERT INTO a VALUES (1, 1)"),
            then=("DELETE FROM p",),
        ),
        Case(
            "mysql",
            CHILDREN % "FOREIGN KEY (p_id) REFERENCES p (id) ON UPDATE CASCADE"
            + "CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW SIGNAL SQLSTATE '45000';",
            rows=("INSERT INTO p VALUES (1)", "INSERT INTO a VALUES (1, 1)"),
            then=("UPDATE p SET id = 2",),
        ),
        Case(
            "postgresql",
            CHILDREN % DELETES + TRIGGER % ("RAISE EXCEPTION 'no';", "DELETE"),
            rows=("INSERT INTO p VALUES (1)", "INSERT INTO a VALUES (1, 1)"),
            then=("DELETE FROM p",),
            refused=True,
        ),
        Case(
            "sqlite",
            CHILDREN % "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET NULL"
            + "CREATE TRIGGER g BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;",
            rows=("INSERT INTO p VALUES (1)", "INSERT INTO a VALUES (1, 1)"),
            then=("DELETE FROM p",),
            refused=True,
        ),
    ],
    "text-primary-key-nullable": [
        Case(
            "sqlite",
            f"CREATE TABLE a ({columns});",
            rows=(f"INSERT INTO a VALUES ({row})",),
            then=(f"INSERT INTO a VALUES ({row})",),
        )
        for columns, row in (
            ("id text PRIMARY KEY, n int", "NULL, 1"),
            ("id int PRIMARY KEY, n int", "NULL, 1"),
            ("id bigint PRIMARY KEY, n int", "NULL, 1"),
            ("id INTEGER PRIMARY KEY DESC, n int", "NULL, 1"),
            ("id text NOT NULL, n int, PRIMARY KEY (id, n)", "'a', NULL"),
        )
    ],
}
ALL = [
    pytest.param(rule, case, marks=[pytest.mark.server] if case.dialect != "sqlite" else [])
    for rule, cases in CASES.items()
    for case in cases
]


@pytest.mark.parametrize(("rule", "case"), ALL)
def test_what_is_reported_happens(rule: str, case: Case) -> None:
    found = in_sql(rule, case.dialect, case.ddl)
    assert len(found) == 1, found
    with database(case.dialect) as built:
        built.build(case.ddl)
        assert built.refused(*case.rows) is None
        answer = built.refused(*case.then)
    assert (answer is not None) == case.refused, answer


QUIET: dict[str, list[Case]] = {
    "check-passes-on-null": [
        Case(dialect, ddl, then=("INSERT INTO a VALUES (NULL)",), refused=True)
        for dialect in ANYWHERE
        for ddl in (
            "CREATE TABLE a (status varchar(9) NOT NULL CHECK (status IN ('on', 'off')));",
            "CREATE TABLE a (status varchar(9) CHECK (status IN ('on') AND status IS NOT NULL));",
            "CREATE TABLE a (status varchar(9), CHECK (status IN ('on')), "
            "CHECK (status IS NOT NULL));",
            "CREATE TABLE a (n int DEFAULT 1, CHECK ((n > 0) IS TRUE));",
            "CREATE TABLE a (n int DEFAULT 1, CHECK (coalesce(n, 0) > 0));",
        )
    ],
    "match-simple-composite-key": [
        Case("postgresql", SHELF % " MATCH FULL", (), ("INSERT INTO a VALUES (1, 9, NULL)",), True),
        *[
            Case(
                dialect,
                SHELF % ", CHECK ((x IS NULL) = (y IS NULL))",
                then=("INSERT INTO a VALUES (1, 9, NULL)",),
                refused=True,
            )
            for dialect in ANYWHERE
        ],
    ],
    "text-primary-key-nullable": [
        Case(
            "sqlite",
            f"CREATE TABLE a {table};",
            then=(f"INSERT INTO a VALUES {row}",),
            refused=True,
        )
        for table, row in (
            ("(id text NOT NULL PRIMARY KEY)", "(NULL)"),
            ("(id text PRIMARY KEY) STRICT", "(NULL)"),
            ("(id text PRIMARY KEY) WITHOUT ROWID", "(NULL)"),
            ("(id text, n int, PRIMARY KEY (id, n)) WITHOUT ROWID", "('a', NULL)"),
            ("(id text, n int NOT NULL, PRIMARY KEY (id, n), CHECK (id IS NOT NULL))", "(NULL, 1)"),
        )
    ],
    "partial-index-on-nullable-flag": [
        Case(
            dialect,
            f"CREATE TABLE a (mail varchar(9) NOT NULL, {column});\n"
            f"CREATE UNIQUE INDEX u ON a (mail) WHERE {where};",
            rows=("INSERT INTO a VALUES ('m', %s)" % ("NULL" if "NOT" not in column else "false"),),
            then=("INSERT INTO a VALUES ('m', %s)" % ("NULL" if "NOT" not in column else "false"),),
            refused=True,
        )
        for dialect in ("sqlite", "postgresql")
        for column, where in (
            ("deleted boolean NOT NULL DEFAULT false", "NOT deleted"),
            ("deleted boolean", "deleted IS NOT TRUE"),
            ("active boolean", "coalesce(active, true)"),
        )
    ],
}


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        pytest.param(rule, case, marks=[pytest.mark.server] if case.dialect != "sqlite" else [])
        for rule, cases in QUIET.items()
        for case in cases
    ],
)
def test_what_is_not_reported_is_refused(rule: str, case: Case) -> None:
    assert in_sql(rule, case.dialect, case.ddl) == []
    with database(case.dialect) as built:
        built.build(case.ddl)
        assert built.refused(*case.rows) is None
        assert (built.refused(*case.then) is not None) == case.refused
