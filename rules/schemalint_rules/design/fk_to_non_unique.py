"""fk-to-non-unique."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, ForeignKey, Layer, Model, PrimaryKey, Schema, Unique
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook, Severity
from schemalint_rules.example_schemas import sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.references.foreign_keys import emulated
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.wording.describing import listed, logical

_POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


class FkToNonUnique(DesignRule, frozen=True):
    """A foreign key points at columns that do not identify a row.

    ## What it does
    Reports foreign keys whose referenced columns are not, all of them and no others, the primary
    key or a unique constraint of the table that they point to. Unique indexes that are partial,
    over expressions or over the first characters of a column do not count, nor does, on
    PostgreSQL, a deferrable constraint.

    ## Why it matters
    PostgreSQL refuses to create such a key. SQLite creates it, and from then on every INSERT into
    the table fails with "foreign key mismatch". MySQL and MariaDB accept it where the columns
    have an index of any sort: a child then has several parents, and deleting one of them
    cascades although another is left. (Observed: cases F05, F05b, F05c, F05d and F05e.)

    ## Use instead
    A reference to the primary key, or a unique constraint over just these columns.
    """

    id: ClassVar[str] = "fk-to-non-unique"
    severity: ClassVar[Severity] = Severity.ERROR

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is Dialect.MONGODB or emulated(schema):
            return
        parents = Parents(schema)
        for model in schema.models:
            for key in model.foreign_keys:
                parent = parents.of(key)
                if (
                    parent is not None
                    and key.references
                    and parent.partition_of is None
                    and not _identified(parent, key, schema.dialect)
                    and unread(parent, schema) is None
                ):
                    yield self._finding(model, key, parent, schema.dialect)

    def _finding(
        self, model: Model, key: ForeignKey, parent: Model, dialect: Dialect | None
    ) -> Finding:
        names = logical(parent, key.references)
        own = logical(model, key.columns)
        missing = [name for name in key.references if parent.column(name) is None]
        fault = "is not unique" if len(names) == 1 else "are not unique"
        if missing:
            fault = "does not exist" if len(names) == 1 else "do not all exist"
        return self.finding(
            key.span,
            f"{listed(names)} of `{parent.name}` {fault}: {_consequence(model, dialect)}",
            path=f"{model.name}.{own[0]}" if len(own) == 1 else model.name,
            label="does not point at one row",
            related=[
                Related("not unique" if len(names) == 1 else "not unique together", field.name_span)
                for column in key.references
                if (field := parent.column(column)) is not None
            ],
            help=_help(parent, names),
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
                CREATE TABLE purchase (
                  id    INTEGER PRIMARY KEY,
                  email TEXT NOT NULL REFERENCES customer (email)
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "mysql",
                """
                CREATE TABLE customer (id INT, tenant_id INT, PRIMARY KEY (tenant_id, id));
                CREATE TABLE purchase (
                  id        INT PRIMARY KEY,
                  tenant_id INT NOT NULL,
                  FOREIGN KEY (tenant_id) REFERENCES customer (tenant_id)
                );
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
                CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL UNIQUE);
                CREATE TABLE purchase (
                  id    int PRIMARY KEY,
                  email text NOT NULL REFERENCES customer (email)
                );
                """,
            ),
            language="sql",
        ),
    )


def _identified(parent: Model, key: ForeignKey, dialect: Dialect | None) -> bool:
    wanted = set(key.references)
    return any(
        set(unique.columns) == wanted and _counts(unique, parent, dialect) for unique in parent.keys
    )


def _counts(unique: PrimaryKey | Unique, parent: Model, dialect: Dialect | None) -> bool:
    if unique.expressions or any(part.length is not None for part in unique.parts):
        return False
    if isinstance(unique, Unique) and (unique.where is not None or unique.layer is Layer.SERVICE):
        return False
    if dialect in _POSTGRES and unique.deferrable is not None:  # U15d
        return False
    return dialect is not Dialect.SQLITE or _compares_as_column(unique, parent)


def _compares_as_column(unique: PrimaryKey | Unique, parent: Model) -> bool:
    """SQLite wants the index to compare as the columns do ("Foreign Key Support", 3)."""
    for part in unique.parts:
        field = parent.column(part.column) if part.column is not None else None
        own = field.collation if field is not None else None
        if part.collation is not None and part.collation.upper() != (own or "BINARY").upper():
            return False
    return True


def _consequence(model: Model, dialect: Dialect | None) -> str:
    if dialect is Dialect.SQLITE:
        return f"SQLite refuses every row of `{model.table}` with a foreign key mismatch"
    holds = None
    if dialect is not None:
        holds = capability(dialect, Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED).holds
    if holds is False:
        return (
            f"a row of `{model.name}` can have several parents, and deleting one of them counts "
            "as deleting all"
        )
    return "the database refuses to create this foreign key"


def _help(parent: Model, names: list[str]) -> str:
    unique = f"make {listed(names)} unique"
    primary = parent.primary_key
    if primary is None or not primary.columns:
        return unique
    return f"{unique}, or point at the primary key ({listed(logical(parent, primary.columns))})"
