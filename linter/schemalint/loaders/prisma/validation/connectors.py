"""What each of Prisma's connectors supports, as far as it decides whether a schema is accepted.

Facts are those of the official validator (checked against its releases 4.16 to 7.10 by the
differential tests); a capability that some release has is listed, so that a schema which any of
them accepts is accepted.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Scope = Literal[
    "index",
    "foreign key",
    "primary key, index",
    "primary key, foreign key, default",
    "model: index",
    "model: primary key, index",
    "model: primary key, index, foreign key",
]

_ALL_ACTIONS = frozenset({"Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"})
_EMULATED = frozenset({"Cascade", "Restrict", "NoAction", "SetNull"})
_EMULATED_WITHOUT_NO_ACTION = frozenset({"Cascade", "Restrict", "SetNull"})


class Connector(msgspec.Struct, frozen=True):
    """One connector.

    Attributes:
        provider: the value of `provider` in the datasource ("" where there is no datasource).
        title: the database's name for messages.
        max_name_length: longest name of a constraint, in bytes of UTF-8.
        scopes: sets of constraint kinds that share one namespace of names.
        actions: referential actions with foreign keys; `emulated_actions` those with
            relationMode = "prisma".
        index_types: values of `type:` in `@@index`.
        relation_modes: allowed values of `relationMode`; the first is the default.
        capabilities: words used by the checks (`scalar-lists`, `enums`, `json` ...).
    """

    provider: str
    title: str
    capabilities: frozenset[str]
    max_name_length: int = 1 << 30
    scopes: tuple[Scope, ...] = ()
    actions: frozenset[str] = _ALL_ACTIONS
    emulated_actions: frozenset[str] = _EMULATED
    index_types: frozenset[str] = frozenset({"BTree"})
    relation_modes: tuple[str, ...] = ("foreignKeys", "prisma")

    def can(self, capability: str) -> bool:
        """Whether the connector has the capability."""
        return capability in self.capabilities


NO_CONNECTOR = Connector(
    provider="",
    title="a schema without a datasource",
    capabilities=frozenset(
        {"autoincrement", "compound-ids", "enums", "json", "implicit-many-to-many"}
    ),
)


def _capabilities(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _postgresql() -> Connector:
    return Connector(
        provider="postgresql",
        title="PostgreSQL",
        capabilities=_capabilities(
            "autoincrement autoincrement-non-id autoincrement-many autoincrement-not-indexed "
            "compound-ids decimal enums implicit-many-to-many json json-lists multi-schema "
            "named-foreign-keys named-primary-keys any-reference-order scalar-lists partial-indexes"
        ),
        max_name_length=63,
        scopes=("primary key, index", "model: primary key, index, foreign key"),
        emulated_actions=_EMULATED_WITHOUT_NO_ACTION,
        index_types=frozenset({"BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"}),
    )


def _cockroachdb() -> Connector:
    return Connector(
        provider="cockroachdb",
        title="CockroachDB",
        capabilities=_capabilities(
            "autoincrement autoincrement-non-id autoincrement-many autoincrement-not-indexed "
            "compound-ids decimal enums implicit-many-to-many json multi-schema sequence "
            "named-foreign-keys named-primary-keys any-reference-order scalar-lists partial-indexes"
        ),
        max_name_length=63,
        scopes=("model: primary key, index, foreign key",),
        index_types=frozenset({"BTree", "Gin"}),
    )


def _mysql() -> Connector:
    return Connector(
        provider="mysql",
        title="MySQL",
        capabilities=_capabilities(
            "autoincrement autoincrement-non-id compound-ids decimal enums fulltext "
            "fulltext-many implicit-many-to-many index-length json named-foreign-keys "
            "any-reference-order shard-keys"
        ),
        max_name_length=64,
        scopes=("foreign key", "model: index"),
    )


def _sqlite() -> Connector:
    return Connector(
        provider="sqlite",
        title="SQLite",
        capabilities=_capabilities(
            "autoincrement compound-ids decimal enums implicit-many-to-many json "
            "any-reference-order partial-indexes"
        ),
        max_name_length=10_000,
        scopes=("index",),
        emulated_actions=_EMULATED_WITHOUT_NO_ACTION,
    )


def _sqlserver() -> Connector:
    return Connector(
        provider="sqlserver",
        title="SQL Server",
        capabilities=_capabilities(
            "autoincrement autoincrement-non-id autoincrement-many autoincrement-not-indexed "
            "clustering compound-ids cycles decimal implicit-many-to-many multi-schema "
            "named-defaults named-foreign-keys named-primary-keys primary-key-sort partial-indexes"
        ),
        max_name_length=128,
        scopes=("primary key, foreign key, default", "model: primary key, index"),
        actions=frozenset({"Cascade", "NoAction", "SetNull", "SetDefault"}),
    )


def _mongodb() -> Connector:
    return Connector(
        provider="mongodb",
        title="MongoDB",
        capabilities=_capabilities(
            "auto composite-types embedded-many-to-many enums fulltext fulltext-sort json "
            "json-lists any-reference-order scalar-lists"
        ),
        max_name_length=127,
        scopes=("model: index",),
        relation_modes=("prisma",),
    )


_MAKERS = {
    "postgresql": _postgresql,
    "postgres": _postgresql,
    "cockroachdb": _cockroachdb,
    "mysql": _mysql,
    "sqlite": _sqlite,
    "sqlserver": _sqlserver,
    "mongodb": _mongodb,
}
PROVIDERS = tuple(_MAKERS)


def connector_for(provider: str) -> Connector | None:
    """The connector that a datasource's `provider` names, or None."""
    maker = _MAKERS.get(provider)
    return maker() if maker else None
