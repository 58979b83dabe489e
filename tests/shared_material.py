"""Where the material lies that several checkouts share: corpora, observed outcomes, oracles.

It stands beside the project, in a folder called `shared`, or where SCHEMALINT_SHARED points. The
project works without it: the tests that read it are then skipped, with that reason.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """The path of a shared file or folder; skips the calling test where it is absent."""
    folder = Path(os.environ.get("SCHEMALINT_SHARED", ROOT.parent / "shared"))
    path = folder.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared material is not beside the project: {'/'.join(parts)}")
    return path
