"""JUnit XML: a test case for each business rule, and one for each file's design findings."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from schemalint.engine import RuleReport
from schemalint.finding import Finding, Severity
from schemalint.own_rules import INCOMPLETE
from schemalint.report import RenderOptions, Report, RuleIndex

# What XML 1.0 cannot hold, not even as a character reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Case:
    """One test case: its names, and the findings that make it fail or are merely told."""

    def __init__(self, suite: str, name: str, *, file: str | None, line: int | None) -> None:
        self.suite = suite
        self.name = name
        self.file = file
        self.line = line
        self.findings: list[Finding] = []

    def is_unread(self) -> bool:
        return any(finding.rule in INCOMPLETE for finding in self.findings)

    def is_failed(self) -> bool:
        return any(finding.severity is not Severity.INFO for finding in self.findings)

    def xml(self) -> str:
        attributes = {"classname": f"schemalint.{self.suite}", "name": self.name}
        if self.file is not None:
            attributes |= {"file": self.file, "line": str(self.line)}
        opening = f'    <testcase{_attributes(attributes)} time="0"'
        if not self.findings:
            return f"{opening}/>\n"
        told = "\n".join(_told(finding) for finding in self.findings)
        if not self.is_failed():
            return f"{opening}>\n      <system-out>{_text(told)}</system-out>\n    </testcase>\n"
        element = "error" if self.is_unread() else "failure"
        worst = next(one for one in self.findings if one.severity is not Severity.INFO)
        about = _attributes({"message": worst.message, "type": str(worst.verdict or worst.rule)})
        return f"{opening}>\n      <{element}{about}>{_text(told)}</{element}>\n    </testcase>\n"


def render(report: Report, options: RenderOptions) -> str:
    """The report as one `testsuites` document with a suite of rules and one of files."""
    index = RuleIndex(report)
    rules = {rule.span: _rule_case(rule) for rule in report.rules}
    files: dict[str, _Case] = {
        path: _Case("design", path, file=path, line=1)
        for schema in report.schemas
        for path in schema.files
    }
    for finding in report.findings:
        rule = index.rule(finding)
        if rule is not None:
            case = rules[rule.span]
        else:
            path = "." if finding.span is None else finding.span.file.path
            case = files.setdefault(path, _Case("design", path, file=path, line=1))
        case.findings.append(finding)
    suites = [("business rules", list(rules.values())), ("design", list(files.values()))]
    cases = [case for _, some in suites for case in some]
    body = "".join(_suite(name, some) for name, some in suites if some)
    counts = _attributes({"name": "schemalint", **_counts(cases), "time": f"{report.elapsed:.3f}"})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{counts}>\n{body}</testsuites>\n'


def _rule_case(rule: RuleReport) -> _Case:
    place = rule.span.place
    return _Case("rules", f"{rule.id} {rule.says}", file=place.file, line=place.line)


def _suite(name: str, cases: list[_Case]) -> str:
    opening = _attributes({"name": name, **_counts(cases), "time": "0"})
    return f"  <testsuite{opening}>\n{''.join(case.xml() for case in cases)}  </testsuite>\n"


def _counts(cases: list[_Case]) -> dict[str, str]:
    errors = sum(case.is_failed() and case.is_unread() for case in cases)
    failures = sum(case.is_failed() and not case.is_unread() for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(failures),
        "errors": str(errors),
        "skipped": "0",
    }


def _told(finding: Finding) -> str:
    where = ""
    if finding.span is not None:
        place = finding.span.place
        where = f"{place.file}:{place.line}:{place.column}: "
    told = f"{where}{finding.severity} {finding.rule}: {finding.message}"
    if finding.counterexample is not None:
        told += f"\nshown: {finding.counterexample.text}"
    return told if finding.help is None else f"{told}\nhelp: {finding.help}"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _attributes(values: dict[str, str]) -> str:
    return "".join(
        f" {name}={quoteattr(_FORBIDDEN.sub(chr(0xFFFD), value))}" for name, value in values.items()
    )
