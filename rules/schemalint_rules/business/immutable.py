"""The kind `immutable`: what is stored once and never changed."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.condition.terms import Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Field, Layer, Model
from schemalint.rule import (
    BusinessRule,
    Condition,
    Example,
    Judgement,
    Models,
    Ref,
    Related,
    Stale,
    Verdict,
    broken,
    kept,
    unknown,
)
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule, sql
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.changes.change_guards import Stay, judge_triggers
from schemalint_rules.judging.changes.changes import Change, changes_by_schema
from schemalint_rules.judging.conditions.presence import filled
from schemalint_rules.judging.conditions.row_conditions import speaking_of_rows
from schemalint_rules.judging.references.single_values import unchangeable
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.remedies.guards import (
    Guard,
    all_of,
    any_of,
    column,
    condition_on,
    differs,
    guard_sql,
    taken,
)
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.claims import frozen_in_vain
from schemalint_rules.wording.describing import listed, obscured, obscured_by

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Immutable(BusinessRule, frozen=True, kw_only=True):
    """Stored rows, or some of their fields, never change, whoever tries.

    ## What it does
    Without `fields` a stored row is never changed and, unless `deletable` is true, never deleted.
    With `fields` only these must not change. `once` allows one change, from no value to a value.
    `where` limits the rule to rows in that state before the change. What the schema does by itself
    counts too: `@updatedAt`, and foreign-key actions that rewrite or delete the row, among them
    ON UPDATE CASCADE, which Migrate writes unless told otherwise. Replacing a row (SQLite's and
    MySQL's REPLACE) deletes it and inserts another.

    A trigger keeps the rule if it refuses every such change with an error: its condition has to be
    true of changes from and to NULL, it has to look at the row as it was and at what is stored in
    the end, and nothing may pass it by, as MySQL's foreign-key actions do. A CHECK that leaves a
    field one value only keeps it as well. One that undoes a
    change without a word refuses nothing; nor does a REVOKE, which does not bind the owner.

    ## Why it matters
    A ledger that can be edited is no ledger. Prisma has no word for "never changes", so every
    writer with a connection can change everything, and the ORM's own types do not stop it.

    ## Example
    `account Account @relation(fields: [accountId], references: [id])` lets a change of the
    account's id rewrite every ledger entry.

    ## Use instead
    The triggers that the finding writes out, and `onUpdate: Restrict, onDelete: Restrict`; or
    `enforced_by: service`, with a reason.
    """

    kind: ClassVar[str] = "immutable"
    of_views: ClassVar[bool] = True

    of: Annotated[Models, msgspec.Meta(description="The models whose rows stay as they are.")]
    fields: Annotated[
        tuple[Ref, ...] | None,
        msgspec.Meta(
            description="The fields that must not change; all, and the row stays, if not given."
        ),
    ] = None
    once: Annotated[
        bool, msgspec.Meta(description="Whether one change is allowed: from no value to a value.")
    ] = False
    where: Annotated[
        Condition | None,
        msgspec.Meta(description="Only rows that satisfy this before the change are protected."),
    ] = None
    deletable: Annotated[
        bool, msgspec.Meta(description="Whether rows that must not change may still be deleted.")
    ] = False

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="Prisma has no words for it.",
            schema=postgresql("""
                model LedgerEntry {
                  id     Int     @id
                  amount Decimal
                }
            """),
            rule=rule("immutable: {of: LedgerEntry}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="A change of the account's id would rewrite the entry.",
            schema=postgresql("""
                model Account {
                  id      Int           @id
                  entries LedgerEntry[]
                }

                model LedgerEntry {
                  id        Int     @id
                  amount    Decimal
                  accountId Int
                  account   Account @relation(fields: [accountId], references: [id])
                }
            """),
            rule=rule("immutable: {of: LedgerEntry, fields: [accountId]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="A trigger that refuses every change.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE entry (id integer PRIMARY KEY, amount integer NOT NULL);

                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'entries stay as they are'; END $$;

                CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON entry
                FOR EACH ROW EXECUTE FUNCTION refuse();
                """,
            ),
            rule=rule("immutable: {of: entry}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="A comparison with NULL is not true, so the memo can be taken away.",
            schema=sql(
                "sqlite",
                """
                CREATE TABLE entry (id INTEGER PRIMARY KEY, memo TEXT);

                CREATE TRIGGER guard BEFORE UPDATE ON entry WHEN NEW.memo <> OLD.memo
                BEGIN SELECT RAISE(ABORT, 'the memo stays'); END;
                """,
            ),
            rule=rule("immutable: {of: entry, fields: [memo]}"),
            verdict=Verdict.BROKEN,
            language="sql",
        ),
        Example(
            says="The field does not exist.",
            schema=postgresql("""
                model LedgerEntry {
                  id     Int     @id
                  amount Decimal
                }
            """),
            rule=rule("immutable: {of: LedgerEntry, fields: [ammount]}"),
            verdict=Verdict.STALE,
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """`deletable` speaks of whole rows."""
        if self.fields is not None and self.deletable:
            yield (
                "`deletable` adds nothing to `fields`: a rule about some fields lets rows be "
                "deleted",
                self.of.span,
            )
        if self.fields is not None and not self.fields:
            yield "`fields` names no field; leave it out to mean all of them", self.of.span

    def judge(self, model: Model, context: Context) -> Judgement:
        """What the schema itself changes, then whether anything stops other writers.

        Raises:
            Stale: a name does not exist, or no row can satisfy `where`.
        """
        where = None
        if self.where is not None:
            where = speaking_of_rows(model, self.where, context)
        fields = model.fields if self.fields is None else context.fields(model, self.fields)
        path = model.name
        if self.fields is not None and len(fields) == 1:
            path = f"{model.name}.{fields[0].name}"
        if model.kind == "view":
            return unknown(
                path,
                f"`{model.name}` is a view: its rows change whenever the tables beneath it do; "
                "speak of those tables instead",
                model.name_span,
            )
        judged = self._judged(model, fields, where, path, context)
        if judged.verdict in (Verdict.BROKEN, Verdict.UNKNOWN) and self.fields is not None:
            read = _with_sources(model, fields, context)
            if read != fields:  # what is computed changes with what it is computed from
                plain = msgspec.structs.replace(self, once=False)
                by_sources = plain._judged(model, read, where, path, context)
                if by_sources.verdict is Verdict.KEPT:
                    return by_sources
        return judged

    def _judged(
        self,
        model: Model,
        fields: tuple[Field, ...],
        where: Term | None,
        path: str,
        context: Context,
    ) -> Judgement:
        keeps_rows = self.fields is None and not self.deletable
        if self.once and where is not None and not keeps_rows:
            fields = self._not_empty_before(model, fields, where, context)
        if not keeps_rows:
            if self.fields is None and not self.once:  # what is computed changes with the rest only
                fields = tuple([field for field in fields if field.generated is None])
            fixed = unchangeable(model, fields, where, once=self.once, context=context)
            fields = tuple([field for field in fields if field not in fixed])
            if not fields:
                return kept(path, dict.fromkeys(one for by in fixed.values() for one in by))
        changes = tuple(changes_by_schema(model, fields, context, deleting=keeps_rows))
        stay = Stay(
            model=model,
            path=path,
            fields=fields,
            where=where,
            once=self.once,
            deletion=keeps_rows,
            whole=self._is_plain,
            remedy=self._help(model, fields, changes, context),
        )
        judgement = judge_triggers(stay, changes, context) or _unguarded(stay, changes, context)
        return _unless_rewritten(unless_obscured(judgement, model, context), model, context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Every way to change or remove a row. None for a view.

        Raises:
            Stale: a name does not exist, or no row can satisfy `where`.
        """
        if model.kind == "view":
            return None
        from schemalint_rules.attacking.immutability import Still, plan

        where = None
        if self.where is not None:
            where = speaking_of_rows(model, self.where, context)
        fields = model.fields if self.fields is None else context.fields(model, self.fields)
        return plan(
            Still(
                model=model,
                fields=fields,
                where=where,
                once=self.once,
                staying=self.fields is None and not self.deletable,
                every=self.fields is None,
            ),
            context,
        )

    def _not_empty_before(
        self, model: Model, fields: tuple[Field, ...], where: Term, context: Context
    ) -> tuple[Field, ...]:
        """The fields that have a value in some row of which the rule speaks: with `once`, the
        others may change.

        Raises:
            Stale: there is none.
        """
        rows = Rows(model, context, Layer.DATABASE)
        found = [field for field in fields if not rows.impossible((where, filled(field)))]
        if found:
            return tuple(found)
        assert self.where is not None
        names = listed(field.name for field in fields)
        raise Stale(
            f"no row for which `{self.where.text}` has a value in {names}, and `once` lets it get "
            "one: the rule forbids nothing",
            self.where.span,
        )

    @property
    def _is_plain(self) -> bool:
        """Whether the rule forbids every change, without exception."""
        return self.fields is None and not self.once and self.where is None

    def _help(
        self, model: Model, fields: Sequence[Field], changes: Sequence[Change], context: Context
    ) -> str:
        guards = self._guards(model, fields, context)
        columns = [field.column for field in fields] if self.fields is not None else []
        lines = [guard_sql(model, "immutable", guards, context.dialect, columns)]
        fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
        if fires is False and any(change.key is not None for change in changes):
            lines.append(
                "besides, make its foreign keys RESTRICT: on this database their actions fire no "
                "triggers"
            )
        return "\n".join(lines)

    def _guards(self, model: Model, fields: Sequence[Field], context: Context) -> list[Guard]:
        dialect = context.dialect
        where = context.condition(model, self.where) if self.where is not None else None
        before = condition_on(where, "old", dialect) if where is not None else None
        stays = f"{model.name} must not change"
        refused: list[str] = [before] if before else []
        if self.fields is not None or self.once:
            refused.append(any_of(self._changed(field, context) for field in fields))
            if self.fields is not None:
                names = ", ".join(field.name for field in fields)
                stays = f"{model.name}: {names} must not change"
        update = all_of(refused) if refused else None
        guards = [Guard("update", stays, update)]
        if self.fields is None and not self.deletable:
            guards.append(Guard("delete", f"{model.name} must not be deleted", before))
            guards += self._against_replace(model, context, before)
        return guards

    def _changed(self, field: Field, context: Context) -> str:
        changed = differs(field, context.dialect)
        if not self.once:
            return changed
        return all_of([f"{column(field, 'old', context.dialect)} IS NOT NULL", changed])

    def _against_replace(
        self, model: Model, context: Context, before: str | None
    ) -> Iterator[Guard]:
        """SQLite's REPLACE removes rows without firing triggers (I10b, I10d, I10e); a guard before
        the INSERT, and before an UPDATE that is allowed, sees them still (I10f)."""
        dialect = context.dialect
        where = context.condition(model, self.where) if self.where is not None else None
        standing = condition_on(where, "", dialect) if where is not None else None
        message = f"{model.name} must not be replaced"
        inserted = taken(model, dialect, standing, updating=False)
        if inserted is not None:
            yield Guard("insert", message, inserted)
        moved = taken(model, dialect, standing, updating=True)
        if moved is not None and (before is not None or self.once):
            yield Guard("update", message, moved, name="update_or_replace")


def _with_sources(model: Model, fields: Sequence[Field], context: Context) -> tuple[Field, ...]:
    """The fields, with those in the place of a generated one that it is computed from."""
    found: dict[Field, None] = {}
    rows = Rows(model, context, Layer.DATABASE)
    for field in fields:
        if field.generated is None:
            found[field] = None
            continue
        read = rows.expression(field.generated.expression).columns
        names = [model.column(column) for column in read]
        sources = [source for source in names if source is not None]
        plain = sources and all(source.generated is None for source in sources)
        found.update(dict.fromkeys(sources if plain else [field]))
    return tuple(found)


def _unless_rewritten(judgement: Judgement, model: Model, context: Context) -> Judgement:
    """`unknown` where a statement about the table was not understood that could refuse even what
    the schema does by itself: a rule of PostgreSQL's, for instance (I14b)."""
    opaque = obscured_by(model, context.schema)
    if judgement.verdict is not Verdict.BROKEN or opaque is None or not opaque.tables:
        return judgement
    if in_prisma(context.schema, opaque.span):
        return judgement
    return unknown(judgement.path, obscured(opaque), opaque.span)


def _unguarded(stay: Stay, changes: Sequence[Change], context: Context) -> Judgement:
    """No trigger has to do with it."""
    if changes:
        return _done_by_schema(stay, changes)
    whole = len(stay.fields) == len(stay.model.fields)
    what = "can be changed by any UPDATE" if whole else "can be changed"
    if stay.deletion:
        what += " and removed by any DELETE"
    subject = (
        f"a row of `{stay.model.name}`"
        if whole
        else listed(f"{stay.model.name}.{field.name}" for field in stay.fields)
    )
    return broken(
        stay.path,
        f"{subject} {what}: nothing refuses it",
        stay.model.name_span if whole else stay.fields[0].name_span,
        expressible=Layer.DATABASE if "trigger" in context.schema.can_say else None,
        related=[*frozen_in_vain(stay.model, stay.fields), *_revoked(stay.model)],
        help=stay.remedy,
    )


def _revoked(model: Model) -> list[Related]:
    """What looks as if it kept writers out: the owner is a writer too (I07b, I07d)."""
    return [
        Related("this binds the role that it names, and not the owner of the table", grant.span)
        for grant in model.grants
        if not grant.granted and {"update", "delete", "all"} & set(grant.privileges)
    ]


def _done_by_schema(stay: Stay, changes: Sequence[Change]) -> Judgement:
    first = changes[0]
    others = [Related(change.message, change.span) for change in changes[1:]]
    unguarded = f"nothing refuses changes of `{stay.model.name}`"
    return broken(
        stay.path,
        first.message,
        first.span,
        contradicts=True,
        label=first.label,
        related=[
            *others,
            Related(unguarded, stay.model.name_span),
            *frozen_in_vain(stay.model, stay.fields),
        ],
        help=f"{first.remedy}\nthat stops the schema itself; for other writers, {stay.remedy}",
        fix=first.fix,
    )
