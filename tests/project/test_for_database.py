"""Migrations that one folder holds for several databases: which are run on one of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemalint.model import Dialect
from schemalint.project.for_database import for_database
from schemalint.source import SourceFile
from tests.cli.command import in_this_process

NAMES = [
    "m/1_a.mysql.up.sql",
    "m/1_a.postgres.up.sql",
    "m/1_a.sqlite3.up.sql",
    "m/1_a.up.sql",
    "m/2_b.cockroach.autocommit.up.sql",
    "m/2_b.autocommit.up.sql",
    "m/3_add.mysql.thing.up.sql",
    "m/10_c.up.sql",
]


@pytest.mark.parametrize(
    ("dialect", "left_out"),
    [
        ("mysql", [1, 2, 3, 4]),
        ("mariadb", [1, 2, 3, 4]),
        ("sqlite", [0, 1, 3, 4]),
        ("postgresql", [0, 2, 3, 4]),
        ("cockroachdb", [0, 1, 2, 5]),
        ("sqlserver", [0, 1, 2, 4]),
        (None, []),
    ],
)
def test_those_of_the_database_take_the_place_of_the_others(
    dialect: str | None, left_out: list[int]
) -> None:
    files = [SourceFile(name, "") for name in NAMES]
    found = for_database(files, None if dialect is None else Dialect(dialect))
    assert [file.path for file in found] == [
        name for number, name in enumerate(NAMES) if number not in left_out
    ]


def test_a_folder_without_such_names_is_run_as_it_is() -> None:
    files = [SourceFile("1_a.up.sql", ""), SourceFile("2_b.sql", "")]
    assert for_database(files, Dialect.MYSQL) == files


def test_a_check_runs_those_of_the_database_that_it_is_for(tmp_path: Path) -> None:
    text = "CREATE TABLE {} (id int PRIMARY KEY);"
    (tmp_path / "1_a.mysql.up.sql").write_text(text.format("of_mysql"))
    (tmp_path / "1_a.up.sql").write_text(text.format("of_others"))
    (tmp_path / "1_a.down.sql").write_text("DROP TABLE of_others;")
    for dialect, table in [("mysql", "of_mysql"), ("sqlite", "of_others")]:
        done = in_this_process(tmp_path, "ast", ".", "--dialect", dialect)
        (schema,) = json.loads(done.stdout)["schemas"]
        assert [model["name"] for model in schema["models"]] == [table]
