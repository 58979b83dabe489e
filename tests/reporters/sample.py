"""A report with a finding of each sort, built by hand."""

from __future__ import annotations

from schemalint.engine import RuleReport
from schemalint.model import Layer
from schemalint.report import Report, SchemaSummary, assemble
from schemalint.rule import Edit, Evidence, Finding, Fix, Related, Severity, Verdict
from schemalint.source import SourceFile, Span

SCHEMA = SourceFile(
    "prisma/schema.prisma",
    """model Customer {
  id        Int       @id
  email     String
  deletedAt DateTime?

  @@unique([email, deletedAt])
}

model Order {
  id         Int @id
\tcustomerId Int // größe 日本語 the customer who has placed this order, as the shop knows them
  total      Float
}
""",
)
RULES = SourceFile(
    "business_rules.yaml",
    """version: 1
rules:
  - id: BR-01
    says: A live customer is identified by their e-mail address, whatever its case.
    unique: {of: Customer, by: [email], ignore_case: true, where: deletedAt is null}
  - id: BR-02
    says: An order has a total.
    required: {of: Order, fields: [total]}
  - id: BR-03
    says: An order is paid by card.
    states: {of: Order.paymnt, values: [CARD]}
""",
)


def span(file: SourceFile, text: str, occurrence: int = 0) -> Span:
    """The range of `text` in `file`."""
    start = -1
    for _ in range(occurrence + 1):
        start = file.text.index(text, start + 1)
    return Span(file, start, start + len(text))


def _entry(rule_id: str, last: str) -> Span:
    start = RULES.text.index(f"id: {rule_id}")
    return Span(RULES, start, RULES.text.index(last) + len(last))


UNIQUE = RuleReport(
    id="BR-01",
    kind="unique",
    says="A live customer is identified by their e-mail address, whatever its case, and by "
    "nothing else.",
    verdict=Verdict.BROKEN,
    layer=None,
    enforced_by=Layer.DATABASE,
    subject="Customer.email",
    span=_entry("BR-01", "deletedAt is null}"),
)
REQUIRED = RuleReport(
    id="BR-02",
    kind="required",
    says="An order has a total.",
    verdict=Verdict.KEPT,
    layer=Layer.DATABASE,
    enforced_by=Layer.DATABASE,
    subject="Order.total",
    span=_entry("BR-02", "[total]}"),
    kept_by=(Evidence("NOT NULL of `Order.total`", span(SCHEMA, "total      Float")),),
)
STATES = RuleReport(
    id="BR-03",
    kind="states",
    says="An order is paid by card.",
    verdict=Verdict.STALE,
    layer=None,
    enforced_by=Layer.DATABASE,
    subject="BR-03",
    span=_entry("BR-03", "[CARD]}"),
)
BROKEN = Finding(
    rule="BR-01",
    name="unique",
    verdict=Verdict.BROKEN,
    path="Customer.email",
    message="two live customers can have the same `email`: `deletedAt` is NULL for each of "
    "them, and a unique key never finds two NULLs equal",
    span=span(SCHEMA, "@@unique([email, deletedAt])"),
    label="lets duplicates in",
    related=(
        Related("this member can be NULL", span(SCHEMA, "deletedAt DateTime?")),
        Related("the rule", span(RULES, "unique")),
    ),
    help="add a partial unique index in a migration:\n"
    'CREATE UNIQUE INDEX "Customer_email_live" ON "Customer" (lower("email")) '
    'WHERE "deletedAt" IS NULL;',
    says=UNIQUE.says,
)
STALE = Finding(
    rule="BR-03",
    name="states",
    verdict=Verdict.STALE,
    path="BR-03",
    message="`Order` has no field or column `paymnt`",
    span=span(RULES, "Order.paymnt"),
    help="did you mean `payment`?",
    says=STATES.says,
)
UNINDEXED = Finding(
    rule="unindexed-foreign-key",
    name="unindexed-foreign-key",
    severity=Severity.WARNING,
    path="Order.customerId",
    message="no index begins with `customerId`: 100%, say, of the table is read, \u001b[31m or so",
    span=span(SCHEMA, "customerId Int"),
    fix=Fix(
        "add `@@index([customerId])`",
        (
            Edit(
                Span(
                    SCHEMA,
                    SCHEMA.text.index("Float\n}") + 5,
                    SCHEMA.text.index("Float\n}") + 5,
                ),
                "\n\n  @@index([customerId])",
            ),
        ),
        safe=True,
    ),
)
DOCUMENTED = Finding(
    rule="undocumented-model",
    name="undocumented-model",
    severity=Severity.INFO,
    path="Order",
    message="`Order` has no documentation comment",
    span=span(SCHEMA, "model Order"),
)


def sample() -> Report:
    """Three rules, four findings, one schema of two models."""
    return assemble(
        [SchemaSummary(("prisma/schema.prisma",), "prisma", "postgresql", 2, 0)],
        [UNIQUE, REQUIRED, STATES],
        [UNINDEXED, BROKEN, DOCUMENTED, STALE],
        suppressed=1,
        descriptions={"unindexed-foreign-key": "A foreign key that no index begins with."},
        failed=True,
        elapsed=0.1234,
    )
