"""What the types of other libraries are in a database, where their sources are not read.

Seen with SQLAlchemy-Utils 0.43 and SQLAlchemy 2.1.9, by compiling each for SQLite, PostgreSQL and
MySQL; pgvector 0.4 and sqlalchemy-citext 1.8 as they are documented.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.arguments import Arguments, is_none
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.values import Call, External, Value
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_Made = TypeDraft | Gap
_UTILS = "sqlalchemy_utils"
_POSTGRESQL = "sqlalchemy.dialects.postgresql"
# Texts, and how long they are where nothing is said; None: TEXT.
_TEXTS = {
    "ColorType": 20,
    "CountryType": 2,
    "CurrencyType": 3,
    "EmailType": 255,
    "IPAddressType": 50,
    "LocaleType": 10,
    "PhoneNumberType": 20,
    "ScalarListType": None,
    "TimezoneType": 50,
    "URLType": None,
}
# The first argument of those whose length can be another.
_LENGTHS = {"EmailType": "length", "IPAddressType": "max_length"}
_RANGES = {
    "DateRangeType": "DATERANGE",
    "DateTimeRangeType": "TSRANGE",
    "Int8RangeType": "INT8RANGE",
    "IntRangeType": "INT4RANGE",
    "NumericRangeType": "NUMRANGE",
}
_VECTORS = {"Vector": "VECTOR", "VECTOR": "VECTOR", "HALFVEC": "HALFVEC", "SPARSEVEC": "SPARSEVEC"}


def library_type(path: str, call: Call | None, span: Span, project: Project) -> _Made | None:
    """The type, `call` being how it is made; None where it is of a library that is not known."""
    root, name = path.partition(".")[0], path.rpartition(".")[2]
    made = call or Call(span=span, callee=External(span=span, path=path))
    if root == _UTILS:
        return _of_utils(name, made, span, project)
    if root == "citext" and name == "CIText":
        return TypeDraft(span=span, path=f"{_POSTGRESQL}.CITEXT")
    if root == "pgvector" and name in _VECTORS:
        size = Arguments(made, ("dim",)).number("dim")
        text = _VECTORS[name] if size is None else f"{_VECTORS[name]}({size})"
        return TypeDraft(span=span, path="sqlalchemy.UserDefinedType", arguments={"native": text})
    return None


def _of_utils(name: str, call: Call, span: Span, project: Project) -> _Made | None:
    if name in _TEXTS:
        length = _TEXTS[name]
        if name in _LENGTHS:
            given = Arguments(call, (_LENGTHS[name],))
            length = given.number(_LENGTHS[name]) or length
            if given.gaps:
                return given.gaps[0]
        return _text(span, length)
    if name in _RANGES:
        ranged = TypeDraft(span=span, path=f"{_POSTGRESQL}.{_RANGES[name]}")
        return _text(span, 255, ranged)
    make = _MAKERS.get(name)
    return None if make is None else make(call, span, project)


def _text(span: Span, length: int | None, on_postgresql: TypeDraft | None = None) -> TypeDraft:
    variants = {} if on_postgresql is None else {"postgresql": on_postgresql}
    if length is None:
        return TypeDraft(span=span, path="sqlalchemy.UnicodeText", variants=variants)
    arguments: dict[str, str | int | bool | None] = {"length": length}
    return TypeDraft(span=span, path="sqlalchemy.Unicode", arguments=arguments, variants=variants)


def _uuid(call: Call, span: Span, _project: Project) -> _Made:
    arguments = Arguments(call, ("binary", "native"))
    binary, native = arguments.flag("binary"), arguments.flag("native")
    if arguments.gaps:
        return arguments.gaps[0]
    variants = {}
    if native is not False:
        variants["postgresql"] = TypeDraft(span=span, path=f"{_POSTGRESQL}.UUID")
        variants["mssql"] = TypeDraft(
            span=span, path="sqlalchemy.UserDefinedType", arguments={"native": "UNIQUEIDENTIFIER"}
        )
    path, length = ("CHAR", 32) if binary is False else ("BINARY", 16)
    return TypeDraft(
        span=span, path=f"sqlalchemy.{path}", arguments={"length": length}, variants=variants
    )


def _choice(call: Call, span: Span, project: Project) -> _Made:
    from schemalint.loaders.sqlmodel.column_types.types import type_of_value

    given: Value | None = Arguments(call, ("choices", "impl")).value("impl")
    return _text(span, 255) if given is None or is_none(given) else type_of_value(given, project)


def _json(_call: Call, span: Span, _project: Project) -> TypeDraft:
    return _text(span, None, TypeDraft(span=span, path="sqlalchemy.JSON"))


def _time(call: Call, span: Span, _project: Project) -> _Made:
    arguments = Arguments(call, ("timezone",))
    zone = arguments.flag("timezone")
    if arguments.gaps:
        return arguments.gaps[0]
    return TypeDraft(span=span, path="sqlalchemy.DateTime", arguments={"timezone": bool(zone)})


def _encrypted(call: Call, span: Span, _project: Project) -> _Made:
    arguments = Arguments(call, ("type_in", "key", "engine", "padding"))
    length = arguments.number("length")
    if arguments.gaps:
        return arguments.gaps[0]
    return TypeDraft(
        span=span, path="sqlalchemy.String", arguments={} if length is None else {"length": length}
    )


def _bytes(_call: Call, span: Span, _project: Project) -> TypeDraft:
    return TypeDraft(span=span, path="sqlalchemy.LargeBinary")


def _only_on_postgresql(name: str) -> Callable[[Call, Span, Project], TypeDraft]:
    def make(_call: Call, span: Span, _project: Project) -> TypeDraft:
        return TypeDraft(span=span, path="sqlalchemy.UserDefinedType", arguments={"native": name})

    return make


_MAKERS: dict[str, Callable[[Call, Span, Project], _Made]] = {
    "ArrowType": _time,
    "ChoiceType": _choice,
    "EncryptedType": _bytes,
    "EnrichedDateTimeType": _time,
    "JSONType": _json,
    "LtreeType": _only_on_postgresql("LTREE"),
    "StringEncryptedType": _encrypted,
    "TSVectorType": _only_on_postgresql("TSVECTOR"),
    "UUIDType": _uuid,
}
