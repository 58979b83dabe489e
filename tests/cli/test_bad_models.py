"""Models that cannot be read: told at the place, with exit code 2, and nothing else is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import in_this_process, schemalint

CUSTOMER = """\
from sqlmodel import Field, SQLModel


class Customer(SQLModel, table=True):
    id: int = Field(primary_key=True)
    email: str = Field(unique=True)
"""
RULES = """\
version: 1
rules:
  - id: BR-01
    says: A customer is identified by their e-mail address.
    unique: {of: Customer, by: [email]}
  - id: BR-02
    says: An order is identified by its number.
    unique: {of: Order, by: [number]}
"""
HEAD = "from sqlmodel import Field, SQLModel\n"
ORDER = """\
class Order(SQLModel, table=True):
    id: int = Field(primary_key=True)
    number: str
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one good module."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "customer.py").write_text(CUSTOMER, "utf-8")
    (tmp_path / "business_rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def check(folder: Path, *paths: str, code: int = 2) -> Any:
    """The JSON of a run with this exit code."""
    done = in_this_process(folder, "check", *(paths or (".",)), "--output-format", "json")
    assert done.returncode == code, done.stdout
    assert done.stderr == ""
    return json.loads(done.stdout)


def told(read: Any) -> list[tuple[str, int, int, str]]:
    """File, line, column and message of what could not be read."""
    places = [(one["place"], one["message"]) for one in read["findings"] if one["rule"] == INVALID]
    return [(at["file"], at["line"], at["column"], message) for at, message in places]


INVALID = "invalid-schema"


def verdicts(read: Any) -> dict[str, str]:
    """The verdicts by rule."""
    return {one["id"]: one["verdict"] for one in read["rules"]}


TEXTS: dict[str, tuple[bytes, tuple[int, int], str, str]] = {
    "syntax": (HEAD.encode() + b"class Order(SQLModel, table=True:\n", (2, 33), "Python", "stale"),
    "tabs": (
        (HEAD + ORDER.replace("    number", "\tnumber")).encode(),
        (4, 1),
        "inconsistent use of tabs",
        "stale",
    ),
    "Python 2": ((HEAD + "print 'a'\n" + ORDER).encode(), (2, 1), "parentheses", "stale"),
    "Latin-1": ((HEAD + "# café\n" + ORDER).encode("latin-1"), (2, 6), "not UTF-8", "broken"),
    "NUL": ((HEAD + "# \0\n" + ORDER).encode(), (2, 3), "NUL", "broken"),
    "UTF-16": ((HEAD + ORDER).encode("utf-16"), (1, 1), "UTF-16", "stale"),
    "UTF-16 without a mark": ((HEAD + ORDER).encode("utf-16-le"), (1, 2), "NUL", "stale"),
    "brackets": (
        (HEAD + ORDER + "x = " + "[" * 3000 + "]" * 3000).encode(),
        (5, 205),
        "too many nested",
        "stale",
    ),
    "signs": (
        (HEAD + "y = 1\n" + ORDER + "x = " + "-" * 90_000 + "1\n").encode(),
        (6, 1),
        "nested too deeply",
        "stale",
    ),
    "a sum": (
        (HEAD + "x = " + " + ".join(["'a'"] * 20_000) + "\n" + ORDER).encode(),
        (2, 1),
        "nested too deeply",
        "stale",
    ),
    "too large": (
        (HEAD + ORDER).encode() + b"#" * (32 * 1024 * 1024),
        (1, 1),
        "larger than 32 MiB",
        "stale",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_is_no_module(project: Path, name: str) -> None:
    content, place, message, verdict = TEXTS[name]
    (project / "order.py").write_bytes(content)
    read = check(project)
    ((file, line, column, said),) = told(read)
    assert (file, line, column) == ("order.py", *place)
    assert message in said
    assert verdicts(read) == {"BR-01": "kept", "BR-02": verdict}


@pytest.mark.parametrize(
    ("declared", "is_read"),
    [("latin-1", True), ("cp1252", True), ("ascii", False), ("hex", False), ("no-such", False)],
)
def test_a_file_that_names_its_encoding(project: Path, declared: str, is_read: bool) -> None:
    """PEP 263."""
    text = f"# -*- coding: {declared} -*-\n{HEAD}# café\n{ORDER}"
    (project / "order.py").write_bytes(text.encode("latin-1"))
    read = check(project, code=1 if is_read else 2)
    assert bool(told(read)) is not is_read
    assert verdicts(read)["BR-02"] == "broken"


def _itself(path: Path) -> None:
    path.symlink_to(path.name)


def _nowhere(path: Path) -> None:
    path.symlink_to("nowhere.py")


UNREADABLE: list[tuple[Callable[[Path], None], str]] = [
    (_itself, "cannot be read"),
    (_nowhere, "a link to `nowhere.py`, and there is no `nowhere.py`"),
    (os.mkfifo, "not a regular file"),
]


@pytest.mark.parametrize(("make", "message"), UNREADABLE, ids=["itself", "nowhere", "a pipe"])
def test_a_file_that_cannot_be_opened(
    project: Path, make: Callable[[Path], None], message: str
) -> None:
    make(project / "order.py")
    # In a process of its own, which may wait for ever.
    done = schemalint(project, "check", ".", "--output-format", "json")
    assert done.returncode == 2
    read = json.loads(done.stdout)
    ((file, *_, said),) = told(read)
    assert file == "order.py"
    assert message in said
    assert verdicts(read) == {"BR-01": "kept", "BR-02": "stale"}


@pytest.mark.parametrize(
    ("base", "message"),
    [
        (b"class Base(:\n", "not valid Python"),
        ("from sqlmodel import SQLModel as Base\n".encode("utf-16"), "UTF-16"),
        (b"# caf\xe9\nfrom sqlmodel import SQLModel as Base\n", "not UTF-8"),
        (None, "cannot be read"),
    ],
    ids=["syntax", "UTF-16", "Latin-1", "a link to itself"],
)
def test_a_module_that_is_only_imported(project: Path, base: bytes | None, message: str) -> None:
    path = project / "base.py"
    if base is None:
        path.symlink_to("base.py")
    else:
        path.write_bytes(base)
    (project / "order.py").write_text(
        "from sqlmodel import Field\nfrom base import Base\n" + ORDER.replace("SQLModel", "Base"),
        "utf-8",
    )
    read = check(project, "order.py", "customer.py")
    ((file, *_, said),) = told(read)
    assert file == "base.py"
    assert message in said
    assert verdicts(read)["BR-01"] == "kept"
    assert verdicts(read)["BR-02"] == ("broken" if message == "not UTF-8" else "unknown")


def test_a_package_that_cannot_be_imported(project: Path) -> None:
    """Its modules are read all the same, as Python would run `__init__` before them."""
    (project / "shop").mkdir()
    (project / "shop" / "__init__.py").write_text("from .models import (\n", "utf-8")
    (project / "shop" / "models.py").write_text(HEAD + ORDER, "utf-8")
    read = check(project)
    assert [place[:3] for place in told(read)] == [("shop/__init__.py", 1, 21)]
    assert verdicts(read) == {"BR-01": "kept", "BR-02": "broken"}


def test_folders_that_hold_each_other(project: Path) -> None:
    (project / "shop").mkdir()
    (project / "shop" / "up").symlink_to("..")
    (project / "shop" / "models.py").write_text(HEAD + ORDER, "utf-8")
    read = check(project, code=1)
    assert told(read) == []
    assert verdicts(read) == {"BR-01": "kept", "BR-02": "broken"}


OPEN = {
    "modules that import each other": {
        "order.py": HEAD + "from other import X\n" + ORDER.replace("str", "X"),
        "other.py": "from order import Order, X\n",
    },
    "annotations that mean each other": {
        "order.py": HEAD + "X = 'Y'\nY = 'X'\n" + ORDER.replace("str", "X"),
    },
    "an annotation that means itself": {"order.py": HEAD + ORDER.replace("str", "\"'number'\"")},
    "a deep annotation": {
        "order.py": HEAD + ORDER.replace("str", "list[" * 180 + "int" + "]" * 180)
    },
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_valid_and_means_nothing_is_unknown(project: Path, name: str) -> None:
    for path, text in OPEN[name].items():
        (project / path).write_text(text, "utf-8")
    read = check(project, code=1)
    assert verdicts(read) == {"BR-01": "kept", "BR-02": "unknown"}
    places = [one["place"] for one in read["findings"] if one["rule"] == "BR-02"]
    assert [place["file"] for place in places] == ["order.py"]


@pytest.mark.parametrize("text", ["", "# table=True of sqlmodel\n", "'''Nothing.'''\n"])
def test_a_module_without_a_statement(project: Path, text: str) -> None:
    (project / "order.py").write_text(text, "utf-8")
    assert verdicts(check(project, code=1)) == {"BR-01": "kept", "BR-02": "stale"}
    alone = in_this_process(project, "check", "order.py")
    assert alone.returncode != 0
    assert (
        "no table is declared here" in " ".join(alone.stdout.split()) or "nothing" in alone.stdout
    )
