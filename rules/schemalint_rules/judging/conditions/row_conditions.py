"""Whether a condition is true of every row that can be stored, by columns, checks and triggers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.condition.terms import Is, Literal, Not, Scalar, Term
from schemalint.context import Context
from schemalint.model import Field, Layer, Model
from schemalint.rule import Condition, Evidence, Stale
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.describing import called, keeps, logical, not_null

if TYPE_CHECKING:
    from schemalint_rules.judging.rows.parents_say import Inherited

__all__ = ["RowAnswer", "Rows", "by_key", "decide_rows", "in_words", "literals", "speaking_of_rows"]


def speaking_of_rows(model: Model, condition: Condition, context: Context) -> Term:
    """The condition that limits a rule to some rows, over physical names.

    Raises:
        Stale: it names a field that the model has not, or no row can satisfy it.
    """
    term = context.condition(model, condition)
    if Rows(model, context, Layer.DATABASE).impossible((term,)):
        raise Stale(
            f"no row of `{model.name}` can satisfy `{condition.text}`, so the rule speaks of "
            "nothing",
            condition.span,
        )
    return term


class RowAnswer(msgspec.Struct, frozen=True):
    """Whether every row that can be stored satisfies a condition.

    `kept` is None where it is not decided. A kept one has its `layer` and `evidence`, a broken
    one a `witness`: the values of a row, in words. `never` tells that no row at all satisfies it.
    """

    kept: bool | None
    layer: Layer = Layer.DATABASE
    evidence: tuple[Evidence, ...] = ()
    witness: str = ""
    undecided: str = ""
    never: bool = False


def decide_rows(model: Model, wanted: Term, context: Context) -> RowAnswer:
    """Decide `wanted` (over physical names) for the rows of `model`, at the strongest layer."""
    first: RowAnswer | None = None
    for layer in (Layer.DATABASE, Layer.CLIENT):
        rows = Rows(model, context, layer)
        decision = rows.decide(wanted)
        if decision.answer:
            return RowAnswer(True, layer=layer, evidence=_evidence(rows, wanted))
        if first is not None:
            continue
        first = RowAnswer(
            decision.answer,
            witness=in_words(model, wanted, decision.witness),
            undecided=decision.reason or "the condition is too involved",
            never=decision.answer is False and rows.implied((), Not(Is(wanted, True))) is True,
        )
        if model.triggers:
            first = _by_triggers(first, model, wanted, context)
            if first.kept:
                return first
    assert first is not None
    return first


def _by_triggers(found: RowAnswer, model: Model, wanted: Term, context: Context) -> RowAnswer:
    """The answer, now that the triggers are asked too."""
    from schemalint_rules.judging.conditions.row_guards import guarded  # few tables have triggers

    by_triggers = guarded(model, wanted, context)
    if by_triggers is None:
        return found
    if by_triggers.kept:
        return RowAnswer(True, evidence=tuple(keeps(model, one) for one in by_triggers.triggers))
    if by_triggers.kept is None:
        return RowAnswer(None, undecided=f"no constraint makes it so, and {by_triggers.reason}")
    if found.kept is None:
        return found
    witness = in_words(model, wanted, by_triggers.witness) or found.witness
    return msgspec.structs.replace(found, witness=witness)


def in_words(model: Model, wanted: Term, row: Mapping[str, Scalar] | None) -> str:
    """The row that shows a condition false: "`status` = 'PAID' and `paidAt` NULL"."""
    values = []
    for column in wanted.columns:
        if row is not None and column in row:
            name = logical(model, [column])[0]
            value = Literal(row[column]).sql()
            values.append(f"`{name}` {value}" if value == "NULL" else f"`{name}` = {value}")
    return " and ".join(values)


def _evidence(rows: Rows, wanted: Term) -> tuple[Evidence, ...]:
    """What makes a condition true: fields alone, else one check, else all that share a column."""
    if rows.decide(wanted, ()).answer:
        fields = (rows.model.column(column) for column in wanted.columns)
        return tuple(_of_field(rows, field) for field in fields if field is not None)
    for computed in ((), tuple(rows.definitions.values())):
        for check, term in rows.checks:
            if rows.decide(wanted, (term, *computed)).answer:
                return (keeps(rows.model, check),)
        for one in rows.inherited:
            if rows.decide(wanted, (one.given, *computed)).answer:
                return by_key(rows.model, one)
    columns = rows.related(wanted.columns)  # a CHECK may speak of what is computed from them
    checks = [
        keeps(rows.model, check)
        for check, given in rows.checks
        if columns & set(given.term.columns)
    ]
    near = [one for one in rows.inherited if columns & set(one.given.term.columns)]
    keys = [each for one in near for each in by_key(rows.model, one)]
    return tuple(dict.fromkeys([*checks, *keys]))


def by_key(model: Model, one: Inherited) -> tuple[Evidence, ...]:
    """What a foreign key makes true of rows, as evidence: the key, and the parent's CHECK."""
    if one.check is None:
        said = f"{called(model, one.key)}, which {one.by},"
        return (Evidence(said, one.key.span),)
    said = f"{called(one.owner, one.check)} says what it can point at"
    check = Evidence(said, one.check.span)
    return (keeps(model, one.key), check)


def _of_field(rows: Rows, field: Field) -> Evidence:
    facts = rows.facts.column(field.column)
    if field.enum is not None and facts is not None and facts.values is not None:
        name = f"{rows.model.name}.{field.name}"
        return Evidence(f"`{name}` takes the values of `{field.enum}` only", field.type_span)
    if facts is None or facts.nullable:
        return Evidence(f"`{rows.model.name}.{field.name}`", field.type_span)
    return not_null(rows.model, field)


def literals(terms: Iterable[Term]) -> Sequence[Literal]:
    """The constants in `terms`, each once, NULL left out."""
    found = {
        term: None
        for whole in terms
        for term in whole.walk()
        if isinstance(term, Literal) and term.value is not None
    }
    return tuple(found)
