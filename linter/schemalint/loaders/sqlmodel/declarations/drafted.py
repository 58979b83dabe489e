"""What a project declares, as drafts: tables, what listeners run beside them, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sqlmodel.declarations.backrefs import with_backrefs
from schemalint.loaders.sqlmodel.declarations.ddl_events import statements_of_listeners
from schemalint.loaders.sqlmodel.declarations.drafting import draft
from schemalint.loaders.sqlmodel.declarations.refusals import refusals
from schemalint.loaders.sqlmodel.declarations.tables import Tables
from schemalint.loaders.sqlmodel.declarations.version_tables import version_tables
from schemalint.loaders.sqlmodel.drafts import StatementDraft, TableDraft

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project


class Drafted(NamedTuple):
    """Every table of the project's files, in the order of their classes; what listeners run when
    they are created; and what SQLModel and SQLAlchemy would refuse about them."""

    tables: list[TableDraft]
    statements: list[StatementDraft]
    problems: list[Problem]


def draft_tables(project: Project) -> Drafted:
    """What the project declares. Never raises."""
    tables = Tables(project)
    tables.read()
    statements = statements_of_listeners(project, tables) if tables.declared else []
    drafts = [draft(table, tables, project) for table in tables.declared]
    problems = [problem for table in tables.declared for problem in table.problems]
    problems += tables.problems
    problems += refusals(tables.declared, drafts)
    problems += version_tables(tables.declared, tables.classes)
    return Drafted(with_backrefs(drafts, tables.backrefs(drafts)), statements, problems)
