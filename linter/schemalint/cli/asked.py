"""What the command line asks for."""

from __future__ import annotations

import msgspec

from schemalint.finding import FailOn
from schemalint.model import Dialect


class Asked(msgspec.Struct, frozen=True):
    """What the command line asks for; None and () leave it to the settings."""

    paths: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preset: str | None = None
    fail_on: FailOn | None = None
    dialect: Dialect | None = None
    config: str | None = None
    python_path: tuple[str, ...] = ()
