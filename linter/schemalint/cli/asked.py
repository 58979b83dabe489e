"""What the command line asks for."""

from __future__ import annotations

import msgspec

from schemalint.finding import FailOn
from schemalint.model import Dialect


class Prove(msgspec.Struct, frozen=True):
    """That rules are carried out on a database: `target` is the sort of database or its URL, None
    for the usual one of the schema's dialect; `every` rule, or only those that are not kept;
    whether files are to be made of it, and whether the rulebook is held against itself."""

    target: str | None = None
    every: bool = True
    export: bool = False
    mutate: bool = False


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
    prove: Prove | None = None
