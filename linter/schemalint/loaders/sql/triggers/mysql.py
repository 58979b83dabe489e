"""MySQL's and MariaDB's bodies to steps."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.triggers.body import WRITES, harmless, has, reader, statement, write
from schemalint.loaders.sql.triggers.expression import Expression, until
from schemalint.loaders.sql.triggers.plpgsql import is_in
from schemalint.loaders.sql.triggers.steps import (
    Assign,
    Choose,
    MayFail,
    Refuse,
    Step,
    Steps,
    Unclear,
)
from schemalint.model import Dialect

_ENDS = ("END", "ELSEIF", "ELSE", "WHEN", "UNTIL")
_LOOPS = ("LOOP", "WHILE", "REPEAT", "FOR")


def read(body: str, dialect: Dialect | None) -> Steps:
    """The steps of a trigger's body, which is one statement.

    Raises:
        SyntaxFaultError: the body is not what MySQL asks for.
    """
    cursor = reader(body, dialect)
    steps = _Reader(cursor).statement()
    if not cursor.done:
        raise cursor.unexpected("the end of the body")
    return steps


class _Reader:
    """Reads statements; `conditions` are the SQLSTATEs that DECLARE gave names to."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.conditions: dict[str, str] = {}

    def steps(self) -> Steps:
        """Statements, up to the word that ends the list."""
        steps: list[Step] = []
        while not self.cursor.done and not self.cursor.at_any(*_ENDS):
            steps.extend(self.statement())
        return tuple(steps)

    def statement(self) -> Steps:
        cursor = self.cursor
        if cursor.peek(1).text == ":" and cursor.peek().kind in ("word", "name"):
            statement(cursor)
            cursor.at_token = len(cursor.tokens)
            return (Unclear("a labelled block can be left from inside"),)
        match cursor.peek().text:
            case "BEGIN":
                return self._block()
            case "IF":
                return (self._if(),)
            case "CASE":
                return (self._case(),)
            case "SIGNAL":
                return self._signal()
            case "SET":
                return self._set()
            case "DECLARE":
                return self._declare()
            case word if word in WRITES:
                return write(cursor)
            case "SELECT" | "CALL" | "DO":
                # A query for a table or a column that is not there is an old way to refuse.
                word = cursor.peek().text
                found = statement(cursor)
                if has(found, "INTO", "CALL") and has(found, "NEW"):
                    return (Unclear(f"{word} can change the row"),)
                return (MayFail(f"{word} can fail on purpose"),)
        left = cursor.peek().text
        cursor.at_token = len(cursor.tokens)
        return (Unclear(f"the statement {left} is not followed"),)

    def _block(self) -> Steps:
        self.cursor.expect("BEGIN")
        self.cursor.accept("NOT", "ATOMIC")
        steps = self.steps()
        if self.cursor.done and steps and isinstance(steps[-1], Unclear):
            return steps  # the rest was passed over
        self.cursor.expect("END")
        self._end()
        return steps

    def _end(self) -> None:
        if not self.cursor.done:
            self.cursor.expect(";")

    # -- choices

    def _if(self) -> Choose:
        self.cursor.expect("IF")
        branches = [self._branch()]
        otherwise: Steps = ()
        while self.cursor.accept("ELSEIF"):
            branches.append(self._branch())
        if self.cursor.accept("ELSE"):
            otherwise = self.steps()
        self.cursor.expect("END", "IF")
        self._end()
        return Choose(tuple(branches), otherwise)

    def _branch(self) -> tuple[Expression, Steps]:
        condition = until(self.cursor, "THEN")
        self.cursor.expect("THEN")
        return condition, self.steps()

    def _case(self) -> Choose:
        """CASE of statements: without ELSE, an error where no branch is taken."""
        self.cursor.expect("CASE")
        subject = until(self.cursor, "WHEN")
        branches = []
        otherwise: Steps = (Refuse(),)
        while self.cursor.accept("WHEN"):
            condition, steps = self._branch()
            branches.append((is_in(subject, condition) if subject else condition, steps))
        if self.cursor.accept("ELSE"):
            otherwise = self.steps()
        self.cursor.expect("END", "CASE")
        self._end()
        return Choose(tuple(branches), otherwise)

    # -- signals

    def _signal(self) -> Steps:
        """SIGNAL: an error, unless its class is that of warnings (case I23)."""
        self.cursor.expect("SIGNAL")
        state: str | None = None
        if self.cursor.accept("SQLSTATE"):
            self.cursor.accept("VALUE")
            state = self.cursor.string().text
        else:
            state = self.conditions.get(self.cursor.name().text.lower())
        statement(self.cursor)
        if state is None:
            return (Unclear("SIGNAL of a condition that is not declared here"),)
        return () if state.startswith("01") else (Refuse(),)

    def _declare(self) -> Steps:
        self.cursor.expect("DECLARE")
        found = statement(self.cursor)
        if has(found, "HANDLER"):
            self.cursor.at_token = len(self.cursor.tokens)
            return (Unclear("a handler lets errors pass"),)
        if has(found, "CONDITION"):
            name, value = found[0], found[-1]
            self.conditions[name.text.lower()] = value.text if value.kind == "string" else "HY000"
            return ()
        return harmless(found, self.cursor.dialect, "DECLARE")

    # -- values

    def _set(self) -> Steps:
        """SET of columns of NEW, and of variables."""
        self.cursor.expect("SET")
        steps: list[Step] = []
        while True:
            of_row = self.cursor.at("NEW", ".")
            if of_row:
                self.cursor.expect("NEW", ".")
            column = self.cursor.next() if not of_row else None
            name = self.cursor.name().text if of_row else ""
            if not (self.cursor.accept("=") or self.cursor.accept(":=")):
                statement(self.cursor)
                return (Unclear("SET of a setting"),)
            value = until(self.cursor, ",", ";")
            if of_row:
                steps.extend(_assigned(name, value))
            elif column is not None:
                steps.extend(_variable(value, self.cursor.dialect))
            if not self.cursor.accept(","):
                break
        self._end()
        return tuple(steps)


def _assigned(column: str, value: Expression) -> Steps:
    """A sentence in a column is an old way to refuse."""
    if len(value) == 1 and value[0].kind == "string" and " " in value[0].text:
        return (MayFail(f"the value given to {column} may be meant to fail"),)
    return (Assign(column, value),)


def _variable(value: Expression, dialect: Dialect | None) -> Steps:
    """A value that names what could be no variable at all is another."""
    if any(part.kind == "name" for part in value):
        return (MayFail("SET can fail on purpose"),)
    return harmless(value, dialect, "SET")
