"""Random tables in SQL with random rules on them, and every small row tried on a real database."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from schemalint.model import Dialect
from tests.rules.databases import Database
from tests.rules.drawn_conditions import (
    CHECKS,
    CONDITIONS,
    GENERATED,
    MEMBERS,
    OWN_CHECKS,
    PREDICATES,
)

DIALECTS = {
    "sqlite": Dialect.SQLITE,
    "strict": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MARIADB,
}
_TYPES = {
    "sqlite": {"number": "INTEGER", "text": "TEXT", "truth": "BOOLEAN", "exact": "DECIMAL(5,2)"},
    "strict": {"number": "INTEGER", "text": "TEXT", "truth": "INTEGER", "exact": "REAL"},
    "postgresql": {"number": "INT", "text": "TEXT", "truth": "BOOLEAN", "exact": "NUMERIC(5,2)"},
    "mysql": {"number": "INT", "text": "VARCHAR(9)", "truth": "BOOLEAN", "exact": "DECIMAL(5,2)"},
}
_SORTS = {"n": "number", "m": "number", "s": "text", "r": "text", "f": "truth", "p": "exact"}
_VALUES: dict[str, tuple[object, ...]] = {
    "number": (None, -1, 0, 1, 2, 3, 4),
    "text": (None, "", "a", "A", "b", "ab", "abcd", " ", "é", "É"),
    "truth": (None, True, False),
    "exact": (None, Decimal("-0.5"), 0, 1, Decimal("2.5"), 3, 5),
}
_ODD: dict[str, dict[str, tuple[object, ...]]] = {
    "sqlite": {"number": ("x", 1.5), "truth": (2, "y"), "exact": ("x",), "text": (1,)},
    "strict": {"truth": (2,)},
    "mysql": {"truth": (2,), "text": ("a ",)},
}
_COLLATIONS = {
    "sqlite": ("", "", " COLLATE NOCASE"),
    "strict": ("", "", " COLLATE NOCASE"),
    "postgresql": ("", ' COLLATE "C"'),
    "mysql": ("", " COLLATE utf8mb4_bin", " COLLATE utf8mb4_nopad_bin"),
}
NO_ROWS = "a table that can hold no row"


class Table(msgspec.Struct, frozen=True):
    """A table of one's own: its columns as DDL, and what else there is of it."""

    kind: str
    columns: dict[str, str]
    checks: tuple[str, ...]
    uniques: tuple[str, ...]

    def ddl(self, *, uniques: bool = True) -> tuple[str, ...]:
        """The statements that make the table, with its unique indexes or without."""
        lines = ["id INTEGER PRIMARY KEY", *self.columns.values()]
        lines += [f"CHECK ({check})" for check in self.checks]
        # MyISAM, because it does not wait for the disk after each of many rows.
        options = {"strict": " STRICT", "mysql": " ENGINE=MyISAM"}.get(self.kind, "")
        return (f"CREATE TABLE t ({', '.join(lines)}){options}", *(self.uniques if uniques else ()))


class Question(msgspec.Struct, frozen=True):
    """A rule: as the rulebook has it, and what it forbids of rows.

    `flag` is a condition in SQL that is asked of each row. `forbids` names how it counts: a row is
    forbidden where it is not true (`row`), or two that agree on `by` where it is (`pair`).
    """

    rule: str
    flag: str
    forbids: str
    by: tuple[str, ...] = ()
    ignore_case: bool = False
    nulls: str = "distinct"


def draw_table(source: random.Random, kind: str) -> Table:
    types, columns = _TYPES[kind], {}
    for name, sort in _SORTS.items():
        collation = source.choice(_COLLATIONS[kind]) if sort == "text" else ""
        null = "" if source.random() < 0.6 else " NOT NULL"
        columns[name] = f"{name} {types[sort]}{collation}{null}"
    if source.random() < 0.4:
        sort, expression = source.choice(GENERATED)
        columns["g"] = f"g {types[sort]} GENERATED ALWAYS AS ({expression}) STORED"
    own = "sqlite" if kind == "strict" else kind
    pool = (*CHECKS, *OWN_CHECKS[own], *OWN_CHECKS[own])
    pool = tuple(check for check in pool if "g" in columns or not re.search(r"\bg\b", check))
    checks = tuple(source.sample(pool, source.choice((0, 1, 1, 2, 2, 3))))
    if kind == "postgresql" and columns.get("g", "").startswith("g TEXT"):
        # It compares no text with a number.
        checks = tuple("g > '0'" if check == "g > 0" else check for check in checks)
    both = any({"s", "r"} <= set(re.findall(r"\b\w\b", check)) for check in checks)
    if kind == "mysql" and both and "_bin" in columns["s"] and "_bin" in columns["r"]:
        # It compares no texts of two binary collations.
        collation = next(one for one in columns["s"].split() if one.endswith("_bin"))
        columns["r"] = re.sub(r"\w+_bin", collation, columns["r"])
    uniques = tuple(
        _unique(source, kind, number, columns) for number in range(source.choice((1, 1, 2)))
    )
    return Table(kind, columns, checks, uniques)


def _unique(source: random.Random, kind: str, number: int, columns: dict[str, str]) -> str:
    members = source.sample(sorted(columns), source.choice((1, 1, 2)))
    if kind != "mysql" and source.random() < 0.4:
        members[0] = source.choice(MEMBERS)
    elif kind in ("sqlite", "strict") and members[0] == "s" and source.random() < 0.4:
        members[0] = source.choice(("s COLLATE NOCASE", "s COLLATE BINARY"))
    where = nulls = ""
    if kind != "mysql" and source.random() < 0.5:
        where = f" WHERE {source.choice(PREDICATES)}"
    if kind == "postgresql" and source.random() < 0.3:
        nulls = " NULLS NOT DISTINCT"
    return f"CREATE UNIQUE INDEX u{number} ON t ({', '.join(members)}){nulls}{where}"


def draw_question(source: random.Random, table: Table) -> Question:
    sort = source.choice(("check", "check", "unique", "unique", "count", "required", "states"))
    if sort == "check":
        conditions = [one for one in CONDITIONS if "g" in table.columns or "g " not in one]
        condition = source.choice(conditions)
        return Question(f'check: {{of: t, that: "{condition}"}}', condition, "row")
    if sort == "required":
        name = source.choice(sorted(table.columns))
        return Question(f"required: {{of: t, fields: [{name}]}}", f"{name} IS NOT NULL", "row")
    if sort == "states":
        rule = "states: {of: t.s, values: [a, b], optional: true}"
        return Question(rule, "s IS NULL OR s IN ('a', 'b')", "row", by=("s",))
    if sort == "count":
        names = source.sample(sorted(table.columns), 2)
        kind, sign = source.choice(
            (("exactly_one", "= 1"), ("at_least_one", ">= 1"), ("at_most_one", "<= 1"))
        )
        count = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in names)
        return Question(
            f"{kind}: {{of: t, fields: [{', '.join(names)}]}}", f"{count} {sign}", "row"
        )
    by = tuple(source.sample([*_SORTS], source.choice((1, 1, 2))))
    where = source.choice(PREDICATES).lower() if source.random() < 0.5 else ""
    ignore, nulls = source.random() < 0.3, source.choice(("distinct", "equal"))
    text = f"unique: {{of: t, by: [{', '.join(by)}], nulls: {nulls}"
    text += ", ignore_case: true" if ignore else ""
    text += f', where: "{where}"' if where else ""
    return Question(text + "}", where or "1 = 1", "pair", by, ignore, nulls)


# -- on a database -----------------------------------------------------------------------------


def _domains(table: Table) -> dict[str, list[object]]:
    odd = _ODD.get(table.kind, {})
    return {name: [*_VALUES[sort], *odd.get(sort, ())] for name, sort in _SORTS.items()}


def _anything(source: random.Random, table: Table, count: int) -> Iterator[dict[str, object]]:
    domains = _domains(table)
    for _ in range(count):
        yield {name: source.choice(values) for name, values in domains.items()}


def _near(row: dict[str, object], table: Table, rule: str) -> Iterator[dict[str, object]]:
    """The rows that differ from one that is accepted in one or two of the columns that matter."""
    domains = _domains(table)
    spoken = " ".join((*table.checks, *table.uniques, table.columns.get("g", ""), rule))
    lively = [name for name in domains if re.search(rf"\b{name}\b", spoken)]
    for name, values in domains.items():
        yield from ({**row, name: value} for value in values)
    for name, other in itertools.combinations(lively, 2):
        for pair in itertools.product(domains[name], domains[other]):
            yield {**row, name: pair[0], other: pair[1]}
    for names in itertools.combinations(lively, 3):
        yield {**row, **dict.fromkeys(names)}


def sql_value(value: object, kind: str) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def insert(row: dict[str, object], number: int, kind: str) -> str:
    values = ", ".join(sql_value(value, kind) for value in row.values())
    return f"INSERT INTO t (id, {', '.join(row)}) VALUES ({number}, {values})"


def violation(
    database: Database, table: Table, question: Question, source: random.Random, limit: int
) -> str | None:
    """A row, or two, that the database stores and the rule forbids; None if none was found."""
    try:
        for statement in table.ddl(uniques=False):
            database.build(statement)
        rows, stored = _fill(database, table, question, source, limit)
        if not stored:
            return NO_ROWS
        names = ", ".join(question.by) or "id"
        flag = f"CASE WHEN {question.flag} THEN 1 ELSE 0 END"
        found = database.rows(f"SELECT id, {names}, {flag} FROM t")
        if question.forbids == "row":
            return _bad_row(found, question, rows)
        database.build("DROP TABLE t")
        for statement in table.ddl():
            database.build(statement)
        for one, other in itertools.islice(_agreeing(found, question), 400):
            database.refused("DELETE FROM t")
            pair = [insert(rows[number], number, table.kind) for number in (one, other)]
            if not any(database.refused(statement) for statement in pair):
                return f"{rows[one]} and {rows[other]}"
        return None
    finally:
        database.refused("DROP TABLE IF EXISTS t")


def _fill(
    database: Database, table: Table, question: Question, source: random.Random, limit: int
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Try rows: random ones, then neighbours of some that are accepted. All of them, and those."""
    rows: list[dict[str, object]] = []
    stored: list[dict[str, object]] = []

    def attempt(row: dict[str, object]) -> None:
        rows.append(row)
        if database.refused(insert(row, len(rows) - 1, table.kind)) is None:
            stored.append(row)

    for row in _anything(source, table, limit):
        attempt(row)
    for base in source.sample(stored, min(2, len(stored))):
        for row in _near(base, table, question.rule):
            attempt(row)
    return rows, stored


def _bad_row(
    found: list[tuple[object, ...]], question: Question, rows: list[dict[str, object]]
) -> str | None:
    for number, *values, flag in found:
        exact = not question.by or values[0] in (None, "a", "b")
        if not flag or not exact:
            return str(rows[int(str(number))])
    return None


def _agreeing(found: list[tuple[object, ...]], question: Question) -> Iterator[tuple[int, int]]:
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, *values, flag in found:
        if not flag or (question.nulls == "distinct" and None in values):
            continue
        key = tuple(
            (type(value).__name__ == "str", value.lower() if question.ignore_case else value)
            if isinstance(value, str)
            else (False, value)
            for value in values
        )
        groups.setdefault(key, []).append(int(str(number)))
    members = [group for group in groups.values() if len(group) > 1]
    for group in members:
        yield from itertools.islice(itertools.combinations(group, 2), 40)
