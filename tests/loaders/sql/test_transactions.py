"""What a file undoes itself: each outcome was seen on the database that it is for."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int);\n"
INDEX = "CREATE UNIQUE INDEX u ON t (a);\n"


@pytest.mark.parametrize(
    ("script", "dialect", "stays"),
    [
        (f"BEGIN; {INDEX} COMMIT;", "postgresql", True),
        (f"BEGIN; {INDEX} ROLLBACK;", "postgresql", False),
        (f"BEGIN; {INDEX} ABORT;", "postgresql", False),
        (f"START TRANSACTION; {INDEX} ROLLBACK WORK;", "postgresql", False),
        (f"BEGIN TRANSACTION; {INDEX} ROLLBACK TRANSACTION;", "sqlite", False),
        (f"START TRANSACTION; {INDEX} ROLLBACK;", "mysql", True),
        (f"{INDEX} ROLLBACK;", "postgresql", True),
        (f"BEGIN; COMMIT; {INDEX} ROLLBACK;", "postgresql", True),
        (f"BEGIN; SAVEPOINT s; {INDEX} ROLLBACK TO s; COMMIT;", "postgresql", False),
        (f"BEGIN; {INDEX} SAVEPOINT s; ROLLBACK TO SAVEPOINT s; COMMIT;", "postgresql", True),
        (f"BEGIN; SAVEPOINT r; SAVEPOINT s; {INDEX} ROLLBACK TO r; END;", "postgresql", False),
        (f"SAVEPOINT s; {INDEX} ROLLBACK TO s; RELEASE s;", "sqlite", False),
        (f"BEGIN; {INDEX} COMMIT AND CHAIN; DROP INDEX u; ROLLBACK;", "postgresql", True),
        (f"BEGIN; SELECT 1; ROLLBACK; {INDEX}", "postgresql", True),
    ],
)
def test_rolled_back(script: str, dialect: str, stays: bool) -> None:
    file = SourceFile("m.sql", TABLE + script)
    loaded = SqlLoader().load([file], dialect=Dialect(dialect))
    assert len(loaded.schema.models[0].uniques) == int(stays)
    said = ["undoes" in problem.message for problem in loaded.problems]
    assert any(said) is (not stays or "DROP" in script)
