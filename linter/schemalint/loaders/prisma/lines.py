"""What is said of lines that the grammar does not allow, and what to do about each.

Every function gives a message and, where there is one remedy, a help text. Only loaded for a schema
that has such a line.
"""

from __future__ import annotations

import re
from typing import Literal

from schemalint.finding import Related
from schemalint.loaders.loaded import Problem
from schemalint.source import Span

_KEYWORDS = ("model", "enum", "type", "view", "datasource", "generator")
_FIRST_WORD = re.compile(r"[^\W\d]\w*")
_MEMBER = re.compile(r"([^\W\d_][\w-]*)\s*=\s*(\"[^\"]*\")")

Said = tuple[str, str | None]


def outside(line: str) -> Said:
    """Of a line that stands outside any block and opens none."""
    word_match = _FIRST_WORD.match(line)
    word = word_match.group() if word_match else ""
    if line.startswith("}"):
        return (
            "This `}` closes nothing: no block is open here.",
            "remove it, or look above for a block that was closed too early",
        )
    if line.startswith("{"):
        return (
            "This `{` stands on a line of its own, where it opens nothing.",
            "write it behind the name, on the same line: `model User {`",
        )
    if line.startswith("/*"):
        return "This comment is never closed.", "close it with `*/`"
    if line.startswith("@"):
        return "This attribute stands outside any block.", "move it into a block"
    if word in _KEYWORDS:
        return _broken_opening(word, line)
    near = _near_keyword(word)
    if near is not None and "{" in line:
        return (
            f"`{word}` opens no block: Prisma's keywords are {_listed(_KEYWORDS)}.",
            f"did you mean `{near}`?",
        )
    return (
        "This line stands outside any block, and starts with none of the keywords that open one: "
        f"{_listed(_KEYWORDS)}.",
        None,
    )


def _broken_opening(word: str, line: str) -> Said:
    example = f"`{word} Name {{`"
    if "{" not in line:
        return (
            f"This `{word}` has no `{{` on its line.",
            f"write the keyword, the name and the brace on one line: {example}",
        )
    behind = line[line.index("{") + 1 :]
    if "}" in behind:
        return (
            f"This `{word}` is opened and closed on one line, which Prisma does not allow.",
            "write each of its lines, and the closing brace, on a line of its own",
        )
    return (
        f"Between `{word}` and `{{` there has to be one name, of letters, digits and `_`, "
        "starting with a letter.",
        f"write {example}",
    )


def type_alias(name: str) -> Said:
    """Of `type Name = ...`."""
    return (
        f"`type {name} = ...` names a type anew, which Prisma gave up.",
        "write the type itself at each field, or, on MongoDB, a composite type: `type Name {`",
    )


def unknown_block(name: str) -> Said:
    """Of a block that starts with one word instead of a keyword and a name."""
    if name in _KEYWORDS:
        return f"This `{name}` has no name.", f"write `{name} Name {{`"
    return (
        f"The block `{name}` starts with no keyword that opens one: {_listed(_KEYWORDS)}.",
        f"write what it is before its name, such as `model {name} {{`",
    )


def never_closed(keyword: str, name: str) -> Said:
    """Of the opening line of a block that the file ends in."""
    return (
        f"The {keyword} `{name}` is never closed: the file ends before any line that starts with "
        "`}`.",
        "write `}` on a line of its own behind its last line",
    )


def inside_unclosed(name: str) -> Said:
    """Of the lines of such a block."""
    return f"This line belongs to `{name}`, which is never closed.", None


def not_closed(keyword: str, name: str, opening: Span, following: Span) -> Problem:
    """Of the block opened at `opening`, in which another one begins at `following`."""
    return Problem(
        f"The {keyword} `{name}` has to be closed before another block begins: no line since it "
        "was opened starts with `}`.",
        following,
        related=(Related(f"the {keyword} `{name}` is opened here", opening),),
        help="write `}` on a line of its own before this line",
    )


def without_value(keyword: str, name: str, block: Span, key: Span) -> Problem:
    """Of `key =` in a configuration block. Its place is the block's, as officially."""
    return Problem(
        f"`{key.text}` in the {keyword} `{name}` has no value.",
        block,
        related=(Related("the value is missing here", key),),
        help=f"write a value behind `{key.text} =`, or remove the line",
    )


def inside(kind: Literal["field", "value", "setting"], line: str, offset: int, reason: str) -> Said:
    """Of a line inside a block; `offset` is where in it the grammar was left, `reason` why."""
    what = {
        "field": "a valid field or attribute",
        "value": "a valid enum value or attribute",
        "setting": "a valid setting",
    }[kind]
    return f"This line is not {what}: {reason}.", _remedy(kind, line.strip(), line[offset:])


def _remedy(kind: str, line: str, rest: str) -> str | None:
    if line.startswith("_"):
        column = _first(line)
        return f'start the name with a letter; `@map("{column}")` keeps the name in the database'
    if line.startswith("@") and not line.startswith("@@"):
        return "write attributes behind their field, on the same line; `@@` begins those of a block"
    if line.endswith("}") and "{" not in line:
        return "write `}` on a line of its own"
    if rest.startswith("'"):
        return 'use double quotes: `"..."`'
    if kind == "field":
        return "a field is written `name Type @attribute`, a block's attribute `@@name(...)`"
    if kind == "value":
        value = _MEMBER.match(line)
        if value is not None:
            return f"what the database stores is written with `@map`: `{value[1]} @map({value[2]})`"
        return "write each value on a line of its own, without commas"
    return "a setting is written `name = value`, all on one line"


def legacy(mark: str, field: str, type_name: str, owner: str) -> Said:
    """Of a field in a form of old Prisma versions, or without its type; `mark` says which."""
    if mark == ":":
        return (
            f"Name and type of `{owner}.{field}` are separated by a colon.",
            f"remove the `:`: `{field} {type_name}`".rstrip("` ") + "`",
        )
    if mark == "!":
        return (
            f"`{type_name}!` is not a type: a field is required unless its type ends with `?`.",
            f"write `{type_name}`",
        )
    if mark == "[]?":
        return (
            f"`{type_name}[]?` is not a type: a list cannot be optional in Prisma.",
            f"write `{type_name}[]`, which can be empty, or `{type_name}?`",
        )
    if mark == "[":
        return f"A list of `{type_name}` is written `{type_name}[]`.", f"write `{type_name}[]`"
    return (
        f"The field `{owner}.{field}` has no type.",
        f"write its type behind its name, such as `{field} String`",
    )


def _first(line: str) -> str:
    return re.split(r"[^\w-]", line, maxsplit=1)[0]


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words[:-1]) + f" and `{words[-1]}`"


def _near_keyword(word: str) -> str | None:
    if not word:
        return None
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), _KEYWORDS, 1, 0.6)
    return near[0] if near else None
