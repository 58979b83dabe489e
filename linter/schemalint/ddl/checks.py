"""CHECK: of the table, or of a column where MariaDB has it so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from schemalint.ddl.target import Target
from schemalint.model import Check, Dialect, Layer, Model


def table_checks(model: Model, columns: Collection[str], target: Target) -> Iterator[str]:
    """The checks for CREATE TABLE, behind its columns. A check whose name another of the table has
    already (two columns of one domain) goes without: a name is no part of what it forbids. One over
    a column that is not made, is left out with it."""
    taken: set[str] = set()
    for check in model.checks:
        if not _written(check) or column_check(model, check.name, target) is check:
            continue
        if names_others(check.expression, model, columns):
            what = f"the check `{check.expression}` of `{model.table}`"
            target.omit(what, "a column that it is over is left out", check.span, model.table)
            continue
        name = ""
        if check.name and check.name not in taken:
            taken.add(check.name)
            name = f"CONSTRAINT {target.quoted(check.name)} "
        yield f"{name}CHECK ({check.expression})"


def names_others(expression: str, model: Model, columns: Collection[str]) -> bool:
    """Whether SQL names a column of the model's that is none of `columns`."""
    rest = [one.column for one in model.fields if one.column not in columns]
    return any(_names(expression, column) for column in rest)


def _names(expression: str, column: str) -> bool:
    """Whether SQL names the column."""
    word = rf"(?<![\w.']){re.escape(column)}(?![\w('])"
    return re.search(word, expression, re.IGNORECASE) is not None


def column_check(model: Model, column: str | None, target: Target) -> Check | None:
    """The check that stands in the definition of MariaDB's column, whose name it bears; a check of
    the table cannot have the name of a column's (documentation, "CONSTRAINT")."""
    if target.dialect is not Dialect.MARIADB or column is None or model.column(column) is None:
        return None
    return next((one for one in model.checks if one.name == column and _written(one)), None)


def _written(check: Check) -> bool:
    return check.enforced and check.layer is Layer.DATABASE
