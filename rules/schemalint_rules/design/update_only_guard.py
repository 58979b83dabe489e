"""update-only-guard."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.dialects import Construct, capability
from schemalint.model import Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sql
from schemalint_rules.judging.triggers.protected_rows import Protections, refusing
from schemalint_rules.wording.describing import obscured_by


class UpdateOnlyGuard(DesignRule, frozen=True):
    """Rows cannot be changed, but they can be deleted and stored anew.

    ## What it does
    Reports tables with a trigger that refuses UPDATE of whole rows (always, or of rows in some
    state) and none that has to do with DELETE. Triggers for some columns (`UPDATE OF`) and
    those that look at the new values, such as guards of transitions, are left out, and so are
    models of which a rule `immutable` says `deletable: true`, or speaks of some fields only.

    ## Why it matters
    Whoever may not change a row deletes it and inserts it as it should have been: two
    statements instead of one, and no trigger sees either. REPLACE of SQLite and MySQL does both
    in one, and so does a parent's ON DELETE CASCADE for the first half. (Observed: cases I06,
    I05c and I10.)

    ## Use instead
    A trigger that refuses DELETE too; on SQLite, one more before INSERT where the key is taken
    (case I10f). Where rows may go but not change, a rule that says so: `immutable: {of: ...,
    deletable: true}`.
    """

    id: ClassVar[str] = "update-only-guard"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        protections: Protections | None = None
        for model in schema.models:
            guard = refusing(model, "update") if model.triggers else None
            if guard is None or _sees_deletes(model) or obscured_by(model, schema):
                continue
            protections = protections or Protections(schema, rulebook)
            if any(rule.deletable for rule in protections.of(model)):
                continue
            yield self.finding(
                guard.span,
                f"`{guard.name}` keeps rows of `{model.name}` from being changed, but nothing "
                f"keeps them from being deleted and stored anew{_in_one_statement(schema)}",
                path=model.name,
                label="refuses UPDATE only",
                help="refuse DELETE too, or say in the rulebook that rows may go: "
                f"`immutable: {{of: {model.name}, deletable: true}}`",
            )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE ledger (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL);
                CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
                BEGIN
                  SELECT RAISE(ABORT, 'the ledger must not change');
                END;
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
                CREATE TABLE ledger (id int PRIMARY KEY, amount numeric NOT NULL);
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  RAISE EXCEPTION 'the ledger must not change';
                END $$;
                CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE ON ledger
                  FOR EACH ROW EXECUTE FUNCTION refuse();
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE invoice (id INTEGER PRIMARY KEY, number INTEGER, paid INTEGER);
                CREATE TRIGGER invoice_keeps_number BEFORE UPDATE OF number ON invoice
                BEGIN
                  SELECT RAISE(ABORT, 'an invoice keeps its number');
                END;
                """,
            ),
            language="sql",
            says="a column that stays as it is goes with its row",
        ),
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE draft (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
                CREATE TRIGGER draft_stays BEFORE UPDATE ON draft
                BEGIN
                  SELECT RAISE(ABORT, 'write a new draft');
                END;
                """,
            ),
            language="sql",
            rule="immutable: {of: draft, deletable: true}",
        ),
    )


def _sees_deletes(model: Model) -> bool:
    """Whether a trigger may refuse a deletion, or the privilege to delete was taken away."""
    triggered = any(
        "delete" in trigger.events
        and trigger.enabled
        and trigger.effect not in ("nothing", "sets")
        and trigger.timing != "instead of"
        for trigger in model.triggers
    )
    return triggered or any(
        not grant.granted and {"delete", "all"} & set(grant.privileges) for grant in model.grants
    )


def _in_one_statement(schema: Schema) -> str:
    if schema.dialect is None:
        return ""
    replaces = capability(schema.dialect, Construct.REPLACE_BYPASSES_UPDATE_TRIGGER).holds
    return ", which REPLACE does in one statement" if replaces else ""
