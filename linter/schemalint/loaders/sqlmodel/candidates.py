"""The tables that the files define: classes and `Table(...)` calls, in the order of Python.

Modules are parsed only if their text could define a table; of the others only the imports are
read, to find what lies behind them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel import table_makers
from schemalint.loaders.sqlmodel.drafts import Gap
from schemalint.loaders.sqlmodel.evaluation import (
    attributes,
    classes,
    declared_bases,
    imports,
    subclass_hooks,
)
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding, Statement
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.evaluation.members import Member, Members
from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.evaluation.scopes import ModuleScope
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

# A class, or a call of Table with the name that it is given, if any.
Candidate = ClassValue | tuple[str | None, Call]

# What the text of a module that defines a table holds somewhere: any of these, ...
_TELLTALES = (
    "table=True",
    "table = True",
    "'table':",
    '"table":',
    "Mapped[",
    "mapped_column(",
    "Column(",
    "DeclarativeBase",
    "declarative_base",
    "DeclarativeMeta",
    ".mapped",
    "mapped_as_dataclass",
    "generate_base",
    "automap_base",
    "naming_convention",
    "@compiles(",
)
# ... or the first of these with one of the others.
_TELLTALE_PAIRS = (
    ("Table(", ("metadata", "MetaData")),
    ("Index(", ("sqlmodel", "sqlalchemy")),
)
_TABLE_NAME = re.compile(r"(?:^[ \t]*|\bdef )__table(?:name)?__\s*[:=(]", re.MULTILINE)
# These two begin with the end of the line before: a search for `^` tries every character.
_TABLE_KEYWORD = re.compile(r"\n[ \t]*class\s+\w+\s*(?:\[[^\]]*\]\s*)?\([^:]{0,400}?\btable\s*=")
_IMPORT = re.compile(
    r"\n[ \t]*(?:from[ \t]+(?P<source>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n;#]*)"
    r"|import[ \t]+(?P<modules>[\w., \t]+))"
)
_INSTALLED = ("/site-packages/", "/dist-packages/")
_COLUMNS = frozenset({"sqlalchemy.Column", "sqlalchemy.orm.mapped_column"})
_COLUMN_CALL = re.compile(r"(?:\w+\.)*(?:Column|mapped_column)\s*\(")
_BASE_NAME = re.compile(r"(?:^|\.)(?!\w*mixin)\w*(?:base|model)\w*$", re.IGNORECASE)
_MIXIN_NAME = re.compile(r"mixin|abstract", re.IGNORECASE)
_MAPPING_DECORATORS = ("mapped", "mapped_as_dataclass")
_MOST_MODULES = 20_000


class Candidates:
    """Walks the named modules and what they import.

    Attributes:
        found: the candidates in the order of Python.
        modules: those that were looked into.
        doubts: why a candidate may not be there, or is not all known, by the place of its span.
        gaps: where tables may be made that were not found.
        holders: classes that hold tables in their attributes.
    """

    def __init__(self, run: Evaluator) -> None:
        self._run = run
        self._seen: set[str] = set()
        self._settled: set[str] = set()  # names that lead to nothing new
        self._known: set[object] = set()
        self.found: list[Candidate] = []
        self.modules: list[Module] = []
        self.doubts: dict[tuple[str, int], Gap] = {}
        self.gaps: list[Gap] = []
        self.holders: list[ClassValue] = []

    def walk(self) -> None:
        """Find all candidates of the named modules and of those that they import."""
        for module in self._run.modules.named:
            self._visit(module, needed=len(self._run.modules.named) == 1)

    def _visit(self, first: Module, *, needed: bool = False) -> None:
        # An explicit stack: chains of imports are longer than Python's stack is deep.
        stack = [self._steps(first, needed=needed)]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
            elif len(self._seen) < _MOST_MODULES:
                stack.append(self._steps(following))

    def _steps(self, module: Module, *, needed: bool = False) -> Iterator[Module]:
        """Carry out the module's statements; yields each module that is imported on the way."""
        parent = module.name.rpartition(".")[0]
        if parent and module.name not in self._seen and parent not in self._seen:
            package = self._run.modules.find(parent)
            if package is not None:
                yield package
        # The package may have imported the module already.
        if module.name in self._seen:
            return
        self._seen.add(module.name)
        if not needed and not _may_define_tables(module.file.text):
            for name in _imported_names(module):
                if (found := self._project_module(name)) is not None:
                    yield found
            return
        scope = ModuleScope(module)
        made = {id(each.node): each for each in module.body.order if each.kind == "value"}
        for statement in module.body.statements:
            node = statement.node
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for name in _named_in(module, node):
                    if (found := self._project_module(name)) is not None:
                        yield found
                continue
            at = ModuleScope(module, statement.at, statement.guards)
            if any(guard.branch == "loop" for guard in statement.guards):
                continue  # with the loop that it stands in
            if not self._happens(statement, scope):
                continue
            before = len(self.found)
            if isinstance(node, ast.ClassDef):
                self._add_class(self._run.class_value(node, at))
            elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
                self._add_loop(node, at)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                self._add_effect(node.value, at)
            elif id(node) in made:
                self._add_made(made[id(node)], scope, at)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                # `User.table = Table(...)`
                for value in table_makers.made_in(self._run, node.value, at):
                    self._add_value(None, value)
            if not all(self._run.holds(guard, scope) for guard in statement.guards):
                self._doubt(self.found[before:])
        self.modules.append(module)

    def _happens(self, statement: Statement, scope: ModuleScope) -> bool:
        return all(self._run.holds(guard, scope) is not False for guard in statement.guards)

    def _project_module(self, name: str) -> Module | None:
        """The module of the project, as long as it is still to be visited."""
        if name in self._settled:
            return None
        module = self._run.modules.find(name)
        if (
            module is None
            or module.name in self._seen
            or any(part in module.file.path for part in _INSTALLED)
        ):
            self._settled.add(name)
            return None
        return module

    def _add_class(self, cls: ClassValue, depth: int = 0) -> None:
        if class_key(cls) not in self._known and is_table(self._run, cls):
            self._known.add(class_key(cls))
            self.found.append(cls)
        inner = classes.body_of(self._run, cls).statements
        if depth < 5 and any(isinstance(each.node, ast.ClassDef) for each in inner):
            for member in Members(self._run, cls).classes:
                if isinstance(member.value, ClassValue):
                    before = len(self.found)
                    self._add_class(member.value, depth + 1)
                    if member.conditional is not None:
                        self._doubt(self.found[before:])
        if "Table" in cls.span.file.text:
            self._add_held(cls)

    def _add_held(self, cls: ClassValue) -> None:
        """`Table(...)` as an attribute of a class that only holds it."""
        body, scope = classes.body_of(self._run, cls), classes.scope_of(self._run, cls)
        for binding in body.order:
            call = binding.value
            if binding.kind != "value" or not isinstance(call, ast.Call):
                continue
            called = call.func.attr if isinstance(call.func, ast.Attribute) else call.func
            name = called.id if isinstance(called, ast.Name) else called
            if isinstance(name, str) and "table" in name.lower() and binding.name != "__table__":
                before = len(self.found)
                self._add_value(None, self._run.bound(binding, scope))
                if len(self.found) > before and cls not in self.holders:
                    self.holders.append(cls)

    def _add_made(self, binding: Binding, scope: ModuleScope, at: ModuleScope) -> None:
        """`Table(...)` calls, and classes that calls make; lists of them."""
        if isinstance(binding.value, ast.Call):
            if table_makers.makes_tables(self._run, binding.value, at):
                value = self._run.bound(binding, scope)
                own = table_makers.own_kind(self._run, value)
                if own is not None:
                    self._add_own_kind(binding.name, own)
                elif isinstance(value, (Sequence, Mapping)):
                    for one in table_makers.within(self._run, value):
                        self._add_value(None, one, repeated=True)
                else:
                    self._add_value(binding.name, value)
        elif binding.value is not None and _is_display(binding.value):
            for value in table_makers.made_in(self._run, binding.value, at):
                self._add_value(None, value, repeated=True)

    def _add_effect(self, call: ast.Call, at: ModuleScope) -> None:
        """`Table(...)` without a name, and functions that make tables while they run."""
        if table_makers.makes_tables(self._run, call, at):
            self._add_value(None, self._run.evaluate(call, at))
        callee = self._run.evaluate(call.func, at)
        if isinstance(callee, FunctionValue) and table_makers.defines_tables(self._run, callee):
            reason = f"the tables that `{callee.name}()` makes are not followed"
            self.gaps.append(Gap(span=at.module.span(call), reason=reason))

    def _add_loop(self, node: ast.For | ast.AsyncFor | ast.While, at: ModuleScope) -> None:
        """What a loop makes, each round by itself."""
        if not table_makers.may_make(node):
            return
        made = table_makers.of_loop(self._run, node, at) if isinstance(node, ast.For) else None
        if made is None:
            reason = "the tables that this loop may make are not followed"
            self.gaps.append(Gap(span=at.module.span(node), reason=reason))
        for value in made or ():
            self._add_value(None, value, repeated=True)

    # `repeated`: one expression may make several tables.
    def _add_value(self, name: str | None, value: Value, *, repeated: bool = False) -> None:
        if isinstance(value, ClassValue):
            self._add_class(value)
        elif isinstance(value, Call) and table_makers.is_table_call(value):
            key = (value.span.file.path, value.span.start)
            if repeated or key not in self._known:
                self._known.add(key)
                self.found.append((name, value))

    def _add_own_kind(self, name: str, call: Call) -> None:
        self._add_value(name, call)
        reason = "what this project's own kind of Table is in the database is not known"
        self.doubts[call.span.file.path, call.span.start] = Gap(span=call.span, reason=reason)

    def _doubt(self, found: Iterable[Candidate]) -> None:
        """Remember what only may be there: the running program chooses the branch it stands in."""
        for one in found:
            of = one if isinstance(one, ClassValue) else one[1]
            shown = of.name if isinstance(of, ClassValue) else of.span.text.partition("(")[0]
            reason = f"whether there is this `{shown}` depends on how the program runs"
            gap = Gap(span=of.span, reason=reason, removes=True)
            self.doubts[of.span.file.path, of.span.start] = gap


def _is_display(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.DictComp))


def _may_define_tables(text: str) -> bool:
    if any(word in text for word in _TELLTALES):
        return True
    for word, others in _TELLTALE_PAIRS:
        if word in text and any(other in text for other in others):
            return True
    if "__table" in text and _TABLE_NAME.search(text):
        return True
    return "table" in text and _TABLE_KEYWORD.search("\n" + text) is not None


def looks_mapped(run: Evaluator, cls: ClassValue) -> bool:
    """Whether the class looks like a table, though it is not known what it stands on."""
    return _looks_mapped(run, Members(run, cls))


def is_table(run: Evaluator, cls: ClassValue) -> bool:
    """Whether the class defines a table, or asks for one: SQLModel's `table=True`, or a mapped
    class of SQLAlchemy with a table's name."""
    members = Members(run, cls)
    if "table" in members.keywords or "**" in members.keywords:
        given = members.keywords.get("table")
        return not (isinstance(given, Constant) and not given.value)
    config = members.get("model_config")
    if config is not None:
        table = _config_table(config.value)
        if table is not None:
            return table
    if _is_mapped_by_decorator(members):
        return True
    order = classes.mro(run, cls)
    if isinstance(order, Unresolved):
        return _looks_mapped(run, members)
    if not reaches_declarative_base(run, cls):
        unknown = any(_is_unknown(base) for base in order)
        return unknown and _looks_mapped(run, members)
    abstract = members.get("__abstract__")
    if abstract is not None and isinstance(abstract.value, Constant) and abstract.value.value:
        return False
    if is_declarative_base(run, cls):
        return False
    names = ("__tablename__", "__table__")
    if any(classes.attribute_of(run, cls, name, cls.span) is not None for name in names):
        return True
    if attributes.implied_table_name(run, cls, cls.span) is not None:
        return True
    if subclass_hooks.given(run, cls, "__tablename__") is not None:
        return True
    # SQLAlchemy refuses a class without a table's name: one that is not known gives it.
    unknown = any(isinstance(base, External) and _is_unknown(base) for base in order)
    return unknown and any(_looks_like_column(one) for one in members.all)


def _config_table(value: Value | None) -> bool | None:
    """`model_config = ConfigDict(table=True)`."""
    given: Value | None = None
    if isinstance(value, Mapping):
        given = value.get("table")
    elif isinstance(value, Call):
        given = value.keyword("table")
    return bool(given.value) if isinstance(given, Constant) else None


def _is_unknown(base: classes.Ancestor) -> bool:
    """Whether a base from outside could be a mapped class."""
    if isinstance(base, Call):
        return True
    if not isinstance(base, External):
        return False
    root = base.path.partition(".")[0]
    return root not in ("builtins", "typing", "enum", "abc", "pydantic", "sqlmodel", "sqlalchemy")


def _looks_mapped(run: Evaluator, members: Members) -> bool:
    """Whether a class whose bases are not known has a table's name and columns, or columns and a
    base that is called like a declarative one; the columns may be those of a mixin."""
    abstract = members.get("__abstract__")
    if abstract is not None and isinstance(abstract.value, Constant) and abstract.value.value:
        return False
    named = members.get("__tablename__") is not None or members.get("__table__") is not None
    based = not _MIXIN_NAME.search(members.cls.name) and any(
        _BASE_NAME.search(ast.unparse(one)) for one in members.cls.node.bases
    )
    return (named or based) and _has_columns(run, members, 0)


def _has_columns(run: Evaluator, members: Members, depth: int) -> bool:
    """Whether the class, or one of those of its bases that are known, declares a column."""
    if any(_looks_like_column(one) for one in members.all):
        return True
    bases = classes.bases(run, members.cls) if depth < 5 else ()
    return any(
        isinstance(base, ClassValue) and _has_columns(run, Members(run, base), depth + 1)
        for base in bases
    )


def _looks_like_column(member: Member) -> bool:
    value = member.value
    callee = value.callee if isinstance(value, Call) else None
    if isinstance(callee, External):
        # `db.Column` of another package's `db`
        path = callee.path
        made = path in _COLUMNS or (path.endswith(".Column") and _is_unknown(callee))
        return made or member.name == "__table__"
    written = value.span.text if isinstance(value, (Unresolved, Call)) else ""
    return _COLUMN_CALL.match(written) is not None


def _is_mapped_by_decorator(members: Members) -> bool:
    """`@registry.mapped`, `@mapped_as_dataclass(registry)`."""
    for decorator in members.decorators:
        made = decorator.callee if isinstance(decorator, Call) else decorator
        if isinstance(made, Attribute) and made.name in _MAPPING_DECORATORS:
            return True
        if isinstance(made, External) and made.path.endswith(".mapped_as_dataclass"):
            return True
    return False


def reaches_declarative_base(run: Evaluator, cls: ClassValue) -> bool:
    """Whether SQLAlchemy maps the class because of one of its bases."""
    order = classes.mro(run, cls)
    if isinstance(order, Unresolved):
        return False
    if attributes.paths_of(run, cls) & attributes.DECLARATIVE:
        return True
    return any(
        isinstance(base, ClassValue) and declared_bases.is_declared_base(run, base)
        for base in order
    )


def is_declarative_base(run: Evaluator, cls: ClassValue) -> bool:
    """Whether the class is itself a base that others are declared on."""
    if declared_bases.is_declared_base(run, cls):
        return True
    bases = [base.path for base in classes.bases(run, cls) if isinstance(base, External)]
    return bool(
        {"sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.DeclarativeBaseNoMeta"} & {*bases}
    )


def _named_in(module: Module, node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that an import may run, packages left to their modules."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    target = imports.target_of(module, node)
    if target is None:
        return []
    below = [f"{target}.{alias.name}" if target else alias.name for alias in node.names]
    return [*([target] if target else []), *below]


def _imported_names(module: Module) -> list[str]:
    """The same of a module that is not parsed: what looks like an import in its text."""
    found: list[str] = []
    for match in _IMPORT.finditer("\n" + module.file.text):
        if match["modules"] is not None:
            found += [part.split()[0] for part in match["modules"].split(",") if part.split()]
            continue
        source = match["source"].lstrip(".")
        level = len(match["source"]) - len(source)
        names = re.findall(r"(?:^|[,(])\s*(\w+)", match["names"])
        node = ast.ImportFrom(source or None, [ast.alias(name) for name in names], level)
        found += _named_in(module, node)
    return found
