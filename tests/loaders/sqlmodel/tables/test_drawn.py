"""The columns of random hierarchies of classes, in their order at run time (`draw_models.py`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemalint.loaders.sqlmodel.declarations.drafted import draft_tables
from schemalint.loaders.sqlmodel.project import Project
from schemalint.source import SourceFile

DRAWN = (Path(__file__).parent / "drawn.jsonl").read_text("utf8").splitlines()


@pytest.mark.parametrize("number", range(len(DRAWN)))
def test_columns_as_at_run_time(number: int) -> None:
    drawn = json.loads(DRAWN[number])
    tables, _, problems = draft_tables(Project([SourceFile("drawn.py", drawn["program"])]))
    found = {
        table.table: [
            [
                one.column,
                one.nullable,
                one.type.path.rpartition(".")[2],
                one.default is not None,
            ]
            for one in table.columns
        ]
        for table in tables
    }

    assert problems == []
    assert found == drawn["tables"], drawn["program"]
