"""Random triggers: guards that refuse too little or too much, and other things that triggers do."""

from __future__ import annotations

from random import Random

from tests.oracle.verdicts.conditions import random_condition
from tests.oracle.verdicts.schemas import Model

_NULL_SAFE = {
    "sqlite": "{old} IS NOT {new}",
    "postgresql": "{old} IS DISTINCT FROM {new}",
    "mysql": "NOT ({old} <=> {new})",
}
_LITERALS = {"Int": "7", "String": "'b'", "Boolean": "TRUE"}


def random_triggers(random: Random, model: Model, provider: str) -> list[str]:
    """Statements that make a few triggers of `model`."""
    found: list[str] = []
    plain = random.random() < 0.3
    for event in ("UPDATE", "DELETE", "INSERT"):
        if random.random() < {"UPDATE": 0.85, "DELETE": 0.5, "INSERT": 0.25}[event]:
            found += _Trigger(random, model, provider, event, plain).statements()
    return found


class _Trigger:
    def __init__(
        self, random: Random, model: Model, provider: str, event: str, plain: bool
    ) -> None:
        self.random = random
        self.model = model
        self.provider = provider
        self.event = event
        self.plain = plain
        self.name = f"g_{model.name}_{event}".lower()

    def statements(self) -> list[str]:
        random = self.random
        always = self.event != "INSERT" and (self.plain or random.random() < 0.3)
        condition = None if always else self._condition()
        effect = "raise" if self.plain else random.choice(["raise"] * 8 + ["skip", "warn", "set"])
        columns = ""
        if self.event == "UPDATE" and self.provider != "mysql" and random.random() < 0.2:
            names = [column.name for column in self.model.columns]
            chosen = random.sample(names, random.randint(1, len(names)))
            columns = " OF " + ", ".join(f'"{name}"' for name in chosen)
        timing = "AFTER" if effect == "raise" and random.random() < 0.15 else "BEFORE"
        head = f'{timing} {self.event}{columns} ON "{self.model.name}"'
        make = {"sqlite": self._sqlite, "postgresql": self._postgresql, "mysql": self._mysql}
        return make[self.provider](head, condition, effect)

    # -- conditions

    def _condition(self) -> str:
        random = self.random
        parts = [self._term() for _ in range(random.choice((1, 1, 1, 2)))]
        return random.choice((" AND ", " OR ")).join(f"({part})" for part in parts)

    def _term(self) -> str:
        random = self.random
        if self.event == "UPDATE" and random.random() < 0.6:
            column = random.choice([one for one in self.model.columns if not one.list])
            old, new = f'OLD."{column.name}"', f'NEW."{column.name}"'
            if random.random() < 0.4:
                return f"{old} <> {new}"
            return _NULL_SAFE[self.provider].format(old=old, new=new)
        row = {"INSERT": "NEW", "DELETE": "OLD"}.get(self.event) or random.choice(("OLD", "NEW"))
        condition = random_condition(random, self.model, simple=True)
        return condition.of_row(row, self.model, self.provider)

    def _assignment(self) -> str | None:
        """`NEW.column` and a value for it."""
        columns = [one for one in self.model.columns if one.type in _LITERALS and not one.native]
        if not columns or self.event == "DELETE":
            return None
        column = self.random.choice(columns)
        if column.list:
            return None
        value = _LITERALS[column.type]
        if self.event == "UPDATE" and self.random.random() < 0.5:
            value = f'OLD."{column.name}"'
        sign = ":=" if self.provider == "postgresql" else "="
        return f'NEW."{column.name}" {sign} {value}'

    # -- by database

    def _sqlite(self, head: str, condition: str | None, effect: str) -> list[str]:
        does = {"raise": "RAISE(ABORT, 'no')", "skip": "RAISE(IGNORE)"}.get(effect)
        if does is None:
            return []
        if condition and self.random.random() < 0.3:
            body, when = f"SELECT {does} WHERE {condition}", ""
        else:
            body, when = f"SELECT {does}", f" WHEN {condition}" if condition else ""
        return [f"CREATE TRIGGER {self.name} {head}{when} BEGIN {body}; END"]

    def _postgresql(self, head: str, condition: str | None, effect: str) -> list[str]:
        row = "OLD" if self.event == "DELETE" else "NEW"
        assignment = self._assignment() if effect == "set" else None
        does = {
            "raise": "RAISE EXCEPTION 'no';",
            "skip": "RETURN NULL;",
            "warn": "RAISE WARNING 'no';",
            "set": f"{assignment};" if assignment else "NULL;",
        }[effect]
        level = "ROW"
        when = ""
        if condition and self.random.random() < 0.5:
            when = f" WHEN ({condition})"
        elif condition:
            does = f"IF {condition} THEN {does} END IF;"
        elif effect == "raise" and self.random.random() < 0.15:
            level = "STATEMENT"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {does} RETURN {row}; END $$",
            f"CREATE TRIGGER {self.name} {head} FOR EACH {level}{when} "
            f"EXECUTE FUNCTION {self.name}()",
        ]

    def _mysql(self, head: str, condition: str | None, effect: str) -> list[str]:
        state = {"raise": "45000", "warn": "01000"}.get(effect)
        does = f"SIGNAL SQLSTATE '{state}' SET MESSAGE_TEXT = 'no'"
        if state is None:
            assignment = self._assignment() if effect == "set" else None
            if assignment is None:
                return []
            does = f"SET {assignment}"
        if condition:
            does = f"IF {condition} THEN {does}; END IF"
        if self.random.random() < 0.4:
            does = f"BEGIN {does}; END"
        return [f"CREATE TRIGGER {self.name} {head} FOR EACH ROW {does}"]
