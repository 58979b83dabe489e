"""Columns as they are written inside CREATE TABLE."""

from __future__ import annotations

import re

from schemalint.condition.quoting import quoted_string
from schemalint.ddl.checks import column_check
from schemalint.ddl.defaults import current_time, database_default, default_clause
from schemalint.ddl.target import Target
from schemalint.ddl.types import column_type, is_serial
from schemalint.model import Dialect, Field, Layer, Model

_IDENTITY = ("INTEGER", "SMALLINT", "BIGINT", "SERIAL", "SMALLSERIAL", "BIGSERIAL")
_WORD = re.compile(r"\w+")


def column(model: Model, field: Field, target: Target) -> str | None:
    """The definition of one column; None, with an omission told, where its type is not known."""
    kind = column_type(field, target)
    if kind is None:
        reason = "its type is not known"
        if field.list:
            reason = f"{target.dialect} has no lists"
        target.omit_column(model, field, reason)
        return None
    words = [target.quoted(field.column), kind]
    if field.collation is not None:
        words.append(f"COLLATE {_collation(field.collation, target)}")
    if field.generated is not None:
        stored = "STORED" if field.generated.stored else "VIRTUAL"
        words.append(f"GENERATED ALWAYS AS ({field.generated.expression}) {stored}")
    words += _nullability(field, target)
    if target.sqlite and is_inline_key(model, field):
        words.append(_sqlite_key(model, field, target))
    words += _value(model, field, target)
    check = column_check(model, field.column, target)
    if check is not None:
        words.append(f"CHECK ({check.expression})")
    return " ".join(word for word in words if word)


def is_inline_key(model: Model, field: Field) -> bool:
    """Whether SQLite's column has to say PRIMARY KEY itself: to count up, or because only there
    does DESC keep it from being the row id ("CREATE TABLE", "ROWIDs and the INTEGER PRIMARY KEY").
    """
    key = model.primary_key
    if key is None or key.columns != (field.column,) or len(key.parts) != 1:
        return False
    default = database_default(field)
    counts = default is not None and default.kind == "sequence"
    return counts or (key.parts[0].descending and field.native == "INTEGER")


def _sqlite_key(model: Model, field: Field, target: Target) -> str:
    key = model.primary_key
    assert key is not None
    name = f"CONSTRAINT {target.quoted(key.name)} " if key.name else ""
    default = database_default(field)
    if default is None or default.kind != "sequence":
        return f"{name}PRIMARY KEY DESC"
    return f"{name}PRIMARY KEY" + ("" if default.reused else " AUTOINCREMENT")


def _nullability(field: Field, target: Target) -> list[str]:
    if not field.nullable:
        # MariaDB has no words for it there (documentation, "Generated Columns").
        unsayable = field.generated is not None and target.dialect is Dialect.MARIADB
        return [] if unsayable else ["NOT NULL"]
    # MySQL's TIMESTAMP may be NOT NULL unless told otherwise.
    return ["NULL"] if target.mysql and field.generated is None else []


def _value(model: Model, field: Field, target: Target) -> list[str]:
    """What the column gets where a writer names nothing."""
    default = database_default(field)
    if default is not None and default.kind == "sequence":
        if target.mysql:
            return ["AUTO_INCREMENT"]
        if not target.postgresql or is_serial(field):
            return []
        if has_own_sequence(field):
            name = target.qualified(model.schema, sequence_name(model, field))
            return [f"DEFAULT nextval({quoted_string(name, target.dialect)})"]
        return [f"GENERATED {'ALWAYS' if default.always else 'BY DEFAULT'} AS IDENTITY"]
    words = [default_clause(model, field, target) or ""]
    if target.mysql and field.updated_at is Layer.DATABASE:
        words.append(f"ON UPDATE {current_time(field)}")
    return words


def has_own_sequence(field: Field) -> bool:
    """Whether PostgreSQL's column counts by a sequence of its own making: an identity column takes
    whole numbers only, and never NULL."""
    default = database_default(field)
    if default is None or default.kind != "sequence" or is_serial(field):
        return False
    return field.nullable or field.native not in _IDENTITY


def sequence_name(model: Model, field: Field) -> str:
    """As PostgreSQL forms the names of a serial type's."""
    return f"{model.table}_{field.column}_seq"


def _collation(name: str, target: Target) -> str:
    if target.mysql and _WORD.fullmatch(name):
        return name
    return target.quoted(name)
