"""The changes of state that a rule allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemalint.model import Layer
from schemalint.rule import Evidence, Judgement, Ref, broken, kept
from schemalint_rules.judging.states.state_guards import Steps, guarded, judge_steps
from schemalint_rules.judging.states.state_values import StateField
from schemalint_rules.remedies.guards import Guard, column, differs, guard_sql


def judge_changes(
    state: StateField,
    values: Sequence[Ref],
    initial: Ref | None,
    transitions: Mapping[Ref, Sequence[Ref]] | None,
) -> Judgement:
    """Whether something refuses the changes that `transitions` does not list."""
    span = state.field.span
    if transitions is None:
        return kept(state.path, (), span=span)
    allowed = {
        one.text: [next_one.text for next_one in following]
        for one, following in transitions.items()
    }
    names = [value.text for value in values]
    changes = _changes(names, allowed, initial, nullable=state.nullable)
    starts = tuple([name for name in names if initial is not None and name != initial.text])
    if not any(changes.values()) and not starts:
        return kept(state.path, [Evidence("the rule allows every change of state", span)])
    steps = Steps(
        changes=changes,
        starts=starts,
        initial=initial.text if initial else None,
        remedy=guard_sql(
            state.model,
            f"{state.field.column}_change",
            _guards(state, names, initial.text if initial else None, allowed),
            state.context.dialect,
        ),
    )
    if guarded(state, ["insert", "update"]):
        return judge_steps(state, steps)
    return _unwatched(state, names, allowed, steps)


def _unwatched(
    state: StateField, names: Sequence[str], allowed: Mapping[str, Sequence[str]], steps: Steps
) -> Judgement:
    """No trigger has to do with the state."""
    forbidden = _forbidden(names, allowed)
    if forbidden is not None:
        way = f"`UPDATE` takes `{state.path}` from `{forbidden[0]}` to `{forbidden[1]}`"
    elif steps.starts:
        way = f"a new row can be stored as `{steps.starts[0]}` at once, past `{steps.initial}`"
    else:
        way = f"`UPDATE` sets `{state.path}` back to NULL"
    return broken(
        state.path,
        f"nothing watches over changes: {way}, which the rule forbids",
        state.field.span,
        expressible=Layer.DATABASE if "trigger" in state.context.schema.can_say else None,
        help=steps.remedy,
    )


def _changes(
    names: Sequence[str],
    allowed: Mapping[str, Sequence[str]],
    initial: Ref | None,
    *,
    nullable: bool,
) -> dict[str | None, tuple[str | None, ...]]:
    """For each state, those that must not follow it. Where a row can be without any (NULL), it
    must not go back to that, and from there it starts."""
    changes: dict[str | None, tuple[str | None, ...]] = {
        one: (
            *(other for other in names if other != one and other not in allowed.get(one, ())),
            *((None,) if nullable else ()),
        )
        for one in names
    }
    if nullable and initial is not None:
        changes[None] = tuple([name for name in names if name != initial.text])
    return changes


def _forbidden(
    names: Sequence[str], allowed: Mapping[str, Sequence[str]]
) -> tuple[str, str] | None:
    """A change that is not listed: the most telling one, out of a state without a way out."""
    ordered = sorted(names, key=lambda name: len(allowed.get(name, ())))
    for one in ordered:
        for other in names:
            if other != one and other not in allowed.get(one, ()):
                return one, other
    return None


def _guards(
    state: StateField,
    names: Sequence[str],
    initial: str | None,
    allowed: Mapping[str, Sequence[str]],
) -> list[Guard]:
    dialect = state.context.dialect
    old, new = column(state.field, "old", dialect), column(state.field, "new", dialect)
    steps = [
        f"{old} = {state.literal(name)} AND {new} IN "
        f"({', '.join(state.literal(other) for other in allowed[name])})"
        for name in names
        if allowed.get(name)
    ]
    if state.nullable:
        entry = f"{new} = {state.literal(initial)}" if initial else f"{new} IS NOT NULL"
        steps.append(f"{old} IS NULL AND {entry}")
    refused = differs(state.field, dialect)
    if steps:
        listed_steps = " OR ".join(f"({step})" for step in steps)
        refused = f"{refused} AND ({listed_steps}) IS NOT TRUE"
    message = f"{state.path} must not change like this"
    guards = [Guard("update", message, refused)]
    if initial is not None:
        guards.insert(
            0,
            Guard(
                "insert",
                f"{state.path} must start as {initial}",
                f"{new} <> {state.literal(initial)}",
            ),
        )
    return guards
