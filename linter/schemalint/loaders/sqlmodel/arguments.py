"""Reading the arguments of a call: what they say, and a gap for each that cannot be told."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.drafts import Gap
from schemalint.loaders.sqlmodel.values import Call, Constant, External, Unresolved, Value
from schemalint.source import Span

UNDEFINED = frozenset({"pydantic_core.PydanticUndefined", "pydantic.fields.Undefined"})


def path_of(value: Value | None) -> str:
    """The dotted path of something outside the project, or of what a call calls; else ""."""
    if isinstance(value, Call):
        value = value.callee
    return value.path if isinstance(value, External) else ""


def is_none(value: Value | None) -> bool:
    """Whether it is the constant None."""
    return isinstance(value, Constant) and value.value is None


def text_of(value: Value | None) -> str | None:
    """The text of a string, also inside `quoted_name("x", True)` and `conv("x")`."""
    if isinstance(value, Call) and path_of(value).rsplit(".", 1)[-1] in {"quoted_name", "conv"}:
        value = value.args[0] if value.args else None
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    return None


def argument_span(name: str, value: Value) -> Span:
    """The span of `name=value`, as far as the text in front of the value shows it."""
    span = value.span
    before = span.file.text[max(0, span.start - len(name) - 8) : span.start]
    at = before.rfind(name)
    if at < 0 or before[at + len(name) :].strip() != "=":
        return span
    return Span(span.file, span.start - (len(before) - at), span.end)


def entry_span(key: Value, value: Value) -> Span:
    """The span of `"name": value` in a dict; of the value, where the key stands elsewhere."""
    start, end = key.span.start, value.span.end
    together = key.span.file is value.span.file and start < end
    return Span(value.span.file, start, end) if together else value.span


class Arguments:
    """The arguments of one call, by name. `gaps` collects what could not be told of those read."""

    def __init__(self, call: Call, positional: tuple[str, ...] = ()) -> None:
        self.call = call
        self.gaps: list[Gap] = []
        self._values = dict(zip(positional, call.args, strict=False))
        for name, value in call.keywords:
            self._values[name] = value
        self._spread = next((value for name, value in call.keywords if name in {"", "**"}), None)
        if self._spread is not None:
            self.gaps.append(
                Gap(span=self._spread.span, reason="the arguments given by ** could not be told")
            )

    def value(self, name: str) -> Value | None:
        """What stands for `name`; None if nothing does, or pydantic's Undefined."""
        found = self._values.get(name)
        return None if path_of(found) in UNDEFINED else found

    def span(self, name: str) -> Span | None:
        """Where the value of `name` stands."""
        value = self._values.get(name)
        return value.span if value is not None else None

    def argument_span(self, name: str) -> Span | None:
        """Where `name=value` stands; see the function of this name."""
        value = self._values.get(name)
        return argument_span(name, value) if value is not None else None

    def flag(self, name: str) -> bool | None:
        """A truth value; None where it is not given, is None or cannot be told."""
        value = self.value(name)
        if value is None or is_none(value):
            return None
        if isinstance(value, Constant):
            return bool(value.value)
        self._gap(name, value)
        return None

    def number(self, name: str) -> int | None:
        """A whole number; None where it is not given, is None or cannot be told."""
        value = self.value(name)
        if value is None or is_none(value):
            return None
        if isinstance(value, Constant) and isinstance(value.value, int):
            return value.value
        self._gap(name, value)
        return None

    def text(self, name: str) -> str | None:
        """A string; None where it is not given, is None or cannot be told."""
        value = self.value(name)
        if value is None or is_none(value):
            return None
        text = text_of(value)
        if text is None:
            self._gap(name, value)
        return text

    def _gap(self, name: str, value: Value) -> None:
        reason = value.reason if isinstance(value, Unresolved) else "its value could not be told"
        self.gaps.append(Gap(span=value.span, reason=f"`{name}`: {reason}"))
