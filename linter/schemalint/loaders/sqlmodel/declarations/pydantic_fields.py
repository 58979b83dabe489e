"""Which fields a SQLModel class has, its bases' and plain mixins' too: as pydantic does it."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sqlmodel.annotation_shapes import annotated, is_class_variable
from schemalint.loaders.sqlmodel.declarations.class_bodies import ClassBody, Entry
from schemalint.loaders.sqlmodel.declarations.mapped_classes import SQLMODEL, MappedClasses
from schemalint.loaders.sqlmodel.declarations.relationships import is_relationship
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.values import ClassValue, Subscript, Value

_MODELS = frozenset({SQLMODEL, "pydantic.BaseModel", "pydantic.main.BaseModel"})
_DEEPEST = 60


class PydanticField(msgspec.Struct, frozen=True, kw_only=True):
    """A field: its annotation, what is assigned, and where and by whom it was last declared."""

    annotation: Value
    assigned: Value | None
    entry: Entry
    owner: ClassValue


def fields_of(cls: ClassValue, classes: MappedClasses, depth: int = 0) -> dict[str, PydanticField]:
    """The fields by name, in pydantic's order."""
    if depth > _DEEPEST:
        return {}
    own = classes.body(cls)
    parents: dict[str, PydanticField] = {}
    for base in reversed(classes.bases(cls)):
        parent = base.of if isinstance(base, Subscript) else base
        if isinstance(parent, ClassValue) and is_model(parent, classes):
            parents.update(fields_of(parent, classes, depth + 1))
    found: dict[str, PydanticField] = {}
    for name, (hint, entry, hinting) in _hints(cls, classes).items():
        annotation, owner = hint, cls
        if is_class_variable(annotation) or name.startswith("_") or name == "model_config":
            continue
        assigned = own.entries.get(name)
        if assigned is None or assigned.assigned is None:
            mixed = _of_mixin(name, cls, classes)
            assigned, owner = mixed if mixed is not None else (None, hinting)
            if assigned is not None and name in parents and name not in own.annotated:
                # A base's field has given up what stood in its Annotated.
                annotation = annotated(annotation)[0]
        if assigned is not None:
            found[name] = PydanticField(
                annotation=annotation, assigned=assigned.assigned, entry=assigned, owner=owner
            )
        elif name in own.annotated or name not in parents:
            found[name] = PydanticField(
                annotation=annotation, assigned=None, entry=entry, owner=owner
            )
        else:
            found[name] = parents[name]
    return found


def with_fields(body: ClassBody, fields: dict[str, PydanticField]) -> ClassBody:
    """The class's body as SQLModel leaves it to SQLAlchemy: a column for each field, set after
    everything else, then its relationships."""
    relations = [name for name, one in body.entries.items() if is_relationship(one.assigned)]
    taken = {*fields, *relations}
    others = [name for name in body.assigned if name not in taken]
    annotated = [name for name in body.annotated if name not in relations]
    return ClassBody(
        cls=body.cls,
        entries=body.entries | {name: _set(name, one) for name, one in fields.items()},
        assigned=(*others, *fields, *relations),
        annotated=(*(name for name in relations if name in body.annotated), *annotated),
    )


def _set(name: str, field: PydanticField) -> Entry:
    """A field's entry, with a value: what SQLModel sets is a Column."""
    value = field.assigned if field.assigned is not None else field.annotation
    return msgspec.structs.replace(field.entry, name=name, assigned=value, function=None)


def is_model(cls: ClassValue, classes: MappedClasses) -> bool:
    """Whether pydantic reads the class: its fields, its validators."""
    return any(path in _MODELS for path in classes.lineage(cls).outside)


def _hints(cls: ClassValue, classes: MappedClasses) -> dict[str, tuple[Value, Entry, ClassValue]]:
    """All annotations of the class and its bases, each with its class; the last base's first."""
    hints: dict[str, tuple[Value, Entry, ClassValue]] = {}
    for one in reversed(classes.lineage(cls).classes):
        body = classes.body(one)
        for name in body.annotated:
            entry = body.entries[name]
            if entry.annotation is not None and not is_relationship(entry.assigned):
                hints[name] = (entry.annotation, entry, one)
    return hints


def _of_mixin(
    name: str, cls: ClassValue, classes: MappedClasses
) -> tuple[Entry, ClassValue] | None:
    """The value that a base gives the attribute, and the base: one that is no model, for models
    keep only those of their class variables."""
    for one in classes.lineage(cls).classes:
        entry = classes.body(one).entries.get(name)
        if class_key(one) == class_key(cls) or entry is None or entry.assigned is None:
            continue
        kept = entry.annotation is not None and is_class_variable(entry.annotation)
        if kept or not is_model(one, classes):
            return entry, one
    return None
