"""What type a column has: of a SQLAlchemy type's value, or of a Python annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.values import Call, Value

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project


class FieldFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What beside the annotation settles a type.

    `call` is SQLModel's `Field(...)` (`max_length`, `max_digits`, `decimal_places`), None without.
    `annotation_map` is SQLAlchemy's `type_annotation_map` as (Python type, SQLAlchemy type) pairs,
    those of the nearest registry first; the annotation is then what stands in `Mapped[...]`.
    """

    library: Literal["sqlmodel", "sqlalchemy"]
    call: Call | None = None
    annotation_map: tuple[tuple[Value, Value], ...] = ()


def type_of_value(value: Value, project: Project) -> TypeDraft | Gap:
    """The type of an argument of Column, mapped_column or sa_type: `String(50)`, `Integer`."""
    return Gap(span=value.span, reason="the type cannot be told")


def type_of_annotation(annotation: Value, project: Project, field: FieldFacts) -> TypeDraft | Gap:
    """The type that SQLModel or SQLAlchemy gives a column annotated so."""
    return Gap(span=annotation.span, reason="the type cannot be told")
