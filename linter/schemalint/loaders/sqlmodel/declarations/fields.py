"""SQLModel's fields: what Column stands for `name: annotation = Field(...)`.

As `sqlmodel.main.get_column_from_field` does at run time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.annotation_shapes import annotated, is_none_type, is_optional
from schemalint.loaders.sqlmodel.arguments import Arguments, argument_span, is_none, path_of
from schemalint.loaders.sqlmodel.column_types.types import (
    FieldFacts,
    type_of_annotation,
    type_of_value,
)
from schemalint.loaders.sqlmodel.declarations.core_columns import (
    ColumnFacts,
    column_call,
    read_column,
    with_items,
    with_keywords,
)
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.values import (
    Call,
    Constant,
    External,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.near_match import nearest
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

FIELD = "sqlmodel.Field"
_FIELD_CALLS = frozenset({FIELD, "pydantic.Field", "pydantic.fields.Field"})
_FOREIGN_KEY = "sqlalchemy.ForeignKey"
NEWEST_SEEN = (0, 0, 50)
KEYWORDS = words(
    "default default_factory alias validation_alias serialization_alias title description exclude "
    "include const gt ge lt le multiple_of max_digits decimal_places min_items max_items "
    "unique_items min_length max_length allow_mutation regex discriminator repr primary_key "
    "foreign_key ondelete unique nullable index sa_type sa_column sa_column_args "
    "sa_column_kwargs schema_extra"
)
"""The parameters of `Field` in SQLModel 0.0.50; earlier versions have these or fewer."""
_INSTEAD = {
    "frozen": "drop it: nothing in a class keeps a row from changing; that takes a trigger",
    "pattern": "SQLModel's word for it is `regex`",
}
_BESIDE_SA_COLUMN = (
    "primary_key",
    "nullable",
    "foreign_key",
    "ondelete",
    "unique",
    "index",
    "sa_type",
    "sa_column_args",
    "sa_column_kwargs",
)


class FieldColumn(msgspec.Struct, frozen=True, kw_only=True):
    """The column of one attribute, and what SQLModel refuses about it.

    `nullable_written` tells whether `nullable=` is given to the Column, by whomever; `written`
    whether the Column itself stands in the source. `objects` are what of it one table only can
    have: the Column, or ForeignKeys of `sa_column_args`.
    """

    facts: ColumnFacts
    type: TypeDraft | Gap
    nullable: bool
    client_nullable: bool
    nullable_written: bool = True
    written: bool = False
    objects: tuple[Call, ...] = ()
    doc: str | None = None
    problems: tuple[Problem, ...] = ()


class _Written(NamedTuple):
    """A field as it stands in the source; `assigned` is None where that is a `Field(...)`."""

    name: str
    annotation: Value
    assigned: Value | None
    place: Span


def is_field(value: Value | None) -> bool:
    """Whether it is a call of `Field`."""
    return isinstance(value, Call) and path_of(value) in _FIELD_CALLS


def read_field(
    name: str, annotation: Value, assigned: Value | None, project: Project, *, place: Span
) -> FieldColumn:
    """The column of the field `name`. `assigned` is what the class says behind `=`."""
    _, metadata = annotated(annotation)
    calls = [one for one in metadata if isinstance(one, Call) and is_field(one)]
    if isinstance(assigned, Call) and is_field(assigned):
        # The assigned Field's facts win, all of them; of others only the default can stay.
        calls.insert(0, assigned)
        assigned = None
    call = calls[0] if calls else Call(span=place, callee=External(span=place, path=FIELD))
    arguments = Arguments(call, ("default",))
    client_nullable = is_optional(annotated(annotation)[0])
    doc = arguments.text("description")
    sa_column = arguments.value("sa_column")
    column = column_call(sa_column)
    if column is not None:
        facts = read_column(column)
        type_ = _written_type(facts, column, project)
        return FieldColumn(
            facts=facts,
            type=type_,
            nullable=facts.runtime_nullable,
            client_nullable=client_nullable,
            nullable_written=facts.nullable is not None,
            written=True,
            objects=(column,),
            doc=facts.doc or doc,
            problems=(*_unknown_keywords(name, calls, project), *_beside(name, arguments)),
        )
    if sa_column is not None and not _is_no_column(sa_column):
        reason = sa_column.reason if isinstance(sa_column, Unresolved) else "it is no Column"
        gap = Gap(span=sa_column.span, reason=f"the column of `sa_column` is not known: {reason}")
        return FieldColumn(
            facts=ColumnFacts(span=place, gaps=(gap,)),
            type=gap,
            nullable=True,
            client_nullable=client_nullable,
            doc=doc,
        )
    written = _Written(name, annotation, assigned, place)
    return _from_arguments(written, arguments, calls, project)


def version_of(project: Project) -> tuple[int, ...] | None:
    """SQLModel's version that the project uses; None for the newest."""
    written = project.version("sqlmodel")
    if written is None:
        return None
    return tuple(int(part) for part in re.findall(r"\d+", written)[:3])


def _is_no_column(value: Value) -> bool:
    """Whether it certainly is no Column: SQLModel then goes by the field itself."""
    return isinstance(value, Constant) or path_of(value).startswith("sqlalchemy.")


def _from_arguments(
    written: _Written, arguments: Arguments, calls: list[Call], project: Project
) -> FieldColumn:
    name, annotation, assigned, place = (
        written.name,
        written.annotation,
        written.assigned,
        written.place,
    )
    facts = with_keywords(ColumnFacts(span=place), _only_column_flags(arguments))
    default = assigned if assigned is not None else _default(calls)
    # `Field(nullable=...)` says it outright; else Optional does, but not for a primary key.
    noneable = _is_noneable(annotation, default, project)
    nullable = facts.nullable
    type_ = _type(annotation, arguments, calls, project)
    if nullable is None:
        nullable = noneable and not facts.primary_key
        if not noneable and not facts.primary_key:
            facts = with_unknown_null(facts, annotated(annotation)[0], type_)
            if assigned is not None and (reason := _maybe_a_field(assigned)):
                gap = Gap(span=assigned.span, reason=reason, of_null=True)
                facts = msgspec.structs.replace(facts, gaps=(*facts.gaps, gap))
    facts = msgspec.structs.replace(
        facts,
        default=None if default is None or is_none(default) else default,
        foreign_keys=tuple(_foreign_key(arguments)),
        nullable=nullable,
    )
    positional = arguments.value("sa_column_args")
    if isinstance(positional, Sequence):
        facts = with_items(facts, positional.items)
    elif positional is not None and not is_none(positional):
        facts = _with_gap(facts, positional, "sa_column_args")
    facts = _with_keyword_arguments(facts, arguments)
    problems = [*_unknown_keywords(name, calls, project), *_refused(name, arguments, facts)]
    given = positional.items if isinstance(positional, Sequence) else ()
    keys = [one for one in given if isinstance(one, Call) and path_of(one) == _FOREIGN_KEY]
    return FieldColumn(
        facts=facts,
        type=type_,
        nullable=facts.runtime_nullable,
        client_nullable=is_optional(annotated(annotation)[0]),
        doc=facts.doc or arguments.text("description"),
        objects=tuple(keys),
        problems=tuple(problems),
    )


def with_unknown_null(facts: ColumnFacts, annotation: Value, type_: TypeDraft | Gap) -> ColumnFacts:
    """`facts`, with a gap where the annotation is a name that may stand for an Optional."""
    if isinstance(annotation, Unresolved):
        reason = annotation.reason
    elif isinstance(annotation, External) and isinstance(type_, Gap) and not type_.refused:
        reason = type_.reason
    else:
        return facts
    gap = Gap(span=annotation.span, reason=reason, of_null=True)
    return msgspec.structs.replace(facts, gaps=(*facts.gaps, gap))


_CALLED = re.compile(r"[\w.]+\(")
_NO_HELPERS = sys.stdlib_module_names | {"builtins", "pydantic", "sqlalchemy", "sqlmodel"}


def _maybe_a_field(assigned: Value) -> str | None:
    """Why what is called behind `=` may give a Field, with arguments of its own; None: it does not.
    Functions of packages that are read have been followed."""
    name = assigned.span.text.partition("(")[0]
    called = f"what `{name}(...)` gives is not known, which may be a Field"
    if isinstance(assigned, Unresolved) and _CALLED.match(assigned.span.text):
        return f"{called}: {assigned.reason}"
    if not isinstance(assigned, Call) or not isinstance(assigned.callee, External):
        return None
    package = assigned.callee.path.split(".")[0]
    return (
        None if package in _NO_HELPERS else f"{called}: `{package}` is not read (`--python-path`)"
    )


def _is_noneable(annotation: Value, default: Value | None, project: Project) -> bool:
    if is_optional(annotated(annotation)[0]):
        return True
    version = version_of(project)
    if version is not None and version < (0, 0, 14) and is_none(default):
        return True  # pydantic 1 takes `x: int = None` for Optional
    return default is not None and is_none_type(annotation)


def _only_column_flags(arguments: Arguments) -> Arguments:
    names = ("primary_key", "nullable", "unique", "index")
    kept = tuple((name, value) for name, value in arguments.call.keywords if name in names)
    spread = tuple((name, value) for name, value in arguments.call.keywords if name in {"", "**"})
    return Arguments(Call(span=arguments.call.span, callee=arguments.call.callee,
                          keywords=(*kept, *spread)))  # fmt: skip


def _default(calls: list[Call]) -> Value | None:
    """The default of the first Field that has one: `default_factory` before `default`."""
    for call in calls:
        arguments = Arguments(call, ("default",))
        for name in ("default_factory", "default"):
            value = arguments.value(name)
            if value is None or (name == "default_factory" and is_none(value)):
                continue
            if value.span.text == "..." or path_of(value) == "builtins.Ellipsis":
                continue
            return value
    return None


def _foreign_key(arguments: Arguments) -> list[Call]:
    target = arguments.value("foreign_key")
    if target is None or is_none(target):
        return []
    action = arguments.value("ondelete")
    keywords = (("ondelete", action),) if action is not None else ()
    callee = External(span=target.span, path=_FOREIGN_KEY)
    return [Call(span=target.span, callee=callee, args=(target,), keywords=keywords)]


def _with_keyword_arguments(facts: ColumnFacts, arguments: Arguments) -> ColumnFacts:
    given = arguments.value("sa_column_kwargs")
    if given is None or is_none(given):
        return facts
    if not isinstance(given, Mapping):
        return _with_gap(facts, given, "sa_column_kwargs")
    keywords: list[tuple[str, Value]] = []
    for key, value in given.items:
        if isinstance(key, Constant) and isinstance(key.value, str):
            keywords.append((key.value, value))
        else:
            facts = _with_gap(facts, key, "sa_column_kwargs")
    call = Call(span=given.span, callee=given, keywords=tuple(keywords))
    read = Arguments(call)
    named = read.text("name")
    facts = with_keywords(facts, read)
    if is_none(read.value("server_default")):
        facts = msgspec.structs.replace(facts, server_default=None)
    if is_none(read.value("default")):
        facts = msgspec.structs.replace(facts, default=None)
    if named is not None:
        facts = msgspec.structs.replace(facts, name=named, name_span=read.span("name"))
    return facts


def _with_gap(facts: ColumnFacts, value: Value, name: str) -> ColumnFacts:
    reason = value.reason if isinstance(value, Unresolved) else "its value could not be told"
    gap = Gap(span=value.span, reason=f"`{name}`: {reason}")
    return msgspec.structs.replace(facts, gaps=(*facts.gaps, gap))


def _type(
    annotation: Value, arguments: Arguments, calls: list[Call], project: Project
) -> TypeDraft | Gap:
    written = arguments.value("sa_type")
    if written is not None:
        return type_of_value(written, project)
    call = calls[0] if calls else None
    return type_of_annotation(annotation, project, FieldFacts(library="sqlmodel", call=call))


def _written_type(facts: ColumnFacts, column: Call, project: Project) -> TypeDraft | Gap:
    if facts.type is None:
        return TypeDraft(span=column.span, path="sqlalchemy.NullType")
    return type_of_value(facts.type, project)


# -- what SQLModel refuses ---------------------------------------------------------------------


def _unknown_keywords(name: str, calls: list[Call], project: Project) -> Iterator[Problem]:
    """Keywords that SQLModel's `Field` has not, though pydantic's may."""
    version = version_of(project)
    if version is not None and version > NEWEST_SEEN:
        return
    for call in calls:
        if path_of(call) != FIELD:
            continue
        for keyword, value in call.keywords:
            if keyword in KEYWORDS or keyword in {"", "**"}:
                continue
            yield Problem(
                f"`{name}`: SQLModel's `Field` takes no `{keyword}`; it raises TypeError when the "
                "class is made",
                argument_span(keyword, value),
                help=_INSTEAD.get(keyword) or _near(keyword),
            )


def _near(keyword: str) -> str | None:
    close = nearest(keyword, KEYWORDS)
    return None if close is None else f"did you mean `{close}`?"


def _beside(name: str, arguments: Arguments) -> list[Problem]:
    found = []
    for other in _BESIDE_SA_COLUMN:
        span = arguments.span(other)
        if span is not None and arguments.value(other) is not None:
            message = (
                f"`{name}`: `{other}` beside `sa_column`; SQLModel refuses this when the class "
                "is made"
            )
            found.append(Problem(message, span, help=f"say it inside the Column, drop `{other}`"))
    return found


def _refused(name: str, arguments: Arguments, facts: ColumnFacts) -> list[Problem]:
    action = arguments.value("ondelete")
    if action is None or is_none(action):
        return []
    if arguments.value("foreign_key") is None:
        message = f"`{name}`: `ondelete` without `foreign_key`; SQLModel refuses this"
        return [Problem(message, action.span, help="name the column that is referred to")]
    if arguments.text("ondelete") == "SET NULL" and facts.nullable is False:
        message = (
            f'`{name}`: `ondelete="SET NULL"` on a column that is NOT NULL; SQLModel refuses '
            "this when the class is made"
        )
        return [Problem(message, action.span, help="make the field Optional, or restrict deletes")]
    return []
