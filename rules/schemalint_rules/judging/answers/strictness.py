"""The extra finding for a schema that rejects what a rule allows."""

from __future__ import annotations

from schemalint.rule import Finding, Fix, Severity
from schemalint.source import Span


def stricter(
    path: str, message: str, span: Span, *, help: str | None = None, fix: Fix | None = None
) -> Finding:
    """A warning that the schema refuses rows or changes that the rule's wording allows."""
    return Finding(
        rule="stricter-than-rule",
        name="stricter-than-rule",
        message=message,
        span=span,
        severity=Severity.WARNING,
        path=path,
        help=help,
        fix=fix,
    )
