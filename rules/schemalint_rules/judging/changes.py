"""What a schema changes or deletes by itself, without a writer asking for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from schemalint.context import Context
from schemalint.model import Action, Field, ForeignKey, Model, Relation
from schemalint.rule import Fix
from schemalint.source import Span
from schemalint_rules.judging.foreign_keys import effect, emulated, fields_of
from schemalint_rules.remedies.prisma_edits import set_action
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.small_words import one


class Change(msgspec.Struct, frozen=True):
    """Something in the schema that changes fields of a stored row, or deletes the row.

    `key` is the foreign key whose action does it, None for `@updatedAt`.
    """

    message: str
    span: Span
    label: str
    remedy: str
    key: ForeignKey | None = None
    fix: Fix | None = None


def changes_by_schema(
    model: Model, fields: Sequence[Field], context: Context, *, deleting: bool
) -> Iterator[Change]:
    """What changes one of `fields`, or with `deleting` removes a row of `model`."""
    for field in fields:
        if field.updated_at is not None:
            written = field.attribute("updatedAt")
            yield Change(
                f"`{model.name}.{field.name}` is renewed at each change, so the schema expects "
                "what the rule forbids",
                written.span if written else field.span,
                "renewed at each change",
                f"remove `{field.name}`, or leave it out of the rule",
            )
    for key in model.foreign_keys:
        touched = [field for field in fields_of(model, key) if field in fields]
        relation = next(
            (one for one in model.relations if one.columns == key.columns and one.columns), None
        )
        names = listed(f"{model.name}.{field.name}" for field in touched)
        deletion = effect(model, key, key.on_delete, context)
        if deletion.action is Action.CASCADE and deleting:
            what = f"deleting {one(key.model)} deletes its rows of `{model.name}` with it"
            yield _by_key(what, "delete", key, relation, context)
        elif deletion.action is Action.SET_NULL and touched:
            what = f"deleting {one(key.model)} sets {names} to NULL"
            yield _by_key(what, "delete", key, relation, context)
        elif deletion.action is Action.SET_DEFAULT and touched:
            what = f"deleting {one(key.model)} sets {names} to the default"
            yield _by_key(what, "delete", key, relation, context)
        if touched and not effect(model, key, key.on_update, context).refuses:
            what = f"changing the key of {one(key.model)} rewrites {names}"
            yield _by_key(what, "update", key, relation, context)


def _by_key(
    what: str,
    event: Literal["delete", "update"],
    key: ForeignKey,
    relation: Relation | None,
    context: Context,
) -> Change:
    action, span = (
        (key.on_delete, key.on_delete_span)
        if event == "delete"
        else (key.on_update, key.on_update_span)
    )
    clause = f"ON {event.upper()} {action.upper()}"
    default = ""
    if span is None and context.schema.language == "prisma":
        default = ", Prisma's default" if emulated(context.schema) else ", Migrate's default"
    argument = "onDelete" if event == "delete" else "onUpdate"
    return Change(
        f"{what} (`{clause}`{default})",
        span or key.span,
        clause,
        f"write `{argument}: Restrict`",
        key,
        set_action(context.schema, relation, argument, Action.RESTRICT),
    )
