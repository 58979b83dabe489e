"""The other modules of a Python project, read as text when a model's file asks for them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence

from schemalint.finding import Finding
from schemalint.own_rules import INVALID_SCHEMA
from schemalint.project.folders import below
from schemalint.project.python_files import import_root, is_source, project_root
from schemalint.project.reading import LIMIT, Reader, Unreadable
from schemalint.source import SourceFile

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MOST_FILES = 20_000  # that are looked into for the engine of a project
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock")


class PythonSources:
    """The sources of the project that some files are part of; implements `loaded.Sources`.

    `environment` lists folders with installed packages (`site-packages`), whose sources may be
    read as text, too; a virtual environment's own folder stands for the one inside it.
    """

    def __init__(
        self, reader: Reader, files: dict[str, SourceFile], environment: Sequence[str] = ()
    ) -> None:
        """`files` are the schema's own, by their absolute paths."""
        self._reader = reader
        self._paths = {id(file): path for path, file in files.items()}
        projects = {path: project_root(path) for path in files}
        self._projects = list(dict.fromkeys(projects.values()))
        self._roots = list(dict.fromkeys(self._all_roots(projects)))
        self._environment = [one for path in environment for one in _installed(path)]
        self._modules: dict[str, SourceFile | None] = {}
        self._packages: dict[str, Sequence[str]] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._versions: dict[str, str | None] = {}
        self._findings: dict[tuple[str | None, str], Finding] = {}

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with the files that were asked for so far: not readable, or not UTF-8."""
        return list(self._findings.values())

    def _all_roots(self, projects: dict[str, str]) -> list[str]:
        """Where the modules of the project may lie, by its files and the project of each."""
        nearest = {path: import_root(path) for path in projects}
        roots = list(nearest.values())
        for project in self._projects:
            roots += [project, os.path.join(project, "src")]
        roots.append(self._reader.folder)
        # A package may lack its `__init__`, and so stand in any folder up to the project's own.
        for path, project in projects.items():
            folder = os.path.dirname(nearest[path])
            while folder.startswith(os.path.join(project, "")):
                roots.append(folder)
                folder = os.path.dirname(folder)
        return roots

    def module(self, name: str) -> SourceFile | None:
        """The module or package called `name`; the project's own before an installed one."""
        if name not in self._modules:
            self._modules[name] = self._find(name) if _MODULE.fullmatch(name) else None
        return self._modules[name]

    def _find(self, name: str) -> SourceFile | None:
        package, _, last = name.rpartition(".")
        for folder in self._folders(package):
            names = self._names(folder)
            candidates = []
            if last in names:
                candidates.append(os.path.join(folder, last, "__init__.py"))
            if f"{last}.py" in names:
                candidates.append(os.path.join(folder, f"{last}.py"))
            for path in candidates:
                if os.path.isfile(path) or os.path.islink(path):
                    return self._read(path)
        return None

    def _folders(self, package: str) -> Sequence[str]:
        """Where the modules of a package may lie, by what the folders hold: most names that are
        asked for are no modules, and a system call for each takes long."""
        if package not in self._packages:
            folders: list[str] = [*self._roots, *self._environment]
            for part in package.split(".") if package else ():
                folders = [os.path.join(one, part) for one in folders if part in self._names(one)]
            self._packages[package] = folders
        return self._packages[package]

    def _names(self, folder: str) -> frozenset[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(os.listdir(folder))
            except OSError:  # it is a file, or nobody may look into it
                self._listed[folder] = frozenset()
        return self._listed[folder]

    def _read(self, path: str) -> SourceFile | None:
        told = len(self._reader.findings)
        try:
            file = self._reader.read(path, INVALID_SCHEMA)
        except Unreadable as unreadable:
            self._keep(unreadable.finding)
            return None  # whoever needs a name of it says that it is missing
        for finding in self._reader.findings[told:]:
            self._keep(finding)
        self._paths.setdefault(id(file), path)
        return file

    def _keep(self, finding: Finding) -> None:
        self._findings.setdefault((finding.path, finding.message), finding)

    def name_of(self, file: SourceFile) -> str:
        """The module's dotted name, from the folder above its outermost package on."""
        path = self._paths.get(id(file))
        if path is None:
            stem = os.path.basename(file.path)
            return stem.removesuffix(".py") or "models"
        name = os.path.relpath(path, import_root(path)).removesuffix(".py").replace(os.sep, ".")
        return name.removesuffix(".__init__")

    def mentioning(self, *words: str) -> Sequence[SourceFile]:
        """The project's own modules that hold one of `words`, by path."""
        wanted = [word.encode() for word in words]
        found: list[SourceFile] = []
        for path in self._own_modules():
            if _holds(path, wanted):
                file = self._read(path)
                if file is not None:
                    found.append(file)
        return found

    def _own_modules(self) -> list[str]:
        found: dict[str, None] = {}
        for project in self._projects:
            for path in below(project, most=_MOST_FILES):
                if path.endswith(".py") and is_source(path, project):
                    found[path] = None
        return list(found)

    def version(self, package: str) -> str | None:
        """The version of `package` that a lock file names, or a pin (`==`) of the requirements."""
        if package not in self._versions:
            self._versions[package] = self._version(package)
        return self._versions[package]

    def _version(self, package: str) -> str | None:
        for project in self._projects:
            for path in below_once(project):
                text = self._text(path)
                found = _locked(text, package) if os.path.basename(path) in _LOCKS else None
                found = found or _pinned(text, package)
                if found is not None:
                    return found
        return None

    def _text(self, path: str) -> str:
        try:
            return self._reader.content(path, INVALID_SCHEMA).decode("utf-8", "replace")
        except Unreadable:
            return ""


def _holds(path: str, words: Sequence[bytes]) -> bool:
    """Whether the file holds one of the words: past the reader, which would keep it."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):  # opening a pipe could wait for ever
            return False
        # One call a file: a project has thousands.
        with open(path, "rb", buffering=0) as file:
            content = file.read(min(found.st_size, LIMIT)) or b""
    except OSError:
        return False
    return any(word in content for word in words)


def below_once(project: str) -> list[str]:
    """The files of a project's own folder that say what is installed: locks first."""
    try:
        names = sorted(os.listdir(project))
    except OSError:
        return []
    locks = [name for name in _LOCKS if name in names]
    others = [
        name
        for name in names
        if name == "pyproject.toml"
        or (name.startswith("requirements") and name.endswith((".txt", ".in")))
    ]
    return [os.path.join(project, name) for name in (*locks, *others)]


def _locked(text: str, package: str) -> str | None:
    name = re.escape(package)
    toml = re.search(rf'^name = "{name}"\s+version = "([^"]+)"', text, re.MULTILINE)
    if toml is not None:
        return toml[1]
    pipfile = re.search(rf'"{name}": \{{[^{{}}]*"version": "==([^"]+)"', text)
    return None if pipfile is None else pipfile[1]


def _pinned(text: str, package: str) -> str | None:
    name = re.escape(package)
    found = re.search(rf"(?:^|[\"'\s]){name}(?:\[[^\]]*\])?\s*==\s*([\w.]+)", text, re.MULTILINE)
    return None if found is None else found[1]


def _installed(path: str) -> list[str]:
    """The folders with packages of an environment: itself, or what is inside it."""
    found = [path]
    for library in ("lib", "Lib", "lib64"):
        folder = os.path.join(path, library)
        candidates = [folder]
        if os.path.isdir(folder):
            candidates += [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        found += [
            os.path.join(one, "site-packages")
            for one in candidates
            if os.path.isdir(os.path.join(one, "site-packages"))
        ]
    return found
