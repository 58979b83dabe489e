"""fk-type-mismatch."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Field, ForeignKey, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.references.foreign_keys import emulated
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.judging.values.column_types import Physical, compared, physical


class _Mismatch(msgspec.Struct, frozen=True):
    """What is wrong with a column's type, in a clause, in two words, and what to do."""

    says: str
    label: str
    remedy: str


class FkTypeMismatch(DesignRule, frozen=True):
    """A foreign key's column is of another type than the column that it points to.

    ## What it does
    Reports foreign keys whose columns differ from their counterparts in the type, or hold less
    than these: a smaller integer, a shorter text. On MySQL and MariaDB also another size or sign
    of integers and another collation, which they refuse. An integer and its `serial`, and
    text of PostgreSQL by whatever name, are the same; SQLite has no sizes and lengths.

    ## Why it matters
    Most databases refuse to create such a foreign key, so that the migration fails; SQLite
    converts one value into the other at each comparison, and `007` becomes 7 on the way. A
    column that is too small fails on the day when the parent's numbers outgrow it. (Observed:
    cases F11, F11b, F11c, F11d, F11e and F11i.)

    ## Use instead
    The type of the column that is pointed to, length and sign included.
    """

    id: ClassVar[str] = "fk-type-mismatch"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is Dialect.MONGODB or emulated(schema):
            return
        parents = Parents(schema)
        for model in schema.models:
            for key in model.foreign_keys:
                for own, other in parents.ends(model, key):
                    mismatch = _mismatch(own, other, schema.dialect)
                    if mismatch is not None:
                        yield self._finding(model, key, own, other, mismatch)

    def _finding(
        self, model: Model, key: ForeignKey, own: Field, other: Field, mismatch: _Mismatch
    ) -> Finding:
        return self.finding(
            own.type_span,
            f"`{model.name}.{own.name}` points at `{key.model}.{other.name}`, but {mismatch.says}",
            path=f"{model.name}.{own.name}",
            label=mismatch.label,
            related=[Related(f"the type of `{key.model}.{other.name}`", other.type_span)],
            help=mismatch.remedy,
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customer (id bigint PRIMARY KEY);
                CREATE TABLE purchase (
                  id          bigint PRIMARY KEY,
                  customer_id integer NOT NULL REFERENCES customer (id)
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql(
                """
                model Customer {
                  id     String  @id @db.Uuid
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  customerId String
                  customer   Customer @relation(fields: [customerId], references: [id])

                  @@index([customerId])
                }
                """
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customer (id serial PRIMARY KEY, email varchar(200) UNIQUE);
                CREATE TABLE purchase (
                  id          serial PRIMARY KEY,
                  customer_id integer NOT NULL REFERENCES customer (id),
                  email       text REFERENCES customer (email)
                );
                """,
            ),
            language="sql",
        ),
    )


def _mismatch(own: Field, other: Field, dialect: Dialect | None) -> _Mismatch | None:
    """What is wrong with two columns that a foreign key compares; None for nothing."""
    mine, theirs = physical(own, dialect), physical(other, dialect)
    if mine is None or theirs is None:
        return None
    if mine.family != theirs.family:
        return _across_families(mine, theirs, dialect)
    if theirs.ignore_case and not mine.ignore_case:
        return _refused(f"{mine.shown} does not compare with {theirs.shown}", theirs.shown)
    if mine.family == "integer":
        return _of_integers(mine, theirs, dialect)
    if mine.family == "text":
        return _of_text(mine, theirs, dialect)
    return None


def _across_families(mine: Physical, theirs: Physical, dialect: Dialect | None) -> _Mismatch:
    if dialect is Dialect.SQLITE:
        says = (
            f"{mine.shown} and {theirs.shown} compare in SQLite only after one is converted into "
            "the other: equal text may come out different"
        )
        return _Mismatch(says, "another type", _the_same(theirs.shown))
    if compared(mine, theirs, dialect):
        says = f"{mine.shown} is compared with {theirs.shown} only after it is converted"
        return _Mismatch(says, "another type", _the_same(theirs.shown))
    return _refused(f"{mine.shown} does not compare with {theirs.shown}", theirs.shown)


def _of_integers(mine: Physical, theirs: Physical, dialect: Dialect | None) -> _Mismatch | None:
    differ = mine.bytes != theirs.bytes or mine.unsigned != theirs.unsigned
    if differ and _holds(dialect, Construct.FOREIGN_KEY_BETWEEN_INTEGER_SIZES) is False:
        return _refused(f"{mine.shown} is not {theirs.shown}", theirs.shown)
    if mine.bytes is not None and theirs.bytes is not None and mine.bytes < theirs.bytes:
        largest = 2 ** (8 * mine.bytes - 1) - 1
        says = (
            f"{mine.shown} holds less than {theirs.shown}: what is numbered above {largest} can "
            "never be pointed at"
        )
        return _Mismatch(says, "too small", f"make it {theirs.shown}")
    return None


def _of_text(mine: Physical, theirs: Physical, dialect: Dialect | None) -> _Mismatch | None:
    if (
        mine.collation is not None
        and theirs.collation is not None
        and mine.collation.lower() != theirs.collation.lower()
        and _holds(dialect, Construct.FOREIGN_KEY_BETWEEN_COLLATIONS) is False
    ):
        says = f"the collation {mine.collation} is not {theirs.collation}"
        return _refused(says, f"COLLATE {theirs.collation}")
    if mine.length is None or theirs.length is None or mine.length >= theirs.length:
        return None
    if _holds(dialect, Construct.VARCHAR_LENGTH_ENFORCED) is False:
        return None
    says = f"{mine.shown} holds less than {theirs.shown}: longer values can never be pointed at"
    return _Mismatch(says, "too short", f"make it {theirs.shown}")


def _refused(what: str, theirs: str) -> _Mismatch:
    says = f"{what}, so the database refuses to create this foreign key"
    return _Mismatch(says, "does not compare", _the_same(theirs))


def _the_same(type_: str) -> str:
    return f"give both columns the same type: {type_}"


def _holds(dialect: Dialect | None, construct: Construct) -> bool | None:
    return capability(dialect, construct).holds if dialect is not None else None
