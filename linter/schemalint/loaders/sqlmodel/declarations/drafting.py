"""A declared table to its draft: keys, indexes, constraints and relations, with their names.

The second step; see `declared_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from schemalint.client_claims import ModelClaims
from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, text_of
from schemalint.loaders.sqlmodel.column_types.compiled_types import DATABASES, written_default
from schemalint.loaders.sqlmodel.declarations.constraints import (
    Item,
    PrimaryKeyNames,
    column_foreign_key,
    read_constraint,
)
from schemalint.loaders.sqlmodel.declarations.declared_tables import DeclaredColumn, DeclaredTable
from schemalint.loaders.sqlmodel.declarations.defaults import client_default, server_default
from schemalint.loaders.sqlmodel.declarations.expressions import render
from schemalint.loaders.sqlmodel.declarations.references import View
from schemalint.loaders.sqlmodel.declarations.relationships import read_relationship
from schemalint.loaders.sqlmodel.declarations.replaced_arguments import replaced
from schemalint.loaders.sqlmodel.drafts import (
    CheckDraft,
    ColumnDraft,
    ExclusionDraft,
    ForeignKeyDraft,
    Gap,
    IndexDraft,
    KeyMember,
    RelationDraft,
    ServerDefault,
    TableDraft,
    TypeDraft,
    UniqueDraft,
)
from schemalint.loaders.sqlmodel.emission.naming import Kind, Named, constraint_name
from schemalint.loaders.sqlmodel.emission.table_options import OPTIONS
from schemalint.loaders.sqlmodel.values import Call, Constant
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.declarations.tables import Tables
    from schemalint.loaders.sqlmodel.project import Project

_NO_TYPE = "sqlalchemy.NullType"
_DEEPEST = 20
_Kind = TypeVar("_Kind")


def draft(table: DeclaredTable, tables: Tables, project: Project) -> TableDraft:
    """The table as SQLAlchemy has it once all classes are made."""
    return _Drafting(table, tables, project).draft()


class _Drafting:
    def __init__(self, table: DeclaredTable, tables: Tables, project: Project) -> None:
        self._table = table
        self._tables = tables
        self._project = project
        self._view = _view(table, tables, project)
        self._gaps = list(table.gaps)
        self._items: list[Item] = []

    def draft(self) -> TableDraft:
        table = self._table
        for argument in table.arguments:
            if not is_none(argument):
                self._items.append(read_constraint(argument, self._view))
        key = next((one for one in self._items if isinstance(one, PrimaryKeyNames)), None)
        members = key.columns if key is not None and key.columns else ()
        columns = tuple(self._column(column, members) for column in table.columns)
        for column in table.columns:
            self._add_flags(column)
        foreign_keys = _of(self._items, ForeignKeyDraft)
        comment = table.options.get("comment")
        return TableDraft(
            span=table.span,
            name=table.name,
            table=table.table,
            name_span=table.name_span,
            head_span=table.head_span,
            schema=table.schema,
            schema_untold=table.schema_untold,
            columns=columns,
            primary_key=members,
            primary_key_name=self._primary_key_name(key, columns),
            primary_key_span=key.span if key is not None else None,
            uniques=_of(self._items, UniqueDraft),
            indexes=_of(self._items, IndexDraft),
            foreign_keys=foreign_keys,
            checks=_of(self._items, CheckDraft),
            exclusions=_of(self._items, ExclusionDraft),
            relations=tuple(self._relations(columns, foreign_keys)),
            conventions=table.metadata.conventions,
            options=self._options(),
            comment=text_of(comment),
            doc=table.doc,
            claims=self._claims(columns),
            gaps=(*self._gaps, *_of(self._items, Gap)),
        )

    def _claims(self, columns: tuple[ColumnDraft, ...]) -> ModelClaims:
        table = self._table
        if not table.hidden or self._gaps or _of(self._items, Gap):
            return table.claims  # what is not known may be what a base says
        lost = replaced(table.hidden, self._items, columns, table.options, self._view)
        return msgspec.structs.replace(table.claims, replaced=tuple(lost))

    def _options(self) -> dict[str, str | bool]:
        found: dict[str, str | bool] = {}
        for name, value in self._table.options.items():
            if name in OPTIONS and not is_none(value):
                if isinstance(value, Constant) and isinstance(value.value, str | bool | int):
                    given = value.value
                    found[name] = given if isinstance(given, str) else bool(given)
                else:
                    reason = f"what `{name}` is could not be told"
                    self._gaps.append(Gap(span=value.span, reason=reason))
        return found

    # -- columns

    def _column(self, declared: DeclaredColumn, key: tuple[str, ...]) -> ColumnDraft:
        facts, gaps = declared.column.facts, list(declared.column.facts.gaps)
        keys: list[ForeignKeyDraft] = []
        for call in facts.foreign_keys:
            found = column_foreign_key(call, declared.name, self._view)
            if isinstance(found, Gap):
                gaps.append(found)
            else:
                keys.append(found)
        type_ = self._type(declared, gaps, 0)
        server = self._server_default(declared, gaps)
        computed, stored = self._computed(facts.computed, gaps)
        primary = facts.primary_key or declared.name in key
        nullable = declared.column.nullable
        if declared.name in key and not declared.column.nullable_written:
            nullable = False
        default = facts.default
        return ColumnDraft(
            span=declared.span,
            attribute=declared.attribute,
            column=declared.name,
            name_span=declared.name_span,
            type=type_,
            nullable=nullable,
            client_nullable=declared.column.client_nullable,
            primary_key=primary,
            autoincrement=facts.autoincrement,
            identity=facts.identity,
            computed=computed,
            computed_stored=stored,
            unique=bool(facts.unique),
            index=bool(facts.index),
            key_span=facts.primary_key_span or facts.unique_span or facts.index_span,
            nullable_span=facts.nullable_span,
            type_span=self._type_span(declared),
            foreign_keys=tuple(keys),
            default=client_default(default, type_, self._project) if default is not None else None,
            server_default=server,
            on_update=facts.on_update.span if facts.on_update is not None else None,
            comment=facts.comment,
            doc=declared.column.doc,
            claims=declared.claims,
            gaps=tuple(gaps),
        )

    def _type(self, declared: DeclaredColumn, gaps: list[Gap], depth: int) -> TypeDraft:
        type_ = declared.column.type
        if isinstance(type_, Gap):
            gaps.append(type_)
            return TypeDraft(span=type_.span, path=_NO_TYPE)
        gaps += _gaps_of(type_)
        if type_.path != _NO_TYPE or depth > _DEEPEST:
            return type_
        # Without a type a foreign key's column takes that of the column it refers to.
        for call in declared.column.facts.foreign_keys:
            found = column_foreign_key(call, declared.name, self._view)
            referred = None if isinstance(found, Gap) else self._referred(found.targets[0])
            if referred is not None:
                taken = self._type(referred, gaps, depth + 1)
                return msgspec.structs.replace(taken, span=type_.span)
        if declared.column.facts.foreign_keys:
            reason = "the column has the type of another one, which could not be found"
            gaps.append(Gap(span=type_.span, reason=reason))
        return type_

    def _referred(self, target: str) -> DeclaredColumn | None:
        *schema, table, name = target.split(".")
        known = self._tables.declared_named(".".join(schema) or None, table)
        columns = known.columns if known is not None else []
        return next((one for one in columns if one.name == name), None)

    def _type_span(self, declared: DeclaredColumn) -> Span | None:
        written = declared.column.facts.type
        return written.span if written is not None else declared.annotation_span

    def _server_default(self, declared: DeclaredColumn, gaps: list[Gap]) -> ServerDefault | None:
        value = declared.column.facts.server_default
        found = written_default(value, self._project) if value is not None else None
        if found is None and value is not None:
            found = server_default(value, self._view)
        if isinstance(found, Gap):
            gaps.append(found)
            return None
        if found is not None and found.sql is None:
            others = tuple(name for name in DATABASES if name not in found.variants)
            reason = "nothing writes this default for this database"
            gaps.append(Gap(span=found.span, reason=reason, only_on=others))
        return found

    def _computed(self, call: Call | None, gaps: list[Gap]) -> tuple[str | None, bool]:
        if call is None:
            return None, False
        arguments = Arguments(call, ("sqltext", "persisted"))
        value = arguments.value("sqltext")
        text = text_of(value) if value is not None else None
        sql = text if text is not None or value is None else render(value, self._view)
        if not isinstance(sql, str):
            span = value.span if value is not None else call.span
            gaps.append(Gap(span=span, reason="the computed column's expression is not known"))
            return None, False
        return sql, bool(arguments.flag("persisted"))

    # -- what `unique=True`, `index=True` and CheckConstraint in a column make

    def _add_flags(self, declared: DeclaredColumn) -> None:
        facts = declared.column.facts
        if facts.index:
            span = facts.unique_span or facts.index_span or declared.span
            self._items.append(
                IndexDraft(
                    span=span,
                    members=_member(declared.name, span),
                    name=self._name("ix", (declared.name,)),
                    unique=bool(facts.unique),
                )
            )
        elif facts.unique:
            span = facts.unique_span or declared.span
            name = self._name("uq", (declared.name,))
            members = _member(declared.name, span)
            self._items.append(UniqueDraft(span=span, members=members, name=name))
        for check in facts.checks:
            self._items.append(read_constraint(check, self._view))

    def _name(self, kind: Kind, columns: tuple[str, ...]) -> str | None:
        own = self._view.own
        subject = Named(kind=kind, table=own.table, schema=own.schema, columns=columns)
        return constraint_name(subject, self._view.conventions, None)

    def _primary_key_name(
        self, key: PrimaryKeyNames | None, columns: tuple[ColumnDraft, ...]
    ) -> str | None:
        if key is not None and key.columns:
            return key.name
        members = tuple(one.column for one in columns if one.primary_key)
        if key is not None and key.name is not None:
            return key.name
        return self._name("pk", members) if members else None

    # -- relations

    def _relations(
        self, columns: tuple[ColumnDraft, ...], foreign_keys: tuple[ForeignKeyDraft, ...]
    ) -> list[RelationDraft]:
        keys = [*foreign_keys, *(key for column in columns for key in column.foreign_keys)]
        tables = {one.rsplit(".", 1)[0] for key in keys for one in key.targets[:1]}
        found = []
        for declared in self._table.relations:
            relation = read_relationship(
                declared.name,
                declared.name_span,
                declared.annotation,
                declared.call,
                self._view,
                refers_to=lambda target: self._full_name(target) in tables,
            )
            if relation is not None:
                found.append(relation)
        return found

    def _full_name(self, target: str) -> str | None:
        known = self._tables.of_name(target)
        if known is None:
            return None
        return f"{known.schema}.{known.table}" if known.schema else known.table


def _gaps_of(type_: TypeDraft) -> list[Gap]:
    """What is not known of a type on some databases, and of the types that it is made of."""
    found = [*type_.gaps, *([] if type_.item is None else _gaps_of(type_.item))]
    for name, variant in type_.variants.items():
        found += (gap for gap in _gaps_of(variant) if name in (gap.only_on or ()))
    return found


def _view(table: DeclaredTable, tables: Tables, project: Project) -> View:
    bases = tuple(base for cls in table.classes for base in tables.classes.lineage(cls).classes)
    return View(
        tables.columns_of(table),
        tables,
        project,
        bases=bases,
        conventions=table.metadata.conventions,
        metadata_schema=table.metadata.schema,
    )


def _member(column: str, span: Span) -> tuple[KeyMember, ...]:
    return (KeyMember(span=span, column=column),)


def _of(items: list[Item], kind: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(item for item in items if isinstance(item, kind))
