"""What the differential test does not draw, by name, each with its reason.

A place is a language and a database, `sql sqlite`; places and constructs are patterns. What stands
here and occurs all the same is a fault of the list.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import msgspec


class LeftOut(msgspec.Struct, frozen=True):
    """Constructs that do not occur in some places, and why."""

    why: str
    places: tuple[str, ...]
    constructs: tuple[str, ...]


_EVERYWHERE = ("* *",)
_SQL = ("sql *",)
_PRISMA = ("prisma *",)
_SQLMODEL = ("sqlmodel *",)
_SQLITE = ("* sqlite",)
_MYSQL = ("* mysql",)
_NOT_SQLITE = ("* postgresql", "* mysql")
_NOT_POSTGRESQL = ("* sqlite", "* mysql")
_NOT_MYSQL = ("* sqlite", "* postgresql")
_MODELS = ("prisma *", "sqlmodel *")

_LEFT_OUT = (
    # -- nowhere
    LeftOut(
        "no loader gives it this layer: what only a client checks stands among the claims",
        _EVERYWHERE,
        (
            "Check.layer=client",
            "Check.layer=service",
            "Default.layer=service",
            "Field.updated_at=service",
            "ForeignKey.layer=service",
            "PrimaryKey.layer=client",
            "Unique.layer=client",
        ),
    ),
    LeftOut(
        "the key of a view, over whose rows nothing can be tried",
        _EVERYWHERE,
        ("PrimaryKey.layer=service", "Unique.layer=service"),
    ),
    LeftOut(
        "loaders give it the name that the database would",
        _EVERYWHERE,
        ("Exclusion.name=none", "Index.name=none"),
    ),
    LeftOut(
        "composite types are MongoDB's; PostgreSQL's are not understood",
        _EVERYWHERE,
        ("Field.composite=given", "Field.type=composite", "Model.kind=type"),
    ),
    LeftOut(
        "a table without columns, a schema without tables: no rule speaks of them",
        _EVERYWHERE,
        ("Model.fields=none", "Schema.models=none"),
    ),
    LeftOut(
        "only of text that its language or its database refuses, and so nothing is built of",
        _EVERYWHERE,
        ("Model.opaque=one", "Model.opaque=several", "Opaque.tables=several", "Trigger.body=none"),
    ),
    LeftOut(
        "refused before version 18 of PostgreSQL and by MariaDB; MySQL itself is not at hand",
        _EVERYWHERE,
        ("Check.enforced=false",),
    ),
    LeftOut(
        "rows that were there before: what is drawn is one file, whose tables are empty until then",
        _EVERYWHERE,
        ("Check.validated=false", "ForeignKey.validated=false"),
    ),
    LeftOut(
        "a trigger cannot change or drop what has been done, nor assign to a row that goes",
        _EVERYWHERE,
        ("trigger after * sets", "trigger after * skips*", "trigger before delete sets"),
    ),
    # -- by the database
    LeftOut(
        "it has none",
        _NOT_POSTGRESQL,
        (
            "Default.always=true",
            "Exclusion.*",
            "Model.exclusions=one",
            "Model.exclusions=several",
            "Field.list=true",
            "ForeignKey.set_columns=one",
            "ForeignKey.set_columns=several",
            "KeyPart.operator_class=given",
            "Model.inherits=[os]*",
            "Model.partition_*=given",
            "Model.bound=given",
            "PrimaryKey.deferrable=deferred",
            "PrimaryKey.deferrable=immediate",
            "PrimaryKey.deferrable=given",
            "Unique.deferrable=deferred",
            "Unique.deferrable=immediate",
            "Unique.deferrable=given",
            "Unique.nulls=equal",
            "a list in a unique",
            "a list of an enum",
            "no_overlap.during=one",
            "Trigger.enabled=false",
            "Trigger.events=several",
            "Trigger.events=truncate",
            "Trigger.for_each=statement",
        ),
    ),
    LeftOut(
        "schemas of SQLite's and MySQL's are other databases; here is one, thrown away",
        _NOT_POSTGRESQL,
        (
            "Model.schema=given",
            "ForeignKey.schema=given",
            "Enum.schema=given",
            "a foreign key of the database schema to another",
        ),
    ),
    LeftOut(
        "SQLite has nobody to grant to; MySQL's grants outlive the database that is thrown away",
        _NOT_POSTGRESQL,
        ("Grant.*", "Model.grants=one", "Model.grants=several"),
    ),
    LeftOut(
        "SQLite and MariaDB read MATCH FULL and do nothing",
        _NOT_POSTGRESQL,
        ("ForeignKey.match=full",),
    ),
    LeftOut(
        "it is SQLite's",
        _NOT_SQLITE,
        (
            "Model.strict=true",
            "Model.without_rowid=true",
            "Default.reused=true",
            "Check.name=none",
            "Unique.name=none",
            "Enum.layer=client",
        ),
    ),
    LeftOut(
        "it is SQLite's, or Prisma's relationMode",
        ("sql postgresql", "sql mysql", "sqlmodel postgresql", "sqlmodel mysql"),
        ("ForeignKey.layer=client", "ForeignKey.name=none", "Schema.foreign_keys_enforced=false"),
    ),
    LeftOut(
        "PostgreSQL and SQL Server have names for it",
        ("sql mysql", "prisma sqlite", "prisma mysql", "sqlmodel mysql"),
        ("PrimaryKey.name=given",),
    ),
    LeftOut("PostgreSQL names it", ("* postgresql",), ("PrimaryKey.name=none",)),
    LeftOut(
        "a column without a type is SQLite's",
        ("sql postgresql", "sql mysql", "prisma *", "sqlmodel sqlite"),
        ("Field.native=none",),
    ),
    LeftOut(
        "views take such triggers on SQLite and PostgreSQL; drawn on SQLite",
        _NOT_SQLITE,
        ("Trigger.timing=instead of",),
    ),
    LeftOut(
        "it is MySQL's",
        _NOT_MYSQL,
        ("Field.updated_at=database", "ForeignKey.enforced=false", "KeyPart.length=given"),
    ),
    LeftOut(
        "MySQL has none",
        _MYSQL,
        (
            "ForeignKey.deferrable=deferred",
            "ForeignKey.deferrable=immediate",
            "ForeignKey.deferrable=given",
            "Index.where=given",
            "Unique.where=given",
            "Trigger.columns=one",
            "Trigger.columns=several",
            "Trigger.when=given",
            "Trigger.effect=skips",
            "Trigger.effect=skips-if",
            "trigger * skips*",
        ),
    ),
    LeftOut(
        "MariaDB has no keys over expressions, nor collations of members; every key is an index",
        _MYSQL,
        (
            "KeyPart.collation=given",
            "KeyPart.column=none",
            "KeyPart.expression=given",
            "Unique.index=false",
            "a unique over a column and an expression",
        ),
    ),
    LeftOut(
        "an INSERT that is always refused leaves nothing to ask; MariaDB's draws have none",
        ("sql mysql",),
        ("trigger before insert raises", "trigger after insert raises"),
    ),
    LeftOut(
        "its triggers cannot assign, nor warn",
        ("sql sqlite",),
        ("Trigger.assigns=one", "Trigger.assigns=several", "trigger before * sets"),
    ),
    LeftOut(
        "it has a body, that is an effect on other tables, only after the change",
        ("sql sqlite",),
        ("trigger before * nothing",),
    ),
    LeftOut(
        "no statement of SQLite's is passed over that could take something away",
        ("sql sqlite",),
        ("Opaque.removes=true", "Opaque.tables=none", "Schema.opaque=several"),
    ),
    LeftOut(
        "of the statements that are not understood, one in each schema, and over no table",
        ("sql mysql",),
        ("Opaque.removes=false", "Opaque.tables=one", "Schema.opaque=several"),
    ),
    LeftOut(
        "MariaDB refuses nearly all of it: no action may change what something is computed from",
        ("sql mysql",),
        ("a foreign key over a generated column",),
    ),
    LeftOut(
        "PostgreSQL before version 18 has none",
        ("* postgresql",),
        ("Generated.stored=false",),
    ),
    LeftOut(
        "SQL's calls of functions are expressions",
        ("sql *",),
        ("Default.kind=function",),
    ),
    LeftOut(
        "SQLite takes no key that is added later",
        ("sql sqlite",),
        ("foreign keys in a circle",),
    ),
    LeftOut(
        "SQLite has no enums: columns that have one are text with a CHECK, or without",
        ("sql sqlite",),
        (
            "Enum.*",
            "EnumValue.*",
            "Field.enum=given",
            "Field.type=enum",
            "Schema.enums=one",
            "Schema.enums=several",
            "an enum *",
        ),
    ),
    LeftOut("SQLite has no enums that it would keep", _SQLITE, ("Enum.layer=database",)),
    LeftOut("to SQLite they are names like any other", _SQLITE, ("type SERIAL", "type BIGSERIAL")),
    LeftOut("SQLite has no comments", ("sql sqlite",), ("Model.doc=given", "Field.doc=given")),
    LeftOut("its triggers cannot assign", _SQLITE, ("Trigger.effect=sets",)),
    # -- by the language
    LeftOut(
        "SQL has one name for each thing, and neither relations nor a client",
        _SQL,
        (
            "Default.layer=client",
            "Field.ignored=true",
            "Field.updated_at=client",
            "Model.ignored=true",
            "Model.kind=join",
            "Model.relations=one",
            "Model.relations=several",
            "Relation.*",
            "a field under another name than its column",
            "a model under another name than its table",
            "an enum whose values are stored under other names",
            "EnumValue.doc=given",
            "Enum.layer=service",
        ),
    ),
    LeftOut(
        "only MySQL has it of its own",
        ("sql sqlite", "sql postgresql"),
        ("Field.updated_at=given",),
    ),
    LeftOut("MySQL has no comments of types", ("sql mysql",), ("Enum.doc=given",)),
    LeftOut(
        "Prisma has no word for it: it stands in migrations, whose SQL is drawn as SQL",
        _PRISMA,
        (
            "Check.*",
            "Model.checks=one",
            "Model.checks=several",
            "Default.always=true",
            "Default.sql=given",
            "Exclusion.*",
            "Model.exclusions=*",
            "Field.generated=given",
            "Generated.*",
            "a generated column in a unique",
            "a foreign key over a generated column",
            "ForeignKey.deferrable=deferred",
            "ForeignKey.deferrable=immediate",
            "ForeignKey.deferrable=given",
            "ForeignKey.enforced=false",
            "ForeignKey.match=full",
            "ForeignKey.set_columns=*",
            "Field.updated_at=database",
            "KeyPart.collation=given",
            "KeyPart.column=none",
            "KeyPart.expression=given",
            "a unique over a column and an expression",
            "Opaque.*",
            "Schema.opaque=one",
            "Schema.opaque=several",
            "PrimaryKey.deferrable=*",
            "Unique.deferrable=*",
            "Unique.index=false",
            "Unique.nulls=equal",
            "a list in a unique",
            "Model.strict=true",
            "Model.without_rowid=true",
            "Check.name=none",
            "Default.reused=true",
            "Unique.name=none",
        ),
    ),
    LeftOut(
        "triggers, grants and what a table is made of: the models have no words for them, and the "
        "DDL that is written of them has no triggers",
        _MODELS,
        (
            "Grant.*",
            "Model.grants=one",
            "Model.grants=several",
            "Model.inherits=*",
            "Model.partition_*=given",
            "Model.bound=given",
            "Model.triggers=one",
            "Model.triggers=several",
            "Trigger.*",
            "trigger *",
            "several triggers on one event",
            "Model.fields=one",
        ),
    ),
    LeftOut(
        "Prisma has no word for it; MySQL's tables have one from Migrate",
        ("prisma sqlite", "prisma postgresql"),
        ("Field.collation=given",),
    ),
    LeftOut("its tables have keys and relations of two ends", _PRISMA, ("Relation.back=none",)),
    LeftOut("Prisma's enums are the client's or the database's", _PRISMA, ("Enum.layer=service",)),
    LeftOut("Prisma's file has an enum at all times here", _PRISMA, ("Schema.enums=none",)),
    LeftOut(
        "Prisma's types: what PostgreSQL's and MySQL's attributes narrow; SQLite has none",
        ("prisma sqlite",),
        (
            "Field.type=date",
            "Field.type=time",
            "Field.type=uuid",
            "Field.ignore_case=true",
            "Unique.ignore_case=true",
            "type BINARY",
            "type BOOL",
            "type CITEXT",
            "type DATE",
            "type GUID",
            "type INT",
            "type JSON",
            "type NUM",
            "type NUMERIC",
            "type STRING",
            "type TIME",
            "type TIMESTAMP",
            "type TIMESTAMPTZ",
            "type UUID",
            "type VARBINARY",
        ),
    ),
    LeftOut(
        "Prisma has no such type, other than as Unsupported",
        ("prisma mysql",),
        ("Field.type=uuid", "type UUID"),
    ),
    LeftOut("the models have no such type", ("prisma mysql", "sqlmodel mysql"), ("type INET[46]",)),
    LeftOut(
        "Prisma has no such type, other than as Unsupported",
        ("prisma postgresql",),
        ('type "char"', "type NAME", "type tsrange"),
    ),
    LeftOut(
        "SQLAlchemy has no such type for the database",
        ("sqlmodel sqlite",),
        (
            "Field.type=uuid",
            "Field.type=unsupported",
            "Field.unsupported=given",
            "type BINARY",
            "type BOOL",
            "type CITEXT",
            "type GUID",
            "type INT",
            "type JSONB",
            "type MONEY",
            "type NUM",
            "type STRING",
            "type TIMESTAMPTZ",
            "type UUID",
        ),
    ),
    LeftOut(
        "SQLAlchemy has no such type for the database",
        ("sqlmodel postgresql",),
        ('type "char"', "type NAME", "type XML"),
    ),
    LeftOut(
        "no word of SQLAlchemy's, or none that the loader takes for it",
        _SQLMODEL,
        (
            "Enum.doc=given",
            "Enum.schema=given",
            "EnumValue.doc=given",
            "Exclusion.deferrable=immediate",
            "Field.ignored=true",
            "Field.updated_at=database",
            "ForeignKey.enforced=false",
            "ForeignKey.set_columns=*",
            "KeyPart.collation=given",
            "Model.exclusions=several",
            "Model.ignored=true",
            "Model.kind=view",
            "Model.kind=join",
            "Model.primary_key=none",
            "Model.strict=true",
            "PrimaryKey.deferrable=*",
            "Relation.doc=given",
            "Relation.fields=*",
            "Relation.ignored=true",
            "Relation.nullable=true",
            "Relation.references=*",
            "Relation.relation_name=given",
            "Relation.through=given",
            "Schema.opaque=several",
            "Opaque.removes=true",
            "Opaque.tables=none",
            "a foreign key over a generated column",
            "a table without a primary key",
            "an enum whose values are stored under other names",
            "foreign keys in a circle",
        ),
    ),
    LeftOut(
        "SQLAlchemy's enums on SQLite are checked by nobody",
        ("sqlmodel sqlite",),
        ("Enum.layer=client",),
    ),
    LeftOut(
        "functions are the client's",
        ("sqlmodel sqlite", "sqlmodel mysql"),
        ("Default.kind=function",),
    ),
)

_RULES_LEFT_OUT = (
    LeftOut(
        "one field alone is refused",
        _EVERYWHERE,
        ("exactly_one.fields=one", "at_least_one.fields=one", "at_most_one.fields=one"),
    ),
    LeftOut(
        "not judged, or how loudly it is told: no matter of rows",
        _EVERYWHERE,
        ("Entry.enforced_by=service", "Entry.because=given", "Entry.severity=*"),
    ),
    LeftOut(
        "each rule is judged for the database on which it is tried",
        _EVERYWHERE,
        ("Entry.dialects=*",),
    ),
)


def left_out(place: str, constructs: set[str]) -> dict[str, str]:
    """Of constructs, those that are left out at a place, each with the reason. That something is
    not given is left out only where all about it is."""
    return {
        construct: one.why
        for one in (*_LEFT_OUT, *_RULES_LEFT_OUT)
        if any(fnmatchcase(place, where) for where in one.places)
        for construct in constructs
        if any(fnmatchcase(construct, pattern) for pattern in one.constructs)
    }
