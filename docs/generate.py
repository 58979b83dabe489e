"""Writes docs/rules/: one page for each rule, and an index.

    python docs/generate.py

A test fails when a page is not what this would write.
"""

from __future__ import annotations

from pathlib import Path

from schemalint.pages import design_rule_page, kind_page
from schemalint.registry import Registry
from schemalint.rule import summary

FOLDER = Path(__file__).resolve().parent / "rules"


def pages() -> dict[str, str]:
    """File name to text, the index included."""
    registry = Registry.discover()
    written: dict[str, str] = {}
    index = ["# Rules", "", "## Kinds of business rule", ""]
    for name in registry.kinds():
        kind = registry.kind(name)
        if kind is not None:
            written[f"{name}.md"] = kind_page(kind)
            index.append(f"- [{name}]({name}.md): {summary(kind)}")
    index += ["", "## Design rules", ""]
    for rule_id in registry.design_rule_ids():
        rule = registry.design_rule(rule_id)
        if rule is not None:
            written[f"{rule_id}.md"] = design_rule_page(rule)
            index.append(f"- [{rule_id}]({rule_id}.md): {summary(rule)}")
    written["README.md"] = "\n".join(index) + "\n"
    return written


def main() -> None:
    """Write every page, and remove those of rules that are gone."""
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in written:
            old.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
