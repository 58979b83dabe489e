"""A third party's package, built and installed, adds one of everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

PLUGIN = Path(__file__).parent / "plugin"
RULEBOOK = """\
version: 1
rules:
  - {id: P-1, says: Two fields at least., at_least_two: {of: SHOP}}
"""
SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model SHOP {
  id Int @id
}
"""


def install(source: Path, site: Path) -> None:
    """Build the package in `source` and install it into the folder `site`."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--target", str(site), str(source)),
        ],
        check=True,
    )


def schemalint(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the packages of `site` installed beside it."""
    return subprocess.run(
        [sys.executable, "-m", "schemalint", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages with the plug-in in it."""
    work = tmp_path_factory.mktemp("plugin")
    shutil.copytree(PLUGIN, work / "source")
    install(work / "source", work / "site")
    return work / "site"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a schema and a rulebook that the plug-in has something to say about."""
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    (tmp_path / "business_rules.yaml").write_text(RULEBOOK)
    (tmp_path / "all.tables").write_text("CUSTOMER\nOrder\n")
    return tmp_path


def test_design_rule(site: Path, project: Path) -> None:
    done = schemalint(site, project, "check", "--select", "shouting-model", "schema.prisma")
    assert "SHOP shouts" in done.stdout, done.stdout + done.stderr


def test_business_rule(site: Path, project: Path) -> None:
    done = schemalint(site, project, "check", "schema.prisma")
    assert "`SHOP` has one field only" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1


def test_preset(site: Path, project: Path) -> None:
    done = schemalint(site, project, "check", "--preset", "shouting", "schema.prisma")
    assert "SHOP shouts" in done.stdout, done.stdout + done.stderr


def test_loader(site: Path, project: Path) -> None:
    (project / "business_rules.yaml").unlink()
    done = schemalint(site, project, "check", "--preset", "shouting", "all.tables")
    assert "CUSTOMER shouts" in done.stdout, done.stdout + done.stderr
    assert "Order shouts" not in done.stdout


def test_reporter(site: Path, project: Path) -> None:
    arguments = ("check", "--preset", "shouting", "--output-format", "count", "schema.prisma")
    done = schemalint(site, project, *arguments)
    assert done.stdout == "2 findings\n", done.stdout + done.stderr


def test_rules_and_explain_know_it(site: Path, project: Path) -> None:
    listed = schemalint(site, project, "rules").stdout
    assert "shouting-model" in listed
    assert "at_least_two" in listed
    assert "all capitals" in schemalint(site, project, "explain", "shouting-model").stdout


def broken_plugin(folder: Path, name: str, entry_points: str) -> Path:
    """An installed package (metadata only) with these entry points."""
    metadata = folder / "site" / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(entry_points)
    return folder / "site"


def test_plugin_that_does_not_load_ends_the_run(tmp_path: Path, project: Path) -> None:
    entry = "[schemalint.design_rules]\nlost-rule = nowhere.rules:Lost\n"
    done = schemalint(broken_plugin(tmp_path, "lost", entry), project, "check", "schema.prisma")
    assert done.returncode == 2
    assert "lost" in done.stderr
    assert "does not load" in done.stderr
    assert "Traceback" not in done.stderr


def test_duplicate_id_ends_the_run(tmp_path: Path, project: Path) -> None:
    entry = "[schemalint.business_rules]\nunique = nowhere.rules:Unique\n"
    done = schemalint(broken_plugin(tmp_path, "twice", entry), project, "check", "schema.prisma")
    assert done.returncode == 2
    assert "`unique` is registered twice" in " ".join(done.stderr.split())
    assert "twice" in done.stderr
