"""What the statements of a migration make, and what has to be there before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from schemalint.loaders.sql.clauses import (
    Column,
    ForeignKeyClause,
    LikeClause,
    TableName,
    TypeName,
)
from schemalint.loaders.sql.parse import read_statements
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterDefault,
    AlterNull,
    AlterTable,
    AlterType,
    Block,
    Comment,
    CreateDomain,
    CreateEnum,
    CreateIndex,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    Drop,
    DropColumn,
    GrantStatement,
    ModifyColumn,
    RenameColumn,
    RenameTable,
    RenameType,
    Statement,
)
from schemalint.model import Dialect, KeyPart
from schemalint.source import SourceFile, Span

_EXACT = (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB)
_DEFAULT_SCHEMAS = ("public", "main", "dbo")

Thing = tuple[str, str, str]
"""`table` or `type`, and its name; `column`, its table and its name. All folded."""


class Step(msgspec.Struct, frozen=True):
    """Something that a statement makes, or needs (`makes` false): what, where, and how it is
    called to people; `of` is the table of a column."""

    thing: Thing
    makes: bool
    span: Span
    shown: str
    of: Thing | None = None


def steps(file: SourceFile, dialect: Dialect | None) -> Iterator[Step]:
    """What the statements of a file make and need, in their order.

    What is guarded is not needed: IF EXISTS, and what stands in a block, which may ask first.
    """
    reader = _Reader(dialect, links_later=_links_later(file, dialect))
    for statement in read_statements(file, dialect):
        yield from reader.steps(statement)


def _links_later(file: SourceFile, dialect: Dialect | None) -> bool:
    """Whether a foreign key may name a table that is not there yet: SQLite looks for it when rows
    are written, MySQL does while its checks are off."""
    return dialect is Dialect.SQLITE or "foreign_key_checks" in file.text.lower()


class _Reader:
    def __init__(self, dialect: Dialect | None, *, links_later: bool) -> None:
        self._exact = dialect in _EXACT
        self._links_later = links_later

    def steps(self, statement: Statement) -> Iterator[Step]:
        if isinstance(statement, CreateTable):
            yield from self._create_table(statement)
        elif isinstance(statement, AlterTable):
            yield from self._alter_table(statement)
        elif isinstance(statement, CreateIndex):
            yield self._table(statement.table)
            yield from self._parts(statement.table, statement.parts)
        elif isinstance(statement, CreateView):
            yield self._table(statement.view, makes=True)
        elif isinstance(statement, CreateTrigger):
            yield self._table(statement.table)
        elif isinstance(statement, CreateEnum | CreateType):
            yield self._type(statement.type, makes=True)
        elif isinstance(statement, CreateDomain):
            yield from self._of_type(statement.type)
            yield self._type(statement.domain, makes=True)
        elif isinstance(statement, RenameType):
            yield self._type(statement.type)
            yield self._type(statement.name, makes=True)
        elif isinstance(statement, AddEnumValue):
            yield self._type(statement.type)
        elif isinstance(statement, Drop):
            if statement.kind == "table" and not statement.if_exists:
                yield from (self._table(name) for name in statement.names)
        elif isinstance(statement, GrantStatement):
            yield from (self._table(name) for name in statement.tables)
        elif isinstance(statement, Comment):
            if statement.kind == "table":
                yield self._table(statement.target)
        elif isinstance(statement, Block):
            for inner in statement.statements:
                yield from (step for step in self.steps(inner) if step.makes)

    def _create_table(self, statement: CreateTable) -> Iterator[Step]:
        table = statement.table
        for parent in (*statement.inherits, statement.partition_of):
            if parent is not None:
                yield self._table(parent)
        yield self._table(table, makes=True)
        for element in statement.elements:
            if isinstance(element, Column):
                yield from self._column_definition(table, element)
            elif isinstance(element, ForeignKeyClause):
                yield from self._target(element)
            elif isinstance(element, LikeClause):
                yield self._table(element.table)

    def _alter_table(self, statement: AlterTable) -> Iterator[Step]:
        table = statement.table
        if not statement.if_exists and statement.actions:
            yield self._table(table)
        for action in statement.actions:
            found = list(self._action(table, action))
            yield from (step for step in found if step.makes or not statement.if_exists)

    def _action(self, table: TableName, action: msgspec.Struct) -> Iterator[Step]:
        if isinstance(action, AddColumn):
            yield from self._column_definition(table, action.column)
        elif isinstance(action, AddConstraint):
            if isinstance(action.constraint, ForeignKeyClause):
                yield from self._target(action.constraint)
        elif isinstance(action, AlterType | AlterNull | AlterDefault):
            yield self._column(table, action.column, action.span)
            if isinstance(action, AlterType):
                yield from self._of_type(action.type)
        elif isinstance(action, DropColumn):
            if not action.if_exists:
                yield self._column(table, action.column, action.span)
        elif isinstance(action, ModifyColumn):
            yield self._column(table, action.column, action.span)
            yield from self._column_definition(table, action.definition)
        elif isinstance(action, RenameColumn):
            yield self._column(table, action.column, action.span)
            yield self._column(table, action.name.text, action.span, makes=True)
        elif isinstance(action, RenameTable):
            yield self._table(action.name, makes=True)

    def _column_definition(self, table: TableName, column: Column) -> Iterator[Step]:
        if column.type is not None:
            yield from self._of_type(column.type)
        for clause in column.clauses:
            if isinstance(clause, ForeignKeyClause):
                yield from self._target(clause)
        yield self._column(table, column.name.text, column.name.span, makes=True)

    def _target(self, key: ForeignKeyClause) -> Iterator[Step]:
        if not self._links_later:
            yield self._table(key.table)

    def _parts(self, table: TableName, parts: Iterable[KeyPart]) -> Iterator[Step]:
        for part in parts:
            if part.column is not None:
                yield self._column(table, part.column, part.span)

    # -- one thing

    def _table(self, name: TableName, *, makes: bool = False) -> Step:
        thing = ("table", self._schema(name.schema), self._folded(name.name))
        return Step(thing, makes, name.span, f"the table `{name.name}`")

    def _type(self, name: TableName, *, makes: bool = False) -> Step:
        thing = ("type", self._schema(name.schema), self._folded(name.name))
        return Step(thing, makes, name.span, f"the type `{name.name}`")

    def _of_type(self, kind: TypeName) -> Iterator[Step]:
        thing = ("type", self._schema(kind.schema), self._folded(kind.name))
        yield Step(thing, False, kind.span, f"the type `{kind.name}`")

    def _column(self, table: TableName, name: str, span: Span, *, makes: bool = False) -> Step:
        of = self._table(table).thing
        thing = ("column", f"{of[1]}.{of[2]}", self._folded(name))
        return Step(thing, makes, span, f"the column `{name}` of `{table.name}`", of)

    def _schema(self, schema: str | None) -> str:
        folded = "" if schema is None else self._folded(schema)
        return "" if folded in _DEFAULT_SCHEMAS else folded

    def _folded(self, name: str) -> str:
        return name if self._exact else name.lower()
