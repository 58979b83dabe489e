"""Random triggers on real databases: each refuses, drops and changes what its effects say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import msgspec
import pytest

from schemalint.loaders.sql.triggers.effect import Effect
from schemalint.model import Dialect
from tests.loaders.sql.reading import effects
from tests.loaders.sql.triggers.random_bodies import Bodies
from tests.rules.databases import Database, database

BODIES = int(os.environ.get("SCHEMALINT_TRIGGER_BODIES", "60"))
FIRST_SEED = int(os.environ.get("SCHEMALINT_TRIGGER_SEED", "1"))

_DIALECTS = {
    "sqlite": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MARIADB,
}
_ROWS = (
    (1, 1, 1, "x"),
    (2, 2, None, "y"),
    (3, None, 2, "xy"),
    (4, 0, -1, None),
    (5, 3, 3, ""),
    (6, None, None, "X"),
)
_TABLES = """
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, s VARCHAR(20));
CREATE TABLE samples (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, s VARCHAR(20));
CREATE TABLE log (n INTEGER);
"""

Row = tuple[Any, ...]


class Case(msgspec.Struct, frozen=True):
    """One trigger: its DDL, and what drops it."""

    seed: int
    timing: str
    events: tuple[str, ...]
    trigger: str
    when: str | None = None
    function: str | None = None
    level: str = "ROW"

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.function or ''}\n{self.trigger}"


def _rows_of(events: tuple[str, ...], name: str) -> tuple[str, ...]:
    if name == "postgresql":
        return ("NEW", "OLD")
    return {"insert": ("NEW",), "delete": ("OLD",)}.get(events[0], ("NEW", "OLD"))


def _case(name: str, seed: int) -> Case:
    random = Random(-seed)
    events: tuple[str, ...] = (random.choice(["insert", "update", "update", "delete"]),)
    if name == "postgresql" and random.random() < 0.6:
        events = random.choice([("insert", "update"), ("insert", "update", "delete")])
    timing = random.choice(["BEFORE", "BEFORE", "AFTER"])
    rows = _rows_of(events, name)
    bodies = Bodies(seed, name, rows)
    on = f"{timing} {' OR '.join(events).upper()} ON t"
    if name != "postgresql":
        condition = None
        if name == "sqlite" and random.random() < 0.3:
            condition = bodies.condition().replace("EXISTS (SELECT 1 FROM log)", "1")
        when = f" WHEN {condition}" if condition else ""
        return Case(
            seed,
            timing,
            events,
            f"CREATE TRIGGER g {on} FOR EACH ROW{when} {bodies.body()}",
            condition,
        )
    level = "STATEMENT" if random.random() < 0.1 else "ROW"
    body = bodies.body()
    function = f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    return Case(
        seed,
        timing,
        events,
        f"CREATE TRIGGER g {on} FOR EACH {level} EXECUTE FUNCTION f()",
        None,
        function,
        level,
    )


def _drop(name: str) -> str:
    if name == "postgresql":
        return "DROP FUNCTION f() CASCADE"
    return "DROP TRIGGER g"


# -- what the effects say ----------------------------------------------------------------------


class _Prediction:
    """What effects say of each change, worked out by the database itself."""

    def __init__(self, made: Database, case: Case, found: list[Effect]) -> None:
        self.database = made
        self.case = case
        self.found = found
        self._values: dict[tuple[str, str], dict[tuple[int, int], Any]] = {}

    def of(self, event: str, new: int, old: int) -> str | dict[str, Any]:
        """`refused`, `dropped`, `unknown`, or the values that columns are given."""
        if self.case.when is not None and not self._true(self.case.when, event, new, old):
            return {}
        for effect in self.found:
            if event not in effect.events:
                continue
            match effect.effect:
                case "raises":
                    return "refused"
                case "raises-if" if self._true(effect.condition or "", event, new, old):
                    return "refused"
                case "skips":
                    return "dropped"
                case "skips-if" if self._true(effect.condition or "", event, new, old):
                    return "dropped"
                case "opaque":
                    return "unknown"
                case "sets":
                    return {
                        column: self._value(_stored(column, value), event, new, old)
                        for column, value in effect.assigns
                    }
        return {}

    def _true(self, condition: str, event: str, new: int, old: int) -> bool:
        truth = f"CASE WHEN {condition} THEN 1 ELSE 0 END"
        return bool(self._value(truth, event, new, old))

    def _value(self, expression: str, event: str, new: int, old: int) -> Any:
        if (expression, event) not in self._values:
            rows = {"insert": "samples NEW", "delete": "samples OLD"}.get(
                event, "samples NEW, samples OLD"
            )
            new_id = "0" if event == "delete" else "NEW.id"
            old_id = "0" if event == "insert" else "OLD.id"
            query = f"SELECT {new_id}, {old_id}, {expression} FROM {rows}"
            self._values[expression, event] = {
                (n, o): value for n, o, value in self.database.rows(query)
            }
        key = (0 if event == "delete" else new, 0 if event == "insert" else old)
        return self._values[expression, event][key]


def _stored(column: str, value: str) -> str:
    """The value as the column keeps it."""
    return value if column == "s" else f"round({value})"


# -- what the database does --------------------------------------------------------------------


def _literal(value: object) -> str:
    return "NULL" if value is None else repr(value)


def _statement(event: str, new: Row, old: Row) -> str:
    a, b, s = (_literal(value) for value in new[1:])
    match event:
        case "insert":
            return f"INSERT INTO t VALUES (100, {a}, {b}, {s})"
        case "update":
            return f"UPDATE t SET a = {a}, b = {b}, s = {s} WHERE id = {old[0]}"
    return f"DELETE FROM t WHERE id = {old[0]}"


def _observed(made: Database, event: str, new: Row, old: Row) -> tuple[str | Row | None, bool]:
    """`refused`, or the row after the statement (None: there is none); whether log was written."""
    if made.refused("BEGIN", _statement(event, new, old)) is not None:
        return "refused", False
    key = 100 if event == "insert" else old[0]
    rows = made.rows(f"SELECT a, b, s FROM t WHERE id = {key}")
    logged = bool(made.rows("SELECT 1 FROM log"))
    assert made.refused("ROLLBACK") is None
    return (rows[0] if rows else None), logged


def _expected(event: str, new: Row, old: Row, prediction: str | dict[str, Any]) -> str | Row | None:
    if prediction == "refused":
        return "refused"
    if prediction == "dropped":
        return None if event == "insert" else old[1:]
    if event == "delete":
        return None
    assert isinstance(prediction, dict)
    values = dict(zip("abs", new[1:], strict=True))
    return tuple((values | prediction).values())


def _changes(event: str) -> Iterator[tuple[Row, Row]]:
    match event:
        case "insert":
            return iter([(row, row) for row in _ROWS])
        case "delete":
            return iter([(row, row) for row in _ROWS])
    return product(_ROWS, _ROWS)


def _check(made: Database, name: str, case: Case) -> int:
    """Try every change; how many were predicted."""
    found = effects(case.trigger, _DIALECTS[name], case.function)
    prediction = _Prediction(made, case, found)
    writes = {table for effect in found for table in effect.writes}
    opaque = any(effect.effect == "opaque" for effect in found)
    known = 0
    for event in case.events:
        for new, old in _changes(event):
            said = prediction.of(event, new[0], old[0])
            seen, logged = _observed(made, event, new, old)
            context = f"{case}\n{found}\n{event} new={new} old={old}"
            assert not logged or opaque or "log" in writes, context
            if said == "unknown":
                continue
            known += 1
            assert seen == _expected(event, new, old, said), context
    return known


def _run(name: str) -> None:
    tried = known = built = 0
    with database(name) as made:
        made.build(_TABLES)
        for row in _ROWS:
            values = ", ".join(map(_literal, row))
            made.build(f"INSERT INTO samples VALUES ({values})")
            made.build(f"INSERT INTO t VALUES ({values})")
        for seed in range(FIRST_SEED, FIRST_SEED + BODIES):
            case = _case(name, seed)
            if case.function is not None and made.refused(case.function) is not None:
                continue
            if made.refused(case.trigger) is not None:
                if case.function is not None:
                    made.build(_drop(name))
                continue
            built += 1
            known += _check(made, name, case)
            tried += sum(len(list(_changes(event))) for event in case.events)
            made.build(_drop(name))
    assert built > BODIES // 2
    assert known > tried // 3, f"only {known} of {tried} changes were predicted"
    print(f"{name}: {built} triggers, {known} of {tried} changes predicted")


def test_random_bodies_on_sqlite() -> None:
    _run("sqlite")


@pytest.mark.server
@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_random_bodies_on_a_server(name: str) -> None:
    _run(name)
