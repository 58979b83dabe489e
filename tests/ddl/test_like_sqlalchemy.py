"""Our DDL of published packages' models and what SQLAlchemy emitted for them at run time make the
same database.

The recorded DDL is CREATE TABLE alone: types and indexes are made of what was recorded beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from schemalint.ddl import written
from schemalint.model import Dialect, Schema
from tests.ddl.catalogs import Facts, differences, postgresql, sqlite_facts
from tests.loaders.sqlmodel.published import load, run_time
from tests.oracle.install import PYPI_MODELS

pytestmark = pytest.mark.oracle


# Found under other names: they hang on settings that are read while the package runs. The last
# points at a table of the other name, which is none that is known: a key to it is not written.
ELSEWHERE = {
    ("lnschema-core", name)
    for name in ("file_features", "folder_file", "project_folder", "run_in", "version_yvzi")
}


class Theirs:
    """What a package's tables are at run time, as statements for one database."""

    def __init__(self, package: str, dialect: Dialect) -> None:
        tables: dict[str, dict[str, Any]] = {}
        for metadata in run_time(package)["metadatas"]:
            for table in metadata["tables"].values():
                tables.setdefault(table["name"], table)
        self._dialect = dialect
        self.tables = {
            name: table
            for name, table in tables.items()
            if not table["ddl"][dialect.value].startswith("<")  # SQLAlchemy raised an error
        }

    def statements(self) -> list[str]:
        """In an order that a database takes: foreign keys last, where they can be."""
        if self._dialect is Dialect.SQLITE:
            return [*self._tables(), *self._indexes()]
        found, keys = [], []
        for sql in self._tables():
            head, *lines = sql.splitlines()
            named = head.removeprefix("CREATE TABLE ").removesuffix(" (")
            own = [line for line in lines if re.match(r"\s*(CONSTRAINT \S+ )?FOREIGN KEY", line)]
            rest = [line for line in lines if line not in own]
            found.append("\n".join([head, *rest]).replace(", \n)", "\n)"))
            keys += [f"ALTER TABLE {named} ADD {line.strip().rstrip(', ')}" for line in own]
        return [*self._schemas(), *self._types(), *found, *self._indexes(), *keys]

    def _tables(self) -> list[str]:
        statements = [table["ddl"][self._dialect.value] for table in self.tables.values()]
        if self._dialect is not Dialect.SQLITE:
            return statements
        # SQLite's database `main` alone is there: without the names of others.
        return [re.sub(r"(CREATE TABLE|REFERENCES) \w+\.", r"\1 ", one) for one in statements]

    def _indexes(self) -> list[str]:
        return [sql for table in self.tables.values() for sql in self._indexes_of(table)]

    def _schemas(self) -> list[str]:
        names = {table["schema"] for table in self.tables.values() if table["schema"]}
        return [f'CREATE SCHEMA "{name}"' for name in sorted(names)]

    def _types(self) -> Iterator[str]:
        seen = set()
        for table in self.tables.values():
            for column in table["columns"]:
                enum = column["type"].get("enum")
                if enum and enum["native_enum"] and enum["name"] not in seen:
                    seen.add(enum["name"])
                    labels = ", ".join("'" + one.replace("'", "''") + "'" for one in enum["labels"])
                    schema = f"{enum['schema']}." if enum["schema"] else ""
                    yield f"CREATE TYPE {schema}{enum['name']} AS ENUM ({labels})"

    def _indexes_of(self, table: dict[str, Any]) -> Iterator[str]:
        for index in table["indexes"]:
            unique = "UNIQUE " if index["unique"] else ""
            using = where = ""
            members = [one.replace(":to_tsvector_1", "'english'") for one in index["columns"]]
            options = index["dialect"]
            predicate = options.get(f"{self._dialect.value}_where")
            if predicate:
                where = f" WHERE {predicate}"
            if self._dialect is Dialect.POSTGRESQL:
                using = f" USING {options.get('postgresql_using', 'btree')}"
                classes = re.findall(r"'(\w+)': '(\w+)'", options.get("postgresql_ops", ""))
                members = [f"{one} {dict(classes).get(one, '')}" for one in members]
            if not index["has_expression"]:
                members = [re.sub(r"^(\w+)", r'"\1"', one) for one in members]
            name = table["name"]
            if table["schema"] and self._dialect is Dialect.POSTGRESQL:
                name = f'{table["schema"]}"."{name}'
            yield (
                f'CREATE {unique}INDEX "{index["resolved_name"]}" ON "{name}"{using} '
                f"({', '.join(members)}){where}"
            )


def doubtful(schema: Schema) -> set[str]:
    """The tables of which something is said not to be known."""
    tables = {model.table for model in schema.models}
    return {table for opaque in schema.opaque for table in opaque.tables or tables}


def of_table(facts: Facts, table: str) -> Facts:
    """The facts of one table, without those of its indexes' own names."""
    return {
        path: fact
        for path, fact in facts.items()
        if re.match(rf'(\w+\.)?"?{re.escape(table)}"?(?![\w"])', path.removeprefix("table "))
    }


def compare(package: str, dialect: Dialect, facts: Any) -> tuple[list[str], int]:
    """The differences of all tables of which nothing is doubtful, and how many there are.

    What a database refuses of both is the same: nothing.
    """
    schema = load(package, dialect).schema
    theirs = Theirs(package, dialect)
    ours = written(schema, dialect)
    expected = facts(theirs.statements(), ours.extensions, {})
    made = facts([one.sql for one in ours.statements], ours.extensions, {})
    unsure = doubtful(schema)
    found, compared = [], 0
    for table in theirs.tables:
        if table in unsure or (package, table) in ELSEWHERE:
            continue
        compared += 1
        found += [
            f"{package}: {one}"
            for one in differences(of_table(made, table), of_table(expected, table))
        ]
    return found, compared


def of_all(dialect: Dialect, facts: Any) -> tuple[str, int]:
    """The differences of all packages, one a line, and how many tables were compared."""
    found, tables = [], 0
    for package in PYPI_MODELS:
        differing, count = compare(package, dialect, facts)
        found += differing
        tables += count
    return "\n".join(found), tables


def test_sqlite() -> None:
    def facts(statements: list[str], _: object, refused: dict[str, str]) -> Facts:
        return sqlite_facts(statements, refused)

    differing, tables = of_all(Dialect.SQLITE, facts)
    assert differing == ""
    assert tables >= 260


@pytest.mark.server
def test_postgresql() -> None:
    with postgresql() as database:
        differing, tables = of_all(Dialect.POSTGRESQL, database.facts)
    assert differing == ""
    assert tables >= 260
