"""The tables and views that a query reads: names at the places where a table's name stands."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.loaders.sql.clauses import Sql, TableName
from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.lexer import Token, fold, tokens, words
from schemalint.loaders.sql.replay.state import Replay

_ENDS = words(
    "SELECT WHERE GROUP HAVING ORDER LIMIT UNION EXCEPT INTERSECT WINDOW OFFSET FETCH ON USING "
    "RETURNING SET VALUES"
)


def tables_read(replay: Replay, query: Sql) -> list[Table]:
    """Those of the catalog, each once. A name that WITH gives to a query counts as a table's where
    there is one of that name."""
    found: dict[int, Table] = {}
    for name in _names(replay, query):
        table = replay.catalog.table(name)
        if table is not None:
            found[id(table)] = table
    return list(found.values())


def _names(replay: Replay, query: Sql) -> Iterator[TableName]:
    all_tokens = tokens(query.text, replay.dialect)
    selects = [False]  # for each bracket that is open: whether a SELECT stands in it
    among = [False]  # and whether its FROM is being read
    here = False  # whether a table's name is due
    at = 0
    while at < len(all_tokens):
        token = all_tokens[at]
        text = token.text
        at += 1
        if token.kind == "sign":
            if text == "(":
                selects.append(here and selects[-1])
                among.append(here)
            elif text == ")" and len(among) > 1:
                selects.pop()
                among.pop()
                here = False
            else:
                here = text == "," and among[-1]
        elif token.kind == "word" and text in ("FROM", "JOIN", "TABLE", "STRAIGHT_JOIN"):
            before = all_tokens[at - 2].text if at > 1 else ""
            here = (selects[-1] or text != "FROM") and before not in ("DISTINCT", ".")
            among[-1] = here and text != "TABLE"
        elif token.kind == "word" and text in _ENDS:
            selects[-1] = selects[-1] or text == "SELECT"
            here = among[-1] = False
        elif here and not (token.kind == "word" and text in ("ONLY", "LATERAL")):
            here = False
            if token.kind in ("word", "name"):
                parts = [_spelling(replay, query, token)]
                while at + 1 < len(all_tokens) and all_tokens[at].text == ".":
                    parts.append(_spelling(replay, query, all_tokens[at + 1]))
                    at += 2
                schema = parts[-2] if len(parts) > 1 else None
                yield TableName(name=parts[-1], schema=schema, span=query.span)


def _spelling(replay: Replay, query: Sql, token: Token) -> str:
    if token.kind == "word":
        return fold(query.text[token.start : token.end], replay.dialect)
    return token.text
