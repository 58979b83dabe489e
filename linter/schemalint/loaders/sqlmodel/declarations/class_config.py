"""What a class's pydantic configuration says, its bases' too: `model_config`, `class Config`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemalint.client_claims import Frozen
from schemalint.loaders.sqlmodel.arguments import argument_span, entry_span
from schemalint.loaders.sqlmodel.declarations.metadata import is_true
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.values import Call, ClassValue, Constant, Mapping, Subscript, Value
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses


class Said(NamedTuple):
    """A setting: its value, where it stands, and the class that says it."""

    value: Value
    span: Span
    cls: ClassValue


def setting(cls: ClassValue, name: str, classes: MappedClasses) -> Said | None:
    """The setting that counts: the class's own, else that of its last base that has one, for
    pydantic lays their configurations over one another in their order."""
    return _setting(cls, name, classes, set())


def _setting(
    cls: ClassValue, name: str, classes: MappedClasses, seen: set[tuple[str, int, int]]
) -> Said | None:
    if class_key(cls) in seen:
        return None  # it says nothing, or the search had ended there
    seen.add(class_key(cls))
    own = _own(cls, name, classes)
    if own is not None:
        return own
    for base in reversed(classes.bases(cls)):
        parent = base.of if isinstance(base, Subscript) else base
        if isinstance(parent, ClassValue):
            found = _setting(parent, name, classes, seen)
            if found is not None:
                return found
    return None


def frozen(cls: ClassValue, classes: MappedClasses, *, reads_keywords: bool) -> Frozen | None:
    """Where the class is said to be frozen.

    SQLModel since 0.0.14 does not pass `class X(SQLModel, frozen=True)` on to pydantic; what came
    before reads such keywords (`reads_keywords`).
    """
    word = classes.keyword(cls, "frozen")
    if word is not None and is_true(word):
        span = argument_span("frozen", word)
        if reads_keywords:
            return Frozen(span)
        ignored = Frozen(span, ignored=True)
    else:
        ignored = None
    said = setting(cls, "frozen", classes)
    if said is None or not is_true(said.value):
        return ignored
    own = class_key(said.cls) == class_key(cls)
    return Frozen(said.span, base=None if own else said.cls.name)


def _own(cls: ClassValue, name: str, classes: MappedClasses) -> Said | None:
    entries = classes.body(cls).entries
    entry = entries.get("model_config")
    config = entry.assigned if entry is not None else None
    if isinstance(config, Call):
        value = config.keyword(name)
        if value is not None:
            return Said(value, argument_span(name, value), cls)
    if isinstance(config, Mapping):
        for key, value in config.items:
            if isinstance(key, Constant) and key.value == name:
                return Said(value, entry_span(key, value), cls)
    nested = entries.get("Config")
    inner = nested.assigned if nested is not None else None
    if isinstance(inner, ClassValue):
        written = classes.body(inner).entries.get(name)
        if written is not None and written.assigned is not None:
            return Said(written.assigned, written.span, cls)
    return None
