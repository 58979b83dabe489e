"""text-primary-key-nullable."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, Field, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.values.null_rows import NullRows
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.places import covers


class TextPrimaryKeyNullable(DesignRule, frozen=True):
    """A primary key of SQLite takes NULL.

    ## What it does
    Reports primary keys of SQLite of which a column may hold NULL: keys of text and of any
    other type but `INTEGER` (`INT` and `BIGINT` among them), `INTEGER PRIMARY KEY DESC`, and
    keys over several columns, where NOT NULL is not written beside. Tables that are STRICT or
    WITHOUT ROWID refuse NULL by themselves.

    ## Why it matters
    Everywhere else PRIMARY KEY implies NOT NULL; in SQLite it does not, because of an old
    mistake that databases have come to rely on. And one NULL is not equal to another, so any
    number of rows get in that have no key, or share half of one, and no foreign key can point
    at them. (Observed: cases O06, O06b, O06c and O06e.)

    ## Use instead
    NOT NULL on every column of the key, or `INTEGER PRIMARY KEY`, which makes a number of NULL,
    or a STRICT table.
    """

    id: ClassVar[str] = "text-primary-key-nullable"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is not Dialect.SQLITE:
            return
        for model in schema.models:
            key = model.primary_key
            if key is None or model.kind not in ("model", "join"):
                continue
            fields = [model.column(column) for column in key.columns]
            nullable = [field for field in fields if field is not None and field.nullable]
            if nullable and model.checks:
                rows = NullRows(model, schema)
                nullable = [field for field in nullable if rows.can_lack(field.column)]
            if nullable and unread(model, schema) is None:
                yield self.finding(
                    key.span,
                    _message(model, nullable, whole=len(nullable) == len(fields)),
                    path=f"{model.name}.{nullable[0].name}",
                    label="takes NULL",
                    related=[
                        Related(f"`{field.name}` is not NOT NULL", field.name_span)
                        for field in nullable
                        if not covers(field.span, key.span)
                    ],
                    help=_help(nullable, alone=len(fields) == 1),
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql("sqlite", "CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT);"),
            language="sql",
        ),
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE visit (
                  guest INTEGER,
                  day   TEXT NOT NULL,
                  PRIMARY KEY (guest, day)
                );
                """,
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE country (code TEXT NOT NULL PRIMARY KEY);
                CREATE TABLE city (id INTEGER PRIMARY KEY);
                CREATE TABLE street (code TEXT PRIMARY KEY) STRICT;
                CREATE TABLE house (code TEXT PRIMARY KEY) WITHOUT ROWID;
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql("postgresql", "CREATE TABLE country (code text PRIMARY KEY);"),
            language="sql",
            says="other databases refuse NULL in a primary key",
        ),
    )


def _message(model: Model, nullable: list[Field], *, whole: bool) -> str:
    names = listed(field.name for field in nullable)
    so = f"any number of rows of `{model.table}` can have no key"
    if not whole:
        so = f"any number of rows of `{model.table}` can share the rest of the key"
    return f"SQLite takes NULL in the primary key's {names}, so {so}"


def _help(nullable: list[Field], *, alone: bool) -> str:
    names = listed(field.name for field in nullable)
    if alone and nullable[0].native.upper() in ("INT", "BIGINT", "SMALLINT"):
        return f"write {names} as `INTEGER PRIMARY KEY`, or add NOT NULL"
    return f"add NOT NULL to {names}, or make the table STRICT"
