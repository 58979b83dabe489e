"""trigger-that-only-warns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from schemalint.dialects import Construct, capability
from schemalint.model import Action, Model, Schema, Trigger
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sql

# Compiled where a trigger needs them: most schemas have none.
_COMMENT = r"(?s)--[^\n]*|/\*.*?\*/"
_WARNING = (
    r"(?i)\bRAISE\s+(?P<level>WARNING|NOTICE)\b"
    r"|\bSIGNAL\s+SQLSTATE\s+(?:VALUE\s+)?'(?P<state>01\w{3})'"
)
_MOVES = (Action.CASCADE, Action.SET_NULL, Action.SET_DEFAULT)


class TriggerThatOnlyWarns(DesignRule, frozen=True):
    """A trigger looks like a refusal and refuses nothing.

    ## What it does
    Reports triggers that do nothing but warn (`RAISE WARNING`, `RAISE NOTICE`, a `SIGNAL` of
    class 01), and triggers that drop the change without an error (`RETURN NULL` before the
    change, SQLite's `RAISE(IGNORE)`). A dropped INSERT is reported only where every one is
    dropped: to skip some rows on the way in can be meant. Triggers that write to another table
    are left out.

    ## Why it matters
    A warning stops nothing: the row is changed, and hardly a client shows what was said. A change
    that is dropped in silence is worse, for the writer is told that it succeeded; and on
    PostgreSQL, where a parent's deletion cascades into such a table, the row stays behind and
    points at nothing. (Observed: cases I15, I15b, I15c, I16 and I23.)

    ## Use instead
    An error: `RAISE EXCEPTION`, `SIGNAL SQLSTATE '45000'`, `SELECT RAISE(ABORT, '...')`.
    """

    id: ClassVar[str] = "trigger-that-only-warns"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            for parts in _as_written(model):
                trigger = parts[0]
                if not trigger.enabled or trigger.timing == "instead of":
                    continue
                if any(part.writes for part in parts):
                    continue
                if all(part.effect == "nothing" for part in parts):
                    yield from self._warns(model, parts)
                dropping = [part for part in parts if _drops(part)]
                if dropping:
                    yield self._skips(model, dropping, schema)

    def _warns(self, model: Model, parts: Sequence[Trigger]) -> Iterator[Finding]:
        trigger = parts[0]
        said = re.search(_WARNING, re.sub(_COMMENT, " ", trigger.body))
        if said is None:
            return
        signal = said["state"] is not None
        what = (
            f"signals SQLSTATE {said['state']}" if signal else f"raises a {said['level'].lower()}"
        )
        remedy = "SIGNAL SQLSTATE '45000'" if signal else "RAISE EXCEPTION"
        yield self.finding(
            trigger.span,
            f"the trigger `{trigger.name}` {what}, and the {_events(parts)} of "
            f"`{model.name}` happens all the same",
            path=model.name,
            label="refuses nothing",
            help=f"use `{remedy}` where it is to be refused",
        )

    def _skips(self, model: Model, parts: Sequence[Trigger], schema: Schema) -> Finding:
        trigger = parts[0]
        some = "some" if trigger.effect == "skips-if" or trigger.when else "every"
        message = (
            f"the trigger `{trigger.name}` drops {some} {_events(parts)} of `{model.name}` "
            "without an error, so the writer takes it for done"
        )
        if any(_leaves_orphans(model, part, schema) for part in parts):
            message += "; a parent's deletion passes it and leaves rows that point at nothing"
        return self.finding(
            trigger.span,
            message,
            path=model.name,
            label="drops the change silently",
            help="raise an error instead",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE ledger (id int PRIMARY KEY, amount numeric NOT NULL);
                CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  RAISE WARNING 'the ledger must not change';
                  RETURN NEW;
                END $$;
                CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
                  FOR EACH ROW EXECUTE FUNCTION keep();
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE ledger (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL);
                CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
                BEGIN
                  SELECT RAISE(IGNORE);
                END;
                """,
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "mysql",
                """
                CREATE TABLE ledger (id INT PRIMARY KEY, amount INT NOT NULL);
                CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger FOR EACH ROW
                  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the ledger must not change';
                """,
            ),
            language="sql",
        ),
    )


def _drops(trigger: Trigger) -> bool:
    if trigger.effect == "skips" and trigger.when is None:
        return True
    changes = {"update", "delete"} & set(trigger.events)
    return trigger.effect in ("skips", "skips-if") and bool(changes)


def _leaves_orphans(model: Model, trigger: Trigger, schema: Schema) -> bool:
    """Whether a foreign key's action can be dropped, which PostgreSQL does not notice (I15b)."""
    if schema.dialect is None:
        return False
    if not capability(schema.dialect, Construct.SKIPPING_TRIGGER_LEAVES_ORPHANS).holds:
        return False
    return any(
        (key.on_delete is Action.CASCADE and "delete" in trigger.events)
        or (key.on_delete in _MOVES[1:] and "update" in trigger.events)
        for key in model.foreign_keys
    )


def _events(parts: Iterable[Trigger]) -> str:
    events = dict.fromkeys(event for part in parts for event in part.events)
    return " or ".join(event.upper() for event in events)


def _as_written(model: Model) -> Iterable[Sequence[Trigger]]:
    """The triggers as they were created: one that does different things on different events is
    several in the AST."""
    found: dict[str, list[Trigger]] = {}
    for trigger in model.triggers:
        found.setdefault(trigger.name, []).append(trigger)
    return found.values()
