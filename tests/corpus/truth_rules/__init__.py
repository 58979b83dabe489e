"""Business rules for the observed outcomes: by id of the case, in our own words."""

from __future__ import annotations

from tests.corpus.truth_rules.immutability import IMMUTABILITY
from tests.corpus.truth_rules.left_out import LEFT_OUT
from tests.corpus.truth_rules.mapping import Mapped
from tests.corpus.truth_rules.others import OTHERS
from tests.corpus.truth_rules.references import REFERENCES
from tests.corpus.truth_rules.states import STATES
from tests.corpus.truth_rules.uniqueness import UNIQUENESS
from tests.corpus.truth_rules.values import VALUES

RULES: dict[str, Mapped] = {
    name: Mapped(rule) if isinstance(rule, str) else rule
    for part in (UNIQUENESS, REFERENCES, STATES, IMMUTABILITY, VALUES, OTHERS)
    for name, rule in part.items()
}
"""The rule for each case that a kind can express."""

__all__ = ["LEFT_OUT", "RULES"]
