"""The functions of a class that pydantic calls to validate, and what else may check its values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from schemalint.client_claims import Bound
from schemalint.loaders.sqlmodel.arguments import path_of, text_of
from schemalint.loaders.sqlmodel.declarations.class_bodies import Entry
from schemalint.loaders.sqlmodel.declarations.class_config import setting
from schemalint.loaders.sqlmodel.declarations.metadata import is_true
from schemalint.loaders.sqlmodel.declarations.pydantic_fields import is_model
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
from schemalint.loaders.sqlmodel.values import Call, ClassValue, Value

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses
    from schemalint.loaders.sqlmodel.project import Project

_OF_FIELDS = frozenset({"pydantic.field_validator", "pydantic.validator"})
_OF_MODELS = frozenset({"pydantic.model_validator", "pydantic.root_validator"})
_OF_ATTRIBUTES = "sqlalchemy.orm.validates"
# Whoever writes one of these may validate in it: what it does is not followed.
_ENTRANCES = frozenset({"__init__", "__new__", "__setattr__", "__init_subclass__"})


class Validators(NamedTuple):
    """`of_fields`: for each field named (or `*`), its validators. `of_model`: those of the whole.
    `checked`: the attributes that something really checks in the client, `*` for all."""

    of_fields: tuple[tuple[str, Bound], ...] = ()
    of_model: tuple[Bound, ...] = ()
    checked: frozenset[str] = frozenset()

    def over(self, name: str, stated: tuple[Bound, ...]) -> tuple[Bound, ...]:
        """The bounds of the field `name`: those stated with it, and its validators."""
        own = [bound for field, bound in self.of_fields if field in (name, "*")]
        if not stated and not own:
            return ()
        checked = not self.checked.isdisjoint((name, "*"))
        return tuple(msgspec.structs.replace(one, checked=checked) for one in (*stated, *own))


def read_validators(cls: ClassValue, classes: MappedClasses, project: Project) -> Validators:
    """The validators of a table's class. A method takes the place of a base's of its name; those of
    a mixin that is no model are none for pydantic."""
    of_fields: list[tuple[str, Bound]] = []
    of_model: list[Bound] = []
    validate = setting(cls, "validate_assignment", classes)
    checked = {"*"} if validate is not None and is_true(validate.value) else set()
    seen: set[str] = set()
    for one in classes.lineage(cls).classes:
        own = class_key(one) == class_key(cls)
        model = own or is_model(one, classes)
        for name, entry in classes.body(one).entries.items():
            if not entry.method or name in seen:
                continue
            seen.add(name)
            if name in _ENTRANCES:
                checked.add("*")
            for decorator in _decorators(entry, project):
                path = path_of(decorator)
                if path == _OF_ATTRIBUTES:
                    checked.update(_texts(decorator))
                if not model or path not in _OF_FIELDS | _OF_MODELS:
                    continue
                base = None if own else one.name
                bound = Bound("validator", name, entry.name_span, base=base)
                if path in _OF_MODELS:
                    of_model.append(bound)
                of_fields += [(field, bound) for field in _texts(decorator)]
    if "*" in checked:
        of_model = [msgspec.structs.replace(bound, checked=True) for bound in of_model]
    return Validators(tuple(of_fields), tuple(of_model), frozenset(checked))


def _decorators(entry: Entry, project: Project) -> Iterator[Value]:
    function = entry.function
    if function is None or isinstance(function.node, ast.Lambda):
        return
    if isinstance(function.scope, Scope):
        for node in function.node.decorator_list:
            yield project.evaluate(node, function.scope)


def _texts(decorator: Value) -> list[str]:
    """The names that a decorator is given: `@field_validator("a", "b")`."""
    if not isinstance(decorator, Call):
        return []
    return [text for one in decorator.args if (text := text_of(one)) is not None]
