"""The catalog as a `Schema`: the common AST of what the replay has left."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders.sql.build_fields import FieldBuilder, ignores_case
from schemalint.loaders.sql.catalog import Catalog
from schemalint.loaders.sql.dialect import can_say
from schemalint.loaders.sql.entries import Table, UserType
from schemalint.loaders.sql.families import (
    checks_of_all,
    columns_of_all,
    has_each_part,
    triggers_of,
)
from schemalint.loaders.sql.partitions import Bounds, may_gain_parts
from schemalint.loaders.sql.triggers.effect import Columns
from schemalint.loaders.sql.triggers.silenced import without_silenced
from schemalint.loaders.sql.triggers.understand import understand
from schemalint.model import (
    Dialect,
    Enum,
    EnumValue,
    Field,
    ForeignKey,
    Grant,
    Index,
    Model,
    ScalarType,
    Schema,
    Trigger,
    Unique,
)
from schemalint.source import SourceFile


def build_schema(catalog: Catalog, files: Sequence[SourceFile]) -> Schema:
    """The schema that the catalog amounts to, in the order in which its parts were made."""
    builder = _Builder(catalog, Bounds(catalog, gain=may_gain_parts(catalog, files)))
    models = [builder.model(table) for table in catalog.tables.values()]
    dialect = catalog.dialect
    if dialect is Dialect.SQLITE:
        models = without_silenced(models)
    return Schema(
        files=tuple(files),
        language="sql",
        dialect=dialect,
        models=tuple(models),
        enums=(*builder.enums, *builder.fields.enums),
        opaque=tuple(catalog.opaque),
        foreign_keys_enforced=dialect is not Dialect.SQLITE,
        can_say=can_say(dialect),
    )


class _Builder:
    def __init__(self, catalog: Catalog, bounds: Bounds) -> None:
        self._catalog = catalog
        self._bounds = bounds
        enums = [one for one in catalog.types.values() if one.kind == "enum"]
        names = _logical_names([(one.schema, one.name) for one in enums])
        self._names = _logical_names([(one.schema, one.name) for one in catalog.tables.values()])
        by_type = {id(one): names[one.schema, one.name] for one in enums}
        self.enums = [_enum(one, by_type[id(one)]) for one in enums]
        self.fields = FieldBuilder(catalog, by_type)

    def model(self, table: Table) -> Model:
        """The model of a table or a view."""
        name = self._names[table.schema, table.name]
        columns = columns_of_all(table, self._catalog)
        fields = tuple([self.fields.field(name, column) for column in columns])
        checks = checks_of_all(table, self._catalog)
        for column in columns:
            checks += column.checks
            if column.user_type is not None:
                checks += self.fields.domain_checks(column)
        texts = {field.column: field for field in fields if field.type is ScalarType.STRING}
        key = table.primary_key
        return Model(
            name,
            table.name,
            table.span,
            table.name_span,
            table.kind,
            table.schema,
            table.comment,
            False,
            fields,
            key if key is not None and has_each_part(table, key, self._catalog) else None,
            tuple(
                self._unique(one, texts)
                for one in table.uniques
                if has_each_part(table, one, self._catalog)
            ),
            tuple(
                one
                for one in table.indexes
                if not _is_implied(table, one) and has_each_part(table, one, self._catalog)
            ),
            tuple([self._foreign_key(one) for one in table.foreign_keys]),
            tuple(checks),
            tuple(table.exclusions),
            tuple(self._triggers(table)),
            tuple(self._grants(table)),
            strict=table.strict,
            inherits=tuple(_ancestors(table)),
            partition_of=None if table.partition_of is None else table.partition_of.name,
            without_rowid=table.without_rowid,
            partition_by=table.partition_by,
            bound=self._bounds.of(table),
        )

    # -- keys

    def _unique(self, unique: Unique, texts: dict[str, Field]) -> Unique:
        """`ignore_case` where every text member compares so: by its own collation (cases U10c,
        U10d) or by its column's."""
        dialect = self._catalog.dialect
        compared = [
            texts[part.column].ignore_case
            if part.collation is None
            else ignores_case(part.collation, dialect)
            for part in unique.parts
            if part.column in texts
        ]
        if compared and all(compared):
            return msgspec.structs.replace(unique, ignore_case=True)
        return unique

    def _foreign_key(self, key: ForeignKey) -> ForeignKey:
        """The target by its logical name; without columns, the target's primary key is meant. One
        that is not here is called with its schema, which another table of that name is not in."""
        catalog = self._catalog
        parent = catalog.tables.get(catalog.key_in(key.schema, key.table))
        if parent is None:
            whole = key.table if key.schema is None else f"{key.schema}.{key.table}"
            return msgspec.structs.replace(key, model=whole)
        references = key.references
        if not references and parent.primary_key is not None:
            meant = parent.primary_key.columns
            references = meant if len(meant) == len(key.columns) else ()
        return msgspec.structs.replace(
            key,
            table=parent.name,
            model=self._names[parent.schema, parent.name],
            references=references,
        )

    # -- triggers and grants

    def _triggers(self, table: Table) -> list[Trigger]:
        found = []
        columns = _columns(table) if table.kind == "model" else None
        for trigger, enabled in triggers_of(table, self._catalog):
            statement = trigger.statement
            function = None
            if statement.function is not None:
                function = self._catalog.function(statement.function)
            for one in understand(statement, function, self._catalog.dialect, columns):
                found.append(msgspec.structs.replace(one, enabled=enabled))
        return found

    def _grants(self, table: Table) -> list[Grant]:
        return [*table.grants, *self._catalog.grants_on(table)]


def _columns(table: Table) -> Columns:
    """The table's columns, as triggers see them."""
    columns = table.columns.values()
    return Columns(
        names=frozenset([one.name for one in columns]),
        computed=frozenset([one.name for one in columns if one.generated is not None]),
        numbered=frozenset([one.name for one in columns if one.counts is not None]),
    )


def _logical_names(
    pairs: Sequence[tuple[str | None, str]],
) -> dict[tuple[str | None, str], str]:
    """The name alone; with its schema where another schema has one of the same name."""
    count: dict[str, int] = {}
    for _, name in pairs:
        count[name] = count.get(name, 0) + 1
    return {
        (schema, name): f"{schema}.{name}" if schema and count[name] > 1 else name
        for schema, name in pairs
    }


def _ancestors(table: Table) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(table.parents)
    while waiting:
        parent = waiting.pop(0)
        if parent.name not in found:
            found[parent.name] = None
            waiting += parent.parents
    return list(found)


def _enum(kind: UserType, name: str) -> Enum:
    values = [EnumValue(value.text, value.text, value.span, value.span) for value in kind.values]
    return Enum(
        name, kind.name, tuple(values), kind.span, kind.name_span, kind.schema, doc=kind.comment
    )


def _is_implied(table: Table, index: Index) -> bool:
    """Whether an index is there only because a foreign key needs it; one that outlives its foreign
    key is an index like others (tried on MariaDB 10.11)."""
    return index.name in table.implied and any(
        index.columns[: len(key.columns)] == key.columns for key in table.foreign_keys
    )
