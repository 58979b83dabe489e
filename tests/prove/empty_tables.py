"""Tables that certainly can hold no row, as the tests know them: judgements know some of them."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.facts import Facts
from schemalint.condition.terms import And, Column, Compare, Is, Literal, Not, Or
from schemalint.context import Context
from schemalint.model import Dialect, ForeignKey, Layer, Model, Schema, Unique
from schemalint.prove.rows.row_conditions import row_conditions
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.rows.empty_tables import holds_none
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards
from schemalint_rules.judging.triggers.trigger_sight import Sight
from tests.prove.set_beforehand import is_refused


def is_empty(
    model: Model, schema: Schema, seen: tuple[str, ...] = (), filled: tuple[str, ...] = ()
) -> bool:
    """Whether the table certainly can hold no row (with values in the columns `filled`): no
    judgement looks for that."""
    if model.partition_by and all(one.partition_of != model.table for one in schema.models):
        return True  # what parts there are, others say
    dialect = schema.dialect or Dialect.SQLITE
    context = Context(schema, dialect)
    versions = RowVersions(model, context)
    guards = Guards(model, "insert", versions, context)
    for field in model.fields:
        null = Is(Column(field.column), None)
        never = decide_rows(model, And((null, Not(null))), context)
        if never.kept and never.layer is Layer.DATABASE:
            return True
        either = versions.of_row(Or((null, Not(null))), "NEW")
        if model.triggers and guards.watch(lambda given=either: [given]).refused:
            return True
    if dialect is Dialect.SQLITE and any(_mismatched(one, schema) for one in model.foreign_keys):
        return True
    if holds_none(model, context):
        return True
    facts = Facts.of(model, schema, dialect=dialect, layer=Layer.DATABASE)
    conditions = row_conditions(model, facts, dialect)
    asked = [one.given for one in conditions]
    asked += [*_refused_always(model), *_assigned_always(model, versions, context)]
    asked += [Given(Not(Is(Column(column), None))) for column in filled]
    if satisfiable(asked, facts).answer is False:
        return True
    if is_refused(model, [one.given for one in conditions if one.source != "trigger"], context):
        return True
    for key in model.foreign_keys:
        own_fields = [one for one in model.fields if one.column in key.columns]
        rows = Rows(model, context, Layer.DATABASE)
        required = all(not rows.nullable(one) or one.column in filled for one in own_fields)
        for parent in schema.models:
            needed = required and parent.table == key.table and parent.name not in seen
            if not needed:
                continue
            if is_empty(parent, schema, (*seen, model.name), key.references):
                return True
            there, both = _of_parent(key, parent, facts, schema)
            if satisfiable([*asked, *there], both).answer is False:
                return True
    return False


def _of_parent(
    key: ForeignKey, parent: Model, facts: Facts, schema: Schema
) -> tuple[list[Given], Facts]:
    """What the conditions of a parent say of the columns that point at it, directly or with its
    other columns; and the columns of both."""
    known = Facts.of(parent, schema, dialect=facts.dialect, layer=Layer.DATABASE)
    own = dict(zip(key.references, key.columns, strict=False))
    said = [one.given for one in row_conditions(parent, known, facts.dialect)]
    there = [
        Given(one.term.rename(own.__getitem__), one.passes_null)
        for one in said
        if set(one.term.columns) <= set(own)
    ]
    there += [
        Given(one.term.rename(lambda name: f"parent.{known.resolve(name)}"), one.passes_null)
        for one in said
    ]
    there += [
        Given(Compare("=", Column(column), Column(f"parent.{reference}")))
        for reference, column in own.items()
    ]
    beside = {f"parent.{name}": column for name, column in known.columns.items()}
    return there, Facts({**facts.columns, **beside}, facts.dialect)


def _mismatched(key: ForeignKey, schema: Schema) -> bool:
    """Whether SQLite refuses every row, since what the key points at is no key ("foreign key
    mismatch")."""
    parents = [one for one in schema.models if (one.table, one.schema) == (key.table, key.schema)]
    checked = key.enforced and key.layer is Layer.DATABASE
    return (
        checked
        and bool(parents)
        and not any(
            {*one.columns} == {*key.references} and not one.expressions
            for one in parents[0].keys
            if not isinstance(one, Unique) or one.where is None
        )
    )


def _refused_always(model: Model) -> Iterator[Given]:
    """What triggers ask that refuse every row."""
    for trigger in model.triggers:
        always = trigger.effect in ("raises", "skips") and not trigger.when
        if "insert" in trigger.events and trigger.enabled and always and not trigger.condition:
            yield Given(Is(Literal(1), None))


def _assigned_always(model: Model, versions: RowVersions, context: Context) -> Iterator[Given]:
    """What triggers give each row that is stored."""
    sight = Sight(model, "insert", versions, context)
    for field in model.fields if model.triggers else ():
        forced = sight.forced(field)
        value = sight.literal(forced[1]) if forced is not None else None
        if value is not None:
            yield Given(Compare("=", Column(field.column), value))
