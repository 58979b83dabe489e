"""Small changes to Prisma schemas, as mistakes make them; one random seed, one series of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_PROVIDERS = ("postgresql", "mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb")
_TYPES = (
    "String", "Int", "BigInt", "Float", "Decimal", "Boolean", "DateTime", "Json", "Bytes",
    'Unsupported("x")',
)  # fmt: skip
_FIELD_ATTRIBUTES = (
    "@id", "@unique", "@updatedAt", "@ignore", '@map("x")', "@default(now())", "@default(1)",
    "@default(autoincrement())", "@default(uuid())", '@default("a")', "@default([])",
    "@default(true)", '@default(dbgenerated("x"))', "@default(auto())", "@db.Text", "@db.Uuid",
    "@db.VarChar(20)", "@db.ObjectId", '@relation(name: "q")',
)  # fmt: skip
_BLOCK_ATTRIBUTES = ("@@ignore", '@@map("x")', '@@schema("public")')
_ACTIONS = ("Cascade", "Restrict", "NoAction", "SetNull", "SetDefault")
_INDEX_ARGUMENTS = (
    'map: "foo"', 'name: "foo"', "type: Hash", "type: Gin", "type: Brin", "type: Gist",
    "clustered: true", "clustered: false", 'map: ""', "sort: Desc",
)  # fmt: skip
_MEMBER_ARGUMENTS = (
    "(sort: Desc)", "(length: 10)", "(ops: JsonbOps)", '(ops: raw("x"))', "(ops: TextOps)",
    "(sort: Asc, length: 3)",
)  # fmt: skip
_SETTINGS = (
    'relationMode = "prisma"', 'relationMode = "foreignKeys"', 'schemas = ["public"]',
    "extensions = [a]",
)  # fmt: skip
_FIELD_LINE = re.compile(r"^(\s+\w+\s+)(\w+(?:\(\"[^\"]*\"\))?)(\?|\[\])?", re.MULTILINE)


def _replace(
    text: str, random: Random, pattern: str, change: Callable[[re.Match[str]], str]
) -> str:
    """`text` with one match of `pattern`, chosen at random, changed."""
    matches = list(re.finditer(pattern, text, re.MULTILINE))
    if not matches:
        return text
    match = random.choice(matches)
    return text[: match.start()] + change(match) + text[match.end() :]


def mutated(text: str, random: Random) -> str:
    """`text` with one small change (or, rarely, none)."""

    def drop_line() -> str:
        lines = text.split("\n")
        keep = [i for i, line in enumerate(lines) if "url" not in line.lower()]
        del lines[random.choice(keep)]
        return "\n".join(lines)

    def repeat_line() -> str:
        lines = text.split("\n")
        place = random.choice([i for i, line in enumerate(lines) if "url" not in line.lower()])
        return "\n".join([*lines[: place + 1], *lines[place:]])

    def other_type() -> str:
        return _replace(
            text, random, _FIELD_LINE.pattern, lambda m: m[1] + random.choice(_TYPES) + (m[3] or "")
        )

    def other_arity() -> str:
        return _replace(
            text,
            random,
            _FIELD_LINE.pattern,
            lambda m: m[1] + m[2] + random.choice(("", "?", "[]")),
        )

    def other_word() -> str:
        word = random.choice(re.findall(r"\b\w+\b", text))
        if "url" in word.lower() or word == "env":
            return text
        return _replace(text, random, r"\b(?!url|env)\w+\b(?!\")", lambda _: word)

    choices: tuple[Callable[[], str], ...] = (
        drop_line,
        repeat_line,
        other_type,
        other_arity,
        other_word,
        lambda: _replace(
            text,
            random,
            r"(datasource[^}]*?provider\s*=\s*\")\w+",
            lambda m: m[1] + random.choice(_PROVIDERS),
        ),
        lambda: _replace(
            text,
            random,
            r"^\s+\w+\s+[A-Z][^\n=]*$",
            lambda m: f"{m[0].rstrip()} {random.choice(_FIELD_ATTRIBUTES)}",
        ),
        lambda: _replace(text, random, r"\s@+[\w.]+(\([^()\n]*\))?", lambda _: ""),
        lambda: _replace(
            text, random, r"([,(])\s*\w+:\s*[^,()\n]+", lambda m: "(" if m[1] == "(" else ""
        ),
        lambda: _replace(
            text,
            random,
            r"\b(Cascade|Restrict|NoAction|SetNull|SetDefault)\b",
            lambda _: random.choice((*_ACTIONS, "Never")),
        ),
        lambda: _replace(
            text,
            random,
            r"references: \[[^\]\n]*\]",
            lambda m: f"{m[0]}, onDelete: {random.choice(_ACTIONS)}",
        ),
        lambda: _replace(
            text, random, r"(?<=\()\d+", lambda _: str(random.choice((0, 1, 7, 100, 5000, 99999)))
        ),
        lambda: _replace(
            text,
            random,
            r"(model|view)\s+\w+\s*\{[^\n]*\n",
            lambda m: f"{m[0]}  {random.choice(_BLOCK_ATTRIBUTES)}\n",
        ),
        lambda: _replace(
            text,
            random,
            r"@@(unique|index|id|fulltext)\(",
            lambda _: f"@@{random.choice(('unique', 'index', 'id', 'fulltext'))}(",
        ),
        lambda: _replace(
            text,
            random,
            r"@@(unique|index|id|fulltext)\(\[[^\]\n]*\]",
            lambda m: f"{m[0]}, {random.choice(_INDEX_ARGUMENTS)}",
        ),
        lambda: _replace(
            text,
            random,
            r"@@(?:unique|index|id|fulltext)\(\[\w+",
            lambda m: m[0] + random.choice(_MEMBER_ARGUMENTS),
        ),
        lambda: _replace(
            text,
            random,
            r"provider\s*=\s*\"\w+\"(?=\n\s*url)",
            lambda m: f"{m[0]}\n  {random.choice(_SETTINGS)}",
        ),
    )
    return random.choice(choices)()
