"""Our DDL of a Prisma schema and Migrate's make the same database.

Each runs in a real database, and what its catalogue then says of types, columns, defaults, keys,
indexes, foreign keys and enums is compared, names included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest

from schemalint.ddl import Ddl, written
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.ddl.catalogs import Facts, RefusedError, differences, postgresql, sqlite_facts
from tests.oracle.prisma_oracle import ddl
from tests.oracle.schemas import Files, accepted_schemas, own_schemas, real_schemas

pytestmark = pytest.mark.oracle

# What the database takes no SQL of Migrate's for, and whether it takes ours.
REFUSED = {
    # The type is `a"b`, as it stands.
    ("sqlite", "prisma-probes/unsupported_escaped"): False,
    ("postgresql", "prisma-probes/unsupported_escaped"): False,
    # Migrate forgets the quotes around SQLite's JSON defaults, and the brackets around calls.
    ("sqlite", "prisma-probes/default_json"): True,
    ("sqlite", "fixtures/sqlite_defaults.prisma"): True,
    # `dbgenerated("hex(randomblob(4))")` is for SQLite.
    ("postgresql", "fixtures/sqlite_defaults.prisma"): False,
    # A generated column, which `db pull` writes as a default that names columns.
    (
        "postgresql",
        "telescope-prisma-client@0.0.263/package/dist/generatedClient/schema.prisma",
    ): True,
    ("postgresql", "telescope-prisma-client@0.0.263/package/dist/schema.prisma"): True,
}


class Compared(msgspec.Struct):
    """What came of all schemas: those that were compared, and the differences, one a line.

    `refused` are those of whose SQL by Migrate the database takes nothing, each with whether it
    takes ours.
    """

    names: list[str] = []
    differences: list[str] = []
    refused: dict[tuple[str, str], bool] = {}

    def schema(self, key: tuple[str, str], ours: Ddl, theirs: str, facts: _Introspect) -> None:
        """Compare one: `key` is the database and the schema's name, `theirs` Migrate's SQL."""
        made: Facts | str
        try:
            made = facts([one.sql for one in ours.statements], ours.extensions)
        except RefusedError as error:
            made = str(error)
        try:
            expected = facts([theirs], ours.extensions)
        except RefusedError:
            self.refused[key] = not isinstance(made, str)
            return
        self.names.append(key[1])
        found = [made] if isinstance(made, str) else differences(made, expected)
        self.differences += [f"{key[1]}: {one}" for one in found]


_Introspect = Callable[[Sequence[str], Sequence[str]], Facts]


def compare(
    dialect: Dialect, facts: _Introspect, available: frozenset[str] = frozenset()
) -> Compared:
    """All schemas that Migrate takes for the database, whatever they were written for."""
    schemas: dict[str, Files] = {**own_schemas(), **accepted_schemas(), **real_schemas()}
    compared = Compared()
    for name, sql in ddl(schemas, dialect.value).items():
        if sql is None:
            continue  # its native types or its defaults belong to another database
        sources = [SourceFile(path, text) for path, text in schemas[name].items()]
        ours = written(PrismaLoader().load(sources, dialect=dialect).schema)
        if set(ours.extensions) <= available:
            compared.schema((dialect.value, name), ours, sql, facts)
    return compared


def expected_refusals(dialect: Dialect) -> dict[tuple[str, str], bool]:
    return {key: ours for key, ours in REFUSED.items() if key[0] == dialect.value}


def test_sqlite() -> None:
    compared = compare(Dialect.SQLITE, lambda statements, _: sqlite_facts(statements))
    assert "\n".join(compared.differences) == ""
    assert compared.refused == expected_refusals(Dialect.SQLITE)
    assert len(compared.names) >= 110
    assert len([name for name in compared.names if "@" in name]) >= 5


@pytest.mark.server
def test_postgresql() -> None:
    with postgresql() as database:
        compared = compare(Dialect.POSTGRESQL, database.facts, database.available())
    assert "\n".join(compared.differences) == ""
    assert compared.refused == expected_refusals(Dialect.POSTGRESQL)
    assert len(compared.names) >= 220
    assert len([name for name in compared.names if "@" in name]) >= 12
