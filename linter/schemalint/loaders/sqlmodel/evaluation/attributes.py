"""`value.name`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import (
    classes,
    declared_bases,
    enums,
    imports,
    instances,
)
from schemalint.loaders.sqlmodel.evaluation.canonical import canonical, is_known_package
from schemalint.loaders.sqlmodel.evaluation.connections import CONNECTION
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    FunctionValue,
    Mapping,
    ModuleValue,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

# Bases whose annotated names become fields: the class's attribute is then no plain value.
_MODEL_BASES = frozenset({"sqlmodel.SQLModel", "pydantic.BaseModel"})
DECLARATIVE = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.orm.MappedAsDataclass",
        "sqlalchemy.orm.declarative_base",
        "sqlalchemy.orm.registry",
        "flask_sqlalchemy.SQLAlchemy.Model",
    }
)
# The dialect that a type decorator is asked for, behind its name; the type that it decorates.
DIALECT = "sqlalchemy.dialect:"
OWN_IMPL = "sqlalchemy.TypeDecorator.impl"
_DECORATOR = "sqlalchemy.TypeDecorator"
_SETTINGS = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings"})
_FLASK = "flask_sqlalchemy.SQLAlchemy"
# What `@as_declarative` and DeclarativeMeta give a class.
_MADE = ("metadata", "registry")
_CAMEL = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


def attribute(run: Evaluator, of: Value, name: str, span: Span) -> Value:
    """The value of `of.name`."""
    if isinstance(of, Unresolved):
        return Unresolved(span=span, reason=of.reason)
    if isinstance(of, ModuleValue):
        module = run.modules.find(of.name)
        if module is not None:
            return imports.of_module(run, module, name, span)
    if isinstance(of, External):
        return _of_external(run, of, name, span)
    if isinstance(of, ClassValue):
        return _of_class(run, of, name, span)
    if isinstance(of, EnumMember):
        return _of_member(run, of, name, span)
    if isinstance(of, FunctionValue) and name in ("__name__", "__qualname__"):
        return Constant(span=span, value=of.name)
    if isinstance(of, Call):
        return _of_instance(run, of, name, span)
    return Attribute(span=span, of=of, name=name)


def _of_external(run: Evaluator, of: External, name: str, span: Span) -> Value:
    path = f"{of.path}.{name}"
    if of.path.startswith(DIALECT):
        if name == "name":
            return Constant(span=span, value=of.path.removeprefix(DIALECT))
        return External(span=span, path=path)
    if of.path.startswith(CONNECTION):
        return _of_connection(of, name, span)
    if not is_known_package(of.path) and run.modules.find(path) is not None:
        return ModuleValue(span=span, name=path)
    if of.path.startswith("os.environ"):
        return External(span=span, path=path)
    if name == "__name__":
        return Constant(span=span, value=of.path.rpartition(".")[2])
    return External(span=span, path=canonical(path), owner=of.owner)


def _of_connection(of: External, name: str, span: Span) -> External:
    if name == "dialect":
        return External(span=span, path=DIALECT + of.path.removeprefix(CONNECTION))
    if name in ("bind", "connection", "engine", "sync_connection"):
        return External(span=span, path=of.path)
    return External(span=span, path=f"{of.path}.{name}")


def _of_class(run: Evaluator, cls: ClassValue, name: str, span: Span) -> Value:
    special = classes.special_attribute(cls, name, span)
    if special is not None:
        return special
    members = enums.by_names(run, cls)
    if members is not None:
        if name in members:
            return run.placed(members[name], span)
        if name == "__members__":
            items = tuple((Constant(span=span, value=key), value) for key, value in members.items())
            return Mapping(span=span, items=items)
        if name in ("_member_names_",):
            names = tuple(Constant(span=span, value=member) for member in members)
            return Sequence(span=span, kind="list", items=names)
    if name == "__members__":
        return Attribute(span=span, of=cls, name=name)
    return class_attribute(run, cls, name, span, receiver=cls)


def class_attribute(
    run: Evaluator, cls: ClassValue, name: str, span: Span, *, receiver: Value
) -> Value:
    """An attribute of a class, or of what it is looked up for (`receiver`)."""
    if is_column(run, cls, name):
        return Attribute(span=span, of=receiver, name=name)
    found = classes.attribute_of(run, cls, name, span, receiver=receiver)
    if found is not None:
        return found
    if name == "__tablename__":
        given = implied_table_name(run, cls, span)
        if given is not None:
            return given
    order = classes.mro(run, cls)
    outside = isinstance(order, Unresolved) or any(
        not isinstance(base, ClassValue) or (name in _MADE and _is_changed(base)) for base in order
    )
    if outside or name.startswith("__"):
        return Attribute(span=span, of=receiver, name=name)
    return Unresolved(span=span, reason=f"`{cls.name}` has no attribute `{name}`")


def _is_changed(cls: ClassValue) -> bool:
    """Whether a decorator or a metaclass may give the class more attributes."""
    return bool(cls.node.decorator_list or cls.node.keywords)


def implied_table_name(run: Evaluator, cls: ClassValue, span: Span) -> Constant | None:
    """The `__tablename__` that SQLModel, or Flask-SQLAlchemy, gives a class that has none."""
    paths = paths_of(run, cls)
    if "sqlmodel.SQLModel" in paths:
        return Constant(span=span, value=cls.name.lower())
    if "flask_sqlalchemy.SQLAlchemy.Model" in paths:
        return Constant(span=span, value=flask_table_name(cls.name))
    return None


def flask_table_name(name: str) -> str:
    """What Flask-SQLAlchemy calls the table of a class of this name (`camel_to_snake_case`)."""
    return _CAMEL.sub(r"_\1", name[:200]).lower().lstrip("_")


def paths_of(run: Evaluator, cls: ClassValue) -> frozenset[str]:
    """The canonical paths of the class's ancestors from outside, of what calls made too."""
    order = classes.mro(run, cls)
    if isinstance(order, Unresolved):
        return frozenset()
    paths = set()
    for base in order:
        inside: Value = base.callee if isinstance(base, Call) else base
        while isinstance(inside, (Attribute, Call)):
            inside = inside.of if isinstance(inside, Attribute) else inside.callee
        if isinstance(inside, External):
            paths.add(inside.path)
    return frozenset(paths)


def is_column(run: Evaluator, cls: ClassValue, name: str) -> bool:
    """Whether the class's attribute is what the ORM makes of it, and not what is written."""
    if name.startswith("__"):
        return False
    order = classes.mro(run, cls)
    known = (cls,) if isinstance(order, Unresolved) else order
    paths = paths_of(run, cls)
    if not (paths & _MODEL_BASES or paths & DECLARATIVE) and not any(
        isinstance(one, ClassValue) and declared_bases.is_declared_base(run, one) for one in known
    ):
        return False
    for ancestor in known:
        if isinstance(ancestor, ClassValue):
            bindings = classes.body_of(run, ancestor).bindings.get(name)
            if bindings:
                last = bindings[-1]
                annotated = hasattr(last.node, "annotation")
                if annotated:
                    return True
                if last.kind != "value":
                    return False
                value = run.bound(last, classes.scope_of(run, ancestor))
                return isinstance(value, Call)
    return False


def _of_member(run: Evaluator, member: EnumMember, name: str, span: Span) -> Value:
    if name in ("name", "_name_"):
        return Constant(span=span, value=member.name)
    if name in ("value", "_value_"):
        if member.value is not None:
            return run.placed(member.value, span)
        return Unresolved(span=span, reason=f"the value of `{member.name}` cannot be told")
    found = classes.attribute_of(run, member.enum, name, span, receiver=member)
    if found is not None:
        return found
    # A member of a text enum is a text.
    return Attribute(span=span, of=member, name=name)


def _of_instance(run: Evaluator, of: Call, name: str, span: Span) -> Value:
    cls = of.callee
    if isinstance(cls, External) and cls.path == _FLASK:
        return _of_flask(name, of, span)
    if isinstance(cls, External) and cls.path == "sqlalchemy.Table":
        return _of_table(of, name, span)
    if not isinstance(cls, ClassValue):
        return Attribute(span=span, of=of, name=name)
    paths = paths_of(run, cls)
    if _FLASK in paths and classes.attribute_of(run, cls, name, span, receiver=of) is None:
        return _of_own_flask(run, cls, name, of, span)
    if paths & _SETTINGS:
        reason = f"`{cls.name}` is filled when the program runs"
        return Unresolved(span=span, reason=reason)
    if _DECORATOR in paths and name in ("impl", "impl_instance"):
        return External(span=span, path=OWN_IMPL)
    if _DECORATOR in paths and not name.startswith("__"):
        kept = instances.constructed(run, of).attributes.get(name)
        kept = kept or classes.attribute_of(run, cls, name, span, receiver=of)
        if kept is not None:
            return run.placed(kept, span)
    for key, value in of.keywords:
        if key == name and ("pydantic.BaseModel" in paths or _is_dataclass(run, cls)):
            return run.placed(value, span)
    body = classes.body_of(run, cls)
    plain = {"__init__", "__new__", "__getattr__", "__getattribute__"}.isdisjoint(body.bindings)
    order = classes.mro(run, cls)
    known = not isinstance(order, Unresolved) and all(
        isinstance(base, ClassValue) for base in order
    )
    found = classes.attribute_of(run, cls, name, span, receiver=of)
    if found is not None and (isinstance(found, Call) or (plain and known and not of.args)):
        return found
    return Attribute(span=span, of=of, name=name)


def _of_table(of: Call, name: str, span: Span) -> Value:
    """The name of a table, as it is put into a text: `table.name`, and `table.fullname` where the
    call says which schema it is in."""
    written, schema = of.args[0] if of.args else None, of.keyword("schema")
    if name == "name" and isinstance(written, Constant):
        return Constant(span=span, value=written.value)
    if name == "fullname" and isinstance(written, Constant) and isinstance(schema, Constant):
        full = written.value if schema.value is None else f"{schema.value!s}.{written.value!s}"
        return Constant(span=span, value=full)
    return Attribute(span=span, of=of, name=name)


def _is_dataclass(run: Evaluator, cls: ClassValue) -> bool:
    scope = classes.definition_scope(run, cls)
    for decorator in cls.node.decorator_list:
        value = run.evaluate(decorator, scope)
        value = value.callee if isinstance(value, Call) else value
        if isinstance(value, External) and value.path == "dataclasses.dataclass":
            return True
    return False


def _of_own_flask(run: Evaluator, cls: ClassValue, name: str, of: Call, span: Span) -> Value:
    """The same where the project has a class of its own, which may answer by `__getattr__`."""
    hook = classes.attribute_of(run, cls, "__getattr__", span, receiver=of)
    if isinstance(hook, (FunctionValue, Call)) and not name.startswith("__"):
        given = run.call(hook, (Constant(span=span, value=name),), (), span)
        if not isinstance(given, Unresolved):
            return run.placed(given, span)
    return _of_flask(name, of, span)


def _of_flask(name: str, of: Call, span: Span) -> Value:
    """`db.Column` and `db.Model` of Flask-SQLAlchemy."""
    if name == "Model":
        return External(span=span, path=f"{_FLASK}.Model", owner=of)
    if name in ("relationship", "backref", "mapped_column", "Mapped", "declared_attr", "deferred"):
        return External(span=span, path=f"sqlalchemy.orm.{name}")
    if name in ("session", "engine", "metadata", "metadatas", "init_app", "create_all"):
        return Attribute(span=span, of=of, name=name)
    return External(span=span, path=f"sqlalchemy.{name}", owner=of)
