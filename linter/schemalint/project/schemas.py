"""Which files make up one schema.

Prisma's own rules where it has some; where a file of a schema of several files is named alone,
as pre-commit does, the others are found: see `docs/adr/0004-which-files-are-one-schema.md` and,
for SQL, `docs/adr/0007-migrations-under-the-schema.md`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from schemalint.finding import Finding
from schemalint.loaders.loaded import Sources
from schemalint.own_rules import INVALID_SCHEMA
from schemalint.project.folders import below, entries
from schemalint.project.migrations import MigrationReader, Migrations, Place
from schemalint.project.prisma_config import ConfigFault, configured_schema
from schemalint.project.prisma_files import USUAL, PrismaFiles, prisma_files
from schemalint.project.providers import Provider
from schemalint.project.reading import Reader, Unreadable, fault
from schemalint.project.upwards import RULEBOOKS, upwards
from schemalint.source import SourceFile

_PRISMA, _SQL, _PYTHON = "prisma", "sql", "py"


class SchemaFiles(msgspec.Struct, frozen=True):
    """The files of one schema, sorted by path; those of SQL in the order in which they are run.

    `folder` is the absolute path of the folder that holds them all: rulebook and settings are
    searched from there upwards. `suffix` says which loader reads them. `migrations` are those of
    a Prisma schema; `provider` is the database that SQL by itself was written for, where the file
    of a tool beside it says so. `sources` are the modules that those of Python can import.
    """

    files: tuple[SourceFile, ...]
    folder: str
    suffix: str
    migrations: Migrations | None = None
    provider: Provider | None = None
    sources: Sources | None = None


class Found(msgspec.Struct, frozen=True):
    """The schemas of a run, and what could not be read.

    `unread` are the absolute paths of the folders of schemas of which no file can be read.
    """

    schemas: tuple[SchemaFiles, ...]
    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()


class Settled(msgspec.Struct, frozen=True):
    """What the settings say of the places of schemas.

    `schemas` are the paths of those that the project names. `migrations` gives for the absolute
    path of a schema's folder the place of its migrations, False for "none", or True for "where
    Prisma has them". `environments` are the folders of installed Python packages whose sources
    may be read.
    """

    schemas: tuple[str, ...] = ()
    migrations: Callable[[str], str | bool] | None = None
    environments: tuple[str, ...] = ()


def find_schemas(
    paths: Sequence[str],
    suffixes: Collection[str],
    reader: Reader,
    settled: Settled | None = None,
) -> Found:
    """The schemas that `paths` mean: each once, even if several of its files are named.

    Args:
        paths: files and folders; none for the place where Prisma itself would look.
        suffixes: of the files that some loader reads, without dots.
    """
    told = len(reader.findings)
    search = _Search(suffixes, reader, settled or Settled())
    if paths:
        for path in dict.fromkeys(paths):
            search.path(path)
    else:
        search.default(reader.folder)
    search.add_python()
    schemas: list[SchemaFiles] = []
    for group in search.groups:
        schema = search.read(group)
        if schema is not None:
            schemas.append(schema)
        else:
            search.unread.append(group.folder)
    reader.forget()  # what was only looked into would stay in memory to the end
    findings = (*search.findings, *reader.findings[told:])
    return Found(tuple(schemas), findings, tuple(dict.fromkeys(search.unread)))


class _Group(msgspec.Struct, frozen=True):
    """The absolute paths of one schema's files, in order, and where its migrations stand."""

    paths: tuple[str, ...]
    suffix: str
    migrations: Place | None = None

    @property
    def folder(self) -> str:
        return os.path.commonpath([os.path.dirname(path) for path in self.paths])


def _suffix(path: str, suffixes: Iterable[str]) -> str | None:
    """The longest suffix of the file that a loader reads: of `a.b.sql`, `b.sql` before `sql`."""
    name = os.path.basename(path)
    fitting = [suffix for suffix in suffixes if name.endswith(f".{suffix}")]
    return max(fitting, key=len, default=None)


class _Search:
    """Collects groups of absolute paths, each the files of one schema."""

    def __init__(self, suffixes: Collection[str], reader: Reader, settled: Settled) -> None:
        self.suffixes = suffixes
        self.reader = reader
        self.settled = settled
        self.prisma = PrismaFiles(reader, settled.migrations)
        self.groups: list[_Group] = []
        self.findings: list[Finding] = []
        self.unread: list[str] = []
        self.given: list[str] = []  # SQL files that may not be on the disk
        self.python: list[str] = []
        self._seen: set[str] = set()

    def add(self, paths: Iterable[str], suffix: str) -> None:
        """Add a schema, unless its files were all met before."""
        files = {self.reader.key(path): path for path in paths}
        if files.keys() <= self._seen:
            return
        self._seen |= files.keys()
        ordered = list(files.values()) if suffix == _SQL else sorted(files.values())
        place = self.place(ordered) if suffix == _PRISMA else None
        self.groups.append(_Group(tuple(ordered), suffix, place))

    def place(self, files: Sequence[str]) -> Place | None:
        """Where the migrations of a Prisma schema stand."""
        try:
            return self.prisma.migrations(files)
        except ConfigFault as error:
            help_text = "name their folder in the settings: `migrations: PATH`"
            self.fault(error.path, error.message, help=help_text)
            return None

    def read(self, group: _Group) -> SchemaFiles | None:
        """The texts of a schema, without those that cannot be read; None if none can."""
        migrations = MigrationReader(self.reader)
        provider = None
        if group.suffix == _SQL:
            read = migrations.of_files(group.paths)
            files, provider = list(read.files), read.provider
            below = None
        elif group.suffix == _PYTHON:
            return self.modules(group)
        else:
            files = self.texts(group.paths)
            below = migrations.of_place(group.migrations, self.given) if group.migrations else None
        for finding in migrations.findings:
            self.keep(finding)
        if not files:
            return None
        return SchemaFiles(tuple(files), group.folder, group.suffix, below, provider)

    def modules(self, group: _Group) -> SchemaFiles | None:
        """The texts of Python modules, and the project that they are part of."""
        from schemalint.project.python_sources import PythonSources

        texts = {path: file for path in group.paths for file in self.texts([path])}
        if not texts:
            return None
        environments = [self.absolute(path) for path in self.settled.environments]
        sources = PythonSources(self.reader, texts, environments)
        files = tuple(texts.values())
        return SchemaFiles(files, group.folder, group.suffix, sources=sources)

    def add_python(self) -> None:
        """Add the Python modules that were named or met: those of one project are one schema."""
        if self.python:
            from schemalint.project.python_files import grouped

            for group in grouped(dict.fromkeys(self.python)):
                self.add(group, _PYTHON)

    def texts(self, paths: Sequence[str]) -> list[SourceFile]:
        """The texts of files, without those that cannot be read."""
        files: list[SourceFile] = []
        for path in paths:
            try:
                files.append(self.reader.read(path, INVALID_SCHEMA))
            except Unreadable as unreadable:
                self.keep(unreadable.finding)
        return files

    def content(self, path: str) -> bytes | None:
        return MigrationReader(self.reader).content(path)

    def told_content(self, path: str) -> bytes | None:
        """The bytes of a file that may be a schema's, which nobody could tell if it is unreadable:
        that is then told."""
        try:
            return self.reader.content(path, INVALID_SCHEMA)
        except Unreadable as unreadable:
            self.keep(unreadable.finding)
            return None

    def keep(self, finding: Finding) -> None:
        """Keep what is wrong with a file, which may be met by several ways, once."""
        if all((one.path, one.message) != (finding.path, finding.message) for one in self.findings):
            self.findings.append(finding)

    def fault(self, path: str, message: str, *, help: str | None = None) -> None:
        self.keep(fault(INVALID_SCHEMA, self.reader.shown(path), message, help=help))

    # -- what the user named

    def absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.reader.folder, path))

    def path(self, path: str) -> None:
        absolute = self.absolute(path)
        if os.path.isdir(absolute):
            self.folder(absolute)
        else:
            self.file(absolute)

    def folder(self, folder: str) -> None:
        """Every schema below a folder. The migrations of a Prisma schema that stands there are no
        schema of their own."""
        unreadable: list[str] = []
        files = below(folder, unreadable=unreadable)
        for path in unreadable:
            self.fault(path, f"the folder `{self.reader.shown(path)}` cannot be opened")
        by_suffix: dict[str, list[str]] = {}
        for path in files:
            suffix = _suffix(path, self.suffixes)
            if suffix is not None:
                by_suffix.setdefault(suffix, []).append(path)
        places: list[Place] = []
        for group in self.prisma.split(by_suffix.pop(_PRISMA, []), folder):
            self.add(group, _PRISMA)
            places += self.prisma.places(group)
        sql = by_suffix.pop(_SQL, [])
        loose = [path for path in sql if not any(place.holds(path) for place in places)]
        if loose:
            from schemalint.project.sql_files import schemas_among

            for group in schemas_among(loose, self.content):
                self.add(group, _SQL)
        if python := by_suffix.pop(_PYTHON, []):
            from schemalint.project.python_files import declaring

            self.python += declaring(python, folder, self.told_content)
        for suffix, group in sorted(by_suffix.items()):
            self.add(group, suffix)
        keys = {self.reader.key(path) for path in files}
        if not keys & self._seen and not keys & {self.reader.key(path) for path in self.python}:
            self.unread.append(folder)
            if not unreadable:
                self.none_in(folder)

    def none_in(self, folder: str) -> None:
        sought = {_SQL: "`*.sql` file that creates a table", _PYTHON: "`*.py` file with a model"}
        kinds = [sought.get(suffix, f"`*.{suffix}`") for suffix in sorted(self.suffixes)]
        self.fault(
            folder,
            f"the folder `{self.reader.shown(folder)}` holds no schema: no {' or '.join(kinds)}",
            help="folders called `node_modules` and hidden ones are not looked into",
        )

    def file(self, path: str) -> None:
        """The schema that a file belongs to."""
        try:
            self.reader.content(path, INVALID_SCHEMA)
        except Unreadable as unreadable:
            self.keep(unreadable.finding)
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
            self.fault(
                path, f"nothing here reads a file like `{self.reader.shown(path)}`", help=hint
            )
        elif self.reader.key(path) not in self._seen:
            if suffix == _SQL:
                self.sql(path)
            elif suffix == _PYTHON:
                self.python.append(path)
            else:
                self.add(self.prisma.around(path) if suffix == _PRISMA else [path], suffix)

    def sql(self, path: str) -> None:
        """The schema that a SQL file belongs to: pre-commit names whichever was changed."""
        self.given.append(path)
        owner = self.prisma.with_migration(path)
        if owner:
            self.add(owner, _PRISMA)
            return
        from schemalint.project.sql_files import makes_tables, schema_of

        folder = os.path.dirname(path)
        files = schema_of(path, _near(folder), self.content)
        if any(makes_tables(self.content(one)) for one in files):
            self.add(files, _SQL)
            return
        named = [self.absolute(one) for one in self.settled.schemas]
        if named and path not in named:
            for one in named:
                self.path(one)
        elif any(self.default(above, told=False) for above in upwards(folder)):
            return  # it is the project's, whose schema this is
        elif files:
            self.add(files, _SQL)
        else:
            self.unread.append(folder)
            self.fault(
                path,
                f"`{self.reader.shown(path)}` defines nothing: it is no schema, and nothing says "
                "whose it is",
                help="name the schema in the settings, `schema: PATH`; or leave this file out, "
                "with `exclude:` in the configuration of pre-commit",
            )

    def beside(self, rulebook: str) -> None:
        """The schemas that a rulebook speaks of: pre-commit names it when it was changed."""
        folder = os.path.dirname(rulebook)
        if not self.default(folder, told=False):
            self.folder(folder)

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
        for place in [os.path.join(folder, one) for one in USUAL] if target is None else [target]:
            files = prisma_files(below(place)) if os.path.isdir(place) else [place]
            if files and os.path.exists(files[0]):
                self.add(files, _PRISMA)
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


def _near(folder: str) -> list[str]:
    """The files in a folder, and the migrations in the folders beside it."""
    from schemalint.project.sql_files import OWN_FOLDER, is_version_folder, scripts_beside

    beside = [one for one in entries(os.path.dirname(folder))[1] if one != folder]
    own = [os.path.join(one, name) for one in beside for name in OWN_FOLDER]
    near = [path for path in own if os.path.lexists(path)]
    if is_version_folder(folder):
        near += [path for one in beside if is_version_folder(one) for path in entries(one)[0]]
    scripts = scripts_beside(folder)
    if scripts != folder:
        near += entries(scripts)[0]
    return [*entries(folder)[0], *near]
