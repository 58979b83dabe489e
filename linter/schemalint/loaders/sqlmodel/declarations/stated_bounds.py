"""What a field's `Field(...)` and annotation say of its values, and pydantic alone would check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemalint.client_claims import Bound, BoundKind
from schemalint.loaders.sqlmodel.annotation_shapes import annotated, without_none
from schemalint.loaders.sqlmodel.arguments import argument_span, entry_span, is_none, path_of
from schemalint.loaders.sqlmodel.declarations.fields import is_field
from schemalint.loaders.sqlmodel.values import Call, Constant, FunctionValue, Mapping, Value
from schemalint.source import Span

# Keywords of `Field`, `StringConstraints`, `conint` and the like; `regex` is SQLModel's `pattern`.
_KEYWORDS: dict[str, BoundKind] = {
    "gt": "gt",
    "ge": "ge",
    "lt": "lt",
    "le": "le",
    "multiple_of": "multiple_of",
    "min_length": "min_length",
    "min_items": "min_length",
    "max_length": "max_length",
    "max_items": "max_length",
    "regex": "pattern",
    "pattern": "pattern",
}
# Marks inside `Annotated[...]`, by their last name, and what their positional arguments are.
_MARKS: dict[str, tuple[BoundKind, ...]] = {
    "Gt": ("gt",),
    "Ge": ("ge",),
    "Lt": ("lt",),
    "Le": ("le",),
    "MultipleOf": ("multiple_of",),
    "MinLen": ("min_length",),
    "MaxLen": ("max_length",),
    "Len": ("min_length", "max_length"),
    "Interval": (),
    "StringConstraints": (),
}
_MARK_PACKAGES = ("annotated_types.", "pydantic.")
# BeforeValidator is not among them: it makes a value of the type out of what comes in.
_VALIDATORS = frozenset(
    ("pydantic.AfterValidator", "pydantic.PlainValidator", "pydantic.WrapValidator")
) | {"annotated_types.Predicate"}
_CONSTRAINED = frozenset(
    f"pydantic.{name}" for name in ("conint", "confloat", "condecimal", "constr", "conbytes")
)
_NAMED_TYPES: dict[str, BoundKind] = {
    "Positive": "gt",
    "NonNegative": "ge",
    "Negative": "lt",
    "NonPositive": "le",
}
_NUMBERS = ("Int", "Float")


def stated_bounds(annotation: Value, assigned: Value | None) -> tuple[Bound, ...]:
    """The bounds of a field; of two of one kind the one nearest to the field's name counts, as
    pydantic merges them. Validators of `Annotated` all count."""
    found: dict[tuple[BoundKind, str | None], Bound] = {}
    for bound in _all(annotation, assigned):
        key = (bound.kind, bound.value if bound.kind == "validator" else None)
        found.setdefault(key, bound)
    return tuple(found.values())


def _all(annotation: Value, assigned: Value | None) -> Iterator[Bound]:
    if isinstance(assigned, Call) and is_field(assigned):
        yield from _of_keywords(assigned)
    kind, metadata = annotated(annotation)
    inner, inside = annotated(without_none(kind))  # pydantic checks what is inside of Optional
    for mark in (*metadata, *inside):
        yield from _of_mark(mark)
    if path_of(inner) in _CONSTRAINED and isinstance(inner, Call):
        yield from _of_keywords(inner)
    else:
        yield from _of_named_type(inner)


def _of_mark(mark: Value) -> Iterator[Bound]:
    path = path_of(mark)
    if not isinstance(mark, Call):
        return
    if is_field(mark):
        yield from _of_keywords(mark)
    elif path in _VALIDATORS:
        yield Bound("validator", _function_name(mark), mark.span)
    elif path.startswith(_MARK_PACKAGES):
        positional = _MARKS.get(path.rpartition(".")[2])
        if positional is not None:
            pairs = zip(positional, mark.args, strict=False)
            yield from _of_values((kind, value, mark.span) for kind, value in pairs)
            yield from _of_keywords(mark)


def _of_keywords(call: Call) -> Iterator[Bound]:
    given = [(name, value, argument_span(name, value)) for name, value in call.keywords]
    extra = call.keyword("schema_extra")
    if is_field(call) and isinstance(extra, Mapping):  # what it holds goes to pydantic's own Field
        for key, value in extra.items:
            if isinstance(key, Constant) and isinstance(key.value, str):
                given.append((key.value, value, entry_span(key, value)))
    yield from _of_values(
        (_KEYWORDS[name], value, span) for name, value, span in given if name in _KEYWORDS
    )


def _of_values(given: Iterable[tuple[BoundKind, Value, Span]]) -> Iterator[Bound]:
    for kind, value, span in given:
        if not is_none(value) and not path_of(value).startswith("pydantic_core."):
            yield Bound(kind, _text(value), span)


def _of_named_type(kind: Value) -> Iterator[Bound]:
    package, _, name = path_of(kind).rpartition(".")
    for sign, bound in _NAMED_TYPES.items():
        if package == "pydantic" and name in {sign + number for number in _NUMBERS}:
            yield Bound(bound, "0", kind.span)


def _text(value: Value) -> str | None:
    """A number's digits or a text; `Decimal("0.01")` is a number."""
    if path_of(value) == "decimal.Decimal" and isinstance(value, Call) and value.args:
        value = value.args[0]
    if not isinstance(value, Constant) or isinstance(value.value, (bytes, bool)):
        return None
    return None if value.value is None else str(value.value)


def _function_name(mark: Call) -> str | None:
    function = mark.args[0] if mark.args else mark.keyword("func")
    return function.name if isinstance(function, FunctionValue) else None
