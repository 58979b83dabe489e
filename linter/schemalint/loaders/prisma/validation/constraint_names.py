"""Names of constraints in the database: too long, or taken by another one in the same namespace.

A constraint without `map` has the name that Prisma Migrate makes up. Which constraints share a
namespace differs by database (`Connector.scopes`).
"""

from __future__ import annotations

from schemalint.loaders.prisma.validation.connectors import Connector
from schemalint.loaders.prisma.validation.relations import Relation
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import Default, Index, ModelFacts
from schemalint.source import Span

_KINDS_IN_SCOPE = {
    "index": ("index",),
    "foreign key": ("foreign key",),
    "primary key, index": ("primary key", "index"),
    "primary key, foreign key, default": ("primary key", "foreign key", "default"),
    "model: index": ("index",),
    "model: primary key, index": ("primary key", "index"),
    "model: primary key, index, foreign key": ("primary key", "index", "foreign key"),
}
_INDEX_NOT_BLAMED = ("model: primary key, index, foreign key",)


def shortened(text: str, suffix: str, limit: int) -> str:
    """`text` cut so that it fits into `limit` bytes together with `suffix`, which is added."""
    room = limit - len(suffix)
    if len(text) < room and text.isascii():
        return text + suffix
    raw = text.encode("utf-8", "replace")
    if len(raw) >= room:
        text = raw[:room].decode("utf-8", "ignore")
    return text + suffix


class ConstraintNames:
    """The names of a schema's constraints; `repeated` holds those that stand twice in a namespace.

    A namespace is one of the connector's scopes, in a database schema or in a model.
    """

    def __init__(
        self, connector: Connector, models: list[ModelFacts], relations: list[Relation]
    ) -> None:
        self.connector = connector
        self.limit = connector.max_name_length
        self.scopes: dict[str, list[str]] = {}
        for scope in connector.scopes:
            for kind in _KINDS_IN_SCOPE[scope]:
                self.scopes.setdefault(kind, []).append(scope)
        self.repeated: set[tuple[str, str | None, str]] = set()
        self._seen: set[tuple[str, str | None, str]] = set()
        scopes = self.scopes
        keys, indexes, defaults = "primary key" in scopes, "index" in scopes, "default" in scopes
        for model in models:
            if keys and model.primary_key is not None:
                self._add("primary key", model, self.primary_key(model, model.primary_key))
            if indexes:
                for index in model.indexes:
                    self._add("index", model, self.index(model, index))
            if defaults:
                for name, default in model.defaults.items():
                    self._add("default", model, self.default(model, name, default))
        if "foreign key" in scopes:
            for relation in relations:
                if relation.inline:
                    name = self.foreign_key(relation)
                    # Where only the side without the key is there, officially its model counts.
                    owner = relation.referenced if relation.forward is None else None
                    self._add("foreign key", relation.referencing, name, owner)
        self._seen.clear()

    def _add(
        self, kind: str, model: ModelFacts, name: str, owner: ModelFacts | None = None
    ) -> None:
        """Note a name of `model`; within a model it counts for `owner`, where one is given.

        Within a view, officially no name counts.
        """
        seen = self._seen
        for scope in self.scopes[kind]:
            local = scope[:5] == "model"
            if local and (owner or model).view:
                continue
            key = (scope, (owner or model).name if local else model.schema, name)
            if key in seen:
                self.repeated.add(key)
            else:
                seen.add(key)

    def primary_key(self, model: ModelFacts, key: Index) -> str:
        """The name of a model's primary key."""
        return key.map if key.map is not None else shortened(model.table, "_pkey", self.limit)

    def index(self, model: ModelFacts, index: Index) -> str:
        """The name of an index or unique constraint."""
        if index.map is not None:
            return index.map
        mapped = model.columns
        columns: list[str] = []
        for part in index.parts:
            if part.columns:
                columns.extend(part.columns)
            else:
                columns.append(mapped.get(part.path, part.path))
        suffix = "_key" if index.kind == "unique" else "_idx"
        return shortened(f"{model.table}_{'_'.join(columns)}", suffix, self.limit)

    def foreign_key(self, relation: Relation) -> str:
        """The name of a relation's foreign key."""
        forward = relation.forward
        if forward is not None and forward.map is not None:
            return forward.map
        model = relation.referencing
        lines = () if forward is None else forward.fields or ()
        columns = "_".join([model.columns.get(line.name, line.name) for line in lines])
        return shortened(f"{model.table}_{columns}", "_fkey", self.limit)

    def default(self, model: ModelFacts, field: str, default: Default) -> str:
        """The name of a default constraint (SQL Server)."""
        if default.map is not None:
            return default.map
        column = model.columns.get(field, field)
        return shortened(f"{model.table}_{column}", "_df", self.limit)

    def check(
        self, kind: str, model: ModelFacts, name: str, span: Span, *, label: str, report: Report
    ) -> None:
        """Report a name that another constraint has in one of its namespaces.

        Where an index shares its table's namespace with foreign keys, officially only the primary
        key and the foreign keys are blamed, never the index: two indexes with one name are no error
        there.
        """
        for scope in self.scopes.get(kind, ()):
            if kind == "index" and scope in _INDEX_NOT_BLAMED:
                continue
            local = scope.startswith("model")
            if (scope, model.name if local else model.schema, name) not in self.repeated:
                continue
            kinds = _KINDS_IN_SCOPE[scope]
            where = f"of `{model.name}`" if local else "of the whole database"
            report.error(
                span,
                f"`{label}` makes a constraint `{name}`, and another one has that name: in "
                f"{self.connector.title} the names of every {' and '.join(kinds)} {where} differ.",
                help='Give one of them another name with `map: "..."`.',
            )

    def too_long(self, report: Report, span: Span, name: str | None, label: str) -> None:
        """Report a name that the database would not take."""
        if name is not None and len(name) * 4 > self.limit:
            size = len(name.encode("utf-8", "replace"))
            if size > self.limit:
                report.error(
                    span,
                    f"`{label}` names a constraint with {size} bytes; {self.connector.title} "
                    f"takes {self.limit} at most.",
                )
