"""The project's own types: TypeDecorator, UserDefinedType, and subclasses of SQLAlchemy's types."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.arguments import is_none, path_of
from schemalint.loaders.sqlmodel.column_types.sql_types import external_type
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.evaluation.attributes import DIALECT, OWN_IMPL
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope, around_function, at_the_end
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
    from schemalint.loaders.sqlmodel.project import Project

_DECORATOR = "sqlalchemy.TypeDecorator"
_DEFINED = ("sqlalchemy.types.UserDefinedType", "sqlalchemy.UserDefinedType")
_DIALECTS = ("sqlite", "postgresql", "mysql", "mariadb", "mssql")


def class_type(cls: ClassValue, call: Call | None, span: Span, project: Project) -> TypeDraft | Gap:
    """The type that a class of the project stands for, made with the arguments of `call`."""
    mro = project.mro(cls)
    if isinstance(mro, Unresolved):
        return Gap(span=span, reason=f"the type `{cls.name}`: {mro.reason}")
    paths = [base.path for base in mro if isinstance(base, External)]
    if _DECORATOR in paths:
        return _decorator(cls, call, span, project)
    if any(path in _DEFINED for path in paths):
        return _defined(cls, span, project)
    for path in paths:
        if path.startswith(("sqlalchemy.", "sqlmodel.")):
            made = call or Call(span=span, callee=cls)
            handed = project.constructed(made).handed_on
            if handed is None:
                reason = f"what `{cls.name}.__init__` makes of its arguments is not followed"
                return Gap(span=span, reason=reason)
            return external_type(path, handed, span, project)
    return Gap(span=span, reason=f"`{cls.name}` is no type that is known here")


def _decorator(cls: ClassValue, call: Call | None, span: Span, project: Project) -> TypeDraft | Gap:
    """What `impl` is; on a dialect, what `load_dialect_impl` gives there."""
    impl = project.attribute(cls, "impl")
    kind = _implementation(cls, impl, call, span, project)
    if isinstance(kind, Gap):
        return msgspec.structs.replace(kind, span=span)
    loaded = _method(cls, "load_dialect_impl", project)
    variants: dict[str, TypeDraft] = {}
    if loaded is not None:
        for dialect in _DIALECTS:
            chosen = _chosen(loaded, dialect, kind, project)
            if isinstance(chosen, Gap):
                made = call or Call(span=span, callee=cls)
                chosen = _followed(loaded, made, dialect, kind, project)
            if isinstance(chosen, Gap):
                return msgspec.structs.replace(chosen, span=span)
            if chosen is not None:
                variants[dialect] = msgspec.structs.replace(chosen, span=span)
    binds = _method(cls, "process_literal_param", project) or _method(
        cls, "process_bind_param", project
    )
    return msgspec.structs.replace(
        kind,
        span=span,
        variants={**kind.variants, **variants},
        binds=(binds, call or Call(span=span, callee=cls)) if binds is not None else None,
    )


def _implementation(
    cls: ClassValue, impl: Value, call: Call | None, span: Span, project: Project
) -> TypeDraft | Gap:
    from schemalint.loaders.sqlmodel.column_types.types import type_of_value

    if call is not None or _method(cls, "__init__", project) is not None:
        made = project.constructed(call or Call(span=span, callee=cls))
        own = made.attributes.get("impl")
        if own is not None:  # `self.impl = String(length)`
            return type_of_value(own, project)
        call = made.handed_on
        if call is None:
            reason = f"what `{cls.name}.__init__` hands to its type is not known"
            return Gap(span=span, reason=reason)
    if isinstance(impl, External | ClassValue) and call is not None:
        impl = Call(span=span, callee=impl, args=call.args, keywords=call.keywords)
    return type_of_value(impl, project)


def _constant(node: ast.expr, function: FunctionValue, project: Project) -> Value:
    return project.evaluate(node, _outside(function))


def _outside(function: FunctionValue) -> Scope:
    """What a function's body sees around itself."""
    return around_function(at_the_end(function.scope))  # type: ignore[arg-type]  # it is an `object` to `values`


def _method(cls: ClassValue, name: str, project: Project) -> FunctionValue | None:
    """A method of the class or of an ancestor in the project; None where only SQLAlchemy has it."""
    found = project.attribute(cls, name)
    if isinstance(found, Call) and found.args and isinstance(found.args[0], FunctionValue):
        found = found.args[0]  # bound to the class
    return found if isinstance(found, FunctionValue) else None


def stored(value: Value, kind: TypeDraft | None, project: Project) -> Value:
    """What a column of this type stores for a value of the program."""
    if kind is None or kind.binds is None or is_none(value):
        return value
    method, decorator = kind.binds
    dialect = External(span=value.span, path=f"{DIALECT}postgresql")
    return project.call(method, (decorator, value, dialect))


# -- load_dialect_impl -----------------------------------------------------------------------------


def _chosen(
    method: FunctionValue, dialect: str, kind: TypeDraft, project: Project
) -> TypeDraft | Gap | None:
    """What the method returns for a dialect of this name; None for the type's own `impl`."""
    if isinstance(method.node, ast.Lambda) or len(method.node.args.args) < 2:
        return _not_followed(method)
    name = method.node.args.args[1].arg
    returned = _returned(method.node.body, name, dialect)
    if returned is None:
        return _not_followed(method)
    node = returned.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "type_descriptor" and node.args:
            return _type_at(node.args[0], method, kind, project)
        if node.func.attr == "load_dialect_impl":
            return None
    if isinstance(node, ast.Attribute) and node.attr in ("impl", "impl_instance"):
        return None
    return _not_followed(method) if node is None else _type_at(node, method, kind, project)


def _followed(
    method: FunctionValue, made: Call, dialect: str, kind: TypeDraft, project: Project
) -> TypeDraft | Gap | None:
    """The same by carrying the method out for this object and this dialect."""
    from schemalint.loaders.sqlmodel.column_types.types import type_of_value

    on = External(span=made.span, path=f"{DIALECT}{dialect}")
    value = project.call(method, (made, on))
    if path_of(value) == f"{on.path}.type_descriptor" and isinstance(value, Call) and value.args:
        value = value.args[0]
    if path_of(value) == OWN_IMPL:
        return None
    if isinstance(value, Unresolved):
        return _not_followed(method)
    found = type_of_value(value, project)
    return found if isinstance(found, Gap) or found != kind else None


def _type_at(
    node: ast.expr, method: FunctionValue, kind: TypeDraft, project: Project
) -> TypeDraft | Gap | None:
    from schemalint.loaders.sqlmodel.column_types.types import type_of_value

    found = type_of_value(_constant(node, method, project), project)
    return found if isinstance(found, Gap) or found != kind else None


def _not_followed(method: FunctionValue) -> Gap:
    return Gap(span=method.span, reason="what `load_dialect_impl` returns is not followed")


def _returned(body: list[ast.stmt], parameter: str, dialect: str) -> ast.Return | None:
    """The `return` that is reached where `parameter.name` is `dialect`; None if it is not clear."""
    for statement in _reached(body, parameter, dialect):
        if isinstance(statement, ast.Return):
            return statement
        if not isinstance(statement, ast.Expr | ast.Pass | ast.Import | ast.ImportFrom):
            return None
    return None


def _reached(body: list[ast.stmt], parameter: str, dialect: str) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If):
            holds = _holds(statement.test, parameter, dialect)
            if holds is None:
                yield statement
                return
            yield from _reached(statement.body if holds else statement.orelse, parameter, dialect)
        else:
            yield statement


def _holds(test: ast.expr, parameter: str, dialect: str) -> bool | None:
    """Whether `parameter.name == "postgresql"`, `in (...)` or `not ...` holds for this dialect."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _holds(test.operand, parameter, dialect)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        parts = [_holds(one, parameter, dialect) for one in test.values]
        if None in parts:
            return None
        return all(parts) if isinstance(test.op, ast.And) else any(parts)
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    if not _is_name(test.left, parameter):
        return None
    try:
        wanted = ast.literal_eval(test.comparators[0])
    except (ValueError, TypeError, RecursionError):
        return None
    operator = test.ops[0]
    if isinstance(operator, ast.Eq | ast.NotEq):
        return (wanted == dialect) is isinstance(operator, ast.Eq)
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(wanted, list | tuple | set):
        return (dialect in wanted) is isinstance(operator, ast.In)
    return None


def _is_name(node: ast.expr, parameter: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "name"
        and isinstance(node.value, ast.Name)
        and node.value.id == parameter
    )


# -- UserDefinedType -------------------------------------------------------------------------------


def _defined(cls: ClassValue, span: Span, project: Project) -> TypeDraft | Gap:
    """What `get_col_spec` returns, if it is a constant."""
    method = _method(cls, "get_col_spec", project)
    if method is not None:
        returned = project.call(method, (cls,))
        if isinstance(returned, Constant) and isinstance(returned.value, str):
            return TypeDraft(
                span=span,
                path="sqlalchemy.UserDefinedType",
                arguments={"native": returned.value},
            )
    return Gap(span=span, reason=f"what `{cls.name}` is in the database is not known")
