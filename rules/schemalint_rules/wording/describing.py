"""How constructs of a schema are called in messages: by what their author wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemalint.model import (
    Check,
    Exclusion,
    Field,
    ForeignKey,
    Index,
    Model,
    Opaque,
    PrimaryKey,
    Schema,
    Trigger,
    Unique,
)
from schemalint.rule import Evidence

Construct = PrimaryKey | Unique | Index | Check | ForeignKey | Exclusion | Trigger

_LONGEST_QUOTE = 72


def listed(names: Iterable[str], last: str = "and") -> str:
    """Names in backticks as a sentence lists them: "`a`, `b` and `c`"."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def path_of(model: Model, fields: Sequence[Field]) -> str:
    """The symbolic name of fields of a model: `User.email`, `User(tenantId, email)`."""
    if len(fields) == 1:
        return f"{model.name}.{fields[0].name}"
    return f"{model.name}({', '.join(field.name for field in fields)})"


def logical(model: Model, columns: Iterable[str]) -> list[str]:
    """The logical names of columns; a column that the model does not list keeps its own."""
    names = []
    for column in columns:
        field = model.column(column)
        names.append(field.name if field else column)
    return names


def called(model: Model, construct: Construct) -> str:
    """A construct as written, with its owner: "`@@unique([email])` on `Customer`"."""
    if isinstance(construct, Trigger):
        return f"the trigger `{construct.name}`"
    text = " ".join(construct.span.text.split())
    if not text or len(text) > _LONGEST_QUOTE:
        text = _summary(model, construct)
    owner = model.name
    if isinstance(construct, PrimaryKey | Unique | Index) and _beside_its_field(text):
        names = logical(model, construct.columns)
        if len(names) == 1:
            owner = f"{model.name}.{names[0]}"
    return f"`{text}` on `{owner}`"


def _beside_its_field(text: str) -> bool:
    """Whether a Prisma attribute stands on a field (`@unique`) and not on the model."""
    return text.startswith("@") and not text.startswith("@@")


def _summary(model: Model, construct: Construct) -> str:
    if isinstance(construct, PrimaryKey | Unique | Index):
        what = {PrimaryKey: "primary key", Unique: "unique", Index: "index"}[type(construct)]
        members = [*logical(model, construct.columns), *construct.expressions]
        return f"{what} ({', '.join(members)})"
    if isinstance(construct, Check):
        return f"check {construct.name}" if construct.name else "check"
    if isinstance(construct, ForeignKey):
        return f"({', '.join(logical(model, construct.columns))})"
    return construct.name or type(construct).__name__.lower()


def keeps(model: Model, construct: Construct) -> Evidence:
    """The construct as evidence that a rule is kept."""
    return Evidence(called(model, construct), construct.span)


def not_null(model: Model, field: Field) -> Evidence:
    """A field's NOT NULL as evidence: where it was said last."""
    return Evidence(f"`{model.name}.{field.name}` is NOT NULL", field.nullable_span or field.span)


def obscured_by(model: Model, schema: Schema) -> Opaque | None:
    """The first thing that was read, not understood, and could concern the model's table."""
    for opaque in (*model.opaque, *schema.opaque):
        if not opaque.tables or model.table in opaque.tables:
            return opaque
    return None


def obscured(opaque: Opaque) -> str:
    """Why an opaque statement leaves a rule undecided."""
    return (
        "nothing that was understood keeps this rule, but one thing was not understood and "
        f"could: {opaque.reason}"
    )
