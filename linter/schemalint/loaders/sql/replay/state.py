"""What a replay carries from statement to statement, and how a statement is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.catalog import Catalog, Key
from schemalint.loaders.sql.clauses import TableName, UnknownClause
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.grammar.blocks import Calls
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.migration_tables import MIGRATION_TABLES
from schemalint.loaders.sql.statements import CreateFunction
from schemalint.model import Dialect, Opaque
from schemalint.near_match import nearest
from schemalint.source import Span

# Two tables may each have an index of the same name there.
_INDEXES_BY_TABLE = (Dialect.MYSQL, Dialect.MARIADB, Dialect.SQLSERVER, Dialect.COCKROACHDB)


_HINTS = 20_000  # names that misspelt ones are compared with, at most


class Named(Protocol):
    """Anything with a name, or without."""

    @property
    def name(self) -> str | None: ...


class RefusedError(Exception):
    """The database itself would refuse the statement.

    Attributes:
        message: why, for people.
        span: what is at fault.
        tables: those that it was about, as they are called.
        removes: whether it could have taken a constraint away.
        harmless: nothing that rules speak of hangs on it.
        silent: nor is it worth a word.
    """

    def __init__(
        self,
        message: str,
        span: Span,
        tables: Iterable[str] = (),
        *,
        removes: bool = False,
        harmless: bool = False,
        silent: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.tables = tuple(tables)
        self.removes = removes
        self.harmless = harmless
        self.silent = silent


class Replay:
    """The catalog, and every problem met on the way to it.

    Attributes:
        dialect: whose DDL is replayed; None where nothing says so.
        index_names_are_tables: whether an index is called by a name within its table.
        temporary: tables that are gone when the session ends; no rule speaks of them.
        pragmas: SQLite's switches, as they were set last.
        unchecked: the file that has switched MySQL's foreign keys off.
        provided: schemas, folded, in which the platform has tables and functions of its own.
        calls: functions with what they call, by their identity, as far as that was asked for.
        guarded: inside a block whose errors are let pass.
        passed: how many were.
    """

    def __init__(self, dialect: Dialect | None, provided: Collection[str] = ()) -> None:
        self.dialect = dialect
        self.catalog = Catalog(dialect)
        self.provided = frozenset([self.catalog.fold(one) for one in provided])
        self.problems: list[Problem] = []
        self.guarded = False
        self.passed = 0
        self.temporary: set[Key] = set()
        self.pragmas: dict[str, bool] = {}
        self.unchecked: str | None = None
        self.calls: dict[int, tuple[CreateFunction, Calls | None]] = {}
        self._hints_left = _HINTS
        self._unclear: list[Opaque] = []  # statements that were not understood
        self.postgres_like = dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
        self.mysql_like = is_mysql(dialect)
        self.sqlite = dialect is Dialect.SQLITE
        self.index_names_are_tables = dialect in _INDEXES_BY_TABLE

    def is_temporary(self, name: TableName) -> bool:
        """Whether a name means a temporary table, which hides one that is not."""
        return bool(self.temporary) and (None, self.catalog.fold_table(name.name)) in self.temporary

    def checks_keys(self, span: Span) -> bool:
        """Whether foreign keys are checked when what stands at `span` is run."""
        return self.unchecked is None or self.unchecked != span.file.path

    def is_provided(self, name: TableName) -> bool:
        """Whether a name stands for something that the platform makes by itself."""
        return name.schema is not None and self.catalog.fold(name.schema) in self.provided

    # -- look-ups that refuse

    def table(self, name: TableName, *, removes: bool = False) -> Table:
        """The table called `name`.

        Raises:
            RefusedError: there is none.
        """
        found = self.catalog.table(name)
        if found is None:
            raise self.missing(name, removes=removes)
        return found

    def missing(
        self, name: TableName, *, removes: bool = False, harmless: bool = False
    ) -> RefusedError:
        """What is wrong where there is no table called `name`: nothing with those that the tools
        which run migrations make for themselves, nor with the platform's own."""
        tables = self.catalog.tables.values()
        hint, shown = "", name.name
        if name.schema is None or any(one.schema == name.schema for one in tables):
            hint = self.hint(name.name, tables)
        else:
            shown = f"{name.schema}.{name.name}"
        message = f"there is no table `{shown}` here{hint}"
        return RefusedError(
            message,
            name.span,
            [name.name],
            removes=removes,
            harmless=harmless,
            silent=name.name.lower() in MIGRATION_TABLES or self.is_provided(name),
        )

    def column(self, table: Table, name: str, span: Span, *, removes: bool = False) -> Column:
        """The column of `table` called `name`. Where not all are known, one that a statement names
        is there; of a view no rule needs to know.

        Raises:
            RefusedError: there is none.
        """
        found = self.catalog.column(table, name)
        if found is None and (table.more_columns or table.kind == "view"):
            found = Column(name, span, span, None)
            self.catalog.set_column(table, found)
        if found is None:
            hint = self.hint(name, table.columns.values())
            raise RefusedError(
                f"the table `{table.name}` has no column `{name}`{hint}",
                span,
                [table.name],
                removes=removes,
            )
        return found

    # -- what went wrong

    def hint(self, name: str, among: Collection[Named]) -> str:
        """What somebody may have meant who wrote a name that does not exist, as the end of a
        sentence. Where very much is wrong, no more is looked for."""
        self._hints_left -= len(among)
        if self._hints_left < 0:
            return ""
        near = nearest(name, [one.name for one in among if one.name is not None])
        return f"; did you mean `{near}`?" if near else ""

    @contextmanager
    def told(self, span: Span, table: Table | None = None) -> Iterator[None]:
        """What is refused inside is kept as the statement or clause at `span`, and no more; it is
        about `table` in any case."""
        try:
            yield
        except RefusedError as error:
            if table is not None and table.name not in error.tables:
                error.tables = (table.name, *error.tables)
            self.refused(error, span)

    def refused(self, error: RefusedError, statement: Span) -> None:
        """Keep the statement as one that was not replayed, unless its errors are let pass."""
        if self.guarded or error.silent:
            self.passed += not error.silent
            return
        before = self._unclear_before(error.tables)
        help_text = "a database would refuse this statement here; " + (
            "is a file missing, or are they in another order?"
            if before is None
            else f"or does {_place(before.span)}, which was not understood, change that?"
        )
        self.problems.append(Problem(error.message, error.span, warning=True, help=help_text))
        if not error.harmless:
            self._keep("statement", error.message, statement, error.tables, error.removes)

    def _unclear_before(self, tables: Collection[str]) -> Opaque | None:
        """The first statement that was not understood and may have made these tables, or changed
        them."""
        return next(
            (
                one
                for one in self._unclear
                if not one.tables or not {*tables}.isdisjoint(one.tables)
            ),
            None,
        )

    def columns_unknown(self, table: Table, why: str, span: Span) -> None:
        """Keep that not all columns of `table` could be told; `why` ends "which columns it"."""
        table.more_columns = True
        reason = f"which columns `{table.name}` {why} was not understood"
        self.opaque("query", reason, span, [table.name], removes=False)

    def not_followed(
        self, reason: str, span: Span, tables: Iterable[str], end: Span | None = None
    ) -> None:
        """Keep a statement that was understood, but not what it takes away from `tables`; at `end`
        if it does so later than where it stands."""
        self.problems.append(
            Problem(
                reason,
                span,
                warning=True,
                help="rules that this statement could touch are answered with `unknown`",
            )
        )
        place = f"line {span.place.line} of `{span.file.path}`"
        at = end or span
        self.catalog.obscure(
            Opaque("statement", span.text, f"{place}: {reason}", at, tuple(tables), removes=True)
        )

    def unknown_clause(
        self, clause: UnknownClause, tables: Iterable[str], *, removes: bool
    ) -> None:
        """Keep words that the grammar does not know."""
        self.problems.append(Problem(clause.reason, clause.span, warning=True))
        self.opaque("clause", clause.reason, clause.span, tables, removes)

    def opaque(
        self, kind: str, reason: str, span: Span, tables: Iterable[str], removes: bool
    ) -> None:
        """Keep something that was not understood; the problem is told apart."""
        kept = self._keep(kind, reason, span, tables, removes)
        if kind == "statement":
            self._unclear.append(kept)

    def _keep(
        self, kind: str, reason: str, span: Span, tables: Iterable[str], removes: bool
    ) -> Opaque:
        kept = Opaque(kind, span.text, f"{_place(span)}: {reason}", span, tuple(tables), removes)
        self.catalog.obscure(kept)
        return kept


def _place(span: Span) -> str:
    return f"line {span.place.line} of `{span.file.path}`"
