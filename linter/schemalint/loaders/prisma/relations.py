"""Relations: which fields are the two ends of one, their foreign keys, and join tables."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from schemalint.attributes import Argument
from schemalint.loaders.prisma import migrate_names
from schemalint.loaders.prisma.dialect import Target
from schemalint.loaders.prisma.drafts import ModelDraft, RelationEnd
from schemalint.model import (
    Action,
    Dialect,
    Field,
    ForeignKey,
    Index,
    KeyPart,
    Layer,
    Model,
    Opaque,
    PrimaryKey,
    Relation,
    Unique,
)
from schemalint.source import Span

_ACTIONS = {
    "Cascade": Action.CASCADE,
    "Restrict": Action.RESTRICT,
    "NoAction": Action.NO_ACTION,
    "SetNull": Action.SET_NULL,
    "SetDefault": Action.SET_DEFAULT,
}


def pair_ends(drafts: Iterable[ModelDraft]) -> None:
    """Find each relation field's opposite: of the same two models and the same relation name.

    Where that is ambiguous (which Prisma rejects), one that lists columns is paired with the
    first that does not.
    """
    groups: dict[tuple[str, str, str | None], list[RelationEnd]] = {}
    for draft in drafts:
        for end in draft.ends:
            one, other = draft.name, end.target
            key = (one, other) if one < other else (other, one)
            groups.setdefault((*key, end.relation_name), []).append(end)
    for ends in groups.values():
        if len(ends) > 1:
            _pair(ends)


def _pair(ends: list[RelationEnd]) -> None:
    waiting: dict[tuple[str, bool], deque[RelationEnd]] = {}
    for end in ends:
        lists_columns = bool(end.fields)
        opposite = waiting.get((end.target, not lists_columns))
        if opposite:
            end.back = opposite.popleft()
            end.back.back = end
        else:
            waiting.setdefault((end.draft.name, lists_columns), deque()).append(end)
    left: dict[str, deque[RelationEnd]] = {}  # both ends are lists, or something is wrong
    for end in ends:
        if end.back is None:
            opposite = left.get(end.target)
            if opposite:
                end.back = opposite.popleft()
                end.back.back = end
            else:
                left.setdefault(end.draft.name, deque()).append(end)


class ForeignKeyBuilder:
    """Builds the foreign keys of the drafts, and the join tables between them."""

    def __init__(self, target: Target, drafts: dict[str, ModelDraft]) -> None:
        self._target = target
        self._drafts = drafts
        self._limit = target.identifier_limit
        self._layer = Layer.DATABASE if target.foreign_keys_enforced else Layer.CLIENT

    def fill(self, draft: ModelDraft) -> None:
        """Give `draft` the foreign keys of its relation fields."""
        for end in draft.ends:
            if end.fields:
                self._foreign_key(draft, end)

    def _foreign_key(self, draft: ModelDraft, end: RelationEnd) -> None:
        assert end.attribute is not None  # `fields` stand in it
        target = self._drafts[end.target]
        columns = draft.columns(end.fields)
        names = end.references
        if not names and target.primary_key is not None:  # before Prisma 2 it could be left out
            key = target.primary_key.columns
            names = tuple([name for name, field in target.fields.items() if field.column in key])
        references = target.columns(names)
        if columns is None or references is None or len(columns) != len(references):
            draft.opaque.append(
                Opaque(
                    "foreign key",
                    end.attribute.span.text,
                    f"the columns of `{draft.name}.{end.name}` were not understood",
                    end.attribute.span,
                    (draft.table, target.table),
                )
            )
            return
        end.columns = columns
        if end.line.arity == "list" or draft.kind != "model" or target.kind != "model":
            return  # MongoDB's lists of ids, and views, have no key that anything checks
        on_delete, on_delete_span = _action(end.on_delete)
        on_update, on_update_span = _action(end.on_update)
        name = None
        if not self._target.relations_in_client:
            name = end.map or migrate_names.foreign_key_name(draft.table, columns, self._limit)
        draft.foreign_keys.append(
            ForeignKey(
                name,
                columns,
                target.table,
                target.name,
                references,
                end.attribute.span,
                on_delete or self._default_on_delete(draft, end),
                on_update or Action.CASCADE,
                on_delete_span,
                on_update_span,
                "simple",
                None,
                (),
                target.schema,
                self._layer,
            )
        )

    def _default_on_delete(self, draft: ModelDraft, end: RelationEnd) -> Action:
        """Optional: SET NULL. Required, or any column of it required: RESTRICT, which SQL Server
        does not have (the client has, in its stead). For updates it is CASCADE everywhere.
        Documentation page "Referential actions", and Migrate's SQL."""
        required = end.line.arity == "required" or any(
            not draft.fields[name].client_nullable for name in end.fields
        )
        if not required:
            return Action.SET_NULL
        if self._target.dialect is Dialect.SQLSERVER and not self._target.relations_in_client:
            return Action.NO_ACTION
        return Action.RESTRICT

    # -- join tables

    def join_tables(self) -> list[Model]:
        """The join tables of the implicit many-to-many relations, in the order of the source."""
        if self._target.dialect is Dialect.MONGODB:
            return []
        joins = []
        for draft in self._drafts.values():
            for end in draft.ends:
                back = end.back
                if (
                    back is not None
                    and end.through is None
                    and end.line.arity == "list"
                    and back.line.arity == "list"
                    and not end.fields
                    and not back.fields
                ):
                    join = self._join_table(end, back)
                    if join is not None:
                        joins.append(join)
        return joins

    def _join_table(self, end: RelationEnd, back: RelationEnd) -> Model | None:
        """Column A names a row of the model that comes first in the alphabet (for a relation of a
        model with itself, the field that does), column B one of the other."""
        a, b = sorted((end, back), key=lambda one: (one.draft.name, one.name))
        key_a, key_b = _single_key(a.draft), _single_key(b.draft)
        if key_a is None or key_b is None or {a.draft.kind, b.draft.kind} != {"model"}:
            return None
        limit = self._limit
        name = a.relation_name or migrate_names.relation_name(a.draft.name, b.draft.name)
        table = migrate_names.join_table_name(name, limit)
        end.through = back.through = table
        span = a.line.span

        def named(suffix: str) -> str:
            return migrate_names.join_name(table, suffix, limit)

        parts = (KeyPart(a.line.span, "A"), KeyPart(b.line.span, "B"))
        primary_key = None
        uniques: tuple[Unique, ...] = ()
        if self._target.join_table_has_primary_key:
            primary_key = PrimaryKey(named("_AB_pkey"), parts, span)
        else:
            fields = (key_a, key_b)
            texts = [field.ignore_case for field in fields if field.type == "string"]
            uniques = (
                Unique(
                    named("_AB_unique"),
                    parts,
                    span,
                    ignore_case=bool(texts) and all(texts),
                    nulls="equal" if self._target.dialect is Dialect.SQLSERVER else "distinct",
                    index=self._target.dialect is not Dialect.SQLSERVER,
                ),
            )
        return Model(
            name=table,
            table=table,
            span=span,
            name_span=a.line.name_span,
            kind="join",
            schema=a.draft.schema,
            fields=(
                _join_field("A", key_a, a.line.span, a.line.name_span),
                _join_field("B", key_b, b.line.span, b.line.name_span),
            ),
            primary_key=primary_key,
            uniques=uniques,
            indexes=(Index(named("_B_index"), parts[1:], b.line.span),),
            foreign_keys=(
                self._join_key(named("_A_fkey"), "A", a, key_a, b),
                self._join_key(named("_B_fkey"), "B", b, key_b, a),
            ),
        )

    def _join_key(
        self, name: str, column: str, end: RelationEnd, key: Field, other: RelationEnd
    ) -> ForeignKey:
        """Both cascade, save on SQL Server for a model with itself, where two paths would meet."""
        action = Action.CASCADE
        if self._target.dialect is Dialect.SQLSERVER and end.draft is other.draft:
            action = Action.NO_ACTION
        return ForeignKey(
            None if self._target.relations_in_client else name,
            (column,),
            end.draft.table,
            end.draft.name,
            (key.column,),
            end.line.span,
            action,
            action,
            schema=end.draft.schema,
            layer=self._layer,
        )


def build_relation(end: RelationEnd) -> Relation:
    """The navigation field of one end, once everything is known of it."""
    line = end.line
    return Relation(
        line.name,
        end.target,
        line.arity == "list",
        line.span,
        line.name_span,
        line.arity == "optional",
        end.columns,
        None if end.back is None else end.back.name,
        end.through,
        end.relation_name,
        end.fields,
        end.references,
        end.ignored,
        line.doc,
        line.attributes,
    )


def _action(argument: Argument | None) -> tuple[Action | None, Span | None]:
    if argument is None:
        return None, None
    return _ACTIONS.get(argument.value.text), argument.span


def _single_key(draft: ModelDraft) -> Field | None:
    key = draft.primary_key
    if key is None or len(key.parts) != 1:
        return None
    column = key.parts[0].column
    for field in draft.fields.values():
        if field.column == column:
            return field
    return None


_COUNTING = {"SERIAL": "INTEGER", "SMALLSERIAL": "SMALLINT", "BIGSERIAL": "BIGINT"}


def _join_field(column: str, key: Field, span: Span, name_span: Span) -> Field:
    return Field(
        column,
        column,
        key.type,
        span,
        name_span,
        span,
        _COUNTING.get(key.native, key.native),
        key.enum,
        ignore_case=key.ignore_case,
        collation=key.collation,
    )
