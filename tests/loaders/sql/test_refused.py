"""What the database itself would refuse: told, kept as opaque, and of no effect."""

from __future__ import annotations

import pytest

from schemalint.model import Schema
from tests.loaders.sql.building import build, field_of, load, model_of

BASE = "CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE (a));CREATE INDEX i ON t (a);"


@pytest.mark.parametrize(
    ("statement", "message", "removes"),
    [
        ("ALTER TABLE tt ADD b int", "there is no table `tt` here; did you mean `t`?", True),
        ("ALTER TABLE t DROP COLUMN b", "the table `t` has no column `b`", True),
        ("ALTER TABLE t DROP CONSTRAINT x", "the table `t` has no constraint `x`", True),
        ("ALTER TABLE t ADD COLUMN a int", "the table `t` has a column `a` already", False),
        ("ALTER TABLE t ADD PRIMARY KEY (a)", "`t` has a primary key already", False),
        (
            "ALTER TABLE t ADD CONSTRAINT t_pkey UNIQUE (a)",
            "`t` has a constraint called `t_pkey` already",
            False,
        ),
        ("CREATE TABLE t (b int)", "there is a table called `t` already", False),
        ("CREATE INDEX i ON t (id)", "there is an index called `i` already", False),
        ("CREATE INDEX j ON t (b)", "the table `t` has no column `b`", False),
        ("DROP INDEX nope", "there is no index `nope` here", True),
        ("ALTER TABLE t RENAME a TO id", "the table `t` has a column `id` already", True),
        (
            "CREATE TRIGGER g BEFORE UPDATE ON nope EXECUTE FUNCTION f()",
            "there is no table `nope` here",
            False,
        ),
        ("ALTER TYPE nope ADD VALUE 'x'", "there is no type `nope` here", False),
    ],
)
def test_told_and_opaque(statement: str, message: str, removes: bool) -> None:
    loaded = load(f"{BASE}\n{statement};")
    (problem,) = loaded.problems
    assert problem.message == message
    assert problem.warning
    assert problem.span.place.line == 2
    (opaque,) = loaded.schema.opaque
    assert opaque.removes is removes
    assert message in opaque.reason
    assert shape(loaded.schema) == shape(build(BASE))


def test_what_was_not_understood_before_is_named() -> None:
    unclear = "DO $$ BEGIN EXECUTE 'ALTER TABLE t ' || now(); END $$;"
    sql = f"{BASE}\nALTER TABLE u ADD b int;\n{unclear}\n"
    sql += "ALTER TABLE u ADD c int; ALTER TABLE t DROP b;"
    missing, _, still_missing, changed = load(sql).problems
    for problem in (missing, still_missing):
        assert problem.help is not None
        assert problem.help.endswith("is a file missing, or are they in another order?")
    assert changed.help is not None
    assert "or does line 3 of " in changed.help


def shape(schema: Schema) -> list[object]:
    """The columns and keys of the base table, without their places."""
    found = model_of(schema, "t")
    keys = [(key.name, key.columns) for key in (*found.keys, *found.indexes)]
    return [[field.column for field in found.fields], keys, len(schema.models)]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE nope",
        "DROP TYPE nope",
        "ALTER TABLE t DROP CONSTRAINT t_a_key_missing, DROP COLUMN a",
    ],
)
def test_what_no_rule_speaks_of_is_only_told(statement: str) -> None:
    loaded = load(f"{BASE}{statement};")
    assert loaded.problems
    assert all(one.tables for one in loaded.schema.opaque)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE IF EXISTS nope",
        "DROP INDEX IF EXISTS nope",
        "DROP TYPE IF EXISTS nope",
        "DROP TRIGGER IF EXISTS nope ON t",
        "ALTER TABLE IF EXISTS nope ADD b int",
        "ALTER TABLE t DROP COLUMN IF EXISTS b, DROP CONSTRAINT IF EXISTS c",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a text UNIQUE",
        "CREATE TABLE IF NOT EXISTS t (b int)",
        "CREATE INDEX IF NOT EXISTS i ON t (id)",
        "DO $$ BEGIN ALTER TABLE t ADD PRIMARY KEY (a); "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "ALTER TABLE public.some_sequence OWNER TO somebody",
        "CREATE TRIGGER g BEFORE INSERT ON __diesel_schema_migrations EXECUTE FUNCTION f()",
        "ALTER TABLE _prisma_migrations ADD COLUMN note text",
        'GRANT SELECT ON "__EFMigrationsHistory" TO somebody',
        "DROP TABLE public.schema_migrations",
        "CREATE INDEX j ON flyway_schema_history (success)",
    ],
)
def test_what_passes_without_a_word(statement: str) -> None:
    loaded = load(f"{BASE}{statement};")
    assert loaded.problems == ()
    assert loaded.schema.opaque == ()
    assert shape(loaded.schema) == shape(build(BASE))


def test_one_bad_constraint_loses_nothing_else() -> None:
    loaded = load("CREATE TABLE t (a int UNIQUE, b int REFERENCES nope, CHECK (a > 0));")
    (problem,) = loaded.problems
    assert problem.message == "there is no table `nope` here"
    (found,) = loaded.schema.models
    assert [field.column for field in found.fields] == ["a", "b"]
    assert (len(found.uniques), len(found.checks)) == (1, 1)
    assert [(key.table, key.model) for key in found.foreign_keys] == [("nope", "nope")]
    assert loaded.schema.opaque == ()  # the key is understood, only its parent is not here


def test_opaque_statements_follow_the_table_that_they_are_about() -> None:
    loaded = load(
        "CREATE TABLE t (a int); CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;"
        "ALTER TABLE t RENAME TO u;"
    )
    assert [one.tables for one in loaded.schema.opaque] == [("u",)]
    gone = load(
        "CREATE TABLE t (a int); CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING; DROP TABLE t;"
    )
    assert gone.schema.opaque == ()


def test_text_at_fault_and_legal_sql_that_is_not_modelled() -> None:
    fault = load("CREATE TABLE t (a int); ALTER TABLE t FROBNICATE;")
    assert [one.tables for one in fault.schema.opaque] == [("t",)]
    assert fault.schema.opaque[0].removes
    known = load("CREATE TABLE t (a int); CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;")
    (problem,) = known.problems
    assert problem.warning
    assert not known.schema.opaque[0].removes


def test_a_dependent_foreign_key_holds_what_it_needs() -> None:
    text = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p);"
    for statement, why in (
        ("DROP TABLE p", "`p` cannot be dropped: a foreign key of `c` refers to it"),
        (
            "ALTER TABLE p DROP CONSTRAINT p_pkey",
            "`p_pkey` cannot be dropped: the foreign key `c_p_fkey` of `c` needs it",
        ),
    ):
        loaded = load(f"{text}{statement};")
        assert [one.message for one in loaded.problems] == [why]
        assert model_of(loaded.schema, "c").foreign_keys
        freed = build(f"{text}{statement} CASCADE;")
        assert model_of(freed, "c").foreign_keys == ()


def test_very_much_that_is_wrong_takes_no_time() -> None:
    lines = [f"CREATE TABLE t{n} (a int); ALTER TABLE u{n} ADD b int;" for n in range(2000)]
    loaded = load("\n".join(lines))
    assert len(loaded.problems) == 2000


KEYED = (
    "CREATE TABLE p (code varchar(9) COLLATE utf8mb4_bin PRIMARY KEY, n int);"
    "CREATE TABLE c (id int PRIMARY KEY, code varchar(9) COLLATE utf8mb4_bin, s text,"
    " CONSTRAINT f FOREIGN KEY (code) REFERENCES p (code)) COLLATE utf8mb4_bin;"
)
OFF = "SET FOREIGN_KEY_CHECKS = 0;"
CI = "utf8mb4 COLLATE utf8mb4_general_ci"


@pytest.mark.parametrize(
    ("statements", "mysql", "mariadb"),
    [
        (f"ALTER TABLE p CONVERT TO CHARACTER SET {CI};", "p", "p"),
        (f"ALTER TABLE c CONVERT TO CHARACTER SET {CI};", "c", "c"),
        (f"ALTER TABLE c MODIFY code varchar(9) CHARACTER SET {CI};", "c", "c"),
        (f"{OFF} ALTER TABLE p CONVERT TO CHARACTER SET {CI};", None, "p"),
        (
            f"SET @old = @@foreign_key_checks, SESSION foreign_key_checks = OFF;"
            f"ALTER TABLE c CONVERT TO CHARACTER SET {CI};",
            None,
            "c",
        ),
        (f"{OFF} SET FOREIGN_KEY_CHECKS = @old; ALTER TABLE p CONVERT TO CHARSET {CI};", "p", "p"),
        (f"SET GLOBAL FOREIGN_KEY_CHECKS = 0; ALTER TABLE p CONVERT TO CHARSET {CI};", "p", "p"),
        ("ALTER TABLE p CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;", None, None),
        (f"ALTER TABLE c CONVERT TO CHARACTER SET {CI}, DROP FOREIGN KEY f;", None, None),
        (f"ALTER TABLE c MODIFY s text CHARACTER SET {CI};", None, None),
        (f"ALTER TABLE p CHARACTER SET {CI};", None, None),
        ("ALTER TABLE c MODIFY code varchar(9) COLLATE utf8mb4_bin NOT NULL;", None, None),
    ],
)
def test_a_foreign_key_holds_the_collations_of_its_columns(
    statements: str, mysql: str | None, mariadb: str | None
) -> None:
    """As seen on MariaDB 10.11; of MySQL, see its manual, "Server System Variables"."""
    for dialect, table in (("mysql", mysql), ("mariadb", mariadb)):
        loaded = load(KEYED + statements, dialect)
        told = [one.message for one in loaded.problems]
        found = field_of(model_of(loaded.schema, table or "p"), "code")
        if table is None:
            assert told == []
        else:
            assert [one.startswith(f"`{table}.code` cannot get the coll") for one in told] == [True]
            assert (found.collation, found.ignore_case) == ("utf8mb4_bin", False)
