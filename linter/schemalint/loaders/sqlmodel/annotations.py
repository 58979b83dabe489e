"""What annotations say: unions and None, `Annotated`, `Mapped[...]`, ClassVar."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.values import (
    Constant,
    External,
    Operation,
    Subscript,
    Value,
)

_MAPPED = frozenset(
    {
        "sqlalchemy.orm.Mapped",
        "sqlalchemy.orm.DynamicMapped",
        "sqlalchemy.orm.WriteOnlyMapped",
    }
)
_NONE = frozenset({"types.NoneType", "builtins.None"})


def _path(value: Value) -> str:
    return value.path if isinstance(value, External) else ""


def annotated(annotation: Value) -> tuple[Value, tuple[Value, ...]]:
    """The type of `Annotated[type, ...]` and the rest; nothing for any other annotation."""
    metadata: tuple[Value, ...] = ()
    while (
        isinstance(annotation, Subscript)
        and _path(annotation.of) == "typing.Annotated"
        and annotation.items
    ):
        # `Annotated[Annotated[int, a], b]` is `Annotated[int, a, b]`.
        metadata = (*annotation.items[1:], *metadata)
        annotation = annotation.items[0]
    return annotation, metadata


def is_none_type(annotation: Value) -> bool:
    """Whether it is None."""
    if isinstance(annotation, Constant):
        return annotation.value is None
    return _path(annotation) in _NONE


def members_of_union(annotation: Value) -> tuple[Value, ...] | None:
    """The members of `Optional`, `Union` and `|`, nested ones taken apart; None for all else."""
    if isinstance(annotation, Subscript):
        path = _path(annotation.of)
        if path == "typing.Optional":
            none = Constant(span=annotation.span, value=None)
            return _flat((*annotation.items, none))
        if path == "typing.Union":
            return _flat(annotation.items)
    if isinstance(annotation, Operation) and annotation.operator == "|":
        return _flat(annotation.operands)
    return None


def _flat(members: tuple[Value, ...]) -> tuple[Value, ...]:
    found: list[Value] = []
    for member in members:
        inner = members_of_union(member)
        found.extend((member,) if inner is None else inner)
    return tuple(found)


def is_optional(annotation: Value) -> bool:
    """Whether None is one of the union's members."""
    members = members_of_union(annotation)
    return members is not None and any(is_none_type(member) for member in members)


def without_none(annotation: Value) -> Value:
    """The one member of a union that is not None; the annotation itself if there are more."""
    members = members_of_union(annotation)
    if members is None:
        return annotation
    others = [member for member in members if not is_none_type(member)]
    return others[0] if len(others) == 1 else annotation


def mapped_type(annotation: Value | None) -> Value | None:
    """What stands in `Mapped[...]`; None for any other annotation."""
    if isinstance(annotation, Subscript) and _path(annotation.of) in _MAPPED and annotation.items:
        return annotation.items[0]
    return None


def is_class_variable(annotation: Value) -> bool:
    """Whether it is `ClassVar`, with or without a type."""
    of = annotation.of if isinstance(annotation, Subscript) else annotation
    return _path(of) == "typing.ClassVar"
