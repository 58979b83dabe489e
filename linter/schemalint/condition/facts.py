"""What the schema guarantees of each column of one model, whatever a row says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from schemalint.condition.collations import compares_exactly, is_settled
from schemalint.model import Dialect, Enum, Field, Layer, Model, ScalarType, Schema

_TYPED = frozenset(
    {Dialect.POSTGRESQL, Dialect.COCKROACHDB, Dialect.MYSQL, Dialect.MARIADB, Dialect.SQLSERVER}
)
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_ARGUMENTS = re.compile(r"\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")


class ColumnFacts(msgspec.Struct, frozen=True):
    """One column, as far as every row must obey.

    Attributes:
        type: the AST's type, None if it is not known.
        nullable: whether the column may hold NULL.
        native: the database's own type, upper case, "" if not known.
        values: the stored values of an enum that is closed at the layer asked for; else None.
            MySQL's also take '', whatever they list.
        max_length: of text, in characters; None where nothing limits it.
        ignore_case: whether the column itself compares without regard to letter case.
        settled: whether it is known which texts are equal, letter case aside; False under a
            collation that somebody made (PostgreSQL, case U10e), and SQLite's RTRIM (U11d).
        exact: whether MySQL takes no two different texts of the column for equal.
        typed: whether only values of `type` can be stored at all. False on SQLite, where any
            column of a table that is not STRICT takes nearly any value (O05, O04, E18, E19).
    """

    type: ScalarType | None
    nullable: bool = True
    native: str = ""
    values: tuple[str, ...] | None = None
    max_length: int | None = None
    ignore_case: bool = False
    typed: bool = True
    settled: bool = True
    exact: bool = False

    @property
    def unsigned(self) -> bool:
        """Whether a MySQL type refuses numbers below zero (case O10)."""
        return "UNSIGNED" in self.native

    @property
    def precision(self) -> tuple[int, int] | None:
        """Digits in all and behind the point, of a decimal type that states them."""
        found = _ARGUMENTS.search(self.native)
        return (int(found[1]), int(found[2] or 0)) if found else None


class Facts(msgspec.Struct, frozen=True):
    """What the schema guarantees of each column of one model, by physical name.

    `dialect` decides how values compare; None allows only what holds in every database.
    """

    columns: Mapping[str, ColumnFacts] = {}
    dialect: Dialect | None = None

    @classmethod
    def of(
        cls,
        model: Model,
        schema: Schema,
        *,
        dialect: Dialect | None = None,
        layer: Layer = Layer.DATABASE,
    ) -> Facts:
        """The facts that hold at `layer`: for every writer, or only for those of the client.

        Without `dialect`, the schema's own counts.
        """
        dialect = dialect or schema.dialect
        enums = {enum.name: enum for enum in schema.enums}
        columns = {
            field.column: _column(model, field, enums.get(field.enum or ""), dialect, layer)
            for field in model.fields
        }
        if dialect in _MYSQL and layer is Layer.DATABASE and schema.language != "prisma":
            columns = {name: _with_error_value(known) for name, known in columns.items()}
        return cls(columns, dialect)

    def column(self, name: str) -> ColumnFacts | None:
        """What is known of the column `name`, None if the model has no such column."""
        return self.columns.get(name)

    def resolve(self, name: str) -> str:
        """The column that SQL means by `name`: databases other than PostgreSQL ignore its case."""
        if name in self.columns or self.dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
            return name
        same = [column for column in self.columns if column.lower() == name.lower()]
        return same[0] if len(same) == 1 else name


def _column(
    model: Model, field: Field, enum: Enum | None, dialect: Dialect | None, layer: Layer
) -> ColumnFacts:
    native = field.native.upper()
    typed = dialect in _TYPED or layer.strength < Layer.DATABASE.strength
    if _is_rowid(model, field, native, dialect) or (model.strict and native != "ANY"):
        typed = True
    # A length binds nobody where the database does not count: no client library does.
    limits = dialect in _TYPED
    kind: ScalarType | None = field.type
    if field.list or field.type in (ScalarType.COMPOSITE, ScalarType.UNSUPPORTED):
        kind = None
    closed = enum is not None and not field.list and enum.layer.strength >= layer.strength
    if kind is ScalarType.ENUM and enum is not None and not closed:
        kind = ScalarType.STRING  # what nobody refuses there is stored as any other text
    values = tuple([value.stored for value in enum.values]) if enum and closed else None
    return ColumnFacts(
        type=kind,
        nullable=field.nullable,
        native=native,
        values=values,
        max_length=_max_length(native) if limits and kind is ScalarType.STRING else None,
        ignore_case=field.ignore_case,
        typed=typed or closed,
        settled=field.collation is None or is_settled(field.collation, dialect),
        exact=dialect in _MYSQL and kind is ScalarType.STRING and compares_exactly(field, dialect),
    )


def _with_error_value(column: ColumnFacts) -> ColumnFacts:
    """The column with what MySQL stores in an enum for a value that it has not, under INSERT IGNORE
    (E05b, E05c). Prisma's client never says that, and its language could not forbid it."""
    if column.values is None:
        return column
    return msgspec.structs.replace(column, values=tuple(dict.fromkeys((*column.values, ""))))


def _is_rowid(model: Model, field: Field, native: str, dialect: Dialect | None) -> bool:
    """SQLite's one strict column without STRICT: INTEGER PRIMARY KEY holds nothing but integers.

    Not where it can be NULL, which tells the key that is no row id (PRIMARY KEY DESC, O06c), nor in
    a table that has no row ids.
    """
    key = model.primary_key
    return (
        dialect is Dialect.SQLITE
        and native == "INTEGER"
        and not field.nullable
        and key is not None
        and key.columns == (field.column,)
        and not model.without_rowid
    )


def _max_length(native: str) -> int | None:
    found = _ARGUMENTS.search(native)
    return int(found[1]) if found and "CHAR" in native else None


def without_nulls(facts: Facts, columns: Iterable[str]) -> Facts:
    """The same facts, knowing also that `columns` hold a value."""
    known = {
        name: msgspec.structs.replace(facts.columns[name], nullable=False)
        for name in columns
        if name in facts.columns
    }
    return Facts({**facts.columns, **known}, facts.dialect)
