"""Tables that can hold no row, as what CHECKs and columns ask of each contradicts itself."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from schemalint.context import Context
from schemalint.model import Layer, Model
from schemalint_rules.judging.rows.rows import Rows

_KNOWN: WeakKeyDictionary[Context, dict[str, bool]] = WeakKeyDictionary()


def holds_none(model: Model, context: Context) -> bool:
    """Whether it is certain that the table can hold no row, whoever writes."""
    known = _KNOWN.setdefault(context, {})
    if model.name not in known:
        from schemalint.condition.decide import satisfiable

        known[model.name] = False  # while it is worked out: keys may lead in a circle
        rows = Rows(model, context, Layer.DATABASE)
        if rows.givens:
            known[model.name] = satisfiable(rows.givens, rows.facts).answer is False
    return known[model.name]
