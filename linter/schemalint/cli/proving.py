"""The database that a run's rules are carried out on: which, and what is built in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from schemalint.cli.asked import Prove
from schemalint.cli.loading import Understood
from schemalint.ddl import written
from schemalint.finding import Finding, Severity
from schemalint.own_rules import NOT_PROVABLE
from schemalint.project.reading import fault
from schemalint.prove.database import BuildError, Database, NotProvable
from schemalint.prove.execution import Prover
from schemalint.prove.opening import opened
from schemalint.prove.scripts import statements


class Proving(msgspec.Struct):
    """What came of it: the `prover`, None where nothing could be carried out, and then why."""

    prover: Prover | None = None
    findings: tuple[Finding, ...] = ()


@contextmanager
def proving(asked: Prove, understood: Understood) -> Iterator[Proving]:
    """A database with the schema in it, for as long as its rules are judged."""
    schema = understood.schema
    shown = schema.files[0].path if schema.files else ""
    if schema.dialect is None:
        yield Proving(findings=(_told(shown, "nothing says which database it is for"),))
        return
    try:
        with opened(asked.target, schema.dialect) as database:
            failed = _build(database, understood, shown)
            if failed is not None:
                yield Proving(findings=(failed,))
                return
            yield Proving(Prover(database, every=asked.every))
    except NotProvable as error:
        yield Proving(findings=(_told(shown, error.message, error.help),))


def _build(database: Database, understood: Understood, shown: str) -> Finding | None:
    """Build the schema by its own SQL, or by what its language means in SQL; why it cannot be."""
    schema = understood.schema
    assert schema.dialect is not None
    try:
        if understood.scripts:
            database.build(statements(understood.scripts, schema.dialect))
        else:
            made = written(schema, schema.dialect)
            database.build([one.sql for one in made.statements])
    except BuildError as error:
        text = " ".join(error.statement.split())
        message = f"{database.name} refuses a statement of it: {error.message} (`{text[:200]}`)"
        return _told(shown, message)
    return None


def _told(shown: str, message: str, help: str | None = None) -> Finding:
    finding = fault(NOT_PROVABLE, shown, f"nothing was proven of `{shown}`: {message}", help=help)
    return msgspec.structs.replace(finding, severity=Severity.ERROR)
