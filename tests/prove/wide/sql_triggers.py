"""Triggers of every effect, time and event on tables that are drawn in SQL."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.oracle.verdicts.conditions import random_condition

if TYPE_CHECKING:
    from tests.prove.wide.sql import Table

_DIFFERS = {
    "sqlite": "{old} IS NOT {new}",
    "postgresql": "{old} IS DISTINCT FROM {new}",
    "mysql": "NOT ({old} <=> {new})",
}
_EFFECTS = {
    "sqlite": ("raises",) * 5 + ("skips", "skips", "writes", "raises writes", "opaque"),
    "postgresql": ("raises",) * 5
    + ("skips", "skips", "sets", "sets", "warns", "writes", "raises writes", "opaque"),
    "mysql": ("raises",) * 5 + ("sets", "sets", "warns", "writes", "raises writes", "opaque"),
}
_VALUES = {"Int": "1", "String": "'a'", "Boolean": "TRUE"}
_COUNTED = (
    "BEGIN DECLARE n INT; SELECT count(*) INTO n FROM information_schema.engines; "
    "IF n > 1000 THEN SIGNAL SQLSTATE '45000'; END IF; END"
)
_PLAIN_TYPES = (
    "INTEGER",
    "INT",
    "BIGINT",
    "SMALLINT",
    "TEXT",
    "VARCHAR(20)",
    "VARCHAR(5)",
    "VARCHAR(9)",
    "BOOLEAN",
)


def triggers_of(random: Random, table: Table) -> list[str]:
    """Statements that make a few triggers of a table, and what they need."""
    found: list[str] = []
    for number in range(random.choice((1, 1, 2))):
        found += _Trigger(random, table, number).statements()
    return found


class _Trigger:
    def __init__(self, random: Random, table: Table, number: int) -> None:
        self.random = random
        self.table = table
        self.provider = table.provider
        self.effect = random.choice(_EFFECTS[self.provider])
        self.event = random.choice(("UPDATE", "UPDATE", "UPDATE", "DELETE", "DELETE", "INSERT"))
        self.name = f"g{number}_{table.model.name}".lower()
        self.twice = random.random() < 0.2
        self.log = f"log{number}_{table.model.name}".lower()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def statements(self) -> list[str]:
        """The trigger, behind the function and the table that it needs."""
        random = self.random
        # A row that every INSERT refuses leaves nothing to ask.
        always = self.chance(0.45) and not (
            self.event == "INSERT" and self.effect.split()[0] in ("raises", "skips", "opaque")
        )
        condition = None if always else self._condition()
        columns = ""
        if self.event == "UPDATE" and self.provider != "mysql" and self.chance(0.2):
            names = [one.name for one in self.table.model.columns]
            chosen = random.sample(names, random.randint(1, len(names)))
            columns = " OF " + ", ".join(f'"{name}"' for name in chosen)
        later = self.effect in ("writes", "raises writes") or self.chance(0.2)
        timing = "AFTER" if later and self.effect not in ("sets",) else "BEFORE"
        if self.effect == "opaque":
            timing = random.choice(("AFTER", "BEFORE"))
        make = {"sqlite": self._sqlite, "postgresql": self._postgresql, "mysql": self._mysql}
        found = make[self.provider](timing, columns, condition)
        if "writes" in self.effect:
            whole = "INT" if self.provider == "mysql" else "INTEGER"
            found.insert(0, f'CREATE TABLE "{self.log}" (entry {whole})')
            if self.twice:
                found.insert(0, f'CREATE TABLE "{self.log}b" (entry {whole})')
        return found

    # -- parts

    def _condition(self) -> str:
        terms = [self._term() for _ in range(self.random.choice((1, 1, 1, 2)))]
        return self.random.choice((" AND ", " OR ")).join(f"({one})" for one in terms)

    def _term(self) -> str:
        random = self.random
        # Of some types no two values compare.
        columns = [
            one
            for one in self.table.model.columns
            if not one.list and self.table.types[one.name] in _PLAIN_TYPES
        ]
        if self.event == "UPDATE" and columns and self.chance(0.6):
            column = random.choice(columns)
            old, new = f'OLD."{column.name}"', f'NEW."{column.name}"'
            if self.chance(0.4):
                return f"{old} <> {new}"
            return _DIFFERS[self.provider].format(old=old, new=new)
        row = {"INSERT": "NEW", "DELETE": "OLD"}.get(self.event) or random.choice(("OLD", "NEW"))
        condition = random_condition(random, self.table.model, simple=True)
        return condition.of_row(row, self.table.model, self.provider)

    def _assignments(self) -> list[str]:
        columns = [
            one
            for one in self.table.model.columns
            if one.type in _VALUES
            and not one.native
            and not one.list
            and self.table.types[one.name] in _PLAIN_TYPES
            and one.name not in self.table.generated
        ]
        if self.event == "DELETE" or not columns:
            return []
        chosen = self.random.sample(columns, min(len(columns), self.random.choice((1, 1, 2))))
        sign = ":=" if self.provider == "postgresql" else "="
        found = []
        for column in chosen:
            value = _VALUES[column.type]
            if self.event == "UPDATE" and self.chance(0.5):
                value = f'OLD."{column.name}"'
            found.append(f'NEW."{column.name}" {sign} {value}')
        return found

    @property
    def _writing(self) -> str:
        text = f'INSERT INTO "{self.log}" VALUES (1)'
        return f'{text}; DELETE FROM "{self.log}b"' if self.twice else text

    # -- by database

    def _sqlite(self, timing: str, columns: str, condition: str | None) -> list[str]:
        does = {
            "raises": "SELECT RAISE(ABORT, 'no')",
            "skips": "SELECT RAISE(IGNORE)",
            "writes": self._writing,
            "raises writes": f"{self._writing}; SELECT RAISE(ABORT, 'no')",
            "opaque": "SELECT CASE WHEN (SELECT count(*) FROM sqlite_master) > 0 "
            "THEN RAISE(ABORT, 'no') END",
        }[self.effect]
        when = f" WHEN {condition}" if condition else ""
        if condition and does.startswith("SELECT RAISE") and self.chance(0.3):
            does, when = f"{does} WHERE {condition}", ""
        each = " FOR EACH ROW" if self.chance(0.3) else ""
        head = f"{timing} {self.event}{columns} ON {self.table.name}{each}"
        return [f"CREATE TRIGGER {self.name} {head}{when} BEGIN {does}; END"]

    def _postgresql(self, timing: str, columns: str, condition: str | None) -> list[str]:
        events = f"{self.event}{columns}"
        if condition is None and self.chance(0.25):
            others = [one for one in ("INSERT", "UPDATE", "DELETE") if one != self.event]
            if self.effect not in ("warns", "writes"):
                others.remove("INSERT") if "INSERT" in others else None
            events += f" OR {self.random.choice(others)}" if others else ""
        assigned = "; ".join(self._assignments())
        does = {
            "raises": "RAISE EXCEPTION 'no';",
            "skips": "RETURN NULL;",
            "sets": f"{assigned};" if assigned and " OR " not in events else "NULL;",
            "warns": "RAISE WARNING 'no';",
            "writes": f"{self._writing};",
            "raises writes": f"{self._writing}; RAISE EXCEPTION 'no';",
            "opaque": "PERFORM pg_notify('a', 'b'); EXECUTE 'SELECT 1';",
        }[self.effect]
        level, when, row = "ROW", "", "coalesce(NEW, OLD)"
        if " OR " not in events:
            row = "OLD" if self.event == "DELETE" else "NEW"
        if condition and self.chance(0.5):
            when = f" WHEN ({condition})"
        elif condition:
            does = f"IF {condition} THEN {does} END IF;"
        elif self.effect in ("raises", "warns") and self.chance(0.2):
            level, row = "STATEMENT", "NULL"
            if self.chance(0.3) and " OF " not in events:
                events, timing = "TRUNCATE", "BEFORE"
        if timing == "AFTER" and self.chance(0.3):
            row = "NULL"
        if self.table.generated and timing == "BEFORE":
            when = ""  # a condition must not look at what is computed later
        found = [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {does} RETURN {row}; END $$",
            f"CREATE TRIGGER {self.name} {timing} {events} ON {self.table.name} "
            f"FOR EACH {level}{when} EXECUTE FUNCTION {self.name}()",
        ]
        if self.chance(0.08):
            found.append(f"ALTER TABLE {self.table.name} DISABLE TRIGGER {self.name}")
        return found

    def _mysql(self, timing: str, columns: str, condition: str | None) -> list[str]:
        assigned = ", ".join(self._assignments())
        does = {
            "raises": "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'",
            "sets": f"SET {assigned}" if assigned else self._noted,
            "warns": "SIGNAL SQLSTATE '01000' SET MESSAGE_TEXT = 'no'",
            "writes": self._writing,
            "raises writes": f"{self._writing}; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'",
            "opaque": _COUNTED,
        }[self.effect]
        if self.effect == "sets" and timing == "AFTER":
            does = self._noted
        if condition:
            does = f"IF {condition} THEN {does}; END IF"
        if (";" in does and not does.startswith(("BEGIN", "IF"))) or self.chance(0.3):
            does = f"BEGIN {does}; END"
        head = f"{timing} {self.event} ON {self.table.name} FOR EACH ROW"
        return [f"CREATE TRIGGER {self.name} {head} {does}"]

    _noted = "SET @noted = 1"
