"""What a business rule is judged in: one schema for one dialect, and look-ups into it by name.

Names of the rulebook may be logical (`Order.customer`) or physical (`orders.customer_id`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeVar

from schemalint.condition.enum_names import unknown_value, with_stored_values
from schemalint.condition.facts import Facts
from schemalint.condition.terms import Term
from schemalint.dialects.default_schemas import DEFAULT_SCHEMAS
from schemalint.finding import Finding, Severity
from schemalint.model import Dialect, Enum, Field, ForeignKey, Model, Opaque, Relation, Schema
from schemalint.near_match import nearest
from schemalint.own_rules import UNKNOWN_ENUM_VALUE
from schemalint.reference import Condition, Models, Ref, Stale
from schemalint.source import Span

_Name = TypeVar("_Name")
_Found = TypeVar("_Found")

_OF_COLUMNS = re.compile(r"\s*(?:ALTER|CREATE)\s+(?:\w+\s+){0,3}TABLE\b", re.IGNORECASE)


class Context:
    """Look-ups for the rules of one run over `schema`; every look-up is remembered in `named`.

    Attributes:
        schema: as loaded for the dialect that is judged.
        dialect: never None here: the engine asks for one before it judges.
        named: (model, field) pairs of logical names that rules have named so far.
        remarks: what a look-up met that decides nothing and should be told; the engine takes it.
    """

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema = schema
        self.dialect = dialect
        self.named: set[tuple[str, str | None]] = set()
        self.remarks: list[Finding] = []

    @cached_property
    def _models(self) -> dict[str, Model]:
        """By physical name first, so that a logical name wins where the two collide. A physical
        name that several have, in as many database schemas, is nobody's."""
        real = [model for model in self.schema.models if model.kind != "type"]
        by_name = {model.table: model for model in real}
        for name in self._shared:
            del by_name[name]
        default = DEFAULT_SCHEMAS.get(self.dialect)
        for model in real:
            schema = model.schema or default
            if schema:
                by_name[f"{schema}.{model.table}"] = model
        by_name.update({model.name: model for model in real})
        return by_name

    @cached_property
    def sparing_rows(self) -> frozenset[Span]:
        """The constraints that rows which were there before them may break (NOT VALID)."""
        return frozenset(
            [
                one.span
                for model in self.schema.models
                for constraints in (model.checks, model.foreign_keys)
                for one in constraints
                if not one.validated
            ]
        )

    @cached_property
    def _shared(self) -> dict[str, list[str]]:
        """The physical names that several tables have, with their logical ones."""
        names: dict[str, list[str]] = {}
        for model in self.schema.models:
            if model.kind != "type":
                names.setdefault(model.table, []).append(model.name)
        return {table: logical for table, logical in names.items() if len(logical) > 1}

    # -- models

    def model(self, ref: Ref) -> Model:
        """The model or table called `ref`.

        Raises:
            Stale: there is none.
        """
        found = self._models.get(ref.text)
        if found is None and ref.text in self._shared:
            meant = " or ".join(f"`{name}`" for name in self._shared[ref.text])
            raise Stale(f"`{ref.text}` could be {meant}: name one of them", ref.span)
        if found is None:
            raise Stale(
                f"there is no model or table `{ref.text}`",
                ref.span,
                nearest(ref.text, self._models),
            )
        self.named.add((found.name, None))
        return found

    def models(self, models: Models) -> Sequence[Model]:
        """The models that `models` means, in the order written (or of the schema, for `"*"`).

        Raises:
            Stale: a name does not exist, or no model is left.
        """
        named = _each([*models.excluded, *models.refs], self.model)
        excluded = {model.name for model in named[: len(models.excluded)]}
        if models.every:
            found = [model for model in self.schema.models if model.kind == "model"]
        else:
            found = named[len(models.excluded) :]
        left = [model for model in found if model.name not in excluded]
        if not left:
            raise Stale("the rule speaks of no model at all", models.span)
        return left

    def target(self, relation: Relation) -> Model:
        """The model at the other end of `relation` (loaders guarantee that it exists)."""
        return self._models[relation.model]

    # -- fields

    def field(self, model: Model, ref: Ref) -> Field:
        """The stored field of `model` called `ref`, by logical or column name.

        Raises:
            Stale: there is none; the message tells a relation apart.
        """
        found = model.field(ref.text) or model.column(ref.text)
        if found is None:
            relation = model.relation(ref.text)
            if relation is not None:
                raise Stale(
                    f"`{model.name}.{ref.text}` is a relation; this rule needs a stored field",
                    ref.span,
                    relation.fields[0] if relation.fields else None,
                )
            of, dot, name = ref.text.rpartition(".")
            if dot and of in (model.name, model.table) and self._is_field(model, name):
                raise Stale(
                    f"the rule is over `{model.name}`: a field of it is named without the model",
                    ref.span,
                    name,
                )
            names = [name for field in model.fields for name in (field.name, field.column)]
            raise Stale(
                f"`{model.name}` has no field or column `{ref.text}`",
                ref.span,
                nearest(ref.text, names),
                next((one for one in self.schema.opaque if _brings_columns(one, model)), None),
            )
        self.named.add((model.name, found.name))
        return found

    @staticmethod
    def _is_field(model: Model, name: str) -> bool:
        return (model.field(name) or model.column(name) or model.relation(name)) is not None

    def fields(self, model: Model, refs: Iterable[Ref]) -> tuple[Field, ...]:
        """The stored fields called `refs`; a relation stands for its foreign-key columns.

        Raises:
            Stale: a name does not exist.
        """

        def behind(ref: Ref) -> list[Field]:
            relation = model.relation(ref.text)
            if relation is None or not relation.columns:
                return [self.field(model, ref)]
            self.named.add((model.name, relation.name))
            return [self.column(model, column) for column in relation.columns]

        found = chain.from_iterable(_each(refs, behind))
        return tuple({field.column: field for field in found}.values())

    def column(self, model: Model, column: str) -> Field:
        """The field behind a column that a key or a foreign key lists."""
        found = model.column(column)
        if found is None:
            raise LookupError(f"{model.name} lists a column {column!r} that it has not")
        self.named.add((model.name, found.name))
        return found

    def split(self, ref: Ref) -> tuple[Ref, Ref]:
        """`Order.status` as a reference to the model and one to the field.

        Raises:
            Stale: there is no dot in it.
        """
        model, dot, field = ref.text.rpartition(".")
        if not dot or not model or not field:
            raise Stale(
                f"`{ref.text}` is not of the form Model.field", ref.span, self._with_model(ref.text)
            )
        at = ref.span.end - len(field)
        within = ref.span.end - ref.span.start == len(ref.text)
        if not within:  # a quoted or folded scalar: its offsets are not the text's
            return Ref(model, ref.span), Ref(field, ref.span)
        span = ref.span
        return (
            Ref(model, type(span)(span.file, span.start, at - 1)),
            Ref(field, type(span)(span.file, at, span.end)),
        )

    def _with_model(self, text: str) -> str | None:
        """The field that somebody may have meant who wrote its name alone."""
        found = [one.name for one in self.schema.models if self._is_field(one, text)]
        return f"{found[0]}.{text}" if len(found) == 1 else None

    def foreign_key(self, model: Model, relation: Relation) -> ForeignKey | None:
        """The foreign key behind a relation's columns, or None. Of several with the same columns
        the one that is written there."""
        found = [
            key
            for key in model.foreign_keys
            if key.columns == relation.columns and key.model == relation.model
        ]
        line = relation.span
        for key in found:
            if key.span.file == line.file and line.start <= key.span.start < line.end:
                return key
        return found[0] if found else None

    # -- conditions

    def condition(self, model: Model, condition: Condition) -> Term:
        """The condition over physical column names and stored enum values.

        Raises:
            Stale: it names a field that the model has not.
        """
        names = condition.term.columns
        fields = _each(names, lambda name: self._of_condition(model, name, condition))
        columns = {name: field.column for name, field in zip(names, fields, strict=True)}
        term = condition.term.rename(columns.__getitem__)
        enums = {
            column: enum
            for column in term.columns
            if (field := model.column(column)) is not None
            and field.enum is not None
            and (enum := self.schema.enum(field.enum)) is not None
        }
        self._remark_unknown_value(term, enums, condition)
        renamed = {
            column: {value.name: value.stored for value in enum.values}
            for column, enum in enums.items()
            if any(value.name != value.stored for value in enum.values)
        }
        return with_stored_values(term, renamed)

    def _of_condition(self, model: Model, name: str, condition: Condition) -> Field:
        """As `field`; tells a text that has the quotes of a name, or none, from a misspelt name."""
        try:
            return self.field(model, Ref(name, condition.span))
        except Stale as stale:
            values = {value.name for enum in self.schema.enums for value in enum.values}
            if stale.nearest is None and (f'"{name}"' in condition.text or name in values):
                stale.message += f"; a text stands in single quotes: `'{name}'`"
            raise

    def _remark_unknown_value(
        self, term: Term, enums: Mapping[str, Enum], condition: Condition
    ) -> None:
        """A misspelt value makes a condition true of every row, or of none, and looks kept."""
        values = {
            column: frozenset(text for value in enum.values for text in (value.name, value.stored))
            for column, enum in enums.items()
        }
        unknown = unknown_value(term, values)
        if unknown is None:
            return
        column, text = unknown
        enum = enums[column]
        close = nearest(text, [value.name for value in enum.values])
        remark = Finding(
            rule=UNKNOWN_ENUM_VALUE,
            name=UNKNOWN_ENUM_VALUE,
            message=f"the enum `{enum.name}` has no value `{text}`: does this condition say what "
            "it was meant to?",
            span=condition.span,
            severity=Severity.WARNING,
            help=f"did you mean `{close}`?" if close else None,
        )
        if remark not in self.remarks:
            self.remarks.append(remark)

    def facts(self, model: Model) -> Facts:
        """What the schema guarantees of each column: NULL or not, type, enum values."""
        return Facts.of(model, self.schema, dialect=self.dialect)


def _each(names: Iterable[_Name], look_up: Callable[[_Name], _Found]) -> list[_Found]:
    """What is behind each of the names.

    Raises:
        Stale: for the first that does not exist, with those for the others.
    """
    found: list[_Found] = []
    missing: list[Stale] = []
    for name in names:
        try:
            found.append(look_up(name))
        except Stale as stale:
            missing.append(stale)
    if missing:
        missing[0].others = tuple(missing[1:])
        raise missing[0]
    return found


def _brings_columns(opaque: Opaque, model: Model) -> bool:
    """Whether a column of the model may stand in something that was not understood."""
    if model.table not in opaque.tables:
        return False
    if opaque.kind == "statement":
        return _OF_COLUMNS.match(opaque.text) is not None
    return opaque.kind in ("query", "clause")
