"""What the project itself writes for a type: `@compiles(JSONB, "sqlite")` over a function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.arguments import path_of, text_of
from schemalint.loaders.sqlmodel.column_types.sql_types import external_type
from schemalint.loaders.sqlmodel.drafts import Gap, ServerDefault, TypeDraft
from schemalint.loaders.sqlmodel.evaluation.likeness import alike, class_key
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.modules import Module
    from schemalint.loaders.sqlmodel.project import Project

_COMPILES = "sqlalchemy.ext.compiler.compiles"
_COMPILER = "sqlalchemy.compiler"
# Statements of DDL whose text, once it is the project's own, may say anything.
_STATEMENTS = ("CreateTable", "CreateColumn", "CreateIndex", "AddConstraint")
# What the compilers of types call the general types, whose methods are not named like the class.
_VISITED = {
    "string": "String",
    "text": "Text",
    "unicode": "Unicode",
    "unicode_text": "UnicodeText",
    "integer": "Integer",
    "big_integer": "BigInteger",
    "small_integer": "SmallInteger",
    "numeric": "Numeric",
    "float": "Float",
    "double": "Double",
    "boolean": "Boolean",
    "datetime": "DateTime",
    "date": "Date",
    "time": "Time",
    "large_binary": "LargeBinary",
    "uuid": "Uuid",
}
_COLLATED = re.compile(r"(.*?)\s+COLLATE\s+[\"`]?([\w.-]+)[\"`]?\Z", re.IGNORECASE | re.DOTALL)
DATABASES = ("sqlite", "postgresql", "mysql", "mariadb", "mssql")


class Written(msgspec.Struct, frozen=True):
    """A function that writes `subject` on `dialects` (SQLAlchemy's names; none: on all)."""

    subject: Value
    dialects: tuple[str, ...] | None
    function: FunctionValue


def written_in(module: Module, project: Project) -> tuple[Written, ...]:
    """The functions of a module that `@compiles` makes write something."""
    if "compiles" not in module.file.text:
        return ()
    return tuple(_of_module(module, project))


def _of_module(module: Module, project: Project) -> Iterator[Written]:
    for statement, scope in project.statements(module):
        if not isinstance(statement, ast.FunctionDef):
            continue
        function = FunctionValue(
            span=module.span(statement),
            name=statement.name,
            module=module.name,
            node=statement,
            scope=scope,
        )
        for decorator in statement.decorator_list:
            made = project.evaluate(decorator, scope)
            if isinstance(made, Call) and path_of(made) == _COMPILES and made.args:
                names = tuple(text for one in made.args[1:] if (text := text_of(one)) is not None)
                yield Written(made.args[0], names or None, function)


def with_compiled(kind: TypeDraft | Gap, of: Value, project: Project) -> TypeDraft | Gap:
    """`kind`, the type that `of` stands for, with what the project writes for it instead."""
    if isinstance(kind, Gap):
        return kind
    variants, gaps = dict(kind.variants), list(kind.gaps)
    for one in project.written(of):
        text = _text(one, of, kind, project)
        if isinstance(text, Gap):
            if one.dialects is None:
                return text
            # What is not followed on one database is as ever on the others.
            gaps.append(text)
            text = TypeDraft(span=kind.span, path="sqlalchemy.NullType")
        if one.dialects is None:
            for name in DATABASES:
                variants.setdefault(name, text)
        variants.update((name, text) for name in one.dialects or ())
    if variants == kind.variants:
        return kind
    return msgspec.structs.replace(kind, variants=variants, gaps=tuple(gaps))


def is_meant(subject: Value, of: Value, project: Project) -> bool:
    """Whether what is written for `subject` is written for `of` too: a class of the project
    has it from its bases."""
    if isinstance(subject, ClassValue) and isinstance(of, ClassValue):
        order = project.mro(of)
        known = (of,) if isinstance(order, Unresolved) else order
        keys = [class_key(one) for one in known if isinstance(one, ClassValue)]
        return class_key(subject) in keys
    path = path_of(subject)
    return bool(path) and isinstance(of, External) and of.path == path


def _text(one: Written, of: Value, kind: TypeDraft, project: Project) -> TypeDraft | Gap:
    element = Call(span=of.span, callee=of)
    compiler = External(span=one.function.span, path=_COMPILER)
    result = project.call(one.function, (element, compiler))
    if isinstance(result, Constant) and isinstance(result.value, str):
        return _native(result.value, kind.span)
    path = path_of(result)
    if isinstance(result, Call) and path.startswith(f"{_COMPILER}.visit_") and result.args:
        name = path.removeprefix(f"{_COMPILER}.visit_")
        name = _VISITED.get(name, name)
        subject = result.args[0]
        if alike(subject, element):  # its length and the like are those of what it stands for
            return msgspec.structs.replace(kind, path=f"sqlalchemy.{name}", variants={})
        if path_of(subject).startswith("sqlalchemy."):
            call = subject if isinstance(subject, Call) else None
            given = external_type(path_of(subject), call, kind.span, project)
            if isinstance(given, TypeDraft):
                return msgspec.structs.replace(given, path=f"sqlalchemy.{name}")
    reason = f"what `{one.function.name}` writes for this type is not followed"
    return Gap(span=kind.span, reason=reason, only_on=one.dialects)


def _native(text: str, span: Span) -> TypeDraft:
    arguments: dict[str, str | int | bool | None] = {"native": text}
    collated = _COLLATED.match(text.strip())
    if collated is not None:
        arguments = {"native": collated[1], "collation": collated[2]}
    return TypeDraft(span=span, path="sqlalchemy.UserDefinedType", arguments=arguments)


def written_default(value: Value, project: Project) -> ServerDefault | Gap | None:
    """DEFAULT by an expression of the project, `utcnow()`, that `@compiles` writes for each
    database; None for anything else."""
    if not isinstance(value, Call) or not isinstance(value.callee, ClassValue):
        return None
    texts: dict[str, str] = {}
    everywhere: str | None = None
    for one in project.written(value.callee):
        compiler = External(span=one.function.span, path=_COMPILER)
        result = project.call(one.function, (value, compiler))
        if not isinstance(result, Constant) or not isinstance(result.value, str):
            reason = f"what `{one.function.name}` writes for this default is not followed"
            return Gap(span=value.span, reason=reason)
        if one.dialects is None:
            everywhere = result.value
        texts.update((name, str(result.value)) for name in one.dialects or ())
    if everywhere is None and not texts:
        return None
    return ServerDefault(span=value.span, sql=everywhere, raw=True, variants=texts)


def statements_written(project: Project) -> Iterator[Gap]:
    """The places where the project writes whole statements of DDL by itself."""
    for module in project.table_modules():
        for one in project.written_in(module):
            name = path_of(one.subject).rpartition(".")[2]
            if name in _STATEMENTS:
                reason = f"the text of `{name}` is the project's own, and is not followed"
                yield Gap(span=one.function.span, reason=reason, only_on=one.dialects)
