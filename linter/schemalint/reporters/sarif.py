"""SARIF 2.1.0, as code-scanning services read it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from schemalint.finding import Finding, Fix, Severity
from schemalint.report import RenderOptions, Report
from schemalint.source import Place, SourceFile, Span
from schemalint.version import VERSION

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"


def render(report: Report, options: RenderOptions) -> str:
    """The report as one SARIF run; columns count characters, paths are relative to the root."""
    rules = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    files: dict[SourceFile, None] = {}
    for finding in report.findings:
        for span in _spans(finding):
            files.setdefault(span.file)
    run = {
        "tool": {"driver": {"name": "schemalint", "version": VERSION, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that schemalint was run in."}}
        },
        "invocations": [{"executionSuccessful": report.complete}],
        "artifacts": [{"location": _artifact(file.path)} for file in files],
        "results": [_result(finding, index) for finding in report.findings],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _rules(report: Report) -> list[dict[str, Any]]:
    """Every rule of the rulebooks, then every other rule that has a finding; each id once."""
    rules = [
        {
            "id": rule.id,
            "name": rule.kind,
            "shortDescription": {"text": rule.says or rule.kind},
            "properties": {
                "kind": rule.kind,
                "verdict": rule.verdict,
                "subject": rule.subject,
                "enforced_by": rule.enforced_by,
            },
        }
        for rule in {rule.id: rule for rule in reversed(report.rules)}.values()
    ]
    rules.reverse()
    told = {rule["id"] for rule in rules}
    for rule_id in sorted({finding.rule for finding in report.findings} - told):
        about = report.descriptions.get(rule_id)
        rules.append({"id": rule_id, **({"shortDescription": {"text": about}} if about else {})})
    return rules


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    text = finding.message
    if finding.says:
        text += f"\nsays: {finding.says}"
    if finding.counterexample is not None:
        text += f"\nshown: {finding.counterexample.text}"
    if finding.help:
        text += f"\nhelp: {finding.help}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
    }
    if finding.span is not None:
        location: dict[str, Any] = {"physicalLocation": _physical(finding.span)}
        if finding.path:
            location["logicalLocations"] = [{"fullyQualifiedName": finding.path}]
        result["locations"] = [location]
        result["partialFingerprints"] = {
            "schemalint/v1": f"{finding.rule}:{finding.path or finding.span.file.path}"
        }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(related.span),
                "message": {"text": related.message},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    if finding.verdict is not None:
        result["properties"] = {"verdict": finding.verdict, "kind": finding.name}
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    changes: dict[SourceFile, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        changes.setdefault(edit.span.file, []).append(
            {"deletedRegion": _region(edit.span.place), "insertedContent": {"text": edit.text}}
        )
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(file.path), "replacements": replacements}
            for file, replacements in changes.items()
        ],
    }


def _spans(finding: Finding) -> list[Span]:
    spans = [] if finding.span is None else [finding.span]
    return spans + [related.span for related in finding.related]


def _physical(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span.file.path), "region": _region(span.place)}


def _artifact(path: str) -> dict[str, str]:
    """A path below the root is relative to it; any other is an absolute URI or climbs."""
    if path.startswith("/"):
        return {"uri": "file://" + quote(path)}
    if path[1:3] == ":/":  # a Windows drive
        return {"uri": "file:///" + quote(path, safe="/:")}
    # A colon in the first segment would read as a URI scheme; quoted, it cannot.
    return {"uri": quote(path), "uriBaseId": _ROOT}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
