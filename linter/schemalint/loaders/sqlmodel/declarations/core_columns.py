"""What `Column(...)` and `mapped_column(...)` say, before it is known which table they stand in."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, path_of, text_of
from schemalint.loaders.sqlmodel.drafts import Gap, IdentityKind
from schemalint.loaders.sqlmodel.values import Call, Constant, Unresolved, Value
from schemalint.source import Span

COLUMN_CALLS = frozenset({"sqlalchemy.Column"})
MAPPED_COLUMN_CALLS = frozenset({"sqlalchemy.orm.mapped_column", "sqlalchemy.orm.unmapped_column"})
# Constructs that hold a column as their first argument.
WRAPPERS = frozenset({"sqlalchemy.orm.deferred", "sqlalchemy.orm.column_property"})
_FOREIGN_KEY = "sqlalchemy.ForeignKey"
_CHECK = "sqlalchemy.CheckConstraint"
_COMPUTED = "sqlalchemy.Computed"
_IDENTITY = "sqlalchemy.Identity"
_SEQUENCE = "sqlalchemy.Sequence"
_FETCHED = frozenset({"sqlalchemy.FetchedValue", "sqlalchemy.schema.FetchedValue"})
_DEFAULTS = frozenset({"sqlalchemy.ColumnDefault", "sqlalchemy.DefaultClause"})
_ITEMS = frozenset({_FOREIGN_KEY, _CHECK, _COMPUTED, _IDENTITY, _SEQUENCE}) | _FETCHED | _DEFAULTS


class ColumnFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A column as it is written. None is what nothing says.

    `type`, `default`, `server_default` and the rest are values still to be read; `foreign_keys`
    and `checks` are the calls among its arguments. `unmapped`: no attribute stands for it.
    """

    span: Span
    name: str | None = None
    name_span: Span | None = None
    key: str | None = None
    type: Value | None = None
    primary_key: bool = False
    nullable: bool | None = None
    nullable_span: Span | None = None
    unique: bool | None = None
    index: bool | None = None
    primary_key_span: Span | None = None
    unique_span: Span | None = None
    index_span: Span | None = None
    foreign_keys: tuple[Call, ...] = ()
    checks: tuple[Call, ...] = ()
    default: Value | None = None
    server_default: Value | None = None
    on_update: Value | None = None
    computed: Call | None = None
    identity: IdentityKind | None = None
    autoincrement: bool | Literal["auto"] = "auto"
    comment: str | None = None
    doc: str | None = None
    sort_order: int | None = None
    use_existing: bool = False
    gaps: tuple[Gap, ...] = ()

    @property
    def runtime_nullable(self) -> bool:
        """Whether the Column allows NULL where no annotation has a say in it."""
        if self.nullable is not None:
            return self.nullable
        return not self.primary_key and self.identity is None


def is_column(value: Value | None) -> bool:
    """Whether it is a call that makes a column, wrapped or not."""
    return column_call(value) is not None


def column_call(value: Value | None) -> Call | None:
    """The call of Column or mapped_column, out of `deferred(...)` if it stands in one."""
    if not isinstance(value, Call):
        return None
    path = path_of(value)
    if path in WRAPPERS:
        return column_call(value.args[0]) if value.args else None
    return value if path in COLUMN_CALLS or path in MAPPED_COLUMN_CALLS else None


def read_column(call: Call) -> ColumnFacts:
    """What a call of Column or mapped_column says."""
    arguments = Arguments(call)
    items = list(call.args)
    name, name_span = arguments.text("name"), arguments.span("name")
    if items and text_of(items[0]) is not None:
        name, name_span = text_of(items[0]), items[0].span
        items.pop(0)
    elif items and is_none(items[0]):
        items.pop(0)
    type_ = arguments.value("type_")
    if items and path_of(items[0]) not in _ITEMS:
        first = items.pop(0)
        type_ = type_ if is_none(first) else first
    facts = ColumnFacts(span=call.span, type=type_, name=name, name_span=name_span)
    return _with_items(with_keywords(facts, arguments), items, [])


def with_keywords(facts: ColumnFacts, arguments: Arguments) -> ColumnFacts:
    """`facts`, and over them the keyword arguments of Column that are given."""
    changes: dict[str, object] = {}
    for name in ("primary_key", "nullable", "unique", "index"):
        flag = arguments.flag(name)
        if flag is not None:
            changes[name] = flag
            changes[f"{name}_span"] = arguments.argument_span(name)
    if is_none(arguments.value("nullable")):
        changes |= {"nullable": False, "nullable_span": arguments.argument_span("nullable")}
    for name in ("key", "comment", "doc"):
        text = arguments.text(name)
        if text is not None:
            changes[name] = text
    changes |= _defaults(arguments)
    autoincrement = arguments.value("autoincrement")
    if isinstance(autoincrement, Constant) and isinstance(autoincrement.value, bool):
        changes["autoincrement"] = autoincrement.value
    if arguments.value("sort_order") is not None:
        changes["sort_order"] = arguments.number("sort_order")
    if arguments.flag("use_existing_column"):
        changes["use_existing"] = True
    changes["gaps"] = (*facts.gaps, *arguments.gaps)
    return msgspec.structs.replace(facts, **changes)


def _defaults(arguments: Arguments) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name in ("default", "insert_default"):
        value = arguments.value(name)
        if value is not None and not is_none(value):
            changes["default"] = value
    for name, field in (("server_default", "server_default"), ("onupdate", "on_update")):
        value = arguments.value(name)
        if value is not None and not is_none(value):
            changes[field] = value
    server = changes.get("server_default")
    if isinstance(server, Call) and path_of(server) == _COMPUTED:
        changes["computed"] = changes.pop("server_default")
    elif isinstance(server, Call) and path_of(server) == _IDENTITY:
        changes.pop("server_default")
        changes["identity"] = _identity(server, arguments.gaps)
    return changes


def _identity(call: Call, gaps: list[Gap]) -> IdentityKind:
    """GENERATED BY DEFAULT unless `always=True`; adds to `gaps` where that cannot be told."""
    arguments = Arguments(call, ("always",))
    always = arguments.flag("always")
    gaps += arguments.gaps
    return "always" if always else "by default"


def _with_items(facts: ColumnFacts, items: list[Value], gaps: list[Gap]) -> ColumnFacts:
    changes: dict[str, object] = {}
    keys, checks, gaps = list(facts.foreign_keys), list(facts.checks), [*facts.gaps, *gaps]
    for item in items:
        path = path_of(item)
        if not isinstance(item, Call) or path not in _ITEMS:
            if path in _FETCHED:
                changes["server_default"] = item
            elif not is_none(item):
                gaps.append(_unknown_item(item))
        elif path == _FOREIGN_KEY:
            keys.append(item)
        elif path == _CHECK:
            checks.append(item)
        elif path == _COMPUTED:
            changes["computed"] = item
        elif path == _IDENTITY:
            changes["identity"] = _identity(item, gaps)
        elif path == _SEQUENCE:
            changes["default"] = item
        elif path in _FETCHED:
            changes["server_default"] = item
        elif path == "sqlalchemy.ColumnDefault" and item.args:
            changes["default"] = item.args[0]
        elif item.args:
            changes["server_default"] = item.args[0]
    changes |= {"foreign_keys": tuple(keys), "checks": tuple(checks), "gaps": tuple(gaps)}
    return msgspec.structs.replace(facts, **changes)


def with_items(facts: ColumnFacts, items: tuple[Value, ...]) -> ColumnFacts:
    """`facts`, and further positional arguments of Column (`sa_column_args`)."""
    return _with_items(facts, list(items), [])


def _unknown_item(item: Value) -> Gap:
    reason = item.reason if isinstance(item, Unresolved) else "the argument could not be told"
    return Gap(span=item.span, reason=reason)
