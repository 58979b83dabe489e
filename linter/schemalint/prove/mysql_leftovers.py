"""Removes from a MySQL or MariaDB server what a run made there."""

from __future__ import annotations

from schemalint.prove.leftovers import MysqlLeftover


def remove_from_mysql(leftover: MysqlLeftover) -> None:
    """Remove what is left, which may be nothing. Safe to be run again."""
