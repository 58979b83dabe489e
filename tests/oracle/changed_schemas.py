"""Prisma schemas changed at random, line by line, as their authors would change them."""

from __future__ import annotations

import re
from random import Random

FIELD = re.compile(r"^(\s+)(\w+)(\s+)(String|Int|BigInt|Float|Boolean|DateTime)(\??)(\s.*)?$")
NEW = (
    "  added{n} String?",
    "  added{n} Int @default({n})",
    '  added{n} String @default("it\'s")',
    "  added{n} DateTime @default(now())",
    "  added{n} String? @unique",
    "  added{n} Boolean @default(false)\n  @@index([added{n}])",
)


def changed(text: str, seed: int, changes: int) -> str:
    """`text` with so many random changes; Prisma may refuse what comes out."""
    random = Random(seed)
    lines = text.split("\n")
    for number in range(changes):
        random.choice(_CHANGES)(lines, random, seed * 100 + number)
    return "\n".join(lines)


def _pick(lines: list[str], random: Random, wanted: str) -> int | None:
    found = [at for at, line in enumerate(lines) if re.search(wanted, line)]
    return random.choice(found) if found else None


def _field(lines: list[str], random: Random) -> int | None:
    """A field that is no key and that no relation or index names."""
    text = "\n".join(lines)
    listed = set(re.findall(r"\w+", " ".join(re.findall(r"\[[^\]]*\]", text))))
    found = [
        at
        for at, line in enumerate(lines)
        if (match := FIELD.match(line)) and match[2] not in listed and "@id" not in line
    ]
    return random.choice(found) if found else None


def _add(lines: list[str], random: Random, number: int) -> None:
    at = _pick(lines, random, r"^model \w+ \{")
    if at is not None:
        lines.insert(at + 1, random.choice(NEW).format(n=number))


def _drop(lines: list[str], random: Random, number: int) -> None:
    at = _field(lines, random)
    if at is not None:
        del lines[at]


def _optional(lines: list[str], random: Random, number: int) -> None:
    at = _field(lines, random)
    match = None if at is None else FIELD.match(lines[at])
    if at is not None and match is not None:
        mark = "" if match[5] else "?"
        lines[at] = f"{match[1]}{match[2]}{match[3]}{match[4]}{mark}{match[6] or ''}"


def _map(lines: list[str], random: Random, number: int) -> None:
    at = _field(lines, random)
    if at is not None and "@map" not in lines[at]:
        lines[at] = f'{lines[at].split("//")[0]} @map("mapped {number}")'


def _no_index(lines: list[str], random: Random, number: int) -> None:
    at = _pick(lines, random, r"^\s+@@(?:index|unique)\(")
    if at is not None:
        del lines[at]


def _not_unique(lines: list[str], random: Random, number: int) -> None:
    at = _pick(lines, random, r"\s@unique\b(?!\()")
    if at is not None:
        lines[at] = lines[at].replace(" @unique", "", 1)


def _unique(lines: list[str], random: Random, number: int) -> None:
    at = _field(lines, random)
    if at is not None and "@unique" not in lines[at]:
        lines[at] = f"{lines[at].split('//')[0]} @unique"


def _no_default(lines: list[str], random: Random, number: int) -> None:
    at = _pick(lines, random, r"^\s+\w+\s+\w+\s.*@default\((?:\w+|\"[^\"]*\")\)")
    if at is not None and "@id" not in lines[at]:
        lines[at] = re.sub(r"@default\((?:\w+|\"[^\"]*\")\)", "", lines[at])


def _enum_value(lines: list[str], random: Random, number: int) -> None:
    at = _pick(lines, random, r"^enum \w+ \{")
    if at is None:
        return
    if random.random() < 0.5:
        lines.insert(at + 1, f"  NEW_VALUE_{number}")
    elif re.fullmatch(r"\s+\w+\s*", lines[at + 1]) and "}" not in lines[at + 2]:
        del lines[at + 1]


def _action(lines: list[str], random: Random, number: int) -> None:
    at = _pick(lines, random, r"@relation\(.*references: \[\w+\]")
    if at is None:
        return
    action = random.choice(("Cascade", "NoAction", "Restrict"))
    if "onDelete" in lines[at]:
        lines[at] = re.sub(r"onDelete: \w+", f"onDelete: {action}", lines[at])
    else:
        lines[at] = re.sub(r"(references: \[\w+\])", rf"\1, onDelete: {action}", lines[at])


_CHANGES = (
    _add,
    _add,
    _drop,
    _optional,
    _map,
    _no_index,
    _not_unique,
    _unique,
    _no_default,
    _enum_value,
    _action,
)
