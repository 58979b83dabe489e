"""partial-index-on-nullable-flag."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Field, Model, ScalarType, Schema, Unique
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.values.null_rows import NullRows, flags
from schemalint_rules.wording.describing import listed, logical
from schemalint_rules.wording.names import words


class PartialIndexOnNullableFlag(DesignRule, frozen=True):
    """A unique index leaves out the rows whose flag is NULL.

    ## What it does
    Reports partial unique indexes whose predicate asks a column that can be NULL whether it is
    off, or is not some value (`NOT deleted`, `deleted = false`, `status <> 'closed'`), or is on
    (`active`, `active = true`) and its default is not that it is off. A number that is compared
    with 0 or 1 counts as a flag where it is called like one (`flag_words`).

    ## Why it matters
    For a row whose flag is NULL the predicate is neither true nor false, so the index does not
    count it. Two live customers with one address get in as soon as a writer leaves `deleted`
    NULL, which the application takes for "not deleted". (Observed: cases U07b and U07c.)

    ## Use instead
    NOT NULL and a default for the flag, or a predicate that says what NULL means: `deleted IS
    NOT TRUE`, `coalesce(active, true)`.
    """

    id: ClassVar[str] = "partial-index-on-nullable-flag"

    flag_words: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="First or last words, lower case, of names that mean a flag."),
    ] = (
        "active",
        "archived",
        "cancelled",
        "current",
        "default",
        "deleted",
        "disabled",
        "enabled",
        "has",
        "hidden",
        "is",
        "live",
        "primary",
        "published",
        "removed",
        "valid",
        "visible",
    )

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is not None and not _partial(schema.dialect):
            return
        for model in schema.models:
            partial = [unique for unique in model.uniques if unique.where is not None]
            if not partial or unread(model, schema) is not None:
                continue
            rows = NullRows(model, schema)
            for unique in partial:
                fields = self._escaping(unique, model, rows)
                if fields:
                    yield self._finding(model, unique, fields)

    def _escaping(self, unique: Unique, model: Model, rows: NullRows) -> list[Field]:
        """The flags that can be NULL where the predicate then counts for nothing."""
        predicate = rows.parsed(unique.where or "")
        nullable = rows.nullable(predicate)
        found: dict[str, Field] = {}
        for flag in flags(predicate):
            field = model.column(flag.column)
            if field is None or flag.column not in nullable or flag.column in found:
                continue
            meant = flag.sure or self._called_like_one(field)
            matters = flag.off or not _off_by_default(field)
            if meant and matters and rows.undecided(predicate, [flag.column]):
                found[flag.column] = field
        return list(found.values())

    def _called_like_one(self, field: Field) -> bool:
        named = words(field.name)
        if field.type is ScalarType.BOOLEAN:
            return True
        return bool({*named[:1], *named[-1:]} & set(self.flag_words))

    def _finding(self, model: Model, unique: Unique, fields: list[Field]) -> Finding:
        names = [field.name for field in fields]
        members = logical(model, unique.columns)
        agreeing = f" with the same {listed(members)}" if members else ""
        return self.finding(
            unique.where_span or unique.span,
            f"a row of `{model.name}` without {listed(names, 'or')} is not counted by this unique "
            f"index, so it accepts any number of them{agreeing}",
            path=f"{model.name}.{names[0]}",
            label="neither true nor false for NULL",
            related=[Related(f"`{field.name}` can be NULL", field.type_span) for field in fields],
            help=f"make {listed(names)} NOT NULL with a default, or say in the predicate what "
            "NULL means (`IS NOT TRUE`, `IS NOT FALSE`)",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customer (
                  id      int PRIMARY KEY,
                  email   text NOT NULL,
                  deleted boolean DEFAULT false
                );
                CREATE UNIQUE INDEX customer_email ON customer (email) WHERE NOT deleted;
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE customer (
                  id     INTEGER PRIMARY KEY,
                  email  TEXT NOT NULL,
                  active BOOLEAN
                );
                CREATE UNIQUE INDEX customer_email ON customer (email) WHERE active;
                """,
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customer (
                  id         int PRIMARY KEY,
                  email      text NOT NULL,
                  deleted    boolean NOT NULL DEFAULT false,
                  erased     boolean,
                  deleted_at timestamptz
                );
                CREATE UNIQUE INDEX a ON customer (email) WHERE NOT deleted;
                CREATE UNIQUE INDEX b ON customer (email) WHERE erased IS NOT TRUE;
                CREATE UNIQUE INDEX c ON customer (email) WHERE deleted_at IS NULL;
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE address (
                  id          int PRIMARY KEY,
                  customer_id int NOT NULL,
                  is_default  boolean DEFAULT false
                );
                CREATE UNIQUE INDEX one_default ON address (customer_id) WHERE is_default;
                """,
            ),
            language="sql",
            says="what is not said to be the default is none",
        ),
    )


def _partial(dialect: Dialect) -> bool:
    return capability(dialect, Construct.PARTIAL_UNIQUE).holds is not False


def _off_by_default(field: Field) -> bool:
    default = field.default
    if default is None or default.kind != "literal" or default.value is None:
        return False
    return default.value.lower() in ("false", "0", "f")
