"""Foreign keys: added, and found by what they refer to."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemalint.loaders.sql.clauses import ForeignKeyClause
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.replay.automatic_names import (
    mysql_index_name,
    numbered,
)
from schemalint.loaders.sql.replay.constraint_names import automatic_name, note_name, refuse_taken
from schemalint.loaders.sql.replay.indexes import index_taken
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.replay.stored_rows import may_have_rows
from schemalint.model import Action, Dialect, ForeignKey, Index, KeyPart, Layer, PrimaryKey, Unique
from schemalint.source import Span

_WITH_FOREIGN_KEYS = ("innodb", "ndb", "ndbcluster", "pbxt")


def add_foreign_key(replay: Replay, table: Table, clause: ForeignKeyClause) -> None:
    refuse_taken(replay, table, clause.name, clause.span)
    columns = tuple([replay.column(table, one.text, one.span).name for one in clause.columns])
    references = tuple([name.text for name in clause.references])
    parent = replay.catalog.table(clause.table)
    schema = replay.catalog.schema_of(clause.table)
    parent_name = clause.table.name
    if parent is not None:
        parent_name, schema = parent.name, parent.schema
        references = _parent_columns(replay, parent, clause)
        if not references and replay.mysql_like:  # the columns of the same names (tried)
            references = tuple(
                [replay.column(parent, one.text, one.span).name for one in clause.columns]
            )
        elif not references and parent.primary_key is not None and not replay.sqlite:
            references = parent.primary_key.columns
    elif not (replay.sqlite or replay.mysql_like):
        # The key itself is understood: nothing but the parent is missing. SQLite takes a parent
        # that comes later, MySQL with its checks off.
        replay.refused(replay.missing(clause.table, harmless=True), clause.span)
        if replay.is_provided(clause.table) and not references and len(columns) == 1:
            references = ("id",)  # the key of `auth.users`, `storage.buckets` and their like
    if references and len(references) != len(columns):
        raise RefusedError(
            f"the foreign key has {len(columns)} columns and refers to {len(references)}",
            clause.span,
            [table.name],
        )
    name = clause.name
    if name is None and replay.postgres_like:
        name = automatic_name(replay, table, columns, "fkey", relation=False)
    elif name is None and replay.mysql_like:
        name = numbered(f"{table.name}_ibfk_", [one.name for one in table.foreign_keys])
    engine_checks = table.engine is None or table.engine.lower() in _WITH_FOREIGN_KEYS
    ignored = clause.inline and replay.dialect is Dialect.MYSQL  # documented; case F04d for MariaDB
    replay.catalog.add_foreign_key(
        table,
        ForeignKey(
            name,
            columns,
            parent_name,
            parent_name,
            references,
            clause.span,
            clause.on_delete or Action.NO_ACTION,
            clause.on_update or Action.NO_ACTION,
            clause.on_delete_span,
            clause.on_update_span,
            "full" if clause.match == "full" and replay.postgres_like else "simple",
            clause.deferrable,
            clause.set_columns,
            schema,
            Layer.CLIENT if replay.sqlite else Layer.DATABASE,
            clause.enforced and engine_checks and not ignored,
            clause.validated or not may_have_rows(replay, table, clause.span),
        ),
    )
    note_name(replay, table, name)
    if replay.mysql_like and not ignored:
        _imply_index(replay, table, columns, clause, implied=engine_checks)


def apply_engine(table: Table) -> None:
    """No foreign key outlives a move to an engine that has none (case F04e)."""
    if table.engine is not None and table.engine.lower() not in _WITH_FOREIGN_KEYS:
        table.foreign_keys[:] = [
            msgspec.structs.replace(one, enforced=False) for one in table.foreign_keys
        ]


def refuse_collation(
    replay: Replay, table: Table, column: Column, collation: str | None, span: Span
) -> None:
    """MySQL and MariaDB keep the columns of both sides of a foreign key comparable.

    MariaDB refuses so also with FOREIGN_KEY_CHECKS = 0 (observed on 10.11); MySQL does not
    (manual, "Server System Variables").

    Raises:
        RefusedError: a foreign key needs `column` to compare as it does.
    """
    old, new = _known_collation(column.collation), _known_collation(collation)
    if old is None or new is None or old == new or not _is_text(column):
        return
    if replay.dialect is Dialect.MYSQL and not replay.checks_keys(span):
        return
    own = [(table, one) for one in table.foreign_keys if column.name in one.columns]
    others = [
        (other, one)
        for other, _, one in replay.catalog.foreign_keys_to(table)
        if column.name in one.references
    ]
    for other, key in (*own, *others):
        if key.enforced:
            of = "" if other is table else f" of `{other.name}`"
            raise RefusedError(
                f"`{table.name}.{column.name}` cannot get the collation {collation}: the foreign "
                f"key `{key.name}`{of} needs it as it is",
                span,
                [table.name, other.name],
                removes=True,
            )


def _known_collation(name: str | None) -> str | None:
    return None if name is None else name.lower().replace("utf8mb3_", "utf8_")


def _is_text(column: Column) -> bool:
    name = "" if column.type is None else column.type.name
    return name in ("ENUM", "SET") or "CHAR" in name or "TEXT" in name


def _parent_columns(replay: Replay, parent: Table, clause: ForeignKeyClause) -> tuple[str, ...]:
    names = []
    for one in clause.references:
        column = replay.catalog.column(parent, one.text)
        if column is None and not replay.sqlite:
            column = replay.column(parent, one.text, one.span)
        names.append(one.text if column is None else column.name)
    return tuple(names)


def _imply_index(
    replay: Replay,
    table: Table,
    columns: tuple[str, ...],
    clause: ForeignKeyClause,
    *,
    implied: bool,
) -> None:
    """InnoDB makes an index for a foreign key whose columns lead none, and drops it again for one
    that is made later (MySQL manual, "FOREIGN KEY Constraints"). Other engines make the index
    and no foreign key (case F04e)."""
    keys = [*table.uniques, *table.indexes]
    leading = [key.columns[: len(columns)] for key in keys if len(key.columns) == len(key.parts)]
    if table.primary_key is not None:
        leading.append(table.primary_key.columns[: len(columns)])
    if columns in leading:
        return
    parts = tuple([KeyPart(clause.span, column) for column in columns])
    name = clause.name or mysql_index_name(columns[0], index_taken(replay, table, parts))
    table.indexes.append(Index(name, parts, clause.span))
    if implied:
        table.implied.add(name)


def foreign_keys_to(
    replay: Replay, table: Table, keys: Iterable[PrimaryKey | Unique]
) -> list[tuple[Table, ForeignKey]]:
    """The foreign keys, of any table, that rely on one of `keys` and on no other key."""
    gone = list(keys)
    columns = [frozenset(key.columns) for key in gone]
    others = [
        frozenset(key.columns)
        for key in (table.primary_key, *table.uniques)
        if key is not None and not any(key is one for one in gone)
    ]
    wanted = [one for one in columns if one not in others]
    if not wanted:
        return []
    return [
        (other, one)
        for other, _, one in replay.catalog.foreign_keys_to(table)
        if frozenset(one.references) in wanted
    ]
