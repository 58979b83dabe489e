"""Fetches what the oracle suites need: `python -m tests.oracle.install`.

The official Prisma engines (package.json beside this file) are installed under `node/`, the real
schemas out of published packages under `node/schemas/`; both are kept out of version control.
Needs npm, and pip for one package; what is there already is not fetched again.
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
    for name, version in NPM_PACKAGES.items():
        _fetch(name, version, ["npm", "pack", "--silent", f"{name}@{version}"])
    for name, version in PYPI_PACKAGES.items():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        _fetch(name, version, [*command, f"{name}=={version}"])


def _fetch(name: str, version: str, command: list[str]) -> None:
    target = SCHEMAS / f"{name.replace('/', '+')}@{version}"
    if target.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).iterdir()
        found = _prisma_files(archive)
    for path, text in found.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    target.mkdir(parents=True, exist_ok=True)
    print(f"{name} {version}: {len(found)} schema files")


def _prisma_files(archive: Path) -> dict[str, bytes]:
    """The schema files of an archive by a path that stays below the folder it is put in."""
    found = {}
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith(".prisma"):
                    found[name] = wheel.read(name)
    else:
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                content = tar.extractfile(member) if member.name.endswith(".prisma") else None
                if content is not None:
                    found[member.name] = content.read()
    return {
        path: text for path, text in found.items() if ".." not in path and not path.startswith("/")
    }


if __name__ == "__main__":
    install_engines()
    fetch_schemas()
