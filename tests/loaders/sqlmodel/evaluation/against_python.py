"""The evaluation held against Python itself: the same modules are read here, and run there."""

from __future__ import annotations

import ast
import enum
import importlib
import sys
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from types import ModuleType
from typing import Any

from schemalint.loaders.sqlmodel import values
from schemalint.loaders.sqlmodel.evaluation.scopes import ModuleScope
from schemalint.loaders.sqlmodel.project import Project
from schemalint.source import SourceFile


class Untold:
    """What the evaluation does not tell."""

    def __init__(self, value: values.Value) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"untold: {getattr(self.value, 'reason', self.value)}"


class Files:
    """The other files of a project, by path."""

    def __init__(self, texts: AnyMapping[str, str]) -> None:
        self.files = {path: SourceFile(path, text) for path, text in texts.items()}

    def module(self, name: str) -> SourceFile | None:
        path = name.replace(".", "/")
        return self.files.get(f"{path}/__init__.py") or self.files.get(f"{path}.py")

    def name_of(self, file: SourceFile) -> str:
        return file.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def version(self, package: str) -> str | None:
        return None


def project_of(texts: AnyMapping[str, str], *named: str) -> Project:
    """The project of these files by path; `named` are checked, or else all."""
    sources = Files(texts)
    files = [sources.files[path] for path in named or texts]
    return Project(files, sources)


def class_named(project: Project, module: str, name: str) -> values.ClassValue:
    """The class of this name, as the module has it in the end."""
    found = project.module(module)
    assert found is not None
    value = project.evaluate(ast.parse(name, mode="eval").body, found)
    assert isinstance(value, values.ClassValue), value
    return value


def read(texts: AnyMapping[str, str], module: str) -> dict[str, Any]:
    """What the names of a module stand for in the end, as Python has such values."""
    project = project_of(texts)
    found = project.module(module)
    assert found is not None
    scope = ModuleScope(found)
    names = [name for name in found.body.bindings if not name.startswith("_")]
    return {
        name: plain(project.evaluate(ast.parse(name, mode="eval").body, scope)) for name in names
    }


def plain(value: values.Value) -> Any:
    """A value as Python has it; `Untold` for what is none."""
    if isinstance(value, values.Constant):
        return value.value
    if isinstance(value, values.Sequence):
        items = [plain(item) for item in value.items]
        if any(isinstance(item, Untold) for item in items):
            return Untold(value)
        return {"list": list, "tuple": tuple, "set": set}[value.kind](items)
    if isinstance(value, values.Mapping):
        found = {plain(key): plain(item) for key, item in value.items}
        return Untold(value) if any(isinstance(item, Untold) for item in found.values()) else found
    if isinstance(value, values.EnumMember):
        return f"{value.enum.name}.{value.name}"
    if isinstance(value, values.ClassValue):
        return f"class {value.name}"
    return Untold(value)


def run(texts: AnyMapping[str, str], module: str, folder: Path) -> dict[str, Any]:
    """The same, as Python says: the module is imported."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    importlib.invalidate_caches()
    try:
        return {name: shown(value) for name, value in vars(importlib.import_module(module)).items()}
    finally:
        sys.dont_write_bytecode = kept
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if isinstance(sys.modules[name], ModuleType):
                del sys.modules[name]


def shown(value: object) -> Any:
    """What the program made, in the form of `plain`."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, type):
        return f"class {value.__name__}"
    if isinstance(value, (list, tuple)):
        return type(value)(shown(item) for item in value)
    if isinstance(value, (set, frozenset)):
        return {shown(item) for item in value}
    if isinstance(value, dict):
        return {shown(key): shown(item) for key, item in value.items()}
    return value


def differences(texts: AnyMapping[str, str], module: str, folder: Path) -> tuple[list[str], int]:
    """Names that are told wrongly, or that Python does not have; and how many are not told."""
    here, there = read(texts, module), run(texts, module, folder)
    wrong, untold = [], 0
    for name, value in here.items():
        if isinstance(value, Untold):
            untold += 1
        elif name not in there or value != there[name] or type(value) is not type(there[name]):
            wrong.append(f"{name}: told {value!r}, but Python has {there.get(name)!r}")
    return wrong, untold
