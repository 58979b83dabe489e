"""What an expression of the models' source stands for, as far as it can be told without running it.

Values are symbolic: a call of something outside the project stays a `Call`, with its arguments as
values; whoever knows the callee (`sqlmodel.Field`, `sqlalchemy.Column`) reads it. What cannot be
told is `Unresolved`, with its reason and place, and never a guess.
"""

from __future__ import annotations

import ast
from typing import Literal

import msgspec

from schemalint.source import Span


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """Anything; `span` is the expression that was evaluated (not where its parts were defined)."""

    span: Span


class Constant(Value, frozen=True, kw_only=True):
    """A literal, or what literals amount to (an f-string of constants, `"a" + "b"`, `60 * 60`)."""

    value: str | bytes | int | float | complex | bool | None


class Sequence(Value, frozen=True, kw_only=True):
    """A list, tuple or set display with all its items."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[Value, ...]


class Mapping(Value, frozen=True, kw_only=True):
    """A dict display, or `dict(a=1)`, with all its items in order."""

    items: tuple[tuple[Value, Value], ...]

    def get(self, key: str) -> Value | None:
        """The last value under the string `key`."""
        found = None
        for name, value in self.items:
            if isinstance(name, Constant) and name.value == key:
                found = value
        return found


class External(Value, frozen=True, kw_only=True):
    """Something outside the project, by its canonical dotted path (`sqlalchemy.func.now`,
    `datetime.datetime`, `builtins.str`).

    Re-exports of the libraries that matter are folded to one path each: whatever way a name is
    imported, SQLModel's own things are `sqlmodel.X`, SQLAlchemy's types, constructs and
    functions `sqlalchemy.X` (a dialect's own types `sqlalchemy.dialects.postgresql.X`), the ORM's
    `sqlalchemy.orm.X`. `owner` is the instance whose attribute it is, where one of the project's
    own stands before it: `db` of Flask-SQLAlchemy's `db.Model`.
    """

    path: str
    owner: Value | None = None


class Call(Value, frozen=True, kw_only=True):
    """A call of something outside the project, or of a class of the project (an instance)."""

    callee: Value
    args: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()

    def keyword(self, name: str) -> Value | None:
        """The argument given as `name=`."""
        for key, value in self.keywords:
            if key == name:
                return value
        return None


class Attribute(Value, frozen=True, kw_only=True):
    """`of.name`, where `of` is an instance or a call whose attributes are not known."""

    of: Value
    name: str


class Subscript(Value, frozen=True, kw_only=True):
    """`of[items]`: `Optional[str]`, `list[int]`, `Annotated[str, Field()]`."""

    of: Value
    items: tuple[Value, ...]


class Operation(Value, frozen=True, kw_only=True):
    """An operator over values that is not computed: `User.id == 1`, `int | None` (`|`)."""

    operator: str
    operands: tuple[Value, ...]


class ModuleValue(Value, frozen=True, kw_only=True):
    """A module of the project, by its dotted name."""

    name: str


class ClassValue(Value, frozen=True, kw_only=True):
    """A class of the project. Two are the same class where `name`, `module` and `node` agree.

    `scope` is what its body's names are looked up in (its module, or the function it stands in),
    as `evaluate.py` has it.
    """

    name: str
    module: str
    node: ast.ClassDef
    scope: object


class FunctionValue(Value, frozen=True, kw_only=True):
    """A function or lambda of the project."""

    name: str
    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: object


class EnumMember(Value, frozen=True, kw_only=True):
    """A member of an enum class of the project; `value` is None where it cannot be told."""

    enum: ClassValue
    name: str
    value: Constant | None


class Unresolved(Value, frozen=True, kw_only=True):
    """What cannot be told: `reason` says why, for people.

    `origin` is the module's name that it stands behind, where it is that name, whatever that is:
    the same name is then the same thing.
    """

    reason: str
    origin: tuple[str, str] | None = None
