"""`schemalint explain`."""

from __future__ import annotations

import click

from schemalint.cli import output
from schemalint.own_rules import OWN_RULES
from schemalint.pages import design_rule_page, kind_page, own_rule_page
from schemalint.registry import Registry, RegistryError


@click.command()
@click.argument("rule", metavar="ID")
def command(rule: str) -> int:
    """Explain one rule: what it looks for, why, its options or parameters, and examples.

    ID is a design rule's id or a kind of business rule; `schemalint rules` lists both.
    """
    try:
        page = _page(rule, Registry.discover())
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    if output.on_terminal():
        from rich.console import Console
        from rich.markdown import Markdown

        console = Console(
            width=output.terminal_width(), no_color=not output.colored(no_color=False)
        )
        console.print(Markdown(page))
    else:
        output.write(page)
    return 0


def _page(rule: str, registry: Registry) -> str:
    design_rule = registry.design_rule(rule)
    if design_rule is not None:
        return design_rule_page(design_rule)
    kind = registry.kind(rule)
    if kind is not None:
        return kind_page(kind)
    if rule in OWN_RULES:
        return own_rule_page(rule)
    from schemalint.near_match import nearest

    close = nearest(rule, [*registry.design_rule_ids(), *registry.kinds(), *OWN_RULES])
    hint = f"did you mean `{close}`?" if close else "`schemalint rules` lists them"
    raise click.UsageError(f"there is no rule `{rule}`; {hint}")
