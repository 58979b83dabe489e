"""Annotations taken apart: Optional, Annotated, Mapped."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.arguments import is_none, path_of
from schemalint.loaders.sqlmodel.values import External, Operation, Subscript, Value

_UNIONS = frozenset({"typing.Union", "types.UnionType"})
_NONE_TYPES = frozenset({"types.NoneType", "builtins.NoneType", "builtins.None"})
_MAPPED = frozenset(
    {
        "sqlalchemy.orm.Mapped",
        "sqlalchemy.orm.DynamicMapped",
        "sqlalchemy.orm.WriteOnlyMapped",
        "sqlalchemy.orm.Unmapped",
    }
)


def is_none_type(value: Value) -> bool:
    """Whether it is `None`, as an annotation."""
    return is_none(value) or path_of(value) in _NONE_TYPES


def members_of_union(annotation: Value) -> tuple[Value, ...] | None:
    """The members of `Union[...]`, `Optional[X]` (X and None) or `A | B`; None for anything else.

    Unions inside a union are taken apart, as Python does.
    """
    found: tuple[Value, ...]
    if isinstance(annotation, Operation) and annotation.operator == "|":
        found = annotation.operands
    elif isinstance(annotation, Subscript) and path_of(annotation.of) in _UNIONS:
        found = annotation.items
    elif isinstance(annotation, Subscript) and path_of(annotation.of) == "typing.Optional":
        none = External(span=annotation.of.span, path="types.NoneType")
        found = (*annotation.items[:1], none)
    else:
        return None
    return tuple(inner for member in found for inner in members_of_union(member) or (member,))


def is_optional(annotation: Value) -> bool:
    """Whether the annotation is a union with None."""
    return any(is_none_type(member) for member in members_of_union(annotation) or ())


def without_none(annotation: Value) -> Value:
    """The one type of an Optional; a union of several types stays as it is."""
    others = [one for one in members_of_union(annotation) or () if not is_none_type(one)]
    return others[0] if len(others) == 1 else annotation


def annotated(annotation: Value) -> tuple[Value, tuple[Value, ...]]:
    """The type and the metadata of `Annotated[type, ...]`; nested ones are flattened."""
    if not isinstance(annotation, Subscript) or path_of(annotation.of) != "typing.Annotated":
        return annotation, ()
    inner, metadata = annotated(annotation.items[0])
    return inner, (*metadata, *annotation.items[1:])


def mapped_type(annotation: Value | None) -> Value | None:
    """X of `Mapped[X]`; None where the annotation is no such."""
    if isinstance(annotation, Subscript) and path_of(annotation.of) in _MAPPED and annotation.items:
        return annotation.items[0]
    return None


def is_class_variable(annotation: Value) -> bool:
    """Whether it is `ClassVar` or `ClassVar[X]`."""
    of = annotation.of if isinstance(annotation, Subscript) else annotation
    return path_of(of) == "typing.ClassVar"
