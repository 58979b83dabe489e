"""How often each design rule speaks over published packages' models.

`python -m tests.loaders.sqlmodel.how_often [RULE ...]` prints it for SQLite and PostgreSQL, and
with RULE every finding. Options of a rule that are switches are tried both ways.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

import msgspec

from schemalint.registry import Registry
from schemalint.rule import DesignRule, Rulebook
from tests.loaders.sqlmodel.published import DIALECTS, load
from tests.oracle.install import PYPI_MODELS


def rules(names: list[str]) -> Iterator[tuple[str, DesignRule]]:
    """The rules of these names, or all, with their switches off and on."""
    registry = Registry.discover()
    for name in names or registry.design_rule_ids():
        kind = registry.design_rule(name)
        if kind is None:
            raise SystemExit(f"there is no rule {name}")
        yield name, kind()
        for field in msgspec.structs.fields(kind):
            if field.default is False:
                rule: DesignRule = msgspec.convert({field.name: True}, kind)
                yield f"{name} ({field.name})", rule


def main(names: list[str]) -> None:
    """Count, and print."""
    chosen = list(rules(names))
    for dialect in DIALECTS.values():
        found: Counter[str] = Counter()
        packages: Counter[str] = Counter()
        tables = 0
        for package in PYPI_MODELS:
            schema = load(package, dialect).schema
            tables += sum(model.kind == "model" for model in schema.models)
            for name, rule in chosen:
                findings = list(rule.check(schema, Rulebook()))
                found[name] += len(findings)
                packages[name] += bool(findings)
                for finding in findings if names else ():
                    print(f"  {package}: {name}: {finding.path}: {finding.message}")
        print(f"{dialect}: {tables} tables of {len(PYPI_MODELS)} packages")
        for name, _ in chosen:
            print(f"  {name}: {found[name]} in {packages[name]} packages")


if __name__ == "__main__":
    main(sys.argv[1:])
