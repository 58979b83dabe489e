"""MySQL's double quotes: text, unless a file shows that it is written for ANSI_QUOTES."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile

_TABLE = (
    'CREATE TABLE "t" ("a" INT NOT NULL, "b" VARCHAR(9), CHECK ("a" <> 3 OR "b" = \'say "a"\'));'
)


def _loaded(text: str) -> Schema:
    loaded = SqlLoader().load([SourceFile("t.sql", text)], dialect=Dialect.MARIADB)
    assert not [problem.message for problem in loaded.problems if not problem.warning]
    return loaded.schema


@pytest.mark.parametrize("setting", ["", "SET sql_mode = 'ANSI_QUOTES';", "-- a comment\n"])
def test_names_in_double_quotes(setting: str) -> None:
    text = setting + _TABLE
    (table,) = _loaded(text).models
    assert [field.column for field in table.fields] == ["a", "b"]
    (check,) = table.checks
    assert check.expression == "`a` <> 3 OR `b` = 'say \"a\"'"
    assert text[check.span.start : check.span.end].startswith('CHECK ("a"')


def test_text_in_double_quotes() -> None:
    (table,) = _loaded(
        'CREATE TABLE t (a VARCHAR(9) COMMENT "a \'b\'", CHECK (a IN ("x")));'
    ).models
    assert table.fields[0].doc == "a 'b'"
    assert table.checks[0].expression == 'a IN ("x")'


def test_another_database_reads_them_as_they_are() -> None:
    file = SourceFile("t.sql", _TABLE)
    schema = SqlLoader().load([file], dialect=Dialect.POSTGRESQL).schema
    assert schema.files == (file,)
    assert '"a" <> 3' in schema.models[0].checks[0].expression
