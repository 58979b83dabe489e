"""SQL that stands in Python as a text, read as statements of one database; and its places, which
are those of the Python file again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.parse import read_statements
from schemalint.loaders.sql.statements import Statement
from schemalint.loaders.sqlmodel.drafts import StatementDraft
from schemalint.loaders.sqlmodel.emission.quoting import quoted
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span, moved

# What `statement % context` takes of what DDL holds.
_FILLED = re.compile(r"%(?:\((?P<name>[^()]*)\)s|(?P<percent>%))?")
_Placed = TypeVar("_Placed")


class _Text(msgspec.Struct, frozen=True):
    """A text that was read: behind as many `blanks` as give it its lines in the Python file.

    `exact`: the file has it letter by letter at `span`, so that each of its places is one there.
    """

    draft: StatementDraft
    file: SourceFile
    span: Span
    blanks: int
    exact: bool


class OwnDdl:
    """Texts read for one dialect. `problems` are what SQLAlchemy would refuse of them."""

    def __init__(self, dialect: Dialect | None) -> None:
        self.problems: list[Problem] = []
        self._dialect = dialect
        self._texts: dict[int, _Text] = {}

    def read(self, drafts: Iterable[StatementDraft]) -> list[Statement]:
        """The statements of all of these, in their order."""
        found: list[Statement] = []
        for draft in drafts:
            sql = self._filled(draft)
            if sql is None:
                continue
            at = draft.span.text.find(sql)
            exact = at >= 0 and draft.span.text.count(sql) == 1
            span = draft.span.part(at, at + len(sql)) if exact else draft.span
            line, column = span.file.position(span.start)
            blanks = "\n" * (line - 1) + " " * (column - 1 if exact else 0)
            file = SourceFile(span.file.path, blanks + sql)
            self._texts[id(file)] = _Text(draft, file, span, len(blanks), exact)
            found += read_statements(file, self._dialect)
        return found

    def placed(self, value: _Placed) -> _Placed:
        """The same, all of its places in the Python files."""
        return moved(value, self._in_python) if self._texts else value

    def is_of_text(self, span: Span) -> bool:
        """Whether it is a place in a text that was read."""
        return id(span.file) in self._texts

    def sent(self, *, before: bool, refused: Iterable[Span]) -> tuple[str, ...]:
        """What is sent before the tables are created, or behind. What is `refused` of a module that
        nothing here imports is left out: it may be about another database."""
        wrong = {id(span.file) for span in refused if self.is_elsewhere(span)}
        texts = [one for key, one in self._texts.items() if key not in wrong]
        return tuple(one.file.text[one.blanks :] for one in texts if one.draft.before is before)

    def is_elsewhere(self, span: Span) -> bool:
        """Whether it is one in a text of a module that nothing here imports."""
        text = self._texts.get(id(span.file))
        return text is not None and not text.draft.imported

    def _in_python(self, span: Span) -> Span:
        text = self._texts.get(id(span.file))
        if text is None:
            return span
        if not text.exact:
            return text.span
        return text.span.part(span.start - text.blanks, span.end - text.blanks)

    def _filled(self, draft: StatementDraft) -> str | None:
        """The text as SQLAlchemy sends it; None where it fails to (`DDLCompiler.visit_ddl`)."""
        if not draft.filled:
            return draft.sql
        names = dict(draft.context)
        if draft.table is not None:
            table = self._quoted(draft.table)
            schema = self._quoted(draft.schema) if draft.schema is not None else ""
            names.setdefault("table", table)
            names.setdefault("schema", schema)
            names.setdefault("fullname", f"{schema}.{table}" if schema else table)
        untold: list[str] = []

        def put(match: re.Match[str]) -> str:
            if match["percent"]:
                return "%"
            if match["name"] in names:
                return names[match["name"]]
            untold.append(draft.sql[match.start() : match.start() + 20].split("\n")[0])
            return ""

        sql = _FILLED.sub(put, draft.sql)
        if not untold:
            return sql
        self.problems.append(
            Problem(
                f"SQLAlchemy cannot fill in this DDL: `{untold[0]}` stands for nothing here",
                draft.span,
                help="write `%%` for a percent sign; `%(table)s`, `%(schema)s` and `%(fullname)s` "
                "are there where the listener is one of a table",
            )
        )
        return None

    def _quoted(self, name: str) -> str:
        written = quoted(name)
        return f"`{name}`" if written != name and is_mysql(self._dialect) else written
