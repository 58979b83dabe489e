"""What was read and not understood, and what that leaves of a judgement."""

from __future__ import annotations

from schemalint.context import Context
from schemalint.model import Model
from schemalint.rule import Judgement, Verdict, unknown
from schemalint_rules.wording.describing import obscured, obscured_by


def unless_obscured(judgement: Judgement, model: Model, context: Context) -> Judgement:
    """The judgement, or `unknown` where something that was not understood could keep the rule.

    What the schema itself does against a rule stays broken: nothing beside it undoes that.
    """
    if judgement.verdict is not Verdict.BROKEN or judgement.contradicts:
        return judgement
    opaque = obscured_by(model, context.schema)
    if opaque is None:
        return judgement
    return unknown(judgement.path, obscured(opaque), opaque.span)
