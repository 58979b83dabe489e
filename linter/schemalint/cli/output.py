"""Writing what a command has to say: whole, as UTF-8, to a terminal, a pipe or a file."""

from __future__ import annotations

import os
import sys
import time
from typing import BinaryIO

import click

DEFAULT_WIDTH = 80
WIDEST = 120  # longer lines are hard to read on any screen


def working_folder() -> str:
    """The folder that paths are relative to.

    Raises:
        click.ClickException: it was deleted.
    """
    try:
        return os.getcwd()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"the working folder cannot be read: {reason}") from error


def write(text: str) -> None:
    """Write all of `text` to standard output, however slowly it is read.

    Raises:
        click.exceptions.Exit: the reader has gone, as that of `| head` does; nothing is to be
            said about it, but what was asked for was not delivered either.
        click.ClickException: it cannot be written for another reason, such as a full disk.
    """
    if sys.stdout is None:  # as `>&-` leaves it
        raise click.ClickException("the output cannot be written: standard output is closed")
    try:
        _write_all(sys.stdout.buffer, encoded(text))
    except OSError as error:
        # The interpreter's own last flush then goes nowhere, instead of failing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):
            raise click.exceptions.Exit(2) from None
        message = f"the output cannot be written: {error.strerror or error}"
        raise click.ClickException(message) from error


def encoded(text: str) -> bytes:
    """As UTF-8 whatever the locale says; a lone surrogate is escaped, it has no UTF-8."""
    return text.encode("utf-8", "backslashreplace")


def _write_all(stream: BinaryIO, data: bytes) -> None:
    """A pipe may be set not to block (Node does that); then it takes a part at a time."""
    view = memoryview(data)
    while view:
        try:
            written: int | None = stream.write(view)  # None from a stream without a buffer
        except BlockingIOError as full:
            written = full.characters_written
        view = view[written or 0 :]
        if not written:
            time.sleep(0.005)
    while True:
        try:
            stream.flush()
            return
        except BlockingIOError:
            time.sleep(0.005)


def write_file(path: str, text: str) -> None:
    """Write `text` to the file at once: a reader sees the old content or the new, never a part.

    Raises:
        click.ClickException: it cannot be written.
    """
    target = os.path.realpath(path)
    data = encoded(text)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as device:  # a device or a named pipe is not replaced
                device.write(data)
            return
        try:
            with open(temporary, "wb") as file:
                file.write(data)
            if os.path.exists(target):
                os.chmod(temporary, os.stat(target).st_mode & 0o777)
            os.replace(temporary, target)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"the output file `{path}` cannot be written: {reason}"
        ) from error


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    try:
        return sys.stdout is not None and sys.stdout.isatty()
    except ValueError:  # closed
        return False


def colored(*, no_color: bool) -> bool:
    """Whether to colour: never where it was declined, always where forced, else on a terminal."""
    environment = os.environ
    if no_color or environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return on_terminal() and environment.get("TERM") != "dumb"


def terminal_width() -> int:
    """The width of the terminal in cells, at most 120; 80 where there is none."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return min(int(columns), WIDEST)
    if on_terminal():
        try:
            return min(os.get_terminal_size(1).columns or DEFAULT_WIDTH, WIDEST)
        except OSError:
            pass
    return DEFAULT_WIDTH
