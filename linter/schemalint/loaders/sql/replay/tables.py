"""Tables: created, dropped, renamed, partitioned; their options."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Column as Definition
from schemalint.loaders.sql.clauses import (
    LikeClause,
    TableName,
    TableOptions,
    UnknownClause,
)
from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.replay import columns, constraints, copies
from schemalint.loaders.sql.replay.foreign_keys import apply_engine, refuse_collation
from schemalint.loaders.sql.replay.keys import Added, rank, without_redundant
from schemalint.loaders.sql.replay.renames import rename_table
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.replay.stored_rows import as_validated, of_new_table
from schemalint.loaders.sql.replay.views import remove_views_of
from schemalint.loaders.sql.statements import (
    AttachPartition,
    CreateTable,
    Drop,
    RenameTable,
    SetInherit,
    SetOptions,
    SetSchema,
)
from schemalint.model import Dialect


def create(replay: Replay, statement: CreateTable) -> None:
    """CREATE TABLE. A temporary table is none that rules speak of.

    Raises:
        RefusedError: there is such a table already, or something it needs does not exist.
    """
    catalog = replay.catalog
    name = statement.table
    if statement.temporary:
        replay.temporary.add((None, catalog.fold_table(name.name)))
        return
    key = catalog.key(name)
    there = catalog.tables.get(key)
    if there is not None:
        if statement.if_not_exists:
            return
        if not statement.replace:
            raise RefusedError(
                f"there is a table called `{name.name}` already", name.span, [there.name]
            )
        remove(replay, there)
    table = Table(name.name, catalog.schema_of(name), statement.span, name.span)
    # Somebody who writes IF NOT EXISTS reckons with a table that is there.
    table.filled = statement.if_not_exists or statement.query is not None
    table.collation = catalog.collation_in(table.schema)
    _set_options(table, statement.options)
    catalog.add_table(table)
    _fill(replay, table, statement)


def _fill(replay: Replay, table: Table, statement: CreateTable) -> None:
    """Elements in their order, then what the columns' constraints and the table's amount to. What
    the database would refuse of one is told, and the others are made all the same."""
    found: list[Added] = []
    for parent in statement.inherits:
        with replay.told(statement.span, table):
            copies.inherit(replay, table, parent)
    if statement.partition_of is not None:
        with replay.told(statement.span, table):
            copies.become_partition(replay, table, statement.partition_of)
            table.bound = statement.bound
    for element in statement.elements:
        if isinstance(element, Definition):
            with replay.told(element.span, table):
                _add_column(replay, table, element, found)
        elif isinstance(element, LikeClause):
            with replay.told(element.span, table):
                copies.take_like(replay, table, element)
        elif isinstance(element, UnknownClause):
            replay.unknown_clause(element, [table.name], removes=False)
        else:
            found.append((element, None))
    if statement.query is not None:
        copies.take_query(replay, table, statement.query)
    if replay.postgres_like or replay.sqlite:
        found = without_redundant(replay, table, found)
    for clause, column in sorted(found, key=lambda one: rank(one[0])):
        with replay.told(clause.span, table):
            constraints.add(replay, table, of_new_table(clause), column)
    if statement.partition_of is not None and table.partition_of is not None:
        copies.take_partition_keys(replay, table, table.partition_of)
        table.foreign_keys[:] = map(as_validated, table.foreign_keys)


def _add_column(
    replay: Replay,
    table: Table,
    definition: Definition,
    found: list[Added],
) -> None:
    """A column of a new table; one that is inherited already is merged with it."""
    folded = replay.catalog.fold(definition.name.text)
    inherited = table.columns.get(folded)
    if inherited is not None and not (table.parents or table.partition_of):
        raise RefusedError(
            f"the table `{table.name}` has two columns called `{inherited.name}`",
            definition.name.span,
            [table.name],
        )
    column, own = columns.define(replay, table, definition)
    if inherited is not None:
        column.type = column.type or inherited.type
        column.user_type = column.user_type or inherited.user_type
        column.nullable = column.nullable and inherited.nullable
        if column.default is None:
            column.default, column.default_span = inherited.default, inherited.default_span
    replay.catalog.set_column(table, column)
    found += own


def _set_options(table: Table, options: TableOptions) -> None:
    table.engine = options.engine or table.engine
    table.collation = options.collation or table.collation
    if options.comment is not None:
        table.comment = options.comment or None
    table.strict = table.strict or options.strict
    table.without_rowid = table.without_rowid or options.without_rowid
    table.partition_by = table.partition_by or options.partition_by
    table.partition_key = table.partition_key or options.partition_key


# -- drops


def drop(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP TABLE or DROP VIEW of one name.

    Raises:
        RefusedError: there is no such table, or a foreign key to it holds it there.
    """
    if replay.is_temporary(name):
        replay.temporary.discard((None, replay.catalog.fold_table(name.name)))
        return
    found = replay.catalog.table(name)
    kind = "view" if statement.kind == "view" else "model"
    if found is None or found.kind != kind:
        if statement.if_exists:
            return
        if kind == "model":
            raise replay.missing(name, harmless=True)
        message = f"there is no view `{name.name}` here"
        raise RefusedError(message, name.span, [name.name], harmless=True)
    rests = not (replay.sqlite or replay.mysql_like)
    if kind == "model" and rests:
        _let_go(replay, found, statement)
    remove(replay, found, cascade=rests and statement.cascade)


def _let_go(replay: Replay, table: Table, statement: Drop) -> None:
    """Foreign keys of other tables go with CASCADE, and hold the table there without it. Those
    of tables that the same statement drops do not count."""
    going = [replay.catalog.table(name) for name in statement.names]
    for other, _, key in replay.catalog.foreign_keys_to(table):
        if other is table or any(other is one for one in going):
            continue
        if not statement.cascade or replay.dialect is Dialect.SQLSERVER:
            raise RefusedError(
                f"`{table.name}` cannot be dropped: a foreign key of `{other.name}` refers to it",
                statement.span,
                [table.name, other.name],
                removes=True,
            )
        replay.catalog.remove_foreign_key(other, key)


def remove(replay: Replay, table: Table, *, cascade: bool = False) -> None:
    """Take `table` away, with its partitions and the tables that inherit from it; for `cascade`
    the views that read them go, too."""
    going = [table, *replay.catalog.descendants(table)]
    if cascade:
        remove_views_of(replay, going)
    for one in going:
        replay.catalog.remove_table(one)


# -- actions of ALTER TABLE


def rename(replay: Replay, table: Table, action: RenameTable) -> None:
    """RENAME TO; MySQL may name another schema.

    Raises:
        RefusedError: the name is taken.
    """
    schema = table.schema
    if action.name.schema is not None:
        schema = replay.catalog.schema_of(action.name)
    rename_table(replay, table, action.name.name, schema, action.name.span)


def set_schema(replay: Replay, table: Table, action: SetSchema) -> None:
    """SET SCHEMA.

    Raises:
        RefusedError: there is a table of that name in it.
    """
    name = TableName(name=table.name, schema=action.schema, span=action.span)
    rename_table(replay, table, table.name, replay.catalog.schema_of(name), action.span)


def set_options(replay: Replay, table: Table, action: SetOptions) -> None:
    """ENGINE, COMMENT, COLLATE; CONVERT TO CHARACTER SET, which alone reaches columns that are
    there.

    Raises:
        RefusedError: a foreign key needs a column as it is.
    """
    if action.convert:
        for column in table.columns.values():
            refuse_collation(replay, table, column, action.options.collation, action.span)
    _set_options(table, action.options)
    if action.convert:
        for column in table.columns.values():
            column.collation = action.options.collation
    if action.options.engine is not None:
        apply_engine(table)


def attach(replay: Replay, table: Table, action: AttachPartition) -> None:
    """ATTACH and DETACH PARTITION.

    Raises:
        RefusedError: there is no such table; but parts that functions make are not to be seen.
    """
    if (
        replay.catalog.table(action.partition) is None
        and table.partition_by
        and not action.attached
    ):
        return
    part = replay.table(action.partition)
    if action.attached:
        part.partition_of = table
        part.bound = action.bound
        table.children.append(part)
        copies.take_partition_keys(replay, part, table)
    else:
        part.partition_of = part.bound = None


def set_inherit(replay: Replay, table: Table, action: SetInherit) -> None:
    """INHERIT and NO INHERIT.

    Raises:
        RefusedError: there is no such table.
    """
    parent = replay.table(action.parent)
    if action.inherits:
        table.parents.append(parent)
        parent.children.append(table)
    else:
        table.parents[:] = [one for one in table.parents if one is not parent]
