"""What single databases demand of keys, indexes and fields, beyond the table of capabilities."""

from __future__ import annotations

from schemalint.loaders.prisma.validation.native_type_tables import forms_of
from schemalint.loaders.prisma.validation.native_types import parsed
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import (
    Configuration,
    Index,
    IndexPart,
    ModelFacts,
    NativeType,
)

_MYSQL_LONG = frozenset(
    {"Text", "LongText", "MediumText", "TinyText", "Blob", "TinyBlob", "MediumBlob", "LongBlob"}
)
_SQLSERVER_OUTSIDE = frozenset({"Text", "NText", "Image", "Xml"})
_SQLSERVER_MAX = frozenset({"VarBinary", "VarChar", "NVarChar"})


def _native(model: ModelFacts, part: IndexPart, configuration: Configuration) -> NativeType | None:
    """The native type of an index member, if it is one that the connector knows."""
    native = None if part.columns else model.natives.get(part.path)
    if native is None:
        return None
    form = forms_of(configuration.connector.provider).get(native.name)
    if form is None or (form.arguments and parsed(form, native.arguments) is None):
        return None
    return native


def _cannot_be_indexed(report: Report, index: Index, native: NativeType, help_text: str) -> None:
    what = "in a primary key" if index.kind == "id" else "in an index"
    report.error(
        index.attribute.span,
        f"A column of the native type `{native.name}` cannot stand {what}.",
        help=help_text or None,
    )


def check_mysql(model: ModelFacts, configuration: Configuration, report: Report) -> None:
    """MySQL: long texts and blobs in an index need a length."""
    if not model.natives:
        return
    for index in _all_keys(model):
        if index.kind == "fulltext":
            continue
        for part in index.parts:
            native = _native(model, part, configuration)
            if native is not None and native.name in _MYSQL_LONG and part.length is None:
                _cannot_be_indexed(report, index, native, f"Limit it: `{part.path}(length: 100)`.")
                break


def check_sqlserver(model: ModelFacts, configuration: Configuration, report: Report) -> None:
    """SQL Server: types that are stored outside of the row cannot be indexed."""
    key = model.primary_key
    for index in _all_keys(model) if model.natives or key is not None else ():
        for part in index.parts:
            native = _native(model, part, configuration)
            if native is not None and (
                native.name in _SQLSERVER_OUTSIDE
                or (
                    native.name in _SQLSERVER_MAX
                    and native.arguments
                    and native.arguments[0].lower() == "max"
                )
            ):
                _cannot_be_indexed(report, index, native, "")
                break
            if index is key and part.line.type_name == "Bytes":
                report.error(index.attribute.span, "SQL Server takes no Bytes in a primary key.")
                break


def _all_keys(model: ModelFacts) -> list[Index]:
    return model.indexes if model.primary_key is None else [*model.indexes, model.primary_key]


def check_cockroachdb(model: ModelFacts, _configuration: Configuration, report: Report) -> None:
    """CockroachDB: `autoincrement()` on BigInt only; what an inverted index can hold."""
    for name, default in model.defaults.items():
        value = default.value
        if (
            value.kind == "call"
            and value.text == "autoincrement"
            and model.fields[name].type_name == "Int"
        ):
            report.error(
                default.attribute.span,
                "`autoincrement()` makes numbers of 64 bits in CockroachDB, too long for an Int.",
                help="Use `sequence()`, or the type BigInt.",
            )
    for index in model.indexes:
        if index.type != "Gin":
            continue
        span = index.attribute.span
        for position, part in enumerate(index.parts, 1):
            line = part.line
            if part.operator_class is not None:
                report.error(span, "CockroachDB takes no operator classes (`ops`).")
                break
            if line.type_name != "Json" and line.arity != "list" and line.unsupported is None:
                report.error(span, f"A Gin index holds Json and lists; `{part.path}` is neither.")
            if line.type_name == "Json" and position < len(index.parts):
                report.error(
                    span,
                    f"Only the last field of a Gin index can be Json; `{part.path}` is not it.",
                )


def check_mongodb(model: ModelFacts, report: Report) -> None:
    """MongoDB: ids, names of fields, indexes that repeat each other."""
    for name, default in model.defaults.items():
        value = default.value
        if value.kind != "call" or value.text not in ("auto", "dbgenerated"):
            continue
        line = model.fields[name]
        if value.text == "dbgenerated":
            report.error(
                line.span, "`dbgenerated()` has no meaning for MongoDB.", help="Use `auto()`."
            )
            continue
        native = model.natives.get(name)
        if native is None or native.name != "ObjectId":
            report.error(
                line.span,
                f"`auto()` makes ObjectIds, so `{name}` needs that native type.",
                help="Add `@db.ObjectId` (with the datasource's name for `db`).",
            )
        key = model.primary_key
        if key is None or not any(part.line is line for part in key.parts):
            report.error(line.span, f"`auto()` makes ids, but `{name}` is none; add `@id`.")
    for name, column in model.columns.items():
        if column.startswith("$") or "." in column:
            line = model.fields[name]
            place = next((one.span for one in line.attributes if one.name == "map"), line.span)
            report.error(
                place, f"A field of MongoDB cannot be called `{column}`: no leading `$`, no `.`."
            )
    indexes = model.indexes
    seen: dict[tuple[tuple[str, str | None, int | None], ...], list[Index]] = {}
    for index in indexes:
        members = tuple([(part.path, part.sort, part.length) for part in index.parts])
        seen.setdefault(members, []).append(index)
    key = model.primary_key
    for same in seen.values():
        for index in same if len(same) > 1 else ():
            report.error(
                index.attribute.span,
                f"`{model.name}` has another index over the same fields; MongoDB refuses that.",
            )
    for index in indexes:
        if (
            key is not None
            and index.kind == "unique"
            and len(index.parts) == len(key.parts) == 1
            and index.parts[0].line is key.parts[0].line
        ):
            report.error(index.attribute.span, "An id is unique in MongoDB anyway; remove this.")


# -- PostgreSQL: index types and operator classes ---------------------------------------------


def check_postgresql(model: ModelFacts, configuration: Configuration, report: Report) -> None:
    """PostgreSQL: XML cannot be indexed; operator classes and index types fit the columns."""
    for index in model.indexes:
        if model.natives:
            for part in index.parts:
                native = model.natives.get(part.path)
                if native is not None and native.name == "Xml":
                    report.error(
                        part.line.span, f"`{part.path}` is XML, which PostgreSQL cannot index."
                    )
                    break
        if index.type is not None or any(part.operator_class for part in index.parts):
            _generalized_index(model, index, configuration, report)
        if index.type == "SpGist" and len(index.parts) != 1:
            report.error(index.attribute.span, "An SpGist index has exactly one field.")


def _generalized_index(
    model: ModelFacts, index: Index, configuration: Configuration, report: Report
) -> None:
    from schemalint.loaders.prisma.validation.operator_classes import INDEX_TYPES

    kind = index.type or "BTree"
    for part in index.parts:
        chosen = part.operator_class
        if part.raw_operator_class:
            continue
        if chosen is not None and kind not in INDEX_TYPES[chosen]:
            report.error(
                index.attribute.span,
                f"The operator class `{chosen}` works with {quoted(sorted(INDEX_TYPES[chosen]))}, "
                f"not with a {kind} index.",
            )
            continue
        if kind in ("BTree", "Hash"):
            continue
        native = _native(model, part, configuration)
        complaint = _complaint(kind, part, None if native is None else native.name)
        if complaint is not None:
            report.error(index.attribute.span, complaint)


def _complaint(kind: str, part: IndexPart, native: str | None) -> str | None:
    if _fits(kind, part, native):
        return None
    if part.operator_class is None:
        held = f"`{native}`" if native is not None else f"`{part.line.type_name}`"
        if native is None and part.line.unsupported is not None:
            return None
        return (
            f"A {kind} index cannot hold `{part.path}`, a column of type {held}, without an "
            "operator class that takes it."
        )
    is_what = f"of the native type `{native}`" if native is not None else "without a native type"
    if part.operator_class == "ArrayOps":
        is_what = "no list"
    return (
        f"The operator class `{part.operator_class}` does not take `{part.path}`, "
        f"which is {is_what}."
    )


def _fits(kind: str, part: IndexPart, native: str | None) -> bool:
    """Whether a member of an index fits its operator class, or has one by default."""
    scalar, chosen = part.line.type_name, part.operator_class
    if kind == "Gist":
        if native == "Inet":
            return chosen == "InetOps"
        return native is None and chosen is None and scalar == "String"
    if kind == "Gin":
        is_list = part.line.arity == "list"
        if chosen is None:
            return is_list or (scalar == "Json" if native is None else native == "JsonB")
        if chosen == "ArrayOps":
            return is_list
        return scalar == "Json" if native is None else native == "JsonB"
    if kind == "SpGist":
        if native is None:
            return scalar == "String" and chosen in (None, "TextOps")
        if native == "Inet":
            return chosen in (None, "InetOps")
        return native in ("Text", "VarChar", "Char") and chosen in (None, "TextOps")
    from schemalint.loaders.prisma.validation.operator_classes import (
        BRIN,
        BRIN_NATIVES,
        BRIN_SCALARS,
    )

    if chosen is None:
        return scalar in BRIN_SCALARS if native is None else native in BRIN_NATIVES
    natives, without_native = BRIN[chosen]
    return scalar == without_native if native is None else native in natives
