"""The tables that classes and `Table(...)` calls declare, their columns still without their keys.

The first of two steps: what foreign keys, constraints and relations mention can only be looked up
once every table's columns have their names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from schemalint.client_claims import FieldClaims, ModelClaims
from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.annotation_shapes import mapped_type
from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, path_of, text_of
from schemalint.loaders.sqlmodel.declarations.class_bodies import Ancestor, Declared, scan
from schemalint.loaders.sqlmodel.declarations.class_claims import ClassClaims
from schemalint.loaders.sqlmodel.declarations.constraints import is_constraint
from schemalint.loaders.sqlmodel.declarations.core_columns import column_call
from schemalint.loaders.sqlmodel.declarations.fields import FieldColumn, read_field, version_of
from schemalint.loaders.sqlmodel.declarations.loose_constraints import (
    finds_its_table,
    in_class,
    passed_over,
)
from schemalint.loaders.sqlmodel.declarations.mapped import AnnotationMap, read_mapped
from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses
from schemalint.loaders.sqlmodel.declarations.metadata import MetaDataFacts, metadata_of
from schemalint.loaders.sqlmodel.declarations.pydantic_fields import (
    PydanticField,
    fields_of,
    with_fields,
)
from schemalint.loaders.sqlmodel.declarations.relationships import is_relationship
from schemalint.loaders.sqlmodel.declarations.replaced_arguments import (
    HiddenArguments,
    hidden_arguments,
)
from schemalint.loaders.sqlmodel.declarations.table_arguments import TableArguments
from schemalint.loaders.sqlmodel.drafts import Gap
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    External,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_COMPOSITES = frozenset({"sqlalchemy.orm.composite", "sqlalchemy.orm.Composite"})
# What SQLAlchemy's own calls make of a mapped attribute, and is no column.
_NO_COLUMNS = words(
    "association_proxy aliased column_property hybrid_property query_expression relationship "
    "synonym"
)
_COLUMN_LIKE = re.compile(r"column|field|mapped", re.IGNORECASE)


class DeclaredColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column and the attribute it stands behind. `key` is how SQLAlchemy's names refer to it."""

    attribute: str
    name: str
    key: str
    span: Span
    name_span: Span
    column: FieldColumn
    annotation_span: Span | None = None
    claims: FieldClaims = FieldClaims()


class DeclaredRelation(msgspec.Struct, frozen=True, kw_only=True):
    """A navigation attribute as it is written."""

    name: str
    name_span: Span
    annotation: Value | None
    call: Call


class DeclaredTable:
    """A table while it is put together.

    Attributes:
        arguments: constraints and indexes, as values.
        options: what the dict of `__table_args__` or Table's keywords say.
        classes: those whose attributes are this table's columns.
        mapper_arguments: whether a class says `__mapper_args__`, which may name another key.
        hidden: arguments of base classes that the table's own replace.
        schema_untold: its MetaData puts it into a schema that could not be told: with all others
            that it has, so that what one table is to another is known all the same.
        claims: what the classes say of the rows, and no database is told.
        origin: the name where the table is declared, also where a class takes it over.
        call: the `Table(...)` that it is.
    """

    def __init__(self, name: str, table: str, span: Span, name_span: Span, head_span: Span) -> None:
        self.name = name
        self.table = table
        self.span = span
        self.origin = name_span
        self.name_span = name_span
        self.head_span = head_span
        self.schema: str | None = None
        self.schema_untold = False
        self.metadata = MetaDataFacts()
        self.call: Call | None = None
        self.columns: list[DeclaredColumn] = []
        self.arguments: list[Value] = []
        self.options: dict[str, Value] = {}
        self.relations: list[DeclaredRelation] = []
        self.classes: list[ClassValue] = []
        self.mapper_arguments = False
        self.hidden: list[HiddenArguments] = []
        self.claims = ModelClaims()
        self.doc: str | None = None
        self.gaps: list[Gap] = []
        self.problems: list[Problem] = []

    def add(self, column: DeclaredColumn) -> None:
        """Add a column; one of the same name takes the place of the earlier one, or is that."""
        for number, known in enumerate(self.columns):
            if known.name == column.name:
                existing = column.column.facts.use_existing
                self.columns[number] = _existing(known, column) if existing else column
                return
        self.columns.append(column)

    def take_arguments(self, value: Value | None) -> None:
        """Take what `__table_args__` says."""
        found = TableArguments(value)
        self.arguments += found.items
        self.options |= found.options
        self.gaps += found.gaps

    def settle_schema(self) -> None:
        """The schema: the table's own, else that of its metadata."""
        own = self.options.get("schema")
        self.schema = text_of(own) if own is not None else self.metadata.schema
        if own is not None and self.schema is None and not is_none(own):
            self.gaps.append(Gap(span=own.span, reason="the table's schema could not be told"))
        self.schema_untold = own is None and self.metadata.untold


def _existing(known: DeclaredColumn, column: DeclaredColumn) -> DeclaredColumn:
    """`mapped_column(use_existing_column=True)` of a class without a table of its own: the column
    of its parent, whatever the annotation's type, but NULL or not as the annotation has it, unless
    that is written (`MappedColumn.declarative_scan`; seen with SQLAlchemy 2.1.9)."""
    said = column.column
    if said.nullable_written:
        return known
    facts = msgspec.structs.replace(
        known.column.facts,
        nullable=said.facts.nullable,
        nullable_span=said.facts.nullable_span or said.facts.span,
    )
    changed = msgspec.structs.replace(
        known.column, facts=facts, nullable=said.nullable, client_nullable=said.client_nullable
    )
    return msgspec.structs.replace(known, column=changed)


class TableReader:
    """Reads classes and calls as tables, each once. `made` are those that their attributes make,
    and that are still to be read."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.classes = MappedClasses(project)
        self.made: list[ClassValue | Call] = []
        self._provided: dict[tuple[str, int, int], frozenset[str]] = {}

    # -- classes

    def of_class(self, cls: ClassValue, parent: DeclaredTable | None) -> DeclaredTable | None:
        """The table of a mapped class. `parent` is that of the mapped class it inherits from;
        a class without a table of its own adds its columns there, and None is given back."""
        module = self.project.module(cls.module)
        if module is None:
            return None
        members = self.project.members(cls)
        span, head, name_span = module.span(cls.node), members.head_span, members.name_span
        fixed = self.classes.value(cls, "__table__") if self._has_table(cls) else None
        if isinstance(fixed, Call) and path_of(fixed) == "sqlalchemy.Table":
            return self._of_fixed(cls, fixed, span, name_span, head)
        name = self.classes.table_name(cls)
        if name is None:
            if parent is not None:
                parent.classes.append(cls)
                self._add_attributes(cls, parent)
            return None
        table = DeclaredTable(
            cls.name, name if isinstance(name, str) else cls.name.lower(), span, name_span, head
        )
        if isinstance(name, Gap):
            table.gaps.append(name)
        elif isinstance(fixed, Unresolved):
            table.gaps.append(Gap(span=fixed.span, reason=fixed.reason))
        table.classes.append(cls)
        table.doc = self.project.members(cls).doc
        table.metadata = self.classes.metadata(cls)
        table.gaps += self.classes.lineage(cls).gaps
        given = self.project.given_by_bases(cls, "__table_args__")
        if given is not None:
            table.take_arguments(given)
        elif self.classes.applies(cls, "__table_args__"):
            table.take_arguments(self.classes.value(cls, "__table_args__"))
            table.hidden += hidden_arguments(cls, self.classes)
        self._add_loose(cls, table)
        table.mapper_arguments = self.classes.find(cls, "__mapper_args__") is not None
        table.settle_schema()
        self._add_attributes(cls, table)
        return table

    def _add_loose(self, cls: ClassValue, table: DeclaredTable) -> None:
        """What stands beside `__table_args__`, which may have some of it by name."""
        taken = {one.callee.span for one in table.arguments if isinstance(one, Call)}
        for loose in in_class(cls, self.project):
            if loose.owner is not None or loose.call.callee.span in taken:
                continue
            if finds_its_table(loose.call, in_class=True):
                table.arguments.append(loose.call)
            elif not loose.named:
                table.problems.append(passed_over(loose.call))

    def _has_table(self, cls: ClassValue) -> bool:
        return self.classes.applies(cls, "__table__")

    def _of_fixed(
        self, cls: ClassValue, call: Call, span: Span, name_span: Span, head: Span
    ) -> DeclaredTable | None:
        """A class that says `__table__ = Table(...)`."""
        table = self.of_call(cls.name, call)
        if table is not None:
            table.span, table.name_span, table.head_span = span, name_span, head
            table.classes.append(cls)
            table.doc = self.project.members(cls).doc
            for declared in scan(self._ancestors(cls)):
                self._take_relation(declared, cls, table)
        return table

    def _ancestors(self, cls: ClassValue) -> list[Ancestor]:
        found = []
        for one in self.classes.lineage(cls).classes:
            mapped = class_key(one) != class_key(cls) and self.classes.is_mapped(one)
            provides = self._provides(one) if mapped else frozenset()
            found.append(Ancestor(body=self.classes.body(one), mapped=mapped, provides=provides))
        return found

    def _provides(self, cls: ClassValue) -> frozenset[str]:
        """The attributes that a mapped class has."""
        key = class_key(cls)
        if key not in self._provided:
            self._provided[key] = frozenset()
            self._provided[key] = frozenset(one.name for one in scan(self._ancestors(cls)))
        return self._provided[key]

    def _add_attributes(self, cls: ClassValue, table: DeclaredTable) -> None:
        fields: dict[str, PydanticField] = {}
        claims: ClassClaims | None = None
        ancestors = self._ancestors(cls)
        if self.classes.library(cls) == "sqlmodel":
            fields = fields_of(cls, self.classes)
            own = ancestors[0]
            ancestors[0] = msgspec.structs.replace(own, body=with_fields(own.body, fields))
            claims = ClassClaims(cls, self.classes, self.project)
            if table.classes[0] is cls:
                table.claims = claims.of_model()
        pairs: AnnotationMap = self.classes.annotation_map(cls)
        columns: list[DeclaredColumn] = []
        for declared in scan(ancestors):
            field = fields.get(declared.name)
            if field is not None and claims is not None:
                columns.append(self._of_field(declared.name, field, table, claims))
            elif not self._take_relation(declared, cls, table):
                columns += self._of_attribute(declared, cls, pairs, table)
        if fields and self._is_old():
            # SQLAlchemy 1.4 sorts by creation: written Columns exist before SQLModel's own.
            columns.sort(key=lambda one: not one.column.written)
        if table.classes[0] is cls:
            # The columns of a class without a table of its own come as they are declared.
            columns.sort(key=lambda one: one.column.facts.sort_order or 0)
        for column in columns:
            table.add(column)

    def _is_old(self) -> bool:
        """Whether the project has SQLModel before 0.0.12, which stands on SQLAlchemy 1.4."""
        version = version_of(self.project)
        return version is not None and version < (0, 0, 12)

    def _of_field(
        self, name: str, field: PydanticField, table: DeclaredTable, claims: ClassClaims
    ) -> DeclaredColumn:
        column = read_field(
            name, field.annotation, field.assigned, self.project, place=field.entry.span
        )
        table.problems += column.problems
        made = _column(name, field.entry.span, field.entry.name_span, column, field.annotation)
        return msgspec.structs.replace(made, claims=claims.of_field(name, field, column))

    def _take_relation(self, declared: Declared, cls: ClassValue, table: DeclaredTable) -> bool:
        annotation, value = self._annotation_and_value(declared, cls)
        if not isinstance(value, Call) or not is_relationship(value):
            return False
        function = declared.entry.function
        if function is not None:
            beside = self.project.made_beside(function, value)
            self.made += beside.made
            if beside.untold:
                reason = f"the tables that `{function.name}` makes are not followed"
                self.project.tell(Gap(span=function.span, reason=reason))
        table.relations.append(
            DeclaredRelation(
                name=declared.name,
                name_span=declared.entry.name_span,
                annotation=annotation,
                call=value,
            )
        )
        return True

    def _annotation_and_value(
        self, declared: Declared, cls: ClassValue
    ) -> tuple[Value | None, Value | None]:
        """The annotation and the value; of a declared_attr, what its function returns."""
        function = declared.entry.function
        if function is None or not declared.entry.declared:
            return declared.annotation, declared.entry.assigned
        returns, scope = getattr(function.node, "returns", None), function.scope
        annotation = declared.annotation
        if annotation is None and returns is not None and isinstance(scope, Scope):
            annotation = self.project.annotation(returns, scope)
        return annotation, self.project.call(function, (cls,))

    def _of_attribute(
        self, declared: Declared, cls: ClassValue, pairs: AnnotationMap, table: DeclaredTable
    ) -> list[DeclaredColumn]:
        entry = declared.entry
        if entry.method and not entry.declared:
            return []
        annotation, value = self._annotation_and_value(declared, cls)
        mapped = mapped_type(annotation) is not None
        if column_call(value) is not None or (value is None and mapped):
            column = read_mapped(annotation, value, self.project, pairs, place=entry.span)
            return [_column(declared.name, entry.span, entry.name_span, column, annotation)]
        if path_of(value) in _COMPOSITES and isinstance(value, Call):
            return self._of_composite(value, pairs, table)
        if value is not None and _could_be_column(value, mapped=mapped):
            reason = value.reason if isinstance(value, Unresolved) else "its call is not known"
            message = f"whether `{declared.name}` is a column could not be told: {reason}"
            table.gaps.append(Gap(span=value.span, reason=message))
        return []

    def _of_composite(
        self, call: Call, pairs: AnnotationMap, table: DeclaredTable
    ) -> list[DeclaredColumn]:
        """The columns written inside `composite(...)`; their types may be the class's."""
        found = []
        for argument in call.args:
            inner = column_call(argument)
            if inner is None:
                continue
            column = read_mapped(None, argument, self.project, pairs, place=argument.span)
            name = column.facts.name
            if name is None:
                gap = Gap(span=argument.span, reason="the column's name could not be told")
                table.gaps.append(gap)
                continue
            if column.facts.type is None and not column.facts.foreign_keys:
                reason = "the type of a composite's column comes from another class"
                column = msgspec.structs.replace(
                    column, type=Gap(span=argument.span, reason=reason)
                )
            span = column.facts.name_span or argument.span
            found.append(_column(name, argument.span, span, column, None))
        return found

    # -- Table(...)

    def of_call(self, name: str | None, call: Call) -> DeclaredTable | None:
        """The table of `Table("name", metadata, Column(...), ...)`."""
        arguments = Arguments(call, ("name", "metadata"))
        written = arguments.value("name")
        text = text_of(written)
        if written is None or is_none(written):
            return None
        table = DeclaredTable(name or text or "", text or "", call.span, written.span, written.span)
        if text is None:
            return None
        table.name = name or text
        table.call = call
        items = call.args[2:]
        metadata = arguments.value("metadata")
        if column_call(metadata) is not None or (metadata and is_constraint(metadata)):
            # Flask-SQLAlchemy's `db.Table("name", db.Column(...))` adds the metadata.
            metadata, items = None, call.args[1:]
        if metadata is None and isinstance(call.callee, External) and call.callee.owner is not None:
            metadata = metadata_of(call.callee.owner)
        table.metadata = self.classes.metadata_of(metadata)
        table.options = dict(call.keywords)
        table.gaps += arguments.gaps
        table.settle_schema()
        for item in items:
            inner = column_call(item)
            if inner is None:
                table.arguments.append(item)
                continue
            column = read_mapped(None, inner, self.project, (), place=item.span)
            if column.facts.name is None:
                gap = Gap(span=item.span, reason="the column's name could not be told")
                table.gaps.append(gap)
            else:
                span = column.facts.name_span or item.span
                attribute = column.facts.key or column.facts.name
                table.add(_column(attribute, item.span, span, column, None))
        return table


def _column(
    attribute: str, span: Span, name_span: Span, column: FieldColumn, annotation: Value | None
) -> DeclaredColumn:
    name = column.facts.name or attribute
    return DeclaredColumn(
        attribute=attribute,
        name=name,
        key=column.facts.key or name,
        span=span,
        name_span=name_span,
        column=column,
        annotation_span=annotation.span if annotation is not None else None,
    )


def _could_be_column(value: Value, *, mapped: bool) -> bool:
    """Whether an attribute's value, which is no column as far as is known, may be one."""
    if isinstance(value, Unresolved):
        return True
    if not isinstance(value, Call):
        return False
    path = path_of(value) or str(getattr(value.callee, "name", ""))
    if path.startswith("sqlalchemy."):
        return mapped and path.rpartition(".")[2] not in _NO_COLUMNS
    if path.startswith(("builtins.", "typing.")) or _is_plain(value.callee):
        return False
    return mapped or bool(_COLUMN_LIKE.search(path))


def _is_plain(callee: Value) -> bool:
    """Whether it is a class of the project without any base."""
    return isinstance(callee, ClassValue) and not callee.node.bases
