"""redundant-index."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Index, KeyPart, Model, PrimaryKey, Schema, Unique
from schemalint.rule import DesignRule, Example, Finding, Fix, Related, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.remedies.edits import remove
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.describing import listed

# What the AST does not hold of an index; a Prisma attribute says nothing of the sort.
_MORE = re.compile(r"\bINCLUDE\s*\(|\bNULLS\s+(?:FIRST|LAST)\b", re.IGNORECASE)


class RedundantIndex(DesignRule, frozen=True):
    """An index does nothing that another index does not do too.

    ## What it does
    Reports an index whose columns are the first columns, in the same order, of another index,
    unique constraint or the primary key of the model, and a unique constraint over exactly the
    columns of the primary key or of an earlier unique constraint. Partial indexes, other types
    than btree, prefix lengths and operator classes are compared only with their like; indexes
    that INCLUDE further columns or say where NULL stands are left out.

    ## Why it matters
    Every insert, update and delete maintains it, it takes disk and cache, and no query needs
    it.

    ## Use instead
    Remove it.
    """

    id: ClassVar[str] = "redundant-index"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if len(model.indexes) + len(model.uniques) == 0 or model.kind == "join":
                continue
            for one, other in _redundant(model):
                sort = "unique constraint" if isinstance(one, Unique) else "index"
                prisma = in_prisma(schema, one.span)
                removable = one.span.text.startswith(("@", "@@")) and not _holds_more(one, other)
                yield self.finding(
                    one.span,
                    f"this {sort} of `{model.name}` is redundant: {_what(other)} starts with "
                    "the same columns and serves the same look-ups",
                    path=model.name + "".join(f".{column}" for column in one.columns[:1]),
                    label="redundant",
                    related=[Related("this one does its work", other.span)],
                    help="remove it" if prisma else "drop it",
                    fix=Fix(f"remove the redundant {sort}", (remove(one.span),), safe=True)
                    if prisma and removable
                    else None,
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                """
                model Order {
                  id         Int @id
                  customerId Int
                  number     Int

                  @@unique([customerId, number])
                  @@index([customerId])
                }
                """
            )
        ),
        Example(schema=postgresql("model Tag {\n  id Int @id @unique\n}")),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE purchase (
                  id     int PRIMARY KEY,
                  number int NOT NULL UNIQUE
                );
                CREATE INDEX purchase_number ON purchase (number);
                """,
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                """
                model Order {
                  id         Int @id
                  customerId Int
                  number     Int

                  @@unique([customerId, number])
                  @@index([number])
                }
                """
            )
        ),
    )


def _redundant(model: Model) -> Iterator[tuple[Index | Unique, Index | Unique | PrimaryKey]]:
    """(the redundant one, the one that does its work), each redundant one once."""
    keys: list[PrimaryKey | Unique] = [
        key
        for key in model.keys
        if isinstance(key, PrimaryKey) or (key.where is None and not key.expressions)
    ]
    for position, key in enumerate(keys):
        if isinstance(key, PrimaryKey):
            continue
        for earlier in keys[:position]:
            if _counts_as(earlier, key) and _same_parts(key.parts, earlier.parts, whole=True):
                yield key, earlier
                break
    plain = [
        index
        for index in model.indexes
        if index.type == "btree"
        and index.where is None
        and not index.expressions
        and _MORE.search(index.span.text) is None
    ]
    for index in plain:
        longer = [*keys, *(other for other in plain if other is not index)]
        for other in longer:
            if not _same_parts(index.parts, other.parts):
                continue
            twin = isinstance(other, Index) and len(other.parts) == len(index.parts)
            if twin and other.span.start > index.span.start:
                continue  # of two equal indexes the later one is redundant
            yield index, other
            break


def _counts_as(earlier: PrimaryKey | Unique, later: Unique) -> bool:
    """Whether the earlier key refuses all that the later one refuses, and no later."""
    nulls = later.nulls == "distinct" or isinstance(earlier, PrimaryKey)
    return (nulls or getattr(earlier, "nulls", "") == "equal") and (
        earlier.deferrable is None or later.deferrable is not None
    )


def _same_parts(
    short: tuple[KeyPart, ...], long: tuple[KeyPart, ...], *, whole: bool = False
) -> bool:
    """Whether `long` starts with `short` (or, with `whole`, equals it). An index read backwards
    serves the opposite order, so all directions may be flipped together."""
    if len(short) > len(long) or (whole and len(short) != len(long)):
        return False
    flipped = set()
    for mine, other in zip(short, long, strict=False):
        if (
            mine.column != other.column
            or mine.length != other.length
            or mine.operator_class != other.operator_class
            or mine.collation != other.collation
        ):
            return False
        flipped.add(mine.descending != other.descending)
    return len(flipped) == 1


def _holds_more(one: Index | Unique, other: Index | Unique | PrimaryKey) -> bool:
    """Whether removing `one` from the text could lose more than an index (a field's `@unique`
    that a relation leans on is still met by the key that remains, so never for equal keys)."""
    return isinstance(one, Unique) and not isinstance(other, Unique | PrimaryKey)


def _what(key: Index | Unique | PrimaryKey) -> str:
    if isinstance(key, PrimaryKey):
        return "the primary key"
    sort = "unique constraint" if isinstance(key, Unique) else "index"
    return f"the {sort} over {listed(key.columns)}"
