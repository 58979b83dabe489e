"""What listeners run when tables are created: `DDL(...)`, and texts on the connection."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.arguments import path_of
from schemalint.loaders.sqlmodel.column_types.compiled_types import DATABASES
from schemalint.loaders.sqlmodel.declarations.metadata import is_metadata
from schemalint.loaders.sqlmodel.declarations.references import column_of, table_of
from schemalint.loaders.sqlmodel.drafts import Gap, StatementDraft
from schemalint.loaders.sqlmodel.evaluation.connections import (
    CONNECTION,
    METADATA,
    TABLE,
    Heard,
    Text,
    Untold,
    statement,
)
from schemalint.loaders.sqlmodel.listeners import CREATED, Listener
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    Constant,
    External,
    FunctionValue,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.declarations.declared_tables import DeclaredTable
    from schemalint.loaders.sqlmodel.declarations.tables import Tables
    from schemalint.loaders.sqlmodel.project import Project

# Events at which a listener gets hold of a table, or of a part of one, that is being made.
_MAKING = words(
    "before_parent_attach after_parent_attach instrument_class class_instrument mapper_configured "
    "after_mapper_constructed before_mapper_configured before_configured after_configured"
)
# What such a listener changes the table by.
_CHANGING = words(
    "append_column append_constraint Column mapped_column Index UniqueConstraint CheckConstraint "
    "ForeignKeyConstraint Table"
)
_RENAMING = words("name key nullable type unique index schema")


class Target(msgspec.Struct, frozen=True):
    """What a listener listens to: one table, or (None) a MetaData, and so all of them."""

    table: DeclaredTable | None


def statements_of_listeners(project: Project, tables: Tables) -> list[StatementDraft]:
    """The SQL that listeners run, in its order. What could not be told of them is a gap of the
    table that they listen to, or of the project."""
    found: list[StatementDraft] = []
    for listener, own in project.listeners():
        if listener.event in CREATED:
            found += _Created(listener, project, tables, own=own).statements()
        elif own and listener.event in _MAKING and _changes(listener):
            reason = f"what a listener changes at `{listener.event}` is not followed"
            project.tell(Gap(span=listener.span, reason=reason, removes=True))
    return found


class _Created:
    """One listener at the creation of tables."""

    def __init__(self, listener: Listener, project: Project, tables: Tables, *, own: bool) -> None:
        self._listener = listener
        self._project = project
        self._tables = tables
        self._own = own

    def statements(self) -> Iterator[StatementDraft]:
        listener = self._listener
        targets = list(self._targets())
        if not targets and self._own and not path_of(listener.target).startswith("sqlalchemy."):
            reason = "what this listener listens to could not be told"
            if isinstance(listener.target, Unresolved):
                reason = f"{reason}: {listener.target.reason}"
            self._tell(listener.span, reason, None)
        for target in targets:
            for one in self._run(target):
                if isinstance(one, Untold):
                    self._tell(one.span, one.reason, target.table, one.only_on)
                elif not listener.certain:
                    reason = "whether this is run depends on how the program runs"
                    self._tell(one.span, reason, target.table, one.only_on)
                else:
                    yield self._draft(one, target)

    def _targets(self) -> Iterator[Target]:
        value = self._listener.target
        if path_of(value) == TABLE and not isinstance(value, Call):
            yield from (Target(one) for one in self._tables.declared)
            return
        table = self._table(value)
        if table is not None:
            yield Target(table)
        elif _is_metadata(value) and (self._own or self._is_ours(value)):
            yield Target(None)

    def _table(self, value: Value) -> DeclaredTable | None:
        """The table that is listened to. One of a module that nothing imports is looked for among
        those that are there: by the listener alone, it is not one of the schema."""
        if isinstance(value, Attribute) and value.name == "table":  # `User.name.table`
            column = value.of
            if not self._own and isinstance(column, Attribute):
                return self._tables.known(column.of)
            found = column_of(column, self._tables)
            known = None if found is None else found[0]
        elif not self._own:
            return self._tables.known(value)
        else:
            known = table_of(value, self._tables)
        return None if known is None else self._tables.declared_named(known.schema, known.table)

    def _is_ours(self, value: Value) -> bool:
        """Whether a module that declares tables has the metadata."""
        files = {id(module.file) for module in self._project.table_modules()}
        of = value.of if isinstance(value, Attribute) else value
        module = self._project.module(getattr(of, "module", ""))
        return path_of(value).startswith("sqlmodel.") or (
            module is not None and id(module.file) in files
        )

    def _run(self, target: Target) -> Iterator[Text | Untold]:
        """What is run, each with the databases that it is run on."""
        heard = self._listener.heard
        if not isinstance(heard, FunctionValue):
            found = statement(heard, target=True)
            if isinstance(found, Untold) or (isinstance(found, Text) and found.filled):
                yield found
            else:
                yield Untold(heard.span, f"what `{heard.span.text[:60]}` does is not followed")
            return
        by_database = {name: self._followed(heard, target, name) for name in DATABASES}
        for one in dict.fromkeys(one for run in by_database.values() for one in run):
            on = tuple(
                name
                for name, run in by_database.items()
                if one in run and (one.only_on is None or name in one.only_on)
            )
            yield msgspec.structs.replace(one, only_on=None if len(on) == len(DATABASES) else on)

    def _followed(
        self, function: FunctionValue, target: Target, database: str
    ) -> Sequence[Text | Untold]:
        heard = Heard(before=self._listener.event == "before_create")
        span = self._listener.span
        connection = External(span=span, path=CONNECTION + database)
        self._project.listen(heard, function, (_table_value(target, span), connection))
        return heard.run

    def _draft(self, text: Text, target: Target) -> StatementDraft:
        table = target.table if text.target else None
        return StatementDraft(
            span=text.span,
            only_on=text.only_on,
            sql=text.sql,
            filled=text.filled,
            table=None if table is None else table.table,
            schema=None if table is None else table.schema,
            context=text.context,
            before=self._listener.event == "before_create",
            imported=self._own,
        )

    def _tell(
        self,
        span: Span,
        reason: str,
        table: DeclaredTable | None,
        only_on: tuple[str, ...] | None = None,
    ) -> None:
        gap = Gap(span=span, reason=reason, removes=True, only_on=only_on)
        if table is None:
            self._project.tell(gap)
        else:
            table.gaps.append(gap)


def _table_value(target: Target, span: Span) -> Value:
    """The table, or the MetaData, that a listener's function is given."""
    if target.table is None:
        return External(span=span, path=METADATA)
    return Call(
        span=span,
        callee=External(span=span, path=TABLE),
        args=(Constant(span=span, value=target.table.table),),
        keywords=(("schema", Constant(span=span, value=target.table.schema)),),
    )


def _is_metadata(value: Value) -> bool:
    if is_metadata(value):
        return True
    if isinstance(value, Attribute):
        return value.name == "metadata"
    return isinstance(value, External) and value.path.endswith(".metadata")


def _changes(listener: Listener) -> bool:
    """Whether a listener looks as if it changed tables. What a constraint is called is of no
    matter."""
    heard = listener.heard
    if not isinstance(heard, FunctionValue):
        return False
    names = _RENAMING
    if path_of(listener.target).endswith(("Constraint", ".Index")):
        names = names - {"name"}
    for node in ast.walk(heard.node):
        found = False
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            found = (name.id if isinstance(name, ast.Name) else name) in _CHANGING
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found = node.attr in names
        if found:
            return True
    return False
