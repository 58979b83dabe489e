"""The loader of SQLModel and SQLAlchemy models: Python text in, the common AST out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders import sqlite_foreign_keys
from schemalint.loaders.loaded import Beside, Loaded, Problem, Sources
from schemalint.loaders.sql.build import build_schema
from schemalint.loaders.sql.replay.run import replay_all
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sqlmodel.client import with_client_facts
from schemalint.loaders.sqlmodel.databases import (
    about_connections,
    assumed,
    named_dialect,
    switches_foreign_keys_on,
)
from schemalint.loaders.sqlmodel.declarations.drafted import draft_tables
from schemalint.loaders.sqlmodel.drafts import Gap, StatementDraft, TableDraft
from schemalint.loaders.sqlmodel.emission.ddl_types import gets
from schemalint.loaders.sqlmodel.emission.emit import emit
from schemalint.loaders.sqlmodel.emission.own_ddl import OwnDdl
from schemalint.loaders.sqlmodel.project import Project
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile, Span


class SqlModelLoader:
    """Loads SQLModel classes and SQLAlchemy's declarative models; implements `ModuleLoader`."""

    language = "sqlmodel"

    def load(
        self,
        files: Sequence[SourceFile],
        *,
        dialect: Dialect | None = None,
        sources: Sources | None = None,
    ) -> Loaded:
        """Load the tables that `files` declare, and those of the project that they import.

        For `dialect` if given, else for the one of a `create_engine` in the project, else for
        SQLite, or PostgreSQL where a type needs it, which a problem of severity info then says.
        Never raises for any text.
        """
        project = Project(files, sources)
        tables, statements, problems = draft_tables(project)
        problems = [*project.problems, *problems]
        if not tables and not problems:
            problems.append(_no_table(files))
        connections = about_connections(project) if tables else []
        if dialect is None:
            dialect = named_dialect(connections)
        if dialect is None and tables:
            dialect, said = assumed(tables)
            problems.append(said)
        built = _built(tables, statements, files, dialect, project.gaps())
        schema = built.schema
        if dialect is Dialect.SQLITE and switches_foreign_keys_on(connections):
            schema = sqlite_foreign_keys.switched_on(schema)
        return Loaded(schema, (*problems, *built.problems), built.beside)


def _no_table(files: Sequence[SourceFile]) -> Problem:
    """Said where there is nothing to judge: another file may have been meant."""
    return Problem(
        "no table is declared here: no class with `table=True`, no declarative model with a "
        "`__tablename__` and no `Table(...)`",
        Span(files[0], 0, 0),
        warning=True,
        help="name the module or the package with the models",
    )


def _built(
    tables: Sequence[TableDraft],
    statements: Sequence[StatementDraft],
    files: Sequence[SourceFile],
    dialect: Dialect | None,
    gaps: Sequence[Gap],
) -> Loaded:
    """The schema of what SQLAlchemy would emit, and of what listeners run beside it, with what the
    models say beyond it."""
    replay = Replay(dialect)
    own = OwnDdl(dialect)
    run = [one for one in statements if gets(one.only_on, dialect)]
    replay_all(replay, own.read(one for one in run if one.before))
    replay_all(replay, emit(tables, dialect))
    replay_all(replay, own.read(one for one in run if not one.before))
    schema = build_schema(replay.catalog, _sources(tables, files))
    problems = [
        own.placed(one) if own.is_of_text(one.span) else _of_models(one)
        for one in replay.problems
        if not own.is_elsewhere(one.span)
    ]
    refused = [*(one.span for one in replay.problems), *(one.span for one in schema.opaque)]
    schema = own.placed(with_client_facts(_without_others(schema, own), tables, gaps))
    beside = None
    if run:
        beside = Beside(
            declared=_built(tables, (), files, dialect, gaps).schema,
            before=own.sent(before=True, refused=refused),
            after=own.sent(before=False, refused=refused),
        )
    return Loaded(schema, (*own.problems, *problems), beside)


def _without_others(schema: Schema, own: OwnDdl) -> Schema:
    """The same without what modules that nothing imports run on tables that are not here."""
    names = {model.table for model in schema.models}
    opaque = tuple(
        one
        for one in schema.opaque
        if not one.tables or names & {*one.tables} or not own.is_elsewhere(one.span)
    )
    return msgspec.structs.replace(schema, opaque=opaque)


def _sources(tables: Sequence[TableDraft], files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files named, and those of the tables that they import."""
    found = {id(file): file for file in files}
    for table in tables:
        found.setdefault(id(table.span.file), table.span.file)
    return list(found.values())


def _of_models(problem: Problem) -> Problem:
    """What a database would refuse of the models' DDL, in words that fit models."""
    return msgspec.structs.replace(
        problem,
        help="the database would refuse the DDL that SQLAlchemy emits for this; is a module "
        "missing that declares the other table?",
    )
