"""The observed outcomes: a schema, what was tried on it, and what the database did."""

from __future__ import annotations

import json
from functools import cache

import msgspec

from schemalint.model import Dialect
from tests.shared_material import shared

DIALECTS = {
    "sqlite": Dialect.SQLITE,
    "sqlite-strict": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "mariadb": Dialect.MARIADB,
}


class Case(msgspec.Struct, frozen=True):
    """One case on one database; the README beside the cases explains the fields."""

    id: str
    database: str
    attempt_is: str
    ddl: tuple[str, ...]
    outcome: str

    @property
    def script(self) -> str:
        """The DDL as one text. `$DB` stands for the name of the database that the case ran in."""
        return ";\n".join(statement.replace("$DB", "own") for statement in self.ddl) + ";\n"

    @property
    def dialect(self) -> Dialect:
        return DIALECTS[self.database]

    @property
    def forbidden(self) -> bool:
        """Whether the attempt breaks the rule; else it is a legitimate use."""
        return self.attempt_is == "forbidden"

    @property
    def accepted(self) -> bool:
        return self.outcome == "accepted"

    @property
    def built(self) -> bool:
        """Whether the database took the DDL."""
        return self.outcome != "ddl-refused"


@cache
def cases() -> dict[str, dict[str, Case]]:
    """Every case by its id and its database; skips the calling test where they are absent."""
    found: dict[str, dict[str, Case]] = {}
    lines = shared("truth", "cases.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        case = msgspec.convert(json.loads(line), Case)
        found.setdefault(case.id, {})[case.database] = case
    return found
