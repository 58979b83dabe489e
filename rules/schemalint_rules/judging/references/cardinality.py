"""How many rows point at one parent: at most one, at least one, any number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from schemalint.condition.quoting import quoted
from schemalint.condition.terms import Column, Is, Not
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Field, ForeignKey, Layer, Model, Trigger
from schemalint.rule import Evidence, Finding, Judgement, Verdict, broken, kept, unknown
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.keys.room import kept_by
from schemalint_rules.judging.keys.uniqueness import Demand, answer
from schemalint_rules.judging.references.foreign_keys import (
    Pointer,
    condition_of,
    enforced,
    fields_of,
    keys_of,
)
from schemalint_rules.judging.references.orphans import judge_orphans
from schemalint_rules.judging.rows.deferral import can_wait
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.rows.parents_say import same_values
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.remedies.migration_sql import constraint_name, table
from schemalint_rules.remedies.prisma_edits import add_to_field, add_to_model
from schemalint_rules.remedies.sql_statements import make_unique
from schemalint_rules.wording.describing import called, keeps
from schemalint_rules.wording.small_words import one

Cardinality = Literal["many-to-one", "one-to-one", "one-or-more"]
"""How many rows of the referencing model a parent may have."""


def judge_cardinality(
    stated: Cardinality | None, pointer: Pointer, target: Model, context: Context
) -> Judgement:
    """Whether as many rows point at one row of `target` as `stated` says."""
    model, path, span = pointer.model, pointer.path, pointer.span
    if stated == "one-or-more":
        return _one_or_more(pointer, target, context)
    if stated is None:
        return kept(path, (), span=span)
    fields = pointer.fields
    # Rows with a NULL in the key point nowhere, so only rows without any count (F13d).
    demand = Demand(model, fields)
    found = answer(demand, "distinct", context)
    if stated == "one-to-one":
        if found.kept:
            return kept(path, kept_by(demand, found.keepers, context), layer=found.layer)
        if found.kept is None:
            return unknown(path, found.undecided, fields[0].span)
        return _not_unique(pointer, target, context)
    extra = []
    if stated == "many-to-one" and found.kept and found.keepers:
        extra.append(
            stricter(
                path,
                f"the rule lets many rows of `{model.name}` point at one `{target.name}`, but "
                f"{called(model, found.keepers[0])} lets only one",
                found.keepers[0].span,
                help="remove the uniqueness, or say `cardinality: one-to-one`",
            )
        )
    return kept(path, (), span=span, extra=extra)


def _not_unique(pointer: Pointer, target: Model, context: Context) -> Judgement:
    model, fields = pointer.model, pointer.fields
    names = ", ".join(field.name for field in fields)
    if len(fields) == 1:
        fix = add_to_field(context.schema, model, fields[0], "@unique")
    else:
        fix = add_to_model(context.schema, model, f"@@unique([{names}])")
    return broken(
        pointer.path,
        f"two rows of `{model.name}` can point at the same `{target.name}`: nothing makes "
        f"`{names}` unique",
        fields[0].name_span,
        label="not unique",
        help=fix.title
        if fix
        else make_unique(model, [field.column for field in fields], context.dialect),
        fix=fix,
    )


def _one_or_more(pointer: Pointer, target: Model, context: Context) -> Judgement:
    model = pointer.model
    demanding = _demanding(pointer, target, context)
    if demanding is not None:
        return kept(
            pointer.path,
            [keeps(target, demanding)],
            layer=demanding.layer,
            condition=condition_of(demanding, context),
            extra=_unfillable(pointer, target, demanding, context.dialect),
        )
    onto = _onto(pointer, target, context)
    if onto:
        return kept(pointer.path, onto)
    watching = _may_demand(pointer, target)
    if watching is not None:
        return unknown(
            pointer.path,
            f"the trigger `{watching.name}` may demand a `{model.name}` for each "
            f"`{target.name}`, but it was not understood well enough to tell",
            watching.span,
        )
    return broken(
        pointer.path,
        f"{one(target.name)} can be stored without any `{model.name}`, and its last one can be "
        "deleted: a foreign key looks from the child to the parent only",
        pointer.span,
        expressible=Layer.DATABASE if "deferred-foreign-key" in context.schema.can_say else None,
        help=_deferred_key(model, target, pointer.key, context),
    )


def _demanding(pointer: Pointer, target: Model, context: Context) -> ForeignKey | None:
    """The key of the parent, NOT NULL, to a child that points back at this parent (F14b, F14d).

    Its columns name, among what else identifies the child, the parent's own key in the place of
    the child's foreign key.
    """
    if any(one is not target for one in holders(target, context)):
        return None  # what inherits from the parent has not this key
    back = dict(zip(pointer.key.columns, pointer.key.references, strict=False))
    for key in enforced(keys_of(target, context)):
        ends = dict(zip(key.references, key.columns, strict=False))
        own = all(ends.get(child) == parent for child, parent in back.items())
        filled = all(not field.nullable for field in fields_of(target, key))
        if (
            key.table == pointer.model.table
            and own
            and filled
            and _undisturbed(Pointer(target, key, target.name, key.span), context)
        ):
            return key
    return None


def _onto(pointer: Pointer, target: Model, context: Context) -> list[Evidence]:
    """What makes every row one that another (or itself) points at, where a table points at itself:
    all rows point, and no two at the same. There are as many rows pointed at as there are rows."""
    model, key, fields = pointer.model, pointer.key, pointer.fields
    if model is not target or not key.enforced or key.layer is not Layer.DATABASE:
        return []
    if len([*holders(model, context)]) > 1 or not _undisturbed(pointer, context):
        return []
    references = [model.column(column) for column in key.references]
    ends = zip(fields, references, strict=False)
    exact = all(there and same_values(own, there, context.dialect) for own, there in ends)
    demand = Demand(model, fields)
    found = answer(demand, "distinct", context)
    unique = found.kept and found.layer is Layer.DATABASE
    if len(fields) < len(key.columns) or not exact or not unique:
        return []
    pointing = [decide_rows(model, Not(Is(Column(one.column), None)), context) for one in fields]
    if not all(one.kept and one.layer is Layer.DATABASE for one in pointing):
        return []
    said = [evidence for one in pointing for evidence in one.evidence]
    return [keeps(model, key), *kept_by(demand, found.keepers, context), *dict.fromkeys(said)]


def _undisturbed(pointer: Pointer, context: Context) -> bool:
    """Whether nothing lets the parent's own key lose the child that it names."""
    found = judge_orphans(pointer, pointer.model, context)
    return all(judgement.verdict is Verdict.KEPT for judgement in found)


def _unfillable(
    pointer: Pointer, target: Model, demanding: ForeignKey, dialect: Dialect
) -> Iterator[Finding]:
    """Two keys that each want the other row first, at once (F09b)."""
    open_ended = any(field.nullable for field in pointer.fields)
    if open_ended or any(can_wait(key, dialect) for key in (demanding, pointer.key)):
        return
    yield stricter(
        pointer.path,
        f"no first row can be stored: `{target.name}` needs a row of `{pointer.model.name}`, and "
        "that needs it, and neither key is DEFERRABLE",
        demanding.span,
        help="make this key DEFERRABLE INITIALLY DEFERRED",
    )


def _may_demand(pointer: Pointer, target: Model) -> Trigger | None:
    """A trigger that could look for children when a parent is stored, where another could when a
    child is taken away. One of the two alone leaves a way (F14e)."""
    stored = [one for one in effects.on(target, "insert") if one.effect in _LOOKING]
    taken = [one for one in effects.on(pointer.model, "delete") if one.effect in _LOOKING]
    return stored[0] if stored and taken else None


_LOOKING = ("opaque", "raises-if")


def _deferred_key(model: Model, target: Model, key: ForeignKey, context: Context) -> str:
    """The one construct that demands a child: a key from the parent to one of its children,
    checked at commit (F14b, F14c, F14d; a trigger that counts would race, U49)."""
    dialect = context.dialect
    if capability(dialect, Construct.DEFERRABLE_FOREIGN_KEYS).holds is False:
        return (
            "this database checks foreign keys at once and not at commit, so nothing in it can "
            "demand a child: say `enforced_by: service` with a `because:`"
        )
    identity = [model.column(column) for column in _identity(model)]
    if dialect not in (Dialect.POSTGRESQL, Dialect.SQLITE) or not identity or None in identity:
        return "say `enforced_by: service` with a `because:`"
    own = [field for field in identity if field is not None and field.column not in key.columns]
    added = {
        field.column: _free_name(target, f"first_{model.table}_{field.column}") for field in own
    }
    child_columns = [*key.columns, *added]
    parent_columns = [*key.references, *added.values()]
    unique = quoted(constraint_name(model, child_columns, "key"), dialect)
    deferred = quoted(constraint_name(target, added.values(), "fkey"), dialect)
    children, parents = _columns(child_columns, dialect), _columns(parent_columns, dialect)
    foreign_key = (
        f"CONSTRAINT {deferred} FOREIGN KEY ({parents}) REFERENCES {table(model, dialect)} "
        f"({children}) DEFERRABLE INITIALLY DEFERRED"
    )
    make_unique = f"CREATE UNIQUE INDEX {unique} ON {table(model, dialect)} ({children});"
    columns = [
        f"{quoted(added[field.column], dialect)} {_plain_type(field)} NOT NULL" for field in own
    ]
    if dialect is Dialect.SQLITE:
        lines = "\n    " + ",\n    ".join([*columns, foreign_key])
        return (
            "let the parent point at one of its children, by a key that is checked at commit. "
            f"SQLite adds it only while it creates a table, so rebuild {table(target, dialect)} "
            "(create a new table, copy the rows, drop the old one, rename) with these lines:"
            f"{lines}\nand add:\n    {make_unique}"
        )
    adding = "".join(
        f"    ALTER TABLE {table(target, dialect)} ADD COLUMN {column};\n" for column in columns
    )
    return (
        "let the parent point at one of its children, by a key that is checked at commit; add to a "
        "migration (where rows exist: add the columns without NOT NULL, fill them, then set it):\n"
        f"    {make_unique}\n{adding}"
        f"    ALTER TABLE {table(target, dialect)} ADD {foreign_key};"
    )


def _identity(model: Model) -> tuple[str, ...]:
    if model.primary_key is not None:
        return model.primary_key.columns
    whole = [unique for unique in model.uniques if unique.where is None and not unique.expressions]
    return whole[0].columns if whole else ()


def _free_name(model: Model, wanted: str) -> str:
    name = wanted
    while model.column(name) is not None:
        name += "_"
    return name


def _columns(columns: list[str], dialect: Dialect) -> str:
    return ", ".join(quoted(column, dialect) for column in columns)


def _plain_type(field: Field) -> str:
    """The column's type for a column that points at it: a serial is an integer with a sequence."""
    native = field.native or "INTEGER"
    upper = native.upper()
    return {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT", "SMALLSERIAL": "SMALLINT"}.get(
        upper.split()[0], native
    )
