"""GitHub Actions workflow commands, which become annotations on a pull request."""

from __future__ import annotations

from schemalint.finding import Finding, Severity
from schemalint.report import RenderOptions, Report

# GitHub knows `notice`, not `info`.
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, options: RenderOptions) -> str:
    """One command a finding."""
    return "".join(_command(finding) for finding in report.findings)


def _command(finding: Finding) -> str:
    properties = {"title": f"schemalint {finding.rule}"}
    if finding.span is not None:
        place = finding.span.place
        properties |= {"file": place.file, "line": str(place.line), "endLine": str(place.end_line)}
        if place.line == place.end_line:  # GitHub ignores columns of a range over several lines
            # GitHub's end column is that of the last character.
            end = max(place.end_column - 1, place.column)
            properties |= {"col": str(place.column), "endColumn": str(end)}
    message = finding.message
    if finding.says:
        message += f"\nsays: {finding.says}"
    if finding.counterexample is not None:
        message += f"\nshown: {finding.counterexample.text}"
    if finding.help:
        message += f"\nhelp: {finding.help}"
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(message)}\n"


def _data(text: str) -> str:
    """Escaped as the runner's own toolkit escapes a command's message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escaped as the runner's own toolkit escapes a command's property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
