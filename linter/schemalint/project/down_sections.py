"""Takes out of a migration what undoes it: its down section is run to go back, never to build.

Replaced by blanks, so that every place in the file stays where it is.
"""

from __future__ import annotations

import re

from schemalint.source import SourceFile

# dbmate; goose, sql-migrate and micrate; MyBatis; Play's evolutions; tern. One marker a line.
_MARKER = re.compile(
    r"""^[ \t]*(?:
        --[ \t]*migrate:(?P<dbmate>up|down)\b
      | --[ \t]*\+(?:goose|migrate|micrate)[ \t]+(?P<goose>up|down)\b
      | --[ \t]*//[ \t]*(?P<mybatis>@undo)\b
      | (?:\#|--)[ \t]*---[ \t]*!(?P<play>ups|downs)\b
      | (?P<tern>----[ \t]*create[ ]above[ ]/[ ]drop[ ]below[ ]----)
    ).*$""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_UP = frozenset(("up", "ups"))
_VISIBLE = re.compile(r"[^\r\n]")


def without_down(file: SourceFile) -> SourceFile:
    """The file with blanks for its down sections and for the lines that mark sections.

    A file without such markers is given back as it is.
    """
    markers = list(_MARKER.finditer(file.text))
    if not markers:
        return file
    text = file.text
    kept: list[str] = []
    at = 0
    up = True
    for marker in markers:
        kept.append(_shown(text[at : marker.start()], up=up))
        kept.append(_blank(marker.group()))  # `# --- !Ups` is no comment to every database
        words = marker.group("dbmate", "goose", "play")
        up = any(word is not None and word.lower() in _UP for word in words)
        at = marker.end()
    kept.append(_shown(text[at:], up=up))
    return SourceFile(file.path, "".join(kept))


def _shown(text: str, *, up: bool) -> str:
    return text if up else _blank(text)


def _blank(text: str) -> str:
    return _VISIBLE.sub(" ", text)
