"""The command line: which commands there are, and how each of them ends."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence

import click

from schemalint.cli.exit_codes import INTERNAL, INTERRUPTED, OK, UNREADABLE
from schemalint.version import VERSION

# Each command's module is imported when it is used; the line is what `--help` says of it.
_COMMANDS = {
    "check": "Judge a schema against its business rules, and lint it.",
    "prove": "Carry the business rules out on a real database, and show what gets through.",
    "rules": "List the kinds of business rule and the design rules.",
    "explain": "Explain one rule, on one page.",
    "ast": "Print the schema, as it was understood, as JSON.",
    "schema": "Print the JSON Schema of the rulebook or of the settings.",
}


class _Commands(click.Group):
    """Commands that are imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"schemalint.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from schemalint.near_match import nearest

            close = nearest(args[0], _COMMANDS)
            hint = f"did you mean `{close}`?" if close else f"there are {', '.join(_COMMANDS)}"
            message = f"there is no command `{args[0]}`; {hint}"
            if os.path.exists(args[0]):
                message = (
                    f"there is no command `{args[0]}`; to check it: schemalint check {args[0]}"
                )
            raise click.UsageError(message, ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="schemalint")
def schemalint() -> None:
    """Judge a database schema: will the database keep your business rules?

    `schemalint COMMAND --help` says more of each command.
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command line and give its exit code; whatever happens, nothing is raised."""
    try:
        code = schemalint.main(list(arguments), prog_name="schemalint", standalone_mode=False)
        return code if isinstance(code, int) else OK
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UNREADABLE
    except click.ClickException as error:
        error.show()
        return UNREADABLE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        _tell_internal(error, arguments)
        return INTERNAL


def _tell_internal(error: Exception, arguments: Sequence[str]) -> None:
    if "--traceback" in arguments or not {"check", "ast"} & set(arguments):
        import traceback

        traceback.print_exception(error)
        hint = ""
    else:
        hint = " Run it again with `--traceback` to see where."
    sys.stderr.write(
        f"schemalint has a fault of its own: {type(error).__name__}: {error}\n"
        f"This says nothing about your schema. It was met in `{_module(error)}`.{hint}\n"
        f"Please report it, with the traceback, version {VERSION}, Python "
        f"{sys.version.split()[0]}, and the smallest schema that shows it.\n"
    )


def _module(error: BaseException) -> str:
    """The module that raised `error`: it tells a plug-in's fault from ours."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "?" if place is None else str(place.tb_frame.f_globals.get("__name__", "?"))


def main() -> None:
    """The entry point of the `schemalint` command."""
    # A run makes next to no cycles, and going through all that it keeps, again and again, took a
    # quarter of the time at 10,000 models, for a sixth less memory.
    gc.disable()
    if sys.stderr is None:  # as `2>&-` leaves it: what would be said there is not to be heard
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- open to the end
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # the reader has gone, or it is closed
                stream.flush()
    # Everything is written. To free a large schema piece by piece before the process ends takes
    # a tenth of the run.
    os._exit(code)
