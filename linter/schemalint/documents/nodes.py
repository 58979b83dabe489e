"""What YAML and TOML files are made of, with places: scalars, sequences, mappings, faults.

`yaml_source` and `toml_source` make these nodes, the rulebook and the settings are read from
them. Scalars keep the text as written: whether `NO` is a name or "false" is for the reader to
decide, who knows what belongs there.
"""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

import msgspec

from schemalint.finding import Finding, Related
from schemalint.source import Span

_TRUE = frozenset({"yes", "true", "on"})
_FALSE = frozenset({"no", "false", "off"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_FLOAT = r"[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?\Z"  # seldom needed
_BOOLEANS = frozenset(
    spelling for word in _TRUE | _FALSE for spelling in (word, word.capitalize(), word.upper())
)

Style = Literal["plain", "single", "double", "literal", "folded"]


class Fault(msgspec.Struct, frozen=True):
    """Something wrong in a rulebook or in settings: what, where, and what to do about it."""

    message: str
    span: Span
    help: str | None = None
    related: tuple[Related, ...] = ()

    def finding(self, rule: str) -> Finding:
        """The fault as it is told; `rule` is the id: `invalid-rulebook` or `invalid-settings`."""
        return Finding(
            rule=rule,
            name=rule,
            message=self.message,
            span=self.span,
            path=self.span.file.path,
            help=self.help,
            related=self.related,
        )


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A single value. `text` is its content, decoded; `span` covers it as written, quotes too."""

    text: str
    span: Span
    style: Style = "plain"

    @property
    def boolean(self) -> bool | None:
        """The truth value that YAML 1.1 gives to an unquoted `true`, `no`, `Off` ...; else None."""
        if self.style != "plain" or self.text not in _BOOLEANS:
            return None
        return self.text.lower() in _TRUE

    @property
    def integer(self) -> int | None:
        """The number, if this is an unquoted whole decimal number."""
        digits = (self.text[1:] if self.text[:1] in ("+", "-") else self.text).replace("_", "")
        if self.style != "plain" or not (digits.isascii() and digits.isdigit()):
            return None
        octal = digits[0] == "0" and digits != "0"
        return None if octal or len(digits) > 100 else int(self.text.replace("_", ""))

    @property
    def null(self) -> bool:
        """Whether nothing stands here (or `null` or `~`, unquoted)."""
        return self.style == "plain" and self.text in _NULL

    @property
    def inner(self) -> Span:
        """The span of the content: without the quotes, where nothing in them is escaped."""
        if (
            self.style in ("single", "double")
            and self.span.end - self.span.start == len(self.text) + 2
        ):
            return Span(self.span.file, self.span.start + 1, self.span.end - 1)
        return self.span


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """A list."""

    items: tuple[Node, ...]
    span: Span


class Pair(msgspec.Struct, frozen=True, gc=False):
    """`key: value` of a mapping."""

    key: Scalar
    value: Node


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """A mapping: each key once, in the order written, merged pairs last."""

    pairs: tuple[Pair, ...]
    span: Span

    def get(self, name: str) -> Pair | None:
        """The pair whose key is `name`, or None."""
        for pair in self.pairs:
            if pair.key.text == name:
                return pair
        return None


class Unread(msgspec.Struct, frozen=True, gc=False):
    """A place that could not be read, and whose fault was told already."""

    span: Span


Node: TypeAlias = Scalar | Sequence | Mapping | Unread


def found(node: Node) -> str:
    """What stands at `node`, in words that fit "... stands here"."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Unread):
        return "something unreadable"
    if node.style == "plain":
        if node.null:
            return "nothing" if node.text in ("", "~") else f"`{node.text}`"
        if node.boolean is not None:
            return f"the truth value `{node.text}`"
        if isinstance(plain_value(node), (int, float)):
            return f"the number `{node.text}`"
    return f"the text `{shortened(node.text)}`"


def shortened(text: str, limit: int = 40) -> str:
    """`text` on one line, cut behind `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def plain_value(node: Node) -> Any:
    """The content of a node as plain Python values, unquoted scalars resolved as YAML 1.1 does."""
    if isinstance(node, Sequence):
        return [plain_value(item) for item in node.items]
    if isinstance(node, Mapping):
        return {pair.key.text: plain_value(pair.value) for pair in node.pairs}
    if isinstance(node, Unread):
        return None
    if node.style != "plain":
        return node.text
    if node.null:
        return None
    if node.boolean is not None:
        return node.boolean
    if node.integer is not None:
        return node.integer
    if re.match(_FLOAT, node.text):
        return float(node.text.replace("_", ""))
    return node.text
