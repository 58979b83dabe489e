"""`@default(...)`: the value fits the field's type, the function exists and fits too."""

from __future__ import annotations

from schemalint.attributes import Attribute, Value
from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.arguments import Arguments, describe, whole_number
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import (
    CompositeFacts,
    Default,
    SchemaFacts,
)
from schemalint.loaders.prisma.validation.visit import Visit

# The kinds of literal that a built-in type takes.
LITERALS: dict[str, frozenset[str]] = {
    "String": frozenset({"string"}),
    "Json": frozenset({"string"}),
    "Bytes": frozenset({"string"}),
    "DateTime": frozenset({"string"}),
    "Int": frozenset({"number"}),
    "BigInt": frozenset({"number"}),
    "Float": frozenset({"number"}),
    "Decimal": frozenset({"number", "string"}),
    "Boolean": frozenset({"constant"}),
}
_WORDS = {
    "string": "a string",
    "number": "a number",
    "constant": "`true` or `false`",
}

# Function -> the types it makes values for.
FUNCTIONS: dict[str, frozenset[str]] = {
    "autoincrement": frozenset({"Int", "BigInt"}),
    "cuid": frozenset({"String"}),
    "ulid": frozenset({"String"}),
    "nanoid": frozenset({"String"}),
    "uuid": frozenset({"String"}),
    "now": frozenset({"DateTime"}),
    "auto": frozenset(LITERALS),
    "dbgenerated": frozenset(),
}
_VERSIONS = {"cuid": (1, 2), "uuid": (4, 7)}


def field_default(visit: Visit, line: FieldLine, attribute: Attribute, kind: str) -> None:
    """Check `@default` on a scalar field of a model or view, and keep it if it is good."""
    schema, report = visit.schema, visit.report
    arguments = attribute.arguments
    map_name = None
    if len(arguments) == 1 and arguments[0].name is None:
        value: Value | None = arguments[0].value
    else:
        taken = Arguments(report, attribute, "@default")
        value = taken.main("value")
        if value is not None:
            map_name = taken.string("map")
        taken.done("value", "map")
    if value is None:
        return
    if value.kind == "call" and value.text == "dbgenerated":
        good = _dbgenerated(report, attribute, value)
    elif kind == "scalar":
        good = _builtin(schema, report, line, attribute, value, map_name=map_name, composite=False)
    elif kind == "enum":
        good = _enum(schema, report, line, attribute, value)
    else:
        good = False
        if kind == "type":
            _no_composite_default(report, line, attribute)
        else:
            report.error(
                attribute.span,
                f"`{line.name}` is of an unsupported type; the only default it can have is "
                '`dbgenerated("...")`.',
            )
    if good:
        visit.model.defaults[line.name] = Default(value, attribute, map_name)


def composite_default(
    schema: SchemaFacts,
    report: Report,
    composite: CompositeFacts,
    line: FieldLine,
    attribute: Attribute,
) -> None:
    """Check `@default` on a field of a composite type, and keep it if it is good."""
    kind = schema.kinds[line.type_name]
    taken = Arguments(report, attribute, "@default")
    value = taken.main("value")
    if value is not None and taken.optional("map") is not None:
        report.error(
            attribute.span,
            "A default inside a composite type has no constraint to name with `map`.",
        )
    taken.done("value")
    if value is None:
        return
    good = False
    if value.kind == "call" and value.text == "dbgenerated":
        report.error(
            attribute.span,
            "A field of a composite type cannot have `dbgenerated()` as its default.",
        )
    elif kind == "scalar":
        good = _builtin(schema, report, line, attribute, value, map_name=None, composite=True)
    elif kind == "enum":
        good = _enum(schema, report, line, attribute, value)
    elif kind == "type":
        _no_composite_default(report, line, attribute)
    else:
        report.error(
            attribute.span,
            f"`{line.name}` is of an unsupported type and cannot have a default in a composite "
            "type.",
        )
    if good:
        composite.defaults[line.name] = Default(value, attribute)


def _no_composite_default(report: Report, line: FieldLine, attribute: Attribute) -> None:
    report.error(
        attribute.span,
        f"`{line.name}` holds the composite type `{line.type_name}`, which cannot have a default.",
        help="Remove `@default`.",
    )


def _dbgenerated(report: Report, attribute: Attribute, value: Value) -> bool:
    arguments = value.arguments
    if not arguments:
        return True
    first = arguments[0].value
    if len(arguments) == 1 and first.kind == "string" and first.text:
        return True
    report.error(
        attribute.span,
        "`dbgenerated()` takes nothing, or one string that is not empty: the SQL expression.",
    )
    return False


def _enum(
    schema: SchemaFacts, report: Report, line: FieldLine, attribute: Attribute, value: Value
) -> bool:
    values = schema.enum_by_name[line.type_name].values
    if line.arity != "list":
        return _enum_value(report, line, attribute, value, values)
    if value.kind == "array":
        return all(_enum_value(report, line, attribute, one, values) for one in value.items)
    report.error(
        attribute.span,
        f"`{line.name}` is a list, so its default is one as well: "
        f"`[{value.span.text}]`, not `{value.span.text}`.",
    )
    return False


def _enum_value(
    report: Report, line: FieldLine, attribute: Attribute, value: Value, values: frozenset[str]
) -> bool:
    if value.kind == "constant" and value.text in values:
        return True
    if value.kind == "constant":
        report.error(
            attribute.span,
            f"The enum `{line.type_name}` has no value `{value.text}`.",
            help=report.did_you_mean(value.text, sorted(values)),
        )
    else:
        report.error(
            attribute.span,
            f"The default of `{line.name}` is a value of the enum `{line.type_name}`, written "
            f"without quotes, not {describe(value)}: `{value.span.text}`.",
        )
    return False


def _builtin(
    schema: SchemaFacts,
    report: Report,
    line: FieldLine,
    attribute: Attribute,
    value: Value,
    *,
    map_name: str | None,
    composite: bool,
) -> bool:
    if value.kind == "call":
        return _function(
            schema, report, line, attribute, value, map_name=map_name, composite=composite
        )
    if line.arity == "list":
        if value.kind == "array":
            return all(_literal(report, line, attribute, one) for one in value.items)
        report.error(
            attribute.span,
            f"`{line.name}` is a list, so its default is one as well: "
            f"`[{value.span.text}]`, not `{value.span.text}`.",
        )
        return False
    if value.kind == "array":
        report.error(
            attribute.span, f"`{line.name}` holds one value, so its default cannot be a list."
        )
        return False
    return _literal(report, line, attribute, value)


def _literal(report: Report, line: FieldLine, attribute: Attribute, value: Value) -> bool:
    scalar = line.type_name
    if value.kind in LITERALS[scalar]:
        if scalar != "Boolean" or value.text in ("true", "false"):
            return True
        report.error(value.span, f"A Boolean is `true` or `false`, not `{value.text}`.")
        return False
    wanted = " or ".join(sorted(_WORDS[kind] for kind in LITERALS[scalar]))
    report.error(
        attribute.span,
        f"`{line.name}` is a {scalar}: its default is {wanted}, "
        f"not {describe(value)}: `{value.span.text}`.",
    )
    return False


def _function(
    schema: SchemaFacts,
    report: Report,
    line: FieldLine,
    attribute: Attribute,
    value: Value,
    *,
    map_name: str | None,
    composite: bool,
) -> bool:
    name = value.text
    types = FUNCTIONS.get(name)
    if types is None:
        if composite:
            unknown_function(report, value)
            return False
        schema.unknown_functions.append(value)
        return True
    if composite and name in ("autoincrement", "auto"):
        report.error(
            attribute.span, f"`{name}()` cannot be the default of a field of a composite type."
        )
        return False
    if name == "autoincrement" and map_name is not None:
        report.error(
            attribute.span,
            "`autoincrement()` makes no default constraint, so `map` has nothing to name.",
        )
        return False
    if line.type_name not in types:
        report.error(
            attribute.span,
            f"`{name}()` makes no value of type `{line.type_name}`, the type of `{line.name}`.",
        )
        return False
    return not value.arguments or _function_arguments(report, attribute, value)


def _function_arguments(report: Report, attribute: Attribute, value: Value) -> bool:
    name, arguments = value.text, value.arguments
    first = arguments[0].value
    number = whole_number(first.text) if first.kind == "number" else None
    if name in _VERSIONS:
        versions = _VERSIONS[name]
        good = number in versions
        wanted = f"nothing, or the version: {versions[0]} or {versions[1]}"
    elif name == "nanoid":
        good = number is not None and 2 <= number <= 255
        wanted = "nothing, or the length: from 2 to 255"
    else:
        good = False
        wanted = "nothing"
    if good and len(arguments) == 1:
        return True
    report.error(attribute.span, f"`{name}()` takes {wanted}.", help=f"Write `{name}()`.")
    return False


def unknown_function(report: Report, value: Value) -> None:
    """Report a default that calls a function which does not exist."""
    report.error(
        value.span,
        f"`@default` knows no function `{value.text}()`.",
        help=report.did_you_mean(value.text, FUNCTIONS)
        or 'A function of the database is written `dbgenerated("...")`.',
    )


def check_sequence(report: Report, value: Value) -> None:
    """Check the arguments of CockroachDB's `sequence()`."""
    from schemalint.loaders.prisma.validation.arguments import as_boolean, as_integer

    for argument in value.arguments:
        if argument.name == "virtual":
            as_boolean(report, argument.value)
        elif argument.name in ("cache", "increment", "minValue", "maxValue", "start"):
            as_integer(report, argument.value)
        else:
            report.error(
                argument.span,
                "`sequence()` takes `virtual`, `cache`, `increment`, `minValue`, `maxValue` and "
                "`start`, each with its name.",
            )


def check_literal_text(report: Report, scalar: str, value: Value) -> None:
    """Report a default whose text is no value of the type: a date that is none, broken JSON."""
    if value.kind == "array":
        for item in value.items:
            check_literal_text(report, scalar, item)
    elif value.kind == "number":
        if scalar in ("Int", "BigInt") and whole_number(value.text) is None:
            report.error(value.span, f"`{value.text}` is no whole number of 64 bits.")
    elif value.kind == "string" and scalar in ("Json", "Bytes", "DateTime", "Decimal"):
        from schemalint.loaders.prisma.validation.literals import complaint_about

        complaint = complaint_about(scalar, value.text)
        if complaint is not None:
            report.error(value.span, complaint)
