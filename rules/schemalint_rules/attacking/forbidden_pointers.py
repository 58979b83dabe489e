"""Rows that point at no row, and parents that go in another way than a rule says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec

from schemalint.attack import Change, Row, State, Watch
from schemalint.model import Field, Layer, Model
from schemalint_rules.attacking.forbidden_rows import shown, told

Key = tuple[Any, ...]


class Ends(msgspec.Struct, frozen=True, kw_only=True):
    """`columns` of `model` name a row of `target` by its `references`. A row with a value in
    `named` may not point nowhere."""

    model: Model
    columns: tuple[str, ...]
    target: Model
    references: tuple[str, ...]
    named: str | None = None

    def points(self, row: Row) -> Key | None:
        """What the row points at; None where a member is NULL, so that it points nowhere."""
        values = self._spelt(row, self.columns)
        return None if None in values else values

    def key(self, row: Row) -> Key:
        """What a row of the target is pointed at by."""
        return self._spelt(row, self.references)

    def _spelt(self, row: Row, columns: Sequence[str]) -> Key:
        """The values as foreign keys compare them."""
        found: list[Any] = []
        for column, own, there in zip(columns, self.columns, self.references, strict=True):
            fields = (self.model.column(own), self.target.column(there))
            loose = any(field is not None and field.ignore_case for field in fields)
            found.append(_spelt(row.values[column], loose=loose))
        return tuple(found)

    def wrong(self, state: State, *, required: bool) -> str | None:
        """The first row that points at no row, or at several; with `required` nowhere."""
        parents = Counter(map(self.key, state[self.target.name]))
        for row in state[self.model.name]:
            there = self.points(row)
            if there is None:
                has = ""
                if self.named is not None and row.values[self.named] is not None:
                    has = f" has {told(self.model, row, (self.named,))} and"
                if required or has:
                    return f"a row of `{self.model.name}`{has} points at no `{self.target.name}`"
            elif parents[there] != 1:
                number = "no" if not parents[there] else str(parents[there])
                rows = "row" if parents[there] < 2 else "rows"
                key = ", ".join(map(shown, there))
                return (
                    f"a row of `{self.model.name}` points at {key}, and {number} {rows} of "
                    f"`{self.target.name}` has that key"
                )
        return None


class Pointing(msgspec.Struct, frozen=True, kw_only=True):
    """What a reference forbids: rows that point at no row (with `required`, nowhere), another
    number of rows for one parent than `cardinality` says, and a parent that is deleted or re-keyed
    by a statement of its own in another way than `on_delete` and `on_update` say.
    """

    ends: Ends
    required: bool = True
    on_delete: str | None = None
    on_update: str | None = None
    cardinality: str | None = None

    @property
    def watches(self) -> tuple[Watch, ...]:
        """Both tables; of the one that points, what stays as it was too."""
        return (Watch(self.ends.model, unchanged=True), Watch(self.ends.target))

    def in_state(self, state: State) -> str | None:
        """What is wrong with the rows."""
        ends = self.ends
        found = ends.wrong(state, required=self.required)
        if found is not None:
            return found
        pointed = [ends.points(row) for row in state[ends.model.name]]
        counts = Counter(there for there in pointed if there is not None)
        if self.cardinality == "one-to-one" and any(many > 1 for many in counts.values()):
            return f"two rows of `{ends.model.name}` point at one `{ends.target.name}`"
        if self.cardinality == "one-or-more":
            for row in state[ends.target.name]:
                if not counts[ends.key(row)]:
                    key = ", ".join(map(shown, ends.key(row)))
                    return f"no row of `{ends.model.name}` points at the `{ends.target.name}` {key}"
        return None

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """What is wrong with how a parent went, or got another key."""
        for change in changes:
            if change.model == self.ends.target.name and change.before is not None:
                found = self._of_parent(change, change.before, changes)
                if found is not None:
                    return found
        return None

    def _of_parent(self, parent: Change, before: Row, changes: Sequence[Change]) -> str | None:
        key = self.ends.key(before)
        # A row that points at itself is deleted with itself; re-keyed, it has to follow as others
        # do, unless the statement says itself where it points then.
        follows = parent.after is not None and parent.named.isdisjoint(self.ends.columns)
        children = [
            change
            for change in changes
            if change.model == self.ends.model.name
            and (change is not parent or follows)
            and change.before is not None
            and self.ends.points(change.before) == key
        ]
        if not children or None in key:
            return None
        if not parent.own and any(child.own for child in children):
            return None  # the parent goes with the child, and not the other way round
        if parent.after is None:
            return self._deleted(children, key) if self.on_delete else None
        becomes = self.ends.key(parent.after)
        if becomes == key or not self.on_update:
            return None
        named = zip(self.ends.columns, self.ends.references, strict=True)
        written = {own for own, reference in named if reference in parent.named}
        return self._rekeyed(children, key, becomes, written)

    def _deleted(self, children: Sequence[Change], key: Key) -> str | None:
        name, target = self.ends.model.name, self.ends.target.name
        if self.on_delete == "restrict":
            return f"a `{target}` is deleted at which a row of `{name}` points"
        for child in children:
            if self.on_delete == "no_action":
                # One that still points is allowed until the transaction ends: see `in_state`.
                if child.after is None or self.ends.points(child.after) != key:
                    return f"a `{target}` is deleted at which a row of `{name}` points"
                continue
            if self.on_delete == "cascade":
                if child.after is not None:
                    return f"the row of `{name}` stays when its `{target}` is deleted"
            elif child.after is None:
                return f"the row of `{name}` is deleted with its `{target}`"
            else:
                found = self._reset(child.after, self.on_delete)
                if found is not None:
                    return found
        return None

    def _rekeyed(
        self, children: Sequence[Change], key: Key, becomes: Key, written: Set[str]
    ) -> str | None:
        """`written` are the columns that point at what the statement itself gave the parent."""
        name, target = self.ends.model.name, self.ends.target.name
        if self.on_update == "restrict":
            return f"a `{target}` gets another key while a row of `{name}` points at it"
        for child in children:
            if self.on_update == "no_action":
                if child.after is None or self.ends.points(child.after) != key:
                    return f"a `{target}` gets another key while a row of `{name}` points at it"
                continue
            if child.after is None:
                return f"the row of `{name}` is gone when its `{target}` gets another key"
            if self.on_update == "cascade":
                if self.ends.points(child.after) != becomes:
                    return f"the row of `{name}` does not follow the new key of its `{target}`"
            else:
                follows = self.ends.points(child.after) == becomes
                found = self._reset(child.after, self.on_update, written if follows else set())
                if found is not None:
                    return found
        return None

    def _reset(self, child: Row, stated: str | None, written: Set[str] = frozenset()) -> str | None:
        """Whether the child is left as SET NULL or SET DEFAULT says; `written` are columns that
        have what a writer gave its parent."""
        name = self.ends.model.name
        if stated == "set_null":
            if self.ends.points(child) is None:
                return None
            return f"the row of `{name}` is not set to NULL"
        fields = [self.ends.model.column(column) for column in self.ends.columns]
        for field in fields:
            if field is None:
                continue
            # What a writer has written is not the time at which it was written.
            timed = field.default is not None and field.default.kind == "now"
            if (timed and field.column in written) or (
                _is_default(field, child.values[field.column]) is False
            ):
                return f"`{name}.{field.name}` is not set to its default"
        return None


def _spelt(value: Any, *, loose: bool) -> Any:
    """A value so that what a foreign key takes for the same is the same: 1 and '1' (F11), and to a
    collation that ignores letter case 'A' and 'a', 'a' and 'a ', 'e' and 'é' too (F11f)."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (float, Decimal)) and value == value.__trunc__():
        return str(int(value))
    if isinstance(value, str) and loose:
        plain = unicodedata.normalize("NFKD", value.casefold().rstrip())
        return "".join(letter for letter in plain if not unicodedata.combining(letter))
    if isinstance(value, (int, float, Decimal, UUID)):
        return str(value)
    return repr(value) if isinstance(value, (list, dict)) else value


def _is_default(field: Field, value: Any) -> bool | None:
    """Whether a column holds its default; None where that is not a plain value."""
    default = field.default
    if default is None or default.layer is not Layer.DATABASE:
        return False
    if default.kind != "literal" or default.value is None or field.enum is not None:
        return None
    if isinstance(value, bool):
        return str(value).lower() == default.value.lower()
    return value is not None and str(value) == default.value


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """Links of two rows: one that leads to no row, and a pair that is linked twice."""

    model: Model
    ends: tuple[Ends, Ends]

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The links, and what they lead to."""
        return (Watch(self.model), *[Watch(end.target) for end in self.ends])

    def in_state(self, state: State) -> str | None:
        """What is wrong with the links."""
        for end in self.ends:
            found = end.wrong(state, required=True)
            if found is not None:
                return found
        one, other = self.ends
        pairs = Counter((one.points(row), other.points(row)) for row in state[self.model.name])
        if any(many > 1 for many in pairs.values()):
            return f"two rows of `{self.model.name}` link the same pair"
        return None

    def in_change(self, changes: Sequence[Change]) -> Literal[None]:
        """None: links come and go."""
        return None
