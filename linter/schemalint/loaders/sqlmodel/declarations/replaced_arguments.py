"""What base classes add to their tables, and a class's own `__table_args__` replace.

Python finds one `__table_args__`, the nearest: those of the bases are not added to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from schemalint.client_claims import Replaced
from schemalint.loaders.sqlmodel.arguments import argument_span
from schemalint.loaders.sqlmodel.declarations.constraints import (
    Item,
    PrimaryKeyNames,
    read_constraint,
)
from schemalint.loaders.sqlmodel.declarations.references import View
from schemalint.loaders.sqlmodel.declarations.table_arguments import TableArguments
from schemalint.loaders.sqlmodel.drafts import (
    CheckDraft,
    ColumnDraft,
    ExclusionDraft,
    ForeignKeyDraft,
    Gap,
    IndexDraft,
    KeyMember,
    UniqueDraft,
)
from schemalint.loaders.sqlmodel.values import ClassValue
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses

_NAME = "__table_args__"
# Options that change what is in the database, or where.
_STORED = ("schema", "comment")
_STORED_BY_DIALECT = ("sqlite_", "postgresql_", "mysql_", "mariadb_", "mssql_", "oracle_")


class HiddenArguments(NamedTuple):
    """The arguments of a base class that `by`, the class's own, replace."""

    base: str
    arguments: TableArguments
    by: Span


def hidden_arguments(cls: ClassValue, classes: MappedClasses) -> Iterator[HiddenArguments]:
    """Those of each base class that has some."""
    found = classes.find(cls, _NAME)
    if found is None:
        return
    for entry, base in classes.hidden(cls, _NAME):
        if entry.doubt is None:
            value = classes.value_of(entry, cls)
            yield HiddenArguments(base.name, TableArguments(value), found[0].name_span)


def replaced(
    hidden: Iterable[HiddenArguments],
    items: Sequence[Item],
    columns: Sequence[ColumnDraft],
    options: Iterable[str],
    view: View,
) -> Iterator[Replaced]:
    """What the table has not of all that its bases say: `items`, `columns` and `options` are what
    it has. A constraint that cannot be told is left out, for it may be there under another form."""
    present = {fact for item in items for fact in _facts(item)}
    for column in columns:
        present |= {fact for key in column.foreign_keys for fact in _facts(key)}
    named = set(options)
    for base, arguments, by in hidden:
        for value in arguments.items:
            item = read_constraint(value, view)
            facts = list(_facts(item))
            if facts and present.isdisjoint(facts):
                present.update(facts)
                yield Replaced(_one_line(value.span.text), value.span, by, base)
        for name, value in arguments.options.items():
            if name not in named and (name in _STORED or name.startswith(_STORED_BY_DIALECT)):
                named.add(name)
                span = argument_span(name, value)
                yield Replaced(f"{name}={_one_line(value.span.text)}", span, by, base)


_Fact = tuple[object, ...]


def _facts(item: Item) -> Iterator[_Fact]:
    """What a constraint amounts to, whatever its name; a unique index is a unique constraint."""
    if isinstance(item, UniqueDraft):
        yield ("unique", _members(item.members), item.nulls)
    elif isinstance(item, IndexDraft):
        where = tuple(sorted((name, _one_line(sql)) for name, sql in item.where.items()))
        if item.unique and not where:
            yield ("unique", _members(item.members), item.nulls)
        else:
            yield ("index", item.unique, tuple(map(_member, item.members)), where)
    elif isinstance(item, CheckDraft):
        yield ("check", _one_line(item.sql))
    elif isinstance(item, ForeignKeyDraft):
        yield ("foreign key", item.columns, item.targets)
    elif isinstance(item, ExclusionDraft):
        yield ("exclusion", tuple(map(_member, item.members)), item.operators, item.where)
    elif isinstance(item, PrimaryKeyNames) and item.columns:
        yield ("primary key", item.columns)
    else:
        assert isinstance(item, (Gap, PrimaryKeyNames))


def _members(members: Iterable[KeyMember]) -> frozenset[str]:
    return frozenset(map(_member, members))


def _member(member: KeyMember) -> str:
    return member.column if member.column is not None else f"({_one_line(member.expression or '')})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
