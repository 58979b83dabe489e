"""`schemalint rules`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from schemalint.cli import output
from schemalint.registry import Registry, RegistryError
from schemalint.reporters.terminal import wrap
from schemalint.rule import summary


@click.command()
def command() -> int:
    """List the kinds of business rule and the design rules, with a line each."""
    try:
        registry = Registry.discover()
        kinds = [(name, kind) for name in registry.kinds() if (kind := registry.kind(name))]
        ids = registry.design_rule_ids()
        rules = [(name, rule) for name in ids if (rule := registry.design_rule(name))]
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    width = output.terminal_width()
    size = max((len(name) for name, _ in (*kinds, *rules)), default=0)
    lines = ["Kinds of business rule (write them in business_rules.yaml):", ""]
    lines += _listed(((name, summary(kind)) for name, kind in kinds), size, width)
    lines += ["", "Design rules (choose them with --preset, --select and --ignore):", ""]
    lines += _listed(((name, summary(rule)) for name, rule in rules), size, width)
    lines += ["", "`schemalint explain ID` explains one of them."]
    output.write("\n".join(lines) + "\n")
    return 0


def _listed(rows: Iterable[tuple[str, str]], size: int, width: int) -> list[str]:
    lines: list[str] = []
    for name, about in rows:
        first, *more = wrap(about, max(width - size - 4, 20))
        lines.append(f"  {name.ljust(size)}  {first}")
        lines += [" " * (size + 4) + line for line in more]
    return lines
