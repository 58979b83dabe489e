"""What the project itself writes for a type: `@compiles(JSONB, "sqlite")` over a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.arguments import path_of, text_of
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.likeness import class_key
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
    from schemalint.loaders.sqlmodel.modules import Module
    from schemalint.loaders.sqlmodel.project import Project

_COMPILES = "sqlalchemy.ext.compiler.compiles"
_COMPILER = "sqlalchemy.compiler"
# Statements of DDL whose text, once it is the project's own, may say anything.
_STATEMENTS = ("CreateTable", "CreateColumn", "CreateIndex", "AddConstraint")
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
    variants = dict(kind.variants)
    for one in project.written(of):
        text = _text(one, of, kind.span, project)
        if isinstance(text, Gap):
            return text
        if one.dialects is None:
            for name in DATABASES:
                variants.setdefault(name, text)
        variants.update((name, text) for name in one.dialects or ())
    return msgspec.structs.replace(kind, variants=variants) if variants != kind.variants else kind


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


def _text(one: Written, of: Value, span: Span, project: Project) -> TypeDraft | Gap:
    compiler = External(span=one.function.span, path=_COMPILER)
    result = project.call(one.function, (Call(span=of.span, callee=of), compiler))
    if isinstance(result, Constant) and isinstance(result.value, str):
        arguments: dict[str, str | int | bool | None] = {"native": result.value}
        return TypeDraft(span=span, path="sqlalchemy.UserDefinedType", arguments=arguments)
    path = path_of(result)
    if path.startswith(f"{_COMPILER}.visit_"):
        name = path.removeprefix(f"{_COMPILER}.visit_")
        return TypeDraft(span=span, path=f"sqlalchemy.{name}")
    reason = f"what `{one.function.name}` writes for this type is not followed"
    return Gap(span=span, reason=reason, only_on=one.dialects)


def statements_written(project: Project) -> Iterator[Gap]:
    """The places where the project writes whole statements of DDL by itself."""
    for module in project.table_modules():
        for one in project.written_in(module):
            name = path_of(one.subject).rpartition(".")[2]
            if name in _STATEMENTS:
                reason = f"the text of `{name}` is the project's own, and is not followed"
                yield Gap(span=one.function.span, reason=reason, only_on=one.dialects)
