"""Does to models what a finding's `help` says, as somebody who reads it would."""

from __future__ import annotations

import re
from collections.abc import Callable

IMPORTS = """\
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, false,
    func, text, true,
)
from sqlmodel import Field, Relationship, SQLModel


"""
_TABLE = re.compile(r"add to `__table_args__` of `(\w+)`:\n((?:    .*(?:\n|\Z))+)")
_FLAG = re.compile(r"write `([\w=\"]+(?: [A-Z]+\")?)` (?:for|in the Column of) `(\w+)`")
_ACTION = re.compile(r'write `(\w+="[A-Z ]+")` in the foreign key of `(\w+)`')
_NO_ACTION = re.compile(r"take `(\w+)=` out of the foreign key of `(\w+)`")
_TAKE_NONE = re.compile(r"take None off the annotation of `(\w+)`")
_ADD_NONE = re.compile(r"write `\| None` behind the type in the annotation of `(\w+)`")
_FIELD = re.compile(
    r"write `((?:sa_column_\w+|foreign_key)=.+)` for `(\w+)`(?: in the place of `(\w+)=`)?"
)
_TYPE = re.compile(r"annotate `(\w+)` as `(\w+)`")


def apply(models: str, help_text: str) -> str:
    """The models with everything done that `help_text` says; the same where it says nothing that
    can be done in models."""
    for of, lines in _TABLE.findall(help_text):
        for line in lines.rstrip("\n").split("\n"):
            models = _with_argument(models, of, line.partition("  #")[0].strip())
    for words, field in [*_FLAG.findall(help_text), *_ACTION.findall(help_text)]:
        models = _with_word(models, field, words)
    for word, field in _NO_ACTION.findall(help_text):
        models = _on_line(models, field, lambda line, word=word: _without_word(line, word))
    for field in _TAKE_NONE.findall(help_text):
        models = _on_line(models, field, _without_none)
    for field in _ADD_NONE.findall(help_text):
        models = _on_line(
            models, field, lambda line: re.sub(r"(: [\w\[\]]+)", r"\1 | None", line, count=1)
        )
    for field, kind in _TYPE.findall(help_text):
        models = _on_line(
            models, field, lambda line, kind=kind: re.sub(r": \w+", f": {kind}", line, count=1)
        )
    for words, field, instead in _FIELD.findall(help_text):
        if instead:
            models = _on_line(models, field, lambda line, word=instead: _without_word(line, word))
        models = _with_word(models, field, words)
    return models


def _with_argument(models: str, of: str, line: str) -> str:
    head, name, body = re.split(rf"(class {of}\(.*\):\n)", models, maxsplit=1)
    found = re.match(r"    __table_args__ = \((.*),\)\n", body)
    if found:
        body = f"    __table_args__ = ({found[1]}, {line},)\n" + body[found.end() :]
    else:
        body = f"    __table_args__ = ({line},)\n" + body
    return head + name + body


def _on_line(models: str, field: str, change: Callable[[str], str]) -> str:
    pattern = re.compile(rf"^    {field}\b.*$", re.MULTILINE)
    assert pattern.search(models), field
    return pattern.sub(lambda found: change(found[0]), models, count=1)


def _with_word(models: str, field: str, words: str) -> str:
    name = words.partition("=")[0]

    def change(line: str) -> str:
        line = _without_word(line, name)
        if "Column(" in line:
            return re.sub(r"(Column\((?:[^()]|\([^()]*\))*)\)", rf"\1, {words})", line, count=1)
        if "Field(" in line:
            start, _, rest = line.partition("Field(")
            return f"{start}Field({rest[:-1]}{', ' if rest[:-1] else ''}{words})"
        value = line.partition(" = ")[2]
        given = f"default={value}, " if value else ""
        return f"{line.partition(' = ')[0]} = Field({given}{words})"

    return _on_line(models, field, change)


def _without_word(line: str, word: str) -> str:
    return re.sub(rf",? ?\b{word}=(?:\"[^\"]*\"|\w+)", "", line)


def _without_none(line: str) -> str:
    line = line.replace(" | None", "", 1)
    line = re.sub(r"Optional\[(.+?)\]", r"\1", line)
    return re.sub(r" = None$|default=None,? ?", "", line)
