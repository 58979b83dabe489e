"""Triggers that refuse a change, as SQL to add in a migration.

PostgreSQL and MySQL get AFTER triggers, which see the row as it will stay: a BEFORE trigger of
somebody else can change it behind a guard's back (I12c, I12d). SQLite gets BEFORE triggers, the
only ones that still see the row that REPLACE is about to remove (I10f).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal as Choice

import msgspec

from schemalint.condition.quoting import quoted, quoted_string
from schemalint.condition.terms import Column, Literal, Term
from schemalint.dialects.sqlite_rows import has_rowid, literal_default, rowid_alias
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint_rules.remedies.migration_sql import constraint_name, free_trigger_name, table

MYSQL_FAMILY = (Dialect.MYSQL, Dialect.MARIADB)

SPOKEN = (Dialect.POSTGRESQL, Dialect.COCKROACHDB, Dialect.SQLITE, *MYSQL_FAMILY)
"""The dialects whose triggers this module writes."""


class Guard(msgspec.Struct, frozen=True):
    """Refuse `event` for a row for which `when` (SQL over OLD and NEW) is true; None: always.

    `name` ends the trigger's name; the event does where it is None.
    """

    event: Choice["insert", "update", "delete"]
    message: str
    when: str | None = None
    name: str | None = None


def guard_sql(
    model: Model,
    purpose: str,
    guards: Sequence[Guard],
    dialect: Dialect,
    columns: Sequence[str] = (),
) -> str:
    """What to do, for a `help`: the triggers as indented SQL, or else the service.

    Args:
        model: whose table is guarded.
        purpose: one word for the triggers' names: `immutable`, `transitions`.
        guards: what to refuse.
        dialect: the database.
        columns: what is guarded, where that is not the whole row: several rules may ask for a
            guard of the same table, whose names must differ.
    """
    if dialect not in SPOKEN:
        return "leave the rule to the service: `enforced_by: service` with a `because:`"
    statements = _statements(model, purpose, guards, dialect, columns)
    text = "\n".join(statements).replace("\n", "\n    ")
    return (
        f"add to a migration:\n    {text}\n"
        "or leave it to the service: `enforced_by: service` with a `because:`"
    )


def _statements(
    model: Model,
    purpose: str,
    guards: Sequence[Guard],
    dialect: Dialect,
    columns: Sequence[str],
) -> list[str]:
    where = table(model, dialect)
    statements: list[str] = []
    function = quoted(constraint_name(model, columns, f"{purpose}_refused"), dialect)
    if dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
        function = f"{quoted(model.schema, dialect)}.{function}" if model.schema else function
        statements.append(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
            "BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;"
        )
    for guard in guards:
        suffix = f"{purpose}_{guard.name or guard.event}"
        name = quoted(free_trigger_name(model, columns, suffix), dialect)
        message = quoted_string(guard.message, dialect)
        event = guard.event.upper()
        if dialect is Dialect.SQLITE:
            when = f" WHEN {guard.when}" if guard.when else ""
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {event} ON {where}{when}\n"
                f"BEGIN SELECT RAISE(ABORT, {message}); END;"
            )
        elif dialect in MYSQL_FAMILY:
            signal = f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {message};"
            body = f"IF {guard.when} THEN {signal} END IF;" if guard.when else signal
            statements.append(
                f"CREATE TRIGGER {name} AFTER {event} ON {where} FOR EACH ROW\n{body}"
            )
        else:
            when = f" WHEN ({guard.when})" if guard.when else ""
            statements.append(
                f"CREATE TRIGGER {name} AFTER {event} ON {where}\n"
                f"FOR EACH ROW{when} EXECUTE FUNCTION {function}({message});"
            )
    return statements


# -- conditions over OLD and NEW -------------------------------------------------------------


def column(field: Field, row: Choice["old", "new"], dialect: Dialect) -> str:
    """The field of the old or the new row, as SQL."""
    return Column(field.column, row).sql(dialect)


def differs(field: Field, dialect: Dialect) -> str:
    """True where the field was changed; NULL is a value here (I13, I13b), and so is letter case
    (I13d)."""
    old, new = column(field, "old", dialect), column(field, "new", dialect)
    if dialect is Dialect.SQLITE:
        return f"{new} IS NOT {old}" + (" COLLATE BINARY" if field.ignore_case else "")
    if dialect in MYSQL_FAMILY:
        if field.type in (ScalarType.STRING, ScalarType.JSON, ScalarType.UNSUPPORTED):
            old, new = f"CAST({old} AS BINARY)", f"CAST({new} AS BINARY)"  # I13e
        return f"NOT ({new} <=> {old})"
    if _needs_text(field):
        old, new = f"{old}::text", f"{new}::text"
    return f"{new} IS DISTINCT FROM {old}"


def _needs_text(field: Field) -> bool:
    """Types without an equality of their own (json, xml, point), or with one that ignores case."""
    return (
        field.ignore_case
        or field.type is ScalarType.UNSUPPORTED
        or field.native.upper().rstrip("[]") in ("JSON", "XML")
    )


def condition_on(term: Term, row: Choice["", "old", "new"], dialect: Dialect) -> str:
    """A condition over physical names as SQL over the old or the new row, true or not (NULL)."""

    def placed(part: Term) -> Term:
        if isinstance(part, Column):
            return Column(part.name, row)
        return part.with_parts(tuple([placed(one) for one in part.parts]))

    return placed(term).sql(dialect)


def any_of(conditions: Iterable[str]) -> str:
    """The conditions joined by OR, each in parentheses where there are several."""
    terms = list(conditions)
    return terms[0] if len(terms) == 1 else " OR ".join(f"({term})" for term in terms)


def all_of(conditions: Iterable[str]) -> str:
    """The conditions joined by AND, each in parentheses where there are several."""
    terms = list(conditions)
    return terms[0] if len(terms) == 1 else " AND ".join(f"({term})" for term in terms)


def taken(model: Model, dialect: Dialect, also: str | None = None, *, updating: bool) -> str | None:
    """True where NEW has the key of a row that is there already, so that SQLite's REPLACE would
    remove that row without firing a DELETE trigger (I10b, I10d, I10e).

    Args:
        model: whose keys count.
        dialect: the database.
        also: a further condition on the row in the way, over its bare column names.
        updating: whether OLD itself is to be left out.
    """
    if dialect is not Dialect.SQLITE:
        return None
    matches = [
        all_of(f"{quoted(name, dialect)} = {_given(model, name)}" for name in key.columns)
        for key in model.keys
        if key.columns and not key.expressions
    ]
    if has_rowid(model) and rowid_alias(model) is None:
        matches.append("rowid = NEW.rowid")
    if not matches:
        return None
    conditions = [any_of(_distinct(matches))]
    if also:
        conditions.append(also)
    if updating:
        conditions.append("rowid <> OLD.rowid")
    return f"EXISTS (SELECT 1 FROM {table(model, dialect)} WHERE {all_of(conditions)})"


def _given(model: Model, name: str) -> str:
    """What REPLACE stores in a column: its default, where the writer gives NULL for NOT NULL."""
    new = Column(name, "new").sql(Dialect.SQLITE)
    field = model.column(name)
    if field is None or field.nullable or field.default is None or field == rowid_alias(model):
        return new
    value = literal_default(field)
    return new if value is None else f"coalesce({new}, {Literal(value).sql(Dialect.SQLITE)})"


def _distinct(texts: Collection[str]) -> list[str]:
    return list(dict.fromkeys(texts))
