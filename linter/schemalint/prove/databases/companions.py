"""Child processes that outlive a killed run for as long as it takes to clean up behind it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO, NamedTuple


class Companion(NamedTuple):
    """A child process, the pipe that it reads until the run ends, and the first line it said: b""
    where it ended without a word."""

    process: subprocess.Popen[bytes]
    pipe: IO[bytes]
    first: bytes


def started(
    module: str, *arguments: str, meanwhile: Callable[[], None] = lambda: None
) -> Companion:
    """Start `python -m module` in a session of its own, which no signal to the run reaches, and
    wait for its first line.

    Args:
        meanwhile: what to do until it speaks; raises nothing.

    Raises:
        OSError: it cannot be started.
    """
    # -P: no module of the user's own folder takes the place of one that the child imports.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        start_new_session=True,
        creationflags=_detached(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    meanwhile()
    with process.stdout as answers:
        return Companion(process, process.stdin, answers.readline())


def _detached() -> int:
    """How Windows is told that the process outlives the run's console."""
    if sys.platform == "win32":
        return subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0
