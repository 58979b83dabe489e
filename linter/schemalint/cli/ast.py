"""`schemalint ast`."""

from __future__ import annotations

import sys

import click
import msgspec

from schemalint.ast_json import document
from schemalint.cli import options, output
from schemalint.cli.asked import Asked
from schemalint.cli.exit_codes import OK, UNREADABLE
from schemalint.cli.run import Run
from schemalint.model import Dialect
from schemalint.project.reading import Reader
from schemalint.registry import Registry, RegistryError
from schemalint.report import RenderOptions
from schemalint.reporters import concise


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH ...]")
@click.option(
    "--dialect",
    type=click.Choice([str(dialect) for dialect in Dialect]),
    help="Read the schema as one for another database than it names.",
)
@options.python_path
@options.config
@options.traceback
def command(
    paths: tuple[str, ...], dialect: str | None, python_path: tuple[str, ...], config: str | None
) -> int:
    """Print the schema, as it was understood, as JSON for other tools.

    What cannot be read is told on standard error, and the exit code is then 2.
    """
    asked = Asked(
        paths=paths,
        dialect=None if dialect is None else Dialect(dialect),
        config=config,
        python_path=python_path,
    )
    try:
        run = Run(Registry.discover(), Reader(output.working_folder()), asked)
        schemas = run.load()
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    data = msgspec.json.encode(document(schemas))
    report = run.report(0.0)
    if schemas:
        output.write(msgspec.json.format(data, indent=2).decode() + "\n")
    sys.stderr.write(concise.render(report, RenderOptions()))
    return OK if report.complete else UNREADABLE
