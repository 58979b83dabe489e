"""Schemas in SQL whose verdicts are known because a database was asked."""

from __future__ import annotations

from tests.rules.sql_variations.closed_doors import CLOSED_DOORS
from tests.rules.sql_variations.further import FURTHER
from tests.rules.sql_variations.guards import GUARDS
from tests.rules.sql_variations.other_changes import OTHER_CHANGES
from tests.rules.sql_variations.pointing import POINTING
from tests.rules.sql_variations.postgresql_changes import POSTGRESQL_CHANGES
from tests.rules.sql_variations.references import REFERENCES
from tests.rules.sql_variations.room import ROOM
from tests.rules.sql_variations.uniqueness import UNIQUENESS
from tests.rules.sql_variations.values import VALUES

VARIATIONS = (
    *UNIQUENESS,
    *REFERENCES,
    *VALUES,
    *POSTGRESQL_CHANGES,
    *OTHER_CHANGES,
    *GUARDS,
    *POINTING,
    *FURTHER,
    *ROOM,
    *CLOSED_DOORS,
)

__all__ = ["VARIATIONS"]
