"""Classes, enums and functions, held against Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.loaders.sqlmodel.values import ClassValue, Constant, External, Unresolved
from tests.loaders.sqlmodel.evaluation.against_python import (
    Untold,
    class_named,
    differences,
    project_of,
    read,
    run,
)

TOLD = {
    "enums": """
import enum
from enum import Enum, IntEnum, StrEnum, Flag, auto
class A(str, Enum):
    ONE = "one"; TWO = "two"
    ALSO = "one"
class B(IntEnum):
    X = auto(); Y = auto(); Z = 7; W = auto()
class C(StrEnum):
    FirstName = auto(); LAST = "l"
class D(Flag):
    R = auto(); W = auto(); BOTH = R | W
class E(enum.Enum):
    _ignore_ = ["skipped"]
    skipped = 1
    P = 1, "one"
    def label(self): return self.name
    @property
    def text(self): return self.value
class F(str, Enum):
    def _generate_next_value_(name, start, count, last_values): return name.lower()
    RED = auto(); GREEN = auto()
class G(Enum):
    A = "a", "Label"
    B = "b", "Other"
    def __new__(cls, value, label):
        obj = object.__new__(cls)
        obj._value_ = value
        obj.label = label
        return obj
H = Enum("H", "x y"); I = Enum("I", ["p", "q"]); J = StrEnum("J", {"m": "1", "n": "2"})
K = Enum("K", [("r", "R")], type=str)
a = [e.value for e in A]; b = A.ONE.value; c = A["TWO"].name; d = A("two"); e = A.ALSO
f = [e.value for e in B]; g = [(e.name, e.value) for e in C]; h = D.W.value; i = len(A)
j = list(F); k = [e.value for e in F]; l = [e.value for e in G]; m = [e.value for e in H]
n = [e.value for e in I]; o = J.m.value; p = [e.value for e in K]; q = A.ONE is A.ALSO
r = {e.name: e.value for e in A}; s = list(A.__members__); t = (lambda x: [i.value for i in x])(A)
u = A.ONE.upper(); w = A.__name__; x = max(len(e.value) for e in A)
y = A.ONE == A.TWO; z = tuple(e.value for e in (A.ONE, A.TWO))
""",
    "class attributes": """
class Names:
    PREFIX = "p_"
    USER: str = PREFIX + "user"
    class Inner:
        X = 1
    @classmethod
    def table(cls, name): return cls.PREFIX + name
    @staticmethod
    def plain(name="n"): return name * 2
class More(Names):
    PREFIX = "q_"
class Both(More, Names): ...
a = Names.USER; b = More.PREFIX; c = More.table("x"); d = Names.plain(); e = Names.Inner.X
f = More.__name__; g = Names.Inner.__qualname__; h = Both.table("y"); i = More.USER
j = Names.__module__
""",
    "functions": """
import functools
def first(a, b=2, *rest, key="k", **more): return (a, b, rest, key, more)
def early(x):
    if x is None:
        return "none"
    if isinstance(x, str) and x.startswith("a"):
        return x.upper()
    elif x:
        y = [x]
    else:
        y = []
    for i in (1, 2):
        y.append(i)
    return y
def kw(**given):
    given.setdefault("p", 1)
    given["q"] = 2
    options = {"r": 3}
    options.update(given)
    return options
def nested(n):
    def inner(m): return m + n
    return inner(1) + inner(2)
def plural(word):
    text = word.lower()
    if text.endswith("y"):
        text = text[:-1] + "ie"
    text += "s"
    return text
def checked(x):
    if not x:
        raise ValueError(x)
    return x
def recursive(n): return 1 if n == 0 else n * recursive(n - 1)
@functools.lru_cache(maxsize=None)
def cached(x): return x + 1
def tried():
    try:
        return "x"
    except Exception:
        raise
def swapped(a, b):
    a, b = b, a
    return [a, b]
def nothing(): pass
a = first(1); b = first(1, 3, 4, 5, key="z", o=6); c = early(None); d = early("ab"); e = early(0)
f = kw(p=5, s=6); g = nested(10); h = plural("Category"); i = checked("v"); j = recursive(5)
k = cached(1); l = tried(); m = swapped(1, 2); n = nothing(); o = first(*[1, 2, 3], **{"w": 1})
""",
    "made by functions": """
def make(name, base=object):
    class Made(base):
        NAME = name.lower()
        @classmethod
        def called(cls): return cls.NAME
    Made.extra = name
    return Made
A = make("One"); B = make("Two", A)
class C(B): ...
T = type("T", (A,), {"X": 1, "NAME": "t"})
a = A.NAME; b = B.NAME; c = C.called(); d = A.extra; e = T.X; f = T.NAME; g = T.__name__
h = T.called(); i = A.__name__
""",
    "conditional members": """
import sys
class A:
    if sys.version_info >= (3, 8):
        X = "new"
    else:
        X = "old"
    Y = [X]
    Y.append("more")
    for _i in range(2): pass
a = A.X; b = A.Y
""",
}


@pytest.mark.parametrize("name", TOLD)
def test_told_as_python_makes_it(name: str, tmp_path: Path) -> None:
    texts = {"made.py": TOLD[name]}
    wrong, _ = differences(texts, "made", tmp_path)
    assert wrong == []
    untold = {
        key: value
        for key, value in read(texts, "made").items()
        if isinstance(value, Untold) and isinstance(value.value, Unresolved)
    }
    assert untold == {}


HIERARCHIES = """
from abc import ABC
from typing import Generic, TypeVar
T = TypeVar("T")
class A: ...
class B(A): ...
class C(A, ABC): ...
class D(B, C): ...
class E(Generic[T], D): ...
class F(E[int]): ...
class G(str, A): ...
if len("x") > 2:
    class H(F): ...
else:
    class H(G): ...
class Outer:
    class Inner(D): ...
Alias = D
class I(Alias): ...
class J(Outer.Inner, I): ...
"""


def test_ancestors_come_in_the_order_of_python(tmp_path: Path) -> None:
    texts = {"order.py": HIERARCHIES}
    project = project_of(texts)
    module = project.module("order")
    assert module is not None
    (tmp_path / "order.py").write_text(HIERARCHIES + NAMES, encoding="utf-8")
    expected = run({"order.py": HIERARCHIES + NAMES}, "order", tmp_path)["NAMES"]
    for name, names in expected.items():
        order = project.mro(class_named(project, "order", name))
        assert not isinstance(order, Unresolved)
        found = [one.name if isinstance(one, ClassValue) else _last(one) for one in order]
        assert found == [each for each in names if each != "object"], name


NAMES = """
NAMES = {
    key: [one.__name__ for one in value.__mro__]
    for key, value in list(globals().items())
    if isinstance(value, type) and value.__module__ == __name__
}
"""


def _last(ancestor: object) -> str:
    assert isinstance(ancestor, External)
    return ancestor.path.rpartition(".")[2]


def test_a_declared_attribute_is_called_with_the_very_class() -> None:
    text = """
import re
from sqlalchemy.orm import DeclarativeBase, declared_attr
from sqlmodel import SQLModel
class Named:
    @declared_attr
    def __tablename__(cls): return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower() + "s"
class Other:
    @declared_attr.directive
    def __tablename__(cls) -> str: return cls.PREFIX + cls.__name__.lower()
class Base(DeclarativeBase): ...
class UserAccount(Named, Base): ...
class Thing(Other, Base): PREFIX = "t_"
class Hero(SQLModel, table=True): ...
class Quiet(Named, SQLModel, table=True): ...
"""
    project = project_of({"m.py": text})
    names = {}
    for name in ("UserAccount", "Thing", "Hero", "Quiet"):
        value = project.attribute(class_named(project, "m", name), "__tablename__")
        assert isinstance(value, Constant)
        names[name] = value.value
    assert names == {
        "UserAccount": "user_accounts",
        "Thing": "t_thing",
        "Hero": "hero",
        "Quiet": "quiets",
    }


def test_members_stand_in_order_with_their_parts() -> None:
    text = '''
from typing import ClassVar, Optional
from sqlmodel import Field, SQLModel
class A(SQLModel, table=True):
    """A thing."""
    id: Optional[int] = Field(default=None, primary_key=True)
    """The key."""
    late: int
    def method(self): ...
    plain = 3
    class Config:
        extra = "x"
    late = 5
'''
    project = project_of({"m.py": text})
    members = project.members(class_named(project, "m", "A"))
    assert [(one.name, one.kind) for one in members.all] == [
        ("id", "field"),
        ("late", "field"),
        ("method", "function"),
        ("plain", "assignment"),
        ("Config", "class"),
    ]
    first, late = members.fields
    assert first.doc == "The key."
    assert first.name_span.text == "id"
    assert isinstance(late.value, Constant)
    assert late.value.value == 5
    assert members.head_span.text == "class A"
    assert members.doc == "A thing."
    table = members.keywords["table"]
    assert isinstance(table, Constant)
    assert table.value is True
