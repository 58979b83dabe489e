"""The tables that hold a model's rows: its own, and those that inherit from it (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.context import Context
from schemalint.model import Model


def holders(model: Model, context: Context) -> Iterator[Model]:
    """The model itself, then every table that inherits from it, directly or not (I22, F31b)."""
    seen = {model.table}
    left = [model]
    while left:
        one = left.pop(0)
        yield one
        heirs = [heir for heir in context.schema.models if one.table in heir.inherits]
        left += [heir for heir in heirs if heir.table not in seen]
        seen.update(heir.table for heir in heirs)


def parts(model: Model, context: Context) -> Iterator[Model]:
    """The parts of a partitioned table, and theirs. What binds the whole binds them."""
    left = [model.table]
    while left:
        whole = left.pop(0)
        for one in context.schema.models:
            if one.partition_of == whole:
                yield one
                left.append(one.table)
