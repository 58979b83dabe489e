"""Views through which a table's rows are written.

What is stored through a view is a row of the table: its constraints hold and its triggers fire,
also where an INSTEAD OF trigger is what writes, whose statements are any writer's. Only the
columns that nobody names are another matter: PostgreSQL's ALTER VIEW ... SET DEFAULT gives them
values of the view's own (observed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemalint.context import Context
from schemalint.model import Field, Model


def views_over(model: Model, context: Context) -> Iterator[Model]:
    """The views whose queries name the table, and those whose queries name such a view."""
    views = [one for one in context.schema.models if one.kind == "view"]
    reached = [model]
    for there in reached:
        for view in views:
            if view not in reached and _names(view, there.table):
                reached.append(view)
                yield view


def _names(view: Model, table: str) -> bool:
    return re.search(rf"\b{re.escape(table)}\b", view.span.text, re.IGNORECASE) is not None


def own_defaults(model: Model, field: Field, context: Context) -> Iterator[tuple[Model, Field]]:
    """The views over a table, and the columns of theirs that may be `field` under whatever name
    and have a default of their own."""
    for view in views_over(model, context):
        for one in view.fields:
            other = one.column != field.column and model.column(one.column) is not None
            if one.default is not None and not other:
                yield view, one
