"""missing-down-order."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import ClassVar

import msgspec

from schemalint.model import Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook, Severity
from schemalint.source import SourceFile, Span
from schemalint_rules.example_schemas import sql_files

_OWN_FOLDER = ("migration.sql", "up.sql")
_SHORT = 6  # digits of a plain number; a time has more
_TIME = 12  # digits of a time of day; a date alone may well come twice
# As texts, since they are seldom needed: to compile them takes longer than to import this.
_NAME = r"""(?:["`\[]?\w+["`\]]?\s*\.\s*)?["`\[]?(\w+)"""
_MAKES_TABLE = (
    r"(?i)\b(?:CREATE\s+(?:\w+\s+){0,3}?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?|RENAME\s+TO\s+)" + _NAME
)
_CHANGES = (
    r"(?i)\b(?:TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?|ON\s+(?!DELETE|UPDATE|CONFLICT))"
    + _NAME
)
_MAKES_TYPE = r"(?i)\bCREATE\s+(?:TYPE|DOMAIN)\s+" + _NAME
_NEEDS = r"(?i)\b(?:REFERENCES|DROP\s+TABLE)\s+(?!IF\b)" + _NAME


class MissingDownOrder(DesignRule, frozen=True):
    """Migrations do not build a new database in the order in which they are applied.

    ## What it does
    Reports a statement of a migration that needs a table, a column or a type that only a later
    migration makes; a migration without a number among numbered ones; numbers that are compared
    as texts, so that 10 comes before 2; and, for information, two migrations of one timestamp
    that are about the same table.

    ## Why it matters
    The databases that exist got the migrations one by one, as they were written. A new one (for
    a test, a colleague, a disaster) gets them all at once, in the order of their names, and stops
    where something is missing. So does every tool that replays them.

    ## Use instead
    Give a migration the number that it is applied by. One that was applied already keeps its name:
    make what it needs in a migration before it.
    """

    id: ClassVar[str] = "missing-down-order"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        files = [file for file in schema.files if file.path.endswith(".sql")]
        if len(files) < 2:
            return
        for _, beside in groupby(files, key=_folder):  # of several, the folders' names decide
            yield from self._names(list(beside))
        if _may_be_too_early(files, schema):
            yield from self._needs(files, schema)

    # -- the names

    def _names(self, files: Sequence[SourceFile]) -> Iterator[Finding]:
        named = [_Named.of(file) for file in files]
        numbered = [one for one in named if one.digits]
        if 2 * len(numbered) > len(named):
            for one in named:
                if not one.digits:
                    yield self._about(
                        one,
                        f"the migration `{one.name}` has no number among {len(numbered)} that have "
                        "one: it is applied behind all of them, those to come included",
                    )
        for before, one in pairwise(numbered):
            if before.is_short and one.is_short and int(before.digits) > int(one.digits):
                yield self._about(
                    one,
                    f"the migration `{one.name}` is applied after `{before.name}`: these names are "
                    "compared as texts",
                    before,
                    help="write numbers of one length: `0002`, `0010`",
                )
        for _, group in groupby(numbered, key=lambda one: one.digits):
            yield from self._of_one_number(list(group))

    def _of_one_number(self, group: Sequence[_Named]) -> Iterator[Finding]:
        """Told once, and only where the order could matter: a timestamp that is made up, and ends
        in zeros, is often used twice a day."""
        first = group[0]
        if len(group) < 2 or not (first.is_short or len(first.digits) >= _TIME):
            return
        for number, one in enumerate(group):
            before = next((two for two in group[:number] if one.tables & two.tables), None)
            if before is not None:
                finding = self._about(
                    one,
                    f"the migrations `{before.name}` and `{one.name}` share one number and a "
                    "table: what comes behind the number decides which is applied first",
                    before,
                )
                yield msgspec.structs.replace(finding, severity=Severity.INFO)
                return

    def _about(
        self,
        one: _Named,
        message: str,
        other: _Named | None = None,
        help: str = "give it a number of its own, unless it was applied somewhere",
    ) -> Finding:
        related = [] if other is None else [Related("the other one", Span(other.file, 0, 0))]
        return self.finding(
            Span(one.file, 0, 0), message, path=one.name, related=related, help=help
        )

    # -- what is needed too early

    def _needs(self, files: Sequence[SourceFile], schema: Schema) -> Iterator[Finding]:
        from schemalint_rules.judging.migration_needs import Step, Thing, steps

        made: dict[Thing, tuple[int, Step]] = {}
        waiting: dict[tuple[int, Thing], Step] = {}
        for number, file in enumerate(files):
            for step in steps(file, schema.dialect):
                if step.makes:
                    made.setdefault(step.thing, (number, step))
                elif step.thing not in made and (step.of is None or step.of in made):
                    waiting.setdefault((number, step.thing), step)
        models = {model.table: model.name for model in schema.models}
        for (number, thing), step in waiting.items():
            later = made.get(thing)
            if later is None or later[0] <= number:
                continue  # nothing makes it, or the same file does: the loader tells
            maker = _Named.of(files[later[0]])
            yield self.finding(
                step.span,
                f"this needs {step.shown}, which only a later migration makes, `{maker.name}`: "
                "no new database can be built from these migrations",
                path=models.get(step.shown.split("`")[1], step.shown.split("`")[1]),
                label="needed here",
                related=[Related("made here", later[1].span)],
                help=f"make it before; or, if this migration was applied nowhere yet, give it a "
                f"number behind that of `{maker.name}`",
            )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql_files(
                "postgresql",
                {
                    "20240101000000_orders": """
                        CREATE TABLE orders (
                          id          INTEGER PRIMARY KEY,
                          customer_id INTEGER NOT NULL REFERENCES customers (id)
                        );
                        """,
                    "20240102000000_customers": """
                        CREATE TABLE customers (id INTEGER PRIMARY KEY);
                        """,
                },
            ),
            language="sql",
        ),
        Example(
            schema=sql_files(
                "sqlite",
                {
                    "10_notes": "CREATE TABLE notes (id INTEGER PRIMARY KEY);",
                    "2_customers": "CREATE TABLE customers (id INTEGER PRIMARY KEY);",
                },
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql_files(
                "postgresql",
                {
                    "20240101000000_customers": """
                        CREATE TABLE customers (id INTEGER PRIMARY KEY);
                        """,
                    "20240102000000_orders": """
                        CREATE TABLE orders (
                          id          INTEGER PRIMARY KEY,
                          customer_id INTEGER NOT NULL REFERENCES customers (id)
                        );
                        """,
                },
            ),
            language="sql",
        ),
    )


def _folder(file: SourceFile) -> str:
    """The folder in which the names of migrations are compared."""
    folder, base = os.path.split(file.path)
    return os.path.dirname(folder) if base in _OWN_FOLDER else folder


class _Named(msgspec.Struct, frozen=True):
    """A migration's file, its name, and the number that the name begins with, "" if none."""

    file: SourceFile
    name: str
    digits: str

    @classmethod
    def of(cls, file: SourceFile) -> _Named:
        folder, base = os.path.split(file.path)
        name = os.path.basename(folder) if base in _OWN_FOLDER else base.removesuffix(".sql")
        digits = re.match(r"[VB]?(\d+(?:[._-]\d+(?![A-Za-z\d]))*)", name)
        return cls(file, name, digits[1] if digits else "")

    @property
    def tables(self) -> set[str]:
        """The tables that the migration seems to make or to change, in lower case."""
        return {name.lower() for name in re.findall(_CHANGES, self.file.text)}

    @property
    def is_short(self) -> bool:
        return self.digits.isdecimal() and len(self.digits) <= _SHORT


def _may_be_too_early(files: Sequence[SourceFile], schema: Schema) -> bool:
    """Whether anything may be needed before it is made: a statement was refused, or a name or a
    foreign key stands in a file before the one that makes it. Reading all statements again has its
    price."""
    if any(one.kind == "statement" for one in schema.opaque):
        return True
    order = {file.path: number for number, file in enumerate(files)}
    made = {model.table: order.get(model.span.file.path, 0) for model in schema.models}
    keys = (key for model in schema.models for key in model.foreign_keys)
    if any(made.get(key.table, 0) > order.get(key.span.file.path, 0) for key in keys):
        return True
    tables, types = _first(files, _MAKES_TABLE), _first(files, _MAKES_TYPE)
    late_types = {name for name, number in types.items() if number}
    for number, file in enumerate(files):
        if any(tables.get(name.lower(), 0) > number for name in re.findall(_NEEDS, file.text)):
            return True
        words = set(re.findall(r"\w+", file.text.lower())) if late_types else set()
        if any(types[name] > number for name in late_types & words):
            return True
    return False


def _first(files: Sequence[SourceFile], pattern: str) -> dict[str, int]:
    """The number of the first file that seems to make each name."""
    found: dict[str, int] = {}
    for number, file in enumerate(files):
        for name in re.findall(pattern, file.text):
            found.setdefault(name.lower(), number)
    return found
