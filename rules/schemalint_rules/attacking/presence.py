"""Attacks on rules about whether rows have values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from itertools import combinations as chosen

from schemalint.attack import Attack, Insert, Plan, Row, Written
from schemalint.condition.quoting import quoted_name, quoted_table
from schemalint.condition.terms import And, Column, Compare, Is, Literal, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint_rules.attacking.combinations import combinations
from schemalint_rules.attacking.forbidden_rows import NothingForbidden, Wrong
from schemalint_rules.attacking.row_faults import Fault, attacks, demanded
from schemalint_rules.judging.conditions.blank_texts import BLANKS
from schemalint_rules.judging.conditions.presence import Count, Member, counted, filled
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.wording.describing import listed

_WHITE_SPACE = " \t\n\v\f\r"
_MOST_PAIRS = 10
_MOST_PARTS = 5
_LIMITS: dict[Count, tuple[int, int]] = {
    "exactly one": (1, 1),
    "at least one": (1, 1_000),
    "at most one": (0, 1),
}


def required_plan(
    model: Model, fields: Sequence[Field], context: Context, *, not_blank: bool
) -> Plan:
    """Every row has a value in each of the fields, with `not_blank` a visible one."""

    def wrong(row: Row) -> str | None:
        for field, there in zip(fields, row.truths, strict=True):
            value = row.values[field.column]
            if value is None or not there:
                return f"a row of `{model.name}` has no `{field.name}`"
            if not_blank and isinstance(value, str) and not value.strip(_WHITE_SPACE):
                return f"a row of `{model.name}` has the blank `{field.name}` {value!r}"
        return None

    faults = [*lacking(fields), *hidden(model, fields, context)]
    if not_blank:
        faults += _blank(fields, context)
    good = tuple([filled(field) for field in fields])
    forbidden = Wrong(model=model, wrong=wrong, conditions=good)
    columns = [field.column for field in fields]
    return Plan(
        forbidden,
        (*attacks(model, faults, good, context),),
        lambda: combinations(model, columns, good, context),
    )


def lacking(fields: Sequence[Field]) -> Iterator[Fault]:
    """Rows with NULL in one of the fields."""
    for field in fields:
        if field.generated is None:
            yield Fault(says=f"without `{field.name}`", values={field.column: None})
        else:
            yield Fault(says=f"without `{field.name}`", satisfying=(_empty(field),))


def hidden(model: Model, fields: Sequence[Field], context: Context) -> Iterator[Fault]:
    """NULL that PostgreSQL does not see when it checks: that of a query, past a domain's NOT NULL
    (E23b) and CHECKs, and a row all of whose fields are NULL (O17g)."""
    if context.dialect is not Dialect.POSTGRESQL:
        return
    table = quoted_table(model.table, model.schema, context.dialect)
    for field in fields:
        says = f"without `{field.name}`"
        named = field.column.lower()
        checked = any(named in check.expression.lower() for check in model.checks)
        if field.nullable and (checked or not field.client_nullable):
            name = quoted_name(field.column, context.dialect)
            nothing = Written(f"(SELECT {name} FROM {table} WHERE false)")
            yield Fault(says=f"{says}, from a query", values={field.column: nothing})
        if field.type in (ScalarType.COMPOSITE, ScalarType.UNSUPPORTED) and not field.nullable:
            for count in range(_MOST_PARTS):
                yield Fault(says=says, values={field.column: f"({',' * count})"})


def _empty(field: Field) -> Term:
    return Is(Column(field.column), None)


def _blank(fields: Sequence[Field], context: Context) -> Iterator[Fault]:
    for field in fields:
        text = field.type in (ScalarType.STRING, ScalarType.UNSUPPORTED) and not field.list
        if not (text or context.dialect is Dialect.SQLITE):
            continue
        if field.generated is not None:
            for blank in BLANKS:
                computed = Compare("=", Column(field.column), Literal(blank))
                says = f"with {blank!r} for its `{field.name}`, which is computed"
                yield Fault(says=says, satisfying=(computed,))
            continue
        for blank in (*BLANKS, "\v", "\f", "\r"):
            yield Fault(says=f"with {blank!r} for its `{field.name}`", values={field.column: blank})
        yield Fault(
            says=f"that MySQL is to store whatever its `{field.name}` is",
            values={field.column: None},
            ignoring=True,
        )


def count_plan(model: Model, members: Sequence[Member], count: Count, context: Context) -> Plan:
    """Every row has values in so many of the members."""
    least, most = _LIMITS[count]

    def wrong(row: Row) -> str | None:
        have = [
            member.name
            for member in members
            if all(row.values[field.column] is not None for field in member.fields)
        ]
        if least <= len(have) <= most:
            return None
        names = listed(have) if have else f"none of {listed(one.name for one in members)}"
        return f"a row of `{model.name}` has {names}"

    faults: list[Fault] = []
    if least:
        names = listed((member.name for member in members), "or")
        nothing = And(tuple([member.empty for member in members]))
        faults.append(Fault(says=f"without {names}", satisfying=(nothing,)))
    if most == 1:
        for one, other in islice(chosen(members, 2), _MOST_PAIRS):
            both = And((*_conjuncts(one), *_conjuncts(other)))
            says = f"with {listed((one.name, other.name))}"
            faults.append(Fault(says=says, satisfying=(both,)))
    good = (counted(tuple(members), count),)
    found = (*attacks(model, faults, good, context), *_uses(model, members, least))
    columns = [field.column for member in members for field in member.fields]
    return Plan(
        Wrong(model=model, wrong=wrong), found, lambda: combinations(model, columns, (), context)
    )


def _uses(model: Model, members: Sequence[Member], least: int) -> Iterator[Attack]:
    """Rows with one of the members alone, and without any where that is allowed."""
    columns = [{field.column for field in member.fields} for member in members]
    key = model.primary_key.columns if model.primary_key is not None else ()
    for field in chain.from_iterable(member.fields for member in members):
        if field.generated is not None or field.column in key:
            return
    sorts: list[tuple[str, frozenset[str], tuple[Term, ...]]] = [
        (f"with `{member.name}` alone", frozenset(own), _conjuncts(member))
        for member, own in zip(members, columns, strict=True)
    ]
    if not least:
        names = listed((member.name for member in members), "or")
        sorts.append((f"without {names}", frozenset(), ()))
    for says, own, satisfying in sorts[: _MOST_PAIRS + 1]:
        others = sorted(set().union(*columns) - own)
        row = Insert(row="row", model=model, values=dict.fromkeys(others), satisfying=satisfying)
        yield Attack(
            says=f"stores a row of `{model.name}` {says}",
            moves=(row,),
            aim="allowed",
            given=tuple(others),
        )


def _conjuncts(member: Member) -> tuple[Term, ...]:
    return tuple([filled(field) for field in member.fields])


def optional_plan(model: Model, fields: Sequence[Field], context: Context) -> Plan:
    """A row may lack the value of each of the fields."""
    attacks_of = [
        demanded(
            model,
            dict.fromkeys([field.column, *_with(model, field)], None),
            f"stores a row of `{model.name}` without `{field.name}`",
            never=decide_rows(model, filled(field), context).kept is True,
        )
        for field in fields
    ]
    return Plan(NothingForbidden(model=model), (*chain.from_iterable(attacks_of),))


def _with(model: Model, field: Field) -> list[str]:
    """The other columns of a MATCH FULL key, which takes NULL in all of them or in none."""
    return [
        column
        for key in model.foreign_keys
        if key.match == "full" and field.column in key.columns
        for column in key.columns
        if (other := model.column(column)) is not None and other.nullable
    ]
