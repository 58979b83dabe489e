"""Pairs of the differential test that once disagreed, and those that still do.

A pair is called as in `python -m tests.prove.differential --database sqlite --pair "prisma 12/1"`.
"""

from __future__ import annotations

MENDED: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "prisma 1064/2",
        "sql 1009/0",
        "sql 1043/0",
        "sql 1052/0",
        "sql 2019/2",
        "sql 2038/2",
        "sql 2042/1",
        "sql 2074/1",
        "sql 175/0",
        "sql 3096/2",
        "sql 585/0",
        "sqlmodel 10/0",
        "sqlmodel 109/2",
        "sqlmodel 1075/1",
        "tables sqlite 1016/2",
        "tables sqlite 20/0",
        "tables sqlite 3025/1",
        "tables sqlite 581/2",
        "tables strict 501/1",
        "tables strict 3001/0",
        "tables strict 3001/1",
    ),
    "postgresql": (
        "sql 1047/2",
        "sql 122/1",
        "sqlmodel 1048/2",
        "sqlmodel 4155/2",
        "tables postgresql 3124/0",
    ),
    "mysql": (
        "prisma 1020/1",
        "prisma 1030/2",
        "prisma 74/2",
        "tables mysql 1045/1",
        "tables mysql 6/2",
        "tables mysql 95/2",
    ),
}
"""By the dialect. Mended in the verdict, the attacks, or the maker of rows; never in the pair."""

_ROOM = "what can be stored leaves no room for it: one row, one parent, or one value; not read"
_PIGEONS = "every row needs a parent of its own table that no other has: not read"
_GUARDS = "triggers on INSERT and UPDATE together keep it out; only those on both are read"
_ONCE = "with `once`, of rows without the value nothing is forbidden; judged all the same"
_SEEN = "the row is replaced by one that cannot be told from it"
_PART = "SET DEFAULT whose default is NULL in part points nowhere; judged to point at the default"
_ROWS = "rows are not found, or only after more changes than an attack makes"

OPEN: dict[str, dict[str, str]] = {
    "sqlite": {
        "prisma 3304/2": _PART,
        "sql 67/0": _ONCE,
        "sql 332/2": _GUARDS,
        "sql 505/2": _ROWS,
        "sql 549/2": _ROOM,
        "sql 576/1": _ROOM,
        "sql 579/0": _PIGEONS,
        "sql 673/1": _SEEN,
        "sql 731/1": _ROOM,
        "sql 731/2": _ROOM,
        "sql 768/0": _ROOM,
        "sql 2091/2": _ROWS,
        "sql 2101/0": _GUARDS,
        "sql 3126/1": _ROWS,
        "sql 3168/2": _GUARDS,
        "sqlmodel 145/0": _ONCE,
        "sqlmodel 217/1": _ROWS,
        "sqlmodel 249/0": _ROOM,
        "sqlmodel 318/2": _ROWS,
        "sqlmodel 624/1": _ROWS,
        "sqlmodel 740/2": _ROWS,
        "sqlmodel 759/2": _ONCE,
        "sqlmodel 773/2": _ROWS,
        "sqlmodel 799/2": _ROWS,
        "sqlmodel 1013/2": _ROOM,
        "sqlmodel 2071/0": _PART,
        "sqlmodel 3253/0": _ROWS,
        "sqlmodel 3300/0": _ROWS,
        "sqlmodel 3317/2": _ROWS,
        "tables sqlite 3153/1": _ROWS,
        "tables sqlite 3192/2": _ROWS,
        "tables strict 588/2": _ROWS,
        "tables strict 3223/1": _ROWS,
    },
    "postgresql": {
        "prisma 4190/0": _ROWS,
        "sql 170/1": _ROWS,
        "sql 3122/0": _ROOM,
        "sql 4045/2": _ROOM,
        "sql 4100/0": _ROWS,
        "sql 4100/2": _ROWS,
        "sql 4150/0": _ROWS,
        "sql 4210/2": _ROWS,
        "sql 4219/0": _ROWS,
        "sqlmodel 75/2": _ROWS,
        "sqlmodel 108/1": _ROWS,
        "sqlmodel 3098/0": _ROOM,
        "sqlmodel 4089/2": _ROOM,
        "tables postgresql 85/0": _ROWS,
        "tables postgresql 123/0": _ROWS,
    },
    "mysql": {
        "sql 52/1": _ROWS,
        "sql 1038/1": _GUARDS,
        "sql 1059/0": _ROWS,
        "sql 3001/2": _ROWS,
        "sql 3057/2": _ROWS,
        "sqlmodel 1013/2": _ROOM,
        "tables mysql 111/2": _ROWS,
    },
}
"""What still disagrees, by the dialect, with the reason as far as it is known."""
