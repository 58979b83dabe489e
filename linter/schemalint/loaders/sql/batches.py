"""Where statements end in SQL Server's scripts: at GO, and without any semicolon."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.loaders.sql.lexer import Token, words

# What begins a statement at the start of a line, outside brackets. SELECT, UPDATE, DELETE and SET
# are left out: other statements go on with them.
_STARTS = re.compile(
    r"(?:CREATE|EXEC|EXECUTE|INSERT|PRINT|GRANT|DENY|REVOKE|USE|IF|DECLARE|RAISERROR|THROW"
    r"|BEGIN\s+(?:TRAN|TRANSACTION|TRY|CATCH)|END\s+TRY|COMMIT|ROLLBACK"
    r"|(?:ALTER|DROP|TRUNCATE)\s+(?:TABLE|INDEX|VIEW|PROC|PROCEDURE|FUNCTION|TRIGGER|SCHEMA|TYPE"
    r"|DATABASE|SEQUENCE|SYNONYM|USER|ROLE|LOGIN))\b",
    re.IGNORECASE,
)
_STARTING_WORDS = words(
    "CREATE EXEC EXECUTE INSERT PRINT GRANT DENY REVOKE USE IF DECLARE RAISERROR THROW BEGIN END "
    "COMMIT ROLLBACK ALTER DROP TRUNCATE"
)
_GO = re.compile(r"GO(?:[ \t]+\d+)?[ \t]*;?[ \t]*(?:--[^\n\r]*)?(?=[\r\n]|\Z)", re.IGNORECASE)
_ALONE = re.compile(r"(?:BEGIN|END)\s+TRY\b", re.IGNORECASE)
# Each of these has to be alone in its batch.
_WHOLE_BATCH = frozenset(("TRIGGER", "PROC", "PROCEDURE", "FUNCTION", "VIEW"))
_TRANSACTION = re.compile(r"BEGIN\s+(?:DISTRIBUTED|TRAN|TRANSACTION)\b", re.IGNORECASE)


def starts_line(text: str, offset: int) -> bool:
    """Whether only blanks stand before `offset` on its line."""
    offset -= 1
    while offset >= 0 and text[offset] in " \t":
        offset -= 1
    return offset < 0 or text[offset] in "\r\n"


class Batches:
    """How SQL Server's scripts are cut up. One for each text; `begin` for each statement of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.begin()

    def begin(self) -> None:
        """Forget the statement before."""
        self._seen = 0
        self._brackets = 0
        self._blocks = 0
        self._actions = 0

    def go(self, token: Token) -> int:
        """The offset behind the GO that is alone on its line; 0 if `token` is none."""
        if token.text != "GO" or not starts_line(self._text, token.start):
            return 0
        found = _GO.match(self._text, token.start)
        return found.end() if found else 0

    def alone(self, token: Token) -> int:
        """The offset behind BEGIN TRY or END TRY, which say nothing; 0 for anything else."""
        found = _ALONE.match(self._text, token.start) if token.text in ("BEGIN", "END") else None
        return found.end() if found else 0

    def goes_on(self, tokens: Sequence[Token]) -> bool:
        """Whether the statement goes on behind a semicolon."""
        self._take(tokens)
        return _is_whole_batch(tokens) or self._blocks > 0

    def is_next(self, tokens: Sequence[Token], token: Token) -> bool:
        """Whether the word `token` begins another statement than `tokens`."""
        if token.text not in _STARTING_WORDS or not starts_line(self._text, token.start):
            return False
        if not _STARTS.match(self._text, token.start) or _is_whole_batch(tokens):
            return False
        self._take(tokens)
        if self._brackets > 0 or self._blocks > 0:
            return False
        if tokens[0].text in ("IF", "WHILE", "ELSE"):
            # The first statement behind the condition is what it decides.
            indented = self._text[token.start - 1 : token.start] in (" ", "\t")
            return token.text == "CREATE" and self._actions > 0 and not indented
        return True

    def _take(self, tokens: Sequence[Token]) -> None:
        """Count brackets and blocks in the tokens that are new since the last time."""
        for index in range(self._seen, len(tokens)):
            token = tokens[index]
            text = token.text
            if token.kind == "sign":
                self._brackets += (text == "(") - (text == ")")
            elif token.kind == "word":
                before = _word(tokens, index - 1) if index else ""
                self._actions += index > 0 and text in _STARTING_WORDS
                if text == "CASE" or (text == "BEGIN" and not self._is_transaction(token)):
                    self._blocks += 1
                elif text == "END" and before != ".":
                    self._blocks -= 1
        self._seen = len(tokens)

    def _is_transaction(self, token: Token) -> bool:
        return _TRANSACTION.match(self._text, token.start) is not None


def _word(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].text if index < len(tokens) else ""


def _is_whole_batch(tokens: Sequence[Token]) -> bool:
    """Whether this creates something whose text reaches to the end of the batch."""
    if _word(tokens, 0) not in ("CREATE", "ALTER"):
        return False
    at = 3 if _word(tokens, 1) == "OR" else 1
    return _word(tokens, at) in _WHOLE_BATCH
