"""What the datasource block decides: the database, and how Prisma treats it.

Facts about Migrate and the client are from the documentation pages "Prisma schema reference",
"Relation mode" and "Referential actions"; those about names and types were observed in the SQL
that Migrate emits (PostgreSQL, SQLite, CockroachDB) or read in the documentation (the others).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemalint.loaders.prisma.syntax import BlockNode
from schemalint.model import Dialect

PROVIDERS = {
    "postgresql": Dialect.POSTGRESQL,
    "postgres": Dialect.POSTGRESQL,
    "mysql": Dialect.MYSQL,
    "sqlite": Dialect.SQLITE,
    "sqlserver": Dialect.SQLSERVER,
    "cockroachdb": Dialect.COCKROACHDB,
    "mongodb": Dialect.MONGODB,
}

# The longest identifier that Migrate makes, in bytes of UTF-8.
_IDENTIFIER_LIMITS = {
    Dialect.POSTGRESQL: 63,
    Dialect.COCKROACHDB: 63,
    Dialect.MYSQL: 64,
    Dialect.MARIADB: 64,
    Dialect.SQLSERVER: 128,
    Dialect.MONGODB: 127,
    Dialect.SQLITE: 10_000,
}

_POSTGRES_LIKE = (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB)
_MYSQL_LIKE = (Dialect.MYSQL, Dialect.MARIADB)
_NO_ENUM_TYPE = (Dialect.SQLITE, Dialect.SQLSERVER, Dialect.MONGODB)
_PARTIAL_INDEXES = (
    Dialect.POSTGRESQL,
    Dialect.COCKROACHDB,
    Dialect.SQLITE,
    Dialect.SQLSERVER,
)


class Target(msgspec.Struct, frozen=True):
    """The database that a schema is built for.

    Attributes:
        dialect: None where no datasource names one; everything is then as on PostgreSQL, save
            that physical types are unknown.
        native_prefix: the datasource's name, which opens its native type attributes (`db`).
        written_for: the dialect that the file itself names; its native types are written for it.
        relations_in_client: relationMode = "prisma": no foreign keys in the database.
    """

    dialect: Dialect | None
    native_prefix: str = "db"
    written_for: Dialect | None = None
    relations_in_client: bool = False

    @property
    def identifier_limit(self) -> int:
        """The longest identifier, in bytes."""
        return _IDENTIFIER_LIMITS.get(self.dialect, 63) if self.dialect else 63

    @property
    def postgres_like(self) -> bool:
        """PostgreSQL's behaviour: PostgreSQL, CockroachDB, or no dialect named."""
        return self.dialect in _POSTGRES_LIKE

    @property
    def mysql_like(self) -> bool:
        """MySQL or MariaDB."""
        return self.dialect in _MYSQL_LIKE

    @property
    def enums_in_database(self) -> bool:
        """Whether an enum becomes a type that the database checks."""
        return self.dialect not in _NO_ENUM_TYPE

    @property
    def foreign_keys_enforced(self) -> bool:
        """Whether the database checks foreign keys of every connection.

        SQLite does so only on connections that switched them on (case series on foreign keys
        of the observed outcomes; documentation page "SQLite Foreign Key Support").
        """
        return not self.relations_in_client and self.dialect is not Dialect.SQLITE

    @property
    def names_primary_keys(self) -> bool:
        """Whether a primary key has a name of its own there."""
        return self.postgres_like or self.dialect is Dialect.SQLSERVER

    @property
    def join_table_has_primary_key(self) -> bool:
        """Whether an implicit join table's pair is its primary key (since Prisma 6, PostgreSQL
        only) and not a unique index over two NOT NULL columns."""
        return self.dialect in (None, Dialect.POSTGRESQL)

    @property
    def can_say(self) -> frozenset[str]:
        """What Prisma's schema language can state for this database, by construct."""
        words = {"unique", "index"}
        if self.enums_in_database:
            words.add("enum")
        if not self.relations_in_client:
            words.add("foreign-key")
        if self.dialect in _PARTIAL_INDEXES:
            words.add("partial-unique")
        if self.dialect in (Dialect.POSTGRESQL, Dialect.SQLSERVER) or self.mysql_like:
            words.add("case-insensitive")
        return frozenset(words)


def target_of(blocks: Iterable[BlockNode], override: Dialect | None) -> Target:
    """The target that the first datasource block names, `override` coming before it."""
    provider = mode = None
    prefix = "db"
    for block in blocks:
        if block.keyword == "datasource":
            prefix = block.name
            for setting in block.settings:
                if setting.key == "provider":
                    value = setting.value
                    if value.kind == "array" and value.items:  # Prisma before 2.22
                        value = value.items[0]
                    provider = value.text if value.kind == "string" else None
                elif setting.key in ("relationMode", "referentialIntegrity"):
                    mode = setting.value.text
            break
    written_for = PROVIDERS.get(provider or "")
    dialect = override or written_for
    return Target(
        dialect=dialect,
        native_prefix=prefix,
        written_for=written_for,
        relations_in_client=mode == "prisma" or dialect is Dialect.MONGODB,
    )
