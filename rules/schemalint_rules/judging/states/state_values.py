"""Which values a state field can hold, against those that a rule allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from schemalint.condition.quoting import quoted_string
from schemalint.condition.terms import Column, Compare, In, Is, Literal, Or, Scalar, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import (
    Check,
    Dialect,
    Enum,
    EnumValue,
    Field,
    ForeignKey,
    Layer,
    Model,
    ScalarType,
)
from schemalint.rule import Evidence, Judgement, Ref, Related, broken, kept, unknown
from schemalint_rules.judging.conditions.row_conditions import RowAnswer, decide_rows, literals
from schemalint_rules.judging.rows.parents_say import Inherited
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.states.state_spelling import other_spellings
from schemalint_rules.remedies.migration_sql import add_check
from schemalint_rules.wording.client_layer import library
from schemalint_rules.wording.describing import called, listed

NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.FLOAT, ScalarType.DECIMAL)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
LENGTH = re.compile(r"(?:VAR)?CHAR\w*(?: VARYING)?\s*\((\d+)\)", re.IGNORECASE)
_TRUE, _FALSE = ("true", "1"), ("false", "0")


class StateField:
    """A state field: what its values are called, and what of it is stored."""

    def __init__(self, model: Model, field: Field, context: Context) -> None:
        self.model = model
        self.field = field
        self.context = context
        self.path = f"{model.name}.{field.name}"
        self.enum: Enum | None = (
            context.schema.enum(field.enum) if field.enum and not field.list else None
        )

    @property
    def nullable(self) -> bool:
        """Whether the database stores NULL in it."""
        return Rows(self.model, self.context, Layer.DATABASE).nullable(self.field)

    def member(self, text: str) -> EnumValue | None:
        """The enum value called `text`, in the schema or in the database."""
        values = self.enum.values if self.enum else ()
        for value in values:
            if value.name == text:
                return value
        for value in values:
            if value.stored == text:
                return value
        if capability(self.context.dialect, Construct.ENUM_REFUSES_OTHER_CASE).holds is False:
            for value in values:
                if value.stored.casefold() == text.casefold():
                    return value
        return None

    def stored(self, text: str) -> Scalar:
        """What the database holds for the state called `text`; None where it cannot hold it."""
        if self.enum is not None:
            member = self.member(text)
            return member.stored if member else None
        if self.field.type is ScalarType.BOOLEAN:
            return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(text.lower())
        if self.field.type in NUMBERS:
            try:
                number = Decimal(text)
            except InvalidOperation:
                return None
            return int(number) if number == number.to_integral_value() else number
        return text

    def literal(self, text: str) -> str:
        """The state called `text` as SQL."""
        value = self.stored(text)
        dialect = self.context.dialect
        if isinstance(value, bool):
            words = dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
            return (("FALSE", "TRUE") if words else ("0", "1"))[value]
        if isinstance(value, str) or value is None:
            return quoted_string(text if value is None else value, dialect)
        return str(value)


def judge_values(state: StateField, values: Sequence[Ref]) -> Judgement:
    """Whether the column holds the states of `values`, all of them and nothing else."""
    if state.field.list:
        return broken(
            state.path,
            f"`{state.path}` is a list: a row can be in several states at once, or in none",
            state.field.type_span,
            contradicts=True,
            help="make it a single value",
        )
    unstorable = _unstorable(state, values) or _refused(state, values)
    if unstorable is not None:
        return unstorable
    if state.enum is not None:
        return _of_enum(state, state.enum, values)
    if state.field.type is ScalarType.BOOLEAN and len(values) > 1:
        return _of_boolean(state, values)
    return _of_plain(state, values)


def _limited(state: StateField, values: Sequence[Ref]) -> RowAnswer:
    """Whether the column and its CHECKs let only states of `values` in; NULL is not asked about."""
    column = Column(state.field.column)
    allowed = In(column, tuple(Literal(state.stored(value.text)) for value in values))
    return decide_rows(state.model, Or((Is(column, None), allowed)), state.context)


def _unstorable(state: StateField, values: Sequence[Ref]) -> Judgement | None:
    """A value of the rule that the column cannot hold."""
    missing = [value for value in values if state.stored(value.text) is None]
    length = LENGTH.fullmatch(state.field.native)
    limits = capability(state.context.dialect, Construct.VARCHAR_LENGTH_ENFORCED).holds
    if length is not None and limits:
        missing += [value for value in values if len(value.text) > int(length[1])]
    if not missing:
        return None
    names = listed(value.text for value in missing)
    related = [Related(f"the rule allows `{value.text}`", value.span) for value in missing]
    if state.enum is None:
        return broken(
            state.path,
            f"`{state.path}` cannot hold {names}, which the rule allows: its type is "
            f"`{state.field.native or state.field.type.value}`",
            state.field.type_span,
            contradicts=True,
            related=related,
            help="give the field a type that holds every state",
        )
    return broken(
        state.path,
        f"the enum `{state.enum.name}` lacks {names}, so a row in that state cannot be stored",
        state.enum.name_span,
        contradicts=True,
        label=f"lacks {names}",
        related=[Related(f"the type of `{state.path}`", state.field.type_span), *related],
        help=f"add {names} to `{state.enum.name}`, or take "
        f"{'it' if len(missing) == 1 else 'them'} out of the rule",
    )


def _refused(state: StateField, values: Sequence[Ref]) -> Judgement | None:
    """A value of the rule that a CHECK lets no row have (E17)."""
    rows = Rows(state.model, state.context, Layer.DATABASE)
    if not rows.bound:
        return None
    column = Column(state.field.column)
    for value in values:
        wanted = Compare("=", column, Literal(state.stored(value.text)))
        if not rows.impossible((wanted,)):
            continue
        by, through = _refusing(rows, wanted)
        if by is None:
            continue
        owner = state.model if through is None else through.owner
        at = f" for `{state.path}` to point at" if through else ""
        return broken(
            state.path,
            f"{called(owner, by)} lets no row be `{value.text}`{at}, which the rule allows",
            by.span,
            contradicts=True,
            related=[Related(f"the rule allows `{value.text}`", value.span)],
            help=f"let the check pass `{value.text}`, or take it out of the rule",
        )
    return None


def _refusing(rows: Rows, wanted: Term) -> tuple[Check | None, Inherited | None]:
    """The CHECK that no row with `wanted` passes; of several that do it together, the last. Of the
    table that it points at, it comes with what that makes true of its own rows."""
    from schemalint.condition.decide import Given, satisfiable

    about = [one for one in rows.checks if set(wanted.columns) & set(one[1].term.columns)]
    for check, given in about:
        if satisfiable([Given(wanted), given], rows.facts).answer is False:
            return check, None
    for one in rows.inherited:
        if satisfiable([Given(wanted), one.given], rows.facts).answer is False:
            return one.check, one
    return (about[-1][0] if about else None), None


def _of_enum(state: StateField, enum: Enum, values: Sequence[Ref]) -> Judgement:
    wanted = {state.stored(value.text) for value in values}
    surplus = [value for value in enum.values if value.stored not in wanted]
    may_narrow = Rows(state.model, state.context, Layer.DATABASE).bound
    narrowed = _limited(state, values) if surplus and may_narrow else None
    if narrowed is not None and narrowed.kept is None:
        return unknown(state.path, narrowed.undecided, surplus[0].name_span)
    if narrowed is not None and narrowed.kept:
        return _kept_by_enum(state, enum, narrowed)
    if surplus:
        names = listed(value.name for value in surplus)
        return broken(
            state.path,
            f"`{state.path}` can be {names}, which the rule does not list",
            surplus[0].name_span,
            label="not in the rule",
            related=[
                *(Related("nor is this in the rule", value.name_span) for value in surplus[1:]),
                Related(f"the type of `{state.path}`", state.field.type_span),
            ],
            help=f"remove {names} from `{enum.name}`, or add it to `values`",
        )
    if enum.layer is Layer.SERVICE:  # nobody refuses other values
        return _of_plain(state, values)
    evidence = (Evidence(f"the enum `{enum.name}`", enum.span),)
    if enum.layer is not Layer.DATABASE:
        return kept(
            state.path,
            evidence,
            layer=enum.layer,
            span=state.field.type_span,
            condition=f"the database stores `{state.path}` as plain text: only what goes through "
            f"{library(state.context.schema)} is checked against `{enum.name}`",
            help=_constraint(state, values),
        )
    ignoring = capability(state.context.dialect, Construct.ENUM_REFUSES_UNKNOWN_WHEN_IGNORING)
    # Prisma's client never says IGNORE, and its language has no CHECK to close the gap.
    if ignoring.holds or state.context.schema.language == "prisma":
        return kept(state.path, evidence, span=state.field.type_span)
    return _kept_by_enum(state, enum, _limited(state, values))


def _kept_by_enum(state: StateField, enum: Enum, found: RowAnswer) -> Judgement:
    """By the enum, and by CHECKs that narrow it. MySQL's enums let one more value in (E05b)."""
    evidence = found.evidence or (Evidence(f"the enum `{enum.name}`", enum.span),)
    span = state.field.type_span
    if found.layer is Layer.DATABASE:
        return kept(state.path, evidence, span=span)
    column = Column(state.field.column).sql(state.context.dialect)
    return kept(
        state.path,
        evidence,
        layer=found.layer,
        span=span,
        condition=f"a writer who says `INSERT IGNORE` or `UPDATE IGNORE` stores '' in "
        f"`{state.path}` for any value that the enum has not",
        help=add_check(state.model, [state.field.column], f"{column} <> ''", state.context.dialect),
    )


def _of_boolean(state: StateField, values: Sequence[Ref]) -> Judgement:
    """PostgreSQL's boolean has two values; SQLite's and MySQL's are numbers (E18)."""
    evidence = [Evidence(f"`{state.path}` is a Boolean", state.field.type_span)]
    if capability(state.context.dialect, Construct.BOOLEAN_REFUSES_OTHER_NUMBERS).holds:
        return kept(state.path, evidence)
    bound = Rows(state.model, state.context, Layer.DATABASE).bound
    limited = _limited(state, values) if bound else None
    if limited is not None and limited.kept and limited.layer is Layer.DATABASE:
        return kept(state.path, limited.evidence)
    schema = state.context.schema
    who = "a writer"
    if schema.language != "sql":
        who = f"a writer who does not use {library(schema)}"
    return kept(
        state.path,
        evidence,
        layer=Layer.CLIENT,
        condition=f"the database stores `{state.path}` as a number, so that {who} can store 2",
        help=_constraint(state, values),
    )


def _of_plain(state: StateField, values: Sequence[Ref]) -> Judgement:
    """A text or number column: only a CHECK limits it (E02, E03)."""
    found = _limited(state, values)
    if found.kept:
        loose = other_spellings(state.model, state.field, values, state.context)
        if loose is None or found.layer is not Layer.DATABASE:
            return kept(state.path, found.evidence, layer=found.layer)
        said, remedy = loose
        return kept(state.path, found.evidence, layer=Layer.CLIENT, condition=said, help=remedy)
    if found.kept is None and Rows(state.model, state.context, Layer.DATABASE).bound:
        return unknown(state.path, found.undecided, state.field.span)
    return _listed_by_check(state, values) or _anything_goes(state, values)


def _listed_by_check(state: StateField, values: Sequence[Ref]) -> Judgement | None:
    """CHECKs that close the set, and list more values than the rule does."""
    column = Column(state.field.column)
    rows = Rows(state.model, state.context, Layer.DATABASE)
    about = [given.term for _, given in rows.checks if column.name in given.term.columns]
    wanted = [Literal(state.stored(value.text)) for value in values]
    surplus = [
        value
        for value in literals(about)
        if value not in wanted and not rows.impossible((Compare("=", column, value),))
    ]
    closed = Or((Is(column, None), In(column, (*wanted, *surplus))))
    found = decide_rows(state.model, closed, state.context)
    if not surplus or not found.kept or not found.evidence:
        return None
    names = listed(str(value.value) for value in surplus)
    return broken(
        state.path,
        f"`{state.path}` can be {names}, which the rule does not list",
        found.evidence[0].span,
        label="not only the values of the rule",
        help=f"let the check refuse {names}, or add {'it' if len(surplus) == 1 else 'them'} to "
        "`values`",
    )


def _anything_goes(state: StateField, values: Sequence[Ref]) -> Judgement:
    field, can_say = state.field, state.context.schema.can_say
    lookup = _lookup(state)
    textual = field.type in (ScalarType.STRING, ScalarType.ENUM)
    what = "any text" if textual else f"any {field.type.value}"
    if lookup is not None:
        what = f"whatever `{lookup.table}` lists"
    constraint = _constraint(state, values)
    expressible: Layer | None = None
    help_text = constraint
    if "check" in can_say:
        expressible = Layer.DATABASE
    elif textual and state.context.dialect is not Dialect.SQLSERVER:  # where Prisma has no enums
        # Where the database has no enums the client's are the best that the language can say.
        expressible = Layer.DATABASE if "enum" in can_say else Layer.CLIENT
        help_text = _enum_help(state, values)
        if expressible is Layer.CLIENT:
            help_text += (
                f"\nthat is checked by the client library only; for the database, {constraint}"
            )
    return broken(
        state.path,
        f"`{state.path}` takes {what}, not only {listed((value.text for value in values), 'or')}",
        field.type_span,
        expressible=expressible,
        label=what,
        related=_why_open(state, lookup),
        help=help_text,
    )


def _why_open(state: StateField, lookup: ForeignKey | None) -> list[Related]:
    if lookup is not None:
        said = f"this leaves the set open: whoever stores a row in `{lookup.table}` adds a state"
        return [Related(said, lookup.span)]
    if state.enum is not None:
        said = "the database does not know this enum, and SQLAlchemy stores any other text too"
        return [Related(said, state.enum.name_span)]
    return []


def _lookup(state: StateField) -> ForeignKey | None:
    """The foreign key to a table of states, where there is one (E06b)."""
    columns = (state.field.column,)
    return next((key for key in state.model.foreign_keys if key.columns == columns), None)


def _constraint(state: StateField, values: Sequence[Ref]) -> str:
    dialect = state.context.dialect
    column = Column(state.field.column).sql(dialect)
    condition = f"{column} IN ({', '.join(state.literal(value.text) for value in values)})"
    return add_check(state.model, [state.field.column], condition, dialect)


def _enum_help(state: StateField, values: Sequence[Ref]) -> str:
    name = state.model.name + state.field.name[:1].upper() + state.field.name[1:]
    while state.context.schema.enum(name) or state.context.schema.model(name):
        name += "Value"
    lines = []
    for value in values:
        if _IDENTIFIER.fullmatch(value.text):
            lines.append(f"      {value.text}")
        else:
            plain = re.sub(r"[^A-Za-z0-9_]", "_", value.text)
            plain = plain if _IDENTIFIER.match(plain) else f"S{plain}"
            lines.append(f'      {plain} @map("{value.text}")')
    members = "\n".join(lines)
    return f"give `{state.path}` an enum as its type:\n    enum {name} {{\n{members}\n    }}"
