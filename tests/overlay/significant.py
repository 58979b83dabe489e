"""Which statements of a migration that Prisma writes are about what this project calls drift."""

from __future__ import annotations

import re

Index = tuple[bool, str, str | None, tuple[str, ...], str | None]

_INDEX = re.compile(
    r'CREATE (UNIQUE )?INDEX "[^"]+" ON (\S+?)(?: USING (\w+) )?\s*\((.*?)\)( WHERE .*)?',
    re.DOTALL,
)


def statements(sql: str) -> list[str]:
    """The statements of a migration, without comments and semicolons."""
    text = re.sub(r"(?m)^--.*$", "", sql)
    return [one.strip().removesuffix(";") for one in text.split(";\n") if one.strip()]


def significant(change: str, built: str) -> list[str]:
    """The statements of `change` that matter, after a migration `built`: not those that rename a
    constraint or an index, and not an index that is made anew with another name, another order or
    other operator classes."""
    old = {_index(statement) for statement in statements(built)} - {None}
    made = [one for one in statements(change) if _index(one) is not None]
    renewed = sum(_index(one) in old for one in made)
    left = [one for one in statements(change) if " RENAME " not in one and _index(one) not in old]
    for statement in [one for one in left if one.startswith("DROP INDEX")][:renewed]:
        left.remove(statement)
    return left


def _index(statement: str) -> Index | None:
    """What an index is over, without its name, its order and its operator classes."""
    found = _INDEX.fullmatch(statement)
    if found is None:
        return None
    columns = tuple(re.findall(r'"[^"]+"', found[4]))
    return found[1] is not None, found[2], found[3], columns, found[5]
