"""What a loader gives back, and what it is: text in, a schema and its faults out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from schemalint.finding import Finding, Related, Severity
from schemalint.model import Dialect, Schema
from schemalint.own_rules import INVALID_SCHEMA, SCHEMA_WARNING
from schemalint.source import SourceFile, Span


class Problem(msgspec.Struct, frozen=True):
    """Something that the source language itself rejects (or, as a warning, frowns upon)."""

    message: str
    span: Span
    warning: bool = False
    related: tuple[Related, ...] = ()
    help: str | None = None

    @property
    def finding(self) -> Finding:
        """The problem as it is told: an `invalid-schema`, or a `schema-warning`."""
        rule = SCHEMA_WARNING if self.warning else INVALID_SCHEMA
        return Finding(
            rule=rule,
            name=rule,
            message=self.message,
            span=self.span,
            severity=Severity.WARNING if self.warning else Severity.ERROR,
            path=self.span.file.path,
            related=self.related,
            help=self.help,
        )


class Loaded(msgspec.Struct, frozen=True):
    """A schema, as far as it could be understood, and every problem met on the way."""

    schema: Schema
    problems: tuple[Problem, ...] = ()


class Loader(Protocol):
    """Turns the files of one schema into the common AST. Pure: reads and runs nothing."""

    language: str

    def load(self, files: Sequence[SourceFile], *, dialect: Dialect | None = None) -> Loaded:
        """Load `files` as one schema, for `dialect` if given, else for the one they name.

        Never raises for any text: what is wrong is in `problems`.
        """
        ...
