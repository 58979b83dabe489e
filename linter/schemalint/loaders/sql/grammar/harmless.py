"""SQL that is put together at run time, and that can only be a statement that is ignored anyway.

What migrations do to one table after the other: `EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL
SECURITY', name)`, or the same joined by `||`. What is put in stands for a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.run_texts import behind_bracket
from schemalint.loaders.sql.lexer import Token, fold, tokens, words
from schemalint.source import Span

_FIRST_WORDS = (
    ["ALTER", "DEFAULT"],
    ["CREATE", "SEQUENCE"],
    ["DROP", "ROLE"],
    ["DROP", "SEQUENCE"],
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
_PLACEHOLDER = re.compile(r"%(?:\d+\$)?[sIL]")
_PART = re.compile(r"""(?:[\w%$])+|"[^"]*\"""")
# Privileges bind the roles that they name, and no owner of a table; rows come and go.
_FIRST_WORD = words(
    "ANALYZE COPY DELETE GRANT INSERT LOCK NOTIFY REFRESH REVOKE TRUNCATE UPDATE VACUUM"
)
_CATALOGS = re.compile(r"\b(?:pg_|information_schema\b)", re.IGNORECASE)
_CASCADES = re.compile(r"(?<!DELETE)(?<!UPDATE)\s+CASCADE\b", re.IGNORECASE)
# A part of a partitioned table has the keys, checks and row triggers of the whole; that there are
# parts is known of the whole. Storage parameters say nothing of rows.
_NAME = r"""(?:[\w%$]|"[^"]*")+(?:\.(?:[\w%$]|"[^"]*")+)?"""
_TABLE = rf"""(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?{_NAME}"""
_PARTS = re.compile(
    rf"""\s*(?:CREATE\s+(?:UNLOGGED\s+)?TABLE\s+{_TABLE}\s*
        (?:PARTITION\s+OF\b[^;]*|\(\s*LIKE\b[^;]*)
    |ALTER\s+TABLE\s+{_TABLE}\s+(?:ATTACH\s+PARTITION\b|(?:RE)?SET\s*\()[^;]*);?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT = re.compile(
    rf"""\s*(?:ALTER\s+TABLE|DROP\s+TABLE|(?:ALTER|DROP)\s+INDEX(?:\s+CONCURRENTLY)?
    |CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:{_TABLE}\s+)?ON
    |(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?|DROP\s+)TRIGGER\s+{_TABLE}[^;]*?\sON)\s+
    (?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?P<table>{_NAME})(?=\s|;|\(|$)""",
    re.IGNORECASE | re.VERBOSE,
)
# Policies hide rows from some writers; no rule is kept or broken by them.
_ROW_SECURITY = re.compile(
    r"""\s*ALTER\s+TABLE\s+(IF\s+EXISTS\s+)?(ONLY\s+)?[\w.%$"]+\s+
    (ENABLE|DISABLE|FORCE|NO\s+FORCE)\s+ROW\s+LEVEL\s+SECURITY\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)

_OWNER = re.compile(
    rf"""\s*ALTER\s+(?:(?:MATERIALIZED\s+)?VIEW|TABLE|SEQUENCE|FUNCTION|PROCEDURE|ROUTINE|TYPE
        |DOMAIN|SCHEMA|INDEX)\s+
    {_TABLE}\s*(?:\([^();]*\)\s*)?OWNER\s+TO\s+{_NAME}\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)


def is_harmless(text: Sequence[Token], cursor: Cursor) -> bool:
    """Whether what EXECUTE runs, whatever names are put in, is a statement that is ignored."""
    template = _template(text)
    if template is None:
        return False
    if any(one.fullmatch(template) for one in (_ROW_SECURITY, _PARTS, _OWNER)):
        return True
    begun = [*tokens(template, cursor.dialect)]
    if any(token.text == ";" for token in begun[:-1]) or _CASCADES.search(template):
        return False
    if begun and begun[0].kind == "word" and begun[0].text in _FIRST_WORD:
        return _CATALOGS.search(template) is None
    return [token.text for token in begun[:2]] in _FIRST_WORDS


def touched(text: Sequence[Token], cursor: Cursor, span: Span) -> tuple[TableName, ...]:
    """The table that what EXECUTE runs is about, where its name is written or begins so: `%s` in it
    is what is put in. () for any."""
    template = _template(text)
    found = _ABOUT.match(template) if template is not None else None
    if template is None or found is None or ";" in template.rstrip("; \n\t"):
        return ()
    if _CASCADES.search(template):
        return ()
    parts = [_PLACEHOLDER.sub("%s", part) for part in _PART.findall(found["table"])]
    names = [part[1:-1] if part[0] == '"' else fold(part, cursor.dialect) for part in parts]
    if not re.sub("%s", "", names[-1]):
        return ()
    schema = names[-2] if len(names) > 1 and "%" not in names[-2] else None
    return (TableName(name=names[-1], schema=schema, span=span),)


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
