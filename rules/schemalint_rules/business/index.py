"""The kind `index`: look-ups by some fields have an index to use."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Annotated, ClassVar

import msgspec

from schemalint.condition.quoting import quoted
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Model, PrimaryKey, Unique
from schemalint.model import Index as IndexFact
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Judgement,
    Models,
    Ref,
    Related,
    Verdict,
    broken,
    kept,
)
from schemalint_rules.example_schemas import postgresql, rule
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.keys.access_paths import holds_all, leading_equal
from schemalint_rules.remedies.migration_sql import constraint_name, table
from schemalint_rules.remedies.prisma_edits import index_advice
from schemalint_rules.remedies.sqlalchemy_lines import in_python, index
from schemalint_rules.wording.describing import called, keeps, listed, path_of


class Index(BusinessRule, frozen=True, kw_only=True):
    """Rows can be found by the fields of `by` without reading the whole table.

    ## What it does
    Wants an index, unique constraint or primary key whose leading columns are those of `by`, in
    that order. A relation stands for its foreign-key columns. An index over some rows only
    (`where`) does not count, unless it leaves out none but those that lack the value; nor does one
    that serves no ordinary look-up (GIN, full text). A hash index counts where it has just these
    columns, an exclusion constraint by those that it compares with `=` first. MySQL and MariaDB
    index foreign keys by themselves.

    ## Why it matters
    Without it, every look-up by these fields, and every deletion of a parent row, reads the
    whole table: unnoticed with a hundred rows, an outage with ten million.

    ## Example
    With `index: {of: Order, by: [customer, createdAt]}`, `@@index([createdAt, customerId])` is
    not enough: its leading column is another.

    ## Use instead
    `@@index([customerId, createdAt])`: the columns in the order of the rule, further ones after.
    """

    kind: ClassVar[str] = "index"
    of_views: ClassVar[bool] = True

    of: Annotated[Models, msgspec.Meta(description="The models to look up rows of.")]
    by: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields (or relations, for their foreign-key columns) to look rows up "
            "by, most selective use first: they must be the leading columns of an index."
        ),
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="The index starts with the field.",
            schema=postgresql("""
                model Order {
                  id        Int      @id
                  status    String
                  createdAt DateTime

                  @@index([status, createdAt])
                }
            """),
            rule=rule("index: {of: Order, by: [status]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The index has the field, but not at its start.",
            schema=postgresql("""
                model Order {
                  id        Int      @id
                  status    String
                  createdAt DateTime

                  @@index([createdAt, status])
                }
            """),
            rule=rule("index: {of: Order, by: [status]}"),
            verdict=Verdict.BROKEN,
        ),
    )

    def judge(self, model: Model, context: Context) -> Judgement:
        """Kept by the first access path whose leading columns are `by`."""
        fields = context.fields(model, self.by)
        path = path_of(model, fields)
        columns = tuple(field.column for field in fields)
        whole_table = [one for one in context.schema.models if one.table == model.partition_of]
        found = [
            found
            for one in (model, *whole_table)
            for found in _access_paths(one, columns, context.dialect)
        ]
        for leading, whole, evidence in found:
            if leading[: len(columns)] == columns and (not whole or leading == columns):
                return kept(path, [evidence])
        return unless_obscured(_missing(path, model, fields, context), model, context)


def _access_paths(
    model: Model, by: Sequence[str], dialect: Dialect
) -> Iterator[tuple[tuple[str, ...], bool, Evidence]]:
    """The look-ups that are served: by which columns, whether only by all of them at once, and
    thanks to what."""
    for key in (*model.keys, *model.indexes):
        if not isinstance(key, IndexFact) and key.layer is not Layer.DATABASE:
            continue
        if isinstance(key, IndexFact | Unique) and not holds_all(key.where, by):
            continue
        kind = key.type.lower() if isinstance(key, IndexFact) else "btree"
        if kind in ("btree", "hash"):
            yield _leading_columns(key), kind == "hash", keeps(model, key)
    for exclusion in model.exclusions:
        if holds_all(exclusion.where, by):
            yield leading_equal(exclusion), False, keeps(model, exclusion)
    if dialect in (Dialect.MYSQL, Dialect.MARIADB):
        # InnoDB gives every foreign key an index (MySQL manual, "FOREIGN KEY Constraints").
        for foreign_key in model.foreign_keys:
            if foreign_key.layer is Layer.DATABASE and foreign_key.enforced:
                yield foreign_key.columns, False, keeps(model, foreign_key)


def _leading_columns(key: PrimaryKey | Unique | IndexFact) -> tuple[str, ...]:
    """The columns before the first expression."""
    return tuple(
        part.column
        for part in takewhile(lambda part: part.column is not None, key.parts)
        if part.column is not None
    )


def _missing(path: str, model: Model, fields: Sequence[Field], context: Context) -> Judgement:
    names = [field.name for field in fields]
    columns = {field.column for field in fields}
    related = [
        Related(f"{called(model, key)} does not start with {listed(names)}", key.span)
        for key in (*model.keys, *model.indexes)
        if columns <= set(key.columns)
    ]
    advice, fix = index_advice(context.schema, model, fields) or (
        _sql(model, fields, context),
        None,
    )
    return broken(
        path,
        f"no index of `{model.name}` starts with {listed(names)}: looking rows up by "
        f"{'it' if len(names) == 1 else 'them'} reads the whole table",
        fields[0].name_span,
        expressible=None if model.kind == "view" else Layer.DATABASE,
        related=related,
        help=advice,
        fix=fix,
    )


def _sql(model: Model, fields: Sequence[Field], context: Context) -> str:
    if model.kind == "view":
        return "index the tables that the view reads"
    dialect = context.dialect
    columns = [field.column for field in fields]
    named = constraint_name(model, columns, "idx")
    if in_python(model):
        return index(model, columns, named)
    name = quoted(named, dialect)
    members = ", ".join(quoted(column, dialect) for column in columns)
    return f"add:\n    CREATE INDEX {name} ON {table(model, dialect)} ({members});"
