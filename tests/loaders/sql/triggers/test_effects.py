"""What is understood of bodies, and what is not.

`golden.txt` holds entries of a dialect, timing, events and a body, and below it the effects. What
the databases do is held against random bodies in `test_against_databases.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemalint.loaders.sql.triggers.effect import Columns, Effect
from schemalint.model import Dialect
from tests.loaders.sql.reading import effects, shown

_HEAD = re.compile(r"(\w+) (\w+) ([A-Z ]+?)(?: \((\w+)\))?: (.*)")


def _entries() -> list[tuple[str, str]]:
    found = []
    text = (Path(__file__).parent / "golden.txt").read_text(encoding="utf-8")
    for entry in text.strip().split("\n\n"):
        lines = [line for line in entry.split("\n") if not line.startswith("#")]
        found.append((lines[0], "\n".join(line.strip() for line in lines[1:])))
    return found


def _effects(head: str) -> list[Effect]:
    matched = _HEAD.fullmatch(head)
    assert matched is not None, head
    database, timing, events, level, body = matched.groups()
    dialect = Dialect(database)
    start = f"CREATE TRIGGER g {timing} {events} ON t FOR EACH {level or 'ROW'}"
    if dialect is Dialect.POSTGRESQL:
        function = f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
        return effects(f"{start} EXECUTE FUNCTION f()", dialect, function)
    if dialect is Dialect.SQLSERVER:
        start = f"CREATE TRIGGER g ON t {timing} {events} AS"
    return effects(f"{start} {body}", dialect)


@pytest.mark.parametrize(("head", "expected"), _entries())
def test_effects_are_as_golden_file_says(head: str, expected: str) -> None:
    assert "\n".join(map(shown, _effects(head))) == expected


FUNCTION = "CREATE FUNCTION f() RETURNS {} LANGUAGE {} AS $$ BEGIN RETURN NEW; END $$"
TRIGGER = "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION {}"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (None, "the function f is not defined here"),
        (FUNCTION.format("integer", "plpgsql"), "that is defined here is not for triggers"),
        (FUNCTION.format("trigger", "plv8"), "the function f is written in plv8"),
    ],
)
def test_function_that_cannot_be_read_is_opaque(function: str | None, reason: str) -> None:
    (effect,) = effects(TRIGGER.format("f()"), Dialect.POSTGRESQL, function)
    assert effect.effect == "opaque"
    assert reason in effect.reason


def test_function_of_an_extension_that_sets_a_time() -> None:
    trigger = TRIGGER.format("extensions.moddatetime(updated_at)")
    assert [(one.effect, one.assigns) for one in effects(trigger, Dialect.POSTGRESQL)] == [
        ("sets", (("updated_at", "now()"),))
    ]


def test_function_of_postgresql_that_sets_a_document() -> None:
    trigger = TRIGGER.format("tsvector_update_trigger('doc', 'pg_catalog.english', 'a', 'b')")
    ((column, value),) = effects(trigger, Dialect.POSTGRESQL)[0].assigns
    assert column == "doc"
    assert value.startswith("to_tsvector('pg_catalog.english', coalesce(NEW.a, '')")


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("BEGIN SELECT RAISE(ABORT, 'x'); END", "raises"),
        ("BEGIN SIGNAL SQLSTATE '45000'; END", "raises"),
        ("PRINT 'x'", "opaque"),
    ],
)
def test_without_a_dialect_the_body_tells_whose_it_is(body: str, effect: str) -> None:
    found = effects(f"CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW {body}", None)
    assert [one.effect for one in found] == [effect]


def test_more_ways_than_can_be_followed_are_opaque() -> None:
    body = " ".join(
        f"IF NEW.a = {n} THEN NEW.c{n} := {n}; END IF;" for n in range(12)
    )  # each doubles them
    function = f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    (effect,) = effects(TRIGGER.format("f()"), Dialect.POSTGRESQL, function)
    assert effect.effect == "opaque"


COLUMNS = Columns(frozenset(("id", "a", "g")), frozenset("g"), frozenset(("id",)))


@pytest.mark.parametrize(
    ("dialect", "timing", "condition", "shown_effect"),
    [
        # PostgreSQL works out a generated column after BEFORE triggers: it is NULL before.
        (Dialect.POSTGRESQL, "BEFORE", "NEW.g > 1", "raises-if NULL > 1"),
        (Dialect.POSTGRESQL, "AFTER", "NEW.g > 1", "raises-if NEW.g > 1"),
        (Dialect.SQLITE, "BEFORE", "NEW.g > 1", "raises-if NEW.g > 1"),
        # SQLite shows -1 and MySQL 0 where a row has no number yet.
        (Dialect.POSTGRESQL, "BEFORE", "NEW.id > 1", "raises-if NEW.id > 1"),
        (Dialect.SQLITE, "BEFORE", "NEW.id > 1", "opaque"),
        (Dialect.SQLITE, "AFTER", "NEW.ID > 1", "raises-if NEW.ID > 1"),
        (Dialect.MARIADB, "BEFORE", "NEW.ID > 1", "opaque"),
        # A column that there is not is an error where it is read.
        (Dialect.POSTGRESQL, "AFTER", "NEW.b > 1", "opaque"),
        (Dialect.SQLITE, "AFTER", "NEW.b > 1", "opaque"),
    ],
)
def test_columns_that_have_no_value_yet(
    dialect: Dialect, timing: str, condition: str, shown_effect: str
) -> None:
    start = f"CREATE TRIGGER g {timing} INSERT ON t FOR EACH ROW"
    function = None
    if dialect is Dialect.POSTGRESQL:
        start += " EXECUTE FUNCTION f()"
        function = (
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION 'x'; END IF; RETURN NEW; END $$"
        )
    elif dialect is Dialect.SQLITE:
        start += f" BEGIN SELECT RAISE(ABORT, 'x') WHERE {condition}; END"
    else:
        start += f" IF {condition} THEN SIGNAL SQLSTATE '45000'; END IF"
    (effect,) = effects(start, dialect, function, COLUMNS)
    assert " ".join(filter(None, (effect.effect, effect.condition))) == shown_effect


@pytest.mark.parametrize(
    "body",
    [
        "DECLARE o ALIAS FOR NEW; BEGIN o.a := 1; RETURN NEW; END",
        "BEGIN SELECT 1 INTO NEW.a; RETURN NEW; END",
        "BEGIN INSERT INTO log VALUES (1) RETURNING n INTO NEW.a; RETURN NEW; END",
        "BEGIN CALL p(NEW.a); RETURN NEW; END",
        "BEGIN EXECUTE 'SELECT 1' INTO NEW.a; RETURN NEW; END",
        "BEGIN GET DIAGNOSTICS NEW.a = ROW_COUNT; RETURN NEW; END",
        "DECLARE r t%ROWTYPE; BEGIN r := NEW; r.a := 1; RETURN r; END",
        "BEGIN OLD.a := 1; RETURN NEW; END",
        "BEGIN NEW.list[1] := 1; RETURN NEW; END",
        "BEGIN FOR NEW.a IN 1..3 LOOP NULL; END LOOP; RETURN NEW; END",
        "BEGIN LOOP NEW.a := 1; EXIT; END LOOP; RETURN NEW; END",
        "BEGIN UPDATE t SET a = bump(1); RETURN NEW; END",
        "BEGIN <<x>> BEGIN EXIT x; RAISE EXCEPTION 'x'; END; RETURN NEW; END",
        "BEGIN IF NEW.a > TG_ARGV[0]::int THEN RAISE EXCEPTION 'x'; END IF; RETURN NEW; END",
        "BEGIN IF NOT FOUND THEN RAISE EXCEPTION 'x'; END IF; RETURN NEW; END",
        "BEGIN COMMIT; RETURN NEW; END",
    ],
)
def test_hidden_changes_of_the_row_are_opaque(body: str) -> None:
    function = f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    found = effects(TRIGGER.format("f()"), Dialect.POSTGRESQL, function)
    assert [effect.effect for effect in found] == ["opaque"]
