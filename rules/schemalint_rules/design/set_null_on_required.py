"""set-null-on-required."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Action, ForeignKey, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.small_words import one


class SetNullOnRequired(DesignRule, frozen=True):
    """A foreign key sets NULL where NULL is not allowed.

    ## What it does
    Reports foreign keys with ON DELETE or ON UPDATE SET NULL of which a column is NOT NULL.

    ## Why it matters
    The action can never succeed: deleting (or re-keying) a parent that has children fails at
    run time with an error about a NULL, instead of saying that the parent is still in use.
    SQLite and PostgreSQL accept the definition and fail then; MariaDB refuses it.

    ## Use instead
    `Restrict` where a parent in use must stay, `Cascade` where its children go with it, or make
    the column optional. (Observed: cases F07 and F07d.)
    """

    id: ClassVar[str] = "set-null-on-required"
    severity: ClassVar[Severity] = Severity.ERROR

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            for key in model.foreign_keys:
                if key.on_delete is Action.SET_NULL:
                    yield from self._findings(model, key, "deleting", schema)
                if key.on_update is Action.SET_NULL:
                    yield from self._findings(model, key, "re-keying", schema)

    def _findings(
        self, model: Model, key: ForeignKey, doing: str, schema: Schema
    ) -> Iterator[Finding]:
        written = key.on_delete_span if doing == "deleting" else key.on_update_span
        fields = [model.column(column) for column in key.set_columns or key.columns]
        required = [field for field in fields if field is not None and not field.nullable]
        if not required:
            return
        names = listed(field.name for field in required)
        yield self.finding(
            written or key.span,
            f"{doing} {one(key.model)} is to set {names} of `{model.name}` to NULL, which "
            f"{'is' if len(required) == 1 else 'are'} required: it fails instead",
            path=f"{model.name}.{required[0].name}",
            label="cannot succeed",
            related=[Related(f"`{field.name}` is required", field.type_span) for field in required],
            help="use `Restrict` or `Cascade`, or make the column optional"
            if in_prisma(schema, written or key.span)
            else "use RESTRICT or CASCADE, or take NOT NULL from the column",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE author (id int PRIMARY KEY);
                CREATE TABLE post (
                  id        int PRIMARY KEY,
                  author_id int NOT NULL REFERENCES author (id) ON DELETE SET NULL
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql(
                """
                model User {
                  id    Int    @id
                  posts Post[]
                }

                model Post {
                  id       Int  @id
                  authorId Int
                  author   User @relation(fields: [authorId], references: [id], onDelete: SetNull)

                  @@index([authorId])
                }
                """
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                """
                model User {
                  id    Int    @id
                  posts Post[]
                }

                model Post {
                  id       Int   @id
                  authorId Int?
                  author   User? @relation(fields: [authorId], references: [id], onDelete: SetNull)

                  @@index([authorId])
                }
                """
            )
        ),
    )
