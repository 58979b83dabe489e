"""What was read in the databases' documentation and not seen in a case, by its page.

What stands here for SQLite, PostgreSQL and MariaDB was asked of them as well.
"""

from __future__ import annotations

from schemalint.dialects.construct import Capability, Construct
from schemalint.dialects.documented_mysql import MYSQL, MYSQL_NOTES, Pages
from schemalint.dialects.documented_servers import (
    COCKROACHDB,
    COCKROACHDB_NOTES,
    MONGODB,
    SQLSERVER,
    SQLSERVER_NOTES,
)
from schemalint.model import Dialect

_SQLITE: Pages = {
    "SQLite: CREATE TABLE": {
        Construct.UNIQUE_PREFIX: False,
        Construct.EXCLUSION: False,
        Construct.COLUMN_ON_UPDATE_NOW: False,
        Construct.IDENTITY_ALWAYS_REFUSES_VALUE: False,
        Construct.INCLUDED_COLUMNS_DO_NOT_COUNT: False,
        Construct.SET_TYPE_STORES_SEVERAL: False,
        Construct.CHECK_TAKES_AUTO_INCREMENT: True,
        Construct.CASE_SENSITIVE_COLLATION: True,
    },
    "SQLite: SQL Features That SQLite Does Not Implement": {Construct.COLUMN_GRANTS: False},
    "SQLite: CREATE TRIGGER": {
        Construct.TRUNCATE_TRIGGERS: False,
        Construct.DEFERRED_TRIGGERS: False,
    },
    "SQLite: ALTER TABLE": {
        Construct.NOT_VALID_SPARES_STORED_ROWS: False,
    },
    "SQLite: The ON CONFLICT Clause": {
        Construct.IGNORE_STORES_SUBSTITUTES: False,
    },
}

_POSTGRESQL: Pages = {
    "PostgreSQL: CREATE INDEX": {
        Construct.UNIQUE_PREFIX: False,
        Construct.INDEX_COLLATION_DECIDES: True,
    },
    "PostgreSQL: Enumerated Types": {
        Construct.ENUM_REFUSES_UNKNOWN_WHEN_IGNORING: True,
        Construct.ENUM_TAKES_INDEX_NUMBERS: False,
    },
    "PostgreSQL: CREATE TABLE": {
        Construct.ENUM_WITHOUT_DEFAULT_TAKES_FIRST: False,
        Construct.COLUMN_ON_UPDATE_NOW: False,
        Construct.SET_TYPE_STORES_SEVERAL: False,
        Construct.ON_CONFLICT_CLAUSE_IN_CONSTRAINTS: False,
        Construct.CHECK_TAKES_AUTO_INCREMENT: True,
        Construct.AUTO_INCREMENT_FILLS_NULL: False,
    },
    # There is no REPLACE, and INSERT ... ON CONFLICT is an UPDATE to triggers (case I11).
    "PostgreSQL: INSERT": {
        Construct.REPLACE_BYPASSES_UPDATE_TRIGGER: False,
        Construct.REPLACE_DELETES_CHILDREN: False,
        Construct.IGNORE_STORES_SUBSTITUTES: False,
    },
    "PostgreSQL: Numeric Types": {Construct.UNSIGNED_REFUSES_NEGATIVE: False},
    "PostgreSQL: Collation Support": {
        Construct.CASE_SENSITIVE_COLLATION: True,
    },
    "PostgreSQL: Overview of Trigger Behavior": {
        Construct.TRIGGER_REFUSES_INSERT: True,
        Construct.UPDATE_BYPASSES_INSERT_TRIGGER: True,
        Construct.TRIGGERS_FIRE_ON_CHANGES_BY_TRIGGERS: True,
    },
    "PostgreSQL: Date/Time Types": {
        Construct.DATES_COMPARE_AS_TEXT: False,
    },
}

_MARIADB: Pages = {
    "MariaDB: CREATE TABLE": {
        Construct.EXCLUSION: False,
        Construct.IDENTITY_ALWAYS_REFUSES_VALUE: False,
        Construct.ON_CONFLICT_CLAUSE_IN_CONSTRAINTS: False,
    },
    "MariaDB: CREATE TRIGGER": {
        Construct.TRUNCATE_TRIGGERS: False,
        Construct.UPDATE_OF_MISSES_OTHER_COLUMNS: False,
        Construct.DEFERRED_TRIGGERS: False,
    },
    "MariaDB: CREATE INDEX": {
        Construct.INDEX_COLLATION_DECIDES: False,
        Construct.INCLUDED_COLUMNS_DO_NOT_COUNT: False,
    },
    "MariaDB: ALTER TABLE": {
        Construct.NOT_VALID_SPARES_STORED_ROWS: False,
    },
    "MariaDB: TRUNCATE TABLE": {
        Construct.TRUNCATE_CASCADE: False,
    },
    "MariaDB: LOWER": {
        Construct.UNIQUE_LOWER_NON_ASCII: True,
    },
    "MariaDB: LENGTH": {
        Construct.LENGTH_STOPS_AT_ZERO_BYTE: False,
    },
    "MariaDB: Trigger Overview": {
        Construct.TRIGGERS_FIRE_ON_CHANGES_BY_TRIGGERS: True,
    },
}

_POSTGRESQL_NOTES = {
    Construct.INDEX_COLLATION_DECIDES: "where that collation is nondeterministic",
}

_NO_NOTES: dict[Construct, str] = {}

DOCUMENTED: dict[tuple[Dialect, Construct], Capability] = {
    (dialect, construct): Capability(holds, documented=page, note=notes.get(construct, ""))
    for dialect, pages, notes in (
        (Dialect.SQLITE, _SQLITE, _NO_NOTES),
        (Dialect.POSTGRESQL, _POSTGRESQL, _POSTGRESQL_NOTES),
        (Dialect.MARIADB, _MARIADB, _NO_NOTES),
        (Dialect.MYSQL, MYSQL, MYSQL_NOTES),
        (Dialect.SQLSERVER, SQLSERVER, SQLSERVER_NOTES),
        (Dialect.COCKROACHDB, COCKROACHDB, COCKROACHDB_NOTES),
        (Dialect.MONGODB, MONGODB, _NO_NOTES),
    )
    for page, answers in pages.items()
    for construct, holds in answers.items()
}
