"""cascade-into-immutable."""

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec

from schemalint.dialects import Construct, capability
from schemalint.model import Action, Dialect, ForeignKey, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.triggers.protected_rows import Protections, refusing
from schemalint_rules.wording.describing import listed, logical
from schemalint_rules.wording.small_words import one

_REWRITES = (Action.CASCADE, Action.SET_NULL, Action.SET_DEFAULT)


class _Move(msgspec.Struct, frozen=True):
    """What a foreign key does to its rows on an event of the parent; `written` where it says so."""

    event: Literal["delete", "update"]
    action: Action
    written: Span | None

    @property
    def removes(self) -> bool:
        return self.event == "delete" and self.action is Action.CASCADE


class CascadeIntoImmutable(DesignRule, frozen=True):
    """A foreign key deletes or rewrites rows that are meant to stay as they are.

    ## What it does
    Reports foreign keys with ON DELETE CASCADE, SET NULL or SET DEFAULT, or with a written ON
    UPDATE CASCADE, SET NULL or SET DEFAULT, of a table whose rows are protected from just that:
    by a rule `immutable` of the rulebook, or by a trigger that refuses DELETE, or UPDATE of whole
    rows or of the key's columns. Where a database's triggers see what foreign keys do, ON UPDATE
    is left alone if a trigger refuses it: nothing happens then that should not.

    ## Why it matters
    The two contradict each other, and which one wins depends on the database. On MySQL and
    MariaDB foreign-key actions fire no triggers: the ledger is emptied by deleting an account.
    On PostgreSQL and SQLite the trigger fires, and deleting the account fails with an error of a
    table that nobody named. Without a trigger, nothing stops it anywhere. (Observed: cases I03,
    I04, I05, I12f and X11.)

    ## Use instead
    ON DELETE RESTRICT and ON UPDATE RESTRICT, which say what is meant.
    """

    id: ClassVar[str] = "cascade-into-immutable"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        protections: Protections | None = None
        for model in schema.models:
            if not model.foreign_keys or model.kind not in ("model", "join"):
                continue
            if not model.triggers and not rulebook.entries:
                continue
            protections = protections or Protections(schema, rulebook)
            for key in model.foreign_keys:
                if key.enforced:
                    yield from self._of_key(model, key, protections, schema.dialect)

    def _of_key(
        self, model: Model, key: ForeignKey, protections: Protections, dialect: Dialect | None
    ) -> Iterator[Finding]:
        for move in _moves(key):
            touched = () if move.removes else key.set_columns or key.columns
            guard = refusing(model, "delete" if move.removes else "update", touched)
            if guard is not None:
                if move.event == "update" and _fires(dialect):
                    continue
                told = Related(f"`{guard.name}` refuses it to everybody else", guard.span)
                some = guard.effect == "raises-if" or guard.when is not None
                outcome = _outcome(move, key, dialect, some=some)
                yield self._finding(model, key, move, outcome, told)
            else:
                rule = _covering(model, key, protections, removes=move.removes)
                if rule is not None:
                    outcome = "though these rows are meant to stay as they are: nothing stops it"
                    yield self._finding(model, key, move, outcome, rule)

    def _finding(
        self, model: Model, key: ForeignKey, move: _Move, outcome: str, related: Related
    ) -> Finding:
        names = logical(model, key.set_columns or key.columns)
        doing = "deleting" if move.event == "delete" else "changing the key of"
        if move.removes:
            what = f"deletes the rows of `{model.name}` that point at it"
        elif move.action is Action.CASCADE:
            what = f"rewrites {listed(names)} of `{model.name}`"
        else:
            to = "NULL" if move.action is Action.SET_NULL else "the default"
            what = f"sets {listed(names)} of `{model.name}` to {to}"
        clause = f"ON {move.event.upper()}"
        in_sql = move.written is not None and move.written.text[:2].upper() == "ON"
        return self.finding(
            move.written or key.span,
            f"{doing} {one(key.model)} {what}, {outcome}",
            path=f"{model.name}.{names[0]}" if len(names) == 1 else model.name,
            label=None if in_sql else f"{clause} {move.action.upper()}",
            related=[related],
            help=f"use {clause} RESTRICT",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "mysql",
                """
                CREATE TABLE account (id INT PRIMARY KEY);
                CREATE TABLE entry (
                  id         INT PRIMARY KEY,
                  account_id INT NOT NULL,
                  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
                );
                CREATE TRIGGER entry_stays BEFORE DELETE ON entry FOR EACH ROW
                  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'entries stay';
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql(
                """
                model Account {
                  id      Int     @id
                  entries Entry[]
                }

                model Entry {
                  id Int     @id
                  by Int
                  of Account @relation(fields: [by], references: [id], onDelete: Cascade)

                  @@index([by])
                }
                """
            ),
            rule="immutable: {of: Entry}",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "mysql",
                """
                CREATE TABLE account (id INT PRIMARY KEY);
                CREATE TABLE entry (
                  id         INT PRIMARY KEY,
                  account_id INT NOT NULL,
                  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT
                );
                CREATE TRIGGER entry_stays BEFORE DELETE ON entry FOR EACH ROW
                  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'entries stay';
                """,
            ),
            language="sql",
        ),
    )


def _moves(key: ForeignKey) -> Iterator[_Move]:
    """What the key does to its rows, save an ON UPDATE that nobody wrote."""
    if key.on_delete in _REWRITES:
        yield _Move("delete", key.on_delete, key.on_delete_span)
    if key.on_update in _REWRITES and key.on_update_span is not None:
        yield _Move("update", key.on_update, key.on_update_span)


def _fires(dialect: Dialect | None) -> bool | None:
    """Whether triggers see what foreign keys do."""
    if dialect is None:
        return None
    return capability(dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds


def _outcome(move: _Move, key: ForeignKey, dialect: Dialect | None, *, some: bool) -> str:
    """What comes of it where a trigger protects all, or `some`, of the rows."""
    protected = "some of these rows are" if some else "these rows are"
    though = f"though {protected} meant to stay as they are"
    fires = _fires(dialect)
    if fires is None:
        return f"{though}: whether the trigger sees it depends on the database"
    if not fires:
        return f"{though}: foreign-key actions fire no triggers on this database"
    doing = "deletion" if move.event == "delete" else "new key"
    return f"{though}: the trigger refuses it, and with it the {doing} of the `{key.model}`"


def _covering(
    model: Model, key: ForeignKey, protections: Protections, *, removes: bool
) -> Related | None:
    """The place of a rule of the rulebook that forbids what the key does."""
    touched = set(key.set_columns or key.columns)
    for rule in protections.of(model):
        if not rule.deletable if removes else rule.columns is None or rule.columns & touched:
            return Related(f"{rule.entry.id}: {rule.entry.says}", rule.entry.kind_span)
    return None
