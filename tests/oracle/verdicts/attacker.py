"""Random writers: they insert, change, re-key, delete, upsert and replace rows, and watch what
comes of it. An ordinary writer stops at nothing; a client writer keeps to what Prisma Client lets
through.
"""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any, Literal, Protocol

import msgspec

from tests.oracle.verdicts.conditions import Condition
from tests.oracle.verdicts.databases import Database
from tests.oracle.verdicts.schemas import ENUM, Column, Model, Pointer, Schema

TAG = "__tag"
WHERE = "__where"
OMITTED = object()
Row = dict[str, Any]
State = dict[str, dict[int, Row]]
"""The rows by model and by the number that the attacker gave each; columns by their field names."""

UUIDS = ("00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b")
TIMES = ("2024-01-01 00:00:00", "2024-01-02 00:00:00")
TEXTS = (("a", "b"), ("a", "A", "b"), ("a", "é", "É"), ("a", "", " \t"), ("a", "b", "c"))
STORED = tuple(stored for _, stored in ENUM)


class Step(msgspec.Struct):
    """A statement that was tried. `row` is the number of the row that it is about, `given` the
    fields that it names."""

    kind: Literal["insert", "update", "delete", "upsert", "replace"]
    model: str
    row: int
    given: frozenset[str]
    sql: str


class Rule(Protocol):
    """A rule as its attacker knows it."""

    def reads(self) -> dict[str, Condition | None]:
        """The models to look at, each with a condition whose truth is to be read along."""

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        """What is forbidden about an accepted statement."""

    def refused(self, before: State, step: Step, error: str) -> str | None:
        """What is forbidden about a refusal."""

    def start(self) -> None:
        """Forget what was seen."""

    def unseen(self) -> str | None:
        """What the rule wants to be possible and never was, since the start."""

    @property
    def constants(self) -> list[tuple[str, object]]:
        """Values that the rule compares fields with, each with the field's name."""


class Found(msgspec.Struct):
    """A forbidden state, and the accepted statements that led there."""

    what: str
    statements: list[str]


def tagged(schema: Schema, script: str) -> str:
    """The script of a schema with a further column in each table, to tell rows apart by."""
    return script + "".join(
        f'\nALTER TABLE "{model.table}" ADD COLUMN "{TAG}" INTEGER;' for model in tables(schema)
    )


def tables(schema: Schema) -> list[Model]:
    """The models, and the join tables of the implicit relations as models."""
    found = list(schema.models)
    for link in schema.links:
        one, other = sorted((link.one, link.other))
        ends = []
        pointers = []
        for name, target in (("A", one), ("B", other)):
            model = schema.model(target)
            key = model.column(model.id[0])
            ends.append(Column(name, key.type, name, native=key.native))
            pointers.append(
                Pointer(name, (name,), target, model.id, False, False, "Cascade", "Cascade")
            )
        found.append(Model(link.table, link.table, ends, ("A", "B"), pointers=pointers))
    return found


def attack(
    database: Database,
    schema: Schema,
    script: str,
    rule: Rule,
    random: Random,
    *,
    client: bool,
    walks: int,
    steps: int,
) -> Found | None:
    """Try to reach what `rule` forbids.

    Args:
        database: emptied and built anew for each of `walks`.
        schema: what `script` builds.
        script: from `tagged`.
        rule: asked after every statement.
        random: decides everything.
        client: whether the writer keeps to what Prisma Client lets through.
        walks: how often to start from nothing.
        steps: how many statements each time.
    """
    rule.start()
    for _ in range(walks):
        database.build(script, foreign_keys=client)
        found = _Walk(database, schema, rule, random, client).run(steps)
        if found is not None:
            return found
    unseen = rule.unseen()
    return Found(unseen, []) if unseen else None


class _Walk:
    def __init__(
        self, database: Database, schema: Schema, rule: Rule, random: Random, client: bool
    ) -> None:
        self.database = database
        self.schema = schema
        self.rule = rule
        self.random = random
        self.client = client
        self.models = {model.name: model for model in tables(schema)}
        self.state: State = {name: {} for name in self.models}
        self.next_row = 1
        self.clock = 10
        self.done: list[str] = []
        self.texts = random.choice(TEXTS)
        self.numbers = [1, *random.sample((-2, -1, 0, 2, 3, 18, 19), random.choice((2, 2, 3, 4)))]
        # By the identity of the column: fields of different models share names.
        self.constants: dict[int, list[object]] = {}
        for model in schema.models:
            stated = rule.constants if model.name in rule.reads() else []
            for key in model.uniques:
                stated = stated + (key.where.constants if key.where else [])
            for column in model.columns:
                self.constants[id(column)] = [one for name, one in stated if name == column.name]

    def run(self, steps: int) -> Found | None:
        for number in range(steps):
            step = self._step(number)
            if step is None:
                continue
            error = self.database.refused(step.sql)
            if error is not None:
                what = self.rule.refused(self.state, step, error)
            else:
                self.done.append(step.sql)
                after = self._read()
                what = self.rule.accepted(self.state, step, after)
                self.state = after
            if what is not None:
                last = [] if error is None else [f"{step.sql} -- refused: {error.splitlines()[0]}"]
                return Found(what, [*self.done, *last])
        return None

    def _read(self) -> State:
        conditions = self.rule.reads()
        state: State = {}
        for name, model in self.models.items():
            names = [TAG, *(column.name for column in model.columns)]
            columns = [f'"{TAG}"', *(f'"{column.column}"' for column in model.columns)]
            condition = conditions.get(name)
            if condition is not None:
                sql = condition.sql(model, self.schema.provider)
                columns.append(f"CASE WHEN {sql} THEN 1 ELSE 0 END")
                names.append(WHERE)
            rows = self.database.rows(f'SELECT {", ".join(columns)} FROM "{model.table}"')
            state[name] = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
        return state

    # -- statements

    def _step(self, number: int) -> Step | None:
        random = self.random
        wanted = [name for name in self.rule.reads() if name in self.models]
        names = wanted if wanted and random.random() < 0.7 else list(self.models)
        if number < 2 * len(self.models):
            names = [list(self.models)[number % len(self.models)]]
        model = self.models[random.choice(names)]
        rows = self.state[model.name]
        choice = random.random()
        if not rows or (choice < 0.5 and len(rows) < 7):
            return self._insert(model)
        tag = random.choice(list(rows))
        if choice < 0.7:
            return self._update(model, tag)
        if choice < 0.8:
            return self._rekey(model, tag)
        if choice < 0.9:
            return Step("delete", model.name, tag, frozenset(), self._delete(model, tag))
        return self._upsert(model, tag)

    def _delete(self, model: Model, tag: int) -> str:
        return f'DELETE FROM "{model.table}" WHERE "{TAG}" = {tag}'

    def _fresh(self, model: Model) -> dict[str, object]:
        """Values for a new row, or for a copy of one with some values changed."""
        random = self.random
        rows = list(self.state[model.name].values())
        values: dict[str, object] = {}
        copied = rows and random.random() < 0.6
        if copied:
            row = random.choice(rows)
            values = {column.name: row[column.name] for column in model.columns}
            count = random.choice((1, 1, 2, 3))
            changed = random.sample(model.columns, min(count, len(model.columns)))
            if random.random() < 0.5:
                changed += [column for column in model.columns if column.name in model.id]
        else:
            changed = list(model.columns)
        for column in changed:
            values[column.name] = self._value(column)
        for pointer in model.pointers:
            if copied and not {column.name for column in changed} & set(pointer.columns):
                continue
            if random.random() < 0.75:
                values.update(self._parent(pointer))
        return values

    def _insert(self, model: Model) -> Step:
        return self._inserting(model, "insert", "INSERT INTO", "")

    def _inserting(
        self, model: Model, kind: Literal["insert", "upsert", "replace"], verb: str, tail: str
    ) -> Step:
        values = self._fresh(model)
        if self.client:
            values = {
                name: self._client_value(model.column(name), value)
                for name, value in values.items()
            }
        given = {name: value for name, value in values.items() if value is not OMITTED}
        tag = self.next_row
        self.next_row += 1
        columns = [f'"{model.column(name).column}"' for name in given] + [f'"{TAG}"']
        literals = [self._literal(value) for value in given.values()] + [str(tag)]
        sql = f'{verb} "{model.table}" ({", ".join(columns)}) VALUES ({", ".join(literals)}){tail}'
        return Step(kind, model.name, tag, frozenset(given), sql)

    def _set(self, model: Model, values: dict[str, object]) -> str:
        if self.client:
            for column in model.columns:
                if column.updated_at:
                    values[column.name] = self._now()
        return ", ".join(
            f'"{model.column(name).column}" = {self._literal(value)}'
            for name, value in values.items()
        )

    def _changes(self, model: Model) -> dict[str, object]:
        random = self.random
        values: dict[str, object] = {}
        if model.pointers and random.random() < 0.25:
            values.update(self._parent(random.choice(model.pointers)))
        else:
            count = 1 if random.random() < 0.8 else 2
            for column in random.sample(model.columns, min(count, len(model.columns))):
                value = self._value(column)
                if value is OMITTED:
                    value = None
                if value is not None or column.optional or not self.client:
                    values[column.name] = value
        if not values:
            column = random.choice(model.columns)
            values[column.name] = self._value(column, given=True)
        return values

    def _update(self, model: Model, tag: int) -> Step:
        values = self._changes(model)
        sql = f'UPDATE "{model.table}" SET {self._set(model, values)} WHERE "{TAG}" = {tag}'
        return Step("update", model.name, tag, frozenset(values), sql)

    def _rekey(self, model: Model, tag: int) -> Step:
        keys = model.keys
        if not keys:
            return self._update(model, tag)
        values = {
            name: self._value(model.column(name), given=True) for name in self.random.choice(keys)
        }
        sql = f'UPDATE "{model.table}" SET {self._set(model, values)} WHERE "{TAG}" = {tag}'
        return Step("update", model.name, tag, frozenset(values), sql)

    def _upsert(self, model: Model, tag: int) -> Step:
        if self.schema.provider == "sqlite" and not self.client and self.random.random() < 0.5:
            return self._inserting(model, "replace", "INSERT OR REPLACE INTO", "")
        if not model.keys:
            return self._update(model, tag)
        key = ", ".join(f'"{model.column(name).column}"' for name in self.random.choice(model.keys))
        changes = self._set(model, self._changes(model))
        return self._inserting(
            model, "upsert", "INSERT INTO", f" ON CONFLICT ({key}) DO UPDATE SET {changes}"
        )

    # -- values

    def _parent(self, pointer: Pointer) -> dict[str, object]:
        parents = list(self.state[pointer.target].values())
        if not parents:
            return {}
        parent = self.random.choice(parents)
        pairs = zip(pointer.columns, pointer.references, strict=True)
        return {own: parent[reference] for own, reference in pairs}

    def _value(self, column: Column, *, given: bool = False) -> object:
        """A value for a column, NULL or OMITTED among them unless `given`."""
        random = self.random
        chance = random.random()
        if not given:
            if chance < (0.25 if column.optional else 0.04) and (
                column.optional or not self.client
            ):
                return None
            if 0.25 <= chance < 0.4:
                return OMITTED
        if not self.client and self.schema.provider == "sqlite" and random.random() < 0.06:
            other = {"Int": "abc", "Boolean": 2, "Status": "bogus"}.get(column.type, 7)
            return random.choice((other, " "))
        value = self._typed(column)
        return [value] if column.list else value

    def _typed(self, column: Column) -> object:
        random = self.random
        constants = self.constants.get(id(column), [])
        if self.client and column.type == "Status":
            constants = [value for value in constants if value in STORED]
        if column.type != "String":
            constants = [value for value in constants if value not in ("a", "A", "é", "É")]
        if constants and random.random() < 0.4:
            return random.choice(constants)
        if column.native == "Uuid":
            return random.choice(UUIDS)
        if column.type == "Int":
            return random.choice(self.numbers)
        if column.type == "Boolean":
            return random.random() < 0.5
        if column.type == "DateTime":
            return random.choice(TIMES)
        if column.type == "Status":
            return random.choice(STORED)
        return random.choice(self.texts)

    def _client_value(self, column: Column, value: object) -> object:
        """What Prisma Client makes of it: its own defaults, something for whatever is required."""
        if value is OMITTED or (value is None and not column.optional):
            if column.updated_at:
                return self._now()
            if column.list:
                return []
            if column.default in ("uuid()", "cuid()"):
                self.clock += 1
                return f"generated-{self.clock}"
            if column.default is None and not column.optional:
                return self._value(column, given=True)
            return OMITTED
        return value

    def _now(self) -> str:
        self.clock += 1
        return f"2024-02-01 00:{self.clock // 60:02}:{self.clock % 60:02}"

    def _literal(self, value: object) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            if self.schema.provider == "sqlite":
                return "1" if value else "0"
            return "TRUE" if value else "FALSE"
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, (list, tuple)):
            return "'{" + ",".join(f'"{self._plain(one)}"' for one in value) + "}'"
        return "'" + self._plain(value).replace("'", "''") + "'"

    def _plain(self, value: object) -> str:
        return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
