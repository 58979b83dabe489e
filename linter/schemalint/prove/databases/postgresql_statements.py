"""Which statements are sent to a PostgreSQL server, and which mean nothing there or too much.

What a throwaway role may do is bounded by the server itself; this module comes before that. It
keeps away what is meant for files, other servers and the whole server, and leaves out what says
who may do what, which means nothing to a writer who owns the tables.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from schemalint.loaders.sql.lexer import Token, fold, tokens, words
from schemalint.loaders.sql.splitter import split
from schemalint.model import Dialect
from schemalint.prove.database import NotProvable, shown

_DIALECT = Dialect.POSTGRESQL

# The only ones that are created: extensions that reach neither files nor the network, most of which
# PostgreSQL itself lets an unprivileged owner create ("trusted").
EXTENSIONS = words(
    "autoinc btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance fuzzystrmatch"
    " hstore insert_username intagg intarray isn lo ltree moddatetime pg_trgm pgcrypto plpgsql"
    " refint seg tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp vector"
)
_LANGUAGES = frozenset(("sql", "plpgsql"))
_TIME_OUTS = words(
    "STATEMENT_TIMEOUT LOCK_TIMEOUT IDLE_IN_TRANSACTION_SESSION_TIMEOUT IDLE_SESSION_TIMEOUT"
    " TRANSACTION_TIMEOUT"
)
_HEAD = 6  # tokens: CREATE OR REPLACE TRUSTED PROCEDURAL LANGUAGE
_SELF = words("CURRENT_USER CURRENT_ROLE SESSION_USER")
# What an ordinary writer sends.
_WRITES = words("INSERT UPDATE DELETE MERGE TRUNCATE SELECT WITH VALUES TABLE")

_RIGHTS = "who may do what means nothing to a writer who owns the tables"
_OWN = "the schema stands in a database of its own"


class Extension(NamedTuple):
    """An extension that is to be there, in a schema of that name (None for the one where others
    go)."""

    name: str
    schema: str | None


class Omission(NamedTuple):
    """A statement that is not sent, and without which the schema is the same to a writer."""

    reason: str


def vetted(statement: str) -> Extension | Omission | None:
    """How a statement of a schema is taken; None for: send it.

    Raises:
        NotProvable: it is not sent, and the schema is another one without it.
    """
    found = _one(statement)
    heads = [token.text if token.kind == "word" else "" for token in found[:_HEAD]]
    heads += [""] * (_HEAD - len(heads))
    first, second = heads[0], heads[1]
    if first in ("CREATE", "ALTER", "DROP"):
        return _definition(statement, found, heads)
    if first == "COPY":
        if _follows(found, "FROM", "STDIN"):
            return Omission("the rows of COPY are not loaded")
        raise _unsent(statement, "COPY reaches files and programs")
    if first in ("GRANT", "REVOKE"):
        return None if any(token.text in _SELF for token in found) else Omission(_RIGHTS)
    if (first, second) == ("REASSIGN", "OWNED"):
        return Omission(_RIGHTS)
    if first in ("SET", "RESET"):
        return _setting(found)
    if first == "COMMENT" and heads[2] in ("EXTENSION", "DATABASE", "ROLE", "TABLESPACE"):
        return Omission("a comment")
    if first == "DO":
        _refuse_languages(statement, found)
    if first == "SECURITY" and second == "LABEL":
        return Omission(_RIGHTS)
    if first == "LOAD":
        raise _unsent(statement, "LOAD reads a library")
    if first == "IMPORT":
        raise _unsent(statement, "it reaches another server")
    if second in ("PREPARED", "TRANSACTION") and first in ("PREPARE", "COMMIT", "ROLLBACK"):
        _refuse_two_phases(statement, found)
    return None


def lasting(statement: str) -> str:
    """A statement outside of any transaction, without ON COMMIT DROP or DELETE ROWS: what runs
    migrations sends a whole file as one transaction, up to whose end its temporary tables stay."""
    if " TEMP" not in statement.upper():
        return statement
    found = _one(statement)
    if found[0].text != "CREATE" or not {"TEMP", "TEMPORARY"} & {one.text for one in found[1:3]}:
        return statement
    for first, second, third in zip(found, found[1:], found[2:], strict=False):
        if (first.text, second.text) == ("ON", "COMMIT") and third.text in ("DROP", "DELETE"):
            last = found[found.index(third) + (third.text == "DELETE")]
            return statement[: first.start] + statement[last.end :]
    return statement


def refuse_unless_written(statement: str) -> None:
    """Let through what an ordinary writer sends.

    Raises:
        NotProvable: it is something else.
    """
    found = _one(statement)
    bare = next((token.text for token in found if token.text != "("), "")
    constraints = [token.text for token in found[:2]] == ["SET", "CONSTRAINTS"]
    if bare not in _WRITES and not constraints:
        raise _unsent(statement, "no writer's statement")


# What a role may do to its own server, whatever it is called. As statements of their own these were
# left out before; in the body of a function they would run.
_SHARED = words("DATABASE GROUP OWNED ROLE SYSTEM TABLESPACE USER")
_VERBS = words("ALTER CREATE DROP REASSIGN")
_SHARED_FUNCTIONS = words(
    "PG_CANCEL_BACKEND PG_CREATE_LOGICAL_REPLICATION_SLOT PG_CREATE_PHYSICAL_REPLICATION_SLOT"
    " PG_DROP_REPLICATION_SLOT PG_REPLICATION_ORIGIN_CREATE PG_TERMINATE_BACKEND"
)
# What runs a text as a statement.
_DYNAMIC = words("CONNECTBY CROSSTAB CROSSTABN EXECUTE TS_REWRITE TS_STAT")
_TO_XML = "_TO_XML"  # query_to_xml, cursor_to_xmlschema and others
_ROUTINES = words("FUNCTION PROCEDURE")


def refuse_reaching_out(statement: str) -> None:
    """Let through what cannot reach beyond its own database, even as a role that has more.

    Raises:
        NotProvable: it could, or builds statements at run time.
    """
    _refuse_words(statement, statement, is_body=False)


def _refuse_words(statement: str, text: str, *, is_body: bool) -> None:
    before = ""
    found = tokens(text, _DIALECT)
    for number, token in enumerate(found):
        if token.kind == "string":
            # It may be a body, and what stands in quotes there runs only through what is refused.
            if not is_body and any(character.isspace() for character in token.text):
                _refuse_words(statement, token.text, is_body=True)
        elif token.kind in ("word", "name"):
            word = token.text.upper()
            behind = found[number + 1].text.upper() if number + 1 < len(found) else ""
            why = _objection(before, word, behind, is_body=is_body)
            if why is not None:
                raise _confined(statement, f"`{token.text}` {why}")
        before = token.text.upper()


def _objection(before: str, word: str, behind: str, *, is_body: bool) -> str | None:
    if word in _SHARED_FUNCTIONS:
        return "is for the whole server"
    if _TO_XML in word or (word in _DYNAMIC and behind not in _ROUTINES):
        return "runs a text as a statement"
    if not is_body:
        return None
    if word in ("GRANT", "REVOKE"):
        return "is for roles"
    if word in _SHARED and before in _VERBS:
        return "is for the whole server"
    if (before, word) in (("ON", "DATABASE"), ("ON", "TABLESPACE")):
        return "is for the whole server"
    return None


def _confined(statement: str, why: str) -> NotProvable:
    return NotProvable(
        f"not sent to a server as a role that has more than the throwaway database, since {why}:"
        f" `{shown(statement)}`",
        "give a role that may create roles, so that the proof can run as one that owns nothing"
        " else, or use the embedded server: postgresql",
    )


def _one(statement: str) -> list[Token]:
    pieces = split(statement, _DIALECT)
    if len(pieces) != 1 or pieces[0].fault is not None:
        raise NotProvable(
            f"not sent to a server, since it is not one statement: `{shown(statement)}`"
        )
    return pieces[0].tokens


def _unsent(statement: str, why: str) -> NotProvable:
    return NotProvable(f"not sent to a server, since {why}: `{shown(statement)}`")


def _follows(found: list[Token], *expected: str) -> bool:
    texts = [token.text for token in found]
    size = len(expected)
    return any(tuple(texts[at : at + size]) == expected for at in range(len(texts) - size + 1))


def _definition(
    statement: str, found: list[Token], heads: list[str]
) -> Extension | Omission | None:
    verb, kind = heads[0], heads[1]
    if kind == "OR":  # CREATE OR REPLACE
        kind = found[3].text if len(found) > 3 else ""
    if kind == "EXTENSION":
        return _extension(statement, found, verb)
    if kind in ("ROLE", "USER", "GROUP"):
        if heads[2] == "MAPPING":
            raise _unsent(statement, "it reaches another server")
        return Omission(_RIGHTS)
    if kind == "DATABASE":
        return Omission(_OWN)
    if (verb, kind) == ("ALTER", "DEFAULT"):
        return Omission(_RIGHTS)
    if kind == "PUBLICATION":
        return Omission("replication means nothing to a writer")
    if kind in ("SUBSCRIPTION", "SERVER", "FOREIGN"):
        raise _unsent(statement, "it reaches another server")
    if kind in ("TABLESPACE", "SYSTEM"):
        raise _unsent(statement, "it is for the whole server")
    if kind == "EVENT":
        raise _unsent(statement, "event triggers are for superusers")
    if verb == "CREATE" and _makes_language(heads):
        return _language(statement, found)
    if (verb, kind) == ("DROP", "OWNED"):
        raise _unsent(statement, "it drops all that a role owns")
    if verb == "ALTER" and _only_owner(found):
        return Omission(_RIGHTS)
    if kind in ("FUNCTION", "PROCEDURE"):
        _refuse_languages(statement, found)
    return None


def _only_owner(found: list[Token]) -> bool:
    """Whether all that an ALTER does is `... OWNER TO somebody`."""
    if len(found) < 4 or found[-1].text in _SELF:
        return False
    return [token.text for token in found[-3:-1]] == ["OWNER", "TO"] and not _has_comma(found)


def _has_comma(found: list[Token]) -> bool:
    depth = 0
    for token in found:
        if token.kind != "sign":
            continue
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "," and depth == 0:
            return True
    return False


def _extension(statement: str, found: list[Token], verb: str) -> Extension | Omission:
    if verb == "ALTER":
        return Omission("the extension is the server's own")
    if verb == "DROP":
        raise _unsent(statement, "extensions are only created here")
    rest = [token for token in found[2:] if token.text not in ("IF", "NOT", "EXISTS")]
    if not rest:
        raise _unsent(statement, "it names no extension")
    name = _name(rest[0])
    if name == "pg_stat_statements":
        return Omission("it counts statements, and is no part of a schema")
    schema = None
    for token, following in pairwise(rest):
        if token.kind == "word" and token.text == "SCHEMA":
            schema = _name(following)
    return Extension(name, schema)


def _name(token: Token) -> str:
    return fold(token.text, _DIALECT) if token.kind == "word" else token.text


def _makes_language(heads: list[str]) -> bool:
    """CREATE [OR REPLACE] [TRUSTED] [PROCEDURAL] LANGUAGE; a table may be called `language`."""
    rest = [word for word in heads[1:] if word not in ("OR", "REPLACE", "TRUSTED", "PROCEDURAL")]
    return rest[0] == "LANGUAGE"


def _language(statement: str, found: list[Token]) -> Omission:
    if _name(found[-1]) in _LANGUAGES:
        return Omission("every database has it")
    raise _unsent(statement, "only functions in sql and plpgsql are made here")


def _refuse_languages(statement: str, found: list[Token]) -> None:
    depth = 0
    for token, following in pairwise(found):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and (token.text, following.text) == ("BEGIN", "ATOMIC"):
            return  # the body is the last part, and SQL
        if depth == 0 and token.kind == "word" and token.text == "LANGUAGE":
            name = _name(following)
            if name.lower() not in _LANGUAGES:
                raise _unsent(statement, f"functions in `{name}` are not made here")


def _setting(found: list[Token]) -> Omission | None:
    named = [token.text.upper() for token in found[1:4] if token.text not in ("SESSION", "LOCAL")]
    name = named[0] if named else ""
    if name in ("ROLE", "AUTHORIZATION"):
        return Omission("the proof has a role of its own")
    if name in _TIME_OUTS or (name == "ALL" and found[0].text == "RESET"):
        return Omission("the proof has time-outs of its own")
    return None


def _refuse_two_phases(statement: str, found: list[Token]) -> None:
    """PREPARE TRANSACTION would outlive its session; COMMIT TRANSACTION is a plain COMMIT."""
    if found[0].text == "PREPARE" or found[1].text == "PREPARED":
        raise _unsent(statement, "a transaction in two phases outlives its session")
