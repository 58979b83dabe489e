"""MySQL's MODIFY, as a help proposes it: nothing of the column's definition is lost."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.databases import database, migration
from tests.rules.judging import judge, sql

COLUMNS = [
    "a INT",
    "a INT DEFAULT 5",
    "a INT DEFAULT (1 + 2)",
    "a BOOLEAN DEFAULT true",
    "a VARCHAR(9) COLLATE utf8mb4_bin DEFAULT 'it''s'",
    "a VARCHAR(9) DEFAULT '' COMMENT 'what it''s for'",
    "a DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)",
    "a DATETIME DEFAULT CURRENT_TIMESTAMP",
    "a TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
    "a ENUM('x', 'y') DEFAULT 'y'",
    "a DECIMAL(5,2) DEFAULT -1.5",
]
RULE = "required: {of: t, fields: [a]}"
SHOWN = (
    "SELECT column_default, collation_name, extra, column_comment, column_type "
    "FROM information_schema.columns WHERE table_schema = database() AND column_name = 'a'"
)


def _proposed(ddl: str) -> str:
    judged = judge(sql(ddl, "mariadb"), RULE)
    assert judged.verdict is Verdict.BROKEN
    help_ = judged.findings[0].help
    assert help_ is not None
    return migration(help_)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_rule_is_kept(column: str) -> None:
    ddl = f"CREATE TABLE t (id INT PRIMARY KEY, {column});\n"
    assert judge(sql(ddl + _proposed(ddl), "mariadb"), RULE).verdict is Verdict.KEPT


@pytest.mark.server
@pytest.mark.parametrize("column", COLUMNS)
def test_the_rest_of_the_definition_stays(column: str) -> None:
    ddl = f"CREATE TABLE t (id INT PRIMARY KEY, {column});\n"
    with database("mysql") as made:
        made.build(ddl)
        before = made.rows(SHOWN)
        made.build(_proposed(ddl))
        after = made.rows(SHOWN)
    # Where a nullable column has no default, its default is NULL, in words.
    assert [tuple(None if one == "NULL" else one for one in row) for row in before] == after


def test_a_default_that_was_set_later() -> None:
    ddl = (
        "CREATE TABLE t (id INT PRIMARY KEY, a INT);\nALTER TABLE t ALTER COLUMN a SET DEFAULT 7;\n"
    )
    assert _proposed(ddl) == "ALTER TABLE `t` MODIFY `a` INTEGER NOT NULL DEFAULT 7;"
