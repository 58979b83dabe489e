"""The database that rules are carried out on: which, what is built in it, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from schemalint.cli.asked import Prove
from schemalint.cli.loading import Understood
from schemalint.ddl import written
from schemalint.finding import Finding, Sent
from schemalint.model import Dialect
from schemalint.own_rules import NOT_PROVABLE
from schemalint.project.reading import fault
from schemalint.prove.database import BuildError, Database, NotProvable
from schemalint.prove.execution import Proof, Prover
from schemalint.prove.export import Exported, exported
from schemalint.prove.opening import opened
from schemalint.prove.scripts import statements
from schemalint.prove.trial import Outcome
from schemalint.report import Carried, Tried


class Proving(msgspec.Struct):
    """What came of it: the `prover`, None where nothing could be carried out, and then why.

    `built` are the statements that the schema was built by, on `database`.
    """

    asked: Prove
    prover: Prover | None = None
    findings: tuple[Finding, ...] = ()
    built: tuple[str, ...] = ()
    database: str = ""
    dialect: Dialect | None = None

    def carried(self) -> list[Carried]:
        """What became of each rule over each model."""
        proofs = self.prover.proofs if self.prover is not None else []
        return [_carried(proof, self.database) for proof in proofs]

    def exported(self) -> list[Exported]:
        """The files of it, if they are asked for."""
        if self.prover is None or self.dialect is None or not self.asked.export:
            return []
        return list(exported(self.prover.proofs, self.built, self.dialect, self.database))


@contextmanager
def proving(asked: Prove, understood: Understood) -> Iterator[Proving]:
    """A database with the schema in it, for as long as its rules are judged."""
    schema = understood.schema
    shown = schema.files[0].path if schema.files else ""
    if schema.dialect is None:
        told = _told(shown, "nothing says which database it is for", "name it: --dialect")
        yield Proving(asked, findings=(told,))
        return
    made = Proving(asked, dialect=schema.dialect)
    begun = False
    try:
        with opened(asked.target, schema.dialect) as database:
            made.database = database.name
            made.built = _built(database, understood, schema.dialect)
            made.prover = Prover(database, every=asked.every)
            begun = True
            yield made
    except NotProvable as error:
        if begun:
            raise
        made.findings = (_told(shown, error.message, error.help),)
        yield made
    except BuildError as error:
        if begun:
            raise
        text = " ".join(error.statement.split())
        refused = f"{made.database} refuses a statement of it: {error.message} (`{text[:200]}`)"
        made.findings = (_told(shown, refused, None),)
        yield made


def _built(database: Database, understood: Understood, dialect: Dialect) -> tuple[str, ...]:
    """Build the schema by its own SQL, or by what its language means in SQL; the statements.

    Raises:
        BuildError: the database refuses one.
        NotProvable: one is not sent to a database.
    """
    if understood.scripts:
        made = tuple(statements(understood.scripts, dialect))
    else:
        ddl = written(understood.schema, dialect)
        extensions = [f'CREATE EXTENSION IF NOT EXISTS "{name}"' for name in ddl.extensions]
        made = (*extensions, *(one.sql for one in ddl.statements))
    database.build(made)
    if dialect is Dialect.SQLITE:
        switch = "ON" if understood.schema.foreign_keys_enforced else "OFF"
        made = (*made, f"PRAGMA foreign_keys = {switch}")
    return made


def _told(shown: str, message: str, help: str | None) -> Finding:
    return fault(NOT_PROVABLE, shown, f"nothing was proven of `{shown}`: {message}", help=help)


# -- for the report --------------------------------------------------------------------------


def _carried(proof: Proof, database: str) -> Carried:
    return Carried(
        rule=proof.entry.id,
        model=proof.model.name,
        database=database,
        tried=tuple(_tried(one) for one in proof.outcomes),
        why_not=proof.why_not,
        shown=proof.shown is not None,
    )


def _tried(outcome: Outcome) -> Tried:
    sent = tuple(
        Sent(one.sql, None if one.refusal is None else one.refusal.message)
        for one in outcome.statements
    )
    attack = outcome.attack
    return Tried(attack.says, attack.aim, outcome.end, outcome.what, sent)
