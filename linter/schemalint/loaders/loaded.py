"""What a loader gives back, and what it is: text in, a schema and its faults out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from schemalint.finding import Finding, Related, Severity
from schemalint.model import Dialect, Schema
from schemalint.own_rules import INVALID_SCHEMA, SCHEMA_WARNING
from schemalint.source import SourceFile, Span


class Problem(msgspec.Struct, frozen=True):
    """Something that the source language itself rejects (or, as a warning, frowns upon); a
    warning that is an `info`, too, is an assumption that the loader made."""

    message: str
    span: Span
    warning: bool = False
    info: bool = False
    related: tuple[Related, ...] = ()
    help: str | None = None

    @property
    def finding(self) -> Finding:
        """The problem as it is told: an `invalid-schema`, or a `schema-warning`."""
        severity = Severity.WARNING if self.warning else Severity.ERROR
        if self.info:
            severity = Severity.INFO
        rule = SCHEMA_WARNING if self.warning else INVALID_SCHEMA
        return Finding(
            rule=rule,
            name=rule,
            message=self.message,
            span=self.span,
            severity=severity,
            path=self.span.file.path,
            related=self.related,
            help=self.help,
        )


class Beside(msgspec.Struct, frozen=True):
    """SQL that a program runs `before` and `after` it creates the tables of `declared`, which is
    the schema without what that SQL makes; each text as it is sent, of one or several statements.
    """

    declared: Schema
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Loaded(msgspec.Struct, frozen=True):
    """A schema, as far as it could be understood, and every problem met on the way.

    `beside` is None where the schema's own language says all that makes it.
    """

    schema: Schema
    problems: tuple[Problem, ...] = ()
    beside: Beside | None = None


class Loader(Protocol):
    """Turns the files of one schema into the common AST. Pure: reads and runs nothing."""

    language: str

    def load(self, files: Sequence[SourceFile], *, dialect: Dialect | None = None) -> Loaded:
        """Load `files` as one schema, for `dialect` if given, else for the one they name.

        Never raises for any text: what is wrong is in `problems`.
        """
        ...


class ScriptLoader(Loader, Protocol):
    """A loader of scripts that build a database, some of which is there before they are run."""

    def load(
        self,
        files: Sequence[SourceFile],
        *,
        dialect: Dialect | None = None,
        provided: Collection[str] = (),
    ) -> Loaded:
        """Load `files`, run where what is in the schemas `provided` is there already; see
        `Loader.load`."""
        ...


class Sources(Protocol):
    """The other files of a project, for a language whose files import each other. Read when asked
    for, as text; nothing is ever run."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with the files that were asked for so far: not readable, or not UTF-8."""
        ...

    def module(self, name: str) -> SourceFile | None:
        """The file of the module or package (`__init__`) called `name`, dotted; None if there is
        none in the project, nor in the environment whose sources may be read."""
        ...

    def name_of(self, file: SourceFile) -> str:
        """The dotted name under which the project imports `file`."""
        ...

    def mentioning(self, *words: str) -> Sequence[SourceFile]:
        """The project's own files (not those of an environment) that hold one of `words`."""
        ...

    def version(self, package: str) -> str | None:
        """The version of an installed package that the project's lock or requirement files name."""
        ...


class ModuleLoader(Loader, Protocol):
    """A loader of a language whose files import each other."""

    def load(
        self,
        files: Sequence[SourceFile],
        *,
        dialect: Dialect | None = None,
        sources: Sources | None = None,
    ) -> Loaded:
        """Load `files`, and what they import of `sources`, as one schema; see `Loader.load`."""
        ...
