"""What the modules do to tables and metadata outside of classes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation.likeness import alike
from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.evaluation.scopes import ModuleScope
from schemalint.loaders.sqlmodel.values import Attribute, Call, External, Value

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_METADATA = "sqlmodel.SQLModel.metadata"


def statements(run: Evaluator, module: Module) -> Iterator[tuple[ast.stmt, ModuleScope]]:
    """The statements of a module in order, those in `if`, `try` and `with` included, each with
    the scope that it sees. Branches that are certainly not taken are left out."""
    scope = ModuleScope(module)
    for statement in module.body.statements:
        if all(run.holds(guard, scope) is not False for guard in statement.guards):
            yield statement.node, ModuleScope(module, statement.at, statement.guards)


def loose_calls(run: Evaluator, modules: Iterable[Module]) -> Iterator[Call]:
    """Calls at the top of the modules, for their effect or under a name."""
    for module in modules:
        for node, scope in statements(run, module):
            called = node.value if isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign)) else None
            value = run.evaluate(called, scope) if isinstance(called, ast.Call) else None
            if isinstance(value, Call):
                yield value


def assigned_naming(
    run: Evaluator, modules: Iterable[Module], metadata: Value | None
) -> Value | None:
    """What the last `metadata.naming_convention = ...` gives the metadata (None: SQLModel's own),
    or the MetaData that SQLModel's own is replaced by."""
    found: Value | None = None
    for module in modules:
        if "metadata" not in module.file.text:
            continue
        for node, scope in statements(run, module):
            for target in node.targets if isinstance(node, ast.Assign) else []:
                if not isinstance(target, ast.Attribute) or not isinstance(node, ast.Assign):
                    continue
                if target.attr == "naming_convention":
                    if _is_meant(run.evaluate(target.value, scope), metadata):
                        found = run.evaluate(node.value, scope)
                elif target.attr == "metadata" and metadata is None:
                    whole = run.evaluate(target, scope)
                    made = run.evaluate(node.value, scope)
                    if isinstance(whole, External) and whole.path == _METADATA:
                        if isinstance(made, Call):
                            found = made.keyword("naming_convention")
                        else:
                            found = made
    return found


def _is_meant(owner: Value, metadata: Value | None) -> bool:
    """Whether an assignment is to this metadata. One that a base makes by itself (None) is meant by
    any `Base.metadata` and `db.Model.metadata`: that there are several, nothing here tells."""
    if isinstance(metadata, (Call, External)):
        return alike(owner, metadata)
    if isinstance(owner, External):
        return owner.path.endswith(".metadata")
    return isinstance(owner, Attribute) and owner.name == "metadata"
