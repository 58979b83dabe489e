"""The same schema in two languages is one and the same common AST: for each pair of languages and
each database, files that use everything the two can both say.

That the two files of a pair really are one schema to the database is not believed but tested:
`tests/oracle/test_one_ast.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.model import Dialect, Schema
from schemalint.registry import Registry
from schemalint.source import SourceFile
from tests.loaders.equal_models import Facts, differences, logical_facts, physical_facts

FOLDER = Path(__file__).parent / "one_ast"
PAIRS = {
    "prisma_sqlmodel": ("prisma", "py"),
    "prisma_sql": ("prisma", "sql"),
    "sqlmodel_sql": ("py", "sql"),
}
DIALECTS = (Dialect.SQLITE, Dialect.POSTGRESQL)
_REGISTRY = Registry.discover()


def paths(pair: str, dialect: Dialect) -> tuple[Path, Path]:
    """The two files of a pair."""
    first, second = PAIRS[pair]
    return FOLDER / pair / f"{dialect}.{first}", FOLDER / pair / f"{dialect}.{second}"


def load(path: Path, dialect: Dialect) -> Schema:
    """The schema of one of the files, which holds nothing that its loader complains about."""
    loader = _REGISTRY.loader(path.suffix.removeprefix("."))
    assert loader is not None
    loaded = loader.load([SourceFile(path.name, path.read_text("utf-8"))], dialect=dialect)
    assert [f"{one.span.place.line}: {one.message}" for one in loaded.problems] == []
    assert [f"{one.span.place.line}: {one.reason}" for one in loaded.schema.opaque] == []
    return loaded.schema


def facts(path: Path, dialect: Dialect, pair: str) -> Facts:
    """What the file says, as far as the other language of the pair can say it."""
    schema = load(path, dialect)
    if "sql" in PAIRS[pair]:
        return physical_facts(schema, comments="prisma" not in PAIRS[pair])
    return logical_facts(schema)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("pair", PAIRS)
def test_one_ast(pair: str, dialect: Dialect) -> None:
    first, second = (facts(path, dialect, pair) for path in paths(pair, dialect))
    assert "\n".join(differences(first, second)) == ""
