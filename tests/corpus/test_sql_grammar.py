"""All DDL of the observed cases, through the SQL grammar: what a database took is understood."""

from __future__ import annotations

import json

import pytest

from schemalint.model import Dialect
from tests.loaders.sql.grammar.reading_tables import not_read, statements
from tests.shared_material import shared

pytestmark = pytest.mark.corpus

# Why a clause of a case is not understood, although its database took it.
NOT_MODELLED = {
    "X05": ["periods are not modelled", "WITHOUT OVERLAPS is not modelled"],
    "X05b": ["periods are not modelled"],
}


def accepted_ddl() -> dict[tuple[Dialect, str], str]:
    """Dialect and text of each statement that its database took, and a case that it is of."""
    found: dict[tuple[Dialect, str], str] = {}
    for line in shared("truth", "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["outcome"] == "ddl-refused":
            continue
        dialect = Dialect(case["database"].removesuffix("-strict"))
        for statement in case["ddl"]:
            sql = statement if isinstance(statement, str) else statement["sql"]
            found.setdefault((dialect, sql), case["id"])
    return found


def test_ddl_that_a_database_took_is_understood() -> None:
    ddl = accepted_ddl()
    assert len(ddl) > 1000
    wrong = {}
    for (dialect, sql), case in ddl.items():
        reasons = not_read(statements(sql, dialect))
        if reasons != NOT_MODELLED.get(case, []):
            wrong[case, dialect.value, sql] = reasons
    assert wrong == {}


def test_all_ddl_in_one_file_is_understood_alike() -> None:
    """No statement changes how its neighbours are cut."""
    for dialect in (Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MARIADB):
        written = [sql for of, sql in accepted_ddl() if of is dialect]
        found = statements(";\n".join(written), dialect)
        assert [one.span.text for one in found] == [sql.strip().rstrip(";") for sql in written]


def test_ddl_that_was_refused_raises_nothing() -> None:
    for line in shared("truth", "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        dialect = Dialect(case["database"].removesuffix("-strict"))
        for statement in case["ddl"]:
            sql = statement if isinstance(statement, str) else statement["sql"]
            assert statements(sql, dialect)
            assert statements(sql, None)
