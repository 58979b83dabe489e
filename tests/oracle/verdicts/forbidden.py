"""What rules forbid, straight from the definition of each kind: no line of this asks what the
schema says.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from tests.oracle.verdicts.attacker import TAG, WHERE, Row, State, Step
from tests.oracle.verdicts.conditions import Condition
from tests.oracle.verdicts.schemas import ENUM, Model

STORED_OF = dict(ENUM)


class Rule:
    """A rule: its kind and parameters as the rulebook has them, and what it forbids.

    Subclasses say what is wrong with a state, a change or a refusal.
    """

    def __init__(self, kind: str, subject: Model | None, /, **parameters: Any) -> None:
        self.kind = kind
        self.model = subject
        self.parameters = {name: one for name, one in parameters.items() if one is not None}
        self.where: Condition | None = None

    @property
    def text(self) -> str:
        """The entry, as YAML that is JSON too."""
        return f"{self.kind}: {json.dumps(self.parameters, ensure_ascii=False)}"

    @property
    def constants(self) -> list[tuple[str, object]]:
        return self.where.constants if self.where else []

    def reads(self) -> dict[str, Condition | None]:
        return {self.model.name: self.where} if self.model else {}

    def rows(self, state: State) -> list[Row]:
        """The rows of the rule's model."""
        assert self.model is not None
        return list(state.get(self.model.name, {}).values())

    def wrong(self, state: State) -> str | None:
        """What is forbidden about a state."""
        return None

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        return self.wrong(after)

    def refused(self, before: State, step: Step, error: str) -> str | None:
        return None

    def start(self) -> None:
        pass

    def unseen(self) -> str | None:
        return None


def _agree(one: Row, other: Row, names: tuple[str, ...], nulls: str, ignore_case: bool) -> bool:
    for name in names:
        left, right = one[name], other[name]
        if left is None or right is None:
            if nulls == "distinct" or left is not right:
                return False
            continue
        if ignore_case and isinstance(left, str) and isinstance(right, str):
            left, right = left.lower(), right.lower()
        if left != right or isinstance(left, str) != isinstance(right, str):
            return False
    return True


class Unique(Rule):
    names: tuple[str, ...] = ()
    nulls = "distinct"
    ignore_case = False

    spoken_of = False

    @property
    def constants(self) -> list[tuple[str, object]]:
        spellings = ("a", "A", "é", "É") if self.ignore_case else ()
        return super().constants + [(name, text) for name in self.names for text in spellings]

    def wrong(self, state: State) -> str | None:
        rows = [row for row in self.rows(state) if row.get(WHERE, 1)]
        self.spoken_of = self.spoken_of or bool(rows)
        for one, other in combinations(rows, 2):
            if _agree(one, other, self.names, self.nulls, self.ignore_case):
                return f"rows {one[TAG]} and {other[TAG]} agree"
        return None


class Identity(Rule):
    names: tuple[str, ...] = ()
    type: str | None = None

    def wrong(self, state: State) -> str | None:
        rows = self.rows(state)
        for row in rows:
            values = [row[name] for name in self.names]
            if None in values:
                return f"row {row[TAG]} has no key"
            if self.type and not all(_is_of(self.type, value) for value in values):
                return f"row {row[TAG]} has a key of another type"
        for one, other in combinations(rows, 2):
            if _agree(one, other, self.names, "distinct", False):
                return f"rows {one[TAG]} and {other[TAG]} have the same key"
        return None


def _is_of(type: str, value: object) -> bool:
    if type == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if type == "string":
        return isinstance(value, str)
    return isinstance(value, UUID)


class Required(Rule):
    names: tuple[str, ...] = ()
    not_blank = False

    def wrong(self, state: State) -> str | None:
        for row in self.rows(state):
            for name in self.names:
                blank = isinstance(row[name], str) and not row[name].strip()
                if row[name] is None or (self.not_blank and blank):
                    return f"row {row[TAG]} lacks {name}"
        return None


class Optional(Rule):
    names: tuple[str, ...] = ()

    def __init__(self, kind: str, subject: Model | None, /, **parameters: Any) -> None:
        super().__init__(kind, subject, **parameters)
        self.seen: set[str] = set()

    def start(self) -> None:
        self.seen = set()

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        for row in self.rows(after):
            self.seen |= {name for name in self.names if row[name] is None}
        return None

    def unseen(self) -> str | None:
        missing = set(self.names) - self.seen
        return f"no row without {sorted(missing)} was accepted" if missing else None


class Count(Rule):
    members: tuple[tuple[str, ...], ...] = ()
    least = 0
    most = 9

    def wrong(self, state: State) -> str | None:
        for row in self.rows(state):
            filled = sum(all(row[name] is not None for name in one) for one in self.members)
            if not self.least <= filled <= self.most:
                return f"row {row[TAG]} has {filled} of them"
        return None


class Check(Rule):
    def wrong(self, state: State) -> str | None:
        for row in self.rows(state):
            if not row[WHERE]:
                return f"the condition is not true of row {row[TAG]}"
        return None


class States(Rule):
    name = ""
    allowed: tuple[object, ...] = ()
    initial: object = None
    transitions: dict[object, list[object]] | None = None
    optional = False

    def __init__(self, kind: str, subject: Model | None, /, **parameters: Any) -> None:
        super().__init__(kind, subject, **parameters)
        self.seen: set[object] = set()

    def start(self) -> None:
        self.seen = set()

    @property
    def constants(self) -> list[tuple[str, object]]:
        return [(self.name, value) for value in self.allowed]

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        assert self.model is not None
        for tag, row in after[self.model.name].items():
            value = row[self.name]
            self.seen.add(value)
            if value is None and not self.optional:
                return f"row {tag} is in no state"
            if value is not None and value not in self.allowed:
                return f"row {tag} is in another state"
            old = before.get(self.model.name, {}).get(tag)
            if old is None:
                new = tag == step.row and step.kind in ("insert", "replace", "upsert")
                unnamed = new and self.name not in step.given
                if self.initial is not None and value != self.initial:
                    if unnamed:
                        return f"row {tag} starts in another state"
                    if self.transitions is not None and value is not None:
                        return f"row {tag} is stored at once in another state"
            elif self.transitions is not None and old[self.name] != value:
                following = self.transitions.get(old[self.name], [])
                if old[self.name] is None:
                    continue
                if value not in following:
                    return f"row {tag} changes from {old[self.name]} to {value}"
        return None

    def unseen(self) -> str | None:
        missing = [value for value in self.allowed if value not in self.seen]
        return f"no row in the state {missing} was accepted" if missing else None


class Immutable(Rule):
    names: tuple[str, ...] = ()
    spoken_of = False
    once = False
    deletable = True

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        assert self.model is not None
        now = after[self.model.name]
        for tag, row in before.get(self.model.name, {}).items():
            if not row.get(WHERE, 1):
                continue
            self.spoken_of = True
            if tag not in now:
                if not self.deletable:
                    return f"row {tag} is gone"
                continue
            for name in self.names:
                old, new = row[name], now[tag][name]
                if old != new and not (self.once and old is None):
                    return f"row {tag} has another {name}"
        return None


class Index(Rule):
    """Not a state but an access path: the database's catalogue is asked for it."""

    names: tuple[str, ...] = ()

    def reads(self) -> dict[str, Condition | None]:
        return {}


class Audit(Rule):
    created: str | None = None
    updated: str | None = None

    def __init__(self, kind: str, subject: Model | None, /, **parameters: Any) -> None:
        super().__init__(kind, subject, **parameters)
        self.dated = False

    def start(self) -> None:
        self.dated = False

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        assert self.model is not None
        for tag, row in after[self.model.name].items():
            old = before.get(self.model.name, {}).get(tag)
            if self.created:
                if row[self.created] is None:
                    return f"row {tag} has no time of creation"
                new = old is None and tag == step.row and step.model == self.model.name
                if new and self.created not in step.given:
                    if not _is_now(row[self.created]):
                        return f"row {tag} gets another time than that of its creation"
                    self.dated = True
            # What a foreign key does to other rows is nobody's change.
            own = step.model == self.model.name and tag == step.row and step.kind == "update"
            changed = own and old is not None and old != row
            if self.updated and old and changed and old[self.updated] == row[self.updated]:
                return f"row {tag} was changed, and its {self.updated} was not"
        return None

    def unseen(self) -> str | None:
        missing = self.created is not None and not self.dated
        return "the database sets no time of creation" if missing else None


def _is_now(value: object) -> bool:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return False
    if not isinstance(value, datetime):
        return False
    return abs(datetime.now() - value) < timedelta(days=1)
