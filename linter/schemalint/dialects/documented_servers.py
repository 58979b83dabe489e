"""What the documentation of SQL Server, CockroachDB and MongoDB says, by its page.

SQL Server is 2022 with its default (case-insensitive) collation; CockroachDB 24.3 and 25.1;
MongoDB 7.
"""

from __future__ import annotations

from schemalint.dialects.construct import Construct
from schemalint.dialects.documented_mysql import Pages

SQLSERVER: Pages = {
    "SQL Server: Unique Constraints and Check Constraints": {
        Construct.UNIQUE_REFUSES_DUPLICATES: True,
        Construct.UNIQUE_REFUSES_SECOND_NULL: True,
        Construct.WIDER_UNIQUE_REFUSES_DUPLICATES: False,
        Construct.CHECK_ENFORCED: True,
        Construct.CHECK_PASSES_NULL: True,
        Construct.CHECK_NULL_TERM_REFUSES_NULL: True,
        Construct.CHECK_TAKES_QUERIES: False,
        Construct.CHECK_FUNCTION_IS_NOT_REPEATED: True,
    },
    "SQL Server: Create filtered indexes": {
        Construct.PARTIAL_UNIQUE: True,
        Construct.PARTIAL_UNIQUE_COUNTS_UNKNOWN: False,
    },
    "SQL Server: CREATE INDEX": {
        Construct.UNIQUE_ON_EXPRESSION: False,
        Construct.UNIQUE_PREFIX: False,
        Construct.NULLS_NOT_DISTINCT: False,
    },
    "SQL Server: Indexes on computed columns": {
        Construct.UNIQUE_ON_GENERATED_COLUMN: True,
        Construct.GENERATED_COLUMN_REFUSES_WRITES: True,
        Construct.GENERATED_COLUMN_FOLLOWS_BASE: True,
        Construct.VIRTUAL_GENERATED_COLUMNS: True,
    },
    "SQL Server: Collation and Unicode support": {
        Construct.CASE_INSENSITIVE_BY_DEFAULT: True,
        Construct.CASE_INSENSITIVE_TYPE: True,
        Construct.CASE_INSENSITIVE_TYPE_NON_ASCII: True,
        Construct.ACCENTS_IGNORED_BY_DEFAULT: False,
        Construct.CHECK_REFUSES_OTHER_CASE: False,
        Construct.FOREIGN_KEY_IGNORES_CASE: True,
        Construct.LIKE_IGNORES_CASE: True,
        Construct.GUARD_COMPARING_VALUES_MISSES_CASE: True,
        Construct.CASE_SENSITIVE_COLLATION: True,
        Construct.CHECK_FOLLOWS_COLLATION: True,
    },
    "SQL Server: = (String Comparison or Assignment)": {
        Construct.TRAILING_SPACE_IGNORED: True,
        Construct.TRAILING_SPACE_IGNORED_IN_CHAR: True,
        Construct.CHECK_REFUSES_TRAILING_SPACE: False,
        Construct.BLANK_EQUALS_EMPTY: True,
    },
    "SQL Server: CREATE TABLE": {
        Construct.PRIMARY_KEY_REFUSES_NULL_TEXT: True,
        Construct.PRIMARY_KEY_REFUSES_NULL_INT: True,
        Construct.PRIMARY_KEY_REFUSES_NULL_COMPOSITE: True,
        Construct.NOT_NULL_REFUSES_NULL: True,
        Construct.OMITTED_REQUIRED_REFUSED: True,
        Construct.EMPTY_STRING_PASSES_NOT_NULL: True,
        Construct.DEFAULT_NOT_APPLIED_TO_EXPLICIT_NULL: True,
        Construct.DEFAULT_CAN_BE_OVERRIDDEN: True,
        Construct.DEFERRABLE_UNIQUE: False,
        Construct.EXCLUSION: False,
        Construct.IDENTITY_ALWAYS_REFUSES_VALUE: True,
        Construct.KEY_CAN_BE_REWRITTEN: False,
        Construct.COLUMN_ON_UPDATE_NOW: False,
        Construct.NOT_ENFORCED_EXISTS: False,
    },
    "SQL Server: Primary and Foreign Key Constraints": {
        Construct.FOREIGN_KEY_REFUSES_ORPHAN: True,
        Construct.FOREIGN_KEYS_CHECKED_BY_DEFAULT: True,
        Construct.INLINE_REFERENCES_CHECKED: True,
        Construct.FOREIGN_KEY_PASSES_NULL: True,
        Construct.COMPOSITE_FOREIGN_KEY_REFUSES_PARTIAL_NULL: False,
        Construct.MATCH_FULL: False,
        Construct.FOREIGN_KEY_RESTRICTS_BY_DEFAULT: True,
        Construct.ON_UPDATE_CASCADE_REWRITES: True,
        Construct.SET_NULL_ON_NOT_NULL_REFUSED_IN_DDL: True,
        Construct.SET_NULL_ON_NOT_NULL_REFUSES_DELETE: False,
        Construct.SET_NULL_OF_SOME_COLUMNS: False,
        Construct.SET_DEFAULT_ACTS: True,
        Construct.DEFERRABLE_FOREIGN_KEYS: False,
        Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED: True,
        Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: True,
        Construct.SET_NULL_ACTS: True,
        Construct.ON_DELETE_CASCADE_DELETES: True,
    },
    "SQL Server: Data types": {
        Construct.NATIVE_ENUM: False,
        Construct.VARCHAR_LENGTH_ENFORCED: True,
        Construct.INTEGER_REFUSES_TEXT: True,
        Construct.INTEGER_REFUSES_OVERFLOW: True,
        Construct.CHECK_REFUSES_TEXT_FOR_NUMBER: True,
        Construct.DATE_REFUSES_OTHER_TEXT: True,
        Construct.DECIMAL_REFUSES_OVERFLOW: True,
        Construct.DECIMAL_ROUNDS_OR_KEEPS: True,
        Construct.UNSIGNED_REFUSES_NEGATIVE: False,
    },
    "SQL Server: CREATE TRIGGER": {
        Construct.TRIGGER_REFUSES_UPDATE: True,
        Construct.TRIGGER_REFUSES_DELETE: True,
        Construct.TRUNCATE_FIRES_DELETE_TRIGGER: False,
        Construct.TRUNCATE_TRIGGERS: False,
        Construct.REINSERT_BYPASSES_UPDATE_TRIGGER: True,
        Construct.INSERT_BYPASSES_UPDATE_TRIGGER: True,
        Construct.REPLACE_BYPASSES_UPDATE_TRIGGER: False,
        Construct.REPLACE_DELETES_CHILDREN: False,
        Construct.GUARD_COMPARING_VALUES_MISSES_NULL: True,
        Construct.TRIGGER_REFUSES_INSERT: True,
        Construct.UPDATE_OF_MISSES_OTHER_COLUMNS: False,
        Construct.DEFERRED_TRIGGERS: False,
        Construct.UPDATE_BYPASSES_INSERT_TRIGGER: True,
    },
    "SQL Server: GRANT Object Permissions": {Construct.COLUMN_GRANTS: True},
    "SQL Server: Create indexes with included columns": {
        Construct.INCLUDED_COLUMNS_DO_NOT_COUNT: True,
    },
    "SQL Server: uniqueidentifier": {
        Construct.UUID_TYPE_IGNORES_CASE: True,
    },
    "SQL Server: TRUNCATE TABLE": {
        Construct.TRUNCATE_OF_PARENT_REFUSED: True,
    },
    "SQL Server: CREATE VIEW": {
        Construct.VIEWS_TAKE_UPDATES: True,
    },
    "SQL Server: int, bigint, smallint, and tinyint": {
        Construct.INTEGER_REFUSES_FRACTION: False,
    },
    "SQL Server: bit": {
        Construct.BOOLEAN_REFUSES_OTHER_NUMBERS: False,
    },
}

COCKROACHDB: Pages = {
    "CockroachDB: Unique Constraint": {
        Construct.UNIQUE_REFUSES_DUPLICATES: True,
        Construct.UNIQUE_REFUSES_SECOND_NULL: False,
        Construct.WIDER_UNIQUE_REFUSES_DUPLICATES: False,
        Construct.NULLS_NOT_DISTINCT: False,
        Construct.CASE_INSENSITIVE_BY_DEFAULT: False,
        Construct.ACCENTS_IGNORED_BY_DEFAULT: False,
        Construct.TRAILING_SPACE_IGNORED: False,
        Construct.DEFERRABLE_UNIQUE: False,
    },
    "CockroachDB: Partial Indexes": {
        Construct.PARTIAL_UNIQUE: True,
        Construct.PARTIAL_UNIQUE_COUNTS_UNKNOWN: False,
    },
    "CockroachDB: Expression Indexes": {
        Construct.UNIQUE_ON_EXPRESSION: True,
        Construct.UNIQUE_PREFIX: False,
    },
    "CockroachDB: Computed Columns": {
        Construct.UNIQUE_ON_GENERATED_COLUMN: True,
        Construct.GENERATED_COLUMN_REFUSES_WRITES: True,
        Construct.GENERATED_COLUMN_FOLLOWS_BASE: True,
    },
    "CockroachDB: Primary Key Constraint": {
        Construct.PRIMARY_KEY_REFUSES_NULL_TEXT: True,
        Construct.PRIMARY_KEY_REFUSES_NULL_INT: True,
        Construct.PRIMARY_KEY_REFUSES_NULL_COMPOSITE: True,
        Construct.KEY_CAN_BE_REWRITTEN: True,
    },
    "CockroachDB: Not Null Constraint": {
        Construct.NOT_NULL_REFUSES_NULL: True,
        Construct.OMITTED_REQUIRED_REFUSED: True,
        Construct.EMPTY_STRING_PASSES_NOT_NULL: True,
    },
    "CockroachDB: Default Value Constraint": {
        Construct.DEFAULT_NOT_APPLIED_TO_EXPLICIT_NULL: True,
        Construct.DEFAULT_CAN_BE_OVERRIDDEN: True,
    },
    "CockroachDB: Foreign Key Constraint": {
        Construct.FOREIGN_KEY_REFUSES_ORPHAN: True,
        Construct.FOREIGN_KEYS_CHECKED_BY_DEFAULT: True,
        Construct.INLINE_REFERENCES_CHECKED: True,
        Construct.FOREIGN_KEY_PASSES_NULL: True,
        Construct.COMPOSITE_FOREIGN_KEY_REFUSES_PARTIAL_NULL: False,
        Construct.MATCH_FULL: True,
        Construct.FOREIGN_KEY_RESTRICTS_BY_DEFAULT: True,
        Construct.ON_UPDATE_CASCADE_REWRITES: True,
        Construct.SET_NULL_ON_NOT_NULL_REFUSED_IN_DDL: True,
        Construct.SET_NULL_ON_NOT_NULL_REFUSES_DELETE: False,
        Construct.SET_DEFAULT_ACTS: True,
        Construct.DEFERRABLE_FOREIGN_KEYS: False,
        Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED: True,
        Construct.FOREIGN_KEY_IGNORES_CASE: False,
        Construct.MATCH_PARTIAL: False,
        Construct.MATCH_FULL_PASSES_ALL_NULL: True,
        Construct.REFERENCES_WITHOUT_COLUMNS: True,
        Construct.SET_NULL_ACTS: True,
        Construct.ON_DELETE_CASCADE_DELETES: True,
    },
    "CockroachDB: ENUM": {
        Construct.NATIVE_ENUM: True,
        Construct.ENUM_REFUSES_UNKNOWN: True,
        Construct.ENUM_REFUSES_UNKNOWN_WHEN_IGNORING: True,
        Construct.ENUM_REFUSES_OTHER_CASE: True,
        Construct.ENUM_REFUSES_TRAILING_SPACE: True,
        Construct.ENUM_WITHOUT_DEFAULT_TAKES_FIRST: False,
    },
    "CockroachDB: CHECK Constraint": {
        Construct.CHECK_ENFORCED: True,
        Construct.CHECK_PASSES_NULL: True,
        Construct.CHECK_NULL_TERM_REFUSES_NULL: True,
        Construct.CHECK_REFUSES_OTHER_CASE: True,
        Construct.CHECK_REFUSES_TRAILING_SPACE: True,
        Construct.CHECK_TAKES_QUERIES: False,
    },
    "CockroachDB: Data Types": {
        Construct.VARCHAR_LENGTH_ENFORCED: True,
        Construct.INTEGER_REFUSES_TEXT: True,
        Construct.CHECK_REFUSES_TEXT_FOR_NUMBER: True,
        Construct.BOOLEAN_REFUSES_OTHER_NUMBERS: True,
        Construct.DATE_REFUSES_OTHER_TEXT: True,
        Construct.JSON_REFUSES_OTHER_TEXT: True,
        Construct.DECIMAL_REFUSES_OVERFLOW: True,
    },
    "CockroachDB: UPSERT": {
        Construct.REPLACE_BYPASSES_UPDATE_TRIGGER: False,
        Construct.REPLACE_DELETES_CHILDREN: False,
    },
    "CockroachDB: CREATE TABLE": {Construct.COLUMN_ON_UPDATE_NOW: True, Construct.EXCLUSION: False},
    "CockroachDB: PostgreSQL Compatibility": {
        Construct.COLUMN_GRANTS: False,
    },
    "CockroachDB: Triggers": {
        Construct.TRIGGER_REFUSES_INSERT: True,
        Construct.TRIGGER_REFUSES_UPDATE: True,
        Construct.TRIGGER_REFUSES_DELETE: True,
        Construct.TRUNCATE_TRIGGERS: False,
        Construct.REINSERT_BYPASSES_UPDATE_TRIGGER: True,
        Construct.INSERT_BYPASSES_UPDATE_TRIGGER: True,
        Construct.UPDATE_BYPASSES_INSERT_TRIGGER: True,
        Construct.GUARD_COMPARING_VALUES_MISSES_NULL: True,
        Construct.GUARD_COMPARING_VALUES_MISSES_CASE: False,
        Construct.GUARD_COMPARING_NULL_SAFELY_SEES_NULL: True,
    },
    "CockroachDB: Session Variables": {
        Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: True,
        Construct.SKIPPING_TRIGGER_LEAVES_ORPHANS: False,
    },
}

MONGODB: Pages = {
    "MongoDB: Unique Indexes": {
        Construct.UNIQUE_REFUSES_DUPLICATES: True,
        Construct.UNIQUE_REFUSES_SECOND_NULL: True,
        Construct.WIDER_UNIQUE_REFUSES_DUPLICATES: False,
        Construct.CASE_INSENSITIVE_BY_DEFAULT: False,
        Construct.ACCENTS_IGNORED_BY_DEFAULT: False,
        Construct.TRAILING_SPACE_IGNORED: False,
    },
    "MongoDB: Partial Indexes": {Construct.PARTIAL_UNIQUE: True},
    "MongoDB: Case-Insensitive Indexes": {
        Construct.CASE_INSENSITIVE_TYPE: True,
        Construct.CASE_INSENSITIVE_TYPE_NON_ASCII: True,
        Construct.CASE_SENSITIVE_COLLATION: True,
    },
    "MongoDB: Database References": {
        Construct.FOREIGN_KEY_REFUSES_ORPHAN: False,
        Construct.FOREIGN_KEYS_CHECKED_BY_DEFAULT: False,
        Construct.FOREIGN_KEY_RESTRICTS_BY_DEFAULT: False,
        Construct.MATCH_FULL: False,
        Construct.SET_DEFAULT_ACTS: False,
        Construct.DEFERRABLE_FOREIGN_KEYS: False,
    },
    # Without a validator, which neither Prisma nor SQLModel writes, any document is accepted.
    "MongoDB: Schema Validation": {
        Construct.NATIVE_ENUM: False,
        Construct.NOT_NULL_REFUSES_NULL: False,
        Construct.OMITTED_REQUIRED_REFUSED: False,
        Construct.CHECK_ENFORCED: False,
        Construct.INTEGER_REFUSES_TEXT: False,
        Construct.VARCHAR_LENGTH_ENFORCED: False,
        Construct.BOOLEAN_REFUSES_OTHER_NUMBERS: False,
    },
    "MongoDB: Database Triggers": {
        Construct.TRIGGER_REFUSES_UPDATE: False,
        Construct.TRIGGER_REFUSES_DELETE: False,
    },
    "MongoDB: Documents": {
        Construct.KEY_CAN_BE_REWRITTEN: False,
        Construct.PLAIN_KEY_CAN_BE_REWRITTEN: False,
    },
}

SQLSERVER_NOTES: dict[Construct, str] = {
    Construct.CASE_INSENSITIVE_BY_DEFAULT: "not under a _CS or _BIN2 collation",
    Construct.KEY_CAN_BE_REWRITTEN: "an identity column cannot be updated; other keys can",
    Construct.TRIGGER_REFUSES_UPDATE: "AFTER with ROLLBACK or THROW, or INSTEAD OF",
    Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: "the AFTER triggers; a table with INSTEAD OF "
    "triggers cannot have a cascading key",
    Construct.SET_NULL_ON_NOT_NULL_REFUSED_IN_DDL: "the page asks for nullable columns; Prisma's "
    "own tests see the DDL refused",
}

COCKROACHDB_NOTES: dict[Construct, str] = {
    Construct.SET_NULL_ON_NOT_NULL_REFUSED_IN_DDL: "the page says that the update would fail; the "
    "database's source refuses the key",
    Construct.TRIGGER_REFUSES_UPDATE: "triggers are a preview from version 24.3",
    Construct.TRIGGER_REFUSES_DELETE: "triggers are a preview from version 24.3",
    Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: "a BEFORE trigger that would change or skip "
    "the row is an error, unless unsafe_allow_triggers_modifying_cascades is on",
    Construct.DEFERRABLE_UNIQUE: "DEFERRABLE is a syntax error",
    Construct.DEFERRABLE_FOREIGN_KEYS: "DEFERRABLE is a syntax error",
}
