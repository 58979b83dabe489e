"""SQL that is put together at run time, and that can only be a statement that is ignored anyway.

What migrations do to one table after the other: `EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL
SECURITY', name)`, or the same joined by `||`. What is put in stands for a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.run_texts import behind_bracket
from schemalint.loaders.sql.lexer import Token, tokens

_FIRST_WORDS = (
    ["GRANT", "USAGE"],
    ["CREATE", "ROLE"],
    ["CREATE", "USER"],
    ["CREATE", "SCHEMA"],
    ["CREATE", "EXTENSION"],
    ["CREATE", "POLICY"],
    ["CREATE", "PUBLICATION"],
    ["DROP", "POLICY"],
    ["ALTER", "DATABASE"],
    ["ALTER", "POLICY"],
    ["ALTER", "PUBLICATION"],
    ["ALTER", "ROLE"],
    ["ALTER", "USER"],
    ["COMMENT", "ON"],
)
# A part of a partitioned table has the keys, checks and row triggers of the whole; that there are
# parts is known of the whole. Storage parameters say nothing of rows.
_TABLE = (
    r"""(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?(?:[\w%$]|"[^"]*")+(?:\.(?:[\w%$]|"[^"]*")+)?"""
)
_PARTS = re.compile(
    rf"""\s*(?:CREATE\s+(?:UNLOGGED\s+)?TABLE\s+{_TABLE}\s*
        (?:PARTITION\s+OF\b[^;]*|\(\s*LIKE\b[^;]*)
    |ALTER\s+TABLE\s+{_TABLE}\s+(?:ATTACH\s+PARTITION\b|(?:RE)?SET\s*\()[^;]*);?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
# Policies hide rows from some writers; no rule is kept or broken by them.
_ROW_SECURITY = re.compile(
    r"""\s*ALTER\s+TABLE\s+(IF\s+EXISTS\s+)?(ONLY\s+)?[\w.%$"]+\s+
    (ENABLE|DISABLE|FORCE|NO\s+FORCE)\s+ROW\s+LEVEL\s+SECURITY\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)


def is_harmless(text: Sequence[Token], cursor: Cursor) -> bool:
    """Whether what EXECUTE runs, whatever names are put in, is a statement that is ignored."""
    template = _template(text)
    if template is None:
        return False
    if _ROW_SECURITY.fullmatch(template) or _PARTS.fullmatch(template):
        return True
    begun = [*tokens(template, cursor.dialect)]
    return [token.text for token in begun[:2]] in _FIRST_WORDS and not any(
        token.text == ";" for token in begun[:-1]
    )


def _template(text: Sequence[Token]) -> str | None:
    """The text with `%s` for all that is put in; None where it does not begin with one."""
    if [token.text for token in text[:2]] == ["FORMAT", "("] and len(text) > 2:
        behind = text[behind_bracket(text, 1) :]
        alone = not behind or behind[0].text in ("USING", "INTO")
        return text[2].text if alone and text[2].kind == "string" else None
    if not text or text[0].kind != "string":
        return None
    pieces = [""]
    depth = 0
    for token in text:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if not depth and token.kind == "word" and token.text in ("USING", "INTO"):
            break
        if not depth and token.kind == "string":
            pieces.append(token.text)
        elif pieces[-1] != "%s" and token.text != "||":
            pieces.append("%s")
    return "".join(pieces)
