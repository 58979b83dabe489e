"""Rules about keys: foreign ones, SQLite's primary ones, and indexes over nothing."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.registry import Registry
from schemalint.rule import Example, Rulebook, Severity
from schemalint.testing import load_example
from schemalint_rules.example_schemas import sql
from tests.rules.design.finding import in_prisma, in_sql, places

REGISTRY = Registry.discover()

# -- foreign-keys-off

TWO_KEYS = """
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE a (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id), q_id INTEGER REFERENCES p);
"""


def test_keys_that_are_off_are_told_once() -> None:
    (finding,) = in_sql("foreign-keys-off", "sqlite", TWO_KEYS)
    assert finding.severity is Severity.INFO
    assert finding.span is not None
    assert finding.span.text == "REFERENCES p (id)"
    assert "these 2 foreign keys" in finding.message
    pragma = f"PRAGMA foreign_keys = ON;\n{TWO_KEYS}"
    assert len(in_sql("foreign-keys-off", "sqlite", pragma)) == 1
    assert in_sql("foreign-keys-off", "postgresql", TWO_KEYS) == []


def test_the_setting_switches_them_on() -> None:
    loaded = load_example(Example(schema=sql("sqlite", TWO_KEYS), language="sql"), REGISTRY)
    rule = REGISTRY.design_rule("foreign-keys-off")
    assert rule is not None
    assert list(rule().check(switched_on(loaded.schema), Rulebook())) == []


# -- text-primary-key-nullable


@pytest.mark.parametrize(
    ("columns", "place", "says"),
    [
        (
            "id TEXT PRIMARY KEY",
            "PRIMARY KEY",
            "SQLite takes NULL in the primary key's `id`, so any number of rows of `a` can have no "
            "key",
        ),
        (
            "x TEXT, y TEXT NOT NULL, PRIMARY KEY (x, y)",
            "PRIMARY KEY (x, y)",
            "SQLite takes NULL in the primary key's `x`, so any number of rows of `a` can share "
            "the rest of the key",
        ),
        (
            "x TEXT, y TEXT, CONSTRAINT c PRIMARY KEY (x, y)",
            "CONSTRAINT c PRIMARY KEY (x, y)",
            "SQLite takes NULL in the primary key's `x` and `y`, so any number of rows of `a` can "
            "have no key",
        ),
    ],
)
def test_keys_that_take_null(columns: str, place: str, says: str) -> None:
    found = in_sql("text-primary-key-nullable", "sqlite", f"CREATE TABLE a ({columns});")
    assert places(found) == [place]
    assert found[0].message == says
    for dialect in ("postgresql", "mysql"):
        assert in_sql("text-primary-key-nullable", dialect, f"CREATE TABLE a ({columns});") == []


def test_what_to_write_for_a_number() -> None:
    ddl = "CREATE TABLE a (id BIGINT PRIMARY KEY);"
    (finding,) = in_sql("text-primary-key-nullable", "sqlite", ddl)
    assert finding.help == "write `id` as `INTEGER PRIMARY KEY`, or add NOT NULL"


# -- string-literal-index


@pytest.mark.parametrize(
    ("index", "says"),
    [
        ('UNIQUE INDEX i ON a ("mial")', "`a` can hold one row only"),
        ('UNIQUE INDEX i ON a (id, "mial")', "it tells no two rows apart"),
        ('INDEX i ON a ("mial")', "the index serves no query"),
        ('UNIQUE INDEX i ON a (lower("mial"))', "`a` can hold one row only"),
    ],
)
def test_an_index_over_a_string(index: str, says: str) -> None:
    ddl = f"CREATE TABLE a (id INTEGER PRIMARY KEY, mail TEXT); CREATE {index};"
    (finding,) = in_sql("string-literal-index", "sqlite", ddl)
    assert finding.span is not None
    assert '"mial"' in finding.span.text
    assert says in finding.message
    assert finding.help == "did you mean `mail`?"


@pytest.mark.parametrize(
    "part", ['"mail"', '"MAIL"', "mail", 'lower("mail")', "mail || 'x'", "'mail'"]
)
def test_an_index_over_a_column(part: str) -> None:
    ddl = f"CREATE TABLE a (id INTEGER PRIMARY KEY, mail TEXT); CREATE INDEX i ON a ({part});"
    assert in_sql("string-literal-index", "sqlite", ddl) == []


# -- match-simple-composite-key

TASKS = """
datasource db {
  provider = "postgresql"
}

model Tenant {
  id    Int    @id
  tasks Task[]
}

model Task {
  id       Int    @id
  tenantId Int
  parentId Int?
  tenant   Tenant @relation(fields: [tenantId], references: [id])
  parent   Task?  @relation("sub", fields: [tenantId, parentId], references: [tenantId, id])
  parts    Task[] @relation("sub")

  @@unique([tenantId, id])
}
"""


def test_a_tenant_is_not_half_a_reference() -> None:
    assert in_prisma("match-simple-composite-key", TASKS) == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("x int, y int", "a row of `a` with `y` and without `x` is not checked at all"),
        ("x int NOT NULL, y int", "a row of `a` with `x` and without `y` is not checked"),
        ("x int NOT NULL, y int NOT NULL", None),
        ("x int, y int, CHECK (num_nulls(x, y) <> 1)", None),
        ("x int, y int, CHECK ((x IS NULL) = (y IS NULL))", None),
        (
            "x int, y int, CHECK ((x IS NULL AND y IS NULL) OR (x IS NOT NULL AND y IS NOT NULL))",
            None,
        ),
        ("x int REFERENCES r, y int", "with `y` and without `x`"),
        ("x int NOT NULL REFERENCES r, y int", None),
        ("x int NOT NULL, y int, PRIMARY KEY (x)", None),
    ],
)
def test_keys_by_half(columns: str, says: str | None) -> None:
    found = in_sql(
        "match-simple-composite-key",
        "postgresql",
        f"""
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE p (x int, y int, PRIMARY KEY (x, y));
        CREATE TABLE a ({columns}, FOREIGN KEY (x, y) REFERENCES p (x, y));
        """,
    )
    assert places(found) == (["FOREIGN KEY (x, y) REFERENCES p (x, y)"] if says else [])
    if says is not None:
        assert says in found[0].message


def test_a_column_of_every_table_is_a_tenants() -> None:
    ddl = """
    CREATE TABLE p (ten int, id int, PRIMARY KEY (ten, id));
    CREATE TABLE q (ten int, id int, PRIMARY KEY (ten, id));
    CREATE TABLE a (ten int NOT NULL, p_id int, FOREIGN KEY (ten, p_id) REFERENCES p (ten, id));
    """
    assert in_sql("match-simple-composite-key", "postgresql", ddl) == []


def test_match_full_that_is_read_and_not_acted_on() -> None:
    ddl = """
    CREATE TABLE p (x int, y int, PRIMARY KEY (x, y));
    CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES p (x, y) MATCH FULL);
    """
    (finding,) = in_sql("match-simple-composite-key", "sqlite", ddl)
    assert finding.message.endswith("(MATCH FULL is read here and not acted on)")
    assert in_sql("match-simple-composite-key", "postgresql", ddl) == []


# -- fk-to-non-unique and not-enforced-constraint


def test_what_a_key_may_point_at() -> None:
    ddl = """
    CREATE TABLE p (id int PRIMARY KEY, m int NOT NULL, n int, UNIQUE (n, m));
    CREATE TABLE a (m int, n int, FOREIGN KEY (m, n) REFERENCES p (m, n));
    """
    assert in_sql("fk-to-non-unique", "sqlite", ddl) == []
    (finding,) = in_sql("fk-to-non-unique", "sqlite", ddl.replace("UNIQUE (n, m)", "UNIQUE (n)"))
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "`m` and `n` of `p` are not unique: SQLite refuses every row of `a` with a foreign key "
        "mismatch"
    )


def test_mysql_ignores_what_stands_behind_a_column() -> None:
    ddl = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE a (p_id int REFERENCES p (id));"
    (finding,) = in_sql("not-enforced-constraint", "mysql", ddl)
    assert finding.message == (
        "MySQL before version 9.0 reads REFERENCES behind a column and ignores it, so `p_id` of "
        "`a` may point at no row of `p`"
    )
    assert finding.help == "write it as a FOREIGN KEY clause of the table"
    assert in_sql("not-enforced-constraint", "mariadb", ddl) == []


@pytest.mark.parametrize(
    ("dialect", "constraint", "says"),
    [
        ("mysql", "CONSTRAINT c CHECK (n > 0) NOT ENFORCED", "the check `c` is NOT ENFORCED"),
        ("postgresql", "CHECK (n > 0) NOT ENFORCED", "is NOT ENFORCED, so rows of `a`"),
        (
            "postgresql",
            "FOREIGN KEY (n) REFERENCES p (id) NOT ENFORCED",
            "this foreign key is NOT ENFORCED, so `n` of `a` may point at no row of `p`",
        ),
    ],
)
def test_what_is_not_enforced(dialect: str, constraint: str, says: str) -> None:
    ddl = f"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE a (n int, {constraint});"
    found = in_sql("not-enforced-constraint", dialect, ddl)
    assert places(found) == [constraint]
    assert says in found[0].message
