"""Every rule's own examples are its first tests."""

from __future__ import annotations

import pytest

from schemalint.registry import Registry
from schemalint.testing import example_faults

REGISTRY = Registry.discover()


@pytest.mark.parametrize("name", [*REGISTRY.kinds(), *REGISTRY.design_rule_ids()])
def test_examples(name: str) -> None:
    assert example_faults(name, REGISTRY) == []


@pytest.mark.parametrize("name", [*REGISTRY.kinds(), *REGISTRY.design_rule_ids()])
def test_documentation_has_the_headings(name: str) -> None:
    rule = REGISTRY.design_rule(name) or REGISTRY.kind(name)
    page = (rule.__doc__ or "") if rule else ""
    for heading in ("## What it does", "## Why it matters", "## Use instead"):
        assert heading in page
