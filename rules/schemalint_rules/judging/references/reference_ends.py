"""The referencing end of a reference: what a rule names, and the foreign key behind it."""

from __future__ import annotations

import msgspec

from schemalint.context import Context
from schemalint.model import Dialect, Field, ForeignKey, Model, Relation
from schemalint.near_match import nearest
from schemalint.rule import Judgement, Ref, Stale, broken
from schemalint.source import Span
from schemalint_rules.judging.references.foreign_keys import enforced, keys_of
from schemalint_rules.wording.describing import called


class End(msgspec.Struct, frozen=True):
    """The referencing end: how messages call it, where it stands, and its foreign key, if any.

    `idle` is a foreign key that is written there and that nobody checks.
    """

    path: str
    span: Span
    key: ForeignKey | None
    relation: Relation | None = None
    field: Field | None = None
    idle: ForeignKey | None = None


def resolve(model: Model, member: Ref, target: Model, context: Context) -> End:
    """What `member` (a relation, a field or a column of `model`) points with.

    Raises:
        Stale: there is no such member, or it is the other end of a relation.
    """
    relation = model.relation(member.text)
    if relation is not None:
        return _through_relation(model, member, relation, context)
    field = model.field(member.text) or model.column(member.text)
    if field is None:
        names = [relation.name for relation in model.relations]
        names += [field.name for field in model.fields]
        raise Stale(
            f"`{model.name}` has no relation, field or column `{member.text}`",
            member.span,
            nearest(member.text, names),
        )
    context.named.add((model.name, field.name))
    keys = [key for key in keys_of(model, context) if field.column in key.columns]
    # Of several keys over the column the one to `to` is meant, and of these the narrowest.
    keys.sort(key=lambda key: (key.model != target.name, len(key.columns)))
    checked = enforced(keys)
    key = checked[0] if checked else None
    if key is not None:
        relation = next(
            (
                one
                for one in model.relations
                if one.columns == key.columns and one.model == key.model
            ),
            None,
        )
    idle = keys[0] if keys and not checked else None
    return End(f"{model.name}.{field.name}", field.span, key, relation, field, idle)


def _through_relation(model: Model, member: Ref, relation: Relation, context: Context) -> End:
    context.named.add((model.name, relation.name))
    path = f"{model.name}.{relation.name}"
    if relation.columns:
        for column in relation.columns:
            context.column(model, column)
        key = context.foreign_key(model, relation)
        if key is not None and not key.enforced:
            return End(path, relation.span, None, relation, idle=key)
        return End(path, relation.span, key, relation)
    if relation.through is not None:
        raise Stale(
            f"`{path}` is one side of a many-to-many relation and stores no key: say "
            f"`many_to_many: {{between: [{model.name}, {relation.model}]}}`",
            member.span,
        )
    other = f"{relation.model}.{relation.back}" if relation.back else relation.model
    raise Stale(
        f"`{path}` stores no key: the rows that point are those of `{relation.model}`; say "
        f"`from: {other}, to: {model.name}`",
        member.span,
        other,
    )


def judge_idle(model: Model, key: ForeignKey, path: str, what: str, context: Context) -> Judgement:
    """A foreign key that is written, and that nobody checks; `what` may then be."""
    remedy = "have it enforced"
    if context.dialect is Dialect.SQLITE:  # SQLAlchemy then leaves it out of the DDL
        remedy = "put both tables into one database: no foreign key of SQLite leads to another"
    elif context.dialect in (Dialect.MYSQL, Dialect.MARIADB):
        remedy += " (both tables in the engine InnoDB)"
    return broken(
        path,
        f"the foreign key {called(model, key)} is written, and nobody checks it: {what}",
        key.span,
        label="not enforced",
        help=f"{remedy}, or leave the rule to the service",
    )
