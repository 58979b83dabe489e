"""What type a column has: of a SQLAlchemy type's value, or of a Python annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from schemalint.loaders.sqlmodel.annotation_shapes import annotated, without_none
from schemalint.loaders.sqlmodel.arguments import path_of, text_of
from schemalint.loaders.sqlmodel.column_types.compiled_types import with_compiled
from schemalint.loaders.sqlmodel.column_types.python_types import sqlalchemy_type, sqlmodel_type
from schemalint.loaders.sqlmodel.column_types.sql_types import (
    external_type,
    method_call,
    with_variants,
)
from schemalint.loaders.sqlmodel.column_types.type_decorators import class_type
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.evaluation.likeness import alike
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    Constant,
    External,
    Subscript,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_ENUM = "sqlalchemy.Enum"
_Pairs = tuple[tuple[Value, Value], ...]


class FieldFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What beside the annotation settles a type.

    `call` is SQLModel's `Field(...)` (`max_length`, `max_digits`, `decimal_places`), None without.
    `annotation_map` is SQLAlchemy's `type_annotation_map` as (Python type, SQLAlchemy type) pairs,
    those of the nearest registry first; the annotation is then what stands in `Mapped[...]`.
    """

    library: Literal["sqlmodel", "sqlalchemy"]
    call: Call | None = None
    annotation_map: _Pairs = ()


def type_of_value(value: Value, project: Project) -> TypeDraft | Gap:
    """The type of an argument of Column, mapped_column or sa_type: `String(50)`, `Integer`.

    A gap where it cannot be told, or is a type that is not known here.
    """
    method = method_call(value)
    if method is not None:
        return _method(value, *method, project)
    call = value if isinstance(value, Call) else None
    callee = call.callee if call is not None else value
    if isinstance(callee, External):
        kind = external_type(callee.path, call, value.span, project)
        return with_compiled(kind, callee, project)
    if isinstance(callee, ClassValue):
        return with_compiled(class_type(callee, call, value.span, project), callee, project)
    reason = value.reason if isinstance(value, Unresolved) else "it is no type that is known here"
    return Gap(span=value.span, reason=f"the type of this column: {reason}")


def _method(value: Value, of: Value, name: str, project: Project) -> TypeDraft | Gap:
    """`Type().with_variant(Other(), "sqlite", ...)`; a list made `MutableList.as_mutable(Type)`."""
    assert isinstance(value, Call)
    if name == "with_variant" and len(value.args) > 1:
        variant = type_of_value(value.args[0], project)
        dialects = [text_of(one) for one in value.args[1:]]
        if isinstance(variant, Gap) or None in dialects:
            span = variant.span if isinstance(variant, Gap) else value.span
            return Gap(span=span, reason="the variant of this type is not known")
        kind = type_of_value(of, project)
        return with_variants(kind, {str(one): variant for one in dialects})
    if name == "as_mutable" and value.args:
        return type_of_value(value.args[0], project)
    return Gap(span=value.span, reason=f"what `{name}` makes of this type is not known")


def type_of_annotation(annotation: Value, project: Project, field: FieldFacts) -> TypeDraft | Gap:
    """The type that SQLModel or SQLAlchemy gives a column annotated so."""
    if field.library == "sqlmodel":
        return _as_written(sqlmodel_type(annotation, project, field.call), project)
    wanted = without_none(annotation)
    for candidate in (annotation, wanted, annotated(wanted)[0]):
        for python, sql in field.annotation_map:
            if alike(python, candidate):
                return type_of_value(sql, project)
    general = _general_enum(annotated(wanted)[0], field.annotation_map, project)
    if general is not None:
        return type_of_value(general, project)
    return _as_written(sqlalchemy_type(annotation, project), project)


def _general_enum(kind: Value, pairs: _Pairs, project: Project) -> Call | None:
    """What `{enum.Enum: Enum(enum.Enum, native_enum=False)}` makes of a class of enums, and
    `{Literal: ...}` of a Literal: an Enum with the same words (`Enum._resolve_for_python_type`)."""
    kinds: tuple[Value, ...] = ()
    values: tuple[Value, ...] = (kind,)
    settled: tuple[tuple[str, Value], ...] = ()
    if isinstance(kind, Subscript) and path_of(kind.of) == "typing.Literal":
        kinds, values = (kind.of,), kind.items
        settled = (("native_enum", Constant(span=kind.span, value=False)),)
    elif isinstance(kind, ClassValue) and project.enum_members(kind) is not None:
        order = project.mro(kind)
        kinds = () if isinstance(order, Unresolved) else order
    for base in kinds:
        for python, sql in pairs:
            if alike(python, base) and path_of(sql) == _ENUM:
                words = dict(sql.keywords if isinstance(sql, Call) else ()) | dict(settled)
                callee = External(span=sql.span, path=_ENUM)
                return Call(
                    span=sql.span, callee=callee, args=values, keywords=tuple(words.items())
                )
    return None


def _as_written(kind: TypeDraft | Gap, project: Project) -> TypeDraft | Gap:
    return with_compiled(kind, External(span=kind.span, path=getattr(kind, "path", "")), project)
