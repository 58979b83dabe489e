"""Annotations: expressions, or texts that hold them, with exact places inside the text."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope, at_the_end
from schemalint.loaders.sqlmodel.values import Unresolved, Value

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_LONGEST = 2_000  # characters of an annotation in quotes


def annotation(run: Evaluator, node: ast.expr, scope: Scope) -> Value:
    """What an annotation stands for; a text is a forward reference, looked up in the end."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        inner = quoted(node, scope.module)
        if inner is None:
            span = scope.module.span(node)
            return Unresolved(span=span, reason="this text is no annotation")
        return run.evaluate(inner, at_the_end(scope))
    return run.evaluate(node, scope)


def quoted(node: ast.Constant, module: Module) -> ast.expr | None:
    """The expression inside a text, its places those of the file; None if it holds none."""
    text = node.value
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    stripped = text.strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inner = ast.parse(stripped, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    written = module.span(node).text
    at = written.find(text)
    simple = text and at >= 0 and written.count(text) == 1 and "\n" not in stripped
    # Only text without escapes stands in the file as it is meant.
    if simple and written[at - 1 : at] in ("'", '"') and "\n" not in written[:at]:
        before = written[:at] + text[: len(text) - len(text.lstrip())]
        columns = node.col_offset + len(before.encode("utf-8", "surrogatepass"))
        for part in ast.walk(inner):
            if isinstance(part, ast.expr):
                part.lineno = part.end_lineno = node.lineno
                part.col_offset += columns
                part.end_col_offset = (part.end_col_offset or 0) + columns
    else:
        for part in ast.walk(inner):
            if isinstance(part, (ast.expr, ast.keyword)):
                ast.copy_location(part, node)
    return inner
