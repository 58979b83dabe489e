"""Foreign keys whose check a writer can have wait for the end of the transaction."""

from __future__ import annotations

from schemalint.model import Dialect, ForeignKey


def can_wait(key: ForeignKey, dialect: Dialect) -> bool:
    """Whether a transaction may leave the key unkept until it ends.

    DEFERRABLE alone is checked after each statement (F12c). SET CONSTRAINTS has it wait; SQLite has
    no such statement. Its PRAGMA defer_foreign_keys puts off every key, RESTRICT included, and says
    how a connection works, as PRAGMA foreign_keys does: a project that switches foreign keys on has
    decided about that.
    """
    if dialect is Dialect.SQLITE:
        return key.deferrable == "deferred"
    return key.deferrable is not None
