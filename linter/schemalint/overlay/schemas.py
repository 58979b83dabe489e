"""Lays the schema that migrations build over the one that Prisma's file declares."""

from __future__ import annotations

import msgspec

from schemalint.finding import Finding, Related
from schemalint.model import Model, Opaque, Schema
from schemalint.overlay.drift import TO_AGREE, TO_DECLARE, TO_MIGRATE, Drift
from schemalint.overlay.enums import overlaid_enums
from schemalint.overlay.fields import FieldOverlay
from schemalint.overlay.foreign_keys import ForeignKeyOverlay
from schemalint.overlay.keys import KeyOverlay
from schemalint.overlay.names import Key, Names, free_name
from schemalint.overlay.spelling import respelled

# What Prisma keeps its own books in, and tables of extensions that its Migrate passes over.
_NO_TABLES_OF_THE_SCHEMA = frozenset(
    ("_prisma_migrations", "spatial_ref_sys", "geometry_columns", "geography_columns")
)
# What Prisma's language could not tell, and the migrations do.
_SETTLED = frozenset(("default", "predicate", "key", "foreign key"))


class Overlaid(msgspec.Struct, frozen=True):
    """The schema as the database has it, and where its two sources differ."""

    schema: Schema
    findings: tuple[Finding, ...] = ()


def overlay(declared: Schema, migrated: Schema) -> Overlaid:
    """One schema of a Prisma schema and the schema that its migrations build.

    What the database has (columns' types, nullability and defaults, keys, indexes, foreign keys,
    checks, triggers, grants) is as the migrations say, and keeps its place in the Prisma schema
    where that says the same. Logical names, relations, documentation and what the client does are
    Prisma's. A table or column that no migration makes stays as it is declared: no row has it,
    so that whatever is said of it holds. Each difference is a finding, in the order of the schema;
    what Prisma's language cannot say is none.
    """
    return _Overlay(declared, migrated).overlaid()


class _Overlay:
    def __init__(self, declared: Schema, migrated: Schema) -> None:
        self._declared = declared
        self._names = names = Names(declared.dialect)
        self._migrated = migrated = respelled(migrated, declared, names)
        self._drift = Drift(migrated)
        self._built = {names.table(model): model for model in migrated.models}
        self._known = {
            names.table(model): model for model in declared.models if model.kind != "type"
        }
        self._logical = self._logical_names()

    def _logical_names(self) -> dict[Key, str]:
        found = {key: model.name for key, model in self._known.items()}
        taken = {model.name for model in self._declared.models}
        for key, model in self._built.items():
            if key not in found and model.table not in _NO_TABLES_OF_THE_SCHEMA:
                found[key] = free_name(model.name, taken)
                taken.add(found[key])
        return found

    def overlaid(self) -> Overlaid:
        declared, migrated, names, drift = (
            self._declared,
            self._migrated,
            self._names,
            self._drift,
        )
        enums = overlaid_enums(declared, migrated, names, drift)
        self._fields = FieldOverlay(names, declared.dialect, enums.renamed, drift)
        self._foreign_keys = ForeignKeyOverlay(names, self._logical, self._built, drift)
        models = [self._model(model) for model in declared.models]
        models += [
            self._unknown_to_client(key, model)
            for key, model in self._built.items()
            if key not in self._known and key in self._logical
        ]
        schema = msgspec.structs.replace(
            declared,
            files=(*declared.files, *migrated.files),
            models=tuple(models),
            enums=enums.enums,
            opaque=(*declared.opaque, *migrated.opaque),
        )
        return Overlaid(schema, drift.in_order(schema.files))

    # -- models

    def _model(self, model: Model) -> Model:
        """A model of the schema as the database has its table."""
        table = self._built.get(self._names.table(model))
        if model.kind not in ("model", "join"):
            return model
        if table is None:
            if not model.ignored:
                self._missing(model)
            return model
        if table.kind == "view":
            self._is_view(model, table)
            return msgspec.structs.replace(model, kind="view", opaque=_opaque(model, table))
        told = not model.ignored
        fields = self._fields.fields(model, table, told=told)
        keys = KeyOverlay(self._names, model, table, self._drift, told=told).keys()
        return msgspec.structs.replace(
            model,
            fields=fields,
            primary_key=keys.primary_key,
            uniques=keys.uniques,
            indexes=keys.indexes,
            foreign_keys=self._foreign_keys.foreign_keys(model, table, told=told),
            checks=table.checks,
            exclusions=table.exclusions,
            triggers=table.triggers,
            grants=table.grants,
            opaque=_opaque(model, table),
            strict=table.strict,
            inherits=table.inherits,
            partition_of=table.partition_of,
            partition_by=table.partition_by,
            bound=table.bound,
        )

    def _unknown_to_client(self, key: Key, table: Model) -> Model:
        """A table or view of the migrations alone: no part of the client."""
        name = self._logical[key]
        seen = key[0] in {"", *(within for within, _ in self._known)}  # of the database's schemas
        alone = table.partition_of is None and not table.inherits
        if table.kind == "model" and alone and seen:
            self._drift.tell(
                table.table,
                f"the migrations make a table `{table.table}`, which the schema does not know",
                table.name_span,
                help=TO_DECLARE,
                name=table.table,
            )
        keys = [self._foreign_keys.of_migrations(one) for one in table.foreign_keys]
        return msgspec.structs.replace(
            table,
            name=name,
            ignored=True,
            fields=self._fields.unknown_table(table),
            foreign_keys=tuple(keys),
            relations=tuple(
                [
                    relation
                    for relation in table.relations
                    if self._declared.model(relation.model) is not None
                ]
            ),
        )

    # -- what differs

    def _missing(self, model: Model) -> None:
        what = (
            f"the join table `{model.table}` of this relation"
            if model.kind == "join"
            else f"the table `{model.table}`"
            + (f" of `{model.name}`" if model.table != model.name else "")
        )
        self._drift.tell(
            model.name,
            f"no migration makes {what}: the database does not have it",
            model.name_span,
            help=TO_MIGRATE,
            name=model.table,
        )

    def _is_view(self, model: Model, table: Model) -> None:
        self._drift.tell(
            model.name,
            f"`{model.name}` is a model by the schema, and `{table.table}` a view by the "
            "migrations: what is declared of its fields binds nobody",
            model.name_span,
            Related("the view is made here", table.name_span),
            help=f"{TO_AGREE}: `view {model.name} {{ ... }}`",
            name=table.table,
        )


def _opaque(model: Model, table: Model) -> tuple[Opaque, ...]:
    """What neither side understood; what only Prisma's language left open is settled."""
    left = [one for one in model.opaque if one.kind not in _SETTLED]
    return (*left, *table.opaque)
