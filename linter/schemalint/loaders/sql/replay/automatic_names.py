"""The names that databases give to constraints and indexes that the DDL does not name.

Observed on PostgreSQL 15 and MariaDB 10.11; MySQL's names of checks as its manual says
("CHECK Constraints"). SQLite's cannot be used in any statement, so they have none here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

_LIMIT = 63  # bytes: PostgreSQL's NAMEDATALEN, less one


def postgres_name(
    table: str,
    columns: Sequence[str],
    label: str,
    taken: Callable[[str], bool],
    numbers: dict[str, int],
) -> str:
    """`t_a_b_key`; if that is `taken`, `t_a_b_key1` and so on. Too long names lose their ends.

    `numbers` remembers how far each name was counted, as long as no name becomes free.
    """
    middle = "_".join(columns)
    plain = name = _fitted(table, middle, label)
    count = numbers.get(plain, 0)
    if count:
        name = _fitted(table, middle, f"{label}{count}")
    while taken(name):
        count += 1
        name = _fitted(table, middle, f"{label}{count}")
    if count:
        numbers[plain] = count
    return name


def _fitted(table: str, middle: str, label: str) -> str:
    """The longer of the two parts is cut first, as PostgreSQL's makeObjectName does."""
    first, second = table.encode(), middle.encode()[:_LIMIT]
    room = _LIMIT - len(label.encode()) - 1 - (1 if middle else 0)
    one, two = len(first), len(second)
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [_clipped(first, one)]
    if middle:
        parts.append(_clipped(second, two))
    return "_".join([*parts, label])


def _clipped(text: bytes, length: int) -> str:
    return text[:length].decode("utf-8", "ignore")


def mysql_index_name(first_column: str | None, taken: Callable[[str], bool]) -> str:
    """The first column's name; if that is taken, `a_2`, `a_3` and so on."""
    base = first_column or "functional_index"
    name, count = base, 1
    while taken(name) or name.lower() == "primary":
        count += 1
        name = f"{base}_{count}"
    return name


def numbered(prefix: str, names: Iterable[str | None]) -> str:
    """`t_ibfk_1`: one more than the greatest number that follows `prefix` in `names`."""
    greatest = 0
    for name in names:
        if name is not None and name.startswith(prefix) and name[len(prefix) :].isdecimal():
            greatest = max(greatest, int(name[len(prefix) :]))
    return f"{prefix}{greatest + 1}"
