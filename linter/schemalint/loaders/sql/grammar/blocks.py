"""PostgreSQL's DO: a block of PL/pgSQL, as far as its statements are DDL that can be replayed.

What migrations write: DDL under a guard that asks the catalog whether it is needed still, or under
a handler that lets the error pass that it is not. What depends on data, on variables or on SQL
that is put together at run time is kept as a statement that was not understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from schemalint.loaders.sql.clauses import Sql, TableName
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.block_parts import (
    assignment_at,
    is_loop,
    is_one_step,
    only_validates,
    raises,
    says_nothing,
    steps_of,
    unclear,
)
from schemalint.loaders.sql.grammar.catalog_queries import catalog_query
from schemalint.loaders.sql.grammar.data import called_in
from schemalint.loaders.sql.grammar.guards import asks_catalog, is_about, passes_repetition
from schemalint.loaders.sql.grammar.harmless import is_harmless, touched
from schemalint.loaders.sql.grammar.known_texts import (
    Value,
    array_of,
    assigned,
    declared,
    key_of,
    meant,
    rows_of,
    text_of,
    variables_of,
)
from schemalint.loaders.sql.grammar.outcomes import ignored, not_modelled, whole
from schemalint.loaders.sql.grammar.routines import quoted_body
from schemalint.loaders.sql.lexer import Token, is_mysql, tokens, words
from schemalint.loaders.sql.listed_by_catalog import CatalogLoop
from schemalint.loaders.sql.statements import (
    Block,
    Call,
    CreateFunction,
    Ignored,
    NotUnderstood,
    Statement,
)
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span, moved

_DDL = words("CREATE ALTER DROP EXECUTE PERFORM CALL RENAME COMMENT")
_LOOPS = ("FOR", "FOREACH", "WHILE", "LOOP")
_SAYS_NOTHING = ("NULL", "RAISE", "GET", "ASSERT", "EXIT", "CONTINUE")
_LEAVES = words("EXIT CONTINUE")
_BY_PLACE = words("ONLY INCLUDE ALL USER")
"""Words that are looked for once more where a statement stands, later on."""

_DEEPEST = 50
_MOST_TURNS = 2_000  # of all loops together
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
        values: what variables hold here, as far as that is known.
        executed: the tokens of all texts that were executed.
    """

    def __init__(self, cursor: Cursor, *, collects: bool = False) -> None:
        self.cursor = cursor
        self.returns = False
        self.calls: list[TableName] = []
        self.values: dict[str, Value | None] = {}
        self.executed: list[Token] = []
        self._collects = collects
        self._turns = 0
        self._sure = 0  # statements of the body that are run before any RETURN
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
        sure, found = found[: self._sure], found[self._sure :]
        if self.returns and not says_nothing(found):
            found = [unclear("the block can end before its end", found, whole(self.cursor))]
        return [*sure, *found]

    def block(self) -> list[Statement]:
        """[DECLARE ...] BEGIN ... [EXCEPTION WHEN ... THEN ...] END."""
        start = self.cursor.mark()
        if self.cursor.accept("<<"):
            self.cursor.name()
            self.cursor.expect(">>")
        own: dict[str, Value | None] = {}
        if self.cursor.accept("DECLARE"):
            first = self.cursor.at_token
            self.cursor.until("BEGIN")
            own = declared(self.cursor.tokens[first : self.cursor.at_token])
        hidden = {name: self.values[name] for name in own if name in self.values}
        self.values.update(own)
        self.cursor.expect("BEGIN")
        before = dict(self.values)
        found = self.statements()
        handled, safe = False, True
        if self.cursor.at("EXCEPTION"):
            handled, safe = self.handlers(found)
            self.forget_changed(before)
        for name in own:
            self.values.pop(name, None)
        self.values.update(hidden)
        self.cursor.expect("END")
        if not self.cursor.done and not self.cursor.at(";"):
            self.cursor.name()
        if not handled or says_nothing(found):
            return found
        span = self.cursor.since(start)
        if not safe:
            return [unclear("a handler could let pass that this fails", found, span)]
        return [Block(statements=tuple(found), guarded=True, span=span)]

    def handlers(self, found: Sequence[Statement]) -> tuple[bool, bool]:
        """EXCEPTION WHEN ...: whether they let anything pass, and only what is there already."""
        self.cursor.expect("EXCEPTION")
        # Whether a constraint was validated decides nothing that a later statement could fail by.
        validates = only_validates(found)
        safe = validates or len([one for one in found if not isinstance(one, Ignored)]) <= 1
        handled = False
        while self.cursor.accept("WHEN"):
            conditions = self.cursor.tokens[self.cursor.at_token :]
            self.cursor.until("THEN")
            self.cursor.expect("THEN")
            first = self.cursor.at_token
            says = says_nothing(self.statements())
            if not raises(self.cursor.tokens[first : self.cursor.at_token]):
                handled = True
                safe = says and (validates or passes_repetition(conditions, found)) and safe
        return handled, safe

    def statements(self) -> list[Statement]:
        """Statements, up to the word that ends the list."""
        found: list[Statement] = []
        self.depth += 1
        if self.depth > _DEEPEST:
            raise SyntaxFaultError("blocks this deep are not read", self.cursor.since(0))
        outermost = self.depth == 1 and not self.returns
        while not self.cursor.at_any(*_ENDS):
            before = len(found)
            found.extend(self.statement())
            if self.returns and outermost:
                outermost = False
                self._sure = before
        self.depth -= 1
        if self.depth == 0 and self.cursor.at("EXCEPTION"):
            self._sure = 0  # a handler may let pass that they are undone
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
        given = assignment_at(taken)
        value = array_of(taken[2:], self.values) or text_of(taken[2:], self.values)
        self.forget(assigned(taken))
        if given == 1:
            self.values[key_of(taken[0])] = value
        if word in _SAYS_NOTHING or given:
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
                inside = within(body, self.cursor.dialect).tokens
                self.executed += inside
                return self.sql([token for token in inside if token.text != ";"])
        text = text_of(taken[1:], self.values)
        if text is not None and not (self._collects and is_harmless(taken[1:], self.cursor)):
            executed = self.execute(text, span)
            if executed is not None:
                return executed
        if is_harmless(taken[1:], self.cursor):
            return Ignored(word="EXECUTE", span=span)
        tables = touched(taken[1:], self.cursor, span)
        reason = "EXECUTE runs statements that are put together at run time"
        return NotUnderstood(reason=reason, tables=tables, known=True, span=span)

    def execute(self, text: str, span: Span) -> Statement | None:
        """What a text runs that was put together of what is known, all of it at `span`; None where
        it cannot be read without its own place."""
        from schemalint.loaders.sql.parse import read_statements  # it reads blocks by this module

        inside = tokens(text, self.cursor.dialect)
        if any(token.text in _BY_PLACE for token in inside):
            return None
        self.executed += inside
        found: list[Statement] = []
        file = SourceFile(self.cursor.file.path, text)
        for statement in read_statements(file, self.cursor.dialect):
            if isinstance(statement, CreateFunction) or any(map(is_loop, steps_of(statement))):
                return None  # its body has places of its own
            found.append(moved(self.called(statement), lambda _: span))
        if says_nothing(found):
            return Ignored(word="EXECUTE", span=span)
        return found[0] if len(found) == 1 else Block(statements=tuple(found), span=span)

    def loop(self) -> Statement:
        """A loop: followed where its rows are known; over what says nothing about rows it says
        nothing itself."""
        start, first, depth = self.cursor.mark(), self.cursor.at_token, self.depth
        known = dict(self.values)
        try:
            found = self.turns()
        except SyntaxFaultError:  # CASE, say: its words tell enough
            self.cursor.at_token, self.depth = first, depth
            self.values = known
            reason = "a loop runs statements that are put together at run time"
            said = bool(self.passed_loop() & _DDL)
            span = self.cursor.since(start)
            found = [unclear(reason, (), span)] if said else []
            self.forget(assigned(self.cursor.tokens[first : self.cursor.at_token]))
        self.taken()
        span = self.cursor.since(start)
        if says_nothing(found):
            return Ignored(word="LOOP", span=span)
        return found[0] if len(found) == 1 else Block(statements=tuple(found), span=span)

    def turns(self) -> list[Statement]:
        """What all turns of a loop run, one after the other; one statement that is not understood
        where they are not known. It is read up to its END LOOP."""
        start, first = self.cursor.mark(), self.cursor.at_token
        self.cursor.until("LOOP")
        header = self.cursor.tokens[first : self.cursor.at_token]
        self.cursor.expect("LOOP")
        body = self.cursor.at_token
        rows = rows_of(header, self.values)
        found: list[Statement] = []
        if rows is not None and rows[0]:
            for row in rows[0]:
                self._turns += 1
                self.cursor.at_token = body
                hidden = {name: self.values.get(name) for name in row}
                self.values.update(row)
                statements = self.statements()
                self.values.update(hidden)
                if rows[1]:
                    span = self.cursor.since(start)
                    turn = Block(statements=tuple(statements), guarded=True, asked=True, span=span)
                    statements = [] if says_nothing(statements) else [turn]
                found += statements
            inside = self.cursor.tokens[body : self.cursor.at_token]
            self.cursor.expect("END", "LOOP")
            if self._turns <= _MOST_TURNS and not {one.text for one in inside} & _LEAVES:
                return [one for one in found if not isinstance(one, Ignored)]
        self.cursor.at_token = first
        self.passed_loop()
        last = self.cursor.at_token
        self.forget(assigned(self.cursor.tokens[first:last]) | variables_of(header))
        self.cursor.at_token = body
        found = self.statements()
        self.forget(assigned(self.cursor.tokens[first:last]))
        self.cursor.expect("END", "LOOP")
        if says_nothing(found) and not {token.text for token in header} & _DDL:
            return []
        reason = "a loop runs statements that are put together at run time"
        span = self.cursor.since(start)
        otherwise = unclear(reason, found, span)
        query, inside = catalog_query(header, self.values), self.cursor.tokens[body:last]
        if query is None or self._collects or {one.text for one in inside} & {*_LEAVES, "RETURN"}:
            return [otherwise]
        values = dict(self.values)
        looped = CatalogLoop(
            query=query,
            body=tuple(inside),
            values=values,
            reason=reason,
            tables=otherwise.tables,
            span=span,
        )
        return [looped]

    def forget(self, names: Iterable[str]) -> None:
        """Variables that hold what is not known from here on."""
        self.values.update(dict.fromkeys(names))

    def forget_changed(self, before: Mapping[str, Value | None]) -> None:
        """Forget what variables hold that statements changed which are run or not."""
        values = self.values.items()
        self.forget([name for name, value in values if before.get(name) != value])

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
        body, executed = self.cursor.at_token, len(self.executed)
        before, changed = dict(self.values), set[str]()
        asked = meant(condition, self.values)
        found = self.statements()
        inside = [*self.cursor.tokens[body : self.cursor.at_token], *self.executed[executed:]]
        others: list[Statement] = []
        either = True
        while self.cursor.at_any("ELSIF", "ELSEIF", "ELSE"):
            changed |= {name for name in self.values if self.values[name] != before.get(name)}
            self.values = dict(before)
            if self.cursor.next().text != "ELSE":
                either = False
                self.cursor.until("THEN")
                self.cursor.expect("THEN")
            others.extend(self.statements())
        self.forget_changed(before)
        self.forget(changed)
        self.cursor.expect("END", "IF")
        self.cursor.expect(";")
        span = self.cursor.since(start)
        if says_nothing(found) and says_nothing(others):
            return [Ignored(word="IF", span=span)]
        if only_validates(found) and says_nothing(others):
            # Once the rows are as they should be, as its condition asks.
            return [Block(statements=tuple(found), guarded=True, span=span)]
        if not says_nothing(others) and not (either and is_one_step(found)):
            return [unclear("which of these it runs is not known", [*found, *others], span)]
        if not self.asks_if_done(asked, inside):
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
