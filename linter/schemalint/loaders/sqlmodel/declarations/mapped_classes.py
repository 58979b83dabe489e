"""Which classes are tables, and what of them is inherited: names, arguments, metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from schemalint.loaders.sqlmodel.arguments import is_none, path_of, text_of
from schemalint.loaders.sqlmodel.declarations.class_bodies import ClassBody, Entry
from schemalint.loaders.sqlmodel.declarations.class_reading import read_body
from schemalint.loaders.sqlmodel.declarations.metadata import (
    MetaDataFacts,
    annotation_map,
    is_true,
    metadata_of,
    owner_of_metadata,
    read_conventions,
    read_metadata,
)
from schemalint.loaders.sqlmodel.drafts import Gap
from schemalint.loaders.sqlmodel.evaluation.attributes import flask_table_name
from schemalint.loaders.sqlmodel.evaluation.declared_bases import OF_BASES
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.evaluation.operators import truth
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    External,
    Mapping,
    Subscript,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

Library = Literal["sqlmodel", "sqlalchemy"]
ClassKey = tuple[str, int, int]

SQLMODEL = "sqlmodel.SQLModel"
_DECLARATIVE = frozenset({"sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.DeclarativeBaseNoMeta"})
FLASK = "flask_sqlalchemy.SQLAlchemy"
FLASK_MODEL = f"{FLASK}.Model"
_READY_BASES = frozenset({FLASK_MODEL})
_OWN_METADATA = (f"{SQLMODEL}.metadata", f"{FLASK_MODEL}.metadata")
_BASE_FACTORIES = frozenset({"sqlalchemy.orm.declarative_base"})
_BASE_DECORATORS = frozenset({"sqlalchemy.orm.as_declarative"})
_DECLARATIVE_META = "sqlalchemy.orm.DeclarativeMeta"
_MAPPERS = frozenset({"mapped", "mapped_as_dataclass"})
# Classes from outside that give a table nothing, and where they are from.
_UNDERSTOOD = ("typing.", "abc.", "builtins.", "collections.", "enum.", "sqlalchemy.")
_NEUTRAL = frozenset(
    {
        "builtins.object",
        "builtins.str",
        "typing.Generic",
        "typing.Protocol",
        "abc.ABC",
        "pydantic.BaseModel",
        "sqlalchemy.orm.MappedAsDataclass",
        "sqlalchemy.ext.asyncio.AsyncAttrs",
        "sqlalchemy.ext.asyncio.session.AsyncAttrs",
        "flask_sqlalchemy.model.Model",  # what `model_class` stands on: `db.Model` is one
    }
)


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """A class and its bases in the order of resolution. `outside` are those of no known text,
    `factories` the calls that made a base, `owners` the instances whose attribute a base is (`db`
    of `db.Model`), `gaps` the bases that could not be told."""

    classes: tuple[ClassValue, ...]
    outside: tuple[str, ...] = ()
    factories: tuple[Value, ...] = ()
    owners: tuple[Value, ...] = ()
    gaps: tuple[Gap, ...] = ()


class MappedClasses:
    """Answers what is asked of the project's classes, each question once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._bodies: dict[ClassKey, ClassBody] = {}
        self._lineages: dict[ClassKey, Lineage] = {}
        self._mapped: dict[ClassKey, bool] = {}
        self._metadata: dict[Span | None, MetaDataFacts] = {}

    def body(self, cls: ClassValue) -> ClassBody:
        """What the class's own body declares."""
        key = class_key(cls)
        if key not in self._bodies:
            self._bodies[key] = read_body(cls, self._project)
        return self._bodies[key]

    def lineage(self, cls: ClassValue) -> Lineage:
        """The class and its bases."""
        key = class_key(cls)
        if key not in self._lineages:
            self._lineages[key] = self._read_lineage(cls)
        return self._lineages[key]

    def _read_lineage(self, cls: ClassValue) -> Lineage:
        order = self._project.mro(cls)
        gaps: list[Gap] = []
        if isinstance(order, Unresolved):
            # Python's order needs all bases; without one of them, those that are known in turn.
            gaps.append(Gap(span=order.span, reason=order.reason))
            order = self._known_order(cls)
        classes: list[ClassValue] = []
        outside: list[str] = []
        factories: list[Value] = []
        owners: list[Value] = []
        for one in order:
            if isinstance(one, ClassValue):
                classes.append(one)
            elif isinstance(one, External):
                outside.append(one.path)
                owners += [] if one.owner is None else [one.owner]
                if not self._is_understood(one.path):
                    reason = f"what the base `{one.path}` adds is not known; its source is not here"
                    gaps.append(Gap(span=one.span, reason=reason))
            elif _makes_base(one):
                factories.append(one)
            else:
                reason = f"what the base `{one.span.text[:60]}` adds is not known"
                gaps.append(Gap(span=one.span, reason=reason))
        return Lineage(
            classes=tuple(classes),
            outside=tuple(outside),
            factories=tuple(factories),
            owners=tuple(owners),
            gaps=tuple(gaps),
        )

    def _known_order(self, cls: ClassValue) -> tuple[ClassValue | External | Call, ...]:
        found: list[ClassValue | External | Call] = [cls]
        for base in self._project.bases(cls):
            inner = base.of if isinstance(base, Subscript) else base
            if isinstance(inner, ClassValue) and class_key(inner) != class_key(cls):
                self._lineages.setdefault(class_key(cls), Lineage(classes=(cls,)))
                for one in self.lineage(inner).classes:
                    if all(not _is_class(known, one) for known in found):
                        found.append(one)
                for path in self.lineage(inner).outside:
                    found.append(External(span=base.span, path=path))
                found += [one for one in self.lineage(inner).factories if isinstance(one, Call)]
            elif isinstance(inner, External | Call):
                found.append(inner)
        return tuple(found)

    @staticmethod
    def _is_understood(path: str) -> bool:
        return (
            path in _NEUTRAL
            or path == SQLMODEL
            or path in _DECLARATIVE
            or path in _READY_BASES
            or path.startswith(_UNDERSTOOD)
        )

    # -- what is a table

    def library(self, cls: ClassValue) -> Library | None:
        """Whose rules the class follows; None for one that has nothing to do with tables."""
        lineage = self.lineage(cls)
        if SQLMODEL in lineage.outside:
            return "sqlmodel"
        declarative = any(path in _DECLARATIVE | _READY_BASES for path in lineage.outside)
        if declarative or lineage.factories:
            return "sqlalchemy"
        if any(self._is_base_by_decorator(one) for one in lineage.classes):
            return "sqlalchemy"
        if any(self._mapper_of(one) is not None for one in lineage.classes):
            return "sqlalchemy"
        return "sqlmodel" if self._says_table(cls) else None

    def is_mapped(self, cls: ClassValue) -> bool:
        """Whether a table stands behind the class: its own, or that of a base."""
        key = class_key(cls)
        if key not in self._mapped:
            self._mapped[key] = False  # a class that would be its own base
            self._mapped[key] = self._read_mapped(cls)
        return self._mapped[key]

    def _read_mapped(self, cls: ClassValue) -> bool:
        library = self.library(cls)
        if library == "sqlmodel":
            others = self.lineage(cls).classes[1:]
            if not self._says_table(cls) or self._is_abstract(cls):
                return False
            return not any(self._says_table(one) for one in others)
        if library is None:
            return bool(self.lineage(cls).gaps) and self._project.looks_mapped(cls)
        if self._is_abstract(cls) or self._is_base_by_decorator(cls):
            return False
        if self._mapper_of(cls) is not None:
            return True
        lineage = self.lineage(cls)
        if lineage.factories or any(path in _READY_BASES for path in lineage.outside):
            return True
        if not any(path in _DECLARATIVE for path in lineage.outside):
            return any(self._is_base_by_decorator(one) for one in lineage.classes[1:])
        return not any(path_of(base) in _DECLARATIVE for base in self.bases(cls))

    def bases(self, cls: ClassValue) -> tuple[Value, ...]:
        """The bases as they are written."""
        return self._project.bases(cls)

    def decorators(self, cls: ClassValue) -> tuple[Value, ...]:
        """The class's decorators."""
        return self._project.members(cls).decorators

    def keyword(self, cls: ClassValue, name: str) -> Value | None:
        """A keyword of the class statement (`table=True`)."""
        return self._project.members(cls).keywords.get(name)

    def _says_table(self, cls: ClassValue) -> bool:
        if is_true(self.keyword(cls, "table")):
            return True
        entry = self.body(cls).entries.get("model_config")
        config = entry.assigned if entry is not None else None
        if isinstance(config, Mapping):
            return is_true(config.get("table"))
        return isinstance(config, Call) and is_true(config.keyword("table"))

    def _is_abstract(self, cls: ClassValue) -> bool:
        entry = self.body(cls).entries.get("__abstract__")
        return entry is not None and entry.assigned is not None and bool(truth(entry.assigned))

    def _is_base_by_decorator(self, cls: ClassValue) -> bool:
        """Whether a decorator, or its metaclass, makes the class a base."""
        if cls.node.keywords and self._is_declarative_meta(self.keyword(cls, "metaclass")):
            return any(name in self.body(cls).entries for name in OF_BASES)
        if not cls.node.decorator_list:
            return False
        for decorator in self.decorators(cls):
            if path_of(decorator) in _BASE_DECORATORS:
                return True
            called = decorator.callee if isinstance(decorator, Call) else decorator
            if _attribute_name(called) == "as_declarative_base":
                return True
        return False

    def _is_declarative_meta(self, metaclass: Value | None) -> bool:
        if isinstance(metaclass, ClassValue):
            return _DECLARATIVE_META in self.lineage(metaclass).outside
        return path_of(metaclass) == _DECLARATIVE_META

    def _mapper_of(self, cls: ClassValue) -> Value | None:
        """The registry whose decorator maps the class."""
        if not cls.node.decorator_list:
            return None
        for decorator in self.decorators(cls):
            called = decorator.callee if isinstance(decorator, Call) else decorator
            if _attribute_name(called) in _MAPPERS:
                return getattr(called, "of", None)
            if path_of(called) == "sqlalchemy.orm.mapped_as_dataclass":
                return decorator.args[0] if isinstance(decorator, Call) and decorator.args else None
        return None

    # -- what is inherited

    def find(self, cls: ClassValue, name: str) -> tuple[Entry, ClassValue] | None:
        """An attribute of the class or the first base that has it."""
        for one in self.lineage(cls).classes:
            entry = self.body(one).entries.get(name)
            if entry is not None and entry.has_value:
                return entry, one
        return None

    def hidden(self, cls: ClassValue, name: str) -> Iterator[tuple[Entry, ClassValue]]:
        """The attributes of this name that the one of `find` hides, the nearest first; those of a
        mapped base and behind it are another table's."""
        found = self.find(cls, name)
        for one in self.lineage(cls).classes:
            if self.is_mapped(one) and class_key(one) != class_key(cls):
                return
            entry = self.body(one).entries.get(name)
            if entry is not None and entry.has_value and found is not None and one is not found[1]:
                yield entry, one

    def value(self, cls: ClassValue, name: str) -> Value | None:
        """The value of an attribute; of a function, what it returns for this class."""
        found = self.find(cls, name)
        if found is None:
            return None
        return self.value_of(found[0], cls)

    def value_of(self, entry: Entry, cls: ClassValue) -> Value | None:
        """What an attribute stands for, looked up for `cls`."""
        if entry.function is not None:
            return self._project.call(entry.function, (cls,))
        return entry.assigned

    def applies(self, cls: ClassValue, name: str) -> bool:
        """Whether the scan takes `name` (`__tablename__`, `__table_args__`): one that a mapped
        base holds counts only if it is a declared_attr."""
        for one in self.lineage(cls).classes:
            entry = self.body(one).entries.get(name)
            if entry is None or not entry.has_value:
                continue
            if one is cls or class_key(one) == class_key(cls) or not self.is_mapped(one):
                return True
            if entry.declared:
                return True
        return False

    def table_name(self, cls: ClassValue) -> str | Gap | None:
        """The table's name; None where the class has none of its own."""
        flask = FLASK_MODEL in self.lineage(cls).outside
        child = flask and any(self.is_mapped(one) for one in self.lineage(cls).classes[1:])
        if child and not self._has_own_key(cls):
            return None  # the rows are in the parent's table (`NameMetaMixin.__table_cls__`)
        given = self._project.given_by_bases(cls, "__tablename__")
        if given is not None or self.applies(cls, "__tablename__"):
            value = given or self.value(cls, "__tablename__")
            text = text_of(value)
            if text is not None or value is None:
                return text
            if isinstance(value, Unresolved):
                return Gap(span=value.span, reason=value.reason)
            from_none = getattr(value, "value", value)
            if from_none is None:
                return None
            return Gap(span=value.span, reason="the name of the table could not be told")
        if self.library(cls) == "sqlmodel":
            return cls.name.lower()
        if flask:
            name = self._project.attribute(cls, "__tablename__")
            return flask_table_name(cls.name) if child else text_of(name)
        if self.library(cls) is None or self._may_be_named(cls):
            reason = "the name of the table comes from a base that is not known"
            return Gap(span=cls.span, reason=reason)
        return None

    def _may_be_named(self, cls: ClassValue) -> bool:
        """Whether a base that is not known may give the class a table's name: nothing else does."""
        names = ("__tablename__", "__table__")
        known = any(self.find(cls, name) is not None for name in names)
        return bool(self.lineage(cls).gaps) and not known

    def _has_own_key(self, cls: ClassValue) -> bool:
        """Whether the class itself, or a mixin that its mapped bases have not, declares a member of
        a primary key."""
        own, *others = self.lineage(cls).classes
        of_bases = {
            class_key(one)
            for base in others
            if self.is_mapped(base)
            for one in self.lineage(base).classes
        }
        values = [
            entry.assigned
            for one in (own, *others)
            if class_key(one) not in of_bases
            for entry in self.body(one).entries.values()
        ]
        return any(isinstance(one, Call) and is_true(one.keyword("primary_key")) for one in values)

    def metadata(self, cls: ClassValue) -> MetaDataFacts:
        """The MetaData that the class's table belongs to."""
        return self.read_metadata(self._metadata_value(cls, 0))

    def read_metadata(self, value: Value | None) -> MetaDataFacts:
        """What a MetaData says, and what is assigned to its naming convention; None is
        SQLModel's own."""
        key = value.span if value is not None else None
        if key not in self._metadata:
            facts = read_metadata(value)
            changed = self._project.assigned_naming(value)
            if changed is not None:
                facts = msgspec.structs.replace(facts, conventions=read_conventions(changed))
            self._metadata[key] = facts
        return self._metadata[key]

    def metadata_of(self, value: Value | None) -> MetaDataFacts:
        """What `Table("name", value)` is told by its MetaData: itself, or `Base.metadata`."""
        if isinstance(value, External) and value.path in _OWN_METADATA:
            # `db.Model.metadata` of Flask, or SQLModel's
            value = None if value.owner is None else metadata_of(value.owner)
        return self.read_metadata(self._followed(value, 0))

    def _metadata_value(self, cls: ClassValue, depth: int) -> Value | None:
        found = self.find(cls, "metadata")
        if found is not None and not is_none(found[0].assigned):  # None of a mixin hides nothing
            return self._followed(found[0].assigned, depth)
        found = self.find(cls, "registry")
        if found is not None:
            return self._followed(metadata_of(found[0].assigned), depth)
        for one in self.lineage(cls).classes:
            registry = self.keyword(one, "registry")
            if registry is not None:
                return self._followed(metadata_of(registry), depth)
            for maker in self._makers_of(one):
                return self._followed(metadata_of(maker), depth)
        lineage = self.lineage(cls)
        for factory in (*lineage.factories, *lineage.owners):
            made = metadata_of(factory)
            if made is not None:
                return self._followed(made, depth)
        return None

    def _makers_of(self, cls: ClassValue) -> Iterator[Value]:
        """What gives a class its MetaData by a decorator: the registry that maps it, or the
        decorator that makes it a base."""
        mapper = self._mapper_of(cls)
        if mapper is not None:
            yield mapper
        elif self._is_base_by_decorator(cls):
            yield from self.decorators(cls)

    def _followed(self, value: Value | None, depth: int) -> Value | None:
        """The `MetaData(...)` that a value is; None for one that says nothing, and the value
        itself where that is not known."""
        owner = owner_of_metadata(value)
        if owner is None or depth >= 10:
            return value
        if isinstance(owner, ClassValue):
            return self._metadata_value(owner, depth + 1)
        if isinstance(owner, External) and owner.path == FLASK_MODEL:
            owner = owner.owner
        if isinstance(owner, Call) and (_makes_registry(owner) or self._is_flask(owner)):
            return self._followed(metadata_of(owner), depth + 1)
        return value

    def _is_flask(self, made: Call) -> bool:
        """Whether it is `SQLAlchemy(...)` of Flask-SQLAlchemy, or of a subclass."""
        if isinstance(made.callee, ClassValue):
            return FLASK in self.lineage(made.callee).outside
        return path_of(made) == FLASK

    def annotation_map(self, cls: ClassValue) -> tuple[tuple[Value, Value], ...]:
        """SQLAlchemy's `type_annotation_map` that holds for the class."""
        for name in ("type_annotation_map", "registry"):
            found = self.find(cls, name)
            if found is not None:
                return annotation_map(found[0].assigned)
        for factory in self.lineage(cls).factories:
            return annotation_map(factory)
        return ()


def _makes_base(call: Call) -> bool:
    return path_of(call) in _BASE_FACTORIES or _attribute_name(call.callee) == "generate_base"


def _makes_registry(call: Call) -> bool:
    return path_of(call) == "sqlalchemy.orm.registry" or _makes_base(call)


def _is_class(known: object, one: ClassValue) -> bool:
    return isinstance(known, ClassValue) and class_key(known) == class_key(one)


def _attribute_name(value: Value) -> str:
    return str(getattr(value, "name", "")) if not isinstance(value, ClassValue) else ""
