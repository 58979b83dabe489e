"""What PL/pgSQL's variables hold as far as reading tells: texts, lists of them, rows of a loop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from schemalint.condition.quoting import quoted_name, quoted_string
from schemalint.loaders.sql.grammar.run_texts import behind_bracket, split_at_commas
from schemalint.loaders.sql.lexer import Token, words
from schemalint.model import Dialect

Value = str | tuple[str, ...]
"""A text (a number as it is written), or an array of texts."""

Values = Mapping[str, Value | None]
"""What variables hold, by their folded names (`r.a` for a field); None where that is not known."""

Row = dict[str, Value]

_DEEPEST = 20  # brackets in brackets
_LONGEST = 100_000  # characters of a text
_MOST_ROWS = 500  # of a loop that is followed
_PLACEHOLDER = re.compile(r"%(?:(?P<at>\d+)\$)?(?P<kind>[sIL%])")
_ARRAY_TEXT = re.compile(r"\{\s*(?P<items>[\w\s,.-]*)\}")
_TEXT_TYPES = words("TEXT VARCHAR NAME REGCLASS REGTYPE INT INTEGER BIGINT")
_BOUNDARIES = frozenset((";", "LOOP", "THEN", "ELSE", "BEGIN", ">>"))
# Where a name of the list is a table's, as the database's own views have it.
_TABLE_LISTS = {"PG_TABLES": "TABLENAME", "TABLES": "TABLE_NAME"}
_SCHEMA_COLUMNS = words("SCHEMANAME TABLE_SCHEMA TABLE_TYPE")


def key_of(token: Token) -> str:
    """A name as variables are looked up by it."""
    return token.text.lower() if token.kind == "word" else token.text


def text_of(found: Sequence[Token], values: Values, depth: int = 0) -> str | None:
    """The text that an expression gives: literals, `||`, format(), quote_ident() and the like."""
    if depth > _DEEPEST or not found:
        return None
    parts = [_operand(part, values, depth) for part in split(found, "||")]
    known = [part for part in parts if isinstance(part, str)]
    if len(known) < len(parts) or sum(map(len, known)) > _LONGEST:
        return None
    return "".join(known)


def array_of(found: Sequence[Token], values: Values) -> tuple[str, ...] | None:
    """The texts of an array: ARRAY[...], '{a,b}', string_to_array(), a variable; casts left out."""
    found = bare(found)
    cast = split(found, "::")
    if len(cast) > 1:
        return array_of(cast[0], values)
    if [token.text for token in found[:2]] == ["ARRAY", "["] and found[-1].text == "]":
        return texts_of(split(found[2:-1], ","), values)
    if len(found) == 1 and found[0].kind == "string":
        literal = _ARRAY_TEXT.fullmatch(found[0].text.strip())
        if literal is None:
            return None
        items = literal["items"].strip()
        return tuple([one.strip() for one in items.split(",")]) if items else ()
    if _is_call(found, "STRING_TO_ARRAY"):
        given = texts_of(split_at_commas(found[2:-1]), values)
        if given is None or len(given) != 2 or not given[1]:
            return None
        return tuple(given[0].split(given[1]))
    name = _name(found)
    value = None if name is None else values.get(name)
    return value if isinstance(value, tuple) else None


def declared(found: Sequence[Token]) -> dict[str, Value | None]:
    """The variables of DECLARE ... (up to BEGIN), with what they begin with."""
    values: dict[str, Value | None] = {}
    for declaration in split(found, ";"):
        if not declaration or declaration[0].kind not in ("word", "name"):
            continue
        given = [at for at, one in enumerate(declaration) if one.text in (":=", "=", "DEFAULT")]
        expression = declaration[given[0] + 1 :] if given else ()
        value: Value | None = array_of(expression, values) if expression else None
        if value is None:
            value = text_of(expression, values)
        values[key_of(declaration[0])] = value
    return values


def assigned(found: Sequence[Token]) -> set[str]:
    """The variables that statements could give another value, by `:=` or INTO."""
    names: set[str] = set()
    for at, token in enumerate(found):
        before = found[at - 1].text if at else ";"
        after = [one.text for one in found[at + 1 : at + 4]]
        if token.kind in ("word", "name") and before in _BOUNDARIES:
            if after[:1] in ([":="], ["="]):
                names.add(key_of(token))
            elif after[:1] == ["."] and after[2:3] in ([":="], ["="]):
                names.add(f"{key_of(token)}.{key_of(found[at + 2])}")
        fetched = token.text == "INTO" and before not in ("INSERT", "MERGE")
        if token.kind == "word" and (fetched or (token.text == "GET" and before in _BOUNDARIES)):
            names |= _targets(found[at + 1 :])
    return names


def _targets(found: Sequence[Token]) -> set[str]:
    names: set[str] = set()
    for token in found:
        if token.text == ";" or (token.kind == "word" and token.text in ("FROM", "WHERE", "USING")):
            break
        if token.kind in ("word", "name"):
            names.add(key_of(token))
    return names


def variables_of(header: Sequence[Token]) -> set[str]:
    """The variables that FOR or FOREACH gives a value in each turn."""
    names: set[str] = set()
    for token in header[1:]:
        if token.kind == "word" and token.text in ("IN", "SLICE"):
            return names
        if token.kind in ("word", "name"):
            names.add(key_of(token))
    return set()


def rows_of(header: Sequence[Token], values: Values) -> tuple[list[Row], bool] | None:
    """What a loop binds in each of its turns, in order; None where that is not known.

    The second value: only the turns whose text is the name of a table that is there are taken.

    Args:
        header: FOR or FOREACH and what follows, without LOOP.
    """
    kinds = [token.text if token.kind == "word" else "" for token in header]
    if not header:  # LOOP alone
        return None
    if header[0].text == "FOREACH":
        at = kinds.index("ARRAY") if "ARRAY" in kinds else -1
        if at != 3 or kinds[2] != "IN":
            return None
        items = array_of(header[at + 1 :], values)
        return _bound([key_of(header[1])], [(one,) for one in items or ()], items is not None)
    if header[0].text != "FOR" or "IN" not in kinds:
        return None
    at = kinds.index("IN")
    targets = [key_of(part[0]) for part in split_at_commas(header[1:at]) if len(part) == 1]
    found = bare(header[at + 1 :])
    numbers = split(found, "..")
    if len(numbers) == 2:
        return _range(targets, numbers, values)
    columns, rows, sure = _query(found, values)
    if rows is None:
        return None
    if len(targets) == 1 and columns:
        targets = [targets[0], *[f"{targets[0]}.{column}" for column in columns]]
        rows = [(row[0], *row) if len(row) == len(columns) else () for row in rows]
    bound = _bound(targets, rows, True)
    return None if bound is None else (bound[0], not sure)


def _range(
    targets: list[str], numbers: Sequence[Sequence[Token]], values: Values
) -> tuple[list[Row], bool] | None:
    ends = [text_of(one, values) for one in numbers]
    if not all(one is not None and one.isdecimal() for one in ends):
        return None
    first, last = int(ends[0] or 0), int(ends[1] or 0)
    if last - first > _MOST_ROWS:
        return None
    return _bound(targets, [(str(one),) for one in range(first, last + 1)], True)


def _bound(
    targets: Sequence[str], rows: Sequence[Sequence[str]], known: bool
) -> tuple[list[Row], bool] | None:
    if not known or len(rows) > _MOST_ROWS or any(len(row) != len(targets) for row in rows):
        return None
    return [dict(zip(targets, row, strict=True)) for row in rows], False


_Rows = list[tuple[str, ...]] | None
_Query = tuple[list[str], _Rows, bool]


def _query(found: Sequence[Token], values: Values) -> _Query:
    """The columns and rows of a query over literals; whether all of the rows are sure to come."""
    unknown: _Query = ([], None, True)
    if found and found[0].text == "VALUES":
        return _values(found[1:], [], values)
    texts = [token.text if token.kind in ("word", "sign") else "" for token in found]
    if texts[:3] == ["SELECT", "UNNEST", "("]:  # SELECT unnest(ARRAY[...]) [AS a]
        end = behind_bracket(found, 2)
        alias = [one for one in found[end:] if one.text != "AS"]
        if len(alias) > 1:
            return unknown
        items = array_of(found[3 : end - 1], values)
        rows: _Rows = None if items is None else [(one,) for one in items]
        return [key_of(alias[0]) if alias else "unnest"], rows, True
    if texts[:1] != ["SELECT"] or "FROM" not in texts:
        return unknown
    at = texts.index("FROM")
    if "(" in texts[:at]:
        return unknown
    if texts[at + 1 : at + 3] == ["UNNEST", "("]:
        end = behind_bracket(found, at + 2)
        items = array_of(found[at + 3 : end - 1], values)
        names = _alias(found[end:], ["unnest"])
        rows = None if items is None or names is None else [(one,) for one in items]
        return names or [], rows, True
    if texts[at + 1 : at + 3] == ["(", "VALUES"] and texts[1:at] == ["*"]:
        end = behind_bracket(found, at + 1)
        names = _alias(found[end:], [])
        return unknown if names is None else _values(found[at + 3 : end - 1], names, values)
    return _tables_listed(found, at, values) or unknown


def _values(found: Sequence[Token], names: Sequence[str], values: Values) -> _Query:
    rows: list[tuple[str, ...]] = []
    for part in split_at_commas(found):
        row = texts_of(split_at_commas(part[1:-1]), values) if part[:1] else None
        if row is None or part[0].text != "(":
            return [], None, True
        rows.append(row)
    width = len(rows[0]) if rows else 0
    columns = [*names, *[f"column{at}" for at in range(len(names) + 1, width + 1)]]
    return columns, rows, True


def _alias(found: Sequence[Token], default: list[str]) -> list[str] | None:
    """`[AS] name [(columns)]`: the columns' names; of one column the alias names it, too."""
    rest = [token for token in found if token.text != "AS"]
    if not rest:
        return default
    if len(rest) > 1 and rest[1].text == "(" and behind_bracket(rest, 1) == len(rest):
        return [key_of(part[0]) for part in split_at_commas(rest[2:-1]) if part]
    if len(rest) > 1:
        return None
    return [key_of(rest[0])] if default else []


def _tables_listed(found: Sequence[Token], at: int, values: Values) -> _Query | None:
    """SELECT tablename FROM pg_tables WHERE schemaname = 'a' AND tablename IN ('b', 'c')."""
    table = [token.text for token in found[at + 1 : at + 4]]
    name = table[2] if table[1:2] == ["."] else table[0]
    column = _TABLE_LISTS.get(name)
    behind = at + (4 if table[1:2] == ["."] else 2)
    if column is None or [one.text for one in found[1:at]] != [column]:
        return None
    if [one.text for one in found[behind : behind + 1]] != ["WHERE"]:
        return None
    listed: tuple[str, ...] | None = None
    for condition in split(found[behind + 1 :], "AND"):
        texts = [one.text for one in condition]
        if texts[:3] == [column, "IN", "("] and behind_bracket(condition, 2) == len(condition):
            listed = texts_of(split_at_commas(condition[3:-1]), values)
        elif len(texts) != 3 or texts[0] not in _SCHEMA_COLUMNS or texts[1] != "=":
            return None
    return [column.lower()], None if listed is None else [(one,) for one in listed], False


def meant(found: Sequence[Token], values: Values) -> list[Token]:
    """The tokens of a condition with the texts that its variables and calls of format() give."""
    result: list[Token] = []
    at = 0
    while at < len(found):
        token = found[at]
        end = at + 1
        if token.text == "FORMAT" and [one.text for one in found[end : end + 1]] == ["("]:
            end = behind_bracket(found, end)
        elif [one.text for one in found[end : end + 1]] == ["."] and end + 1 < len(found):
            end += 2
        text = None if token.kind == "string" else text_of(found[at:end], values)
        if token.kind == "string":
            text, end = token.text, at + 1
        if text is None or token.kind == "number":
            result.append(token)
            at += 1
            continue
        joined = len(result) > 1 and result[-1].text == "||" and result[-2].kind == "string"
        if joined:
            result.pop()
            text = result.pop().text + text
        result.append(Token("string", text, token.start, token.end))
        at = end
    return result


# -- expressions


def _operand(found: Sequence[Token], values: Values, depth: int) -> str | None:
    found = bare(found)
    cast = split(found, "::")
    if len(cast) == 2 and len(cast[1]) == 1 and cast[1][0].text in _TEXT_TYPES:
        return text_of(cast[0], values, depth + 1)
    if len(found) == 1 and found[0].kind in ("string", "number"):
        return found[0].text
    name = _name(found)
    if name is not None:
        value = values.get(name)
        return value if isinstance(value, str) else None
    if len(found) > 2 and found[1].text == "(" and behind_bracket(found, 1) == len(found):
        arguments = split_at_commas(found[2:-1])
        return _call(found[0].text, [text_of(one, values, depth + 1) for one in arguments])
    if len(split(found, "||")) > 1:
        return text_of(found, values, depth + 1)
    return None


def _call(function: str, given: Sequence[str | None]) -> str | None:
    if function == "FORMAT" and given and given[0] is not None:
        return _formatted(given[0], given[1:])
    texts = [one for one in given if one is not None]
    if len(texts) < len(given) or not texts:
        return None
    if function == "CONCAT":
        return "".join(texts)
    if len(texts) > 1:
        return None
    text = texts[0]
    if function == "QUOTE_IDENT":
        return quoted_name(text, Dialect.POSTGRESQL)
    if function == "QUOTE_LITERAL":
        return quoted_string(text, Dialect.POSTGRESQL)
    return {"LOWER": text.lower(), "UPPER": text.upper(), "TRIM": text.strip()}.get(function)


def _formatted(template: str, given: Sequence[str | None]) -> str | None:
    """format(): `%s`, `%I`, `%L`, with positions or without; None where one is not known."""
    taken = 0
    pieces: list[str] = []
    end = 0
    for place in _PLACEHOLDER.finditer(template):
        if "%" in template[end : place.start()]:  # `%5s`, say
            return None
        pieces.append(template[end : place.start()])
        end = place.end()
        if place["kind"] == "%":
            pieces.append("%")
            continue
        taken = int(place["at"]) if place["at"] else taken + 1
        value = given[taken - 1] if 0 < taken <= len(given) else None
        if value is None:
            return None
        if place["kind"] == "I":
            value = quoted_name(value, Dialect.POSTGRESQL)
        elif place["kind"] == "L":
            value = quoted_string(value, Dialect.POSTGRESQL)
        pieces.append(value)
    text = "".join([*pieces, template[end:]])
    return None if "%" in template[end:] else text


def texts_of(parts: Iterable[Sequence[Token]], values: Values) -> tuple[str, ...] | None:
    """The texts that expressions give, if all are known."""
    texts = [text_of(part, values) for part in parts]
    known = [text for text in texts if text is not None]
    return tuple(known) if len(known) == len(texts) else None


def _name(found: Sequence[Token]) -> str | None:
    """`a` or `r.a`."""
    if not found or any(one.kind not in ("word", "name") for one in found[::2]):
        return None
    if len(found) == 1:
        return key_of(found[0])
    return f"{key_of(found[0])}.{key_of(found[2])}" if _dotted(found) else None


def _dotted(found: Sequence[Token]) -> bool:
    return len(found) == 3 and found[1].text == "."


def _is_call(found: Sequence[Token], function: str) -> bool:
    texts = [token.text for token in found[:2]]
    return texts == [function, "("] and behind_bracket(found, 1) == len(found)


def split(found: Sequence[Token], sign: str) -> list[Sequence[Token]]:
    """What stands between these signs or words, outside of brackets."""
    parts: list[Sequence[Token]] = []
    depth = begin = 0
    for at, token in enumerate(found):
        if token.kind not in ("sign", "word"):
            continue
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == sign and not depth:
            parts.append(found[begin:at])
            begin = at + 1
    return [*parts, found[begin:]]


def bare(found: Sequence[Token]) -> Sequence[Token]:
    """Without the brackets around all of it."""
    while found and found[0].text == "(" and behind_bracket(found, 0) == len(found):
        found = found[1:-1]
    return found
