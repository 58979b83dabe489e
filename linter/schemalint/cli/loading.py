"""Loads one schema for any database: its files, and its migrations laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec

from schemalint.config import Settings
from schemalint.finding import Finding, Related
from schemalint.loaders import sqlite_foreign_keys
from schemalint.loaders.loaded import Loaded, Loader, ModuleLoader, Problem, ScriptLoader
from schemalint.loaders.prisma.dialect import PROVIDERS
from schemalint.model import Dialect, Schema
from schemalint.project.migrations import Migrations
from schemalint.project.providers import Provider
from schemalint.project.schemas import SchemaFiles
from schemalint.registry import Registry
from schemalint.source import SourceFile, Span

_FAMILY = {Dialect.MARIADB: Dialect.MYSQL}


class Understood(Loaded, frozen=True):
    """A schema as its project has it; `drift` is where its migrations say something else, `scripts`
    the files of SQL that make it, in order: () where it is written in another language alone."""

    drift: tuple[Finding, ...] = ()
    scripts: tuple[SourceFile, ...] = ()


class SchemaLoading:
    """Loads the schema in `files`, of a project with these settings."""

    def __init__(self, registry: Registry, files: SchemaFiles, settings: Settings) -> None:
        self._registry = registry
        self._files = files
        self._settings = settings
        loader = registry.loader(files.suffix)
        assert loader is not None, files.suffix  # only files that some loader reads are found
        self._loader = loader

    def load(self, dialect: Dialect | None) -> Understood:
        """The schema for `dialect`, or for the one that its files name."""
        files, migrations = self._files, self._files.migrations
        locked = files.provider or (migrations.provider if migrations else None)
        loaded = self._load(dialect)
        if loaded.schema.dialect is None and locked is not None and locked.dialect is not None:
            loaded = self._load(locked.dialect)
        scripts = self._scripts(loaded.schema.dialect) if files.suffix == "sql" else ()
        understood = Understood(loaded.schema, loaded.problems, loaded.beside, scripts=scripts)
        if migrations is not None and migrations.files:
            understood = self._with_migrations(loaded, migrations)
        return self._governed(understood)

    def _load(self, dialect: Dialect | None) -> Loaded:
        files = self._files
        if files.suffix == "sql":
            return _replayed(self._loader, self._scripts(dialect), dialect, files.provider)
        if files.sources is None:
            return self._loader.load(files.files, dialect=dialect)
        loader = cast("ModuleLoader", self._loader)  # only modules come with sources
        return loader.load(files.files, dialect=dialect, sources=files.sources)

    def _scripts(self, dialect: Dialect | None) -> tuple[SourceFile, ...]:
        """The files of SQL that are run on this database."""
        from schemalint.project.for_database import for_database

        return tuple(for_database(self._files.files, dialect))

    def in_other(self, dialect: Dialect, own: Dialect | None) -> Schema | None:
        """The schema for a database that a rule asks for; None if it cannot be read as one for it,
        because it is SQL of another, `own`."""
        of_sql = self._files.suffix == "sql" and own is not None
        if of_sql and _family(dialect) is not _family(own):
            return None
        return self.load(dialect).schema

    def _with_migrations(self, loaded: Loaded, migrations: Migrations) -> Understood:
        """The schema as the migrations build it, if they are written for its database."""
        schema, locked = loaded.schema, migrations.provider
        provider = _provider(schema)
        if locked is not None and provider is not None and locked.dialect is not None:
            name, span = provider
            if PROVIDERS.get(name, locked.dialect) is not locked.dialect:
                other = _other_database(locked.name, locked.span, name, span)
                return Understood(schema, (*loaded.problems, other))
        written_for = schema.dialect
        if locked is not None and locked.dialect is not None:
            written_for = locked.dialect
        elif provider is not None:
            written_for = PROVIDERS.get(provider[0])
        if _family(written_for) is not _family(schema.dialect):
            return Understood(schema, loaded.problems)  # asked for another database
        from schemalint.overlay.schemas import overlay

        loader = self._registry.loader("sql")
        assert loader is not None  # migrations are found where SQL is read
        migrated = _replayed(loader, migrations.files, schema.dialect, locked)
        overlaid = overlay(schema, migrated.schema)
        return Understood(
            overlaid.schema,
            (*loaded.problems, *migrated.problems),
            drift=overlaid.findings if migrations.whole else (),
            scripts=migrations.files,
        )

    def _governed(self, understood: Understood) -> Understood:
        if not self._settings.sqlite_foreign_keys:
            return understood
        schema = sqlite_foreign_keys.switched_on(understood.schema)
        return msgspec.structs.replace(understood, schema=schema)


def _replayed(
    loader: Loader,
    files: Sequence[SourceFile],
    dialect: Dialect | None,
    provider: Provider | None,
) -> Loaded:
    """What scripts build, on a platform that has schemas of its own if `provider` says so."""
    if provider is None or not provider.schemas:
        return loader.load(files, dialect=dialect)
    scripts = cast("ScriptLoader", loader)  # a loader of SQL
    return scripts.load(files, dialect=dialect, provided=provider.schemas)


def _family(dialect: Dialect | None) -> Dialect | None:
    """MariaDB runs what is written for MySQL."""
    return None if dialect is None else _FAMILY.get(dialect, dialect)


def _provider(schema: Schema) -> tuple[str, Span] | None:
    """The provider that the datasource names, where it is plainly written."""
    for block in schema.blocks:
        if block.kind == "datasource":
            for setting in block.settings:
                if setting.key == "provider" and setting.value.kind == "string":
                    return setting.value.text, setting.value.span
    return None


def _other_database(locked: str, lock: Span, named: str, datasource: Span) -> Problem:
    """Prisma's error P3019, which is no fault of the schema's language."""
    return Problem(
        f"the migrations were written for {locked}, as `{lock.file.path}` says, and the schema is "
        f"for {named}: they are left out, and the schema is judged by itself",
        datasource,
        warning=True,
        related=(Related("the database of the migrations", lock),),
        help="Prisma applies them to no other database: begin a new history of migrations, or "
        "switch them off in the settings, `migrations: false`",
    )
