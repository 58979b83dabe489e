"""An output format: how many findings there are."""

from typing import Any


def render(report: Any, options: Any) -> str:
    """The number of findings."""
    return f"{len(report.findings)} findings\n"
