"""Every combination of values, where reading leaves a rule undecided."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.agreement import DIALECTS, opened
from tests.prove.carrying_out import CarriedOut, carried_out, load

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]
LIST = "s VARCHAR(9) CHECK (s IN ('NEW', 'OLD', 'LOST'))"
FLAG = {"sqlite": "BOOLEAN CHECK (f IN (0, 1))", "postgresql": "boolean"}
NOT_LOST = """check: {of: t, that: "s <> 'LOST'"}"""
OLD_IS_FLAGGED = """check: {of: t, that: "s <> 'OLD' or f"}"""


def _tried(name: str, columns: str, rule: str, *further: str) -> CarriedOut:
    ddl = f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns});\n" + "\n".join(further)
    with opened(name) as database:
        return carried_out(database, load(ddl, "sql", DIALECTS[name]), rule)


def _settled(name: str, columns: str, rule: str, *further: str) -> Verdict:
    done = _tried(name, columns, rule, *further)
    assert done.read.verdict is Verdict.UNKNOWN, done
    return done.report.verdict


@pytest.mark.parametrize("name", DATABASES)
def test_kept_by_execution(name: str) -> None:
    columns = f"{LIST} NOT NULL, CONSTRAINT c CHECK (substr(s, 1, 2) <> 'LO')"
    done = _tried(name, columns, NOT_LOST)
    assert done.read.verdict is Verdict.UNKNOWN
    assert done.report.verdict is Verdict.KEPT, done
    assert done.report.executed is not None
    assert done.report.executed.startswith(name)
    (evidence,) = done.report.kept_by
    assert "there are 4 combinations of values" in evidence.message
    assert [one for one in done.findings if one.verdict is not None] == []


@pytest.mark.parametrize("name", DATABASES)
def test_broken_by_execution_in_one_combination(name: str) -> None:
    columns = f"{LIST} NOT NULL, f {FLAG[name]} NOT NULL, CHECK (substr(s, 1, 2) <> 'OL' OR f)"
    if name == "sqlite":
        columns = columns.replace("OR f)", "OR f = 1)")
    assert _settled(name, columns, OLD_IS_FLAGGED) is Verdict.KEPT
    past = columns.replace("<> 'OL'", "<> 'NE'")
    done = _tried(name, past, OLD_IS_FLAGGED)
    assert done.report.verdict is Verdict.BROKEN
    assert done.report.executed is not None
    # NULL in one of the two is another combination.
    done = _tried(name, columns.replace("NOT NULL, CHECK", ", CHECK"), OLD_IS_FLAGGED)
    assert done.report.verdict is Verdict.BROKEN, done


@pytest.mark.parametrize("name", DATABASES)
def test_null_passes_and_is_tried(name: str) -> None:
    columns = f"{LIST}, CHECK (substr(s, 1, 2) <> 'LO')"
    assert _settled(name, columns, NOT_LOST) is Verdict.BROKEN


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize(
    ("columns", "further"),
    [
        # Values that are not known.
        ("s TEXT NOT NULL, CHECK (substr(s, 1, 2) <> 'LO')", ""),
        ("s TEXT NOT NULL CHECK (s IN ('NEW', NULL)), CHECK (substr(s, 1, 2) <> 'LO')", ""),
        ("s TEXT NOT NULL CHECK (s NOT IN ('NEW')), CHECK (substr(s, 1, 2) <> 'LO')", ""),
        ("s TEXT NOT NULL CHECK (s IN ('É', 'LOST')), CHECK (substr(s, 1, 2) <> 'LO')", ""),
        # Another column has a say.
        (f"{LIST} NOT NULL, x INTEGER, CHECK (substr(s, 1, 2) <> 'LO' OR (x & 6) > 5)", ""),
        # What the answer depends on beside the row.
        (f"{LIST} NOT NULL, CHECK (substr(s, 1, 2) <> 'LO' AND CURRENT_DATE > '2020-01-01')", ""),
        (f"{LIST} NOT NULL, CHECK (lower(substr(s, 1, 2)) <> 'lo')", ""),
        # What is part of a key.
        (
            f"{LIST} NOT NULL REFERENCES p (s), CHECK (substr(s, 1, 2) <> 'LO')",
            "CREATE TABLE p (s VARCHAR(9) PRIMARY KEY);",
        ),
    ],
)
def test_what_stays_unknown(name: str, columns: str, further: str) -> None:
    ddl = f"{further} CREATE TABLE t (id INTEGER PRIMARY KEY, {columns});"
    with opened(name) as database:
        done = carried_out(database, load(ddl, "sql", DIALECTS[name]), NOT_LOST)
    assert done.read.verdict is Verdict.UNKNOWN, done
    assert done.report.verdict in (Verdict.UNKNOWN, Verdict.BROKEN), done
    assert not any(proof.settled for proof in done.proofs)


def test_a_trigger_has_a_say() -> None:
    trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET s = 'LOST'; END;"
    columns = f"{LIST} NOT NULL, CHECK (substr(s, 1, 2) <> 'LO')"
    done = _tried("sqlite", columns, NOT_LOST, trigger)
    assert not any(proof.settled for proof in done.proofs)
    assert done.report.verdict is not Verdict.KEPT


def test_types_of_sqlite_that_hold_more_than_is_listed() -> None:
    rule = "check: {of: t, that: a <> 2}"
    for kind, verdict in [
        ("INTEGER", Verdict.KEPT),
        ("NUMERIC(5)", Verdict.KEPT),
        ("REAL", Verdict.UNKNOWN),
        ("BLOB", Verdict.UNKNOWN),
        ("TEXT", Verdict.UNKNOWN),
        ("INTEGER COLLATE NOCASE", Verdict.UNKNOWN),
    ]:
        columns = f"a {kind} NOT NULL CHECK (a IN (1, 2, 3)), CHECK (substr(a, 1, 1) <> '2')"
        assert _settled("sqlite", columns, rule) is verdict, kind


def test_a_default_that_takes_the_place_of_null() -> None:
    columns = (
        "s TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'NEW' CHECK (s IN ('NEW', 'LOST')), "
        "CHECK (substr(s, 1, 2) <> 'LO')"
    )
    done = _tried("sqlite", columns, NOT_LOST)
    assert done.report.verdict is Verdict.UNKNOWN, done


def test_a_trigger_of_the_name_of_a_column_and_a_function() -> None:
    columns = f"{LIST} NOT NULL, abs INTEGER, CHECK (substr(s, 1, 2) <> 'LO' AND abs(1) = 1)"
    assert _settled("sqlite", columns, NOT_LOST) is Verdict.UNKNOWN


@pytest.mark.server
class TestPostgresql:
    """What only PostgreSQL has."""

    def test_enums_and_booleans(self) -> None:
        enum = "CREATE TYPE state AS ENUM ('NEW', 'OLD', 'LOST');"
        ddl = (
            enum + "CREATE TABLE t (id integer PRIMARY KEY, s state NOT NULL, f boolean,"
            " CHECK (CASE substr(s::text, 1, 1) WHEN 'L' THEN f IS TRUE ELSE true END));"
        )
        with opened("postgresql") as database:
            schema = load(ddl, "sql", Dialect.POSTGRESQL)
            done = carried_out(database, schema, """check: {of: t, that: "s <> 'LOST' or f"}""")
        assert done.read.verdict is Verdict.UNKNOWN, done
        assert done.report.verdict is Verdict.KEPT, done

    @pytest.mark.parametrize(
        "columns",
        [
            # CHAR's blanks, and the order of texts.
            "s char(9) NOT NULL CHECK (s IN ('NEW', 'LOST')), CHECK (substr(s, 1, 2) <> 'LO')",
            f"{LIST} NOT NULL, CHECK (substr(s, 1, 2) > 'LO')",
            f"{LIST} NOT NULL, CHECK (substr(s, 1, 2) ~* 'ol|ne')",
            f"{LIST} NOT NULL, CHECK (substr(s, 1, 2) <> 'LO' AND user <> 'x')",
            f"{LIST} NOT NULL, CHECK (substr(s, 1, 2) <> 'LO' AND s::date IS NULL)",
        ],
    )
    def test_what_another_server_may_answer_otherwise(self, columns: str) -> None:
        done = _tried("postgresql", columns, NOT_LOST)
        assert done.read.verdict is Verdict.UNKNOWN
        assert not any(proof.settled for proof in done.proofs)
        assert done.report.verdict is not Verdict.KEPT

    def test_a_function_that_somebody_wrote(self) -> None:
        function = "CREATE FUNCTION {}(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';"
        for name in ("mine", "replace"):
            ddl = (
                function.format(name) + f"CREATE TABLE t (id integer PRIMARY KEY, {LIST} NOT NULL, "
                f"CHECK ({name}(s) <> 'LOST'));"
            )
            with opened("postgresql") as database:
                done = carried_out(database, load(ddl, "sql", Dialect.POSTGRESQL), NOT_LOST)
            assert not any(proof.settled for proof in done.proofs)

    def test_a_domain(self) -> None:
        ddl = (
            "CREATE DOMAIN d AS text CHECK (VALUE IN ('NEW', 'LOST'));"
            "CREATE TABLE t (id integer PRIMARY KEY, s d NOT NULL,"
            " CHECK (substr(s, 1, 2) <> 'LO'));"
        )
        with opened("postgresql") as database:
            done = carried_out(database, load(ddl, "sql", Dialect.POSTGRESQL), NOT_LOST)
        assert not any(proof.settled for proof in done.proofs)
