"""What MySQL's documentation says, by its page.

MySQL is 8.0, in strict mode, InnoDB, utf8mb4 with its default collation; the notes say what later
versions do otherwise.
"""

from __future__ import annotations

from schemalint.dialects.construct import Construct

Pages = dict[str, dict[Construct, bool]]

MYSQL: Pages = {
    "MySQL 8.0: CREATE INDEX Statement": {
        Construct.UNIQUE_REFUSES_DUPLICATES: True,
        Construct.UNIQUE_REFUSES_SECOND_NULL: False,
        Construct.WIDER_UNIQUE_REFUSES_DUPLICATES: False,
        Construct.NULLS_NOT_DISTINCT: False,
        Construct.PARTIAL_UNIQUE: False,
        Construct.UNIQUE_ON_EXPRESSION: True,
        Construct.UNIQUE_PREFIX: True,
        Construct.UNKNOWN_QUOTED_NAME_IS_A_STRING: False,
    },
    "MySQL 8.0: CREATE TABLE and Generated Columns": {
        Construct.UNIQUE_ON_GENERATED_COLUMN: True,
        Construct.GENERATED_COLUMN_REFUSES_WRITES: True,
        Construct.GENERATED_COLUMN_FOLLOWS_BASE: True,
        Construct.VIRTUAL_GENERATED_COLUMNS: True,
    },
    "MySQL 8.0: Unicode Character Sets": {
        Construct.UNIQUE_LOWER_NON_ASCII: True,
        Construct.CASE_INSENSITIVE_BY_DEFAULT: True,
        Construct.CASE_INSENSITIVE_TYPE: True,
        Construct.CASE_INSENSITIVE_TYPE_NON_ASCII: True,
        Construct.ACCENTS_IGNORED_BY_DEFAULT: True,
        Construct.FOREIGN_KEY_IGNORES_CASE: True,
        Construct.CHECK_REFUSES_OTHER_CASE: False,
        Construct.GUARD_COMPARING_VALUES_MISSES_CASE: True,
        Construct.LIKE_IGNORES_CASE: True,
        Construct.CASE_SENSITIVE_COLLATION: True,
        Construct.CHECK_FOLLOWS_COLLATION: True,
        Construct.REGULAR_EXPRESSION_IGNORES_CASE: True,
        Construct.UUID_TYPE_IGNORES_CASE: False,
    },
    # utf8mb4_0900_ai_ci, the default, is NO PAD; the older utf8mb4_unicode_ci, which Prisma's
    # migrations name, ignores trailing space: so there is no one answer for TRAILING_SPACE_IGNORED.
    "MySQL 8.0: The CHAR and VARCHAR Types": {
        Construct.TRAILING_SPACE_IGNORED_IN_CHAR: True,
        Construct.VARCHAR_LENGTH_ENFORCED: True,
    },
    "MySQL 8.0: CREATE TABLE Statement": {
        Construct.PRIMARY_KEY_REFUSES_NULL_TEXT: True,
        Construct.PRIMARY_KEY_REFUSES_NULL_INT: True,
        Construct.PRIMARY_KEY_REFUSES_NULL_COMPOSITE: True,
        Construct.KEY_CAN_BE_REWRITTEN: True,
        Construct.DEFERRABLE_UNIQUE: False,
        Construct.EXCLUSION: False,
        Construct.IDENTITY_ALWAYS_REFUSES_VALUE: False,
    },
    "MySQL 8.0: Data Type Default Values": {
        Construct.NOT_NULL_REFUSES_NULL: True,
        Construct.OMITTED_REQUIRED_REFUSED: True,
        Construct.DEFAULT_NOT_APPLIED_TO_EXPLICIT_NULL: True,
        Construct.DEFAULT_CAN_BE_OVERRIDDEN: True,
    },
    "MySQL 8.0: Problems with NULL Values": {Construct.EMPTY_STRING_PASSES_NOT_NULL: True},
    "MySQL 8.0: FOREIGN KEY Constraints": {
        Construct.FOREIGN_KEY_REFUSES_ORPHAN: True,
        Construct.FOREIGN_KEYS_CHECKED_BY_DEFAULT: True,
        Construct.INLINE_REFERENCES_CHECKED: False,
        Construct.FOREIGN_KEY_PASSES_NULL: True,
        Construct.COMPOSITE_FOREIGN_KEY_REFUSES_PARTIAL_NULL: False,
        Construct.MATCH_FULL: False,
        Construct.FOREIGN_KEY_RESTRICTS_BY_DEFAULT: True,
        Construct.ON_UPDATE_CASCADE_REWRITES: True,
        Construct.SET_NULL_ON_NOT_NULL_REFUSED_IN_DDL: True,
        Construct.SET_NULL_ON_NOT_NULL_REFUSES_DELETE: False,
        Construct.SET_NULL_OF_SOME_COLUMNS: False,
        Construct.SET_DEFAULT_ACTS: False,
        Construct.DEFERRABLE_FOREIGN_KEYS: False,
        Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED: False,
        Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: False,
        Construct.MATCH_PARTIAL: False,
        Construct.SET_NULL_ACTS: True,
        Construct.ON_DELETE_CASCADE_DELETES: True,
        Construct.FOREIGN_KEY_TO_UNINDEXED_REFUSED: True,
        Construct.FOREIGN_KEY_BETWEEN_INTEGER_SIZES: False,
        Construct.FOREIGN_KEY_BETWEEN_TEXT_LENGTHS: True,
        Construct.FOREIGN_KEY_BETWEEN_COLLATIONS: False,
        Construct.FOREIGN_KEY_BETWEEN_TYPES_REFUSED_IN_DDL: True,
        Construct.OTHER_ENGINES_IGNORE_FOREIGN_KEYS: True,
        Construct.FOREIGN_KEY_TO_NOTHING_REFUSED_IN_DDL: True,
    },
    "MySQL 8.0: The ENUM Type": {
        Construct.NATIVE_ENUM: True,
        Construct.ENUM_REFUSES_UNKNOWN: True,
        Construct.ENUM_REFUSES_UNKNOWN_WHEN_IGNORING: False,
        Construct.ENUM_REFUSES_OTHER_CASE: False,
        Construct.ENUM_REFUSES_TRAILING_SPACE: False,
        Construct.ENUM_TAKES_INDEX_NUMBERS: True,
        Construct.ENUM_WITHOUT_DEFAULT_TAKES_FIRST: True,
    },
    "MySQL 8.0: CHECK Constraints": {
        Construct.CHECK_ENFORCED: True,
        Construct.CHECK_PASSES_NULL: True,
        Construct.CHECK_NULL_TERM_REFUSES_NULL: True,
        Construct.CHECK_IN_LIST_WITH_NULL_REFUSES: False,
        Construct.CHECK_TAKES_QUERIES: False,
        Construct.NOT_ENFORCED_EXISTS: True,
        Construct.CHECK_TAKES_AUTO_INCREMENT: False,
        Construct.CHECK_TAKES_CURRENT_TIME: False,
        Construct.CHECK_TAKES_NOW: False,
        Construct.CHECK_TAKES_REGULAR_EXPRESSIONS: True,
        Construct.CHECK_TAKES_COLUMN_OF_FOREIGN_KEY_ACTION: False,
    },
    "MySQL 8.0: Server SQL Modes": {
        Construct.CHECK_REFUSES_TEXT_FOR_NUMBER: True,
        Construct.INTEGER_REFUSES_TEXT: True,
        Construct.INTEGER_REFUSES_OVERFLOW: True,
        Construct.UNSIGNED_REFUSES_NEGATIVE: True,
        Construct.DECIMAL_REFUSES_OVERFLOW: True,
        Construct.DATE_REFUSES_OTHER_TEXT: True,
        Construct.IGNORE_STORES_SUBSTITUTES: True,
        Construct.DATE_REFUSES_ZERO: True,
        Construct.BOOLEAN_REFUSES_TEXT: True,
    },
    "MySQL 8.0: Numeric Data Type Syntax": {
        Construct.BOOLEAN_REFUSES_OTHER_NUMBERS: False,
        Construct.INTEGER_REFUSES_FRACTION: False,
        Construct.DECIMAL_ROUNDS_OR_KEEPS: True,
        Construct.NAN_PASSES_NUMERIC_CHECK: False,
    },
    "MySQL 8.0: The JSON Data Type": {
        Construct.JSON_REFUSES_OTHER_TEXT: True,
        Construct.JSON_NULL_PASSES_NOT_NULL: True,
    },
    "MySQL 8.0: CREATE TRIGGER Statement": {
        Construct.TRIGGER_REFUSES_UPDATE: True,
        Construct.TRIGGER_REFUSES_DELETE: True,
        Construct.TRUNCATE_TRIGGERS: False,
        Construct.REINSERT_BYPASSES_UPDATE_TRIGGER: True,
        Construct.INSERT_BYPASSES_UPDATE_TRIGGER: True,
        Construct.GUARD_COMPARING_VALUES_MISSES_NULL: True,
        Construct.TRIGGER_REFUSES_INSERT: True,
        Construct.UPDATE_OF_MISSES_OTHER_COLUMNS: False,
        Construct.DEFERRED_TRIGGERS: False,
        Construct.UPDATE_BYPASSES_INSERT_TRIGGER: True,
    },
    "MySQL 8.0: REPLACE Statement": {
        Construct.REPLACE_BYPASSES_UPDATE_TRIGGER: True,
        Construct.REPLACE_FIRES_DELETE_TRIGGER: True,
        Construct.REPLACE_DELETES_CHILDREN: True,
    },
    "MySQL 8.0: TRUNCATE TABLE Statement": {
        Construct.TRUNCATE_FIRES_DELETE_TRIGGER: False,
        Construct.TRUNCATE_OF_PARENT_REFUSED: True,
    },
    "MySQL 8.0: GRANT Statement": {Construct.COLUMN_GRANTS: True},
    "MySQL 8.0: Automatic Initialization and Updating for TIMESTAMP and DATETIME": {
        Construct.COLUMN_ON_UPDATE_NOW: True
    },
    "MySQL 8.0: FOREIGN KEY Constraint Differences": {
        Construct.UNIQUE_CHECKED_ROW_BY_ROW: True,
        Construct.ON_UPDATE_CASCADE_WITHIN_TABLE: False,
        Construct.SELF_REFERENCING_DELETE_IS_LIMITED: True,
    },
    "MySQL 8.0: String Literals": {
        Construct.DOUBLE_QUOTES_HOLD_TEXT: True,
        Construct.DOUBLE_QUOTED_TEXT_CAN_BE_A_COLUMN: False,
    },
    "MySQL 8.0: String Functions and Operators": {
        Construct.LENGTH_COUNTS_BYTES: True,
    },
    "MySQL 8.0: The SET Type": {
        Construct.SET_TYPE_STORES_SEVERAL: True,
    },
    "MySQL 8.0: Using AUTO_INCREMENT": {
        Construct.AUTO_INCREMENT_FILLS_NULL: True,
    },
    "MySQL 8.0: Updatable and Insertable Views": {
        Construct.VIEWS_TAKE_UPDATES: True,
    },
}

MYSQL_NOTES: dict[Construct, str] = {
    Construct.UNIQUE_ON_EXPRESSION: "functional key parts, from 8.0.13",
    Construct.CHECK_ENFORCED: "from 8.0.16; read and ignored before",
    Construct.INLINE_REFERENCES_CHECKED: "ignored before version 9.0, which checks them",
    Construct.MATCH_FULL: "an explicit MATCH makes InnoDB ignore ON DELETE and ON UPDATE",
    Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: "from version 9.7 they do where "
    "enable_cascade_triggers is turned on",
    Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS: "from version 9.7 they do where "
    "enable_cascade_triggers is turned on",
    Construct.SET_DEFAULT_ACTS: "InnoDB refuses to create such a table",
    Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED: "refused by default from version 8.4, where "
    "restrict_fk_on_non_standard_key is on",
    Construct.DOUBLE_QUOTED_TEXT_CAN_BE_A_COLUMN: "unless sql_mode has ANSI_QUOTES",
    Construct.LENGTH_COUNTS_BYTES: "char_length() counts characters",
    Construct.CASE_SENSITIVE_COLLATION: "the _cs, _as_cs and _bin collations",
    Construct.OTHER_ENGINES_IGNORE_FOREIGN_KEYS: "such as MyISAM; InnoDB and NDB check them",
}
