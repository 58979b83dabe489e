"""What was carried out, as files that stand by themselves: a script to paste, and a pytest module.

The test demands what the rule does: that the database refuses. Of a broken rule it fails until the
schema is mended; of a kept one it passes, and goes on to watch over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import indent, wrap
from typing import Any

import msgspec

from schemalint.model import Dialect
from schemalint.prove.execution import Proof, shows_broken
from schemalint.prove.outcome import Left, Outcome

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_WIDTH = 96  # of a comment's line, its sign aside


class Exported(msgspec.Struct, frozen=True):
    """A file to be written: its name, no folder in it, and its text."""

    name: str
    text: str


def exported(
    proofs: Iterable[Proof], schema: Sequence[str], dialect: Dialect, database: str
) -> Iterator[Exported]:
    """The files of each rule over each model that was carried out: of a broken one, what got
    through; of the others, what was refused.

    Args:
        proofs: of one schema.
        schema: the statements that make it.
        dialect: of the database that they were carried out on.
        database: its name and version.
    """
    taken: set[str] = set()
    for proof in proofs:
        shown = proof.shown
        outcomes = [shown] if shown is not None else _refused(proof)
        if not outcomes:
            continue
        name = _free(f"{proof.entry.id}_{proof.model.name}", taken)
        about = _about(proof, database, broken=shown is not None)
        yield Exported(f"{name}.sql", _script(about, schema, outcomes))
        yield Exported(f"test_{name}.py", _module(about, schema, outcomes, dialect))


def _refused(proof: Proof) -> list[Outcome]:
    return [one for one in proof.outcomes if one.attack.aim == "forbidden" and one.end == "refused"]


def _free(wanted: str, taken: set[str]) -> str:
    """A file's name that no other has, whatever letter case a file system ignores."""
    plain = re.sub(r"\W+", "_", wanted).strip("_").lower() or "rule"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name)
    return name


def _about(proof: Proof, database: str, *, broken: bool) -> list[str]:
    entry = proof.entry
    outcome = "gets through" if broken else "is refused"
    return [f"{entry.id}: {' '.join(entry.says.split())}", f"On {database}, this {outcome}."]


def _script(about: Sequence[str], schema: Sequence[str], outcomes: Sequence[Outcome]) -> str:
    lines = [*_comments("--", about), ""]
    lines += [_ended(statement) for statement in schema]
    # Each of several begins with the schema alone; what has transactions of its own comes last.
    for outcome in sorted(outcomes, key=_has_transactions):
        apart = len(outcomes) > 1
        lines += ["", *_comments("--", [f"A writer {outcome.attack.says}."])]
        if apart and _has_transactions(outcome):
            lines += ["-- This commits what it does: begin with empty tables."]
            apart = False
        lines += ["BEGIN;"] if apart else []
        lines += [_ended(one.sql) for one in outcome.statements if one.refusal is None]
        refusal = outcome.refusal
        if refusal is not None:
            message = " ".join(refusal.message.split())
            lines += [_ended(outcome.statements[-1].sql), *_comments("--", [f"Refused: {message}"])]
            # PostgreSQL's COMMIT ends a transaction that it refuses, SQLite's does not.
            lines += ["ROLLBACK;"] if apart or _is_open(outcome) else []
        elif shows_broken(outcome):
            lines += _comments("--", [f"Then {outcome.what}."])
    return "\n".join(lines) + "\n"


def _has_transactions(outcome: Outcome) -> bool:
    return any(one.sql in ("BEGIN", "COMMIT") for one in outcome.statements)


def _is_open(outcome: Outcome) -> bool:
    """Whether the last statement, which is refused, leaves a transaction that was begun."""
    done = [one.sql for one in outcome.statements if one.sql in ("BEGIN", "COMMIT")]
    refused = outcome.statements[-1].sql
    return bool(done) and (done[-1] == "BEGIN" or refused == "COMMIT")


def _comments(sign: str, texts: Sequence[str]) -> list[str]:
    return [f"{sign} {line}" for text in texts for line in wrap(text, _WIDTH) or [""]]


def _ended(statement: str) -> str:
    """A statement with its semicolon, on a line of its own behind a comment that it ends in."""
    last = statement.rstrip().rpartition("\n")[2]
    return statement.rstrip() + ("\n;" if "--" in last or "#" in last else ";")


# -- pytest ----------------------------------------------------------------------------------


def _module(
    about: Sequence[str], schema: Sequence[str], outcomes: Sequence[Outcome], dialect: Dialect
) -> str:
    quoted = "\n".join(f"    {_text(statement)}," for statement in schema)
    parts = [
        '"""' + "\n".join(_escaped(one) for one in about) + '\n"""\n',
        _CONNECTIONS[_family(dialect)],
        f"SCHEMA = [\n{quoted}\n]\n",
    ]
    for number, outcome in enumerate(outcomes, 1):
        statements = "\n".join(f"{_text(one.sql)}," for one in outcome.statements)
        refused = _escaped(f"A writer {outcome.attack.says}: that has to be refused.")
        suffix = "" if len(outcomes) == 1 else f"_{number}"
        demanded = outcome.attack.aim == "demanded"
        left = outcome.left
        if not demanded and left is not None:
            left = _written(left, outcome, schema)
        if not demanded and left is not None:
            says = f"A writer {outcome.attack.says}: that must not be so that {outcome.what}."
            refused = _escaped("\n    ".join(wrap(says, _WIDTH - 8)))
        if demanded:
            but = f", and not so that {outcome.what}" if left is not None else ""
            says = f"A writer {outcome.attack.says}: that has to be accepted{but}."
            refused = _escaped("\n    ".join(wrap(says, _WIDTH - 8)))
        test = "demanded" if demanded else "forbidden"
        parts.append(
            f"def test_{test}{suffix}(database):\n"
            f'    """{refused}"""\n'
            f"    statements = [\n{indent(statements, ' ' * 8)}\n    ]\n"
            + (_ACCEPTED if demanded else _REFUSED if left is None else _EITHER)
            + (_not_left(*left) if left is not None else "")
        )
    return "\n\n".join(parts)


def _not_left(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """What was accepted must not lead to these rows."""
    told = sorted(tuple(map(str, row)) for row in rows)
    query = f"SELECT {', '.join(columns)} FROM {table}"
    return (
        f"    rows = database({_text(query)}).fetchall()\n"
        f"    assert sorted(tuple(map(str, row)) for row in rows) != {told!r}\n"
    )


def _written(left: Left, outcome: Outcome, schema: Sequence[str]) -> Left | None:
    """Of the columns those whose values all stand in the statements or in the schema: in the rest
    another run finds another time. None where there are none."""
    table, columns, rows = left
    texts = [*(one.sql for one in outcome.statements), *schema]
    values = list(zip(*rows, strict=True))
    kept = [
        at
        for at, found in enumerate(values)
        if all(one is None or any(str(one) in text for text in texts) for one in found)
    ]
    found = [[row[at] for at in kept] for row in rows]
    return (table, [columns[at] for at in kept], found) if kept else None


def _text(sql: str) -> str:
    return repr(sql) if "\n" not in sql else '"""\\\n' + _escaped(sql) + '"""'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _family(dialect: Dialect) -> Dialect:
    return Dialect.MYSQL if dialect in _MYSQL else dialect


_REFUSED = """\
    *first, last = statements
    for statement in first:
        database(statement)
    with pytest.raises(REFUSED):
        database(last)
"""

_ACCEPTED = """\
    for statement in statements:
        database(statement)
"""

_EITHER = """\
    *first, last = statements
    for statement in first:
        database(statement)
    try:
        database(last)
    except REFUSED:
        return
"""

_SQLITE = """\
import sqlite3

import pytest

REFUSED = sqlite3.Error


@pytest.fixture
def database():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA:
        connection.execute(statement)
    yield connection.execute
    connection.close()
"""

_POSTGRESQL = '''\
import os
import uuid

import pytest

psycopg = pytest.importorskip("psycopg")
REFUSED = psycopg.Error


@pytest.fixture
def database():
    """A new database on the server that DATABASE_URL names; its user has to be allowed to make
    one."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.skip("set DATABASE_URL to a PostgreSQL server on which a database may be made")
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(url, dbname=name, autocommit=True) as connection:
                for statement in SCHEMA:
                    connection.execute(statement)
                yield connection.execute
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
'''

_MYSQL_MODULE = '''\
import os
import urllib.parse
import uuid

import pytest

pymysql = pytest.importorskip("pymysql")
REFUSED = pymysql.Error


@pytest.fixture
def database():
    """A new database on the server that DATABASE_URL names; its user has to be allowed to make
    one."""
    url = urllib.parse.urlsplit(os.environ.get("DATABASE_URL", ""))
    if not url.hostname:
        pytest.skip("set DATABASE_URL to a MySQL server on which a database may be made")
    name = f"test_{uuid.uuid4().hex[:12]}"
    connection = pymysql.connect(
        host=url.hostname,
        port=url.port or 3306,
        user=urllib.parse.unquote(url.username or "root"),
        password=urllib.parse.unquote(url.password or ""),
        autocommit=True,
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            cursor.execute(f"USE {name}")
            for statement in SCHEMA:
                cursor.execute(statement)

            def execute(statement):
                cursor.execute(statement)
                return cursor

            yield execute
        finally:
            cursor.execute(f"DROP DATABASE {name}")
'''

_CONNECTIONS = {
    Dialect.SQLITE: _SQLITE,
    Dialect.POSTGRESQL: _POSTGRESQL,
    Dialect.MYSQL: _MYSQL_MODULE,
}
