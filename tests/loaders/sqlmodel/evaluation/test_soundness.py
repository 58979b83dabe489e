"""What holds for every text: it ends soon, places are inside the file, nothing is told wrongly."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemalint.loaders.sqlmodel.evaluation.likeness import parts
from schemalint.loaders.sqlmodel.project import Project
from schemalint.loaders.sqlmodel.values import ClassValue, Value
from schemalint.source import SourceFile
from tests.loaders.sqlmodel.evaluation.against_python import differences, project_of
from tests.loaders.sqlmodel.evaluation.test_classes import TOLD as CLASSES
from tests.loaders.sqlmodel.evaluation.test_expressions import TOLD as EXPRESSIONS

# Far more than any small text takes, so that only a hang exceeds it, and no busy machine does.
LONGEST = 8.0

MODELS = """
from __future__ import annotations
import enum, re
from typing import Annotated, Optional
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlmodel import Field, Relationship, SQLModel
P = "app_"
class Status(str, enum.Enum):
    A = "a"; B = enum.auto()
def pk(**more): return Field(default=None, primary_key=True, **more)
class Base(SQLModel):
    id: Optional[int] = pk(index=True)
class User(Base, table=True):
    __tablename__ = f"{P}user"
    name: "Annotated[str | None, 'x']" = Field(sa_column=sa.Column(sa.String(20 + 5)))
    status: Status = Status.A
    posts: list["Post"] = Relationship(back_populates="user")
    __table_args__ = (*[sa.Index("ix_" + n, n) for n in ("a", "b")], {"schema": None})
class Post(Base, **{"table": True}):
    user_id: int = Field(foreign_key=f"{User.__tablename__}.id")
class B2(DeclarativeBase):
    @declared_attr
    def __tablename__(cls): return re.sub("(.)([A-Z])", r"\\1_\\2", cls.__name__).lower()
class Item(B2):
    key: Mapped[Optional[int]] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
T = sa.Table("t", B2.metadata, sa.Column("x", sa.Integer))
"""


def look_at_everything(project: Project, file: SourceFile) -> None:
    """Ask for all that can be asked."""
    for candidate in project.table_candidates():
        if not isinstance(candidate, ClassValue):
            assert_placed(candidate[1], file)
            continue
        project.mro(candidate)
        assert_placed(project.attribute(candidate, "__tablename__"), None)
        members = project.members(candidate)
        assert members.head_span.end <= len(file.text)
        for member in members.all:
            assert member.conditional is None or member.conditional.reason
            for value in (member.annotation, member.value):
                if value is not None:
                    assert_placed(value, file)
    project.loose_calls()
    project.assigned_naming(None)
    for problem in project.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.span.file.text)


def assert_placed(value: Value, file: SourceFile | None) -> None:
    """The value and its parts stand somewhere in the file."""
    stack = [value]
    for _ in range(2000):
        if not stack:
            return
        one = stack.pop()
        assert 0 <= one.span.start <= one.span.end <= len(one.span.file.text)
        assert file is None or one.span.file is file
        stack += parts(one)


def check(text: str) -> None:
    file = SourceFile("m.py", text)
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        look_at_everything(Project([file]), file)
    assert time.process_time() - started < LONGEST


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    check(text)
    check(MODELS + text)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_mutated_models(data: st.DataObject) -> None:
    words = ["(", ")", "[", "]", "User", "Base", "Status", "=", "\n", "    ", "*", "cls", "'", "0"]
    text = MODELS
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(["", *words])) + text[end:]
    check(text)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_renamed_classes(data: st.DataObject) -> None:
    """Names swapped for others: cycles of bases, calls and values."""
    names = ["User", "Base", "Post", "Status", "pk", "P", "B2", "Item", "T", "SQLModel", "Field"]
    text = MODELS
    for _ in range(data.draw(st.integers(1, 5))):
        old, new = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
        text = text.replace(old, new, data.draw(st.sampled_from([1, -1])))
    check(text)


HOSTILE = {
    "deep": "x = " + "(" * 150 + "1" + ")" * 150,
    "deeper": "x = " + "[" * 5000 + "]" * 5000,
    "minus": "x = " + "-" * 20000 + "1",
    "long sum": "x = " + " + ".join(["'a'"] * 3000),
    "long chain": "x = a" + ".b" * 3000,
    "long call": "x = f" + "()" * 2000,
    "elif": "if a: x = 1\n" + "elif b: x = 1\n" * 800,
    "null": "x = 1\0",
    "surrogate": "x = '\ud800'\ny = 1",
    "tabs": "if 1:\n\tx = 1\n        y = 2\n",
    "huge number": "x = " + "9" * 5000,
    "huge names": "class " + "A" * 100_000 + "(SQLModel, table=True): pass",
    "doubling": "a0 = ['x']\n" + "".join(f"a{n + 1} = a{n} + a{n}\n" for n in range(60)),
    "shared": "a0 = ['x']\n" + "".join(f"a{n + 1} = [a{n}, a{n}]\n" for n in range(60)),
    "shared texts": "a0 = 'x'\n" + "".join(f"a{n + 1} = a{n} + a{n}\n" for n in range(60)),
    "recursion": "def f(n): return f(n + 1)\nx = f(0)\ndef g(): return [g(), g()]\ny = g()",
    "many ways": "def f():\n"
    + "".join(f"    if u{n}: x = {n}\n" for n in range(40))
    + "    return x\ny = f()",
    "branching calls": "".join(f"def f{n}(): return (f{n + 1}(), f{n + 1}())\n" for n in range(40))
    + "x = f0()",
    "rounds": "x = [a for a in range(999) for b in range(999) for c in range(999)]",
    "backtracking": "import re\nx = re.sub('(a+)+$', '', 'a' * 90 + 'b')\n"
    "y = re.sub('(a|a)*b', '', 'a' * 90)\nz = re.sub('a*a*a*a*a*a*b', '', 'a' * 90)",
    "a method of a function": "import re\nx = re.sub.lower()\ny = re.split()\n",
    "own base": "class A(B): x: int\nclass B(A): ...\nclass C(C, table=True): ...",
    "own enum": "import enum\nclass E(enum.Enum):\n    A = E.B\n    B = E.A\nx = [e for e in E]",
    "own annotation": "class A(SQLModel, table=True):\n    x: \"'A.x'\" = A.x\n    y: 'y' = 1",
    "star of itself": "from m import *\nfrom . import *\nx = y",
    "warnings": "x = 'a' is 'b'\ny = '\\d'\nassert (x, 'y')\nz = 1()\n",
    "many classes": "".join(f"class C{n}(C{n - 1}, table=True): ...\n" for n in range(1, 400)),
    "form feed": "x = 1\f\ny = 2\rz = 3\r\nclass A(SQLModel, table=True):\r    x: int\r",
    "factorial": "def f(n): return 1 if n == 0 else f(n - 1) + f(n - 1)\nx = f(24)",
    "memo": "class A:\n    def __getattr__(self, n): return self\nx = A().b.c",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_soon(name: str) -> None:
    text = HOSTILE[name]
    check(text + "\nclass Last(SQLModel, table=True):\n    x: int = x")
    project = project_of({"m.py": text})
    module = project.modules[0]
    for statement, scope in project.statements(module):
        value = getattr(statement, "value", None)
        if value is not None:
            assert_placed(project.evaluate(value, scope), None)


# -- random programs: whatever is told has to be what Python computes

_SIGNS = ["+", "*", "%", "==", "!=", "<", "and", "or", "in", "is"]
_atoms = st.sampled_from(["1", "2", "0", "'a'", "'bC'", "''", "None", "True", "[1]", "('x', 2)"])
_expressions = st.recursive(
    _atoms | st.sampled_from(["v0", "v1", "v2", "{'k': 1}", "[]"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(_SIGNS), inner).map(
            lambda each: f"({each[0]} {each[1]} {each[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda each: f"({each[0]} if {each[1]} else {each[2]})"),
        inner.map(lambda each: f"[{each}, *[{each}]]"),
        inner.map(lambda each: f"f'{{{each!s}}}'" if "'" not in each else f"str({each})"),
        inner.map(lambda each: f"(not {each})"),
        inner.map(lambda each: f"[i for i in {each}]"),
        inner.map(lambda each: f"f0({each})"),
        inner.map(lambda each: f"str({each}).upper()"),
        inner.map(lambda each: f"len({each})"),
        inner.map(lambda each: f"{{'a': {each}}}['a']"),
    ),
    max_leaves=6,
)
_statements = st.lists(
    st.tuples(st.sampled_from(["v0", "v1", "v2", "v3"]), _expressions, st.integers(0, 7)),
    min_size=1,
    max_size=6,
)


def _program(statements: list[tuple[str, str, int]]) -> str:
    """Statements at the top, in conditions and in functions; whatever fails leaves its name."""
    lines = ["v0 = 'z'", "v1 = 2", "v2 = [1, 'q']", "v3 = None"]
    for number, (name, expression, form) in enumerate(statements):
        tried = f"w{number} = {expression}"
        if form < 3:
            lines.append(f"{name} = {expression}")
        elif form == 3:
            lines += [f"if {expression}:", f"    {name} = 1", "else:", f"    {name} = 'e'"]
        elif form == 4:
            lines += [f"def g{number}(x, y={expression}):", f"    x = [x, {name}]"]
            lines += [
                "    if y:",
                "        return (x, y)",
                "    return x",
                f"{name} = g{number}(1)",
            ]
        elif form == 5:
            lines += [f"class C{number}:", f"    {name} = {expression}", f"    w = {name}"]
            lines += [f"{name} = C{number}.w"]
        elif form == 6:
            lines += ["l = [0]", f"l.append({expression})", f"l += [{name}]", f"{name} = l"]
        else:
            lines += [tried]
    return "\n".join(lines)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(_statements)
def test_random_programs_are_told_as_python_computes_them(
    tmp_path_factory: pytest.TempPathFactory, statements: list[tuple[str, str, int]]
) -> None:
    body = _program(statements)
    text = "def f0(x):\n    if x:\n        return [x]\n    return 'no'\n" + body
    folder: Path = tmp_path_factory.mktemp("program")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wrong, _ = differences({"program.py": text}, "program", folder)
        except Exception as error:
            if isinstance(error, AssertionError):
                raise
            return  # the program fails, so nothing it says counts
    assert wrong == [], text


@pytest.mark.parametrize("name", [*CLASSES, *EXPRESSIONS])
def test_programs_of_the_other_tests_cut_anywhere(name: str) -> None:
    text = {**CLASSES, **EXPRESSIONS}[name]
    step = max(1, len(text) // 12)
    for end in range(0, len(text), step):
        check(text[:end])
