"""Verdicts of `audit`; the ids are those of the observed cases."""

from __future__ import annotations

import pytest

from schemalint.model import Layer, Schema, Trigger
from schemalint.rule import Verdict
from tests.oracle import prisma_oracle
from tests.rules.databases import database, migration
from tests.rules.judging import altered, judge, prisma, sql, with_field


def order(field: str, provider: str = "postgresql") -> Schema:
    return prisma(f"model Order {{\n  id Int @id\n  note String?\n  {field}\n}}", provider)


CREATED = "audit: {of: Order, created: at}"
UPDATED = "audit: {of: Order, updated: at}"


@pytest.mark.parametrize(
    ("field", "verdict"),
    [
        ("at DateTime @default(now())", Verdict.KEPT),
        ("at DateTime @db.Date @default(now())", Verdict.KEPT),
        ("at DateTime @default(dbgenerated(\"timezone('utc', now())\"))", Verdict.KEPT),
        ("at DateTime", Verdict.BROKEN),
        ("at DateTime? @default(now())", Verdict.BROKEN),  # I25b
        ("at DateTime @updatedAt", Verdict.BROKEN),
        ('at DateTime @default("2020-01-01T00:00:00Z")', Verdict.BROKEN),
        ('at DateTime @default(dbgenerated("my_time()"))', Verdict.UNKNOWN),
        ("at String", Verdict.BROKEN),
    ],
)
def test_created(field: str, verdict: Verdict) -> None:
    judged = judge(order(field), CREATED)
    assert judged.verdict is verdict, judged.message


@pytest.mark.parametrize(
    ("dialect", "column", "verdict"),
    [
        ("postgresql", "timestamptz DEFAULT now() + interval '1 day'", Verdict.BROKEN),
        ("postgresql", "timestamptz DEFAULT now() - '1 hour'::interval", Verdict.BROKEN),
        ("postgresql", "date DEFAULT current_date + 1", Verdict.BROKEN),
        ("postgresql", "timestamptz DEFAULT date_trunc('second', now())", Verdict.KEPT),
        ("postgresql", "timestamp DEFAULT (now() AT TIME ZONE 'utc')", Verdict.KEPT),
        ("mysql", "datetime DEFAULT (NOW() + INTERVAL 1 DAY)", Verdict.BROKEN),
        ("mysql", "datetime DEFAULT (DATE_ADD(NOW(), INTERVAL 1 DAY))", Verdict.BROKEN),
        ("mysql", "int DEFAULT (UNIX_TIMESTAMP())", Verdict.KEPT),
        ("sqlite", "TEXT DEFAULT (datetime('now', '+1 day'))", Verdict.BROKEN),
        ("sqlite", "TEXT DEFAULT (datetime('now', 'localtime'))", Verdict.KEPT),
        ("sqlite", "REAL DEFAULT (julianday('now'))", Verdict.KEPT),
    ],
)
def test_a_moment_before_or_after_now_is_another(
    dialect: str, column: str, verdict: Verdict
) -> None:
    name, rest = column.split(" ", 1)
    table = f"CREATE TABLE t (id int PRIMARY KEY, at {name} NOT NULL {rest});"
    assert judge(sql(table, dialect), "audit: {of: t, created: at}").verdict is verdict


def test_missing_default_is_added() -> None:
    judged = judge(order("at DateTime"), CREATED)
    (fix,) = [finding.fix for finding in judged.findings if finding.fix]
    assert [edit.text for edit in fix.edits] == [" @default(now())"]


def test_default_of_the_client_is_weak() -> None:
    schema = order("at DateTime @default(now())")
    default = schema.models[0].fields[2].default
    assert default is not None
    import msgspec

    client = msgspec.structs.replace(default, layer=Layer.CLIENT)
    judged = judge(with_field(schema, "at", default=client), CREATED)
    assert judged.verdict is Verdict.WEAK


def test_updated_at_is_the_clients() -> None:
    judged = judge(order("at DateTime @updatedAt"), UPDATED)
    assert judged.verdict is Verdict.WEAK
    assert judged.report.layer is Layer.CLIENT
    accepted = judge(
        order("at DateTime @updatedAt"), f"{UPDATED}\nenforced_by: client\nbecause: reasons"
    )
    assert accepted.verdict is Verdict.KEPT


def test_nothing_renews_it() -> None:
    judged = judge(order("at DateTime @default(now())"), UPDATED)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    as_client = judge(
        order("at DateTime @default(now())"), f"{UPDATED}\nenforced_by: client\nbecause: reasons"
    )
    assert as_client.verdict is Verdict.BROKEN
    (fix,) = [finding.fix for finding in as_client.findings if finding.fix]
    assert [edit.text for edit in fix.edits] == [" @updatedAt"]


def test_mysqls_on_update_gives_way() -> None:
    """X14."""
    schema = with_field(order("at DateTime", "mysql"), "at", updated_at=Layer.DATABASE)
    judged = judge(schema, UPDATED)
    assert judged.verdict is Verdict.WEAK
    assert "names `Order.at` itself" in judged.message


def test_triggers_are_not_guessed_at() -> None:
    schema = order("at DateTime")
    trigger = Trigger("renew", "before", ("update",), schema.models[0].span, effect="opaque")
    assert judge(altered(schema, triggers=(trigger,)), UPDATED).verdict is Verdict.UNKNOWN


def test_missing_field_is_stale() -> None:
    judged = judge(order("at DateTime"), "audit: {of: Order, created: createdAt}")
    assert judged.verdict is Verdict.STALE


# -- the databases themselves -------------------------------------------------------------------

MARIADB_TABLE = "CREATE TABLE `Order` (id INT PRIMARY KEY, note TEXT, at DATETIME(3) NOT NULL)"
OLD = "2001-01-01 00:00:00"


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql", "mysql"])
def test_trigger_of_the_help_renews(name: str) -> None:
    schema = order("at DateTime", name)
    judged = judge(schema, UPDATED)
    (text,) = [finding.help for finding in judged.findings if finding.help]
    ddl: str | None = MARIADB_TABLE
    if name != "mysql":
        ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    table = "`Order`" if name == "mysql" else '"Order"'
    with database(name) as made:
        made.build(ddl)
        made.build(f"INSERT INTO {table} (id, at) VALUES (1, '{OLD}')")
        made.build(migration(text))
        if name == "sqlite":
            made.build("PRAGMA recursive_triggers = ON")
        made.build(f"UPDATE {table} SET note = 'x'")
        ((renewed,),) = made.rows(f"SELECT at FROM {table}")
        assert not str(renewed).startswith("2001")
        # A writer that names another time changes it, which is all that the rule asks.
        made.build(f"UPDATE {table} SET at = '{OLD}'")
        ((written,),) = made.rows(f"SELECT at FROM {table}")
        assert str(written).startswith("2001")


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_database_dates_a_row(name: str) -> None:
    schema = order("at DateTime @default(now())", name)
    assert judge(schema, CREATED).verdict is Verdict.KEPT
    ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    with database(name) as made:
        made.build(ddl)
        assert made.refused('INSERT INTO "Order" (id) VALUES (1)') is None
        assert made.refused('INSERT INTO "Order" (id, at) VALUES (2, NULL)')
