"""Every combination of values that a rule over single rows can meet, where these are few.

What a CHECK means can be beyond reading. Where all that it reads, and all that the rule reads, are
columns with a handful of storable values, each combination can be stored instead, or not. That is
worth nothing where another value could come in, where something else than these columns has a
say, or where the answer could be another one tomorrow or on the user's own server: so only what
is listed here counts as known, and everything else leaves the rule undecided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product
from math import prod

from schemalint.attack import Attack, Combinations, Insert, Value
from schemalint.condition.parse import parse_predicate
from schemalint.condition.terms import And, Column, In, Is, Literal, Or, Term
from schemalint.context import Context
from schemalint.model import Check, Dialect, Field, Layer, Model, ScalarType
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.wording.describing import obscured_by

_MOST = 200
_DIALECTS = (Dialect.SQLITE, Dialect.POSTGRESQL)
_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.BOOLEAN)
_TEXT = re.compile(r"(TEXT|VARCHAR|CHARACTER VARYING)(\s*\(\s*\d+\s*\))?", re.IGNORECASE)
_OF_INTEGERS = re.compile(r"INT|^(BOOL|BOOLEAN|NUMERIC|DECIMAL)\b", re.IGNORECASE)
_GREATEST = 2**31
_INTEGER = re.compile(r"(SMALLINT|INTEGER|INT|INT2|INT4|INT8|BIGINT)", re.IGNORECASE)

# Statements after which a word or a sign need not mean what it means by itself.
_REDEFINING = re.compile(
    r"\b(CREATE|ALTER)\s+(OR\s+REPLACE\s+)?(DEFAULT\s+)?"
    r"(OPERATOR|CAST|RULE|DOMAIN|COLLATION|AGGREGATE)\b|\bsearch_path\b|"
    r"\bEXTENSION\s+(IF\s+NOT\s+EXISTS\s+)?(?!\"?(uuid-ossp|pgcrypto)\b)",
    re.IGNORECASE,
)
_FUNCTION = re.compile(r'\bFUNCTION\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w."]+)', re.IGNORECASE)

_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|"(?P<name>[^"]+)"|(?P<word>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d+)?)
    |(?P<sign>[-+*/%<>=!(),|~:.]+)|(?P<space>\s+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.upper().split())


_LOGIC = _words("and or not is null true false in between case when then else end cast as distinct")
# Of these, whatever the server's locale, and whatever an application adds to its connections.
_FUNCTIONS = _words(
    "from coalesce nullif abs length char_length replace trim ltrim rtrim substr substring mod sign"
    " for"
)
_OF_DIALECT = {
    Dialect.SQLITE: _words("instr iif ifnull typeof integer int text numeric min max"),
    Dialect.POSTGRESQL: _words(
        "num_nonnulls num_nulls strpos position left right like similar to unknown greatest least"
        " int integer bigint smallint int2 int4 int8 boolean bool text varchar"
    ),
}
# What stands for a function, also where a column is called like it.
_NILADIC = _words(
    "user current_user session_user system_user current_role current_catalog current_schema"
    " current_date current_time current_timestamp localtime localtimestamp"
)
_IN_ORDER = frozenset(("BETWEEN", "GREATEST", "LEAST"))


def combinations(
    model: Model, columns: Sequence[str], rule: Sequence[Term], context: Context
) -> Combinations | None:
    """Rows with every combination of what can be stored in the columns that a rule reads, and in
    those that CHECKs read beside them; None where that is not known for sure, or too many.

    Args:
        model: whose rows the rule is about.
        columns: that the rule reads, by their physical names.
        rule: conditions that it has the database decide.
        context: of the database.
    """
    if context.dialect not in _DIALECTS or not _stands_alone(model, context):
        return None
    checks = [one for one in model.checks if one.enforced and one.layer is Layer.DATABASE]
    read = _reached(columns, checks, model)
    if read is None:
        return None
    fields = [field for field in model.fields if field.column in read]
    about = [one for one in checks if _columns(one.expression, model) & read]
    texts = [one.expression for one in about] + [one.sql(context.dialect) for one in rule]
    if not all(_is_steady(text, fields, context) for text in texts):
        return None
    storable = [_storable(field, about, context) for field in fields]
    if None in storable:
        return None
    known: list[list[Value]] = [one for one in storable if one is not None]
    if not fields or prod(map(len, known)) > _MOST:
        return None
    if not all(str(value).isascii() for values in known for value in values):
        return None
    attacks = [
        Attack(says=_says(model, fields, values), moves=(_row(model, fields, values),))
        for values in islice(product(*known), _MOST)
    ]
    return Combinations(model=model, columns=tuple(read), attacks=tuple(attacks))


def _row(model: Model, fields: Sequence[Field], values: Sequence[Value]) -> Insert:
    pairs = zip(fields, values, strict=True)
    return Insert(row="row", model=model, values={field.column: value for field, value in pairs})


def _says(model: Model, fields: Sequence[Field], values: Sequence[Value]) -> str:
    pairs = zip(fields, values, strict=True)
    held = ", ".join(f"`{field.name}` {Literal(value).sql()}" for field, value in pairs)
    return f"stores a row of `{model.name}` with {held}"


def _stands_alone(model: Model, context: Context) -> bool:
    """Whether nothing but the table itself has a say in what its rows are."""
    if model.kind != "model" or model.triggers or model.inherits or model.partition_of:
        return False
    if obscured_by(model, context.schema) is not None:
        return False
    if [*holders(model, context)] != [model]:
        return False
    if any(one.partition_of == model.table for one in context.schema.models):
        return False
    return not any(_REDEFINING.search(file.text) for file in context.schema.files)


def _reached(columns: Sequence[str], checks: Sequence[Check], model: Model) -> set[str] | None:
    """The columns, and those that CHECKs read together with them; None where one of them is not
    only what a writer gives it."""
    read = set(columns)
    left = [_columns(one.expression, model) for one in checks]
    while True:
        more = [one for one in left if one & read]
        if not more:
            break
        left = [one for one in left if not one & read]
        read = read.union(*more)
    keys = {column for key in model.foreign_keys for column in key.columns}
    keys.update(model.primary_key.columns if model.primary_key is not None else ())
    fields = [model.column(column) for column in read]
    plain = all(field is not None and field.generated is None for field in fields)
    return read if plain and not read & keys else None


def _tokens(sql: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(sql):
        kind = found.lastgroup or "other"
        if kind != "space":
            yield kind, found[kind]


def _columns(sql: str, model: Model) -> set[str]:
    """The columns that stand in SQL, in whatever way they are written."""
    words = {word.lower() for kind, word in _tokens(sql) if kind in ("word", "name")}
    return {field.column for field in model.fields if field.column.lower() in words}


def _is_steady(sql: str, fields: Sequence[Field], context: Context) -> bool:
    """Whether SQL gives the same answer to the same values always and everywhere."""
    dialect = context.dialect
    known = _LOGIC | _FUNCTIONS | _OF_DIALECT[dialect]
    own = {field.column: field for field in fields}
    enums = {one.type for one in context.schema.enums}
    tokens = [*_tokens(sql)]
    words: set[str] = set()
    for (kind, text), (_, behind) in pairwise([*tokens, ("sign", ";")]):
        if kind == "other" or not text.isascii() or text.upper() in _NILADIC:
            return False
        if kind == "text" and "(?" in text:
            return False  # options of a regular expression
        if kind == "sign" and not _is_plain(text):
            return False
        if kind == "name" and text not in own and text not in enums:
            return False
        if kind in ("name", "word"):
            column = text in own if kind == "name" else _is_column(text, own, dialect)
            if column and behind.startswith("("):
                return False  # a function of that name
            if not column and text.upper() not in known and text not in enums:
                return False
            words.add(text.upper())
    if any(_last(name) in words for name in _defined(context)):
        return False
    return dialect is not Dialect.POSTGRESQL or not _goes_by_locale(tokens, words, fields)


def _is_plain(signs: str) -> bool:
    """Whether signs are those of arithmetic, comparison, `||`, `::` and `~`."""
    rest = re.sub(r"::|\|\||<>|!=|<=|>=|!~|[-+*/%<>=(),.~]", "", signs)
    return not rest and "--" not in signs and "/*" not in signs and "~*" not in signs


def _is_column(word: str, own: dict[str, Field], dialect: Dialect) -> bool:
    if dialect is Dialect.SQLITE:
        return word.lower() in {one.lower() for one in own}
    return word.lower() in own


def _defined(context: Context) -> Iterator[str]:
    for file in context.schema.files:
        yield from _FUNCTION.findall(file.text)


def _last(name: str) -> str:
    return name.rpartition(".")[2].strip('"').upper()


def _goes_by_locale(
    tokens: Sequence[tuple[str, str]], words: set[str], fields: Sequence[Field]
) -> bool:
    """Whether PostgreSQL may compare texts by their order, which each server has its own of."""
    signs = [re.sub(r"<>", "", text) for kind, text in tokens if kind == "sign"]
    in_order = bool(words & _IN_ORDER) or any("<" in one or ">" in one for one in signs)
    texts = any(kind == "text" for kind, _ in tokens) or any("||" in one for one in signs)
    numbers = all(field.type in _NUMBERS for field in fields)
    return in_order and (texts or not numbers or bool(words & {"TEXT", "VARCHAR"}))


# -- what can be stored ----------------------------------------------------------------------


def _storable(field: Field, checks: Sequence[Check], context: Context) -> list[Value] | None:
    """Everything that a column can hold, NULL too, so that the database refuses it where it does
    not; None where that is not known."""
    if field.list or field.ignore_case or field.collation is not None:
        return None
    postgresql = context.dialect is Dialect.POSTGRESQL
    native = field.native.strip().upper()
    if postgresql and field.type is ScalarType.BOOLEAN and native in ("BOOLEAN", "BOOL"):
        return [None, False, True]
    enum = context.schema.enum(field.enum) if field.enum is not None else None
    if enum is not None:
        closed = postgresql and enum.layer is Layer.DATABASE and field.type is ScalarType.ENUM
        return [None, *[one.stored for one in enum.values]] if closed else None
    for check in checks:
        listed = _listed(check, field, context)
        if listed is not None:
            return [None, *listed]
    return None


def _listed(check: Check, field: Field, context: Context) -> list[Value] | None:
    """The values that a plain CHECK lists, where nothing else that can be stored equals one."""
    term = parse_predicate(check.expression, context.dialect)
    for one in term.terms if isinstance(term, And) else (term,):
        found = _in_list(one, field, context)
        if found is not None:
            values = list(dict.fromkeys(found))
            if context.dialect is Dialect.SQLITE:  # TRUE is another way to write 1
                values = [int(one) if isinstance(one, bool) else one for one in values]
            if all(isinstance(value, str) for value in values):
                return values if _holds_text(field, context) else None
            if all(type(value) is int and abs(value) < _GREATEST for value in values):
                return values if _holds_integers(field, context) else None
    return None


def _in_list(term: Term, field: Field, context: Context) -> list[Value] | None:
    if isinstance(term, Or):  # a IS NULL OR a IN (...)
        rest = [one for one in term.terms if not _is_null(one, field, context)]
        return _in_list(rest[0], field, context) if len(rest) == 1 else None
    if not isinstance(term, In) or not _is_field(term.term, field, context):
        return None
    values = [one.value for one in term.values if isinstance(one, Literal)]
    # NULL in the list lets every value pass.
    return values if len(values) == len(term.values) and None not in values else None


def _is_null(term: Term, field: Field, context: Context) -> bool:
    return isinstance(term, Is) and term.value is None and _is_field(term.term, field, context)


def _is_field(term: Term, field: Field, context: Context) -> bool:
    if not isinstance(term, Column) or term.row:
        return False
    if context.dialect is Dialect.SQLITE:
        return term.name.lower() == field.column.lower()
    return term.name == field.column


def _holds_text(field: Field, context: Context) -> bool:
    """Whether a text that equals one of a list is that very text. CHAR's blanks do not count."""
    if context.dialect is Dialect.POSTGRESQL:
        return field.type is ScalarType.STRING and _TEXT.fullmatch(field.native.strip()) is not None
    native = field.native.upper()
    return "INT" not in native and any(part in native for part in ("CHAR", "CLOB", "TEXT"))


def _holds_integers(field: Field, context: Context) -> bool:
    """Whether a value that equals an integer is stored as that integer. SQLite makes integers of
    1.0 and '1' in such columns, and not in those of other affinity."""
    if context.dialect is Dialect.POSTGRESQL:
        return _INTEGER.fullmatch(field.native.strip()) is not None
    return _OF_INTEGERS.search(field.native) is not None
