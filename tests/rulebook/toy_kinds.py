"""Kinds of business rule that only these tests know, and how they look at faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import msgspec

from schemalint.documents.nodes import Fault
from schemalint.rule import BusinessRule, Condition, Models, Ref, Rulebook
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile, Span


class Distinct(BusinessRule, frozen=True, kw_only=True):
    """Two rows never agree.

    More words, which no editor shows.
    """

    kind: ClassVar[str] = "distinct"

    of: Models
    by: Annotated[tuple[Ref, ...], msgspec.Meta(description="The fields that tell rows apart.")]
    where: Condition | None = None
    ignore_case: bool = False
    nulls: Literal["differ", "equal"] | None = None


class Link(BusinessRule, frozen=True, kw_only=True):
    """A row points at a row."""

    kind: ClassVar[str] = "link"

    from_: Ref
    to: Ref
    most: int = 1
    label: str = ""
    between: tuple[Ref, Ref] | None = None


class Steps(BusinessRule, frozen=True, kw_only=True):
    """A field takes one of some values."""

    kind: ClassVar[str] = "steps"

    of: Ref
    values: tuple[Ref, ...]
    first: Ref | None = None
    then: dict[Ref, tuple[Ref, ...]] | None = None

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        known = {value.text for value in self.values}
        if self.first is not None and self.first.text not in known:
            yield f"`{self.first.text}` is none of the values", self.first.span
        if self.then is not None and len(self.then) > len(self.values):
            yield "there are more steps than values", None


class ToyKinds:
    """What the registry is to the reader."""

    def __init__(self) -> None:
        self.classes: dict[str, type[BusinessRule]] = {
            one.kind: one for one in (Distinct, Link, Steps)
        }

    def kind(self, name: str) -> type[BusinessRule] | None:
        return self.classes.get(name)

    def kinds(self) -> list[str]:
        return sorted(self.classes)


KINDS = ToyKinds()


def read(*texts: str) -> tuple[Rulebook, tuple[Fault, ...]]:
    """The rulebook of some files with these texts: a.yaml, b.yaml ..."""
    files = [SourceFile(f"{chr(97 + at)}.yaml", text) for at, text in enumerate(texts)]
    return read_rulebook(files, KINDS)


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    """Of each fault its place as `line:column-line:column` and its message."""
    return [(at(fault.span), fault.message) for fault in faults]


def at(span: Span) -> str:
    place = span.place
    return f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"
