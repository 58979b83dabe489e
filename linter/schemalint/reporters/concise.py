"""One line a finding: `file:line:column: severity id message`."""

from __future__ import annotations

from schemalint.report import RenderOptions, Report
from schemalint.reporters.terminal import harmless, harmless_name


def render(report: Report, options: RenderOptions) -> str:
    """The report as lines that editors and `grep` understand."""
    lines: list[str] = []
    for finding in report.findings:
        where = ""
        if finding.span is not None:
            line, column = finding.span.file.position(finding.span.start)
            where = f"{harmless_name(finding.span.file.path)}:{line}:{column}: "
        message = " ".join(harmless(finding.message).split())
        if finding.counterexample is not None:
            message += f" (shown on {harmless(finding.counterexample.database)})"
        lines.append(f"{where}{finding.severity} {harmless_name(finding.rule)} {message}\n")
    return "".join(lines)
