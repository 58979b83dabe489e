"""Whether rows have values: NOT NULL, not blank, and how many of several fields are filled."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Literal as Choice

import msgspec

from schemalint.condition.quoting import quoted
from schemalint.condition.terms import And, Call, Column, Compare, Is, Literal, Not, Or, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint.rule import Evidence, Judgement, Ref, Related, Verdict, broken, kept, unknown
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.conditions.blank_texts import (
    BLANKS,
    blank_let_past,
    is_never_blank,
    refuses_blanks,
)
from schemalint_rules.judging.conditions.loose_comparisons import can_hold_text
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.values.not_null_gaps import let_past
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.migration_sql import add_check, set_not_null
from schemalint_rules.remedies.prisma_edits import make_required
from schemalint_rules.remedies.sql_statements import make_not_null
from schemalint_rules.wording.client_layer import library, unless
from schemalint_rules.wording.describing import called, keeps, listed, not_null

Count = Choice["exactly one", "at least one", "at most one"]
"""How many fields of a row must have a value."""


def filled(field: Field) -> Term:
    """The field has a value."""
    return Not(Is(Column(field.column), None))


# -- one field ---------------------------------------------------------------------------------


def judge_not_null(model: Model, field: Field, context: Context) -> Judgement:
    """Whether every row has a value in `field`."""
    path = f"{model.name}.{field.name}"
    if not field.nullable:
        past = let_past(model, field, context)
        return past or kept(path, [not_null(model, field)], span=field.type_span)
    bound = Rows(model, context, Layer.DATABASE).bound
    may_be_kept = bound or field.generated is not None
    found = decide_rows(model, filled(field), context) if may_be_kept else None
    if found is not None and found.kept and found.layer is Layer.DATABASE:
        return kept(path, found.evidence)
    if context.schema.client_validates and not field.client_nullable:
        return filled_by_client(model, field, context)
    if found is not None and found.kept is None:
        return unknown(
            path,
            f"whether `{path}` can be NULL is not decided: {found.undecided}",
            field.type_span,
        )
    in_database = context.dialect is not Dialect.MONGODB
    written = field.type_span.text
    optional = in_prisma(context.schema, field.type_span) and written.endswith("?")
    judgement = broken(
        path,
        f"`{path}` takes NULL, so a row without it is accepted",
        field.type_span,
        expressible=Layer.DATABASE if in_database else Layer.CLIENT,
        help=f"write `{field.name} {written.rstrip('?')}`"
        if optional
        else make_not_null(model, [field], context.dialect)
        if context.schema.language == "sql"
        else set_not_null(model, field, context.dialect),
        fix=make_required(context.schema, model, [field]) if optional else None,
    )
    return unless_obscured(judgement, model, context)


def certain(judgement: Judgement) -> bool:
    """Whether the database itself keeps it, whoever writes."""
    return judgement.verdict is Verdict.KEPT and judgement.layer is Layer.DATABASE


def filled_by_client(model: Model, field: Field, context: Context) -> Judgement:
    """The judgement of a column that takes NULL in the database, but is not meant to
    (`Field.client_nullable` is false): MongoDB's fields, PostgreSQL's lists and domains."""
    path = f"{model.name}.{field.name}"
    who = "its domain" if context.schema.language == "sql" else "the client library"
    return kept(
        path,
        [Evidence(f"`{path}` is required by {who}", field.nullable_span or field.type_span)],
        layer=Layer.CLIENT,
        condition=f"`{path}` has a value, {unless(context)}",
        help=set_not_null(model, field, context.dialect),
    )


_BLANKS = "[\\t\\n\\v\\f\\r ]"


def judge_not_blank(model: Model, field: Field, context: Context) -> Judgement:
    """Whether a CHECK keeps text that is empty or only white space out of `field`."""
    path = f"{model.name}.{field.name}"
    rows = Rows(model, context, Layer.DATABASE)
    near = [
        (check, given.term) for check, given in rows.checks if field.column in given.term.columns
    ]
    if is_never_blank(field, context.dialect) and not field.list:
        said = f"`{path}` is of the type {field.native}, which has no blank value"
        return kept(path, [Evidence(said, field.type_span)])
    refusing = [check for check, term in near if refuses_blanks(term, field.column)]
    if field.type not in (ScalarType.STRING, ScalarType.UNSUPPORTED) or field.list:
        judgement = _no_text(path, model, field, context)
        if certain(judgement) or not refusing:
            return judgement
    if refusing:
        return kept(path, [keeps(model, refusing[0])])
    computed = {name for name, one in rows.definitions.items() if field.column in one.term.columns}
    of_computed = [one for one, given in rows.checks if computed & set(given.term.columns)]
    passing = blank_let_past(rows, field.column) if near or of_computed else ""
    if passing is None:
        check = (*(one for one, _ in near), *of_computed)[0]
        said = f"it cannot be told whether {called(model, check)} refuses blank text"
        return unknown(path, said, check.span)
    refused = _blanks_watched(model, field, context) if model.triggers else ""
    if refused:
        return unknown(path, f"whether `{path}` can be blank is not decided: {refused}", field.span)
    trimmed = [
        Related(
            f"{called(model, check)} trims blanks only, so a tab or a line break alone passes",
            check.span,
        )
        for check, term in near
        if any(isinstance(part, Call) and part.function == "trim" for part in term.walk())
    ]
    judgement = broken(
        path,
        f"nothing refuses a `{path}` that is empty or only white space",
        field.type_span,
        expressible=_for_checks(context),
        related=trimmed,
        help=add_check(
            model, [field.column], _not_blank_sql(field.column, context.dialect), context.dialect
        ),
    )
    return unless_obscured(judgement, model, context)


def _blanks_watched(model: Model, field: Field, context: Context) -> str:
    """Why triggers may keep blank text out; "" where one of the blanks gets past them."""
    from schemalint_rules.judging.conditions.row_guards import guarded  # few tables have triggers

    reason = ""
    for text in BLANKS:
        column = Column(field.column)
        other = Or((Is(column, None), Not(Compare("=", column, Literal(text)))))
        found = guarded(model, other, context)
        if found is None or found.kept is False:
            return ""
        if found.kept:
            reason = reason or f"`{found.triggers[0].name}` refuses {text!r}"
        else:
            reason = found.reason
    return reason


def _no_text(path: str, model: Model, field: Field, context: Context) -> Judgement:
    said = Evidence(f"`{path}` holds no text", field.type_span)
    if not can_hold_text(field, Rows(model, context, Layer.DATABASE)):
        return kept(path, [said])
    database = "SQLite" if context.dialect is Dialect.SQLITE else "the database"
    schema = context.schema
    keeps = schema.client_validates and schema.language != "sql"
    only_client = f"; only {library(schema)} keeps it out" if keeps else ""
    return kept(
        path,
        [said],
        layer=Layer.CLIENT,
        # Cases O05 and O05f.
        condition=f"{database} stores any text in `{path}`, whatever its type{only_client}",
    )


def _not_blank_sql(column: str, dialect: Dialect) -> str:
    """A CHECK condition that is false for text without a visible character."""
    name = quoted(column, dialect)
    if dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
        return f"{name} ~ '\\S'"
    if dialect in (Dialect.MYSQL, Dialect.MARIADB):
        return f"{name} REGEXP '[^[:space:]]'"
    if dialect is Dialect.SQLSERVER:
        return f"{name} LIKE '%[^' + CHAR(9) + CHAR(10) + CHAR(11) + CHAR(12) + CHAR(13) + ' ]%'"
    return f"trim({name}, char(9, 10, 11, 12, 13, 32)) <> ''"


def _for_checks(context: Context) -> Layer | None:
    return Layer.DATABASE if "check" in context.schema.can_say else None


# -- several fields ----------------------------------------------------------------------------


class Member(msgspec.Struct, frozen=True):
    """A field, or a relation with the columns of its key, that has a value or has none.

    A relation has one only if all its columns have: a partial key points nowhere (case F06).
    """

    name: str
    fields: tuple[Field, ...]

    @property
    def filled(self) -> Term:
        """It has a value."""
        terms = tuple(filled(field) for field in self.fields)
        return terms[0] if len(terms) == 1 else And(terms)

    @property
    def empty(self) -> Term:
        """It has no value."""
        terms = tuple(Is(Column(field.column), None) for field in self.fields)
        return terms[0] if len(terms) == 1 else Or(terms)


def members_of(model: Model, refs: Iterable[Ref], context: Context) -> tuple[Member, ...]:
    """What `refs` name, each once.

    Raises:
        Stale: a name does not exist.
    """
    found = {
        fields: Member(ref.text if len(fields) > 1 else fields[0].name, fields)
        for ref in refs
        for fields in [context.fields(model, [ref])]
    }
    return tuple(found.values())


def counted(members: tuple[Member, ...], count: Count) -> Term:
    """So many of `members` have a value, as a condition."""
    some = Or(tuple(member.filled for member in members))
    # Of any two, one is missing.
    single = And(tuple(Or((one.empty, other.empty)) for one, other in combinations(members, 2)))
    if count == "at least one":
        return some
    return single if count == "at most one" else And((some, *single.terms))


def judge_count(
    model: Model, members: tuple[Member, ...], count: Count, context: Context
) -> Judgement:
    """Whether every row has a value in so many of `members`."""
    path = f"{model.name}({', '.join(member.name for member in members)})"
    found = decide_rows(model, counted(members, count), context)
    if found.kept:
        condition = None if found.layer is Layer.DATABASE else f"`{path}` is so, {unless(context)}"
        return kept(path, found.evidence, layer=found.layer, condition=condition)
    span = members[0].fields[0].name_span
    names = listed(member.name for member in members)
    if found.kept is None:
        return unknown(
            path, f"whether {count} of {names} has a value is not decided: {found.undecided}", span
        )
    demanded = [member for member in members if not any(field.nullable for field in member.fields)]
    if found.never and len(demanded) > 1:
        first, second, *_ = demanded
        return broken(
            path,
            f"{listed(member.name for member in demanded)} are all NOT NULL, so every row of "
            f"`{model.name}` has more than one of them",
            second.fields[0].type_span,
            contradicts=True,
            related=[Related("this one too", first.fields[0].type_span)],
            help="let them be NULL, and let a CHECK count them",
        )
    shown = f"; this one is accepted: {found.witness}" if found.witness else ""
    judgement = broken(
        path,
        f"nothing makes a row of `{model.name}` have {count} of {names}{shown}",
        span,
        expressible=_for_checks(context),
        contradicts=found.never,
        help=add_check(
            model,
            [field.column for member in members for field in member.fields],
            _count_sql(members, count, context.dialect),
            context.dialect,
        ),
    )
    return unless_obscured(judgement, model, context)


_OPERATOR = {"exactly one": "= 1", "at least one": ">= 1", "at most one": "<= 1"}


def _count_sql(members: tuple[Member, ...], count: Count, dialect: Dialect) -> str:
    operator = _OPERATOR[count]
    plain = all(len(member.fields) == 1 for member in members)
    if plain and dialect is Dialect.POSTGRESQL:
        columns = (quoted(member.fields[0].column, dialect) for member in members)
        return f"num_nonnulls({', '.join(columns)}) {operator}"
    conditions = [
        " AND ".join(f"{quoted(field.column, dialect)} IS NOT NULL" for field in member.fields)
        for member in members
    ]
    if dialect in (Dialect.SQLITE, Dialect.MYSQL, Dialect.MARIADB):
        return f"{' + '.join(f'({one})' for one in conditions)} {operator}"
    cases = (f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in conditions)
    return f"{' + '.join(cases)} {operator}"
