"""Whether a key column holds values of one type only."""

from __future__ import annotations

from schemalint.condition.quoting import quoted
from schemalint.condition.terms import Call, Column, Compare, Is, Literal, Or
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint.rule import Evidence, Judgement, broken, kept
from schemalint_rules.judging.rows.key_numbers import points_at_numbers
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.remedies.migration_sql import add_check
from schemalint_rules.remedies.sqlalchemy_lines import in_python
from schemalint_rules.wording.client_layer import library

KEY_TYPES = tuple(
    str(one)
    for one in (
        ScalarType.UUID,
        ScalarType.INT,
        ScalarType.BIGINT,
        ScalarType.STRING,
        ScalarType.DECIMAL,
        ScalarType.DATETIME,
        ScalarType.DATE,
        ScalarType.TIME,
        ScalarType.BYTES,
        ScalarType.BOOLEAN,
        ScalarType.FLOAT,
        ScalarType.ENUM,
    )
)
"""The types that a rule can ask of a key."""

_NATIVE_UUID = ("UUID", "UNIQUEIDENTIFIER")
_WITH_UUID = (Dialect.POSTGRESQL, Dialect.COCKROACHDB, Dialect.SQLSERVER)


def judge_key_type(model: Model, field: Field, wanted: str, context: Context) -> Judgement:
    """Whether only values of the type `wanted` (one of `KEY_TYPES`) can stand in `field`."""
    path = f"{model.name}.{field.name}"
    found = _type_of(field)
    whole = (ScalarType.INT, ScalarType.BIGINT)
    if found != wanted and not (
        # SQLite's integers are of 64 bits, whatever their column is declared as.
        context.dialect is Dialect.SQLITE and found in whole and wanted in whole
    ):
        if wanted == ScalarType.UUID and found == ScalarType.STRING:
            return _text_for_uuid(model, field, context)
        return broken(
            path,
            f"the key `{path}` is of type {found}, not {wanted}",
            field.type_span,
            contradicts=True,
            help=f"make `{field.name}` a field of type {wanted}, or correct the rule's `type`",
        )
    evidence = Evidence(f"`{path}` is of type {found}", field.type_span)
    if context.dialect is not Dialect.MONGODB and not _is_loose(model, field, wanted, context):
        return kept(path, [evidence])
    why = "MongoDB checks no types" if context.dialect is Dialect.MONGODB else _SQLITE
    schema = context.schema
    refuses = schema.client_validates and schema.language != "sql"
    only_client = f"; only {library(schema)} refuses other values" if refuses else ""
    return kept(path, [evidence], layer=Layer.CLIENT, condition=f"`{path}`: {why}{only_client}")


def _is_loose(model: Model, field: Field, wanted: str, context: Context) -> bool:
    """Whether SQLite takes values of other types too, and no CHECK with typeof() refuses them."""
    rows = Rows(model, context, Layer.DATABASE)
    if points_at_numbers(field, rows):
        return False  # what it points at is an INTEGER PRIMARY KEY
    known = rows.facts.column(field.column)
    if known is None or known.typed or wanted == ScalarType.STRING:
        return False
    stored = Compare("=", Call("typeof", (Column(field.column),)), Literal("integer"))
    whole = wanted in (ScalarType.INT, ScalarType.BIGINT)
    empty = Is(Column(field.column), None)
    return not whole or rows.implied((), Or((empty, stored))) is not True


# Case O05; O06d for the one exception.
_SQLITE = "SQLite stores text in a column of any type, save a single INTEGER PRIMARY KEY"


def _type_of(field: Field) -> str:
    if field.native.upper().startswith(_NATIVE_UUID):
        return ScalarType.UUID
    return field.type


def _text_for_uuid(model: Model, field: Field, context: Context) -> Judgement:
    path = f"{model.name}.{field.name}"
    default = field.default.expression if field.default is not None else ""
    only_default = (
        f"; `{default}` only fills in a value where the writer names none"
        if default.startswith("uuid")
        else ""
    )
    dialect = context.dialect
    native = dialect in _WITH_UUID
    in_prisma = context.schema.language == "prisma"
    kind = "UniqueIdentifier" if dialect is Dialect.SQLSERVER else "Uuid"
    return broken(
        path,
        f"the key `{path}` is text, which takes any text and not only UUIDs{only_default}",
        field.type_span,
        expressible=Layer.DATABASE if native else None,
        help=(f"add `@db.{kind}` to `{field.name}`" if in_prisma else _uuid_type(model, field))
        if native
        else add_check(model, [field.column], _uuid_shape(field, dialect), dialect),
    )


def _uuid_type(model: Model, field: Field) -> str:
    return f"annotate `{field.name}` as `UUID`" if in_python(model) else "give it the type uuid"


def _uuid_shape(field: Field, dialect: Dialect) -> str:
    """A CHECK condition that only text of the shape of a UUID satisfies."""
    column = quoted(field.column, dialect)
    if dialect in (Dialect.MYSQL, Dialect.MARIADB):
        digit = "[0-9a-fA-F]"
        return f"{column} REGEXP '^{digit}{{8}}(-{digit}{{4}}){{3}}-{digit}{{12}}$'"
    groups = ("[0-9a-fA-F]" * length for length in (8, 4, 4, 4, 12))
    return f"{column} GLOB '{'-'.join(groups)}'"
