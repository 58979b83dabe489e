"""The JSON Schemas of the rulebook and of the settings, for editors and other tools.

They are made from what the readers themselves go by: the annotations and docstrings of the kinds
and of `Settings`. `python -m schemalint.json_schema FOLDER` writes the shipped files anew.
"""

from __future__ import annotations

import sys
from typing import Any, TypeAlias, get_args, get_origin

from schemalint.config import Settings
from schemalint.documents.parameters import (
    EXCEPT,
    NAME_OR_SWITCH,
    Given,
    Parameter,
    bare_type,
    choices,
    parameters,
    takes_except,
)
from schemalint.finding import Severity
from schemalint.model import Dialect, Layer
from schemalint.reference import Condition, Models, Ref
from schemalint.rule import BusinessRule
from schemalint.rulebook import VERSION, Kinds

JsonSchema: TypeAlias = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
RULEBOOK_FILE = "rulebook.schema.json"
SETTINGS_FILE = "settings.schema.json"

# Unquoted `NO` and `1` are names to the rulebook, but other things to an editor's YAML reader.
_NAME: JsonSchema = {"type": ["string", "number", "boolean"]}
_TEXT: JsonSchema = {"type": "string", "pattern": r"\S"}
_REFERENCES: JsonSchema = {
    "name": _NAME,
    "names": {
        "description": "A name, or a list of names.",
        "anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "uniqueItems": True}],
    },
    "models": {
        "description": 'A model, a list of models, or "*" for every model.',
        "anyOf": [
            {"type": "string"},
            {
                "type": "array",
                "items": {"type": "string", "not": {"const": "*"}},
                "minItems": 1,
                "uniqueItems": True,
            },
        ],
    },
    "condition": {
        "description": "A condition of SQL over the model's fields.",
        "type": ["string", "boolean"],
        "pattern": r"\S",
    },
}


def rulebook_schema(kinds: Kinds) -> JsonSchema:
    """The JSON Schema of a rulebook that may use all of `kinds`, plug-ins' kinds included."""
    definitions = {name: dict(schema) for name, schema in sorted(_REFERENCES.items())}
    names = sorted(kinds.kinds())
    for name in names:
        kind = kinds.kind(name)
        if kind is not None:
            definitions[f"kind-{name}"] = _kind_schema(name, kind)
    return {
        "$schema": DRAFT,
        "title": "schemalint rulebook",
        "description": "The business rules that a database schema is judged by.",
        "type": "object",
        "required": ["version"],
        "anyOf": [{"required": ["rules"]}, {"required": ["entities"]}],
        "additionalProperties": False,
        "properties": {
            "version": {"description": "The version of this format.", "const": VERSION},
            "source": {
                "description": "The prose that holds the sentences of the rules, relative to this "
                "file.",
                **_TEXT,
            },
            "closed": {
                "description": "Whether a model or field that nothing here names is a finding.",
                "type": "boolean",
                "default": False,
            },
            "entities": {
                "description": "What the domain has: models by their names.",
                "type": "object",
                "additionalProperties": _ENTITY,
            },
            "rules": {
                "description": "One entry for each sentence of the prose that states a rule.",
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/rule"},
            },
        },
        "$defs": {"rule": _rule_schema(names), **definitions},
    }


_ENTITY: JsonSchema = {
    "type": "object",
    "required": ["says"],
    "additionalProperties": False,
    "properties": {
        "says": {"description": "What the model is, in a few words.", **_TEXT},
        "fields": {
            "description": "Fields that need no rule of their own.",
            "$ref": "#/$defs/names",
        },
    },
}


def _rule_schema(names: list[str]) -> JsonSchema:
    """The frame around every rule, with exactly one of the kinds `names`."""
    dialects = {"enum": list(choices(Dialect))}
    return {
        "type": "object",
        "required": ["id", "says"],
        "additionalProperties": False,
        "properties": {
            "id": {
                "description": "The rule's number in the prose, unique in the project.",
                "type": ["string", "number"],
                "pattern": r"\S",
            },
            "says": {"description": "The sentence that the rule renders.", **_TEXT},
            **{name: {"$ref": f"#/$defs/kind-{name}"} for name in names},
            "enforced_by": {
                "description": "The weakest layer that is good enough.",
                "enum": list(choices(Layer)),
                "default": "database",
            },
            "because": {
                "description": "Why a layer weaker than the database is good enough.",
                **_TEXT,
            },
            "severity": {
                "description": "How much a finding of this rule weighs.",
                "enum": list(choices(Severity)),
                "default": "error",
            },
            "dialects": {
                "description": "The databases to judge the rule for, instead of the schema's own.",
                "anyOf": [dialects, {"type": "array", "items": dialects, "minItems": 1}],
            },
        },
        "oneOf": [{"required": [name]} for name in names],
        "if": {"properties": {"enforced_by": {"const": "service"}}, "required": ["enforced_by"]},
        "then": {"required": ["because"]},
    }


def _kind_schema(name: str, kind: type[BusinessRule]) -> JsonSchema:
    known = parameters(kind)
    properties = {one.name: _parameter_schema(one) for one in known.values()}
    if takes_except(known):
        properties[EXCEPT] = {
            "description": "Models that the rule does not speak of.",
            "$ref": "#/$defs/names",
        }
    return {
        "title": name,
        "description": _paragraph(kind),
        "type": "object",
        "required": [one.name for one in known.values() if one.required],
        "additionalProperties": False,
        "properties": properties,
    }


def _parameter_schema(parameter: Parameter) -> JsonSchema:
    schema = _type_schema(parameter.type)
    if parameter.description:
        schema = {"description": parameter.description, **schema}
    if isinstance(parameter.default, (bool, int, str)) and not parameter.required:
        schema["default"] = parameter.default
    return schema


def _type_schema(bare: Any) -> JsonSchema:
    """What the rulebook's reader takes where the type `bare` belongs; see `BusinessRule`."""
    named = {Ref: "name", Models: "models", Condition: "condition", tuple[Ref, ...]: "names"}
    if bare in named:
        return {"$ref": f"#/$defs/{named[bare]}"}
    plain: dict[Any, JsonSchema] = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        str: _TEXT,
        Given: {},
    }
    if bare in plain:
        return dict(plain[bare])
    if bare == NAME_OR_SWITCH:
        return {"anyOf": [{"$ref": "#/$defs/name"}, {"type": "boolean"}]}
    if bare == tuple[Ref, Ref]:
        name = {"$ref": "#/$defs/name"}
        return {"type": "array", "items": name, "minItems": 2, "maxItems": 2}
    origin, arguments = get_origin(bare), get_args(bare)
    if origin is tuple:
        item = _type_schema(bare_type(arguments[0])[0])
        return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}
    if origin is dict:
        value = bare_type(arguments[1])[0]
        if value == tuple[Ref, ...]:  # a list of nothing says that nothing follows
            name = {"$ref": "#/$defs/name"}
            values: JsonSchema = {"anyOf": [name, {"type": "array", "items": name}]}
        else:
            values = _type_schema(value)
        return {"type": "object", "additionalProperties": values}
    return {"enum": list(choices(bare))}


def _paragraph(kind: type) -> str:
    """The first paragraph of the docstring, on one line."""
    return " ".join((kind.__doc__ or "").strip().partition("\n\n")[0].split())


def settings_schema() -> JsonSchema:
    """The JSON Schema of schemalint.yaml, and of the table `[tool.schemalint]`."""
    text: JsonSchema = {"type": "string"}
    return {
        "$schema": DRAFT,
        "title": "schemalint settings",
        "description": "schemalint.yaml, or the table [tool.schemalint] of pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {one.name: _parameter_schema(one) for one in parameters(Settings).values()},
        "$defs": {
            "name": text,
            "names": {"anyOf": [text, {"type": "array", "items": text, "uniqueItems": True}]},
        },
    }


def formatted(schema: JsonSchema) -> str:
    """The text of a JSON Schema as it is shipped and printed."""
    import json

    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: str) -> None:
    """Write both JSON Schemas, with the kinds that are installed, into `folder`."""
    import os

    from schemalint.registry import Registry

    schemas = {
        RULEBOOK_FILE: rulebook_schema(Registry.discover()),
        SETTINGS_FILE: settings_schema(),
    }
    for name, schema in schemas.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(formatted(schema))


if __name__ == "__main__":
    write(sys.argv[1])
