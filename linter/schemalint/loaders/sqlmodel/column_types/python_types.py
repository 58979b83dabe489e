"""The types that SQLModel and SQLAlchemy give to columns by their Python annotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.annotation_shapes import annotated, members_of_union, without_none
from schemalint.loaders.sqlmodel.arguments import Arguments, path_of
from schemalint.loaders.sqlmodel.column_types.enum_types import enum_of_class
from schemalint.loaders.sqlmodel.column_types.sql_types import utc_datetime
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    Constant,
    External,
    Subscript,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

# What both libraries make of a type, in the order in which SQLModel asks for subclasses.
_COMMON = {
    "builtins.float": "Float",
    "builtins.bool": "Boolean",
    "builtins.int": "Integer",
    "datetime.datetime": "DateTime",
    "datetime.date": "Date",
    "datetime.timedelta": "Interval",
    "datetime.time": "Time",
    "builtins.bytes": "LargeBinary",
    "decimal.Decimal": "Numeric",
    "uuid.UUID": "Uuid",
}
_SQLMODEL_TEXT = frozenset(
    (
        "builtins.str",
        "pathlib.Path",
        "pydantic.EmailStr",
        "ipaddress.IPv4Address",
        "ipaddress.IPv4Network",
        "ipaddress.IPv6Address",
        "ipaddress.IPv6Network",
    )
)
# pydantic's names for such types with a condition on top, which the database does not know.
_PYDANTIC = {
    **dict.fromkeys(("StrictStr", "constr"), "builtins.str"),
    **dict.fromkeys(
        (
            "PositiveInt",
            "NegativeInt",
            "NonNegativeInt",
            "NonPositiveInt",
            "StrictInt",
            "conint",
        ),
        "builtins.int",
    ),
    **dict.fromkeys(
        (
            "PositiveFloat",
            "NegativeFloat",
            "NonNegativeFloat",
            "NonPositiveFloat",
            "StrictFloat",
            "FiniteFloat",
            "confloat",
        ),
        "builtins.float",
    ),
    **dict.fromkeys(("StrictBool",), "builtins.bool"),
    **dict.fromkeys(("StrictBytes", "conbytes"), "builtins.bytes"),
    **dict.fromkeys(("UUID1", "UUID3", "UUID4", "UUID5", "UUID6", "UUID7", "UUID8"), "uuid.UUID"),
    **dict.fromkeys(("PastDatetime", "FutureDatetime"), "datetime.datetime"),
    **dict.fromkeys(("PastDate", "FutureDate", "condate"), "datetime.date"),
    "condecimal": "decimal.Decimal",
    "FilePath": "pathlib.Path",
    "DirectoryPath": "pathlib.Path",
    "NewPath": "pathlib.Path",
}
_ENUM_BASES = ("enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag")
_OWN = frozenset(("builtins", "typing", "types", "collections", "pydantic", "datetime"))
_UTC_SINCE = (0, 0, 45)
_DOUBLE_SINCE = (2, 1)  # SQLAlchemy's `Mapped[float]` was a Float before
_ENUMS_FIRST_SINCE = (0, 0, 9)  # before, an enum that is a str was plain text


def sqlmodel_type(annotation: Value, project: Project, field: Call | None) -> TypeDraft | Gap:
    """As `sqlmodel.main.get_sqlalchemy_type` does; `field` is the `Field(...)` of the column."""
    kind, _ = annotated(annotation)
    kind = annotated(without_none(kind))[0]
    enum = _enum_class(kind, project)
    python = python_base(kind, project)
    span = annotation.span
    as_text = python in _SQLMODEL_TEXT and before(project, "sqlmodel", _ENUMS_FIRST_SINCE)
    if enum is not None and not as_text:
        return enum_of_class(enum, span, project)
    if python in _SQLMODEL_TEXT:
        length = None if field is None else Arguments(field).number("max_length")
        arguments: dict[str, str | int | bool | None] = {} if length is None else {"length": length}
        return TypeDraft(span=span, path="sqlmodel.AutoString", arguments=arguments)
    if python == "pydantic.AwareDatetime":
        return utc_datetime(span)
    if python == "pydantic.NaiveDatetime":
        return TypeDraft(span=span, path="sqlalchemy.DateTime")
    if python == "datetime.datetime" and utc_by_default(project):
        return utc_datetime(span)
    if python == "decimal.Decimal":
        return _numeric(field, annotation)
    name = _COMMON.get(python)
    if name is not None:
        return TypeDraft(span=span, path=f"sqlalchemy.{name}")
    return Gap(span=span, reason=_no_type(kind, annotation, "SQLModel"))


def sqlalchemy_type(annotation: Value, project: Project) -> TypeDraft | Gap:
    """As SQLAlchemy's default `type_annotation_map` does, for what stands in `Mapped[...]`."""
    kind = annotated(without_none(annotated(annotation)[0]))[0]
    span = annotation.span
    enum = _enum_class(kind, project)
    if enum is not None:
        return enum_of_class(enum, span, project)
    if isinstance(kind, Subscript) and path_of(kind.of) == "typing.Literal":
        return _literal(kind)
    python = python_base(kind, project)
    if python == "builtins.str":
        return TypeDraft(span=span, path="sqlalchemy.String")
    name = _COMMON.get(python)
    if name == "Float" and not before(project, "sqlalchemy", _DOUBLE_SINCE):
        name = "Double"
    if name is not None:
        return TypeDraft(span=span, path=f"sqlalchemy.{name}")
    return Gap(span=span, reason=_no_type(kind, annotation, "SQLAlchemy"))


def utc_by_default(project: Project) -> bool:
    """Whether SQLModel's version maps `datetime` to a time with a zone: 0.0.45 and later do, and
    so the newest, which is meant where the project names none."""
    return not before(project, "sqlmodel", _UTC_SINCE)


def before(project: Project, package: str, version: tuple[int, ...]) -> bool:
    """Whether the project's SQLModel or SQLAlchemy is older than `version`; one that names none
    means the newest."""
    named = project.version(package)
    return named is not None and tuple(map(int, re.findall(r"\d+", named)[:3])) < version


def python_base(kind: Value, project: Project) -> str:
    """The canonical path of a Python type, or of the built-in type that a class derives from."""
    if isinstance(kind, Call):  # pydantic's constr(max_length=5): Annotated[str, ...]
        kind = kind.callee
    if isinstance(kind, External):
        return _plain(kind.path)
    if isinstance(kind, Subscript):
        return path_of(kind.of)
    if isinstance(kind, ClassValue):
        mro = project.mro(kind)
        if not isinstance(mro, Unresolved):
            for base in mro:
                if isinstance(base, External) and (
                    _plain(base.path) in _COMMON or base.path in _SQLMODEL_TEXT
                ):
                    return _plain(base.path)
    return ""


def _plain(path: str) -> str:
    package, _, name = path.rpartition(".")
    if package.split(".")[0] == "pydantic":
        return _PYDANTIC.get(name, f"pydantic.{name}")
    return path


def _enum_class(kind: Value, project: Project) -> ClassValue | None:
    if not isinstance(kind, ClassValue):
        return None
    mro = project.mro(kind)
    if isinstance(mro, Unresolved):
        return None
    paths = [base.path for base in mro if isinstance(base, External)]
    return kind if any(path in _ENUM_BASES for path in paths) else None


def _numeric(field: Call | None, annotation: Value) -> TypeDraft | Gap:
    arguments: dict[str, str | int | bool | None] = {}
    if field is not None:
        given = Arguments(field)
        digits, places = given.number("max_digits"), given.number("decimal_places")
        if digits is not None:
            arguments["precision"] = digits
        if places is not None:
            arguments["scale"] = places
    return TypeDraft(span=annotation.span, path="sqlalchemy.Numeric", arguments=arguments)


def _literal(kind: Subscript) -> TypeDraft | Gap:
    """SQLAlchemy stores a Literal of strings as an Enum that is no type of the database."""
    values = []
    for item in kind.items:
        if not isinstance(item, Constant) or not isinstance(item.value, str):
            return Gap(span=item.span, reason="SQLAlchemy maps only a Literal of strings")
        values.append((item.value, item.value, item.span))
    return TypeDraft(
        span=kind.span,
        path="sqlalchemy.Enum",
        arguments={"native_enum": False},
        values=tuple(values),
    )


def _no_type(kind: Value, annotation: Value, library: str) -> str:
    if isinstance(kind, Unresolved):
        return f"the type of this column: {kind.reason}"
    if members_of_union(kind) is not None:
        return f"{library} has no column type for a union of several types"
    path = path_of(kind)
    if path and path.split(".")[0] not in _OWN:
        return f"what `{path}` is cannot be told: its package is not read (`--python-path`)"
    return f"{library} has no column type for `{annotation.span.text}`: it would raise"
