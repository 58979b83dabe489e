"""Typed values out of nodes: what belongs in a place, and what is wrong with what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, get_args, get_origin

import msgspec

from schemalint.documents.nodes import (
    Fault,
    Mapping,
    Node,
    Pair,
    Scalar,
    Unread,
    found,
    plain_value,
    shortened,
)
from schemalint.documents.nodes import Sequence as SequenceNode
from schemalint.documents.parameters import (
    EXCEPT,
    NAME_OR_SWITCH,
    Given,
    bare_type,
    choices,
    parameters,
    sample,
    takes_except,
)
from schemalint.finding import Related
from schemalint.near_match import nearest
from schemalint.reference import Condition, Models, Ref
from schemalint.source import Span


class _NotRead:
    """What reading gives where the value is wrong; its fault was told."""


NOT_READ: Final = _NotRead()


class Reader:
    """Reads nodes as types and collects every fault in `faults`.

    `of_settings`: a list may be empty, and a name must be a text; in a rulebook a list names
    something, and every scalar can be a name (`NO` and `1` as values of an enum). `toml`: examples
    in messages are TOML.
    """

    def __init__(self, *, of_settings: bool = False, toml: bool = False) -> None:
        self.faults: list[Fault] = []
        self.of_settings = of_settings
        self.toml = toml

    def fault(
        self, message: str, span: Span, help: str | None = None, related: Iterable[Related] = ()
    ) -> _NotRead:
        """Note a fault; gives `NOT_READ`, for `return reader.fault(...)`."""
        self.faults.append(Fault(message, span, help, tuple(related)))
        return NOT_READ

    def struct(
        self, struct: type[msgspec.Struct], node: Mapping, owner: str, place: Span
    ) -> dict[str, Any] | None:
        """The arguments to make `struct` with, read from `node`; None if any is wrong. See
        `arguments`."""
        values, sound = self.arguments(struct, node, owner, place)
        return values if sound else None

    def arguments(
        self, struct: type[msgspec.Struct], node: Mapping, owner: str, place: Span
    ) -> tuple[dict[str, Any], bool]:
        """The sound arguments to make `struct` with, and whether that is all of them.

        Args:
            owner: what the parameters belong to, for messages: "`unique`".
            place: to blame where something is missing.
        """
        known = parameters(struct)
        allowed = [*known, EXCEPT] if takes_except(known) else list(known)
        values: dict[str, Any] = {}
        meant: set[str | None] = set()
        given: set[str] = set()
        sound = True
        excluded: tuple[Ref, ...] = ()
        for pair in node.pairs:
            name = pair.key.text
            if name == EXCEPT and EXCEPT in allowed and EXCEPT not in known:
                read = self.read(tuple[Ref, ...], pair.value, "`except`", pair.key.span)
                sound = sound and read is not NOT_READ
                excluded = () if read is NOT_READ else read
                continue
            parameter = known.get(name)
            if parameter is None:
                meant.add(
                    self.unknown_key(
                        pair.key,
                        allowed,
                        f"{owner} has no {'key' if self.of_settings else 'parameter'}",
                    )
                )
                sound = False
                continue
            read = self.read(parameter.type, pair.value, f"`{name}`", pair.key.span)
            given.add(name)
            if read is NOT_READ:
                sound = False
            else:
                values[parameter.attribute] = read
        for parameter in known.values():
            if not parameter.required or parameter.name in given:
                continue
            sound = False
            if parameter.name not in meant:
                self.fault(
                    f"{owner} lacks `{parameter.name}`",
                    place,
                    f"add `{parameter.name}: {sample(parameter.type)}`"
                    + (f": {parameter.description}" if parameter.description else ""),
                )
        if excluded and "of" in values:
            values["of"] = msgspec.structs.replace(values["of"], excluded=excluded)
        return values, sound

    def unknown_key(self, key: Scalar, allowed: Sequence[str], says: str) -> str | None:
        """Tell that `key` is none of `allowed` ("`says` `key`"); gives the one that seems meant."""
        self.fault(f"{says} `{shortened(key.text)}`", key.inner, _choice(key.text, allowed))
        return nearest(key.text, allowed)

    def read(self, bare: Any, node: Node, what: str, key: Span) -> Any:
        """`node` as a value of the type `bare`, or `NOT_READ`.

        Args:
            what: the name of what is read, for messages, backticks around it.
            key: where that name stands; blamed where no value does.
        """
        if isinstance(node, Unread):
            return NOT_READ
        if isinstance(node, Scalar) and node.style == "plain" and node.text in ("", "~"):
            return self.fault(
                f"{what} has no value",
                key if node.span.start == node.span.end else node.span,
                f"write {self.example(what, bare)}, or take the key away",
            )
        if bare == NAME_OR_SWITCH:
            if isinstance(node, Scalar) and node.boolean is not None:
                return node.boolean
            bare = Ref
        if bare is Ref:
            return self._ref(node, what)
        if bare is Models:
            return self._models(node, what)
        if bare is Condition:
            return self._condition(node, what)
        if bare is bool:
            return self._boolean(node, what)
        if bare is int:
            return self._integer(node, what)
        if bare is str:
            return self.text(node, what)
        if bare is Given:
            return Given(plain_value(node), node.span)
        if bare == tuple[Ref, Ref]:
            return self._pair(node, what)
        origin, arguments = get_origin(bare), get_args(bare)
        if origin is tuple:
            return self._list(bare_type(arguments[0])[0], node, what, key)
        if origin is dict:
            return self._mapping(arguments[0], bare_type(arguments[1])[0], node, what)
        return self._choice(bare, node, what)

    def example(self, what: str, bare: Any, value: str = "") -> str:
        """How to write a value of the type, in the language of the file, in backticks."""
        key = what.strip("`").rpartition(".")[2]
        value = value or sample(bare, toml=self.toml)
        return f"`{key} = {value}`" if self.toml else f"`{key}: {value}`"

    # -- one reader for each type

    def expected(self, belongs: str, node: Node, what: str, example: str) -> _NotRead:
        """Tell that something else stands where `belongs` does."""
        return self.fault(
            f"{found(node)} stands where {belongs} belongs: {what}",
            node.span if isinstance(node, Scalar) else first_line(node.span),
            f"write {example}",
        )

    def _ref(self, node: Node, what: str) -> Any:
        if not isinstance(node, Scalar):
            return self.expected("one name", node, what, self.example(what, Ref))
        if self.of_settings and not isinstance(plain_value(node), str):
            return self.expected("a text", node, what, self.example(what, Ref))
        block = node.style in ("literal", "folded")  # these end with a line end
        return Ref(node.text.strip() if block else node.text, node.inner)

    def _models(self, node: Node, what: str) -> Any:
        refs = self._list(Ref, node, what, node.span)
        if refs is NOT_READ:
            return NOT_READ
        stars = [ref for ref in refs if ref.text == "*"]
        if stars and len(refs) > 1:
            return self.fault(
                '`"*"` already means every model; the other names beside it say nothing',
                stars[0].span,
                'write `"*"` alone; `except: [...]` takes models away',
            )
        return Models(() if stars else refs, bool(stars), node.span)

    def _condition(self, node: Node, what: str) -> Any:
        if not isinstance(node, Scalar):
            return self.expected("a condition", node, what, self.example(what, Condition))
        if not node.text.strip():
            return self.fault(f"the condition {what} is empty", node.span)
        from schemalint.condition.parse import ConditionError, parse_condition  # imports sqlglot

        try:
            term = parse_condition(node.text)
        except ConditionError as error:
            return self.fault(f"{what}: {error.message}", _part(node, error.start, error.end))
        return Condition(node.text, term, node.inner)

    def _boolean(self, node: Node, what: str) -> Any:
        value = node.boolean if isinstance(node, Scalar) else None
        if value is not None:
            return value
        if isinstance(node, Scalar) and node.text.lower() in ("true", "false"):
            return self.fault(
                f"the text `{node.text}` stands where `true` or `false` belongs: {what}",
                node.span,
                f"take the quotes away: {self.example(what, bool, node.text.lower())}",
            )
        return self.expected("`true` or `false`", node, what, self.example(what, bool))

    def _integer(self, node: Node, what: str) -> Any:
        value = node.integer if isinstance(node, Scalar) else None
        if value is None:
            return self.expected("a whole number", node, what, self.example(what, int))
        return value

    def text(self, node: Node, what: str) -> Any:
        """A text that says something; `NOT_READ` if it is blank or no text."""
        if not isinstance(node, Scalar):
            return self.expected("a text", node, what, self.example(what, str))
        if not node.text.strip():
            return self.fault(f"{what} is blank", node.span, "write what it is to say")
        return node.text.strip()

    def _list(self, item: Any, node: Node, what: str, key: Span) -> Any:
        """A list of `item`s; a single scalar is a list of one."""
        if isinstance(node, Mapping):
            return self.expected("a list", node, what, self.example(what, tuple[item, ...]))
        if isinstance(node, Scalar):
            one = self.read(item, node, what, key)
            return NOT_READ if one is NOT_READ else (one,)
        assert isinstance(node, SequenceNode)
        if not node.items and not self.of_settings:
            return self.fault(
                f"the list {what} is empty",
                node.span,
                f"write {self.example(what, tuple[item, ...])}, or take the key away",
            )
        read = tuple([self.read(item, one, what, one.span) for one in node.items])
        if any(one is NOT_READ for one in read):
            return NOT_READ
        return read if self._distinct(read, what) else NOT_READ

    def _pair(self, node: Node, what: str) -> Any:
        """Two names in a list, which may be the same one twice."""
        if not isinstance(node, SequenceNode) or len(node.items) != 2:
            belongs = "a list of two names"
            return self.expected(belongs, node, what, self.example(what, tuple[Ref, Ref]))
        read = tuple([self.read(Ref, one, what, one.span) for one in node.items])
        return NOT_READ if any(one is NOT_READ for one in read) else read

    def _distinct(self, read: tuple[Any, ...], what: str) -> bool:
        first: dict[str, Ref] = {}
        sound = True
        for ref in read:
            if not isinstance(ref, Ref):
                continue
            if ref.text in first:
                related = (Related("it stands here first", first[ref.text].span),)
                message = f"`{ref.text}` stands twice in the list {what}"
                self.fault(message, ref.span, "keep one of them", related)
                sound = False
            first.setdefault(ref.text, ref)
        return sound

    def _mapping(self, key_type: Any, value_type: Any, node: Node, what: str) -> Any:
        if not isinstance(node, Mapping):
            example = self.example(what, dict[key_type, value_type])
            return self.expected("a mapping", node, what, example)
        read: dict[Any, Any] = {}
        for pair in node.pairs:
            key = Ref(pair.key.text, pair.key.inner) if key_type is Ref else pair.key.text
            read[key] = self._entry(value_type, pair, what)
        return NOT_READ if any(one is NOT_READ for one in read.values()) else read

    def _entry(self, value_type: Any, pair: Pair, what: str) -> Any:
        inner = f"`{what.strip('`')}.{pair.key.text}`"
        empty = isinstance(pair.value, SequenceNode) and not pair.value.items
        if empty and get_origin(value_type) is tuple:
            return ()  # `SHIPPED: []` says that nothing follows
        return self.read(value_type, pair.value, inner, pair.key.span)

    def _choice(self, bare: Any, node: Node, what: str) -> Any:
        """A `Literal` of texts or an `Enum` of texts."""
        by_text = choices(bare)
        if not isinstance(node, Scalar):
            listed = " or ".join(f"`{text}`" for text in by_text)
            return self.expected(listed, node, what, self.example(what, bare))
        if node.text in by_text:
            return by_text[node.text]
        return self.fault(
            f"{what} cannot be `{shortened(node.text)}`",
            node.inner,
            _choice(node.text, list(by_text)),
        )


def _choice(text: str, allowed: Sequence[str]) -> str:
    """What could be meant by `text`, and what may stand there."""
    close = nearest(text, allowed)
    listed = ", ".join(f"`{one}`" for one in allowed)
    meant = f"did you mean `{close}`? " if close else ""
    return f"{meant}allowed: {listed}" if allowed else "nothing may stand here"


def first_line(span: Span) -> Span:
    """`span` up to the end of the line on which it begins: a whole block would hide the point."""
    lines = span.text.splitlines()
    return Span(span.file, span.start, span.start + len(lines[0]) if lines else span.end)


def _part(scalar: Scalar, start: int, end: int) -> Span:
    """Where the characters `start` to `end` of the scalar's text stand in the file."""
    from schemalint.documents.yaml_source import (
        origins,  # imports the YAML library, which TOML needs not
    )

    ranges = origins(scalar)
    if not ranges or start < 0:
        return scalar.span
    file, last = scalar.span.file, ranges[-1][1]
    first = ranges[start][0] if start < len(ranges) else last
    if end <= start:
        return Span(file, first, first)
    return Span(file, first, max(first, ranges[min(end, len(ranges)) - 1][1]))
