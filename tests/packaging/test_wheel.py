"""The built wheel holds the three packages, whole, and works on its own."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.shared_material import ROOT

pytestmark = pytest.mark.packaging

PACKAGES = {
    "schemalint": ROOT / "linter" / "schemalint",
    "schemalint_rules": ROOT / "rules" / "schemalint_rules",
    "schemalint_configs": ROOT / "configs" / "schemalint_configs",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [
            *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
            *("--outdir", str(folder), str(ROOT)),
        ],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_exactly_the_three_packages(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = subprocess.run(
        ["git", "ls-files", "linter", "rules", "configs"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    expected = {name.split("/", 1)[1] for name in tracked}
    assert {name.split("/")[0] for name in held} == set(PACKAGES)
    assert held == expected


def test_wheel_holds_every_rule_preset_and_json_schema(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = [*PACKAGES["schemalint_rules"].rglob("*.py")]
    wanted += PACKAGES["schemalint_configs"].rglob("*.yaml")
    wanted += PACKAGES["schemalint_configs"].rglob("*.json")
    assert len(wanted) > 25
    for path in wanted:
        root = next(folder for folder in PACKAGES.values() if path.is_relative_to(folder))
        assert path.relative_to(root.parent).as_posix() in held


def test_installed_wheel_runs_the_main_job(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / "bin"
    subprocess.run(
        [scripts / "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)],
        check=True,
    )
    done = subprocess.run(
        [scripts / "schemalint", "check", ROOT / "examples" / "shop" / "schema.prisma"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
