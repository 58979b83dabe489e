"""The words that facts of a schema are told in: databases, layers, types, actions of foreign keys.

Part of the common AST: import them from `schemalint.model`.
"""

from __future__ import annotations

from enum import StrEnum


class Dialect(StrEnum):
    """A database whose behaviour the tool knows."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    MARIADB = "mariadb"
    SQLSERVER = "sqlserver"
    COCKROACHDB = "cockroachdb"
    MONGODB = "mongodb"


class Layer(StrEnum):
    """Who enforces a fact. `DATABASE` holds for every writer, `CLIENT` for those that go
    through the ORM (or that turn a check on for their connection), `SERVICE` for the
    service's own code alone.
    """

    DATABASE = "database"
    CLIENT = "client"
    SERVICE = "service"

    @property
    def strength(self) -> int:
        """3 for the database down to 1 for the service: a stronger layer has a greater number."""
        return {Layer.DATABASE: 3, Layer.CLIENT: 2, Layer.SERVICE: 1}[self]


class ScalarType(StrEnum):
    """The AST's own few types. A native type may narrow one: see `Field.native`."""

    STRING = "string"
    INT = "int"
    BIGINT = "bigint"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"
    JSON = "json"
    BYTES = "bytes"
    UUID = "uuid"
    ENUM = "enum"
    COMPOSITE = "composite"
    UNSUPPORTED = "unsupported"


class Action(StrEnum):
    """What a foreign key does to its rows when their parent is deleted or re-keyed."""

    CASCADE = "cascade"
    RESTRICT = "restrict"
    NO_ACTION = "no action"
    SET_NULL = "set null"
    SET_DEFAULT = "set default"
