"""What rules about references forbid."""

from __future__ import annotations

from tests.oracle.verdicts.attacker import TAG, Row, State, Step, tables
from tests.oracle.verdicts.conditions import Condition
from tests.oracle.verdicts.forbidden import STORED_OF, Rule
from tests.oracle.verdicts.schemas import Model, Pointer, Schema


class Reference(Rule):
    columns: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    target = ""
    required = True
    on_delete: str | None = None
    on_update: str | None = None
    cardinality: str | None = None
    schema: Schema

    def reads(self) -> dict[str, Condition | None]:
        assert self.model is not None
        return {self.model.name: None, self.target: None}

    def _points(self, row: Row) -> tuple[object, ...] | None:
        values = tuple(row[name] for name in self.columns)
        return None if None in values else values

    def _key(self, row: Row) -> tuple[object, ...]:
        return tuple(row[name] for name in self.references)

    def wrong(self, state: State) -> str | None:
        parents = {self._key(row) for row in state.get(self.target, {}).values()}
        pointed: list[tuple[object, ...]] = []
        for row in self.rows(state):
            there = self._points(row)
            if there is None:
                if self.required:
                    return f"row {row[TAG]} points nowhere"
            elif there not in parents:
                return f"row {row[TAG]} points at no row"
            else:
                pointed.append(there)
        if self.cardinality == "one-to-one" and len(pointed) > len(set(pointed)):
            return "two rows point at one"
        if self.cardinality == "one-or-more" and parents - set(pointed):
            return "no row points at one"
        return None

    def accepted(self, before: State, step: Step, after: State) -> str | None:
        found = self.wrong(after)
        if found or step.model != self.target or step.kind not in ("delete", "update"):
            return found
        assert self.model is not None
        parent = before[self.target][step.row]
        children = self._children(before, parent)
        now = after[self.target].get(step.row)
        if not children:
            return None
        if step.kind == "delete" and now is None and self.on_delete:
            return self._outcome(self.on_delete, children, after, None)
        if step.kind == "update" and now is not None and self.on_update:
            key = self._key(now)
            if key != self._key(parent):
                return self._outcome(self.on_update, children, after, key)
        return None

    def _children(self, state: State, parent: Row) -> list[Row]:
        own = self.model is not None and self.model.name == self.target
        return [
            row
            for row in self.rows(state)
            if self._points(row) == self._key(parent) and not (own and row[TAG] == parent[TAG])
        ]

    def _outcome(
        self, stated: str, children: list[Row], after: State, key: tuple[object, ...] | None
    ) -> str | None:
        assert self.model is not None
        if stated in ("restrict", "no_action"):
            return "a parent with children was changed"
        for child in children:
            now = after[self.model.name].get(child[TAG])
            if stated == "cascade":
                if key is None and now is not None:
                    return f"child {child[TAG]} stays"
                if key is not None and (now is None or self._points(now) != key):
                    return f"child {child[TAG]} does not follow"
            elif now is None:
                return f"child {child[TAG]} is gone"
            elif stated == "set_null" and any(now[name] is not None for name in self.columns):
                return f"child {child[TAG]} is not set to NULL"
            elif stated == "set_default":
                for name in self.columns:
                    if not _is_default(self.model, name, now[name]):
                        return f"child {child[TAG]} is not set to the default"
        return None

    def refused(self, before: State, step: Step, error: str) -> str | None:
        """A parent that the rule lets go and the key does not. Only where nothing else could be the
        reason: nobody else points at it, nobody at its children."""
        if step.model != self.target or step.kind not in ("delete", "update"):
            return None
        stated = self.on_delete if step.kind == "delete" else self.on_update
        if stated not in ("cascade", "set_null", "set_default"):
            return None
        if not any(word in error.lower() for word in ("foreign key", "not null", "not-null")):
            return None
        parent = before[self.target][step.row]
        children = self._children(before, parent)
        if not children or not self._alone(before, parent, children, step):
            return None
        if stated == "set_default" and not self._default_exists(before, parent):
            return None
        if step.kind == "update":
            if set(step.given) != set(self.references):
                return None
            target = self.schema.model(self.target)
            if any(set(one.columns) & step.given for one in target.pointers) or "NULL" in step.sql:
                return None
        return f"{step.kind} of a parent is refused, where the rule says {stated}"

    def _default_exists(self, state: State, parent: Row) -> bool:
        assert self.model is not None
        return any(
            all(
                _is_default(self.model, name, row[reference])
                for name, reference in zip(self.columns, self.references, strict=True)
            )
            for row in state[self.target].values()
            if row is not parent
        )

    def _alone(self, state: State, parent: Row, children: list[Row], step: Step) -> bool:
        rows = [(self.target, parent)]
        assert self.model is not None
        rows += [(self.model.name, child) for child in children]
        for model in tables(self.schema):
            for pointer in model.pointers:
                own = model.name == self.model.name and pointer.columns == self.columns
                shares = set(pointer.columns) & set(self.columns)
                if not own and shares and model.name == self.model.name:
                    return False
                for name, row in rows:
                    if pointer.target != name or (own and name == self.target and row is parent):
                        continue
                    key = tuple(row[one] for one in pointer.references)
                    if any(
                        tuple(one[column] for column in pointer.columns) == key
                        for one in state[model.name].values()
                    ):
                        return False
        return True


def _is_default(model: Model, name: str, value: object) -> bool:
    default = model.column(name).default
    if default is None:
        return value is None
    if value is None:
        return False
    return str(value).lower() == default.strip('"').lower() or STORED_OF.get(default) == value


class ManyToMany(Rule):
    pair: tuple[Pointer, Pointer]
    link = ""

    def reads(self) -> dict[str, Condition | None]:
        return {self.link: None, self.pair[0].target: None, self.pair[1].target: None}

    def wrong(self, state: State) -> str | None:
        seen: set[tuple[object, ...]] = set()
        for row in state[self.link].values():
            linked: tuple[object, ...] = ()
            for pointer in self.pair:
                there = tuple(row[name] for name in pointer.columns)
                keys = {
                    tuple(one[name] for name in pointer.references)
                    for one in state[pointer.target].values()
                }
                if there not in keys:
                    return f"link {row[TAG]} leads to no row"
                linked += there
            if linked in seen:
                return "a pair is linked twice"
            seen.add(linked)
        return None
