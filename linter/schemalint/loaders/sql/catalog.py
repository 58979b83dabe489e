"""What the statements read so far have made: tables, types, functions, and look-ups by name.

Keys, checks and foreign keys are those of the common AST already; columns are not, because what
they amount to depends on types and domains that later statements may still change.

Look-ups know how each database compares names. PostgreSQL: exactly, once folded. The others
without regard to letter case, save that MySQL's tables may differ in nothing else. The default
schema (`public`, `main`, `dbo`) is the same as none.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

from schemalint.loaders.sql.clauses import (
    CheckClause,
    GeneratedClause,
    Name,
    Sql,
    TableName,
    TypeName,
)
from schemalint.loaders.sql.statements import CreateFunction, CreateTrigger
from schemalint.model import (
    Check,
    Dialect,
    Exclusion,
    ForeignKey,
    Grant,
    Index,
    Opaque,
    PrimaryKey,
    Unique,
)
from schemalint.source import Span

_Found = TypeVar("_Found")
Key = tuple[str | None, str]
"""A schema (None: the default one) and a name, both folded."""

_EXACT = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
_DEFAULT_SCHEMAS = {
    None: "public",
    Dialect.POSTGRESQL: "public",
    Dialect.COCKROACHDB: "public",
    Dialect.SQLITE: "main",
    Dialect.SQLSERVER: "dbo",
}


class UserType(msgspec.Struct):
    """A type of the schema's own; columns hold the object itself, so that they follow a rename.

    `kind` is `enum` (then `values` are its values), `domain` (then `base` and what stands below
    it) or `other` (composite, range, base types).
    """

    name: str
    schema: str | None
    span: Span
    name_span: Span
    kind: Literal["enum", "domain", "other"]
    values: list[Name] = []
    base: TypeName | None = None
    base_type: UserType | None = None
    not_null: Span | None = None
    default: Sql | None = None
    default_span: Span | None = None
    collation: str | None = None
    checks: list[CheckClause] = []
    comment: str | None = None


class Column(msgspec.Struct):
    """A column as the statements left it; `nullable` and `default` are its own, not its domain's.

    `type` is None where SQLite has none. `counts` is what makes it count up: a serial type, an
    identity clause, AUTO_INCREMENT. `inherited`: it comes from a parent table and goes with the
    parent's. `checks` are MariaDB's column checks, which live and die
    with the definition of the column.
    """

    name: str
    span: Span
    name_span: Span
    type: TypeName | None
    user_type: UserType | None = None
    nullable: bool = True
    nullable_span: Span | None = None
    default: Sql | None = None
    default_span: Span | None = None
    generated: GeneratedClause | None = None
    counts: Span | None = None
    collation: str | None = None
    renews: bool = False
    comment: str | None = None
    checks: list[Check] = []
    inherited: bool = False


class TableTrigger(msgspec.Struct):
    """A trigger of a table; what it does is found out at the end, when its function is final."""

    statement: CreateTrigger
    enabled: bool = True


class Table(msgspec.Struct, eq=False):
    """A table or a view.

    `implied` names MySQL's indexes that exist only because a foreign key needs them,
    `own_checks` the checks that PostgreSQL's inheriting tables do not get (NO INHERIT);
    `view_query` is a view's SELECT.
    """

    name: str
    schema: str | None
    span: Span
    name_span: Span
    kind: Literal["model", "view"] = "model"
    columns: dict[str, Column] = {}
    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = []
    indexes: list[Index] = []
    foreign_keys: list[ForeignKey] = []
    checks: list[Check] = []
    exclusions: list[Exclusion] = []
    triggers: dict[str, TableTrigger] = {}
    grants: list[Grant] = []
    implied: set[str] = set()
    own_checks: set[str | None] = set()
    view_query: Sql | None = None
    engine: str | None = None
    collation: str | None = None
    comment: str | None = None
    strict: bool = False
    without_rowid: bool = False
    parents: list[Table] = []
    partition_of: Table | None = None


class Catalog:
    """Everything there is, and the schema that names without one belong to.

    Attributes:
        tables: tables and views together, which share their names.
        indexes: PostgreSQL and SQLite: which table an index, by its key, is of.
        only: the statement is of a table alone (ONLY): its heirs are then not seen.
        inheritance: whether any table has parents or is a part of another.
        grants: MySQL's on all tables of a schema (None: of any), those to come included.
        opaque: what was not understood, with the tables as they are called now.
        schema: the current schema, None for the default one.
    """

    def __init__(self, dialect: Dialect | None) -> None:
        self.dialect = dialect
        self.exact = dialect in _EXACT
        self.default_schema = _DEFAULT_SCHEMAS.get(dialect)
        self.schema: str | None = None
        self.tables: dict[Key, Table] = {}
        self.types: dict[Key, UserType] = {}
        self.functions: dict[Key, CreateFunction] = {}
        self.indexes: dict[Key, Table] = {}
        self.grants: list[tuple[str | None, Grant]] = []
        self.opaque: list[Opaque] = []
        self.inheritance = False
        self.only = False
        self._table_exact = self.exact or dialect in (Dialect.MYSQL, Dialect.MARIADB)

    # -- names

    def fold(self, name: str) -> str:
        """What two spellings of one column, constraint or index have in common."""
        return name if self.exact else name.lower()

    def fold_table(self, name: str) -> str:
        """What two spellings of one table have in common."""
        return name if self._table_exact else name.lower()

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
        """The function called `name`, or None."""
        return self._find(self.functions, name)

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
            lower = key[1].lower()
            for (schema, text), one in among.items():
                if schema == key[0] and text.lower() == lower:
                    return one
        return found

    def column(self, table: Table, name: str) -> Column | None:
        """The column of `table` called `name`, or None."""
        return table.columns.get(self.fold(name))

    def descendants(self, table: Table) -> list[Table]:
        """The tables that inherit from `table` or are parts of it, and theirs in turn."""
        found: list[Table] = []
        waiting = self.children(table)
        while waiting:
            child = waiting.pop(0)
            if all(child is not one for one in found):
                found.append(child)
                waiting += self.children(child)
        return found

    def children(self, table: Table) -> list[Table]:
        """The tables that inherit from `table` or are parts of it; not theirs in turn."""
        if self.only or not self.inheritance:
            return []
        return [
            other
            for other in self.tables.values()
            if other.partition_of is table or any(one is table for one in other.parents)
        ]

    def grants_on(self, table: Table) -> list[Grant]:
        """The grants on all tables that reach `table`."""
        return [grant for schema, grant in self.grants if schema in (None, table.schema)]

    # -- changes

    def add_table(self, table: Table) -> None:
        """Make `table` known under its name."""
        self.tables[self.key_in(table.schema, table.name)] = table
        if table.parents or table.partition_of is not None:
            self.inheritance = True

    def remove_table(self, table: Table) -> None:
        """Forget `table`, its indexes, and what was not understood of it alone."""
        del self.tables[self.key_in(table.schema, table.name)]
        for one in (*table.uniques, *table.indexes, table.primary_key):
            if one is not None and one.name is not None:
                self.indexes.pop(self.key_in(table.schema, one.name), None)
        self.opaque = [one for one in self.opaque if one.tables != (table.name,)]

    def rename_table(self, table: Table, name: str, schema: str | None) -> None:
        """Give `table` another name or schema, and with it what was not understood of it."""
        old = table.name
        del self.tables[self.key_in(table.schema, old)]
        table.name, table.schema = name, schema
        self.tables[self.key_in(schema, name)] = table
        self.opaque = [
            msgspec.structs.replace(
                one, tables=tuple([name if each == old else each for each in one.tables])
            )
            if old in one.tables
            else one
            for one in self.opaque
        ]
