"""Models with whatever reaches the DDL: ours and what SQLAlchemy emits at run time make the same
database."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from schemalint.ddl import Ddl, written
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.ddl.catalogs import differences, postgresql, sqlite_facts
from tests.oracle.install import SQLMODEL

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent


def emitted(file: str, dialect: Dialect) -> list[str]:
    """What SQLAlchemy emits."""
    python = SQLMODEL / "bin" / "python"
    if not python.exists():
        pytest.skip("SQLAlchemy is absent: run `python -m tests.oracle.install`")
    command = [str(python), str(HERE / "emitted.py"), str(HERE / file), dialect.value]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: list[str] = json.loads(run.stdout)
    return found


def ours(file: str, dialect: Dialect) -> Ddl:
    source = SourceFile(file, (HERE / file).read_text("utf-8"))
    loaded = SqlModelLoader().load([source], dialect=dialect)
    assert [one.message for one in loaded.problems] == []
    ddl = written(loaded.schema)
    assert ddl.omissions == ()
    return ddl


def test_sqlite() -> None:
    ddl = ours("models.py.txt", Dialect.SQLITE)
    theirs = sqlite_facts(emitted("models.py.txt", Dialect.SQLITE))
    assert differences(sqlite_facts([one.sql for one in ddl.statements]), theirs) == []
    assert len([path for path in theirs if path.endswith("autoincrement")]) == 6


@pytest.mark.server
@pytest.mark.parametrize("file", ["models.py.txt", "postgresql_models.py.txt"])
def test_postgresql(file: str) -> None:
    ddl = ours(file, Dialect.POSTGRESQL)
    statements = emitted(file, Dialect.POSTGRESQL)
    if file.startswith("postgresql"):
        statements.insert(0, "CREATE SCHEMA own")  # which SQLAlchemy leaves to others
    with postgresql() as database:
        theirs = database.facts(statements, ddl.extensions)
        mine = database.facts([one.sql for one in ddl.statements], ddl.extensions)
    assert differences(mine, theirs) == []
