"""Our DDL of Prisma's schemas for MySQL builds on MariaDB, and MariaDB has what the AST says.

There is nothing official to hold it against: the tools that emit Migrate's SQL here know no MySQL.
"""

from __future__ import annotations

import msgspec
import pytest

from schemalint.ddl import written
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect, Layer, Schema
from schemalint.source import SourceFile
from tests.loaders.sql import databases
from tests.loaders.sql.schema_facts import differences, schema_facts
from tests.oracle.schemas import Files, accepted_schemas, real_schemas

pytestmark = [pytest.mark.oracle, pytest.mark.server]


def schemas_for_mysql() -> dict[str, Schema]:
    """Those that name MySQL themselves."""
    found = {}
    every: dict[str, Files] = {**accepted_schemas(), **real_schemas()}
    for name, files in every.items():
        loaded = PrismaLoader().load([SourceFile(path, text) for path, text in files.items()])
        if loaded.schema.dialect is Dialect.MYSQL and loaded.schema.models:
            found[name] = loaded.schema
    return found


def differing(schema: Schema) -> list[str]:
    ddl = written(schema, Dialect.MARIADB)
    with databases.mariadb() as database:
        for statement in ddl.statements:
            error = database.run(statement.sql)
            if error is not None:
                return [f"{error}: {statement.sql}"]
        said = database.normalised(schema_facts(of_database(schema)))
        return differences(said, database.facts())


def of_database(schema: Schema) -> Schema:
    """Without what only the client does, and unsupported types in MariaDB's own letters."""
    models = []
    for model in schema.models:
        fields = []
        for field in model.fields:
            default = field.default
            if default is not None and default.layer is not Layer.DATABASE:
                default = None
            native = field.native.upper() if field.unsupported else field.native
            renewed = field.updated_at if field.updated_at is Layer.DATABASE else None
            fields.append(
                msgspec.structs.replace(field, default=default, native=native, updated_at=renewed)
            )
        keys = tuple(key for key in model.foreign_keys if key.layer is Layer.DATABASE)
        models.append(msgspec.structs.replace(model, fields=tuple(fields), foreign_keys=keys))
    return msgspec.structs.replace(schema, models=tuple(models))


def test_mariadb_has_what_the_schema_says() -> None:
    schemas = schemas_for_mysql()
    found = {name: lines for name, schema in schemas.items() if (lines := differing(schema))}
    assert found == {}
    assert len(schemas) >= 30
