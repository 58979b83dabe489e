"""Verdicts of `reference`; the ids are those of the observed cases."""

from __future__ import annotations

import msgspec
import pytest

from schemalint.model import Action, Layer, Schema
from schemalint.rule import Verdict
from tests.oracle import prisma_oracle
from tests.rules.databases import database, migration
from tests.rules.judging import Judged, constraint, judge, prisma, sql

CUSTOMER = "model Customer {\n  id Int @id\n  orders Order[]\n}\n"
REQUIRED = "customerId Int\n  customer Customer @relation(fields: [customerId], references: [id]%s)"
OPTIONAL = (
    "customerId Int?\n  customer Customer? @relation(fields: [customerId], references: [id]%s)"
)


def orders(lines: str, provider: str = "postgresql") -> Schema:
    return prisma(f"{CUSTOMER}model Order {{\n  id Int @id\n  {lines}\n}}", provider)


def fixed(judged: Judged) -> str:
    """The schema's text after the finding's fix."""
    fix = next(finding.fix for finding in judged.findings if finding.fix)
    text = fix.edits[0].span.file.text
    for edit in sorted(fix.edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def test_required_relation_is_kept_by_its_key_and_not_null() -> None:
    """F01, F01b."""
    judged = judge(orders(REQUIRED % ""), "reference: {from: Order.customer, to: Customer}")
    assert judged.verdict is Verdict.KEPT
    assert any("foreign key" in one for one in judged.kept_by)
    assert "`Order.customerId` is NOT NULL" in judged.kept_by


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("customer_id IS NOT NULL", Verdict.KEPT),
        ("customer_id > 0", Verdict.BROKEN),  # F36
        ("known(customer_id)", Verdict.UNKNOWN),
    ],
)
def test_a_check_can_stand_for_not_null(condition: str, verdict: Verdict) -> None:
    models = f"{CUSTOMER}model Order {{\n  id Int @id\n  {OPTIONAL % ''}\n}}"
    models = models.replace("customerId Int?", 'customerId Int? @map("customer_id")')
    schema = prisma(models)
    order = msgspec.structs.replace(schema.models[1], checks=(constraint(condition),))
    schema = msgspec.structs.replace(schema, models=(schema.models[0], order))
    judged = judge(schema, "reference: {from: Order.customer, to: Customer}")
    assert judged.verdict is verdict


def test_many_to_one_where_no_row_points_anywhere() -> None:
    schema = orders(OPTIONAL % "")
    order = msgspec.structs.replace(schema.models[1], checks=(constraint('"customerId" IS NULL'),))
    schema = msgspec.structs.replace(schema, models=(schema.models[0], order))
    rule = (
        "reference: {from: Order.customer, to: Customer, required: false, cardinality: many-to-one}"
    )
    assert judge(schema, rule).verdict is Verdict.KEPT


@pytest.mark.parametrize("name", ["Order.customer", "Order.customerId"])
def test_relation_and_scalar_mean_the_same(name: str) -> None:
    judged = judge(orders(OPTIONAL % ""), f"reference: {{from: {name}, to: Customer}}")
    assert judged.verdict is Verdict.BROKEN  # F02
    assert judged.findings[0].span is not None
    assert judged.findings[0].span.text == "Int?"
    assert "customerId Int\n  customer Customer @relation" in fixed(judged)


def test_optional_reference_may_be_null() -> None:
    rule = "reference: {from: Order.customer, to: Customer, required: false}"
    judged = judge(orders(OPTIONAL % ""), rule)
    assert judged.verdict is Verdict.KEPT
    assert judged.stricter == []
    judged = judge(orders(REQUIRED % ""), rule)
    assert judged.verdict is Verdict.KEPT
    assert len(judged.stricter) == 1


@pytest.mark.parametrize(
    ("lines", "stated", "verdict"),
    [
        (REQUIRED % "", "restrict", Verdict.KEPT),
        (REQUIRED % "", "no_action", Verdict.KEPT),
        (REQUIRED % ", onDelete: NoAction", "restrict", Verdict.KEPT),
        (REQUIRED % "", "cascade", Verdict.BROKEN),
        (REQUIRED % ", onDelete: Cascade", "cascade", Verdict.KEPT),
        (REQUIRED % ", onDelete: Cascade", "restrict", Verdict.BROKEN),
        (REQUIRED % ", onDelete: SetDefault", "restrict", Verdict.KEPT),  # NOT NULL, no default
    ],
)
def test_on_delete_is_what_the_database_does(lines: str, stated: str, verdict: Verdict) -> None:
    judged = judge(
        orders(lines), f"reference: {{from: Order.customer, to: Customer, on_delete: {stated}}}"
    )
    assert judged.verdict is verdict, judged.message


def test_default_action_is_said_to_be_one_and_can_be_fixed() -> None:
    """F07c."""
    rule = "reference: {from: Order.customer, to: Customer, required: false, on_delete: restrict}"
    judged = judge(orders(OPTIONAL % ""), rule)
    assert judged.verdict is Verdict.BROKEN
    assert "Migrate's default for an optional relation" in judged.message
    assert "references: [id], onDelete: Restrict)" in fixed(judged)
    judged = judge(orders(OPTIONAL % ", onDelete: SetNull"), rule)
    assert judged.findings[0].span is not None
    assert "SetNull" in judged.findings[0].span.text
    assert "onDelete: Restrict" in fixed(judged)


def test_on_update_cascade_is_migrates_default() -> None:
    """F10."""
    rule = "reference: {from: Order.customer, to: Customer, on_update: restrict}"
    judged = judge(orders(REQUIRED % ""), rule)
    assert judged.verdict is Verdict.BROKEN
    assert "ON UPDATE CASCADE" in judged.message
    assert "onUpdate: Restrict" in fixed(judged)


def test_set_null_on_not_null_is_a_refusal() -> None:
    """F07."""
    schema = orders(REQUIRED % "")
    order = schema.models[1]
    key = msgspec.structs.replace(order.foreign_keys[0], on_delete=Action.SET_NULL)
    order = msgspec.structs.replace(order, foreign_keys=(key,))
    schema = msgspec.structs.replace(schema, models=(schema.models[0], order))
    judged = judge(schema, "reference: {from: Order.customer, to: Customer, on_delete: restrict}")
    assert judged.verdict is Verdict.KEPT
    assert any("NOT NULL" in one and "refused" in one for one in judged.kept_by)


def test_deferrable_key_is_not_restrict() -> None:
    """X03b."""
    schema = orders(REQUIRED % ", onDelete: NoAction")
    order = schema.models[1]
    key = msgspec.structs.replace(order.foreign_keys[0], deferrable="deferred")
    order = msgspec.structs.replace(order, foreign_keys=(key,))
    schema = msgspec.structs.replace(schema, models=(schema.models[0], order))
    for stated, verdict in (("restrict", Verdict.BROKEN), ("no_action", Verdict.KEPT)):
        rule = f"reference: {{from: Order.customer, to: Customer, on_delete: {stated}}}"
        assert judge(schema, rule).verdict is verdict


def test_set_default_does_not_work_on_mysql() -> None:
    """F08."""
    schema = orders("customerId Int @default(1)\n  " + (REQUIRED % ", onDelete: SetDefault")[16:])
    rule = "reference: {from: Order.customer, to: Customer, on_delete: set_default}"
    assert judge(schema, rule).verdict is Verdict.KEPT


def test_sqlite_keys_are_weak_and_enough_for_client() -> None:
    """F04."""
    schema = orders(REQUIRED % "", "sqlite")
    rule = "reference: {from: Order.customer, to: Customer}"
    judged = judge(schema, rule)
    assert judged.verdict is Verdict.WEAK
    assert judged.report.layer is Layer.CLIENT
    assert "PRAGMA foreign_keys = ON" in judged.message
    accepted = judge(schema, f"{rule}\nenforced_by: client\nbecause: every connection sets it")
    assert accepted.verdict is Verdict.KEPT


def test_relation_mode_prisma_has_no_key_in_the_database() -> None:
    schema = orders(REQUIRED % "")
    text = schema.files[0].text.replace('"postgresql"', '"postgresql"\n  relationMode = "prisma"')
    from schemalint.loaders.prisma.loader import PrismaLoader
    from schemalint.source import SourceFile

    schema = PrismaLoader().load([SourceFile("schema.prisma", text)]).schema
    judged = judge(schema, "reference: {from: Order.customer, to: Customer}")
    assert judged.verdict is Verdict.WEAK
    assert "relationMode" in judged.message


def test_no_key_at_all() -> None:
    """F03."""
    judged = judge(
        "model Customer {\n  id Int @id\n}\nmodel Order {\n  id Int @id\n  customerId Int\n}",
        "reference: {from: Order.customerId, to: Customer}",
    )
    assert judged.verdict is Verdict.BROKEN
    assert "@relation(fields: [customerId], references: [id])" in judged.message


def test_key_to_another_model_contradicts_even_the_service() -> None:
    schema = prisma(
        CUSTOMER + "model Shop {\n  id Int @id\n}\n"
        f"model Order {{\n  id Int @id\n  {REQUIRED % ''}\n}}"
    )
    judged = judge(
        schema,
        "reference: {from: Order.customer, to: Shop}\nenforced_by: service\nbecause: reasons",
    )
    assert judged.verdict is Verdict.BROKEN
    assert "points at `Customer`, not at `Shop`" in judged.message


def test_many_side_is_named() -> None:
    judged = judge(orders(REQUIRED % ""), "reference: {from: Customer.orders, to: Order}")
    assert judged.verdict is Verdict.STALE
    assert "from: Order.customer, to: Customer" in judged.message


@pytest.mark.parametrize("name", ["Order.custmer", "Ordr.customer", "Order"])
def test_unknown_names_are_stale(name: str) -> None:
    judged = judge(orders(REQUIRED % ""), f"reference: {{from: {name}, to: Customer}}")
    assert judged.verdict is Verdict.STALE


TENANT = """
model Team {{
  tenant Int
  id     Int
  tasks  Task[]
  @@id([tenant, id])
}}
model Task {{
  id     Int   @id
  tenant Int
  teamId Int{0}
  team   Team{0} @relation(fields: [tenant, teamId], references: [tenant, id])
  {1}
}}
"""


def test_one_null_frees_a_row_from_a_composite_key() -> None:
    """F06."""
    judged = judge(TENANT.format("?", ""), "reference: {from: Task.team, to: Team}")
    assert judged.verdict is Verdict.BROKEN
    assert "one NULL is enough" in judged.message
    assert judge(TENANT.format("", ""), "reference: {from: Task.teamId, to: Team}").verdict is (
        Verdict.KEPT
    )


@pytest.mark.parametrize(
    ("columns", "match", "from_", "verdict"),
    [
        ("tenant int, team int", "", "team", Verdict.BROKEN),
        ("tenant int, team int", "", "tenant", Verdict.BROKEN),
        ("tenant int, team int", "MATCH FULL", "team", Verdict.KEPT),
        ("tenant int, team int NOT NULL", "MATCH FULL", "team", Verdict.KEPT),
        ("tenant int, team int NOT NULL", "", "team", Verdict.BROKEN),
        ("tenant int NOT NULL, team int", "", "team", Verdict.KEPT),
        ("tenant int, team int, CHECK (team IS NULL OR tenant > 0)", "", "team", Verdict.BROKEN),
        (
            "tenant int, team int, CHECK (team IS NULL OR tenant IS NOT NULL)",
            "",
            "team",
            Verdict.KEPT,
        ),
        ("tenant int, team int, CHECK (known(tenant, team))", "", "team", Verdict.UNKNOWN),
        (
            "tenant int, team int, CHECK ((team IS NULL OR tenant > 0) IS TRUE)",
            "",
            "team",
            Verdict.KEPT,
        ),
    ],
)
def test_a_part_of_an_optional_reference(
    columns: str, match: str, from_: str, verdict: Verdict
) -> None:
    """F06, F06b: what the rule names has a value, and the row points nowhere all the same."""
    ddl = f"""
    CREATE TABLE team (tenant int NOT NULL, id int NOT NULL, PRIMARY KEY (tenant, id));
    CREATE TABLE task (id int PRIMARY KEY, {columns},
                       FOREIGN KEY (tenant, team) REFERENCES team (tenant, id) {match});
    """
    judged = judge(sql(ddl), f"reference: {{from: task.{from_}, to: team, required: false}}")
    assert judged.verdict is verdict
    if verdict is Verdict.BROKEN:
        assert "one NULL is enough to free the row" in judged.message


def test_a_part_of_a_reference_that_only_the_client_keeps_whole() -> None:
    """The migrations let `tenant` be NULL, and Prisma Client never writes that."""
    team, task = prisma(TENANT.format("?", "")).models
    fields = tuple(
        msgspec.structs.replace(one, nullable=True, client_nullable=False)
        if one.name == "tenant"
        else one
        for one in task.fields
    )
    schema = msgspec.structs.replace(
        prisma(TENANT.format("?", "")), models=(team, msgspec.structs.replace(task, fields=fields))
    )
    judged = judge(schema, "reference: {from: Task.teamId, to: Team, required: false}")
    assert judged.verdict is Verdict.WEAK
    assert judged.report.layer is Layer.CLIENT


def test_a_relation_is_what_all_its_columns_say() -> None:
    """Prisma has no relation in a row that lacks one of the columns."""
    schema = TENANT.format("?", "").replace("tenant Int\n  teamId", "tenant Int?\n  teamId")
    rule = "reference: {{from: Task.{}, to: Team, required: false}}"
    assert judge(schema, rule.format("team")).verdict is Verdict.KEPT
    judged = judge(schema, rule.format("teamId"))
    assert judged.verdict is Verdict.BROKEN
    assert "make `Task.tenant` required" in judged.message


def test_one_to_one_needs_a_unique_key() -> None:
    """F13, F13b, U13."""
    rule = "reference: {from: Task.team, to: Team, cardinality: one-to-one}"
    judged = judge(TENANT.format("", ""), rule)
    assert judged.verdict is Verdict.BROKEN
    assert "@@unique([tenant, teamId])" in fixed(judged)
    assert judge(TENANT.format("", "@@unique([tenant, teamId])"), rule).verdict is Verdict.KEPT
    assert judge(TENANT.format("", "@@unique([teamId])"), rule).verdict is Verdict.KEPT
    wider = judge(TENANT.format("", "@@unique([tenant, teamId, id])"), rule)
    assert wider.verdict is Verdict.BROKEN


def test_many_to_one_that_is_unique_is_stricter() -> None:
    rule = "reference: {from: Task.team, to: Team, cardinality: many-to-one}"
    judged = judge(TENANT.format("", "@@unique([tenant, teamId])"), rule)
    assert judged.verdict is Verdict.KEPT
    assert len(judged.stricter) == 1


def test_required_reference_cannot_be_set_to_null() -> None:
    from schemalint.registry import Registry
    from schemalint.rulebook import read_rulebook
    from schemalint.source import SourceFile

    text = (
        "version: 1\nrules:\n  - id: BR-01\n    says: x\n"
        "    reference: {from: Order.customer, to: Customer, on_delete: set_null}\n"
    )
    _, faults = read_rulebook([SourceFile("r.yaml", text)], Registry.discover())
    assert ["required: false" in fault.message for fault in faults] == [True]


# -- the databases themselves -------------------------------------------------------------------

PARENT_AND_CHILD = """
model Order {
  id    Int         @id
  lines OrderLine[]
}
model OrderLine {
  id      Int   @id
  orderId Int   @map("order_id")
  order   Order @relation(fields: [orderId], references: [id], onDelete: Cascade)
  @@map("order_lines")
}
"""


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_deferred_key_demands_a_child(name: str) -> None:
    """The SQL of the help, on Migrate's own tables (F14b, F14c, F14d)."""
    schema = prisma(PARENT_AND_CHILD, name)
    rule = "reference: {from: OrderLine.order, to: Order, cardinality: one-or-more}"
    judged = judge(schema, rule)
    assert judged.verdict is Verdict.INEXPRESSIBLE or name == "sqlite"
    text = next(f.help for f in judged.findings if f.help and "DEFERRABLE" in f.help)
    ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    if name == "sqlite":
        ddl, rest = rebuilt(ddl, text)
    else:
        rest = migration(text)
    with database(name) as made:
        made.build(ddl)
        made.build(rest)
        column = '"first_order_lines_id"'
        parent = f'INSERT INTO "Order" (id, {column}) VALUES (1, 10)'
        child = 'INSERT INTO "order_lines" (id, "order_id") VALUES (10, 1)'
        assert made.refused("BEGIN", parent, "COMMIT")
        assert made.refused("BEGIN", parent, child, "COMMIT") is None
        assert made.refused('DELETE FROM "order_lines" WHERE id = 10')
        assert made.refused('DELETE FROM "Order" WHERE id = 1') is None


def rebuilt(ddl: str, help_text: str) -> tuple[str, str]:
    """Migrate's SQLite tables with the lines of the help in the parent's CREATE TABLE."""
    lines = [line.strip() for line in help_text.splitlines() if line.startswith("    ")]
    inside = [line.rstrip(",") for line in lines if not line.startswith("CREATE")]
    after = [line for line in lines if line.startswith("CREATE")]
    head = 'CREATE TABLE "Order" (\n'
    start = ddl.index(head) + len(head)
    end = ddl.index("\n);", start)
    body = ddl[start:end].rstrip()
    return f"{ddl[:start]}{body},\n{', '.join(inside)}{ddl[end:]}", "\n".join(after)


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("lines", "stated"),
    [
        (REQUIRED % "", "restrict"),
        (REQUIRED % ", onDelete: Cascade", "cascade"),
        (OPTIONAL % "", "set_null"),
    ],
)
def test_verdict_is_what_the_database_does(name: str, lines: str, stated: str) -> None:
    schema = orders(lines, name)
    actual = {
        action: judge(
            schema,
            f"reference: {{from: Order.customer, to: Customer, required: false, "
            f"on_delete: {action}}}",
        ).verdict
        for action in ("restrict", "cascade", "set_null")
    }
    assert [one for one, verdict in actual.items() if verdict is not Verdict.BROKEN] == [stated]
    ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    with database(name) as made:
        made.build(ddl)
        made.build('INSERT INTO "Customer" (id) VALUES (1)')
        made.build('INSERT INTO "Order" (id, "customerId") VALUES (1, 1)')
        assert made.refused('INSERT INTO "Order" (id, "customerId") VALUES (2, 99)')
        refused = made.refused('DELETE FROM "Customer"')
        rows = made.rows('SELECT "customerId" FROM "Order"')
        left = {"restrict": (True, [(1,)]), "cascade": (False, []), "set_null": (False, [(None,)])}
        assert (refused is not None, rows) == left[stated]
