"""Foreign keys: inside the table on SQLite, which cannot add them later; by ALTER TABLE elsewhere,
so that cycles are no matter."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.ddl.keys import deferral
from schemalint.ddl.result import Statement
from schemalint.ddl.target import Target
from schemalint.model import Action, ForeignKey, Layer, Model


def inline_foreign_keys(model: Model, columns: frozenset[str], target: Target) -> Iterator[str]:
    """The table's foreign keys, for CREATE TABLE of SQLite; `columns` are those that it has."""
    if target.sqlite:
        for key in model.foreign_keys:
            if _written(model, key, columns, target):
                yield _definition(key, target)


def added_foreign_keys(
    model: Model, columns: frozenset[str], target: Target
) -> Iterator[Statement]:
    """ALTER TABLE for each of the table's foreign keys, for every other database."""
    if not target.sqlite:
        for key in model.foreign_keys:
            if _written(model, key, columns, target):
                sql = f"ALTER TABLE {target.table(model)} ADD {_definition(key, target)}"
                yield Statement(sql, key.span)


def _written(model: Model, key: ForeignKey, columns: frozenset[str], target: Target) -> bool:
    """Whether the database has the key. On SQLite it has those that it only checks for who asks,
    but not those of `relationMode = "prisma"`, which have no name."""
    if not key.enforced:
        return False
    if key.layer is not Layer.DATABASE and not (
        target.sqlite and (key.name is not None or target.schema.language != "prisma")
    ):
        return False
    reason = None
    if not set(key.columns) <= columns:
        reason = "a column of it is left out"
    elif not target.has_table(key.schema, key.table) and not _dangles(target):
        reason = f"there is no table `{key.table}` in this schema"
    elif not target.has_columns(key.schema, key.table, key.references) and not _dangles(target):
        reason = "a column that it points at is left out"
    elif target.sqlite and key.schema != model.schema:
        reason = "no foreign key of SQLite leads to another database"
    if reason is None:
        return True
    name = f" `{key.name}`" if key.name else ""
    what = f"the foreign key{name} of `{model.table}`"
    target.omit(what, reason, key.span, model.table, key.table)
    return False


def _dangles(target: Target) -> bool:
    """Whether a key to a table that is not there is meant so: SQLite keeps it when the table is
    dropped, and lets nobody insert. Of models, the other table is merely in another file."""
    return target.sqlite and target.schema.language == "sql"


def _definition(key: ForeignKey, target: Target) -> str:
    name = f"CONSTRAINT {target.quoted(key.name)} " if key.name else ""
    references = f" ({target.listed(key.references)})" if key.references else ""
    some = ""
    if key.set_columns and key.on_delete in (Action.SET_NULL, Action.SET_DEFAULT):
        some = f" ({target.listed(key.set_columns)})"
    return (
        f"{name}FOREIGN KEY ({target.listed(key.columns)}) "
        f"REFERENCES {target.qualified(key.schema, key.table)}{references}"
        f"{' MATCH FULL' if key.match == 'full' else ''} "
        f"ON DELETE {key.on_delete.upper()}{some} ON UPDATE {key.on_update.upper()}"
        f"{deferral(key.deferrable)}"
    )
