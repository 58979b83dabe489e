"""The process that keeps an embedded PostgreSQL server for one run.

It is in a session of its own, which no signal to the run reaches. It starts the server as its
child, says on its output how to reach it, and waits for the end of its input, which is the end of
the run. Then it stops the server.

To make a server's files takes half a second and more, so they are kept in the user's cache folder
(or where the variable SCHEMALINT_CACHE says) for the next run, one set for each run that goes on
at the same time. A run that ends without having said that the server is clean loses its set.

Only the standard library, and of that what starts quickly.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from schemalint.prove.databases.embedded_account import Account, KeeperError

if sys.platform != "win32":
    import fcntl

_AT_THE_SAME_TIME = 64
_START = 30.0  # seconds
_STOP = 10.0  # seconds
_PAUSE = 0.003
_LONGEST_SOCKET = 80  # bytes of its folder; a socket's path has at most 103 on macOS
_LAYOUT = 1  # of the cache; raise it with the options of initdb
_INITDB = (
    "--username=postgres",
    "--auth=trust",  # who may open the folder of the socket
    "--encoding=UTF8",
    # Letters are letters in every language, as on the servers of most people.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
)
_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=16MB",
    "max_connections=20",
    "autovacuum=off",
    "jit=off",
    "timezone=UTC",
)


class _Files:
    """One set of files of a server, which nobody else uses while this object has its lock.

    Attributes:
        cache: the folder for all that is kept, or one of this object's own if there is none.
    """

    def __init__(self, release: str, account: Account) -> None:
        self._account = account
        self._lock = -1
        self.is_kept = True
        try:
            self.cache = _cache()
            folder = self.cache / f"{release}-{_LAYOUT}"
            folder.mkdir(parents=True, exist_ok=True)
            self.folder = self._free(folder)
        except OSError:
            self.is_kept = False
            self.cache = _temporary()
            self.cache.chmod(0o711)
            self.folder = self.cache / "0"
            self.folder.mkdir()
            account.own(self.folder)
        self.data = self.folder / "data"
        self._clean = self.folder / "clean"

    def _free(self, folder: Path) -> Path:
        for number in range(_AT_THE_SAME_TIME):
            own = folder / str(number)
            lock = os.open(f"{own}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            self._lock = lock
            own.mkdir(exist_ok=True)
            self._account.own(own)
            return own
        raise OSError("as many servers as may be at the same time")

    def prepare(self, programs: Path) -> None:
        """Make the files, unless a run before left them clean. They are dirty from now on."""
        if self._clean.exists():
            self._clean.unlink()
            return
        shutil.rmtree(self.data, ignore_errors=True)
        made = subprocess.run(
            [programs / "initdb", "-D", self.data, *_INITDB],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **self._account.options,  # type: ignore[call-overload]  # user, group, extra_groups
        )
        if made.returncode:
            raise KeeperError(f"initdb: {made.stderr.strip()}")

    def inherited(self) -> tuple[int, ...]:
        """What the server itself has to hold, so that the set is taken as long as it lives."""
        return (self._lock,) if self._lock >= 0 else ()

    def leave(self, *, is_clean: bool) -> None:
        """Keep the files for the next run, or remove them."""
        if self.is_kept and is_clean:
            self._clean.touch()
            return
        shutil.rmtree(self.data, ignore_errors=True)
        if not self.is_kept:
            shutil.rmtree(self.cache, ignore_errors=True)


def _temporary() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="schemalint-"))


def _cache() -> Path:
    stated = os.environ.get("SCHEMALINT_CACHE")
    if stated:
        return Path(stated)
    if os.geteuid() == 0:
        # Where another account can follow, and none but root can put anything.
        return Path("/var/cache/schemalint")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "schemalint"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "schemalint"


class _Server:
    """A running server."""

    def __init__(self, programs: Path, files: _Files, account: Account) -> None:
        self._sockets: Path | None = None
        sockets = files.data
        if len(os.fsencode(sockets)) > _LONGEST_SOCKET:
            sockets = self._sockets = _temporary()
            account.own(sockets)
        log = files.folder / "log"
        options = [part for option in _OPTIONS for part in ("-c", option)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [programs / "postgres", "-D", files.data, "-k", sockets, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                pass_fds=files.inherited(),
                preexec_fn=_dying_with_parent(),  # noqa: PLW1509 -- this process has one thread
                **account.options,  # type: ignore[call-overload]  # user, group, extra_groups
            )
        self.conninfo = f"host={_quoted(sockets)} port=5432 user=postgres dbname=postgres"
        until = time.monotonic() + _START
        while not _is_ready(files.data / "postmaster.pid"):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise KeeperError(log.read_text("utf-8", "replace").strip()[-500:])
            time.sleep(_PAUSE)

    def stop(self) -> None:
        """Stop it, in the end by force."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(number)
            try:
                self._process.wait(_STOP)
                break
            except subprocess.TimeoutExpired:
                continue
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def _is_ready(pid_file: Path) -> bool:
    try:
        lines = pid_file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


_PR_SET_PDEATHSIG = 1


def _dying_with_parent() -> Callable[[], None] | None:
    """What lets Linux stop a child even if this process is killed, to be called in the child."""
    if sys.platform != "linux":
        return None
    import ctypes  # here, since another account may not be able to read it

    control = ctypes.CDLL(None).prctl

    def die_with_parent() -> None:
        control(_PR_SET_PDEATHSIG, signal.SIGINT)

    return die_with_parent


def main() -> None:
    """Keep a server until the end of the input."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        account = Account()
        installed = Path(sys.argv[1])
        files = _Files(installed.parent.name, account)
        try:
            programs = account.programs(installed, files.cache)
            files.prepare(programs)
            if _is_over():
                raise KeeperError("the run is over")
            server = _Server(programs, files, account)
        except BaseException:
            files.leave(is_clean=False)
            raise
    except (KeeperError, OSError, subprocess.SubprocessError) as error:
        _say({"error": str(error)})
        return
    _say({"conninfo": server.conninfo})
    said = sys.stdin.buffer.read()
    server.stop()
    files.leave(is_clean=said == b"clean\n")


def _is_over() -> bool:
    """Whether the run has ended: it says nothing before it is told how to reach the server."""
    readable, _, _ = select.select([0], [], [], 0)
    return bool(readable)


def _say(answer: dict[str, str]) -> None:
    """Tell the run, and let go of its pipe. The run may be dead, and this process is not to be."""
    with suppress(OSError):
        os.write(1, json.dumps(answer).encode() + b"\n")
    os.dup2(2, 1)


if __name__ == "__main__":
    main()
