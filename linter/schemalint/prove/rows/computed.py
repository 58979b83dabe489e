"""Foreign keys over columns that are computed, or that a trigger gives each row: where a row points
is known once its other values are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from schemalint.condition.assumptions import Sort
from schemalint.condition.cell import Cell
from schemalint.condition.evaluate import Evaluation, TooMuch
from schemalint.condition.functions import Unsure
from schemalint.condition.parse import parse_predicate
from schemalint.condition.prepare import prepared
from schemalint.condition.terms import Column, Compare, Is, Literal
from schemalint.model import ForeignKey
from schemalint.prove.rows.given import Sql, Value
from schemalint.prove.rows.proposals import scalar_of
from schemalint.prove.rows.row_conditions import of_generated_columns
from schemalint.prove.rows.shape import Shape

_BUDGET = 500
"""How many terms are looked at for one value."""


def computed_keys(
    shape: Shape, known: Callable[[str], Value | Sql]
) -> Iterator[tuple[ForeignKey, Mapping[str, Value]]]:
    """The foreign keys over such columns by which a row points, with what it points at; left out
    are those of which that cannot be told.

    Args:
        shape: of the table.
        known: the row's value of a column; NULL where there is none.
    """
    given = _assigned(shape)
    for key in shape.references:
        fields = [shape.fields[column] for column in key.columns]
        if all(one.generated is None and one.column not in given for one in fields):
            continue
        values = [given.get(one) or _value(shape, one, known) for one in key.columns]
        decided = dict(zip(key.references, values, strict=False))
        if not any(value is None or isinstance(value, Sql) for value in decided.values()):
            yield key, {name: one for name, one in decided.items() if not isinstance(one, Sql)}


def _assigned(shape: Shape) -> Mapping[str, Value]:
    """The constants that triggers give columns of each row that is inserted."""
    found: dict[str, Value] = {}
    for trigger in shape.model.triggers:
        each = trigger.effect == "sets" and trigger.timing == "before" and trigger.enabled
        if not each or "insert" not in trigger.events or trigger.when is not None:
            continue
        for column, sql in trigger.assigns:
            term = parse_predicate(f"({sql}) IS NULL", shape.dialect)
            if isinstance(term, Is) and isinstance(term.term, Literal):
                found[shape.facts.resolve(column)] = term.term.value
    return found


def _value(shape: Shape, column: str, known: Callable[[str], Value | Sql]) -> Value | Sql:
    if shape.fields[column].generated is None:
        return known(column)
    computed = of_generated_columns(shape.model, [column], shape.facts, shape.dialect)
    evaluation = Evaluation(shape.facts, {}, concrete=True, budget=_BUDGET)
    for read in (name for one in computed for name in one.columns[1:]):
        value = known(read)
        scalar = None if isinstance(value, Sql) else scalar_of(value)
        if scalar is not None or value is None:
            evaluation.assumed[Sort.COLUMN, read] = Cell(scalar)
    for one in computed:
        term = one.given.term
        if isinstance(term, Compare) and term.left == Column(column):
            try:
                found = evaluation.value(prepared(term.right, shape.facts))
            except (TooMuch, RecursionError):
                return None
            return None if isinstance(found, Unsure) else found
    return None
