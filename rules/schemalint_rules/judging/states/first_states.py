"""The state of a row that is stored without naming one."""

from __future__ import annotations

import re

from schemalint.condition.terms import Column, Compare, Is, Literal, Not, Scalar
from schemalint.dialects import Construct, capability
from schemalint.model import Default, Layer, ScalarType
from schemalint.rule import Evidence, Judgement, Ref, Related, Verdict, broken, kept, unknown
from schemalint_rules.judging.conditions.presence import filled_by_client
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.rows.holders import holders, parts
from schemalint_rules.judging.rows.views import own_defaults
from schemalint_rules.judging.states.state_values import StateField
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards
from schemalint_rules.judging.triggers.trigger_sight import Sight
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import set_default
from schemalint_rules.remedies.sql_statements import set_default as default_to
from schemalint_rules.wording.client_layer import library
from schemalint_rules.wording.describing import keeps

_SQL_STRING = re.compile(r"\(?\s*'((?:[^']|'')*)'\s*(?:::[\w.\" ]+)?\)?")


def judge_initial(state: StateField, initial: Ref | None) -> Judgement:
    """What a row gets that is stored without naming a state."""
    if initial is None:
        return kept(state.path, (), span=state.field.span)
    found = _of_table(state, initial)
    if found.verdict is not Verdict.KEPT or _set_by_trigger(state, initial) is not None:
        return found
    return _through_others(state, initial) or _through_views(state, initial) or found


def _through_others(state: StateField, initial: Ref) -> Judgement | None:
    """What a row gets that is put straight into a part or an heir, which may have defaults of its
    own (observed on PostgreSQL 15)."""
    model, context = state.model, state.context
    for one in (*holders(model, context), *parts(model, context)):
        field = one.column(state.field.column)
        if one is model or field is None or _same(field.default, state.field.default):
            continue
        found = _of_table(StateField(one, field, context), initial)
        if found.verdict is not Verdict.KEPT:
            return found
    return None


def _same(one: Default | None, other: Default | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.kind, one.value, one.expression) == (other.kind, other.value, other.expression)


def _through_views(state: StateField, initial: Ref) -> Judgement | None:
    """What a row gets that is stored through a view, where that is something of its own."""
    for view, field in own_defaults(state.model, state.field, state.context):
        default = field.default
        if default is None:
            continue
        literal = _SQL_STRING.fullmatch(default.expression.strip())
        text = literal[1].replace("''", "'") if literal is not None else default.value
        if text is None or state.stored(text) != state.stored(initial.text):
            return unknown(
                state.path,
                f"the view `{view.name}` gives `{field.name}` a default of its own, and whether a "
                f"row that is stored through it starts as `{initial.text}` cannot be told",
                default.span,
            )
    return None


def _of_table(state: StateField, initial: Ref) -> Judgement:
    set_by_trigger = _set_by_trigger(state, initial)
    if set_by_trigger is not None:
        return set_by_trigger
    default = state.field.default
    if default is None or state.field.generated is not None:
        return _without_default(state, initial)
    if default.layer is not Layer.DATABASE and not state.nullable:
        # Without the client such a row is refused; with it, it gets the client's value.
        layer = Layer.DATABASE
    else:
        layer = default.layer
    text = default.value if default.kind == "literal" else None
    if default.kind == "expression":
        literal = _SQL_STRING.fullmatch(default.expression.strip())
        if literal is None:
            return unknown(
                state.path,
                f"it cannot be told what `{default.expression}` gives, and so in which state a row "
                "starts that names none",
                default.span,
            )
        text = literal[1].replace("''", "'")
    if text is not None and state.stored(text) == state.stored(initial.text):
        return kept(
            state.path,
            [Evidence(f"`{default.span.text}` on `{state.path}`", default.span)],
            layer=layer,
            condition=None
            if layer is Layer.DATABASE
            else f"only {library(state.context.schema)} knows the default: other writers store no "
            "state",
        )
    refused = _refused(state, state.stored(text)) if text is not None else None
    if refused is not None:
        return refused
    given = f"`{text}`" if text is not None else f"`{default.expression}`"
    return broken(
        state.path,
        f"a row that names no state starts as {given}, not as `{initial.text}`",
        default.span,
        contradicts=True,
        label=f"starts as {given}",
        related=[Related("the initial state of the rule", initial.span)],
        help=_start_as(state, initial),
        fix=set_default(state.context.schema, state.model, state.field, _spelt(state, initial)),
    )


def _refused(state: StateField, value: Scalar) -> Judgement | None:
    """Why no row can be stored that has this value for want of another; None where one may be."""
    model, context = state.model, state.context
    if any(one is not model for one in holders(model, context)):
        return None
    column = Column(state.field.column)
    has = Is(column, None) if value is None else Compare("=", column, Literal(value))
    always = decide_rows(model, Not(Is(has, True)), context)
    if always.kept and always.layer is Layer.DATABASE:
        return kept(state.path, always.evidence, span=state.field.span)
    if not model.triggers:
        return None
    versions = RowVersions(model, context)
    guards = Guards(model, "insert", versions, context)
    watch = guards.watch(lambda: [versions.of_row(has, "NEW")], state.field)
    if not watch.refused:
        return None
    return kept(state.path, [keeps(model, guard) for guard in watch.guards], span=state.field.span)


def _set_by_trigger(state: StateField, initial: Ref) -> Judgement | None:
    """What a trigger makes of the first state, None where none has to do with it."""
    versions = RowVersions(state.model, state.context)
    sight = Sight(state.model, "insert", versions, state.context)
    assigning = sight.assigning(state.field)
    if not assigning:
        return None
    forced = sight.forced(state.field)
    literal = _SQL_STRING.fullmatch(forced[1].strip()) if forced is not None else None
    if forced is None or (literal is None and not forced[1].strip().isdigit()):
        return unknown(
            state.path,
            f"the trigger `{assigning[0].name}` may give a new row another state, but it was not "
            "understood well enough to tell which",
            assigning[0].span,
        )
    trigger, value = forced
    text = literal[1].replace("''", "'") if literal is not None else value.strip()
    if state.stored(text) == state.stored(initial.text):
        said = f"the trigger `{trigger.name}` lets every row start as `{text}`"
        return kept(state.path, [Evidence(said, trigger.span)])
    return broken(
        state.path,
        f"the trigger `{trigger.name}` lets every row start as `{text}`, not as `{initial.text}`",
        trigger.span,
        contradicts=True,
        related=[Related("the initial state of the rule", initial.span)],
    )


def _without_default(state: StateField, initial: Ref) -> Judgement:
    field = state.field
    fix = set_default(state.context.schema, state.model, field, _spelt(state, initial))
    takes_first = capability(state.context.dialect, Construct.ENUM_WITHOUT_DEFAULT_TAKES_FIRST)
    if state.enum is not None and not state.nullable and takes_first.holds:
        first = state.enum.values[0] if state.enum.values else None  # E01h
        if first is not None and first.stored != state.stored(initial.text):
            return _refused(state, first.stored) or broken(
                state.path,
                f"a row that names no state starts as `{first.name}`: this database gives "
                "a NOT NULL enum without a default its first value",
                field.span,
                contradicts=True,
                label="no default",
                related=[Related("the first value", first.name_span)],
                help=_start_as(state, initial),
                fix=fix,
            )
    validates = state.context.schema.client_validates
    if state.nullable and validates and not field.client_nullable:
        return filled_by_client(state.model, field, state.context)
    if state.nullable:
        return _refused(state, None) or broken(
            state.path,
            f"a row that names no state gets none (NULL), not `{initial.text}`",
            field.span,
            label="no default",
            help=_start_as(state, initial),
            fix=fix,
        )
    evidence = Evidence(f"`{state.path}` has to be named: it is NOT NULL, no default", field.span)
    return kept(state.path, [evidence])


def _start_as(state: StateField, initial: Ref) -> str:
    """How a row comes to start in a state."""
    if in_prisma(state.context.schema, state.field.span):
        return f"let it start as `{initial.text}`"
    value = state.literal(initial.text)
    return default_to(state.model, state.field, value, state.context.dialect)


def _spelt(state: StateField, initial: Ref) -> str:
    """The state as Prisma's `@default(...)` writes it."""
    member = state.member(initial.text)
    if member is not None:
        return member.name
    if state.field.type is ScalarType.STRING:
        return '"' + initial.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return initial.text.lower() if state.field.type is ScalarType.BOOLEAN else initial.text
