"""Whether a column whose CHECK lists states takes other spellings of them too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.condition.collations import EXACT_COLLATIONS, compares_exactly, stores_text
from schemalint.context import Context
from schemalint.model import Field, Model
from schemalint.rule import Ref

_LENGTH = re.compile(r"\((\d+)\)")


def other_spellings(
    model: Model, field: Field, values: Sequence[Ref], context: Context
) -> tuple[str, str] | None:
    """Why a CHECK with the states lets other texts in, and what to do; None where it does not.

    Collations ignore letter case (E11, E11e) and trailing blanks (E11b, E11d); CHAR fills a state
    up with blanks (E11f).
    """
    if not stores_text(field) or compares_exactly(field, context.dialect):
        return None
    path, example = f"{model.name}.{field.name}", values[0].text
    length = _LENGTH.search(field.native)
    if not field.ignore_case and length is not None and field.native.upper().startswith("CHAR"):
        if all(len(value.text) == int(length[1]) for value in values):
            return None
        return (
            f"`{path}` fills every state up with blanks to {length[1]} characters",
            f"make `{field.name}` a VARCHAR or TEXT",
        )
    other = example.swapcase() if field.ignore_case else f"{example} "
    if not field.ignore_case or other == example:
        what, other = "trailing blanks", f"{example} "
    else:
        what = "letter case"
    exact = EXACT_COLLATIONS.get(context.dialect)
    return (
        f"the collation of `{path}` ignores {what}, so that a writer can store `{other}` too",
        f"give `{field.name}` the collation {exact}, under which every character counts"
        if exact
        else f"give `{field.name}` a type and a collation under which every character counts",
    )
