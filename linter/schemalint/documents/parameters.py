"""What a struct is read from: its fields as parameters, as their annotations say.

The parameters of a business-rule kind and the settings are structs; the annotations of their
fields decide how each value is read. `BusinessRule` lists the annotations that are known.
"""

from __future__ import annotations

from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import msgspec.structs

from schemalint.reference import Condition, Models, Ref
from schemalint.source import Span


class Given(msgspec.Struct, frozen=True):
    """A value of any sort as plain Python values, with its place."""

    value: Any
    span: Span


class Parameter(msgspec.Struct, frozen=True):
    """One field of a struct that is read from a mapping.

    `name` is the key in the file, `attribute` the field's name in Python; `type` has neither
    `Annotated` nor `| None` around it any more; `default` is meaningless where `required`.
    """

    name: str
    attribute: str
    type: Any
    required: bool
    default: Any = None
    description: str = ""


NAME_OR_SWITCH = Ref | bool
"""The type of what is named, or switched off (`false`) or on."""

EXCEPT = "except"
"""The key that takes models away from those of `of`."""

_known: dict[type, dict[str, Parameter]] = {}


def parameters(struct: type[msgspec.Struct]) -> dict[str, Parameter]:
    """The parameters that `struct` is read from, by their names in the file.

    Raises:
        TypeError: a field has an annotation that no reader knows.
    """
    known = _known.get(struct)
    if known is None:
        known = {}
        for field in msgspec.structs.fields(struct):
            bare, description = bare_type(field.type)
            if not _readable(bare):
                raise TypeError(
                    f"{struct.__name__}.{field.name}: {field.type} is no type that a rulebook or "
                    "settings are read as; see BusinessRule for those that are"
                )
            name = field.name.rstrip("_")
            known[name] = Parameter(
                name, field.name, bare, field.required, field.default, description
            )
        _known[struct] = known
    return known


def takes_except(known: dict[str, Parameter]) -> bool:
    """Whether `except` may stand beside `of`."""
    of = known.get("of")
    return of is not None and of.type is Models and EXCEPT not in known


def bare_type(annotation: Any) -> tuple[Any, str]:
    """The type without `Annotated` and `| None`, and the description that stood there."""
    description = ""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *notes = get_args(annotation)
            for note in notes:
                if isinstance(note, msgspec.Meta) and note.description:
                    description = description or note.description
        elif get_origin(annotation) in (Union, UnionType):
            others = [one for one in get_args(annotation) if one is not NoneType]
            if set(others) == {Ref, bool}:
                return NAME_OR_SWITCH, description
            if len(others) != 1:
                return annotation, description
            annotation = others[0]
        else:
            return annotation, description


def _readable(bare: Any) -> bool:
    if bare in (Ref, Models, Condition, Given, bool, int, str, NAME_OR_SWITCH):
        return True
    origin, arguments = get_origin(bare), get_args(bare)
    if origin is Literal:
        return all(isinstance(one, str) for one in arguments)
    if bare == tuple[Ref, Ref]:
        return True
    if origin is tuple:
        return len(arguments) == 2 and arguments[1] is ... and _readable(bare_type(arguments[0])[0])
    if origin is dict:
        return arguments[0] in (Ref, str) and _readable(bare_type(arguments[1])[0])
    return isinstance(bare, type) and issubclass(bare, Enum)


# -- words for them--


def choices(bare: Any) -> dict[str, Any]:
    """The texts that a `Literal` or an `Enum` admits, and what each gives."""
    if get_origin(bare) is Literal:
        return {text: text for text in get_args(bare)}
    return {str(one.value): one for one in bare}


def sample(bare: Any, *, toml: bool = False) -> str:
    """A tiny example of a value of the type, in YAML's flow style or in TOML."""
    if bare is bool:
        return "true"
    if bare == NAME_OR_SWITCH:
        bare = Ref
    if bare is int:
        return "1"
    if bare == tuple[Ref, Ref]:
        return '["name", "name"]' if toml else "[name, name]"
    origin, arguments = get_origin(bare), get_args(bare)
    if origin is tuple:
        return f"[{sample(bare_type(arguments[0])[0], toml=toml)}]"
    if origin is dict:
        value = sample(bare_type(arguments[1])[0], toml=toml)
        return f"{{name = {value}}}" if toml else f"{{name: {value}}}"
    samples = {Models: "Order", Condition: "total >= 0", str: "some text"}
    text = samples.get(bare) or ("name" if bare in (Ref, Given) else next(iter(choices(bare))))
    return f'"{text}"' if toml else text
