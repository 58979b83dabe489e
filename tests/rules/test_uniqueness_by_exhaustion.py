"""Uniqueness decided from the schema, against SQLite over every pair of rows of a small domain."""

from __future__ import annotations

import random
import sqlite3
from itertools import combinations_with_replacement, product

import msgspec
import pytest

from schemalint.condition.parse import parse_predicate
from schemalint.context import Context
from schemalint.model import Dialect, Model, ScalarType, Schema, Unique
from schemalint_rules.judging.keys.uniqueness import Demand, Nulls, answer
from tests.rules.judging import constraint, prisma, unique_index

PREDICATES = (
    "a IS NULL",
    "b IS NOT NULL",
    "a = 1",
    "b = 0",
    "c <> 1",
    "a = 1 AND b IS NULL",
    "a = 0 OR b = 0",
    "NOT (c = 0)",
    "a IN (0, 1)",
)
EXPRESSIONS = ("coalesce(a, 7)", "coalesce(b, a)", "a + b")
VALUES = (None, 0, 1, 2, 3)  # two more than the predicates name


class Drawn(msgspec.Struct, frozen=True):
    """A random schema and a random demand on it, as facts and as SQL."""

    model: Model
    ddl: tuple[str, ...]
    by: tuple[str, ...]
    where: str | None
    nulls: Nulls


def draw(seed: int, base: Schema) -> Drawn:
    source = random.Random(seed)
    nullable = {name: source.random() < 0.6 for name in "abc"}
    fields = tuple(
        msgspec.structs.replace(
            field,
            nullable=nullable.get(field.column, False),
            client_nullable=nullable.get(field.column, False),
            type=ScalarType.INT,
        )
        for field in base.models[0].fields
    )
    columns = ", ".join(
        f"{name} INTEGER{'' if nullable[name] else ' NOT NULL'}" for name in nullable
    )
    check = source.choice(PREDICATES) if source.random() < 0.3 else None
    checks = (constraint(check),) if check else ()
    ddl = [f"CREATE TABLE t ({columns}{f', CHECK ({check})' if check else ''})"]
    uniques: list[Unique] = []
    for number in range(source.randint(1, 3)):
        members = tuple(source.sample("abc", source.randint(1, 3)))
        expressions = (source.choice(EXPRESSIONS),) if source.random() < 0.2 else ()
        where = source.choice(PREDICATES) if source.random() < 0.4 else None
        uniques.append(unique_index(*members, expressions=expressions, where=where))
        parts = ", ".join((*members, *expressions))
        ddl.append(
            f"CREATE UNIQUE INDEX u{number} ON t ({parts}){f' WHERE {where}' if where else ''}"
        )
    model = msgspec.structs.replace(
        base.models[0],
        fields=fields,
        uniques=tuple(uniques),
        checks=checks,
        primary_key=None,
    )
    by = tuple(source.sample("abc", source.randint(1, 3)))
    where = source.choice(PREDICATES) if source.random() < 0.5 else None
    return Drawn(model, tuple(ddl), by, where, source.choice(("distinct", "equal")))


def reachable(drawn: Drawn) -> str | None:
    """Two rows that SQLite stores together and the demand forbids, None if there are none."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in drawn.ddl:
        connection.execute(statement)
    same = " AND ".join(
        f"x.{column} {'IS' if drawn.nulls == 'equal' else '='} y.{column}" for column in drawn.by
    )
    counted = f"(SELECT rowid, * FROM t{f' WHERE {drawn.where}' if drawn.where else ''})"
    forbidden = f"SELECT 1 FROM {counted} x JOIN {counted} y ON x.rowid < y.rowid AND {same}"
    rows = list(product(VALUES, repeat=3))
    try:
        for first, second in combinations_with_replacement(rows, 2):
            connection.execute("BEGIN")
            try:
                connection.execute("INSERT INTO t VALUES (?, ?, ?)", first)
                connection.execute("INSERT INTO t VALUES (?, ?, ?)", second)
            except sqlite3.IntegrityError:
                connection.execute("ROLLBACK")
                continue
            found = connection.execute(forbidden).fetchone()
            connection.execute("ROLLBACK")
            if found:
                return f"{first} and {second}"
    finally:
        connection.close()
    return None


def holds_rows(drawn: Drawn) -> bool:
    connection = sqlite3.connect(":memory:")
    for statement in drawn.ddl:
        connection.execute(statement)
    insert = "INSERT OR IGNORE INTO t VALUES (?, ?, ?)"
    connection.executemany(insert, product(VALUES, repeat=3))
    held = connection.execute("SELECT count(*) FROM t").fetchone()[0] > 0
    connection.close()
    return bool(held)


def decided(drawn: Drawn, base: Schema) -> bool | None:
    schema = msgspec.structs.replace(base, models=(drawn.model,))
    fields = tuple(field for name in drawn.by if (field := drawn.model.column(name)))
    where = parse_predicate(drawn.where, Dialect.SQLITE) if drawn.where else None
    demand = Demand(drawn.model, fields, where, drawn.where)
    return answer(demand, drawn.nulls, Context(schema, Dialect.SQLITE)).kept


def disagreements(seeds: range) -> tuple[list[str], int]:
    """The seeds whose answer is wrong, told; and how many were left undecided."""
    base = prisma("model t {\n  a Int\n  b Int\n  c Int\n  id Int @id\n}", "sqlite")
    fields = tuple(field for field in base.models[0].fields if field.column != "id")
    model = msgspec.structs.replace(base.models[0], fields=fields)
    base = msgspec.structs.replace(base, models=(model,))
    wrong: list[str] = []
    undecided = 0
    for seed in seeds:
        drawn = draw(seed, base)
        kept = decided(drawn, base)
        if kept is None:
            undecided += 1
            continue
        shown = reachable(drawn)
        # A table that can hold no row at all keeps everything; nothing looks for that.
        if kept != (shown is None) and holds_rows(drawn):
            wrong.append(
                f"{seed}: kept={kept}, {shown}: {drawn.ddl} {drawn.by} {drawn.where} {drawn.nulls}"
            )
    return wrong, undecided


def test_small_schemas() -> None:
    wrong, undecided = disagreements(range(7, 32))
    assert wrong == []
    assert undecided < 9


@pytest.mark.fuzz
def test_many_small_schemas() -> None:
    wrong, _ = disagreements(range(1000, 2000))
    assert wrong == []
