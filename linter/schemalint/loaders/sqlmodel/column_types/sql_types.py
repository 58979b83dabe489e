"""SQLAlchemy's own types as they are written: `String(50)`, `Numeric(10, 2)`, `Enum(Status)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.arguments import Arguments, is_none
from schemalint.loaders.sqlmodel.column_types.enum_types import enum_type
from schemalint.loaders.sqlmodel.column_types.library_types import library_type
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    Constant,
    External,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_LENGTH = ("length", "collation")
_NUMERIC = ("precision", "scale", "decimal_return_scale", "asdecimal")
# The positional parameters of the types that have some.
_PARAMETERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("String", "Text", "Unicode", "UnicodeText", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR"),
        _LENGTH,
    ),
    **dict.fromkeys(("TEXT", "CLOB", "AutoString", "CITEXT"), _LENGTH),
    **dict.fromkeys(("Numeric", "NUMERIC", "DECIMAL"), _NUMERIC),
    **dict.fromkeys(("Float", "FLOAT", "REAL", "Double", "DOUBLE"), ("precision", "asdecimal")),
    **dict.fromkeys(("DateTime", "Time", "DATETIME"), ("timezone",)),
    **dict.fromkeys(("TIMESTAMP", "TIME"), ("timezone", "precision")),
    **dict.fromkeys(("LargeBinary", "BINARY", "VARBINARY", "BLOB"), ("length",)),
    **dict.fromkeys(("Uuid", "UUID"), ("as_uuid", "native_uuid")),
    "Interval": ("native", "second_precision", "day_precision"),
    "Boolean": ("create_constraint", "name"),
    "JSON": ("none_as_null",),
    "JSONB": ("none_as_null",),
    "BIT": ("length", "varying"),
    "TINYINT": ("display_width",),
    "MEDIUMINT": ("display_width",),
}
# MySQL's own integers and times take other ones first.
_MYSQL_PARAMETERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("INTEGER", "BIGINT", "SMALLINT"), ("display_width",)),
    **dict.fromkeys(("DATETIME", "TIMESTAMP", "TIME"), ("timezone", "fsp")),
}
_ARRAYS = ("ARRAY",)
_ENUMS = ("Enum", "ENUM")
_KEPT = frozenset(
    (
        "length",
        "collation",
        "precision",
        "scale",
        "timezone",
        "as_uuid",
        "native_uuid",
        "create_constraint",
        "name",
        "unsigned",
        "fsp",
        "display_width",
        "varying",
    )
)
"""The arguments that shape the DDL."""


def external_type(path: str, call: Call | None, span: Span, project: Project) -> TypeDraft | Gap:
    """A type of SQLAlchemy or SQLModel, or of another library that is not read."""
    package, _, name = path.rpartition(".")
    if not path.startswith(("sqlalchemy.", "sqlmodel.")):
        known = library_type(path, call, span, project)
        return known or Gap(span=span, reason=f"what `{path}` is in the database is not known here")
    if name in _ENUMS:
        return enum_type(call, span, project)
    if name in _ARRAYS:
        return _array(path, call, span, project)
    if name in ("Variant", "TypeDecorator", "TypeEngine"):
        return Gap(span=span, reason=f"`{name}` alone says no type")
    if name == "UTCDateTime":
        return utc_datetime(span)
    if name == "GUID":  # SQLModel's own before SQLAlchemy 2 had Uuid
        return TypeDraft(span=span, path="sqlalchemy.Uuid")
    parameters = _PARAMETERS.get(name, ())
    if ".mysql" in package or ".mariadb" in package:
        parameters = _MYSQL_PARAMETERS.get(name, parameters)
    arguments = read_arguments(call, parameters)
    if isinstance(arguments, Gap):
        return arguments
    if name == "Interval" and call is not None:
        native = Arguments(call, parameters).value("native")
        if isinstance(native, Constant) and not native.value:
            return TypeDraft(span=span, path="sqlalchemy.DateTime")  # since an epoch
    return TypeDraft(span=span, path=_folded(path), arguments=arguments)


def utc_datetime(span: Span) -> TypeDraft:
    """SQLModel's own time type, of 0.0.45 and later: with a time zone where there are such."""
    return TypeDraft(span=span, path="sqlalchemy.DateTime", arguments={"timezone": True}, utc=True)


def _folded(path: str) -> str:
    """SQLAlchemy's path; SQLModel exports SQLAlchemy's types too."""
    if path.startswith("sqlmodel.") and not path.endswith(".AutoString"):
        return "sqlalchemy." + path.removeprefix("sqlmodel.")
    return path


def read_arguments(
    call: Call | None, parameters: tuple[str, ...]
) -> dict[str, str | int | bool | None] | Gap:
    """The arguments that shape the DDL, by name; a gap where one of them cannot be told."""
    if call is None:
        return {}
    given: dict[str, Value] = dict(zip(parameters, call.args, strict=False))
    given.update(call.keywords)
    found: dict[str, str | int | bool | None] = {}
    for name, value in given.items():
        if name in ("", "**"):
            return Gap(span=value.span, reason="the arguments given by ** could not be told")
        if name not in _KEPT or is_none(value):
            continue
        if not isinstance(value, Constant) or not isinstance(value.value, str | int | bool):
            reason = value.reason if isinstance(value, Unresolved) else "it could not be told"
            return Gap(span=value.span, reason=f"`{name}` of the type: {reason}")
        found[name] = value.value
    return found


def with_variants(kind: TypeDraft | Gap, variants: Mapping[str, TypeDraft]) -> TypeDraft | Gap:
    """`kind.with_variant(...)`."""
    if isinstance(kind, Gap):
        return kind
    return msgspec.structs.replace(kind, variants={**kind.variants, **variants})


def _array(path: str, call: Call | None, span: Span, project: Project) -> TypeDraft | Gap:
    from schemalint.loaders.sqlmodel.column_types.types import type_of_value

    item = None if call is None or not call.args else call.args[0]
    if item is None:
        return Gap(span=span, reason="an ARRAY needs the type of its items")
    kind = type_of_value(item, project)
    if isinstance(kind, Gap):
        return kind
    dimensions = None if call is None else call.keyword("dimensions")
    count = dimensions.value if isinstance(dimensions, Constant) else 1
    return TypeDraft(
        span=span,
        path="sqlalchemy.ARRAY" if path else "",
        item=kind,
        dimensions=count if isinstance(count, int) and not isinstance(count, bool) else 1,
    )


def method_call(value: Value) -> tuple[Value, str] | None:
    """The object and the method: `X().with_variant(...)`, `MutableDict.as_mutable(X)`."""
    if isinstance(value, Call) and isinstance(value.callee, Attribute):
        return value.callee.of, value.callee.name
    if isinstance(value, Call) and isinstance(value.callee, External):
        owner, _, name = value.callee.path.rpartition(".")
        if name in ("with_variant", "as_mutable"):
            return External(span=value.callee.span, path=owner), name
    return None
