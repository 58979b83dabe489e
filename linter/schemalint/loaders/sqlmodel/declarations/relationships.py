"""Navigation attributes: SQLModel's `Relationship(...)` and SQLAlchemy's `relationship(...)`."""

from __future__ import annotations

import re
from collections.abc import Callable

from schemalint.loaders.sqlmodel.annotation_shapes import (
    annotated,
    is_optional,
    mapped_type,
    members_of_union,
    without_none,
)
from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, path_of, text_of
from schemalint.loaders.sqlmodel.declarations.backrefs import Backref, read_backref
from schemalint.loaders.sqlmodel.declarations.references import View, table_of
from schemalint.loaders.sqlmodel.drafts import RelationDraft
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    Mapping,
    Sequence,
    Subscript,
    Unresolved,
    Value,
)
from schemalint.source import Span

SQLMODEL_RELATIONSHIP = "sqlmodel.Relationship"
RELATIONSHIPS = frozenset(
    {
        SQLMODEL_RELATIONSHIP,
        "sqlalchemy.orm.relationship",
        "sqlalchemy.orm.dynamic_loader",
        "sqlalchemy.orm.Relationship",
    }
)
_LISTS = frozenset(
    {
        "builtins.list",
        "builtins.set",
        "builtins.dict",
        "builtins.tuple",
        "typing.List",
        "typing.Set",
        "typing.Dict",
        "typing.Sequence",
        "typing.Collection",
        "typing.Iterable",
        "collections.abc.Sequence",
        "collections.abc.Collection",
        "collections.abc.MutableSequence",
        "sqlalchemy.orm.AppenderQuery",
        "sqlalchemy.orm.attribute_keyed_dict",
    }
)
_MANY_MAPPED = frozenset({"sqlalchemy.orm.DynamicMapped", "sqlalchemy.orm.WriteOnlyMapped"})
_NAME = re.compile(r"[\w.]+\Z")


def is_relationship(value: Value | None) -> bool:
    """Whether it is a call that makes a navigation attribute."""
    return isinstance(value, Call) and path_of(value) in RELATIONSHIPS


def read_relationship(
    name: str,
    name_span: Span,
    annotation: Value | None,
    call: Call,
    view: View,
    *,
    refers_to: Callable[[str], bool],
) -> RelationDraft | None:
    """The relation; None where its target cannot be told. `refers_to` tells whether this table
    has a foreign key to that of a class."""
    arguments = _arguments(call)
    annotated_type = _target_type(annotation)
    many, optional, inner = _shape(annotation, annotated_type)
    written = arguments.value("argument")
    target = class_name(view.called(written)) if written is not None else None
    if target is None and inner is not None:
        target = class_name(inner)
    if target is None:
        return None
    backref = backref_of(call)
    # A table that refers to itself: the side that holds the key says which the other one is.
    own = any(cls.name == target for cls in view.bases)
    from_parent = own and arguments.value("remote_side") is None
    uselist = arguments.flag("uselist")
    if uselist is not None:
        many = uselist
    elif annotation is None:
        # Without an annotation only the keys tell: the side that holds the key has one.
        to_parent = refers_to(target) and arguments.value("secondary") is None
        many = not to_parent or from_parent
    return RelationDraft(
        span=call.span,
        name=name,
        name_span=name_span,
        target=target,
        many=many,
        nullable=optional,
        back=arguments.text("back_populates") or (backref.name if backref is not None else None),
        secondary=_secondary(arguments, view),
        foreign_keys=_foreign_keys(arguments, view),
        from_parent=from_parent,
    )


def backref_of(call: Call) -> Backref | None:
    """The other side that the call makes by `backref=`."""
    return read_backref(_arguments(call).value("backref"))


def _arguments(call: Call) -> Arguments:
    """The arguments of `relationship`, those inside SQLModel's `sa_relationship*` included."""
    if path_of(call) != SQLMODEL_RELATIONSHIP:
        return Arguments(call, ("argument", "secondary"))
    inner = call.keyword("sa_relationship")
    if isinstance(inner, Call):
        return Arguments(inner, ("argument", "secondary"))
    more = call.keyword("sa_relationship_kwargs")
    keywords = list(call.keywords)
    if isinstance(more, Mapping):
        for key, value in more.items:
            if isinstance(key, Constant) and isinstance(key.value, str):
                keywords.append((key.value, value))
    positional = call.keyword("sa_relationship_args")
    args = positional.items if isinstance(positional, Sequence) else ()
    return Arguments(
        Call(span=call.span, callee=call.callee, args=args, keywords=tuple(keywords)),
        ("secondary",),
    )


def _target_type(annotation: Value | None) -> Value | None:
    if annotation is None:
        return None
    return annotated(mapped_type(annotation) or annotation)[0]


def _shape(
    annotation: Value | None, annotated_type: Value | None
) -> tuple[bool, bool, Value | None]:
    """Whether it is to many, whether it may be None, and the type of one."""
    if annotation is None or annotated_type is None:
        return False, False, None
    optional = is_optional(annotated_type)
    inner = without_none(annotated_type)
    if isinstance(annotation, Subscript) and path_of(annotation.of) in _MANY_MAPPED:
        return True, False, inner
    if isinstance(inner, Subscript) and path_of(inner.of) in _LISTS and inner.items:
        return True, False, annotated(inner.items[-1])[0]
    return path_of(inner) in _LISTS, optional, inner


def class_name(value: Value | None) -> str | None:
    """The name of the class that a value stands for: itself, a forward reference, a path."""
    if value is None:
        return None
    if isinstance(value, ClassValue):
        return value.name
    text = text_of(value)
    if text is not None:
        return _from_text(text)
    if isinstance(value, Subscript) and value.items and path_of(value.of) in _LISTS:
        return class_name(value.items[-1])
    if members_of_union(value) is not None:
        inner = without_none(value)
        return class_name(inner) if inner is not value else None
    if isinstance(value, Attribute):
        return value.name
    if isinstance(value, Unresolved):
        # A forward reference to a class of a module that is not imported here.
        return _from_text(value.span.text)
    return None


def _from_text(text: str) -> str | None:
    inner = text.strip()
    match = re.match(r"(?:\w+\.)*(?:Optional|[Ll]ist|[Ss]et|Sequence)\[(.*)\]\Z", inner)
    if match:
        return _from_text(match.group(1).strip("\"' "))
    inner = re.sub(r"\s*\|\s*None\Z|\ANone\s*\|\s*", "", inner.strip("\"'")).strip("\"' ")
    return inner.rsplit(".", 1)[-1] if _NAME.match(inner) else None


def _secondary(arguments: Arguments, view: View) -> str | None:
    link = arguments.value("link_model")
    value = link if link is not None and not is_none(link) else arguments.value("secondary")
    if value is None or is_none(value):
        return None
    value = view.called(value)
    text = text_of(value)
    if text is not None:
        return _secondary_name(text)
    table = table_of(value, view.references)
    return table.table if table is not None else None


def _secondary_name(text: str) -> str:
    """A table's name in a string: with its schema, or `Class.__table__`."""
    last = text.rsplit(".", 1)
    return last[-1] if len(last) == 2 and last[-1] != "__table__" else last[0]


def _foreign_keys(arguments: Arguments, view: View) -> tuple[str, ...]:
    value = arguments.value("foreign_keys")
    if value is None or is_none(value):
        return ()
    value = view.called(value)
    items = value.items if isinstance(value, Sequence) else (value,)
    names: list[str] = []
    for item in items:
        text = text_of(item)
        if text is not None:
            names += [_column_in(part, view) for part in text.strip("[]() ").split(",")]
            continue
        found = view.column(item)
        if found is None:
            known = view.references.of_value(item)
            found = known[1] if known is not None else None
        if found is not None:
            names.append(found.name)
    return tuple(name for name in names if name)


def _column_in(text: str, view: View) -> str:
    """The physical column of `Class.attribute`, written in a string."""
    attribute = text.strip().rsplit(".", 1)[-1]
    own = view.own.by_attribute.get(attribute)
    return own.name if own is not None else attribute
