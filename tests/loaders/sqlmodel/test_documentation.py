"""The examples of SQLModel's documentation: every table is what it is at run time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.project.reading import Reader
from schemalint.project.schemas import find_schemas
from tests.loaders.sqlmodel.published import DIALECTS, compared_with
from tests.oracle.install import DOCUMENTATION, SQLMODEL
from tests.shared_material import shared

pytestmark = pytest.mark.oracle


def examples() -> list[Path]:
    """The examples that declare a table."""
    found = sorted(DOCUMENTATION.glob("sqlmodel@*/*/docs_src/**/*.py"))
    return [path for path in found if "table=True" in path.read_text("utf-8")]


def run_time(path: Path) -> dict[str, Any]:
    """What the example's tables are at run time."""
    script = shared("oracle", "sqlmodel_oracle.py")
    python = SQLMODEL / "bin" / "python"
    command = [sys.executable, str(script), str(path), "--python", str(python), "--ddl", "--stub"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_there_are_examples() -> None:
    if not DOCUMENTATION.exists():
        pytest.skip("the documentation is absent: `python -m tests.oracle.install`")
    assert len(examples()) > 60


@pytest.mark.parametrize("path", examples(), ids=lambda path: "/".join(path.parts[-3:]))
def test_an_example(path: Path) -> None:
    real = run_time(path)
    assert real["status"] in ("ok", "partial"), real
    (files,) = find_schemas([str(path)], ["py"], Reader(str(path.parent))).schemas
    loaded = {
        name: SqlModelLoader().load(files.files, dialect=dialect, sources=files.sources)
        for name, dialect in DIALECTS.items()
    }
    compared = compared_with(real, loaded, path.stem)
    # A class that is imported for type checking only is read, too: the project has it.
    elsewhere = {
        model.table for model in loaded["sqlite"].schema.models if model.span.file.path != path.name
    }
    wrong = [
        str(one)
        for one in compared.differences
        if not (one.kind == "table too many" and one.path in elsewhere)
    ]
    assert wrong == []
    assert compared.facts["table"] > 0
