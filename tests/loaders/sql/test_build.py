"""From the catalog to the AST: what databases make of keys, foreign keys, views and grants."""

from __future__ import annotations

import pytest

from schemalint.model import Action, Layer
from tests.loaders.sql.building import build, field_of, load, model_of, table

KEYS = "CREATE TABLE p (id INTEGER PRIMARY KEY);"


# -- NOT NULL of primary keys (cases O06 to O06e)


@pytest.mark.parametrize(
    ("dialect", "definition", "nullable"),
    [
        ("postgresql", "a text PRIMARY KEY", False),
        ("mysql", "a varchar(9) PRIMARY KEY", False),
        ("sqlite", "a TEXT PRIMARY KEY", True),
        ("sqlite", "a INT PRIMARY KEY", True),
        ("sqlite", "a INTEGER PRIMARY KEY", False),
        ("sqlite", "a INTEGER PRIMARY KEY DESC", True),
        ("sqlite", "a INTEGER, b TEXT, PRIMARY KEY (a, b)", True),
        ("sqlite", "a INTEGER, PRIMARY KEY (a)", False),
    ],
)
def test_primary_keys_and_null(dialect: str, definition: str, nullable: bool) -> None:
    found = table(f"CREATE TABLE t ({definition});", dialect=dialect)
    assert found.fields[0].nullable is nullable


@pytest.mark.parametrize("option", ["STRICT", "WITHOUT ROWID"])
def test_sqlite_tables_whose_keys_take_no_null(option: str) -> None:
    found = table(f"CREATE TABLE t (a TEXT PRIMARY KEY) {option};", dialect="sqlite")
    assert not found.fields[0].nullable
    assert found.strict is (option == "STRICT")


def test_columns_stay_not_null_without_their_key() -> None:
    found = table("CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey;")
    assert found.primary_key is None
    assert not found.fields[0].nullable


# -- uniques


def test_constraints_and_indexes() -> None:
    found = table(
        "CREATE TABLE t (a int UNIQUE, b int); CREATE UNIQUE INDEX i ON t (b) WHERE a > 1;"
    )
    constraint, index = found.uniques
    assert (constraint.name, constraint.index) == ("t_a_key", False)
    assert (index.name, index.index, index.where) == ("i", True, "a > 1")
    assert index.where_span is not None
    assert index.where_span.text == "a > 1"


def test_an_index_that_becomes_a_constraint() -> None:
    found = table(
        "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT;"
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i;"
    )
    (unique,) = found.uniques
    assert (unique.name, unique.columns, unique.index, unique.nulls) == (
        "u",
        ("a",),
        False,
        "equal",
    )


def test_mysql_makes_no_difference_between_them() -> None:
    found = table("CREATE TABLE t (a int, b int, UNIQUE KEY (a), UNIQUE (a, b));", dialect="mysql")
    assert [(one.name, one.index) for one in found.uniques] == [("a", True), ("a_2", True)]


def test_sql_server_takes_null_for_a_value() -> None:
    found = table("CREATE TABLE t (a int UNIQUE);", dialect="sqlserver")
    assert found.uniques[0].nulls == "equal"


@pytest.mark.parametrize(
    ("column", "part", "ignores"),
    [
        ("a TEXT", "a", False),
        ("a TEXT COLLATE NOCASE", "a", True),
        ("a TEXT", "a COLLATE NOCASE", True),  # U10c
        ("a TEXT COLLATE NOCASE", "a COLLATE BINARY", False),  # U10d
        ("a INTEGER", "a", False),
    ],
)
def test_letter_case_of_an_index_of_sqlite(column: str, part: str, ignores: bool) -> None:
    found = table(f"CREATE TABLE t ({column}); CREATE UNIQUE INDEX i ON t ({part});", "t", "sqlite")
    assert found.uniques[0].ignore_case is ignores


def test_every_text_member_has_to_ignore_it() -> None:
    found = table("CREATE TABLE t (a citext, b int, c text, UNIQUE (a, b), UNIQUE (a, c));")
    assert [one.ignore_case for one in found.uniques] == [True, False]


def test_a_misspelt_name_in_double_quotes_is_a_string_of_sqlite() -> None:  # U51
    found = table('CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX u ON t("typo");', dialect="sqlite")
    assert found.uniques[0].expressions == ("'typo'",)
    loaded = load("CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX u ON t(typo);", "sqlite")
    assert [one.message for one in loaded.problems] == ["the table `t` has no column `typo`"]


# -- foreign keys


def test_actions_and_what_stands_for_them() -> None:
    schema = build(
        KEYS + "CREATE TABLE c (p int REFERENCES p (id) MATCH FULL ON DELETE SET NULL "
        "DEFERRABLE INITIALLY DEFERRED, q int, FOREIGN KEY (q) REFERENCES public.p);"
    )
    one, other = model_of(schema, "c").foreign_keys
    assert (one.on_delete, one.on_update) == (Action.SET_NULL, Action.NO_ACTION)
    assert (one.match, one.deferrable, one.layer) == ("full", "deferred", Layer.DATABASE)
    assert (other.name, other.table, other.model, other.references) == (
        "c_q_fkey",
        "p",
        "p",
        ("id",),
    )


@pytest.mark.parametrize(("dialect", "enforced"), [("mysql", False), ("mariadb", True)])
def test_references_in_a_column_of_mysql(dialect: str, enforced: bool) -> None:  # F04d
    schema = build(KEYS + "CREATE TABLE c (p int REFERENCES p (id));", dialect)
    assert [key.enforced for key in model_of(schema, "c").foreign_keys] == [enforced]


def test_engines_without_foreign_keys() -> None:  # F04e
    text = KEYS + "CREATE TABLE c (p int, FOREIGN KEY (p) REFERENCES p (id)) ENGINE={};"
    for engine, enforced in (("MyISAM", False), ("Aria", False), ("InnoDB", True)):
        (key,) = model_of(build(text.format(engine), "mariadb"), "c").foreign_keys
        assert key.enforced is enforced
    moved = text.format("InnoDB") + "ALTER TABLE c ENGINE = MyISAM;"
    assert not model_of(build(moved, "mysql"), "c").foreign_keys[0].enforced


def test_a_key_to_a_table_that_comes_later_on_sqlite() -> None:
    schema = build(
        "CREATE TABLE c (p REFERENCES P); CREATE TABLE p (id INTEGER PRIMARY KEY);", "sqlite"
    )
    (key,) = model_of(schema, "c").foreign_keys
    assert (key.table, key.model, key.references) == ("p", "p", ("id",))


def test_the_indexes_that_mysql_makes_for_foreign_keys_are_not_the_schema() -> None:
    schema = build(
        KEYS + "CREATE TABLE c (p int, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id));", "mysql"
    )
    assert model_of(schema, "c").indexes == ()


# -- tables made of others (cases O23, O23b, O23c)


def test_copies_without_constraints() -> None:
    base = "CREATE TABLE t (id int PRIMARY KEY, e text NOT NULL UNIQUE CHECK (e <> ''));"
    copy = model_of(build(f"{base} CREATE TABLE c AS SELECT * FROM t;"), "c")
    assert [(one.column, one.nullable, one.native) for one in copy.fields] == [
        ("id", True, "INTEGER"),
        ("e", True, "TEXT"),
    ]
    assert (list(copy.keys), copy.checks) == ([], ())
    like = model_of(build(f"{base} CREATE TABLE c (LIKE t);"), "c")
    assert [one.nullable for one in like.fields] == [False, False]
    assert (list(like.keys), like.checks) == ([], ())
    every = model_of(build(f"{base} CREATE TABLE c (LIKE t INCLUDING ALL);"), "c")
    assert [key.name for key in every.keys] == ["c_pkey", "c_e_key"]
    assert len(every.checks) == 1


def test_a_query_that_is_not_understood() -> None:
    loaded = load("CREATE TABLE t AS WITH x AS (SELECT 1 + 1) SELECT * FROM x;")
    (opaque,) = loaded.schema.opaque
    assert opaque.tables == ("t",)


def test_heirs_and_parts() -> None:
    schema = build(
        "CREATE TABLE a (id int PRIMARY KEY, CHECK (id > 0)); CREATE TABLE b () INHERITS (a);"
        "CREATE TABLE c (x int) INHERITS (b); CREATE TABLE w (d date NOT NULL) PARTITION BY "
        "RANGE (d); CREATE TABLE w1 PARTITION OF w DEFAULT; ALTER TABLE w ADD PRIMARY KEY (d);"
    )
    b, c, part = (model_of(schema, name) for name in ("b", "c", "w1"))
    assert (b.inherits, c.inherits) == (("a",), ("b", "a"))
    assert b.primary_key is None
    assert [field.column for field in c.fields] == ["id", "x"]
    assert len(c.checks) == 1
    assert part.partition_of == "w"
    assert part.primary_key is not None


# -- names in schemas


def test_the_default_schema_is_none() -> None:
    schema = build(
        "CREATE TABLE public.t (a int); ALTER TABLE t ADD UNIQUE (a); CREATE TABLE s.t (b int);"
        "CREATE TABLE s.u (c int REFERENCES s.t (b));"
    )
    assert [(one.name, one.table, one.schema) for one in schema.models] == [
        ("t", "t", None),
        ("s.t", "t", "s"),
        ("u", "u", "s"),
    ]
    (key,) = schema.models[2].foreign_keys
    assert (key.model, key.table, key.schema) == ("s.t", "t", "s")


# -- views, grants, triggers


def test_views() -> None:
    schema = build(
        "CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT t.a, b AS c, a + 1 AS d FROM t;"
        "CREATE VIEW w (x, y) AS SELECT a, b FROM t; CREATE VIEW z AS SELECT 1 UNION SELECT 2;"
    )
    assert [model.kind for model in schema.models] == ["model", "view", "view", "view"]
    shown = [[(field.column, field.native) for field in one.fields] for one in schema.models[1:3]]
    assert shown == [
        [("a", "INTEGER"), ("c", "TEXT"), ("d", "INTEGER")],
        [("x", "INTEGER"), ("y", "TEXT")],
    ]


def columns_of_copy(query: str) -> list[tuple[str, str]]:
    base = "CREATE TABLE t (a int, b text); CREATE TABLE u (a boolean);"
    return [(one.column, one.native) for one in model_of(build(f"{base} {query};"), "copy").fields]


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT b, a INTO copy FROM t", [("b", "TEXT"), ("a", "INTEGER")]),
        (
            "CREATE TABLE copy AS WITH x AS (SELECT a, b AS c FROM t), y AS (SELECT c FROM x) "
            "SELECT x.a, y.c, 1 AS d FROM x, y",
            [("a", "INTEGER"), ("c", "TEXT"), ("d", "INTEGER")],
        ),
        ("CREATE TABLE copy AS WITH t AS (SELECT b FROM t) SELECT * FROM t", [("b", "TEXT")]),
        (
            "CREATE VIEW v AS WITH x AS (SELECT a FROM t) SELECT a FROM x; "
            "CREATE TABLE copy AS SELECT * FROM v",
            [("a", "INTEGER")],
        ),
        ("CREATE TABLE copy AS SELECT 1 AS x UNION SELECT a FROM t", [("x", "INTEGER")]),
        (
            "CREATE TABLE copy AS SELECT a IS DISTINCT FROM 1 AS x, b FROM t",
            [("x", "BOOLEAN"), ("b", "TEXT")],
        ),
    ],
)
def test_columns_of_a_query(query: str, columns: list[tuple[str, str]]) -> None:
    assert columns_of_copy(query) == columns


def test_select_into_a_variable_makes_no_table() -> None:
    block = "DO $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM t; END $$;"
    loaded = load(f"CREATE TABLE t (a int); {block}")
    assert (loaded.problems, loaded.schema.opaque) == ((), ())


def test_grants_in_their_order() -> None:
    schema = build(
        "CREATE TABLE t (a int); GRANT SELECT, UPDATE ON t TO app; REVOKE UPDATE (a) ON t FROM app;"
    )
    one, other = schema.models[0].grants
    assert (one.privileges, one.role, one.granted, one.columns) == (
        ("select", "update"),
        "app",
        True,
        (),
    )
    assert (other.privileges, other.granted, other.columns) == (("update",), False, ("a",))


def test_a_schema_that_the_tool_puts_in() -> None:
    sql = (
        "CREATE TABLE ${own}.t (id int PRIMARY KEY); GRANT SELECT ON ${own}.t TO ${reader};"
        "CREATE TABLE ${own}.u (t int NOT NULL REFERENCES ${own}.t ON DELETE CASCADE);"
    )
    (key,) = model_of(build(sql), "u").foreign_keys
    assert (key.schema, key.table, key.references) == ("${own}", "t", ("id",))


@pytest.mark.parametrize("path", ["", "SET search_path = s;"])
def test_the_search_path_may_change_behind_a_trigger(path: str) -> None:
    function = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS '%s';"
    sql = (
        f"CREATE SCHEMA s; {path} CREATE TABLE t (a int);"
        + function % "BEGIN RAISE EXCEPTION ''no''; END"
        + "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();"
        + "SET search_path = other;"
        + function % "BEGIN RETURN NEW; END"
    )
    (trigger,) = model_of(build(sql), "t").triggers
    assert trigger.effect == "raises"


def test_a_function_that_is_replaced_changes_its_triggers() -> None:
    function = (
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} END $$;"
    )
    text = (
        function.format("RAISE EXCEPTION 'no';")
        + "CREATE TABLE t (a int);"
        + "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();"
    )
    assert table(text).triggers[0].effect == "raises"
    replaced = table(text + function.format("RAISE WARNING 'hm'; RETURN NEW;"))
    assert replaced.triggers[0].effect == "nothing"
    disabled = table(text + "ALTER TABLE t DISABLE TRIGGER g;")
    assert not disabled.triggers[0].enabled
    assert table(text + "DROP FUNCTION f() CASCADE;").triggers == ()


@pytest.mark.parametrize(
    ("key", "effect"),
    [
        ("id TEXT PRIMARY KEY", "raises-if"),
        ("id INT PRIMARY KEY", "raises-if"),
        ("id INTEGER PRIMARY KEY DESC", "raises-if"),
        ("id INTEGER PRIMARY KEY", "opaque"),  # it shows -1 where the row has no number yet
        ("id INTEGER, PRIMARY KEY (id)", "opaque"),
    ],
)
def test_only_sqlites_row_id_is_another_later(key: str, effect: str) -> None:
    text = (
        f"CREATE TABLE t ({key});"
        "CREATE TRIGGER g BEFORE INSERT ON t "
        "BEGIN SELECT RAISE(ABORT, 'no') WHERE NEW.id > 'c'; END;"
    )
    schema = build(text, dialect="sqlite")
    assert [one.effect for one in schema.models[0].triggers] == [effect]


def test_comments_and_defaults_of_types() -> None:
    schema = build(
        "CREATE TYPE k AS ENUM ('a'); COMMENT ON TYPE k IS 'the kinds';"
        "CREATE TABLE t (k k DEFAULT 'a'::k NOT NULL);"
    )
    assert schema.enums[0].doc == "the kinds"
    default = field_of(schema.models[0], "k").default
    assert default is not None
    assert (default.kind, default.value) == ("literal", "a")
