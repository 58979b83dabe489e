"""Random Prisma schemas, as plain data of their own and as text: small, and full of traps."""

from __future__ import annotations

from random import Random

import msgspec

from tests.oracle.verdicts.conditions import Condition, random_condition

ENUM = (("DRAFT", "DRAFT"), ("OPEN", "open"), ("CLOSED", "CLOSED"))
"""The values of the one enum, each by its name and by what is stored."""

LITERALS = {
    "Int": ("1", "2"),
    "String": ('"a"', '"b"'),
    "Boolean": ("true", "false"),
    "DateTime": ("now()",),
    "Status": ("DRAFT", "OPEN"),
}
ACTIONS = ("Cascade", "Restrict", "NoAction", "SetNull", "SetDefault")


class Column(msgspec.Struct):
    """A scalar field. `default` is the argument of `@default`; `native` an attribute of `@db`."""

    name: str
    type: str
    column: str
    optional: bool = False
    list: bool = False
    default: str | None = None
    native: str | None = None
    updated_at: bool = False


class Key(msgspec.Struct):
    """A unique criterion over columns (field names), of the rows that satisfy `where` if given."""

    columns: tuple[str, ...]
    where: Condition | None = None


class Pointer(msgspec.Struct):
    """A relation that stores a key: its fields, what they point at, and the written actions."""

    name: str
    columns: tuple[str, ...]
    target: str
    references: tuple[str, ...]
    optional: bool
    single: bool
    on_delete: str | None
    on_update: str | None


class Model(msgspec.Struct):
    """A table. `id` are the fields of the primary key, () for none."""

    name: str
    table: str
    columns: list[Column]
    id: tuple[str, ...]
    uniques: list[Key] = []
    indexes: list[tuple[str, ...]] = []
    pointers: list[Pointer] = []

    def column(self, name: str) -> Column:
        """The field called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """What another model may point at, and an upsert name: keys over all rows."""
        ids = [self.id] if self.id else []
        return ids + [key.columns for key in self.uniques if key.where is None]


class Link(msgspec.Struct):
    """An implicit many-to-many relation between two models."""

    name: str
    one: str
    other: str

    @property
    def table(self) -> str:
        return f"_{self.name}"


class Schema(msgspec.Struct):
    """A schema; `text` is the Prisma file."""

    provider: str
    models: list[Model]
    links: list[Link]

    def model(self, name: str) -> Model:
        """The model called `name`."""
        return next(model for model in self.models if model.name == name)

    @property
    def text(self) -> str:
        return "\n".join(_written(self))


_REWRITING = ("Cascade", "SetNull", "SetDefault")


def for_mysql(schema: Schema) -> None:
    """Take from a schema that is drawn for another database what MySQL and MariaDB refuse to
    build: an action that sets NULL in a column that is NOT NULL (F07d)."""
    for model in schema.models:
        for pointer in model.pointers:
            columns = [model.column(name) for name in pointer.columns]
            if all(one.optional and one.name not in model.id for one in columns):
                continue
            if pointer.on_delete == "SetNull":
                pointer.on_delete = "Cascade"
            if pointer.on_update == "SetNull":
                pointer.on_update = "NoAction"


def unchecked(model: Model) -> set[str]:
    """The columns that no CHECK may name on MySQL and MariaDB: those that a foreign key's action
    rewrites (their error 3823; MDEV-22602)."""
    return {
        column
        for pointer in model.pointers
        if pointer.on_update in _REWRITING or pointer.on_delete in _REWRITING[1:]
        for column in pointer.columns
    }


def random_schema(random: Random, provider: str) -> Schema:
    """Two or three models that point at each other."""
    schema = Schema(provider, [], [])
    for name in ("Alpha", "Beta", "Gamma")[: random.choice((2, 2, 3))]:
        schema.models.append(_model(random, schema, name))
    for number in range(random.choice((0, 0, 1, 1, 2))):
        ends = [model.name for model in schema.models if len(model.id) == 1]
        if ends:
            one, other = random.choice(ends), random.choice(ends)
            schema.links.append(Link(f"Link{number}", one, other))
    return schema


def _model(random: Random, schema: Schema, name: str) -> Model:
    table = name if random.random() < 0.7 else f"t_{name.lower()}"
    model = Model(name, table, [], ())
    if schema.models and random.random() < 0.35 and len(schema.models) > 1:
        _join(random, schema, model)
    else:
        _identified(random, model)
    for number in range(random.choice((1, 2, 2, 3))):
        model.columns.append(_column(random, schema.provider, f"f{number}"))
    if random.random() < 0.5 and not model.pointers:
        targets = [*schema.models, model] if random.random() < 0.25 else schema.models
        if targets:
            _point(random, model, random.choice(targets), "link")
    _uniques(random, schema, model)
    return model


def _identified(random: Random, model: Model) -> None:
    sort = random.random()
    if sort < 0.55:
        default = random.choice((None, None, "autoincrement()"))
        model.columns.append(Column("id", "Int", "id", default=default))
        model.id = ("id",)
    elif sort < 0.7:
        default = random.choice((None, "uuid()", "cuid()"))
        model.columns.append(Column("id", "String", "id", default=default))
        model.id = ("id",)
    elif sort < 0.92:
        model.columns.append(Column("tenant", "Int", random.choice(("tenant", "tenant_id"))))
        model.columns.append(Column("code", random.choice(("Int", "String")), "code"))
        model.id = random.choice((("tenant", "code"), ("code", "tenant")))
    else:
        model.columns.append(Column("code", "String", "code"))
        model.uniques.append(Key(("code",)))


def _join(random: Random, schema: Schema, model: Model) -> None:
    """A model that links two others."""
    one, other = random.choice(schema.models), random.choice(schema.models)
    model.columns.append(Column("id", "Int", "id"))
    first = _point(random, model, one, "one")
    second = _point(random, model, other, "other")
    if first is None or second is None:
        model.id = ("id",)
        return
    first.single = second.single = False
    pair = tuple(dict.fromkeys((*first.columns, *second.columns)))
    filled = not any(model.column(name).optional for name in pair)
    if random.random() < 0.4 and filled:
        model.id = pair
    else:
        model.id = ("id",)
        if random.random() < 0.6:
            extra = random.choice(((), (), ("id",)))
            model.uniques.append(Key((*pair, *[one for one in extra if one not in pair])))


def _column(random: Random, provider: str, name: str) -> Column:
    kind = random.choice(("Int", "Int", "String", "String", "Boolean", "DateTime", "Status"))
    column = Column(name, kind, name if random.random() < 0.8 else f"c_{name}")
    column.optional = random.random() < 0.45
    if random.random() < 0.3:
        column.default = random.choice(LITERALS[kind])
    if provider == "postgresql":
        if random.random() < 0.05:
            column.list, column.optional, column.default = True, False, None
        elif kind == "String" and random.random() < 0.3:
            column.native = random.choice(("Citext", "Citext", "VarChar(3)", "Uuid"))
            if column.native == "Uuid":
                column.default = None
    if kind == "DateTime" and random.random() < 0.3:
        column.updated_at = True
    return column


def _point(random: Random, model: Model, target: Model, name: str) -> Pointer | None:
    keys = target.keys
    if not keys:
        return None
    references = random.choice(keys[:1] * 2 + keys)
    if any(target.column(one).optional for one in references):
        return None
    columns: list[str] = []
    # A row that has to point at a row of its own table can only point at itself: no good quarry.
    loose = target is model or random.random() < 0.45
    for reference in references:
        there = target.column(reference)
        own = next((column for column in model.columns if column.name == reference), None)
        if (
            own is not None
            and target is not model
            and len(references) > 1
            and own.type == there.type
            and random.random() < 0.7
        ):
            columns.append(own.name)
            continue
        optional = loose if target is model or random.random() < 0.85 else not loose
        field = f"{name}{reference.capitalize()}"
        column = Column(field, there.type, f"{name}_{reference}", optional, native=there.native)
        if random.random() < 0.25 and there.type in LITERALS and there.native != "Uuid":
            column.default = LITERALS[there.type][0]
        model.columns.append(column)
        columns.append(field)
    loose = any(model.column(one).optional for one in columns)
    pointer = Pointer(
        name=name,
        columns=tuple(columns),
        target=target.name,
        references=references,
        optional=loose or random.random() < 0.1,
        single=random.random() < 0.3,
        on_delete=random.choice(ACTIONS) if random.random() < 0.6 else None,
        on_update=random.choice(ACTIONS) if random.random() < 0.5 else None,
    )
    model.pointers.append(pointer)
    return pointer


def _uniques(random: Random, schema: Schema, model: Model) -> None:
    for pointer in model.pointers:
        if pointer.single:
            model.uniques.append(Key(pointer.columns))
    columns = [column.name for column in model.columns if not column.list]
    for _ in range(random.choice((0, 1, 1, 2, 2))):
        size = min(random.choice((1, 1, 2, 2, 3)), len(columns))
        key = Key(tuple(random.sample(columns, size)))
        if random.random() < 0.35:
            key.where = random_condition(random, model, simple=True)
        model.uniques.append(key)
    if random.random() < 0.4:
        size = min(random.choice((1, 2)), len(columns))
        model.indexes.append(tuple(random.sample(columns, size)))
    seen: set[tuple[str, ...]] = {model.id}
    unique = []
    for key in model.uniques:
        if key.columns not in seen:
            seen.add(key.columns)
            unique.append(key)
    model.uniques[:] = unique


# -- text ------------------------------------------------------------------------------------


def _written(schema: Schema) -> list[str]:
    lines = [
        "generator client {",
        '  provider        = "prisma-client-js"',
        '  previewFeatures = ["partialIndexes"]',
        "}",
        "datasource db {",
        f'  provider = "{schema.provider}"',
        "}",
        "enum Status {",
        *(f'  {name} @map("{stored}")' if name != stored else f"  {name}" for name, stored in ENUM),
        "}",
    ]
    for model in schema.models:
        lines += _model_text(schema, model)
    return lines


def _model_text(schema: Schema, model: Model) -> list[str]:
    lines = [f"model {model.name} {{"]
    for column in model.columns:
        mark = "[]" if column.list else "?" if column.optional else ""
        parts = [f"  {column.name} {column.type}{mark}"]
        if model.id == (column.name,):
            parts.append("@id")
        if column.default is not None:
            parts.append(f"@default({column.default})")
        if column.updated_at:
            parts.append("@updatedAt")
        if column.native is not None:
            parts.append(f"@db.{column.native}")
        if column.column != column.name:
            parts.append(f'@map("{column.column}")')
        lines.append(" ".join(parts))
    for pointer in model.pointers:
        relation = f"{model.name}_{pointer.name}"
        parts = [f'"{relation}"', f"fields: [{', '.join(pointer.columns)}]"]
        parts.append(f"references: [{', '.join(pointer.references)}]")
        if pointer.on_delete:
            parts.append(f"onDelete: {pointer.on_delete}")
        if pointer.on_update:
            parts.append(f"onUpdate: {pointer.on_update}")
        mark = "?" if pointer.optional else ""
        lines.append(f"  {pointer.name} {pointer.target}{mark} @relation({', '.join(parts)})")
    for other in schema.models:
        for pointer in other.pointers:
            if pointer.target == model.name:
                relation = f"{other.name}_{pointer.name}"
                unique = {*other.keys, other.id}
                mark = "?" if pointer.columns in unique else "[]"
                back = f"back{other.name}{pointer.name}"
                lines.append(f'  {back} {other.name}{mark} @relation("{relation}")')
    for link in schema.links:
        for end, there in ((link.one, link.other), (link.other, link.one)):
            if end == model.name:
                side = "A" if end == link.one else "B"
                lines.append(f'  {link.name}{side} {there}[] @relation("{link.name}")')
        if link.one == link.other == model.name:
            lines[-1] = lines[-1].replace(f"{link.name}A", f"{link.name}B", 1)
    if len(model.id) > 1:
        lines.append(f"  @@id([{', '.join(model.id)}])")
    for number, key in enumerate(model.uniques):
        where = ""
        if key.where is not None:
            sql = key.where.sql(model, schema.provider).replace('"', '\\"')
            where = f', where: raw("{sql}"), map: "part_{model.name}_{number}"'
        lines.append(f"  @@unique([{', '.join(key.columns)}]{where})")
    lines += [f"  @@index([{', '.join(columns)}])" for columns in model.indexes]
    if model.table != model.name:
        lines.append(f'  @@map("{model.table}")')
    return [*lines, "}"]
