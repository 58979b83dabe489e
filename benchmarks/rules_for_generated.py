"""A rulebook of 20 rules for the schemas of `generate.py`: none has a condition, all are kept."""

from __future__ import annotations

import re

_KINDS = (
    "identity: {{of: {model}, by: [id], type: string}}",
    "unique: {{of: {model}, by: [code]}}",
    "required: {{of: {model}, fields: [title, status, createdAt]}}",
    "states: {{of: {model}.status, values: [DRAFT, ACTIVE, SUSPENDED, COMPLETED, CANCELLED], "
    "initial: DRAFT}}",
    "index: {{of: {model}, by: [status, createdAt]}}",
    "audit: {{of: {model}, created: createdAt}}",
    "derived: {{of: {model}, fields: [grandTotal]}}",
    "optional: {{of: {model}, fields: [externalNumber, description]}}",
    "reference: {{from: {model}.parent, to: {parent}, required: true}}",
    "at_least_one: {{of: {model}, fields: [title, code]}}",
)


def rulebook(schema: str, rules: int = 20) -> str:
    """A business-rules document with `rules` rules over models that are spread evenly over
    `schema`, each kind for a model that has what it speaks of."""
    blocks = {
        match[1]: match[0] for match in re.finditer(r"^model (\w+) \{.*?^\}", schema, re.M | re.S)
    }
    names = list(blocks)
    entries = []
    for number in range(rules):
        kind = _KINDS[number % len(_KINDS)]
        start = number * len(names) // rules
        for name in (*names[start:], *names[:start]):
            text = _written(kind, name, blocks[name])
            if text is not None:
                entries.append(
                    f"  - id: BR-{number + 1:02}\n    says: Rule {number + 1}.\n    {text}"
                )
                break
    return "version: 1\nrules:\n" + "\n".join(entries) + "\n"


def _written(kind: str, name: str, block: str) -> str | None:
    """The rule for the model `name`, or None where the model has not what it speaks of."""
    parent = re.search(r"^  parent +(\w+) ", block, re.M)
    if kind.startswith("reference") and parent is None:
        return None
    text = kind.format(model=name, parent=parent[1] if parent else "")
    if kind.startswith("optional"):
        held = [field for field in ("externalNumber", "description") if f"  {field} " in block]
        if not held:
            return None
        text = f"optional: {{of: {name}, fields: [{', '.join(held)}]}}"
    return text
