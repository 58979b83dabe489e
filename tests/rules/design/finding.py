"""Runs one design rule over a schema, as a whole run does."""

from __future__ import annotations

from schemalint.engine import check
from schemalint.finding import Finding
from schemalint.loaders.loaded import Loaded
from schemalint.registry import Registry
from schemalint.rule import Example
from schemalint.testing import load_example, read_example
from schemalint_rules.example_schemas import sql

REGISTRY = Registry.discover()


def findings_of(rule: str, schema: Loaded, rulebook: str = "") -> list[Finding]:
    """What `rule` finds in a schema that was loaded, under a rule of the rulebook if given."""
    read, faults = read_example(Example(schema="", rule=rulebook), REGISTRY)
    assert not faults, faults
    kind = REGISTRY.design_rule(rule)
    assert kind is not None, rule
    checked = check({}, schema.schema, read, [kind()])
    return [finding for finding in checked.findings if finding.rule == rule]


def in_sql(rule: str, dialect: str, ddl: str, rulebook: str = "") -> list[Finding]:
    """What `rule` finds in DDL; fails the test where that is not understood."""
    loaded = load_example(Example(schema=sql(dialect, ddl), language="sql"), REGISTRY)
    problems = [problem.message for problem in loaded.problems]
    assert not problems, problems
    return findings_of(rule, loaded, rulebook)


def in_prisma(rule: str, schema: str, rulebook: str = "") -> list[Finding]:
    """What `rule` finds in a Prisma schema."""
    loaded = load_example(Example(schema=schema), REGISTRY)
    problems = [problem.message for problem in loaded.problems if not problem.warning]
    assert not problems, problems
    return findings_of(rule, loaded, rulebook)


def places(findings: list[Finding]) -> list[str]:
    """The text that each finding marks."""
    return [finding.span.text for finding in findings if finding.span is not None]
