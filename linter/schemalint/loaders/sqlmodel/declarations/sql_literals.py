"""Constants, members of enums and `text("...")` as SQL."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.drafts import TypeDraft
from schemalint.loaders.sqlmodel.values import Call, Constant, EnumMember, External, Value


def literal(value: Value, type_: TypeDraft | None = None) -> str | None:
    """A constant or an enum's member as an SQL literal, as a column of `type_` stores it."""
    if isinstance(value, EnumMember):
        for stored, member, _ in type_.values if type_ is not None else ():
            if member == value.name:
                return string_literal(stored)
        if type_ is not None and type_.values:
            return None
        value = value.value if value.value is not None else value
    if not isinstance(value, Constant):
        return None
    content = value.value
    if content is None:
        return "NULL"
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, int | float):
        return repr(content)
    return string_literal(content) if isinstance(content, str) else None


def string_literal(text: str) -> str:
    """`text` between single quotes, doubled inside."""
    return "'" + text.replace("'", "''") + "'"


def raw_text(value: Value) -> str | None:
    """The SQL inside `text("...")` or `literal_column("...")`; None for anything else."""
    if not isinstance(value, Call) or not isinstance(value.callee, External):
        return None
    if value.callee.path not in {"sqlalchemy.text", "sqlalchemy.literal_column"}:
        return None
    argument = value.args[0] if value.args else value.keyword("text")
    if not isinstance(argument, Constant) or not isinstance(argument.value, str):
        return None
    # A colon that starts no bind parameter is written `\:` in text().
    return argument.value.replace("\\:", ":")
