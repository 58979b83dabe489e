"""Runs the examples that a rule carries: the tests of ours, and of a plug-in author's.

from schemalint.registry import Registry
from schemalint.testing import example_faults

def test_examples():
    assert example_faults("my-rule", Registry.discover()) == []
"""

from __future__ import annotations

import re

from schemalint.engine import Checked, check
from schemalint.loaders.loaded import Loaded
from schemalint.registry import Registry
from schemalint.rule import Example, Rulebook
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile


def example_faults(name: str, registry: Registry) -> list[str]:
    """What is wrong with the examples of the design rule or kind `name`; [] if nothing is.

    Each `invalid` example of a design rule must give exactly one finding of that rule, each
    `valid` one none; each example of a kind must get its `verdict`. A rule without examples,
    and an example that its own language or the rulebook rejects, is a fault too.

    Raises:
        LookupError: there is no such rule.
    """
    design_rule = registry.design_rule(name)
    if design_rule is not None:
        wanted = [(example, 1) for example in design_rule.invalid]
        wanted += [(example, 0) for example in design_rule.valid]
        faults = [
            fault
            for example, number in wanted
            for fault in _design_faults(name, example, number, registry)
        ]
        return faults if design_rule.invalid else [f"{name} has no invalid example", *faults]
    kind = registry.kind(name)
    if kind is None:
        raise LookupError(f"no rule is called {name}")
    faults = [fault for example in kind.examples for fault in _verdict_faults(example, registry)]
    return faults if kind.examples else [f"{name} has no example"]


def load_example(example: Example, registry: Registry) -> Loaded:
    """The example's schema, loaded.

    Raises:
        LookupError: no loader reads the example's language.
    """
    loader = registry.loader(example.language)
    if loader is None:
        raise LookupError(f"no loader reads {example.language}")
    return loader.load(_files(example))


def _files(example: Example) -> list[SourceFile]:
    """The files of the example's schema: one, or those that lines `-- file: NAME` begin."""
    first, *parts = re.split(r"(?m)^-- file: (\S+)\n", example.schema)
    if not parts:
        return [SourceFile(f"example.{example.language}", first)]
    return [SourceFile(name, text) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def read_example(example: Example, registry: Registry) -> tuple[Rulebook, list[str]]:
    """The example's rulebook, and what is wrong with it.

    The example's `rule` is either what a rule's entry says after its `id` and `says`, or, with a
    key of the whole document (`closed`, `entities`, `rules`) in it, the document but for `version`.
    """
    text = example.rule.strip("\n")
    first = text.split(":", 1)[0].strip()
    if first in ("closed", "entities", "rules", "source"):
        document = f"version: 1\n{text}\n"
    else:
        entry = "\n".join("    " + line for line in text.splitlines())
        document = f"version: 1\nrules:\n  - id: BR-01\n    says: An example.\n{entry}\n"
    if not text:
        return Rulebook(), []
    rulebook, faults = read_rulebook([SourceFile("business_rules.yaml", document)], registry)
    return rulebook, [fault.message for fault in faults]


def _checked(example: Example, registry: Registry, name: str | None) -> tuple[Checked, list[str]]:
    loaded = load_example(example, registry)
    rulebook, faults = read_example(example, registry)
    faults += [problem.message for problem in loaded.problems if not problem.warning]
    design_rule = registry.design_rule(name) if name else None
    rules = [design_rule()] if design_rule is not None else []
    return check({}, loaded.schema, rulebook, rules), faults


def _design_faults(name: str, example: Example, number: int, registry: Registry) -> list[str]:
    checked, faults = _checked(example, registry, name)
    found = [finding.message for finding in checked.findings if finding.rule == name]
    if len(found) != number:
        faults.append(f"expected {number} findings, not {len(found)}: {found}")
    return [f"{name}: {fault}\n{example.schema}" for fault in faults]


def _verdict_faults(example: Example, registry: Registry) -> list[str]:
    checked, faults = _checked(example, registry, None)
    verdicts = [report.verdict for report in checked.rules]
    if verdicts != [example.verdict]:
        messages = [finding.message for finding in checked.findings]
        faults.append(f"expected {example.verdict}, not {verdicts}: {messages}")
    return [f"{example.says or example.rule}: {fault}" for fault in faults]
