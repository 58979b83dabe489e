"""Attacks on rows that must stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from schemalint.attack import (
    FRESH,
    UNNAMED,
    Attack,
    Delete,
    Insert,
    OtherCase,
    Plan,
    Same,
    Update,
    Upsert,
    Value,
)
from schemalint.condition.collations import stores_text
from schemalint.condition.terms import Column, Compare, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.dialects.sqlite_rows import rowid_alias
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint_rules.attacking.distinct_attacks import distinct
from schemalint_rules.attacking.forbidden_changes import Altered
from schemalint_rules.attacking.guarded_changes import Guarded, Passing, parents_for
from schemalint_rules.attacking.partitions import within
from schemalint_rules.attacking.pointing_elsewhere import along_keys, among_themselves, with_parents
from schemalint_rules.attacking.row_cases import cases, outside, possible
from schemalint_rules.attacking.row_ids import ROWID, with_rowid
from schemalint_rules.attacking.surroundings import Quarry, through_parents, through_triggers
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.values.exact_values import compares_exactly

_MOST = 60
_MOST_PARTS = 2
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_OTHER_BYTES = (("a", "a "), ("a", "á"))


class Still(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of the rows of `model`; see `forbidden_changes.Altered`. `every` tells that
    it names no fields and means all of them."""

    model: Model
    fields: tuple[Field, ...]
    where: Term | None = None
    once: bool = False
    staying: bool = False
    every: bool = False


def plan(still: Still, context: Context) -> Plan:
    """The plan for a rule about one model."""
    model = with_rowid(still.model, context)
    forbidden = Altered(
        model=model,
        columns=tuple(field.column for field in still.fields),
        where=still.where,
        once=still.once,
        staying=still.staying,
    )
    attacks: list[Attack] = []
    for table in holders(still.model, context):
        held = model if table is still.model else table
        attacks += _Table(still, held, context).attacks()
    parts = [one for one in context.schema.models if one.partition_of == model.table]
    for part in parts[:_MOST_PARTS]:
        attacks += _Table(still, part, context).attacks()
    forbidding = [attack for attack in attacks if attack.aim == "forbidden"]
    uses = [attack for attack in attacks if attack.aim != "forbidden"]
    return Plan(forbidden, (*distinct(forbidding)[:_MOST], *uses))


class _Table:
    """One table that holds rows of the model."""

    def __init__(self, still: Still, table: Model, context: Context) -> None:
        self._still = still
        self._table = table
        self._context = context
        self._updates = Guarded(table, "update", context)
        self._deletes = Guarded(table, "delete", context)
        names = [field.column for field in still.fields]
        self._fields = tuple(field for field in table.fields if field.column in names)
        self._sorts = tuple(
            sort for sort in cases(still.where) if not sort or possible(sort, table, context)
        )

    def attacks(self) -> Iterator[Attack]:
        plain = [field for field in self._fields if field.generated is None]
        for field in plain:
            for sort in self._sorts:
                yield from self._changed(field, sort)
        for field in self._fields:
            if field.generated is not None and not self._still.every:
                yield from self._computed(field)
        if self._still.staying:
            yield from self._removed()
        for field in self._fields:
            yield from self._past_guards(field)
        for field in plain:
            yield from self._around_null(field)
            yield from self._in_other_bytes(field)
            yield from self._by_row_id(field)
            yield from self._otherwise(field)
            yield from self._to_error_value(field)
        yield from self._by_others()
        yield from self._assigned()
        yield from self._upserted(plain)
        if self._still.staying:
            yield from self._replaced()
        yield from self._uses()

    # -- changes

    def _quarry(
        self, sort: Sequence[Term] = (), values: Mapping[str, Value] | None = None
    ) -> Quarry:
        where = tuple(sort) if sort or self._still.where is None else (self._still.where,)
        there = within(self._table, self._context) if self._table.partition_of else {}
        where = tuple(term for term in where if not set(term.columns) <= set(there))
        return Quarry(self._table, {**there, **(values or {})}, where)

    def _changed(self, field: Field, sort: Sequence[Term]) -> Iterator[Attack]:
        filled = Not(Is(Column(field.column), None))
        conditions = [*sort, filled] if field.nullable else [*sort]
        if not possible(conditions, self._table, self._context):
            return
        elsewhere = tuple(self._elsewhere(field))
        yield Attack(
            says=f"changes `{field.name}` of a row of `{self._table.name}`",
            moves=(
                self._quarry(conditions).stored(),
                *elsewhere,
                Update(row="first", changing=(field.column,)),
            ),
        )
        yield from among_themselves(self._quarry(conditions), field)
        yield from along_keys(self._quarry(conditions), field, self._context)
        yield from with_parents(self._quarry(conditions).stored(), field, self._context)

    def _to_error_value(self, field: Field) -> Iterator[Attack]:
        """Under IGNORE, MySQL stores '' in an enum for what it has not (E05b, E05c)."""
        known = self._context.facts(self._table).column(field.column)
        values = known.values if known is not None and field.type is ScalarType.ENUM else None
        if self._context.dialect in _MYSQL and "" in (values or ()):
            filled = Not(Is(Column(field.column), None))
            where = (filled,) if self._still.where is None else (self._still.where, filled)
            yield Attack(
                says=f"changes `{field.name}` of a row of `{self._table.name}` by UPDATE IGNORE to "
                "what the enum has not",
                moves=(
                    self._quarry(where).stored(),
                    Update(row="first", values={field.column: "bogus"}, ignoring=True),
                ),
            )

    def _otherwise(self, field: Field) -> Iterator[Attack]:
        """Statements that say something else than a value, or name another table."""
        name = self._table.name
        default = field.default
        given = default is not None and default.layer is Layer.DATABASE
        if default is not None and given and self._context.dialect is not Dialect.SQLITE:
            to_default = Update(row="first", values={field.column: UNNAMED})
            # The next number may be the one that the row has: the one after that is not.
            again = (to_default,) if default.kind == "sequence" else ()
            passing = [one for one in (self._past(field),) if one is not None]
            for stored in (self._quarry().stored(), *map(self._as_before, passing)):
                yield Attack(
                    says=f"sets `{field.name}` of a row of `{name}` to its default",
                    moves=(stored, to_default, *again),
                )
        above = (*self._table.inherits, self._table.partition_of)
        for other in self._context.schema.models:
            if other.table in above and other.column(field.column) is not None:
                yield Attack(
                    says=f"changes `{field.name}` of a row of `{name}` by an UPDATE of "
                    f"`{other.name}`, which has it too",
                    moves=(
                        self._quarry().stored(),
                        Update(row="first", changing=(field.column,), through=other),
                    ),
                )

    def _by_row_id(self, field: Field) -> Iterator[Attack]:
        """UPDATE OF looks at the name under which a column is changed."""
        if self._table.column(ROWID) is None or field != rowid_alias(self._table):
            return
        if self._updates.is_watched:
            yield Attack(
                says=f"changes `{field.name}` of a row of `{self._table.name}` as its row id",
                moves=(self._quarry().stored(), Update(row="first", values={ROWID: FRESH})),
            )

    def _elsewhere(self, field: Field) -> Iterator[Insert]:
        """Another row to point at."""
        from schemalint_rules.judging.rows.parents import Parents

        parents = Parents(self._context.schema)
        for key in self._table.foreign_keys:
            target = parents.of(key)
            other = target is not None and target.table != self._table.table
            if field.column in key.columns and target is not None and other:
                yield Insert(row="elsewhere", model=target, setup=True)
                return

    def _computed(self, field: Field) -> Iterator[Attack]:
        """A generated column changes with those that it is made of."""
        text = field.generated.expression.lower() if field.generated is not None else ""
        for other in self._table.fields:
            if other.generated is None and other.column.lower() in text:
                yield Attack(
                    says=f"changes `{other.name}` of a row of `{self._table.name}`, of which "
                    f"`{field.name}` is made",
                    moves=(
                        self._quarry().stored(),
                        Update(row="first", changing=(other.column,)),
                    ),
                )
                yield from self._past_guards(other)
        if field.nullable:
            empty = Is(Column(field.column), None)
            ways: tuple[tuple[str, Term, Term], ...] = (
                ("gets a value", empty, Not(empty)),
                ("loses its value", Not(empty), empty),
            )
            for becomes, before, after in ways:
                yield Attack(
                    says=f"changes what `{field.name}` of a row of `{self._table.name}` is made "
                    f"of, so that it {becomes}",
                    moves=(
                        self._quarry(self._sort_with(before)).stored(),
                        Update(row="first", satisfying=(after,)),
                    ),
                )

    def _sort_with(self, term: Term) -> tuple[Term, ...]:
        """The rows of which the rule speaks, and of which the term is true."""
        return (term,) if self._still.where is None else (self._still.where, term)

    def _around_null(self, field: Field) -> Iterator[Attack]:
        where = () if self._still.where is None else (self._still.where,)
        name, table = field.name, self._table.name
        column = Column(field.column)
        empty, filled = (*where, Is(column, None)), (*where, Not(Is(column, None)))
        if field.nullable:
            if possible(filled, self._table, self._context):
                yield Attack(
                    says=f"takes `{name}` away from a row of `{table}`",
                    moves=(
                        self._quarry(filled).stored(),
                        Update(row="first", values={field.column: None}),
                    ),
                )
            if not self._still.once and possible(empty, self._table, self._context):
                yield Attack(
                    says=f"gives a row of `{table}` without `{name}` one",
                    moves=(
                        self._quarry(empty).stored(),
                        *self._elsewhere(field),
                        Update(row="first", changing=(field.column,)),
                    ),
                )
        elif self._updates.is_watched and self._updates.guards.sight.becomes_another(field):
            mysql = self._context.dialect in _MYSQL
            way = "IGNORE" if mysql else "OR REPLACE"
            becomes = self._updates.guards.sight.substitute(field)
            if becomes is not None:
                filled = (*where, Compare("<>", column, Literal(becomes)))
            yield Attack(
                says=f"changes a row of `{table}` by UPDATE {way} with NULL for `{name}`",
                moves=(
                    self._quarry(filled).stored(),
                    Update(
                        row="first",
                        values={field.column: None},
                        replacing=not mysql,
                        ignoring=mysql,
                    ),
                ),
            )

    def _in_other_bytes(self, field: Field) -> Iterator[Attack]:
        """Texts that a comparison takes for the same."""
        exact = compares_exactly(field, self._context.dialect)
        checked = any(field.column in check.expression for check in self._table.checks)
        compared = self._updates.is_watched or checked
        if exact or not stores_text(field) or not compared:
            return
        says = f"changes `{field.name}` of a row of `{self._table.name}` in letter case"
        other = {field.column: OtherCase("first", field.column)}
        where = () if self._still.where is None else (self._still.where,)
        there = self._quarry((*where, Not(Is(Column(field.column), None))))
        for quarry in (there, self._quarry(values={field.column: "a"})):
            yield Attack(says=says, moves=(quarry.stored(), Update(row="first", values=other)))
        for one, spelt in (*_OTHER_BYTES, *self._named_texts(field)):
            yield Attack(
                says=f"changes `{field.name}` of a row of `{self._table.name}` to a text that "
                "compares as the same",
                moves=(
                    self._quarry(values={field.column: one}).stored(),
                    Update(row="first", values={field.column: spelt}),
                ),
            )

    def _named_texts(self, field: Field) -> Iterator[tuple[str, str]]:
        """The texts that the rule asks of the field, each with a blank behind it."""
        for part in self._still.where.walk() if self._still.where is not None else ():
            if isinstance(part, Compare) and field.column in part.columns:
                texts = [one.value for one in (part.left, part.right) if isinstance(one, Literal)]
                yield from [(one, f"{one} ") for one in texts if isinstance(one, str)]

    def _past(self, field: Field) -> Passing | None:
        """A change of the field that no guard is known to refuse."""
        return self._updates.altered(field, self._still.where, once=self._still.once)

    def _past_guards(self, field: Field) -> Iterator[Attack]:
        passing = self._past(field)
        if passing is None or not passing.after:
            return
        yield Attack(
            says=f"changes `{field.name}` of a row of `{self._table.name}`",
            moves=(
                self._as_before(passing),
                *parents_for(self._table, passing.after, self._context),
                Update(row="first", values=passing.after),
            ),
        )
        yield from with_parents(self._as_before(passing), field, self._context)

    def _as_before(self, passing: Passing) -> Insert:
        return msgspec.structs.replace(self._quarry(), values=passing.before).stored()

    def _assigned(self) -> Iterator[Attack]:
        """Triggers that give the row other values than the statement does."""
        names = {field.column.lower() for field in self._fields}
        for trigger in effects.on(self._table, "update"):
            given = effects.assigned(trigger, self._context.dialect)
            if given is not None and not given & names:
                continue
            others = [
                field
                for field in self._table.fields
                if field.column not in {*names, ROWID} and field.generated is None
            ]
            for field in [*others, *self._fields][:8]:
                yield Attack(
                    says=f"changes `{field.name}` of a row of `{self._table.name}`, to which "
                    f"`{trigger.name}` adds",
                    moves=(
                        self._quarry().stored(),
                        Update(row="first", changing=(field.column,)),
                    ),
                )

    def _by_others(self) -> Iterator[Attack]:
        columns = None if self._still.staying else frozenset(f.column for f in self._fields)
        ways = [*through_parents(self._quarry(), self._context, columns)]
        ways += islice(through_triggers(self._quarry(), self._context), 16)
        for way in ways:
            yield Attack(says=way.says, moves=way.moves)

    def _upserted(self, fields: Sequence[Field]) -> Iterator[Attack]:
        key = self._table.primary_key
        if key is None or not self._updates.is_watched:
            return
        for field in self._free(fields)[:1]:
            yield Attack(
                says=f"changes `{field.name}` of a row of `{self._table.name}` by an upsert",
                moves=(
                    self._quarry().stored(),
                    Upsert(row="first", columns=key.columns, values={field.column: FRESH}),
                ),
            )

    def _free(self, fields: Sequence[Field]) -> list[Field]:
        """Those that are in no key, neither the table's own nor a foreign one."""
        keys = {column for key in self._table.keys for column in key.columns}
        keys |= {column for key in self._table.foreign_keys for column in key.columns}
        return [one for one in fields if one.column not in {*keys, ROWID} and one.generated is None]

    # -- deletion

    def _removed(self) -> Iterator[Attack]:
        says = f"deletes a row of `{self._table.name}`"
        for sort in self._sorts:
            yield Attack(says=says, moves=(self._quarry(sort).stored(), Delete(row="first")))
        where = self._still.where
        situation = [] if where is None else [self._deletes.versions.of_row(where, "OLD")]
        passing = self._deletes.passing(situation)
        if passing is not None:
            yield Attack(says=says, moves=(self._as_before(passing), Delete(row="first")))

    def _replaced(self) -> Iterator[Attack]:
        """REPLACE, which deletes the rows in its way."""
        if self._context.dialect not in (Dialect.SQLITE, *_MYSQL):
            return
        keys = [key.columns for key in self._table.keys if key.columns and not key.expressions]
        if self._table.column(ROWID) is not None and rowid_alias(self._table) is None:
            keys.append((ROWID,))
        for columns in dict.fromkeys(keys):
            yield from self._replaced_by(columns)

    def _replaced_by(self, columns: Sequence[str]) -> Iterator[Attack]:
        name = self._table.name
        agreeing = {column: Same("first", column) for column in columns}
        where = () if self._still.where is None else (self._still.where,)
        filled = [
            Not(Is(Column(column), None))
            for column in columns
            if column != ROWID
            and (field := self._table.column(column)) is not None
            and field.nullable
        ]
        first = self._quarry([*where, *filled]).stored()
        other = {field.column: FRESH for field in self._free(self._table.fields)[:1]}
        for sort in ((), *([(outside(self._still.where),)] if self._still.where else ())):
            yield Attack(
                says=f"replaces a row of `{name}`",
                moves=(
                    first,
                    Insert(
                        row="second",
                        model=self._table,
                        values=agreeing if sort else {**other, **agreeing},
                        satisfying=sort,
                        replacing=True,
                    ),
                ),
            )
        others: list[tuple[str, Value]] = [(one.column, FRESH) for one in self._beside(columns)[:3]]
        keys = [field for field in self._table.fields if field.column in columns]
        exact = [one for one in keys if compares_exactly(one, self._context.dialect)]
        others += [(one.column, OtherCase("first", one.column)) for one in keys if one not in exact]
        for column, value in others:
            values = {**agreeing, column: value}
            second = Insert(row="second", model=self._table, values=values, replacing=True)
            says = f"replaces a row of `{name}` by one with another `{column}`"
            yield Attack(says=says, moves=(first, second))
        if self._context.dialect is not Dialect.SQLITE:
            return
        beside = () if self._still.where is None else (outside(self._still.where),)
        second = Insert(row="second", model=self._table, satisfying=beside, setup=True)
        yield Attack(
            says=f"gives a row of `{name}` the key of another by UPDATE OR REPLACE",
            moves=(first, second, Update(row="second", values=agreeing, replacing=True)),
        )

    def _beside(self, columns: Sequence[str]) -> list[Field]:
        """Fields by which a row can be told from the one that it replaces, where the first that is
        in no key is not there, or a CHECK may not let it change."""
        first = self._free(self._table.fields)[:1]
        if first and not self._table.checks:
            return []
        pointing = {column for key in self._table.foreign_keys for column in key.columns}
        return [
            field
            for field in self._table.fields
            if field.column not in {*columns, *pointing, ROWID}
            and field.generated is None
            and field not in first
        ]

    # -- what the rule allows

    def _uses(self) -> Iterator[Attack]:
        name = self._table.name
        names = {field.column for field in self._fields}
        if not self._still.every:
            keys = self._table.primary_key.columns if self._table.primary_key else ()
            others = [
                field
                for field in self._table.fields
                if field.column not in {*names, *keys, ROWID} and field.generated is None
            ]
            for field in others[:1]:
                yield Attack(
                    says=f"changes `{field.name}` of a row of `{name}`, of which the rule does not "
                    "speak",
                    moves=(
                        Insert(row="first", model=self._table, setup=True),
                        Update(row="first", changing=(field.column,)),
                    ),
                    aim="allowed",
                )
        if not self._still.staying:
            yield Attack(
                says=f"deletes a row of `{name}`",
                moves=(
                    Insert(row="first", model=self._table, setup=True),
                    Delete(row="first"),
                ),
                aim="allowed",
            )
