"""As whom an embedded PostgreSQL server runs, and from where: PostgreSQL refuses to be root.

As root, which is what containers are, the server runs as `nobody`, who often cannot follow to
where the package is installed (`/root`, a temporary folder). Its programs are then copied to where
`nobody` can; no permission of any folder is changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.platform != "win32":
    import pwd

_NEEDED = ("bin/postgres", "bin/initdb", "lib", "share")


class KeeperError(Exception):
    """Why there is no server, for people."""


class Account:
    """The account of the server: the run's own, or `nobody` for root.

    Raises:
        KeeperError: there is no `nobody`.

    Attributes:
        options: what makes a child of `subprocess` run as it.
    """

    def __init__(self) -> None:
        self.options: dict[str, int | list[int]] = {}
        self._numbers: tuple[int, int] | None = None
        if os.geteuid() == 0:
            try:
                entry = pwd.getpwnam("nobody")
            except KeyError as error:
                raise KeeperError(
                    "PostgreSQL refuses to run as root, and there is no account `nobody`"
                ) from error
            self._numbers = (entry.pw_uid, entry.pw_gid)
            self.options = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Give a folder to the account."""
        if self._numbers is not None:
            os.chown(folder, *self._numbers)

    def programs(self, installed: Path, cache: Path) -> Path:
        """The folder with the programs, where the account can follow.

        Raises:
            KeeperError: they do not run.
            OSError: they cannot be copied.
        """
        if self._numbers is None or self._runs(installed):
            return installed
        made = (installed / "postgres").stat()
        release = installed.parent
        own = cache / f"programs-{release.name}-{made.st_size}-{made.st_mtime_ns}"
        if not own.exists():
            _copy(release, own)
        programs = own / release.parent.name / release.name / "bin"
        if not self._runs(programs):
            raise KeeperError(
                f"PostgreSQL refuses to run as root, and `nobody` cannot run its copy in {cache}"
            )
        return programs

    def _runs(self, programs: Path) -> bool:
        try:
            subprocess.run(
                [programs / "initdb", "--version"],
                check=True,
                capture_output=True,
                cwd="/",
                **self.options,  # type: ignore[call-overload]  # user, group, extra_groups
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return True


def _copy(release: Path, to: Path) -> None:
    """Copy what a server needs, all of it or nothing."""
    import tempfile

    package = release.parent
    with tempfile.TemporaryDirectory(dir=to.parent, prefix="copying-") as folder:
        whole = Path(folder) / "whole"
        inside = whole / package.name / release.name
        (inside / "bin").mkdir(parents=True)
        for name in _NEEDED:
            if (release / name).is_dir():
                shutil.copytree(release / name, inside / name, symlinks=True)
            else:
                shutil.copy2(release / name, inside / name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, whole / libraries.name)
        for found in (whole, *whole.rglob("*")):
            if not found.is_symlink():
                found.chmod(0o755 if found.is_dir() or os.access(found, os.X_OK) else 0o644)
        try:
            whole.rename(to)
        except OSError:
            if not to.exists():  # another run was quicker
                raise
