"""The type that stands in for the extension citext, held against the extension itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import product

import pytest

from schemalint.prove.database import NotProvable
from schemalint.prove.databases.citext import citext_in
from tests.rules.databases import POSTGRESQL

pytestmark = pytest.mark.server

_VALUES = (
    *("", " ", "a", "A", "a ", "aB", "AB", "b", "Zz", "z_", "%", "a%", "^A", ".", "É", "é", "ß"),
    *("SS", "İ", "i", "I", "Straße", "1", "10", "9"),
)
_OPERATORS = (
    *("=", "<>", "<", "<=", ">", ">=", "~<~", "~<=~", "~>~", "~>=~"),
    *("~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"),
)
# What PostgreSQL finds for operands of different types: by its casts, or not at all.
_TYPES = ("citext", "text", "varchar", "char(3)", "name", "unknown")
_CATALOGUE = (
    """SELECT castsource::regtype::text, casttarget::regtype::text, castcontext::text,
    castmethod::text FROM pg_cast WHERE 'citext'::regtype IN (castsource, casttarget)""",
    """SELECT oprname::text, oprleft::regtype::text, oprright::regtype::text, oprcode::text,
    oprcom::regoperator::text, oprnegate::regoperator::text, oprrest::text, oprjoin::text,
    oprcanhash, oprcanmerge FROM pg_operator WHERE 'citext'::regtype IN (oprleft, oprright)""",
    """SELECT opcname::text, amname::text, opcdefault FROM pg_opclass JOIN pg_am
    ON pg_am.oid = opcmethod WHERE opcintype = 'citext'::regtype""",
    """SELECT typlen, typtype::text, typcategory::text, typispreferred, typstorage::text,
    typcollation FROM pg_type WHERE oid = 'citext'::regtype""",
)


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[object, object]]:
    """Connections to databases with the one and with the other."""
    pytest.importorskip("psycopg")
    from schemalint.prove.databases.postgresql_server import PostgresqlServer

    try:
        servers = [PostgresqlServer(POSTGRESQL) for _ in range(2)]
    except NotProvable as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    try:
        if not servers[0].is_super:
            pytest.skip("the role is no superuser")
        with closing(servers[0].connect(servers[0].name)) as owner:
            refused = servers[0].extend("citext", "public", owner)
        if refused is not None:
            pytest.skip(f"no citext there: {refused}")
        servers[1].run_as_superuser(tuple(citext_in("public")))
        real, made = (one.connect(one.name) for one in servers)
        with closing(real), closing(made):
            yield real, made
    finally:
        for one in servers:
            one.close()


def _answer(connection: object, query: str) -> object:
    import psycopg

    assert isinstance(connection, psycopg.Connection)
    try:
        return sorted(map(repr, connection.execute(query.encode()).fetchall()))
    except psycopg.Error as error:
        connection.rollback()
        return error.sqlstate


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("query", _CATALOGUE)
def test_what_the_catalogue_lists(both: tuple[object, object], query: str) -> None:
    real, made = both
    assert _answer(made, query) == _answer(real, query)


@pytest.mark.parametrize("operator", _OPERATORS)
def test_operators(both: tuple[object, object], operator: str) -> None:
    real, made = both
    pairs = ", ".join(f"({_quoted(a)}, {_quoted(b)})" for a, b in product(_VALUES, _VALUES))
    queries = [
        f"SELECT a, b, a::citext {operator} b::{right} FROM (VALUES {pairs}) AS v (a, b)"
        for right in ("citext", "text", "varchar")
    ]
    queries += [
        f"SELECT {_typed('aB', left)} {operator} {_typed('Ab', right)}"
        for left, right in product(_TYPES, _TYPES)
        if "citext" in (left, right)
    ]
    for query in queries:
        assert _answer(made, query) == _answer(real, query), query


def _typed(text: str, of: str) -> str:
    return _quoted(text) if of == "unknown" else f"{_quoted(text)}::{of}"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT min(v), max(v) FROM (VALUES ('b'::citext), ('A'), ('C')) AS t (v)",
        "SELECT array_agg(v ORDER BY v) FROM (VALUES ('b'::citext), ('A'), ('C'), ('a1')) AS t (v)",
        "SELECT count(DISTINCT v) FROM (VALUES ('a'::citext), ('A'), ('b')) AS t (v)",
        "SELECT v, count(*) FROM (VALUES ('a'::citext), ('a'), ('b')) AS t (v) GROUP BY v",
        "SELECT 'a'::citext IN ('A', 'b'), 'a'::citext = ANY (ARRAY['A']::citext[])",
        "SELECT 'a'::citext = ANY (ARRAY['A'])",
        "SELECT ARRAY['a']::citext[] = ARRAY['A']::citext[], ROW('a'::citext) = ROW('A'::citext)",
        "SELECT 'a'::citext IS DISTINCT FROM 'A', nullif('a'::citext, 'A')",
        "SELECT length('a '::citext), upper('a'::citext), 'a'::citext || 'B', trim(' a '::citext)",
        "SELECT pg_typeof(upper('a'::citext)), pg_typeof('a'::citext || 'b')",
        "SELECT pg_typeof(coalesce('a'::citext, 'b'::text)), pg_typeof(coalesce('a', 'b'::citext))",
        "SELECT 'a'::citext BETWEEN 'A' AND 'B', 'a'::citext LIKE 'A%', 'a'::citext ILIKE 'A'",
        "SELECT 'a'::citext SIMILAR TO 'A', 'ab'::citext NOT LIKE '_B'",
        "SELECT true::citext, '10.0.0.1'::inet::citext, 'ab '::char(3)::citext, 1::citext",
        "SELECT 'x'::citext::char(3), 'x'::citext::bytea, 'x'::citext::name",
    ],
)
def test_expressions(both: tuple[object, object], query: str) -> None:
    real, made = both
    assert _answer(made, query) == _answer(real, query)


_TABLES = """
CREATE TABLE a (id int PRIMARY KEY, email citext UNIQUE, CHECK (email ~ '^[a-z@]+$'),
    CHECK (email <> 'root'), h citext);
CREATE INDEX h ON a USING hash (h);
CREATE TABLE b (email citext REFERENCES a (email) ON UPDATE CASCADE, code varchar(3),
    EXCLUDE USING btree (email WITH =), CHECK (email IN ('a@b', 'c')));
CREATE TABLE c (t text, UNIQUE (t), v varchar(3)[], k citext[]);
"""


def test_tables(both: tuple[object, object]) -> None:
    import psycopg

    for connection in both:
        assert isinstance(connection, psycopg.Connection)
        for statement in _TABLES.split(";\n"):
            connection.execute(statement.encode())
    real, made = both
    for statement in (
        "INSERT INTO a VALUES (1, 'A@b', 'X') RETURNING *",
        "INSERT INTO a VALUES (2, 'a@B', 'x') RETURNING *",
        "INSERT INTO a VALUES (3, 'Root', 'x') RETURNING *",
        "INSERT INTO a VALUES (3, '1', 'x') RETURNING *",
        "INSERT INTO a VALUES (4, 'C', 'x') RETURNING *",
        "INSERT INTO b VALUES ('a@B', 'x') RETURNING *",
        "INSERT INTO b VALUES ('A@B', 'x') RETURNING *",
        "INSERT INTO b VALUES ('c@B', 'x') RETURNING *",
        "UPDATE a SET email = 'c' WHERE id = 1 RETURNING *",
        "UPDATE a SET email = 'aa' WHERE id = 4 RETURNING *",
        "UPDATE a SET email = 'C' WHERE id = 1 RETURNING *",
        "SELECT * FROM b",
        "INSERT INTO c SELECT email, email, ARRAY[email] FROM a RETURNING *",
        "INSERT INTO a VALUES (5, 'd', 'x') ON CONFLICT (email) DO NOTHING RETURNING *",
        "INSERT INTO a VALUES (6, 'D', 'x') ON CONFLICT (email) DO NOTHING RETURNING *",
        "SELECT id FROM a WHERE h = 'X'",
        "SELECT a.id FROM a JOIN c ON a.email = c.t",
        "DELETE FROM a WHERE email = 'C' RETURNING *",
    ):
        assert _answer(made, statement) == _answer(real, statement), statement
