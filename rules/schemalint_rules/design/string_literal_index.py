"""string-literal-index."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, Index, KeyPart, Model, Schema, Unique
from schemalint.near_match import nearest
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import sql

_LITERAL = r"""\(*\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)")\s*\)*"""


class StringLiteralIndex(DesignRule, frozen=True):
    """An index is over a string and not over a column.

    ## What it does
    Reports indexes of SQLite with a member that names no column of the table: a misspelt name in
    double quotes (`"emial"`), which SQLite takes for a string instead of refusing it, also
    within an expression (`lower("emial")`).

    ## Why it matters
    The string is the same for every row. A unique index over it alone refuses the second row of
    the table, whatever it holds; together with other columns it counts for nothing. A plain
    index serves no query. No error tells, for SQLite still supports this as a mistake of old
    programs. (Observed: case U51.)

    ## Use instead
    The column's name, spelt right. Without quotes, or in square brackets, SQLite refuses a name
    that does not exist.
    """

    id: ClassVar[str] = "string-literal-index"
    severity: ClassVar[Severity] = Severity.ERROR

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is not Dialect.SQLITE:
            return
        for model in schema.models:
            indexes: list[Unique | Index] = [*model.uniques, *model.indexes]
            for index in indexes:
                for part in index.parts:
                    text = _constant(part, model)
                    if text is not None:
                        yield self._finding(model, index, part, text)

    def _finding(self, model: Model, index: Unique | Index, part: KeyPart, text: str) -> Finding:
        if not isinstance(index, Unique):
            effect = "the index serves no query"
        elif len(index.parts) == 1:
            effect = f"`{model.table}` can hold one row only"
        else:
            effect = "it tells no two rows apart"
        columns = [field.column for field in model.fields]
        close = nearest(text, columns)
        return self.finding(
            part.span,
            f"`{model.table}` has no column `{text}`, so SQLite takes this for the string "
            f"'{text}', which is the same in every row: {effect}",
            path=model.name,
            label="a string, not a column",
            help=f"did you mean `{close}`?" if close else f"its columns are {', '.join(columns)}",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
                CREATE UNIQUE INDEX customer_email ON customer ("emial");
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
                CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
                CREATE UNIQUE INDEX customer_email ON customer ("email");
                CREATE UNIQUE INDEX customer_name ON customer (lower("email"));
                """,
            ),
            language="sql",
        ),
    )


def _constant(part: KeyPart, model: Model) -> str | None:
    """The string that a member is, or is made of; None where it reads a column, or may."""
    known = {field.column.lower() for field in model.fields}
    if part.column is not None:
        quoted = part.span.text.startswith('"')
        return part.column if quoted and part.column.lower() not in known else None
    assert part.expression is not None
    literal = re.fullmatch(_LITERAL, part.expression.strip())
    if literal is not None:
        text = (literal[1] or literal[2] or "").replace("''", "'").replace('""', '"')
        return None if text.lower() in known else text
    if '"' not in part.expression:
        return None
    names = re.findall(r'"((?:[^"]|"")*)"', part.expression)
    words = {word.lower() for word in re.findall(r"\w+", part.expression)}
    return None if not names or known & words else str(names[0])
