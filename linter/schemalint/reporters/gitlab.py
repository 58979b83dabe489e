"""GitLab's Code Quality report."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from schemalint.finding import Finding, Severity
from schemalint.report import RenderOptions, Report

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, options: RenderOptions) -> str:
    """The findings as a JSON array; GitLab needs a place, so one without stands at `.`, line 1."""
    seen: dict[str, int] = {}
    entries = [_entry(finding, seen) for finding in report.findings]
    return msgspec.json.format(msgspec.json.encode(entries), indent=2).decode() + "\n"


def _entry(finding: Finding, seen: dict[str, int]) -> dict[str, Any]:
    place = None if finding.span is None else finding.span.place
    file = "." if place is None else place.file
    # GitLab tells old from new by the fingerprint: it must outlive lines that move, so it holds
    # the construct's name and the message, and no line.
    key = "\0".join((finding.rule, file, finding.path or "", finding.message))
    seen[key] = seen.get(key, 0) + 1
    shown = finding.counterexample
    return {
        "description": finding.message
        if shown is None
        else f"{finding.message}\nshown: {shown.text}",
        "check_name": finding.rule,
        "fingerprint": sha256(f"{key}\0{seen[key]}".encode()).hexdigest(),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": file,
            "lines": {
                "begin": 1 if place is None else place.line,
                "end": 1 if place is None else place.end_line,
            },
        },
    }
