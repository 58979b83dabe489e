"""The ids of findings that are the tool's own: no rule of a preset or of a rulebook."""

from __future__ import annotations

INVALID_SCHEMA = "invalid-schema"
INVALID_RULEBOOK = "invalid-rulebook"
INVALID_SETTINGS = "invalid-settings"
NOT_PROVABLE = "not-provable"
UNNOTICED_CONSTRAINT = "unnoticed-constraint"
VACUOUS_RULE = "vacuous-rule"
UNMAPPED_RULE = "unmapped-rule"
UNUSED_SUPPRESSION = "unused-suppression"
SCHEMA_WARNING = "schema-warning"
SCHEMA_MIGRATION_DRIFT = "schema-migration-drift"
STALE_ENTITY = "stale-entity"
STRICTER_THAN_RULE = "stricter-than-rule"
TRUNCATE_REMOVES_ROWS = "truncate-removes-rows"
UNKNOWN_ENUM_VALUE = "unknown-enum-value"

# These mean that something could not be read, or not be done that was asked for: the run is not
# complete, exit code 2, whatever `--fail-on` says.
INCOMPLETE = {
    INVALID_SCHEMA: "The schema cannot be read, or its own language rejects it.",
    INVALID_RULEBOOK: "The business-rules document cannot be read as one.",
    INVALID_SETTINGS: "The settings cannot be read, or name what does not exist.",
    NOT_PROVABLE: "The rules were to be carried out on a database, and that was not possible.",
}
OWN_RULES = {
    **INCOMPLETE,
    SCHEMA_WARNING: "The schema's own language accepts this and warns of it.",
    SCHEMA_MIGRATION_DRIFT: "The schema and its migrations say different things, and the database "
    "is as the migrations say.",
    STALE_ENTITY: "An entity of the rulebook, or a field that it lists, is not in the schema.",
    STRICTER_THAN_RULE: "The schema rejects rows that a business rule allows. Such a finding has "
    "the business rule's id; this is its name.",
    TRUNCATE_REMOVES_ROWS: "Triggers keep rows from being deleted; TRUNCATE, which is no ordinary "
    "statement, fires none of them. Such a finding has the business rule's id; this is its name.",
    UNKNOWN_ENUM_VALUE: "A condition compares an enum field with what is no value of the enum. "
    "Such a finding has the business rule's id; this is its name.",
    UNNOTICED_CONSTRAINT: "A constraint of the schema that no business rule would miss.",
    VACUOUS_RULE: "A business rule that no constraint's loss would break.",
    UNMAPPED_RULE: "An id of the rulebook is not in the prose it renders, or the reverse.",
    UNUSED_SUPPRESSION: "A comment suppresses findings and has nothing to suppress.",
}
