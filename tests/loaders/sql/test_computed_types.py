"""The types of what a query computes, as PostgreSQL finds them."""

from __future__ import annotations

import pytest

from tests.loaders.sql import databases
from tests.loaders.sql.building import load, model_of

BASE = """
CREATE TYPE e AS ENUM ('a', 'b');
CREATE DOMAIN dom AS varchar(9);
CREATE SEQUENCE base_s;
CREATE TABLE base (id int PRIMARY KEY, n int NOT NULL, name varchar(20), t text, b bigint, d date,
    ts timestamptz, tsn timestamp, price numeric(10,2), ok boolean, j jsonb, arr text[], r real,
    f float8, s smallint, u uuid, en e, c char(3), dm dom, iv interval, tm time, by bytea);
CREATE FUNCTION f() RETURNS numeric LANGUAGE sql AS 'SELECT 1.5';
CREATE FUNCTION either(boolean, anyelement, anyelement) RETURNS anyelement LANGUAGE sql
    AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';
"""
EXPRESSIONS = {
    "INTEGER": [
        "id",
        "n",
        "1",
        "-1",
        "NULL::int",
        "min(id)",
        "ntile(4) OVER (ORDER BY id)",
        "lag(id) OVER (ORDER BY id)",
        "coalesce(n, 0)",
        "least(s, 1)",
        "nullif(n, 0)",
        "length(name)",
        "id + 1",
        "n + s",
        "id / 2",
        "id % 2",
        "-id",
        "d - d",
        "CASE WHEN ok THEN 1 ELSE 2 END",
        "(SELECT max(id) FROM base)",
        "abs(id)",
        "array_length(arr, 1)",
        "cardinality(arr)",
        "generate_series(1, 3)",
        "((NULL::int))",
        "position('a' in name)",
        "strpos(name, 'a')",
        "char_length(t)",
        "octet_length(by)",
        "ascii(name)",
        "mod(id, 2)",
        "id & 1",
        "bit_length(t)",
    ],
    "VARCHAR(20)": [
        "name",
    ],
    "DECIMAL(10,2)": [
        "price",
    ],
    "e": [
        "en",
        "min(en)",
        "'a'::e",
    ],
    "TEXT[]": [
        "arr",
        "array_agg(arr)",
        "ARRAY['a']",
        "'{}'::text[]",
        "regexp_matches(name, 'a')",
    ],
    "BIGINT": [
        "id::bigint",
        "9999999999",
        "count(*)",
        "count(id)",
        "sum(id)",
        "sum(s)",
        "row_number() OVER ()",
        "rank() OVER (ORDER BY id)",
        "dense_rank() OVER (ORDER BY id)",
        "coalesce(b, 0)",
        "coalesce(n, b)",
        "coalesce(sum(id), 0)",
        "greatest(id, b)",
        "id * b",
        "CASE WHEN ok THEN n ELSE b END",
        "(SELECT count(*) FROM base)",
        "nextval('base_s')",
        "count(*) FILTER (WHERE ok)",
        "sum(id) FILTER (WHERE ok)",
    ],
    "TEXT": [
        "CAST(name AS text)",
        "'lit'",
        "NULL",
        "max(name)",
        "max(dm)",
        "string_agg(t, ',')",
        "string_agg(name, ',')",
        "nullif(name, '')",
        "lower(name)",
        "upper(t)",
        "trim(name)",
        "substring(name from 1 for 2)",
        "replace(name, 'a', 'b')",
        "concat(name, t)",
        "name || t",
        "name || 'x'",
        "t || id",
        "md5(name)",
        "CASE WHEN ok THEN 'a' ELSE 'b' END",
        "j->>'a'",
        "j#>>'{a}'",
        "arr[1]",
        "unnest(arr)",
        "to_char(ts, 'YYYY')",
        "(id::text)",
        "E'x'",
        "version()",
        "split_part(name, 'a', 1)",
        "regexp_replace(name, 'a', 'b')",
        "encode(by, 'hex')",
        "initcap(name)",
        "lpad(name, 3)",
        "left(name, 2)",
    ],
    "VARCHAR(5)": [
        "'x'::varchar(5)",
    ],
    "DECIMAL": [
        "99999999999999999999",
        "1.5",
        "sum(b)",
        "sum(price)",
        "avg(id)",
        "avg(price)",
        "max(price)",
        "first_value(price) OVER (ORDER BY id)",
        "coalesce(price, 0)",
        "coalesce(max(price), 1.5)",
        "extract(year FROM ts)",
        "price * 2",
        "price + id",
        "-price",
        "CASE WHEN ok THEN price ELSE 0 END",
        "round(price, 1)",
        "round(price)",
        "floor(price)",
        "stddev(id)",
        "sum(count(*)) OVER ()",
        "sign(price)",
        "trunc(price)",
    ],
    "BOOLEAN": [
        "true",
        "bool_and(ok)",
        "id > 3",
        "id = 1 AND ok",
        "NOT ok",
        "name IS NULL",
        "name LIKE 'a%'",
        "id IN (1,2)",
        "id BETWEEN 1 AND 3",
        "EXISTS (SELECT 1)",
        "j @> '{}'",
        "every(ok)",
    ],
    "REAL": [
        "sum(r)",
    ],
    "DOUBLE PRECISION": [
        "sum(f)",
        "avg(r)",
        "date_part('year', ts)",
        "r * 2",
        "f + id",
        "round(f)",
        "ceil(f)",
        "power(id, 2)",
        "random()",
        "variance(r)",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY n)",
        "sqrt(id)",
    ],
    "DATE": [
        "max(d)",
        "CURRENT_DATE",
        "d + 1",
        "d - 1",
        "to_date('2020', 'YYYY')",
        "date '2020-01-01'",
        "ts::date",
        "make_date(2020,1,1)",
    ],
    "INTEGER[]": [
        "array_agg(id)",
        "ARRAY[1,2]",
    ],
    "JSON": [
        "json_agg(id)",
        "json_object_agg(id, n)",
        "json_build_object('a', id)",
        "to_json(id)",
        "row_to_json(base)",
    ],
    "JSONB": [
        "jsonb_agg(id)",
        "jsonb_build_object('a', id)",
        "j->'a'",
        "'{}'::jsonb",
        "to_jsonb(id)",
    ],
    "VARCHAR": [
        "lead(name) OVER (ORDER BY id)",
        "coalesce(name, 'x')",
        "coalesce(name, t)",
        "coalesce(name, c)",
        "CASE WHEN ok THEN name END",
        "CASE WHEN ok THEN NULL ELSE name END",
        "mode() WITHIN GROUP (ORDER BY name)",
    ],
    "TIMESTAMPTZ": [
        "coalesce(d, now())",
        "now()",
        "CURRENT_TIMESTAMP",
        "clock_timestamp()",
        "date_trunc('day', ts)",
        "date_trunc('day', d)",
        "ts + iv",
        "ts - interval '1 day'",
        "to_timestamp(1)",
        "timestamptz '2020-01-01'",
        "tsn AT TIME ZONE 'UTC'",
        "d::timestamptz",
        "greatest(ts, now())",
    ],
    "TIMESTAMP": [
        "localtimestamp",
        "date_trunc('day', tsn)",
        "d + interval '1 day'",
        "timestamp '2020-01-01'",
        "ts AT TIME ZONE 'UTC'",
    ],
    "TIMESTAMPTZ(3)": [
        "current_timestamp(3)",
    ],
    "UUID": [
        "gen_random_uuid()",
    ],
    "interval": [
        "ts - ts",
        "tsn - tsn",
        "age(ts)",
        "interval '1 day'",
    ],
    "TIME": [
        "ts::time",
    ],
    "DECIMAL(5,1)": [
        "id::numeric(5,1)",
    ],
    "CHAR(2)": [
        "name::char(2)",
    ],
    "NAME": [
        "current_user",
        "session_user",
        "current_schema()",
    ],
    "BYTEA": [
        "decode('aa', 'hex')",
    ],
}
QUERIES = [
    ("INTEGER", "SELECT NULL AS v UNION SELECT id FROM base"),
    ("DECIMAL", "SELECT 1 AS v UNION SELECT 1.5"),
    ("BIGINT", "SELECT id AS v FROM base UNION SELECT s FROM base UNION ALL SELECT b FROM base"),
    ("BIGINT", "(SELECT id AS v FROM base) EXCEPT (SELECT b FROM base) ORDER BY 1"),
    ("VARCHAR", "SELECT 'x' AS v UNION SELECT name FROM base"),
    ("VARCHAR(20)", "SELECT name AS v FROM base UNION SELECT name FROM base"),
    ("VARCHAR", "SELECT name AS v FROM base INTERSECT SELECT t FROM base"),
    ("TEXT", "SELECT v FROM (SELECT 'x' AS v) s UNION SELECT t FROM base"),
    ("BIGINT", "SELECT v FROM (SELECT count(*) AS v FROM base) s"),
    ("DECIMAL", "WITH q AS (SELECT max(price) AS v FROM base) SELECT v FROM q"),
    ("INTEGER", "VALUES (1, 'a'), (NULL, 'b')"),
    ("DECIMAL", "VALUES (1), (2.5)"),
    ("DECIMAL(10,2)", "SELECT (SELECT o.price FROM base o LIMIT 1) AS v"),
    ("BIGINT", "SELECT x.v FROM base, LATERAL (SELECT base.id::bigint AS v) x"),
    ("DECIMAL", "SELECT f() AS v"),
    ("SMALLINT", "SELECT DISTINCT ON (id) id::smallint AS v FROM base"),
]
TYPED = [
    *(
        (kind, f"SELECT {one} AS v FROM base")
        for kind, every in EXPRESSIONS.items()
        for one in every
    ),
    *QUERIES,
]
UNTOLD = [
    "max(c)",
    "B'101'",
    "pg_typeof(id)",
    "upper(int4range(1, 2))",
    "unheard_of(id)",
    "either(ok, id, 0)",
    "max(either(ok, b, NULL))",
    "id + unheard_of(id)",
    "coalesce(id, unheard_of(id))",
    "CASE WHEN ok THEN id ELSE unheard_of(id) END",
    "ROW(1, 2)",
    "missing",
    "(SELECT missing)",
]


@pytest.mark.parametrize(("kind", "query"), TYPED)
def test_type(kind: str, query: str) -> None:
    loaded = load(f"{BASE} CREATE TABLE z AS {query};")
    assert loaded.problems == ()
    field = model_of(loaded.schema, "z").fields[0]
    assert field.native == kind
    assert field.nullable
    assert field.default is None


@pytest.mark.parametrize("expression", UNTOLD)
def test_none_is_guessed(expression: str) -> None:
    loaded = load(f"{BASE} CREATE TABLE z AS SELECT {expression} AS v FROM base;")
    assert model_of(loaded.schema, "z").fields[0].native == ""


def test_a_view_and_select_into_have_them_too() -> None:
    sql = (
        "CREATE MATERIALIZED VIEW z AS SELECT count(*) AS n, max(name) FROM base;"
        "SELECT n, max || 'x' AS long INTO w FROM z;"
    )
    schema = load(BASE + sql).schema
    for name, own in (("z", ["n", "max"]), ("w", ["n", "long"])):
        found = model_of(schema, name).fields
        assert [one.column for one in found] == own
        assert [one.native for one in found] == ["BIGINT", "TEXT"]


FUNCTIONS = """
CREATE TABLE p (id int, name text);
CREATE FUNCTION every() RETURNS SETOF p LANGUAGE sql AS 'SELECT * FROM p';
CREATE FUNCTION listed() RETURNS TABLE (a bigint, b varchar(5)) LANGUAGE sql AS 'SELECT 1, 1::text';
CREATE FUNCTION one() RETURNS date LANGUAGE sql AS 'SELECT current_date';
CREATE VIEW v AS SELECT * FROM every();
CREATE VIEW w AS SELECT e.name, l.* FROM every() AS e, listed() AS l;
CREATE VIEW x AS SELECT one, two FROM one(), one() AS two;
CREATE TABLE y AS SELECT * FROM listed() AS l (c);
CREATE VIEW z AS SELECT (every()).*, (listed()).* FROM p;
"""


def test_what_functions_of_the_project_return() -> None:
    schema = load(FUNCTIONS).schema
    shown = {
        name: [(one.column, one.native) for one in model_of(schema, name).fields]
        for name in "vwxyz"
    }
    assert shown == {
        "v": [("id", "INTEGER"), ("name", "TEXT")],
        "w": [("name", "TEXT"), ("a", "BIGINT"), ("b", "VARCHAR(5)")],
        "x": [("one", "DATE"), ("two", "DATE")],
        "y": [("c", "BIGINT"), ("b", "VARCHAR(5)")],
        "z": [("id", "INTEGER"), ("name", "TEXT"), ("a", "BIGINT"), ("b", "VARCHAR(5)")],
    }


@pytest.mark.server
def test_as_postgresql_has_them() -> None:
    with databases.postgresql() as database:
        assert database.run(BASE) is None
        made = [f"CREATE TABLE z{at} AS {query}" for at, (_, query) in enumerate(TYPED)]
        for statement in made:
            assert database.run(statement) is None, statement
        text = ";\n".join([BASE.strip().rstrip(";"), *made]) + ";\n"
        assert "\n".join(databases.difference(database, text)) == ""


@pytest.mark.parametrize(
    ("cast", "kind"),
    [("INTEGER", "INT"), ("varchar(5)", "TEXT"), ("decimal(5, 2)", "NUM"), ("double", "REAL")],
)
def test_a_cast_of_sqlite_has_its_affinity(cast: str, kind: str) -> None:
    query = f"SELECT CAST(x AS {cast}) AS v, x + 1 AS w FROM a"
    sql = f"CREATE TABLE a (x); CREATE TABLE z AS {query};"
    with databases.sqlite() as database:
        for statement in sql.split(";"):
            assert database.run(statement) is None
        assert databases.difference(database, sql) == []
    assert model_of(load(sql, "sqlite").schema, "z").fields[0].native == kind
