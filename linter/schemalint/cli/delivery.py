"""How a run's report reaches the user: in which format, where, and with which exit code."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable

import click
import msgspec

from schemalint.cli import output
from schemalint.cli.exit_codes import FINDINGS, OK, UNREADABLE
from schemalint.cli.run import Run
from schemalint.registry import Registry
from schemalint.report import RenderOptions, Report

Render = Callable[[Report, RenderOptions], str]


class Told(msgspec.Struct, frozen=True):
    """What the command line says of the output. `output_format` is None for the settings' one."""

    output_format: str | None = None
    output_file: str | None = None
    statistics: bool = False
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise click.UsageError("--quiet and --verbose exclude each other")


def reporter(name: str | None, run: Run, registry: Registry) -> Render:
    """The reporter called `name`, or the one that the settings name.

    Raises:
        click.UsageError: there is none.
    """
    option = "--output-format"
    if name is None:
        settled = run.settings_of_run().output_format
        name = "text" if settled is None else settled.text
        option = "--output-format" if settled is None else f"{settled.span.file.path}"
    render = registry.reporter(name)
    if render is None:
        names = registry.reporter_names()
        hint = f"there are {', '.join(names)}"
        raise unknown_name(f"{option}: there is no output format", name, names, hint)
    return render


def deliver(run: Run, render: Render, told: Told, started: float) -> int:
    """Write the report of `run`, which began at `started` (of `time.perf_counter`); the exit
    code."""
    report = run.report(time.perf_counter() - started)
    if told.verbose:
        for line in run.read:
            sys.stderr.write(f"{line}\n")
    to_file = told.output_file is not None
    rendering = RenderOptions(
        color=not to_file and output.colored(no_color=told.no_color),
        width=output.DEFAULT_WIDTH if to_file else output.terminal_width(),
        quiet=told.quiet,
        verbose=told.verbose,
        statistics=told.statistics,
    )
    text = render(report, rendering)
    if told.output_file is None:
        output.write(text)
    else:
        output.write_file(told.output_file, text)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """0: all was read, every rule is kept; 1: findings that weigh enough; 2: not complete."""
    if not report.complete:
        return UNREADABLE
    return FINDINGS if report.failed else OK


def unknown_name(message: str, name: str, known: Iterable[str], hint: str) -> click.UsageError:
    """The error of a name that does not exist, with the nearest one that does, or the hint."""
    from schemalint.near_match import nearest

    close = nearest(name, known)
    return click.UsageError(
        f"{message} `{name}`; " + (f"did you mean `{close}`?" if close else hint)
    )
