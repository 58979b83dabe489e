"""The database schema (namespace) that a name without one belongs to, where there is one."""

from __future__ import annotations

from schemalint.model import Dialect

DEFAULT_SCHEMAS = {
    Dialect.POSTGRESQL: "public",
    Dialect.COCKROACHDB: "public",
    Dialect.SQLITE: "main",
    Dialect.SQLSERVER: "dbo",
}
