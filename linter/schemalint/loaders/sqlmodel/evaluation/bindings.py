"""What the statements of a module or of a class body bind, in order and with their conditions.

Nothing is evaluated here: a name's bindings are looked through when the name is needed
(`scopes.py`), the last one before the place of use first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Literal

import msgspec

from schemalint.loaders.sql.lexer import words

BindingKind = Literal[
    "value",  # NAME = value
    "unpacked",  # one of the names of `a, b = value`; `path` leads to it
    "augmented",  # NAME += value
    "changed",  # NAME.append(...), NAME["key"] = value: what it held before, changed
    "attached",  # Class.NAME = value, behind the class
    "annotation",  # NAME: annotation, without a value
    "alias",  # type NAME = value
    "import",  # import a.b, import a.b as NAME
    "from",  # from module import name as NAME
    "class",
    "function",
    "unknown",  # for NAME in ..., except ... as NAME, and whatever else gives no one value
]
Branch = Literal["body", "orelse", "try", "handler", "loop", "case"]

# Methods of lists, dicts and sets that change them.
CHANGING = words(
    "append extend insert add update setdefault pop remove clear discard sort reverse popitem"
)


class Guard(msgspec.Struct, frozen=True):
    """A branch of a compound statement that a statement stands in."""

    node: ast.stmt
    branch: Branch
    handler: ast.ExceptHandler | None = None


class Binding(msgspec.Struct, frozen=True):
    """One statement's effect on one name; `at` counts statements in the order of the text."""

    name: str
    kind: BindingKind
    node: ast.stmt
    at: int
    guards: tuple[Guard, ...] = ()
    value: ast.expr | None = None
    path: tuple[int, ...] = ()
    target: ast.expr | None = None
    imported: ast.alias | None = None


class Statement(msgspec.Struct, frozen=True):
    """Any statement of the body, those inside `if`, `try` and `with` included."""

    node: ast.stmt
    at: int
    guards: tuple[Guard, ...] = ()


class Body:
    """Bindings by name, each name's in the order of the text.

    Attributes:
        statements: all of them, flattened, in the order of the text.
        stars: `from module import *`.
        attached: `Class.NAME = value`, by the class's name.
    """

    def __init__(self) -> None:
        self.bindings: dict[str, list[Binding]] = {}
        self.order: list[Binding] = []
        self.statements: list[Statement] = []
        self.stars: list[Statement] = []
        self.attached: dict[str, list[Binding]] = {}
        self.at_of: dict[int, Statement] = {}

    def attach(self, bindings: Iterable[Binding]) -> None:
        """Add what is assigned to the class whose body this is, behind its statement."""
        for binding in bindings:
            self.bindings.setdefault(binding.name, []).append(binding)
            self.order.append(binding)

    def statement_of(self, node: ast.stmt) -> Statement | None:
        """The statement's number and guards, if it stands in this body."""
        return self.at_of.get(id(node))


def bind(statements: Iterable[ast.stmt], aliases: frozenset[int] = frozenset()) -> Body:
    """The bindings of a body. `aliases` are the lines whose assignments are `type NAME = ...`."""
    binder = _Binder(aliases)
    binder.walk(statements, ())
    return binder.body


class _Binder:
    def __init__(self, aliases: frozenset[int]) -> None:
        self.body = Body()
        self.aliases = aliases

    def walk(self, statements: Iterable[ast.stmt], guards: tuple[Guard, ...]) -> None:
        # An explicit stack: `elif` chains nest as deeply as they are long.
        stack: list[tuple[ast.stmt, tuple[Guard, ...]]] = [
            (node, guards) for node in reversed(list(statements))
        ]
        while stack:
            node, held = stack.pop()
            statement = Statement(node, len(self.body.statements), held)
            self.body.statements.append(statement)
            self.body.at_of[id(node)] = statement
            self.bind(statement)
            for inner, guard in reversed(_inner(node)):
                more = held if guard is None else (*held, guard)
                stack.extend((child, more) for child in reversed(inner))

    def bind(self, statement: Statement) -> None:
        node = statement.node
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.assign(statement, target, node.value, ())
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.assign(statement, node.target, node.value, ())
            elif isinstance(node.target, ast.Name):
                self.add(statement, node.target.id, "annotation")
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                self.add(statement, node.target.id, "augmented", node.value)
            else:
                self.change(statement, node.target)
        elif isinstance(node, ast.ClassDef):
            self.add(statement, node.name, "class")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.add(statement, node.name, "function")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports(statement, node)
        elif isinstance(node, ast.Expr):
            self.expression(statement, node.value)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self.unknown(statement, node.target)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    self.unknown(statement, item.optional_vars)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if not isinstance(target, ast.Name):
                    self.change(statement, target)
        elif type(node).__name__ == "TypeAlias":
            self.add(statement, node.name.id, "alias", node.value)  # type: ignore[attr-defined]  # Python 3.12

    def assign(
        self, statement: Statement, target: ast.expr, value: ast.expr, path: tuple[int, ...]
    ) -> None:
        if isinstance(target, ast.Name):
            kind: BindingKind = "unpacked" if path else "value"
            if statement.node.lineno in self.aliases:
                kind = "alias"
            self.add(statement, target.id, kind, value, path)
        elif isinstance(target, (ast.Tuple, ast.List)):
            if any(isinstance(item, ast.Starred) for item in target.elts) or len(path) > 5:
                self.unknown(statement, target)
                return
            for number, item in enumerate(target.elts):
                self.assign(statement, item, value, (*path, number))
        else:
            self.attach(statement, target, value, path)
            self.change(statement, target)

    def attach(
        self, statement: Statement, target: ast.expr, value: ast.expr, path: tuple[int, ...]
    ) -> None:
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and not path:
            binding = Binding(
                target.attr, "attached", statement.node, statement.at, statement.guards, value
            )
            self.body.attached.setdefault(target.value.id, []).append(binding)

    def change(self, statement: Statement, target: ast.expr) -> None:
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            self.add(statement, target.value.id, "changed", target=target)

    def expression(self, statement: Statement, node: ast.expr) -> None:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.attr in CHANGING
        ):
            self.add(statement, node.func.value.id, "changed", target=node)

    def imports(self, statement: Statement, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                name = alias.asname or alias.name.partition(".")[0]
                self.add(statement, name, "import", imported=alias)
            elif alias.name == "*":
                self.body.stars.append(statement)
            else:
                self.add(statement, alias.asname or alias.name, "from", imported=alias)

    def unknown(self, statement: Statement, target: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self.add(statement, node.id, "unknown")

    def add(
        self,
        statement: Statement,
        name: str,
        kind: BindingKind,
        value: ast.expr | None = None,
        path: tuple[int, ...] = (),
        *,
        target: ast.expr | None = None,
        imported: ast.alias | None = None,
    ) -> None:
        binding = Binding(
            name,
            kind,
            statement.node,
            statement.at,
            statement.guards,
            value,
            path,
            target,
            imported,
        )
        self.body.bindings.setdefault(name, []).append(binding)
        self.body.order.append(binding)


def _inner(node: ast.stmt) -> list[tuple[list[ast.stmt], Guard | None]]:
    """The bodies inside a compound statement that run in the same namespace."""
    if isinstance(node, ast.If):
        return [(node.body, Guard(node, "body")), (node.orelse, Guard(node, "orelse"))]
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        return [(node.body, Guard(node, "loop")), (node.orelse, Guard(node, "loop"))]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [(node.body, None)]
    if isinstance(node, (ast.Try, ast.TryStar)):
        inner: list[tuple[list[ast.stmt], Guard | None]] = [(node.body, Guard(node, "try"))]
        for handler in node.handlers:
            inner.append((handler.body, Guard(node, "handler", handler)))
        inner.append((node.orelse, Guard(node, "try")))
        inner.append((node.finalbody, None))
        return inner
    if isinstance(node, ast.Match):
        return [(case.body, Guard(node, "case")) for case in node.cases]
    return []
