"""A clock of SQLite that can be set, so that nothing has to be waited for.

CURRENT_TIMESTAMP counts seconds. SQLite lets a connection replace its functions of date and time
("Application-Defined SQL Functions"); here they ask SQLite's own again, on a connection beside,
with a time in the place of "now". In a CHECK, a generated column or an index SQLite's own refuse
"now" ("Date And Time Functions", 5), which a replacement could not tell: where such a place
names one of them, time is waited for.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Protocol

from schemalint.loaders.sql.lexer import tokens
from schemalint.model import Dialect

_FUNCTIONS = ("date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff")
_KEYWORDS = {
    "current_timestamp": "%Y-%m-%d %H:%M:%S",
    "current_date": "%Y-%m-%d",
    "current_time": "%H:%M:%S",
}
_FRACTIONS = ("subsec", "subsecond")
_Value = str | int | float | bytes | None


class Clock(Protocol):
    """What tells an attempt the time."""

    def go_on(self) -> None:
        """Let another second begin."""


class MachineClock:
    """The machine's clock, which is waited for."""

    def __init__(self) -> None:
        self._second: int | None = None

    def go_on(self) -> None:
        """See `Clock`; the first time, nothing is waited for."""
        now = time.time()
        if self._second is not None and int(now) <= self._second:
            time.sleep(max(0.0, self._second + 1.001 - now))
        self._second = int(time.time())


class SetClock:
    """The clock of one connection, whose functions it replaces; a second later each time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._now = datetime.now(UTC)
        self._own = sqlite3.connect(":memory:")
        for name, form in _KEYWORDS.items():
            connection.create_function(
                name, 0, lambda form=form: self._now.strftime(form), deterministic=True
            )
        there = {name for (name,) in self._own.execute("SELECT name FROM pragma_function_list")}
        for name in there.intersection(_FUNCTIONS):  # unixepoch() came with 3.38
            connection.create_function(
                name,
                -1,
                lambda *given, name=name: self._asked(name, given),
                deterministic=True,
            )

    def go_on(self) -> None:
        """See `Clock`."""
        self._now += timedelta(seconds=1)

    def _asked(self, name: str, given: tuple[_Value, ...]) -> _Value:
        first = 1 if name == "strftime" else 0  # its format comes before the time
        arguments = list(given)
        if len(arguments) == first or str(arguments[first]).lower() in _FRACTIONS:
            arguments.insert(first, "now")
        now = self._now.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        arguments = [
            now if isinstance(one, str) and one.lower() == "now" else one for one in arguments
        ]
        marks = ", ".join("?" * len(arguments))
        found: _Value = self._own.execute(f"SELECT {name}({marks})", arguments).fetchone()[0]
        return found


def is_settable(definitions: Iterable[str]) -> bool:
    """Whether tables and indexes name the time in defaults only.

    Args:
        definitions: their CREATE statements.
    """
    return not any(_outside_defaults(text) for text in definitions)


def _outside_defaults(text: str) -> bool:
    depth = 0
    inside: int | None = None  # the depth outside a default in parentheses
    before = ""
    found = [*tokens(text, Dialect.SQLITE)]
    for token, after in zip_longest(found, found[1:]):
        sign = token.text if token.kind == "sign" else ""
        if sign == "(":
            if before == "DEFAULT" and inside is None:
                inside = depth
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == inside:
                inside = None
        word = token.text.lower() if token.kind in ("word", "name") else ""
        called = word in _FUNCTIONS and after is not None and after.text == "("  # else a type
        told = called or word in _KEYWORDS
        if told and inside is None and before != "DEFAULT":
            return True
        before = token.text.upper() if token.kind == "word" else ""
    return False
