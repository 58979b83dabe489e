"""Which rows are meant to stay as they are: by a rule of the rulebook, or by a trigger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from schemalint.context import Context
from schemalint.model import Dialect, Model, Schema, Trigger
from schemalint.reference import Stale
from schemalint.rule import Entry, Rulebook

# Compiled where a trigger needs them: most schemas have none.
_NEW = r"(?i)\bNEW\b"
_WHOLE_ROW = r"(?i)\b(?:OLD|NEW)(?:\s*\.\s*\*)?\s+IS\s+DISTINCT\s+FROM\s+(?:OLD|NEW)\b"


class Protection(msgspec.Struct, frozen=True):
    """A rule `immutable` that covers a model. `columns` are those that it protects, None for
    whole rows; `deletable` tells that rows may go nevertheless."""

    entry: Entry
    columns: frozenset[str] | None
    deletable: bool


class Protections:
    """The rules `immutable` of a rulebook, by the models of `schema` that they cover."""

    def __init__(self, schema: Schema, rulebook: Rulebook) -> None:
        self._by_model: dict[str, list[Protection]] = {}
        entries = [entry for entry in rulebook.entries if entry.rule.kind == "immutable"]
        # Only names are looked up, which no dialect changes.
        context = Context(schema, schema.dialect or Dialect.POSTGRESQL)
        for entry in entries:
            for model, protection in _covered(entry, context):
                self._by_model.setdefault(model.name, []).append(protection)

    def of(self, model: Model) -> tuple[Protection, ...]:
        """The rules that cover `model`, in the order of the rulebook."""
        return tuple(self._by_model.get(model.name, ()))


def _covered(entry: Entry, context: Context) -> Iterator[tuple[Model, Protection]]:
    rule: Any = entry.rule
    try:
        for model in context.models(rule.of):
            columns = None
            if rule.fields is not None:
                fields = context.fields(model, rule.fields)
                columns = frozenset([field.column for field in fields])
            yield model, Protection(entry, columns, rule.deletable or columns is not None)
    except Stale:
        return  # told as the rule's own verdict


def refusing(
    model: Model, event: Literal["update", "delete"], columns: Sequence[str] = ()
) -> Trigger | None:
    """A trigger that refuses `event` for whole rows: always, or in a state that the row is in
    before the change. One that looks at the new values guards columns or transitions only; it is
    found where it is about one of `columns`."""
    for trigger in model.triggers:
        if (
            trigger.enabled
            and trigger.effect in ("raises", "raises-if")
            and trigger.timing != "instead of"
            and event in trigger.events
            and (_of_whole_rows(trigger, event) or _guards(trigger, columns))
        ):
            return trigger
    return None


def _of_whole_rows(trigger: Trigger, event: Literal["update", "delete"]) -> bool:
    if event == "delete":
        return True
    new = any(re.search(_NEW, re.sub(_WHOLE_ROW, " ", text)) for text in _conditions(trigger))
    return not trigger.columns and not new


def _guards(trigger: Trigger, columns: Sequence[str]) -> bool:
    """Whether an UPDATE trigger compares the old with the new value of one of `columns`, or is
    there for it alone (I12f)."""
    if set(columns) & set(trigger.columns) and not _conditions(trigger):
        return True
    text = " ".join(_conditions(trigger))
    return any(
        all(
            re.search(rf'(?i)\b{row}\s*\.\s*["`]?{re.escape(name)}\b', text)
            for row in ("OLD", "NEW")
        )
        for name in columns
    )


def _conditions(trigger: Trigger) -> list[str]:
    return [text for text in (trigger.when, trigger.condition) if text]
