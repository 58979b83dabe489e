"""SQLAlchemy's declarative attributes: what Column stands for `name: Mapped[X] = mapped_column()`.

As `sqlalchemy.orm.properties.MappedColumn` does at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.annotation_shapes import (
    annotated,
    is_optional,
    mapped_type,
    without_none,
)
from schemalint.loaders.sqlmodel.arguments import is_none, path_of
from schemalint.loaders.sqlmodel.column_types.types import (
    FieldFacts,
    type_of_annotation,
    type_of_value,
)
from schemalint.loaders.sqlmodel.declarations.core_columns import (
    COLUMN_CALLS,
    MAPPED_COLUMN_CALLS,
    ColumnFacts,
    column_call,
    read_column,
)
from schemalint.loaders.sqlmodel.declarations.fields import FieldColumn, with_unknown_null
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.evaluation.likeness import alike
from schemalint.loaders.sqlmodel.values import Call, Unresolved, Value
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

AnnotationMap = tuple[tuple[Value, Value], ...]


def read_mapped(
    annotation: Value | None,
    assigned: Value | None,
    project: Project,
    annotation_map: AnnotationMap,
    *,
    place: Span,
) -> FieldColumn:
    """The column of an attribute. `annotation` is all that stands behind the colon."""
    call = column_call(assigned)
    facts = read_column(call) if call is not None else ColumnFacts(span=place)
    inner = mapped_type(annotation)
    if inner is None or (call is not None and path_of(call) in COLUMN_CALLS):
        type_ = _own_type(facts, project)
        nullable = facts.runtime_nullable
        return FieldColumn(
            facts=facts,
            type=type_,
            nullable=nullable,
            client_nullable=nullable,
            nullable_written=facts.nullable is not None,
        )
    noneable = _includes_none(inner)
    if call is not None and is_none(call.keyword("nullable")):
        facts = msgspec.structs.replace(facts, nullable=None, nullable_span=None)
    explicit = facts.nullable
    facts = _merged(facts, inner)
    written = facts.nullable is not None
    if not written:
        facts = msgspec.structs.replace(facts, nullable=noneable)
    known = any(alike(python, inner) for python, _ in annotation_map)
    if isinstance(inner, Unresolved) and explicit is None and not known:
        facts = msgspec.structs.replace(facts, gaps=(*facts.gaps, _unknown(inner)))
    if facts.type is not None or facts.foreign_keys:
        type_ = _own_type(facts, project)
    else:
        said = FieldFacts(library="sqlalchemy", annotation_map=annotation_map)
        type_ = type_of_annotation(inner, project, said)
    if not (written or noneable or facts.primary_key or known):
        facts = with_unknown_null(facts, inner, type_)
    return FieldColumn(
        facts=facts,
        type=type_,
        nullable=facts.runtime_nullable,
        client_nullable=noneable,
        nullable_written=written,
    )


def column_in_annotation(annotation: Value) -> Call | None:
    """`mapped_column(...)` inside `Annotated[X, mapped_column(...)]`, Optional or not."""
    for candidate in (annotation, without_none(annotation)):
        _, metadata = annotated(candidate)
        for item in metadata:
            if isinstance(item, Call) and path_of(item) in MAPPED_COLUMN_CALLS:
                return item
    return None


def _includes_none(annotation: Value) -> bool:
    inner, _ = annotated(annotation)
    return is_optional(inner) or any(
        is_optional(annotated(member)[0]) for member in (without_none(inner),)
    )


def _own_type(facts: ColumnFacts, project: Project) -> TypeDraft | Gap:
    if facts.type is None:
        return TypeDraft(span=facts.span, path="sqlalchemy.NullType")
    return type_of_value(facts.type, project)


def _unknown(annotation: Unresolved) -> Gap:
    return Gap(span=annotation.span, reason=annotation.reason)


def _merged(facts: ColumnFacts, annotation: Value) -> ColumnFacts:
    """`facts`, and what `Annotated[X, mapped_column(...)]` says where they say nothing."""
    call = column_in_annotation(annotation)
    if call is None:
        return facts
    said = read_column(call)
    changes: dict[str, object] = {
        name: getattr(said, name)
        for name in (
            "type",
            "nullable",
            "unique",
            "index",
            "default",
            "server_default",
            "on_update",
            "comment",
            "doc",
            "computed",
            "sort_order",
            "nullable_span",
            "primary_key_span",
            "unique_span",
            "index_span",
        )
        if getattr(facts, name) is None and getattr(said, name) is not None
    }
    if said.primary_key:
        changes["primary_key"] = True
    if said.identity is not None:
        changes["identity"] = said.identity
    if facts.autoincrement == "auto":
        changes["autoincrement"] = said.autoincrement
    changes["use_existing"] = facts.use_existing or said.use_existing
    changes["foreign_keys"] = (*facts.foreign_keys, *said.foreign_keys)
    changes["checks"] = (*facts.checks, *said.checks)
    changes["gaps"] = (*facts.gaps, *said.gaps)
    return msgspec.structs.replace(facts, **changes)
