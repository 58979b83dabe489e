"""The rows of some tables, read back, and what a statement made of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from schemalint.attack import Change, Forbidden, Row, State
from schemalint.condition.terms import Column, Term
from schemalint.model import Dialect, Model
from schemalint.prove.database import Attempt
from schemalint.prove.identity import Values, paired, same
from schemalint.prove.rows.literals import named_table


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one statement was about: `model`, the position there, before it, of the row that it
    `changed` (to what it `becomes`, by column) or that is `gone` by it, the position after it of
    the one that it `stored`, and the columns that it `named`."""

    model: str
    changed: int | None = None
    becomes: Mapping[str, Any] = {}
    gone: int | None = None
    stored: int | None = None
    named: frozenset[str] = frozenset()

    @property
    def subject(self) -> int | None:
        """The position, before it, of the row that the statement is about."""
        return self.changed if self.gone is None else self.gone


class Seen(msgspec.Struct):
    """Every column of every row of the tables in sight, at one moment."""

    rows: dict[str, list[Values]]
    truths: dict[str, list[tuple[bool, ...]]]


class Sight:
    """Which tables are in sight, with the conditions that are asked of their rows."""

    def __init__(
        self, forbidden: Forbidden, others: Iterable[Model], attempt: Attempt, dialect: Dialect
    ) -> None:
        self._attempt = attempt
        self._dialect = dialect
        self.models: dict[str, Model] = {}
        self._conditions: dict[str, tuple[Term, ...]] = {}
        self._entire: set[str] = set()
        for watch in forbidden.watches:
            name = watch.model.name
            self.models[name] = watch.model
            self._conditions[name] = (*self._conditions.get(name, ()), *watch.conditions)
            self._entire |= {name} if watch.unchanged else set()
        self._watched = tuple(self.models)
        self.telling = tuple([column for one in forbidden.watches for column in one.telling])
        for model in others:
            self.models.setdefault(model.name, model)
        self._columns = {
            name: tuple(field.column for field in model.fields)
            for name, model in self.models.items()
        }

    @property
    def watched(self) -> Model:
        """The first table that the rule watches."""
        return self.models[self._watched[0]]

    def look(self) -> Seen:
        """The rows as they stand."""
        seen = Seen({}, {})
        for name, model in self.models.items():
            columns = self._columns[name]
            conditions = self._conditions.get(name, ())
            asked = [Column(column).sql(self._dialect) for column in columns]
            asked += [
                f"CASE WHEN {term.sql(self._dialect)} THEN 1 ELSE 0 END" for term in conditions
            ]
            table = named_table(model, self._dialect)
            found = self._attempt.rows(f"SELECT {', '.join(asked)} FROM {table}")
            seen.rows[name] = [row[: len(columns)] for row in found]
            seen.truths[name] = [tuple(map(bool, row[len(columns) :])) for row in found]
        return seen

    def state(self, seen: Seen) -> State:
        """The watched rows, for `Forbidden.in_state`."""
        return {
            name: [self.row(seen, name, at) for at in range(len(seen.rows[name]))]
            for name in self._watched
        }

    def row(self, seen: Seen, model: str, at: int) -> Row:
        """One row, by its position."""
        values = dict(zip(self._columns[model], seen.rows[model][at], strict=True))
        return Row(values, seen.truths[model][at])

    def pairs(
        self, before: Seen, after: Seen, statement: Statement
    ) -> Mapping[str, Sequence[tuple[int | None, int | None]]]:
        """Each row of each table before the statement with what it is after."""
        return {name: self._paired(name, before, after, statement) for name in self.models}

    def _paired(
        self, name: str, before: Seen, after: Seen, statement: Statement
    ) -> list[tuple[int | None, int | None]]:
        columns = self._columns[name]
        primary = self.models[name].primary_key
        key = [columns.index(one) for one in primary.columns] if primary is not None else []
        if statement.model != name:
            return paired(before.rows[name], after.rows[name], key)
        becomes = None
        if statement.changed is not None:
            row = before.rows[name][statement.changed]
            given = statement.becomes
            becomes = tuple(
                given.get(column, value) for column, value in zip(columns, row, strict=True)
            )
        return paired(
            before.rows[name],
            after.rows[name],
            key,
            changed=statement.changed,
            becomes=becomes,
            gone=statement.gone,
            stored=statement.stored,
        )

    def changes(
        self,
        before: Seen,
        after: Seen,
        pairs: Mapping[str, Sequence[tuple[int | None, int | None]]],
        statement: Statement,
    ) -> list[Change]:
        """What the statement made of the watched rows that are not as they were."""
        found: list[Change] = []
        for name in self._watched:
            for old, new in pairs[name]:
                own = statement.model == name and (
                    new == statement.stored if old is None else old == statement.subject
                )
                if old is not None and new is not None and not own and name not in self._entire:
                    unchanged = same(before.rows[name][old], after.rows[name][new])
                    if unchanged:
                        continue
                found.append(
                    Change(
                        model=name,
                        before=None if old is None else self.row(before, name, old),
                        after=None if new is None else self.row(after, name, new),
                        named=statement.named if own else frozenset(),
                        own=own,
                    )
                )
        return found
