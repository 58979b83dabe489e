"""Foreign keys of tables that are drawn in SQL."""

from __future__ import annotations

from operator import and_
from random import Random
from typing import TYPE_CHECKING

from tests.oracle.verdicts.schemas import Column, Pointer

if TYPE_CHECKING:
    from tests.prove.wide.sql import Table

_ACTIONS = ("CASCADE", "RESTRICT", "NO ACTION", "SET NULL", "SET DEFAULT")
_CHANGING = ("CASCADE", "SET NULL", "SET DEFAULT")
_STRICT = ("INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY")
_DEFERRED = (
    " DEFERRABLE",
    " DEFERRABLE INITIALLY DEFERRED",
    " NOT DEFERRABLE",
    " DEFERRABLE INITIALLY IMMEDIATE",
)


def point(random: Random, table: Table, target: Table, *, circle: bool = False) -> None:
    """Draw a foreign key from one table to another, or to itself; of a circle, one that is added
    when all tables are there."""
    keys = [key for key in target.keys if not set(key) & target.generated]
    if table.strict:
        keys = [key for key in keys if all(target.types[name] in _STRICT for name in key)]
    if target is table and not any(
        "PRIMARY" in one for one in (*table.columns.values(), *table.lines)
    ):
        keys = []
    if table.provider == "mysql" and _is_binary(table) and not _is_binary(target):
        # What it adds of text would have another collation than what it points at.
        keys = [key for key in keys if not any(_is_text(target.types[name]) for name in key)]
    if not keys:
        return
    references = random.choice(keys)
    key = _Key(random, table, target, references, circle)
    key.columns()
    key.write()


def _is_binary(table: Table) -> bool:
    """Whether the texts of the whole table have a binary collation."""
    return table.options.endswith("COLLATE utf8mb4_bin")


def _is_text(kind: str) -> bool:
    return any(word in kind for word in ("CHAR", "TEXT", "ENUM", "SET"))


class _Key:
    def __init__(
        self,
        random: Random,
        table: Table,
        target: Table,
        references: tuple[str, ...],
        circle: bool,
    ) -> None:
        self.random = random
        self.table = table
        self.target = target
        self.references = references
        self.circle = circle or target is table
        self.names: list[str] = []
        table.pointers += 1

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def columns(self) -> None:
        """The columns that point: some of their own, or such as are there already."""
        table, target = self.table, self.target
        loose = self.circle or self.chance(0.5)
        checked = [name for name in table.columns if "CHECK" in self._line(name)]
        if table.generated or any("CHECK" in line for line in table.lines):
            checked = [*table.columns]
        for reference in self.references:
            kind = target.types[reference]
            shared = [
                one.name
                for one in table.model.columns
                if table.types[one.name] == kind
                and one.name not in self.names
                and not one.list
                and not (table.provider == "mysql" and one.name in checked)
                and target is not table
                and "COLLATE" not in self._line(one.name)
                and not (_is_binary(target) and _is_text(kind))
                and "AUTO" not in self._line(one.name)
            ]
            if shared and self.chance(0.3):
                self.names.append(self.random.choice(shared))
                continue
            there = target.model.column(reference)
            name = f"to{table.pointers}_{reference}"
            # Rows that have to point at each other are never there.
            optional = loose if self.circle or self.chance(0.85) else not loose
            column = Column(name, there.type, name, optional, native=there.native)
            column.list = there.list
            sort = target.sorts[reference]
            rest = self._collation(target, reference) + ("" if optional else " NOT NULL")
            if self.chance(0.25) and sort.values and not sort.prefix:
                column.default = sort.values[0]
                rest += f" DEFAULT {sort.values[0]}"
            table.model.columns.append(column)
            table.sorts[name] = sort
            table.types[name] = kind
            if self.circle and target is not table:
                table.later.append(f'ALTER TABLE {table.name} ADD COLUMN "{name}" {kind}{rest}')
            else:
                table.columns[name] = f'"{name}" {kind}{rest}'
            self.names.append(name)

    def _line(self, name: str) -> str:
        return self.table.columns.get(name, "")

    def _collation(self, target: Table, reference: str) -> str:
        words = target.columns[reference].split(" ")
        at = words.index("COLLATE") if "COLLATE" in words else None
        if at is None:
            whole = _is_binary(target)
            return " COLLATE utf8mb4_bin" if whole and "CHAR" in target.types[reference] else ""
        return f" COLLATE {words[at + 1]}"

    def write(self) -> None:
        """The constraint, where it stands and what it does."""
        random, table, provider = self.random, self.table, self.table.provider
        columns = [table.model.column(name) for name in self.names]
        generated = bool(table.generated & set(self.names))
        loose = all(one.optional for one in columns)
        filled = all(one.default is not None for one in columns)
        action: dict[str, str | None] = {"DELETE": None, "UPDATE": None}
        for event in action:
            if self.chance(0.55):
                words = list(_ACTIONS)
                if not loose and (provider == "mysql" or self.chance(0.7)):
                    words.remove("SET NULL")
                if generated:
                    words = ["RESTRICT", "NO ACTION"]
                elif not filled and not loose and self.chance(0.7):
                    words.remove("SET DEFAULT")
                action[event] = random.choice(words)
        needed = [not one.optional for one in columns]
        lacking = [self.target.model.column(one).optional for one in self.references]
        if (
            provider == "mysql"
            and any(map(and_, needed, lacking))
            and action["UPDATE"] == "CASCADE"
        ):
            action["UPDATE"] = "RESTRICT"  # it refuses to hand on what may become NULL
        text = f"REFERENCES {self.target.name} ({', '.join(map(_quoted, self.references))})"
        if len(columns) > 1 and self.chance(0.3) and provider != "mysql":
            text += random.choice((" MATCH FULL", " MATCH SIMPLE"))
        for event, word in action.items():
            if word is None:
                continue
            text += f" ON {event} {word}"
            some = provider == "postgresql" and event == "DELETE" and word.startswith("SET")
            if some and len(columns) > 1 and self.chance(0.5):
                some_of = random.sample(self.names, random.choice((1, 1, 2)))
                text += f" ({', '.join(map(_quoted, some_of))})"
        if provider != "mysql" and self.chance(0.2):
            text += random.choice(_DEFERRED)
        if action["DELETE"] in _CHANGING or action["UPDATE"] in _CHANGING:
            table.unchecked |= {*self.names}
        self._place(text)
        camel = {event: word and word.title().replace(" ", "") for event, word in action.items()}
        table.model.pointers.append(
            Pointer(
                name=self.names[0],
                columns=tuple(self.names),
                target=self.target.model.name,
                references=self.references,
                optional=any(one.optional for one in columns),
                single=False,
                on_delete=camel["DELETE"],
                on_update=camel["UPDATE"],
            )
        )

    def _place(self, text: str) -> None:
        table, provider = self.table, self.table.provider
        named = f'CONSTRAINT "fk_{table.model.name}_{table.pointers}" ' if self.chance(0.4) else ""
        line = f"{named}FOREIGN KEY ({', '.join(map(_quoted, self.names))}) {text}"
        if self.circle and self.target is not table:
            table.later.append(f"ALTER TABLE {table.name} ADD {line}")
        elif len(self.names) == 1 and self.chance(0.3):
            table.columns[self.names[0]] += f" {text}"
        elif provider == "postgresql" and self.chance(0.3):
            tail = "" if self.chance(0.5) else " NOT VALID"
            table.later.append(f"ALTER TABLE {table.name} ADD {line}{tail}")
        else:
            table.lines.append(line)


def _quoted(name: str) -> str:
    return f'"{name}"'
