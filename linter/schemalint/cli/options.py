"""Options that several commands take."""

from __future__ import annotations

import click

config = click.option(
    "--config", metavar="FILE", help="Settings. Default: found upwards of the schema."
)
python_path = click.option(
    "--python-path",
    metavar="DIR",
    multiple=True,
    help="A virtual environment whose sources are read as text for models' bases and types.",
)
traceback = click.option(
    "--traceback",
    is_flag=True,
    expose_value=False,  # `main` looks for it, whatever else fails
    help="Show where a fault of schemalint itself is.",
)
