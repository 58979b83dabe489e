"""Attacks on conditions that have to be true of every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from schemalint.attack import Plan, Row, Value
from schemalint.condition.terms import And, In, Like, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint_rules.attacking.combinations import combinations
from schemalint_rules.attacking.exact_conditions import askable, exact, ordered_numbers
from schemalint_rules.attacking.forbidden_rows import Wrong, told
from schemalint_rules.attacking.row_cases import outside, possible
from schemalint_rules.attacking.row_faults import Fault, attacks
from schemalint_rules.judging.rows.rows import Rows

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_MOST_TEXTS = 2
_NUMBERS = (ScalarType.FLOAT, ScalarType.DECIMAL)
_ACCENTS = str.maketrans("aeiouAEIOU", "äëïöüÄËÏÖÜ")


def plan(model: Model, that: Term, text: str, context: Context) -> Plan:
    """The condition `that` (over physical names, `text` in the rulebook) is true of every row."""
    that = askable(that, model, context)
    numbers = ordered_numbers(that, model)
    exactly = exact(that, model, context)

    def wrong(row: Row) -> str | None:
        held = told(model, row, that.columns)
        if not row.truths[0]:
            return f"`{text}` is not true of a row of `{model.name}`: {held}"
        if not all(row.truths):
            return f"`{text}` is true only as the database compares: {held}"
        for field in numbers:
            if isinstance(row.values[field.column], (str, bytes)):
                return f"a row of `{model.name}` has text in `{field.name}`: {held}"
        return None

    loose = exactly != that
    conditions = (that, exactly) if loose else (that,)
    forbidden = Wrong(model=model, wrong=wrong, conditions=conditions)
    faults = (*_faults(model, that, text, numbers, context, loose=loose),)
    return Plan(
        forbidden,
        (*attacks(model, faults, (that,), context),),
        lambda: combinations(model, that.columns, conditions, context),
    )


def _faults(
    model: Model,
    that: Term,
    text: str,
    numbers: tuple[Field, ...],
    context: Context,
    *,
    loose: bool,
) -> Iterator[Fault]:
    bad = outside(that)
    fields = [field for name in that.columns if (field := model.column(name)) is not None]
    plainly = (Not(that),)  # which shows more than what is neither true nor false, of NULL
    if any(field.nullable for field in fields) and possible(plainly, model, context):
        yield Fault(says=f"for which `{text}` is false", satisfying=plainly)
    yield Fault(says=f"for which `{text}` is not true", satisfying=(bad,))
    if isinstance(that, And):
        for term in that.terms[:6]:
            yield Fault(says=f"for which `{term}` is not true", satisfying=(outside(term),))
    written = [field for field in fields if field.generated is None]
    for field in written:
        if field.nullable:
            yield Fault(
                says=f"without `{field.name}`", values={field.column: None}, satisfying=(bad,)
            )
    for field in _untyped(written, model, context):
        for odd in ("x", b"x") if field in numbers else ("x",):
            says = f"with {'text' if isinstance(odd, str) else 'bytes'} in `{field.name}`"
            yield Fault(says=says, values={field.column: odd})
    for field, source in _made_of(numbers, model, context):
        says = f"with text in `{source.name}`, of which `{field.name}` is made"
        yield Fault(says=says, values={source.column: "x"})
    if context.dialect is Dialect.POSTGRESQL:
        for field in written:
            if field.type in _NUMBERS and not field.list:
                for odd_number in (Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")):
                    values: dict[str, Value] = {field.column: odd_number}
                    yield Fault(says=f"with {odd_number} for its `{field.name}`", values=values)
    for field in written:
        for spelling in _spellings(that, field) if loose else ():
            says = f"with {spelling!r} for its `{field.name}`"
            yield Fault(says=says, values={field.column: spelling})
        refused: list[Value] = [] if field.nullable else [None]
        # As in `Facts`: Prisma's client never says IGNORE, and its language could not forbid it.
        in_prisma = context.schema.language == "prisma"
        if field.nullable or (field.enum is not None and not in_prisma):
            refused.append("?")
        for value in refused if context.dialect in _MYSQL else ():
            yield Fault(
                says=f"that MySQL is to store whatever its `{field.name}` is",
                values={field.column: value},
                ignoring=True,
            )


def _untyped(fields: Sequence[Field], model: Model, context: Context) -> Iterator[Field]:
    """The columns of other types than text in which SQLite stores text all the same."""
    facts = context.facts(model)
    for field in fields:
        known = facts.column(field.column)
        if known is not None and not known.typed and field.type is not ScalarType.STRING:
            yield field


def _made_of(
    fields: Iterable[Field], model: Model, context: Context
) -> Iterator[tuple[Field, Field]]:
    """Of generated columns, those that they are computed from and in which SQLite stores text."""
    rows = Rows(model, context, Layer.DATABASE)
    for field in fields:
        if field.generated is not None:
            names = rows.expression(field.generated.expression).columns
            sources = [one for name in names if (one := model.column(name)) is not None]
            for source in _untyped(sources, model, context):
                yield field, source


def _spellings(that: Term, field: Field) -> Iterator[str]:
    """Other spellings of the texts that a condition compares a column with."""
    if field.type is not ScalarType.STRING and field.enum is None:
        return
    texts: dict[str, None] = {}
    for part in that.walk():
        if field.column in part.columns and not isinstance(part, And):
            for one in part.parts:
                if isinstance(one, Literal) and isinstance(one.value, str):
                    plain = one.value.replace("%", "") if isinstance(part, Like) else one.value
                    texts[plain.replace("_", "a") if isinstance(part, Like) else plain] = None
            if isinstance(part, In) and len(texts) >= _MOST_TEXTS:
                break
    if not texts:
        yield from ("A", "a", "É")
    for text in list(texts)[:_MOST_TEXTS]:
        for other in (text.swapcase(), f"{text} ", text.translate(_ACCENTS)):
            if other != text:
                yield other
