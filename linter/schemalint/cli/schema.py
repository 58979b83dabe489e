"""`schemalint schema`."""

from __future__ import annotations

import click
import msgspec

from schemalint.cli import output
from schemalint.json_schema import rulebook_schema, settings_schema
from schemalint.registry import Registry, RegistryError


@click.command()
@click.argument("which", type=click.Choice(["rulebook", "settings"]), default="rulebook")
def command(which: str) -> int:
    """Print the JSON Schema of the rulebook (default) or of the settings.

    Editors complete and check the YAML with it. The kinds of installed plug-ins are in it.
    """
    try:
        schema = rulebook_schema(Registry.discover()) if which == "rulebook" else settings_schema()
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    output.write(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n")
    return 0
