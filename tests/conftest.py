"""Settings of every test run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

# CI sets this: there, everything that a test needs is to be had, so a skip hides a fault.
NO_SKIPS = bool(os.environ.get("SCHEMALINT_NO_SKIPS"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Turn skips into failures where nothing may be skipped."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]  # pluggy's result, untyped here
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
