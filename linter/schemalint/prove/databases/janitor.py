"""What cleans up on a server when a run is killed, at whatever moment.

A child process in a session of its own, which no signal to the run reaches. It reads a pipe whose
other end only the run has. The run says what it is going to make before it makes it, and takes
that back once it has removed it. When the pipe ends, because the run did, the janitor removes what
is left, and ends too. Passwords go through the pipe, never into an argument or the environment.

A run that is killed may have a `CREATE DATABASE` under way, which the server goes on with: so the
janitor first ends the sessions of the run, and removes what they made when they are gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import BinaryIO

import msgspec

from schemalint.prove.databases.companions import started
from schemalint.prove.databases.leftovers import Leftover, MysqlLeftover, PostgresqlLeftover

_PATIENCE = 60.0  # seconds in which a server has to come back
_PARTING = 10.0  # seconds for which a run waits for it
_PAUSE = 0.1


class _Forget(msgspec.Struct, frozen=True, tag="forget"):
    """Everything that was expected so far is removed."""


_Message = PostgresqlLeftover | MysqlLeftover | _Forget


class JanitorError(Exception):
    """No janitor could be started, so nothing may be made."""


class Janitor:
    """The run's side. It is at work when the constructor returns.

    Raises:
        JanitorError: it cannot be started.
    """

    def __init__(self) -> None:
        try:
            self._process, self._pipe, first = started("schemalint.prove.databases.janitor")
        except OSError as error:
            raise JanitorError(f"{sys.executable}: {error}") from error
        if first != _READY:
            self.close()
            raise JanitorError(
                f"`{sys.executable} -m schemalint.prove.databases.janitor` does not start"
            )

    def expect(self, leftover: Leftover) -> None:
        """Say what is going to be made.

        Raises:
            JanitorError: the janitor is gone.
        """
        self._say(leftover)

    def forget(self) -> None:
        """Say that all that was expected so far is removed."""
        self._say(_Forget())

    def close(self) -> None:
        """End the janitor, which removes before that what it still expects. If that takes long, as
        while the server is away, it goes on after the run."""
        with suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(_PARTING)
        except subprocess.TimeoutExpired:
            self._process.returncode = 0  # nobody waits for it any more

    def _say(self, message: _Message) -> None:
        try:
            self._pipe.write(msgspec.json.encode(message) + b"\n")
            self._pipe.flush()
        except OSError as error:
            raise JanitorError(f"the process that would clean up is gone: {error}") from error


_READY = b"ready\n"


def main() -> None:
    """The child's side."""
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.SIG_IGN)
    sys.stdout.buffer.write(_READY)
    sys.stdout.buffer.flush()
    # The run may read its own output to the end: this process must not keep any of it open.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for leftover in _read(sys.stdin.buffer):
        _remove(leftover)


def _read(pipe: BinaryIO) -> list[Leftover]:
    """What is left when the run has ended."""
    left: list[Leftover] = []
    for line in pipe:
        try:
            message = msgspec.json.decode(line, type=_Message)
        except msgspec.DecodeError:
            continue  # the run was killed as it wrote, so before it made anything
        if isinstance(message, _Forget):
            left.clear()
        else:
            left.append(message)
    return left


def _remove(leftover: Leftover) -> None:
    """Remove it, and try again while the server is away."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            if isinstance(leftover, PostgresqlLeftover):
                from schemalint.prove.databases.postgresql_leftovers import remove_from_postgresql

                remove_from_postgresql(leftover)
            else:
                from schemalint.prove.databases.mysql_leftovers import remove_from_mysql

                remove_from_mysql(leftover)
        except Exception:  # whatever it is, there is nobody to tell
            if time.monotonic() > until:
                return
            time.sleep(_PAUSE)
        else:
            return


if __name__ == "__main__":
    main()
