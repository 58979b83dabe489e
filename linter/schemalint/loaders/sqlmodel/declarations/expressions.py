"""SQLAlchemy expressions (`func.lower(User.email)`, `status == "open"`) to SQL text.

The text is what SQLAlchemy's compiler writes in DDL: names without their table, literals in
place, parentheses by its table of precedence. Where a dialect would write a thing in another
way, this is PostgreSQL's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from schemalint.loaders.sqlmodel.declarations.sql_literals import literal, raw_text
from schemalint.loaders.sqlmodel.declarations.sql_text import (
    BINARY,
    COMPARISON,
    METHODS,
    MIRRORED,
    ColumnName,
    SqlText,
    UnrenderableError,
    negated,
)
from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.loaders.sqlmodel.emission.quoting import quoted
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    Constant,
    EnumMember,
    External,
    Operation,
    Sequence,
    Subscript,
    Unresolved,
    Value,
)


class Columns(Protocol):
    """Tells which column of the table a value stands for."""

    def column(self, value: Value) -> ColumnName | None:
        """The column that `value` is (`User.email`), None if it is none of this table's."""
        ...

    def named(self, name: str) -> ColumnName | None:
        """The column that a string stands for, as in `UniqueConstraint("email")`."""
        ...

    def stored(self, value: Value, kind: TypeDraft | None) -> Value:
        """What is stored for a constant in a column of this type."""
        ...


_CONSTANTS = {"sqlalchemy.null": "NULL", "sqlalchemy.true": "true", "sqlalchemy.false": "false"}
_BARE_FUNCTIONS = frozenset(
    {
        "current_timestamp",
        "current_date",
        "current_time",
        "current_user",
        "session_user",
        "localtime",
        "localtimestamp",
        "user",
        "sysdate",
    }
)
# Functions that SQLAlchemy knows to give what they are given.
_TEXT_FUNCTIONS = frozenset({"coalesce", "concat", "lower", "max", "min", "upper"})
_CAST_NAMES = {
    "String": "VARCHAR",
    "Unicode": "VARCHAR",
    "UnicodeText": "TEXT",
    "SmallInteger": "SMALLINT",
    "BigInteger": "BIGINT",
    "DateTime": "TIMESTAMP",
    "LargeBinary": "BYTEA",
    "Double": "DOUBLE PRECISION",
}
_CAST_PLAIN = frozenset(
    {"Integer", "Text", "Boolean", "Date", "Time", "Float", "Numeric", "JSON", "JSONB", "Uuid"}
    | {"UUID", "TEXT", "INTEGER", "VARCHAR", "BIGINT", "SMALLINT", "DATE", "BOOLEAN", "NUMERIC"}
    | {"TSVECTOR", "REGCONFIG", "CITEXT", "INT4RANGE", "DATERANGE", "TSTZRANGE", "TSRANGE"}
)
_UNARY_PREFIX = {"-": "-", "+": ""}


def render(value: Value, columns: Columns) -> str | Gap:
    """`value` as SQL, or what of it could not be told."""
    try:
        return _sql(value, columns).text
    except UnrenderableError as failure:
        return failure.gap


def _sql(value: Value, columns: Columns, other: ColumnName | None = None) -> SqlText:
    """`other` is the column on the other side of an operator, whose type shapes a literal."""
    column = columns.column(value)
    if column is not None:
        return SqlText(quoted(column.name), column=column, is_text=column.is_text)
    text = raw_text(value)
    if text is not None:
        return SqlText(text)
    if other is not None and isinstance(value, Constant | EnumMember):
        value = columns.stored(value, other.type)
    written = literal(value, other.type if other is not None else None)
    if written is not None:
        return SqlText(written, is_text=written.startswith("'"))
    if isinstance(value, Operation):
        return _operation(value, columns)
    if isinstance(value, Call):
        return _call(value, columns)
    if isinstance(value, Attribute):
        return _attribute(value, columns)
    if isinstance(value, Subscript) and len(value.items) == 1:
        of = _sql(value.of, columns)
        return SqlText(f"{of.inside('->', 15)} -> {_sql(value.items[0], columns).text}", 15, "->")
    if isinstance(value, External) and value.path in _CONSTANTS:
        return SqlText(_CONSTANTS[value.path])
    if isinstance(value, Unresolved):
        raise UnrenderableError(value.span, value.reason)
    raise UnrenderableError(value.span, "the expression could not be told as SQL")


def _operation(value: Operation, columns: Columns) -> SqlText:
    if len(value.operands) == 1:
        operand = _sql(value.operands[0], columns)
        if value.operator in {"~", "not"}:
            return negated(operand)
        if value.operator in _UNARY_PREFIX:
            return SqlText(_UNARY_PREFIX[value.operator] + operand.inside("-", 8), 8)
        raise UnrenderableError(
            value.span, f"the operator {value.operator} could not be told as SQL"
        )
    known = BINARY.get(value.operator)
    if known is None:
        raise UnrenderableError(
            value.span, f"the operator {value.operator} could not be told as SQL"
        )
    operator, binding = known
    if operator in MIRRORED and isinstance(value.operands[0], Constant | EnumMember):
        # Python asks the column, which stands on the right: `1 < column` is `column > 1`.
        return _pair(value.operands[1], value.operands[0], MIRRORED[operator], binding, columns)
    result = _pair(value.operands[0], value.operands[1], operator, binding, columns)
    for other in value.operands[2:]:
        more = _sql(other, columns).inside(operator, binding)
        result = SqlText(f"{result.text} {operator} {more}", binding, operator)
    return result


def _pair(left: Value, right: Value, operator: str, binding: int, columns: Columns) -> SqlText:
    first = _sql(left, columns, columns.column(right))
    second = _sql(right, columns, first.column)
    if operator in {"=", "!="} and second.text == "NULL":
        operator = "IS" if operator == "=" else "IS NOT"
    if operator == "+" and (first.is_text or second.is_text):
        operator, binding = "||", COMPARISON
    words = f"{first.inside(operator, binding)} {operator} {second.inside(operator, binding)}"
    return SqlText(words, binding, operator, is_text=operator == "||")


def _call(value: Call, columns: Columns) -> SqlText:
    if isinstance(value.callee, Attribute):
        return _method(value, value.callee, columns)
    if isinstance(value.callee, Call):
        return _custom_operator(value, value.callee, columns)
    path = value.callee.path if isinstance(value.callee, External) else ""
    if path.startswith("sqlalchemy.func."):
        return _function(path.removeprefix("sqlalchemy.func."), value, columns)
    if path in _CONSTANTS:
        return SqlText(_CONSTANTS[path])
    construct = _CONSTRUCTS.get(path)
    if construct is None:
        raise UnrenderableError(value.span, "the call could not be told as SQL")
    return construct(value, columns)


def _function(name: str, value: Call, columns: Columns) -> SqlText:
    if not value.args and name.lower() in _BARE_FUNCTIONS:
        return SqlText(name.upper())
    arguments = [_sql(argument, columns) for argument in value.args]
    text = ", ".join([argument.text for argument in arguments])
    is_text = name in _TEXT_FUNCTIONS and any(argument.is_text for argument in arguments)
    return SqlText(f"{name}({text})", 15, is_text=is_text)


def _method(value: Call, callee: Attribute, columns: Columns) -> SqlText:
    operand, arguments = callee.of, value.args
    operator = METHODS.get(callee.name)
    if operator in {"IN", "NOT IN"} and arguments:
        return _membership(operand, operator, arguments[0], columns)
    if operator is not None and len(arguments) >= 1:
        return _pair(operand, arguments[0], operator, COMPARISON, columns)
    if callee.name == "between" and len(arguments) == 2:
        return _between(operand, arguments[0], arguments[1], columns)
    if callee.name in {"desc", "asc", "nulls_first", "nulls_last", "nullsfirst", "nullslast"}:
        return _ordered(callee.name, operand, columns)
    if callee.name in {"self_group", "label", "expression"}:
        return _sql(operand, columns)
    if callee.name == "collate" and arguments:
        return _collated(operand, arguments[0], columns)
    if callee.name == "cast" and arguments:
        return _cast_of(operand, arguments[0], columns)
    if callee.name in {"startswith", "endswith", "contains"} and arguments:
        return _pattern(callee.name, operand, arguments[0], columns)
    raise UnrenderableError(value.span, f"`{callee.name}()` could not be told as SQL")


def _custom_operator(value: Call, operator: Call, columns: Columns) -> SqlText:
    """`column.op("~")("^a")`; such an operator binds the least."""
    of = operator.callee
    sign = operator.args[0] if operator.args else None
    text = sign.value if isinstance(sign, Constant) else None
    known = isinstance(of, Attribute) and of.name in {"op", "bool_op"} and len(value.args) == 1
    if isinstance(of, Attribute) and known and isinstance(text, str):
        return _pair(of.of, value.args[0], text, 0, columns)
    raise UnrenderableError(value.span, "the call could not be told as SQL")


def _membership(operand: Value, operator: str, items: Value, columns: Columns) -> SqlText:
    of = _sql(operand, columns)
    if not isinstance(items, Sequence):
        raise UnrenderableError(items.span, "the values of IN could not be told")
    listed = ", ".join(_sql(item, columns, of.column).text for item in items.items)
    text = f"{of.inside(operator, 5)} {operator} ({listed})"
    return SqlText(f"({text})" if operator == "NOT IN" else text, COMPARISON, operator)


def _between(operand: Value, low: Value, high: Value, columns: Columns) -> SqlText:
    of = _sql(operand, columns)
    first = _sql(low, columns, of.column).inside("BETWEEN", 5)
    second = _sql(high, columns, of.column).inside("BETWEEN", 5)
    return SqlText(f"{of.inside('BETWEEN', 5)} BETWEEN {first} AND {second}", 5, "BETWEEN")


def _ordered(name: str, operand: Value, columns: Columns) -> SqlText:
    words = name.replace("nullsfirst", "nulls_first").replace("nullslast", "nulls_last")
    return SqlText(f"{_sql(operand, columns).text} {words.upper().replace('_', ' ')}", 3)


def _collated(operand: Value, collation: Value, columns: Columns) -> SqlText:
    name = collation.value if isinstance(collation, Constant) else None
    if not isinstance(name, str):
        raise UnrenderableError(collation.span, "the collation could not be told")
    return SqlText(f"{_sql(operand, columns).inside('COLLATE', 4)} COLLATE {quoted(name)}", 4)


def _cast_of(operand: Value, type_: Value, columns: Columns) -> SqlText:
    callee = type_.callee if isinstance(type_, Call) else type_
    name = callee.path.rsplit(".", 1)[-1] if isinstance(callee, External) else ""
    written = _CAST_NAMES.get(name) or (name.upper() if name in _CAST_PLAIN else None)
    if written is None:
        raise UnrenderableError(type_.span, "the type of a CAST could not be told")
    return SqlText(f"CAST({_sql(operand, columns).text} AS {written})", 15)


def _pattern(name: str, operand: Value, part: Value, columns: Columns) -> SqlText:
    of, text = _sql(operand, columns), _sql(part, columns).text
    before = "'%' || " if name != "startswith" else ""
    after = " || '%'" if name != "endswith" else ""
    return SqlText(f"{of.inside('LIKE', 5)} LIKE {before}{text}{after}", 0, "LIKE")


def _attribute(value: Attribute, columns: Columns) -> SqlText:
    if value.name in {"astext", "as_string"} and isinstance(value.of, Subscript):
        of, key = _sql(value.of.of, columns), _sql(value.of.items[0], columns)
        return SqlText(f"{of.inside('->>', 15)} ->> {key.text}", 15, "->>")
    raise UnrenderableError(value.span, f"`{value.span.text}` is no column of this table")


# -- constructs called by name ---------------------------------------------------------------


def _joined(operator: str, binding: int) -> Callable[[Call, Columns], SqlText]:
    def joined(value: Call, columns: Columns) -> SqlText:
        parts = [_sql(argument, columns) for argument in value.args]
        if len(parts) == 1:
            return parts[0]
        words = f" {operator} ".join([part.inside(operator, binding) for part in parts])
        return SqlText(words, binding, operator)

    return joined


def _first(value: Call, columns: Columns) -> SqlText:
    if not value.args:
        raise UnrenderableError(value.span, "the call has no argument that could be told")
    return _sql(value.args[0], columns)


def _not(value: Call, columns: Columns) -> SqlText:
    return negated(_first(value, columns))


def _sorted_as(name: str) -> Callable[[Call, Columns], SqlText]:
    def ordered(value: Call, columns: Columns) -> SqlText:
        if not value.args:
            raise UnrenderableError(value.span, "what is sorted could not be told")
        argument = value.args[0]
        # desc("name") names a column, or is SQL text: both are written as they are.
        if isinstance(argument, Constant) and isinstance(argument.value, str):
            column = columns.named(argument.value)
            written = quoted(column.name) if column is not None else argument.value
            return SqlText(f"{written} {name.upper().replace('_', ' ')}", 3)
        return _ordered(name, argument, columns)

    return ordered


def _named_column(value: Call, columns: Columns) -> SqlText:
    argument = value.args[0] if value.args else value
    if isinstance(argument, Constant) and isinstance(argument.value, str):
        column = columns.named(argument.value) or ColumnName(argument.value)
        return SqlText(quoted(column.name), column=column)
    raise UnrenderableError(value.span, "the column's name could not be told")


def _cast(value: Call, columns: Columns) -> SqlText:
    if len(value.args) != 2:
        raise UnrenderableError(value.span, "the cast could not be told as SQL")
    return _cast_of(value.args[0], value.args[1], columns)


def _collate(value: Call, columns: Columns) -> SqlText:
    if len(value.args) != 2:
        raise UnrenderableError(value.span, "the collation could not be told")
    return _collated(value.args[0], value.args[1], columns)


def _between_call(value: Call, columns: Columns) -> SqlText:
    if len(value.args) != 3:
        raise UnrenderableError(value.span, "the range could not be told")
    return _between(value.args[0], value.args[1], value.args[2], columns)


def _case(value: Call, columns: Columns) -> SqlText:
    words = ["CASE"]
    subject = value.keyword("value")
    if subject is not None:
        words.append(_sql(subject, columns).text)
    for argument in value.args:
        if not isinstance(argument, Sequence) or len(argument.items) != 2:
            raise UnrenderableError(argument.span, "the branch of a CASE could not be told")
        condition, result = [_sql(item, columns) for item in argument.items]
        words.append(f"WHEN {condition.inside('WHEN', 14)} THEN {result.text}")
    last = value.keyword("else_")
    if last is not None:
        words.append(f"ELSE {_sql(last, columns).text}")
    return SqlText(" ".join([*words, "END"]))


_CONSTRUCTS: dict[str, Callable[[Call, Columns], SqlText]] = {
    "sqlalchemy.and_": _joined("AND", 3),
    "sqlalchemy.or_": _joined("OR", 2),
    "sqlalchemy.not_": _not,
    "sqlalchemy.desc": _sorted_as("desc"),
    "sqlalchemy.asc": _sorted_as("asc"),
    "sqlalchemy.nulls_first": _sorted_as("nulls_first"),
    "sqlalchemy.nullsfirst": _sorted_as("nulls_first"),
    "sqlalchemy.nulls_last": _sorted_as("nulls_last"),
    "sqlalchemy.nullslast": _sorted_as("nulls_last"),
    "sqlalchemy.column": _named_column,
    "sqlalchemy.Column": _named_column,
    "sqlalchemy.literal": _first,
    "sqlalchemy.cast": _cast,
    "sqlalchemy.collate": _collate,
    "sqlalchemy.between": _between_call,
    "sqlalchemy.case": _case,
    "sqlmodel.col": _first,
    "sqlalchemy.type_coerce": _first,
}
