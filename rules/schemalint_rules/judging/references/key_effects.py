"""What the actions of foreign keys amount to, whatever their names."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.condition.terms import Column, Compare, Is, Literal, Or
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.dialects.sqlite_rows import literal_default
from schemalint.model import Action, Dialect, Field, ForeignKey, Layer, Model
from schemalint.rule import Evidence
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.references.foreign_keys import (
    Event,
    action_on,
    fields_of,
    has_default,
)
from schemalint_rules.judging.references.single_values import unchangeable
from schemalint_rules.judging.rows.deferral import can_wait
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.describing import listed


def sets_default(context: Context) -> bool:
    """Whether SET DEFAULT does what it says (F08, F08b, F08c)."""
    return capability(context.dialect, Construct.SET_DEFAULT_ACTS).holds is not False


class Effect:
    """What a referential action does to the referencing row, whatever its name.

    Attributes:
        action: RESTRICT (the parent's change is refused), NO_ACTION (refused too, but only at
            commit where the key is deferrable), CASCADE, SET_NULL or SET_DEFAULT.
        reason: why that differs from the action as named, None where it does not.
    """

    def __init__(self, action: Action, reason: str | None = None) -> None:
        self.action = action
        self.reason = reason

    @property
    def refuses(self) -> bool:
        """Whether the parent cannot be deleted or re-keyed while rows point at it."""
        return self.action in (Action.RESTRICT, Action.NO_ACTION)


def effect(model: Model, key: ForeignKey, event: Event, context: Context) -> Effect:
    """What the key's action on `event` comes down to in this database."""
    action = action_on(key, event)
    if event == "update" and _within_itself(model, key, action, context):
        return Effect(
            Action.RESTRICT, f"within one table {action.upper()} acts as RESTRICT on this database"
        )
    if action is Action.SET_DEFAULT and not sets_default(context):
        return Effect(Action.RESTRICT, "SET DEFAULT acts as RESTRICT on this database")
    touched = [
        field
        for field in fields_of(model, key)
        if not key.set_columns or field.column in key.set_columns
    ]
    nulled = touched
    reason = None
    if action is Action.SET_DEFAULT:  # F08c: NULL where the database has no default
        nulled = [field for field in touched if not _is_reset_to(field, context)]
        if nulled == touched:
            action = Action.SET_NULL
            reason = "without a default SET DEFAULT means SET NULL"
        elif nulled and _has_to_be_full(key, context):
            return Effect(
                Action.RESTRICT,
                "MATCH FULL refuses the row that SET DEFAULT would make, with NULL in part of the "
                "key, so that in effect the change of the parent is refused",
            )
        elif nulled:  # F06: one NULL is enough
            action = Action.SET_NULL
            names = listed(f"{model.name}.{field.name}" for field in nulled)
            reason = f"{names} has no default, and one NULL is enough to point nowhere"
    if action is Action.CASCADE and event == "update":
        fixed_by = _fixed(model, touched, context)
        if fixed_by is not None:
            return Effect(
                Action.RESTRICT,
                f"{fixed_by.message} leaves the rows that point one value, so that in "
                "effect the change of the parent is refused",
            )
    if action not in (Action.SET_NULL, Action.SET_DEFAULT):
        restricts = action in (Action.RESTRICT, Action.NO_ACTION)
        refuses = restricts and not can_wait(key, context.dialect)
        return Effect(Action.RESTRICT if refuses else action, reason)
    rows = Rows(model, context, Layer.DATABASE)
    refusing = _refused_default(touched, rows) if action is Action.SET_DEFAULT else None
    if refusing is not None:
        return Effect(
            Action.RESTRICT,
            f"SET DEFAULT fails because no `{model.name}` can hold the default of "
            f"`{refusing.name}`, so that in effect the change of the parent is refused",
        )
    fixed = [field for field in nulled if not rows.nullable(field)]
    if fixed:  # F07, F07d, F20d
        without = ", which has no default" if action is Action.SET_DEFAULT else ""
        cannot = "cannot be NULL" if fixed[0].nullable else "is NOT NULL"
        return Effect(
            Action.RESTRICT,
            f"{action.upper()} fails because `{model.name}.{fixed[0].name}`{without} {cannot}, "
            "so that in effect the change of the parent is refused",
        )
    return Effect(action, reason)


def points_never(model: Model, key: ForeignKey, context: Context) -> bool:
    """Whether no row of `model` can point anywhere by the key, so that no action ever touches one:
    a CHECK or the triggers on INSERT and UPDATE keep such rows out."""
    if not Rows(model, context, Layer.DATABASE).bound:
        return False
    if any(model.table in other.inherits for other in context.schema.models):
        return False
    nowhere = Or(tuple([Is(Column(column), None) for column in key.columns]))
    found = decide_rows(model, nowhere, context)
    return found.kept is True and found.layer is Layer.DATABASE


def _within_itself(model: Model, key: ForeignKey, action: Action, context: Context) -> bool:
    """MariaDB refuses to rewrite rows of the table whose row is re-keyed (F29)."""
    if key.table != model.table or action not in (Action.CASCADE, Action.SET_NULL):
        return False
    return capability(context.dialect, Construct.ON_UPDATE_CASCADE_WITHIN_TABLE).holds is False


def _is_reset_to(field: Field, context: Context) -> bool:
    """Whether SET DEFAULT gives the field its default. To SQLite a row id has none, as it only
    counts new rows, and NULL is refused for it ("datatype mismatch", seen on 3.40)."""
    counts = field.default is not None and field.default.kind == "sequence"
    return has_default(field) and not (counts and context.dialect is Dialect.SQLITE)


def _has_to_be_full(key: ForeignKey, context: Context) -> bool:
    """Whether the database refuses a row with NULL in a part of the key (F06b)."""
    return key.match == "full" and capability(context.dialect, Construct.MATCH_FULL).holds is True


def _fixed(model: Model, fields: Sequence[Field], context: Context) -> Evidence | None:
    """What lets no field of a row that points have two values one after the other."""
    if not fields:
        return None
    fixed = unchangeable(model, fields, None, once=True, filled=True, context=context)
    return fixed[fields[0]][0] if len(fixed) == len(fields) else None


def _refused_default(fields: Sequence[Field], rows: Rows) -> Field | None:
    """The first of the fields whose default no row can hold, or not beside the others'."""
    if not rows.checks or any(
        one.effect not in ("raises", "raises-if", "nothing") for one in rows.model.triggers
    ):
        return None  # another trigger may mend the row
    defaults = [(Column(field.column), literal_default(field)) for field in fields]
    reset = tuple(
        [Compare("=", one, Literal(value)) for one, value in defaults if value is not None]
    )
    return fields[0] if reset and rows.impossible(reset) else None
