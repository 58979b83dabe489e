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
        "sqlmodel 10/0",
        "sqlmodel 109/2",
        "sqlmodel 1075/1",
        "tables sqlite 1016/2",
        "tables strict 3001/0",
        "tables strict 3001/1",
    ),
    "postgresql": (
        "sql 1047/2",
        "sqlmodel 1048/2",
        "sqlmodel 4155/2",
        "tables postgresql 3124/0",
    ),
    "mysql": (
        "prisma 1020/1",
        "prisma 1030/2",
    ),
}
"""By the dialect. Mended in the verdict, the attacks, or the maker of rows; never in the pair."""

OPEN: dict[str, dict[str, str]] = {"sqlite": {}, "postgresql": {}, "mysql": {}}
