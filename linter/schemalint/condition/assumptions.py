"""What has to be assumed of a row before a condition can be decided."""

from __future__ import annotations

from enum import Enum

import msgspec


class Sort(Enum):
    """What a choice is about."""

    COLUMN = "column"
    VALUE = "value"
    RELATION = "relation"
    NULL = "null"
    TRUTH = "truth"


class Choice(msgspec.Struct, frozen=True):
    """Something that has to be assumed before a term can be decided, and what it can be.

    `name` is a column's key, or the text of the terms in question.
    """

    sort: Sort
    name: str
    options: tuple[object, ...]
