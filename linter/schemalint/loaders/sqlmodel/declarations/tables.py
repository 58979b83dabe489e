"""Evaluated Python to tables: what SQLModel's and SQLAlchemy's classes declare at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sqlmodel.arguments import Arguments
from schemalint.loaders.sqlmodel.declarations.backrefs import Backref
from schemalint.loaders.sqlmodel.declarations.constraints import without_limit
from schemalint.loaders.sqlmodel.declarations.declared_tables import DeclaredTable, TableReader
from schemalint.loaders.sqlmodel.declarations.loose_constraints import (
    Loose,
    Touched,
    finds_its_table,
    loose_constraints,
    passed_over,
)
from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses
from schemalint.loaders.sqlmodel.declarations.metadata import is_true
from schemalint.loaders.sqlmodel.declarations.references import TableColumns, column_of, table_of
from schemalint.loaders.sqlmodel.declarations.relationships import backref_of
from schemalint.loaders.sqlmodel.declarations.sql_text import ColumnName
from schemalint.loaders.sqlmodel.drafts import (
    Gap,
    RelationDraft,
    TableDraft,
    TypeDraft,
)
from schemalint.loaders.sqlmodel.evaluation.likeness import alike, class_key, parts
from schemalint.loaders.sqlmodel.values import Attribute, Call, ClassValue, Value

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

ClassKey = tuple[str, int, int]


class Tables:
    """All tables, so that each can name the columns of the others; see `References`."""

    def __init__(self, project: Project) -> None:
        self.declared: list[DeclaredTable] = []
        self.problems: list[Problem] = []
        self._project = project
        self._reader = TableReader(project)
        self._by_class: dict[ClassKey, DeclaredTable] = {}
        self._by_call: dict[tuple[str | None, str], DeclaredTable] = {}
        self._columns: dict[int, TableColumns] = {}
        self._reading: set[ClassKey] = set()

    def read(self) -> None:
        """Read all candidates, then what stands beside the classes."""
        for candidate in self._project.table_candidates():
            if isinstance(candidate, ClassValue):
                table = self._read_class(candidate)
            else:
                name, call = candidate
                table = self._read_call(name, call)
            doubt = self._project.doubt(candidate)
            if table is not None and doubt is not None:
                table.gaps.append(doubt)
        made = self._reader.made
        while made:  # whose attributes may make more
            one = made.pop(0)
            if isinstance(one, Call):
                self._read_call(None, one)
            elif self._project.is_table(one):
                self._read_class(one)
        self._take_loose_constraints()

    def _read_class(self, cls: ClassValue) -> DeclaredTable | None:
        """The table that a class's rows are in, read after those of its mapped bases."""
        key = class_key(cls)
        if key in self._by_class:
            return self._by_class[key]
        classes = self._reader.classes
        if key in self._reading or not classes.is_mapped(cls):
            return None
        self._reading.add(key)
        parent = None
        for base in classes.lineage(cls).classes[1:]:
            if classes.is_mapped(base):
                parent = self._read_class(base)
                break
        table = self._reader.of_class(cls, parent)
        if table is None and parent is not None:
            self._by_class[key] = parent
            self._columns.pop(id(parent), None)
            return parent
        if table is not None:
            self._by_class[key] = self._kept(table)
        return self._by_class.get(key)

    def _read_call(self, name: str | None, call: Call) -> DeclaredTable | None:
        table = self._reader.of_call(name, call)
        return self._kept(table) if table is not None else None

    def _kept(self, table: DeclaredTable) -> DeclaredTable:
        """The table, or the one that was read before under the same name."""
        key = (table.schema, table.table)
        known = self._by_call.get(key)
        if known is None:
            self._by_call[key] = table
            self.declared.append(table)
            return table
        if table.classes and not known.classes and known.origin == table.origin:
            # `__table__ = users`: the class gives the table its name and attributes.
            self.declared[self.declared.index(known)] = table
            self._by_call[key] = table
            return table
        if known.origin != table.origin:
            self._take_second(known, table)
        return known

    def _take_second(self, known: DeclaredTable, table: DeclaredTable) -> None:
        """A table that is declared once more: `extend_existing` adds to it; else only one of the
        declarations can be looked at here (two databases, or modules that exclude each other)."""
        if is_true(table.options.get("extend_existing")):
            for column in table.columns:
                known.add(column)
            known.arguments += table.arguments
            known.relations += table.relations
            known.classes += table.classes
            known.gaps += table.gaps
            self._columns.pop(id(known), None)
        elif not is_true(table.options.get("keep_existing")) and not _says_the_same(known, table):
            where = f"{table.origin.file.path}:{table.origin.place.line}"
            reason = f"`{known.table}` is declared a second time ({where}), which is not looked at"
            known.gaps.append(Gap(span=known.name_span, reason=reason, removes=True))

    def _take_loose_constraints(self) -> None:
        """`Index("ix", User.email)` at module level belongs to the table of its columns."""
        for value in loose_constraints(self._project):
            if isinstance(value, Touched):
                self._add_touched(value)
                continue
            tables = self._owners(value)
            if tables:
                tables[0].arguments.append(value.call)
            elif value.owner is not None or finds_its_table(value.call, in_class=False):
                reason = "the table that this belongs to could not be told"
                self._project.tell(Gap(span=value.call.span, reason=reason))
            elif not value.named:
                self.problems.append(passed_over(value.call))

    def _owners(self, loose: Loose) -> list[DeclaredTable]:
        """The tables that a constraint or an index belongs to: one, if all is well."""
        if loose.owner is None:
            return (
                self._mentioned(loose.call) if finds_its_table(loose.call, in_class=False) else []
            )
        known = table_of(loose.owner, self)
        table = None if known is None else self._by_call.get((known.schema, known.table))
        return [] if table is None else [table]

    def backrefs(self, drafts: list[TableDraft]) -> list[tuple[str, RelationDraft, Backref]]:
        """The relations that make another one on their other side."""
        found = []
        for table, made in zip(self.declared, drafts, strict=True):
            calls = {one.name: one.call for one in table.relations}
            for relation in made.relations:
                backref = backref_of(calls[relation.name])
                if backref is not None:
                    found.append((made.name, relation, backref))
        return found

    def _add_touched(self, touched: Touched) -> None:
        table = self._by_class.get(class_key(touched.cls))
        if table is not None:
            reason = "what the module adds to the table once it is made is not followed"
            table.gaps.append(Gap(span=touched.span, reason=reason))

    def _mentioned(self, value: Call) -> list[DeclaredTable]:
        """The tables of a constraint's members; its conditions do not bind it to a table."""
        found = []
        stack: list[Value] = list(reversed(getattr(without_limit(value), "args", ())))
        while stack:
            part = stack.pop()
            column = column_of(part, self)
            if column is not None:
                table = self._by_call.get((column[0].schema, column[0].table))
                if table is not None:
                    found.append(table)
                continue
            stack += reversed(parts(part))
        return found

    # -- References

    def of_class(self, cls: ClassValue) -> TableColumns | None:
        """See `References`."""
        table = self._read_class(cls)
        if table is None:
            return None
        own = self._columns_of(table)
        inherited = dict(own.by_attribute)
        owners: dict[str, TableColumns] = {}
        for base in self._reader.classes.lineage(cls).classes[1:]:
            other = self._by_class.get(class_key(base))
            if other is not None and other is not table:
                theirs = self._columns_of(other)
                for name, column in theirs.by_attribute.items():
                    if name not in inherited:
                        inherited[name], owners[name] = column, theirs
        return TableColumns(
            table=own.table,
            schema=own.schema,
            by_key=own.by_key,
            by_attribute=inherited,
            owners=owners,
        )

    def of_call(self, call: Call) -> TableColumns | None:
        """See `References`."""
        table = self._read_call(None, call)
        return self._columns_of(table) if table is not None else None

    def of_table(self, schema: str | None, table: str) -> TableColumns | None:
        """See `References`."""
        known = self._by_call.get((schema, table))
        return self._columns_of(known) if known is not None else None

    def of_value(self, value: Value) -> tuple[TableColumns, ColumnName] | None:
        """See `References`."""
        return column_of(value, self)

    def of_name(self, name: str) -> TableColumns | None:
        """The table of the class called `name`."""
        for table in self.declared:
            if table.name == name or any(cls.name == name for cls in table.classes):
                return self._columns_of(table)
        return None

    def declared_named(self, schema: str | None, table: str) -> DeclaredTable | None:
        """The table of this name."""
        return self._by_call.get((schema, table))

    def known(self, value: Value) -> DeclaredTable | None:
        """The table that a value is, if it is one of those that were read: it adds none."""
        if isinstance(value, ClassValue):
            return self._by_class.get(class_key(value))
        if isinstance(value, Attribute) and value.name == "__table__":
            return self.known(value.of)
        if isinstance(value, Call):
            return next((one for one in self.declared if _is_made_by(one, value)), None)
        found = table_of(value, self)  # by its name in a MetaData
        return None if found is None else self.declared_named(found.schema, found.table)

    @property
    def classes(self) -> MappedClasses:
        """What the classes say."""
        return self._reader.classes

    def columns_of(self, table: DeclaredTable) -> TableColumns:
        """The names of a table's columns."""
        return self._columns_of(table)

    def _columns_of(self, table: DeclaredTable) -> TableColumns:
        known = self._columns.get(id(table))
        if known is None or len(known.by_key) != len(table.columns):
            known = columns_of(table)
            self._columns[id(table)] = known
        return known


def _is_made_by(table: DeclaredTable, call: Call) -> bool:
    """Whether it is the table of this very `Table(...)`."""
    name = Arguments(call, ("name", "metadata")).value("name")
    return name is not None and table.origin == name.span


def _says_the_same(one: DeclaredTable, other: DeclaredTable) -> bool:
    """Whether two `Table(...)` of different MetaData are word for word the same."""
    if one.call is None or other.call is None:
        return False
    first, second = (
        [*call.args[2:], *(value for _, value in sorted(call.keywords, key=lambda word: word[0]))]
        for call in (one.call, other.call)
    )
    names = [sorted(name for name, _ in call.keywords) for call in (one.call, other.call)]
    same = len(first) == len(second) and names[0] == names[1]
    return same and all(alike(left, right) for left, right in zip(first, second, strict=True))


def columns_of(table: DeclaredTable) -> TableColumns:
    """The names of a table's columns."""
    by_key: dict[str, ColumnName] = {}
    by_attribute: dict[str, ColumnName] = {}
    for column in table.columns:
        type_ = column.column.type
        name = ColumnName(column.name, type_ if isinstance(type_, TypeDraft) else None)
        by_key[column.key] = name
        by_attribute[column.attribute] = name
    return TableColumns(
        table=table.table, schema=table.schema, by_key=by_key, by_attribute=by_attribute
    )
