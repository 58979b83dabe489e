"""Writers that try everything against a table, and what rules forbid of what they get done."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from tests.oracle.guards.tables import STATES, Column, Table
from tests.rules.databases import Database

Row = dict[str, Any]
State = dict[int, Row]
"""The rows by the number that the writer gave each."""


TRANSITIONS: tuple[dict[str, tuple[str, ...]], ...] = (
    {"draft": ("paid",), "paid": ("done",)},
    {"draft": ("paid", "done"), "paid": ("done", "draft"), "done": ("draft",)},
    {"draft": ("paid", "done")},
)
CONDITIONS: tuple[tuple[tuple[str, object], str], ...] = (
    (("b", 1), "b = 1"),
    (("s", "done"), "s = 'done'"),
)


class Rule(msgspec.Struct, frozen=True):
    """A rule, and what it forbids."""

    text: str
    fields: tuple[str, ...] = ()
    once: bool = False
    deletion: bool = False
    where: tuple[str, object] | None = None
    transitions: dict[str, tuple[str, ...]] | None = None
    initial: str | None = None

    def broken(self, before: State, after: State) -> str | None:
        """What is forbidden about the step from one state to the next."""
        for tag, row in after.items():
            old = before.get(tag)
            if self.transitions is not None:
                found = self._step(old["s"] if old else None, row["s"], new=old is None)
                if found:
                    return f"row {tag} {found}"
            elif old is not None and self._protects(old):
                for name in self.fields:
                    if old[name] != row[name] and not (self.once and old[name] is None):
                        return f"row {tag} has another {name}"
        if self.deletion:
            for tag, row in before.items():
                if tag not in after and self._protects(row):
                    return f"row {tag} is gone"
        return None

    def _protects(self, row: Row) -> bool:
        return self.where is None or row[self.where[0]] == self.where[1]

    def _step(self, old: str | None, state: str | None, *, new: bool) -> str | None:
        assert self.transitions is not None
        if new:
            wrong = self.initial is not None and state not in (None, self.initial)
            return f"starts as {state}" if wrong else None
        if old == state:
            return None
        if old is None:
            return f"goes to {state}" if self.initial not in (None, state) else None
        return None if state in self.transitions.get(old, ()) else f"goes from {old} to {state}"


def random_rule(random: Random, table: Table) -> Rule:
    """A rule about the table `t`."""
    nullable = table.column("s").nullable
    if random.random() < 0.4:
        transitions = random.choice(TRANSITIONS)
        initial = "draft" if table.column("s").default and random.random() < 0.6 else None
        lines = [f"states:\n  of: t.s\n  values: [{', '.join(STATES)}]\n  transitions:"]
        lines += [f"    {one}: [{', '.join(then)}]" for one, then in transitions.items()]
        lines += [f"  initial: {initial}"] if initial else []
        lines += ["  optional: true"] if nullable else []
        return Rule("\n".join(lines), transitions=transitions, initial=initial)
    where: tuple[str, object] | None = None
    condition = ""
    if random.random() < 0.3:
        where, condition = random.choice(CONDITIONS)
    once = random.random() < 0.2
    parts = ["of: t"]
    parts += ["once: true"] if once else []
    parts += [f'where: "{condition}"'] if where else []
    every = tuple(column.name for column in table.columns)
    chance = random.random()
    if chance < 0.6:
        fields = tuple(random.sample(["a", "b", "s", "p_id"], random.choice((1, 1, 2))))
        parts.append(f"fields: [{', '.join(fields)}]")
        return Rule(f"immutable: {{{', '.join(parts)}}}", fields, once, where=where)
    deletion = chance < 0.8
    parts += [] if deletion else ["deletable: true"]
    return Rule(f"immutable: {{{', '.join(parts)}}}", every, once, deletion, where)


class Attack:
    """A writer's walk through one database."""

    def __init__(self, database: Database, table: Table, rule: Rule, random: Random) -> None:
        self.database = database
        self.table = table
        self.rule = rule
        self.random = random
        self.next_tag = 1
        self.done: list[str] = []

    def build(self) -> bool:
        """Make the tables, store some rows, then make the triggers; whether the database takes
        them."""
        for statement in ("DROP TABLE IF EXISTS t", "DROP TABLE IF EXISTS p"):
            assert self.database.refused(statement) is None
        tables, triggers = self.table.script[:2], self.table.script[2:]
        for name in "abcdefgh" if self.table.database == "postgresql" else "":
            self.database.refused(f"DROP FUNCTION IF EXISTS {name}_f")
        for statement in tables:
            assert self.database.refused(statement) is None, statement
        for number in ("1", "2"):
            self.database.refused(f"INSERT INTO p VALUES ({number})")
        for _ in range(12):
            self.database.refused(self._insert("INSERT INTO"))
        return all(self.database.refused(statement) is None for statement in triggers)

    def run(self, steps: int) -> str | None:
        """What the rule forbids and the writer got done, with the statements; None if nothing."""
        state = self._read()
        for _ in range(steps):
            statement = self._statement()
            if self.database.refused(statement) is None:
                self.done.append(statement)
            after = self._read()
            found = self.rule.broken(state, after)
            if found is not None:
                return f"{found}: {'; '.join(self.done[-6:])} / {statement}"
            state = after
        return None

    def _read(self) -> State:
        names = [column.name for column in self.table.columns]
        # PostgreSQL keeps the plan of a statement that comes often, for a table that is gone.
        plan = f"-- {self.table.script[1]}"
        rows = self.database.rows(f"SELECT {', '.join(names)} FROM t {plan}")
        return {row[-1]: dict(zip(names, row, strict=True)) for row in rows if row[-1] is not None}

    def _statement(self) -> str:
        return self.random.choice(list(self._offered()))

    def _offered(self) -> Iterator[str]:
        random = self.random
        row = random.choice(("1", "2", "3"))
        yield from [self._insert("INSERT INTO")] * 3
        yield from [f"UPDATE t SET {self._sets()} WHERE id = {row}"] * 7
        yield f"UPDATE t SET {self._sets()}"
        yield f"DELETE FROM t WHERE id = {row}"
        yield random.choice(
            (
                f"UPDATE p SET id = {random.choice('3456')} WHERE id = {random.choice('12345')}",
                f"DELETE FROM p WHERE id = {random.choice('1234')}",
                f"INSERT INTO p VALUES ({random.choice('12')})",
            )
        )
        database = self.table.database
        if database == "postgresql":
            yield self._insert("INSERT INTO") + f" ON CONFLICT (id) DO UPDATE SET {self._sets()}"
        elif database == "sqlite":
            yield self._insert("INSERT INTO") + f" ON CONFLICT (id) DO UPDATE SET {self._sets()}"
            yield self._insert("INSERT OR REPLACE INTO")
            yield f"UPDATE OR REPLACE t SET {self._sets()} WHERE id = {row}"
            yield f"UPDATE OR IGNORE t SET {self._sets()} WHERE id = {row}"
        else:
            yield self._insert("INSERT INTO") + f" ON DUPLICATE KEY UPDATE {self._sets()}"
            yield self._insert("REPLACE INTO")
            yield self._insert("INSERT IGNORE INTO")
            yield f"UPDATE IGNORE t SET {self._sets()} WHERE id = {row}"

    def _insert(self, verb: str) -> str:
        given = [column for column in self.table.columns[:-1] if self.random.random() < 0.85]
        values = [self._value(column) for column in given]
        tag = self.next_tag
        self.next_tag += 1
        names = ", ".join([*(column.name for column in given), "tag"])
        return f"{verb} t ({names}) VALUES ({', '.join([*values, str(tag)])})"

    def _sets(self) -> str:
        columns = self.random.sample(
            self.table.columns[:-1], self.random.choice((1, 1, 1, 2, 2, 3, 4))
        )
        return ", ".join(f"{column.name} = {self._value(column)}" for column in columns)

    def _value(self, column: Column) -> str:
        if self.random.random() < 0.25:
            return "NULL"
        return self.random.choice(column.values)
