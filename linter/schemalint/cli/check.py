"""`schemalint check`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, get_args

import click

from schemalint.cli import options, output
from schemalint.cli.asked import Asked
from schemalint.cli.exit_codes import FINDINGS, OK, UNREADABLE
from schemalint.cli.run import IGNORABLE, Run
from schemalint.finding import FailOn
from schemalint.model import Dialect
from schemalint.project.reading import LIMIT, Reader
from schemalint.registry import Registry, RegistryError
from schemalint.report import RenderOptions, Report


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH ...]")
@click.option(
    "--rules",
    multiple=True,
    metavar="FILE",
    help="Business-rules document; repeatable. Default: business_rules.yaml, found upwards.",
)
@click.option("--select", multiple=True, metavar="ID[,ID]", help="Design rules to check, too.")
@click.option("--ignore", multiple=True, metavar="ID[,ID]", help="Design rules not to check.")
@click.option(
    "--preset",
    metavar="NAME",
    help="Design rules to start from: recommended (default), strict, none, or a plug-in's.",
)
@click.option(
    "--output-format",
    metavar="FORMAT",
    help="text (default), concise, json, sarif, github, gitlab, junit, or a plug-in's.",
)
@click.option("--output-file", metavar="FILE", help="Write the output there, all at once.")
@click.option(
    "--fail-on",
    type=click.Choice(get_args(FailOn)),
    help="The least severity that makes the exit code 1. Default: error.",
)
@click.option(
    "--dialect",
    type=click.Choice([str(dialect) for dialect in Dialect]),
    help="Judge for another database than the schema names.",
)
@options.python_path
@options.config
@click.option(
    "--stdin-filename",
    metavar="NAME",
    help="Read this file's content from standard input, the other files from disk.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option("--quiet", "-q", is_flag=True, help="Print findings and nothing else.")
@click.option("--verbose", "-v", is_flag=True, help="Print every rule's verdict, too.")
@click.option("--no-color", is_flag=True, help="Never colour the output.")
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
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
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
        )
        _check_names(asked, registry)
        run = Run(registry, _reader(stdin_filename), asked)
        render = _reporter(output_format, run, registry)
        run.judge()
    except RegistryError as error:
        raise click.ClickException(str(error)) from error
    report = run.report(time.perf_counter() - started)
    if verbose:
        for line in run.read:
            sys.stderr.write(f"{line}\n")
    to_file = output_file is not None
    rendering = RenderOptions(
        color=not to_file and output.colored(no_color=no_color),
        width=output.DEFAULT_WIDTH if to_file else output.terminal_width(),
        quiet=quiet,
        verbose=verbose,
        statistics=statistics,
    )
    text = render(report, rendering)
    if output_file is None:
        output.write(text)
    else:
        output.write_file(output_file, text)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """0, 1 or 2, see above."""
    if not report.complete:
        return UNREADABLE
    return FINDINGS if report.failed else OK


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
                raise _unknown(f"{option}: there is no design rule", rule_id, known, hint)
    if asked.preset is not None and asked.preset != "none":
        presets = [*registry.preset_names(), "none"]
        if asked.preset not in presets:
            hint = f"there are {', '.join(presets)}"
            raise _unknown("--preset: there is no preset", asked.preset, presets, hint)


def _reporter(name: str | None, run: Run, registry: Registry) -> Callable[..., Any]:
    option = "--output-format"
    if name is None:
        settled = run.settings_of_run().output_format
        name = "text" if settled is None else settled.text
        option = "--output-format" if settled is None else f"{settled.span.file.path}"
    render = registry.reporter(name)
    if render is None:
        names = registry.reporter_names()
        hint = f"there are {', '.join(names)}"
        raise _unknown(f"{option}: there is no output format", name, names, hint)
    return render


def _unknown(message: str, name: str, known: Iterable[str], hint: str) -> click.UsageError:
    from schemalint.near_match import nearest

    close = nearest(name, known)
    return click.UsageError(
        f"{message} `{name}`; " + (f"did you mean `{close}`?" if close else hint)
    )
