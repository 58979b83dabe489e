"""not-enforced-constraint."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Check, Dialect, ForeignKey, Model, Schema, Trigger
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sql
from schemalint_rules.wording.describing import listed, logical

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


class NotEnforcedConstraint(DesignRule, frozen=True):
    """A constraint is declared that the database does not check.

    ## What it does
    Reports CHECK constraints and foreign keys that are NOT ENFORCED, foreign keys of tables
    whose storage engine knows none (MyISAM, Aria, MEMORY), a column's REFERENCES where MySQL
    reads it and does nothing (before version 9.0), and triggers that are disabled. PostgreSQL's
    NOT VALID is another matter: such a constraint holds for every row that is written from then
    on (see `constraint-not-validated`).

    ## Why it matters
    It stands in the schema, in every diagram and in every reader's mind, and stops nobody. Rows
    that break it are found once somebody has relied on it. (Observed: cases F04e and I17.)

    ## Use instead
    A constraint that is enforced: ALTER CONSTRAINT ... ENFORCED, ENGINE = InnoDB, a FOREIGN KEY
    clause of the table, ENABLE TRIGGER; or none, where the rule does not hold.
    """

    id: ClassVar[str] = "not-enforced-constraint"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            for check in model.checks:
                if not check.enforced:
                    yield self._check(model, check)
            for key in model.foreign_keys:
                if not key.enforced:
                    yield self._foreign_key(model, key, schema)
            for trigger in model.triggers:
                if not trigger.enabled:
                    yield self._trigger(model, trigger)

    def _check(self, model: Model, check: Check) -> Finding:
        named = f"the check `{check.name}`" if check.name else "this check"
        return self.finding(
            check.span,
            f"{named} is NOT ENFORCED, so rows of `{model.name}` are accepted that break it",
            path=model.name,
            label="checks nothing",
            help="make it ENFORCED, or drop it",
        )

    def _foreign_key(self, model: Model, key: ForeignKey, schema: Schema) -> Finding:
        written = " ".join(key.span.text.upper().split())
        names = listed(logical(model, key.columns))
        if schema.dialect not in _MYSQL:
            why, remedy = "this foreign key is NOT ENFORCED", "make it ENFORCED, or drop it"
        elif written.startswith("REFERENCES"):
            why = "MySQL before version 9.0 reads REFERENCES behind a column and ignores it"
            remedy = "write it as a FOREIGN KEY clause of the table"
        else:
            why = f"the storage engine of `{model.table}` checks no foreign key"
            remedy = "make the tables ENGINE = InnoDB"
        return self.finding(
            key.span,
            f"{why}, so {names} of `{model.name}` may point at no row of `{key.model}`",
            path=model.name + "".join(f".{name}" for name in logical(model, key.columns)[:1]),
            label="checks nothing",
            help=remedy,
        )

    def _trigger(self, model: Model, trigger: Trigger) -> Finding:
        return self.finding(
            trigger.span,
            f"the trigger `{trigger.name}` of `{model.name}` is disabled, so it does nothing",
            path=model.name,
            label="disabled",
            help="ENABLE it, or drop it",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "mysql",
                """
                CREATE TABLE person (
                  id  INT PRIMARY KEY,
                  age INT NOT NULL,
                  CONSTRAINT grown_up CHECK (age >= 18) NOT ENFORCED
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "mariadb",
                """
                CREATE TABLE customer (id INT PRIMARY KEY) ENGINE = MyISAM;
                CREATE TABLE purchase (
                  id          INT PRIMARY KEY,
                  customer_id INT NOT NULL,
                  FOREIGN KEY (customer_id) REFERENCES customer (id)
                ) ENGINE = MyISAM;
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
                CREATE TABLE person (id int PRIMARY KEY, age int NOT NULL);
                ALTER TABLE person ADD CONSTRAINT grown_up CHECK (age >= 18) NOT VALID;
                """,
            ),
            language="sql",
            says="NOT VALID spares the rows that are there already, and no others",
        ),
    )
