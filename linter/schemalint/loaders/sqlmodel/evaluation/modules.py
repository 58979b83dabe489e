"""The Python files of a project as syntax trees with exact places, parsed when first needed."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from schemalint.loaders.loaded import Problem, Sources
from schemalint.loaders.sqlmodel.evaluation import newer_syntax
from schemalint.loaders.sqlmodel.evaluation.bindings import Body, bind
from schemalint.loaders.sqlmodel.evaluation.canonical import is_known_package
from schemalint.source import SourceFile, Span

_GLOBAL = re.compile(r"^[ \t]+global[ \t]+([\w, \t]+)", re.MULTILINE)
_STATEMENT = re.compile(r"^[^\s#)\]}]", re.MULTILINE)
_MARK = "\ufeff"  # a byte order mark, which Python skips in files but not in strings


class Module:
    """One Python file.

    Attributes:
        name: dotted, as the project imports it.
        file: its text.
        is_package: whether the file is a package's `__init__.py`.
        problem: why it could not be parsed; None where it could, or was not needed yet.
        aliases: the lines of `type X = ...` that were parsed as `X = ...`.
    """

    def __init__(self, name: str, file: SourceFile) -> None:
        self.name = name
        self.file = file
        self.is_package = file.path.rpartition("/")[2] == "__init__.py"
        self.problem: Problem | None = None
        self.aliases: frozenset[int] = frozenset()
        self._ascii = file.text.isascii()
        self._offsets: dict[int, tuple[int, list[int]]] = {}

    def __repr__(self) -> str:
        return f"Module({self.name!r})"

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; empty where the text is no Python, and then `problem` says why."""
        tree = self._parse()
        return ast.Module([], []) if tree is None else tree

    @cached_property
    def body(self) -> Body:
        """What the module's statements bind."""
        return bind(self.tree.body, self.aliases)

    @cached_property
    def global_names(self) -> frozenset[str]:
        """The names that functions of the module declare `global`, and give another value."""
        if _GLOBAL.search(self.file.text) is None:
            return frozenset()
        found: set[str] = set()
        for function in ast.walk(self.tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = list(ast.walk(function))
                told = {name for one in inside if isinstance(one, ast.Global) for name in one.names}
                found |= told and told & {name for one in inside for name in _bound(one)}
        return frozenset(found)

    def span(self, node: ast.AST) -> Span:
        """The place of an expression or a statement (decorators not included)."""
        start = self.offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        end_line = getattr(node, "end_lineno", None)
        if end_line is None:
            return Span(self.file, start, start)
        return Span(self.file, start, self.offset(end_line, getattr(node, "end_col_offset", 0)))

    def offset(self, line: int, column: int) -> int:
        """The offset in characters of a place as `ast` has it: line from 1, column in bytes."""
        starts = self.file.line_starts
        if line < 1 or line > len(starts):
            return len(self.file.text) if line > 1 else 0
        start = starts[line - 1]
        if self._ascii:
            return min(start + column, len(self.file.text))
        if line == 1 and self.file.text.startswith(_MARK):
            start += 1
        return start + self._characters(line, start, column)

    def _characters(self, line: int, start: int, column: int) -> int:
        """How many characters the first `column` bytes of a line are."""
        known = self._offsets.get(line)
        if known is None:
            starts = self.file.line_starts
            end = starts[line] if line < len(starts) else len(self.file.text)
            text = self.file.text[start:end]
            if text.isascii():
                known = (len(text), [])
            else:
                widths = [0]
                for character in text:
                    widths.append(widths[-1] + len(character.encode("utf-8", "surrogatepass")))
                known = (len(text), widths)
            self._offsets[line] = known
        length, widths = known
        if not widths:
            return min(column, length)
        return min(bisect_right(widths, column) - 1, length)

    def _parse(self) -> ast.Module | None:
        text = self.file.text.removeprefix(_MARK)
        try:
            return _tree(text)
        except SyntaxError as error:
            return self._parse_newer(text, error)
        except (ValueError, MemoryError, RecursionError) as error:
            self.problem = self._unparsable(error)
        return None

    def _parse_newer(self, text: str, error: SyntaxError) -> ast.Module | None:
        """Once more, as this Python may be older than the one that the text is for."""
        try:
            self.aliases = newer_syntax.aliases(text)
            return _tree(newer_syntax.older(text))
        except SyntaxError:
            self.problem = self._problem(error)
        except (ValueError, MemoryError, RecursionError) as failure:
            self.problem = self._unparsable(failure)
        return None

    def _unparsable(self, error: Exception) -> Problem:
        text = self.file.text
        if "\0" in text:
            at = text.index("\0")
            return Problem(
                "this is not valid Python: the file holds a null character",
                Span(self.file, at, at + 1),
            )
        if isinstance(error, UnicodeEncodeError):
            message = "this is not valid Python: the file holds characters that are no text"
            return Problem(message, Span(self.file, error.start, error.end))
        start, end = _too_deep(text)
        return Problem(
            "this statement is nested too deeply to be read",
            Span(self.file, start, end),
            help="nothing of this file is known; build the value in several steps",
        )

    def _problem(self, error: SyntaxError) -> Problem:
        line = error.lineno or 1
        starts = self.file.line_starts
        end_of_line = starts[line] if line < len(starts) else len(self.file.text)
        start = self.offset(line, 0) + max((error.offset or 1) - 1, 0)
        start = min(start, end_of_line, len(self.file.text))
        version = ".".join(str(part) for part in sys.version_info[:2])
        return Problem(
            f"this is not valid Python {version}: {_lowered(error.msg)}",
            Span(self.file, start, min(start + 1, len(self.file.text))),
            help="nothing of this file is known; if it is valid in a newer Python, "
            "run schemalint with that Python",
        )


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _too_deep(text: str) -> tuple[int, int]:
    """The first line of the statement that cannot be parsed for its depth."""
    starts = [match.start() for match in _STATEMENT.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        try:
            _tree(text[start:end])
        except (MemoryError, RecursionError):
            return start, min(end, start + len(text[start:end].partition("\n")[0]))
        except (SyntaxError, ValueError):
            continue
    return 0, 0


class Modules:
    """All modules that are known so far, by name.

    Attributes:
        named: the files that were asked for, in their order.
    """

    def __init__(self, files: Sequence[SourceFile], sources: Sources | None) -> None:
        self._sources = sources
        self._by_name: dict[str, Module | None] = {}
        self._by_path: dict[str, Module] = {}
        self.named = [self._add(self._free_name(file), file) for file in files]

    def find(self, name: str) -> Module | None:
        """The module or package of this dotted name, if the project has its text."""
        if name in self._by_name:
            return self._by_name[name]
        module = None
        if self._sources is not None and not is_known_package(name):
            file = self._sources.module(name)
            if file is not None:
                module = self._by_path.get(file.path) or self._add(name, file)
        self._by_name[name] = module
        return module

    def module(self, name: str) -> Module:
        """The module of this name, which is known to be there."""
        module = self._by_name[name]
        if module is None:
            raise KeyError(name)
        return module

    def of_files(self, files: Sequence[SourceFile]) -> list[Module]:
        """The modules that some files of the project are."""
        found = []
        for file in files:
            module = self._by_path.get(file.path)
            if module is None and self._sources is not None:
                module = self.find(self._sources.name_of(file))
            if module is not None:
                found.append(module)
        return found

    @property
    def problems(self) -> list[Problem]:
        """Of the modules that were parsed, and of the packages that Python would run before them,
        in the order they were found."""
        for module in [one for one in self._by_path.values() if "tree" in vars(one)]:
            name = module.name.rpartition(".")[0]
            while name:
                package = self.find(name)
                if package is not None:
                    _ = package.tree
                name = name.rpartition(".")[0]
        return [module.problem for module in self._by_path.values() if module.problem is not None]

    def _add(self, name: str, file: SourceFile) -> Module:
        module = Module(name, file)
        self._by_name[name] = module
        self._by_path[file.path] = module
        return module

    def _free_name(self, file: SourceFile) -> str:
        if self._sources is not None:
            name = self._sources.name_of(file)
        else:
            path = file.path.removesuffix(".py").removesuffix("/__init__").strip("./")
            name = path.replace("/", ".")
        # Two scripts of one name are two modules all the same.
        return file.path if name in self._by_name else name


def _bound(node: ast.AST) -> list[str]:
    """The names that a part of a function gives a value, or takes it from."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, ast.alias):
        return [node.asname or node.name.partition(".")[0]]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return [node.name] if node.name else []
    return []
