"""Defaults: what the client supplies (`default=`), and what the DDL says (`server_default=`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.arguments import is_none, path_of
from schemalint.loaders.sqlmodel.column_types.type_decorators import stored
from schemalint.loaders.sqlmodel.declarations.expressions import Columns, render
from schemalint.loaders.sqlmodel.declarations.sql_literals import literal, raw_text, string_literal
from schemalint.loaders.sqlmodel.drafts import DefaultDraft, Gap, ServerDefault, TypeDraft
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    FunctionValue,
    Mapping,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_NOW = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "sqlalchemy.func.now",
        "sqlalchemy.func.current_timestamp",
        "sqlalchemy.func.CURRENT_TIMESTAMP",
        "sqlalchemy.func.localtimestamp",
        "pendulum.now",
        "pendulum.utcnow",
        "django.utils.timezone.now",
    }
)
_UUIDS = {
    "uuid.uuid1": "uuid(1)",
    "uuid.uuid4": "uuid()",
    "uuid.uuid6": "uuid(6)",
    "uuid.uuid7": "uuid(7)",
    "uuid_utils.uuid7": "uuid(7)",
    "uuid_utils.uuid4": "uuid()",
}
_FETCHED = frozenset({"sqlalchemy.FetchedValue", "sqlalchemy.schema.FetchedValue"})
# What a value made by a function is wrapped in without becoming another kind of value.
_WRAPPERS = frozenset({"builtins.str", "functools.partial", "builtins.int"})
_PASSED_ON = frozenset({"hex", "replace", "isoformat", "timestamp", "date", "astimezone"})


def client_default(value: Value, type_: TypeDraft | None, project: Project) -> DefaultDraft | None:
    """What the client writes where the program names no value; None where that is NULL."""
    if is_none(value):
        return None
    if isinstance(value, Constant | EnumMember):
        held = stored(value, type_, project)
        if not isinstance(held, Constant | EnumMember):
            return DefaultDraft(span=value.span, kind="expression", text=value.span.text)
        return _constant(held, type_)
    if isinstance(value, Sequence | Mapping):
        return DefaultDraft(span=value.span, kind="literal", text=value.span.text)
    if isinstance(value, FunctionValue):
        return _made(value, project)
    path = path_of(value)
    if isinstance(value, Call):
        return _of_call(value, path)
    if path in _NOW:
        return DefaultDraft(span=value.span, kind="now", text="now()")
    if path in _UUIDS:
        return DefaultDraft(span=value.span, kind="function", text=_UUIDS[path])
    if isinstance(value, External | ClassValue):
        name = value.path.rsplit(".", 1)[-1] if isinstance(value, External) else value.name
        if name.isupper():  # a constant, or an enum's member, of a package that is not read
            return DefaultDraft(span=value.span, kind="expression", text=value.span.text)
        return DefaultDraft(span=value.span, kind="function", text=f"{name}()")
    return DefaultDraft(span=value.span, kind="expression", text=value.span.text)


def _of_call(value: Call, path: str) -> DefaultDraft:
    """A default that a call makes: SQL, a function with its arguments, or a value of its own."""
    if path == "functools.partial" and value.args:
        return _computed(value.args[0], value)
    if path == "sqlalchemy.Sequence":
        return DefaultDraft(span=value.span, kind="function", text="nextval()")
    if path.startswith("sqlalchemy."):
        if path in _NOW:
            return DefaultDraft(span=value.span, kind="now", text="now()")
        return DefaultDraft(span=value.span, kind="expression", text=value.span.text)
    # `datetime.now()` is called once, when the module is imported: one value for all rows.
    return DefaultDraft(span=value.span, kind="literal", text=value.span.text)


def _constant(value: Constant | EnumMember, type_: TypeDraft | None) -> DefaultDraft:
    text = literal(value, type_)
    if isinstance(value, EnumMember):
        plain = value.name
        text = text if text is not None else string_literal(plain)
    elif isinstance(value.value, bool):
        plain = "true" if value.value else "false"
    else:
        plain = str(value.value)
    shown = text if text is not None else value.span.text
    return DefaultDraft(span=value.span, kind="literal", text=shown, value=plain)


def _made(function: FunctionValue, project: Project) -> DefaultDraft:
    """The default of a function: by what it returns, where that can be told."""
    name = function.name if function.name not in {"", "<lambda>"} else function.span.text
    unknown = DefaultDraft(span=function.span, kind="function", text=f"{name}()")
    if function.name in {"", "<lambda>"}:
        unknown = DefaultDraft(span=function.span, kind="expression", text=function.span.text)
    arguments = function.node.args
    if len(arguments.args) > len(arguments.defaults) or arguments.posonlyargs:
        return unknown
    made = _innermost(project.returned(function))
    path = path_of(made)
    if path in _NOW:
        return DefaultDraft(span=function.span, kind="now", text="now()")
    if path in _UUIDS:
        return DefaultDraft(span=function.span, kind="function", text=_UUIDS[path])
    return unknown


def _computed(callee: Value, value: Value) -> DefaultDraft:
    path = path_of(callee)
    if path in _NOW:
        return DefaultDraft(span=value.span, kind="now", text="now()")
    if path in _UUIDS:
        return DefaultDraft(span=value.span, kind="function", text=_UUIDS[path])
    return DefaultDraft(span=value.span, kind="expression", text=value.span.text)


def _innermost(value: Value) -> Value:
    """`uuid4()` of `str(uuid4())`, `uuid4().hex` or `datetime.now().replace(tzinfo=None)`."""
    while True:
        if isinstance(value, Call) and path_of(value) in _WRAPPERS and len(value.args) == 1:
            value = value.args[0]
        elif isinstance(value, Call) and isinstance(value.callee, Attribute):
            if value.callee.name not in _PASSED_ON:
                return value
            value = value.callee.of
        elif isinstance(value, Attribute) and value.name in _PASSED_ON:
            value = value.of
        else:
            return value


def server_default(value: Value, columns: Columns) -> ServerDefault | Gap | None:
    """DEFAULT in the DDL; None where SQLAlchemy writes none (`FetchedValue()`)."""
    if path_of(value) in _FETCHED:
        return None
    if isinstance(value, Call) and path_of(value).endswith(".DefaultClause") and value.args:
        value = value.args[0]
    content = value.value if isinstance(value, EnumMember) else value
    if isinstance(content, Constant):
        if isinstance(content.value, str):
            return ServerDefault(span=value.span, sql=string_literal(content.value))
        reason = "`server_default` takes a string or an SQL expression; SQLAlchemy refuses this"
        return Gap(span=value.span, reason=reason)
    sql = render(value, columns)
    if isinstance(sql, Gap):
        return sql
    return ServerDefault(span=value.span, sql=sql, raw=raw_text(value) is not None)
