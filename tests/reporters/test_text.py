"""What people read, and how it fits a terminal."""

from __future__ import annotations

import msgspec
import pytest

from schemalint.report import RenderOptions, Report, assemble
from schemalint.reporters import text
from schemalint.reporters.terminal import Line, harmless, width, wrap
from schemalint.rule import Finding, Severity
from schemalint.source import SourceFile, Span
from tests.reporters.sample import REQUIRED, sample

KEPT = assemble(sample().schemas, [REQUIRED], [], elapsed=0.05)

EXPECTED = """\
error[BR-03]: `Order` has no field or column `paymnt`
  --> business_rules.yaml:11:18
   |
11 |     states: {of: Order.paymnt, values: [CARD]}
   |                  ^^^^^^^^^^^^
   = says: An order is paid by card.
   = rule: `states`, stale, business_rules.yaml:9
   = help: did you mean `payment`?

error[BR-01]: two live customers can have the same `email`: `deletedAt` is NULL
              for each of them, and a unique key never finds two NULLs equal
 --> prisma/schema.prisma:6:3
  |
6 |   @@unique([email, deletedAt])
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ lets duplicates in
 ::: prisma/schema.prisma:4:3
  |
4 |   deletedAt DateTime?
  |   ------------------- this member can be NULL
  = says: A live customer is identified by their e-mail address, whatever its
          case, and by nothing else.
  = rule: `unique`, broken, business_rules.yaml:3
  = help: add a partial unique index in a migration:
          CREATE UNIQUE INDEX "Customer_email_live" ON "Customer"
          (lower("email")) WHERE "deletedAt" IS NULL;

info[undocumented-model]: `Order` has no documentation comment
 --> prisma/schema.prisma:9:1
  |
9 | model Order {
  | ^^^^^^^^^^^

warning[unindexed-foreign-key]: no index begins with `customerId`: 100%, say, of
    the table is read, \ufffd[31m or so
  --> prisma/schema.prisma:11:2
   |
11 |     customerId Int // größe 日本語 the customer who has placed this o...
   |     ^^^^^^^^^^^^^^
   = help: add `@@index([customerId])`

2 errors, 1 warning, 1 info; 3 rules: 1 kept, 1 broken, 1 stale; 2 models in 1
file; 1 finding suppressed (0.12 s)
"""


def test_findings_in_rustcs_shape() -> None:
    assert text.render(sample(), RenderOptions()) == EXPECTED


def test_nothing_found_is_said_with_what_was_read() -> None:
    assert text.render(KEPT, RenderOptions()) == (
        "1 rule kept; 2 models in 1 file; no findings (0.05 s)\n"
    )
    assert text.render(KEPT, RenderOptions(quiet=True)) == ""


def test_verbose_names_what_keeps_a_rule() -> None:
    told = text.render(KEPT, RenderOptions(verbose=True))
    assert told.splitlines()[:2] == [
        "BR-02  kept  required  Order.total, by NOT NULL of `Order.total`",
        "                       (prisma/schema.prisma:12)",
    ]


def test_statistics_count_findings_of_each_rule() -> None:
    twice = msgspec.structs.replace(sample(), findings=sample().findings[:1] * 2)
    told = text.render(twice, RenderOptions(statistics=True))
    assert "\n2  BR-03\n" in told


def test_an_incomplete_run_says_so() -> None:
    unread = Finding("invalid-schema", "no", Span(SourceFile("a.prisma", ""), 0, 0))
    told = text.render(assemble([], [], [unread]), RenderOptions())
    assert " --> a.prisma\n" in told
    assert "not complete" in told
    assert "no schema was read" in told


def test_colour_changes_nothing_but_the_colour() -> None:
    from click import unstyle

    for options in (RenderOptions(color=True), RenderOptions(color=True, verbose=True)):
        colored = text.render(sample(), options)
        plain = text.render(sample(), msgspec.structs.replace(options, color=False))
        assert colored != plain
        assert unstyle(colored) == plain


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    told = text.render(sample(), RenderOptions(width=columns, verbose=True, statistics=True))
    long_words = [line for line in told.splitlines() if width(line) > columns]
    assert [line for line in long_words if " " in line.strip("= :->")] == []


def _shown(source: str, start: int, end: int, columns: int = 40) -> list[str]:
    file = SourceFile("a.prisma", source)
    report: Report = assemble([], [], [Finding("r", "m", Span(file, start, end), Severity.ERROR)])
    return text.render(report, RenderOptions(width=columns, quiet=True)).splitlines()[3:5]


def test_wide_and_combining_characters_stay_aligned() -> None:
    assert _shown("  日本 e\u0301 x", 8, 9) == ["1 |   日本 e\u0301 x", "  |          ^"]
    assert _shown("日本", 0, 2) == ["1 | 日本", "  | ^^^^"]


def test_a_long_line_is_cut_around_the_range() -> None:
    source = "a" * 5_000_000 + " here " + "b" * 5_000_000
    line, mark = _shown(source, 5_000_001, 5_000_005)
    assert "here" in line
    assert mark.index("^") == line.index("here")
    assert mark.count("^") == 4
    assert len(line) <= 40


def test_a_range_over_several_lines_is_shown_by_its_first() -> None:
    assert _shown("model A {\n  id Int\n}", 0, 20) == ["1 | model A {", "  | ^^^^^^^^^"]


def test_a_range_at_the_end_of_the_text_is_marked() -> None:
    assert _shown("model A {", 9, 9) == ["1 | model A {", "  |          ^"]


def test_terminal_escapes_never_arrive() -> None:
    assert "\x1b" not in _shown("a \x1b[31m b", 0, 1)[0]
    assert harmless("a\x1b[31m\u202eb\x9b\tc\n") == "a\ufffd[31m\ufffdb\ufffd\tc\n"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("a IN ('in  progress', 'b c')", ["a IN", "('in  progress',", "'b c')"]),
        ("a = 'it''s  late' AND b", ["a =", "'it''s  late'", "AND b"]),
        ('ON "order line" (a)', ["ON", '"order line"', "(a)"]),
        ("ON `order  line` (a)", ["ON", "`order  line`", "(a)"]),
        ("b c d;  -- a b c d e", ["b c d;", "-- a b c d e"]),
        ("b c d,  # a b c d e", ["b c d,", "# a b c d e"]),
        ('text("a \\"b\\" c") d', ['text("a \\"b\\" c")', "d"]),
        ("it's a b c d e", ["it's a b", "c d e"]),
    ],
)
def test_wrapping_breaks_no_code(code: str, lines: list[str]) -> None:
    """A help is pasted: a line end in a string, a name or a comment makes it another one."""
    assert wrap("    " + code, 12) == ["    " + line for line in lines]


def test_wrapping_keeps_indentation_and_long_words() -> None:
    assert wrap("  one two three", 9) == ["  one two", "  three"]
    assert wrap("x" * 12 + " y", 8) == ["x" * 12, "y"]
    assert wrap("", 8) == [""]


def test_a_range_of_a_whole_long_line_fits() -> None:
    line = Line("x" * 200, 0, 200, 40)
    assert width(line.text) <= 40
    assert line.offset + line.length <= 40
