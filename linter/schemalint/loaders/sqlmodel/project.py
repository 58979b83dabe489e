"""The Python files of a project, read and never run: what others ask of them.

    project = Project(files, sources)
    for candidate in project.table_candidates():   # ClassValue, or (name, Call) of Table(...)
        order = project.mro(candidate)             # ClassValue, External or Call each; Unresolved
        members = project.members(candidate)       # of its own body: fields, keywords, decorators
        for member in members.fields:
            member.annotation, member.value        # Values, evaluated when asked
    project.attribute(cls, "__tablename__")        # along the MRO, `declared_attr` called with cls

Values are those of `values.py`, with these forms to know of:

- A declarative base that a call makes stands in an MRO as that `Call`
  (`declarative_base(metadata=...)`); what another call from outside makes, as its `External`.
- What `*x` and `**x` bring to a call is among its arguments where it is known; where not, `*x` is
  an `Operation("*")` among `args`, and `**x` a keyword named `**`.
- A column seen from outside its own statement (`User.id`, or `title` in `Index("ix", title)` in
  the class's own body) is `Attribute(of=ClassValue, name)`; in a `declared_attr`, `cls.id` too.
- `X["a"]` with types is a `Subscript`; texts in annotations are forward references already
  looked up (not those in Literal, nor Annotated's further arguments).
- A PEP 695 alias is a `Call` of `typing.TypeAliasType` with the name and the value.
- A bound method is a `Call` of `functools.partial` with the function and its first argument.
- A name that nothing defines is `Unresolved`, the name being the text of its span.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from schemalint.loaders.loaded import Problem, Sources
from schemalint.loaders.sqlmodel import (
    candidates,
    databases,
    listeners,
    module_effects,
    table_makers,
)
from schemalint.loaders.sqlmodel.candidates import Candidate, Candidates
from schemalint.loaders.sqlmodel.column_types import compiled_types
from schemalint.loaders.sqlmodel.column_types.compiled_types import Written
from schemalint.loaders.sqlmodel.drafts import Gap
from schemalint.loaders.sqlmodel.evaluation import (
    attributes,
    classes,
    connections,
    enums,
    forward_references,
    instances,
    subclass_hooks,
)
from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator
from schemalint.loaders.sqlmodel.evaluation.instances import Instance
from schemalint.loaders.sqlmodel.evaluation.likeness import alike, class_key
from schemalint.loaders.sqlmodel.evaluation.members import Member, Members
from schemalint.loaders.sqlmodel.evaluation.modules import Module, Modules
from schemalint.loaders.sqlmodel.evaluation.scopes import ClassScope, ModuleScope, Scope
from schemalint.loaders.sqlmodel.listeners import CREATED
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    EnumMember,
    FunctionValue,
    Unresolved,
    Value,
)
from schemalint.source import SourceFile

__all__ = ["Candidate", "Member", "Members", "Module", "Project", "Scope", "alike", "class_key"]


class Project:
    """Some files and all that they import, as far as it is needed. Nothing here ever raises."""

    def __init__(self, files: Sequence[SourceFile], sources: Sources | None = None) -> None:
        self._modules = Modules(files, sources)
        self._files = files
        self._sources = sources
        self._run = Evaluator(self._modules)
        self._members: dict[tuple[str, int, int], Members] = {}
        self._written: dict[str, tuple[Written, ...]] = {}
        self._told: list[Gap] = []
        self._returned: dict[int, tuple[FunctionValue, Value]] = {}

    @cached_property
    def _walk(self) -> Candidates:
        walk = Candidates(self._run)
        walk.walk()
        return walk

    @property
    def problems(self) -> list[Problem]:
        """What is no Python, of the files that were parsed so far."""
        return self._modules.problems

    @property
    def modules(self) -> list[Module]:
        """The named files, in their order."""
        return self._modules.named

    def module(self, name: str) -> Module | None:
        """A module of the project by its dotted name (`ClassValue.module`)."""
        return self._modules.find(name)

    def version(self, package: str) -> str | None:
        """The version of a package that the project's lock or requirement files name."""
        return None if self._sources is None else self._sources.version(package)

    def table_candidates(self) -> list[Candidate]:
        """What defines a table, or asks for one, in the named files and in what they import; in
        the order in which Python would define it. The last part may only look like it (a class
        whose bases are not known), and a class with a table's own subclass is there too."""
        return self._walk.found

    def doubt(self, candidate: Candidate) -> Gap | None:
        """Why a candidate may not be there, or is not all known."""
        span = candidate.span if isinstance(candidate, ClassValue) else candidate[1].span
        return self._walk.doubts.get((span.file.path, span.start))

    def gaps(self) -> list[Gap]:
        """Where tables may be made that `table_candidates` has not, and where the project writes
        statements of DDL by itself."""
        return [*self._walk.gaps, *self._told, *compiled_types.statements_written(self)]

    def made_beside(self, function: FunctionValue, value: Value) -> table_makers.Beside:
        """The tables that a `declared_attr` makes beside the relation that it gives."""
        return table_makers.made_beside(self._run, function, value)

    def listeners(self) -> Iterator[tuple[listeners.Listener, bool]]:
        """The listeners that the modules register which define tables (True), and those of the
        project that speak of the creation of tables (False)."""
        own = self.table_modules()
        speaking = self._modules.of_files(self.speaking(*CREATED))
        others = [one for one in speaking if one not in own]
        for one, module in listeners.listeners(self._run, [*own, *others]):
            yield one, module in own

    def listen(
        self, heard: connections.Heard, function: FunctionValue, args: tuple[Value, ...]
    ) -> None:
        """Follow a listener's function, so that `heard` has what it runs."""
        self._run.heard = heard
        try:
            self._run.call(function, args, (), function.span)
        finally:
            self._run.heard = None

    def speaking(self, *words: str) -> list[SourceFile]:
        """The named files, and those of the project, that hold one of `words`, which are among
        those that are looked for."""
        files = {file.path: file for file in (*self._files, *self._speaking)}
        return [one for one in files.values() if any(word in one.text for word in words)]

    @cached_property
    def _speaking(self) -> list[SourceFile]:
        """Looked for once, as all files of the project have to be read for it."""
        words = (*databases.CONNECTIONS, *CREATED)
        return [] if self._sources is None else list(self._sources.mentioning(*words))

    def tell(self, gap: Gap) -> None:
        """Add to `gaps` what was met while the tables were read."""
        if gap not in self._told:
            self._told.append(gap)

    def members(self, cls: ClassValue) -> Members:
        """What the class's own body declares."""
        key = class_key(cls)
        if key not in self._members:
            self._members[key] = Members(self._run, cls)
        return self._members[key]

    def mro(self, cls: ClassValue) -> classes.Order | Unresolved:
        """The class and its ancestors, without `object`; Unresolved where a base is not known."""
        return classes.mro(self._run, cls)

    def bases(self, cls: ClassValue) -> tuple[Value, ...]:
        """The bases as written, evaluated; those that are not known are Unresolved."""
        return classes.bases(self._run, cls)

    def is_table(self, cls: ClassValue) -> bool:
        """Whether the class is among those that `table_candidates` looks for."""
        return candidates.is_table(self._run, cls)

    def looks_mapped(self, cls: ClassValue) -> bool:
        """Whether the class looks like a table, though it is not known what it stands on."""
        return candidates.looks_mapped(self._run, cls)

    def is_mapped(self, cls: ClassValue) -> bool:
        """Whether the class reaches a declarative base of SQLAlchemy."""
        return candidates.reaches_declarative_base(self._run, cls)

    def attribute(self, cls: ClassValue, name: str) -> Value:
        """`cls.name` along the MRO: what is assigned; what a `declared_attr` returns for this
        very class; SQLModel's own `__tablename__`. Columns are `Attribute` (see above). What only
        a base from outside could have is `Attribute` too, and what is nowhere `Unresolved`."""
        return attributes.attribute(self._run, cls, name, cls.span)

    def evaluate(self, node: ast.expr, scope: Scope | Module) -> Value:
        """What an expression stands for, its names looked up in the scope."""
        return self._run.evaluate(node, ModuleScope(scope) if isinstance(scope, Module) else scope)

    def annotation(self, node: ast.expr, scope: Scope) -> Value:
        """The same for an annotation, which may be a text."""
        return forward_references.annotation(self._run, node, scope)

    def call(
        self,
        function: FunctionValue | Value,
        args: Sequence[Value] = (),
        keywords: Sequence[tuple[str, Value]] = (),
    ) -> Value:
        """What a call gives; its span is that of `function`."""
        return self._run.call(function, tuple(args), tuple(keywords), function.span)

    def returned(self, function: FunctionValue) -> Value:
        """What a call without arguments gives: once for each function of a module or a class,
        because a mixin's default is that of many columns."""
        scope, key = function.scope, id(function.node)
        while isinstance(scope, ClassScope):
            scope = scope.outer
        if not isinstance(scope, ModuleScope):
            return self.call(function)
        if key not in self._returned:
            self._returned[key] = (function, self.call(function))
        return self._returned[key][1]

    def given_by_bases(self, cls: ClassValue, name: str) -> Value | None:
        """What `__init_subclass__` or a metaclass sets an attribute of the class to; None where
        they leave it alone."""
        return subclass_hooks.given(self._run, cls, name)

    def constructed(self, made: Call) -> Instance:
        """The object that a call of a class of the project makes."""
        return instances.constructed(self._run, made)

    def enum_members(self, cls: ClassValue) -> tuple[EnumMember, ...] | None:
        """The members of an enum in order, aliases left out; None if the class is no enum."""
        return enums.members(self._run, cls)

    def statements(self, module: Module) -> Iterator[tuple[ast.stmt, ModuleScope]]:
        """The statements of a module in order, those in `if`, `try` and `with` included, each with
        the scope to evaluate its expressions in. Branches that are certainly not taken are left
        out."""
        return module_effects.statements(self._run, module)

    def loose_calls(self) -> list[Call]:
        """Calls that stand at the top of the modules which define tables, for their effect or
        under a name: `Index("ix", User.email)`."""
        return list(module_effects.loose_calls(self._run, self.table_modules()))

    def assigned_naming(self, metadata: Value | None) -> Value | None:
        """What the modules assign to `metadata.naming_convention`, the metadata being this one
        (None: SQLModel's own); None where nothing is."""
        return module_effects.assigned_naming(self._run, self.table_modules(), metadata)

    def written_in(self, module: Module) -> tuple[Written, ...]:
        """What `@compiles` has functions of the module write."""
        if module.name not in self._written:
            self._written[module.name] = compiled_types.written_in(module, self)
        return self._written[module.name]

    def written(self, of: Value) -> list[Written]:
        """What `@compiles` has functions write for this type, in its own module and in those that
        `table_modules` gives."""
        found = self._written_everywhere
        own = self.module(of.module) if isinstance(of, ClassValue) else None
        if own is not None and own not in self.table_modules():
            found = [*found, *self.written_in(own)]
        return [one for one in found if compiled_types.is_meant(one.subject, of, self)]

    @cached_property
    def _written_everywhere(self) -> list[Written]:
        return [one for module in self.table_modules() for one in self.written_in(module)]

    def holders(self) -> list[ClassValue]:
        """The classes that hold tables in their attributes, and are none themselves."""
        return self._walk.holders

    def table_modules(self) -> list[Module]:
        """The modules that `table_candidates` looked into, in the order of Python."""
        return self._walk.modules
