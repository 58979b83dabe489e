"""What the models know beyond their DDL, laid over the schema that the DDL amounts to.

Logical names, what annotations say of None, defaults and renewals by the client, relations, enums
that only the client knows, what the classes claim without telling the database, and what could not
be resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from schemalint.loaders.sql.lexer import is_postgres
from schemalint.loaders.sqlmodel.drafts import (
    ColumnDraft,
    Gap,
    RelationDraft,
    TableDraft,
    TypeDraft,
)
from schemalint.loaders.sqlmodel.emission.ddl_types import for_dialect, gets, is_native_enum
from schemalint.model import (
    Default,
    Dialect,
    Enum,
    EnumValue,
    Field,
    ForeignKey,
    Layer,
    Model,
    Opaque,
    Relation,
    ScalarType,
    Schema,
)

# What SQL can state and SQLAlchemy's models can write, too; triggers take `DDL` events.
_SAID = frozenset(
    (
        "unique",
        "index",
        "foreign-key",
        "check",
        "case-insensitive",
        "enum",
        "partial-unique",
        "deferred-foreign-key",
        "exclusion",
    )
)


def with_client_facts(
    schema: Schema, tables: Sequence[TableDraft], gaps: Sequence[Gap] = ()
) -> Schema:
    """`schema`, which the DDL of `tables` amounts to, as the models have it. `gaps` are what could
    not be told of the whole."""
    return _Overlay(schema, tables, gaps).schema()


class _Overlay:
    def __init__(self, schema: Schema, tables: Sequence[TableDraft], whole: Sequence[Gap]) -> None:
        self._schema = schema
        self._whole = whole
        self._drafts = {(table.schema, table.table): table for table in tables}
        self._names = _logical_names(tables)
        self._models = {(model.schema, model.table): model for model in schema.models}
        self._enums: dict[str, Enum] = {enum.name: enum for enum in schema.enums}
        self._column_enums: dict[tuple[str | None, str, str], str] = {}

    def schema(self) -> Schema:
        dialect = self._schema.dialect
        self._take_enums()
        models = []
        for model in self._schema.models:
            draft = self._drafts.get((model.schema, model.table))
            models.append(model if draft is None else self._model(model, draft))
        return msgspec.structs.replace(
            self._schema,
            language="sqlmodel",
            models=tuple(models),
            enums=tuple(self._enums.values()),
            opaque=(*self._schema.opaque, *self._gaps()),
            can_say=self._schema.can_say & _SAID if dialect is not None else _SAID,
        )

    # -- enums

    def _take_enums(self) -> None:
        """Enums by the name of their class, with the names of their members."""
        found: dict[str, Enum] = {}
        of_ddl: set[str] = set()
        for table in self._drafts.values():
            for column in table.columns:
                kind = for_dialect(column.type, self._schema.dialect)
                kind = kind.item if kind.item is not None and not kind.values else kind
                if not kind.values:
                    continue
                written = self._written_enum(table, column, kind)
                if written is not None:
                    of_ddl.add(written.name)
                layer = _refusing(kind, self._schema.dialect)
                own = str(kind.arguments.get("name") or f"{table.name}_{column.column}")
                # One class can be several types of the database, and a mere text elsewhere.
                for name in (kind.enum or own, own, f"{table.name}_{column.column}"):
                    made = _enum(name, written, kind, layer)
                    known = found.setdefault(name, made)
                    if self._is_same(known, made):
                        self._column_enums[table.schema, table.table, column.column] = name
                        break
        kept = {name: one for name, one in self._enums.items() if name not in of_ddl}
        self._enums = {**kept, **found}

    def _is_same(self, one: Enum, other: Enum) -> bool:
        """Whether two columns' enums are one: of the same values, which the same layer refuses,
        and the same type of the database where types have names."""
        values = [value.stored for value in one.values] == [value.stored for value in other.values]
        types = (one.schema, one.type) == (other.schema, other.type)
        named = is_postgres(self._schema.dialect) and one.layer is Layer.DATABASE
        return values and one.layer is other.layer and (types or not named)

    def _written_enum(self, table: TableDraft, column: ColumnDraft, kind: TypeDraft) -> Enum | None:
        """The enum that the DDL has for the column, if it has one."""
        model = self._models.get((table.schema, table.table))
        field = None if model is None else model.column(column.column)
        if field is None or field.enum is None:
            return None
        found = self._schema.enum(field.enum)
        return found if found is not None and kind.values else None

    # -- models

    def _model(self, model: Model, draft: TableDraft) -> Model:
        fields = {column.column: column for column in draft.columns}
        return msgspec.structs.replace(
            model,
            name=self._names[draft.schema, draft.table],
            doc=draft.doc or model.doc,
            fields=tuple(
                self._field(field, fields[field.column], model) if field.column in fields else field
                for field in model.fields
            ),
            foreign_keys=tuple(self._foreign_key(key) for key in model.foreign_keys),
            relations=tuple(self._relations(draft, model)),
            claims=draft.claims,
        )

    def _foreign_key(self, key: ForeignKey) -> ForeignKey:
        name = self._names.get((key.schema, key.table), key.model)
        return msgspec.structs.replace(key, model=name)

    def _field(self, field: Field, column: ColumnDraft, model: Model) -> Field:
        enum = self._column_enums.get((model.schema, model.table, field.column), field.enum)
        return msgspec.structs.replace(
            field,
            name=column.attribute,
            type=field.type if enum is None else ScalarType.ENUM,
            enum=enum,
            client_nullable=column.client_nullable,
            default=self._by_logical_name(field.default, enum) or _client_default(column),
            updated_at=field.updated_at or (Layer.CLIENT if column.on_update is not None else None),
            doc=column.doc or column.comment or field.doc,
            type_span=column.type_span or field.type_span,
            claims=column.claims,
        )

    def _by_logical_name(self, default: Default | None, enum: str | None) -> Default | None:
        """A default of the database that is an enum's value, as the enum's member."""
        if default is None or default.kind != "literal" or enum is None:
            return default
        logical = {value.stored: value.name for value in self._enums[enum].values}
        value = logical.get(default.value or "", default.value)
        return msgspec.structs.replace(default, value=value)

    # -- relations

    def _relations(self, draft: TableDraft, model: Model) -> Iterator[Relation]:
        targets = {table.name: table for table in self._drafts.values()}
        for relation in draft.relations:
            target = targets.get(relation.target)
            if target is None:
                continue
            yield Relation(
                name=relation.name,
                model=self._names[target.schema, target.table],
                many=relation.many,
                span=relation.span,
                name_span=relation.name_span,
                nullable=relation.nullable,
                columns=self._columns(relation, model, target),
                back=relation.back,
                through=relation.secondary,
            )

    def _columns(
        self, relation: RelationDraft, model: Model, target: TableDraft
    ) -> tuple[str, ...]:
        """This side's columns: of the foreign key to the target, if there is one to choose."""
        if relation.secondary is not None or relation.many or relation.from_parent:
            return ()
        keys = [
            key
            for key in model.foreign_keys
            if (key.schema, key.table) == (target.schema, target.table)
        ]
        if relation.foreign_keys:
            keys = [key for key in keys if set(key.columns) & set(relation.foreign_keys)]
        return keys[0].columns if len(keys) == 1 else ()

    # -- what is missing

    def _gaps(self) -> Iterator[Opaque]:
        for table in self._drafts.values():
            found = [*table.gaps, *(gap for column in table.columns for gap in column.gaps)]
            yield from self._opaque(found, (table.table,))
        yield from self._opaque(self._whole, ())

    def _opaque(self, gaps: Iterable[Gap], tables: tuple[str, ...]) -> Iterator[Opaque]:
        for gap in gaps:
            if gets(gap.only_on, self._schema.dialect):
                kind = "annotation" if gap.of_null else "expression"
                removes = gap.removes or gap.of_null
                yield Opaque(kind, gap.span.text, gap.reason, gap.span, tables, removes)


def _logical_names(
    tables: Sequence[TableDraft],
) -> dict[tuple[str | None, str], str]:
    """The class's name; the table's where two classes have the same."""
    count: dict[str, int] = {}
    for table in tables:
        count[table.name] = count.get(table.name, 0) + 1
    return {
        (table.schema, table.table): table.name if count[table.name] == 1 else table.table
        for table in tables
    }


def _refusing(kind: TypeDraft, dialect: Dialect | None) -> Layer:
    """Who refuses a value that the enum has not. SQLAlchemy stores any text, unless it is told to
    look (`validate_strings`), and fails when it reads the row."""
    if is_native_enum(kind, dialect):
        return Layer.DATABASE
    looks = kind.arguments.get("validate_strings") is True
    return Layer.CLIENT if looks else Layer.SERVICE


def _enum(name: str, written: Enum | None, kind: TypeDraft, layer: Layer) -> Enum:
    span = kind.enum_span or kind.span
    values = tuple(EnumValue(member, stored, at, at) for stored, member, at in kind.values)
    type_name = written.type if written is not None else str(kind.arguments.get("name") or name)
    schema = written.schema if written is not None else None
    return Enum(name, type_name, values, span, span, schema, layer)


def _is_same(one: Enum, other: Enum) -> bool:
    """Whether two columns of one enum store the same, and the same layer looks after it."""
    stored = [value.stored for value in one.values]
    return one.layer is other.layer and stored == [value.stored for value in other.values]


def _client_default(column: ColumnDraft) -> Default | None:
    default = column.default
    if default is None:
        return None
    return Default(Layer.CLIENT, default.kind, default.text, default.span, default.value)
