"""Indexes and constraints that stand beside the classes: `Index("ix_name", User.email)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.constraints import is_constraint
from schemalint.loaders.sqlmodel.values import Call

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

# Constraints that find their table by the columns they mention; others stay without one.
_WORDS = ("Index", "Constraint")


def loose_constraints(project: Project) -> Iterator[Call]:
    """The calls at module level that make one, those inside `append_constraint()` included."""
    for module in project.table_modules():
        if not any(word in module.file.text for word in _WORDS):
            continue
        for statement, scope in project.statements(module):
            node = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr == "append_constraint":
                node = node.args[0] if node.args and isinstance(node.args[0], ast.Call) else node
            if not _may_be_one(node):
                continue
            value = project.evaluate(node, scope)
            if isinstance(value, Call) and is_constraint(value):
                yield value


def _may_be_one(node: ast.expr) -> bool:
    name = node.func if isinstance(node, ast.Call) else node
    written = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
    return any(word in written for word in _WORDS)
