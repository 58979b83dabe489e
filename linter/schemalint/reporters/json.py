"""The stable JSON document; `version` is raised when something in it changes its meaning."""

from __future__ import annotations

from typing import Any

import msgspec

from schemalint.engine import RuleReport
from schemalint.finding import Counterexample, Finding, Fix, Related
from schemalint.judgement import Evidence
from schemalint.report import Carried, RenderOptions, Report

VERSION = 1


def render(report: Report, options: RenderOptions) -> str:
    """The report as one JSON object, indented by two spaces."""
    document: dict[str, Any] = {
        "version": VERSION,
        "schemas": report.schemas,
        "rules": [_rule(rule) for rule in report.rules],
        "findings": [_finding(finding) for finding in report.findings],
        "summary": report.summary,
    }
    if report.carried:
        document["carried_out"] = [_carried(one) for one in report.carried]
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _rule(rule: RuleReport) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": rule.id,
        "kind": rule.kind,
        "says": rule.says,
        "verdict": rule.verdict,
        "layer": rule.layer,
        "enforced_by": rule.enforced_by,
        "subject": rule.subject,
        "place": rule.span.place,
        "kept_by": [_told_place(evidence) for evidence in rule.kept_by],
        "counterexample": None
        if rule.counterexample is None
        else _counterexample(rule.counterexample),
    }
    if rule.executed is not None:  # reading did not settle it
        told["by_execution"] = rule.executed
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name or finding.rule,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "path": finding.path,
        "message": finding.message,
        "place": None if finding.span is None else finding.span.place,
        "related": [_told_place(related) for related in finding.related],
        "fix": None if finding.fix is None else _fix(finding.fix),
    }


def _counterexample(shown: Counterexample) -> dict[str, Any]:
    """`executed` is true of all that are told; the answers belong to the statements in turn, null
    where one was accepted."""
    return {
        "database": shown.database,
        "executed": True,
        "says": shown.says,
        "what": shown.what,
        "statements": [one.sql for one in shown.statements],
        "answers": [one.refusal for one in shown.statements],
    }


def _carried(carried: Carried) -> dict[str, Any]:
    """A rule over one model: what was tried on which database, or why nothing was."""
    return {
        "rule": carried.rule,
        "model": carried.model,
        "database": carried.database,
        "why_not": carried.why_not or None,
        "tried": [
            {
                "says": one.says,
                "aim": one.aim,
                "end": one.end,
                "what": one.what or None,
                "statements": [sent.sql for sent in one.statements],
                "answers": [sent.refusal for sent in one.statements],
            }
            for one in carried.tried
        ],
    }


def _told_place(told: Evidence | Related) -> dict[str, Any]:
    return {"message": told.message, "place": told.span.place}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [{"place": edit.span.place, "text": edit.text} for edit in fix.edits],
    }
