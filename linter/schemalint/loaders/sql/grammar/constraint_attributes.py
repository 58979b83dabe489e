"""What is said behind a constraint: when it is checked, whether it is, what a conflict does."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import Deferrable, OnConflict
from schemalint.loaders.sql.cursor import Cursor
from schemalint.model import Dialect


class ConstraintAttributes(msgspec.Struct, frozen=True, gc=False):
    """What stands behind one constraint."""

    deferrable: Deferrable | None = None
    enforced: bool = True
    validated: bool = True
    inherited: bool = True
    on_conflict: OnConflict | None = None


_NONE = ConstraintAttributes()
_STARTING = ("DEFERRABLE", "NOT", "INITIALLY", "ENFORCED", "NO", "ON")
# Words that say nothing about which rows pass from now on.
_NEUTRAL = (
    ("NOT", "FOR", "REPLICATION"),
    ("ENFORCED",),
    ("INITIALLY", "IMMEDIATE"),
)


_NAMING = (("WITH", "PARSER"), ("USING", "INDEX", "TABLESPACE"), ("TABLESPACE",))


def read_on_conflict(cursor: Cursor) -> OnConflict | None:
    """SQLite's ON CONFLICT; None where it refuses the row, as every other database does."""
    if not cursor.accept("ON", "CONFLICT"):
        return None
    if cursor.accept("REPLACE"):
        return "replace"
    if cursor.accept("IGNORE"):
        return "ignore"
    if not cursor.at_any("ROLLBACK", "ABORT", "FAIL"):
        raise cursor.unexpected("what a conflict does")
    cursor.next()
    return None


def read_attributes(cursor: Cursor, *, of_key: bool = False) -> ConstraintAttributes:
    """DEFERRABLE, INITIALLY, [NOT] ENFORCED, NOT VALID, ON CONFLICT and the like, in any order.

    In SQLite only ON CONFLICT: there DEFERRABLE belongs to a foreign key, wherever it stands.
    """
    if cursor.dialect is Dialect.SQLITE and not of_key:
        return ConstraintAttributes(on_conflict=read_on_conflict(cursor))
    if not cursor.at_any(*_STARTING):
        return _NONE
    deferrable: bool | None = None
    deferred = False
    enforced = validated = inherited = True
    on_conflict: OnConflict | None = None
    while True:
        if cursor.accept("DEFERRABLE"):
            deferrable = True
        elif cursor.accept("NOT", "DEFERRABLE"):
            deferrable = False
        elif cursor.accept("INITIALLY", "DEFERRED"):
            deferred = True
        elif cursor.accept("NOT", "ENFORCED"):
            enforced = False
        elif cursor.accept("NOT", "VALID"):
            validated = False
        elif cursor.accept("NO", "INHERIT"):
            inherited = False
        elif cursor.at("ON", "CONFLICT"):
            on_conflict = read_on_conflict(cursor)
        elif not any(cursor.accept(*words) for words in _NEUTRAL):
            break
    moment: Deferrable | None = None
    # SQLite takes DEFERRABLE without INITIALLY DEFERRED for immediate, PostgreSQL too.
    if deferred and deferrable is not False:
        moment = "deferred"
    elif deferrable:
        moment = "immediate"
    return ConstraintAttributes(
        deferrable=moment,
        enforced=enforced,
        validated=validated,
        inherited=inherited,
        on_conflict=on_conflict,
    )


def skip_index_options(cursor: Cursor) -> str | None:
    """Step over what is said of a key's index; its kind in lower case where USING names one."""
    using = None
    while cursor.peek().kind == "word":
        if cursor.at("USING") and not cursor.at("USING", "INDEX"):
            cursor.next()
            using = cursor.name().text.lower()
        elif cursor.at_any("CLUSTERED", "NONCLUSTERED", "VISIBLE", "INVISIBLE"):
            cursor.next()
        elif cursor.at_any("IGNORED") or cursor.at("NOT", "IGNORED"):
            cursor.accept("NOT")
            cursor.next()
        elif cursor.at_any("INCLUDE", "STORING", "WITH") and cursor.peek(1).text == "(":
            cursor.next()
            cursor.skip_brackets()
        elif any(cursor.accept(*words) for words in _NAMING):
            cursor.name()
        elif cursor.at("COMMENT") and cursor.peek(1).kind == "string":
            cursor.at_token += 2
        elif cursor.at_any(
            "KEY_BLOCK_SIZE", "ALGORITHM", "LOCK", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"
        ):
            cursor.next()
            cursor.accept("=")
            cursor.next()
        elif cursor.dialect is not Dialect.SQLSERVER or not _skip_transact_option(cursor):
            break
    return using


def _skip_transact_option(cursor: Cursor) -> bool:
    """Step over ON filegroup or WITH option = value, SQL Server's; whether one of them is there."""
    if cursor.accept("ON"):
        cursor.name()
        if cursor.at("("):
            cursor.skip_brackets()
        return True
    if not cursor.at("WITH") or cursor.peek(2).text != "=":
        return False
    cursor.at_token += 4
    while cursor.at(",") and cursor.peek(2).text == "=":
        cursor.at_token += 4
    return True
