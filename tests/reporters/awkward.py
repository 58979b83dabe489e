"""Text that formats stumble over, and a report that holds it wherever one can."""

from __future__ import annotations

from schemalint.engine import RuleReport
from schemalint.finding import Edit, Finding, Fix, Related, Verdict
from schemalint.judgement import Evidence
from schemalint.model import Layer
from schemalint.report import Report, SchemaSummary, assemble
from schemalint.source import SourceFile, Span

AWKWARD = {
    "quotes": 'it\'s "quoted" and `marked` and \\escaped\\',
    "percent": "100% %0A %25 %s {0} {x}",
    "line ends": "one\ntwo\r\nthree\rfour\u2028five\u0085six",
    "markup": "<a href='x'>&amp; ]]> <![CDATA[ -->",
    "command": "\n::error file=x::injected\n::set-output name=a::b",
    "other letters": "größe 日本語 עברית Ελληνικά e\u0301",
    "emoji": "👩\u200d👩\u200d👧 😀 🇨🇭",
    "control characters": "a\x00b\x07c\x1b[31md\x7fe\x9bf\ufffeg\ufeffh\u202ei",
    "tabs": "a\tb\t\tc",
    "long line": "x" * 100_000,
    "long words": " ".join(["word" * 20] * 2_000),
    "empty": " ",
}


def report_of(awkward: str) -> Report:
    """A report that says `awkward` in every place where a schema or a rulebook can say it."""
    name = f"odd {awkward[:60]}.prisma"
    schema = SourceFile(name, f"// {awkward}\nmodel A {{ // {awkward}\n}}\n")
    rulebook = SourceFile("rules.yaml", f"- id: {awkward}\n")
    start = schema.text.index("model")
    span = Span(schema, start, start + 7)
    entry = Span(rulebook, 2, len(rulebook.text) - 1)
    rule = RuleReport(
        id=awkward,
        kind="unique",
        says=awkward,
        verdict=Verdict.BROKEN,
        layer=None,
        enforced_by=Layer.DATABASE,
        subject=awkward,
        span=entry,
        kept_by=(Evidence(awkward, span),),
    )
    finding = Finding(
        awkward,
        awkward,
        span,
        name="unique",
        verdict=Verdict.BROKEN,
        path=awkward,
        label=awkward,
        related=(Related(awkward, Span(schema, 0, len(awkward))), Related("the rule", entry)),
        help=awkward,
        says=awkward,
        fix=Fix(awkward, (Edit(span, awkward),), safe=True),
    )
    schemas = [SchemaSummary((name,), "prisma", "postgresql", 1, 0)]
    return assemble(schemas, [rule], [finding, Finding("no-place", awkward, None)])
