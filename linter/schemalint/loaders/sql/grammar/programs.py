"""MySQL's procedures and prepared statements, as far as reading tells what they run.

What migrations write where ALTER TABLE has no IF NOT EXISTS: a procedure that is made, called and
dropped again, with its DDL under a guard that asks information_schema whether it is needed still;
or a text that such a guard chooses, and that is prepared and executed. What depends on data stays
a statement that was not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.block_parts import says_nothing, unclear
from schemalint.loaders.sql.grammar.blocks import BlockReader, read_sql
from schemalint.loaders.sql.grammar.guards import asks_catalog, is_about
from schemalint.loaders.sql.grammar.handlers import Handler, handled, read_handler
from schemalint.loaders.sql.grammar.run_texts import (
    Text,
    Value,
    behind_bracket,
    is_idle,
    meant,
    split_at_commas,
    value_of,
)
from schemalint.loaders.sql.lexer import Token, tokens, words
from schemalint.loaders.sql.statements import (
    AlterTable,
    Block,
    CreateFunction,
    Drop,
    DropColumn,
    DropConstraint,
    Ignored,
    Statement,
    ValidateConstraint,
)
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span

_RUNS = words("CALL EXECUTE")
_DDL = words("CREATE ALTER DROP RENAME TRUNCATE EXECUTE PREPARE CALL")
# What may keep from running what follows it, or run it again.
_JUMPS = words("LEAVE ITERATE LOOP WHILE REPEAT FOR CASE RETURN")
_PASSES_ON = words("SIGNAL RESIGNAL")
_DEEPEST = 8  # calls in calls

Variables = dict[str, Value]


class Procedure(msgspec.Struct, frozen=True):
    """A procedure: its parameters' names in upper case, and the tokens of its body in its file."""

    parameters: tuple[str, ...]
    file: SourceFile
    body: tuple[Token, ...]


Procedures = dict[str, Procedure]
"""Procedures by their names, in lower case."""


def followed(
    file: SourceFile,
    pieces: Sequence[Sequence[Token]],
    statements: list[Statement],
    dialect: Dialect,
    procedures: Procedures,
) -> list[Statement]:
    """The statements of a file for MySQL, with what CALL and EXECUTE run in their place.

    Args:
        pieces: the tokens of each statement.
        procedures: those that are there before; changed as the file says.
    """
    session = _Session(file, dialect, procedures)
    return [
        session.taken(piece, statement) for piece, statement in zip(pieces, statements, strict=True)
    ]


class _Session:
    """What one connection knows: procedures, variables (`@a`), prepared statements.

    Attributes:
        executed: the tokens of all texts that were executed.
    """

    def __init__(self, file: SourceFile, dialect: Dialect, procedures: Procedures) -> None:
        self.file = file
        self.dialect = dialect
        self.procedures = procedures
        self.variables: Variables = {}
        self.prepared: Variables = {}
        self.executed: list[Token] = []
        self._depth = 0

    def taken(self, found: Sequence[Token], statement: Statement) -> Statement:
        """What a statement of the file is, after those before it."""
        if isinstance(statement, CreateFunction):
            self._create(found, statement)
        elif isinstance(statement, Drop) and statement.kind == "function":
            for name in statement.names:
                self.procedures.pop(name.name.lower(), None)
        elif found[0].text in _RUNS:
            span = Span(self.file, found[0].start, found[-1].end)
            run = self.run(found, self.variables, span)
            if run is None:
                self.variables.clear()
                self.prepared.clear()
            return run or statement
        else:
            self.note(found, self.variables)
        return statement

    def _create(self, found: Sequence[Token], statement: CreateFunction) -> None:
        """CREATE PROCEDURE; functions run no DDL."""
        body = statement.body.span.start
        heading = [token for token in found if token.start < body]
        name = statement.function.name.lower()
        if_not_exists = ["IF", "NOT", "EXISTS"]
        kept = any([one.text for one in heading[at : at + 3]] == if_not_exists for at in range(9))
        if statement.returns or (kept and name in self.procedures):
            return
        inside = [token for token in heading if token.start >= statement.function.span.end]
        parameters = []
        for part in split_at_commas(inside[1 : behind_bracket(inside, 0) - 1]):
            said = [token for token in part if token.text not in ("IN", "OUT", "INOUT")]
            parameters += [said[0].text.upper()] if said else []
        tail = Token("sign", ";", found[-1].end, found[-1].end)
        tokens_of_body = (*(token for token in found if token.start >= body), tail)
        self.procedures[name] = Procedure(tuple(parameters), self.file, tokens_of_body)

    # -- variables

    def note(self, found: Sequence[Token], variables: Variables) -> bool:
        """Keep what a statement gives to variables; whether that is all it does."""
        word = found[0].text
        look = _Look(self.variables, variables)
        if word == "SET":
            for part in split_at_commas(found[1:]):
                if len(part) > 2 and part[1].text in ("=", ":="):
                    look.keep(part[0], value_of(part[2:], look))
            return True
        if word == "PREPARE" and len(found) > 3:
            self.prepared[found[1].text.upper()] = value_of(found[3:], look)
            return True
        for token, sign in pairwise(found):
            if token.kind == "parameter" and sign.text == ":=":
                look.keep(token, None)
        texts = [token.text if token.kind == "word" else "" for token in found]
        if "INTO" not in texts or word in ("INSERT", "REPLACE"):
            return word == "DEALLOCATE"
        at = texts.index("INTO")
        ends = [end for end in range(at, len(found)) if texts[end] in ("FROM", "WHERE")]
        behind = ends[0] if ends else len(found)
        targets = split_at_commas(found[at + 1 : behind])
        query = [*found[:at], *found[behind:]]
        asked = value_of(query, look) if word == "SELECT" and len(targets) == 1 else None
        for target in targets:
            if target:
                look.keep(target[0], asked)
        return word in ("SELECT", "FETCH")

    # -- what is run

    def run(self, found: Sequence[Token], variables: Variables, span: Span) -> Statement | None:
        """What CALL or EXECUTE runs; None where that is not known."""
        if found[0].text == "CALL":
            return self._call(found, variables, span)
        if found[1:2] and found[1].text == "IMMEDIATE":
            value = value_of(found[2:], _Look(self.variables, variables))
        else:
            value = self.prepared.get(found[1].text.upper()) if len(found) == 2 else None
        return self._execute(value, span) if isinstance(value, Text) else None

    def _execute(self, text: Text, span: Span) -> Statement | None:
        if is_idle(text):
            return Ignored(word="EXECUTE", span=span)
        found, in_place = self._inside(text)
        while found.tokens and found.tokens[-1].text == ";":
            found = Cursor(found.file, found.tokens[:-1], self.dialect)
        if not found.tokens or any(token.text in (";", "?") for token in found.tokens):
            return None
        statement = read_sql(found)
        if not in_place:
            if not _takes_away(statement):
                return None  # there is no place to show what it makes
            statement = _placed(statement, span)
        self.executed += found.tokens
        if not text.guard:
            return statement
        if asks_catalog(text.guard) and is_about(text.guard, found.tokens):
            return Block(statements=(statement,), guarded=True, asked=True, span=span)
        return unclear("whether it runs this is not known", [statement], span)

    def _inside(self, text: Text) -> tuple[Cursor, bool]:
        """The tokens of a text, and whether they are the file's, where it stands as it is."""
        found = tokens(text.text, self.dialect)
        origin = text.origin
        if origin is None or self.file.text[origin.start + 1 : origin.end - 1] != text.text:
            return Cursor(SourceFile(self.file.path, text.text), found, self.dialect), False
        start = origin.start + 1
        found = [
            token._replace(start=token.start + start, end=token.end + start) for token in found
        ]
        return Cursor(self.file, found, self.dialect), True

    def _call(self, found: Sequence[Token], variables: Variables, span: Span) -> Statement | None:
        name = [token for token in found[1:] if token.kind in ("word", "name")]
        brackets = found[3:-1] if len(found) > 3 and found[2].text == "(" else []
        plain = name and (len(found) == 2 or found[2].text == "(")
        procedure = self.procedures.get(name[0].text.lower()) if plain else None
        arguments = split_at_commas(brackets)
        if procedure is None or len(arguments) != len(procedure.parameters):
            return None
        if self._depth == _DEEPEST:
            return None
        look = _Look(self.variables, variables)
        values = [value_of(argument, look) for argument in arguments]
        own = dict(zip(procedure.parameters, values, strict=True))
        for argument in arguments:  # it may be one of OUT
            for token in argument:
                look.keep(token, None)
        if not any(token.kind == "word" and token.text in _DDL for token in procedure.body):
            for token in procedure.body:
                if token.kind == "parameter":
                    look.keep(token, None)
            return Ignored(word="CALL", span=span)
        outer, self.file = self.file, procedure.file
        self._depth += 1
        try:
            cursor = Cursor(procedure.file, procedure.body, self.dialect)
            statements = _Program(cursor, self, own).body()
        except SyntaxFaultError:
            return None
        finally:
            self._depth -= 1
            self.file = outer
        if says_nothing(statements):
            return Ignored(word="CALL", span=span)
        return Block(statements=tuple(statements), span=span)


class _Look:
    """Looks variables up: those of the session, `@a`, and those of the procedure that is run."""

    def __init__(self, session: Variables, own: Variables) -> None:
        self._session = session
        self._own = own

    def _where(self, name: Token) -> Variables:
        return self._session if name.kind == "parameter" else self._own

    def __call__(self, name: Token) -> Value:
        return self._where(name).get(name.text.upper())

    def keep(self, name: Token, value: Value) -> None:
        """Give the variable a value."""
        self._where(name)[name.text.upper()] = value


class _Program(BlockReader):
    """Reads the body of a procedure with the values that it is called with."""

    def __init__(self, cursor: Cursor, session: _Session, own: Variables) -> None:
        super().__init__(cursor)
        self._session = session
        self._own = own
        self._look = _Look(session.variables, own)
        self._handlers: list[Handler] = []
        self._executed_before = 0  # this guard

    def body(self) -> list[Statement]:
        """The statements of the procedure.

        Raises:
            SyntaxFaultError: which they are is not known.
        """
        found = self.statement()
        self.cursor.accept(";")
        if not self.cursor.done:
            raise self.cursor.unexpected("the end of the body")
        return handled(found, self._handlers)

    def statement(self) -> list[Statement]:
        """What one statement amounts to."""
        cursor = self.cursor
        if cursor.peek().kind in ("word", "name") and cursor.peek(1).text == ":":
            cursor.at_token += 2
        word = cursor.peek().text
        if word in _JUMPS:
            raise cursor.unexpected("a statement that is run once")
        if word == "DECLARE":
            return self._declare()
        if word not in ("SET", "SELECT", "FETCH", "PREPARE", "DEALLOCATE", *_PASSES_ON, *_RUNS):
            return super().statement()
        start = cursor.mark()
        taken = self.taken()
        span = cursor.since(start)
        if word in _PASSES_ON:
            return [Ignored(word=word, span=span)]
        if word in _RUNS:
            run = self._session.run(taken, self._own, span)
            if run is None:
                raise SyntaxFaultError("what it runs is not known", span)
            return [run]
        said = self._session.note(taken, self._own)
        return [Ignored(word=word, span=span)] if said else [self.sql(taken)]

    def _declare(self) -> list[Statement]:
        """DECLARE of variables, cursors and handlers."""
        handler = read_handler(self.cursor)
        if handler is not None:
            first = self.cursor.at_token
            if not says_nothing(self.statement()):
                raise self.cursor.unexpected("a handler that runs no DDL")
            inside = {token.text for token in self.cursor.tokens[first : self.cursor.at_token]}
            if handler.errors and not inside & _PASSES_ON:
                self._handlers.append(handler)
            return []
        for token in self.taken():
            if token.kind in ("word", "name"):  # hides a column or parameter of its name
                self._own.pop(token.text.upper(), None)
        return []

    def guarded(self) -> list[Statement]:
        """IF: what it gives to variables is not known behind it."""
        outer, self._executed_before = self._executed_before, len(self._session.executed)
        kept = [self._session.variables, self._own, self._session.prepared]
        before = [dict(one) for one in kept]
        found = super().guarded()
        self._executed_before = outer
        for variables, old in zip(kept, before, strict=True):
            for name, value in variables.items():
                if old.get(name) != value:
                    variables[name] = None
        return found

    def asks_if_done(self, condition: Sequence[Token], inside: Sequence[Token]) -> bool:
        """Whether a guard asks no more than whether what it guards was done already."""
        asked = meant(condition, self._look)
        done = [*meant(inside, self._look), *self._session.executed[self._executed_before :]]
        return super().asks_if_done(asked, done)


def _takes_away(statement: Statement) -> bool:
    """Whether a statement only drops things: nothing of its text stays in the schema."""
    if isinstance(statement, AlterTable):
        kinds = (DropConstraint, DropColumn, ValidateConstraint)
        return all(isinstance(one, kinds) for one in statement.actions)
    return isinstance(statement, (Drop, Ignored))


def _placed(statement: Statement, span: Span) -> Statement:
    """One that only drops things, at another place."""
    if isinstance(statement, AlterTable):
        return msgspec.structs.replace(
            statement,
            table=msgspec.structs.replace(statement.table, span=span),
            actions=tuple([msgspec.structs.replace(one, span=span) for one in statement.actions]),
            span=span,
        )
    if isinstance(statement, Drop):
        table = statement.table
        return msgspec.structs.replace(
            statement,
            names=tuple([msgspec.structs.replace(one, span=span) for one in statement.names]),
            table=None if table is None else msgspec.structs.replace(table, span=span),
            span=span,
        )
    return msgspec.structs.replace(statement, span=span)
