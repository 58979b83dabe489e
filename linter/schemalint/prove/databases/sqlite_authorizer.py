"""What a schema and its writers may do in a throwaway SQLite database.

SQLite asks while it prepares a statement, and so also for the bodies of the triggers that the
statement would fire. What is meant for files, for other databases or for the library itself is
denied, and everything else is SQLite's business.
"""

from __future__ import annotations

import sqlite3

from schemalint.loaders.sql.lexer import words

_READING = words(
    "application_id collation_list compile_options data_version database_list encoding"
    " foreign_key_check foreign_key_list freelist_count function_list index_info index_list"
    " index_xinfo integrity_check module_list page_count page_size pragma_list quick_check"
    " table_info table_list table_xinfo user_version"
)
# Settings of their connection that are a writer's own choice.
_WRITING = words("defer_foreign_keys recursive_triggers")
# What migrations set. Most of it means nothing to a connection in memory, and none of it outlasts
# the build.
_BUILDING = words(
    "analysis_limit auto_vacuum automatic_index busy_timeout cache_size cache_spill"
    " case_sensitive_like checkpoint_fullfsync foreign_keys fullfsync ignore_check_constraints"
    " incremental_vacuum journal_mode journal_size_limit legacy_alter_table legacy_file_format"
    " locking_mode mmap_size optimize read_uncommitted reverse_unordered_selects"
    " secure_delete shrink_memory synchronous threads wal_autocheckpoint wal_checkpoint"
)

_FUNCTIONS = words("load_extension readfile writefile writecrash edit fsdir fts3_tokenizer")
_MODULES = words("fts3 fts4 fts4aux fts5 fts5vocab rtree rtree_i32 geopoly")


class Authorizer:
    """Answers for one connection.

    Args:
        builds: whether the connection makes the schema; if not, it is a writer's.

    Attributes:
        controls: True while the transaction is begun or ended by whoever owns the connection.
        denied: what the last denied statement does, for people, as in `since it ...`.
    """

    def __init__(self, *, builds: bool) -> None:
        self._builds = builds
        self.controls = False
        self.denied: str | None = None

    def __call__(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        trigger: str | None,
    ) -> int:
        reason = self._objection(action, first, second)
        if reason is None:
            return sqlite3.SQLITE_OK
        self.denied = reason
        return sqlite3.SQLITE_DENY

    def _objection(self, action: int, first: str | None, second: str | None) -> str | None:
        if action == sqlite3.SQLITE_FUNCTION:
            name = (second or "").lower()
            return f"calls {name}()" if name in _FUNCTIONS else None
        if action == sqlite3.SQLITE_PRAGMA:
            return self._pragma((first or "").lower(), second)
        if action == sqlite3.SQLITE_ATTACH:
            # VACUUM attaches a database without a name, which is in memory as well.
            return None if first == "" and self._builds else "reaches for another database"
        if action == sqlite3.SQLITE_DETACH:
            return None if first == "vacuum_db" else "detaches a database"
        if action == sqlite3.SQLITE_CREATE_VTABLE and (second or "").lower() not in _MODULES:
            return f"makes a virtual table of `{second}`"
        if action in (sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT):
            return None if self._builds or self.controls else "begins or ends a transaction"
        return None

    def _pragma(self, name: str, value: str | None) -> str | None:
        if name in _READING or name in _WRITING:
            return None
        if name in _BUILDING and (self._builds or value is None):
            return None
        return f"sets `{name}`" if value is not None else f"asks for `{name}`"
