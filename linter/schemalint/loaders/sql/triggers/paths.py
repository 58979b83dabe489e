"""Every way through the steps of a body, with what it depends on and how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from schemalint.loaders.sql.lexer import is_postgres
from schemalint.loaders.sql.triggers.expression import (
    NULL,
    Expression,
    RowColumn,
    replaced,
    row_columns,
    text,
)
from schemalint.loaders.sql.triggers.plain import is_plain, may_fail
from schemalint.loaders.sql.triggers.resolve import Constants, resolved
from schemalint.loaders.sql.triggers.steps import (
    Assign,
    Choose,
    MayFail,
    Protected,
    Refuse,
    Return,
    Step,
    Steps,
    Unclear,
    Write,
)
from schemalint.model import Dialect

_MOST_PATHS = 200

Ending = Literal["refuse", "skip", "pass", "unclear"]


class Fact(msgspec.Struct, frozen=True, gc=False):
    """What holds on a path: `condition` (SQL) is true, or is not true (false or NULL).

    `settled`: all that the other side of the choice does is to refuse, so that leaving this out
    of the reasons to refuse refuses nothing more.
    """

    condition: str
    true: bool = True
    settled: bool = False


class Path(msgspec.Struct, frozen=True, gc=False):
    """One way through a body.

    `unsure`: it also depends on what is not known. `tainted`: something on it could have failed,
    or written anywhere.
    """

    facts: tuple[Fact, ...] = ()
    unsure: bool = False
    tainted: str = ""
    assigned: tuple[tuple[str, Expression], ...] = ()
    writes: tuple[str, ...] = ()
    ending: Ending | None = None


class Situation(msgspec.Struct, frozen=True):
    """In what circumstances a body runs.

    `missing` are the rows of NEW and OLD that there is none of (their columns are NULL);
    `constants` the trigger's variables; `returns` says what each RETURN means here; `unended` what
    reaching the end of the body means. `unset` are columns of NEW that are NULL still, `unsettled`
    those that may get another value; `columns` are all that there are, None where that is not
    known. These three are folded as `fold_column` does.
    """

    dialect: Dialect | None
    returns: Mapping[str, Ending]
    unended: Ending
    missing: frozenset[str] = frozenset()
    constants: Constants = {}
    unset: frozenset[str] = frozenset()
    unsettled: frozenset[str] = frozenset()
    columns: frozenset[str] | None = None


def fold_column(name: str, dialect: Dialect | None) -> str:
    """What tells columns apart: only PostgreSQL heeds the letter case of their stored names."""
    return name if is_postgres(dialect) else name.lower()


class TooManyPathsError(Exception):
    """There are more ways through a body than are followed."""


def paths(steps: Steps, situation: Situation) -> list[Path]:
    """Every path, ended.

    Raises:
        TooManyPathsError: there are too many.
    """
    walker = _Walker(situation)
    return [walker.ended(path) for path in walker.run(steps, [Path()])]


class _Walker:
    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.dialect = situation.dialect

    def ended(self, path: Path) -> Path:
        """The path with the ending that the end of the body is."""
        return path if path.ending else self._end(path, self.situation.unended)

    def run(self, steps: Steps, starts: Sequence[Path]) -> list[Path]:
        """The paths through `steps`; those that ended before are kept as they are."""
        found = list(starts)
        for step in steps:
            found = [after for path in found for after in self._step(step, path)]
            if len(found) > _MOST_PATHS:
                raise TooManyPathsError
        return found

    def _step(self, step: Step, path: Path) -> Iterator[Path]:
        if path.ending is not None:
            yield path
            return
        match step:
            case Refuse():
                yield self._end(path, "refuse")
            case Return(what=what):
                yield self._end(path, self.situation.returns[what])
            case Unclear(reason=reason):
                yield _changed(path, ending="unclear", tainted=reason)
            case MayFail(reason=reason):
                yield _changed(path, tainted=path.tainted or reason)
            case Write(table=table):
                known = path.writes if table in path.writes else (*path.writes, table)
                yield _changed(path, writes=known)
            case Assign():
                yield self._assign(step, path)
            case Choose():
                yield from self._choose(step, path)
            case Protected():
                yield from self._protected(step, path)

    def _end(self, path: Path, ending: Ending) -> Path:
        """What could have failed before an end that refuses refuses all the same."""
        if path.tainted and ending != "refuse":
            ending = "unclear"
        return _changed(path, ending=ending)

    def _assign(self, step: Assign, path: Path) -> Path:
        if "NEW" in self.situation.missing:
            return _changed(path, ending="unclear", tainted="it gives a value to no row")
        value = self._current(step.value, path)
        key = self._key(step.column)
        others = tuple([pair for pair in path.assigned if self._key(pair[0]) != key])
        tainted = path.tainted or self._doubt(value)
        if [part.text for part in value] == ["NULL"]:
            tainted = tainted or f"gives {step.column} no value, which the column may refuse"
        return _changed(path, assigned=(*others, (step.column, value)), tainted=tainted)

    def _choose(self, step: Choose, path: Path) -> list[Path]:
        found: list[Path] = []
        left = path
        for condition, steps in step.branches:
            answer = self._condition(condition, left)
            if answer is True:
                return _merged(path, [*found, *self.run(steps, [left])])
            if answer is False:
                continue
            if answer is None:
                doubt = left.tainted or self._doubt(condition)
                left = _changed(left, unsure=True, tainted=doubt)
                found.extend(self.run(steps, [left]))
                continue
            inside = self.run(steps, [_with(left, Fact(answer))])
            found.extend(inside)
            refuses = all(one.ending == "refuse" and not one.unsure for one in inside)
            left = _with(left, Fact(answer, true=False, settled=refuses))
        return _merged(path, [*found, *self.run(step.otherwise, [left])])

    def _protected(self, step: Protected, path: Path) -> list[Path]:
        """Any of the steps may fail, and a handler then goes on from there."""
        unsure = _changed(path, unsure=True)
        inside = self.run(step.steps, [unsure])
        if any(one.assigned != path.assigned for one in inside):
            return [_changed(unsure, ending="unclear", tainted="changes the row under a handler")]
        writes = tuple(dict.fromkeys([table for one in inside for table in one.writes]))
        failed = _changed(unsure, writes=writes)
        for handler in step.handlers:
            inside.extend(self.run(handler, [failed]))
        return _merged(path, inside)

    # -- expressions

    def _condition(self, condition: Expression, path: Path) -> str | bool | None:
        """The condition as SQL over NEW and OLD before the trigger; a bool where it is settled,
        None where it depends on more than the row."""
        found = resolved(condition, self.situation.constants)
        if isinstance(found, bool):
            return found
        if (
            self._reads_assigned(found, path)
            or self._reads_unsettled(found)
            or any(part.text in self.situation.missing for part in _bare(found))
        ):
            return None
        found = self._current(found, path)
        return text(found) if is_plain(found, self.dialect) else None

    def _reads_assigned(self, condition: Expression, path: Path) -> bool:
        """Whether it reads a column of NEW that got a value whose type the column may change."""
        assigned = self._assigned(path)
        for found in row_columns(condition, self.dialect):
            value = assigned.get(self._key(found.column)) if found.row == "NEW" else None
            if value is not None and not _is_old(value, found.column, self.dialect):
                return True
        return bool(assigned) and any(
            part.text == "NEW" and part.kind == "word" for part in _bare(condition)
        )

    def _reads_unsettled(self, condition: Expression) -> bool:
        """Whether it reads a column that there is not, or that may get another value yet."""
        columns = self.situation.columns
        return any(
            (columns is not None and self._key(found.column) not in columns)
            or (found.row == "NEW" and self._key(found.column) in self.situation.unsettled)
            for found in row_columns(condition, self.dialect)
        )

    def _doubt(self, expression: Expression) -> str:
        """Why the expression could end the statement or change a table; "" if it could not."""
        columns = self.situation.columns
        for found in row_columns(expression, self.dialect):
            if columns is not None and self._key(found.column) not in columns:
                return f"there is no column {found.column}"
        if may_fail(expression, self.dialect):
            return f"`{text(expression)}` could fail, or change a table"
        return ""

    def _assigned(self, path: Path) -> dict[str, Expression]:
        return {self._key(column): value for column, value in path.assigned}

    def _key(self, column: str) -> str:
        return fold_column(column, self.dialect)

    def _current(self, expression: Expression, path: Path) -> Expression:
        """The expression over the row as it was before the trigger."""
        assigned = self._assigned(path)

        def value(found: RowColumn) -> Expression | None:
            key = self._key(found.column)
            if found.row in self.situation.missing:
                return NULL
            if found.row == "OLD":
                return None
            return NULL if key in self.situation.unset else assigned.get(key)

        return replaced(expression, self.dialect, value)


def _changed(path: Path, **changes: object) -> Path:
    return msgspec.structs.replace(path, **changes)


def _with(path: Path, fact: Fact) -> Path:
    return _changed(path, facts=(*path.facts, fact))


def _merged(start: Path, found: list[Path]) -> list[Path]:
    """One path for all, where they go on alike and what was asked makes no difference."""
    first = found[0]
    if any(one.ending or one.assigned != first.assigned for one in found):
        return found
    tainted = next((one.tainted for one in found if one.tainted), "")
    writes = tuple(dict.fromkeys([table for one in found for table in one.writes]))
    return [_changed(start, assigned=first.assigned, tainted=tainted, writes=writes)]


def _is_old(value: Expression, column: str, dialect: Dialect | None) -> bool:
    """Whether the value is OLD's of the same column."""
    found = list(row_columns(value, dialect))
    return len(value) == 3 and len(found) == 1 and found[0][2:] == ("OLD", column)


def _bare(parts: Expression) -> Expression:
    """The rows in it that no column of theirs is asked of."""
    return tuple(
        [
            part
            for at, part in enumerate(parts)
            if part.text in ("NEW", "OLD")
            and not (
                at + 2 < len(parts)
                and parts[at + 1].text == "."
                and parts[at + 2].kind in ("word", "name")
            )
        ]
    )
