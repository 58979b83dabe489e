"""`schemalint check`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

import click

from schemalint.cli import options, output
from schemalint.cli.asked import Asked, Prove
from schemalint.cli.delivery import Told, deliver, reporter, unknown_name
from schemalint.cli.run import IGNORABLE, Run
from schemalint.finding import FailOn
from schemalint.model import Dialect
from schemalint.project.reading import LIMIT, Reader
from schemalint.registry import Registry, RegistryError


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH ...]")
@options.rules
@click.option("--select", multiple=True, metavar="ID[,ID]", help="Design rules to check, too.")
@click.option("--ignore", multiple=True, metavar="ID[,ID]", help="Design rules not to check.")
@click.option(
    "--preset",
    metavar="NAME",
    help="Design rules to start from: recommended (default), strict, none, or a plug-in's.",
)
@options.output_format
@options.output_file
@options.fail_on
@options.dialect
@options.python_path
@options.config
@click.option(
    "--stdin-filename",
    metavar="NAME",
    help="Read this file's content from standard input, the other files from disk.",
)
@click.option(
    "--prove",
    is_flag=False,
    flag_value="",
    metavar="[=DATABASE]",
    help="Carry the rules that are not kept out on a throwaway database: sqlite, postgresql, "
    "mysql, or the URL of a server. Default: the schema's own sort.",
)
@options.statistics
@options.quiet
@options.verbose
@options.no_color
@options.traceback
def command(
    *,
    paths: tuple[str, ...],
    rules: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    preset: str | None,
    output_format: str | None,
    output_file: str | None,
    fail_on: FailOn | None,
    dialect: str | None,
    python_path: tuple[str, ...],
    config: str | None,
    stdin_filename: str | None,
    prove: str | None,
    statistics: bool,
    quiet: bool,
    verbose: bool,
    no_color: bool,
) -> int:
    """Judge a schema against its business rules, and lint it.

    PATH is a schema file or a folder; several are several schemas, and the files of one Prisma
    schema are read together. Without PATH the schema is found where Prisma finds it.

    \b
    Exit code 0: everything was read, every rule is decided and kept
              1: there are findings that weigh as much as --fail-on
              2: usage, or something cannot be read: the run is not complete
              3: a fault of schemalint itself
    """
    started = time.perf_counter()
    if prove and not _is_database(prove):  # `--prove schema.prisma` means the file
        paths, prove = (prove, *paths), ""
    told = Told(output_format, output_file, statistics, quiet, verbose, no_color)
    try:
        registry = Registry.discover()
        asked = Asked(
            paths=_paths(paths, stdin_filename),
            rules=rules,
            select=_ids(select),
            ignore=_ids(ignore),
            preset=preset,
            fail_on=fail_on,
            dialect=None if dialect is None else Dialect(dialect),
            config=config,
            python_path=python_path,
            prove=None if prove is None else Prove(prove or None, every=False),
        )
        _check_names(asked, registry)
        run = Run(registry, _reader(stdin_filename), asked)
        render = reporter(told.output_format, run, registry)
        run.judge()
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    return deliver(run, render, told, started)


def _is_database(text: str) -> bool:
    """Whether it names a sort of database, or is the URL of one."""
    return "://" in text or text in {str(dialect) for dialect in Dialect}


def _ids(given: Iterable[str]) -> tuple[str, ...]:
    """The ids of a repeatable option that takes comma-separated lists."""
    ids = (one.strip() for text in given for one in text.split(","))
    return tuple(dict.fromkeys(one for one in ids if one))


def _paths(paths: tuple[str, ...], stdin_filename: str | None) -> tuple[str, ...]:
    if stdin_filename is None:
        if "-" in paths:
            raise click.UsageError("for standard input, say which file it is: --stdin-filename")
        return paths
    if paths not in ((), ("-",)):
        raise click.UsageError("--stdin-filename names the file to check; give no PATH beside it")
    return (stdin_filename,)


def _reader(stdin_filename: str | None) -> Reader:
    folder = output.working_folder()
    if stdin_filename is None:
        return Reader(folder)
    if sys.stdin is None:  # as `<&-` leaves it
        raise click.UsageError("--stdin-filename: standard input is closed")
    content = sys.stdin.buffer.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise click.ClickException(f"standard input is larger than {LIMIT // 1024**2} MiB")
    return Reader(folder, (stdin_filename, content))


def _check_names(asked: Asked, registry: Registry) -> None:
    """Names on the command line that do not exist are usage errors.

    Raises:
        click.UsageError: one does not.
    """
    known = registry.design_rule_ids()
    for option, ids, more in (
        ("--select", asked.select, ()),
        ("--ignore", asked.ignore, IGNORABLE),
    ):
        for rule_id in ids:
            if rule_id not in known and rule_id not in more:
                hint = "`schemalint rules` lists them"
                raise unknown_name(f"{option}: there is no design rule", rule_id, known, hint)
    if asked.preset is not None and asked.preset != "none":
        presets = [*registry.preset_names(), "none"]
        if asked.preset not in presets:
            hint = f"there are {', '.join(presets)}"
            raise unknown_name("--preset: there is no preset", asked.preset, presets, hint)
