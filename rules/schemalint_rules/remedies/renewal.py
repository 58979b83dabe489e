"""The trigger that renews a row's time of change, as SQL to add in a migration."""

from __future__ import annotations

from schemalint.condition.quoting import quoted
from schemalint.condition.terms import Column
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint_rules.remedies.guards import MYSQL_FAMILY, SPOKEN, differs
from schemalint_rules.remedies.migration_sql import constraint_name, free_trigger_name, table

_NOW = {
    # The statement's own time: now() stands still within a transaction.
    Dialect.POSTGRESQL: "clock_timestamp()",
    Dialect.COCKROACHDB: "clock_timestamp()",
    # As Prisma reads DateTime on SQLite: RFC 3339, milliseconds.
    Dialect.SQLITE: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    Dialect.MYSQL: "CURRENT_TIMESTAMP(6)",
    Dialect.MARIADB: "CURRENT_TIMESTAMP(6)",
}


def renewal_sql(model: Model, field: Field, dialect: Dialect) -> str:
    """A trigger that sets `field` to the current time at each change of a row that leaves it as it
    was, indented for a `help`."""
    if dialect not in SPOKEN or field.type is not ScalarType.DATETIME:
        return "a trigger that sets it before each UPDATE"
    where, column = table(model, dialect), quoted(field.column, dialect)
    name = quoted(free_trigger_name(model, (field.column,), "renew"), dialect)
    new, now = Column(field.column, "new").sql(dialect), _NOW[dialect]
    unchanged = f"NOT ({differs(field, dialect)})"
    if dialect is Dialect.SQLITE:
        # `unchanged` ends the recursion where recursive_triggers is on.
        lines = [
            f"CREATE TRIGGER {name} AFTER UPDATE ON {where} WHEN {unchanged}",
            f"BEGIN UPDATE {where} SET {column} = {now} WHERE rowid = NEW.rowid; END;",
        ]
    elif dialect in MYSQL_FAMILY:
        lines = [
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {where} FOR EACH ROW",
            f"IF {unchanged} THEN SET {new} = {now}; END IF;",
        ]
    else:
        function = quoted(constraint_name(model, (field.column,), "renewed"), dialect)
        if model.schema:
            function = f"{quoted(model.schema, dialect)}.{function}"
        lines = [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$",
            f"BEGIN {new} := {now}; RETURN NEW; END $$;",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {where}",
            f"FOR EACH ROW WHEN ({unchanged}) EXECUTE FUNCTION {function}();",
        ]
    return "add to a migration:\n    " + "\n    ".join(lines)
