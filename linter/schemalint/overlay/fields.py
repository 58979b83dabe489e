"""Columns: what the database makes of each field, and where the schema says something else."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from schemalint.finding import Related
from schemalint.model import Default, Dialect, Field, Layer, Model
from schemalint.overlay.drift import TO_AGREE, TO_DECLARE, TO_MIGRATE, Drift
from schemalint.overlay.names import Names, free_name
from schemalint.overlay.same_default import in_database, is_open, may_differ, same_default
from schemalint.overlay.same_type import same_type


class FieldOverlay:
    """Lays the columns of the migrations over the fields of one model.

    `enums` gives for the name of an enum of the migrations the enum of the schema.
    """

    def __init__(
        self, names: Names, dialect: Dialect | None, enums: Mapping[str, str], drift: Drift
    ) -> None:
        self._names = names
        self._dialect = dialect
        self._enums = enums
        self._drift = drift

    def fields(self, declared: Model, migrated: Model, *, told: bool) -> tuple[Field, ...]:
        """The fields of `declared` with what the columns of `migrated` are, then the columns that
        only the migrations know. Differences are told unless not `told`."""
        columns = self._names.columns(migrated)
        found: list[Field] = []
        for field in declared.fields:
            column = columns.pop(self._names.fold(field.column), None)
            if column is None:
                found.append(field)  # no row has it: whatever is said of it holds
                if told and not field.ignored:
                    self._missing(declared, migrated, field)
            else:
                found.append(self._field(field, column))
                if told and not field.ignored:
                    self._differences(declared, field, column)
        taken = {field.name for field in found} | {one.name for one in declared.relations}
        for column in columns.values():
            found.append(self._unknown_to_client(column, taken))
            taken.add(found[-1].name)
            if told:
                self._undeclared(declared, column)
        return tuple(found)

    def unknown_table(self, model: Model) -> tuple[Field, ...]:
        """The fields of a table that the schema does not know."""
        return tuple([self._with_enum(field) for field in model.fields])

    # -- what the database has

    def _field(self, field: Field, column: Field) -> Field:
        """The field as the database has its column; the very same where both sides agree."""
        default = field.default
        if is_open(default):
            default = column.default
        elif not same_default(field, column):
            default = in_database(column.default) or _of_client(field.default)
        elif may_differ(field, column):
            default = column.default
        result = msgspec.structs.replace(
            field,
            nullable=column.nullable,
            nullable_span=(column.nullable_span or column.span)
            if column.nullable != field.nullable
            else field.nullable_span,
            default=default,
            generated=column.generated,
            updated_at=column.updated_at or field.updated_at,
            ignore_case=column.ignore_case,
            collation=column.collation,
        )
        enum = field.enum
        if column.enum is not None:
            enum = self._enums.get(column.enum, column.enum)
        known_at_last = field.unsupported is not None and column.unsupported is None
        untyped = bool(field.native) and not column.native
        if same_type(field, column, self._dialect) and not known_at_last and not untyped:
            native = column.native if self._dialect is Dialect.SQLITE else field.native
            if native != field.native or (column.enum is not None and enum != field.enum):
                return msgspec.structs.replace(result, enum=enum, native=native)
            return result
        return msgspec.structs.replace(
            result,
            type=column.type,
            type_span=column.type_span,
            native=column.native,
            enum=enum if column.enum is not None else None,
            list=column.list,
            unsupported=column.unsupported,
        )

    def _with_enum(self, column: Field) -> Field:
        if column.enum is None or column.enum not in self._enums:
            return column
        return msgspec.structs.replace(column, enum=self._enums[column.enum])

    def _unknown_to_client(self, column: Field, taken: set[str]) -> Field:
        name = free_name(column.name, taken)
        return msgspec.structs.replace(self._with_enum(column), name=name, ignored=True)

    # -- what differs

    def _missing(self, model: Model, migrated: Model, field: Field) -> None:
        self._drift.tell(
            f"{model.name}.{field.name}",
            f"no migration gives the table `{migrated.table}` a column `{field.column}`: the "
            "database does not have it",
            field.name_span,
            Related("the table is made here", migrated.name_span),
            help=TO_MIGRATE,
            name=migrated.table,
        )

    def _undeclared(self, model: Model, column: Field) -> None:
        every_row = not column.nullable and column.default is None and column.generated is None
        self._drift.tell(
            f"{model.name}.{column.column}",
            f"the migrations give the table `{model.table}` a column `{column.column}`, which "
            f"`{model.name}` does not know"
            + (": the client cannot store a row, because each has to fill it" if every_row else ""),
            model.name_span,
            Related("the column is made here", column.name_span),
            help=TO_DECLARE,
            name=model.table,
        )

    def _differences(self, model: Model, field: Field, column: Field) -> None:
        path = f"{model.name}.{field.name}"
        if not same_type(field, column, self._dialect):
            self._drift.tell(
                path,
                f"`{path}` is {_type(field)} by the schema and {_type(column)} by the migrations, "
                "which the database follows",
                field.type_span,
                Related("the migrations say so here", column.type_span),
                help=TO_AGREE,
                name=model.table,
            )
        if field.nullable != column.nullable and not field.list and field.unsupported is None:
            self._nullability(path, model, field, column)
        if not same_default(field, column):
            self._default(path, model, field, column)

    def _nullability(self, path: str, model: Model, field: Field, column: Field) -> None:
        message = (
            f"`{path}` has to have a value by the schema, and the migrations allow NULL: the "
            "database takes rows without it, at which the client fails"
            if column.nullable
            else f"`{path}` is optional by the schema, and NOT NULL by the migrations: the "
            "database refuses rows without it"
        )
        self._drift.tell(
            path,
            message,
            field.type_span,
            Related("the migrations say so here", column.nullable_span or column.span),
            help=TO_AGREE,
            name=model.table,
        )

    def _default(self, path: str, model: Model, field: Field, column: Field) -> None:
        declared, migrated = in_database(field.default), in_database(column.default)
        table = model.table
        if migrated is None:
            assert declared is not None
            self._drift.tell(
                path,
                f"`{path}` has a default by the schema, {_shown(declared)}, and none by the "
                "migrations: the database sets no value where a writer names none",
                declared.span,
                Related("the column is made here", column.name_span),
                help=TO_AGREE,
                name=table,
            )
        elif declared is None:
            written = field.default
            self._drift.tell(
                path,
                f"the migrations give `{path}` a default, {_shown(migrated)}, "
                + (
                    "and the schema leaves that to the client"
                    if written is not None
                    else "which the schema does not know"
                ),
                field.name_span if written is None else written.span,
                Related("the default is set here", migrated.span),
                help=TO_DECLARE,
                name=table,
            )
        else:
            self._drift.tell(
                path,
                f"the default of `{path}` is {_shown(declared)} by the schema and "
                f"{_shown(migrated)} by the migrations, which the database follows",
                declared.span,
                Related("the default is set here", migrated.span),
                help=TO_AGREE,
                name=table,
            )


def _of_client(default: Default | None) -> Default | None:
    """What is left of a default that the database does not have: Prisma's client sends literals
    and the current time itself."""
    if default is None or default.layer is not Layer.DATABASE:
        return default
    if default.kind in ("literal", "now"):
        return msgspec.structs.replace(default, layer=Layer.CLIENT)
    return None


def _type(field: Field) -> str:
    return f"`{field.native}`" if field.native else "a list" if field.list else "of another type"


def _shown(default: Default) -> str:
    return f"`{default.expression}`"
