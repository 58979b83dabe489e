"""Verdicts of `states`; the ids are those of the observed cases."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from schemalint.model import Layer, Schema, Trigger
from schemalint.registry import Registry
from schemalint.rule import Verdict
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile
from tests.oracle import prisma_oracle
from tests.rules.databases import database, migration
from tests.rules.judging import Judged, altered, constraint, judge, prisma

ORDER = """
model Order {
  id     Int %s @id
  status %s
}
enum Status {
  DRAFT
  PAID    @map("paid")
  SHIPPED
}
"""
ALL = "[DRAFT, PAID, SHIPPED]"


def order(field: str, provider: str = "postgresql") -> Schema:
    return prisma(ORDER % ("", field), provider)


def states(values: str = ALL, **more: str) -> str:
    rest = "".join(f", {key}: {value}" for key, value in more.items())
    return f"states: {{of: Order.status, values: {values}{rest}}}"


def marked(judged: Judged) -> str:
    (finding,) = judged.findings
    assert finding.span is not None
    return finding.span.text


def test_enum_with_these_values() -> None:
    """E01."""
    assert judge(order("Status"), states()).verdict is Verdict.KEPT
    by_stored = judge(order("Status"), states("[DRAFT, paid, SHIPPED]"))
    assert by_stored.verdict is Verdict.KEPT


def test_value_that_cannot_be_stored_contradicts() -> None:
    rule = states("[DRAFT, PAID, SHIPPED, LOST]")
    judged = judge(order("Status"), rule)
    assert judged.verdict is Verdict.BROKEN
    assert marked(judged) == "Status"
    assert "lacks `LOST`" in judged.message
    left = judge(order("Status"), f"{rule}\nenforced_by: service\nbecause: reasons")
    assert left.verdict is Verdict.BROKEN


def test_value_too_many() -> None:
    judged = judge(order("Status"), states("[DRAFT, PAID]"))
    assert judged.verdict is Verdict.BROKEN
    assert marked(judged) == "SHIPPED"
    left = judge(
        order("Status"), states("[DRAFT, PAID]") + "\nenforced_by: service\nbecause: reasons"
    )
    assert left.verdict is Verdict.SERVICE


def test_check_can_narrow_an_enum() -> None:
    schema = altered(order("Status"), checks=(constraint("status <> 'SHIPPED'"),))
    assert judge(schema, states("[DRAFT, PAID]")).verdict is Verdict.KEPT


def test_null_is_no_state_unless_optional() -> None:
    """E01b."""
    judged = judge(order("Status?"), states())
    assert judged.verdict is Verdict.BROKEN
    assert marked(judged) == "Status?"
    assert judge(order("Status?"), states(optional="true")).verdict is Verdict.KEPT
    strict = judge(order("Status"), states(optional="true"))
    assert strict.verdict is Verdict.KEPT
    assert len(strict.stricter) == 1


def test_list_is_not_a_state() -> None:
    assert judge(order("Status[]"), states()).verdict is Verdict.BROKEN


def test_text_takes_anything() -> None:
    """E02."""
    judged = judge(order("String"), states())
    assert judged.verdict is Verdict.BROKEN
    assert "enum OrderStatus" in judged.message
    on_sqlite = judge(order("String", "sqlite"), states())
    assert on_sqlite.verdict is Verdict.INEXPRESSIBLE
    as_client = judge(
        order("String", "sqlite"), states() + "\nenforced_by: client\nbecause: reasons"
    )
    assert as_client.verdict is Verdict.BROKEN


def test_check_keeps_text() -> None:
    """E03, E04b."""
    good = constraint("status IN ('DRAFT', 'PAID', 'SHIPPED')")
    judged = judge(altered(order("String"), checks=(good,)), states())
    assert judged.verdict is Verdict.KEPT
    assert judged.kept_by[0].startswith("`CHECK (status IN")
    null_in_list = constraint("status IN ('DRAFT', 'PAID', 'SHIPPED', NULL)")
    judged = judge(altered(order("String"), checks=(null_in_list,)), states())
    assert judged.verdict is Verdict.BROKEN
    wider = constraint("status IN ('DRAFT', 'PAID', 'SHIPPED', 'LOST')")
    assert judge(altered(order("String"), checks=(wider,)), states()).verdict is Verdict.BROKEN


def test_numbers() -> None:
    judged = judge(order("Int"), states("[0, 1, 2]"))
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "CHECK (status IN (0, 1, 2))" in judged.message
    checked = altered(order("Int"), checks=(constraint("status BETWEEN 0 AND 2"),))
    assert judge(checked, states("[0, 1, 2]")).verdict is Verdict.KEPT
    words = judge(order("Int"), states())
    assert words.verdict is Verdict.BROKEN
    assert "cannot hold" in words.message


def test_booleans() -> None:
    """E18."""
    assert judge(order("Boolean"), states("[true, false]")).verdict is Verdict.KEPT
    on_sqlite = judge(order("Boolean", "sqlite"), states("[true, false]"))
    assert on_sqlite.verdict is Verdict.WEAK
    assert judge(order("Boolean"), states("[true]")).verdict.fails


def test_text_too_short_for_a_state() -> None:
    """O04."""
    judged = judge(order("String @db.VarChar(4)"), states("[DRAFT, PAID]"))
    assert judged.verdict is Verdict.BROKEN
    assert "cannot hold `DRAFT`" in judged.message


def test_sqlite_enum_is_the_clients() -> None:
    judged = judge(order("Status", "sqlite"), states())
    assert judged.verdict is Verdict.WEAK
    assert judged.report.layer is Layer.CLIENT


@pytest.mark.parametrize(
    ("field", "provider", "verdict"),
    [
        ("Status @default(DRAFT)", "postgresql", Verdict.KEPT),
        ("Status", "postgresql", Verdict.KEPT),  # a row that names none is refused
        ("Status @default(PAID)", "postgresql", Verdict.BROKEN),
        ("Status", "mysql", Verdict.KEPT),  # the first value is the initial one
        ('Status @default(dbgenerated("\'DRAFT\'::\\"Status\\""))', "postgresql", Verdict.KEPT),
        ('Status @default(dbgenerated("first_state()"))', "postgresql", Verdict.UNKNOWN),
    ],
)
def test_initial(field: str, provider: str, verdict: Verdict) -> None:
    judged = judge(order(field, provider), states(initial="DRAFT"))
    assert judged.verdict is verdict, judged.message


def test_initial_on_mysql_is_the_first_value() -> None:
    """E01h."""
    judged = judge(order("Status", "mysql"), states(initial="SHIPPED"))
    assert judged.verdict is Verdict.BROKEN
    assert "first value" in judged.message


def test_initial_of_an_optional_state() -> None:
    judged = judge(order("Status?"), states(initial="DRAFT", optional="true"))
    assert judged.verdict is Verdict.BROKEN
    (fix,) = [finding.fix for finding in judged.findings if finding.fix]
    assert fix.edits[0].text == " @default(DRAFT)"


def test_wrong_initial_contradicts_and_is_fixed() -> None:
    rule = states(initial="DRAFT") + "\nenforced_by: service\nbecause: reasons"
    judged = judge(order("Status @default(PAID)"), rule)
    assert judged.verdict is Verdict.BROKEN
    assert marked(judged) == "@default(PAID)"
    (finding,) = judged.findings
    assert finding.fix is not None
    assert [(edit.span.text, edit.text) for edit in finding.fix.edits] == [("PAID", "DRAFT")]


STEPS = "{DRAFT: [PAID], PAID: [SHIPPED]}"


def test_transitions_cannot_be_said() -> None:
    judged = judge(order("Status"), states(transitions=STEPS))
    assert judged.verdict is Verdict.INEXPRESSIBLE
    left = judge(
        order("Status"), states(transitions=STEPS) + "\nenforced_by: service\nbecause: reasons"
    )
    assert left.verdict is Verdict.SERVICE
    assert left.findings == ()


def test_every_change_allowed_is_no_demand() -> None:
    every = "{DRAFT: [PAID, SHIPPED], PAID: [DRAFT, SHIPPED], SHIPPED: [DRAFT, PAID]}"
    assert judge(order("Status"), states(transitions=every)).verdict is Verdict.KEPT
    with_initial = states(transitions=every, initial="DRAFT")
    assert judge(order("Status"), with_initial).verdict is Verdict.INEXPRESSIBLE


def test_triggers_are_not_guessed_at() -> None:
    schema = order("Status")
    trigger = Trigger("guard", "before", ("update",), schema.models[0].span)
    judged = judge(altered(schema, triggers=(trigger,)), states(transitions=STEPS))
    assert judged.verdict is Verdict.UNKNOWN
    silent = msgspec.structs.replace(trigger, effect="nothing")
    judged = judge(altered(schema, triggers=(silent,)), states(transitions=STEPS))
    assert judged.verdict is Verdict.INEXPRESSIBLE


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("initial: NEW", "`NEW` is not among"),
        ("transitions: {DRAFT: [LOST]}", "`LOST` is not among"),
        ("transitions: {LOST: [DRAFT]}", "`LOST` is not among"),
    ],
)
def test_inconsistent_rules(rest: str, message: str) -> None:
    text = (
        "version: 1\nrules:\n  - id: BR-01\n    says: x\n"
        f"    states: {{of: Order.status, values: [DRAFT, PAID], {rest}}}\n"
    )
    _, faults = read_rulebook([SourceFile("r.yaml", text)], Registry.discover())
    assert [message in fault.message for fault in faults] == [True]


# -- the databases themselves -------------------------------------------------------------------

MARIADB_TABLE = (
    "CREATE TABLE `Order` (id INT PRIMARY KEY, status ENUM('DRAFT','paid','SHIPPED') {null})"
)


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("optional", [False, True])
def test_guards_of_the_help(name: str, optional: bool) -> None:
    """Every change and every first state, tried against the triggers that the help writes."""
    schema = order("Status?" if optional else "Status", name)
    rule = states(transitions=STEPS, initial="DRAFT", optional=str(optional).lower())
    judged = judge(schema, f"{rule}\nenforced_by: client\nbecause: reasons")
    text = "\n".join(one.help or "" for one in judged.findings if "CREATE" in (one.help or ""))
    if not text:  # the missing default came first
        field = "Status? @default(DRAFT)" if optional else "Status @default(DRAFT)"
        schema = order(field, name)
        judged = judge(schema, f"{rule}\nenforced_by: client\nbecause: reasons")
        text = "\n".join(one.help or "" for one in judged.findings)
    quote = "`" if name == "mysql" else '"'
    table = f"{quote}Order{quote}"
    if name == "mysql":
        ddl: str | None = MARIADB_TABLE.format(null="NULL" if optional else "NOT NULL")
    else:
        ddl = prisma_oracle.ddl({"s": schema.files[0].text})["s"]
    assert ddl is not None
    allowed = {("DRAFT", "paid"), ("paid", "SHIPPED")}
    values: list[str | None] = ["DRAFT", "paid", "SHIPPED"]
    if optional:
        allowed.add(("NULL", "DRAFT"))
        values.append(None)
    with database(name) as made:
        made.build(ddl)
        for value in values:
            made.build(f"INSERT INTO {table} (id, status) VALUES ({_key(value)}, {_sql(value)})")
        made.build(migration(text))
        for one, other in permutations(values, 2):
            change = f"UPDATE {table} SET status = {_sql(other)} WHERE id = {_key(one)}"
            refused = made.refused("BEGIN", change, "ROLLBACK")
            assert (refused is None) == ((one or "NULL", other) in allowed), (one, other, refused)
            same = f"UPDATE {table} SET status = {_sql(one)} WHERE id = {_key(one)}"
            assert made.refused(same) is None
        for number, value in enumerate(values, 10):
            refused = made.refused(
                f"INSERT INTO {table} (id, status) VALUES ({number}, {_sql(value)})"
            )
            assert (refused is None) == (value in ("DRAFT", None)), (value, refused)


def _key(value: str | None) -> int:
    return 1 + ["DRAFT", "paid", "SHIPPED", None].index(value)


def _sql(value: str | None) -> str:
    return "NULL" if value is None else f"'{value}'"
