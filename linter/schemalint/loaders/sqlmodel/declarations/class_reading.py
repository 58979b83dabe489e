"""A class's own body, as `class_bodies` wants it, out of what the project tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.declarations.class_bodies import ClassBody, Entry
from schemalint.loaders.sqlmodel.values import ClassValue, FunctionValue

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.members import Member
    from schemalint.loaders.sqlmodel.project import Project


def read_body(cls: ClassValue, project: Project) -> ClassBody:
    """What the class's own body declares."""
    entries = {member.name: _entry(member) for member in project.members(cls).all}
    return ClassBody(
        cls=cls,
        entries=entries,
        assigned=tuple(name for name, entry in entries.items() if entry.has_value),
        annotated=tuple(name for name, entry in entries.items() if entry.annotation is not None),
    )


def _entry(member: Member) -> Entry:
    value = member.value
    is_function = member.kind == "function"
    return Entry(
        name=member.name,
        span=member.span,
        name_span=member.name_span,
        annotation=member.annotation,
        assigned=None if is_function else value,
        function=value if is_function and isinstance(value, FunctionValue) else None,
        method=is_function,
        declared=member.declared,
        doc=member.doc,
        doubt=member.conditional,
    )
