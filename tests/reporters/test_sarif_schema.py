"""SARIF output against the official JSON Schema, which a package of Microsoft's ships."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemalint.report import RenderOptions, assemble
from schemalint.reporters import sarif
from schemalint.rule import Finding
from schemalint.source import SourceFile, Span
from tests.reporters.awkward import AWKWARD, report_of
from tests.reporters.sample import sample

pytestmark = pytest.mark.oracle

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Any:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, which fetches the official schema, is not installed")
    folder: Path = tmp_path_factory.mktemp("sarif")
    done = subprocess.run(
        [npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"npm cannot fetch {PACKAGE}: {done.stderr.strip()}")
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        member = archive.extractfile(MEMBER)
        assert member is not None
        return json.load(member)


def test_output_is_valid(official: Any) -> None:
    odd = SourceFile("odd, 100%: näme.prisma", "")
    reports = [
        sample(),
        assemble([], [], []),
        assemble(
            [], [], [Finding("invalid-schema", "no", Span(odd, 0, 0)), Finding("r", "m", None)]
        ),
        *map(report_of, AWKWARD.values()),
    ]
    validator = jsonschema.Draft7Validator(
        official, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    for report in reports:
        document = json.loads(sarif.render(report, RenderOptions()))
        assert [error.message for error in validator.iter_errors(document)] == []
