"""Which column of which table a value stands for: `User.email`, `users.c.email`, `"email"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from schemalint.loaders.sqlmodel.arguments import path_of, text_of
from schemalint.loaders.sqlmodel.column_types.type_decorators import stored
from schemalint.loaders.sqlmodel.declarations.sql_text import ColumnName
from schemalint.loaders.sqlmodel.drafts import TypeDraft
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    External,
    FunctionValue,
    Subscript,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_COLLECTIONS = frozenset({"c", "columns"})


class TableColumns(msgspec.Struct, frozen=True, kw_only=True):
    """A table's columns, by SQLAlchemy's key and by the class's attribute.

    `owners` are the tables that attributes have their columns in where that is another one: those
    of the parents of a class with a table of its own (joined-table inheritance).
    """

    table: str
    schema: str | None = None
    by_key: dict[str, ColumnName] = {}
    by_attribute: dict[str, ColumnName] = {}
    owners: dict[str, TableColumns] = {}

    def physical(self, name: str) -> ColumnName | None:
        """The column of this physical name."""
        return next((one for one in self.by_key.values() if one.name == name), None)


class References(Protocol):
    """All tables of the project."""

    def of_class(self, cls: ClassValue) -> TableColumns | None:
        """The columns of a mapped class; None where it has no table that is known."""
        ...

    def of_call(self, call: Call) -> TableColumns | None:
        """The columns of a `Table(...)`."""
        ...

    def of_table(self, schema: str | None, table: str) -> TableColumns | None:
        """The columns of the table of this name."""
        ...

    def of_value(self, value: Value) -> tuple[TableColumns, ColumnName] | None:
        """The column that a value stands for."""
        ...


def table_of(value: Value, references: References) -> TableColumns | None:
    """The table that a value is: a class, `Class.__table__`, `Table(...)`, or the one of a name in
    `metadata.tables`."""
    if isinstance(value, ClassValue):
        return references.of_class(value)
    if isinstance(value, Call) and path_of(value) == "sqlalchemy.Table":
        return references.of_call(value)
    if isinstance(value, Attribute) and value.name == "__table__":
        return table_of(value.of, references)
    if isinstance(value, Subscript) and len(value.items) == 1:
        name, of = text_of(value.items[0]), value.of
        if name is not None and isinstance(of, Attribute | External) and _is_tables(of):
            schema, _, table = name.rpartition(".")
            return references.of_table(schema or None, table)
    return None


def _is_tables(value: Attribute | External) -> bool:
    """Whether it is `metadata.tables`."""
    name = value.name if isinstance(value, Attribute) else value.path.rpartition(".")[2]
    return name == "tables"


def column_of(value: Value, references: References) -> tuple[TableColumns, ColumnName] | None:
    """The column that `Class.attribute`, `table.c.key` or `table.c["key"]` is."""
    if isinstance(value, Call) and path_of(value) == "sqlmodel.col" and value.args:
        return column_of(value.args[0], references)
    if isinstance(value, Subscript) and len(value.items) == 1:
        name, collection = text_of(value.items[0]), value.of
    elif isinstance(value, Attribute):
        if isinstance(value.of, ClassValue):
            table = references.of_class(value.of)
            found = table.by_attribute.get(value.name) if table is not None else None
            if table is None or found is None:
                return None
            return table.owners.get(value.name, table), found
        name, collection = value.name, value.of
    else:
        return None
    if not isinstance(collection, Attribute) or collection.name not in _COLLECTIONS:
        return None
    table = table_of(collection.of, references)
    found = table.by_key.get(name) if table is not None and name is not None else None
    return (table, found) if table is not None and found is not None else None


class View:
    """What the constraints of one table see: its own columns, and all others behind them.

    `bases` are the classes whose attributes are this table's: the class and its bases.
    """

    def __init__(
        self,
        own: TableColumns,
        references: References,
        project: Project,
        *,
        bases: tuple[ClassValue, ...] = (),
        conventions: dict[str, str] | None = None,
        metadata_schema: str | None = None,
    ) -> None:
        self.own = own
        self.references = references
        self.conventions = conventions or {}
        self.metadata_schema = metadata_schema
        self.bases = bases
        self._project = project
        self._bases = [(base.module, base.name, base.node) for base in bases]

    def column(self, value: Value) -> ColumnName | None:
        """This table's column that a value is; see `Columns`."""
        if isinstance(value, Attribute) and isinstance(value.of, ClassValue):
            of = value.of
            if (of.module, of.name, of.node) in self._bases:
                return self.own.by_attribute.get(value.name)
        if isinstance(value, Call) and path_of(value) == "sqlmodel.col" and value.args:
            return self.column(value.args[0])
        found = self.references.of_value(value)
        if found is None:
            return None
        table, column = found
        same = (table.schema, table.table) == (self.own.schema, self.own.table)
        return column if same else None

    def named(self, name: str) -> ColumnName | None:
        """This table's column of SQLAlchemy's key `name`."""
        return self.own.by_key.get(name) or self.physical(name)

    def physical(self, name: str) -> ColumnName | None:
        """This table's column of the physical name `name`."""
        return self.own.physical(name)

    def stored(self, value: Value, kind: TypeDraft | None) -> Value:
        """What is stored for a value of the program in a column of this type."""
        return stored(value, kind, self._project)

    def called(self, value: Value) -> Value:
        """What a lambda returns; any other value itself."""
        if isinstance(value, FunctionValue):
            return self._project.call(value)
        return value
