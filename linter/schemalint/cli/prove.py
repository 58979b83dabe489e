"""`schemalint prove`."""

from __future__ import annotations

import os
import time

import click

from schemalint.cli import options, output
from schemalint.cli.asked import Asked, Prove
from schemalint.cli.delivery import Told, deliver, reporter
from schemalint.cli.run import Run
from schemalint.finding import FailOn
from schemalint.model import Dialect
from schemalint.project.reading import Reader
from schemalint.registry import Registry, RegistryError


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH ...]")
@options.rules
@click.option(
    "--database",
    metavar="DATABASE",
    help="sqlite, postgresql, mysql, or the URL of a server. Default: the schema's own sort.",
)
@click.option(
    "--export",
    metavar="DIR",
    help="Write what was carried out there: a script and a pytest module for each rule.",
)
@click.option(
    "--mutate",
    is_flag=True,
    help="Take each constraint away in turn, too, and tell which no rule misses.",
)
@options.output_format
@options.output_file
@options.fail_on
@options.dialect
@options.python_path
@options.config
@options.quiet
@options.verbose
@options.no_color
@options.traceback
def command(
    *,
    paths: tuple[str, ...],
    rules: tuple[str, ...],
    database: str | None,
    export: str | None,
    mutate: bool,
    output_format: str | None,
    output_file: str | None,
    fail_on: FailOn | None,
    dialect: str | None,
    python_path: tuple[str, ...],
    config: str | None,
    quiet: bool,
    verbose: bool,
    no_color: bool,
) -> int:
    """Carry every business rule out on a real database, kept or not.

    The schema is built in a throwaway database: SQLite in memory, an embedded PostgreSQL (with
    `pip install 'schemalint[postgres]'`), or one that is made on the server of a URL and removed
    afterwards. There writers try whatever the rule forbids. What gets through is shown as
    statements to paste; --verbose shows what was refused, too.

    \b
    Exit code 0: every rule is decided and kept, and withstood
              1: a rule is broken, or not decided
              2: usage, something cannot be read, or nothing could be carried out
              3: a fault of schemalint itself
    """
    started = time.perf_counter()
    told = Told(output_format, output_file, False, quiet, verbose, no_color)
    asked = Asked(
        paths=paths,
        rules=rules,
        preset="none",
        fail_on=fail_on,
        dialect=None if dialect is None else Dialect(dialect),
        config=config,
        python_path=python_path,
        prove=Prove(database, export=export is not None, mutate=mutate),
    )
    try:
        registry = Registry.discover()
        run = Run(registry, Reader(output.working_folder()), asked)
        render = reporter(told.output_format, run, registry)
        run.judge()
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    if export is not None:
        _write(run, export)
    return deliver(run, render, told, started)


def _write(run: Run, folder: str) -> None:
    """Write the exported files.

    Raises:
        click.ClickException: one cannot be written.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"{folder} cannot be made: {reason}") from error
    for file in run.exported:
        output.write_file(os.path.join(folder, file.name), file.text)
