"""Options that several commands take."""

from __future__ import annotations

import click

config = click.option(
    "--config", metavar="FILE", help="Settings. Default: found upwards of the schema."
)
traceback = click.option(
    "--traceback",
    is_flag=True,
    expose_value=False,  # `main` looks for it, whatever else fails
    help="Show where a fault of schemalint itself is.",
)
