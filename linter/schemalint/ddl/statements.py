"""A schema as the statements that make it in an empty database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from schemalint.condition.collations import bare, letters_alike
from schemalint.ddl.columns import has_own_sequence, sequence_name
from schemalint.ddl.extensions import extensions
from schemalint.ddl.foreign_keys import added_foreign_keys
from schemalint.ddl.result import Ddl, Statement
from schemalint.ddl.tables import TableWriter, parents_first
from schemalint.ddl.target import Target
from schemalint.model import Dialect, KeyPart, Layer, Model, Opaque, Schema
from schemalint.source import Span

_LONGEST = 60  # characters of what was not understood


def statements(schema: Schema, dialect: Dialect | None = None) -> tuple[Statement, ...]:
    """The statements of `written` alone."""
    return written(schema, dialect).statements


def written(schema: Schema, dialect: Dialect | None = None) -> Ddl:
    """The DDL of `schema` for SQLite, PostgreSQL, MySQL or MariaDB, in an order that it takes.

    Everything that the database enforces or acts on is made: types, tables, columns, defaults,
    keys, indexes, foreign keys, checks. What only a client or nobody enforces is not (a foreign key
    of `relationMode = "prisma"`, a CHECK that is NOT ENFORCED), and neither are comments and
    grants, which forbid the owner of a table nothing. Triggers and views are left out, and told:
    the AST has what they do and not how it was said. (A schema read from SQL is made by that SQL.)

    Args:
        schema: loaded for the database in question: types and names depend on it.
        dialect: the database where the schema names none; MARIADB for a schema of MySQL's, or
            the reverse.

    Raises:
        ValueError: the schema is for no database, for another one, or for one whose DDL is not
            written.
    """
    target = Target(schema, dialect)
    drafts = [(model, TableWriter(model, target)) for model in parents_first(target.models)]
    tables = []
    for model, table in drafts:
        if table.columns or target.postgresql:
            tables.append((model, table))
            target.take(model, table.columns)
        else:
            target.leave_out(model)
    found = [*_namespaces(target), *_collations(target), *_enums(target), *_sequences(target)]
    found += [table.create() for _, table in tables]
    for _, table in tables:
        found += table.indexes()
    for model, table in tables:
        found += added_foreign_keys(model, table.columns, target)
    _left_out(target)
    return Ddl(
        tuple(found),
        tuple(target.omissions),
        extensions(schema) if target.postgresql else (),
    )


def _namespaces(target: Target) -> Iterator[Statement]:
    """PostgreSQL's database schemas, each where it is met first."""
    seen: set[str] = set()
    enums = [(one.schema, one.name_span) for one in target.schema.enums]
    for schema, span in [*enums, *((one.schema, one.name_span) for one in target.models)]:
        namespace = target.namespace(schema)
        if namespace is not None and namespace not in seen:
            seen.add(namespace)
            yield Statement(f"CREATE SCHEMA IF NOT EXISTS {target.quoted(namespace)}", span)


def _collations(target: Target) -> Iterator[Statement]:
    """PostgreSQL's collations of ICU that ignore letter case: it has none by itself. They are made
    under the name of what they compare as, which is what the AST has of them."""
    if not target.postgresql:
        return
    made: set[str] = set()
    for model in target.models:
        for collation, span in _named_collations(model):
            name = bare(collation)
            if letters_alike(name) and name not in made:
                made.add(name)
                options = f"provider = icu, locale = '{name}', deterministic = false"
                yield Statement(f"CREATE COLLATION {target.quoted(name)} ({options})", span)


def _named_collations(model: Model) -> Iterator[tuple[str, Span]]:
    for field in model.fields:
        if field.collation is not None:
            yield field.collation, field.span
    lists: list[Sequence[KeyPart]] = [key.parts for key in model.keys]
    lists += [index.parts for index in model.indexes]
    lists += [exclusion.parts for exclusion in model.exclusions]
    for part in chain.from_iterable(lists):
        if part.collation is not None:
            yield part.collation, part.span


def _enums(target: Target) -> Iterator[Statement]:
    """PostgreSQL's enum types. MySQL has the values in the column's type, SQLite nowhere."""
    if not target.postgresql:
        return
    for enum in target.schema.enums:
        if enum.layer is Layer.DATABASE:
            values = ", ".join("'" + one.stored.replace("'", "''") + "'" for one in enum.values)
            name = target.qualified(enum.schema, enum.type)
            yield Statement(f"CREATE TYPE {name} AS ENUM ({values})", enum.span)


def _sequences(target: Target) -> Iterator[Statement]:
    if not target.postgresql:
        return
    for model in target.models:
        for field in model.fields:
            if has_own_sequence(field):
                name = target.qualified(model.schema, sequence_name(model, field))
                yield Statement(f"CREATE SEQUENCE {name}", field.span)


def _left_out(target: Target) -> None:
    """Tell what the AST cannot be written from."""
    for model in target.schema.models:
        table = model.table
        if model.kind == "view":
            target.omit(f"the view `{table}`", "its query is not known", model.span, table)
            continue
        for trigger in model.triggers:
            what = f"the trigger `{trigger.name}` of `{table}`"
            target.omit(what, "triggers are not written", trigger.span, table)
        if model.partition_of is not None:
            reason = "it is made as a table of its own"
            target.omit(f"the partition `{table}`", reason, model.span, table, model.partition_of)
        if model.schema is not None and not target.postgresql:
            what = f"the schema `{model.schema}` of `{table}`"
            without = "the table is made without it"
            target.omit(what, without, model.name_span, table, bears=False)
        for opaque in model.opaque:
            target.omit(_called(opaque), opaque.reason, opaque.span, *opaque.tables)
        if not target.postgresql:
            for exclusion in model.exclusions:
                what = f"the exclusion constraint of `{table}`"
                reason = f"{target.dialect} has none"
                target.omit(what, reason, exclusion.span, table, bears=False)
    for opaque in target.schema.opaque:
        target.omit(_called(opaque), opaque.reason, opaque.span, *opaque.tables)


def _called(opaque: Opaque) -> str:
    words = " ".join(opaque.text.split())
    return f"the {opaque.kind} `{words if len(words) <= _LONGEST else words[:_LONGEST] + ' ...'}`"
