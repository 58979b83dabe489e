"""A body that ends before its END, or whose rest is passed over, is opaque and read to its end."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile

_ON_T = "CREATE TABLE t (a int); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW"
_FUNCTION = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ {} $$;"


@pytest.mark.parametrize(
    ("dialect", "ddl"),
    [
        (
            Dialect.MARIADB,
            f"{_ON_T} BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; "
            "SIGNAL SQLSTATE '45000'; END;",
        ),
        (Dialect.MARIADB, f"{_ON_T} BEGIN IF a THEN one: LOOP x; END LOOP; END IF; END;"),
        (Dialect.MARIADB, f"{_ON_T} BEGIN IF a THEN SIGNAL SQLSTATE '45000'; END IF; END;"),
        (
            Dialect.POSTGRESQL,
            f"{_FUNCTION.format('BEGIN IF NEW.a = 1 THEN x := 1;')} {_ON_T} EXECUTE FUNCTION f();",
        ),
        (Dialect.POSTGRESQL, f"{_FUNCTION.format('BEGIN LOOP')} {_ON_T} EXECUTE FUNCTION f();"),
    ],
)
def test_it_is_opaque(dialect: Dialect, ddl: str) -> None:
    schema = SqlLoader().load([SourceFile("triggers.sql", ddl)], dialect=dialect).schema
    assert [trigger.effect for trigger in schema.models[0].triggers] == ["opaque"]


@pytest.mark.parametrize("dialect", [Dialect.MARIADB, Dialect.SQLITE])
def test_without_an_end_it_is_a_problem(dialect: Dialect) -> None:
    ddl = f"{_ON_T} BEGIN SELECT 1;"
    assert SqlLoader().load([SourceFile("triggers.sql", ddl)], dialect=dialect).problems
