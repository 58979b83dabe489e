"""What a class's own body declares, and what SQLAlchemy's scan makes of a class and its bases.

The order of a table's columns follows from it: `sqlalchemy.orm.decl_base` walks the class and its
bases, merging assigned names with annotated ones.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemalint.loaders.sqlmodel.annotation_shapes import mapped_type
from schemalint.loaders.sqlmodel.declarations.core_columns import is_column
from schemalint.loaders.sqlmodel.values import ClassValue, FunctionValue, Unresolved, Value
from schemalint.source import Span

_SCANNED_DUNDERS = frozenset({"__table__", "__mapper_args__", "__tablename__", "__table_args__"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One name of a class's body: its annotation, its value, or the function it is.

    `method` is true for whatever `def` made, `declared` for a `@declared_attr`. `doubt` says why
    it cannot be told whether the class has it.
    """

    name: str
    span: Span
    name_span: Span
    annotation: Value | None = None
    assigned: Value | None = None
    function: FunctionValue | None = None
    method: bool = False
    declared: bool = False
    doc: str | None = None
    doubt: Unresolved | None = None

    @property
    def has_value(self) -> bool:
        """Whether the class has an attribute of this name, and not only an annotation."""
        return self.assigned is not None or self.method


class ClassBody(msgspec.Struct, frozen=True, kw_only=True):
    """The names of a class's own body, in the order in which they were first given a value
    (`assigned`), and in which they were annotated (`annotated`)."""

    cls: ClassValue
    entries: dict[str, Entry]
    assigned: tuple[str, ...]
    annotated: tuple[str, ...]


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that a mapped class has of its own or from bases that are not mapped."""

    name: str
    annotation: Value | None
    entry: Entry
    body: ClassBody


class Ancestor(msgspec.Struct, frozen=True, kw_only=True):
    """A class in the order of resolution; `provides` are the attributes a mapped one has."""

    body: ClassBody
    mapped: bool = False
    provides: frozenset[str] = frozenset()


def merged_names(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Two orders made one as SQLAlchemy does it (`util.merge_lists_w_ordering`)."""
    left, right = list(first), list(second)
    both = set(left) & set(right)
    result: list[str] = []
    current, other = iter(left), iter(right)
    while True:
        for name in current:
            if name in both:
                both.discard(name)
                current, other = other, current
                break
            result.append(name)
        else:
            result.extend(other)
            return result


def scanned_names(body: ClassBody) -> list[str]:
    """The names of one class that the scan looks at, in its order."""
    return [
        name
        for name in merged_names(body.assigned, body.annotated)
        if name in _SCANNED_DUNDERS or not name.startswith(("__", "_sa_"))
    ]


def scan(ancestors: list[Ancestor]) -> list[Declared]:
    """The attributes of the first of `ancestors`, in the order that its columns come in."""
    return _Scan(ancestors).declared()


class _Scan:
    def __init__(self, ancestors: list[Ancestor]) -> None:
        self._ancestors = ancestors
        self._own = ancestors[0].body
        self._copied: set[str] = set()
        self._annotations: dict[str, Value | None] = {}

    def declared(self) -> list[Declared]:
        found: dict[str, Declared] = {}
        copies = [self._copies(ancestor) for ancestor in self._ancestors]
        for ancestor, copied in zip(self._ancestors, copies, strict=True):
            for declared in copied:
                found[declared.name] = declared
            if ancestor.mapped:
                continue
            own = ancestor.body is self._own
            for name in scanned_names(ancestor.body):
                declared_here = self._of_own(name) if own else self._of_mixin(name, ancestor)
                if declared_here is not None:
                    found[name] = declared_here
        return list(found.values())

    def _copies(self, ancestor: Ancestor) -> list[Declared]:
        """Columns of an unmapped base, which are copied to the class."""
        body = ancestor.body
        if ancestor.mapped or body is self._own:
            return []
        found = []
        for name in scanned_names(body):
            entry = body.entries[name]
            only_annotated = not entry.has_value and mapped_type(entry.annotation) is not None
            if not only_annotated and not is_column(entry.assigned):
                continue
            if self._overridden(name, ancestor, only_annotated=only_annotated):
                continue
            annotation = self._annotations.setdefault(name, entry.annotation)
            own = self._own.entries.get(name)
            if not only_annotated and own is not None and own.has_value:
                continue
            self._copied.add(name)
            found.append(Declared(name=name, annotation=annotation, entry=entry, body=body))
        return found

    def _overridden(self, name: str, of: Ancestor, *, only_annotated: bool) -> bool:
        """Whether the class finds another attribute of this name before that of `of`."""
        if name in self._copied:
            return True
        for ancestor in self._ancestors:
            if ancestor is of and not only_annotated:
                return False
            if ancestor.mapped and name in ancestor.provides:
                return True
            entry = ancestor.body.entries.get(name)
            if entry is not None and entry.has_value:
                return True
        return False

    def _of_own(self, name: str) -> Declared | None:
        entry = self._own.entries[name]
        annotation = entry.annotation
        if annotation is not None:
            annotation = self._annotations.setdefault(name, annotation)
        if name in self._copied:
            return None
        if entry.has_value or mapped_type(annotation) is not None:
            return Declared(name=name, annotation=annotation, entry=entry, body=self._own)
        return None

    def _of_mixin(self, name: str, ancestor: Ancestor) -> Declared | None:
        entry = ancestor.body.entries[name]
        if not entry.declared or self._overridden(name, ancestor, only_annotated=False):
            return None
        # An annotation that the class itself has, without a value, stays the one that counts.
        annotation = self._annotations.get(name)
        return Declared(name=name, annotation=annotation, entry=entry, body=ancestor.body)
