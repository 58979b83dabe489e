"""Attacks on what tells the rows of a model apart: a key that is there, is of one type, and is no
other row's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from schemalint.attack import Attack, Plan, Row, Value
from schemalint.condition.terms import Column, Compare, Literal
from schemalint.context import Context
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint_rules.attacking import uniqueness
from schemalint_rules.attacking.forbidden_rows import Either, Wrong, shown
from schemalint_rules.attacking.presence import hidden, lacking
from schemalint_rules.attacking.row_faults import Fault, attacks, demanded
from schemalint_rules.judging.conditions.presence import filled
from schemalint_rules.judging.keys.demand import Demand

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SAMPLES: dict[str, Value] = {
    ScalarType.UUID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    ScalarType.INT: 70_000,
    ScalarType.BIGINT: 2**40,
    ScalarType.STRING: "b c",
    ScalarType.DECIMAL: Decimal("1.5"),
    ScalarType.FLOAT: 1.5,
    ScalarType.DATETIME: datetime(2024, 1, 1, 10, 30),
    ScalarType.DATE: date(2024, 1, 1),
    ScalarType.TIME: time(10, 30),
    ScalarType.BYTES: b"\x01\x02",
}


def plan(model: Model, fields: tuple[Field, ...], wanted: str | None, context: Context) -> Plan:
    """The plan for a key of these fields, each of the type `wanted` (one of `KEY_TYPES`)."""
    good = tuple([filled(field) for field in fields])
    pairs = uniqueness.plan(Demand(model, fields), "distinct", context)

    def wrong(row: Row) -> str | None:
        for field, there in zip(fields, row.truths, strict=True):
            value = row.values[field.column]
            if value is None or not there:
                return f"a row of `{model.name}` has no `{field.name}`"
            if wanted is not None and not _is_of(wanted, value, field, context.dialect):
                return f"a row of `{model.name}` has the `{field.name}` {shown(value)}"
        return None

    faults = [*lacking(fields), *hidden(model, fields, context)]
    if wanted is not None:
        faults += _of_other_types(fields, wanted, context)
    singles = [*attacks(model, faults, good, context)]
    types = [] if wanted is None else [*_demanded(model, fields, wanted)]
    return Plan(
        Either(parts=(pairs.forbidden, Wrong(model=model, wrong=wrong, conditions=good))),
        (*pairs.attacks, *singles, *types),
    )


def _is_of(wanted: str, value: object, field: Field, dialect: Dialect) -> bool:
    """Whether a value, as the driver reads it, is of a type. SQLite has none for times, and keeps
    bytes in columns of text; MySQL's booleans are numbers of one byte, SQLite's 0 and 1. A text
    is a value of an enum where the column has one."""
    if wanted == ScalarType.BOOLEAN and dialect is not Dialect.POSTGRESQL:
        least, most = (0, 1) if dialect is Dialect.SQLITE else (-128, 127)
        return isinstance(value, int) and least <= value <= most
    if wanted == ScalarType.ENUM and field.enum is None:
        return False
    if dialect is Dialect.SQLITE and isinstance(value, str) and wanted in _TIMES_AS_TEXT:
        return _TIMES_AS_TEXT[wanted].match(value) is not None
    if wanted == ScalarType.UUID:
        return isinstance(value, UUID) or (
            isinstance(value, str) and _UUID.fullmatch(value) is not None
        )
    types = _PYTHON.get(wanted, (object,))
    if dialect is Dialect.SQLITE:
        types = (*types, *_IN_SQLITE.get(wanted, ()))
    elif wanted == ScalarType.INT and isinstance(value, int) and abs(value) >= 2**32:
        return False
    if wanted == ScalarType.DATE and isinstance(value, datetime):
        return False
    return isinstance(value, types) and (
        wanted == ScalarType.BOOLEAN or not isinstance(value, bool)
    )


_PYTHON: dict[str, tuple[type, ...]] = {
    ScalarType.INT: (int,),
    ScalarType.BIGINT: (int,),
    ScalarType.STRING: (str,),
    ScalarType.ENUM: (str,),
    ScalarType.DECIMAL: (Decimal,),
    ScalarType.FLOAT: (float,),
    ScalarType.BOOLEAN: (bool,),
    ScalarType.DATETIME: (datetime,),
    ScalarType.DATE: (date,),
    ScalarType.TIME: (time, timedelta),
    ScalarType.BYTES: (bytes, memoryview),
}
_IN_SQLITE: dict[str, tuple[type, ...]] = {
    ScalarType.STRING: (bytes,),
    ScalarType.DECIMAL: (int, float),
}
_TIMES_AS_TEXT: dict[str, re.Pattern[str]] = {
    ScalarType.DATETIME: re.compile(r"\d{4}-\d\d-\d\d"),
    ScalarType.DATE: re.compile(r"\d{4}-\d\d-\d\d$"),
    ScalarType.TIME: re.compile(r"\d\d:\d\d"),
}
"""How texts begin that SQLite's own functions, and the client libraries, take for times."""


def _of_other_types(fields: Sequence[Field], wanted: str, context: Context) -> Iterator[Fault]:
    odd: list[Value] = [] if wanted in (ScalarType.STRING, ScalarType.ENUM) else ["x"]
    if wanted in (ScalarType.INT, ScalarType.BIGINT):
        odd.append(1.5)
    if context.dialect is Dialect.SQLITE:
        odd += [b"x"] if wanted not in (ScalarType.STRING, ScalarType.BYTES) else []
    elif wanted == ScalarType.INT:
        odd.append(2**40)
    if wanted == ScalarType.BOOLEAN and context.dialect is not Dialect.POSTGRESQL:
        odd.append(1000)
    for field in fields:
        for value in odd:
            says = f"with {shown(value)} for its `{field.name}`"
            if field.generated is None:
                yield Fault(says=says, values={field.column: value})
            elif isinstance(value, int | float):
                number = Literal(value if isinstance(value, int) else Decimal(value))
                computed = Compare("=", Column(field.column), number)
                yield Fault(says=f"{says}, which is computed", satisfying=(computed,))


def _demanded(model: Model, fields: Sequence[Field], wanted: str) -> Iterator[Attack]:
    sample = _SAMPLES.get(wanted)
    for field in fields:
        if sample is None or field.generated is not None or field.type == wanted:
            continue  # a CHECK may want less than the type
        yield from demanded(
            model,
            {field.column: sample},
            f"stores a row of `{model.name}` with the {wanted} {shown(sample)} for its "
            f"`{field.name}`",
        )
