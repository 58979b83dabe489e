"""What was seen of triggers, and of the ways round them."""

from __future__ import annotations

from schemalint.dialects.construct import Construct
from schemalint.dialects.observation import ACCEPTED, DDL_REFUSED, REFUSED, Seen, seen

GUARDS: tuple[Seen, ...] = (
    seen(
        Construct.TRIGGER_REFUSES_UPDATE,
        REFUSED,
        "+++",
        "I02 I02b I11 I12b I13f I32 E10 E10e E10f2",
        sqlite="I19",
        postgresql="I11b I28c E10h",
        mariadb="I19 I28c E10h",
        note="also by upsert, MERGE, UPDATE IGNORE and through a view, and where nothing changes",
    ),
    seen(Construct.TRIGGER_REFUSES_DELETE, REFUSED, "+++", "I06b"),
    seen(Construct.TRIGGER_REFUSES_INSERT, REFUSED, "+.+", "I19b"),
    seen(Construct.NON_RAISING_TRIGGER_REFUSES, REFUSED, ".--", "I23", postgresql="I16 X10"),
    seen(
        Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS,
        REFUSED,
        "++-",
        "I03 I03b I04 I05 I05b I12f X11",
        sqlite="I04b",
        postgresql="I04b I22d",
    ),
    seen(
        Construct.SKIPPING_TRIGGER_LEAVES_ORPHANS, ACCEPTED, "-+.", "I15b I15c", postgresql="I15d"
    ),
    seen(Construct.TRIGGERS_FIRE_ON_CHANGES_BY_TRIGGERS, REFUSED, "+..", "X12 X12b"),
    seen(Construct.DEFERRED_TRIGGERS, REFUSED, ".+.", "F14e"),
    seen(Construct.COLUMN_GRANTS, REFUSED, ".++", "I07f"),
    seen(Construct.VIEWS_TAKE_UPDATES, ACCEPTED, "-++", "I28b"),
)

WAYS_ROUND: tuple[Seen, ...] = (
    seen(Construct.REPLACE_BYPASSES_UPDATE_TRIGGER, ACCEPTED, "+.+", "I10 E10d"),
    seen(
        Construct.REPLACE_FIRES_DELETE_TRIGGER,
        REFUSED,
        "-.+",
        "I10b I10e",
        sqlite="I10d",
        note="SQLite: only with PRAGMA recursive_triggers = ON (case I10c)",
    ),
    seen(Construct.INSERT_TRIGGER_STOPS_REPLACE, REFUSED, "+..", "I10f"),
    seen(
        Construct.TRUNCATE_FIRES_DELETE_TRIGGER,
        REFUSED,
        "+--",
        "I09",
        note="SQLite has no TRUNCATE: emptying a table is DELETE there",
    ),
    seen(Construct.TRUNCATE_TRIGGERS, REFUSED, ".+.", "I09b"),
    seen(Construct.REINSERT_BYPASSES_UPDATE_TRIGGER, ACCEPTED, "+++", "I06 E10c"),
    seen(Construct.INSERT_BYPASSES_UPDATE_TRIGGER, ACCEPTED, "+++", "E10b"),
    seen(Construct.UPDATE_BYPASSES_INSERT_TRIGGER, ACCEPTED, "+.+", "E25"),
    seen(Construct.UPDATE_OF_MISSES_OTHER_COLUMNS, ACCEPTED, "++.", "I12", sqlite="E10h"),
    seen(Construct.UPDATE_OF_UNKNOWN_COLUMN_REFUSED_IN_DDL, DDL_REFUSED, "-+.", "I12g"),
    seen(Construct.LATER_TRIGGER_EVADES_GUARD, ACCEPTED, ".+.", "I12c I12d"),
    seen(Construct.GUARD_COMPARING_VALUES_MISSES_NULL, ACCEPTED, "+++", "I13 I13b E10f E10g"),
    seen(Construct.GUARD_COMPARING_NULL_SAFELY_SEES_NULL, REFUSED, "+++", "I13c"),
    seen(Construct.GUARD_COMPARING_VALUES_MISSES_CASE, ACCEPTED, "--+", "I13d I13e"),
    seen(Construct.GUARD_OF_NEW_VALUE_CAN_BE_EVADED, ACCEPTED, "+++", "I29"),
)
