"""A place in a statement's tokens, and the steps that every part of the grammar takes."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.sql.clauses import Name, Sql, TableName
from schemalint.loaders.sql.lexer import Token, fold, is_mysql, stored, words
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span

# Words that SQLite, PostgreSQL, MySQL and SQL Server all refuse as a column's name without quotes.
RESERVED = words(
    "ALL AND AS CASE CHECK COLLATE CONSTRAINT CREATE DEFAULT DISTINCT ELSE FOREIGN FROM GROUP "
    "HAVING IN INTO IS JOIN NOT NULL ON OR ORDER PRIMARY REFERENCES SELECT TABLE THEN TO UNION "
    "UNIQUE WHEN WHERE"
)
_CLOSING = {"(": ")", "[": "]"}


class SyntaxFaultError(Exception):
    """The grammar cannot go on; `message` says at what, for people ("expected a name, not `;`")."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class Cursor:
    """Reads the tokens of one statement, in order.

    Attributes:
        file: that the tokens are of.
        tokens: of the statement, without its closing semicolon.
        at_token: the number of the next token.
        dialect: whose names and words these are; None for no dialect in particular.
    """

    def __init__(self, file: SourceFile, tokens: Sequence[Token], dialect: Dialect | None) -> None:
        self.file = file
        self.tokens = tokens
        self.dialect = dialect
        self.at_token = 0
        last = tokens[-1].end if tokens else 0
        self._end = Token("end", "", last, last)

    # -- looking

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one `ahead` of it; of kind `end` behind the last."""
        at = self.at_token + ahead
        return self.tokens[at] if at < len(self.tokens) else self._end

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self.at_token >= len(self.tokens)

    def at(self, *words: str) -> bool:
        """Whether these words or signs (upper case) come next, unquoted."""
        tokens = self.tokens
        at = self.at_token
        # Nearly always the first word settles it.
        if at >= len(tokens) or tokens[at].text != words[0] or at + len(words) > len(tokens):
            return False
        for word in words:
            token = tokens[at]
            if token.text != word or token.kind not in ("word", "sign"):
                return False
            at += 1
        return True

    def at_any(self, *words: str) -> bool:
        """Whether one of these words or signs comes next, unquoted."""
        token = self.peek()
        return token.kind in ("word", "sign") and token.text in words

    # -- stepping

    def next(self) -> Token:
        """Take the next token.

        Raises:
            SyntaxFaultError: there is none.
        """
        if self.done:
            raise self.unexpected("more")
        token = self.tokens[self.at_token]
        self.at_token += 1
        return token

    def accept(self, *words: str) -> bool:
        """Take these words or signs if they come next, all of them; whether they did."""
        if not self.at(*words):
            return False
        self.at_token += len(words)
        return True

    def expect(self, *words: str) -> Token:
        """Take these words or signs; the last of them.

        Raises:
            SyntaxFaultError: something else comes.
        """
        if not self.accept(*words):
            raise self.unexpected(f"`{' '.join(words)}`")
        return self.tokens[self.at_token - 1]

    def name(self) -> Name:
        """A name, quoted or not, folded as the dialect does.

        Raises:
            SyntaxFaultError: something else comes.
        """
        token = self.peek()
        span = Span(self.file, token.start, token.end)
        if token.kind == "word":
            self.at_token += 1
            return Name(text=stored(fold(span.text, self.dialect), self.dialect), span=span)
        if token.kind == "name" or (token.kind == "string" and self._names_by_strings(token)):
            if not token.text and self.dialect is not Dialect.SQLITE:
                raise self.unexpected("a name")
            self.at_token += 1
            return Name(text=stored(token.text, self.dialect), span=span)
        raise self.unexpected("a name")

    def own_name(self) -> Name:
        """The name of a column, constraint or index: no word that every database reserves.

        Raises:
            SyntaxFaultError: something else comes.
        """
        if self.at_any(*RESERVED):
            token = self.peek()
            span = Span(self.file, token.start, token.end)
            message = f"`{span.text}` is a reserved word: it can be a name in quotes only"
            raise SyntaxFaultError(message, span)
        return self.name()

    def _names_by_strings(self, token: Token) -> bool:
        """Whether a string can be a name: in SQLite, and in MySQL with ANSI_QUOTES."""
        if self.dialect is Dialect.SQLITE:
            return True
        return is_mysql(self.dialect) and self.file.text.startswith('"', token.start)

    def table_name(self) -> TableName:
        """`[[database.]schema.]name`."""
        parts = [self.name()]
        while self.accept("."):
            parts.append(self.name())
        span = Span(self.file, parts[0].span.start, parts[-1].span.end)
        schema = parts[-2].text if len(parts) > 1 else None
        return TableName(name=parts[-1].text, schema=schema, span=span)

    def names(self) -> tuple[Name, ...]:
        """`(name, name, ...)`."""
        self.expect("(")
        names = [self.name()]
        while self.accept(","):
            names.append(self.name())
        self.expect(")")
        return tuple(names)

    def string(self) -> Name:
        """A string literal, decoded."""
        token = self.peek()
        if token.kind != "string":
            raise self.unexpected("a string")
        self.at_token += 1
        return Name(text=token.text, span=Span(self.file, token.start, token.end))

    def parenthesised(self) -> Sql:
        """`( ... )` with whatever it holds; what is inside, without blanks at its ends."""
        opening = self.expect("(")
        first = self.at_token
        self.at_token -= 1
        self.skip_brackets()
        inside = self.tokens[first : self.at_token - 1]
        if not inside:
            return Sql(text="", span=Span(self.file, opening.end, opening.end))
        return self._sql(inside[0].start, inside[-1].end)

    def skip_brackets(self) -> None:
        """Step over one bracket and everything in it.

        Raises:
            SyntaxFaultError: it is not closed.
        """
        opening = self.next()
        wanted = [_CLOSING[opening.text]]
        while wanted:
            if self.done:
                raise SyntaxFaultError(
                    f"nothing closes this `{opening.text}`",
                    Span(self.file, opening.start, opening.end),
                )
            token = self.next()
            if token.kind == "sign":
                if token.text in _CLOSING:
                    wanted.append(_CLOSING[token.text])
                elif token.text == wanted[-1]:
                    wanted.pop()

    def until(self, *words: str) -> Sql:
        """Everything up to one of these words or signs outside brackets, or to the end."""
        start = self.peek().start
        end = start
        while not self.done and not self.at_any(*words):
            if self.at_any("(", "["):
                self.skip_brackets()
            else:
                self.next()
            end = self.tokens[self.at_token - 1].end
        return self._sql(start, end)

    # -- places

    def mark(self) -> int:
        """Where the next token starts: for `since`."""
        return self.peek().start

    def since(self, start: int) -> Span:
        """The span from `start` to the end of the last token that was taken."""
        end = self.tokens[self.at_token - 1].end if self.at_token else start
        return Span(self.file, start, max(start, end))

    def unexpected(self, wanted: str) -> SyntaxFaultError:
        """The error that `wanted` ("a name") does not come next."""
        token = self.peek()
        span = Span(self.file, token.start, token.end)
        found = f"`{span.text}`" if token.kind != "end" else "the end of the statement"
        return SyntaxFaultError(f"expected {wanted}, not {found}", span)

    def _sql(self, start: int, end: int) -> Sql:
        span = Span(self.file, start, end)
        return Sql(text=span.text, span=span)
