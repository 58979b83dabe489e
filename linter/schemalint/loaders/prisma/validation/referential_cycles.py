"""Cycles of referential actions, and several cascading paths between two models.

SQL Server refuses both; with relationMode = "prisma", the client would not find out of a cycle.
Imported only where one of these holds.
"""

from __future__ import annotations

from schemalint.loaders.prisma.validation.relations import Relation
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import (
    Configuration,
    RelationField,
    SchemaFacts,
)

_CHANGING = frozenset({"Cascade", "SetNull", "SetDefault"})


class _Edge:
    """A relation with both sides, seen from the side with the key."""

    __slots__ = ("changing", "defaults", "field", "source", "target")

    def __init__(self, relation: Relation, field: RelationField, *, restrict: bool) -> None:
        self.field = field
        self.source = relation.referencing
        self.target = relation.referenced
        required = any(line.arity == "required" for line in field.fields or ())
        required = required or field.line.arity == "required"
        default = ("Restrict" if restrict else "NoAction") if required else "SetNull"
        on_delete = field.on_delete or default
        on_update = field.on_update or "Cascade"
        self.changing = on_delete in _CHANGING or on_update in _CHANGING
        self.defaults = []
        if field.on_delete is None and on_delete in _CHANGING:
            self.defaults.append(f"`onDelete: {on_delete}`")
        if field.on_update is None and on_update in _CHANGING:
            self.defaults.append(f"`onUpdate: {on_update}`")


class ReferentialCycles:
    """The graph of all relations that have both sides."""

    def __init__(
        self, schema: SchemaFacts, relations: list[Relation], configuration: Configuration
    ) -> None:
        connector = configuration.connector
        emulated = configuration.relation_mode == "prisma"
        actions = connector.emulated_actions if emulated else connector.actions
        self.paths_matter = connector.can("cycles") and not emulated
        self.edges: dict[int, _Edge] = {}
        self.outgoing: dict[str, list[_Edge]] = {}
        for relation in relations:
            if relation.inline and relation.forward is not None and relation.back is not None:
                edge = _Edge(relation, relation.forward, restrict="Restrict" in actions)
                self.edges[id(relation)] = edge
                self.outgoing.setdefault(edge.source.name, []).append(edge)
        self.component = self._components()
        self.before_self_relation = self._before_self_relations()
        self.reached: dict[int, set[str]] = {}

    def check(self, relation: Relation, report: Report) -> None:
        """Report a cycle that `relation` is part of, and further paths beside it."""
        edge = self.edges.get(id(relation))
        if edge is None:
            return
        self._cycle(edge, report)
        if self.paths_matter and edge.changing:
            self._paths(edge, report)

    def _cycle(self, start: _Edge, report: Report) -> None:
        if not start.changing:
            return
        name = start.target.name
        if start.source is start.target:
            message = (
                f"`{start.field.path}` relates `{start.source.name}` to itself, so its `onDelete` "
                "and `onUpdate` must both be `NoAction`."
            )
        elif self.component[name] == self.component[start.source.name]:
            message = (
                f"`{start.field.path}` is part of a cycle of referential actions"
                f"{self._way(start)}. One relation in it must have `NoAction` for `onDelete` and "
                "`onUpdate`."
            )
        elif name in self.before_self_relation:
            message = (
                f"The referential actions of `{start.field.path}` go on into a model that is "
                "related to itself; that relation's actions must both be `NoAction`."
            )
        else:
            return
        self._report(start, message, report)

    def _way(self, start: _Edge) -> str:
        """The shortest way back to where `start` starts, for the message."""
        component = self.component[start.source.name]
        came_by: dict[str, _Edge] = {start.target.name: start}
        pending = [start.target.name]
        for name in pending:
            if name == start.source.name:
                way = [came_by[name]]
                while way[-1] is not start:
                    way.append(came_by[way[-1].source.name])
                return ": " + " -> ".join(edge.field.path for edge in reversed(way))
            if len(pending) > 200:
                break
            for edge in self.outgoing.get(name, ()):
                target = edge.target.name
                if edge.changing and target not in came_by and self.component[target] == component:
                    came_by[target] = edge
                    pending.append(target)
        return ""

    def _components(self) -> dict[str, int]:
        """Model -> number of its strongly connected component over changing relations (Tarjan)."""
        component: dict[str, int] = {}
        order: dict[str, int] = {}
        low: dict[str, int] = {}
        stack: list[str] = []
        for edge in self.edges.values():
            for root in (edge.source.name, edge.target.name):
                if root in order:
                    continue
                order[root] = low[root] = len(order)
                stack.append(root)
                work = [(root, iter(self.outgoing.get(root, ())))]
                while work:
                    name, edges = work[-1]
                    for following in edges:
                        target = following.target.name
                        if not following.changing:
                            continue
                        if target not in order:
                            order[target] = low[target] = len(order)
                            stack.append(target)
                            work.append((target, iter(self.outgoing.get(target, ()))))
                            break
                        if target not in component:
                            low[name] = min(low[name], order[target])
                    else:
                        work.pop()
                        if work:
                            parent = work[-1][0]
                            low[parent] = min(low[parent], low[name])
                        if low[name] == order[name]:
                            while True:
                                member = stack.pop()
                                component[member] = order[name]
                                if member == name:
                                    break
        return component

    def _before_self_relations(self) -> set[str]:
        """Models from which changing relations lead to a model that has one with itself."""
        incoming: dict[str, list[str]] = {}
        found: set[str] = set()
        for edge in self.edges.values():
            if edge.changing:
                if edge.source is edge.target:
                    found.add(edge.source.name)
                else:
                    incoming.setdefault(edge.target.name, []).append(edge.source.name)
        pending = list(found)
        for name in pending:
            for source in incoming.get(name, ()):
                if source not in found:
                    found.add(source)
                    pending.append(source)
        return found

    def _paths(self, start: _Edge, report: Report) -> None:
        source = start.source
        seen: dict[str, set[str]] = {}
        for first in self.outgoing.get(source.name, ()):
            if first.changing:
                seen.setdefault(first.field.line.name, set()).update(self._reached(first))
        mine = seen.pop(start.field.line.name, set())
        shared = sorted(mine & set().union(*seen.values())) if seen else []
        if shared:
            self._report(
                start,
                f"A change of {quoted(shared)} reaches `{source.name}` by several relations, of "
                f"which `{start.field.path}` is one; all but one need `NoAction` for `onDelete` "
                "and `onUpdate`.",
                report,
            )

    def _reached(self, first: _Edge) -> set[str]:
        """Models at which a way that starts with `first` comes by.

        A way into a self-relation, or back to where it started, is none.
        """
        known = self.reached.get(id(first))
        if known is not None:
            return known
        source = first.source
        reached: set[str] = set()
        self.reached[id(first)] = reached
        pending: list[tuple[_Edge, tuple[_Edge, ...]]] = [(first, (first,))]
        budget = 20_000  # a limit against graphs with exponentially many ways
        while pending and budget:
            budget -= 1
            edge, path = pending.pop()
            if edge.source is edge.target or edge.target is source:
                continue
            following = [
                one
                for one in self.outgoing.get(edge.target.name, ())
                if one.changing and one not in path
            ]
            if not following:
                reached.update(one.target.name for one in path)
            else:
                pending.extend((one, (*path, one)) for one in following)
        return reached

    def _report(self, start: _Edge, message: str, report: Report) -> None:
        report.error(
            start.field.line.span,
            message,
            help=f"Not written here, and so {' and '.join(start.defaults)}."
            if start.defaults
            else None,
        )
