"""Whether a use that a rule allows is refused for its own sake: the rule would be stricter in the
schema than it is in words.

A row can be refused for whatever else is in it, and the maker of rows does not find every row. So
a refusal only counts where the database names a constraint over the very columns that the use
gives values to: no other row with these values could be stored either.
"""

from __future__ import annotations

import msgspec

from schemalint.attack import Insert
from schemalint.model import Check, Exclusion, Field, Layer, Model, Unique
from schemalint.prove.database import Refused
from schemalint.prove.outcome import Outcome
from schemalint.prove.rows.refusals import named_column, unique_key
from schemalint.prove.rows.row_conditions import words_of
from schemalint.prove.rows.shape import Shape
from schemalint.source import Span


class Strictness(msgspec.Struct, frozen=True):
    """What refuses the use in `outcome`: in words, and where it stands."""

    outcome: Outcome
    what: str
    span: Span


def strictness(outcome: Outcome, shape: Shape) -> Strictness | None:
    """What refused an allowed use, where that is told and is about nothing else; `shape` is the
    table's that the use's last row was to go to."""
    attack = outcome.attack
    last = attack.moves[-1]
    refused = outcome.refusal
    if attack.aim != "allowed" or outcome.end != "refused" or refused is None:
        return None
    if not attack.given or not isinstance(last, Insert) or last.setup:
        return None
    if outcome.statements[-1].model not in (None, shape.model):
        return None  # a parent of the row was refused
    found = _named(refused, shape, frozenset(attack.given), last)
    if found is None:
        return None
    return Strictness(outcome, _words(found, shape.model), found.span)


def _named(
    refused: Refused, shape: Shape, given: frozenset[str], last: Insert
) -> Field | Unique | Check | Exclusion | None:
    model = shape.model
    if refused.kind == "not null":
        column = named_column(shape, refused)
        if column in given and last.values.get(column, "") is None:
            return model.column(column)
    elif refused.kind == "unique":
        key = unique_key(shape, refused)
        if isinstance(key, Unique) and not key.expressions and set(key.columns) == given:
            return key
    elif refused.kind == "check":
        check = _check(refused, model)
        # Of what is given only NULL is sure to be what the CHECK is about.
        null = {column for column in given if last.values.get(column, "") is None}
        if check is not None and len(read := words_of(model, check.expression)) > 0:
            return check if null.issuperset(read) else None
    elif refused.kind == "exclusion":
        named = (refused.constraint or "").rpartition(".")[2]
        for one in model.exclusions:
            columns = {part.column for part in one.parts if part.column is not None}
            for part in one.parts:
                columns.update(words_of(model, part.expression or ""))
            if one.name is not None and one.name == named and columns <= given:
                return one
    return None


def _check(refused: Refused, model: Model) -> Check | None:
    """The CHECK of that name; SQLite gives the text of one that has none."""
    named = (refused.constraint or "").rpartition(".")[2]
    checks = [one for one in model.checks if one.enforced and one.layer is Layer.DATABASE]
    found = [one for one in checks if one.name is not None and one.name == named]
    found = found or [one for one in checks if one.expression == refused.constraint]
    return found[0] if len(found) == 1 else None


def _words(found: Field | Unique | Check | Exclusion, model: Model) -> str:
    if isinstance(found, Field):
        return f"`{model.name}.{found.name}` is NOT NULL"
    name = f" `{found.name}`" if found.name else ""
    if isinstance(found, Unique):
        columns = ", ".join(found.columns)
        return f"the key{name} takes no second row with the same {columns}"
    if isinstance(found, Check):
        return f"the CHECK{name} (`{found.expression}`) refuses it"
    return f"the exclusion constraint{name} refuses it"
