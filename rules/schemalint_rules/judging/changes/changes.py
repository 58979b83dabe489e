"""What a schema changes or deletes by itself, without a writer asking for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Action, Field, ForeignKey, Layer, Model
from schemalint.rule import Fix
from schemalint.source import Span
from schemalint_rules.judging.references.foreign_keys import (
    Event,
    Pointer,
    action_on,
    emulated,
    enforced,
    fields_of,
    has_default,
    keys_of,
)
from schemalint_rules.judging.references.key_effects import effect, points_never
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import set_action
from schemalint_rules.remedies.sql_statements import change_action
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.small_words import one

_REFUSING = (Action.RESTRICT, Action.NO_ACTION)


class Change(msgspec.Struct, frozen=True):
    """Something in the schema that changes fields of a stored row, or deletes the row.

    `key` is the foreign key whose action does it, None for a
    column that is renewed at each change.
    """

    message: str
    span: Span
    label: str
    remedy: str
    key: ForeignKey | None = None
    fix: Fix | None = None

    @property
    def by_database(self) -> bool:
        """Whether an action of the database's own does it, and not a statement of a client's."""
        return self.key is not None and self.key.layer is Layer.DATABASE


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
    for key in enforced(keys_of(model, context)):
        changes = [*_by_key(model, key, fields, context, deleting=deleting)]
        if changes and not points_never(model, key, context):
            yield from changes


def _by_key(
    model: Model, key: ForeignKey, fields: Sequence[Field], context: Context, *, deleting: bool
) -> Iterator[Change]:
    """What the actions of one foreign key change."""
    touched = [field for field in fields_of(model, key) if field in fields]
    reset = [field for field in touched if not key.set_columns or field.column in key.set_columns]
    emptied = listed(f"{model.name}.{field.name}" for field in reset)
    deletion = effect(model, key, "delete", context).action
    if deletion not in _REFUSING and _never("delete", model, key, context):
        deletion = Action.RESTRICT
    if deletion is Action.SET_NULL and any(map(has_default, reset)):
        deletion = action_on(key, "delete")  # SET DEFAULT: what has none is NULL, the rest is not
    if deletion is Action.CASCADE and deleting:
        what = f"deleting {one(key.model)} deletes its rows of `{model.name}` with it"
        yield _change(what, "delete", model, key, context)
    elif deletion is Action.SET_NULL and reset:
        what = f"deleting {one(key.model)} sets {emptied} to NULL"
        yield _change(what, "delete", model, key, context)
    elif deletion is Action.SET_DEFAULT and reset:
        what = f"deleting {one(key.model)} sets {emptied} to the default"
        yield _change(what, "delete", model, key, context)
    rewrites = touched and not effect(model, key, "update", context).refuses
    if rewrites and not _never("update", model, key, context):
        names = listed(f"{model.name}.{field.name}" for field in touched)
        what = f"changing the key of {one(key.model)} rewrites {names}"
        yield _change(what, "update", model, key, context)


def _never(event: Event, model: Model, key: ForeignKey, context: Context) -> bool:
    """Whether the parent never goes, or never gets another key. Asked only where the triggers of
    the rows that point do not see what an action does to them."""
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    if fires is not False or not model.triggers:
        return False
    from schemalint_rules.judging.references.staying_parents import never_happens

    pointer = Pointer(model, key, model.name, key.span)
    return never_happens(event, pointer, context) is not None


def _change(what: str, event: Event, model: Model, key: ForeignKey, context: Context) -> Change:
    """What the key's action on an event of the parent does to a row."""
    deletes = event == "delete"
    action = action_on(key, event)
    span = key.on_delete_span if deletes else key.on_update_span
    clause = f"ON {event.upper()} {action.upper()}"
    prisma = in_prisma(context.schema, span or key.span)
    default = ""
    if span is None and prisma:
        default = ", Prisma's default" if emulated(context.schema) else ", Migrate's default"
    argument = "onDelete" if deletes else "onUpdate"
    remedy = f"write `{argument}: Restrict`"
    if not prisma:
        remedy = change_action(model, key, event, Action.RESTRICT, context.dialect)
    relation = next(
        (one for one in model.relations if one.columns == key.columns and one.columns), None
    )
    return Change(
        f"{what} (`{clause}`{default})",
        span or key.span,
        clause,
        remedy,
        key,
        set_action(context.schema, relation, argument, Action.RESTRICT) if prisma else None,
    )
