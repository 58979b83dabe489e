"""What kinds say about uniqueness: the judgement of a demand, with its reasons and remedies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from schemalint.condition.quoting import quoted
from schemalint.condition.terms import And, Column, Is
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Schema, Trigger
from schemalint.rule import (
    Finding,
    Fix,
    Judgement,
    Related,
    broken,
    kept,
    question,
    unknown,
)
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.keys.demand import Demand, Nulls
from schemalint_rules.judging.keys.key_members import is_text
from schemalint_rules.judging.keys.key_strictness import excess
from schemalint_rules.judging.keys.room import kept_by
from schemalint_rules.judging.keys.uniqueness import Answer, answer, can_lack, exactly
from schemalint_rules.remedies.migration_sql import create_unique_index, table
from schemalint_rules.remedies.prisma_edits import add_to_field, add_to_model
from schemalint_rules.remedies.sqlalchemy_lines import in_python, table_arguments, unique
from schemalint_rules.remedies.unique_limits import first_needed, mongodb_index, partition_note
from schemalint_rules.wording.client_layer import unless
from schemalint_rules.wording.describing import (
    called,
    keeps,
    listed,
    obscured,
    obscured_by,
    path_of,
)

_PREVIEW = "partialIndexes"
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


def judge_demand(demand: Demand, nulls: Nulls | None, context: Context) -> Judgement:
    """Decide `demand`; where the reading of NULL is open and changes the verdict, a question."""
    distinct = answer(demand, "distinct", context)
    if nulls == "distinct":
        return _judgement(demand, distinct, "distinct", context)
    equal = answer(demand, "equal", context)
    if nulls == "equal":
        return _judgement(demand, equal, "equal", context)
    same = (distinct.kept, distinct.layer) == (equal.kept, equal.layer)
    if same or None in (distinct.kept, equal.kept):
        return _judgement(
            demand, distinct if same or distinct.kept is None else equal, None, context
        )
    return _question(demand, distinct, equal, context)


def _judgement(demand: Demand, found: Answer, nulls: Nulls | None, context: Context) -> Judgement:
    model = demand.model
    path = path_of(model, demand.fields)
    if found.kept:
        return kept(
            path,
            [
                *kept_by(demand, found.keepers, context),
                *(keeps(model, guard) for guard in found.guards),
            ],
            layer=found.layer,
            condition=_condition(found, context),
            extra=_stricter(demand, found, nulls, context),
        )
    span = demand.fields[0].name_span
    if found.kept is None:
        return unknown(path, f"a unique index may keep this, but {found.undecided}", span)
    opaque = obscured_by(model, context.schema)
    if opaque is not None:
        return unknown(path, obscured(opaque), opaque.span)
    trigger = _doubtful_trigger(demand, context)
    if trigger is not None:
        return unknown(
            path,
            f"no key keeps this, but the trigger `{trigger.name}` may keep such rows out or change "
            "them, and was not understood well enough to tell",
            trigger.span,
        )
    return _broken(path, demand, found, nulls, context)


def _doubtful_trigger(demand: Demand, context: Context) -> Trigger | None:
    if not demand.model.triggers:
        return None
    from schemalint_rules.judging.keys.unique_guards import in_doubt  # few tables have triggers

    return in_doubt(demand, context)


def _condition(found: Answer, context: Context) -> str | None:
    return None if found.layer is Layer.DATABASE else f"it holds {unless(context)}"


def _broken(
    path: str, demand: Demand, found: Answer, nulls: Nulls | None, context: Context
) -> Judgement:
    model = demand.model
    said = _forbidden(demand, nulls)
    fix = _fix(demand, nulls, context)
    if not found.obstacles:
        return broken(
            path,
            f"nothing stops {said}",
            demand.fields[0].name_span,
            expressible=_expressible(demand, nulls, context),
            help=_remedy(demand, nulls, context),
            fix=fix,
        )
    nearest, *others = found.obstacles
    return broken(
        path,
        f"{called(model, nearest.key)} does not stop {said}: {nearest.reason}",
        nearest.key.span,
        expressible=_expressible(demand, nulls, context),
        related=[
            Related(f"nor does {called(model, one.key)}: {one.reason}", one.key.span)
            for one in others
        ],
        help=_remedy(demand, nulls, context),
        fix=fix,
    )


def _forbidden(demand: Demand, nulls: Nulls | None) -> str:
    """The forbidden pair in words."""
    where = f" for which `{demand.where_text}`" if demand.where_text else ""
    case = ", letter case aside" if demand.ignore_case else ""
    both = " (or both without it)" if nulls == "equal" and len(demand.fields) == 1 else ""
    names = listed(field.name for field in demand.fields)
    return f"two rows of `{demand.model.name}`{where} with the same {names}{both}{case}"


def _question(demand: Demand, distinct: Answer, equal: Answer, context: Context) -> Judgement:
    model = demand.model
    lacking = can_lack(demand, context)
    names = listed((field.name for field in lacking), "or")
    several = len(demand.fields) > 1
    rest = " and agree on the rest" if several else ""
    message = (
        f"may two rows of `{model.name}` both have no {names}{rest}? The rule does not say, and "
        "it decides the verdict"
    )
    lines = [
        f"`nulls: distinct` (they may): {_outcome(demand, distinct)}",
        f"`nulls: equal` (they may not): {_outcome(demand, equal)}",
    ]
    return question(
        path_of(model, demand.fields), message, lacking[0].type_span, help="\n".join(lines)
    )


def _outcome(demand: Demand, found: Answer) -> str:
    if found.kept:
        by = " and ".join(called(demand.model, key) for key in (*found.keepers, *found.guards))
        weaker = "" if found.layer is Layer.DATABASE else f", but only at layer `{found.layer}`"
        return f"kept by {by}{weaker}"
    if not found.obstacles:
        return "broken, nothing stops them"
    nearest = found.obstacles[0]
    return f"broken, {called(demand.model, nearest.key)} lets them in: {nearest.reason}"


# -- what would keep it ------------------------------------------------------------------------


def says_partial_unique(schema: Schema) -> bool:
    """Whether the schema's language has words for a unique index over some rows. Prisma's has
    them only with its preview feature `partialIndexes`."""
    return "partial-unique" in schema.can_say and (
        schema.language != "prisma"
        or any(
            value.text == _PREVIEW
            for block in schema.blocks
            for setting in block.settings
            if setting.key == "previewFeatures"
            for value in setting.value.items
        )
    )


def _expressible(demand: Demand, nulls: Nulls | None, context: Context) -> Layer | None:
    """Whether the source language has words for a constraint that keeps the demand. SQL has: a
    generated column where there are no partial indexes."""
    if context.schema.language == "sql":
        return Layer.DATABASE
    partial = says_partial_unique(context.schema)
    text = any(is_text(field, context.dialect) for field in demand.fields)
    if demand.where is not None and not partial:
        return None
    if demand.ignore_case and text and "case-insensitive" not in context.schema.can_say:
        return None
    if nulls == "equal" and can_lack(demand, context) and not partial:
        return None
    return Layer.DATABASE


def _remedy(demand: Demand, nulls: Nulls | None, context: Context) -> str:
    said = _missing(demand, nulls, context)
    needed = first_needed(demand.fields, context)
    said = said if needed is None else f"{needed}; then {said}"
    note = partition_note(demand.model, context)
    return said if note is None else f"{said}\n{note}"


def _missing(demand: Demand, nulls: Nulls | None, context: Context) -> str:
    texts = [field for field in demand.fields if is_text(field, context.dialect)]
    if demand.ignore_case and texts and context.dialect is Dialect.SQLITE:
        names = listed(field.name for field in texts)
        return (
            f"SQLite itself folds only A to Z; store {names} folded to lower case in a field of "
            "its own, make that one unique, and state the rule over it (or leave letter case to "
            "`enforced_by: service`)"
        )
    lacking = can_lack(demand, context) if nulls == "equal" else ()
    if lacking and context.dialect in _MYSQL:
        names = listed(field.name for field in lacking)
        return (
            "no unique index takes two NULLs for one value in this database: make "
            f"{names} required, with a value that stands for none"
        )
    plain = demand.where is None and not (demand.ignore_case and texts) and not lacking
    if context.schema.language == "prisma":
        said = _in_prisma(demand, texts, bool(lacking), plain, context)
        if said is not None:
            return said
    if context.dialect is Dialect.MONGODB:
        where = None if demand.where is None else demand.where.sql(context.dialect)
        folds = demand.ignore_case and bool(texts)
        return mongodb_index(demand.model, demand.columns, where, ignore_case=folds)
    by_migration = context.dialect in _MYSQL and demand.where is not None
    if in_python(demand.model) and not by_migration:
        if plain:
            return unique(demand.model, demand.columns)
        return table_arguments(demand.model, *_statements(demand, bool(lacking), context))
    said = "add to a migration:\n    " + "\n    ".join(_statements(demand, bool(lacking), context))
    if (
        demand.where is not None
        and context.schema.language == "prisma"
        and "partial-unique" in context.schema.can_say
    ):
        said += (
            f"\nor turn on Prisma's preview feature `{_PREVIEW}`, which lets `@@unique` have a "
            "`where:`"
        )
    return said


def _fix(demand: Demand, nulls: Nulls | None, context: Context) -> Fix | None:
    """The attribute that is missing, where it alone keeps the demand."""
    folds = demand.ignore_case and any(is_text(field, context.dialect) for field in demand.fields)
    lacking = nulls == "equal" and can_lack(demand, context)
    if demand.where is not None or folds or lacking or first_needed(demand.fields, context):
        return None
    if len(demand.fields) == 1:
        return add_to_field(context.schema, demand.model, demand.fields[0], "@unique")
    names = ", ".join(field.name for field in demand.fields)
    return add_to_model(context.schema, demand.model, f"@@unique([{names}])")


def _in_prisma(
    demand: Demand, texts: list[Field], lacking: bool, plain: bool, context: Context
) -> str | None:
    names = [field.name for field in demand.fields]
    if plain and len(names) == 1:
        return f"mark `{names[0]}` with `@unique`"
    if plain:
        return f"add `@@unique([{', '.join(names)}])` to `{demand.model.name}`"
    if lacking:
        return None
    folds = demand.ignore_case and texts
    if folds and context.dialect is not Dialect.POSTGRESQL:
        return None
    lines = []
    if folds:
        if "case-insensitive" not in context.schema.can_say:
            return None
        lines += [f"give `{field.name}` the type `@db.Citext`" for field in texts]
    if demand.where is None and exactly(demand, list(demand.model.keys)):
        return ", and ".join(lines)
    if demand.where is None:
        lines.append(f"add `@@unique([{', '.join(names)}])` to `{demand.model.name}`")
    elif says_partial_unique(context.schema):
        predicate = demand.where.sql(context.dialect).replace('"', '\\"')
        lines.append(
            f'add `@@unique([{", ".join(names)}], where: raw("{predicate}"))` to '
            f"`{demand.model.name}`"
        )
    else:
        return None
    return ", and ".join(lines)


def _statements(demand: Demand, lacking: bool, context: Context) -> list[str]:
    """SQL that keeps the demand."""
    dialect, model = context.dialect, demand.model
    columns = demand.columns
    if dialect in _MYSQL and demand.where is not None:
        return _through_generated_column(demand, dialect)
    members = [_member(demand, column, dialect) for column in columns]
    predicate = demand.where.sql(dialect) if demand.where is not None else None
    if not lacking:
        return [create_unique_index(model, columns, members, dialect, where=predicate)]
    if dialect is Dialect.POSTGRESQL:
        return [
            create_unique_index(
                model, columns, members, dialect, where=predicate, options=" NULLS NOT DISTINCT"
            )
            + f"  {'#' if in_python(model) else '--'} PostgreSQL 15 and later"
        ]
    statements = []
    if not answer(demand, "distinct", context).kept:
        statements.append(create_unique_index(model, columns, members, dialect, where=predicate))
    for absent in _subsets(can_lack(demand, context)):
        left = [column for column in columns if column not in absent]
        without = And(tuple(Is(Column(column), None) for column in absent)).sql(dialect)
        statements.append(
            create_unique_index(
                model,
                [*left, "without", *absent],
                # All are NULL: one row at most, whatever is counted.
                [_member(demand, column, dialect) for column in left] or [f"({without})"],
                dialect,
                where=without if predicate is None else f"({predicate}) AND {without}",
            )
        )
    return statements


def _subsets(fields: Sequence[Field]) -> list[tuple[str, ...]]:
    """Every way in which some of the fields can be NULL together, by column."""
    columns = [field.column for field in fields]
    sizes = range(1, len(columns) + 1)
    return [absent for size in sizes for absent in combinations(columns, size)]


def _member(demand: Demand, column: str, dialect: Dialect) -> str:
    field = demand.model.column(column)
    name = quoted(column, dialect)
    text = field is not None and is_text(field, dialect) and not field.ignore_case
    folds = demand.ignore_case and text
    return f"lower({name})" if folds and dialect not in _MYSQL else name


def _through_generated_column(demand: Demand, dialect: Dialect) -> list[str]:
    """MySQL and MariaDB have no partial indexes; a column that is NULL in the rows that do not
    count does the same, because NULLs never agree (cases U25d, U26b)."""
    assert demand.where is not None
    first, *others = demand.fields
    column = f"{first.column}_counted"
    where, name = table(demand.model, dialect), quoted(column, dialect)
    kind = first.native or "<the type of the column>"
    value = f"CASE WHEN {demand.where.sql(dialect)} THEN {quoted(first.column, dialect)} END"
    members = [name, *(quoted(field.column, dialect) for field in others)]
    index = create_unique_index(demand.model, [column, *demand.columns[1:]], members, dialect)
    return [f"ALTER TABLE {where} ADD COLUMN {name} {kind} AS ({value}) VIRTUAL;", index]


# -- stricter than the rule --------------------------------------------------------------------


def _stricter(
    demand: Demand, found: Answer, nulls: Nulls | None, context: Context
) -> list[Finding]:
    """What the keepers reject although the rule's wording allows it."""
    path = path_of(demand.model, demand.fields)
    findings = []
    for key in found.keepers:
        reason = excess(demand, key, nulls, context)
        if reason is not None:
            said = f"{called(demand.model, key)} is stricter than the rule: {reason}"
            findings.append(stricter(path, said, key.span, help=_looser(demand, nulls, context)))
    return findings


def _looser(demand: Demand, nulls: Nulls | None, context: Context) -> str | None:
    """What to have instead of a key that also counts rows that the rule leaves alone."""
    if demand.where is None:
        return None
    return f"if the rule is right, replace it: {_remedy(demand, nulls, context)}"
