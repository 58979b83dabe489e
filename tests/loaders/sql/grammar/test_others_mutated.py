"""Statements with words lost, doubled or swapped: read, or refused with a place, never a crash."""

from __future__ import annotations

from random import Random

import pytest

from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.others import read_other
from schemalint.loaders.sql.lexer import Token, tokens
from schemalint.loaders.sql.statements import CreateFunction, CreateTrigger
from schemalint.loaders.sql.triggers.understand import understand
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.loaders.sql.grammar.test_others import golden_cases
from tests.loaders.sql.triggers.random_bodies import Bodies

ROUNDS = 12


def _mutated(found: list[Token], random: Random) -> list[Token]:
    out = list(found)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(out))
        match random.randint(0, 3):
            case 0 if len(out) > 1:
                del out[at]
            case 1:
                out.insert(at, out[at])
            case 2:
                other = random.randrange(len(out))
                out[at], out[other] = out[other], out[at]
            case _:
                out = out[: at + 1]
    return out


@pytest.mark.parametrize(("dialect", "sql"), [case[:2] for case in golden_cases()])
def test_mutated_statements(dialect: str, sql: str) -> None:
    random = Random(sql)
    for _ in range(ROUNDS):
        found = _mutated(tokens(sql, Dialect(dialect)), random)
        try:
            statement = read_other(Cursor(SourceFile("test.sql", sql), found, Dialect(dialect)))
        except SyntaxFaultError:
            continue
        if isinstance(statement, CreateTrigger):
            assert understand(statement, None, Dialect(dialect))


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
def test_mutated_bodies(database: str) -> None:
    dialect = Dialect(database)
    random = Random(database)
    for seed in range(150):
        body = Bodies(seed, database, ("NEW", "OLD")).body()
        words = [body[token.start : token.end] for token in _mutated(tokens(body, dialect), random)]
        text = " ".join(words)
        head = "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        if database != "postgresql":
            trigger = _read(head + (text or "BEGIN"), dialect)
            assert trigger is None or (
                isinstance(trigger, CreateTrigger) and understand(trigger, None, dialect)
            )
            continue
        function = _read(f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$ {text} $f$")
        trigger = _read(head + "EXECUTE FUNCTION f()")
        assert isinstance(function, CreateFunction)
        assert isinstance(trigger, CreateTrigger)
        assert understand(trigger, function, dialect)


def _read(sql: str, dialect: Dialect = Dialect.POSTGRESQL) -> object:
    try:
        return read_other(Cursor(SourceFile("test.sql", sql), tokens(sql, dialect), dialect))
    except SyntaxFaultError:
        return None
