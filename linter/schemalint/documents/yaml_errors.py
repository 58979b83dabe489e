"""What the YAML library finds wrong with a text, said for people who do not know its insides.

The library's C part and its Python part word the same errors differently; what is looked for
here is what they have in common.
"""

from __future__ import annotations

from typing import Any

from schemalint.documents.nodes import Fault
from schemalint.finding import Related
from schemalint.source import SourceFile, Span

_ALIGN = (
    "lines of one mapping or list begin in the same column; look also for a missing `:`, quote or "
    "bracket in the line before"
)
_QUOTE = "put the whole text in quotes"


def explain(error: Any, file: SourceFile, base: int, bracket: Span | None) -> Fault:
    """The fault that a `yaml.MarkedYAMLError` means; `base` is added to its offsets; `bracket` is
    the innermost one that is open."""
    problem = str(error.problem or "")
    context = str(error.context or "")
    mark = error.problem_mark or error.context_mark
    length = len(file.text)
    at = min(mark.index + base, length) if mark is not None else length
    opening = error.context_mark
    opened = None
    if opening is not None and opening.index + base < at:
        opened = Span(file, opening.index + base, opening.index + base + 1)
    here = Span(file, at, min(at + 1, length))
    if bracket is not None and at == length and "quoted" not in context:
        closing = "]" if bracket.text == "[" else "}"
        return Fault(f"the bracket that opens here has no closing `{closing}`", bracket)
    message, help, span = _said(problem, context, here, opened)
    related: tuple[Related, ...] = ()
    if opened is not None and span is here and ("flow" in context or "quoted" in context):
        related = (Related("it begins here", opened),)
    return Fault(message, span, help, related)


def _said(
    problem: str, context: str, here: Span, opened: Span | None
) -> tuple[str, str | None, Span]:
    """Message, help and place of one error of the library."""
    letter = here.text
    if "tab character" in problem or (letter == "\t" and "cannot start any token" in problem):
        return "a tab stands here; YAML indents by spaces only", "use spaces", here
    if "cannot start any token" in problem:
        shown = "a backtick" if letter == "`" else f"`{letter}`"
        return f"an unquoted text cannot begin with {shown}", _QUOTE, here
    if "mapping values" in problem:
        return (
            "a `key: value` cannot stand here",
            f"if the `:` belongs to a text, put the whole text in quotes; {_ALIGN}",
            here,
        )
    if "expected ':'" in problem:
        return "this is no `key: value`: the `:` is missing", _ALIGN, opened or here
    if "end of stream" in problem and "quoted" in context:
        return "the quote that opens here is never closed", None, opened or here
    if "',' or ']'" in problem or "',' or '}'" in problem:
        closing = "]" if "',' or ']'" in problem else "}"
        return f"a `,` or `{closing}` is missing before this", None, here
    if "escape" in problem or "hex" in problem:
        return (
            "this is no escape that YAML knows in double quotes",
            "use single quotes, or write the backslash twice",
            here,
        )
    if "alphabetic" in problem:
        what = "an alias" if "alias" in context else "an anchor"
        sign = "*" if "alias" in context else "&"
        return (
            f"an unquoted `{sign}` begins {what} and needs a name behind it",
            f'write `"{sign}"` in quotes if the sign itself is meant',
            opened or here,
        )
    return _said_of_structure(problem, context, here)


def _said_of_structure(problem: str, context: str, here: Span) -> tuple[str, str | None, Span]:
    letter = here.text
    if "entries are not allowed" in problem:
        return "a list item `- ` cannot stand here", "begin the list on a line of its own", here
    if "node content" in problem:
        return "a value is missing before this" if letter else "a value is missing", None, here
    if "block scalar" in context:
        return (
            "nothing but a comment may stand on the line of a `|` or `>`",
            "begin the text on the next line",
            here,
        )
    if letter in ("]", "}"):
        return f"this `{letter}` closes nothing", None, here
    if "expected key" in problem or "'-' indicator" in problem or "<block end>" in problem:
        return "this does not fit into the list or mapping around it", _ALIGN, here
    if "document start" in problem:
        return "nothing may stand here", "a file holds one document", here
    if "tag" in context or "tag" in problem:
        return "a tag (`!...`) means nothing here", _QUOTE, here
    return f"this is not YAML: {problem or context}", None, here
