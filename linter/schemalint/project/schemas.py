"""Which files make up one schema.

Prisma's own rules where it has some; where a file of a schema of several files is named alone,
as pre-commit does, the others are found: see `docs/adr/0004-which-files-are-one-schema.md`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence

import msgspec

from schemalint.finding import Finding
from schemalint.own_rules import INVALID_SCHEMA
from schemalint.project.folders import below, entries, siblings
from schemalint.project.prisma_config import ConfigFault, configured_schema
from schemalint.project.reading import Reader, Unreadable, fault
from schemalint.project.upwards import RULEBOOKS, upwards
from schemalint.source import SourceFile

_DATASOURCE = re.compile(rb"^[ \t]*datasource[ \t]+[^\s{]+[ \t]*\{", re.MULTILINE)


class SchemaFiles(msgspec.Struct, frozen=True):
    """The files of one schema, sorted by path.

    `folder` is the absolute path of the folder that holds them all: rulebook and settings are
    searched from there upwards. `suffix` says which loader reads them.
    """

    files: tuple[SourceFile, ...]
    folder: str
    suffix: str


class Found(msgspec.Struct, frozen=True):
    """The schemas of a run, and what could not be read.

    `unread` are the absolute paths of the folders of schemas of which no file can be read.
    """

    schemas: tuple[SchemaFiles, ...]
    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()


def find_schemas(paths: Sequence[str], suffixes: Collection[str], reader: Reader) -> Found:
    """The schemas that `paths` mean: each once, even if several of its files are named.

    Args:
        paths: files and folders; none for the place where Prisma itself would look.
        suffixes: of the files that some loader reads, without dots.
    """
    told = len(reader.findings)
    search = _Search(suffixes, reader)
    if paths:
        for path in dict.fromkeys(paths):
            search.path(path)
    else:
        search.default(reader.folder)
    schemas: list[SchemaFiles] = []
    for group in search.groups:
        files = search.texts(group)
        folder = os.path.commonpath([os.path.dirname(path) for path in group])
        if files:
            suffix = _suffix(group[0], suffixes) or ""
            schemas.append(SchemaFiles(tuple(files), folder, suffix))
        else:
            search.unread.append(folder)
    reader.forget()  # what was only looked into would stay in memory to the end
    findings = (*search.findings, *reader.findings[told:])
    return Found(tuple(schemas), findings, tuple(dict.fromkeys(search.unread)))


def _suffix(path: str, suffixes: Iterable[str]) -> str | None:
    """The longest suffix of the file that a loader reads: of `a.b.sql`, `b.sql` before `sql`."""
    name = os.path.basename(path)
    fitting = [suffix for suffix in suffixes if name.endswith(f".{suffix}")]
    return max(fitting, key=len, default=None)


class _Search:
    """Collects groups of absolute paths, each the files of one schema."""

    def __init__(self, suffixes: Collection[str], reader: Reader) -> None:
        self.suffixes = suffixes
        self.reader = reader
        self.groups: list[tuple[str, ...]] = []
        self.findings: list[Finding] = []
        self.unread: list[str] = []
        self._seen: set[str] = set()

    def add(self, group: Iterable[str]) -> None:
        """Add a schema, unless its files were all met before."""
        files = sorted(group)
        keys = {self.reader.key(path) for path in files}
        if not keys <= self._seen:
            self._seen |= keys
            self.groups.append(tuple({self.reader.key(path): path for path in files}.values()))

    def texts(self, group: Sequence[str]) -> list[SourceFile]:
        """The files of a schema, without those that cannot be read."""
        files: list[SourceFile] = []
        for path in group:
            try:
                files.append(self.reader.read(path, INVALID_SCHEMA))
            except Unreadable as unreadable:
                self.tell(unreadable)
        return files

    def tell(self, unreadable: Unreadable) -> None:
        """Keep what is wrong with a file, which may be met by several ways, once."""
        finding = unreadable.finding
        if all((one.path, one.message) != (finding.path, finding.message) for one in self.findings):
            self.findings.append(finding)

    def fault(self, path: str, message: str, *, help: str | None = None) -> None:
        shown = self.reader.shown(path)
        self.findings.append(fault(INVALID_SCHEMA, shown, message, help=help))

    # -- what the user named

    def path(self, path: str) -> None:
        absolute = os.path.join(self.reader.folder, path)
        if os.path.isdir(absolute):
            self.folder(os.path.normpath(absolute))
        else:
            self.file(os.path.normpath(absolute))

    def folder(self, folder: str) -> None:
        """Every schema below a folder."""
        shown = self.reader.shown(folder)
        unreadable: list[str] = []
        files = below(folder, unreadable=unreadable)
        for path in unreadable:
            self.fault(path, f"the folder `{self.reader.shown(path)}` cannot be opened")
        by_suffix: dict[str, list[str]] = {}
        for path in files:
            suffix = _suffix(path, self.suffixes)
            if suffix is not None:
                by_suffix.setdefault(suffix, []).append(path)
        if not by_suffix:
            self.unread.append(folder)
        if not by_suffix and not unreadable:
            kinds = " or ".join(f"`*.{suffix}`" for suffix in sorted(self.suffixes))
            self.fault(
                folder,
                f"the folder `{shown}` holds no schema: no {kinds} file",
                help="folders called `node_modules` and hidden ones are not looked into",
            )
        for suffix, some in sorted(by_suffix.items()):
            groups = self.split(some, folder) if suffix == "prisma" else [some]
            for group in groups:
                self.add(group)

    def file(self, path: str) -> None:
        """The schema that a file belongs to."""
        shown = self.reader.shown(path)
        try:
            self.reader.content(path, INVALID_SCHEMA)
        except Unreadable as unreadable:
            self.tell(unreadable)
            self.unread.append(os.path.dirname(path))
            return
        if os.path.basename(path) in RULEBOOKS:
            self.beside(path)
            return
        suffix = _suffix(path, self.suffixes)
        if suffix is None:
            kinds = ", ".join(f"`*.{suffix}`" for suffix in sorted(self.suffixes))
            hint = f"schemas are {kinds} files"
            if path.endswith((".yaml", ".yml")):
                hint += "; a business-rules document is given with `--rules`"
            self.fault(path, f"nothing here reads a file like `{shown}`", help=hint)
        elif self.reader.key(path) not in self._seen:
            self.add(self.around(path) if suffix == "prisma" else [path])

    def beside(self, rulebook: str) -> None:
        """The schemas that a rulebook speaks of: pre-commit names it when it was changed."""
        folder = os.path.dirname(rulebook)
        if not self.default(folder, told=False):
            self.folder(folder)

    # -- Prisma: files that belong together

    def around(self, path: str) -> Sequence[str]:
        """All the files of the Prisma schema that the file `path` belongs to."""
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
                return self.with_given(path, _prisma_files(below(target)))
        anchor = self.anchor(path)
        if anchor is None:
            return [path]
        files = self.with_given(path, _prisma_files(siblings(anchor)))
        groups = self.split(files, anchor)
        return next((group for group in groups if path in group), [path])

    def with_given(self, path: str, files: list[str]) -> list[str]:
        """`files` and `path`, which may come from standard input and not exist."""
        return files if path in files else [*files, path]

    def anchor(self, path: str) -> str | None:
        """The folder of the datasource that a file is read with; None if it stands alone."""
        if self.has_datasource(path):
            return os.path.dirname(path)
        for folder in upwards(os.path.dirname(path)):
            direct = [one for one in entries(folder)[0] if one.endswith(".prisma")]
            if any(self.has_datasource(one) for one in direct):
                return folder
            if os.path.basename(folder) in ("prisma", "schema"):
                below = _prisma_files(siblings(folder))
                if any(self.has_datasource(one) for one in below):
                    return folder
        return None

    def has_datasource(self, path: str) -> bool:
        try:
            return _DATASOURCE.search(self.reader.content(path, INVALID_SCHEMA)) is not None
        except Unreadable:
            return False

    def split(self, files: Sequence[str], top: str) -> list[list[str]]:
        """Files below `top` as schemas: those with a datasource, each with what goes with it.

        With one datasource, or none, everything is one schema, as Prisma has it. With several,
        a file without one goes with the only datasource of its own folder, else of the nearest
        folder above that has one in or below it; where that has several, it stands alone.
        """
        anchors = [path for path in files if self.has_datasource(path)]
        if len(anchors) < 2:
            return [list(files)]
        groups = {anchor: [anchor] for anchor in anchors}
        for path in files:
            if path not in anchors:
                groups.setdefault(_owner(path, anchors, top) or path, []).append(path)
        return list(groups.values())

    # -- nothing named

    def default(self, folder: str, *, told: bool = True) -> bool:
        """The schema where Prisma looks: its configuration, package.json, then three places.

        Whether there was one; if not, and `told`, that is a fault.
        """
        try:
            target = configured_schema(folder)
        except ConfigFault as error:
            help_text = "name the schema: `schemalint check PATH`"
            self.fault(error.path, error.message, help=help_text)
            self.unread.append(folder)
            return True
        places = [
            os.path.join(folder, *parts)
            for parts in (("schema.prisma",), ("prisma", "schema.prisma"), ("prisma", "schema"))
        ]
        for place in places if target is None else [target]:
            files = _prisma_files(below(place)) if os.path.isdir(place) else [place]
            if files and os.path.exists(files[0]):
                self.add(files)
                return True
        if target is not None or told:
            self.unread.append(folder)
        if target is not None:
            self.fault(
                target,
                f"no schema at `{self.reader.shown(target)}`, where the project's Prisma "
                "configuration says it is",
            )
        elif told:
            self.fault(
                folder,
                "no schema found: there is no `schema.prisma`, `prisma/schema.prisma` or "
                "`prisma/schema/` here, and neither `prisma.config.ts` nor `package.json` names "
                "one",
                help="name the schema, `schemalint check PATH`, or run this in its project's "
                "folder",
            )
        return target is not None


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


def _prisma_files(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.endswith(".prisma")]
