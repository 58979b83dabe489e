"""The migrations of a schema: where a Prisma schema's stand, and the files of any of them.

`prisma_config` and `sql_files` know the conventions; see docs/adr/0007.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import msgspec

from schemalint.finding import Finding
from schemalint.own_rules import INVALID_SCHEMA, INVALID_SETTINGS
from schemalint.project.folders import below, entries
from schemalint.project.prisma_config import ConfigFault, configured_migrations, configured_schema
from schemalint.project.providers import Provider, provider_of
from schemalint.project.reading import Reader, Unreadable, fault
from schemalint.project.upwards import upwards
from schemalint.source import SourceFile

_FOLDER, _FILE = "migrations", "migration.sql"


class Migrations(msgspec.Struct, frozen=True):
    """The migrations that a schema is built by.

    `files` are in the order in which they are applied; `whole` tells that all could be read.
    """

    files: tuple[SourceFile, ...]
    provider: Provider | None = None
    whole: bool = True


class Place(msgspec.Struct, frozen=True):
    """Where migrations stand: the absolute path of a folder, or of one file.

    `named` tells that the project's own settings say so, so that it has to exist; `guessed` that
    nothing says so.
    """

    path: str
    named: bool = False
    guessed: bool = False

    def holds(self, path: str) -> bool:
        """Whether the file `path` stands there."""
        return path == self.path or path.startswith(os.path.join(self.path, ""))


def place_of(files: Sequence[str], settled: str | bool) -> Place | None:
    """Where the migrations of the Prisma schema in `files` stand; None if it has none.

    Args:
        files: absolute paths; first the one that holds the datasource.
        settled: what the settings say: a path, False for "none", True for "where Prisma has them".

    Raises:
        ConfigFault: the Prisma configuration gives a place that is not plainly written.
    """
    if isinstance(settled, str):
        return Place(settled, named=True)
    if not settled or not files:
        return None
    configured = _configured(files)
    if configured is not None:
        return Place(configured) if os.path.isdir(configured) else None
    folder = os.path.commonpath([os.path.dirname(path) for path in files])
    for beside in (os.path.dirname(files[0]), folder, os.path.dirname(folder)):
        if beside == os.path.dirname(folder) and os.path.basename(folder) != "schema":
            continue  # beside the folder that holds nothing but the schema
        path = os.path.join(beside, _FOLDER)
        if os.path.isdir(path):
            return Place(path, guessed=True)
    return None


def _configured(files: Sequence[str]) -> str | None:
    """What the Prisma configuration that governs a schema says of its migrations."""
    for folder in upwards(os.path.dirname(files[0])):
        try:
            schema = configured_schema(folder)
        except ConfigFault:
            schema = None  # whoever looks for the schema by it says so
        if schema is not None and not any(
            path == schema or path.startswith(os.path.join(schema, "")) for path in files
        ):
            continue  # it is another schema's
        configured = configured_migrations(folder)
        if configured is not None or schema is not None:
            return configured
    return None


class MigrationReader:
    """Reads migrations; what is wrong with them stays in `findings`."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.findings: list[Finding] = []

    def content(self, path: str) -> bytes | None:
        """The file's bytes; None where it cannot be read, which whoever reads its text tells."""
        try:
            return self.reader.content(path, INVALID_SCHEMA)
        except Unreadable:
            return None

    def of_place(self, place: Place, given: Sequence[str] = ()) -> Migrations | None:
        """The migrations that stand somewhere; None if there are none.

        Args:
            given: paths of files that may not be on the disk (standard input).
        """
        from schemalint.project.sql_files import in_folder

        if os.path.isdir(place.path):
            unreadable: list[str] = []
            files = below(place.path, unreadable=unreadable)
            files += [path for path in given if place.holds(path) and path not in files]
            for folder in unreadable:
                self._tell(INVALID_SCHEMA, folder, "the folder `{}` cannot be opened")
            paths = in_folder(files, place.path, self.content)
            self._without_file(place.path, files, paths)
            if place.named and not paths:
                self._tell(INVALID_SETTINGS, place.path, "the folder `{}` holds no migrations")
        elif place.named and not os.path.lexists(place.path):
            message = "there is no `{}`, where the settings say that the migrations are"
            self._tell(INVALID_SETTINGS, place.path, message)
            return None
        else:
            paths = [place.path]
        return self.of_files(paths) if paths else None

    def of_files(self, paths: Sequence[str]) -> Migrations:
        """The files at `paths` as migrations in that order, without what undoes them."""
        from schemalint.project.down_sections import without_down

        files: list[SourceFile] = []
        whole = not self.findings
        for path in paths:
            try:
                files.append(without_down(self.reader.read(path, INVALID_SCHEMA)))
            except Unreadable as unreadable:
                self.findings.append(unreadable.finding)
                whole = False
        return Migrations(tuple(files), self._provider(paths), whole)

    def _without_file(self, folder: str, files: Sequence[str], paths: Sequence[str]) -> None:
        """Tell of migrations without their file, at which Prisma stops too (its error P3015)."""
        if not any(os.path.basename(path) == _FILE for path in paths):
            return
        present = {os.path.dirname(path) for path in paths}
        for one in sorted(entries(folder)[1]):
            missing = os.path.join(one, _FILE)
            holds_sql = any(
                path.endswith(".sql") and path.startswith(os.path.join(one, "")) for path in files
            )
            if one not in present and (holds_sql or re.match(r"\d", os.path.basename(one))):
                message = "there is no `{}`: this migration has lost its file"
                self._tell(INVALID_SCHEMA, missing, message)

    def _provider(self, paths: Sequence[str]) -> Provider | None:
        try:
            return provider_of(paths, self.reader)
        except Unreadable as unreadable:
            self.findings.append(unreadable.finding)
            return None

    def _tell(self, rule: str, path: str, message: str) -> None:
        shown = self.reader.shown(path)
        self.findings.append(fault(rule, shown, message.format(shown)))
