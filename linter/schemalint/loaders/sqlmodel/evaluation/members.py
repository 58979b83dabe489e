"""What a class's own body declares, in its order, evaluated when asked."""

from __future__ import annotations

import ast
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from schemalint.loaders.sqlmodel.evaluation import calls, classes, forward_references
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding
from schemalint.loaders.sqlmodel.evaluation.scopes import ClassScope
from schemalint.loaders.sqlmodel.values import (
    ClassValue,
    FunctionValue,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

MemberKind = Literal["field", "assignment", "function", "class"]


class Member:
    """One name that a class's body binds: the binding that counts in the end.

    Attributes:
        name: as written.
        kind: `field` where it is annotated (with or without a value), `assignment` where it only
            has a value, `function` (methods, properties, `declared_attr`), `class`.
        owner: the class whose body this is.
        node: the statement.
        scope: for evaluating parts of the statement.
        value_node, annotation_node: the expressions, if there are any.
    """

    def __init__(self, run: Evaluator, owner: ClassValue, binding: Binding) -> None:
        self.name = binding.name
        self.owner = owner
        self.node = binding.node
        self.binding = binding
        self._run = run
        full = classes.scope_of(run, owner)
        self.scope = ClassScope(owner, full.body, full.outer, binding.at, binding.guards)
        annotated = isinstance(binding.node, ast.AnnAssign)
        self.annotation_node = binding.node.annotation if annotated else None  # type: ignore[attr-defined]  # checked in the line above
        self.value_node = binding.value

    def __repr__(self) -> str:
        return f"Member({self.name!r} of {self.owner.name!r}, {self.kind})"

    def with_value(self, binding: Binding) -> Member:
        """The same field, its value that of a later assignment."""
        member = Member(self._run, self.owner, self.binding)
        member.value_node = binding.value
        member.binding = binding
        return member

    @property
    def kind(self) -> MemberKind:
        """See the class."""
        if self.annotation_node is not None:
            return "field"
        if isinstance(self.node, ast.ClassDef):
            return "class"
        if isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return "function"
        return "assignment"

    @property
    def span(self) -> Span:
        """The whole statement."""
        return self.scope.module.span(self.node)

    @cached_property
    def name_span(self) -> Span:
        """The name where it is declared."""
        module = self.scope.module
        if isinstance(self.node, ast.AnnAssign):
            return module.span(self.node.target)
        if isinstance(self.node, ast.Assign):
            for target in self.node.targets:
                for inner in ast.walk(target):
                    if isinstance(inner, ast.Name) and inner.id == self.name:
                        return module.span(inner)
                    if isinstance(inner, ast.Attribute) and inner.attr == self.name:
                        whole = module.span(inner)
                        return whole.part(len(whole.text) - len(self.name), len(whole.text))
        if isinstance(self.node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            return name_span(self._run, self.owner.module, self.node)
        return self.span

    @cached_property
    def annotation(self) -> Value | None:
        """What the annotation stands for; None without one. Names that are found nowhere (a
        forward reference to a class of a module that is not imported) are Unresolved, with the
        name as the text of their span."""
        if self.annotation_node is None:
            return None
        return forward_references.annotation(self._run, self.annotation_node, self.scope)

    @cached_property
    def value(self) -> Value | None:
        """What is assigned, the function or the class; None for an annotation alone."""
        if self.binding.kind == "annotation":
            return None
        return self._run.bound(self.binding, classes.scope_of(self._run, self.owner))

    @cached_property
    def decorators(self) -> frozenset[str]:
        """The canonical paths of a function's decorators (`sqlalchemy.orm.declared_attr`,
        `builtins.property`)."""
        if isinstance(self.value, FunctionValue):
            return classes.decorators_of(self._run, self.value)
        return frozenset()

    @property
    def declared(self) -> bool:
        """Whether this is a `declared_attr`: its value is what it returns, for each class."""
        return bool(self.decorators & classes.DECLARED)

    @cached_property
    def conditional(self) -> Unresolved | None:
        """Why it cannot be told whether the class has this member; None where it certainly has."""
        for guard in self.binding.guards:
            if self._run.holds(guard, classes.scope_of(self._run, self.owner)) is None:
                reason = f"whether there is `{self.name}` depends on how the program runs"
                return Unresolved(span=self.span, reason=reason)
        return None

    @cached_property
    def doc(self) -> str | None:
        """The text that follows the statement as its documentation."""
        body = self.owner.node.body
        for node, following in pairwise(body):
            if node is self.node and isinstance(following, ast.Expr):
                text = following.value
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    return text.value.strip()
        return None


class Members:
    """What a class's own body declares, nothing inherited.

    Attributes:
        cls: the class.
    """

    def __init__(self, run: Evaluator, cls: ClassValue) -> None:
        self.cls = cls
        self._run = run

    @cached_property
    def all(self) -> tuple[Member, ...]:
        """Every name once, in the order Python first knows them: as `__annotations__` and the
        class's namespace have them."""
        body = classes.body_of(self._run, self.cls)
        scope = classes.scope_of(self._run, self.cls)
        found: dict[str, Member] = {}
        for binding in body.order:
            if any(self._run.holds(guard, scope) is False for guard in binding.guards):
                continue
            if binding.kind in ("changed", "augmented") and binding.name in found:
                continue
            known = found.get(binding.name)
            member = Member(self._run, self.cls, binding)
            if known is not None and known.kind == "field" and member.kind == "assignment":
                # `x: int` and later `x = 1`: still a field, now with a value.
                member = known.with_value(binding)
            found[binding.name] = member
        return tuple(found.values())

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {member.name: member for member in self.all}

    def get(self, name: str) -> Member | None:
        """The member of this name."""
        return self._by_name.get(name)

    @property
    def fields(self) -> tuple[Member, ...]:
        """The annotated names, in order."""
        return tuple(member for member in self.all if member.kind == "field")

    @property
    def assignments(self) -> tuple[Member, ...]:
        """The names that are only assigned, in order."""
        return tuple(member for member in self.all if member.kind == "assignment")

    @property
    def functions(self) -> tuple[Member, ...]:
        """Methods, properties and `declared_attr`s."""
        return tuple(member for member in self.all if member.kind == "function")

    @property
    def classes(self) -> tuple[Member, ...]:
        """Nested classes."""
        return tuple(member for member in self.all if member.kind == "class")

    @cached_property
    def keywords(self) -> dict[str, Value]:
        """The keywords of the class statement (`table=True`); `**` where some are not known."""
        scope = classes.definition_scope(self._run, self.cls)
        found: dict[str, Value] = {}
        for word in self.cls.node.keywords:
            value = self._run.evaluate(word.value, scope)
            named = [(word.arg, value)] if word.arg else calls.unpacked_keywords(value)
            found.update(named)
        return found

    @cached_property
    def decorators(self) -> tuple[Value, ...]:
        """The decorators of the class, evaluated, the outermost first."""
        scope = classes.definition_scope(self._run, self.cls)
        return tuple(self._run.evaluate(node, scope) for node in self.cls.node.decorator_list)

    @property
    def name_span(self) -> Span:
        """The class's name in its statement."""
        return name_span(self._run, self.cls.module, self.cls.node)

    @property
    def head_span(self) -> Span:
        """`class Name`."""
        module = self._run.modules.module(self.cls.module)
        start = module.span(self.cls.node).start
        return Span(module.file, start, max(self.name_span.end, start))

    @property
    def doc(self) -> str | None:
        """The class's documentation string."""
        return ast.get_docstring(self.cls.node)


def name_span(
    run: Evaluator, module_name: str, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
) -> Span:
    """The name in a `class` or `def` statement; for a class made by a call, the whole call."""
    module = run.modules.module(module_name)
    span = module.span(node)
    text = module.file.text
    at = span.start
    for word in ("async", "class", "def"):
        if text.startswith(word, at) and not text[at + len(word)].isidentifier():
            at += len(word)
            while at < span.end and text[at] in " \t\f\\\r\n":
                at += 1
    if text.startswith(node.name, at) and at > span.start:
        return Span(module.file, at, at + len(node.name))
    return span
