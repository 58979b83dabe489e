"""What a unique index cannot be over, so that the advice to add one needs something else first."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.context import Context
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint_rules.wording.describing import listed


def whole_in_key(field: Field, dialect: Dialect) -> bool:
    """Whether a key can hold the field's values: MySQL takes TEXT and BLOB by their first
    characters only (error 1170), and no JSON (error 3152). MariaDB takes them, since 10.4 by a
    hash."""
    long = field.type is ScalarType.JSON or field.native.upper().endswith(("TEXT", "BLOB"))
    return dialect is not Dialect.MYSQL or not long


def first_needed(fields: Sequence[Field], context: Context) -> str | None:
    """What has to be done before a unique index over the fields can be added; None for nothing."""
    long = [field for field in fields if not whole_in_key(field, context.dialect)]
    if not long:
        return None
    names = listed(field.name for field in long)
    if any(field.type is ScalarType.JSON for field in long):
        return (
            f"first move what must be unique of {names} to a column of its own: MySQL takes no "
            "JSON into a key"
        )
    binary = all(field.type is ScalarType.BYTES for field in long)
    if context.schema.language == "prisma":
        short = "`@db.VarBinary(n)`" if binary else "`@db.VarChar(n)`"
    else:
        short = "VARBINARY(n)" if binary else "VARCHAR(n)"
    kinds = " or ".join(dict.fromkeys(field.native.upper() for field in long))
    return (
        f"first give {names} the type {short}, with room for the longest: MySQL takes only the "
        f"beginning of {kinds} into a key"
    )


def partition_note(model: Model, context: Context) -> str | None:
    """What PostgreSQL asks of a unique index over a table in parts; None for other tables."""
    parts = any(one.partition_of == model.table for one in context.schema.models)
    if not parts and model.partition_by is None:
        return None
    return (
        f"`{model.table}` is partitioned: the database takes this only if the columns of its "
        "partition key are among those of the index; else no index keeps the rule over all parts"
    )


def mongodb_index(
    model: Model, columns: Sequence[str], where: str | None, *, ignore_case: bool
) -> str:
    """The unique index that MongoDB has and Prisma's schema cannot name: for some documents (its
    documentation, "Partial Indexes"), or letter case aside ("Case-Insensitive Indexes")."""
    from json import dumps  # few schemas are for MongoDB

    members = ", ".join(f"{dumps(column)}: 1" for column in columns)
    options = ["unique: true"]
    if ignore_case:
        options.append('collation: {locale: "en", strength: 2}')
    if where is not None:
        options.append(f"partialFilterExpression: {{/* {where} */}}")
    return (
        "Prisma's schema has no words for it; make the index in MongoDB's shell:\n"
        f"    db.getCollection({dumps(model.table)}).createIndex({{{members}}}, "
        f"{{{', '.join(options)}}})"
    )
