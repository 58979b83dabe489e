"""Which Prisma files belong together, and which migrations with them.

See `docs/adr/0004-which-files-are-one-schema.md`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from schemalint.own_rules import INVALID_SCHEMA
from schemalint.project.folders import below, entries, siblings
from schemalint.project.migrations import Place, place_of
from schemalint.project.prisma_config import ConfigFault, configured_schema
from schemalint.project.reading import Reader, Unreadable
from schemalint.project.upwards import upwards

_DATASOURCE = re.compile(rb"^[ \t]*datasource[ \t]+[^\s{]+[ \t]*\{", re.MULTILINE)
_TABLES = rb"""(?m)^[ \t]*(?:model[ \t]+|@@map\([ \t]*(?:name:[ \t]*)?")(\w+)"""
USUAL = ("schema.prisma", os.path.join("prisma", "schema.prisma"), os.path.join("prisma", "schema"))
"""Where Prisma looks in a project's folder, unless it is told: two files and, once, a folder."""


class PrismaFiles:
    """Finds the files of Prisma schemas; `settled` gives what the settings of a folder say of the
    place of its migrations (see `place_of`), where there are settings."""

    def __init__(self, reader: Reader, settled: Callable[[str], str | bool] | None) -> None:
        self.reader = reader
        self.settled = settled

    def around(self, path: str) -> Sequence[str]:
        """All the files of the schema that the file `path` belongs to."""
        for folder in upwards(os.path.dirname(path)):
            try:
                target = configured_schema(folder)
            except ConfigFault:
                continue  # it can still be found without
            if target is None:
                continue
            if self.reader.key(target) == self.reader.key(path):
                return [path]
            if os.path.isdir(target) and path.startswith(os.path.join(target, "")):
                return _with_given(path, prisma_files(below(target)))
        anchor = self._anchor(path)
        if anchor is None:
            return [path]
        files = _with_given(path, prisma_files(siblings(anchor)))
        groups = self.split(files, anchor)
        return next((group for group in groups if path in group), [path])

    def _anchor(self, path: str) -> str | None:
        """The folder of the datasource that a file is read with; None if it stands alone."""
        if self.has_datasource(path):
            return os.path.dirname(path)
        for folder in upwards(os.path.dirname(path)):
            if any(self.has_datasource(one) for one in prisma_files(entries(folder)[0])):
                return folder
            if os.path.basename(folder) in ("prisma", "schema"):
                files = prisma_files(siblings(folder))
                if any(self.has_datasource(one) for one in files):
                    return folder
        return None

    def has_datasource(self, path: str) -> bool:
        """Whether the file opens a datasource block; not if it cannot be read."""
        return _DATASOURCE.search(self._content(path)) is not None

    def split(self, files: Sequence[str], top: str) -> list[list[str]]:
        """Files below `top` as schemas: those with a datasource, each with what goes with it.

        With one datasource, or none, everything is one schema, as Prisma has it. With several,
        a file without one goes with the only datasource of its own folder, else of the nearest
        folder above that has one in or below it; where that has several, it stands alone.
        """
        anchors = [path for path in files if self.has_datasource(path)]
        if len(anchors) < 2:
            return [list(files)] if files else []
        groups = {anchor: [anchor] for anchor in anchors}
        for path in files:
            if path not in anchors:
                groups.setdefault(_owner(path, anchors, top) or path, []).append(path)
        return list(groups.values())

    # -- migrations

    def migrations(self, files: Sequence[str]) -> Place | None:
        """Where the migrations of the schema in `files` stand; None if it has none.

        Raises:
            ConfigFault: the Prisma configuration gives a place that is not plainly written.
        """
        folder = os.path.commonpath([os.path.dirname(path) for path in files])
        return self._place(files, True if self.settled is None else self.settled(folder))

    def places(self, files: Sequence[str]) -> list[Place]:
        """Wherever something says that the schema's migrations stand, whether they are asked for
        or not: what stands there is no schema of its own."""
        found: list[Place] = []
        for place in (self.migrations, lambda files: self._place(files, True)):
            try:
                one = place(files)
            except ConfigFault:
                continue  # told once the schema itself is read
            found += [] if one is None else [one]
        return found

    def _place(self, files: Sequence[str], settled: str | bool) -> Place | None:
        """As for `migrations`. Of several schemas in one folder, the migrations beside them go
        with the one that has most of the tables that they make, or with `schema.prisma`."""
        first = next((path for path in files if self.has_datasource(path)), files[0])
        place = place_of([first, *(path for path in files if path != first)], settled)
        if place is None or not place.guessed:
            return place
        beside = prisma_files(entries(os.path.dirname(first))[0])
        schemas = [one for one in beside if one == first or self.has_datasource(one)]
        if len(schemas) > 1:
            made = self._tables_made(place)
            shared = {one: len(made & self._tables_declared(one)) for one in schemas}
            most = [one for one in schemas if shared[one] == max(shared.values())]
            usual = [one for one in schemas if os.path.basename(one) == "schema.prisma"]
            if first not in (most if len(most) == 1 else usual):
                return None
        return place

    def _tables_made(self, place: Place) -> set[bytes]:
        from schemalint.project.sql_files import tables_made

        contents = [self._content(path) for path in below(place.path) if path.endswith(".sql")]
        return set().union(*(tables_made(content) for content in contents))

    def _tables_declared(self, path: str) -> set[bytes]:
        return {name.lower() for name in re.findall(_TABLES, self._content(path))}

    def _content(self, path: str) -> bytes:
        try:
            return self.reader.content(path, INVALID_SCHEMA)
        except Unreadable:
            return b""

    def with_migration(self, path: str) -> Sequence[str]:
        """The files of the schema that has the SQL file `path` among its migrations, or ()."""
        for folder in upwards(os.path.dirname(path)):
            tried: list[str] = []
            for one in self._schemas_in(folder):
                if one in tried:
                    continue
                files = self.around(one)
                tried += files
                if any(place.holds(path) for place in self.places(files)):
                    return files
        return ()

    def _schemas_in(self, folder: str) -> Iterator[str]:
        """Files with a datasource that a project in `folder` may have as its schema."""
        try:
            configured = configured_schema(folder)
        except ConfigFault:
            configured = None
        usual = [os.path.join(folder, one) for one in (*USUAL, "schema")]
        for place in usual if configured is None else [configured, *usual]:
            for file in prisma_files(siblings(place)) if os.path.isdir(place) else [place]:
                if os.path.isfile(file) and self.has_datasource(file):
                    yield file
        for file in prisma_files(entries(folder)[0]):
            if self.has_datasource(file):
                yield file


def prisma_files(paths: Iterable[str]) -> list[str]:
    """Those of `paths` that are Prisma's."""
    return [path for path in paths if path.endswith(".prisma")]


def _with_given(path: str, files: list[str]) -> list[str]:
    """`files` and `path`, which may come from standard input and not exist."""
    return files if path in files else [*files, path]


def _owner(path: str, anchors: Sequence[str], top: str) -> str | None:
    folder = os.path.dirname(path)
    while True:
        for near in (
            [one for one in anchors if os.path.dirname(one) == folder],
            [one for one in anchors if one.startswith(os.path.join(folder, ""))],
        ):
            if near:
                return near[0] if len(near) == 1 else None
        parent = os.path.dirname(folder)
        if folder in (top, parent):
            return None
        folder = parent
