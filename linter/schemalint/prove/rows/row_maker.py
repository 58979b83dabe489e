"""Valid rows: the maker that fills any table with rows that its database takes.

Parents come first, and only where a foreign key needs one; what is not asked for and not needed is
not named. The database has the last word on each row, and its refusals say what to vary. Nothing
depends on chance or on the clock: the same calls on the same rows store the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from schemalint.condition.collations import compares_exactly
from schemalint.condition.quoting import quoted_name
from schemalint.condition.terms import Term
from schemalint.model import Dialect, ForeignKey, Model, Schema
from schemalint.prove.database import Accepted, Attempt, Refused
from schemalint.prove.rows.computed import computed_keys
from schemalint.prove.rows.draft import Draft
from schemalint.prove.rows.foresight import foreseen
from schemalint.prove.rows.given import FRESH, SOME, Given, Loose, Value
from schemalint.prove.rows.grouped import (
    by_one_statement,
    is_about,
    is_at_once,
    joined_from,
    said_first,
)
from schemalint.prove.rows.literals import literal, named_table
from schemalint.prove.rows.refusals import is_for
from schemalint.prove.rows.row_conditions import RowCondition, of_caller, of_given
from schemalint.prove.rows.shape import Shape, Shapes
from schemalint.prove.rows.stored import NoRow, Row, Stored, Verb, address, new_row, same
from schemalint.prove.rows.tables import Tables, is_table

MOST_TRIES = 400
"""How many rows are tried at most before there is none."""

MOST_DRAFTS = 2_000
"""How many rows are begun for one that is asked for, its parents' parents included: some need
parents of parents in more ways than can be gone through."""

_DEEPEST = 40
"""How many parents' parents are made for one row."""


class RowMaker:
    """Stores valid rows of one schema's tables.

    Args:
        schema: loaded for the database's dialect.
        attempt: where the rows go.
        dialect: the database's own, where the schema names another of its family.
        tries: how many rows are tried for one that is asked for, its parents included.
        shapes: what is known of the tables already, from other attempts on the same schema.
    """

    def __init__(
        self,
        schema: Schema,
        attempt: Attempt,
        dialect: Dialect | None = None,
        *,
        tries: int = MOST_TRIES,
        shapes: Shapes | None = None,
    ) -> None:
        self._attempt = attempt
        self._dialect = dialect or schema.dialect
        self._tries = tries
        self._tables = Tables(schema, attempt, self._dialect, {} if shapes is None else shapes)
        self._rows: dict[str, list[Row]] = {}
        self._making: list[Draft] = []
        self._left = tries
        self._drafts = 0
        self._failed: dict[str, NoRow] = {}
        self._on_the_way: list[str] = []
        self.is_defying = False
        self._loose: set[str] = set()

    def insert(
        self,
        model: Model,
        given: Mapping[str, Given] | None = None,
        *,
        satisfying: Sequence[Term] = (),
        verb: Verb = "insert",
        defying: bool = False,
    ) -> Stored | NoRow:
        """Store one valid row.

        Args:
            model: the table's.
            given: what is asked of columns, by physical name: a value that is stored just as it
                is, or a marker of `given.py`. Everything else is chosen.
            satisfying: conditions over physical names that have to be true of the row.
            verb: how it is inserted; its parents always plainly.
            defying: see `Parents.is_defying`. Then only a refusal for what is asked tells of a
                statement.

        Returns:
            The row as the database has it and the statements that made it; or why there is none.
            Statements that were accepted on the way to no row stay, and are told.

        Raises:
            KeyError: the model has no such column.
            NotProvable: the database does not answer.
        """
        shape = self.shape(model)
        for column in given or {}:
            if model.column(column) is None:
                raise KeyError(column)
        self._rows.clear()
        self._making.clear()
        self._failed.clear()
        self._loose = {column for column, one in (given or {}).items() if isinstance(one, Loose)}
        self._left = self._tries
        self._drafts = 0
        self.is_defying = defying
        if model.kind not in ("model", "join"):
            return NoRow(model, f"{model.name} is a {model.kind}, and rows are stored in tables")
        named = {
            column: one
            for column, one in (given or {}).items()
            if shape.fields[column].generated is None
        }
        computed = [
            of_caller(model, term, shape.facts) for term in of_given(model, given or {}, named)
        ]
        asked = [of_caller(model, term, shape.facts) for term in satisfying]
        made = self._make(shape, named, [*asked, *computed], verb=verb)
        if isinstance(made, NoRow) and computed:
            # The database has the word: what it computes is seen in the row.
            plain = self._make(shape, named, asked, verb=verb)
            made = made if isinstance(plain, NoRow) and plain.statement is None else plain
        if isinstance(made, Draft):
            return NoRow(model, f"{model.name} points at a row that cannot be made before it")
        if isinstance(made, NoRow):
            return msgspec.structs.replace(made, accepted=tuple(self._on_the_way))
        return made

    def rows(self, model: Model) -> list[Row]:
        """The rows that the table has now."""
        return self._tables.rows(self.shape(model))

    # -- making --------------------------------------------------------------------------------

    def _make(
        self,
        shape: Shape,
        given: Mapping[str, Given],
        asked: Sequence[RowCondition] = (),
        *,
        verb: Verb = "insert",
        child: tuple[Draft, ForeignKey] | None = None,
    ) -> Stored | NoRow | Draft:
        """Store a row; the draft itself where it has to wait for one that is being made."""
        self._drafts += 1
        if self.is_over:
            return NoRow(shape.model, "too many rows would have to be tried first")
        self._left -= 1
        if len(self._making) > _DEEPEST:
            return NoRow(shape.model, f"more than {_DEEPEST} rows would have to be made first")
        self.rows_of(shape)  # which also tells what columns there are
        for column in given:
            if column not in shape.fields:
                return NoRow(shape.model, f"the database has no column {column}")
        draft = Draft(shape, given, self, asked=asked, verb=verb)
        draft.child = child
        self._making.append(draft)
        pointing = foreseen(shape, given, asked, self._tables.target, self.values_for)
        draft.assigned.update(pointing)
        try:
            problem = draft.fill()
            if problem is not None and pointing:  # it may do without
                for column in pointing:
                    del draft.assigned[column]
                problem = draft.fill()
            if problem is not None:
                return problem
            if not draft.satisfy():
                what = " and ".join(f"`{one.text}`" for one in asked)
                return NoRow(shape.model, f"no values are known that make {what} true")
            return draft if draft.waits else self._store(draft)
        finally:
            self._making.pop()
            self._on_the_way = draft.made

    def _store(self, draft: Draft) -> Stored | NoRow:
        shape = draft.shape
        refused = Refused("no other row was tried, after so many")
        number = 0
        while self._left > 0:
            self._left -= 1
            number += 1
            if draft.is_astray and not draft.before and draft.come_back():
                continue
            group = [draft, *draft.before] if draft.flipped else [*draft.before, draft]
            first = said_first(draft, self._dialect)
            statements = [*first, *[one.statement() for one in group]]
            at_once = is_at_once(draft, self._dialect)
            if at_once:
                statements = [by_one_statement([one.statement() for one in group])]
            before = list(self.rows_of(shape))
            answer = self._attempt.run(*statements)
            if isinstance(answer, Accepted):
                self._rows.clear()
                after = self.rows_of(shape)
                row = new_row([] if draft.verb == "replace" else before, after, draft.values)
                if row is not None:
                    stored = self._stored(draft, group, statements, row)
                    if self._is_so(stored, draft.asked):
                        for one in group:
                            one.remember()
                        return stored
                    if self._taken_back(stored) and draft.look_on():
                        continue
                    what = " and ".join(f"`{one.text}`" for one in draft.asked)
                    return NoRow(shape.model, f"no values are known that surely make {what} true")
                message = "the statement was accepted, and no row was stored"
                answer = Refused(message, "raised", statement=len(statements) - 1)
            refused = answer
            flips = not at_once and draft.flips()
            if refused.kind == "foreign key" and (flips or self._points_by_itself(draft)):
                continue
            place = refused.statement - len(first)
            culprit = group[place] if 0 <= place < len(group) else draft
            if at_once:
                culprit = next((one for one in group if is_about(refused, one.shape)), draft)
            statement = culprit.statement()
            if self.is_defying and _is_for_asked(draft, refused):
                break
            if not culprit.vary(refused) or (culprit is not draft and draft.fill() is not None):
                break
        else:
            culprit, statement = draft, draft.statement()
        if self.is_defying and not _is_for_asked(draft, refused):
            return NoRow(shape.model, f"what else is asked of it is refused: {refused.message}")
        return _refused(culprit, refused, statement, number)

    def _points_by_itself(self, draft: Draft) -> bool:
        """Make the rows at which a row points by what the database computes for it; False where
        none was made."""
        made = len(draft.made)
        for key, decided in computed_keys(draft.shape, draft.known):
            if self._loose.isdisjoint(key.columns):
                found = self.parent(draft, key, decided, 0)
                if found == {}:  # it need not, by its default, but for a trigger
                    self.parent(draft, key, decided, None)
        return len(draft.made) > made

    def _stored(
        self, draft: Draft, group: Sequence[Draft], statements: list[str], row: Row
    ) -> Stored:
        made = [statement for one in group for statement in one.made]
        shape = draft.shape
        settled = [one for one in shape.fields if one in draft.values or shape.is_settled(one)]
        return Stored(
            shape.model,
            (*made, *statements),
            row,
            address(shape.model, row, settled, self._dialect),
            joined_from(group, len(statements)),
        )

    def _is_so(self, stored: Stored, asked: Sequence[RowCondition]) -> bool:
        """Whether the database, too, finds that what was asked of the row is true."""
        if not asked:
            return True
        every = " AND ".join(f"({one.given.term.sql(self._dialect)})" for one in asked)
        table = named_table(stored.model, self._dialect)
        query = f"SELECT COUNT(*) FROM {table} WHERE ({stored.where}) AND {every}"
        return bool(self._attempt.rows(query)[0][0])

    def _taken_back(self, stored: Stored) -> bool:
        """Whether a row that is not as it was asked for could be deleted again."""
        if stored.together is not None:
            return False
        self._rows.clear()
        table = named_table(stored.model, self._dialect)
        answer = self._attempt.run(f"DELETE FROM {table} WHERE {stored.where}")
        return isinstance(answer, Accepted)

    # -- what drafts ask -----------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """See `Parents`."""
        return self._left <= 0 or self._drafts > MOST_DRAFTS

    def rows_of(self, shape: Shape) -> Sequence[Row]:
        """See `Parents`."""
        name = named_table(shape.model, self._dialect)
        if name not in self._rows:
            self._rows[name] = self._tables.rows(shape)
        return self._rows[name]

    def values_for(self, shape: Shape, column: str) -> list[Value]:
        """See `Parents`."""
        found: list[Value] = []
        for key in shape.references:
            target = self._tables.target(key)
            if target is not None and column in key.columns:
                reference = key.references[key.columns.index(column)]
                found += [row[reference] for row in self.rows_of(target)[:20]]
        return [value for value in found if value is not None]

    def parent(
        self, draft: Draft, key: ForeignKey, decided: Mapping[str, Value], place: int | None
    ) -> Row | Draft | NoRow:
        """See `Parents`."""
        target = self._tables.target(key)
        if target is None:
            return NoRow(
                draft.shape.model,
                f"{draft.shape.model.name} points at {key.table}, which the schema does not have",
            )
        if draft.comes_with_child(key):
            return self._child_of(draft, key, decided)
        if place is not None:
            there = [row for row in self.rows_of(target) if _agrees(row, key, decided)]
            exact = [
                reference
                for reference in decided
                if (field := target.fields.get(reference)) is not None
                and target.dialect is not None
                and compares_exactly(field, target.dialect)
            ]
            there = [row for row in there if all(row[one] == decided[one] for one in exact)]
            if place < len(there):
                return there[place]
            if len(decided) == len(key.references) and there:
                return there[0]
            if is_table(target, draft.shape) and place == len(there):
                own = draft.promise(key.references)
                if own is not None and all(same(own[one]) == same(decided[one]) for one in decided):
                    return own
        if is_table(target, draft.shape) and draft.is_itself(decided, key):
            return draft.promise(key.references) or decided
        if (
            is_table(target, draft.shape)
            and set(decided) == set(key.references)
            and draft.is_own(decided, key)
        ):
            return dict(decided)
        if place is not None and draft.points_optionally(key):
            return {}
        promised = self._promised(draft, target, key, decided)
        if promised is not None:
            return promised
        wanted: dict[str, Given] = {
            reference: FRESH
            if column in draft.collided or (place is None and draft.is_fresh(column))
            else SOME
            for column, reference in zip(key.columns, key.references, strict=False)
        }
        asked = {**wanted, **decided}
        what = f"{named_table(target.model, self._dialect)} {asked}"
        if what in self._failed:
            return self._failed[what]  # it was looked for once already
        self._on_the_way = []
        made = self._make(target, asked, child=(draft, key))
        if isinstance(made, NoRow) and draft.collided.intersection(key.columns):
            others = {**dict.fromkeys(wanted, SOME), **decided}
            made = self._make(target, others, child=(draft, key))
        if isinstance(made, NoRow) and place is not None:
            there = [row for row in self.rows_of(target) if _agrees(row, key, decided)]
            if place < len(there):  # what was made for it on the way will do itself
                draft.take(self._on_the_way)
                return there[place]
        named = not any(draft.leaves_to_default(column) for column in key.columns)
        if isinstance(made, NoRow) and made.kind == "raised" and decided and named:
            made = self._moved_to(target, wanted, decided) or made
        if isinstance(made, Stored):
            made = self._as_decided(made, decided)
            draft.take(made.statements, made.together)
            return made.values
        if isinstance(made, NoRow):
            self._failed[what] = made
            draft.take(self._on_the_way)
        return made

    def _moved_to(
        self, target: Shape, wanted: Mapping[str, Given], decided: Mapping[str, Value]
    ) -> Stored | None:
        """A parent that a trigger does not let be stored as it is to be, stored in another way and
        changed to that: the trigger may look at INSERT only."""
        before = self._on_the_way
        made = self._make(target, wanted)
        if not isinstance(made, Stored):
            self._on_the_way = before
            return None
        moved = self._changed(made, decided)
        self._on_the_way = [*before, *made.statements]
        return (
            None
            if moved is made
            else msgspec.structs.replace(moved, statements=(*before, *moved.statements))
        )

    def _as_decided(self, made: Stored, decided: Mapping[str, Value]) -> Stored:
        """A row that was stored with another value than it was given, changed to that: MySQL takes
        0 for the next number."""
        values = {
            column: value
            for column, value in decided.items()
            if same(made.values[column]) != same(value) and isinstance(value, int)
        }
        return self._changed(made, values)

    def _changed(self, made: Stored, values: Mapping[str, Value]) -> Stored:
        """A row once it has these values; as it is where the database takes none of that."""
        if not values or made.together is not None:
            return made
        shape = self.shape(made.model)
        settings = ", ".join(
            f"{quoted_name(column, self._dialect)} = "
            + literal(value, shape.fields[column], self._dialect)
            for column, value in values.items()
        )
        table = named_table(made.model, self._dialect)
        sql = f"UPDATE {table} SET {settings} WHERE {made.where}"
        if not isinstance(self._attempt.run(sql), Accepted):
            return made
        self._rows.clear()
        row = {**made.values, **values}
        where = address(made.model, row, [*row], self._dialect)
        return Stored(made.model, (*made.statements, sql), row, where)

    def _child_of(self, draft: Draft, key: ForeignKey, decided: Mapping[str, Value]) -> Row | NoRow:
        """What the row will have for which `draft` is made, to point at; see `comes_with_child`."""
        child, _ = draft.child or (draft, key)
        row = child.promise(key.references, pointing=True)
        if row is None or any(same(row[name]) != same(one) for name, one in decided.items()):
            return NoRow(draft.shape.model, "no two rows may point at the same one")
        draft.waits.append(child)
        draft.late.append(key)
        return row

    def _promised(
        self, draft: Draft, target: Shape, key: ForeignKey, decided: Mapping[str, Value]
    ) -> Row | None:
        """What a row in the making will have, where no other row of its table could come first, or
        just that row is asked for."""
        circular = self._tables.is_circular(target, key.references)
        whole = len(decided) == len(key.references)
        if not circular and not whole:
            return None
        for upper in reversed(self._making):
            if not is_table(upper.shape, target):
                continue
            if not circular and not upper.has(decided):
                continue
            row = upper.promise(key.references, pointing=circular)
            if row is None or any(same(row[name]) != same(one) for name, one in decided.items()):
                continue
            if upper is not draft:
                draft.waits.append(upper)
                draft.late.append(key)
            return row
        return None

    def shape(self, model: Model) -> Shape:
        """What is known of the model's table."""
        return self._tables.shape(model)


def _is_for_asked(draft: Draft, refused: Refused) -> bool:
    return is_for(draft.shape, refused, {column for one in draft.asked for column in one.columns})


def _refused(draft: Draft, refused: Refused, statement: str, tries: int) -> NoRow:
    return NoRow(
        draft.shape.model,
        refused.message,
        refused.kind,
        statement,
        tries,
        constraint=refused.constraint,
    )


def _agrees(row: Row, key: ForeignKey, decided: Mapping[str, Value]) -> bool:
    """Whether a row can be pointed at by a key that has some of its values already."""
    return all(row.get(one) is not None for one in key.references) and all(
        same(row[name]) == same(value) for name, value in decided.items()
    )
