"""PostgreSQL's DO: a block of PL/pgSQL, as far as its statements are DDL that can be replayed.

What migrations write: DDL under a guard that asks the catalog whether it is needed still, or under
a handler that lets the error pass that it is not. What depends on data, on variables or on SQL
that is put together at run time is kept as a statement that was not understood.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders.sql.clauses import Sql, TableName
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.data import called_in
from schemalint.loaders.sql.grammar.guards import asks_catalog, is_about, passes_repetition
from schemalint.loaders.sql.grammar.harmless import is_harmless
from schemalint.loaders.sql.grammar.outcomes import ignored, not_modelled, whole
from schemalint.loaders.sql.grammar.routines import quoted_body
from schemalint.loaders.sql.lexer import Token, is_mysql, tokens, words
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterTable,
    Block,
    Call,
    CreateFunction,
    CreateIndex,
    CreateTable,
    Drop,
    DropColumn,
    DropConstraint,
    Ignored,
    NotUnderstood,
    Statement,
    ValidateConstraint,
)
from schemalint.model import Dialect
from schemalint.source import Span

_DDL = words("CREATE ALTER DROP EXECUTE PERFORM CALL RENAME COMMENT")
_LOOPS = ("FOR", "FOREACH", "WHILE", "LOOP")
_SAYS_NOTHING = ("NULL", "RAISE", "GET", "ASSERT", "EXIT", "CONTINUE")
_DEEPEST = 50
_STEPS = (CreateTable, CreateIndex, Drop, AddColumn, DropColumn, AddConstraint, DropConstraint)
_ENDS = ("END", "EXCEPTION", "ELSIF", "ELSEIF", "ELSE", "WHEN")


def read_do(cursor: Cursor) -> Block | Ignored | NotUnderstood:
    """DO with its body; MySQL's DO only works out an expression.

    Raises:
        SyntaxFaultError: it has no body, or the body is not PL/pgSQL.
    """
    cursor.expect("DO")
    language = "plpgsql"
    if cursor.accept("LANGUAGE"):
        language = cursor.next().text.lower()
    if is_mysql(cursor.dialect) or cursor.peek().kind != "string":
        return ignored(cursor, "DO")
    body = quoted_body(cursor)
    if cursor.accept("LANGUAGE"):
        language = cursor.next().text.lower()
    if language != "plpgsql" or body.span.text != body.text:
        return not_modelled(cursor, f"a block of {language} that is not read")
    found = BlockReader(within(body, cursor.dialect)).body()
    span = whole(cursor)
    if all(isinstance(statement, Ignored) and statement.into is None for statement in found):
        return Ignored(word="DO", span=span)
    if len(found) == 1 and isinstance(found[0], Block):
        return msgspec.structs.replace(found[0], span=span)
    return Block(statements=tuple(found), span=span)


def within(body: Sql, dialect: Dialect | None) -> Cursor:
    """The tokens of a body, at their places in the file; its text has to be what its span has."""
    start = body.span.start
    inside = [
        token._replace(start=token.start + start, end=token.end + start)
        for token in tokens(body.text, dialect)
    ]
    return Cursor(body.span.file, inside, dialect)


class Calls(msgspec.Struct, frozen=True):
    """The functions that a function is there to call, and those that its expressions name."""

    run: tuple[TableName, ...]
    named: tuple[TableName, ...]


def called_by(function: CreateFunction, dialect: Dialect | None) -> Calls | None:
    """What a function of PL/pgSQL or SQL calls, where that alone decides whether it changes a
    table; None where more does, or its body is not read."""
    body = function.body
    if body.span.text != body.text or function.language not in ("plpgsql", "sql"):
        return None
    reader = BlockReader(within(body, dialect), collects=True)
    try:
        found = reader.block() if function.language == "plpgsql" else reader.plain()
    except SyntaxFaultError:
        return None
    if not says_nothing(found):
        return None
    return Calls(tuple(reader.calls), tuple(called_in(reader.cursor.tokens, reader.cursor)))


class BlockReader:
    """Reads the statements of a body; what is ignored is left in, to tell it from nothing.

    Attributes:
        cursor: where it reads.
        depth: how many blocks it is in.
        returns: whether a RETURN was read that may keep from running what follows.
        calls: what PERFORM and SELECT call, where it is collected in place of being told.
    """

    def __init__(self, cursor: Cursor, *, collects: bool = False) -> None:
        self.cursor = cursor
        self.returns = False
        self.calls: list[TableName] = []
        self._collects = collects
        self.depth = 0

    def plain(self) -> list[Statement]:
        """The statements of a body of SQL."""
        found: list[Statement] = []
        while not self.cursor.done:
            first = self.cursor.at_token
            self.cursor.until(";")
            taken = self.cursor.tokens[first : self.cursor.at_token]
            self.cursor.accept(";")
            if taken:
                found.append(self.sql(taken))
        return found

    def body(self) -> list[Statement]:
        """The statements of the whole body.

        Raises:
            SyntaxFaultError: it is none that is known here.
        """
        found = self.block()
        self.cursor.accept(";")
        if not self.cursor.done:
            raise self.cursor.unexpected("the end of the body")
        if self.returns and not says_nothing(found):
            return [unclear("the block can end before its end", found, whole(self.cursor))]
        return found

    def block(self) -> list[Statement]:
        """[DECLARE ...] BEGIN ... [EXCEPTION WHEN ... THEN ...] END."""
        start = self.cursor.mark()
        if self.cursor.accept("<<"):
            self.cursor.name()
            self.cursor.expect(">>")
        if self.cursor.accept("DECLARE"):
            self.cursor.until("BEGIN")
        self.cursor.expect("BEGIN")
        found = self.statements()
        handled = self.cursor.at("EXCEPTION")
        safe = self.handlers(found) if handled else True
        self.cursor.expect("END")
        if not self.cursor.done and not self.cursor.at(";"):
            self.cursor.name()
        if not handled or says_nothing(found):
            return found
        span = self.cursor.since(start)
        if not safe:
            return [unclear("a handler could let pass that this fails", found, span)]
        return [Block(statements=tuple(found), guarded=True, span=span)]

    def handlers(self, found: Sequence[Statement]) -> bool:
        """EXCEPTION WHEN ...: whether they let nothing pass but that something is there already."""
        self.cursor.expect("EXCEPTION")
        # Whether a constraint was validated decides nothing that a later statement could fail by.
        validates = _only_validates(found)
        safe = validates or len([one for one in found if not isinstance(one, Ignored)]) <= 1
        while self.cursor.accept("WHEN"):
            conditions = self.cursor.tokens[self.cursor.at_token :]
            self.cursor.until("THEN")
            self.cursor.expect("THEN")
            safe = (validates or passes_repetition(conditions, found)) and safe
            safe = says_nothing(self.statements()) and safe
        return safe

    def statements(self) -> list[Statement]:
        """Statements, up to the word that ends the list."""
        found: list[Statement] = []
        self.depth += 1
        if self.depth > _DEEPEST:
            raise SyntaxFaultError("blocks this deep are not read", self.cursor.since(0))
        while not self.cursor.at_any(*_ENDS):
            found.extend(self.statement())
        self.depth -= 1
        return found

    def statement(self) -> list[Statement]:
        """What one statement amounts to; [] for an empty one."""
        cursor = self.cursor
        if cursor.at("<<") or cursor.at_any("BEGIN", "DECLARE"):
            found = self.block()
            cursor.expect(";")
            return found
        if cursor.at("IF"):
            return self.guarded()
        if cursor.at_any(*_LOOPS):
            return [self.loop()]
        start = cursor.mark()
        taken = self.taken()
        span = cursor.since(start)
        if not taken:
            return []
        word = taken[0].text
        if word in _SAYS_NOTHING or _is_assignment(taken):
            return [Ignored(word=word, span=span)]
        if word == "RETURN":
            self.returns = (
                self.returns or not cursor.at("END") or len(cursor.tokens[cursor.at_token :]) > 3
            )
            return [Ignored(word=word, span=span)]
        if word in ("EXECUTE", "PERFORM"):
            return [self.run_time(taken, span)]
        if word in ("SELECT", "WITH"):  # of a block: INTO fills variables and makes no table
            taken = [token for token in taken if token.text != "INTO" or token.kind != "word"]
        return [self.sql(taken)]

    def taken(self) -> Sequence[Token]:
        """The tokens up to the next semicolon, which is taken too."""
        first = self.cursor.at_token
        self.cursor.until(";")
        last = self.cursor.at_token
        self.cursor.expect(";")
        return self.cursor.tokens[first:last]

    def sql(self, taken: Sequence[Token]) -> Statement:
        """A statement of SQL, read by the same grammar as outside of blocks."""
        return self.called(read_sql(Cursor(self.cursor.file, taken, self.cursor.dialect)))

    def called(self, found: Statement) -> Statement:
        """The statement; a call as one that says nothing, where calls are collected."""
        if not self._collects or not isinstance(found, Call):
            return found
        self.calls += found.functions
        return Ignored(word="SELECT", span=found.span)

    def run_time(self, taken: Sequence[Token], span: Span) -> Statement:
        """EXECUTE of SQL that stands there as one string; PERFORM of what changes no table."""
        if taken[0].text == "PERFORM":
            query = Cursor(
                self.cursor.file,
                [taken[0]._replace(text="SELECT"), *taken[1:]],
                self.cursor.dialect,
            )
            found = self.called(read_sql(query))
            if isinstance(found, (Call, Ignored)):
                return msgspec.structs.replace(found, span=span)
            return unclear("a function that is called could change tables", (), span)
        if len(taken) == 2 and taken[1].kind == "string":
            body = quoted_body(Cursor(self.cursor.file, taken[1:], self.cursor.dialect))
            if body.span.text == body.text:
                start = body.span.start
                return self.sql(
                    [
                        token._replace(start=token.start + start, end=token.end + start)
                        for token in tokens(body.text, self.cursor.dialect)
                        if token.text != ";"
                    ]
                )
        if is_harmless(taken[1:], self.cursor):
            return Ignored(word="EXECUTE", span=span)
        return unclear("EXECUTE runs statements that are put together at run time", (), span)

    def loop(self) -> Statement:
        """A loop: over what says nothing about rows it says nothing itself."""
        start, first, depth = self.cursor.mark(), self.cursor.at_token, self.depth
        try:
            idle = self.idle_loop()
        except SyntaxFaultError:  # CASE, say: its words tell enough
            self.cursor.at_token, self.depth = first, depth
            idle = not self.passed_loop() & _DDL
        self.taken()
        span = self.cursor.since(start)
        if not idle:
            return unclear("a loop runs statements that are put together at run time", (), span)
        return Ignored(word="LOOP", span=span)

    def idle_loop(self) -> bool:
        """Whether none of a loop's statements says anything; it is read up to its END LOOP."""
        first = self.cursor.at_token
        self.cursor.until("LOOP")
        header = {token.text for token in self.cursor.tokens[first : self.cursor.at_token]}
        self.cursor.expect("LOOP")
        found = self.statements()
        self.cursor.expect("END", "LOOP")
        return not header & _DDL and says_nothing(found)

    def passed_loop(self) -> set[str]:
        """The words and signs of a loop, which is read up to its END LOOP."""
        first = self.cursor.at_token
        depth = 0
        while True:
            token = self.cursor.next()
            if token.kind == "word" and token.text == "LOOP":
                depth += -1 if self.cursor.tokens[self.cursor.at_token - 2].text == "END" else 1
                if not depth:
                    break
        return {token.text for token in self.cursor.tokens[first : self.cursor.at_token]}

    def guarded(self) -> list[Statement]:
        """IF ... THEN ... END IF around statements."""
        start = self.cursor.mark()
        self.cursor.expect("IF")
        first = self.cursor.at_token
        self.cursor.until("THEN")
        condition = self.cursor.tokens[first : self.cursor.at_token]
        self.cursor.expect("THEN")
        body = self.cursor.at_token
        found = self.statements()
        inside = self.cursor.tokens[body : self.cursor.at_token]
        others: list[Statement] = []
        either = True
        while self.cursor.at_any("ELSIF", "ELSEIF", "ELSE"):
            if self.cursor.next().text != "ELSE":
                either = False
                self.cursor.until("THEN")
                self.cursor.expect("THEN")
            others.extend(self.statements())
        self.cursor.expect("END", "IF")
        self.cursor.expect(";")
        span = self.cursor.since(start)
        if says_nothing(found) and says_nothing(others):
            return [Ignored(word="IF", span=span)]
        if _only_validates(found) and says_nothing(others):
            # Once the rows are as they should be, as its condition asks.
            return [Block(statements=tuple(found), guarded=True, span=span)]
        if not says_nothing(others) and not (either and _is_one_step(found)):
            return [unclear("which of these it runs is not known", [*found, *others], span)]
        if not self.asks_if_done(condition, inside):
            return [unclear("whether it runs this is not known", [*found, *others], span)]
        return [
            Block(
                statements=tuple(found),
                guarded=True,
                asked=True,
                otherwise=tuple(others),
                span=span,
            )
        ]

    def asks_if_done(self, condition: Sequence[Token], inside: Sequence[Token]) -> bool:
        """Whether a guard asks no more than whether what it guards was done already."""
        return asks_catalog(condition) and is_about(condition, inside)


def read_sql(cursor: Cursor) -> Statement:
    """A statement of SQL that stands in another one."""
    from schemalint.loaders.sql.parse import read_statement  # it reads blocks by this module

    return read_statement(cursor)


def _is_assignment(taken: Sequence[Token]) -> bool:
    return len(taken) > 1 and taken[0].kind in ("word", "name") and taken[1].text in (":=", "=")


def says_nothing(found: Sequence[Statement]) -> bool:
    """Whether none of the statements says what rows a table can hold."""
    return all(isinstance(statement, Ignored) for statement in found)


def _only_validates(found: Sequence[Statement]) -> bool:
    """Whether all that the statements do is to hold stored rows against constraints: whatever comes
    of it, what a table can hold stays the same."""
    return all(
        isinstance(one, Ignored)
        or (
            isinstance(one, AlterTable)
            and all(isinstance(action, ValidateConstraint) for action in one.actions)
        )
        for one in found
    )


def _is_one_step(found: Sequence[Statement]) -> bool:
    """Whether the statements make or drop one thing, refused where that was done already."""
    said = [statement for statement in found if not isinstance(statement, Ignored)]
    if len(said) != 1:
        return False
    steps = said[0].actions if isinstance(said[0], AlterTable) else said
    return len(steps) == 1 and isinstance(steps[0], _STEPS) and not _lets_pass(steps[0])


def _lets_pass(step: Statement | AlterAction) -> bool:
    return any(getattr(step, flag, False) for flag in ("if_exists", "if_not_exists", "replace"))


def unclear(reason: str, found: Sequence[Statement], span: Span) -> NotUnderstood:
    """What could be run or not: it touches the tables of its statements, if all are known."""
    names: list[TableName] = []
    for statement in found:
        tables = _tables_of(statement)
        if not tables and not isinstance(statement, Ignored):
            names = []
            break
        names += tables
    return NotUnderstood(reason=reason, tables=tuple(names), known=True, span=span)


def _tables_of(statement: Statement) -> list[TableName]:
    """The tables that a statement is about, where it is about these only."""
    if isinstance(statement, (AlterTable, CreateTable, CreateIndex)):
        return [statement.table]
    if isinstance(statement, NotUnderstood):
        return list(statement.tables)
    if isinstance(statement, Block):
        found = [_tables_of(one) for one in statement.statements if not isinstance(one, Ignored)]
        return [table for tables in found for table in tables] if all(found) else []
    return []
