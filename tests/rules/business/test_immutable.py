"""Verdicts of `immutable`; the ids are those of the observed cases."""

from __future__ import annotations

import msgspec
import pytest

from schemalint.model import Schema, Trigger
from schemalint.registry import Registry
from schemalint.rule import Verdict
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile
from tests.oracle import prisma_oracle
from tests.rules.databases import database, migration
from tests.rules.judging import altered, judge, prisma

PLAIN = """
model Entry {
  id       Int     @id
  amount   Int
  memo     String?
  locked   Boolean
  %s
}
"""
ACCOUNT = """
model Entry {
  id        Int     @id
  accountId Int%(optional)s
  account   Account%(optional)s @relation(fields: [accountId], references: [id]%(actions)s)
}
model Account {
  id      Int     @id
  entries Entry[]
}
"""
KEPT_OUT = ", onDelete: Restrict, onUpdate: Restrict"


def plain(provider: str = "postgresql", more: str = "") -> Schema:
    return prisma(PLAIN % more, provider)


def account(actions: str = "", optional: str = "", provider: str = "postgresql") -> Schema:
    return prisma(ACCOUNT % {"actions": actions, "optional": optional}, provider)


def test_prisma_has_no_words_for_it() -> None:
    """I01."""
    judged = judge(plain(), "immutable: {of: Entry}")
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "CREATE TRIGGER" in judged.message
    left = judge(plain(), "immutable: {of: Entry}\nenforced_by: service\nbecause: reasons")
    assert left.verdict is Verdict.SERVICE


@pytest.mark.parametrize(
    ("actions", "optional", "rule", "says"),
    [
        ("", "", "{of: Entry, fields: [accountId]}", "ON UPDATE CASCADE"),  # I04
        (", onUpdate: Restrict", "?", "{of: Entry, fields: [accountId]}", "to NULL"),  # I03
        (", onUpdate: Restrict, onDelete: Cascade", "", "{of: Entry}", "deletes its rows"),  # I05
    ],
)
def test_what_the_schema_changes_itself_contradicts(
    actions: str, optional: str, rule: str, says: str
) -> None:
    rule = f"immutable: {rule}\nenforced_by: service\nbecause: reasons"
    judged = judge(account(actions, optional), rule)
    assert judged.verdict is Verdict.BROKEN
    assert says in judged.message
    assert any(finding.fix for finding in judged.findings)


def test_restricted_keys_contradict_nothing() -> None:
    rule = "immutable: {of: Entry}\nenforced_by: service\nbecause: reasons"
    assert judge(account(KEPT_OUT), rule).verdict is Verdict.SERVICE
    cascades = ", onDelete: Cascade, onUpdate: Restrict"
    deletable = "immutable: {of: Entry, deletable: true}\nenforced_by: service\nbecause: reasons"
    assert judge(account(cascades), deletable).verdict is Verdict.SERVICE
    other = "immutable: {of: Entry, fields: [id]}\nenforced_by: service\nbecause: reasons"
    assert judge(account(), other).verdict is Verdict.SERVICE


def test_time_of_change_on_rows_that_never_change() -> None:
    judged = judge(plain(more="changed DateTime @updatedAt"), "immutable: {of: Entry}")
    assert judged.verdict is Verdict.BROKEN
    assert "`Entry.changed` is renewed" in judged.message


GUARD = ("update", "delete")


def guarded(provider: str, *events: str, **changes: object) -> Schema:
    schema = plain(provider)
    trigger = Trigger(
        "guard",
        "before",
        events,  # type: ignore[arg-type]  # the words of the cases below
        schema.models[0].span,
        effect="raises",
    )
    return altered(schema, triggers=(msgspec.structs.replace(trigger, **changes),))


@pytest.mark.parametrize(
    ("schema", "verdict"),
    [
        (guarded("postgresql", *GUARD), Verdict.KEPT),  # I02, I06b
        (guarded("mysql", *GUARD), Verdict.KEPT),
        (guarded("sqlite", *GUARD), Verdict.BROKEN),  # I10b
        (guarded("postgresql", "update"), Verdict.BROKEN),  # I06
        (guarded("postgresql", *GUARD, columns=("amount",)), Verdict.BROKEN),  # I12
        (guarded("postgresql", *GUARD, when="OLD.amount <> NEW.amount"), Verdict.BROKEN),  # I13
        (guarded("postgresql", *GUARD, effect="opaque"), Verdict.UNKNOWN),
        (guarded("postgresql", *GUARD, effect="nothing"), Verdict.INEXPRESSIBLE),  # I23
    ],
)
def test_triggers(schema: Schema, verdict: Verdict) -> None:
    judged = judge(schema, "immutable: {of: Entry}")
    expected = {verdict}
    if verdict is Verdict.BROKEN:  # with Prisma's words alone it cannot be mended
        expected.add(Verdict.INEXPRESSIBLE)
    assert judged.verdict in expected, judged.message


def test_foreign_key_actions_pass_mariadbs_triggers() -> None:
    """I03, I04, I05."""
    for provider, verdict in (("postgresql", Verdict.KEPT), ("mysql", Verdict.BROKEN)):
        schema = account(provider=provider)
        trigger = Trigger("guard", "before", GUARD, schema.models[0].span, effect="raises")
        judged = judge(altered(schema, triggers=(trigger,)), "immutable: {of: Entry}")
        assert judged.verdict is verdict


def test_deletable_beside_fields_is_inconsistent() -> None:
    text = (
        "version: 1\nrules:\n  - id: BR-01\n    says: x\n"
        "    immutable: {of: Entry, fields: [amount], deletable: true}\n"
    )
    _, faults = read_rulebook([SourceFile("r.yaml", text)], Registry.discover())
    assert ["`deletable` adds nothing" in fault.message for fault in faults] == [True]


# -- the databases themselves -------------------------------------------------------------------

MARIADB_TABLE = (
    "CREATE TABLE `Entry` (id INT PRIMARY KEY, amount INT NOT NULL, memo VARCHAR(191), "
    "locked BOOLEAN NOT NULL)"
)


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize(
    ("rule", "refused", "accepted"),
    [
        (
            "{of: Entry}",
            [
                "UPDATE {t} SET amount = 2 WHERE id = 1",
                "DELETE FROM {t} WHERE id = 1",
                "{replace}",
            ],
            ["INSERT INTO {t} (id, amount, locked) VALUES (9, 1, false)"],
        ),
        (
            "{of: Entry, deletable: true}",
            ["UPDATE {t} SET amount = 2 WHERE id = 1"],
            ["DELETE FROM {t} WHERE id = 1"],
        ),
        (
            "{of: Entry, fields: [amount, memo]}",
            [
                "UPDATE {t} SET amount = 2 WHERE id = 1",
                "UPDATE {t} SET memo = NULL WHERE id = 1",  # I13
                "UPDATE {t} SET memo = 'x' WHERE id = 2",  # I13b
                "UPDATE {t} SET memo = 'MEMO' WHERE id = 1",  # I13e
            ],
            ["UPDATE {t} SET locked = true WHERE id = 1", "UPDATE {t} SET amount = amount"],
        ),
        (
            "{of: Entry, fields: [memo], once: true}",
            ["UPDATE {t} SET memo = 'x' WHERE id = 1", "UPDATE {t} SET memo = NULL WHERE id = 1"],
            ["UPDATE {t} SET memo = 'x' WHERE id = 2", "UPDATE {t} SET amount = 3 WHERE id = 1"],
        ),
        (
            "{of: Entry, where: locked = true}",
            [
                "UPDATE {t} SET amount = 2 WHERE id = 3",
                "UPDATE {t} SET locked = false WHERE id = 3",  # I29
                "DELETE FROM {t} WHERE id = 3",
                "{replace_locked}",
            ],
            ["UPDATE {t} SET amount = 2 WHERE id = 1", "DELETE FROM {t} WHERE id = 1"],
        ),
    ],
)
def test_guards_of_the_help(name: str, rule: str, refused: list[str], accepted: list[str]) -> None:
    schema = plain(name)
    judged = judge(schema, f"immutable: {rule}")
    assert judged.verdict is Verdict.INEXPRESSIBLE
    (text,) = [finding.help for finding in judged.findings if finding.help]
    table = "`Entry`" if name == "mysql" else '"Entry"'
    ddl: str | None = MARIADB_TABLE
    if name != "mysql":
        ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    row = f"REPLACE INTO {table} (id, amount, locked) VALUES"
    replace = {
        "{replace}": f"{row} (1, 5, false)",
        "{replace_locked}": f"{row} (3, 5, false)",
    }
    with database(name) as made:
        made.build(ddl)
        made.build(
            f"INSERT INTO {table} (id, amount, memo, locked) VALUES "
            "(1, 1, 'memo', false), (2, 1, NULL, false), (3, 1, 'm', true)"
        )
        made.build(migration(text))
        for statement in refused:
            if statement in replace and name == "postgresql":
                continue  # it has no REPLACE
            sql = replace.get(statement) or statement.format(t=table)
            assert made.refused("BEGIN", sql, "ROLLBACK"), sql
        for statement in accepted:
            sql = statement.format(t=table)
            assert made.refused(sql) is None, sql


@pytest.mark.server
def test_update_or_replace_does_not_remove_a_protected_row() -> None:
    """I10d, I10e."""
    schema = prisma(
        "model Entry {\n  id Int @id\n  number Int @unique\n  locked Boolean\n}", "sqlite"
    )
    judged = judge(schema, "immutable: {of: Entry, where: locked = true}")
    (text,) = [finding.help for finding in judged.findings if finding.help]
    with database("sqlite") as made:
        made.build(
            'CREATE TABLE "Entry" (id INTEGER PRIMARY KEY, number INT UNIQUE, locked BOOLEAN);'
            'INSERT INTO "Entry" VALUES (1, 1, 0), (2, 2, 1);'
        )
        made.build(migration(text))
        assert made.refused('UPDATE OR REPLACE "Entry" SET number = 2 WHERE id = 1')
        assert made.refused('INSERT OR REPLACE INTO "Entry" VALUES (3, 2, 0)')
        assert made.refused('UPDATE OR REPLACE "Entry" SET number = 3 WHERE id = 1') is None
        assert made.refused('INSERT OR REPLACE INTO "Entry" VALUES (4, 3, 0)') is None
