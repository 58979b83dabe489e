"""Whether a foreign key does what a rule says when a parent is deleted or re-keyed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING
from typing import Literal as Choice

from schemalint.condition.terms import Column, Compare, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.dialects.sqlite_rows import literal_default
from schemalint.model import Action, Dialect, Field, ForeignKey, Layer, Model, Relation, Trigger
from schemalint.rule import Evidence, Finding, Judgement, broken, kept, unknown
from schemalint.source import Span
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.keys.room import single_row
from schemalint_rules.judging.references.foreign_keys import (
    Event,
    Pointer,
    action_on,
    condition_of,
    emulated,
    enforced,
    fields_of,
    has_default,
)
from schemalint_rules.judging.references.key_effects import Effect, effect, sets_default
from schemalint_rules.judging.references.single_values import unchangeable
from schemalint_rules.judging.references.staying_parents import (
    differs,
    never_happens,
    refusing,
    replaced,
)
from schemalint_rules.judging.rows.deferral import can_wait
from schemalint_rules.judging.rows.parents_say import leaves_no_orphans
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards, Watch
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import ACTION_WORDS, set_action
from schemalint_rules.remedies.sql_statements import change_action
from schemalint_rules.wording.describing import called, listed
from schemalint_rules.wording.small_words import one

if TYPE_CHECKING:
    from schemalint.condition.decide import Given

StatedAction = Choice["restrict", "cascade", "set_null", "set_default", "no_action"]
"""A referential action as a rule states it."""

_ACTIONS: dict[str, Action] = {action.value.replace(" ", "_"): action for action in Action}


def judge_action(
    event: Event, stated: StatedAction, pointer: Pointer, context: Context
) -> Judgement:
    """Compare what the key does on `event` (the parent is deleted, or its key changed)."""
    model, key, path, relation = pointer.model, pointer.key, pointer.path, pointer.relation
    wanted = _ACTIONS[stated]
    action = action_on(key, event)
    written = key.on_delete_span if event == "delete" else key.on_update_span
    real = _guarded(event, effect(model, key, event, context), pointer, context)
    real = _in_parts(event, real, pointer, context)
    clause = f"ON {event.upper()} {action.upper()}"
    never = past = None
    if wanted is Action.SET_DEFAULT and real.refuses:
        nowhere = default_leads_nowhere(pointer, context)
        if nowhere is not None:
            return kept(path, [nowhere], layer=key.layer, condition=condition_of(key, context))
    if not _same(wanted, real):
        never = never_happens(event, pointer, context)
        if never is not None and not real.refuses:
            past = replaced(event, pointer, context)
        never = never or _alone(event, pointer, context)
    if past is not None:
        return past
    if never is not None:
        return _kept_by_never(event, stated, never, pointer)
    if not _same(wanted, real) and (back := _putting_back(event, pointer, context)):
        return unknown(
            path,
            f"the trigger `{back.name}` may give a `{key.model}` the key that it had, so that it "
            "cannot be told what becomes of the rows that point at it",
            back.span,
        )
    contested = _contested(event, real, pointer, context)
    if contested is not None:
        return contested
    if _same(wanted, real):
        overtaken = _overtaken(event, action, real, pointer, context)
        if overtaken is not None:
            return overtaken
        span = written or key.span
        reason = f" ({real.reason})" if real.reason else ""
        default = "" if written else _by_default(context, relation)
        return kept(
            path,
            [Evidence(f"`{clause}`{default}{reason}", span)],
            layer=key.layer,
            condition=condition_of(key, context),
            extra=_too_early(wanted, action, pointer, span, context.dialect),
        )
    perhaps = _refused_perhaps(event, pointer, context)
    if perhaps is not None:
        return unknown(path, perhaps.reason, perhaps.trigger.span if perhaps.trigger else key.span)
    what = "deleting" if event == "delete" else "changing the key of"
    default = "" if written else _by_default(context, relation)
    reason = f": {real.reason}" if real.reason else ""
    impossible = wanted is Action.SET_DEFAULT and not sets_default(context)
    # MongoDB would take NULL where Prisma wants a value.
    demanding = context.schema.client_validates
    allowed = wanted is not Action.SET_NULL or all(
        field.nullable and (field.client_nullable or not demanding) for field in pointer.fields
    )
    argument = "onDelete" if event == "delete" else "onUpdate"
    fix = None
    if allowed and not impossible:
        fix = set_action(context.schema, relation, argument, _sayable(wanted, context))
    return broken(
        path,
        f"{what} {one(key.model)} {_consequence(event, real, model)} "
        f"(`{clause}`{default}{reason}); the rule says `on_{event}: {stated}`",
        written or (relation.span if relation else key.span),
        expressible=None if impossible else Layer.DATABASE,
        # A schema that says SetDefault on MySQL does all it can; the database does not follow.
        contradicts=not (impossible and action is Action.SET_DEFAULT),
        label=f"{clause}{default}",
        help=_help(event, wanted, pointer, context, impossible=impossible),
        fix=fix,
    )


def _refused_perhaps(event: Event, pointer: Pointer, context: Context) -> Watch | None:
    """Why it is not known whether a trigger refuses every change of the parent's key, where it
    depends on PostgreSQL's version what UPDATE OF a computed column sees."""
    target = next((one for one in context.schema.models if one.name == pointer.key.model), None)
    if target is None or event != "update" or not target.triggers:
        return None
    versions = RowVersions(target, context)
    guards = Guards(target, event, versions, context)
    if not any(guards.sight.computed_of(one) for one in guards.triggers):
        return None
    fields = [target.column(column) for column in pointer.key.references]
    watches = [
        guards.watch(partial(differs, one, versions), one) for one in fields if one is not None
    ]
    if any(watch.refused is False for watch in watches):
        return None
    return next((watch for watch in watches if watch.refused is None), None)


def default_leads_nowhere(pointer: Pointer, context: Context) -> Evidence | None:
    """Why SET DEFAULT could only refuse the change of a parent, as a rule that asks for it would
    have it: no row can be where the defaults lead."""
    target = next((one for one in context.schema.models if one.name == pointer.key.model), None)
    if target is None or any(not has_default(field) for field in pointer.fields):
        return None
    values = [literal_default(field) for field in pointer.fields]
    if len(values) < len(pointer.key.references) or None in values:
        return None
    there = [
        Compare("=", Column(reference), Literal(value))
        for reference, value in zip(pointer.key.references, values, strict=True)
    ]
    if not leaves_no_orphans(target):
        return None  # a trigger may mend a row before the CHECK sees it
    if not Rows(target, context, Layer.DATABASE).impossible(there):
        return None
    names = listed(field.name for field in pointer.fields)
    said = f"no `{target.name}` can be what the default of {names} names, so that SET DEFAULT, too,"
    return Evidence(f"{said} would refuse the change of the parent", pointer.key.span)


def _putting_back(event: Event, pointer: Pointer, context: Context) -> Trigger | None:
    target = next((one for one in context.schema.models if one.name == pointer.key.model), None)
    found = effects.putting_back(target, pointer.key.references) if target is not None else None
    return found if event == "update" else None


def _alone(event: Event, pointer: Pointer, context: Context) -> Evidence | None:
    """What leaves no row that points at another one of its own table: of one that is deleted with
    itself, nothing is left to be done to."""
    key, model = pointer.key, pointer.model
    if event == "update":
        return None
    keys = single_row(model, (), context) if key.model == model.name else ()
    if not keys:
        return None
    said = f"{called(model, keys[0])} has room for one `{model.name}`, at which no other can point"
    return Evidence(said, keys[0].span)


def _kept_by_never(
    event: Event, stated: StatedAction, never: Evidence, pointer: Pointer
) -> Judgement:
    """Nothing happens to the rows that point, since nothing happens to their parent."""
    extra = []
    if _ACTIONS[stated] not in (Action.RESTRICT, Action.NO_ACTION):
        extra.append(
            stricter(
                pointer.path,
                f"the rule says `on_{event}: {stated}`, but {never.message}",
                never.span,
                help="let some of them go, or say `restrict`",
            )
        )
    return kept(pointer.path, [never], extra=extra)


def _overtaken(
    event: Event, action: Action, real: Effect, pointer: Pointer, context: Context
) -> Judgement | None:
    """Another key of the same rows to the same parent that lets them go before this one refuses.

    Observed: PostgreSQL and MariaDB look at the keys in the order in which they were made,
    RESTRICT too; SQLite in the other order, and at its NO ACTION last.
    """
    if not real.refuses:
        return None
    key = pointer.key
    at_once = context.dialect is Dialect.SQLITE and action is Action.RESTRICT
    keys = list(enforced(pointer.model.foreign_keys))
    for other in keys[keys.index(key) + 1 :] if at_once else keys:
        if other is key or other.table != key.table:
            continue
        its_action = action_on(other, event)
        its_effect = effect(pointer.model, other, event, context)
        removes = event == "delete" and its_effect.action is Action.CASCADE
        shared = set(other.columns) & set(key.columns)
        if removes or (shared and not its_effect.refuses):
            names = listed(field.name for field in fields_of(pointer.model, other))
            clause = f"ON {event.upper()} {its_action.upper()}"
            return unknown(
                pointer.path,
                f"a row of `{pointer.model.name}` points at `{key.model}` by {names} too, "
                f"with `{clause}`: where that key is looked at first, nothing is left to refuse",
                other.span,
            )
    return None


def _contested(event: Event, real: Effect, pointer: Pointer, context: Context) -> Judgement | None:
    """Another key over the very same columns to the same parent that does something else: what
    becomes of the rows depends on which of the two is looked at first (see `_overtaken`)."""
    key = pointer.key
    for other in enforced(pointer.model.foreign_keys):
        pairs = set(zip(other.columns, other.references, strict=False))
        if other is key or other.table != key.table:
            continue
        if pairs != set(zip(key.columns, key.references, strict=False)):
            continue
        its_action = action_on(other, event)
        its_effect = effect(pointer.model, other, event, context)
        if its_effect.action is real.action or (its_effect.refuses and real.refuses):
            continue
        if context.dialect is Dialect.SQLITE and its_action is Action.NO_ACTION:
            continue  # it looks last
        return unknown(
            pointer.path,
            f"another foreign key points from the same columns at `{key.model}`, with "
            f"`ON {event.upper()} {its_action.upper()}`: which of the two is looked at first "
            "decides what becomes of the rows",
            other.span,
        )
    return None


def _guarded(event: Event, real: Effect, pointer: Pointer, context: Context) -> Effect:
    """The effect, where a trigger refuses every change that the key would make."""
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    if real.refuses or not fires:
        return real
    deletes = event == "delete" and real.action is Action.CASCADE
    for trigger in effects.on(pointer.model, "delete" if deletes else "update"):
        if trigger.when is not None or (
            trigger.columns and not set(pointer.key.columns) <= set(trigger.columns)
        ):
            continue
        if trigger.effect == "raises" and effects.refuses(trigger, pointer.model, context.dialect):
            reason = f"the trigger `{trigger.name}` refuses what the foreign key would do"
            return Effect(Action.RESTRICT, reason)
        if _drops(trigger, context):
            reason = (
                f"the trigger `{trigger.name}` drops what the foreign key would do, so that the "
                "change of the parent fails"
            )
            return Effect(Action.RESTRICT, reason)
    if deletes or real.action is Action.NO_ACTION:
        return real
    refusing = refusing_rewrites(real.action, pointer.model, pointer.key, context)
    if refusing is None:
        return real
    reason = f"the trigger `{refusing.name}` refuses what the foreign key would do"
    return Effect(Action.RESTRICT, reason)


def refusing_rewrites(
    action: Action, model: Model, key: ForeignKey, context: Context
) -> Trigger | None:
    """The trigger that lets no key of the rows that point become what an action makes of it. Of a
    row that has its default already, nothing becomes another: it points at no row then."""
    if not any(effects.on(model, "update")):
        return None
    touched = key.set_columns or key.columns
    fields = [one for one in fields_of(model, key) if one.column in touched]
    versions = RowVersions(model, context)
    guards = Guards(model, "update", versions, context)
    watches = [guards.watch(partial(_rewritten, one, action, versions), one) for one in fields]
    stopped = [watch for watch in watches if watch.refused and watch.guards]
    enough = 1 if action is Action.SET_NULL else len(fields)
    return stopped[0].guards[0] if stopped and len(stopped) >= enough else None


def _rewritten(field: Field, action: Action, versions: RowVersions) -> Sequence[Term | Given]:
    """What an action makes of a column by which a row points."""
    changed = differs(field, versions)
    filled = [Not(Is(versions.column(field, "OLD"), None))]
    emptied = [Is(versions.column(field, "NEW"), None)] if action is Action.SET_NULL else []
    return [*changed, *filled, *emptied]


def _in_parts(event: Event, real: Effect, pointer: Pointer, context: Context) -> Effect:
    """The effect, where some columns of the key are left one value by the rows that point, and of
    the others a trigger lets none change."""
    key = pointer.key
    if event == "delete" or real.action is not Action.CASCADE:
        return real
    target = next((one for one in context.schema.models if one.name == key.model), None)
    own = fields_of(pointer.model, key)
    if target is None or len(own) < len(key.columns):
        return real
    fixed = unchangeable(pointer.model, own, None, once=True, filled=True, context=context)
    rest = [
        target.column(reference)
        for field, reference in zip(own, key.references, strict=True)
        if field not in fixed
    ]
    free = [field for field in rest if field is not None]
    if not fixed or not free or len(free) < len(rest):
        return real
    trigger = refusing(event, target, free, context)
    if trigger is None:
        return real
    by = next(iter(fixed.values()))[0]
    reason = (
        f"{by.message} leaves the rows that point one value, and the trigger `{trigger.name}` lets "
        "nothing else of the key change, so that in effect the change of the parent is refused"
    )
    return Effect(Action.RESTRICT, reason)


def _drops(trigger: Trigger, context: Context) -> bool:
    """Whether SQLite's trigger drops a change of a row that points: it looks again whether rows
    still point at the parent (observed), where PostgreSQL does not."""
    return (
        context.dialect is Dialect.SQLITE
        and trigger.effect == "skips"
        and trigger.timing == "before"
        and not trigger.columns
    )


def _too_early(
    wanted: Action, action: Action, pointer: Pointer, span: Span, dialect: Dialect
) -> Iterator[Finding]:
    """RESTRICT cannot be deferred, whatever the key says (X03)."""
    if (wanted, action) != (Action.NO_ACTION, Action.RESTRICT):
        return
    if not can_wait(pointer.key, dialect):
        return
    yield stricter(
        pointer.path,
        f"the rule lets one transaction delete {one(pointer.key.model)} and then the rows that "
        "point at it, but RESTRICT refuses at once, DEFERRABLE or not",
        span,
        help="write NO ACTION in place of RESTRICT",
    )


def _same(wanted: Action, real: Effect) -> bool:
    if real.action is Action.NO_ACTION:  # deferrable: refused at commit only (X03b)
        return wanted is Action.NO_ACTION
    if real.action is Action.RESTRICT:
        return wanted in (Action.RESTRICT, Action.NO_ACTION)
    return wanted is real.action


def _by_default(context: Context, relation: Relation | None) -> str:
    if context.schema.language != "prisma" or relation is None:
        return " by default"
    if emulated(context.schema):
        return ", Prisma's default"
    kind = "an optional" if relation.nullable else "a required"
    return f", Migrate's default for {kind} relation"


def _consequence(event: Event, real: Effect, model: Model) -> str:
    rows = f"the rows of `{model.name}` that point at it"
    return {
        Action.RESTRICT: f"is refused while rows of `{model.name}` point at it",
        Action.NO_ACTION: f"is refused at commit if {rows} are still there",
        Action.CASCADE: f"{'deletes' if event == 'delete' else 'rewrites'} {rows}",
        Action.SET_NULL: f"makes {rows} point nowhere",
        Action.SET_DEFAULT: f"makes {rows} point at their default",
    }[real.action]


def _sayable(wanted: Action, context: Context) -> Action:
    """SQL Server knows NO ACTION only (Prisma documentation, "Referential actions")."""
    if wanted is Action.RESTRICT and context.dialect is Dialect.SQLSERVER:
        return Action.NO_ACTION
    return wanted


def _help(
    event: Event, wanted: Action, pointer: Pointer, context: Context, *, impossible: bool
) -> str:
    if impossible:
        return (
            "this database has no working SET DEFAULT: let the service move the rows before it "
            "deletes the parent, and say `enforced_by: service` with a `because:`"
        )
    if action_on(pointer.key, event) is wanted:
        return (
            "the foreign key says so already, and this database does not do it: say "
            "`enforced_by: service` with a `because:`"
        )
    optional = ""
    if wanted is Action.SET_NULL and not all(field.nullable for field in pointer.fields):
        optional = "make the reference optional and "
    if not in_prisma(context.schema, pointer.span):
        return optional + change_action(pointer.model, pointer.key, event, wanted, context.dialect)
    argument = "onDelete" if event == "delete" else "onUpdate"
    return f"{optional}write `{argument}: {ACTION_WORDS[_sayable(wanted, context)]}`"
