"""What the triggers of a parent's table have to say where the parent goes, or gets another key."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.attack import Same, Value
from schemalint.condition.terms import Not, Term
from schemalint.context import Context
from schemalint.model import Model, Trigger
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event

_REFUSING = ("raises", "raises-if", "opaque")


class ParentGuards:
    """The triggers of one table.

    Args:
        target: the table at which rows point.
        context: of the database.
    """

    def __init__(self, target: Model, context: Context) -> None:
        self._target = target
        self._versions = RowVersions(target, context)

    def may_refuse(self, event: Event) -> bool:
        """Whether one of them refuses rows, or may."""
        return any(one.effect in _REFUSING for one in effects.on(self._target, event))

    def may_refuse_rekeying(self, pointing: Sequence[str]) -> bool:
        """Whether one of them may refuse that a key changes, where the columns by which the rows
        point, at rows of the same table, do not."""
        fields = [self._target.column(column) for column in pointing]
        stay = [Not(self._versions.differs(field)) for field in fields if field is not None]
        for trigger in effects.on(self._target, "update"):
            terms = self._asked_by(trigger, "update")
            refuses = trigger.effect in _REFUSING
            if refuses and self._versions.possible([*terms, *stay]) is not False:
                return True
        return False

    def alike(self, event: Event) -> dict[str, Value] | None:
        """Values of the parent's with which its own triggers make of a row what they make of it;
        None where they look at its keys."""
        values: dict[str, Value] = {
            field.column: Same("parent", field.column)
            for field in self._target.fields
            if field.generated is None
        }
        for key in sorted(self._target.keys, key=lambda key: len(key.columns)):
            if key.columns and values.keys() >= {*key.columns}:
                del values[key.columns[-1]]
        for trigger in effects.on(self._target, event):
            if trigger.effect == "opaque":
                return None
            terms = self._asked_by(trigger, event)
            if trigger.effect not in _REFUSING or self._versions.possible(terms) is False:
                continue
            read = {name.partition(".")[2] for term in terms for name in term.columns}
            # What is computed is alike where that is which it is computed from.
            read -= {field.column for field in self._target.fields if field.generated is not None}
            if any(term.opaque for term in terms) or not read <= values.keys():
                return None
        return values

    def _asked_by(self, trigger: Trigger, event: Event) -> list[Term]:
        texts = [text for text in (trigger.when, trigger.condition) if text]
        return [self._versions.in_trigger(text, event, given=False) for text in texts]
