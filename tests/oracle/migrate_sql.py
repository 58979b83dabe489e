"""Reads the SQL that Migrate emits, and puts the common AST in the same form."""

from __future__ import annotations

import re
from typing import Any

from schemalint.model import Dialect, Field, KeyPart, Layer, Model, Schema

Facts = dict[str, Any]

TOKEN = re.compile(
    r"""
    (?P<name>"(?:[^"]|"")*")
  | (?P<text>'(?:[^']|'')*')
  | (?P<word>[^\s"'(),]+)
  | (?P<sign>[(),])
    """,
    re.VERBOSE,
)
SERIALS = {"SERIAL", "BIGSERIAL", "SMALLSERIAL"}


def emitted(sql: str) -> Facts:
    """The facts of Migrate's SQL by path: tables, columns, keys, indexes, foreign keys, enums."""
    facts: Facts = {}
    for statement in re.split(r"(?m)^-- \w+\n", sql):
        text = statement.strip().removesuffix(";")
        tokens = [match[0] for match in TOKEN.finditer(text)]
        if tokens[:2] == ["CREATE", "TABLE"]:
            _table(tokens, text, facts)
        elif tokens[:2] == ["CREATE", "TYPE"]:
            name, at = _qualified(tokens, 2)
            facts[f"enum {name}"] = [_text(one) for one in tokens[at + 1 :] if one.startswith("'")]
        elif "INDEX" in tokens[:3]:
            _index(tokens, text, facts)
        elif tokens[:2] == ["ALTER", "TABLE"] and "FOREIGN" in tokens:
            _foreign_key(tokens[tokens.index("CONSTRAINT") :], _qualified(tokens, 2)[0], facts)
    return facts


def _qualified(tokens: list[str], at: int) -> tuple[str, int]:
    """A table's name, with its schema where one stands before it, and what comes after it."""
    if tokens[at + 1] == ".":
        return f"{_name(tokens[at])}.{_name(tokens[at + 2])}", at + 3
    return _name(tokens[at]), at + 1


def _name(token: str) -> str:
    return token[1:-1].replace('""', '"') if token.startswith('"') else token


def _text(token: str) -> str:
    return token[1:-1].replace("''", "'")


def _table(tokens: list[str], text: str, facts: Facts) -> None:
    table, at = _qualified(tokens, 2)
    facts[f"table {table}"] = True
    for item in _items(tokens[at + 1 : -1]):
        if item[0] == "PRIMARY":
            facts[f"{table} primary key"] = (None, _columns(item[2:]))
        elif item[0] == "CONSTRAINT" and item[2] == "PRIMARY":
            members = _columns(item[4:])
            facts[f"{table} primary key"] = (_name(item[1]), members)
            for member in members:  # a key of SQLite has no name, and takes NULL
                facts[f"{table}.{member[0]}"]["nullable"] = False
        elif item[0] == "CONSTRAINT":
            _foreign_key(item, table, facts)
        else:
            _column(table, item, facts)


def _items(tokens: list[str]) -> list[list[str]]:
    items: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        if token == "," and depth == 0:
            items.append([])
            continue
        # brackets and braces stand inside words: ARRAY[1, and {"a": of an unquoted JSON default
        depth += sum(token.count(one) for one in "([{") if token[0] not in "\"'" else 0
        depth -= sum(token.count(one) for one in ")]}") if token[0] not in "\"'" else 0
        items[-1].append(token)
    return items


def _column(table: str, item: list[str], facts: Facts) -> None:
    name, rest = _name(item[0]), item[1:]
    column: Facts = {"nullable": True, "default": None, "sequence": False}
    ends = [rest.index(word) for word in ("NOT", "PRIMARY", "DEFAULT", "GENERATED") if word in rest]
    native = _joined(rest[: min(ends, default=len(rest))])
    if "NOT" in rest or (native == "INTEGER" and "PRIMARY" in rest):  # a row id
        column["nullable"] = False
    if "AUTOINCREMENT" in rest or "GENERATED" in rest or native in SERIALS:
        column["sequence"] = True
    elif "DEFAULT" in rest:
        default = _joined([one for one in rest[rest.index("DEFAULT") + 1 :] if one != "PRIMARY"])
        if default == "unique_rowid()":
            column["sequence"] = True
        else:
            column["default"] = default
    column["native"] = native
    facts[f"{table}.{name}"] = column
    if "PRIMARY" in rest:
        facts[f"{table} primary key"] = (None, [(name, "ASC")])


def _joined(tokens: list[str]) -> str:
    """Without quotes around names and without blanks, so that only the meaning is compared."""
    return "".join(_name(token) for token in tokens if token not in ("PRIMARY", "KEY"))


def _columns(tokens: list[str]) -> list[tuple[str, ...]]:
    """`("a", "b" DESC ops)` up to its closing bracket."""
    found = []
    for item in _items(tokens[1 : tokens.index(")")]):
        words = [word for word in item[1:] if word not in ("ASC", "DESC")]
        found.append((_name(item[0]), "DESC" if "DESC" in item else "ASC", *words))
    return found


def _index(tokens: list[str], text: str, facts: Facts) -> None:
    unique = tokens[1] == "UNIQUE"
    name = _name(tokens[tokens.index("INDEX") + 1])
    table, at = _qualified(tokens, tokens.index("ON") + 1)
    method = "btree"
    if tokens[at] == "USING":
        method = tokens[at + 1].lower()
        at += 2
    columns = _columns(tokens[at:])
    where = None
    if "WHERE" in tokens:
        where = "".join(tokens[tokens.index("WHERE") + 1 :])
        if not where.startswith("("):  # SQLite
            where = f"({where})"
    facts[f"{table} {'unique' if unique else 'index'} {name}"] = (method, columns, where)


def _foreign_key(tokens: list[str], table: str, facts: Facts) -> None:
    name = _name(tokens[1])
    columns = [column[0] for column in _columns(tokens[4:])]
    at = tokens.index("REFERENCES")
    parent, after = _qualified(tokens, at + 1)
    references = [column[0] for column in _columns(tokens[after:])]
    actions = " ".join(tokens[tokens.index("ON") :])
    facts[f"{table} foreign key {name}"] = (columns, parent, references, actions)


# -- the same of the common AST


def ours(schema: Schema) -> Facts:
    """The facts of a schema in the form of `emitted`."""
    facts: Facts = {}
    if schema.dialect is not Dialect.SQLITE:
        for enum in schema.enums:
            name = _table_name(enum.schema, enum.type)
            facts[f"enum {name}"] = [value.stored for value in enum.values]
    for model in schema.models:
        if model.kind in ("model", "join"):
            _model(model, schema, facts)
    return facts


def _table_name(schema: str | None, table: str) -> str:
    """With the schema, save `public`, which Migrate does not write."""
    return f"{schema}.{table}" if schema and schema != "public" else table


def _model(model: Model, schema: Schema, facts: Facts) -> None:
    table = _table_name(model.schema, model.table)
    facts[f"table {table}"] = True
    for field in model.fields:
        facts[f"{table}.{field.column}"] = _field(field)
    if model.primary_key is not None:
        parts = [_part(part) for part in model.primary_key.parts]
        facts[f"{table} primary key"] = (model.primary_key.name, parts)
    for unique in model.uniques:
        parts = [_part(part) for part in unique.parts]
        where = None if unique.where is None else _where(unique.where)
        facts[f"{table} unique {unique.name}"] = ("btree", parts, where)
    for index in model.indexes:
        parts = [_part(part) for part in index.parts]
        where = None if index.where is None else _where(index.where)
        facts[f"{table} index {index.name}"] = (index.type, parts, where)
    for key in model.foreign_keys:
        if key.layer is not Layer.DATABASE and schema.dialect is not Dialect.SQLITE:
            continue
        if key.name is None:  # relationMode = "prisma"
            continue
        actions = f"ON DELETE {key.on_delete.upper()} ON UPDATE {key.on_update.upper()}"
        facts[f"{table} foreign key {key.name}"] = (
            list(key.columns),
            _table_name(key.schema, key.table),
            list(key.references),
            actions,
        )


def _part(part: KeyPart) -> tuple[str, ...]:
    end = () if part.operator_class is None else (part.operator_class,)
    return (part.column or "", "DESC" if part.descending else "ASC", *end)


def _where(where: str) -> str:
    return "".join(match[0] for match in TOKEN.finditer(f"({where})"))


def _field(field: Field) -> Facts:
    default = field.default if field.default and field.default.layer is Layer.DATABASE else None
    expression = None
    if default is not None and default.kind != "sequence" and default.expression:
        expression = "CURRENT_TIMESTAMP" if default.kind == "now" else default.expression
        expression = _joined([match[0] for match in TOKEN.finditer(expression)])
        expression = expression.replace("::public.", "::")
    return {
        "nullable": field.nullable,
        "default": expression,
        "sequence": default is not None and default.kind == "sequence",
        "native": field.native.replace(" ", "").replace('"', "").removeprefix("public."),
    }
