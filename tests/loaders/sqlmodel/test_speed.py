"""ZenML's 52 tables are checked for less than what importing them takes, in little memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loaders.sqlmodel.published import fetched
from tests.oracle.install import ZENML

pytestmark = pytest.mark.oracle

_MOST = 0.6  # of the CPU time of the import
_MOST_MEMORY = 150  # MB
_CHECK = Path(sys.executable).parent / "schemalint"


def measured(command: list[str]) -> tuple[float, int]:
    """CPU seconds of a process (user and system), and its peak memory in MB."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], capture_output=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "sys.stderr.write(done.stderr.decode())\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss, done.returncode)"
    )
    measuring = [sys.executable, "-c", code, *command]
    done = subprocess.run(measuring, capture_output=True, text=True, check=True)
    seconds, kilobytes, status = done.stdout.split()
    assert status == "0", done.stderr
    return float(seconds), int(kilobytes) // 1024


@pytest.fixture(scope="module")
def zenml() -> Path:
    """The environment that has it."""
    if not (ZENML / "ready").exists():
        pytest.skip("ZenML is not installed: `python -m tests.oracle.install`")
    return ZENML


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is ZenML and nothing else: where it was fetched to, it is a part of this
    checkout, with all the other packages."""
    folder = tmp_path_factory.mktemp("project") / "zenml"
    shutil.copytree(fetched("zenml"), folder)
    (folder / "pyproject.toml").write_text("")
    return folder


def test_a_check_takes_less_than_the_import(
    zenml: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The least of six each, taken in turns: other work on the machine only adds."""
    load = [str(zenml / "bin" / "python"), "-c", "import zenml.zen_stores.schemas"]
    check = [str(_CHECK), "check", str(sources), "--fail-on", "never"]
    pairs = [(measured(load), measured(check)) for _ in range(6)]
    imported = min(one[0] for one, _ in pairs)
    checked = min(one[0] for _, one in pairs)
    memory = max(one[1] for _, one in pairs)
    with capsys.disabled():
        print(f"\n  check {checked:.2f} s, import {imported:.2f} s of CPU; {memory} MB")
    assert checked <= _MOST * imported
    assert memory < _MOST_MEMORY
