"""`Enum(Status)` and `Enum("a", "b", name="x")`: what is stored, and under what name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, text_of
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    EnumMember,
    FunctionValue,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_Values = tuple[tuple[str, str, Span], ...]


def enum_of_class(cls: ClassValue, span: Span, project: Project) -> TypeDraft | Gap:
    """The type of a column annotated with the enum class: names of members are stored."""
    return _enum(cls, Call(span=span, callee=cls), span, project)


def enum_type(call: Call | None, span: Span, project: Project) -> TypeDraft | Gap:
    """`Enum(...)`, of SQLAlchemy or of a dialect."""
    if call is None or not call.args:
        return Gap(span=span, reason="an Enum without values")
    first = call.args[0]
    if isinstance(first, ClassValue):
        return _enum(first, call, span, project)
    if isinstance(first, Sequence) and len(call.args) == 1:
        call = Call(span=call.span, callee=call.callee, args=first.items, keywords=call.keywords)
    values = []
    for value in call.args:
        text = _stored(value)
        if text is None:
            return Gap(span=value.span, reason=_reason(value, "this value of the enum"))
        values.append((text, text, value.span))
    return _draft(tuple(values), None, call, span)


def _enum(cls: ClassValue, call: Call, span: Span, project: Project) -> TypeDraft | Gap:
    members = project.enum_members(cls)
    if members is None:
        return Gap(span=span, reason=f"the members of `{cls.name}` are not known")
    values: _Values = tuple((one.name, one.name, one.span) for one in members)
    chosen = call.keyword("values_callable")
    if chosen is not None and not is_none(chosen):
        stored = _chosen(chosen, cls, members, project)
        if isinstance(stored, Gap):
            return stored
        values = stored
    if not values:
        return Gap(span=span, reason=f"`{cls.name}` has no members")
    return _draft(values, cls, call, span)


def _chosen(
    function: Value, cls: ClassValue, members: tuple[EnumMember, ...], project: Project
) -> _Values | Gap:
    """What `values_callable` gives for the class: SQLAlchemy pairs it with the members in order."""
    if not isinstance(function, FunctionValue):
        return Gap(span=function.span, reason=_reason(function, "`values_callable`"))
    given = project.call(function, (cls,), ())
    if not isinstance(given, Sequence) or len(given.items) != len(members):
        return Gap(span=function.span, reason=_reason(given, "what `values_callable` gives"))
    values = []
    for value, member in zip(given.items, members, strict=True):
        text = _stored(value)
        if text is None:
            return Gap(span=function.span, reason=_reason(value, "a value of the enum"))
        values.append((text, member.name, member.span))
    return tuple(values)


def _stored(value: Value) -> str | None:
    if isinstance(value, EnumMember):
        value = value.value or value
    return text_of(value)


def _draft(values: _Values, cls: ClassValue | None, call: Call, span: Span) -> TypeDraft | Gap:
    arguments = Arguments(call)
    found: dict[str, str | int | bool | None] = {
        "name": arguments.text("name") or (cls.name.lower() if cls is not None else None),
        "schema": arguments.text("schema"),
        "native_enum": arguments.flag("native_enum"),
        "create_constraint": arguments.flag("create_constraint"),
        "length": arguments.number("length"),
        "validate_strings": arguments.flag("validate_strings"),
    }
    if arguments.gaps:
        return arguments.gaps[0]
    return TypeDraft(
        span=span,
        path="sqlalchemy.Enum",
        arguments={name: value for name, value in found.items() if value is not None},
        values=values,
        enum=None if cls is None else cls.name,
        enum_span=None if cls is None else cls.span,
    )


def _reason(value: Value, what: str) -> str:
    return f"{what}: {value.reason}" if isinstance(value, Unresolved) else f"{what} is not known"
