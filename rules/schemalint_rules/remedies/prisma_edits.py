"""Edits of a Prisma schema, as the fixes of findings.

Each function gives None where the construct was not written in Prisma's language, or not in the
form that the edit needs: a fix is offered only where it is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from schemalint.attributes import Attribute
from schemalint.model import Action, Field, Model, Relation, Schema
from schemalint.rule import Edit, Fix
from schemalint.source import Span
from schemalint_rules.remedies.edits import add_block_attribute, add_field_attribute
from schemalint_rules.remedies.languages import in_prisma

ACTION_WORDS = {
    Action.CASCADE: "Cascade",
    Action.RESTRICT: "Restrict",
    Action.NO_ACTION: "NoAction",
    Action.SET_NULL: "SetNull",
    Action.SET_DEFAULT: "SetDefault",
}


def add_to_field(schema: Schema, model: Model, field: Field, attribute: str) -> Fix | None:
    """Put `attribute` (`@unique`) behind the last thing on the field's line."""
    if schema.language != "prisma":
        return None
    edit = add_field_attribute(field, attribute)
    return Fix(f"add `{attribute}` to `{model.name}.{field.name}`", (edit,))


def add_to_model(schema: Schema, model: Model, attribute: str) -> Fix | None:
    """Put a block attribute (`@@unique([a, b])`) on a line of its own before the closing brace."""
    if schema.language != "prisma" or "\n" not in model.span.text:
        return None
    return Fix(f"add `{attribute}` to `{model.name}`", (add_block_attribute(model, attribute),))


def index_advice(
    schema: Schema, model: Model, fields: Sequence[Field]
) -> tuple[str, Fix | None] | None:
    """How Prisma's language gets an index over `fields`, and the edit that writes it; None where it
    cannot be said in it. An index that the schema has and no migration makes is not added again."""
    if model.kind != "model" or not in_prisma(schema, model.span):
        return None
    if not all(in_prisma(schema, field.span) for field in fields):
        return None
    names = [field.name for field in fields]
    for attribute in model.attributes:
        if attribute.name == "index" and _members(attribute)[: len(names)] == names:
            return (
                f"the schema has `{attribute.span.text}`, and no migration makes it: `prisma "
                "migrate dev` writes one",
                None,
            )
    line = f"@@index([{', '.join(names)}])"
    return f"add `{line}` to `{model.name}`", add_to_model(schema, model, line)


def _members(attribute: Attribute) -> list[str]:
    """The fields of a block attribute, by name."""
    for argument in attribute.arguments:
        if argument.name in (None, "fields"):
            return [item.text for item in argument.value.items]
    return []


def make_required(
    schema: Schema, model: Model, fields: Iterable[Field], relation: Relation | None = None
) -> Fix | None:
    """Take the `?` off the types of `fields`, and off the relation's that rests on them."""
    if schema.language != "prisma":
        return None
    edits: list[Edit] = []
    names: list[str] = []
    for field in fields:
        text = field.type_span.text
        if not text.endswith("?") or _emptied(model, field):
            return None
        edits.append(Edit(field.type_span.part(len(text) - 1, len(text)), ""))
        names.append(f"`{model.name}.{field.name}`")
    if relation is not None:
        optional = re.match(r"\S+\s+\w+\s*\?", relation.span.text)
        if optional:
            end = optional.end()
            edits.append(Edit(relation.span.part(end - 1, end), ""))
    return Fix(f"make {' and '.join(names)} required", tuple(edits))


def _emptied(model: Model, field: Field) -> bool:
    """Whether a relation is written to set the field to NULL, which Prisma refuses of one that is
    required."""
    return any(
        field.column in relation.columns and "SetNull" in relation.span.text
        for relation in model.relations
    )


def make_optional(schema: Schema, model: Model, field: Field) -> Fix | None:
    """Put a `?` behind the field's type, and behind those of the relations that rest on it, which
    Prisma wants to be optional then. A member of `@id` cannot be."""
    key = () if model.primary_key is None else model.primary_key.columns
    written = field.type_span.text
    if schema.language != "prisma" or field.column in key or field.list or written.endswith("?"):
        return None
    end = field.type_span.end
    edits = [Edit(Span(field.type_span.file, end, end), "?")]
    for relation in model.relations:
        head = re.match(r"\S+\s+\w+(?![\w?\[])", relation.span.text)
        if field.column in relation.columns and head is not None:
            edits.append(Edit(relation.span.part(head.end(), head.end()), "?"))
    return Fix(f"make `{field.name}` optional", tuple(edits))


def set_action(schema: Schema, relation: Relation | None, event: str, action: Action) -> Fix | None:
    """Write `onDelete: Restrict` (or whatever `event` and `action` say) into `@relation`."""
    if schema.language != "prisma" or relation is None:
        return None
    word = ACTION_WORDS[action]
    for attribute in relation.attributes:
        if attribute.name != "relation":
            continue
        written = attribute.argument(event)
        if written is not None:
            edit = Edit(written.value.span, word)
        elif attribute.span.text.endswith(")"):
            end = attribute.span.end - 1
            edit = Edit(Span(attribute.span.file, end, end), f", {event}: {word}")
        else:
            return None
        return Fix(f"write `{event}: {word}`", (edit,))
    return None


def set_default(schema: Schema, model: Model, field: Field, value: str) -> Fix | None:
    """Write `@default(value)`, in the place of the one that is there."""
    if schema.language != "prisma":
        return None
    written = field.attribute("default")
    if written is None:
        return add_to_field(schema, model, field, f"@default({value})")
    if not written.arguments:
        return None
    edit = Edit(written.arguments[0].value.span, value)
    return Fix(f"let `{model.name}.{field.name}` start as `{value}`", (edit,))
