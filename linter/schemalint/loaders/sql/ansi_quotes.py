"""MySQL's files that are written for ANSI_QUOTES, where double quotes are for names."""

from __future__ import annotations

import re

from schemalint.loaders.sql.lexer import tokens
from schemalint.model import Dialect
from schemalint.source import SourceFile

# The setting itself, or a name where only a name can stand.
_SHOWN = re.compile(
    r"""\bsql_mode\b[^;]*\bANSI|\bTABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?\"[^"\n]+\"\s*[(;A-Z]""",
    re.IGNORECASE,
)


def with_backticks(file: SourceFile, dialect: Dialect | None) -> SourceFile:
    """The file with its names in backticks, which MySQL reads in every mode; itself where double
    quotes are for text, as they are unless a session says otherwise.

    Every character keeps its place.
    """
    if '"' not in file.text or _SHOWN.search(file.text) is None:
        return file
    text = list(file.text)
    for token in tokens(file.text, dialect):
        last = token.end - 1
        if token.kind == "string" and text[token.start] == '"' and "`" not in token.text:
            text[token.start] = text[last] = "`"
    return SourceFile(file.path, "".join(text))
