"""The other side of a relationship that `backref=` makes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders.sqlmodel.arguments import Arguments, path_of, text_of
from schemalint.loaders.sqlmodel.drafts import RelationDraft, TableDraft
from schemalint.loaders.sqlmodel.values import Call, Value
from schemalint.source import Span


class Backref(msgspec.Struct, frozen=True):
    """`backref("name", uselist=False)`."""

    name: str
    span: Span
    uselist: bool | None = None


def read_backref(value: Value | None) -> Backref | None:
    """What `backref=` says; None where it is not given or cannot be told."""
    if isinstance(value, Call) and path_of(value) == "sqlalchemy.orm.backref" and value.args:
        name = text_of(value.args[0])
        uselist = Arguments(value).flag("uselist")
        return Backref(name, value.args[0].span, uselist) if name is not None else None
    name = text_of(value)
    return Backref(name, value.span) if name is not None and value is not None else None


def with_backrefs(
    tables: Sequence[TableDraft], backrefs: Sequence[tuple[str, RelationDraft, Backref]]
) -> list[TableDraft]:
    """The tables, with the attributes that backrefs add to the classes they lead to. Each backref
    comes with the class that it stands in and its relation."""
    added: dict[str, list[RelationDraft]] = {}
    for owner, relation, backref in backrefs:
        many = relation.secondary is not None or not relation.many
        added.setdefault(relation.target, []).append(
            RelationDraft(
                span=relation.span,
                name=backref.name,
                name_span=backref.span,
                target=owner,
                many=many if backref.uselist is None else backref.uselist,
                nullable=not many,
                back=relation.name,
                secondary=relation.secondary,
            )
        )
    return [
        msgspec.structs.replace(table, relations=(*table.relations, *added[table.name]))
        if table.name in added
        else table
        for table in tables
    ]
