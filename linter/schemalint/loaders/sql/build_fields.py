"""The catalog's columns as fields, with what their types and domains add to them."""

from __future__ import annotations

import msgspec

from schemalint.condition.quoting import quoted_name
from schemalint.loaders.sql.catalog import Catalog
from schemalint.loaders.sql.clauses import TypeName
from schemalint.loaders.sql.defaults import build_default, sequence_default
from schemalint.loaders.sql.entries import Column, UserType
from schemalint.loaders.sql.identifiers import called, renamed
from schemalint.loaders.sql.lexer import is_mysql, tokens, words
from schemalint.loaders.sql.native_types import NativeType, native_type
from schemalint.model import (
    Check,
    Default,
    Dialect,
    Enum,
    EnumValue,
    Field,
    Generated,
    Layer,
    ScalarType,
)

_COUNTED = {"SMALLSERIAL": "SMALLINT", "SERIAL": "INTEGER", "BIGSERIAL": "BIGINT"}
_TELLS_NULL = words("NULL IS ISNULL NOTNULL CASE")
# Functions of PostgreSQL that are STRICT (its pg_proc), and words that stand before a bracket.
_STRICT = words(
    """
    abs bit_length btrim cardinality ceil ceiling char_length character_length date_part date_trunc
    extract floor isfinite json_typeof jsonb_array_length jsonb_typeof left length lower ltrim mod
    octet_length position regexp_replace replace reverse right round rtrim scale sign split_part
    starts_with strpos substr substring trim trunc upper
    all and any between in like not or some
    """
)


class FieldBuilder:
    """Builds fields, and the enums that MySQL's columns bring with them.

    Attributes:
        enums: those of MySQL's columns, in the order in which they were met.
    """

    def __init__(self, catalog: Catalog, enum_names: dict[int, str]) -> None:
        self._catalog = catalog
        self._dialect = catalog.dialect
        self._enum_names = enum_names
        self._natives: dict[str, NativeType] = {}
        self.enums: list[Enum] = []

    def field(self, model: str, column: Column) -> Field:
        """The field of `column`; `model` is the logical name of its table."""
        domains, kind, enum = _through_domains(column)
        native = self._native(kind, enum)
        uncounted = column.counts is None and self._dialect is not Dialect.SQLITE
        if uncounted and native.native in _COUNTED:
            native = msgspec.structs.replace(native, native=self._uncounted(native.native))
        scalar = native.type
        enum_name = None if enum is None else self._enum_names[id(enum)]
        if enum is None and scalar is ScalarType.ENUM and kind is not None:
            enum_name = self._column_enum(model, column, kind)
        is_list = kind is not None and kind.dimensions > 0
        written = native.native + "[]" if is_list and native.native else native.native
        collation = self._collation(column, domains, scalar)
        meant_nullable, nullable_span = column.nullable, column.nullable_span
        for domain in domains:
            if meant_nullable and domain.not_null is not None:
                meant_nullable, nullable_span = False, domain.not_null
        generated = column.generated
        # What is computed passes through the domain; a query's NULL does not (E23b; seen in 15.20).
        nullable = column.nullable if generated is None else meant_nullable
        return Field(
            column.name,
            column.name,
            scalar,
            column.span,
            column.name_span,
            column.name_span if column.type is None else column.type.span,
            written,
            enum_name,
            None,
            nullable,
            meant_nullable,
            is_list,
            self._default(column, domains, scalar, is_list=is_list),
            None
            if generated is None
            else Generated(generated.expression.text, generated.stored, generated.span),
            Layer.DATABASE if column.renews else None,
            native.ignore_case or self._ignores_case(collation, scalar),
            collation,
            unsupported=written if scalar is ScalarType.UNSUPPORTED else None,
            doc=column.comment,
            nullable_span=nullable_span,
        )

    def domain_checks(self, column: Column) -> list[Check]:
        """The checks of a column's domains, with the column in the place of VALUE.

        None of them can keep NULL out of the column (case E23b).
        """
        domains, _, _ = _through_domains(column)
        return [
            Check(
                check.name, self._about(column, check.expression.text), check.span, check.enforced
            )
            for domain in domains
            for check in domain.checks
        ]

    def _about(self, column: Column, condition: str) -> str:
        about = renamed(
            condition,
            lambda one: one.name.lower() == "value" and one.qualifier is None,
            column.name,
            self._dialect,
        )
        if self._passes_null(condition):
            return about
        return f"{quoted_name(column.name, self._dialect)} IS NULL OR ({about})"

    def _passes_null(self, condition: str) -> bool:
        """Whether the condition says nothing of NULL, and so is not false for it."""
        found = tokens(condition, self._dialect)
        told = any(one.kind == "word" and one.text in _TELLS_NULL for one in found)
        functions = called(condition, self._dialect)
        return not told and all(name.lower() in _STRICT for name, _ in functions)

    # -- types

    def _uncounted(self, serial: str) -> str:
        """The type below a serial one: that of a view's column, and of a copy's."""
        return "INT8" if self._dialect is Dialect.COCKROACHDB else _COUNTED[serial]

    def _native(self, kind: TypeName | None, enum: UserType | None) -> NativeType:
        if enum is not None:
            name = f"{enum.schema}.{enum.name}" if enum.schema else enum.name
            return NativeType(ScalarType.ENUM, name)
        if kind is None:
            return native_type(None, self._dialect)
        if kind.values or kind.user:
            return native_type(kind, self._dialect)
        key = f"{kind.name}({kind.arguments}{kind.unsigned}"
        found = self._natives.get(key)
        if found is None:
            found = self._natives[key] = native_type(kind, self._dialect)
        return found

    def _column_enum(self, model: str, column: Column, kind: TypeName) -> str:
        name = f"{model}_{column.name}"
        self.enums.append(
            Enum(
                name,
                name,
                tuple(
                    [
                        EnumValue(value.text, value.text, value.span, value.span)
                        for value in kind.values
                    ]
                ),
                kind.span,
                kind.span,
            )
        )
        return name

    # -- collations

    def _collation(self, column: Column, domains: list[UserType], scalar: ScalarType) -> str | None:
        collation = column.collation
        for domain in domains:
            collation = collation or domain.collation
        if is_mysql(self._dialect) and scalar is not ScalarType.STRING:
            return None  # of the table, and of no account here
        return self._catalog.collation(collation)

    def _ignores_case(self, collation: str | None, scalar: ScalarType) -> bool:
        return scalar is ScalarType.STRING and ignores_case(collation, self._dialect)

    # -- defaults

    def _default(
        self, column: Column, domains: list[UserType], scalar: ScalarType, *, is_list: bool
    ) -> Default | None:
        if column.counts is not None:
            return sequence_default(column.counts, always=column.always, reused=column.reused)
        sql, span = column.default, column.default_span
        for domain in domains:
            if sql is None:
                sql, span = domain.default, domain.default_span
        if sql is None or span is None:
            return None
        # An array's literal is text, whatever its elements are.
        return build_default(sql, span, ScalarType.STRING if is_list else scalar, self._dialect)


def _through_domains(
    column: Column,
) -> tuple[list[UserType], TypeName | None, UserType | None]:
    """The domains of a column from the outermost on, and the base type or the enum below them."""
    domains: list[UserType] = []
    kind, user = column.type, column.user_type
    is_array = kind is not None and kind.dimensions > 0
    while user is not None and user.kind == "domain":
        base = user.base
        if not is_array:  # of an array, each element is of the domain, and the array is not
            domains.append(user)
        elif base is not None:
            base = msgspec.structs.replace(base, dimensions=1)
        kind, user = base, user.base_type
    return domains, kind, user if user is not None and user.kind == "enum" else None


def ignores_case(collation: str | None, dialect: Dialect | None) -> bool:
    """Whether text compares without regard to letter case under `collation`, None for the default.

    MySQL and SQL Server do unless the collation's name says `_bin`, `_cs` or `binary`; SQLite does
    under NOCASE alone (cases U10c, U10d); PostgreSQL's own collations never do.
    """
    if dialect is Dialect.SQLITE:
        return collation is not None and collation.upper() == "NOCASE"
    if is_mysql(dialect) or dialect is Dialect.SQLSERVER:
        name = (collation or "").lower()
        return not (name == "binary" or name.endswith(("_bin", "_bin2", "_cs")) or "_cs_" in name)
    return False
