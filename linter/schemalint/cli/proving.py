"""The database that rules are carried out on: which, what is built in it, what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

import msgspec

from schemalint.cli.asked import Prove
from schemalint.cli.loading import Understood
from schemalint.ddl import Ddl, Omission, written
from schemalint.engine import Checked, Execution
from schemalint.finding import Finding, Sent
from schemalint.loaders.loaded import Beside
from schemalint.model import Dialect, Schema
from schemalint.own_rules import NOT_PROVABLE
from schemalint.project.reading import fault
from schemalint.prove.database import BuildError, Database, NotProvable
from schemalint.prove.databases.opening import opened
from schemalint.prove.execution import Proof, Prover
from schemalint.prove.export import Exported, exported
from schemalint.prove.outcome import Outcome
from schemalint.prove.scripts import statements
from schemalint.report import Carried, Tried
from schemalint.source import SourceFile, Span

_WORTH_SHARING = 8  # rules: for fewer a second database costs more than it saves
_LONGEST_SHOWN = 200  # characters of a statement


class Proving(msgspec.Struct):
    """What came of it: the `prover`, None where nothing could be carried out, and then why.

    `built` are the statements that the schema was built by, on `source`, which is called
    `database`.
    """

    asked: Prove
    prover: Prover | None = None
    findings: tuple[Finding, ...] = ()
    built: tuple[str, ...] = ()
    source: Database | None = None
    database: str = ""
    dialect: Dialect | None = None
    foreign_keys: bool = True

    def judged(self, judge: Callable[[Execution | None], Checked]) -> Checked:
        """What `judge` makes of the schema, with what was seen on the database."""
        prover = self.prover
        if prover is None or self.dialect is None:
            return judge(None)
        judge(prover.collect)
        # Half of the time is spent waiting for a server.
        shared = self.dialect is not Dialect.SQLITE and prover.count >= _WORTH_SHARING
        with progress(prover.count) as done:
            prover.carry_out(done, self._second if shared else None)
            return judge(prover)

    @contextmanager
    def _second(self) -> Iterator[Database]:
        """Another database like the first."""
        assert self.source is not None
        with closing(self.source.another()) as database:
            database.build(self.built)
            yield database

    def carried(self) -> list[Carried]:
        """What became of each rule over each model."""
        proofs = self.prover.proofs if self.prover is not None else []
        return [_carried(proof, self.database) for proof in proofs]

    def exported(self) -> list[Exported]:
        """The files of it, if they are asked for."""
        if self.prover is None or self.dialect is None or not self.asked.export:
            return []
        built = self.built
        if self.dialect is Dialect.SQLITE:
            built = (*built, f"PRAGMA foreign_keys = {'ON' if self.foreign_keys else 'OFF'}")
        return list(exported(self.prover.proofs, built, self.dialect, self.database))


@contextmanager
def proving(asked: Prove, understood: Understood) -> Iterator[Proving]:
    """A database with the schema in it, for as long as its rules are judged."""
    schema = understood.schema
    made = Proving(asked, foreign_keys=schema.foreign_keys_enforced)
    with ExitStack() as stack:
        try:
            if schema.dialect is None:
                raise NotProvable("nothing says which database it is for", "name it: --dialect")
            database = stack.enter_context(opened(asked.target, schema.dialect))
            made.source, made.database = database, database.name
            if database.dialect is not schema.dialect:
                raise NotProvable(
                    f"it is judged for {schema.dialect}, and the server is {database.name}",
                    f"`--dialect {database.dialect}` judges and proves it for that one",
                )
            made.built, left_out = _built(database, understood, schema.dialect)
            made.dialect = schema.dialect
            made.prover = Prover(database, every=asked.every, left_out=left_out)
        except NotProvable as error:
            made.findings = (_told(schema, error.message, error.help),)
        except BuildError as error:
            made.findings = (_refused(error, understood, made.database),)
        yield made


@contextmanager
def progress(count: int) -> Iterator[Callable[[], None]]:
    """A bar on the terminal, where standard error is one; what is given is called at each step."""
    if count < _WORTH_SHARING or sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("carrying rules out", total=count)
        yield lambda: bar.advance(task)


def _built(
    database: Database, understood: Understood, dialect: Dialect
) -> tuple[tuple[str, ...], tuple[Omission, ...]]:
    """Build the schema by its own SQL, or by what its language means in SQL; the statements, and
    what could not be written.

    Raises:
        BuildError: the database refuses one.
        NotProvable: one is not sent to a database.
    """
    left_out: tuple[Omission, ...] = ()
    if understood.scripts:
        made = tuple(statements(understood.scripts, dialect))
    else:
        beside = understood.beside or Beside(understood.schema)
        ddl = _ddl(understood, dialect)
        left_out = ddl.omissions
        extensions = [f'CREATE EXTENSION IF NOT EXISTS "{name}"' for name in ddl.extensions]
        tables = [one.sql for one in ddl.statements]
        before, after = _sent(beside.before, dialect), _sent(beside.after, dialect)
        made = (*extensions, *before, *tables, *after)
    database.build(made)
    return made, left_out


def _ddl(understood: Understood, dialect: Dialect) -> Ddl:
    beside = understood.beside or Beside(understood.schema)
    return written(beside.declared, dialect)


def _refused(error: BuildError, understood: Understood, database: str) -> Finding:
    """A statement that the database does not take, where it stands, or what it makes does."""
    places = [
        Span(file, at, at + len(error.statement))
        for file in understood.scripts
        if (at := file.text.find(error.statement)) >= 0
    ]
    if not understood.scripts and understood.schema.dialect is not None:
        made = _ddl(understood, understood.schema.dialect).statements
        places = [one.span for one in made if one.sql == error.statement]
    text = " ".join(error.statement.split())
    text = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} ..."
    message = f"{database} refuses a statement of it: {error.message} (`{text}`)"
    told = _told(understood.schema, message, None)
    return msgspec.structs.replace(told, span=places[0]) if places else told


def _sent(texts: Sequence[str], dialect: Dialect) -> list[str]:
    return statements([SourceFile("", text) for text in texts], dialect)


def _told(schema: Schema, message: str, help: str | None) -> Finding:
    shown = schema.files[0].path if schema.files else ""
    what = f"`{shown}`" if len(schema.files) < 2 else "the schema"
    return fault(NOT_PROVABLE, shown, f"nothing was proven of {what}: {message}", help=help)


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
