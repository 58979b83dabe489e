"""What a table's triggers see of a change, which is not always what is stored.

UPDATE OF looks at the columns that a statement names and not at what changes (I12c, I12e); another
BEFORE trigger can change the row after a guard has looked at it (I12d); and a NULL that a BEFORE
trigger sees can become something else before it is stored (`becomes_another`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal as Choice

from schemalint.condition.terms import And, Column, Literal, Opaque, Or, Scalar, Term
from schemalint.context import Context
from schemalint.dialects.sqlite_rows import NUMBERS, literal_default, rowid_alias
from schemalint.model import Dialect, Field, Layer, Model, ScalarType, Trigger
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.judging.values.exact_values import BYTES

Seeing = Choice["given", "stored", "null"]
"""What BEFORE triggers see of the field that is written: what is stored, or `null`; of the others
what they are given, which may be NULL where the row has a value, or what is `stored`."""


class Sight:
    """The triggers of one table that look at one event, in order, and what each of them sees."""

    def __init__(self, model: Model, event: Event, versions: RowVersions, context: Context) -> None:
        self.model = model
        self.event: Event = event
        self.versions = versions
        self.dialect = context.dialect
        root = next((one for one in context.schema.models if one.table == model.partition_of), None)
        parts = [one for one in context.schema.models if one.partition_of == model.table]
        within = model.partition_of is not None
        self.partitioned = bool(parts) or within or model.partition_by is not None
        self._root = root
        triggers = self._on(event)
        self.triggers = tuple(triggers)
        of_parts = (one for part in parts for one in effects.on(part, event))
        self._before = [one for one in (*triggers, *of_parts) if one.timing == "before"]

    def _on(self, event: Event) -> list[Trigger]:
        """A partitioned table's row triggers are its partitions' too (I22b)."""
        of_root = () if self._root is None else effects.on(self._root, event)
        own = effects.on(self.model, event)
        return [*own, *(one for one in of_root if one.for_each == "row")]

    @property
    def on_delete(self) -> Sequence[Trigger]:
        """The triggers that look at DELETE."""
        return self._on("delete")

    def watches(self, trigger: Trigger, field: Field | None) -> bool:
        """Whether the trigger fires at every change of the field, UPDATE OF notwithstanding."""
        if not trigger.columns or self.event != "update" or field is None:
            return True
        if not self.names(trigger, field) or field.generated is not None:
            return False
        if self.dialect is Dialect.SQLITE:
            return field != rowid_alias(self.model)
        return not self.assigning(field, beside=trigger)

    def half_watches(self, trigger: Trigger) -> tuple[Field, ...]:
        """The fields of UPDATE OF whose changes the trigger never misses."""
        if not trigger.columns or self.event != "update":
            return ()
        return tuple(
            [
                field
                for field in self.model.fields
                if self.names(trigger, field) and self.watches(trigger, field)
            ]
        )

    def names(self, trigger: Trigger, field: Field) -> bool:
        """Whether UPDATE OF names the field."""
        return field.column.lower() in {column.lower() for column in trigger.columns}

    def computed_of(self, trigger: Trigger) -> Field | None:
        """A stored generated column that UPDATE OF names. PostgreSQL fires such a trigger where a
        statement names a column that the value depends on (documented), and, where the table has a
        BEFORE UPDATE trigger for each row, at every UPDATE (seen in 15.20), since that might change
        one; not so its earlier releases."""
        if self.dialect is not Dialect.POSTGRESQL or self.event != "update":
            return None
        named = (field for field in self.model.fields if self.names(trigger, field))
        return next((field for field in named if field.generated is not None), None)

    def assigning(self, field: Field, beside: Trigger | None = None) -> list[Trigger]:
        """The BEFORE triggers that may give the field of the new row another value, those of
        partitions among them."""
        found = []
        for trigger in self._before:
            columns = effects.assigned(trigger, self.dialect)
            if trigger is not beside and (columns is None or field.column.lower() in columns):
                found.append(trigger)
        return found

    def forced(self, field: Field) -> tuple[Trigger, str] | None:
        """The trigger that gives the field of every row one value, and that value, as SQL."""
        assigning = self.assigning(field)
        for trigger in assigning:
            last = all(
                one is trigger
                or effects.fires_after(trigger, one, self.model, self.dialect) is True
                for one in assigning
            )
            if last and effects.overwrites(trigger, field.column):
                return trigger, dict(trigger.assigns)[field.column]
        return None

    def literal(self, sql: str) -> Literal | None:
        """A constant that a trigger assigns; None for NULL and for what is no constant."""
        term = self.versions.value(sql)
        return term if isinstance(term, Literal) and term.value is not None else None

    def any_acts(
        self, triggers: Sequence[Trigger], field: Field | None, seeing: Seeing = "given"
    ) -> Term:
        """That the condition of one of the triggers is true, where `field` is written."""
        return Or((Literal(False), *(self._acts(one, field, seeing) for one in triggers)))

    def _acts(self, trigger: Trigger, field: Field | None, seeing: Seeing) -> Term:
        texts = [trigger.when] if trigger.when is not None else []
        if trigger.effect in ("raises-if", "skips-if"):
            texts.append(trigger.condition or "NULL")
        given = trigger.timing == "before"
        terms = [self.versions.in_trigger(text, self.event, given=given) for text in texts]
        sees = self._columns_of(trigger, field, seeing)
        acts = And((Literal(True), *(_replaced(term, sees) for term in terms)))
        if self.watches(trigger, field):
            return acts
        # Whatever UPDATE OF names and is changed has been named by the statement.
        differs = (self.versions.differs(one) for one in self.half_watches(trigger))
        return And((Or((Literal(False), *differs)), acts))

    def _columns_of(
        self, trigger: Trigger, field: Field | None, seeing: Seeing
    ) -> Callable[[Column], Term]:
        def sees(column: Column) -> Term:
            version, _, name = column.name.partition(".")
            known = self.model.column(name.removeprefix(BYTES))
            if version != "GIVEN" or known is None:
                return column
            if known.generated is not None or self._changed_later(known, trigger):
                return Opaque(f"the {known.name} that {trigger.name} sees")
            if known == field and seeing == "null":
                return Literal(None)
            if known != field and seeing != "stored" and self.becomes_another(known):
                return column
            return Column(f"NEW.{name}")

        return sees

    def _changed_later(self, field: Field, trigger: Trigger) -> bool:
        return any(
            effects.fires_after(one, trigger, self.model, self.dialect) is not False
            for one in self.assigning(field, beside=trigger)
        )

    # -- NULL that becomes something else

    def becomes_another(self, field: Field) -> bool:
        """Whether a NULL that a BEFORE trigger sees in the field can become another value.

        Observed: MySQL's kind stores 0, '' or an enum's first value for NULL in a NOT NULL column,
        under UPDATE IGNORE, INSERT IGNORE or an UPDATE of several tables; SQLite stores the
        column's default under OR REPLACE. Either happens after the BEFORE triggers.
        """
        if field.nullable:
            return False
        if self.dialect is Dialect.SQLITE:
            if field == rowid_alias(self.model):
                return False
            return field.default is not None and field.default.layer is Layer.DATABASE
        return self.dialect in effects.MYSQL

    def substitute(self, field: Field) -> Scalar:
        """What is stored in place of that NULL; None where it is not known."""
        if self.dialect is Dialect.SQLITE:
            return literal_default(field)
        if field.type in NUMBERS:
            return 0
        if field.type is ScalarType.ENUM:
            facts = self.versions.facts.column(f"NEW.{field.column}")
            return facts.values[0] if facts is not None and facts.values else None
        others: dict[ScalarType, Scalar] = {ScalarType.BOOLEAN: False, ScalarType.STRING: ""}
        return others.get(field.type)


def _replaced(term: Term, sees: Callable[[Column], Term]) -> Term:
    """The term with what `sees` gives for each of its columns."""
    if isinstance(term, Column):
        return sees(term)
    parts = tuple([_replaced(part, sees) for part in term.parts])
    return term if parts == term.parts else term.with_parts(parts)
