"""Whether trying every combination of values has settled a rule; see `attack.Combinations`.

That the database refuses a row says something of all rows with these values only where what
refuses it looks at nothing else. So every combination has to be stored just as it was given, or be
refused by a NOT NULL of one of the columns or by a CHECK over none but them. Where one is not, the
rule stays undecided.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.attack import Combinations, Insert
from schemalint.model import Check, Layer, Model
from schemalint.prove.database import Refused
from schemalint.prove.outcome import Outcome
from schemalint.prove.rows.row_conditions import words_of


def is_settled(combinations: Combinations, outcomes: Sequence[Outcome]) -> bool:
    """Whether the combinations were all stored or refused for what they are, and some stored: a
    table that takes nothing at all may have another reason for that."""
    stored = [one for one in outcomes if one.end == "harmless"]
    refused = [one for one in outcomes if one.end == "refused"]
    return (
        len(stored) + len(refused) == len(combinations.attacks)
        and bool(stored)
        and all(map(_is_as_given, stored))
        and all(_is_refused_for_itself(one, combinations) for one in refused)
    )


def _is_as_given(outcome: Outcome) -> bool:
    (move,) = outcome.attack.moves
    assert isinstance(move, Insert)
    return all(
        column in outcome.stored
        and (held := outcome.stored[column]) == value
        and (held is None) == (value is None)
        and isinstance(held, str) == isinstance(value, str)
        for column, value in move.values.items()
    )


def _is_refused_for_itself(outcome: Outcome, combinations: Combinations) -> bool:
    (move,) = outcome.attack.moves
    assert isinstance(move, Insert)
    refused, model = outcome.refusal, combinations.model
    if refused is None or outcome.statements[-1].model is not model:
        return False  # a parent was refused
    if refused.kind == "not null":
        column = (refused.constraint or "").rpartition(".")[2]
        return move.values.get(column, "") is None
    return refused.kind == "check" and _is_about(refused, model, set(combinations.columns))


def _is_about(refused: Refused, model: Model, columns: set[str]) -> bool:
    """Whether the CHECK that refused reads none but the columns: all that there are do, or it is
    named as one that does."""
    checks = [one for one in model.checks if one.enforced and one.layer is Layer.DATABASE]
    own = [one for one in checks if _reads_only(one, model, columns)]
    if own and len(own) == len(checks):
        return True
    named = (refused.constraint or "").rpartition(".")[2]
    same = [one for one in checks if one.name == named]
    return bool(same) and all(one in own for one in same)


def _reads_only(check: Check, model: Model, columns: set[str]) -> bool:
    read = words_of(model, check.expression)
    return bool(read) and columns.issuperset(read)
