"""Asks the official Prisma tools: their parser, their datamodel, the SQL that Migrate would run.

The scripts that do so belong to the shared material beside the project; they are run as a copy
beside the engines that `python -m tests.oracle.install` has installed. Each function starts one
Node process, whatever the number of schemas, and skips the calling test where something is absent.
A schema is one text or several files that make up one schema.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.install import NODE
from tests.shared_material import shared

Schemas = Mapping[str, str | Mapping[str, str]]


def lint(schemas: Schemas, *, engine: str = "auto") -> dict[str, list[dict[str, Any]]]:
    """The official errors and warnings of each schema.

    Each is a dictionary with `text`, `warning`, `line`, `col`, `endLine`, `endCol` (columns from 1,
    in UTF-16 units) and `file`. With `auto`, the current engine answers unless an older one accepts
    what it refuses; otherwise name one (`v7`, `v6`, `v5` ...).
    """
    answers = _ask("dmmf.mjs", ["--strip-url", "--no-dmmf", "--engine", engine], schemas)
    return {name: answer["errors"] for name, answer in answers.items()}


def datamodels(schemas: Schemas) -> dict[str, dict[str, Any] | None]:
    """The official datamodel (DMMF) of each schema, None where it is rejected."""
    answers = _ask("dmmf.mjs", ["--strip-url"], schemas)
    return {name: answer.get("dmmf") for name, answer in answers.items()}


def ddl(schemas: Schemas, provider: str | None = None) -> dict[str, str | None]:
    """The SQL that Migrate would run on an empty database; None where there is none.

    `provider` (`postgresql`, `sqlite`, `cockroachdb`) replaces the one that the schemas name.
    """
    override = [] if provider is None else ["--provider", provider]
    answers = _ask("ddl.mjs", ["--json", *override], schemas)
    return {name: answer.get("sql") for name, answer in answers.items()}


def migration(before: str, after: Schemas, provider: str | None = None) -> dict[str, str | None]:
    """The SQL that Migrate would run to make each schema out of the schema `before`; None where
    there is none."""
    override = [] if provider is None else ["--provider", provider]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "before.prisma"
        path.write_bytes(before.encode())
        answers = _ask("ddl.mjs", ["--json", *override, "--from", str(path)], after)
    return {name: answer.get("sql") for name, answer in answers.items()}


def changes(original: str, edited: Mapping[str, str], provider: str) -> dict[str, str | None]:
    """The SQL of the migration that Migrate would write from a schema to each of its edited forms;
    "" where it sees no difference, None where it rejects the form.

    All texts have to name `provider` themselves.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "original.prisma"
        path.write_text(original, "utf-8")
        answers = _ask("ddl.mjs", ["--json", "--from", str(path)], edited)
    found: dict[str, str | None] = {}
    for name, answer in answers.items():
        sql = answer.get("sql")
        found[name] = "" if sql is not None and "This is an empty migration" in sql else sql
    return found


def _ask(script: str, options: Sequence[str], schemas: Schemas) -> dict[str, dict[str, Any]]:
    node = _node()
    source = shared("oracle", script)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(source, folder)
        (folder / "node").symlink_to(NODE, target_is_directory=True)
        names = {}
        for number, (schema, files) in enumerate(schemas.items()):
            paths = []
            for file, text in (
                {"schema.prisma": files}.items() if isinstance(files, str) else (files.items())
            ):
                path = folder / "schemas" / str(number) / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
                paths.append(str(path))
            names[":".join(paths)] = schema
        run = subprocess.run(
            [node, folder / script, *options, "-"],
            input="\n".join(names).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        answers = [json.loads(line) for line in run.stdout.splitlines()]
    return {names[answer["path"]]: answer for answer in answers}


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    if not (NODE / "node_modules").exists():
        pytest.skip("the official Prisma tools are absent: run `python -m tests.oracle.install`")
    return node
