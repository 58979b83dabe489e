"""MySQL's procedures, and texts that are prepared: what they run is replayed where it is known.

What MariaDB makes of the same is in `scripts/mariadb/procedures.sql`.
"""

from __future__ import annotations

import pytest

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.loaders.sql.building import load

TABLES = "CREATE TABLE a (id int PRIMARY KEY, b int);\nCREATE TABLE c (id int PRIMARY KEY);\n"
HAS_D = (
    "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() "
    "AND table_name = 'a' AND column_name = 'd')"
)
ADDS_D = "ALTER TABLE a ADD COLUMN d int NOT NULL;"


def columns(loaded: Loaded, table: str = "a") -> list[str]:
    model = loaded.schema.model(table)
    assert model is not None
    return [field.name for field in model.fields]


def called(body: str, *, before: str = "", call: str = "CALL p()") -> Loaded:
    procedure = f"DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n{body}\nEND //\nDELIMITER ;\n"
    return load(f"{TABLES}{before}{procedure}{call};\nDROP PROCEDURE p;\n", "mysql")


def executed(text: str, before: str = "") -> Loaded:
    return load(f"{TABLES}{before}SET @s = {text};\nPREPARE p FROM @s;\nEXECUTE p;\n", "mysql")


def untold(loaded: Loaded) -> None:
    assert loaded.problems == ()
    assert loaded.schema.opaque == ()


def reasons(loaded: Loaded) -> list[tuple[str, tuple[str, ...]]]:
    """Why statements were not understood, and which tables they could touch."""
    return [
        ((opaque.reason or "").split(": ", 1)[1], tuple(opaque.tables))
        for opaque in loaded.schema.opaque
    ]


# -- what is run


@pytest.mark.parametrize("call", ["CALL p()", "CALL p", "call `P`()"])
@pytest.mark.parametrize(
    "body",
    [
        ADDS_D,
        f"IF NOT {HAS_D} THEN {ADDS_D} END IF;",
        f"IF NOT {HAS_D} THEN {ADDS_D} {ADDS_D} END IF;",
        f"IF NOT {HAS_D} THEN {ADDS_D} ELSE ALTER TABLE a MODIFY d text; END IF;",
        f"START TRANSACTION; UPDATE a SET b = 1; COMMIT; {ADDS_D}",
        f"DECLARE CONTINUE HANDLER FOR 1060, SQLSTATE '42S21' BEGIN END; {ADDS_D} {ADDS_D}",
        f"DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; {ADDS_D}",
        f"DECLARE n int; SELECT {HAS_D} INTO n; IF n = 0 THEN {ADDS_D} END IF;",
        "SET @x = 'ALTER TABLE a ADD d int'; PREPARE x FROM @x; EXECUTE x; DEALLOCATE PREPARE x;",
    ],
)
def test_a_procedure_is_run_where_it_is_called(body: str, call: str) -> None:
    loaded = called(body, call=call)
    untold(loaded)
    assert columns(loaded) == ["id", "b", "d"]


def test_a_guard_is_asked_each_time() -> None:
    body = f"IF {HAS_D} THEN ALTER TABLE a DROP COLUMN d; ALTER TABLE a ADD COLUMN e int; END IF;"
    loaded = called(body)
    untold(loaded)
    assert columns(loaded) == ["id", "b"]
    loaded = called(body, before=f"{ADDS_D}\n")
    untold(loaded)
    assert columns(loaded) == ["id", "b", "e"]


def test_a_procedure_without_ddl_changes_nothing() -> None:
    untold(called("DECLARE i int DEFAULT 0; WHILE i < 3 DO SET i = i + 1; END WHILE;"))


def test_a_procedure_of_a_file_before() -> None:
    texts = [TABLES, f"CREATE PROCEDURE p() BEGIN {ADDS_D} END;", "CALL p();"]
    files = [SourceFile(f"{number}.sql", text) for number, text in enumerate(texts)]
    loaded = SqlLoader().load(files, dialect=Dialect.MYSQL)
    untold(loaded)
    assert columns(loaded) == ["id", "b", "d"]


def test_names_that_a_procedure_is_given() -> None:
    body = (
        "CREATE PROCEDURE p(IN t varchar(64), IN k varchar(64)) SQL SECURITY INVOKER BEGIN "
        "IF EXISTS (SELECT * FROM information_schema.statistics WHERE table_schema = DATABASE() "
        "AND table_name = t AND index_name = k) THEN "
        "SET @q = CONCAT('ALTER TABLE `', t, '` DROP INDEX ', k, ';'); "
        "PREPARE s FROM @q; EXECUTE s; END IF; END;"
    )
    keys = "CREATE UNIQUE INDEX u ON a (b);"
    loaded = load(f"{TABLES}{keys}{body}CALL p('a', 'u'); CALL p('a', 'u');", "mysql")
    untold(loaded)
    model = loaded.schema.model("a")
    assert model is not None
    assert model.uniques == ()


@pytest.mark.parametrize(
    "text",
    [
        "'ALTER TABLE a ADD d int'",
        f"(SELECT IF({HAS_D}, 'SELECT 1', 'ALTER TABLE a ADD d int'))",
        "(SELECT IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'a' AND "
        "column_name = 'd') > 0, 'SELECT ''there''', \"ALTER TABLE a ADD d int;\"))",
        "IF((SELECT COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'a' AND "
        "COLUMN_NAME = 'd') = 0, 'ALTER TABLE a ADD d int', '')",
    ],
)
def test_a_text_is_run_where_it_is_executed(text: str) -> None:
    loaded = executed(text)
    untold(loaded)
    assert columns(loaded) == ["id", "b", "d"]
    assert load(f"{TABLES}{ADDS_D}SET @s = {text}; SELECT 1;", "mysql").schema.opaque == ()


# -- what is not known


@pytest.mark.parametrize(
    ("body", "tables"),
    [
        # The guard asks the data, or of another table.
        ("IF (SELECT COUNT(*) FROM c) > 0 THEN ALTER TABLE a DROP COLUMN b; END IF;", ("a",)),
        (f"IF {HAS_D} THEN ALTER TABLE c ADD e int; END IF;", ("c",)),
        # A row that is stored already can keep the first one from being made.
        (
            "DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; "
            "CREATE UNIQUE INDEX u ON a (b); CREATE INDEX v ON a (b);",
            ("a",),
        ),
        ("DECLARE EXIT HANDLER FOR 1060 BEGIN END; ALTER TABLE a ADD d int, ADD e int;", None),
        # Both could be run, as a table that is dropped IF EXISTS is no sign of either.
        (f"IF {HAS_D} THEN DROP TABLE IF EXISTS c; ELSE DROP TABLE a; END IF;", ("c", "a")),
    ],
)
def test_what_depends_on_data_is_told(body: str, tables: tuple[str, ...] | None) -> None:
    loaded = called(body)
    if tables is None:
        untold(loaded)
        return
    assert [found for _, found in reasons(loaded)] == [tables]
    assert len(loaded.problems) == 1


@pytest.mark.parametrize(
    "body",
    [
        "DECLARE i int; WHILE i < 3 DO ALTER TABLE a DROP COLUMN b; END WHILE;",
        "l: BEGIN LEAVE l; ALTER TABLE a DROP COLUMN b; END l;",
        "CASE 1 WHEN 1 THEN DROP TABLE a; ELSE BEGIN END; END CASE;",
        "SET @q = (SELECT b FROM a); PREPARE q FROM @q; EXECUTE q;",
        "CALL elsewhere();",
        "IF 1 THEN SET @q = 'DROP TABLE a'; ELSE SET @q = 'SELECT 1'; END IF; "
        "PREPARE q FROM @q; EXECUTE q;",
        "SET @q = 'SELECT 1'; CALL p2(@q); PREPARE q FROM @q; EXECUTE q;",
    ],
)
def test_what_is_not_known_is_told(body: str) -> None:
    before = "CREATE PROCEDURE p2(OUT q text) SET q = 'DROP TABLE a';\n"
    assert reasons(called(body, before=before)) == [
        ("CALL runs statements that are not to be seen here", ())
    ]


@pytest.mark.parametrize(
    "text",
    [
        "CONCAT('ALTER TABLE a ADD d ', 'int')",  # nothing shows where it stands
        "CONCAT('ALTER TABLE a DROP COLUMN ', @unknown)",
        "IF((SELECT b FROM a LIMIT 1), 'ALTER TABLE a DROP COLUMN b', 'DROP TABLE a')",
        "'ALTER TABLE a DROP COLUMN b; DROP TABLE a'",
    ],
)
def test_texts_that_are_not_known_are_told(text: str) -> None:
    assert reasons(executed(text)) == [("EXECUTE runs statements that are not to be seen here", ())]


def test_a_text_that_data_choose_touches_its_table() -> None:
    loaded = executed("IF((SELECT b FROM a LIMIT 1), 'ALTER TABLE a DROP COLUMN b', 'SELECT 1')")
    assert reasons(loaded) == [("whether it runs this is not known", ("a",))]


def test_a_drop_that_is_refused_is_told_where_it_is_executed() -> None:
    loaded = executed("CONCAT('DROP INDEX ', 'gone', ' ON a')")
    assert [problem.span.place.line for problem in loaded.problems] == [5]


def test_nothing_is_too_deep() -> None:
    for text in ("(" * 3000, "IF(1, " * 3000, "CONCAT(" * 3000 + "'x'" + ")" * 3000):
        assert executed(text).schema.opaque != ()
    for word in ("BEGIN ", "IF 1 THEN "):
        end = "END; " if word == "BEGIN " else "END IF; "
        assert called(word * 3000 + "DROP TABLE a; " + end * 3000).schema.opaque != ()
    block = "DO $$ " + "BEGIN " * 3000 + "END; " * 2999 + "END $$;"
    assert load(block).schema.opaque != ()
