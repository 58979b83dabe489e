"""A design rule and a kind of business rule."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.context import Context
from schemalint.model import Layer, Model, Schema
from schemalint.rule import (
    BusinessRule,
    DesignRule,
    Evidence,
    Finding,
    Judgement,
    Models,
    Rulebook,
    broken,
    kept,
)


class ShoutingModel(DesignRule, frozen=True):
    """A model's name is all capitals."""

    id: ClassVar[str] = "shouting-model"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if model.name.isupper():
                yield self.finding(model.name_span, f"{model.name} shouts", path=model.name)


class AtLeastTwo(BusinessRule, frozen=True, kw_only=True):
    """A model has at least two fields."""

    kind: ClassVar[str] = "at_least_two"
    of: Models

    def judge(self, model: Model, context: Context) -> Judgement:
        if len(model.fields) >= 2:
            evidence = Evidence(f"`{model.name}` has two", model.name_span)
            return kept(model.name, [evidence], layer=Layer.DATABASE)
        return broken(model.name, f"`{model.name}` has one field only", model.name_span)
