"""The rows of a model: what the schema guarantees of each, at one layer of enforcement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from schemalint.condition.facts import Facts, without_nulls
from schemalint.condition.terms import Column, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Check, Dialect, Field, Layer, Model

if TYPE_CHECKING:
    from schemalint.condition.decide import Decision, Given
    from schemalint_rules.judging.rows.parents_say import Inherited


class Rows:
    """The rows that can be stored in a model's table by the writers that `layer` binds."""

    def __init__(self, model: Model, context: Context, layer: Layer) -> None:
        self.model = model
        self.context = context
        self.schema = context.schema
        self.dialect = context.dialect
        self.layer = layer

    @cached_property
    def facts(self) -> Facts:
        """What holds of each column."""
        facts = Facts.of(self.model, self.schema, dialect=self.dialect, layer=self.layer)
        if self.layer is Layer.DATABASE or not self.schema.client_validates:
            return facts
        demanded = [field.column for field in self.model.fields if not field.client_nullable]
        return without_nulls(facts, demanded)

    @cached_property
    def checks(self) -> tuple[tuple[Check, Given], ...]:
        """The checks that bind these writers, and what each says of a row."""
        checks = self.model.checks
        if self.model.partition_of is not None:  # what binds the whole binds its parts
            checks += next(
                (one.checks for one in self.schema.models if one.table == self.model.partition_of),
                (),
            )
        if self.model.bound is not None:
            checks += (self.model.bound,)
        if not checks:
            return ()
        from schemalint.condition.decide import Given

        return tuple(
            (check, Given(self.parsed(check.expression), passes_null=True))
            for check in dict.fromkeys(checks)
            if check.enforced and check.layer.strength >= self.layer.strength
        )

    @cached_property
    def inherited(self) -> tuple[Inherited, ...]:
        """What foreign keys make true of a row."""
        if not self.model.foreign_keys:
            return ()
        # What a parent says is known of its own rows, and so of the rows that it points at.
        from schemalint_rules.judging.rows.parents_say import inherited

        return inherited(self.model, self.context)

    @property
    def bound(self) -> bool:
        """Whether anything but its columns could keep a row out."""
        return bool(self.model.checks or self.model.bound or self.model.triggers or self.inherited)

    @cached_property
    def definitions(self) -> Mapping[str, Given]:
        """What each generated column says of a row, by column."""
        generated = [field for field in self.model.fields if field.generated is not None]
        if not generated:
            return {}
        from schemalint.condition.decide import Given
        from schemalint_rules.judging.rows.generated import definition

        return {
            field.column: Given(
                definition(
                    self.model, field, self.expression(field.generated.expression), self.dialect
                )
            )
            for field in generated
            if field.generated is not None
        }

    @cached_property
    def givens(self) -> tuple[Given, ...]:
        """All that is true (or, of a check, not false) of every row."""
        said = [given for _, given in self.checks] + [one.given for one in self.inherited]
        return (*said, *self.definitions.values())

    def parsed(self, sql: str) -> Term:
        """A condition of the schema as a term over the columns as the model has them; what is not
        understood in it is opaque."""
        term = _parsed(sql, self.dialect).rename(self.facts.resolve)
        if self.dialect is Dialect.SQLITE and '"' in sql:
            return self._with_strings(term)
        return term

    def _with_strings(self, term: Term) -> Term:
        """SQLite takes a name in double quotes that is no column for a string (E16, E16b)."""
        if isinstance(term, Column) and not term.row:
            known = self.model.column(term.name) is not None or term.name.lower() in _ROWID
            return term if known else Literal(term.name)
        parts = tuple([self._with_strings(part) for part in term.parts])
        return term if parts == term.parts else term.with_parts(parts)

    def expression(self, sql: str) -> Term:
        """A value that the schema computes, such as an index member, as a term."""
        term = self.parsed(f"({sql}) IS NULL")
        return term.term if isinstance(term, Is) else term

    def nullable(self, field: Field) -> bool:
        """Whether a row can have NULL there, as far as is known."""
        column = self.facts.column(field.column)
        if column is not None and not column.nullable:
            return False
        return not self.givens or self.implied((), Not(Is(Column(field.column), None))) is not True

    def can_be_null(self, term: Term, given: Sequence[Term]) -> bool:
        """Whether a value can be NULL where `given` is true, as far as is known."""
        return self.implied(given, Not(Is(term, None))) is not True

    def speak_of(self, column: str, given: Sequence[Term]) -> bool:
        """Whether `given` or the checks could say anything of a column."""
        terms = [*given, *(one.term for one in self.givens)]
        return any(not term.columns or column in term.columns for term in terms)

    def implied(self, given: Sequence[Term], wanted: Term) -> bool | None:
        """Whether `wanted` is true in every row for which all of `given` are; None: not known."""
        from schemalint.condition.decide import Given, follows

        if wanted in given:
            return True
        columns = {column for term in (*given, wanted) for column in term.columns}
        checks = self.about(columns)
        return follows([*map(Given, given), *checks], wanted, self.facts).answer

    def possible(self, given: Sequence[Term]) -> bool | None:
        """Whether a row can satisfy all of `given`; None: not known."""
        from schemalint.condition.decide import Given, satisfiable

        checks = self.about({column for term in given for column in term.columns})
        return satisfiable([*map(Given, given), *checks], self.facts).answer

    def impossible(self, given: Sequence[Term]) -> bool:
        """Whether it is certain that no row satisfies all of `given`."""
        return self.possible(given) is False

    def decide(self, wanted: Term, checks: Sequence[Given] | None = None) -> Decision:
        """Whether `wanted` is true in every row, thanks to the columns and `checks` (all)."""
        from schemalint.condition.decide import follows

        if checks is None:
            checks = self.about(set(wanted.columns))
        return follows(checks, wanted, self.facts)

    def related(self, columns: Iterable[str]) -> set[str]:
        """The columns that what is given of rows ties to `columns`, and these."""
        found = set(columns)
        for given in self.about(found):
            found.update(given.term.columns)
        return found

    def about(self, columns: set[str], inherited: Sequence[Given] | None = None) -> list[Given]:
        """What is given of `columns`, directly or through columns that it shares with them.
        `inherited` stands for what all foreign keys make true.

        The rest cannot forbid a value of these, unless it forbids every row; a table that can
        hold no row at all is not looked for.
        """
        related = set(columns)
        left: list[tuple[str | None, Given]] = [(None, given) for _, given in self.checks]
        of_keys = [one.given for one in self.inherited] if inherited is None else inherited
        left += [(None, given) for given in of_keys]
        left += [(column, given) for column, given in self.definitions.items()]
        chosen: list[Given] = []
        while True:
            near = [one for one in left if self._is_near(*one, related)]
            if not near:
                return chosen
            chosen += [given for _, given in near]
            left = [one for one in left if one not in near]
            related.update(column for _, given in near for column in given.term.columns)

    def _is_near(self, generated: str | None, given: Given, related: set[str]) -> bool:
        """Whether a given says something of the columns. The definition of a generated column
        does so only where a check speaks of that column, or it cannot be NULL: else it may be
        anything.
        """
        if generated is None:
            return not given.term.columns or bool(related & set(given.term.columns))
        known = self.facts.column(generated)
        bound = (known is not None and not known.nullable) or generated in self._checked
        return generated in related or (bound and bool(related & set(given.term.columns)))

    @cached_property
    def _checked(self) -> set[str]:
        """The columns that a check speaks of, or that another column is computed from."""
        found = {column for _, given in self.checks for column in given.term.columns}
        found |= {column for one in self.inherited for column in one.given.term.columns}
        for generated, given in self.definitions.items():
            found |= set(given.term.columns) - {generated}
        return found


_ROWID = ("rowid", "oid", "_rowid_")


@lru_cache(maxsize=4096)
def _parsed(sql: str, dialect: Dialect) -> Term:
    from schemalint.condition.parse import parse_predicate

    return parse_predicate(sql, dialect)
