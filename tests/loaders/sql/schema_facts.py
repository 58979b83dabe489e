"""A loaded schema in the form in which a database's catalog can be compared with it.

Facts by path: `t` a table, `t.a` a column, `t primary key`, `t unique NAME` and so on. What a
database has no word for is left out; see the modules that introspect.
"""

from __future__ import annotations

from typing import Any

from schemalint.model import Field, ForeignKey, Model, Schema, Unique

Facts = dict[str, Any]


def table_name(schema: str | None, table: str) -> str:
    """With its schema, unless that is the default one."""
    return f"{schema}.{table}" if schema else table


def schema_facts(schema: Schema) -> Facts:
    """What the schema says, by path."""
    facts: Facts = {}
    for enum in schema.enums:
        facts[f"enum {table_name(enum.schema, enum.type)}"] = [one.stored for one in enum.values]
    for model in schema.models:
        if model.kind == "view":
            columns = [field.column for field in model.fields]
            facts[f"view {table_name(model.schema, model.table)}"] = columns
        else:
            _table(model, facts)
    return facts


def _table(model: Model, facts: Facts) -> None:
    table = table_name(model.schema, model.table)
    facts[table] = {"strict": model.strict, "inherits": list(model.inherits)}
    for field in model.fields:
        facts[f"{table}.{field.column}"] = _column(field)
    key = model.primary_key
    if key is not None:
        facts[f"{table} primary key"] = (key.name, list(key.columns), key.deferrable)
    for unique in model.uniques:
        _add(facts, table, "unique", unique.name, _unique(unique))
    for index in model.indexes:
        parts = [_part(part) for part in index.parts]
        _add(facts, table, "index", index.name, (parts, index.where, index.type))
    for foreign_key in model.foreign_keys:
        _add(facts, table, "foreign key", foreign_key.name, _foreign_key(foreign_key))
    for check in model.checks:
        _add(facts, table, "check", check.name, (check.expression, check.enforced))
    for exclusion in model.exclusions:
        facts[f"{table} exclusion {exclusion.name}"] = (
            [_part(part) for part in exclusion.parts],
            list(exclusion.operators),
            exclusion.where,
        )
    for trigger in model.triggers:
        path = f"{table} trigger {trigger.name}"  # one trigger is as many facts as it has effects
        events = {*facts.get(path, {"events": ()})["events"], *trigger.events}
        facts[path] = {
            "timing": trigger.timing,
            "events": sorted(events),
            "for each": trigger.for_each,
            "columns": sorted(trigger.columns),
            "enabled": trigger.enabled,
            "body": trigger.body,
        }


def _add(facts: Facts, table: str, kind: str, name: str | None, fact: Any) -> None:
    """A constraint by its name; those without one (SQLite's) are a sorted list."""
    if name is not None:
        facts[f"{table} {kind} {name}"] = fact
        return
    unnamed = facts.setdefault(f"{table} unnamed {kind}", [])
    unnamed.append(fact)
    unnamed.sort(key=repr)


def _foreign_key(key: ForeignKey) -> Facts:
    return {
        "columns": list(key.columns),
        "table": table_name(key.schema, key.table),
        "references": list(key.references),
        "on delete": key.on_delete.value,
        "on update": key.on_update.value,
        "match": key.match,
        "deferrable": key.deferrable,
        "set columns": list(key.set_columns),
        "enforced": key.enforced,
    }


def _column(field: Field) -> Facts:
    default = field.default
    return {
        "native": field.native,
        "type": field.type.value,
        "enum": field.enum,
        "nullable": field.nullable,
        "list": field.list,
        "default": None if default is None else (default.kind, default.expression),
        "generated": None
        if field.generated is None
        else (field.generated.expression, field.generated.stored),
        "collation": field.collation,
        "ignore case": field.ignore_case,
        "renewed": field.updated_at is not None,
    }


def _unique(unique: Unique) -> Facts:
    return {
        "parts": [_part(part) for part in unique.parts],
        "where": unique.where,
        "nulls": unique.nulls,
        "index": unique.index,
        "deferrable": unique.deferrable,
        "ignore case": unique.ignore_case,
    }


def _part(part: Any) -> tuple[Any, ...]:
    return (part.column, part.expression, part.descending, part.length, part.collation)


def differences(loaded: Facts, real: Facts) -> list[str]:
    """One line for each fact that differs, of those that the database tells."""
    found = []
    for path in [*real, *(path for path in loaded if path not in real)]:
        ours, theirs = loaded.get(path), real.get(path)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            found += [
                f"{path} {key}: {ours.get(key)!r}, really {theirs.get(key)!r}"
                for key in theirs
                if ours.get(key) != theirs[key]
            ]
        elif ours != theirs:
            found.append(f"{path}: {ours!r}, really {theirs!r}")
    return found
