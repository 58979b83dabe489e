"""Whether a time of change is renewed at each change of a row, whoever makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemalint.condition.terms import And, Compare, Or, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.dialects.sqlite_rows import rowid_alias
from schemalint.model import Dialect, Field, Model, Trigger
from schemalint.rule import Evidence, Judgement, broken, kept, unknown, worst
from schemalint_rules.judging.changes.changes import changes_by_schema
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_sight import Sight
from schemalint_rules.judging.values.moments import gives_now

_CASE = re.compile(
    r"CASE WHEN (?P<condition>(?:(?!\bCASE\b).)+?) THEN (?P<then>(?:(?!\bWHEN\b).)+?) "
    r"ELSE (?P<other>(?:(?!\bCASE\b).)+) END",
    re.IGNORECASE | re.DOTALL,
)
_NAME = r"[\"`\[]?(\w+)[\"`\]]?"
_UPDATE = re.compile(
    rf"(?:BEGIN\s+)?UPDATE\s+(?:OR\s+\w+\s+)?(?:\w+\.)?{_NAME}\s+SET\s+{_NAME}\s*=\s*(.+?)\s+"
    rf"WHERE\s+(?:{_NAME}\s*\.\s*)?{_NAME}\s*=\s*(NEW|OLD)\s*\.\s*{_NAME}\s*;?\s*(?:END\s*;?)?\s*",
    re.IGNORECASE | re.DOTALL,
)


def judge_renewal(model: Model, field: Field, context: Context, help: str) -> Judgement | None:
    """What triggers make of it; None where no trigger has to do with the field."""
    found = [_Renewal(table, field, context, help).judge() for table in holders(model, context)]
    if all(one is None for one in found):
        return None
    path = f"{model.name}.{field.name}"
    missing = broken(
        path,
        f"a table that inherits from `{model.name}` has no such trigger",
        field.span,
        help=help,
    )
    judgement = worst(*(one or missing for one in found))
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    if fires is False:
        for change in changes_by_schema(model, model.fields, context, deleting=False):
            if change.by_database:
                return broken(
                    path,
                    f"{change.message}, and on this database foreign-key actions fire no "
                    f"triggers: `{field.name}` stays as it was",
                    change.span,
                    help=change.remedy,
                )
    return judgement


class _Renewal:
    """The triggers of one table that could renew the field."""

    def __init__(self, table: Model, field: Field, context: Context, help: str) -> None:
        self.table = table
        self.field = table.column(field.column) or field
        self.path = f"{table.name}.{field.name}"
        self.dialect = context.dialect
        self.versions = RowVersions(table, context)
        self.sight = Sight(table, "update", self.versions, context)
        self.help = help

    def judge(self) -> Judgement | None:
        """The verdict by the trigger that renews it, if there is just one."""
        if self.dialect is Dialect.SQLITE:
            return self._by_statement()
        assigning = self.sight.assigning(self.field)
        if not assigning:
            opaque = [one for one in self.sight.triggers if one.effect == "opaque"]
            writing = [one for one in self.sight.triggers if self.table.table in one.writes]
            return self._doubt((opaque or writing)[0]) if opaque or writing else None
        if len(assigning) > 1 or assigning[0].effect != "sets":
            return self._doubt(assigning[0])
        trigger = assigning[0]
        value = next(
            value for name, value in trigger.assigns if name.lower() == self.field.column.lower()
        )
        return self._renewed(trigger, list(self._conditions(trigger, value)))

    def _conditions(self, trigger: Trigger, value: str) -> Iterator[str | None]:
        """When the trigger gives the field the current time: all of these; None for never."""
        if trigger.when is not None:
            yield trigger.when
        match = _CASE.fullmatch(value.strip())
        if match is None:
            if not gives_now(value):
                yield None
            return
        then, other = gives_now(match["then"]), gives_now(match["other"])
        if then and not other:
            yield match["condition"]
        elif other and not then:
            yield f"({match['condition']}) IS NOT TRUE"
        elif not then:
            yield None

    # -- SQLite: an AFTER trigger that changes the row once more

    def _by_statement(self) -> Judgement | None:
        watching = [one for one in self.sight.triggers if self.table.table in one.writes]
        if not watching:
            opaque = [one for one in self.sight.triggers if one.effect == "opaque"]
            return self._doubt(opaque[0]) if opaque else None
        trigger = watching[0]
        match = _UPDATE.fullmatch(trigger.body.strip())
        if match is None or trigger.timing != "after" or len(watching) > 1:
            return self._doubt(trigger)
        table, column, value, owner, key, version, of_version = match.groups()
        if (
            table.lower() != self.table.table.lower()
            or column.lower() != self.field.column.lower()
            or (owner or table).lower() != table.lower()
            or not gives_now(value)
        ):
            return self._doubt(trigger)
        if not self._is_key(key) or key.lower() != of_version.lower():
            return self._doubt(trigger)
        if version.upper() == "OLD":
            return broken(
                self.path,
                f"a change of `{key}` leaves `{self.path}` as it was: `{trigger.name}` looks for "
                f"the row by OLD.{key}, which it no longer has",
                trigger.span,
                help=f"look for the row by NEW.{key}",
            )
        return self._renewed(trigger, [trigger.when] if trigger.when else [])

    def _is_key(self, column: str) -> bool:
        """Whether every row is found by the column alone."""
        if column.lower() in ("rowid", "_rowid_", "oid"):
            return True
        key = self.table.primary_key
        field = self.table.column(column)
        if key is None or field is None or key.columns != (field.column,):
            return False
        return not field.nullable or field == rowid_alias(self.table)

    # -- whether it happens at each change

    def _renewed(self, trigger: Trigger, conditions: Sequence[str | None]) -> Judgement:
        others = [one for one in self.table.fields if one != self.field and not one.generated]
        missed = [one for one in others if not self.sight.watches(trigger, one)]
        if missed:
            return broken(
                self.path,
                f"a change of `{missed[0].name}` leaves `{self.path}` as it was: `{trigger.name}` "
                f"looks at UPDATE OF {', '.join(trigger.columns)} only",
                trigger.span,
                help=self.help,
            )
        if trigger.for_each != "row" or None in conditions:
            return self._doubt(trigger)
        evidence = [Evidence(f"the trigger `{trigger.name}` renews `{self.path}`", trigger.span)]
        terms = [
            self.versions.in_trigger(text, "update", given=False)
            for text in conditions
            if text is not None
        ]
        if not terms:
            return kept(self.path, evidence)
        answer = self.versions.follows(self._left_as_it_was(others), And(tuple(terms)))
        if answer.answer:
            return kept(self.path, evidence)
        if answer.answer is None:
            return self._doubt(trigger)
        return broken(
            self.path,
            f"a change can leave `{self.path}` as it was: `{trigger.name}` renews it only where "
            f"{' and '.join(f'`{text}`' for text in conditions)}",
            trigger.span,
            help=self.help,
        )

    def _left_as_it_was(self, others: Sequence[Field]) -> list[Term]:
        """A change that names no new time."""
        old, new = (self.versions.column(self.field, one) for one in ("OLD", "NEW"))
        changed = Or(tuple(self.versions.differs(one) for one in others))
        return [Compare("is not distinct from", new, old), changed]

    def _doubt(self, trigger: Trigger) -> Judgement:
        return unknown(
            self.path,
            f"the trigger `{trigger.name}` may renew `{self.path}`, but its body was not "
            "understood well enough to tell",
            trigger.span,
        )
