"""The SQL loader: files of DDL in the order in which they are run, the common AST out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from schemalint.loaders.loaded import Loaded, Problem
from schemalint.loaders.sql.ansi_quotes import with_backticks
from schemalint.loaders.sql.build import build_schema
from schemalint.loaders.sql.dialect import stated_dialect
from schemalint.loaders.sql.grammar.programs import Procedures
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.parse import read_statements
from schemalint.loaders.sql.replay.run import replay_all
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.replay.switches import tell_switches
from schemalint.loaders.sql.transactions import without_rolled_back
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span


class SqlLoader:
    """Loads SQL DDL by replaying it; implements `ScriptLoader`.

    Logical names are the physical ones: a model is called like its table.
    """

    language = "sql"

    def load(
        self,
        files: Sequence[SourceFile],
        *,
        dialect: Dialect | None = None,
        provided: Collection[str] = (),
    ) -> Loaded:
        """Replay `files` in the order given, for `dialect` if given, else for the one that a
        comment in them names (`-- schemalint: dialect postgresql`).

        Never raises for any text. The problems are in the order of the files and of the places in
        them.

        Args:
            provided: database schemas that the platform fills by itself: what is in them is not
                missing.
        """
        stated, problems = stated_dialect(files)
        replay = Replay(dialect or stated, provided)
        read = files
        if is_mysql(replay.dialect):
            read = [with_backticks(file, replay.dialect) for file in files]
        procedures: Procedures = {}
        for file in read:
            statements = read_statements(file, replay.dialect, procedures)
            statements, undone = without_rolled_back(statements, replay.dialect)
            problems += undone
            replay_all(replay, statements)
        if replay.postgres_like and read:
            end = len(read[-1].text)
            tell_switches(replay, Span(read[-1], end, end))
        schema = build_schema(replay.catalog, read)
        return Loaded(schema, _in_order((files, read), [*problems, *replay.problems]))


def _in_order(
    versions: tuple[Sequence[SourceFile], ...], problems: list[Problem]
) -> tuple[Problem, ...]:
    """The problems, each once; `versions` are the files as given and as read."""
    order = {id(file): number for files in versions for number, file in enumerate(files)}
    unique = {
        (order[id(one.span.file)], one.span.start, one.span.end, one.message): one
        for one in problems
    }
    return tuple([unique[key] for key in sorted(unique)])
