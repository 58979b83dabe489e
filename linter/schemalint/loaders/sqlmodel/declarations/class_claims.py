"""What a SQLModel class claims of its rows, beyond what its table says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from schemalint.client_claims import FieldClaims, Frozen, ModelClaims, OnlyOnce
from schemalint.loaders.sqlmodel.annotation_shapes import annotated
from schemalint.loaders.sqlmodel.arguments import argument_span, entry_span, path_of, text_of
from schemalint.loaders.sqlmodel.declarations.class_config import frozen
from schemalint.loaders.sqlmodel.declarations.fields import FieldColumn, is_field, version_of
from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses
from schemalint.loaders.sqlmodel.declarations.metadata import is_true
from schemalint.loaders.sqlmodel.declarations.pydantic_fields import PydanticField, is_model
from schemalint.loaders.sqlmodel.declarations.stated_bounds import stated_bounds
from schemalint.loaders.sqlmodel.declarations.validators import read_validators
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.values import Call, ClassValue, Mapping

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project


_ON_PYDANTIC_2 = (0, 0, 14)


class ClassClaims:
    """What the class of a table claims, its bases' claims included."""

    def __init__(self, cls: ClassValue, classes: MappedClasses, project: Project) -> None:
        version = version_of(project)
        reads_keywords = version is not None and version < _ON_PYDANTIC_2
        self._cls = cls
        self._classes = classes
        self._validators = read_validators(cls, classes, project)
        self._frozen = frozen(cls, classes, reads_keywords=reads_keywords)

    def of_model(self) -> ModelClaims:
        """Those of the whole class."""
        return ModelClaims(bounds=self._validators.of_model, frozen=self._frozen)

    def of_field(self, name: str, field: PydanticField, column: FieldColumn) -> FieldClaims:
        """Those of one field, which `column` stands for."""
        owner, classes = field.owner, self._classes
        inherited = class_key(owner) != class_key(self._cls)
        validates = inherited and is_model(owner, classes) and not classes.is_mapped(owner)
        base = owner.name if validates else None
        stated = tuple(
            msgspec.structs.replace(bound, base=base)
            for bound in stated_bounds(field.annotation, field.assigned)
        )
        only_once = None
        if inherited and column.objects:
            first = column.objects[0]
            what = path_of(first).rpartition(".")[2]
            only_once = OnlyOnce(what, first.span, owner.name)
        bounds = self._validators.over(name, stated)
        return FieldClaims(bounds=bounds, frozen=_frozen(field, base), only_once=only_once)


def _frozen(field: PydanticField, base: str | None) -> Frozen | None:
    """`frozen=True` of pydantic's Field, or given to it through SQLModel's `schema_extra`."""
    for call in (field.assigned, *annotated(field.annotation)[1]):
        if not isinstance(call, Call) or not is_field(call):
            continue
        word = call.keyword("frozen") if path_of(call).startswith("pydantic.") else None
        if word is not None and is_true(word):
            return Frozen(argument_span("frozen", word), base=base)
        extra = call.keyword("schema_extra")
        for key, value in extra.items if isinstance(extra, Mapping) else ():
            if text_of(key) == "frozen" and is_true(value):
                return Frozen(entry_span(key, value), base=base)
    return None
