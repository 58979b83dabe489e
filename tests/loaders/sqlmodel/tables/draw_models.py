"""Random hierarchies of classes, and the columns that SQLAlchemy really gives their tables.

    python draw_models.py 60 > drawn.jsonl    (with a Python that has SQLModel)

The order of columns, and which of several declarations of one name counts, follow from Python's
MRO, pydantic's fields and SQLAlchemy's scan together: more cases than anybody would write down.
Each line of the result is a program and its tables' columns; programs that Python, SQLModel or
SQLAlchemy refuse are left out.
"""

from __future__ import annotations

import json
import os
import random
import sys
import types
from typing import Any

NAMES = list("abcdefgh")
SQLMODEL_TYPES = [
    "int", "str", "bool", "Optional[int]", "int | None", "ClassVar[int]",
    "Annotated[str, Field(max_length=5)]", "Annotated[Optional[int], Field(index=True)]",
]  # fmt: skip
SQLMODEL_VALUES = [
    "", "", " = None", " = 5", " = Field()", " = Field(default=None)", " = Field(index=True)",
    " = Field(nullable=True)", " = Field(nullable=False, default=None)", " = Field(sa_type=Text)",
    ' = Field(sa_column_kwargs={"server_default": "q"})',
]  # fmt: skip
MAPPED_TYPES = ["int", "str", "Optional[int]", "bool", "short", "Optional[short]", "Optional[full]"]
MAPPED_ARGUMENTS = [
    "", "unique=True", "nullable=True", "nullable=False", "index=True", "sort_order=-1",
    "sort_order=2", "String", "default=None",
]  # fmt: skip
SQLMODEL_HEAD = """\
from typing import *
from sqlalchemy import Text
from sqlmodel import Field, SQLModel
"""
MAPPED_HEAD = """\
from typing import *
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
key = Annotated[int, mapped_column(primary_key=True)]
short = Annotated[str, mapped_column(String(5), index=True)]
full = Annotated[str, mapped_column(nullable=False)]
class Base(DeclarativeBase): pass
"""


def some(draw: random.Random, items: list[str], most: int) -> list[str]:
    """A few of the items, in any order."""
    return draw.sample(items, draw.randint(0, min(most, len(items))))


def sqlmodel_program(draw: random.Random) -> str:
    """Bases and mixins with fields of the same few names, and tables of them."""
    bases: list[str] = []
    plain: list[str] = []
    lines: list[str] = []
    for number in range(draw.randint(1, 4)):
        lines.append(f"class B{number}({', '.join(some(draw, bases, 2)) or 'SQLModel'}):")
        lines += [_field(draw, name) for name in draw.sample(NAMES, draw.randint(1, 4))]
        bases.append(f"B{number}")
    for number in range(draw.randint(0, 2)):
        lines.append(f"class P{number}:")
        for name in draw.sample(NAMES, draw.randint(1, 3)):
            value = draw.choice(["", " = 4", " = None"])
            lines.append(f"    {name}: {draw.choice(['int', 'str', 'Optional[int]'])}{value}")
        plain.append(f"P{number}")
    for number in range(3):
        models, mixins = some(draw, bases, 2), some(draw, plain, 2)
        parents = models + mixins
        draw.shuffle(parents)
        parents += [] if models else ["SQLModel"]
        lines.append(f"class T{number}({', '.join(parents)}, table=True):")
        body = ["    id: int = Field(primary_key=True)"]
        body += [_field(draw, name) for name in some(draw, NAMES, 4)]
        if draw.random() < 0.5:
            body.append(f'    __tablename__{draw.choice([": str", ""])} = "t{number}"')
        if draw.random() < 0.3:
            body.append(f"    def method{number}(self): return 1")
        draw.shuffle(body)
        lines += body
    return SQLMODEL_HEAD + "\n".join(lines) + "\n"


def _field(draw: random.Random, name: str) -> str:
    kind = draw.choice(SQLMODEL_TYPES)
    value = " = 5" if kind.startswith("ClassVar") else draw.choice(SQLMODEL_VALUES)
    return f"    {name}: {kind}{value}"


def declarative_program(draw: random.Random) -> str:
    """Mixins, an abstract base, and tables that may inherit from each other."""
    mixins: list[str] = []
    bases, tables = ["Base"], []
    lines: list[str] = []
    for number in range(draw.randint(1, 3)):
        parents = some(draw, mixins, 1)
        lines.append(f"class M{number}({', '.join(parents)}):")
        lines += _attributes(draw, draw.sample(NAMES, draw.randint(1, 3)), mixin=True)
        mixins.append(f"M{number}")
    if draw.random() < 0.5:
        lines += ["class A0(Base):", "    __abstract__ = True"]
        lines += _attributes(draw, draw.sample(NAMES, draw.randint(1, 3)), mixin=True)
        bases.append("A0")
    for number in range(4):
        parent = draw.choice(tables) if tables and draw.random() < 0.4 else None
        parents = [*some(draw, mixins, 2), parent or draw.choice(bases)]
        lines.append(f"class T{number}({', '.join(parents)}):")
        names = [f"{name}{number}" if parent else name for name in some(draw, NAMES, 4)]
        body = _attributes(draw, names, mixin=False)
        if parent is None or draw.random() < 0.5:
            of = f'ForeignKey("{parent.lower()}.id"), ' if parent else ""
            body.insert(0, f"    id: Mapped[int] = mapped_column({of}primary_key=True)")
            body.append(f'    __tablename__ = "t{number}"')
            tables.append(f"T{number}")
        lines += body or ["    pass"]
    return MAPPED_HEAD + "\n".join(lines) + "\n"


def _attributes(draw: random.Random, names: list[str], *, mixin: bool) -> list[str]:
    lines: list[str] = []
    for name in names:
        kind = draw.choice(["annotated", "mapped", "column", "declared" if mixin else "mapped"])
        if kind == "annotated":
            lines.append(f"    {name}: Mapped[{draw.choice(MAPPED_TYPES)}]")
        elif kind == "mapped":
            value = f"mapped_column({draw.choice(MAPPED_ARGUMENTS)})"
            lines.append(f"    {name}: Mapped[{draw.choice(MAPPED_TYPES)}] = {value}")
        elif kind == "column":
            lines.append(f"    {name} = Column(Integer{draw.choice(['', ', nullable=False'])})")
        else:
            returns = draw.choice(["", " -> Mapped[Optional[int]]", " -> Mapped[int]"])
            made = draw.choice(["mapped_column(Integer)", "Column(Integer, nullable=False)"])
            lines += ["    @declared_attr", f"    def {name}(cls){returns}: return {made}"]
    return lines


def columns(program: str) -> dict[str, Any]:
    """Run the program, and say what columns its tables have."""
    module = types.ModuleType("drawn")
    sys.modules["drawn"] = module
    exec(compile(program, "drawn.py", "exec"), module.__dict__)
    found = {}
    for value in vars(module).values():
        table = getattr(value, "__table__", None)
        if table is not None:
            found[table.name] = [
                [one.name, bool(one.nullable), type(one.type).__name__, one.default is not None]
                for one in table.columns
            ]
    return found


def main() -> None:
    """Write as many lines as are asked for, half of them of SQLModel."""
    wanted = int(sys.argv[1])
    seed = 0
    while wanted:
        seed += 1
        make = (sqlmodel_program, declarative_program)[seed % 2]
        program = make(random.Random(seed))
        # Each program in a process of its own: all SQLModel classes share one metadata.
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                line = json.dumps({"program": program, "tables": columns(program)})
                os.write(writer, line.encode())
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            line = answer.read()
        os.wait()
        if line:
            print(line)
            wanted -= 1


if __name__ == "__main__":
    main()
