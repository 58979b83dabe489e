"""The names that Migrate gives to keys, indexes and join tables that the schema does not name.

Made of the *physical* table and column names. Too long a name loses its end, before the suffix,
so that the whole fits the database's limit, which counts bytes of UTF-8 (observed in
Migrate's SQL).
"""

from __future__ import annotations

from collections.abc import Sequence


def primary_key_name(table: str, limit: int) -> str:
    """`User_pkey`."""
    return _fitted(table, "_pkey", limit)


def unique_name(table: str, columns: Sequence[str], limit: int) -> str:
    """`User_email_key`."""
    return _fitted(f"{table}_{'_'.join(columns)}", "_key", limit)


def index_name(table: str, columns: Sequence[str], limit: int) -> str:
    """`User_email_idx`."""
    return _fitted(f"{table}_{'_'.join(columns)}", "_idx", limit)


def foreign_key_name(table: str, columns: Sequence[str], limit: int) -> str:
    """`Post_authorId_fkey`."""
    return _fitted(f"{table}_{'_'.join(columns)}", "_fkey", limit)


def join_table_name(relation: str, limit: int) -> str:
    """`_PostToTag`: an underscore and the relation's name."""
    return _fitted(f"_{relation}", "", limit)


def join_name(table: str, suffix: str, limit: int) -> str:
    """A name within a join table: `_AB_pkey`, `_AB_unique`, `_B_index`, `_A_fkey`, `_B_fkey`."""
    return _fitted(table, suffix, limit)


def relation_name(one: str, other: str) -> str:
    """The name of a relation that has none: both models' names in code-point order."""
    return f"{one}To{other}" if one < other else f"{other}To{one}"


def _fitted(name: str, suffix: str, limit: int) -> str:
    room = limit - len(suffix)
    if len(name) > room // 4:  # only then can its UTF-8 be longer than the room
        encoded = name.encode("utf-8", "surrogatepass")
        if len(encoded) > room:
            name = encoded[:room].decode("utf-8", "ignore")
    return name + suffix
