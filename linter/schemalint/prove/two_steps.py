"""Rows that no INSERT makes as they are to be, and an UPDATE does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from schemalint.attack import Fresh, Insert, Unnamed, Value, Written
from schemalint.condition.terms import Column, Is, Not, Term
from schemalint.condition.terms import Literal as Constant
from schemalint.prove.changing import Changing
from schemalint.prove.database import Accepted, Attempt
from schemalint.prove.rows.making import Maker
from schemalint.prove.rows.stored import NoRow, Stored


class TwoSteps:
    """Stores a row and changes it to what it is to be: from no values to some, or, since triggers
    may refuse that, from others.

    Args:
        move: what is asked for.
        given: the values that are given for it.
    """

    def __init__(self, move: Insert, given: Mapping[str, Value]) -> None:
        self._move = move
        self._given = given
        self.left: list[str] = []
        """Statements that came to nothing, of which something stays in the database."""

    def stored(self, maker: Maker, changing: Changing, attempt: Attempt) -> Stored | None:
        """The row; None where none was made."""
        if not self._move.satisfying:
            return self._given_later(maker, changing, attempt)
        fields = {field.column: field for field in self._move.model.fields}
        empty = [one for one in self._asked if one in fields and fields[one].nullable]
        every = [one.column for one in fields.values() if one.nullable and one.generated is None]
        starts: list[tuple[Term, ...]] = [()]
        for columns in (empty, every):  # a trigger on UPDATE may want to see values there
            filled = tuple([Not(Is(Column(column), None)) for column in columns])
            starts += [filled] if filled and filled not in starts else []
        for start in starts:
            made = maker.insert(self._move.model, self._given, satisfying=start)
            if isinstance(made, NoRow):
                self.left += made.accepted
                continue
            for sql, changed in self._changes(made, maker, changing):
                if not isinstance(attempt.run(sql), Accepted):
                    continue
                moved = maker.moved(made, changed)
                found = maker.found(moved, self._move.satisfying)
                if found is not None:
                    sent = (*made.statements, sql)
                    return msgspec.structs.replace(moved, statements=sent, values=found)
            self.left += made.statements
        return None

    def _given_later(self, maker: Maker, changing: Changing, attempt: Attempt) -> Stored | None:
        """The row stored with other values than are given, and then changed to these: a trigger may
        look at INSERT only."""
        later = {
            column: value
            for column, value in self._given.items()
            if value is not None and not isinstance(value, (Fresh, Unnamed, Written))
        }
        rest = {column: value for column, value in self._given.items() if column not in later}
        made = maker.insert(self._move.model, rest) if later else None
        if not isinstance(made, Stored):
            self.left += made.accepted if made is not None else ()
            return None
        sql = changing.plain_update(self._move.model, later, made.where)
        if isinstance(attempt.run(sql), Accepted):
            moved = maker.moved(made, later)
            found = maker.found(moved, (Constant(True),))
            if found is not None:
                sent = (*made.statements, sql)
                return msgspec.structs.replace(moved, statements=sent, values=found)
        self.left += made.statements
        return None

    @property
    def _asked(self) -> list[str]:
        return [*dict.fromkeys(column for term in self._move.satisfying for column in term.columns)]

    def _changes(
        self, made: Stored, maker: Maker, changing: Changing
    ) -> Iterator[tuple[str, dict[str, Value]]]:
        """Updates of a stored row that may make it what it is to be."""
        model, satisfying = self._move.model, self._move.satisfying
        for proposed in maker.proposed(model, satisfying, made.values, self._asked):
            changed = {
                column: value
                for column, value in proposed.items()
                if made.values.get(column) != value and column not in self._given
            }
            if changed:
                yield changing.plain_update(model, changed, made.where), changed
