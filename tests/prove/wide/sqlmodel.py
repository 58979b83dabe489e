"""Random classes of SQLModel's or SQLAlchemy's, of every construct for which they have words."""

from __future__ import annotations

from random import Random

import msgspec

from tests.oracle.verdicts.conditions import random_condition
from tests.oracle.verdicts.schemas import ENUM, Column, Key, Model, Pointer, Schema
from tests.prove.wide.sqlmodel_types import OWN, RARE, USUAL, WRITTEN, Sort

_HEAD = """\
import os
import uuid
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy import UniqueConstraint, func, text
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, Relationship, SQLModel


class Status(str, Enum):
"""
_ONE = """

class Single(str, Enum):
    ONLY = "ONLY"
"""
_BASE = """

class Base(DeclarativeBase):
    pass
"""


_ACTIONS = ("CASCADE", "RESTRICT", "NO ACTION", "SET NULL", "SET DEFAULT")


class Class(msgspec.Struct):
    """A class as it is drawn."""

    model: Model
    schema: str | None = None
    sorts: dict[str, Sort] = {}
    lines: list[str] = []
    apart: list[str] = []
    options: list[str] = []
    keys: list[tuple[str, ...]] = []
    relations: list[str] = []
    generated: set[str] = set()
    pointed: int = 0

    @property
    def path(self) -> str:
        """The table, as a foreign key names it."""
        return f"{self.schema}.{self.model.table}" if self.schema else self.model.table


def random_wide_models(random: Random, provider: str) -> tuple[Schema, str]:
    """A schema for `sqlite`, `postgresql` or `mysql`, as plain data and as a file."""
    return _Draw(random, provider).made()


class _Draw:
    def __init__(self, random: Random, provider: str) -> None:
        self.random = random
        self.provider = provider
        self.declarative = self.chance(0.25)
        self.classes: list[Class] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def made(self) -> tuple[Schema, str]:
        for name in ("Alpha", "Beta", "Gamma")[: self.random.choice((1, 2, 2, 3))]:
            self.classes.append(self._class(name))
        for one in self.classes:
            self._keys(one)
        text = _HEAD + "\n".join(f'    {stored} = "{stored}"' for _, stored in ENUM) + "\n" + _ONE
        if self.declarative:
            text += _BASE
        for one in self.classes:
            text += "\n\n" + "\n".join(self._written(one)) + "\n"
        plain = Schema(self.provider, [one.model for one in self.classes], [])
        return plain, text

    def _written(self, one: Class) -> list[str]:
        base = "Base" if self.declarative else "SQLModel, table=True"
        lines = [f"class {one.model.name}({base}):"]
        if self.chance(0.1):
            lines.append('    """What it is."""')
        lines.append(f'    __tablename__ = "{one.model.table}"')
        arguments = [*one.apart]
        if one.options:
            arguments.append("{" + ", ".join(one.options) + "}")
        if arguments:
            lines.append(f"    __table_args__ = ({', '.join(arguments)},)")
        relations = [] if self.declarative else one.relations
        return [*lines, *(f"    {line}" for line in (*one.lines, *relations))]

    # -- a class

    def _class(self, name: str) -> Class:
        random = self.random
        made = Class(Model(name, random.choice((name.lower(), f"t_{name.lower()}")), [], ()))
        if self.provider == "postgresql" and self.chance(0.12):
            made.schema = "app"
            made.options.append('"schema": "app"')
        if self.provider == "sqlite":
            made.options += ['"sqlite_with_rowid": False'] if self.chance(0.08) else []
        elif self.provider == "mysql" and self.chance(0.05):
            made.options.append('"mysql_engine": "MyISAM"')
        if self.chance(0.05):
            made.options.append('"comment": "what it is"')
        self._identified(made)
        for number in range(random.choice((1, 2, 2, 3, 4))):
            self._column(made, f"f{number}")
        if self.chance(0.15):
            for end in ("starts", "ends"):
                column = Column(end, "Int", end, optional=self.chance(0.3))
                self._add(made, column, USUAL[1], [])
        if self.chance(0.2):
            self._computed(made)
        if self.classes and self.chance(0.65):
            self._point(made, random.choice(self.classes))
        if self.classes and self.chance(0.3):
            self._point(made, random.choice(self.classes))
        if self.chance(0.12):
            self._point(made, made)
        return made

    def _add(
        self, made: Class, column: Column, sort: Sort, arguments: list[str], key: bool = False
    ) -> None:
        """Add a column, in one of the ways in which a class can have it."""
        made.model.columns.append(column)
        column.native = sort.native
        column.list = sort.python.startswith("list")
        made.sorts[column.name] = sort
        hint = f"{sort.python} | None" if column.optional else sort.python
        called = f'"{column.column}", ' if column.column != column.name else ""
        words = [*arguments]
        if self.declarative:
            words = [sort.sa, *words] if sort.sa else words
            words.append("primary_key=True" if key else f"nullable={column.optional}")
            made.lines.append(
                f"{column.name}: Mapped[{hint}] = mapped_column({called}{', '.join(words)})"
            )
            return
        if sort.sa or called or words:
            kind = sort.sa or WRITTEN[sort.python]
            words = [kind, *words]
            words.append("primary_key=True" if key else f"nullable={column.optional}")
            made.lines.append(
                f"{column.name}: {hint} = Field(sa_column=sa.Column({called}{', '.join(words)}))"
            )
            return
        inside = ["primary_key=True"] if key else []
        if column.optional:
            inside.insert(0, "default=None")
        made.lines.append(
            f"{column.name}: {hint}" + (f" = Field({', '.join(inside)})" if inside else "")
        )

    def _identified(self, made: Class) -> None:
        random = self.random
        text = Sort("String", "str", "sa.String(9)", ())
        sort = random.random()
        if sort < 0.25:
            self._add(made, Column("tenant", "Int", "tenant"), USUAL[1], [], key=True)
            self._add(made, Column("code", "String", "code"), text, [], key=True)
            made.model.id = ("tenant", "code")
        elif sort < 0.35:
            self._add(made, Column("tenant", "Int", "tenant"), USUAL[1], [])
            self._add(made, Column("code", "String", "code"), text, [])
            made.model.id = ("code", "tenant")
            named = f', name="pk_{made.model.table}"' if self.chance(0.5) else ""
            if self.provider == "postgresql" and self.chance(0.3):
                named += random.choice(
                    (", deferrable=True", ', deferrable=True, initially="DEFERRED"')
                )
            made.apart.append(f'PrimaryKeyConstraint("code", "tenant"{named})')
            if "deferrable" in named:
                return
        elif sort < 0.5:
            self._add(made, Column("code", "String", "code"), text, [], key=True)
            made.model.id = ("code",)
        else:
            arguments: list[str] = []
            if self.provider == "postgresql" and self.chance(0.5):
                arguments.append(
                    random.choice(
                        (
                            "sa.Identity()",
                            "sa.Identity(always=True)",
                            'sa.Sequence("numbers")',
                            "autoincrement=False",
                        )
                    )
                )
            elif self.chance(0.2):
                arguments.append("autoincrement=False")
            elif self.provider == "sqlite" and self.chance(0.2) and not made.options:
                made.options.append('"sqlite_autoincrement": True')
            whole = random.choice((USUAL[0], USUAL[1]))
            self._add(made, Column("id", "Int", "id"), whole, arguments, key=True)
            made.model.id = ("id",)
        if not any("MyISAM" in one for one in made.options):
            made.keys.append(made.model.id)

    def _sort(self) -> Sort:
        if self.chance(0.65):
            return self.random.choice(USUAL)
        sort = self.random.choice((*RARE, *OWN[self.provider]))
        if self.provider == "mysql" and sort == RARE[0]:
            return USUAL[7]  # MySQL's VARCHAR has a length
        return sort

    def _column(self, made: Class, name: str) -> None:
        random = self.random
        sort = self._sort()
        column = Column(name, sort.plain, name if self.chance(0.85) else f"c_{name}")
        column.optional = self.chance(0.45)
        arguments = []
        if sort.values and self.chance(0.35):
            value = random.choice(sort.values)
            if sort.plain == "Boolean" and self.provider == "postgresql":
                value = 'text("true")'
            column.default = value
            arguments.append(f"server_default={value}")
        elif self.chance(0.1) and sort.plain == "Int":
            arguments.append("default=1")
        if sort.plain == "DateTime" and self.chance(0.3):
            column.updated_at = True
            arguments.append("onupdate=func.now()")
        if self.chance(0.05):
            arguments.append('comment="what it is"')
        if self.chance(0.1) and sort.key and not column.list:
            arguments.append("unique=True")
            made.model.uniques.append(Key((name,)))
            if not any("MyISAM" in one for one in made.options):
                made.keys.append((name,))
        self._add(made, column, sort, arguments)

    def _computed(self, made: Class) -> None:
        bases = [
            one
            for one in made.model.columns
            if one.type == "Int" and not one.list and one.name != "id"
        ]
        if not bases:
            return
        base = self.random.choice(bases)
        name = self._quoted(base.column)
        expression = self.random.choice((f"{name} + 1", f"coalesce({name}, 0)", f"abs({name})"))
        stored = self.provider == "postgresql" or self.chance(0.5)
        sort = made.sorts[base.name]
        sort = msgspec.structs.replace(sort, sa=sort.sa or WRITTEN[sort.python], values=())
        words = [f"sa.Computed({expression!r}, persisted={stored})"]
        self._add(made, Column("made", "Int", "made", optional=True), sort, words)
        made.generated.add("made")

    def _quoted(self, name: str) -> str:
        return f"`{name}`" if self.provider == "mysql" else f'"{name}"'

    # -- foreign keys

    def _point(self, made: Class, target: Class) -> None:
        random = self.random
        # PostgreSQL takes no value for a foreign key of VARCHAR[] (it finds no `=` for it).
        keys = [
            key
            for key in target.keys
            if not any(target.sorts[name].native or _is_texts(target.sorts[name]) for name in key)
        ]
        if not keys or any("MyISAM" in one for one in made.options):
            return
        references = random.choice(keys)
        made.pointed += 1
        own = made is target
        loose = own or self.chance(0.5)
        names: list[str] = []
        action = self._actions(loose)
        single = len(references) == 1 and self.chance(0.6)
        there = target.model.column(references[0]).column
        inline = [f'sa.ForeignKey("{target.path}.{there}"{action})'] if single else []
        for reference in references:
            of = target.model.column(reference)
            sort = target.sorts[reference]
            name = f"to{made.pointed}_{reference}"
            shares = not own and not (made.generated and self.provider == "mysql")
            if reference == "tenant" and "tenant" in made.sorts and shares and self.chance(0.7):
                names.append("tenant")
                continue
            column = Column(name, of.type, name, optional=loose)
            written = WRITTEN.get(sort.python, "")  # lists have their type as it is
            if self.declarative and sort.python == "float" and self.provider == "mysql":
                written = "sa.Double"  # `Mapped[float]`, and MySQL wants the same on both ends
            sort = msgspec.structs.replace(sort, sa=sort.sa or written)
            words = [*inline]
            if self.provider == "mysql" and "create_constraint=True" in sort.sa:
                action = ""  # MariaDB changes no column by itself that a CHECK is over
                inline = [f'sa.ForeignKey("{target.path}.{there}")'] if single else []
                words = [*inline]
            if sort.values and self.chance(0.2) and sort.plain == "Int":
                column.default = "1"
                words.append('server_default="1"')
            if self.chance(0.2):
                words.append("index=True")
            self._add(made, column, sort, words)
            names.append(name)
        if not single:
            paths = ", ".join(
                f'"{target.path}.{target.model.column(one).column}"' for one in references
            )
            extra = ', match="FULL"' if len(names) > 1 and self.chance(0.3) else ""
            if self.provider == "mysql":
                extra = ""
            if self.chance(0.3):
                extra += f', name="fk_{made.model.table}_{made.pointed}"'
            mine = ", ".join(f'"{name}"' for name in names)
            made.apart.append(f"ForeignKeyConstraint([{mine}], [{paths}]{action}{extra})")
        words_of = {"ondelete": None, "onupdate": None}
        for event in words_of:
            _, found, rest = action.partition(f'{event}="')
            if found:
                words_of[event] = rest.partition('"')[0].title().replace(" ", "")  # type: ignore[assignment]  # mypy takes the values for None
        made.model.pointers.append(
            Pointer(
                names[0],
                tuple(names),
                target.model.name,
                references,
                loose,
                False,
                words_of["ondelete"],
                words_of["onupdate"],
            )
        )
        if not own and self.chance(0.15) and made.pointed == 1:
            made.relations.append(f'parent: "{target.model.name}" = Relationship()')
        elif not own and self.chance(0.4) and made.pointed == 1:
            made.relations.append(
                f'parent: "{target.model.name}" = '
                f'Relationship(back_populates="of_{made.model.table}")'
            )
            target.relations.append(
                f'of_{made.model.table}: list["{made.model.name}"] = '
                'Relationship(back_populates="parent")'
            )

    def _actions(self, loose: bool) -> str:
        text = ""
        for event in ("ondelete", "onupdate"):
            if self.chance(0.45):
                words = [one for one in _ACTIONS if loose or one != "SET NULL" or self.chance(0.2)]
                if self.provider == "mysql" and not loose:
                    words = [one for one in words if one != "SET NULL"]
                text += f', {event}="{self.random.choice(words)}"'
        if self.provider != "mysql" and self.chance(0.15):
            text += self.random.choice(
                (', deferrable=True, initially="DEFERRED"', ", deferrable=True")
            )
        return text

    # -- keys

    def _keys(self, made: Class) -> None:
        random, model = self.random, made.model
        columns = [
            one
            for one in model.columns
            if made.sorts[one.name].key and one.native in (None, "Citext", "Char")
        ]
        known = {key.columns for key in model.uniques} | {model.id}
        for number in range(random.choice((0, 1, 1, 2))):
            chosen = random.sample(columns, min(len(columns), random.choice((1, 1, 2, 3))))
            names = tuple(one.name for one in chosen)
            if names and names not in known:
                known.add(names)
                self._unique(made, chosen, number)
        for number in range(random.choice((0, 0, 1, 1, 2))):
            self._index(made, columns, number)
        for number in range(random.choice((0, 0, 1, 1, 2))):
            condition = random_condition(random, model)
            name = f', name="c_{model.table}_{number}"' if self.chance(0.5) else ""
            sql = self._sql(condition.sql(model, self.provider))
            free = self.provider != "mysql" or (not model.pointers and '"id"' not in sql)
            if free and "`id`" not in sql:
                made.apart.append(f"CheckConstraint({sql}{name})")
        if self.provider == "postgresql" and self.chance(0.15):
            self._exclusion(made)
        if self.chance(0.03):
            made.apart.append('CheckConstraint(os.environ["CONDITION"])')

    def _sql(self, text: str) -> str:
        return repr(text.replace('"', "`") if self.provider == "mysql" else text)

    def _unique(self, made: Class, chosen: list[Column], number: int) -> None:
        random, model, provider = self.random, made.model, self.provider
        called = f"u_{model.table}_{number}"
        words = [f'"{one.column}"' for one in chosen]
        key = Key(tuple(one.name for one in chosen))
        model.uniques.append(key)
        if self.chance(0.5):
            tail = f', name="{called}"' if self.chance(0.5) else ""
            if provider == "postgresql":
                tail += random.choice(
                    (
                        "",
                        "",
                        ", postgresql_nulls_not_distinct=True",
                        ', deferrable=True, initially="DEFERRED"',
                        ", deferrable=True",
                    )
                )
            made.apart.append(f"UniqueConstraint({', '.join(words)}{tail})")
            return
        tail = ", unique=True"
        for at, one in enumerate(chosen):
            text = one.type == "String" and not one.list and not one.native
            if text and provider != "mysql" and self.chance(0.25):
                words[at] = f"text('lower(\"{one.column}\")')"
            elif self.chance(0.1):
                words[at] = (
                    f"sa.desc({words[at]})"
                    if self.declarative
                    else (f"text('{self._quoted(one.column)} DESC')")
                )
            elif provider == "mysql" and text and self.chance(0.15) and len(chosen) == 1:
                tail += f', mysql_length={{"{one.column}": 2}}'
        if provider == "postgresql" and self.chance(0.2):
            tail += ", postgresql_nulls_not_distinct=True"
        if provider != "mysql" and self.chance(0.35):
            key.where = random_condition(random, model, simple=True)
            tail += f", {provider}_where=text({self._sql(key.where.sql(model, provider))})"
        made.apart.append(f'Index("{called}", {", ".join(words)}{tail})')

    def _index(self, made: Class, columns: list[Column], number: int) -> None:
        random, model, provider = self.random, made.model, self.provider
        chosen = random.sample(columns, min(len(columns), random.choice((1, 2))))
        if not chosen:
            return
        words = [f'"{one.column}"' for one in chosen]
        first, tail = chosen[0], ""
        sort = made.sorts[first.name]
        called = f'"i_{model.table}_{number}"'
        if provider == "postgresql":
            if sort.sa.endswith("JSONB") or first.list:
                words, tail = words[:1], ', postgresql_using="gin"'
            elif sort.plain == "Range":
                words, tail = words[:1], ', postgresql_using="gist"'
            elif self.chance(0.2) and sort.plain not in ("Bit", "Money", "Domain"):
                words, tail = words[:1], ', postgresql_using="hash"'
            elif sort.plain == "Int" and sort.python == "int" and self.chance(0.2):
                words, tail = words[:1], ', postgresql_using="brin"'
            elif sort.plain == "String" and not sort.native and self.chance(0.4):
                tail = f', postgresql_ops={{"{first.column}": "text_pattern_ops"}}'
                if sort.sa != "sa.Text":
                    tail = tail.replace("text_pattern", "varchar_pattern")
        elif provider == "mysql" and sort.plain == "String" and self.chance(0.3):
            words, tail = words[:1], ', mysql_prefix="FULLTEXT"'
        if provider != "mysql" and self.chance(0.2):
            condition = random_condition(random, model, simple=True)
            tail += f", {provider}_where=text({self._sql(condition.sql(model, provider))})"
        model.indexes.append(tuple(one.name for one in chosen))
        made.apart.append(f"Index({called}, {', '.join(words)}{tail})")

    def _exclusion(self, made: Class) -> None:
        names = {one.name for one in made.model.columns}
        parts = []
        if "tenant" in names and self.chance(0.7):
            parts.append('("tenant", "=")')
        if {"starts", "ends"} <= names:
            parts.append('(text("int4range(starts, ends)"), "&&")')
        elif "id" in names and not parts:
            parts.append('("id", "<>")')
        if not parts:
            return
        tail = ', where=text("tenant > 1")' if "tenant" in names and self.chance(0.3) else ""
        if self.chance(0.3):
            tail += f', name="x_{made.model.table}"'
        if self.chance(0.25):
            tail += ', deferrable=True, initially="DEFERRED"'
        made.apart.append(f'postgresql.ExcludeConstraint({", ".join(parts)}, using="gist"{tail})')


def _is_texts(sort: Sort) -> bool:
    return sort.python == "list[str]"
