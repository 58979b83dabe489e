"""Which SQL files make up one schema, and in what order: see docs/adr/0007.

By their names, as the tools that run them go by names, and by a glance at what they create.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

Content = Callable[[str], bytes | None]
"""What a file holds; None if it cannot be read, and then it may hold anything."""

# In a folder of its own for each migration: Prisma's and Drizzle's, Diesel's and Hasura's.
OWN_FOLDER = MIGRATION, _UP = "migration.sql", "up.sql"
_UNDOES = re.compile(r"(?:^|[._-])(?:down|undo|rollback|revert)\.sql$", re.IGNORECASE)
_FLYWAY = re.compile(
    r"(?P<sort>[VUB])(?P<version>\d+(?:[._]\d+)*)__.*\.sql|(?P<repeatable>R)__.*\.sql"
)
_NUMBERED = re.compile(r"v?(?P<version>\d+(?:\.\d+)*)(?P<rest>(?:[._-].*)?\.sql)", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")
_OF_SQITCH = ("deploy", "revert", "verify")
_UPGRADES = re.compile(r"upgrades?|updates?|patch(?:es)?", re.IGNORECASE)
_VERSION_FOLDER = re.compile(r"v?(?P<version>\d+(?:\.\d+)*)", re.IGNORECASE)
_DATE, _TIMESTAMP = 8, 20  # digits of a day, and of more than any second has
_COMMENT = rb"(?:/\*[^*]*\*/\s*)?"
_QUOTED = rb"""(?:\w+|"[^"]+"|`[^`]+`|\[[^\]]+\])"""
_NAME = rb"((?:" + _QUOTED + rb"\s*\.\s*)*" + _QUOTED + rb")"
# Where a statement can begin: behind a byte-order mark, too, in a comment that MySQL carries out,
# and on the lines of a file that ends them by CR alone.
_START = rb"(?:^(?:\xef\xbb\xbf)?|[;\r]|\*/|/\*M?!\d*)[ \t]*"
_TABLE = re.compile(
    _START + rb"create\s+(?:[a-z]+\s+){0,3}?table\s+(?:if\s+not\s+exists\s+)?" + _COMMENT + _NAME,
    re.IGNORECASE | re.MULTILINE,
)
# It makes bytes no text, of which nothing can be told: UTF-16, as PowerShell's `>` writes it. They
# count as a schema, so that reading tells what they are.
_NUL = b"\0"
_DEFINITION = re.compile(
    _START
    + rb"(?:create|alter|drop|rename|comment\s+on|grant|revoke|do|exec(?:ute)?\s+sp_rename)\b",
    re.IGNORECASE | re.MULTILINE,
)


def undoes(path: str) -> bool:
    """Whether a file of this name takes a migration back: `down.sql`, `1.down.sql`, `U1__a.sql`."""
    name = os.path.basename(path)
    flyway = _FLYWAY.fullmatch(name)
    return _UNDOES.search(name) is not None or (flyway is not None and flyway["sort"] == "U")


def is_numbered(path: str) -> bool:
    """Whether the file's name gives it a place in a sequence."""
    name = os.path.basename(path)
    return _NUMBERED.fullmatch(name) is not None or _FLYWAY.fullmatch(name) is not None


def makes_tables(content: bytes | None) -> bool:
    """Whether the text seems to create a table."""
    return content is None or _NUL in content or _TABLE.search(content) is not None


def defines(content: bytes | None) -> bool:
    """Whether the text seems to define anything, and not only to query or to fill tables."""
    return content is None or _NUL in content or _DEFINITION.search(content) is not None


def tables_made(content: bytes | None) -> set[bytes]:
    """The names of the tables that a text creates, as they would be compared."""
    found = _TABLE.finditer(content or b"")
    return {re.sub(rb'["`\[\]\s]', b"", match[1]).lower() for match in found}


def in_folder(files: Sequence[str], folder: str, content: Content) -> list[str]:
    """The migrations that are kept in `folder`, in the order in which they are applied.

    Args:
        files: all the files in and below it.
    """
    own_folders = [path for path in files if _is_own_folder(path)]
    direct = [path for path in own_folders if os.path.dirname(os.path.dirname(path)) == folder]
    if direct:
        return _by_folder(direct)
    flat = [path for path in files if os.path.dirname(path) == folder and _is_sql(path)]
    if not flat:
        below = [path for path in files if os.path.dirname(os.path.dirname(path)) == folder]
        for versions in _by_versions(_by_folders(filter(_is_sql, below)), content):
            return versions
    return _of_folder(flat, content)


def schemas_among(files: Iterable[str], content: Content) -> list[list[str]]:
    """The schemas that SQL files found in folders make up, the files of each in order.

    What creates no table is no schema, but may belong to one.
    """
    found: list[list[str]] = []
    loose_files: list[str] = []
    by_parent: dict[str, list[str]] = {}
    for path in files:
        if _is_own_folder(path):
            parent = os.path.dirname(os.path.dirname(path))
            by_parent.setdefault(parent, []).append(path)
        else:
            loose_files.append(path)
    found += [_by_folder(paths) for paths in by_parent.values()]
    rest = _by_folders(loose_files)
    found += _by_versions(rest, content)
    for folder, flat in rest.items():
        planned = _planned(flat, folder, content)
        if planned is not None:
            found.append(planned)
            continue
        found.append(_numbered(flat))
        loose = [path for path in flat if not is_numbered(path) and not undoes(path)]
        found += _loose(loose, content)
    found = [group for group in found if any(makes_tables(content(path)) for path in group)]
    return sorted(_without_upgrades(found, content), key=min)


def schema_of(path: str, around: Collection[str], content: Content) -> list[str]:
    """The files of the schema that the SQL file `path` is of, in order; [] if it defines nothing.

    Args:
        around: the files in the folder above its own and in the folders in that one.
    """
    folder = os.path.dirname(path)
    others = [one for one in {*around, path} if _is_sql(one)]
    own_folders = [one for one in others if _is_own_folder(one)]
    parent = os.path.dirname(folder)
    siblings = [one for one in own_folders if os.path.dirname(os.path.dirname(one)) == parent]
    if any(os.path.dirname(one) == folder for one in siblings):
        return _by_folder(siblings)
    flat = sorted(one for one in others if os.path.dirname(one) == folder)
    planned = _planned(others, scripts_beside(folder), content)
    if planned:
        return planned
    rest = _by_folders([one for one in others if not _is_own_folder(one)])
    for versions in _by_versions(rest, content):
        if folder in map(os.path.dirname, versions):
            return versions
    if is_numbered(path) or undoes(path):
        return _numbered(flat) or [path]
    given = content(path)
    if makes_tables(given):
        return [path]
    if not defines(given):
        return []
    groups = _loose([one for one in flat if not is_numbered(one) and not undoes(one)], content)
    return next((group for group in groups if path in group), [path])


# -- groups and their order


def _is_sql(path: str) -> bool:
    return path.lower().endswith(".sql")


def _is_own_folder(path: str) -> bool:
    return os.path.basename(path) in OWN_FOLDER


def _without_upgrades(groups: Sequence[list[str]], content: Content) -> list[list[str]]:
    """Without the scripts that bring what exists up to the schema in the folder above theirs: a
    new database is made by that alone. They make no table that it does not make."""
    made = [set().union(*[tables_made(content(path)) for path in group]) for group in groups]
    folders = [os.path.dirname(group[0]) for group in groups]
    kept = []
    for group, folder, tables in zip(groups, folders, made, strict=True):
        parent, name = os.path.split(folder)
        above = [one for one, there in zip(made, folders, strict=True) if there == parent]
        upgrades = above and _UPGRADES.fullmatch(name) is not None
        if not upgrades or not tables <= set().union(*above):
            kept.append(group)
    return kept


def is_version_folder(folder: str) -> bool:
    """Whether the folder's name is a version and nothing else: `3`, `v1.10`, `2024`."""
    return _VERSION_FOLDER.fullmatch(os.path.basename(folder)) is not None


def _by_folders(paths: Iterable[str]) -> dict[str, list[str]]:
    """The paths by the folders that they stand in."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(os.path.dirname(path), []).append(path)
    return found


def _by_versions(rest: dict[str, list[str]], content: Content) -> list[list[str]]:
    """The sequences that folders named by versions make side by side; they are taken out of `rest`.

    None where a later one makes all the tables that the first makes: each is then the whole schema
    as a version had it.
    """
    sequences: list[list[str]] = []
    by_parent: dict[str, list[str]] = {}
    for folder in filter(is_version_folder, rest):
        by_parent.setdefault(os.path.dirname(folder), []).append(folder)
    for folders in by_parent.values():
        folders.sort(key=lambda one: (*map(int, _DIGITS.findall(os.path.basename(one))),))
        steps = [one for folder in folders if (one := _of_folder(rest[folder], content))]
        if len(steps) > 1:
            first, *later = [
                set().union(*[tables_made(content(path)) for path in step]) for step in steps
            ]
            if not first or not any(first <= made for made in later):
                sequences.append([path for step in steps for path in step])
                for folder in folders:
                    del rest[folder]
    return sequences


def _planned(flat: Sequence[str], folder: str, content: Content) -> list[str] | None:
    """The order that a Sqitch plan beside the folder gives to its files; None for none."""
    parent, name = os.path.split(folder)
    plan = content(os.path.join(parent, "sqitch.plan")) if name in _OF_SQITCH else None
    if plan is None:
        return None
    from schemalint.project.sqitch import deployed  # seldom needed

    return deployed(flat, folder, plan)


def scripts_beside(folder: str) -> str:
    """The folder of what Sqitch runs, also for those of what takes it back or verifies it."""
    parent, name = os.path.split(folder)
    return os.path.join(parent, "deploy") if name in _OF_SQITCH else folder


def _of_folder(flat: Sequence[str], content: Content) -> list[str]:
    """The files of one folder that are run, in order: its sequence, else all of them."""
    return _numbered(flat) or _parts([path for path in flat if not undoes(path)], content)


def _by_folder(paths: Iterable[str]) -> list[str]:
    """One migration a folder. Prisma and Drizzle go by the names as texts (`10_a` comes before
    `2_b`), Diesel and Hasura by the numbers in them."""
    chosen: dict[str, str] = {}
    for path in sorted(paths):  # `migration.sql` before `up.sql`
        chosen.setdefault(os.path.dirname(path), path)
    as_texts = any(os.path.basename(path) == MIGRATION for path in chosen.values())
    return sorted(chosen.values(), key=os.path.dirname if as_texts else _by_number)


def _by_number(path: str) -> tuple[Any, ...]:
    """Sorts `2_x/up.sql` before `10_x/up.sql`, and `2017-08-31-230457_x`, in which Diesel leaves
    the hyphens out, behind `20160101000000_x`."""
    number = os.path.basename(os.path.dirname(path)).partition("_")[0].replace("-", "")
    if not number.isdecimal():
        return (1, 0, _natural(path))
    if len(number) >= _DATE:
        number = number.ljust(_TIMESTAMP, "0")
    return (0, int(number), _natural(path))


def _numbered(flat: Iterable[str]) -> list[str]:
    """The sequence among the files of one folder: Flyway's if there is one, else the numbered."""
    paths = [path for path in flat if is_numbered(path)]
    flyway = [(path, match) for path in paths if (match := _match(path)) is not None]
    if not flyway:
        return sorted((path for path in paths if not undoes(path)), key=_place)
    versioned = sorted(
        (_version(match["version"]), match["sort"], path)
        for path, match in flyway
        if match["sort"] in ("V", "B")
    )
    # A baseline stands for everything up to its version, on a new database.
    baseline = max((version for version, sort, _ in versioned if sort == "B"), default=None)
    applied = [
        path
        for version, sort, path in versioned
        if baseline is None or version > baseline or (version == baseline and sort == "B")
    ]
    return applied + sorted(path for path, match in flyway if match["repeatable"])


def _match(path: str) -> re.Match[str] | None:
    return _FLYWAY.fullmatch(os.path.basename(path))


def _place(path: str) -> tuple[Any, ...]:
    """Sorts `2_x` before `10_x`, and `v2.9.sql` before `v2.9.1.sql` and `v2.10.sql`."""
    found = _NUMBERED.fullmatch(os.path.basename(path))
    assert found is not None, path
    return (*[int(part) for part in found["version"].split(".")],), _natural(found["rest"]), path


def _version(text: str) -> tuple[int, ...]:
    """`1_2.0` as (1, 2): Flyway takes `_` for a dot, and 1.0 for 1."""
    numbers = [int(number) for number in re.split(r"[._]", text)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _natural(path: str) -> list[tuple[int, Any]]:
    """Sorts `2_x` before `10_x`, folder by folder."""
    parts = _DIGITS.split(path.lower())
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]


def _loose(paths: Sequence[str], content: Content) -> list[list[str]]:
    """Unnumbered files of one folder: parts of one schema, unless two create the same table."""
    made = [name for path in paths for name in tables_made(content(path))]
    if len(set(made)) == len(made):
        return [_parts([path for path in paths if defines(content(path))], content)]
    return [[path] for path in paths if makes_tables(content(path))]


def _parts(paths: Iterable[str], content: Content) -> list[str]:
    """The parts of one schema: first those that create tables, which the others speak of."""
    return sorted(paths, key=lambda path: (not makes_tables(content(path)), _natural(path)))
