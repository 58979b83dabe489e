"""`@default(...)`: who supplies the value, and what the DDL says."""

from __future__ import annotations

from schemalint.attributes import Argument, Attribute, Value
from schemalint.loaders.prisma.dialect import Target
from schemalint.model import Default, Dialect, Layer

_DATABASE = Layer.DATABASE
_CLIENT = Layer.CLIENT


def argument_value(attribute: Attribute, name: str) -> Value | None:
    """The argument called `name`, or the first one without a name."""
    unnamed: Argument | None = None
    for argument in attribute.arguments:
        if argument.name == name:
            return argument.value
        if argument.name is None and unnamed is None:
            unnamed = argument
    return None if unnamed is None else unnamed.value


def build_default(
    attribute: Attribute,
    prisma_type: str,
    native: str,
    target: Target,
    stored: dict[str, str] | None,
) -> Default | None:
    """The default that a `@default` attribute states, None if it makes no sense.

    `stored` maps an enum's values to what the database stores, None for other types. `native` is
    the column's type as SQL, without `[]`.
    """
    value = argument_value(attribute, "value")
    if value is None:
        return None
    layer = _CLIENT if target.dialect is Dialect.MONGODB else _DATABASE
    if value.kind == "call":
        return _function_default(value, attribute, prisma_type, layer, target)
    if value.kind == "object":
        return None
    if target.mysql_like and prisma_type in ("Json", "Bytes"):
        layer = _CLIENT  # Migrate leaves these defaults out of MySQL's DDL; the client knows them
    if value.kind == "array":
        items = ", ".join(_literal(item, prisma_type, target, stored) for item in value.items)
        return Default(layer, "literal", f"ARRAY[{items}]::{native}[]", attribute.span)
    literal = _literal(value, prisma_type, target, stored)
    text = value.text
    if layer is _DATABASE and prisma_type in ("DateTime", "Bytes") and literal.startswith("'"):
        text = literal[1:-1]  # as the database has it; neither holds a quote
    return Default(layer, "literal", literal, attribute.span, text)


def _function_default(
    value: Value, attribute: Attribute, prisma_type: str, layer: Layer, target: Target
) -> Default:
    name = value.text
    span = attribute.span
    if name == "now":
        return Default(layer, "now", "now()", span)
    if name in ("autoincrement", "sequence"):
        if target.dialect is Dialect.SQLITE and prisma_type != "Int":
            layer = _CLIENT  # only INTEGER PRIMARY KEY counts up on SQLite: nobody supplies BIGINT
        return Default(layer, "sequence", "autoincrement()", span)
    if name == "dbgenerated":
        text = value.arguments[0].value.text if value.arguments else ""
        return Default(layer, "expression", text, span)
    return Default(_CLIENT, "function", value.span.text, span)


def _literal(value: Value, prisma_type: str, target: Target, stored: dict[str, str] | None) -> str:
    """The literal as SQL."""
    text = value.text
    if stored is not None:
        return quoted(stored.get(text, text), target)
    if prisma_type == "Boolean":
        if target.dialect is Dialect.SQLSERVER:
            return "1" if text == "true" else "0"
        return text
    if value.kind == "string":
        if prisma_type == "DateTime":
            return quoted(_datetime(text, target), target)
        if prisma_type == "Bytes":
            return _bytes(text, target)
        if prisma_type in ("Int", "BigInt", "Float", "Decimal"):
            return text
        return quoted(text, target)
    return text


def quoted(text: str, target: Target) -> str:
    """`text` as a string literal."""
    if target.mysql_like:
        text = text.replace("\\", "\\\\")
    return "'" + text.replace("'", "''") + "'"


def _datetime(text: str, target: Target) -> str:
    """As Migrate writes it: `2020-01-01 00:00:00 +00:00`; what is no time stays as it is."""
    if target.mysql_like or target.dialect is Dialect.SQLSERVER:
        return text
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    fraction = text.partition(".")[2]
    digits = "." + "".join(c for c in fraction[:9] if c.isdigit()) if fraction else ""
    zone = moment.strftime("%z") or "+0000"
    return f"{moment:%Y-%m-%d %H:%M:%S}{digits} {zone[:3]}:{zone[3:5]}"


def _bytes(text: str, target: Target) -> str:
    from base64 import b64decode

    try:
        digits = b64decode(text, validate=True).hex()
    except ValueError:
        return quoted(text, target)
    if target.postgres_like:
        return f"'\\x{digits}'"
    return f"0x{digits}" if target.dialect is Dialect.SQLSERVER else f"'{digits}'"
