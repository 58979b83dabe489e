"""The JSON documents that other tools read, as JSON Schemas: every key, and no other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jsonschema

TEXT = {"type": "string"}
NAME = {"type": "string", "minLength": 1}
BOOLEAN = {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
POSITION = {"type": "integer", "minimum": 1}


def one_of(*values: str) -> dict[str, Any]:
    """One of these texts."""
    return {"enum": list(values)}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(schema: dict[str, Any]) -> dict[str, Any]:
    """A list of such values."""
    return {"type": "array", "items": schema}


def record(**keys: dict[str, Any]) -> dict[str, Any]:
    """An object of exactly these keys; one that ends in `_` is named after a Python keyword."""
    properties = {key.rstrip("_"): schema for key, schema in keys.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


PLACE = record(file=NAME, line=POSITION, column=POSITION, endLine=POSITION, endColumn=POSITION)
TOLD_PLACE = record(message=NAME, place=PLACE)
LAYER = one_of("database", "client", "service")
VERDICTS = (
    *("kept", "weak", "broken", "inexpressible"),
    *("question", "unknown", "service", "stale"),
)
DIALECTS = ("sqlite", "postgresql", "mysql", "mariadb", "sqlserver", "cockroachdb", "mongodb")

REPORT = record(
    version={"const": 1},
    schemas=array(
        record(
            files={**array(NAME), "minItems": 1},
            language=one_of("prisma"),
            dialect=or_null(one_of(*DIALECTS)),
            models=COUNT,
            enums=COUNT,
        )
    ),
    rules=array(
        record(
            id=NAME,
            kind=NAME,
            says=NAME,
            verdict=one_of(*VERDICTS),
            layer=or_null(LAYER),
            enforced_by=LAYER,
            subject=NAME,
            place=PLACE,
            kept_by=array(TOLD_PLACE),
            counterexample={"type": "null"},
        )
    ),
    findings=array(
        record(
            rule=NAME,
            name=NAME,
            severity=one_of("error", "warning", "info"),
            verdict=or_null(one_of(*VERDICTS)),
            path=or_null(TEXT),
            message=NAME,
            place=or_null(PLACE),
            related=array(TOLD_PLACE),
            fix=or_null(
                record(title=NAME, safe=BOOLEAN, edits=array(record(place=PLACE, text=TEXT)))
            ),
        )
    ),
    summary=record(
        error=COUNT,
        warning=COUNT,
        info=COUNT,
        suppressed=COUNT,
        baseline=COUNT,
        rules={
            "type": "object",
            "propertyNames": one_of(*VERDICTS),
            "additionalProperties": POSITION,
        },
    ),
)

_ACTION = one_of("cascade", "restrict", "no action", "set null", "set default")
_MODEL = record(
    name=NAME,
    table=NAME,
    schema=or_null(NAME),
    kind=one_of("model", "view", "type", "join"),
    doc=or_null(TEXT),
    place=PLACE,
    fields=array(
        record(
            name=NAME,
            column=NAME,
            type=one_of(
                *("string", "int", "bigint", "float", "decimal", "boolean", "datetime", "date"),
                *("time", "json", "bytes", "uuid", "enum", "composite", "unsupported"),
            ),
            native=or_null(NAME),
            enum=or_null(NAME),
            nullable=BOOLEAN,
            list=BOOLEAN,
            default=or_null(record(layer=LAYER, expression=TEXT)),
            generated=or_null(record(expression=NAME, stored=BOOLEAN)),
            updated_at=or_null(LAYER),
            place=PLACE,
        )
    ),
    primary_key=or_null(record(name=or_null(NAME), columns=array(NAME))),
    uniques=array(
        record(
            name=or_null(NAME),
            columns=array(NAME),
            expressions=array(NAME),
            where=or_null(NAME),
            nulls=one_of("distinct", "equal"),
            ignore_case=BOOLEAN,
            layer=LAYER,
            index=BOOLEAN,
        )
    ),
    indexes=array(
        record(
            name=or_null(NAME),
            columns=array(NAME),
            expressions=array(NAME),
            where=or_null(NAME),
            type=or_null(NAME),
        )
    ),
    foreign_keys=array(
        record(
            name=or_null(NAME),
            columns=array(NAME),
            table=NAME,
            references=array(NAME),
            on_delete=_ACTION,
            on_update=_ACTION,
            match=one_of("simple", "full"),
            deferrable=or_null(one_of("immediate", "deferred")),
            layer=LAYER,
        )
    ),
    checks=array(record(name=or_null(NAME), expression=NAME, layer=LAYER)),
    triggers=array(
        record(
            name=NAME,
            timing=one_of("before", "after", "instead of"),
            events=array(one_of("insert", "update", "delete", "truncate")),
            columns=array(NAME),
            when=or_null(NAME),
            effect=one_of("raises", "raises-if", "sets", "nothing", "opaque"),
        )
    ),
    relations=array(
        record(
            name=NAME,
            model=NAME,
            many=BOOLEAN,
            columns=array(NAME),
            back=or_null(NAME),
            through=or_null(NAME),
        )
    ),
)

AST = record(
    version={"const": 1},
    schemas=array(
        record(
            files={**array(NAME), "minItems": 1},
            language=one_of("prisma"),
            dialect=or_null(one_of(*DIALECTS)),
            foreign_keys_enforced=BOOLEAN,
            models=array(_MODEL),
            enums=array(
                record(
                    name=NAME,
                    type=or_null(NAME),
                    values=array(record(name=NAME, stored=NAME)),
                    layer=LAYER,
                )
            ),
            views=array(_MODEL),
            opaque=array(record(kind=NAME, reason=NAME, place=PLACE)),
        )
    ),
)


def faults(document: Any, schema: dict[str, Any]) -> list[str]:
    """What is wrong with a document: path and message of each fault."""
    errors: Iterable[jsonschema.ValidationError] = jsonschema.Draft202012Validator(
        schema
    ).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in errors]
