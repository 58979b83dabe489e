"""One attack, carried out: its moves as statements, and what is seen after each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from schemalint.attack import (
    Attack,
    Delete,
    Find,
    Forbidden,
    Fresh,
    Insert,
    Move,
    OtherCase,
    Same,
    Step,
    Supplied,
    Together,
    Unnamed,
    Update,
    Upsert,
    Value,
)
from schemalint.condition.quoting import quoted_name
from schemalint.condition.terms import Literal as Constant
from schemalint.model import Dialect, Model
from schemalint.prove.changing import Changing, as_sent, in_other_case, written
from schemalint.prove.database import Accepted, Attempt, Refused
from schemalint.prove.outcome import Answered, Left, Outcome, steps
from schemalint.prove.rows.grouped import by_one_statement
from schemalint.prove.rows.literals import named_table
from schemalint.prove.rows.making import Maker
from schemalint.prove.rows.row_conditions import read_by_generated
from schemalint.prove.rows.stored import NoRow, Stored, same
from schemalint.prove.sight import Sight, Statement
from schemalint.prove.two_steps import TwoSteps


class _NotTried(Exception):  # noqa: N818 -- how a trial ends, not a fault of the program
    pass


class _Stopped(Exception):  # noqa: N818 -- the database refused a move
    pass


_DEFERRING = {Dialect.POSTGRESQL: "SET CONSTRAINTS ALL DEFERRED"}
"""SQLite has no such statement; its PRAGMA defer_foreign_keys is a setting of the connection."""


def _said(move: Move) -> str:
    """What a writer does by a move, in words."""
    if isinstance(move, Insert):
        return f"stores a row of `{move.model.name}`"
    return "deletes a row" if isinstance(move, Delete) else "changes rows"


class _Named(msgspec.Struct):
    """A row that an attack speaks of; `at` is its position among the rows of its table that were
    seen last, None once it is gone."""

    model: Model
    at: int | None


class Trial:
    """Carries out one attack.

    Args:
        attempt: in which the statements are run; a new one for each attack.
        maker: of valid rows, in the same attempt.
        forbidden: what the rule forbids.
        dialect: of the database.
    """

    def __init__(
        self, attempt: Attempt, maker: Maker, forbidden: Forbidden, dialect: Dialect
    ) -> None:
        self._attempt = attempt
        self._maker = maker
        self._changing = Changing(maker, dialect)
        self._forbidden = forbidden
        self._dialect = dialect
        self._named: dict[str, _Named] = {}
        self._done: list[Answered] = []
        self._blaming: tuple[str, ...] = ()
        self._defies = False
        self._is_open = False
        self._stored: Mapping[str, Any] = {}

    def run(self, attack: Attack) -> Outcome:
        """Carry out the moves until something forbidden is seen, or one is refused."""
        self._blaming = attack.blaming
        self._defies = attack.aim == "forbidden"
        models = {
            step.model.name: step.model
            for step in steps(attack)
            if isinstance(step, (Insert, Find))
        }
        self._sight = Sight(self._forbidden, models.values(), self._attempt, self._dialect)
        self._seen = self._sight.look()
        what = self._forbidden.in_state(self._sight.state(self._seen))
        if what is not None:
            return Outcome(attack, "not tried", (), f"the schema itself stores such rows: {what}")
        try:
            for move in attack.moves:
                what = self._made_any(move)
                if what is not None and move.setup:
                    told = f"what it starts from is forbidden already: {what}"
                    done = tuple(self._done)
                    return Outcome(attack, "not tried", done, told, already=(_said(move), what))
                if what is None and attack.aim == "demanded" and isinstance(move, Insert):
                    what = None if move.setup else self._stored_otherwise(move)
                if what is not None:
                    telling = self._sight.telling or attack.aim == "demanded"
                    left = self._left(move) if telling else None
                    return Outcome(attack, "through", tuple(self._done), what, left=left)
        except _NotTried as stopped:
            return Outcome(attack, "not tried", tuple(self._done), str(stopped))
        except _Stopped:
            refusal = self._done[-1].refusal
            if refusal is not None and attack.blaming and not self._is_blamed(refusal):
                return Outcome(attack, "not tried", tuple(self._done), refusal.message)
            return Outcome(attack, "refused", tuple(self._done))
        return Outcome(attack, "harmless", tuple(self._done), stored=self._stored)

    def _left(self, move: Move) -> Left:
        """What the rule's table has at the end of a move in the columns that tell what is wrong: at
        first sight, where its rows point, and what else the move named."""
        model = self._sight.watched
        told = {*self._sight.telling}
        told = told or {column for key in model.foreign_keys for column in key.columns}
        if isinstance(move, (Insert, Update)) and not self._sight.telling:
            told |= {*move.values}
        columns = [field.column for field in model.fields if field.column in told]
        columns = columns or [field.column for field in model.fields]
        names = [quoted_name(column, self._dialect) for column in columns]
        table = named_table(model, self._dialect)
        return table, names, self._attempt.rows(f"SELECT {', '.join(names)} FROM {table}")

    def _is_blamed(self, refusal: Refused | None) -> bool:
        return refusal is not None and refusal.kind in self._blaming

    # -- moves

    def _made_any(self, move: Move) -> str | None:
        return self._made_together(move) if isinstance(move, Together) else self._made(move)

    def _made_together(self, move: Together) -> str | None:
        """Make the steps of a transaction; what is forbidden about what came of it.

        Raises:
            _NotTried, _Stopped: as `_made`; nothing of the transaction stays.
        """
        self._attempt.begin()
        self._is_open = True
        self._done.append(Answered("BEGIN"))
        found: list[str | None] = []
        try:
            if move.deferring:
                self._send(_DEFERRING[self._dialect], move)
            found += [self._made(step) for step in move.moves]
        except BaseException:
            self._attempt.rollback()
            raise
        finally:
            self._is_open = False
        refused = self._attempt.commit()
        self._done.append(Answered("COMMIT", refused))
        if refused is not None:
            if move.setup:
                raise _NotTried(refused.message)
            raise _Stopped
        found.append(self._observed(Statement(model="")))
        return next((what for what in found if what is not None), None)

    def _made(self, move: Step) -> str | None:
        """Make a move; what is forbidden about what came of it.

        Raises:
            _NotTried: it was to prepare the attack, and was refused; or a row that it speaks of is
                gone.
            _Stopped: it was refused.
        """
        if isinstance(move, Find):
            self._find(move)
            return None
        if isinstance(move, Insert) and move.unless_there and self._is_found(move):
            return None
        statement = self._insert(move) if isinstance(move, Insert) else self._change(move)
        return self._observed(statement, move if isinstance(move, Insert) else None)

    def _observed(self, statement: Statement, inserted: Insert | None = None) -> str | None:
        """Look at what a statement did; what is forbidden about that. Within a transaction, only
        its changes count."""
        before, self._seen = self._seen, self._sight.look()
        if inserted is not None:
            statement = self._with_stored(inserted, statement)
        pairs = self._sight.pairs(before, self._seen, statement)
        following = {name: dict(found) for name, found in pairs.items()}
        for named in self._named.values():
            if named.at is not None and named.model.name in following:
                named.at = following[named.model.name].get(named.at)
        if inserted is not None:
            self._named[inserted.row] = _Named(inserted.model, statement.stored)
        changes = self._sight.changes(before, self._seen, pairs, statement)
        what = self._forbidden.in_change(changes)
        if what is not None or self._is_open:
            return what
        return self._forbidden.in_state(self._sight.state(self._seen))

    def _find(self, move: Find) -> None:
        rows = self._seen.rows[move.model.name]
        wanted = [
            (column, self._value(move.model, column, value))
            for column, value in move.values.items()
        ]
        for at in range(len(rows)):
            row = self._sight.row(self._seen, move.model.name, at).values
            if all(same(row[column]) == same(value) for column, value in wanted):
                self._named[move.row] = _Named(move.model, at)
                return
        raise _NotTried(f"no row of {move.model.name} was found")

    def _is_found(self, move: Insert) -> bool:
        """Whether a row has these values already, as the database compares them."""
        values = {
            column: self._value(move.model, column, value) for column, value in move.values.items()
        }
        row = self._maker.there(move.model, values)
        if row is None:
            return False
        rows = self._seen.rows[move.model.name]
        wanted = tuple(row[field.column] for field in move.model.fields)
        if wanted in rows:
            self._named[move.row] = _Named(move.model, rows.index(wanted))
        return True

    def _insert(self, move: Insert) -> Statement:
        given = {
            column: value if isinstance(value, Fresh) else self._value(move.model, column, value)
            for column, value in move.values.items()
        }
        if move.through is not None:
            self._attempt.begin()
        made = self._inserted(move, given)
        aside = [*made.accepted] if isinstance(made, NoRow) else []
        if isinstance(made, NoRow) and made.statement is None and self._is_defiant(move):
            # The table's own conditions leave no such row: the database is to say so itself.
            defied = self._inserted(move, given, defying=True)
            aside += defied.accepted if isinstance(defied, NoRow) else ()
            made = made if isinstance(defied, NoRow) and defied.statement is None else defied
        if move.through is not None and isinstance(made, NoRow):
            self._attempt.rollback()
            raise _NotTried(made.reason)
        apart = bool(move.satisfying) or (isinstance(made, NoRow) and made.kind == "raised")
        if isinstance(made, NoRow) and move.setup and apart:
            steps_apart = TwoSteps(move, given)
            made = steps_apart.stored(self._maker, self._changing, self._attempt) or made
            aside += steps_apart.left
        if isinstance(made, NoRow):
            if move.setup or made.statement is None:
                raise _NotTried(made.reason)
            refusal = Refused(made.message, made.kind or "other", made.constraint)
            self._done.append(Answered(made.statement, refusal, made.model))
            raise _Stopped
        if move.through is not None:
            made = self._stored_through(move.through, made)
        else:
            self._done += map(Answered, aside)  # the row may point there
        self._done += [Answered(sql) for sql in as_sent(made, within=self._is_open)]
        self._stored = made.values
        unnamed = {at for at, one in move.values.items() if isinstance(one, (Unnamed, Supplied))}
        named = frozenset(field.column for field in move.model.fields) - unnamed
        return Statement(model=move.model.name, named=named)

    def _inserted(
        self, move: Insert, given: Mapping[str, Value], *, defying: bool = False
    ) -> Stored | NoRow:
        return self._maker.insert(
            move.model,
            given,
            satisfying=move.satisfying,
            replacing=move.replacing,
            ignoring=move.ignoring,
            defying=defying,
        )

    def _is_defiant(self, move: Insert | Update) -> bool:
        """Whether a move is what the attack is for, and asks for values that are looked for."""
        plain = isinstance(move, Update) or move.through is None
        return self._defies and plain and not move.setup and bool(move.satisfying)

    def _stored_through(self, view: Model, made: Stored) -> Stored:
        """The row stored anew, by a statement that names the view.

        Raises:
            _NotTried: that is refused, or the row is not found then: it may not be a view to write
                through.
        """
        self._attempt.rollback()
        *before, last = made.statements
        table, named = (named_table(one, self._dialect) for one in (made.model, view))
        sql = last.replace(f"INTO {table} ", f"INTO {named} ", 1)
        for one in (*before, sql):
            answer = self._attempt.run(one)
            if isinstance(answer, Refused):
                raise _NotTried(answer.message)
        values = self._maker.found(made, (Constant(True),))
        if values is None or made.together is not None:
            raise _NotTried(f"what is stored through {view.name} was not found")
        return msgspec.structs.replace(made, statements=(*before, sql), values=values)

    def _with_stored(self, move: Insert, statement: Statement) -> Statement:
        """The statement, with where the row is that it stored."""
        rows = self._seen.rows[move.model.name]
        columns = [field.column for field in move.model.fields]
        wanted = tuple(self._stored[column] for column in columns)
        at = next((at for at in reversed(range(len(rows))) if rows[at] == wanted), None)
        return msgspec.structs.replace(statement, stored=at)

    def _change(self, move: Update | Upsert | Delete) -> Statement:
        named = self._named.get(move.row)
        if named is None or named.at is None:
            raise _NotTried("the row to attack is gone")
        model = named.model
        if isinstance(move, Delete):
            self._send(self._changing.delete(model, self._address(named)), move)
            return Statement(model=model.name, gone=named.at)
        values = {
            column: self._value(model, column, value)
            for column, value in written(model, move.values)
        }
        if isinstance(move, Upsert):
            row = self._row(named)
            self._send(self._changing.upsert(model, row, move.columns, values), move)
        elif move.changing or move.satisfying:
            self._vary(named, values, move)
        else:
            self._note(*self._answered(named, values, move), move)
        becomes = {at: value for at, value in values.items() if not isinstance(value, Unnamed)}
        return Statement(
            model=model.name, changed=named.at, becomes=becomes, named=frozenset(values)
        )

    def _vary(self, named: _Named, values: dict[str, Value], move: Update) -> None:
        """An update to values that are looked for: the first that are accepted and change the row;
        what was sent is added to `values`."""
        row = self._row(named)
        accepted: dict[str, Value] | None = None
        refusal: Answered | None = None
        for proposed in self._proposed(named, values, move):
            wanted = {**proposed, **values}
            changed = {
                column: value for column, value in wanted.items() if row.get(column) != value
            }
            changed.update(values)
            blamed = refusal is not None and self._is_blamed(refusal.refusal)
            if not changed or (blamed and self._is_respelt(row, changed, move)):
                continue
            sql, answer = self._answered(named, changed, move)
            if isinstance(answer, Refused) and answer.kind == "foreign key" and move.changing:
                made = self._maker.parents(named.model, {**row, **changed}, changed)
                self._done += [Answered(one) for one in made]
                answer = self._attempt.run(sql) if made else answer
            if isinstance(answer, Refused):
                refusal = refusal if blamed else Answered(sql, answer)
                continue
            self._done.append(Answered(sql))
            accepted = changed
            if not move.changing or not self._is_there(named):
                break
        if accepted is not None:
            values.update(accepted)
            return
        if refusal is None:
            raise _NotTried("no values are known that such a change could be to")
        self._done.append(refusal)
        if move.setup:
            raise _NotTried(refusal.refusal.message if refusal.refusal else "")
        raise _Stopped

    def _is_respelt(
        self, row: Mapping[str, Any], changed: Mapping[str, Value], move: Update
    ) -> bool:
        """Whether a change leaves what is to change the same but for letters, which shows nothing
        of what has to be possible."""
        other = [one for one in move.changing if one in changed]
        return bool(other) and all(same(changed[one]) == same(row[one]) for one in other)

    def _proposed(
        self, named: _Named, values: Mapping[str, Value], move: Update
    ) -> Iterator[Mapping[str, Any]]:
        row = {**self._row(named), **values}
        if move.changing:
            yield from self._maker.others(named.model, move.changing, row, move.satisfying)
            return
        found = False
        for proposed in self._maker.proposed(named.model, move.satisfying, row):
            found = True
            yield proposed
        if not found and self._is_defiant(move):
            defying = self._maker.proposed(named.model, move.satisfying, row, defying=True)
            yield from islice(defying, 1)

    def _is_there(self, named: _Named) -> bool:
        """Whether the row is still just as it was: a trigger undid the change."""
        name = named.model.name
        at = named.at if named.at is not None else 0
        return self._sight.look().rows[name].count(self._seen.rows[name][at]) > 0

    def _answered(
        self, named: _Named, values: Mapping[str, Value], move: Update
    ) -> tuple[str, Accepted | Refused]:
        """An update, and what the database says. SQLite computes what a BEFORE trigger sees of a
        generated column only where the statement names what it is computed from; else the trigger
        sees NULL (observed, 3.40): where one refuses that, these columns are named, too."""
        sql = self._update(named, values, move)
        answer = self._attempt.run(sql)
        if isinstance(answer, Accepted) or answer.kind != "raised":
            return sql, answer
        row = self._row(named)
        read = read_by_generated(named.model) if self._dialect is Dialect.SQLITE else ()
        along = {column: row[column] for column in read if column not in values}
        if not along:
            return sql, answer
        other = self._update(named, {**values, **along}, move)
        again = self._attempt.run(other)
        told = isinstance(again, Accepted) or again.kind != "raised"
        return (other, again) if told else (sql, answer)

    def _send(self, sql: str, move: Move) -> None:
        self._note(sql, self._attempt.run(sql), move)

    def _note(self, sql: str, answer: Accepted | Refused, move: Move) -> None:
        if isinstance(answer, Accepted):
            self._done.append(Answered(sql))
            return
        self._done.append(Answered(sql, answer))
        if move.setup:
            raise _NotTried(answer.message)
        raise _Stopped

    def _stored_otherwise(self, move: Insert) -> str | None:
        """What the row has in the place of a value that was demanded."""
        for column, value in move.values.items():
            stored = self._stored[column]
            other = isinstance(stored, str) and isinstance(value, str) and stored != value
            if other or (value is None and stored is not None):
                return f"the database stores {stored!r} for its `{column}`"
        return None

    # -- statements

    def _update(self, named: _Named, values: Mapping[str, Value], move: Update) -> str:
        sql = self._changing.update(named.model, values, self._address(named), move)
        if move.follower is None:
            return sql
        child = self._named[move.follower.row]
        row = {**self._row(named), **values}
        follows = {column: row[other] for column, other in move.follower.columns.items()}
        then = self._changing.plain_update(child.model, follows, self._address(child))
        return by_one_statement([sql, then])

    def _address(self, named: _Named) -> str:
        rows = self._seen.rows[named.model.name]
        where = self._changing.address(named.model, self._row(named), rows)
        if where is None:
            raise _NotTried("two rows are the same in everything, so that none can be told apart")
        return where

    # -- values

    def _row(self, named: _Named) -> Mapping[str, Any]:
        if named.at is None:
            raise _NotTried("the row to attack is gone")
        return self._sight.row(self._seen, named.model.name, named.at).values

    def _value(self, model: Model, column: str, value: Value) -> Value:
        if isinstance(value, Fresh):
            return self._maker.fresh(model, column)
        if isinstance(value, Supplied):
            return value.value
        if isinstance(value, (Same, OtherCase)):
            source = self._named.get(value.row)
            if source is None:
                raise _NotTried(f"no row was stored that could be called {value.row}")
            held = self._row(source)[value.column]
            return in_other_case(held, value.keeping) if isinstance(value, OtherCase) else held
        return value
