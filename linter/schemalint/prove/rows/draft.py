"""A row that is being made: what it names, where it points, and what is still to be varied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from schemalint.model import ForeignKey, Layer
from schemalint.prove.database import Refused
from schemalint.prove.rows import refusals
from schemalint.prove.rows.distinct import TellingApart
from schemalint.prove.rows.given import FRESH, SOME, UNNAMED, Given, Loose, Marker, Sql, Value
from schemalint.prove.rows.parents import Parents
from schemalint.prove.rows.promises import Promising
from schemalint.prove.rows.row_conditions import RowCondition
from schemalint.prove.rows.search import is_as_asked, of_refusal, satisfying
from schemalint.prove.rows.shape import Shape
from schemalint.prove.rows.stored import NoRow, Row, Verb, same
from schemalint.prove.rows.varied import Assignment

# How often one row is filled anew before the next try is given up: each passes over something.
_MOST_FILLINGS = 60
# How many parents are passed over for one row, because another row points at them.
_MOST_PARENTS = 60
# How often a row is refused for being like another before columns are named that were not.
_MOST_ALIKE = 20
# How often other values are taken for what is asked of a row, once a search has found none.
_MOST_ASKED_ON = 20


class Draft(Promising):
    """One row to be made.

    Attributes:
        values: what the INSERT names, in the order of the table's columns.
        made: the statements that were accepted for it so far: its parents'.
        together: those from this index on are one transaction; None where each is its own.
        before: rows that have to be stored with it in one transaction, since they point at it.
        waits: rows in the making that this one points at.
        late: the foreign keys by which it, or one in `before`, points at what is not there yet.
        flipped: whether it is stored before those of `before`.
        collided: its columns that were as in another row, and ask for another parent's.
        child: the row that it is made for, and the key by which that is to point at it.
        asked, verb: conditions that have to be true of it, and how it is inserted.
    """

    def __init__(
        self,
        shape: Shape,
        given: Mapping[str, Given],
        parents: Parents,
        *,
        asked: Sequence[RowCondition] = (),
        verb: Verb = "insert",
    ) -> None:
        self.shape = shape
        self.given = given
        self.asked = asked
        self.verb: Verb = verb
        self._spoken = frozenset(column for one in asked for column in one.columns)
        self.values: dict[str, Value | Sql] = {}
        self.made: list[str] = []
        self.together: int | None = None
        self.before: list[Draft] = []
        self.waits: list[Draft] = []
        self.late: list[ForeignKey] = []
        self.flipped = False
        self.assigned: Assignment = {
            column: value for column, value in shape.remembered.items() if column not in given
        }
        self._parents = parents
        self._base: Assignment = self.assigned
        self._search: Iterator[Assignment] | None = None
        self._asking: Iterator[Assignment] | None = None
        self._asking_base = self._base
        self._asked_on = 0
        self._found: Set[str] = frozenset()
        self._searched: set[str] = set()
        self._together = False
        self._alike = 0
        self._wanted: set[str] = set()
        self._promised: set[str] = set()
        self._apart = TellingApart(shape, lambda: parents.rows_of(shape))
        self._passed: dict[int, int] = {}
        self.collided: set[str] = set()
        self.child: tuple[Draft, ForeignKey] | None = None
        self._fresh: dict[int, Row] = {}
        self._pending: dict[int, Draft] = {}

    # -- filling -------------------------------------------------------------------------------

    def fill(self) -> NoRow | None:
        """Choose a value for every column that has to be named; parents are made as needed."""
        for _ in range(_MOST_FILLINGS):
            problem = self._fill_once()
            if problem is not None and self._goes_back():
                continue
            if problem is not None:
                return problem
            collision = self._apart.collision(self.known)
            if collision is None:
                return None
            if not self._pass_over(collision):
                return None  # what is given collides: the database has the word
        return None

    def satisfy(self) -> bool:
        """Find values that make what is asked of the row true; False where none are known."""
        if not self.asked:
            return True
        columns = [column for column in self.shape.fields if self.is_variable(column)]
        alone = self._parents.is_defying
        self._search = self._asking = satisfying(self, columns, alone=alone)
        self._asking_base = self._base
        return self._next() and self._refill()

    def _fill_once(self) -> NoRow | None:
        shape = self.shape
        self.values, self._wanted = {}, set()
        self.before, self.waits, self.late = [], [], []
        loose: set[str] = set()
        for column in shape.fields:
            asked = self._asked(column)
            if isinstance(asked, Loose):
                loose.add(column)
                self.values[column] = asked.value
            elif asked is SOME or asked is FRESH:
                self._wanted.add(column)
            elif not isinstance(asked, Marker):
                self.values[column] = asked
        for number, key in shape.in_order(self.is_fresh):
            if not loose.issuperset(key.columns):
                problem = self._point(number, key)
                if problem is not None:
                    return problem
        for column in shape.fields:
            missing = column in self._wanted and column not in self.values
            if missing and not self._choose(column):
                field = shape.fields[column]
                what = f"no value of its type ({field.native or field.type}) is left to try"
                return NoRow(shape.model, f"{shape.model.name}.{field.name}: {what}")
        self.values = {one: self.values[one] for one in shape.fields if one in self.values}
        return None

    def _asked(self, column: str) -> Value | Sql | Loose | Marker:
        """What is asked of a column, by the caller, by the search, or by the table itself."""
        shape = self.shape
        if column in self.given and not self._is_found(column):
            return self.given[column]
        if column in self.assigned:
            value = self.assigned[column]
            hidden = shape.hides_null(column)
            omitted = value is None and not shape.has_default(column) and not hidden
            return UNNAMED if omitted and column not in shape.key else value
        required = shape.is_required(column) or column in self._promised
        return SOME if required else UNNAMED

    def _is_found(self, column: str) -> bool:
        """Whether a search has found a value for a column of which just any was asked."""
        asked, found = self.given[column], self.assigned.get(column)
        if asked not in (SOME, FRESH) or found is None or isinstance(found, (Marker, Sql)):
            return False
        rows = self._parents.rows_of(self.shape) if asked is FRESH else ()
        return all(same(row[column]) != same(found) for row in rows)

    def _choose(self, column: str) -> bool:
        """Take the first value of the series that is not taken."""
        for value in self._apart.free(column, unlike_all=self.is_fresh(column)):
            self.values[column] = value
            return True
        return False

    # -- pointing ------------------------------------------------------------------------------

    def _point(self, number: int, key: ForeignKey) -> NoRow | None:
        """Have a row where a foreign key points, if it points anywhere."""
        pairs = list(zip(key.columns, key.references, strict=False))
        decided: dict[str, Value] = {}
        for column, reference in pairs:
            value = self.values.get(column)
            if column in self._wanted and column not in self.values:
                continue
            if column not in self.values:
                value = self.shape.default_value(column)
            if isinstance(value, Sql):
                return None
            if value is None:
                rest = self.shape.rest_of(key, self._wanted, self.values)
                self._wanted.update(rest)
                if not rest and key.match == "full":  # no default may stand beside the NULL
                    self.values.update(dict.fromkeys(self._optional(key)))
                return self._point(number, key) if rest else None
            decided[reference] = value
        place: int | None = self._passed.get(number, 0) % _MOST_PARENTS
        if any(self.is_fresh(one) and one not in self.values for one in key.columns):
            place = None
        found: Row | Draft | NoRow
        if number in self._pending and not self._pending[number].has(decided):
            del self._pending[number]  # it was made for values that were given up since
        if number in self._fresh:
            found = self._fresh[number]
        elif number in self._pending:
            found = self._pending[number]
        else:
            found = self._parents.parent(self, key, decided, place)
        if isinstance(found, NoRow) and not (key.enforced and key.layer is Layer.DATABASE):
            return None  # nobody looks where it points
        if isinstance(found, NoRow):
            # Not where a default points; perhaps elsewhere, or nowhere.
            more = [one for one in key.columns if one not in self.values and self._is_free(one)]
            if more and not self._wanted.issuperset(more):
                self._promised.update(more)
                self._wanted.update(more)
                return self._point(number, key)
            if key.match == "full" or not any(self._optional(key, in_key=True)):
                return found
            found = {}
        if not found:  # there is nothing where it points, and it need not point anywhere
            optional = [*self._optional(key)] or [*self._optional(key, in_key=True)]
            self.values[optional[0]] = None
            return None
        if isinstance(found, Draft):
            self._pending[number] = found
            self._follow(found)
        elif place is None:
            self._fresh[number] = found
        values = found.values if isinstance(found, Draft) else found
        for column, reference in pairs:
            if column in self._wanted and column not in self.values:
                self.values[column] = values[reference]
        return None

    def take(self, statements: Sequence[str], together: int | None = None) -> None:
        """Note what was accepted for the row, from `together` on as one transaction."""
        if together is not None and self.together is None:
            self.together = len(self.made) + together
        self.made += statements

    def comes_with_child(self, key: ForeignKey) -> bool:
        """Whether the row has to point at the one that it is made for: each row of the table points
        at one of it and no two at the same, so that those which are there are all pointed at. Of
        one that is only a parent for others, this row takes the place."""
        return (
            self.child is not None
            and self.child[0].child is None
            and self.child[1] == key
            and self.child[0].shape is self.shape
            and self.shape.points_at_own_alone(key)
        )

    def points_optionally(self, key: ForeignKey) -> bool:
        """Whether the row points by its defaults alone, and could as well point nowhere."""
        said = {*self._wanted, *self._spoken}  # what is asked of the row may be where it points
        by_default = said.isdisjoint(key.columns)
        return by_default and next(self._optional(key), None) is not None

    def leaves_to_default(self, column: str) -> bool:
        """Whether the row has a column's default, and could as well name another value."""
        unnamed = column not in self.values and column not in self._wanted
        return unnamed and self._is_free(column) and self.shape.has_default(column)

    def _optional(self, key: ForeignKey, *, in_key: bool = False) -> Iterator[str]:
        """What may be NULL; `in_key`: of the primary key (SQLite's), if it has other members."""
        for column in key.columns:
            unnamed = column not in self.values and self._is_free(column)
            telling = column in self.shape.key and not (in_key and len(self.shape.key) > 1)
            if unnamed and self.shape.fields[column].nullable and not telling:
                yield column

    def is_fresh(self, column: str) -> bool:
        """Whether the caller wants a new parent, or a new value, for the column."""
        return self.given.get(column) is FRESH

    def _follow(self, pending: Draft) -> None:
        self.before += [one for one in [*pending.before, pending] if one not in self.before]
        self.waits += [one for one in pending.waits if one is not self and one not in self.waits]
        self.late += pending.late

    # -- telling rows apart ----------------------------------------------------------------------

    def known(self, column: str) -> Value | Sql:
        """The row's value of a column, or its literal default."""
        return self.values[column] if column in self.values else self.shape.default_value(column)

    def _pass_over(self, columns: Sequence[str]) -> bool:
        """See to it that the next filling has other values in one of the columns."""
        shape = self.shape
        free = [
            one
            for one in columns
            if one in self._wanted and one not in shape.referring and one in self.values
        ]
        # What is asked of a row stays as it is for as long as others can differ.
        for column in self._apart.in_turn(free, last=self._spoken):
            if self._apart.passes_on(column, self.values[column]):
                return True
        for number in reversed(range(len(shape.references))):
            key = shape.references[number]
            passed = self._passed.get(number, 0)
            met = [one for one in key.columns if one in columns and one in self._wanted]
            if met and passed < _MOST_PARENTS:
                self._passed[number] = passed + 1
                self.collided.update(met)
                self._fresh.pop(number, None)
                self._pending.pop(number, None)
                return True
        return self._names_more(columns)

    def _goes_back(self) -> bool:
        """Have keys point at the first parent again, where to pass that over led nowhere."""
        passed = [number for number, count in self._passed.items() if 0 < count < _MOST_PARENTS]
        self._passed.update(dict.fromkeys(passed, _MOST_PARENTS))
        return bool(passed)

    def _names_more(self, columns: Sequence[str]) -> bool:
        """Name what so far got its default, or NULL where that counts as a value."""
        for column in columns:
            if column not in self._wanted and self._is_free(column):
                default = self.shape.default_value(column)
                if default is not None:
                    self._apart.pass_over(column, default)
                self._promised.add(column)
                return True
        return False

    def _is_free(self, column: str) -> bool:
        decided = column in self.given or column in self.assigned
        return not decided and self.shape.may_be_named(column)

    # -- varying ---------------------------------------------------------------------------------

    def statement(self) -> str:
        """The INSERT."""
        found = self.shape.found_null(self.values, self.assigned)
        return self.shape.statement({**self.values, **found}, self.verb)

    def vary(self, refused: Refused) -> bool:
        """Change the row after the database has refused it; False where nothing is left to try."""
        return self._answer(refused) and self._refill()

    @property
    def is_astray(self) -> bool:
        """Whether the row is surely not what is asked of it any more, after what was varied."""
        return bool(self.asked) and is_as_asked(self) is False

    def come_back(self) -> bool:
        """Go on to values that make what is asked true again; False where none are known."""
        if not self._found.isdisjoint(self._spoken):
            return self.look_on()
        self._base, self._asked_on = self.assigned, self._asked_on + 1
        return self._asked_on < _MOST_ASKED_ON and self.satisfy()

    def look_on(self) -> bool:
        """Go on to other values for what is asked of the row; False where no more are known."""
        return self._next() and self._refill()

    def _answer(self, refused: Refused) -> bool:
        shape = self.shape
        if refused.kind == "unique":
            columns = refusals.unique_columns(shape, refused)
            self._alike += 1
            if self._alike % _MOST_ALIKE == 0 and self._names_more(columns):
                return True  # of `n + m`, NULL as long as `m` is, no `n` makes another value
            if self._pass_over(columns) or shape.goes_on(columns, self.values):
                return True
            if len(columns) == 1 and columns[0] in self.assigned:
                self._apart.pass_over(columns[0], self.values.get(columns[0]))
            if self._search is None and any(column in self.assigned for column in columns):
                kept = {name: one for name, one in self.assigned.items() if name not in columns}
                self.assigned = self._base = kept  # another row of the table had the rest
                return True
            return self._look_further(refused)
        if refused.kind == "not null":
            column = refusals.named_column(shape, refused)
            known = {*self.given, *shape.learned, *shape.computed_and_required}
            if column is None or column in known:
                return self._look_further(refused)
            shape.learned.add(column)
            self.assigned = {name: one for name, one in self.assigned.items() if name != column}
            return True
        if refused.kind == "foreign key":
            return self._points_elsewhere() or self._without_defaults() or self._next()
        if refused.kind == "time-out" or refusals.is_of_given(self, refused):
            return False
        column = refusals.left_out_column(shape, refused)
        if column is not None and column in self.values and column not in self.given:
            shape.left_out.add(column)
            return True
        if refused.kind in ("other", "type") and self._without_defaults():
            return True
        return self._look_further(refused)

    def _without_defaults(self) -> bool:
        """Name what so far got a value that the database works out: it may not be able to."""
        more = [column for column in self.shape.worked_out if self._is_unnamed(column)]
        self._promised.update(more)
        return bool(more)

    def _points_elsewhere(self) -> bool:
        """Name what pointed nowhere by its default."""
        found = next(filter(self._is_unnamed, self.shape.pointing_by_default), None)
        self._promised.update(() if found is None else (found,))
        return found is not None

    def _is_unnamed(self, column: str) -> bool:
        named = column in self._promised or column in self.values
        return not named and self._is_free(column)

    def flips(self) -> bool:
        """Store rows of a circle the other way round; False where that was tried."""
        flips = bool(self.before) and not self.flipped
        self.flipped = self.flipped or flips
        return flips

    def _look_further(self, refused: Refused) -> bool:
        """Begin to look for values that satisfy what refused the row, or go on looking."""
        columns = [column for column in self.shape.fields if self.is_variable(column)]
        found = of_refusal(self, refused, columns)
        reads = found.reads - self._searched
        together = refused.kind == "unique" and not self._together
        if self._search is None or reads or together:
            if together:  # what was found for one condition after the other is looked for at once
                self._together = True
                kept = self.assigned.items()
                self._base = {name: one for name, one in kept if name not in found.reads}
            elif self._search is not None:
                self._base = self.assigned
            self._searched |= found.reads
            self._search = found.tries()
        return self._next()

    def _next(self) -> bool:
        if self._search is None:
            return False
        for found in self._search:
            if not any(self._apart.is_taken(column, value) for column, value in found.items()):
                break
        else:
            return self._ask_on()
        self.assigned, self._found = {**self._base, **found}, found.keys()
        self._fresh = {
            number: row
            for number, row in self._fresh.items()
            if not set(self.shape.references[number].columns) & set(found)
        }
        return True

    def _ask_on(self) -> bool:
        """Take the next of the values that make what is asked true, once all else is exhausted."""
        if self._asking in (None, self._search) or self._asked_on >= _MOST_ASKED_ON:
            return False
        self._asked_on += 1
        self._search, self._base, self._searched = self._asking, self._asking_base, set()
        return self._next()

    def is_variable(self, column: str) -> bool:
        """Whether a search may give the column another value."""
        return self.shape.may_be_named(column) and self.given.get(column, SOME) in (SOME, FRESH)

    def may_be_null(self, column: str) -> bool:
        """Whether a search may leave the column without a value."""
        field = self.shape.fields[column]
        return field.nullable and column not in self.given and column not in self.shape.learned

    def current(self, column: str) -> Value | Sql | Marker:
        """What the row has now in a column; UNNAMED where the database works that out."""
        default = self.shape.fields[column].default
        if default is not None and self.shape.has_default(column):
            counted = default.kind == "sequence" and self.known(column) is None
            if counted or (column not in self.values and default.kind != "literal"):
                return UNNAMED
        return self.known(column)

    def pointed_at(self, column: str) -> list[Value]:
        """What the column can have, so that it names a row that there is, or this one itself."""
        found = self._parents.values_for(self.shape, column)
        for key in self.shape.references:
            if key.table == self.shape.model.table and column in key.columns:
                own = self.values.get(key.references[key.columns.index(column)])
                found += [own] if own is not None and not isinstance(own, Sql) else []
        return found

    def _refill(self) -> bool:
        while self.fill() is not None:
            if self._parents.is_over or not self._next():
                return False
        return True

    def remember(self) -> None:
        """Begin the table's next row with what the conditions took, where rows may share it."""
        shape = self.shape
        if self.asked:
            shape.satisfied[tuple(one.text for one in self.asked)] = dict(self.assigned)
        for column, value in self.assigned.items():
            if column not in shape.in_uniques and column not in shape.referring:
                shape.remembered[column] = value
