"""What imports bind: modules of the project, names in them, and what lies outside it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import lookup
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding, Statement
from schemalint.loaders.sqlmodel.evaluation.canonical import (
    canonical,
    is_known_package,
    star_exports,
)
from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.evaluation.scopes import ModuleScope
from schemalint.loaders.sqlmodel.values import (
    Constant,
    External,
    ModuleValue,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator


def imported(run: Evaluator, module: Module, binding: Binding) -> Value:
    """The value that an `import` or `from` statement gives its name."""
    node, alias = binding.node, binding.imported
    span = module.span(alias if alias is not None else node)
    if isinstance(node, ast.Import) and alias is not None:
        name = alias.name if alias.asname else alias.name.partition(".")[0]
        return module_value(run, name, span)
    if isinstance(node, ast.ImportFrom) and alias is not None:
        return from_module(run, target_of(module, node), alias.name, span)
    return Unresolved(span=span, reason="this import is not understood")


def target_of(module: Module, node: ast.ImportFrom) -> str | None:
    """The module that a `from` statement names, dotted; None where it leads out of the project."""
    if not node.level:
        return node.module or ""
    parts = module.package.split(".") if module.package else []
    up = node.level - 1
    if up > len(parts):
        return None
    kept = parts[: len(parts) - up]
    return ".".join([*kept, *((node.module or "").split(".") if node.module else [])])


def module_value(run: Evaluator, name: str, span: Span) -> Value:
    """A module by its dotted name."""
    if run.modules.find(name) is not None:
        return ModuleValue(span=span, name=name)
    return External(span=span, path=canonical(name))


def from_module(run: Evaluator, target: str | None, name: str, span: Span) -> Value:
    """The value of `from target import name`."""
    if target is None:
        return Unresolved(span=span, reason=f"the import of `{name}` leads out of the project")
    module = run.modules.find(target) if target else None
    if module is not None:
        return of_module(run, module, name, span)
    path = f"{target}.{name}" if target else name
    if not is_known_package(path) and run.modules.find(path) is not None:
        return ModuleValue(span=span, name=path)
    return External(span=span, path=canonical(path))


def of_module(run: Evaluator, module: Module, name: str, span: Span) -> Value:
    """An attribute of a module of the project: a name of it, or a module below it."""
    value = lookup.in_module(run, module, name, ModuleScope(module))
    if value is not None and not isinstance(value, Unresolved):
        return run.placed(value, span)
    path = f"{module.name}.{name}"
    if module.is_package and run.modules.find(path) is not None:
        return ModuleValue(span=span, name=path)
    if value is not None:
        return run.placed(value, span)
    return Unresolved(span=span, reason=f"`{module.name}` has no name `{name}`")


def from_star(run: Evaluator, module: Module, star: Statement, name: str) -> Value | None:
    """What `from module import *` gives for `name`; None if it gives none."""
    node = star.node
    if not isinstance(node, ast.ImportFrom):
        return None
    key = (id(node), name)
    if key in run.stars_in_progress:
        return None
    run.stars_in_progress.add(key)
    try:
        return _from_star(run, module, node, name)
    finally:
        run.stars_in_progress.discard(key)


def _from_star(run: Evaluator, module: Module, node: ast.ImportFrom, name: str) -> Value | None:
    span = module.span(node)
    target = target_of(module, node)
    source = run.modules.find(target) if target else None
    if source is None:
        exports = star_exports(target or "")
        if exports is not None:
            if name not in exports:
                return None
            return External(span=span, path=canonical(f"{target}.{name}"))
        if name.startswith("_") or lookup.is_builtin(name):
            return None
        reason = f"`{name}` may come from `{target}`, whose names are not known"
        return Unresolved(span=span, reason=reason)
    exported = public_names(run, source)
    if exported is not None and name not in exported:
        return None
    if exported is None and name.startswith("_"):
        return None
    value = lookup.in_module(run, source, name, ModuleScope(source))
    if value is None and exported is not None:
        return of_module(run, source, name, span)
    return value


def public_names(run: Evaluator, module: Module) -> frozenset[str] | None:
    """The module's `__all__`; None where it has none, or none that can be told."""
    if "__all__" not in module.body.bindings:
        return None
    value = lookup.in_module(run, module, "__all__", ModuleScope(module))
    if not isinstance(value, Sequence):
        return None
    names = [item.value for item in value.items if isinstance(item, Constant)]
    return frozenset(name for name in names if isinstance(name, str))
