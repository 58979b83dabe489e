"""PL/pgSQL's loops and EXECUTE: followed where what they run is plainly written."""

from __future__ import annotations

import pytest

from tests.loaders.sql import databases
from tests.loaders.sql.building import build, load, model_of

TABLES = """
CREATE TABLE a (id int PRIMARY KEY, n int, CONSTRAINT a_n CHECK (n > 0));
CREATE TABLE b (id int PRIMARY KEY, n int, CONSTRAINT b_n CHECK (n > 0));
CREATE TABLE "Big" (id int PRIMARY KEY, n int);
CREATE TABLE whole (id int) PARTITION BY HASH (id);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
"""
FOLLOWED = [
    "DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b', 'Big'] LOOP "
    "EXECUTE format('ALTER TABLE %I ADD made timestamptz NOT NULL DEFAULT now()', t); END LOOP;",
    "DECLARE t text; own text[] := ARRAY['a', 'b']::text[]; BEGIN FOREACH t IN ARRAY own LOOP "
    "EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' DROP CONSTRAINT ' || t || '_n'; END LOOP;",
    "DECLARE t text; BEGIN FOREACH t IN ARRAY '{a,b}'::text[] LOOP EXECUTE format("
    "'CREATE UNIQUE INDEX %1$s_u ON %1$I (n) WHERE n > 1; COMMENT ON TABLE %1$I IS %2$L', "
    "t, 'it''s'); END LOOP;",
    "DECLARE r record; BEGIN FOR r IN SELECT unnest(ARRAY['a', 'b']) LOOP "
    "EXECUTE format('ALTER TABLE %I DROP COLUMN n', r.unnest); END LOOP;",
    "DECLARE r record; BEGIN FOR r IN SELECT unnest(ARRAY['a', 'b']) AS name LOOP "
    "EXECUTE format('ALTER TABLE %I ALTER n SET NOT NULL', r.name); END LOOP;",
    "DECLARE t text; BEGIN FOR t IN SELECT * FROM unnest(string_to_array('a,b', ',')) AS x LOOP "
    "EXECUTE concat('ALTER TABLE ', t, ' ADD UNIQUE (n)'); END LOOP;",
    "DECLARE r record; BEGIN FOR r IN SELECT * FROM (VALUES ('a', 'x'), ('b', 'y')) AS v(t, c) "
    "LOOP EXECUTE format('ALTER TABLE %I RENAME n TO %I', r.t, r.c); END LOOP;",
    "DECLARE t text; c text; BEGIN FOR t, c IN VALUES ('a', 'x'), ('b', 'y') LOOP "
    "EXECUTE format('ALTER TABLE %I ADD %I int', t, c); END LOOP;",
    "BEGIN FOR i IN 0..3 LOOP EXECUTE format('CREATE TABLE whole_%s PARTITION OF whole FOR VALUES "
    "WITH (MODULUS 4, REMAINDER %s)', i, i); END LOOP;",
    "DECLARE t text; sql text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP "
    "sql := format('CREATE TRIGGER g BEFORE UPDATE ON %I FOR EACH ROW ', t); "
    "sql := sql || 'EXECUTE FUNCTION f()'; EXECUTE sql; END LOOP;",
    "DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a', 'Big'] LOOP "
    "IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = t || '_n') THEN "
    "EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (n > 5)', t, t || '_n'); END IF; "
    "END LOOP;",
    "DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
    "AND tablename IN ('a', 'gone') LOOP EXECUTE format('ALTER TABLE %I ADD z int', t); END LOOP;",
    "DECLARE t text; i int; BEGIN FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP FOR i IN 1..2 LOOP "
    "EXECUTE format('ALTER TABLE %I ADD c%s int', t, i); END LOOP; END LOOP;",
    "DECLARE t text; BEGIN FOR t IN SELECT table_name FROM information_schema.columns WHERE "
    "column_name = 'n' AND table_schema = 'public' ORDER BY table_name LOOP EXECUTE format("
    "'CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION f()', t || '_g', t); "
    "END LOOP;",
    "DECLARE r record; BEGIN FOR r IN (SELECT * FROM pg_catalog.pg_tables AS p WHERE "
    "p.schemaname IN ('public') AND p.tablename NOT IN ('b', 'whole')) LOOP "
    "EXECUTE 'ALTER TABLE ' || quote_ident(r.tablename) || ' ADD z int'; END LOOP;",
    "DECLARE r record; BEGIN FOR r IN SELECT c.table_name AS t, c.column_name FROM "
    "information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'w%' "
    "AND c.column_name <> 'id' LOOP EXECUTE format('ALTER TABLE %I ALTER %I SET NOT NULL', r.t, "
    "r.column_name); END LOOP;",
    "DECLARE t text; BEGIN FOR t IN SELECT DISTINCT table_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = ANY (ARRAY['a', 'Big']) LOOP "
    "EXECUTE format('ALTER TABLE %I ADD y int', t); END LOOP;",
    "DECLARE t text; BEGIN FOR t IN SELECT table_name FROM information_schema.tables WHERE "
    "table_schema = 'public' AND table_type = 'BASE TABLE' LOOP "
    "EXECUTE format('ALTER TABLE public.%I ADD y int', t); END LOOP;",
    "DECLARE r record; BEGIN r.x := 'a'; EXECUTE 'ALTER TABLE a ADD y int';",
]


@pytest.mark.server
@pytest.mark.parametrize("body", [one for one in FOLLOWED if "r.x :=" not in one])
def test_as_postgresql_has_it(body: str) -> None:
    with databases.postgresql() as database:
        text = f"{TABLES} DO $$ {body} END $$;"
        assert database.run(text) is None
        assert "\n".join(databases.difference(database, text)) == ""


@pytest.mark.parametrize("of", ["'{}'::text[]", "own"])
def test_a_list_without_members_is_none_of_one_empty_name(of: str) -> None:
    """What such a loop does, which is nothing, is left open."""
    body = (
        f"DECLARE t text; own text[] := '{{}}'; BEGIN FOREACH t IN ARRAY {of} LOOP "
        "EXECUTE format('ALTER TABLE %I DROP COLUMN n', t); END LOOP;"
    )
    (told,) = load(f"{TABLES} DO $$ {body} END $$;").problems
    assert told.message == "a loop runs statements that are put together at run time"


@pytest.mark.parametrize("body", FOLLOWED)
def test_followed(body: str) -> None:
    assert build(f"{TABLES} DO $$ {body} END $$;") != build(TABLES)


def test_what_is_made_stands_where_it_is_executed() -> None:
    text = (
        "CREATE TABLE a (id int);\nDO $$ DECLARE t text; BEGIN\n"
        "FOREACH t IN ARRAY ARRAY['a'] LOOP\n"
        "  EXECUTE format('ALTER TABLE %I ADD CONSTRAINT c CHECK (id > 0)', t);\nEND LOOP; END $$;"
    )
    (check,) = model_of(build(text), "a").checks
    assert check.expression == "id > 0"
    assert check.span.place.line == 4
    assert check.span.text.startswith("EXECUTE format(")


@pytest.mark.parametrize(
    ("body", "touches"),
    [
        # what a query gives is not known
        ("FOR r IN SELECT name FROM a LOOP EXECUTE format('ALTER TABLE %I DROP n', r.name); "
         "END LOOP;", None),
        ("FOR r IN SELECT name FROM a LOOP "
         "EXECUTE format('ALTER TABLE b DROP CONSTRAINT %I', r.name); END LOOP;", {"b"}),
        ("FOR r IN SELECT name FROM a LOOP EXECUTE 'DROP INDEX b_' || r.name; END LOOP;",
         {"b_%s", "b"}),
        ("FOR r IN SELECT id FROM a LOOP EXECUTE format('ALTER TABLE bi%s ADD x int', r.id); "
         "END LOOP;", {"bi%s", "big"}),
        ("EXECUTE 'ALTER TABLE b ADD CONSTRAINT x CHECK (n > ' || random() || ')';", {"b"}),
        ("EXECUTE 'DROP TABLE b_' || random() || ' CASCADE';", None),
        # which tables the catalog lists is not told by plain conditions, or of which schemas
        *[
            (f"FOR r IN SELECT table_name FROM information_schema.{view} LOOP "
             "EXECUTE format('ALTER TABLE %I ADD x int', r.table_name); END LOOP;", None)
            for view in (
                "tables",
                "tables WHERE table_name = 'a'",
                "tables WHERE table_schema <> 'app'",
                "tables WHERE table_schema = 'public' OR table_name = 'a'",
                "tables WHERE table_schema = 'public' AND (table_name = 'a' OR table_name = 'b')",
                "tables WHERE table_schema = 'public' ORDER BY 1 LIMIT 1",
                "tables t JOIN b ON b.id = 1 WHERE table_schema = 'public'",
                "tables, b WHERE table_schema = 'public'",
                "columns WHERE table_schema = 'public' AND data_type = 'integer'",
                "columns WHERE table_schema = 'public' GROUP BY table_name",
                "columns WHERE table_schema = 'public' AND NOT table_name = 'a'",
                "views WHERE table_schema = 'public'",
            )
        ],
        ("FOR r IN SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
         "LOOP IF random() > 0.5 THEN RETURN; END IF; "
         "EXECUTE format('ALTER TABLE %I ADD x int', r.table_name); END LOOP;", None),
        # a turn may not be taken, or not to its end
        ("FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP EXIT WHEN random() > 0.5; "
         "EXECUTE format('ALTER TABLE %I ADD x int', t); END LOOP;", None),
        ("FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP IF random() > 0.5 THEN "
         "EXECUTE format('ALTER TABLE %I ADD x int', t); END IF; END LOOP;", {"a", "b"}),
        # a variable that is given another value, somewhere
        ("t := 'a'; IF random() > 0.5 THEN t := 'b'; END IF; EXECUTE format('DROP TABLE %I', t);",
         None),
        ("t := 'a'; SELECT name INTO t FROM a; EXECUTE format('DROP TABLE %I', t);", None),
        ("t := 'a'; WHILE random() > 0.5 LOOP EXECUTE format('DROP TABLE %I', t); t := 'b'; "
         "END LOOP;", None),
        ("t := 'a'; BEGIN t := 'b'; PERFORM 1/0; EXCEPTION WHEN OTHERS THEN NULL; END; "
         "EXECUTE format('DROP TABLE %I', t);", None),
        # format() fills up with blanks
        ("EXECUTE format('DROP TABLE %5s; DROP TABLE %s', 'a', 'b');", None),
        ("FOR i IN 1..100000 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP;", None),
    ],
)  # fmt: skip
def test_what_is_not_known_touches_what_it_could(body: str, touches: set[str] | None) -> None:
    base = f"{TABLES} CREATE TABLE big (id int);"
    text = f"{base} DO $$ DECLARE r record; t text; BEGIN {body} END $$;"
    loaded = load(text)
    assert loaded.problems
    assert loaded.schema.opaque
    for one in loaded.schema.opaque:
        found = set(one.tables)
        assert (
            found == (touches or set())
            if touches is None or len(touches) == 1
            else found <= touches
        )
    assert {name for one in loaded.schema.opaque for name in one.tables} == (touches or set())


@pytest.mark.parametrize(
    "statement",
    [
        "EXECUTE 'GRANT ALL ON TABLE a TO ' || quote_ident(current_user)",
        "EXECUTE 'REVOKE ALL ON a FROM ' || r.name || ', public'",
        "EXECUTE 'alter default privileges in schema x grant all on tables to ' || r.name",
        "EXECUTE format('UPDATE %I SET n = 1', r.name)",
        "EXECUTE 'DROP SEQUENCE IF EXISTS s_' || r.id",
        "r.name := r.name || 'x'",
        "r.names[1] := 'x'",
    ],
)
def test_what_changes_no_table_whatever_is_put_in(statement: str) -> None:
    body = f"FOR r IN SELECT id, name FROM a LOOP {statement}; END LOOP;"
    build(f"{TABLES} DO $$ DECLARE r record; BEGIN {body} END $$;")


@pytest.mark.parametrize(
    "body",
    [
        "LOOP EXECUTE 'DROP TABLE a'; EXIT; END LOOP;",
        "WHILE true LOOP EXECUTE 'DROP TABLE a'; END LOOP;",
        "FOR LOOP EXECUTE 'DROP TABLE a'; END LOOP;",
        "FOREACH LOOP EXECUTE 'DROP TABLE a'; END LOOP;",
        "FOREACH t IN ARRAY ARRAY[ LOOP EXECUTE t; END LOOP;",
        "FOR t IN SELECT * FROM (VALUES ()) LOOP EXECUTE t; END LOOP;",
        "FOR t IN (VALUES 'a') LOOP EXECUTE t; END LOOP;",
        "FOR t IN SELECT unnest( LOOP EXECUTE t; END LOOP;",
        "FOR t IN SELECT tablename FROM pg_tables WHERE tablename IN ( LOOP EXECUTE t; END LOOP;",
        "FOR i IN a..b LOOP EXECUTE 'DROP TABLE a'; END LOOP;",
        "EXECUTE format('%9$I', 'a'); EXECUTE format('%', 'a'); EXECUTE format();",
    ],
)
def test_odd_loops_are_told(body: str) -> None:
    assert load(f"{TABLES} DO $do$ DECLARE t text; BEGIN {body} END $do$;").problems
