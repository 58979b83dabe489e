"""Comments in the schema that take back design findings."""

from __future__ import annotations

import time

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.overlay.schemas import overlay
from schemalint.rule import Finding, Severity
from schemalint.source import SourceFile, Span
from schemalint.suppress import Suppressed, suppress

KNOWN = ("missing-primary-key", "money-as-float", "not-run")


def _suppress(text: str, *marked: tuple[str, str], business: tuple[str, ...] = ()) -> Suppressed:
    """Suppress findings of (rule, the marked text) in a schema."""
    file = SourceFile("schema.prisma", text)
    schema = PrismaLoader().load([file]).schema
    findings = [
        Finding(rule, "m", Span(file, text.index(at), text.index(at) + 1), Severity.WARNING)
        for rule, at in marked
    ]
    return suppress(findings, schema, active=KNOWN[:2], known=KNOWN, business=business)


def _left(result: Suppressed) -> list[str]:
    return [finding.rule for finding in result.findings]


FLOAT = ("money-as-float", "price")
KEY = ("missing-primary-key", "model Item")


@pytest.mark.parametrize(
    "text",
    [
        "model Item {\n  price Float // schemalint: allow money-as-float\n}\n",
        "model Item {\n  // schemalint: allow money-as-float (old table)\n  price Float\n}\n",
        "model Item {\n  /// schemalint:allow money-as-float\n  /// doc\n  price Float\n}\n",
        "// schemalint: allow money-as-float\nmodel Item {\n  price Float\n}\n",
        "model Item { // schemalint: allow money-as-float (a, b: (c))\n  price Float\n}\n",
        "model Item {\n  price Float //schemalint: allow money-as-float ,missing-primary-key\n}\n",
    ],
    ids=["same line", "line before", "above its documentation", "model", "model line", "several"],
)
def test_a_comment_takes_a_finding_back(text: str) -> None:
    result = _suppress(text, FLOAT)
    assert result.count == 1
    assert "money-as-float" not in _left(result)


def test_it_covers_its_construct_and_nothing_else() -> None:
    text = (
        "model Item {\n  // schemalint: allow money-as-float\n  price Float\n  other Float\n}\n"
        "model Next {\n  total Float\n}\n"
    )
    result = _suppress(text, FLOAT, ("money-as-float", "other"), ("money-as-float", "total"))
    assert result.count == 1
    assert _left(result) == ["money-as-float", "money-as-float"]


def test_it_covers_the_named_rule_and_no_other() -> None:
    result = _suppress(
        "// schemalint: allow money-as-float\nmodel Item {\n  price Float\n}\n", FLOAT, KEY
    )
    assert _left(result) == ["missing-primary-key"]


def test_one_that_suppresses_nothing_is_a_finding_at_its_place() -> None:
    comment = "// schemalint: allow missing-primary-key, money-as-float"
    text = f"model Item {{\n  {comment}\n  price Float\n}}\n"
    result = _suppress(text, FLOAT)
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("unused-suppression", Severity.WARNING)
    assert finding.span is not None
    assert finding.span.text == "missing-primary-key"


def test_of_a_rule_that_did_not_run_nothing_can_be_told() -> None:
    assert _suppress("// schemalint: allow not-run\nmodel Item {\n}\n").findings == ()


def test_an_unknown_rule_gets_a_near_match() -> None:
    (finding,) = _suppress("// schemalint: allow money-as-flaot\nmodel Item {\n}\n").findings
    assert "there is no design rule `money-as-flaot`" in finding.message
    assert finding.help == "did you mean `money-as-float`?"


def test_business_rules_cannot_be_suppressed() -> None:
    text = "// schemalint: allow BR-01\nmodel Item {\n  price Float\n}\n"
    result = _suppress(text, ("BR-01", "price"), business=("BR-01",))
    assert _left(result) == ["BR-01", "unused-suppression"]
    assert "cannot be suppressed in the schema" in result.findings[1].message


def test_nor_can_what_is_invalid() -> None:
    text = "// schemalint: allow invalid-schema\nmodel Item {\n  price Float\n}\n"
    result = _suppress(text, ("invalid-schema", "price"))
    assert _left(result) == ["invalid-schema", "unused-suppression"]


@pytest.mark.parametrize(
    "comment",
    [
        "// schemalint: allow",
        "// schemalint: ignore money-as-float",
        "// schemalint: allow money-as-float old table",
        "// schemalint: allow (why)",
        "// schemalint:",
    ],
)
def test_a_comment_that_is_not_understood_is_told(comment: str) -> None:
    result = _suppress(f"model Item {{\n  price Float {comment}\n}}\n", FLOAT)
    assert _left(result) == ["money-as-float", "unused-suppression"]
    assert "schemalint: allow" in (result.findings[1].help or "")


def test_a_text_that_only_looks_like_a_comment_is_none() -> None:
    text = 'model Item {\n  price String @default("// schemalint: allow money-as-float")\n}\n'
    assert _left(_suppress(text, FLOAT)) == ["money-as-float"]


def test_an_enum_and_a_datasource_are_covered_as_a_whole() -> None:
    text = "// schemalint: allow money-as-float\nenum E {\n  price\n}\n"
    assert _suppress(text, FLOAT).count == 1


# -- SQL

COLUMN = ("money-as-float", "price")


def _suppress_sql(text: str, *marked: tuple[str, str], path: str = "item.price") -> Suppressed:
    file = SourceFile("schema.sql", text)
    schema = SqlLoader().load([file], dialect=Dialect.POSTGRESQL).schema
    findings = [
        Finding(rule, "m", Span(file, text.index(at), text.index(at) + 1), path=path)
        for rule, at in marked
    ]
    return suppress(findings, schema, active=KNOWN[:2], known=KNOWN, business=())


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE item (\n  price float -- schemalint: allow money-as-float\n);\n",
        "CREATE TABLE item (\n  -- schemalint: allow money-as-float (why)\n  price float);\n",
        "-- schemalint: allow money-as-float\nCREATE TABLE item (\n  price float\n);\n",
        "create table if not exists public.item ( -- schemalint:allow money-as-float\n price int);",
        "CREATE TABLE item (a text DEFAULT '--', price int -- schemalint: allow money-as-float\n);",
    ],
)
def test_a_comment_of_sql_takes_a_finding_back(text: str) -> None:
    result = _suppress_sql(text, COLUMN)
    assert (result.count, _left(result)) == (1, [])


def test_on_a_table_it_covers_what_later_statements_add() -> None:
    text = (
        "-- schemalint: allow money-as-float\nCREATE TABLE item (\n  id int\n);\n"
        "ALTER TABLE item\n  ADD COLUMN price float;\n"
    )
    assert _suppress_sql(text, COLUMN).count == 1
    assert _left(_suppress_sql(text, COLUMN, path="items.price")) == [
        "money-as-float",
        "unused-suppression",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE item (a text DEFAULT '-- schemalint: allow money-as-float', price int);",
        "COMMENT ON TABLE item IS $$\n-- schemalint: allow money-as-float\n$$;\n"
        "CREATE TABLE item (price int);",
        "/*\n-- schemalint: allow money-as-float\n*/\nCREATE TABLE item (price int);",
        "-- not -- schemalint: allow money-as-float\nCREATE TABLE item (price int);",
        "CREATE TABLE item (price int // schemalint: allow money-as-float\n);",
    ],
)
def test_what_only_looks_like_a_comment_of_sql_is_none(text: str) -> None:
    assert _left(_suppress_sql(text, COLUMN)) == ["money-as-float"]


def test_the_dialect_is_no_suppression() -> None:
    text = "-- schemalint: dialect postgresql\nCREATE TABLE item (price int);\n"
    assert _suppress_sql(text).findings == ()
    (finding,) = _suppress_sql(text.replace("dialect", "dialekt")).findings
    assert finding.rule == "unused-suppression"


# -- a Prisma schema and its migrations

DECLARED = """\
model Item { // schemalint: allow %s
  id    Int   @id
  price Float // %s

  @@map("item")
}
"""
MIGRATION = "%s\nCREATE TABLE item (\n  id int PRIMARY KEY,\n  price float8 NOT NULL\n);\n"


@pytest.mark.parametrize(
    ("declared", "migration"),
    [
        (DECLARED % ("money-as-float", ""), MIGRATION % ""),
        (DECLARED % ("not-run", "schemalint: allow money-as-float"), MIGRATION % ""),
        (DECLARED % ("not-run", ""), MIGRATION % "-- schemalint: allow money-as-float"),
    ],
    ids=["on the model", "on the field", "on the table"],
)
def test_what_is_found_in_a_migration_is_allowed_in_the_schema(
    declared: str, migration: str
) -> None:
    files = SourceFile("schema.prisma", declared), SourceFile("1/migration.sql", migration)
    prisma = PrismaLoader().load(files[:1], dialect=Dialect.POSTGRESQL).schema
    sql = SqlLoader().load(files[1:], dialect=Dialect.POSTGRESQL).schema
    schema = overlay(prisma, sql).schema
    at = migration.index("float8")
    finding = Finding("money-as-float", "m", Span(files[1], at, at + 1), path="Item.price")
    result = suppress([finding], schema, active=KNOWN[:2], known=KNOWN, business=())
    assert result.count == 1
    assert _left(result) == []


def test_drift_can_be_allowed() -> None:
    text = "// schemalint: allow schema-migration-drift (by hand)\nmodel Item {\n  id Int @id\n}\n"
    result = _suppress(text, ("schema-migration-drift", "Item"))
    assert result.count == 1


@pytest.mark.slow
def test_ten_megabytes_are_searched_at_once() -> None:
    block = "model Item%d {\n  id Int @id // a comment that is nothing special\n}\n"
    text = "".join(block % number for number in range(150_000))
    file = SourceFile("schema.prisma", text)
    schema = PrismaLoader().load([SourceFile("small.prisma", block % 1)]).schema
    import msgspec

    schema = msgspec.structs.replace(schema, files=(file,))
    best = 1.0
    for _ in range(3):
        started = time.process_time()
        suppress([], schema, active=KNOWN, known=KNOWN, business=())
        best = min(best, time.process_time() - started)
    assert best < 0.2
