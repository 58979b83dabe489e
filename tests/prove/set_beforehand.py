"""What a trigger that sets values before a row is stored makes of new rows."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.facts import Facts
from schemalint.condition.terms import And, Column, Compare, Is, Literal, Or, Term
from schemalint.context import Context
from schemalint.model import Dialect, Model, ScalarType
from schemalint_rules.judging.triggers.row_versions import RowVersions

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_WHOLE = (ScalarType.INT, ScalarType.BIGINT)


def is_refused(model: Model, asked: list[Given], context: Context) -> bool:
    """Whether whatever a trigger makes of a new row is certainly not what is `asked` of it; where
    one trigger alone changes rows, and in whole numbers only."""
    acting = [
        one
        for one in model.triggers
        if one.enabled
        and one.timing == "before"
        and "insert" in one.events
        and one.effect in ("sets", "opaque")
    ]
    if len(acting) != 1 or acting[0].effect == "opaque" or acting[0].when is not None:
        return False
    versions = RowVersions(model, context)
    given = [Given(versions.of_row(one.term, "NEW"), one.passes_null) for one in asked]
    names = {name.lower() for name, _ in acting[0].assigns}
    for name, sql in acting[0].assigns:
        value = versions.in_trigger(f"({sql}) IS NULL", "insert", given=True)
        if not isinstance(value, Is):
            return False
        reads = {column.partition(".")[2] for column in value.term.columns}
        whole = all(_is_whole(one, versions.facts) for one in {name, *reads})
        if not whole or value.term.opaque or reads & names - {name.lower()}:
            return False
        given += _stored(name, value.term, versions, context.dialect)
        for other in reads - {name}:
            given += _stored(other, Column(f"GIVEN.{other}"), versions, context.dialect)
    return satisfiable(given, versions.facts).answer is False


def _is_whole(column: str, facts: Facts) -> bool:
    known = facts.column(f"NEW.{column}")
    return known is not None and known.type in _WHOLE


def _stored(column: str, value: Term, versions: RowVersions, dialect: Dialect) -> Iterator[Given]:
    """What is stored is the value; under INSERT IGNORE of MySQL's, 0 for the NULL of a column that
    takes none."""
    new = Column(f"NEW.{column}")
    same: Term = Compare("is not distinct from", new, value)
    known = versions.facts.column(new.name)
    if known is not None and not known.nullable and dialect in _MYSQL:
        same = Or((same, And((Is(value, None), Compare("=", new, Literal(0))))))
    yield Given(same)
