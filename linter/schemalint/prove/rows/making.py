"""What a trial asks of the maker of rows, beside rows: values that are right for a column, values
that make a condition true of a row that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import msgspec

from schemalint.attack import UNNAMED, Fresh, Unnamed, Value, Written
from schemalint.condition.quoting import quoted_name
from schemalint.condition.terms import Column, Compare, Literal, Term
from schemalint.model import Dialect, Field, Model, Schema
from schemalint.prove.database import Attempt, NotProvable
from schemalint.prove.rows import given
from schemalint.prove.rows.literals import literal, named_table
from schemalint.prove.rows.proposals import scalar_of
from schemalint.prove.rows.row_conditions import RowCondition, of_caller
from schemalint.prove.rows.row_maker import RowMaker
from schemalint.prove.rows.search import satisfying as assignments
from schemalint.prove.rows.shape import Shape, Shapes
from schemalint.prove.rows.stored import NoRow, Row, Stored, Verb, address, same

_MOST_PROPOSED = 40
_MOST_PARENTS = 5
_MOST_NEAR = 8
_MOST_COUNTED = 4


class Maker:
    """Makes rows and values in one attempt.

    Args:
        schema: loaded for the database's dialect.
        attempt: where the rows go.
        dialect: of the database.
        shapes: what is known of the tables already, from other attempts on the same schema.
    """

    def __init__(
        self, schema: Schema, attempt: Attempt, dialect: Dialect, shapes: Shapes | None = None
    ) -> None:
        self._schema = schema
        self._attempt = attempt
        self._dialect = dialect
        self._rows = RowMaker(schema, attempt, dialect, shapes=shapes)

    def insert(
        self,
        model: Model,
        values: Mapping[str, Value],
        *,
        satisfying: Sequence[Term] = (),
        replacing: bool = False,
        ignoring: bool = False,
        defying: bool = False,
    ) -> Stored | NoRow:
        """Store a row with these values (`UNNAMED` leaves a column out), for which `satisfying`
        are true, and whatever it needs beside them. A `FRESH` value of a foreign key's column
        refers to no row. `defying`: see `Parents.is_defying`."""
        asked = {column: self._asked(model, column, value) for column, value in values.items()}
        for key in self._rows.shape(model).references:
            if any(isinstance(asked.get(column), given.Loose) for column in key.columns):
                asked.update(_all_loose(asked, key.columns))
        verb: Verb = "replace" if replacing else "ignore" if ignoring else "insert"
        return self._rows.insert(model, asked, satisfying=satisfying, verb=verb, defying=defying)

    def _asked(self, model: Model, column: str, value: Value) -> given.Given:
        shape = self._rows.shape(model)
        if isinstance(value, Unnamed):
            return given.UNNAMED
        if isinstance(value, Written):
            return given.Sql(value.sql)
        if isinstance(value, Fresh):
            fresh = self.fresh(model, column)
            return given.Loose(fresh) if column in shape.referring else given.FRESH
        return value  # type: ignore[no-any-return]  # what rules give is a value then

    def there(self, model: Model, values: Mapping[str, Value]) -> Row | None:
        """A row that has these values, as the database compares them."""
        columns = list(self._rows.shape(model).fields)
        names = ", ".join(quoted_name(column, self._dialect) for column in columns)
        wanted = " AND ".join(
            f"{quoted_name(column, self._dialect)} = {self.literal(model, column, value)}"
            for column, value in values.items()
        )
        table = named_table(model, self._dialect)
        try:
            rows = self._attempt.rows(f"SELECT {names} FROM {table} WHERE {wanted}")
        except NotProvable:  # it cannot be compared with such a value
            return None
        return dict(zip(columns, rows[0], strict=True)) if rows else None

    def moved(self, made: Stored, values: Mapping[str, Value]) -> Stored:
        """A stored row as it is called once some of its values have changed."""
        row = {**made.values, **values}
        where = address(made.model, row, [*row], self._dialect)
        return msgspec.structs.replace(made, values=row, where=where)

    def found(self, made: Stored, conditions: Sequence[Term]) -> Row | None:
        """A stored row after a change, by its address; None where it is not there any more, or the
        conditions are not true of it."""
        columns = list(self._rows.shape(made.model).fields)
        names = ", ".join(quoted_name(column, self._dialect) for column in columns)
        both = " AND ".join(f"({term.sql(self._dialect)})" for term in conditions)
        table = named_table(made.model, self._dialect)
        query = f"SELECT {names} FROM {table} WHERE ({made.where}) AND {both}"
        rows = self._attempt.rows(query)
        return dict(zip(columns, rows[0], strict=True)) if len(rows) == 1 else None

    def proposed(
        self,
        model: Model,
        conditions: Sequence[Term],
        row: Mapping[str, Any],
        columns: Sequence[str] = (),
        *,
        defying: bool = False,
    ) -> Iterator[Mapping[str, Any]]:
        """Values of columns with which the stored `row` would satisfy the conditions; of its key
        those in `columns` only. `defying`: see `Parents.is_defying`."""
        shape = self._rows.shape(model)
        asked = [of_caller(model, term, shape.facts) for term in conditions]
        target = _Existing(shape, asked, row, columns)
        columns = [column for column in shape.fields if target.is_variable(column)]
        found_by = assignments(target, columns, stored=True, alone=defying)
        for number, found in enumerate(found_by):
            if number >= _MOST_PROPOSED:
                return
            plain = {
                column: next(shape.candidates(column), None)
                if isinstance(value, given.Marker)
                else value
                for column, value in found.items()
            }
            yield {c: value for c, value in plain.items() if not isinstance(value, given.Sql)}

    def parents(self, model: Model, row: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
        """Store the rows at which a row with these values would point by keys over `columns`, as
        far as they are not there: what was accepted."""
        made: list[str] = []
        for key in self._rows.shape(model).references:
            parent = next((one for one in self._schema.models if one.table == key.table), None)
            wanted = {
                reference: row.get(column)
                for column, reference in zip(key.columns, key.references, strict=False)
            }
            if parent is None or not set(columns) & set(key.columns) or None in wanted.values():
                continue
            there = self._rows.rows(parent)
            if any(all(same(one[at]) == same(wanted[at]) for at in wanted) for one in there):
                continue
            stored = self._rows.insert(parent, wanted)
            made += stored.statements if isinstance(stored, Stored) else ()
        return made

    def others(
        self,
        model: Model,
        columns: Sequence[str],
        row: Mapping[str, Any],
        conditions: Sequence[Term] = (),
    ) -> Iterator[Mapping[str, Any]]:
        """Values with which the stored `row` would differ from what it is in every one of
        `columns` (and satisfy the conditions): those of other parents first, then what is near to
        it, then what the table's conditions propose, and at last a text in other letters."""
        shape = self._rows.shape(model)
        seen: list[Mapping[str, Any]] = []
        if columns and all(is_always_counted(shape.fields[one]) for one in columns):
            # To nothing else can a writer change it; the first numbers may be taken.
            yield from [dict.fromkeys(columns, UNNAMED)] * _MOST_COUNTED
        for found in chain(
            self._pointing_elsewhere(shape, columns, row),
            self._next_to(shape, columns, row) if not conditions else (),
            self.proposed(model, [*_differing(columns, row), *conditions], row, columns),
        ):
            if found in seen or any(same(found.get(one)) == same(row[one]) for one in columns):
                continue
            gone = [one for one in columns if one in found and found[one] is None]
            if not all(shape.fields[one].nullable for one in gone):
                continue  # there is no other value
            seen.append(found)
            yield found
        known = shape.facts.column(columns[0]) if len(columns) == 1 and not conditions else None
        text = row[columns[0]] if known is not None and known.ignore_case else None
        if isinstance(text, str) and text.swapcase() != text:
            yield {columns[0]: text.swapcase()}

    def _pointing_elsewhere(
        self, shape: Shape, columns: Sequence[str], row: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        for key in shape.references:
            parent = next((one for one in self._schema.models if one.table == key.table), None)
            if parent is None or not set(key.columns) <= set(columns):
                continue
            rest = [one for one in columns if one not in key.columns]
            for there in self._rows.rows(parent)[:_MOST_PARENTS]:
                ends = zip(key.columns, key.references, strict=True)
                yield {
                    **{column: there[reference] for column, reference in ends},
                    **{one: self.fresh(shape.model, one) for one in rest},
                }

    def _next_to(
        self, shape: Shape, columns: Sequence[str], row: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        fresh = {column: self.fresh(shape.model, column) for column in columns}
        yield fresh
        for step in range(_MOST_NEAR):
            found = {}
            for column in columns:
                near = [*_beside(row[column]), *islice(shape.candidates(column), _MOST_NEAR)]
                plain = [one for one in near if not isinstance(one, given.Sql)]
                found[column] = plain[step] if step < len(plain) else fresh[column]
            yield found

    def fresh(self, model: Model, column: str) -> Value:
        """A value of the column's type that no row has there, nor a row that it could refer to;
        None where there is none left."""
        shape = self._rows.shape(model)
        taken = {same(row[column]) for row in self._rows.rows(model)}
        for key in shape.references:
            parent = next((one for one in self._schema.models if one.table == key.table), None)
            if column in key.columns and parent is not None:
                reference = key.references[key.columns.index(column)]
                taken |= {same(row[reference]) for row in self._rows.rows(parent)}
        # The first may be what the row itself gets for its key, and then it points at itself.
        own = any(key.table == model.table and column in key.columns for key in shape.references)
        free = (
            value
            for value in shape.candidates(column)
            if not isinstance(value, given.Sql) and same(value) not in taken
        )
        return next(islice(free, int(own), None), None)

    def literal(self, model: Model, column: str, value: Value) -> str:
        """The value as SQL."""
        if isinstance(value, Written):
            return value.sql
        return literal(value, self._rows.shape(model).fields[column], self._dialect)


class _Existing:
    """A stored row whose values are to become others."""

    def __init__(
        self, shape: Shape, asked: Sequence[RowCondition], row: Row, columns: Sequence[str]
    ) -> None:
        self.shape = shape
        self.asked = asked
        self._row = row
        self._columns = columns

    def is_variable(self, column: str) -> bool:
        """Whatever is not worked out by the database, and is no key of the row's, or is asked for
        by name."""
        named = column in self._columns or column not in self.shape.key
        return self.shape.fields[column].generated is None and named

    def may_be_null(self, column: str) -> bool:
        """Whether the column takes NULL."""
        return self.shape.fields[column].nullable

    def current(self, column: str) -> given.Value:
        """What the row holds."""
        return self._row[column]

    def pointed_at(self, column: str) -> list[given.Value]:
        """Nothing: an update is not to point elsewhere, unless it is told where."""
        return []


def is_always_counted(field: Field) -> bool:
    """Whether only the database gives the column numbers: GENERATED ALWAYS AS IDENTITY."""
    return field.default is not None and field.default.kind == "sequence" and field.default.always


def _all_loose(asked: Mapping[str, given.Given], columns: Sequence[str]) -> dict[str, given.Given]:
    """The plain values of a foreign key's columns, so that no parent is made for them."""
    return {
        column: given.Loose(value)
        for column in columns
        if (value := asked.get(column)) is not None
        and not isinstance(value, (given.Marker, given.Sql, given.Loose))
    }


def _differing(columns: Sequence[str], row: Mapping[str, Any]) -> list[Term]:
    """That the columns have other values than in the row, as far as conditions know such values."""
    found: list[Term] = []
    for column in columns:
        value = scalar_of(row[column])
        if value is not None or row[column] is None:
            found.append(Compare("is distinct from", Column(column), Literal(value)))
    return found


def _beside(value: object) -> list[Any]:
    """What is near to a value: a guard may look at which of the two is greater."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float, Decimal)):
        return [value + 1, value - 1, -value, value + 10, value - 10, value + 100]
    return []
