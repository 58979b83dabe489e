"""Which files of a project a name that is imported stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.project.python_sources import PythonSources
from schemalint.project.reading import Reader


def sources(folder: Path, *named: str, working: Path | None = None) -> PythonSources:
    reader = Reader(str(working or folder))
    paths = [str(folder / name) for name in named]
    return PythonSources(reader, {path: reader.read(path, "invalid-schema") for path in paths})


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("shop.db", "backend/shop/db.py"),  # a package without `__init__` (PEP 420)
        ("shop.models.order", "backend/shop/models/order.py"),
        ("order", "backend/shop/models/order.py"),
        ("tools", "tools/__init__.py"),
        ("lib", "src/lib.py"),
        ("shop", None),
        ("shop.db.Base", None),
        ("os.path", None),
    ],
)
def test_a_module_is_found_from_any_folder_above(
    tmp_path: Path, name: str, path: str | None
) -> None:
    write(
        tmp_path,
        "pyproject.toml",
        "backend/shop/db.py",
        "backend/shop/models/order.py",
        "src/lib.py",
        "tools.py",
        "tools/__init__.py",
    )
    found = sources(tmp_path, "backend/shop/models/order.py").module(name)
    assert (found.path if found is not None else None) == path


def test_the_nearest_folder_comes_first(tmp_path: Path) -> None:
    """And what the files' own folders and the project's have, before those between them."""
    write(tmp_path, "pyproject.toml", "db.py", "a/db.py", "a/b/db.py", "a/b/c/order.py")
    made = sources(tmp_path, "a/b/c/order.py")
    found = made.module("db")
    assert found is not None
    assert found.path == "db.py"


def test_no_folder_above_the_project_is_looked_into(tmp_path: Path) -> None:
    write(tmp_path, "base.py", "shop/pyproject.toml", "shop/models/order.py")
    assert sources(tmp_path / "shop", "models/order.py").module("base") is None
