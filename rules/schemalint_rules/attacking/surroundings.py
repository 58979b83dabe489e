"""What else than a statement on a row can change it: its parents, and triggers that write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set

import msgspec

from schemalint.attack import Delete, Find, Insert, Move, Same, Update, Value, Written
from schemalint.condition.quoting import quoted_name, quoted_table
from schemalint.condition.terms import Column, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Action, Dialect, Field, ForeignKey, Layer, Model, Trigger
from schemalint_rules.judging.references.foreign_keys import keys_of
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.small_words import one

_MOST_COLUMNS = 4


class Way(msgspec.Struct, frozen=True):
    """What a writer does (`says` completes "a writer ..."), and how."""

    says: str
    moves: tuple[Move, ...]


class Quarry(msgspec.Struct, frozen=True):
    """A row of `model` that is to be there before an attack: its values, and conditions that are
    true of it. Attacks call it "first"."""

    model: Model
    values: Mapping[str, Value] = {}
    satisfying: tuple[Term, ...] = ()

    def stored(self, **further: Value) -> Insert:
        """The row, with values for columns of which nothing was said."""
        return self.with_values(further)

    def with_values(self, further: Mapping[str, Value]) -> Insert:
        """The same, by the columns' names."""
        return Insert(
            row="first",
            model=self.model,
            values={**further, **self.values},
            satisfying=self.satisfying,
            setup=True,
        )


def through_parents(
    quarry: Quarry, context: Context, columns: frozenset[str] | None = None
) -> Iterator[Way]:
    """A parent of the row is deleted or re-keyed: by every key, or those over some of `columns`."""
    parents = Parents(context.schema)
    for key in keys_of(quarry.model, context):
        target = parents.of(key)
        if target is None or (columns is not None and not columns & set(key.columns)):
            continue
        pointing = pointing_at("parent", key)
        ends = zip(key.columns, key.references, strict=True)
        wanted = {
            reference: quarry.values[column]
            for column, reference in ends
            if column in quarry.values
        }
        default = tuple(default_parents(quarry.model, key, target, context))
        parent = Insert(
            row="parent",
            model=target,
            values=wanted,
            satisfying=filled(target, key.references),
            setup=True,
        )
        setups: list[tuple[Move, ...]] = [(*default, parent, quarry.with_values(pointing))]
        if is_choosy(quarry.model, key):
            setups.append((*default, *found_parent(quarry.stored(), key, target)))
        whose = f"at which {one(quarry.model.name)} points"
        for setup in setups:
            yield Way(f"deletes the `{target.name}` {whose}", (*setup, Delete(row="parent")))
            for changed in rekeyings(target, key):
                yield Way(
                    f"changes the key of the `{target.name}` {whose}",
                    (*setup, Update(row="parent", changing=changed)),
                )
        for grand, below in above(parent, context):
            yield Way(
                f"deletes the `{grand.model.name}` of the `{target.name}` {whose}",
                (*default, grand, below, quarry.with_values(pointing), Delete(row="grandparent")),
            )


def above(parent: Insert, context: Context) -> Iterator[tuple[Insert, Insert]]:
    """A row "grandparent", and the parent that points at it and goes with it: the actions of
    MySQL's foreign keys fire no triggers, so none of the parent's own keeps it from going."""
    if context.dialect not in (Dialect.MYSQL, Dialect.MARIADB):
        return
    parents = Parents(context.schema)
    for key in keys_of(parent.model, context):
        target = parents.of(key)
        if target is None or target is parent.model or key.on_delete is not Action.CASCADE:
            continue
        given = filled(target, key.references)
        grand = Insert(row="grandparent", model=target, satisfying=given, setup=True)
        pointing = {**parent.values, **pointing_at("grandparent", key)}
        yield grand, msgspec.structs.replace(parent, values=pointing)


def is_choosy(model: Model, key: ForeignKey) -> bool:
    """Whether rows may not point at just any parent, so that theirs has to be made for them."""
    fields = [model.column(column) for column in key.columns]
    if any(field is not None and field.generated is not None for field in fields):
        return True
    texts = [check.expression for check in model.checks if check.enforced]
    texts += [f"{trigger.when} {trigger.condition} {trigger.body}" for trigger in model.triggers]
    return any(
        re.search(rf"\b{re.escape(column)}\b", text, re.IGNORECASE)
        for column in key.columns
        for text in texts
    )


def found_parent(child: Insert, key: ForeignKey, target: Model) -> tuple[Move, Move]:
    """A row that points somewhere, and the row that it points at."""
    points = tuple(
        Not(Is(Column(column), None))
        for column in key.columns
        if column not in child.values
        and (field := child.model.column(column)) is not None
        and field.nullable
    )
    child = msgspec.structs.replace(child, satisfying=(*child.satisfying, *points))
    ends = zip(key.columns, key.references, strict=True)
    values: dict[str, Value] = {reference: Same(child.row, column) for column, reference in ends}
    return child, Find(row="parent", model=target, values=values)


def nothing(field: Field, model: Model, context: Context) -> Value:
    """NULL, as a column takes it: past a domain of PostgreSQL's only that of a query (E23b)."""
    if context.dialect is not Dialect.POSTGRESQL or not field.nullable or field.client_nullable:
        return None
    name = quoted_name(field.column, context.dialect)
    table = quoted_table(model.table, model.schema, context.dialect)
    return Written(f"(SELECT {name} FROM {table} WHERE false)")


def filled(model: Model, columns: Iterable[str]) -> tuple[Term, ...]:
    """That the columns, as far as they can be NULL, are not."""
    fields = [model.column(column) for column in columns]
    return tuple(
        Not(Is(Column(field.column), None)) for field in fields if field and field.nullable
    )


def wanted_of_parents(model: Model, ends: Mapping[str, str], context: Context) -> Iterator[Term]:
    """What has to be true of a parent so that rows may point at it: what their own CHECKs say of
    the columns that hold its key. `ends` are these columns, with those of the parent."""
    rows = Rows(model, context, Layer.DATABASE)
    filled = {field.column for field in model.fields if not field.nullable}
    for _, given in rows.checks:
        term = _of_filled(given.term, filled - set(ends))
        columns = term.columns
        if columns and set(columns) <= set(ends) and not term.opaque:
            yield Not(Is(term.rename(ends.__getitem__), False))


def _of_filled(term: Term, filled: Set[str]) -> Term:
    """The condition where some columns are never NULL, which then is nothing to ask of them."""
    if isinstance(term, Is) and term.value is None and isinstance(term.term, Column):
        return Literal(False) if term.term.name in filled else term
    parts = tuple([_of_filled(part, filled) for part in term.parts])
    return term.with_parts(parts) if parts else term


def pointing_at(row: str, key: ForeignKey) -> dict[str, Value]:
    """Values with which a row points at the one called `row`."""
    ends = zip(key.columns, key.references, strict=True)
    return {column: Same(row, reference) for column, reference in ends}


def rekeyings(target: Model, key: ForeignKey) -> Iterator[tuple[str, ...]]:
    """The columns of a parent's key to change: one that is no foreign key of its own is enough."""
    bound = {column for other in target.foreign_keys for column in other.columns}
    free = [column for column in key.references if column not in bound]
    if free:
        yield from [(column,) for column in free[:2]]
    else:
        yield key.references


def default_parents(
    model: Model, key: ForeignKey | None, target: Model, context: Context, *, stated: bool = False
) -> Iterator[Insert]:
    """The parent that SET DEFAULT leads to, which has to be there; also where only a rule has it
    `stated`."""
    if key is None:
        return
    if not stated and Action.SET_DEFAULT not in (key.on_delete, key.on_update):
        return
    fields = [model.column(column) for column in key.columns]
    values = [None if field is None else default_value(field, context) for field in fields]
    if None in values:
        return
    wanted = dict(zip(key.references, values, strict=True))
    yield Insert(row="default parent", model=target, values=wanted, setup=True)


def default_value(field: Field, context: Context) -> Value:
    """The plain value that the database gives a column which nobody names; None for none."""
    default = field.default
    if default is None or default.layer is not Layer.DATABASE or default.kind != "literal":
        return None
    text = default.value or ""
    enum = context.schema.enum(field.enum) if field.enum else None
    if enum is not None:
        return next((value.stored for value in enum.values if value.name == text), text)
    if re.fullmatch(r"-?\d+", text) and field.native.upper() not in ("TEXT", "VARCHAR"):
        return int(text)
    return {"true": True, "false": False}.get(text, text)


# -- triggers that write ---------------------------------------------------------------------


def through_triggers(quarry: Quarry, context: Context) -> Iterator[Way]:
    """Statements on whatever table has a trigger that writes to that of the row."""
    for table in context.schema.models:
        for trigger in table.triggers:
            if trigger.enabled and _writes(trigger, quarry.model):
                yield from _firing(trigger, table, quarry)


def _writes(trigger: Trigger, model: Model) -> bool:
    if model.table.lower() in {name.rpartition(".")[2].lower() for name in trigger.writes}:
        return True
    named = re.search(rf"\b{re.escape(model.table)}\b", trigger.body, re.IGNORECASE)
    written = re.search(r"\b(UPDATE|DELETE|INSERT|REPLACE|MERGE)\b", trigger.body, re.IGNORECASE)
    return trigger.effect == "opaque" and named is not None and written is not None


def _firing(trigger: Trigger, table: Model, quarry: Quarry) -> Iterator[Way]:
    """Statements that fire the trigger, on a row that points at the quarry where it can."""
    first = quarry.stored()
    pointing: dict[str, Value] = {}
    for key in table.foreign_keys:
        if key.table == quarry.model.table and table is not quarry.model:
            pointing |= pointing_at("first", key)
    if table is quarry.model:
        keys = {column for key in table.keys for column in key.columns}
        pointing = {
            field.column: Same("first", field.column)
            for field in table.fields
            if field.column not in keys and field.generated is None
        }
    inserting = Insert(row="stirring", model=table, values=pointing)
    stored = msgspec.structs.replace(inserting, setup=True)
    fires = f", which fires `{trigger.name}`"
    if "insert" in trigger.events:
        yield Way(f"stores {one(table.name)}{fires}", (first, inserting))
        if table is quarry.model:
            other = Insert(row="stirring", model=table)
            yield Way(f"stores {one(table.name)}{fires}", (first, other))
    if "update" in trigger.events:
        columns = trigger.columns or tuple(
            field.column
            for field in table.fields
            if field.generated is None and field.column not in pointing
        )
        for column in columns[:_MOST_COLUMNS]:
            yield Way(
                f"changes {one(table.name)}{fires}",
                (first, stored, Update(row="stirring", changing=(column,))),
            )
    if "delete" in trigger.events:
        yield Way(f"deletes {one(table.name)}{fires}", (first, stored, Delete(row="stirring")))


def goes(row: str, changed: tuple[str, ...], *, setup: bool = False) -> Move:
    """A row is deleted, or gets another key."""
    if not changed:
        return Delete(row=row, setup=setup)
    return Update(row=row, changing=changed, setup=setup)


def always_raises(trigger: Trigger) -> bool:
    """Whether a trigger refuses every row that it sees."""
    return trigger.effect == "raises" and trigger.when is None
