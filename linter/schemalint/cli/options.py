"""Options that several commands take."""

from __future__ import annotations

from typing import get_args

import click

from schemalint.finding import FailOn
from schemalint.model import Dialect

config = click.option(
    "--config", metavar="FILE", help="Settings. Default: found upwards of the schema."
)
python_path = click.option(
    "--python-path",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="A virtual environment whose sources are read as text for models' bases and types.",
)
traceback = click.option(
    "--traceback",
    is_flag=True,
    expose_value=False,  # `main` looks for it, whatever else fails
    help="Show where a fault of schemalint itself is.",
)
rules = click.option(
    "--rules",
    multiple=True,
    metavar="FILE",
    help="Business-rules document; repeatable. Default: business_rules.yaml, found upwards.",
)
dialect = click.option(
    "--dialect",
    type=click.Choice([str(dialect) for dialect in Dialect]),
    help="Judge for another database than the schema names.",
)
output_format = click.option(
    "--output-format",
    metavar="FORMAT",
    help="text (default), concise, json, sarif, github, gitlab, junit, or a plug-in's.",
)
output_file = click.option(
    "--output-file", metavar="FILE", help="Write the output there, all at once."
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(get_args(FailOn)),
    help="The least severity that makes the exit code 1. Default: error.",
)
statistics = click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
quiet = click.option("--quiet", "-q", is_flag=True, help="Print findings and nothing else.")
verbose = click.option("--verbose", "-v", is_flag=True, help="Print every rule's verdict, too.")
no_color = click.option("--no-color", is_flag=True, help="Never colour the output.")
