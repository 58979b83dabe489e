"""The business-rules document: YAML to typed rules, with places, and all its errors at once.

The frame around every rule (`id`, `says`, `enforced_by` ...) is read here; the parameters of a
kind are read as the annotations of its class say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from schemalint.documents.nodes import Fault, Mapping, Pair, Scalar, Unread, found, shortened
from schemalint.documents.nodes import Node as _Node
from schemalint.documents.nodes import Sequence as SequenceNode
from schemalint.documents.parameters import parameters, sample
from schemalint.documents.typed_values import NOT_READ, Reader, first_line
from schemalint.documents.yaml_source import read_yaml
from schemalint.finding import Related, Severity
from schemalint.model import Dialect, Layer
from schemalint.near_match import nearest
from schemalint.reference import Ref
from schemalint.rule import BusinessRule, Entity, Entry, Rulebook
from schemalint.source import SourceFile, Span

VERSION = 1
"""The version of the document's format that is read."""

TOP_LEVEL = ("version", "source", "closed", "entities", "rules")
"""The keys of the document, in the order in which people write them."""

FRAME = ("id", "says", "enforced_by", "because", "severity", "dialects")
"""The keys of a rule that are not its kind."""


class Kinds(Protocol):
    """Which kinds of business rule there are; `Registry` is one."""

    def kind(self, name: str) -> type[BusinessRule] | None:
        """The kind called `name`, or None."""
        ...

    def kinds(self) -> Iterable[str]:
        """The names of all kinds."""
        ...


def read_rulebook(files: Sequence[SourceFile], kinds: Kinds) -> tuple[Rulebook, tuple[Fault, ...]]:
    """The rulebook that `files` make up together, and everything that is wrong with it.

    Entries and entities without a fault are in the rulebook even where others have some. Faults
    come in the order of the files. Never raises for any text.
    """
    book = _Book(kinds)
    faults: list[Fault] = []
    for file in files:
        book.reader = Reader()
        book.read(file)
        faults += sorted(book.reader.faults, key=lambda fault: fault.span.start)
    return book.finished(), tuple(dict.fromkeys(faults))  # what aliases repeat is told once


class _Book:
    """What has been read so far, over all files."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.loaded: dict[str, type[BusinessRule] | None] = {}
        self.reader = Reader()
        self.yaml_faults: tuple[Fault, ...] = ()
        self.entries: list[Entry] = []
        self.entities: list[Entity] = []
        self.sources: list[tuple[str, Span]] = []
        self.closed_span: Span | None = None
        self.ids: dict[str, Span] = {}
        self.models: dict[str, Span] = {}

    def finished(self) -> Rulebook:
        return Rulebook(
            entries=tuple(self.entries),
            entities=tuple(self.entities),
            closed=self.closed_span is not None,
            closed_span=self.closed_span,
            sources=tuple(self.sources),
        )

    def kind(self, name: str) -> type[BusinessRule] | None:
        """The kind called `name`, or None."""
        if name not in self.loaded:
            self.loaded[name] = self.kinds.kind(name)
        return self.loaded[name]

    # -- the document

    def read(self, file: SourceFile) -> None:
        root, faults = read_yaml(file)
        self.reader.faults += faults
        self.yaml_faults = faults
        if isinstance(root, Mapping):
            self._document(root, file)
        elif root is None or (isinstance(root, Scalar) and root.null):
            if not faults:
                message = "the rulebook is empty"
                help = "begin it with `version: 1` and a list `rules:`"
                self.reader.fault(message, Span(file, 0, 0), help)
        elif not isinstance(root, Unread):
            self.reader.expected(
                "a mapping with `version` and `rules`",
                root,
                "the rulebook as a whole",
                "`version: 1` on the first line, then `rules:` and the list of rules",
            )

    def _document(self, root: Mapping, file: SourceFile) -> None:
        head = root.pairs[0].key.span if root.pairs else Span(file, 0, 0)
        pairs = {pair.key.text: pair for pair in root.pairs}
        unknown = [pair.key for pair in root.pairs if pair.key.text not in TOP_LEVEL]
        meant = {self._unknown_top_level(key) for key in unknown}
        if "version" in pairs or "version" not in meant:
            self._version(pairs.get("version"), head)
        if "source" in pairs:
            source = self._text(pairs["source"])
            if source is not None:
                node = pairs["source"].value
                span = node.inner if isinstance(node, Scalar) else node.span
                self.sources.append((source, span))
        if "closed" in pairs:
            pair = pairs["closed"]
            if self._value(bool, pair) is True and self.closed_span is None:
                self.closed_span = _whole(pair)
        if "entities" in pairs:
            self._entities(pairs["entities"])
        if "rules" in pairs:
            self._rules(pairs["rules"])
        elif "entities" not in pairs and not meant & {"rules", "entities"}:
            self.reader.fault("the rulebook lacks `rules`", head, "add a list `rules:`")

    def _unknown_top_level(self, key: Scalar) -> str | None:
        """Tell that the document has no such key; gives the one that seems meant."""
        if key.text in FRAME or self.kind(key.text) is not None:
            message = f"`{key.text}` belongs to a rule, not to the document"
            self.reader.fault(message, key.inner, "indent it below a `- id:` in the list `rules:`")
            return None
        return self.reader.unknown_key(key, TOP_LEVEL, "the rulebook has no key")

    def _version(self, pair: Pair | None, head: Span) -> None:
        if pair is None:
            message = "the rulebook does not say which version of the format it is written in"
            self.reader.fault(message, head, f"add `version: {VERSION}` as its first line")
            return
        version = self._value(int, pair)
        if version is not None and version != VERSION:
            self.reader.fault(
                f"this is version {version} of the rulebook's format; "
                f"schemalint reads version {VERSION}",
                pair.value.span,
                f"write `version: {VERSION}`, or use a newer schemalint",
            )

    # -- entities

    def _entities(self, pair: Pair) -> None:
        example = "`entities: {Customer: {says: Somebody who buys}}`"
        if isinstance(pair.value, Unread):
            return
        if not isinstance(pair.value, Mapping):
            self.reader.expected("a mapping of models", pair.value, "`entities`", example)
            return
        for one in pair.value.pairs:
            first = self.models.get(one.key.text)
            if first is not None:
                self.reader.fault(
                    f"the entity `{one.key.text}` is described twice",
                    one.key.span,
                    "keep one of them",
                    (Related("it stands here first", first),),
                )
                continue
            self.models[one.key.text] = one.key.span
            self._entity(one)

    def _entity(self, pair: Pair) -> None:
        owner = f"the entity `{pair.key.text}`"
        example = f"`{pair.key.text}: {{says: what it is}}`"
        body = pair.value
        if isinstance(body, Unread):
            return
        if not isinstance(body, Mapping):
            self.reader.expected("a mapping with `says`", body, owner, example)
            return
        sound = True
        for one in body.pairs:
            if one.key.text not in ("says", "fields"):
                self.reader.unknown_key(one.key, ("says", "fields"), f"{owner} has no key")
                sound = False
        said, listed = body.get("says"), body.get("fields")
        says = self._text(said) if said else None
        if said is None:
            self.reader.fault(f"{owner} lacks `says`", pair.key.inner, f"write {example}")
        fields = self._value(tuple[Ref, ...], listed) if listed else ()
        if sound and says is not None and fields is not None:
            model = Ref(pair.key.text, pair.key.inner)
            self.entities.append(Entity(model, says, fields, _whole(pair)))

    # -- rules

    def _rules(self, pair: Pair) -> None:
        example = "`rules:` and below it `- id: BR-01`, indented by two blanks"
        if isinstance(pair.value, Unread):
            return
        if not isinstance(pair.value, SequenceNode):
            self.reader.expected("a list of rules", pair.value, "`rules`", example)
        elif not pair.value.items:
            self.reader.fault("the list `rules` holds no rule", pair.value.span)
        else:
            for item in pair.value.items:
                self._rule(item)

    def _rule(self, node: _Node) -> None:
        if isinstance(node, Unread):
            return
        if isinstance(node, Mapping) and not node.pairs:
            if not self._told_inside(node.span):
                help_ = "write `- id: BR-01` and below it `says:` and a kind such as `unique:`"
                self.reader.fault("a rule says nothing", node.span, help_)
            return
        if not isinstance(node, Mapping):
            example = "`- id: BR-01` and below it `says:` and a kind such as `unique:`"
            self.reader.expected("a mapping", node, "each rule of the list `rules`", example)
            return
        known = len(self.reader.faults)
        pairs = {pair.key.text: pair for pair in node.pairs}
        others = [pair for pair in node.pairs if pair.key.text not in FRAME]
        unknown = [pair for pair in others if self.kind(pair.key.text) is None]
        meant = {self._unknown_in_rule(pair) for pair in unknown}
        id_span = self._id(pairs["id"]) if "id" in pairs else None
        if "id" not in pairs and "id" not in meant:
            self.reader.fault(
                "a rule lacks `id`",
                node.pairs[0].key.span,
                "add `id:` with the number that the rule has in the prose, such as `id: BR-01`",
            )
        says = self._text(pairs["says"]) if "says" in pairs else None
        if "says" not in pairs and "says" not in meant:
            self.reader.fault(
                f"{_name(pairs)} lacks `says`",
                _head(node, pairs),
                "add the sentence that the rule renders; it is shown in every finding",
            )
        enforced_by = self._given(Layer, pairs, "enforced_by", Layer.DATABASE)
        because = self._text(pairs["because"]) if "because" in pairs else None
        severity = self._given(Severity, pairs, "severity", Severity.ERROR)
        dialects = self._given(tuple[Dialect, ...], pairs, "dialects", ())
        if enforced_by is Layer.SERVICE and "because" not in {*pairs, *meant}:
            self.reader.fault(
                f"{_name(pairs)} is left to the service layer without a reason",
                pairs["enforced_by"].value.span,
                "add `because:` with the reason why the database cannot keep it",
            )
        kind = self._kind(others, unknown, node, pairs)
        rule = self._parameters(kind) if kind else None
        sound = len(self.reader.faults) == known and not self._told_inside(node.span)
        if sound and kind and rule and id_span and says:
            self.entries.append(
                Entry(
                    id=_text_of(pairs["id"]),
                    says=says,
                    rule=rule,
                    span=node.span,
                    id_span=id_span,
                    kind_span=kind.key.inner,
                    enforced_by=enforced_by,
                    because=because,
                    severity=severity,
                    dialects=tuple(dict.fromkeys(dialects)),
                )
            )

    def _told_inside(self, span: Span) -> bool:
        """Whether something in `span` is wrong as YAML, such as a key that stands twice."""
        return any(span.start <= fault.span.start < span.end for fault in self.yaml_faults)

    def _id(self, pair: Pair) -> Span | None:
        """The span of the rule's id; None if it is none that can be used."""
        if self._text(pair) is None or not isinstance(pair.value, Scalar):
            return None
        span = pair.value.inner
        first = self.ids.get(_text_of(pair))
        if first is not None:
            self.reader.fault(
                f"the id `{_text_of(pair)}` belongs to two rules",
                span,
                "every rule has an id of its own, over all files",
                (Related("the other rule with this id", first),),
            )
            return None
        self.ids[_text_of(pair)] = span
        return span

    def _kind(
        self, others: list[Pair], unknown: list[Pair], node: Mapping, pairs: dict[str, Pair]
    ) -> Pair | None:
        """The pair that is the rule's kind; None if there is not exactly one."""
        found_kinds = [pair for pair in others if pair not in unknown]
        if not found_kinds:
            if not any(isinstance(pair.value, Mapping) for pair in unknown):
                listed = ", ".join(f"`{name}`" for name in self.kinds.kinds())
                message = f"{_name(pairs)} has no kind: nothing says what it forbids"
                self.reader.fault(message, _head(node, pairs), f"add one of {listed}")
            return None
        if len(found_kinds) == 1:
            return found_kinds[0]
        first, *more = found_kinds
        names = ", ".join(f"`{pair.key.text}`" for pair in found_kinds)
        for pair in more:
            self.reader.fault(
                f"{_name(pairs)} has {len(found_kinds)} kinds, {names}; a rule has exactly one",
                pair.key.span,
                "make a rule of its own, with its own id, of each",
                (Related(f"`{first.key.text}` stands here", first.key.span),),
            )
        for pair in found_kinds:
            self._parameters(pair)  # for their faults
        return None

    def _unknown_in_rule(self, pair: Pair) -> str | None:
        """Tell that the key is neither a kind nor in the frame; gives the one that seems meant."""
        key = pair.key
        names = list(self.kinds.kinds())
        close = nearest(key.text, [*FRAME, *names])
        if isinstance(pair.value, Mapping) or close in names:
            return self.reader.unknown_key(key, names, "there is no kind of rule")
        return self.reader.unknown_key(key, FRAME, "a rule has no key")

    def _parameters(self, pair: Pair) -> BusinessRule | None:
        """The rule that `kind: {...}` says, or None if it is wrong."""
        name, body = pair.key.text, pair.value
        kind = self.kind(name)
        assert kind is not None, name  # only called for known kinds
        if isinstance(body, Unread):
            return None
        if not isinstance(body, Mapping):
            self._no_mapping(kind, pair)
            return None
        values = self.reader.struct(kind, body, f"`{name}`", pair.key.inner)
        if values is None:
            return None
        rule = kind(**values)
        for message, span in rule.inconsistencies():
            self.reader.fault(message, span or pair.key.inner)
        return rule

    def _no_mapping(self, kind: type[BusinessRule], pair: Pair) -> None:
        name = pair.key.text
        needed = [one for one in parameters(kind).values() if one.required]
        example = ", ".join(f"{one.name}: {sample(one.type)}" for one in needed)
        empty = isinstance(pair.value, Scalar) and pair.value.text == ""
        self.reader.fault(
            f"{found(pair.value)} stands where a mapping belongs: the parameters of `{name}`",
            pair.key.inner if empty else first_line(pair.value.span),
            f"write `{name}: {{{example}}}`",
        )

    # -- values

    def _text(self, pair: Pair) -> str | None:
        text: str | None = self._value(str, pair)
        return text

    def _value(self, type_: Any, pair: Pair) -> Any:
        """The pair's value as `type_`, or None if it is wrong."""
        read = self.reader.read(type_, pair.value, f"`{pair.key.text}`", pair.key.span)
        return None if read is NOT_READ else read

    def _given(self, type_: Any, pairs: dict[str, Pair], name: str, default: Any) -> Any:
        """The value of the key `name`; `default` if it is absent or wrong."""
        pair = pairs.get(name)
        read = self._value(type_, pair) if pair else None
        return default if read is None else read


def _text_of(pair: Pair) -> str:
    """A scalar's text on one line."""
    return " ".join(pair.value.text.split()) if isinstance(pair.value, Scalar) else ""


def _whole(pair: Pair) -> Span:
    """From the key to the end of the value; the key alone where the value is an alias's."""
    key, value = pair.key.span, pair.value.span
    return Span(key.file, key.start, value.end) if value.start >= key.end else key


def _name(pairs: dict[str, Pair]) -> str:
    """What to call a rule in a message."""
    text = _text_of(pairs["id"]) if "id" in pairs else ""
    return f"the rule `{shortened(text)}`" if text else "a rule"


def _head(node: Mapping, pairs: dict[str, Pair]) -> Span:
    """Where to say that something is missing from a rule: at its id, or else its first key."""
    id_pair = pairs.get("id")
    if id_pair is not None and isinstance(id_pair.value, Scalar) and id_pair.value.text:
        return id_pair.value.inner
    return node.pairs[0].key.span
