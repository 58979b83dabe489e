"""Primary keys, unique constraints, indexes and exclusions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemalint.ddl.checks import names_others
from schemalint.ddl.columns import is_inline_key
from schemalint.ddl.result import Statement
from schemalint.ddl.target import Target
from schemalint.model import (
    Exclusion,
    Index,
    KeyPart,
    Layer,
    Model,
    PrimaryKey,
    Unique,
)

_TEXT = re.compile(r"'((?:[^']|'')*)'")
_MYSQL_KINDS = {"fulltext": "FULLTEXT ", "spatial": "SPATIAL "}


class KeyWriter:
    """Writes the keys of one table; `columns` are those of its columns that are written."""

    def __init__(self, model: Model, columns: frozenset[str], target: Target) -> None:
        self._model = model
        self._columns = columns
        self._target = target

    # -- inside CREATE TABLE

    def constraints(self) -> Iterator[str]:
        """The keys that are constraints of the table. On MySQL all of them are made with it: a
        column that counts up needs its key at once."""
        target, model = self._target, self._model
        key = model.primary_key
        if key is not None and key.layer is Layer.DATABASE and self._possible("primary key", key):
            field = model.column(key.columns[0]) if len(key.columns) == 1 else None
            if not (target.sqlite and field is not None and is_inline_key(model, field)):
                yield (
                    f"{self._named(key.name)}PRIMARY KEY ({self._parts(key.parts)})"
                    f"{deferral(key.deferrable)}"
                )
        for unique in model.uniques:
            if target.mysql and self._written(unique):
                yield f"UNIQUE INDEX {self._mysql_name(unique.name)}({self._parts(unique.parts)})"
            elif not unique.index and not self._is_repeated(unique) and self._written(unique):
                yield self._unique(unique)
        for index in model.indexes if target.mysql else ():
            if self._possible("index", index):
                kind = _MYSQL_KINDS.get(index.type, "")
                method = " USING HASH" if index.type == "hash" else ""
                name = self._mysql_name(index.name)
                yield f"{kind}INDEX {name}({self._parts(index.parts)}){method}"
        for exclusion in model.exclusions:
            if target.postgresql and self._possible("exclusion", exclusion):
                yield self._exclusion(exclusion)

    def _unique(self, unique: Unique) -> str:
        return (
            f"{self._named(unique.name)}UNIQUE {_nulls(unique)}"
            f"({self._parts(unique.parts)}){deferral(unique.deferrable)}"
        )

    def _is_repeated(self, unique: Unique) -> bool:
        """Whether the table has a key of the same columns before it. PostgreSQL makes one of them
        where both are made with the table (`transformIndexConstraints` of its parser)."""
        if not self._target.postgresql:
            return False
        for key in self._model.keys:
            if key is unique:
                return False
            if key.columns == unique.columns and not (isinstance(key, Unique) and key.index):
                return True
        return False

    def _exclusion(self, exclusion: Exclusion) -> str:
        members = ", ".join(
            f"{self._part(part)} WITH {operator}"
            for part, operator in zip(exclusion.parts, exclusion.operators, strict=True)
        )
        where = f" WHERE ({exclusion.where})" if exclusion.where is not None else ""
        return (
            f"{self._named(exclusion.name)}EXCLUDE USING {exclusion.type} ({members}){where}"
            f"{deferral(exclusion.deferrable)}"
        )

    # -- by themselves

    def indexes(self) -> Iterator[Statement]:
        """CREATE INDEX for each key and index that is no constraint."""
        target, model = self._target, self._model
        if target.mysql:
            return
        for unique in model.uniques:
            if unique.index and self._written(unique):
                yield self._index(unique, "UNIQUE INDEX", "")
            elif not unique.index and self._is_repeated(unique) and self._written(unique):
                sql = f"ALTER TABLE {target.table(model)} ADD {self._unique(unique)}"
                yield Statement(sql, unique.span)
        for index in model.indexes:
            if self._possible("index", index):
                yield self._index(index, "INDEX", index.type)

    def _index(self, index: Unique | Index, kind: str, method: str) -> Statement:
        target = self._target
        name = f" {target.quoted(index.name)}" if index.name else ""
        using = f" USING {method}" if target.postgresql and method not in ("", "btree") else ""
        nulls = f" {_nulls(index).rstrip()}" if isinstance(index, Unique) and _nulls(index) else ""
        where = f" WHERE {index.where}" if index.where is not None else ""
        return Statement(
            f"CREATE {kind}{name} ON {target.table(self._model)}{using} "
            f"({self._parts(index.parts)}){nulls}{where}",
            index.span,
        )

    # -- whether it can be

    def _written(self, unique: Unique) -> bool:
        return unique.layer is Layer.DATABASE and self._possible("unique key", unique)

    def _possible(self, kind: str, key: PrimaryKey | Unique | Index | Exclusion) -> bool:
        """Whether the database can have it; told where it cannot."""
        target = self._target
        reason = None
        columns = {part.column for part in key.parts if part.column is not None}
        told = [part.expression for part in key.parts] + [getattr(key, "where", None)]
        if not columns <= self._columns:
            reason = "a column of it is left out"
        elif any(one and names_others(one, self._model, self._columns) for one in told):
            reason = "a column that it reads is left out"
        elif not target.postgresql and isinstance(key, Unique) and key.nulls == "equal":
            reason = f"{target.dialect} takes no two NULLs for the same"
        elif target.mysql and getattr(key, "where", None) is not None:
            reason = f"{target.dialect} has no partial indexes"
        elif not target.mysql and isinstance(key, Index) and key.type in _MYSQL_KINDS:
            reason = f"{target.dialect} has no {key.type} indexes"
        if reason is None:
            return True
        name = f" `{key.name}`" if key.name else ""
        target.omit(
            f"the {kind}{name} of `{self._model.table}`", reason, key.span, self._model.table
        )
        return False

    # -- pieces

    def _named(self, name: str | None) -> str:
        return f"CONSTRAINT {self._target.quoted(name)} " if name else ""

    def _mysql_name(self, name: str | None) -> str:
        return f"{self._target.quoted(name)} " if name else ""

    def _parts(self, parts: Sequence[KeyPart]) -> str:
        return ", ".join(self._part(part) for part in parts)

    def _part(self, part: KeyPart) -> str:
        target = self._target
        literal = _TEXT.fullmatch(part.expression or "")
        if literal is not None and target.sqlite:
            # SQLite takes a name that is none of a column for a text (case U51), and no text.
            text = target.quoted(literal[1].replace("''", "'"))
        elif part.column is None:
            text = f"({part.expression})"
        else:
            text = target.quoted(part.column)
            if target.mysql and part.length is not None:
                text += f"({part.length})"
        if part.collation is not None and not target.mysql:
            text += f" COLLATE {target.quoted(part.collation)}"
        if part.operator_class is not None and target.postgresql:
            text += f" {part.operator_class}"
        return text + (" DESC" if part.descending else "")


def deferral(deferrable: str | None) -> str:
    """When a constraint is checked, for behind its definition."""
    return f" DEFERRABLE INITIALLY {deferrable.upper()}" if deferrable else ""


def _nulls(unique: Unique) -> str:
    return "NULLS NOT DISTINCT " if unique.nulls == "equal" else ""
