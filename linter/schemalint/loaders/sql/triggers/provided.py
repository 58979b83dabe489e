"""Trigger functions that PostgreSQL and its extensions provide."""

from __future__ import annotations

from schemalint.condition.quoting import quoted_name, quoted_string
from schemalint.loaders.sql.triggers.expression import parsed
from schemalint.loaders.sql.triggers.steps import Assign, Return, Steps
from schemalint.model import Dialect


def provided(name: str, arguments: tuple[str, ...], dialect: Dialect | None) -> Steps | None:
    """What the function of this name does; None where it is none of them."""
    if name == "moddatetime" and len(arguments) == 1:
        return (Assign(arguments[0], parsed("now()", dialect)), Return("new"))
    if name == "tsvector_update_trigger" and len(arguments) > 2:
        column, configuration, *texts = arguments
        columns = [f"coalesce(NEW.{quoted_name(text, dialect)}, '')" for text in texts]
        value = f"to_tsvector({quoted_string(configuration, dialect)}, {' || '.join(columns)})"
        return (Assign(column, parsed(value, dialect)), Return("new"))
    if name == "suppress_redundant_updates_trigger":
        return (Return("new"),)  # it drops an UPDATE that would leave the row as it is
    return None
