"""Which statements are sent to a MySQL or MariaDB server, and which mean nothing there or too much.

What the throwaway account may do is bounded by the server itself; this module comes before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from schemalint.loaders.sql.lexer import Token, tokens, words
from schemalint.model import Dialect
from schemalint.prove.database import NotProvable, shown

_WRITES = words("INSERT UPDATE DELETE REPLACE TRUNCATE SELECT WITH VALUES TABLE")
_ENGINES = words("INNODB MYISAM MEMORY HEAP ARIA ARCHIVE CSV MRG_MYISAM MERGE ROCKSDB")
_FILES = words("OUTFILE DUMPFILE LOAD_FILE SONAME")
_OF_THE_SERVER = words(
    "BINLOG CHANGE CLONE IMPORT INSTALL KILL LOAD PURGE RESTART SHUTDOWN START STOP UNINSTALL XA"
)
_LOCKS = words("LOCK UNLOCK FLUSH")
_RIGHTS_OF = words("USER ROLE")
_OTHERS = words("SERVER TABLESPACE LOGFILE INSTANCE RESOURCE UNDO")
_SYSTEM = frozenset(("information_schema", "mysql", "performance_schema", "sys"))
_GLOBAL = words("GLOBAL PERSIST PERSIST_ONLY")

_RIGHTS = "who may do what means nothing to a writer who owns the tables"
_OWN = "the schema stands in a database of its own"


class Sent(NamedTuple):
    """What is sent for a statement of the schema: `text`, which may be the statement without what
    is about accounts and databases; None for nothing, and then why."""

    text: str | None
    reason: str | None = None


def vetted(statement: str, dialect: Dialect) -> Sent:
    """How a statement of a schema is taken.

    Raises:
        NotProvable: it is not sent, and the schema is another one without it.
    """
    found = tokens(statement, dialect)
    texts = [token.text.upper() if token.kind != "string" else "" for token in found]
    first = texts[0] if texts else ""
    second = texts[1] if len(texts) > 1 else ""
    if first in ("GRANT", "REVOKE") or (first, second) in _RIGHTS_STATEMENTS:
        return Sent(None, _RIGHTS)
    if first == "USE":
        return Sent(None, _OWN)
    if first in _LOCKS:
        return Sent(None, "nobody else is there to be locked out")
    if first == "SET":
        reason = _setting(statement, texts)
        return Sent(None if reason else statement, reason)
    _refuse_reaching_out(statement, found, texts)
    if first in ("CREATE", "ALTER", "DROP"):
        return _definition(statement, found, texts)
    return Sent(statement)


_RIGHTS_STATEMENTS = {("RENAME", "USER"), ("SET", "PASSWORD"), ("SET", "ROLE"), ("SET", "DEFAULT")}


def database_of(statements: Iterable[str], dialect: Dialect) -> str | None:
    """The database that the statements of a schema are all for, by USE, CREATE DATABASE or the
    names of the tables that they create; None where none is named, or several are."""
    found = {_database_named(tokens(statement, dialect)) for statement in statements}
    names = {name.lower() for name in found if name is not None}
    return names.pop() if len(names) == 1 and not names & _SYSTEM else None


def _database_named(found: list[Token]) -> str | None:
    heads = [token.text.upper() if token.kind == "word" else "" for token in found[:2]]
    at = 1 if heads[:1] == ["USE"] else 2
    if heads not in (["CREATE", "DATABASE"], ["CREATE", "SCHEMA"], ["CREATE", "TABLE"]) and at == 2:
        return None
    while at < len(found) and found[at].text in ("IF", "NOT", "EXISTS"):
        at += 1
    is_table = heads[1:] == ["TABLE"]
    qualified = at + 1 < len(found) and found[at + 1].text == "."
    return found[at].text if at < len(found) and (qualified or not is_table) else None


def unqualified(statement: str, database: str | None, dialect: Dialect) -> str:
    """A statement without the name of its database before the names of tables and routines, for
    the throwaway database is called otherwise."""
    if database is None or database not in statement.lower():
        return statement
    parts, end, before = [], 0, ""
    found = tokens(statement, dialect)
    for token, behind in pairwise(found):
        is_name = token.kind in ("word", "name") and token.text.lower() == database
        if is_name and behind.text == "." and before != ".":
            parts.append(statement[end : token.start])
            end = behind.end
        before = token.text
    return "".join([*parts, statement[end:]])


def refuse_unless_written(statement: str, dialect: Dialect) -> bool:
    """Let through what an ordinary writer sends: whether it is a TRUNCATE, which ends the
    transaction before it.

    Raises:
        NotProvable: it is something else.
    """
    found = tokens(statement, dialect)
    texts = [token.text.upper() if token.kind != "string" else "" for token in found]
    first = next((text for text in texts if text != "("), "")
    if first not in _WRITES:
        raise _unsent(statement, "no writer's statement")
    _refuse_reaching_out(statement, found, texts)
    return first == "TRUNCATE"


def _unsent(statement: str, why: str) -> NotProvable:
    return NotProvable(f"not sent to a server, since {why}: `{shown(statement)}`")


def _refuse_reaching_out(statement: str, found: list[Token], texts: list[str]) -> None:
    """Refuse what is meant for files, for other servers or for the whole server."""
    first = texts[0] if texts else ""
    second = texts[1] if len(texts) > 1 else ""
    if first in _OF_THE_SERVER and (first, second) != ("START", "TRANSACTION"):
        raise _unsent(statement, f"{first} is for files or for the whole server")
    if first in ("CREATE", "ALTER", "DROP") and second in _OTHERS:
        raise _unsent(statement, f"a {second} is for the whole server")
    for token in found:
        if token.kind == "word" and token.text in _FILES:
            raise _unsent(statement, f"{token.text} reaches files")
    for before, behind in pairwise(texts):
        if behind == "DIRECTORY" and before in ("DATA", "INDEX"):
            raise _unsent(statement, "it places a file")
    for number, text in enumerate(texts[:-1]):
        if text == "ENGINE" and found[number].kind == "word":
            engine = texts[number + 1 + (texts[number + 1] == "=")]
            # A column may be called so as well.
            if texts[number + 1] == "=" and engine not in _ENGINES:
                raise _unsent(statement, f"tables of the engine {engine} are not made here")


def _setting(statement: str, texts: list[str]) -> str | None:
    """Why a SET is left out; None for: send it."""
    for text in texts:
        name = text.removeprefix("@@").rpartition(".")[2]
        if name in ("GTID_PURGED", "SQL_LOG_BIN"):
            return "replication means nothing to a writer"
        if name in ("MAX_STATEMENT_TIME", "MAX_EXECUTION_TIME", "LOCK_WAIT_TIMEOUT"):
            return "the proof has time-outs of its own"
    for text in texts:
        if text in _GLOBAL or text.removeprefix("@@").partition(".")[0] in _GLOBAL:
            raise _unsent(statement, "it is for the whole server")
    return None


def _definition(statement: str, found: list[Token], texts: list[str]) -> Sent:
    verb = texts[0]
    kind = texts[3] if texts[1:3] == ["OR", "REPLACE"] and len(texts) > 3 else texts[1]
    if kind in _RIGHTS_OF:
        return Sent(None, _RIGHTS)
    if kind in ("DATABASE", "SCHEMA"):
        return _database(statement, found, verb)
    return _without_definer(statement, found)


def _database(statement: str, found: list[Token], verb: str) -> Sent:
    """The options of a database, such as its collation, are those of the throwaway database."""
    if verb == "DROP":
        return Sent(None, _OWN)
    at = 2
    while at < len(found) and found[at].text in ("IF", "NOT", "EXISTS"):
        at += 1
    names_one = at < len(found) and (found[at].kind == "name" or found[at].text not in _OPTION)
    at += names_one
    if at >= len(found):
        return Sent(None, _OWN)
    # Token by token: mysqldump has the options in a comment of its own.
    options = " ".join(statement[token.start : token.end] for token in found[at:])
    return Sent(f"ALTER DATABASE {options}")


_OPTION = words("DEFAULT CHARACTER CHARSET COLLATE ENCRYPTION READ UPGRADE COMMENT")


def _without_definer(statement: str, found: list[Token]) -> Sent:
    """Whoever made a trigger or routine elsewhere, here it is the throwaway account."""
    for number, token in enumerate(found[:12]):
        if token.kind == "word" and token.text == "DEFINER" and found[number + 1].text == "=":
            behind = _behind_account(found, number + 2)
            return Sent(f"{statement[: token.start]} {statement[behind:]}")
    return Sent(statement)


def _behind_account(found: list[Token], at: int) -> int:
    """The offset behind the account that begins with the token `at`: `a`@`b`, a@b, CURRENT_USER
    with or without brackets."""
    end = found[at].end
    at += 1
    while at < len(found) and (
        (
            found[at].start == end
            and (found[at].text in ("@", "(", ")", "%") or found[at].kind == "parameter")
        )
        or found[at - 1].text == "@"
    ):
        end = found[at].end
        at += 1
    return end
