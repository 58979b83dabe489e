"""What the maker of rows knows of one table: what has to be named, what points where, what is
asked of a row. Worked out once; what the database taught is added."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.facts import Facts
from schemalint.condition.quoting import quoted_name
from schemalint.condition.terms import Column, Compare, Is, Literal, Not
from schemalint.condition.values import NUMERIC_TYPES
from schemalint.model import (
    Dialect,
    Field,
    ForeignKey,
    Layer,
    Model,
    PrimaryKey,
    ScalarType,
    Schema,
    Unique,
)
from schemalint.prove.rows.composites import composite_values
from schemalint.prove.rows.given import Marker, Sql, Value
from schemalint.prove.rows.literals import named_table
from schemalint.prove.rows.row_conditions import RowCondition, connected, row_conditions, words_of
from schemalint.prove.rows.stored import Row, Verb, insert_statement
from schemalint.prove.rows.values import series


class Shape:
    """One table, for one dialect.

    Attributes:
        learned: columns that the database wants named, against what the schema says.
        left_out: columns that it does not let anybody name.
        remembered: what satisfied the table's conditions the last time.
        satisfied: what satisfied conditions that were asked for, by their texts.
        judged: whether values satisfy conditions, by the texts of both.
        witnesses: rows that satisfy conditions and have some values, by the texts of both.
    """

    def __init__(self, schema: Schema, model: Model, dialect: Dialect | None) -> None:
        self.schema = schema
        self.model = model
        self.dialect = dialect
        self.learned: set[str] = set()
        self.left_out: set[str] = set()
        self.remembered: dict[str, Value | Sql | Marker] = {}
        self.fields: dict[str, Field] = {field.column: field for field in model.fields}
        self.satisfied: dict[tuple[str, ...], dict[str, Value | Sql | Marker]] = {}
        self.judged: dict[tuple[tuple[str, ...], str], bool | None] = {}
        self.witnesses: dict[tuple[tuple[str, ...], str], Mapping[str, Value]] = {}
        key = model.primary_key
        self.key = frozenset(key.columns) if key is not None else frozenset()
        self._series: dict[str, tuple[Iterator[Value | Sql], list[Value | Sql]]] = {}
        self.uniques: list[tuple[str, ...]] = [
            one.columns
            for one in model.keys
            if not one.expressions and getattr(one, "where", None) is None and one.columns
        ]
        self.alone = frozenset(columns[0] for columns in self.uniques if len(columns) == 1)
        self.in_uniques = frozenset(
            column for one in model.keys for column in self.told_apart_by(one)
        )
        # The widest first: what they settle of shared columns (a tenant), narrower ones follow.
        self.references: list[ForeignKey] = sorted(
            model.foreign_keys, key=lambda key: -len(key.columns)
        )
        self.referring = frozenset(column for one in self.references for column in one.columns)

    def told_apart_by(self, key: PrimaryKey | Unique) -> list[str]:
        """The columns whose values a key compares, itself or through what is computed of them."""
        found = [*key.columns]
        for expression in key.expressions:
            found += words_of(self.model, expression)
        for column in [*found]:
            field = self.fields.get(column)
            if field is not None and field.generated is not None:
                found += words_of(self.model, field.generated.expression)
        return found

    def in_order(self, is_fresh: Callable[[str], bool]) -> list[tuple[int, ForeignKey]]:
        """The foreign keys as they are followed, by their number: where a new parent is wanted, the
        one that says no more than that comes first."""
        keys = list(enumerate(self.references))
        fresh = [pair for pair in keys if any(is_fresh(one) for one in pair[1].columns)]
        return [*reversed(fresh), *[pair for pair in keys if pair not in fresh]]

    def rest_of(
        self, key: ForeignKey, wanted: Collection[str], values: Mapping[str, Value | Sql]
    ) -> list[str]:
        """Of a key with MATCH FULL, whose columns have values all or none: those that need one as
        well, since others have; none where one of them is to be NULL."""
        rest = [one for one in key.columns if one not in values and one not in wanted]
        some = [one for one in key.columns if one in wanted or values.get(one) is not None]
        return rest if key.match == "full" and some and len(some + rest) == len(key.columns) else []

    def goes_on(self, columns: Collection[str], values: Mapping[str, Value | Sql]) -> bool:
        """Whether one of the columns, unnamed, gets another value at the next try: a server's
        sequence goes on after a refusal."""
        return any(column not in values and not self.is_settled(column) for column in columns)

    def forget(self, column: str) -> None:
        """Take back a column that the database does not have, and what is made of it."""
        del self.fields[column]
        self.key = self.key - {column}
        self.uniques = [one for one in self.uniques if column not in one]
        self.references = [one for one in self.references if column not in one.columns]

    @cached_property
    def facts(self) -> Facts:
        """What is known of the columns' types."""
        return Facts.of(self.model, self.schema, dialect=self.dialect)

    @cached_property
    def conditions(self) -> list[RowCondition]:
        """What CHECKs and triggers ask; read only once the database has refused a row."""
        return row_conditions(self.model, self.facts, self.dialect)

    def candidates(self, column: str) -> Iterator[Value | Sql]:
        """The series of values of a column's type; worked out as far as it is asked for."""
        if column not in self._series:
            field = self.fields[column]
            found = series(field, self.dialect, self.facts, self.schema.enums)
            if field.type is ScalarType.UNSUPPORTED and not field.list:
                found = composite_values(field.native, self.schema.files) or found
            self._series[column] = found, []
        source, known = self._series[column]
        place = 0
        while True:
            if place == len(known):
                value = next(source, None)
                if value is None:
                    return
                known.append(value)
            yield known[place]
            place += 1

    def hides_null(self, column: str) -> bool:
        """Whether only the NULL of a query passes the column: its domain of PostgreSQL's refuses
        one that is written (E23b)."""
        field = self.fields[column]
        postgresql = self.dialect is Dialect.POSTGRESQL and field.generated is None
        return postgresql and field.nullable and not field.client_nullable

    def found_null(
        self, values: Mapping[str, Value | Sql], assigned: Collection[str]
    ) -> dict[str, Sql]:
        """Such a NULL for the columns that a search has given none."""
        table = named_table(self.model, self.dialect)
        return {
            column: Sql(f"(SELECT {quoted_name(column, self.dialect)} FROM {table} WHERE false)")
            for column, value in values.items()
            if value is None and column in assigned and self.hides_null(column)
        }

    def takes_text(self, column: str, text: str) -> bool:
        """Whether a text can be a value of the column: of an enum's, only one that it lists."""
        called = self.fields[column].enum
        if called is None or self.dialect not in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
            return True
        values = [one.values for one in self.schema.enums if one.name == called]
        return not values or any(one.stored == text for one in values[0])

    def unlearn(self) -> None:
        """Forget what rows have taught; what was worked out stays."""
        self.learned.clear()
        self.left_out.clear()
        self.remembered.clear()
        self.satisfied.clear()

    def has_default(self, column: str) -> bool:
        """Whether the database itself supplies a value for a column that nobody names."""
        default = self.fields[column].default
        return default is not None and default.layer is Layer.DATABASE

    def default_value(self, column: str) -> Value:
        """The value of a literal default; None for any other, and where there is none."""
        default = self.fields[column].default
        if default is None or default.kind != "literal" or not self.has_default(column):
            return None
        text = default.value
        for enum in self.schema.enums:
            if enum.name == self.fields[column].enum:
                return next((one.stored for one in enum.values if one.name == text), text)
        kind = self.fields[column].type
        untyped = self.dialect is Dialect.SQLITE and kind is ScalarType.UNSUPPORTED
        numeric = kind in NUMERIC_TYPES or (untyped and default.expression == text)
        if numeric and text is not None and text.lstrip("-").isdigit():
            return int(text)
        return {"true": True, "false": False}.get(text, text) if text is not None else None

    @property
    def worked_out(self) -> list[str]:
        """The columns whose default the database works out when a row is stored."""
        return [
            column
            for column, field in self.fields.items()
            if field.default is not None and field.default.kind in ("now", "function", "expression")
        ]

    @property
    def pointing_by_default(self) -> list[str]:
        """The columns of foreign keys that have a default, in the keys' order."""
        columns = [column for key in self.references for column in key.columns]
        return [column for column in dict.fromkeys(columns) if self.has_default(column)]

    def is_settled(self, column: str) -> bool:
        """Whether a column that nobody names has the same value each time the same statements are
        run on an empty table: SQLite's numbers do, a server's sequence goes on after a refusal."""
        default = self.fields[column].default
        if default is None or default.layer is not Layer.DATABASE:
            return True
        if default.kind == "sequence":
            return self.dialect is Dialect.SQLITE
        return default.kind == "literal"

    def may_be_named(self, column: str) -> bool:
        """Whether an INSERT may name the column, as far as is known."""
        return self.fields[column].generated is None and column not in self.left_out

    def is_required(self, column: str) -> bool:
        """Whether an INSERT has to name the column: nothing else gives it a value, or, of a key,
        none that the row could be found by when the statements are run again."""
        field = self.fields[column]
        if not self.may_be_named(column):
            return False
        if column in self.learned or column in self.never_null:
            return True
        if column in self.key:
            return not (self.has_default(column) and self.is_settled(column))
        return not self._takes_null(field) and not self.has_default(column)

    def _takes_null(self, field: Field) -> bool:
        by_domain = self.dialect is Dialect.POSTGRESQL and not field.client_nullable
        return field.nullable and not by_domain

    @cached_property
    def never_null(self) -> frozenset[str]:
        """The columns of unique keys into the table itself that its conditions let not be NULL, and
        that have no default: worked out for these only, since such rows come in circles."""
        alone = [
            column
            for column in self.alone
            for key in self.references
            if key.columns == (column,) and key.table == self.model.table
        ]
        return frozenset(
            column for column in alone if not self.has_default(column) and self._refuse_null(column)
        )

    @cached_property
    def has_room_for_one(self) -> bool:
        """Whether its conditions leave each member of some key one value, so that the table holds
        one row at most."""
        return any(columns and all(map(self._has_one_value, columns)) for columns in self.uniques)

    def _has_one_value(self, column: str) -> bool:
        filled = Given(Not(Is(Column(column), None)))
        about = [one.given for one in connected([column], self.conditions)]
        if not any(column in one.term.columns for one in about):
            return False
        found = satisfiable([*about, filled], self.facts)
        value = found.witness.get(column) if found.witness else None
        other = Given(Compare("is distinct from", Column(column), Literal(value)))
        return value is not None and satisfiable([*about, other], self.facts).answer is False

    def _refuse_null(self, column: str) -> bool:
        about = [one.given for one in self.conditions if column in one.columns]
        null = Given(Is(Column(column), None))
        return bool(about) and satisfiable([*about, null], self.facts).answer is False

    def points_at_own_alone(self, key: ForeignKey) -> bool:
        """Whether each row points at one of the table by a key, and no two at the same."""
        unique = any(set(one) <= set(key.columns) for one in self.uniques)
        return key.table == self.model.table and unique and self.is_required_reference(key)

    @cached_property
    def computed_and_required(self) -> list[str]:
        """The generated columns for which the database has to have a value."""
        return [
            column
            for column, field in self.fields.items()
            if field.generated is not None and not self._takes_null(field)
        ]

    def is_required_reference(self, key: ForeignKey, filled: Collection[str] = ()) -> bool:
        """Whether every row that has values in `filled` has to point somewhere by this key; one
        with MATCH FULL has values in all of its columns or in none."""
        there = [
            column in filled
            or (
                column in self.fields
                and (not self.fields[column].nullable or self.is_required(column))
            )
            for column in key.columns
        ]
        return any(there) if key.match == "full" else all(there)

    def statement(self, values: Mapping[str, Value | Sql], verb: Verb) -> str:
        """The INSERT of a row."""
        columns = {
            quoted_name(column, self.dialect): (self.fields[column], value)
            for column, value in values.items()
        }
        table = named_table(self.model, self.dialect)
        return insert_statement(table, columns, self.dialect, how=verb)

    def rows(self, found: list[tuple[object, ...]]) -> list[Row]:
        """Rows of a query for all columns, by column."""
        return [dict(zip(self.fields, row, strict=True)) for row in found]  # type: ignore[arg-type]  # what a driver returns


Shapes: TypeAlias = dict[tuple[str | None, str, int], Shape]
"""By the tables' names, and by how many columns they are known with."""
