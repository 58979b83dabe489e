"""Collects where a schema and its migrations differ, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemalint.finding import Finding, Related, Severity
from schemalint.model import Schema
from schemalint.own_rules import SCHEMA_MIGRATION_DRIFT
from schemalint.source import SourceFile, Span

# What to do where the migrations lack something, where the schema does, and where they differ.
TO_MIGRATE = (
    "`prisma migrate dev` writes the migration that is missing; or take this out of the schema"
)
TO_DECLARE = (
    "write it into the schema, as `prisma db pull` would; the next `prisma migrate dev` undoes it "
    "otherwise"
)
TO_AGREE = (
    "`prisma migrate dev` writes a migration that follows the schema; or let the schema say what "
    "the migrations do"
)
_MADE_OF_STATEMENTS = ("statement", "clause", "query", "indexes")
_WORD = re.compile(r"\w+")
_MOST_NAMED = 3  # of the statements that may have done it


class Drift:
    """The differences found so far.

    What a statement does that was not understood is not known, so that nothing is told of the
    tables that it is about, or of whatever it names, if that is not known either; what is told
    all the same then names the statement.
    """

    def __init__(self, migrated: Schema) -> None:
        self.findings: list[Finding] = []
        self._unsure: set[str] = set()
        self._of_any_table: list[Related] = []
        opaque = [*migrated.opaque, *(one for model in migrated.models for one in model.opaque)]
        for one in opaque:
            if one.kind in _MADE_OF_STATEMENTS:
                self._unsure.update(one.tables)
                if not one.tables:
                    message = "what this does was not understood; it may be what is missed here"
                    self._of_any_table.append(Related(message, one.span))
                    self._unsure.update(_WORD.findall(one.text))

    def in_order(self, files: Iterable[SourceFile]) -> tuple[Finding, ...]:
        """What was told, in the order of the files and of the places in them."""
        order = {id(file): number for number, file in enumerate(files)}
        return tuple(
            sorted(
                self.findings,
                key=lambda one: (order[id(one.span.file)], one.span.start) if one.span else (0, 0),
            )
        )

    def tell(
        self,
        path: str,
        message: str,
        at: Span,
        *related: Related,
        help: str,
        name: str,
    ) -> None:
        """Tell one difference.

        Args:
            path: the construct's symbolic name, `User.email`.
            at: where the schema says it, or the head of what it says nothing in.
            related: where the migrations say something else.
            name: what the table, or the type, is called that it is about, in the database.
        """
        if name in self._unsure:
            return
        self.findings.append(
            Finding(
                rule=SCHEMA_MIGRATION_DRIFT,
                name=SCHEMA_MIGRATION_DRIFT,
                message=message,
                span=at,
                severity=Severity.WARNING,
                path=path,
                related=(*related, *self._of_any_table[:_MOST_NAMED]),
                help=help,
            )
        )
