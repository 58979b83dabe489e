"""Random Prisma schemas, of every construct that the language has for the common AST."""

from __future__ import annotations

from random import Random

import msgspec

from tests.oracle.verdicts.conditions import Condition, random_condition
from tests.oracle.verdicts.schemas import ENUM, Column, Key, Model, Pointer, Schema
from tests.prove.wide.prisma_types import DEFAULTS, NATIVES, NUMBERS, Field, is_long

_ACTIONS = ("Cascade", "Restrict", "NoAction", "SetNull", "SetDefault")


class Draft(msgspec.Struct):
    """A model as it is drawn."""

    model: Model
    fields: dict[str, Field] = {}
    relations: list[str] = []
    blocks: list[str] = []
    keys: list[tuple[str, ...]] = []
    hidden: list[str] = []


def random_wide_prisma(random: Random, provider: str) -> tuple[Schema, str]:
    """A schema for `sqlite`, `postgresql` or `mysql`, as plain data and as text."""
    return _Draw(random, provider).made()


class _Draw:
    def __init__(self, random: Random, provider: str) -> None:
        self.random = random
        self.provider = provider
        self.drafts: list[Draft] = []
        self.apart = provider == "postgresql" and self.chance(0.2)
        self.client = not self.apart and self.chance(0.07)  # relationMode = "prisma"
        self.single = self.chance(0.25)
        self.number = 0

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def made(self) -> tuple[Schema, str]:
        names = ("Alpha", "Beta", "Gamma")[: self.random.choice((1, 2, 2, 3))]
        for name in names:
            self.drafts.append(self._model(name))
        for draft in self.drafts:
            if len(self.drafts) > 1 and self.chance(0.6):
                self._point(draft, self.random.choice(self.drafts))
            if self.chance(0.15):
                self._point(draft, self.random.choice(self.drafts))
        for number in range(self.random.choice((0, 0, 1))):
            self._link(number)
        for draft in self.drafts:
            self._keys(draft)
        plain = Schema(self.provider, [one.model for one in self.drafts], [])
        lines = self._head()
        for draft in self.drafts:
            lines += self._text(draft)
            draft.model.columns[:] = [
                one for one in draft.model.columns if one.name not in draft.hidden
            ]
        if self.chance(0.1):
            lines += self._view()
        return plain, "\n".join(lines) + "\n"

    # -- models

    def _model(self, name: str) -> Draft:
        random = self.random
        table = name if self.chance(0.7) else f"t_{name.lower()}"
        draft = Draft(Model(name, table, [], ()))
        sort = random.random()
        if sort < 0.5:
            self._identified(draft)
        elif sort < 0.6:
            self._add(draft, Column("id", "String", "id"), Field("String"))
            how = random.choice(("uuid()", "uuid(7)", "cuid()", "nanoid()", "ulid()", None))
            self._id(draft, "id", how)
        elif sort < 0.85:
            self._add(draft, Column("tenant", "Int", "tenant"), Field("Int"))
            kind = random.choice(("Int", "String", "Status"))
            self._add(draft, Column("code", kind, "code"), Field(kind))
            draft.model.id = random.choice((("tenant", "code"), ("code", "tenant")))
            named = random.choice(("", f', map: "pk_{name}"', ', name: "both"'))
            if self.provider != "postgresql" and "map" in named:
                named = ""
            draft.blocks.append(f"@@id([{', '.join(draft.model.id)}]{named})")
            draft.keys.append(draft.model.id)
        else:
            self._add(draft, Column("code", "String", "code"), Field("String"))
            draft.fields["code"].attributes.append("@unique")
            draft.model.uniques.append(Key(("code",)))
            draft.keys.append(("code",))
        for number in range(random.choice((1, 2, 2, 3, 4))):
            self._scalar(draft, f"f{number}")
        if self.chance(0.15):
            for end in ("starts", "ends"):
                column = Column(end, "Int", end, optional=self.chance(0.3))
                self._add(draft, column, Field("Int"))
        if self.chance(0.06):
            kind = {"postgresql": "point", "mysql": "geometry", "sqlite": "MONEY"}[self.provider]
            column = Column("place", "Unsupported", "place", optional=True)
            if self.provider == "postgresql" and self.chance(0.6):
                kind, column.type = "int4range", "Range"
            elif self.provider != "sqlite":
                draft.hidden.append("place")  # no rule speaks of points: no two are known
            self._add(draft, column, Field(f'Unsupported("{kind}")'))
        return draft

    def _identified(self, draft: Draft) -> None:
        kind = "Int" if self.chance(0.8) else "BigInt"
        self._add(draft, Column("id", "Int", "id"), Field(kind))
        counts = kind == "Int" or self.provider != "sqlite"
        self._id(draft, "id", self.random.choice((None, "autoincrement()")) if counts else None)

    def _id(self, draft: Draft, name: str, default: str | None) -> None:
        words = "@id"
        if self.provider == "postgresql" and self.chance(0.1):
            words += f'(map: "pk_{draft.model.name}")'
        elif self.provider == "mysql" and default is None and self.chance(0.1):
            words += "(length: 4)" if draft.fields[name].type == "String" else ""
        draft.fields[name].attributes.append(words)
        if default is not None:
            draft.model.column(name).default = default
            draft.fields[name].attributes.append(f"@default({default})")
        draft.model.id = (name,)
        draft.keys.append((name,))

    def _add(self, draft: Draft, column: Column, field: Field) -> None:
        draft.model.columns.append(column)
        draft.fields[column.name] = field

    def _scalar(self, draft: Draft, name: str) -> None:
        random = self.random
        usual = ("Int", "String", "Boolean", "DateTime", "Status")
        kind = random.choice(usual if self.chance(0.6) else tuple(DEFAULTS))
        if self.single and self.chance(0.1):
            kind = "Single"
        natives = NATIVES[self.provider].get(kind, ())
        native = random.choice(natives) if natives and self.chance(0.3) else None
        plain = "Int" if kind in NUMBERS and native not in ("Money", "Oid", "Year") else kind
        if native and native.startswith(
            ("Time(", "Timetz", "Date", "Bit", "VarBit", "Xml", "Inet")
        ):
            plain = native.partition("(")[0] if native != "DateTime(3)" else kind
        column = Column(name, plain, name if self.chance(0.8) else f"c_{name}")
        column.optional = self.chance(0.45)
        column.native = native if plain == "String" and native not in ("Text",) else None
        field = Field(kind, native, docs=self.chance(0.05))
        listed = self.provider == "postgresql" and self.chance(0.08)
        if listed:
            column.list, column.optional = True, False
        default = self._default(kind, native, listed) if self.chance(0.35) else None
        if default is not None:
            column.default = default
            field.attributes.append(f"@default({default})")
        if kind == "DateTime" and not listed and self.chance(0.25) and plain == "DateTime":
            column.updated_at = True
            field.attributes.append("@updatedAt")
        if self.chance(0.04) and (column.optional or default):
            field.attributes.append("@ignore")
        self._add(draft, column, field)

    def _default(self, kind: str, native: str | None, listed: bool) -> str | None:
        random, provider = self.random, self.provider
        if kind == "Single":
            return "[ONLY]" if listed else "ONLY"
        values = DEFAULTS[kind]
        if listed:
            if native is not None or kind in ("Json", "Bytes", "DateTime"):
                return "[]"
            return random.choice(("[]", f"[{', '.join(values)}]"))
        if native is not None:
            if native.partition("(")[0] in ("Uuid",):
                return 'dbgenerated("gen_random_uuid()")'
            odd = ("Inet", "Bit", "VarBit", "Xml", "Money", "Oid", "Year", "Date", "Time", "Timetz")
            if native.partition("(")[0] in odd or "Text" in native or "Blob" in native:
                return None
        if provider == "mysql" and kind in ("Json", "Bytes"):
            return None
        if provider == "postgresql" and kind == "Int" and native is None and self.chance(0.1):
            return "autoincrement()"
        if self.chance(0.2):
            made = {
                "String": ("uuid()", "cuid()", "nanoid()", "ulid()", self._generated("lower('A')")),
                "Int": (self._generated("1 + 1"),),
            }.get(kind)
            if made is not None and native is None:
                return random.choice(made)
        return random.choice(values)

    def _generated(self, expression: str) -> str:
        bracketed = expression if self.provider == "postgresql" else f"({expression})"
        return f'dbgenerated("{bracketed}")'

    # -- relations

    def _point(self, draft: Draft, target: Draft) -> None:
        random, model = self.random, draft.model
        if self.client and self.drafts.index(target) >= self.drafts.index(draft):
            return  # a circle has to be cut by hand there
        keys = [
            key
            for key in target.keys
            if not any(target.model.column(name).optional for name in key)
            and not any(is_long(target.fields[name]) for name in key)
        ]
        if not keys:
            return
        self.number += 1
        references = random.choice(keys)
        name = f"r{self.number}"
        own = self._leads(target, draft)  # rows that have to point at each other are never there
        loose = own or random.random() < 0.5
        columns: list[str] = []
        for reference in references:
            there, field = target.model.column(reference), target.fields[reference]
            shared = model.columns if not own and self.chance(0.25) else []
            fitting = [
                one.name
                for one in shared
                if draft.fields[one.name].type == field.type
                and draft.fields[one.name].native == field.native
                and one.name not in columns
                and not one.list
                and not any("autoincrement" in word for word in draft.fields[one.name].attributes)
            ]
            if fitting:
                columns.append(random.choice(fitting))
                continue
            called = f"{name}{reference.capitalize()}"
            optional = loose if own or self.chance(0.85) else not loose
            column = Column(
                called, there.type, f"{name}_{reference}", optional, native=there.native
            )
            written = Field(field.type, field.native)
            if self.chance(0.2) and field.type in DEFAULTS and field.native is None:
                column.default = DEFAULTS[field.type][0]
                written.attributes.append(f"@default({column.default})")
            self._add(draft, column, written)
            columns.append(called)
        loose = any(model.column(one).optional for one in columns)
        single = self.chance(0.25)
        actions = [random.choice(_ACTIONS) if self.chance(0.5) else None for _ in range(2)]
        wrong = []
        if not all(model.column(one).optional for one in columns) and not self._is_strict(loose):
            wrong.append("SetNull")
        if self.provider == "mysql":
            wrong.append("SetDefault")
        if self.client:
            wrong += ["SetDefault", "NoAction"]
        actions = [None if one in wrong else one for one in actions]
        pointer = Pointer(
            name, tuple(columns), target.model.name, references, loose, single, *actions
        )
        model.pointers.append(pointer)
        words = [f'"{model.name}{name}"', f"fields: [{', '.join(columns)}]"]
        words.append(f"references: [{', '.join(references)}]")
        words += [
            f"{event}: {action}"
            for event, action in zip(("onDelete", "onUpdate"), actions, strict=True)
            if action
        ]
        taken = any(one.columns == tuple(columns) for one in model.pointers[:-1])
        if (taken or self.chance(0.15)) and self.provider != "sqlite" and not self.client:
            words.append(f'map: "fk_{model.name}_{self.number}"')
        mark = "?" if loose else ""
        if self.chance(0.06):
            draft.relations.append("/// Whose it is.")
        draft.relations.append(f"{name} {target.model.name}{mark} @relation({', '.join(words)})")
        known = {key.columns for key in model.uniques if key.where is None} | {model.id}
        if single and tuple(columns) not in known:
            model.uniques.append(Key(tuple(columns)))
            draft.blocks.append(f"@@unique([{', '.join(columns)}])")
            known.add(tuple(columns))
        many = "?" if tuple(columns) in known else "[]"
        target.relations.append(
            f'back{model.name}{name} {model.name}{many} @relation("{model.name}{name}")'
            + (" @ignore" if self.chance(0.06) else "")
        )

    def _leads(self, one: Draft, other: Draft, seen: tuple[str, ...] = ()) -> bool:
        """Whether the foreign keys of one model lead to the other."""
        if one is other:
            return True
        targets = {pointer.target for pointer in one.model.pointers} - {*seen}
        found = [draft for draft in self.drafts if draft.model.name in targets]
        return any(self._leads(draft, other, (*seen, one.model.name)) for draft in found)

    def _is_strict(self, loose: bool) -> bool:
        """Whether Prisma takes SetNull for a column that is NOT NULL: PostgreSQL only, where it
        warns of it."""
        return self.provider == "postgresql" and not loose and self.chance(0.2)

    def _link(self, number: int) -> None:
        """An implicit many-to-many relation."""
        ends = [one for one in self.drafts if len(one.model.id) == 1]
        if not ends:
            return
        one, other = self.random.choice(ends), self.random.choice(ends)
        named = f'@relation("Link{number}")'
        if one is other:
            one.relations.append(f"link{number}A {one.model.name}[] {named}")
            one.relations.append(f"link{number}B {one.model.name}[] {named}")
            return
        if self.chance(0.4):
            named = ""
        one.relations.append(f"links{number} {other.model.name}[] {named}")
        other.relations.append(f"links{number} {one.model.name}[] {named}")

    # -- keys

    def _keys(self, draft: Draft) -> None:
        random, model = self.random, draft.model
        columns = [
            one.name
            for one in model.columns
            if not one.list
            and (self.provider == "mysql" or not is_long(draft.fields[one.name]))
            and draft.fields[one.name].native not in ("Json", "Xml")
            and not draft.fields[one.name].type.startswith("Unsupported")
            and not (self.provider == "mysql" and draft.fields[one.name].type == "Json")
        ]
        if self.provider == "postgresql":
            self._inverted(draft)
        known = {key.columns for key in model.uniques} | {model.id}
        for number in range(random.choice((0, 1, 1, 2))):
            names = tuple(random.sample(columns, min(len(columns), random.choice((1, 1, 2, 3)))))
            if names and names not in known:
                known.add(names)
                self._unique(draft, names, number)
        for number in range(random.choice((0, 0, 1, 1, 2))):
            names = tuple(random.sample(columns, min(len(columns), random.choice((1, 2)))))
            if names and names not in model.indexes:
                self._index(draft, names, number)

    def _inverted(self, draft: Draft) -> None:
        """An index that finds what is inside a value."""
        for name, field in draft.fields.items():
            listed = draft.model.column(name).list
            if (listed or (field.type == "Json" and field.native != "Json")) and self.chance(0.3):
                if field.native is None:
                    draft.blocks.append(f"@@index([{name}], type: Gin)")
            elif field.native == "Inet" and not listed and self.chance(0.5):
                draft.blocks.append(f"@@index([{name}(ops: InetOps)], type: Gist)")

    def _members(self, draft: Draft, names: tuple[str, ...]) -> list[str]:
        found = []
        for name in names:
            field, words = draft.fields[name], []
            if self.provider == "mysql" and (
                is_long(field) or (field.type == "String" and self.chance(0.2))
            ):
                words.append(
                    "length: 3" if not (field.native or "").startswith("Char") else "length: 2"
                )
            if self.chance(0.1):
                words.append("sort: Desc")
            found.append(f"{name}({', '.join(words)})" if words else name)
        return found

    def _unique(self, draft: Draft, names: tuple[str, ...], number: int) -> None:
        model = draft.model
        members = self._members(draft, names)
        key, tail = Key(names), ""
        if self.provider != "mysql" and self.chance(0.35):
            column = model.column(names[0])
            if self.chance(0.3) and column.optional:
                tail = f", where: {{ {names[0]}: {{ not: null }} }}"
                key.where = Condition("not null", names[0])
            else:
                key.where = random_condition(self.random, model, simple=True)
                sql = key.where.sql(model, self.provider).replace('"', '\\"')
                tail = f', where: raw("{sql}")'
            tail += f', map: "part_{model.name}_{number}"'
        elif self.chance(0.2):
            tail = f', map: "u_{model.name}_{number}"'
        model.uniques.append(key)
        if len(names) == 1 and not tail and self.chance(0.6):
            inner = members[0].removeprefix(names[0])
            draft.fields[names[0]].attributes.append(f"@unique{inner}")
        else:
            draft.blocks.append(f"@@unique([{', '.join(members)}]{tail})")

    def _index(self, draft: Draft, names: tuple[str, ...], number: int) -> None:
        members, tail, word = self._members(draft, names), "", "index"
        first = draft.fields[names[0]]
        if self.provider == "postgresql":
            if self.chance(0.25):
                members, names = [names[0]], names[:1]
                hashed = not (first.native or "").startswith(("VarBit", "Bit", "Money", "Xml"))
                tail = ", type: Hash" if hashed else ""
                if first.type in ("Int", "DateTime") and first.native is None and self.chance(0.5):
                    tail = ", type: Brin"
            elif first.type == "String" and first.native is None and self.chance(0.25):
                members[0] = f'{names[0]}(ops: raw("text_pattern_ops"))'
        elif self.provider == "mysql" and first.type == "String" and self.chance(0.3):
            members, names, word = [names[0]], names[:1], "fulltext"
        if self.provider != "mysql" and "type" not in tail and self.chance(0.2):
            condition = random_condition(self.random, draft.model, simple=True)
            sql = condition.sql(draft.model, self.provider).replace('"', '\\"')
            tail += f', where: raw("{sql}")'
        if self.chance(0.5) or tail:
            tail += f', map: "i_{draft.model.name}_{number}"'
        draft.model.indexes.append(names)
        draft.blocks.append(f"@@{word}([{', '.join(members)}]{tail})")

    # -- text

    def _head(self) -> list[str]:
        lines = [
            "generator client {",
            '  provider        = "prisma-client-js"',
            '  previewFeatures = ["partialIndexes", "views", "fullTextIndex"]',
            "}",
            "datasource db {",
            f'  provider = "{self.provider}"',
        ]
        if self.apart:
            lines.append('  schemas  = ["public", "app"]')
        elif self.client:
            lines.append('  relationMode = "prisma"')
        lines += ["}", "/// What an order is in.", "enum Status {"]
        lines += [
            f'  {name} @map("{stored}")' if name != stored else f"  {name}" for name, stored in ENUM
        ]
        lines += self._namespace("public")
        if self.chance(0.15):
            lines.append('  @@map("status_type")')
        lines.append("}")
        if self.single:
            lines += ["enum Single {", "  /// The one.", "  ONLY", *self._namespace("app"), "}"]
        return lines

    def _namespace(self, name: str) -> list[str]:
        return [f'  @@schema("{name}")'] if self.apart else []

    def _text(self, draft: Draft) -> list[str]:
        model = draft.model
        lines = ["/// What it is."] if self.chance(0.05) else []
        ignored = not draft.relations and self.chance(0.1)
        lines.append(f"model {model.name} {{")
        for column in model.columns:
            field = draft.fields[column.name]
            if field.docs:
                lines.append("  /// What it is.")
            mark = "[]" if column.list else "?" if column.optional else ""
            attributes = [one for one in field.attributes if not (ignored and one == "@ignore")]
            parts = [f"  {column.name} {field.type}{mark}", *attributes]
            if field.native is not None:
                parts.append(f"@db.{field.native}")
            if column.column != column.name:
                parts.append(f'@map("{column.column}")')
            lines.append(" ".join(parts))
        lines += [f"  {one}" for one in draft.relations]
        lines += [f"  {one}" for one in draft.blocks]
        if model.table != model.name:
            lines.append(f'  @@map("{model.table}")')
        lines += self._namespace(self.random.choice(("public", "app")))
        if ignored:
            lines.append("  @@ignore")
        return [*lines, "}"]

    def _view(self) -> list[str]:
        lines = ["view Overview {", "  id Int", "  total Int?"]
        return [*lines, *self._namespace("public"), "}"]
