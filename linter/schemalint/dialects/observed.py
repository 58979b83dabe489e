"""What was seen by running the shared truth cases, on SQLite 3.40, PostgreSQL 15 and MariaDB 10.11.

A test compares every answer with the outcomes on record.
"""

from __future__ import annotations

from schemalint.dialects.construct import Capability, Construct
from schemalint.dialects.observed_changes import GUARDS, WAYS_ROUND
from schemalint.dialects.observed_keys import KEYS, REQUIRED_VALUES, UNIQUENESS
from schemalint.dialects.observed_references import ACTIONS, REFERENCES, TARGETS
from schemalint.dialects.observed_values import CHECKS, ENUMS, TYPES
from schemalint.model import Dialect

OBSERVED: dict[tuple[Dialect, Construct], Capability] = {
    (dialect, construct): answer
    for rows in (
        UNIQUENESS,
        KEYS,
        REQUIRED_VALUES,
        REFERENCES,
        TARGETS,
        ACTIONS,
        ENUMS,
        CHECKS,
        TYPES,
        GUARDS,
        WAYS_ROUND,
    )
    for construct, answers in rows
    for dialect, answer in answers.items()
}

STRICT_DIFFERS = frozenset(
    {
        Construct.PRIMARY_KEY_REFUSES_NULL_TEXT,
        Construct.PRIMARY_KEY_REFUSES_NULL_INT,
        Construct.PRIMARY_KEY_REFUSES_NULL_COMPOSITE,
        Construct.CHECK_REFUSES_TEXT_FOR_NUMBER,
        Construct.NAN_PASSES_NUMERIC_CHECK,
        Construct.INTEGER_REFUSES_TEXT,
        Construct.INTEGER_REFUSES_FRACTION,
        Construct.BOOLEAN_REFUSES_TEXT,
    }
)
"""Where SQLite's STRICT tables answer the opposite, in the same cases."""
