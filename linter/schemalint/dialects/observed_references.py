"""What was seen of foreign keys; on SQLite with its pragma on, save where a row is about that."""

from __future__ import annotations

from schemalint.dialects.construct import Construct
from schemalint.dialects.observation import (
    ACCEPTED,
    DDL_REFUSED,
    NEVER_STORED,
    REFUSED,
    Seen,
    seen,
)

REFERENCES: tuple[Seen, ...] = (
    seen(
        Construct.FOREIGN_KEY_REFUSES_ORPHAN,
        REFUSED,
        "+++",
        "F01b F01c F02b F06d F19b F34 E06 E06c E09d",
    ),
    seen(
        Construct.FOREIGN_KEYS_CHECKED_BY_DEFAULT,
        REFUSED,
        "-++",
        sqlite="F04 F04c",
        postgresql="F01b",
        mariadb="F01b",
        note="SQLite: only on connections that run PRAGMA foreign_keys = ON, outside a transaction "
        "(case F04c)",
    ),
    seen(Construct.INLINE_REFERENCES_CHECKED, REFUSED, "+++", "F04d"),
    seen(Construct.REFERENCES_WITHOUT_COLUMNS, REFUSED, "++-", "F04g"),
    seen(
        Construct.OTHER_ENGINES_IGNORE_FOREIGN_KEYS,
        ACCEPTED,
        "..+",
        "F04e",
        note="MyISAM and Aria; a key from InnoDB to such a table cannot be created (case F04f)",
    ),
    seen(Construct.FOREIGN_KEY_PASSES_NULL, ACCEPTED, "+++", "F02 E06d"),
    seen(Construct.COMPOSITE_FOREIGN_KEY_REFUSES_PARTIAL_NULL, REFUSED, "---", "F06 F19c"),
    seen(
        Construct.MATCH_FULL,
        REFUSED,
        "-+-",
        "F06b",
        note="SQLite and MariaDB read MATCH FULL and do not act on it",
    ),
    seen(Construct.MATCH_FULL_PASSES_ALL_NULL, ACCEPTED, "+++", "F06c"),
    seen(Construct.MATCH_PARTIAL, REFUSED, "---", "F06e"),
    seen(Construct.FOREIGN_KEY_DEMANDS_CHILD, REFUSED, "---", "F13c F14"),
    seen(Construct.FOREIGN_KEY_REFUSES_CYCLES, REFUSED, "---", "F17 F17c"),
    seen(Construct.NOT_NULL_CYCLE_REFUSES_FIRST_ROW, REFUSED, "+++", "F09b"),
    seen(Construct.FOREIGN_KEY_IGNORES_CASE, ACCEPTED, "--+", "F11f"),
    seen(Construct.FOREIGN_KEY_IGNORES_TRAILING_SPACE, ACCEPTED, "--+", "F11g"),
    seen(
        Construct.FOREIGN_KEY_FOLLOWS_PARENT_COLLATION,
        ACCEPTED,
        "+..",
        "F11h",
        note="SQLite: a parent COLLATE NOCASE",
    ),
    seen(Construct.DEFERRABLE_FOREIGN_KEYS, ACCEPTED, "++.", "F12 F14c X03b"),
    seen(Construct.DEFERRABLE_FOREIGN_KEYS, ACCEPTED, "..-", "F12"),
    seen(Construct.NOT_VALID_SPARES_STORED_ROWS, ACCEPTED, ".+.", "F26 E13d"),
    seen(
        Construct.NOT_VALID_REFUSES_NEW_ROWS,
        REFUSED,
        ".+.",
        "F26b E13c",
        note="a stored row that violates a CHECK cannot be changed at all; one that violates a "
        "foreign key can (case F26)",
    ),
)

TARGETS: tuple[Seen, ...] = (
    seen(
        Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED,
        NEVER_STORED,
        "++-",
        "F05b F05e",
        sqlite="F05d",
        postgresql="F05d",
        mariadb="F05c",
        note="SQLite: the DDL is accepted, every write of a child then fails. MariaDB: deleting "
        "one of several such parents cascades (case F05c)",
    ),
    seen(Construct.FOREIGN_KEY_TO_UNINDEXED_REFUSED, NEVER_STORED, "+++", "F05"),
    seen(
        Construct.FOREIGN_KEY_TO_NOTHING_REFUSED_IN_DDL,
        DDL_REFUSED,
        "-++",
        "F21 F21b F21c",
        note="SQLite: every write of a child then fails",
    ),
    seen(Construct.FOREIGN_KEY_BETWEEN_TYPES_REFUSED_IN_DDL, DDL_REFUSED, "-++", "F11 F11b"),
    seen(Construct.FOREIGN_KEY_BETWEEN_INTEGER_SIZES, ACCEPTED, "++-", "F11c", mariadb="F11i"),
    seen(Construct.FOREIGN_KEY_BETWEEN_TEXT_LENGTHS, ACCEPTED, "+++", "F11d"),
    seen(Construct.FOREIGN_KEY_BETWEEN_COLLATIONS, ACCEPTED, "++-", "F11e"),
)

ACTIONS: tuple[Seen, ...] = (
    seen(Construct.FOREIGN_KEY_RESTRICTS_BY_DEFAULT, REFUSED, "+++", "F01d F10b"),
    seen(Construct.RESTRICT_CANNOT_BE_DEFERRED, REFUSED, "++.", "X03"),
    seen(
        Construct.ON_DELETE_CASCADE_DELETES,
        ACCEPTED,
        "+++",
        "F09 I05c F32 F32b",
        note="also past a RESTRICT on another path, where the row that restricts goes too "
        "(case F32)",
    ),
    seen(Construct.SELF_REFERENCING_DELETE_IS_LIMITED, REFUSED, "--+", "F28"),
    seen(Construct.ON_UPDATE_CASCADE_REWRITES, ACCEPTED, "+++", "F10"),
    seen(Construct.ON_UPDATE_CASCADE_WITHIN_TABLE, ACCEPTED, "++-", "F29"),
    seen(Construct.SET_NULL_ACTS, ACCEPTED, "+++", "F07c"),
    seen(
        Construct.SET_NULL_ON_NOT_NULL_REFUSED_IN_DDL,
        DDL_REFUSED,
        "--+",
        "F07 F07d X08",
        mariadb="F07b",
    ),
    seen(Construct.SET_NULL_ON_NOT_NULL_REFUSES_DELETE, REFUSED, "++-", "F07 F07d X08"),
    seen(Construct.SET_NULL_OF_SOME_COLUMNS, ACCEPTED, "-+-", "F07e"),
    seen(Construct.SET_DEFAULT_ACTS, ACCEPTED, "++-", "F08 F08c", note="MariaDB: acts as RESTRICT"),
    seen(Construct.SET_DEFAULT_NEEDS_THE_DEFAULT_PARENT, REFUSED, "++.", "F08b"),
    seen(Construct.REPLACE_DELETES_CHILDREN, ACCEPTED, "+.+", "F27"),
    seen(Construct.REPLACE_REFUSED_BY_RESTRICT, REFUSED, "+.+", "F27b"),
    seen(Construct.REPLACE_REFUSED_BY_NO_ACTION, REFUSED, "-.+", "F27c"),
    seen(Construct.TRUNCATE_OF_PARENT_REFUSED, REFUSED, ".++", "F24"),
    seen(Construct.TRUNCATE_CASCADE, ACCEPTED, ".+.", "F24b"),
)
