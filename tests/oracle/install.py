"""Fetches what the oracle suites need: `python -m tests.oracle.install`.

The official Prisma engines (package.json beside this file) are installed under `node/`, the real
schemas out of published packages under `node/schemas/`, and real migrations, with the schemas that
they belong to, under `node/migrations/`, and the sources of packages with SQLModel models under
`node/models/`, the examples of SQLModel's documentation under `node/documentation/`, an
environment that runs them under `node/sqlmodel/`, and one in which ZenML's models can be imported
under `node/zenml/`; all are kept out of version control. Needs npm
and pip; what is there already is not fetched again.
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
MODELS = NODE / "models"
DOCUMENTATION = NODE / "documentation"
SQLMODEL = NODE / "sqlmodel"
ZENML = NODE / "zenml"

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
# Packages that publish SQLModel models; what those are at run time is shared material.
PYPI_MODELS = {
    "aaibina": "0.0.1",
    "apicache-cli-av": "0.1.7",
    "autogenstudio": "0.4.2.2",
    "cape-cod-db": "0.4.1",
    "fastapi-quiver": "0.1.0",
    "flask-structured-api": "0.1.3",
    "keephq": "0.2.7",
    "koco-product-sqlmodel": "0.1.41",
    "laminhub-rest": "0.14.11",
    "langflow-base": "1.13.0",
    "lnschema-core": "0.33.0",
    "magentic-ui": "0.2.2",
    "mic-struct": "0.0.4",
    "ptbmodels": "0.2.19",
    "pymemgpt": "0.3.25",
    "reflex-local-auth": "0.5.0",
    "resurf-models": "0.1.1",
    "simple-module-api-tokens": "0.0.41",
    "simple-module-audit-log": "0.0.41",
    "simple-module-datasets": "0.0.3",
    "simple-module-db": "0.0.41",
    "simple-module-feature-flags": "0.0.41",
    "simple-module-file-storage": "0.0.41",
    "simple-module-keycloak": "0.0.41",
    "simple-module-permissions": "0.0.41",
    "simple-module-sharing": "0.0.41",
    "simple-module-tenants": "0.0.41",
    "spltz-viur-models": "0.2.0",
    "sqldim": "0.1.1",
    "sqlmodel-celery-beat": "0.2.7",
    "sqlmodel-celery-beat-pg": "0.1.6",
    "zenml": "0.98.0",
}

# What some of them take bases and types from.
PYPI_LIBRARIES = {"lfx": "1.13.0", "fastapi-users-db-sqlalchemy": "7.0.0"}
# Whose documentation has examples, and what runs them: in an environment of its own.
SQLMODEL_VERSION, SQLALCHEMY_VERSION = "0.0.50", "2.1.9"


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


def fetch_models() -> None:
    """Fetch the Python sources of packages with models, if they are not there."""
    _fetch_all({}, {**PYPI_MODELS, **PYPI_LIBRARIES}, MODELS, (".py",))


def fetch_documentation() -> None:
    """Fetch the examples of SQLModel's documentation, and what runs them, if they are not there."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    command += ["--no-binary", "sqlmodel", f"sqlmodel=={SQLMODEL_VERSION}"]
    _fetch("sqlmodel", SQLMODEL_VERSION, command, DOCUMENTATION, (".py",))
    if not SQLMODEL.exists():
        subprocess.run([sys.executable, "-m", "venv", str(SQLMODEL)], check=True)
        packages = [f"sqlmodel=={SQLMODEL_VERSION}", f"sqlalchemy=={SQLALCHEMY_VERSION}"]
        pip = [str(SQLMODEL / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *packages], check=True)


def install_zenml() -> None:
    """Install what imports ZenML's models, whose time is a measure of ours, if it is not there."""
    ready = ZENML / "ready"
    if ready.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ZENML)], check=True)
    python = str(ZENML / "bin" / "python")
    package = f"zenml[local]=={PYPI_MODELS['zenml']}"
    subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True)
    # The first import compiles: that is no part of what is measured.
    subprocess.run([python, "-c", "import zenml.zen_stores.schemas"], check=True)
    ready.touch()


def _fetch_all(
    npm: dict[str, str], pypi: dict[str, str], folder: Path, suffixes: tuple[str, ...]
) -> None:
    for name, version in npm.items():
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
        _fetch(name, version, command, folder, suffixes)
    for name, version in pypi.items():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        command.append("--ignore-requires-python")  # the sources are read, and never installed
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
    fetch_models()
    fetch_documentation()
    install_zenml()
