"""Everything that the statements read so far have made, and look-ups by name.

Look-ups know how each database compares names. PostgreSQL: exactly, once folded. The others
without regard to letter case, save that MySQL's tables may differ in nothing else. The default
schema (`public`, `main`, `dbo`) is the same as none.

What refers to what is looked up in lists that only grow; each look-up leaves out what is there no
more. So the replay of a file takes time in proportion to its length.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from schemalint.dialects.default_schemas import DEFAULT_SCHEMAS
from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.entries import Column, Table, UserType
from schemalint.loaders.sql.statements import CreateFunction
from schemalint.model import Dialect, ForeignKey, Grant, Opaque

_Found = TypeVar("_Found")
Key = tuple[str | None, str]
"""A schema (None: the default one) and a name, both folded."""

_EXACT = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


class Catalog:
    """Everything there is, and the schema that names without one belong to.

    Attributes:
        tables: tables and views together, which share their names.
        routines: every function and procedure that was made under a name and not dropped: which of
            them a call means is not told.
        indexes: PostgreSQL and SQLite: which table an index, by its key, is of.
        triggers: which table a trigger, by its folded name, is of, where no other has one of that
            name (not PostgreSQL).
        functions: those that triggers call, which have no arguments.
        triggered: the tables that have had a trigger, by identity.
        only: the statement is of a table alone (ONLY): its heirs are then not seen.
        numbers: how far automatic names of a schema were counted; empty after a name has become
            free.
        constrained: the tables that have had a constraint of a name, by identity.
        grants: MySQL's on all tables of a schema (None: of any), those to come included.
        collations: those that were made, by their folded names: what they compare as.
        database_collations: MySQL's defaults for new tables, by the database's name (None: of the
            one that statements without USE are run in).
        opaque: what was not understood, with the tables as they are called now.
        schema: the current schema, None for the default one.
    """

    def __init__(self, dialect: Dialect | None) -> None:
        self.dialect = dialect
        self.exact = dialect in _EXACT
        self.default_schema = DEFAULT_SCHEMAS.get(dialect or Dialect.POSTGRESQL)
        self.schema: str | None = None
        self.tables: dict[Key, Table] = {}
        self.types: dict[Key, UserType] = {}
        self.functions: dict[Key, CreateFunction] = {}
        self.routines: dict[Key, list[CreateFunction]] = {}
        self.indexes: dict[Key, Table] = {}
        self.triggers: dict[str, Table] = {}
        self.triggered: dict[int, Table] = {}
        self.grants: list[tuple[str | None, Grant]] = []
        self.opaque: list[Opaque] = []
        self.only = False
        self.collations: dict[str, str] = {}
        self.database_collations: dict[str | None, str] = {}
        self._table_exact = self.exact or dialect in (Dialect.MYSQL, Dialect.MARIADB)
        self.numbers: dict[str | None, dict[str, int]] = {}
        self.constrained: dict[Key, dict[int, Table]] = {}
        self._lower: dict[Key, Key] = {}
        self._referring: dict[Key, dict[int, Table]] = {}
        self._obscured: set[str] = set()

    # -- names

    def fold(self, name: str) -> str:
        """What two spellings of one column, constraint or index have in common."""
        return name if self.exact else name.lower()

    def fold_table(self, name: str) -> str:
        """What two spellings of one table have in common."""
        return name if self._table_exact else name.lower()

    def collation(self, name: str | None) -> str | None:
        """What a collation compares as."""
        return name if name is None else self.collations.get(self.fold(name), name)

    def collation_in(self, schema: str | None) -> str | None:
        """What tables made in a database compare by that name no collation. A script that makes a
        database and does not say USE is run in the one that it makes."""
        found = self.database_collations
        if schema is None and None not in found and self.schema is None:
            return next(reversed(found.values()), None)
        return found.get(schema)

    def schema_of(self, name: TableName) -> str | None:
        """The schema in which `name` is made; None for the default one."""
        schema = name.schema
        if schema is None:
            return self.schema
        return None if self.fold(schema) == self.default_schema else schema

    def key(self, name: TableName) -> Key:
        """The key of what is made under `name`."""
        return (self._folded(self.schema_of(name)), self.fold_table(name.name))

    def key_in(self, schema: str | None, name: str) -> Key:
        """The key of `name` in a schema that is known (None: the default one)."""
        return (self._folded(schema), self.fold_table(name))

    def _folded(self, schema: str | None) -> str | None:
        return None if schema is None else self.fold(schema)

    # -- look-ups

    def table(self, name: TableName) -> Table | None:
        """The table or view called `name`, or None."""
        return self._find(self.tables, name)

    def type(self, name: TableName) -> UserType | None:
        """The type called `name`, or None."""
        return self._find(self.types, name)

    def function(self, name: TableName) -> CreateFunction | None:
        """The trigger's function called `name`, or None."""
        return self._find(self.functions, name)

    def routines_called(self, name: TableName) -> list[CreateFunction]:
        """The functions and procedures called `name`."""
        return self._find(self.routines, name) or []

    def index_table(self, name: TableName) -> Table | None:
        """The table that the index called `name` is of, or None."""
        return self._find(self.indexes, name)

    def _find(self, among: dict[Key, _Found], name: TableName) -> _Found | None:
        key = self.key(name)
        found = among.get(key)
        if found is None and name.schema is None and self.schema is not None:
            key = (None, key[1])
            found = among.get(key)
        if found is None and self._table_exact and not self.exact:
            spelled = self._lower.get((key[0], key[1].lower()))
            return None if spelled is None else among.get(spelled)
        return found

    def column(self, table: Table, name: str) -> Column | None:
        """The column of `table` called `name`, or None."""
        return table.columns.get(self.fold(name))

    def has(self, table: Table) -> bool:
        """Whether `table` is still there."""
        return self.tables.get(self.key_in(table.schema, table.name)) is table

    def descendants(self, table: Table) -> list[Table]:
        """The tables that inherit from `table` or are parts of it, and theirs in turn."""
        found: dict[int, Table] = {}
        waiting = self.children(table)
        while waiting:
            child = waiting.pop()
            if id(child) not in found:
                found[id(child)] = child
                waiting += self.children(child)
        return list(found.values())

    def children(self, table: Table) -> list[Table]:
        """The tables that inherit from `table` or are parts of it; not theirs in turn."""
        if self.only or not table.children:
            return []
        return [
            child
            for child in table.children
            if self.has(child)
            and (child.partition_of is table or any(one is table for one in child.parents))
        ]

    def foreign_keys_to(self, table: Table) -> list[tuple[Table, int, ForeignKey]]:
        """The foreign keys to `table`: of which table, the how many-th there, and the key."""
        target = self.key_in(table.schema, table.name)
        return [
            (other, at, key)
            for other in self._referring.get(target, {}).values()
            if self.has(other)
            for at, key in enumerate(other.foreign_keys)
            if self.key_in(key.schema, key.table) == target
        ]

    def views_of(self, table: Table) -> list[Table]:
        """The views that read the table or view, whatever it is called by now."""
        found = {
            id(view): view
            for view in table.readers
            if self.has(view) and any(one is table for one in view.sources)
        }
        return list(found.values())

    def columns_of(self, kind: UserType) -> list[tuple[Table, Column]]:
        """The columns that are of a type, each with its table."""
        return [
            (table, column)
            for table in kind.tables.values()
            if self.has(table)
            for column in table.columns.values()
            if column.user_type is kind
        ]

    def defaults_of(self, kind: UserType) -> list[tuple[Table, Column]]:
        """The columns whose default is still a value of a type that they are no longer of."""
        return [
            (table, column)
            for table in kind.tables.values()
            if self.has(table)
            for column in table.columns.values()
            if column.default is not None and any(one is kind for one in column.default_types)
        ]

    def trigger_table(self, trigger: str) -> Table | None:
        """The table that has the trigger, where triggers' names are the schema's own."""
        folded = self.fold(trigger)
        table = self.triggers.get(folded)
        if table is None or folded not in table.triggers or not self.has(table):
            return None
        return table

    def grants_on(self, table: Table) -> list[Grant]:
        """The grants on all tables that reach `table`."""
        return [grant for schema, grant in self.grants if schema in (None, table.schema)]

    # -- changes

    def add_table(self, table: Table) -> None:
        """Make `table` known under its name."""
        key = self.key_in(table.schema, table.name)
        self.tables[key] = table
        self._lower[key[0], key[1].lower()] = key

    def remove_table(self, table: Table) -> None:
        """Forget `table`, its indexes, and what was not understood of it alone."""
        del self.tables[self.key_in(table.schema, table.name)]
        self.numbers.clear()
        self.triggered.pop(id(table), None)
        for one in (*table.uniques, *table.indexes, table.primary_key):
            if one is not None and one.name is not None:
                self.indexes.pop(self.key_in(table.schema, one.name), None)
        if table.name in self._obscured:
            self.opaque = [one for one in self.opaque if one.tables != (table.name,)]

    def rename_table(self, table: Table, name: str, schema: str | None) -> None:
        """Give `table` another name or schema, and with it what was not understood of it."""
        old = table.name
        del self.tables[self.key_in(table.schema, old)]
        self.numbers.clear()
        table.name, table.schema = name, schema
        self.add_table(table)
        if old not in self._obscured:
            return
        self._obscured.add(name)
        self.opaque = [
            msgspec.structs.replace(
                one, tables=tuple([name if each == old else each for each in one.tables])
            )
            if old in one.tables
            else one
            for one in self.opaque
        ]

    def set_column(self, table: Table, column: Column) -> None:
        """Give `table` a column, in the place of one of that name."""
        table.columns[self.fold(column.name)] = column
        if column.user_type is not None:
            column.user_type.tables[id(table)] = table

    def add_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Give `table` a foreign key."""
        table.foreign_keys.append(key)
        self.note_reference(table, key)

    def remove_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Take a foreign key away from `table`."""
        table.foreign_keys[:] = [one for one in table.foreign_keys if one is not key]
        self.forget_names(table)

    def forget_names(self, table: Table) -> None:
        """Collect the names of the constraints of `table` anew: some are not taken any more."""
        table.names = None
        self.numbers.clear()

    def note_reference(self, table: Table, key: ForeignKey) -> None:
        """Remember to what a foreign key of `table` refers (now)."""
        self._referring.setdefault(self.key_in(key.schema, key.table), {})[id(table)] = table

    def understood(self, view: Table) -> None:
        """Forget that the columns of `view` could not be told: it gets another query."""
        if view.name in self._obscured:
            self.opaque = [
                one for one in self.opaque if one.kind != "query" or one.tables != (view.name,)
            ]

    def obscure(self, opaque: Opaque) -> None:
        """Keep something that was not understood."""
        self.opaque.append(opaque)
        self._obscured.update(opaque.tables)
