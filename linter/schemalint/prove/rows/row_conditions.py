"""What CHECKs and triggers ask of a row that is inserted, as conditions on its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce

import msgspec

from schemalint.condition.decide import Given
from schemalint.condition.facts import Facts
from schemalint.condition.prepare import prepared
from schemalint.condition.terms import And, Call, Column, Compare, Is, Literal, Not, Opaque, Term
from schemalint.condition.values import affinity
from schemalint.model import Dialect, Layer, Model, Trigger

_OF_THE_ROW = re.compile(r"\b(?:NEW|new)\s*\.\s*(?:\"([^\"]+)\"|`([^`]+)`|(\w+))")

_ROWID = ("rowid", "oid", "_rowid_")


class RowCondition(msgspec.Struct, frozen=True):
    """A condition that a row has to satisfy before the database stores it.

    `name` is the constraint's or the trigger's, `text` its SQL as the schema has it, `columns` the
    columns that it reads (physical names; those that the generated ones among them are computed
    from, too). `prepared` is the given's term as it is evaluated.
    """

    name: str | None
    source: str
    given: Given
    prepared: Term
    text: str
    columns: tuple[str, ...]


def row_conditions(model: Model, facts: Facts, dialect: Dialect | None) -> list[RowCondition]:
    """The conditions of all CHECKs of the database and of all triggers on INSERT that refuse rows.

    A trigger that is not understood gives a condition that says nothing, and the columns of the row
    that its body reads.
    """
    found = [*_of_checks(model, facts, dialect), *_of_triggers(model, facts, dialect)]
    return [*found, *_of_generated(model, facts, dialect, found)]


def of_predicate(model: Model, where: str, facts: Facts, dialect: Dialect | None) -> RowCondition:
    """The condition that a row is *not* one of those that a partial index counts."""
    from schemalint.condition.parse import parse_predicate

    term = of_row(parse_predicate(where, dialect), facts)
    return _condition(model, facts, None, "index", given=Given(Not(Is(term, True))), text=where)


def of_caller(model: Model, term: Term, facts: Facts) -> RowCondition:
    """The condition that whoever asks for a row wants to be true of it."""
    given = Given(of_row(term, facts))
    return _condition(model, facts, None, "asked", given=given, text=term.sql())


def of_computed_values(model: Model, columns: Sequence[str], facts: Facts) -> list[RowCondition]:
    """That what is computed for generated columns is not NULL."""
    there = [of_caller(model, Not(Is(Column(column), None)), facts) for column in columns]
    computed = of_generated(model, facts, facts.dialect, there)
    return [worked_out(one, computed, facts) for one in there]


def of_generated_columns(
    model: Model, columns: Sequence[str], facts: Facts, dialect: Dialect | None
) -> list[RowCondition]:
    """That generated columns are what the database computes, those that others read among them."""
    return of_generated(
        model, facts, dialect, [of_caller(model, Is(Column(one), None), facts) for one in columns]
    )


def of_row(term: Term, facts: Facts) -> Term:
    """The same condition where `NEW.a` is the column `a`."""
    if isinstance(term, Column):
        name = facts.resolve(term.name)
        if facts.dialect is Dialect.SQLITE and not (term.row or name in facts.columns):
            # To SQLite, a name in double quotes that is no column is a string.
            return Column(name) if name.lower() in _ROWID else Literal(name)
        return Column(name)
    parts = term.parts
    if not parts:
        return term
    return term.with_parts(tuple([of_row(part, facts) for part in parts]))


def of_generated(
    model: Model, facts: Facts, dialect: Dialect | None, conditions: list[RowCondition]
) -> list[RowCondition]:
    """That each generated column which the conditions read is what the database computes."""
    return list(_of_generated(model, facts, dialect, conditions))


def worked_out(
    condition: RowCondition, computed: Sequence[RowCondition], facts: Facts
) -> RowCondition:
    """The condition with what the database computes in the place of generated columns; `computed`
    as `of_generated` gives it."""
    by_column = {
        one.given.term.left.name: _as_stored(one.given.term.right, one.given.term.left.name, facts)
        for one in computed
        if isinstance(one.given.term, Compare) and isinstance(one.given.term.left, Column)
    }
    if not by_column.keys() & set(condition.given.term.columns):
        return condition

    def replaced(term: Term) -> Term:
        if isinstance(term, Column):
            return by_column.get(term.name, term)
        parts = tuple([replaced(part) for part in term.parts])
        return term.with_parts(parts) if parts else term

    given = Given(replaced(condition.given.term), condition.given.passes_null)
    columns = (*condition.columns, *given.term.columns)
    return msgspec.structs.replace(
        condition,
        given=given,
        prepared=prepared(given.term, facts),
        columns=tuple(dict.fromkeys(columns)),
    )


def _as_stored(term: Term, column: str, facts: Facts) -> Term:
    """What a generated column is computed as, compared as the column is: SQLite makes a text of
    what a column of text is compared with, and of what an expression is, nothing."""
    known = facts.column(column)
    text = facts.dialect is Dialect.SQLITE and known is not None and affinity(known) == "text"
    return Call("text", (term,)) if text and not isinstance(term, Column) else term


def of_given(
    model: Model, given: Mapping[str, object], named: Mapping[str, object]
) -> Iterator[Term]:
    """What is asked of generated columns, as conditions: no statement may name these. Where all
    that one is computed from is `named`, there is nothing to look for."""
    for field in model.fields:
        if field.generated is None or field.column not in given:
            continue
        value = given[field.column]
        if named.keys() >= {*words_of(model, field.generated.expression)}:
            continue
        if value is None:
            yield Is(Column(field.column), None)
        elif isinstance(value, bool | int | Decimal | str):
            yield Compare("=", Column(field.column), Literal(value))


def asks_for_null_only(column: str, conditions: Iterable[RowCondition]) -> bool:
    """Whether the conditions ask of a column only if it has a value, and not which."""
    return not any(_reads_value(one.given.term, column) for one in conditions)


def _reads_value(term: Term, column: str) -> bool:
    if isinstance(term, Column):
        return term.name == column
    if isinstance(term, Opaque):
        return column in term.reads
    if isinstance(term, Is) and term.value is None and isinstance(term.term, Column):
        return False
    if isinstance(term, Call) and term.function in ("num_nonnulls", "num_nulls"):
        return any(_reads_value(part, column) for part in term.parts if part != Column(column))
    return any(_reads_value(part, column) for part in term.parts)


def connected(refused: Iterable[str], conditions: list[RowCondition]) -> list[RowCondition]:
    """The conditions that read one of the columns, or share a column with one that does."""
    reached = set(refused)
    found: list[RowCondition] = []
    left = list(conditions)
    while True:
        more = [one for one in left if reached.intersection(one.columns)]
        if not more:
            return found
        found += more
        left = [one for one in left if one not in more]
        reached.update(column for one in more for column in one.columns)


# -- where they come from ------------------------------------------------------------------------


def _condition(
    model: Model, facts: Facts, name: str | None, source: str, *, given: Given, text: str
) -> RowCondition:
    columns: dict[str, None] = {}
    for read in given.term.columns:
        field = model.column(facts.resolve(read))
        if field is None:
            continue
        columns[field.column] = None
        if field.generated is not None:
            columns.update(dict.fromkeys(words_of(model, field.generated.expression)))
    return RowCondition(name, source, given, prepared(given.term, facts), text, tuple(columns))


def read_by_generated(model: Model) -> list[str]:
    """The columns from which generated ones are computed."""
    generated = [field.generated for field in model.fields if field.generated is not None]
    read = [column for one in generated for column in words_of(model, one.expression)]
    given = {field.column for field in model.fields if field.generated is None}
    return [column for column in dict.fromkeys(read) if column in given]


def words_of(model: Model, sql: str) -> list[str]:
    """The columns of a model that stand in SQL as words."""
    words = set(re.findall(r"\w+", sql.lower()))
    quoted = set(re.findall(r'"([^"]+)"|`([^`]+)`', sql))
    names = {one for pair in quoted for one in pair if one}
    return [
        field.column
        for field in model.fields
        if field.column.lower() in words or field.column in names
    ]


def _of_checks(model: Model, facts: Facts, dialect: Dialect | None) -> Iterator[RowCondition]:
    from schemalint.condition.parse import parse_predicate

    for check in model.checks:
        if check.enforced and check.layer is Layer.DATABASE:
            term = of_row(parse_predicate(check.expression, dialect), facts)
            given = Given(term, passes_null=True)
            yield _condition(model, facts, check.name, "check", given=given, text=check.expression)


def _of_triggers(model: Model, facts: Facts, dialect: Dialect | None) -> Iterator[RowCondition]:
    from schemalint.condition.parse import parse_predicate

    for trigger in model.triggers:
        if "insert" not in trigger.events or not trigger.enabled:
            continue
        if trigger.effect == "opaque":
            yield _of_opaque(model, trigger)
            continue
        if trigger.effect not in ("raises", "raises-if", "skips", "skips-if"):
            continue
        texts = [text for text in (trigger.when, trigger.condition) if text]
        terms = [of_row(parse_predicate(text, dialect), facts) for text in texts]
        if terms:
            refuses = terms[0] if len(terms) == 1 else And(tuple(terms))
            given = Given(Not(refuses), passes_null=True)
            yield _condition(
                model, facts, trigger.name, "trigger", given=given, text=" AND ".join(texts)
            )


def _of_opaque(model: Model, trigger: Trigger) -> RowCondition:
    text = f"{trigger.when or ''} {trigger.body}"
    read = ["".join(found) for found in _OF_THE_ROW.findall(text)]
    columns = [
        field.column
        for field in model.fields
        if any(name.lower() == field.column.lower() for name in read)
    ]
    term = Opaque(text, tuple(columns))
    return RowCondition(
        trigger.name, "trigger", Given(term, passes_null=True), term, text, tuple(columns)
    )


def _of_generated(
    model: Model, facts: Facts, dialect: Dialect | None, conditions: list[RowCondition]
) -> Iterator[RowCondition]:
    """That a column which the conditions read is what the database computes for it."""
    from schemalint.condition.parse import parse_predicate

    read: set[str] = reduce(set.union, [set(one.columns) for one in conditions], set())
    for field in model.fields:
        if field.generated is not None and field.column in read:
            sql = field.generated.expression
            # Read as a condition, since that is what can be read: `(expression) IS NULL`.
            term = parse_predicate(f"({sql}) IS NULL", dialect)
            if isinstance(term, Is):
                value = of_row(term.term, facts)
                same = Compare("is not distinct from", Column(field.column), value)
                columns = (field.column, *words_of(model, sql))
                yield RowCondition(
                    None, "generated", Given(same), prepared(same, facts), sql, columns
                )


def literals_in(text: str) -> list[Literal]:
    """The strings and whole numbers that stand in SQL which was not understood."""
    found = [Literal(one.replace("''", "'")) for one in re.findall(r"'((?:[^']|'')*)'", text)]
    return found + [Literal(int(one)) for one in re.findall(r"(?<![\w'.])\d{1,9}(?![\w'.])", text)]
