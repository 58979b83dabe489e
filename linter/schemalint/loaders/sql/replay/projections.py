"""Which columns a SELECT gives, where that can be told without reading all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemalint.loaders.sql.clauses import Sql, TableName
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.lexer import Token, fold, tokens
from schemalint.loaders.sql.replay.state import Replay

Projection = tuple[str, Column | None]
"""A column's name, and the column of a table that it shows, None for anything computed."""

_AFTER_TABLES = (
    "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW",
    "OFFSET", "FETCH", "FOR", "WITH",
)  # fmt: skip
_JOINING = ("JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "ON", "USING", "OUTER")


class _Select:
    """The SELECT of a query, token by token."""

    def __init__(self, replay: Replay, query: Sql) -> None:
        self._replay = replay
        self._text, self._span = query.text, query.span
        self._tokens = tokens(query.text, replay.dialect)

    def columns(self) -> list[Projection] | None:
        """What it gives; None if that cannot be told."""
        found = self._tokens
        if found and found[0].text == "TABLE" and found[0].kind == "word":
            return self._whole_table(found[1:])
        if not found or found[0].text != "SELECT" or found[0].kind != "word":
            return None
        start = 1
        if len(found) > 1 and found[1].text in ("DISTINCT", "ALL"):
            start = 2
        end = self._find("FROM", start)
        sources = self._sources(end + 1) if end < len(found) else {}
        projections: list[Projection] = []
        for item in _split(found[start:end]):
            given = self._item(item, sources)
            if given is None:
                return None
            projections += given
        return projections

    def _whole_table(self, item: Sequence[Token]) -> list[Projection] | None:
        """`TABLE name`, which is short for `SELECT * FROM name`."""
        name, rest = self._name(item)
        table = None if name is None or rest else self._replay.catalog.table(name)
        if table is None:
            return None
        return [(column.name, column) for column in table.columns.values()]

    def _find(self, word: str, at: int) -> int:
        """Where a word stands outside brackets; the number of tokens if nowhere."""
        depth = 0
        for number in range(at, len(self._tokens)):
            token = self._tokens[number]
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
            elif depth == 0 and token.kind == "word" and token.text == word:
                return number
        return len(self._tokens)

    def _sources(self, at: int) -> dict[str, Table]:
        """The tables of FROM by their alias; none where one is not a known table's name."""
        sources: dict[str, Table] = {}
        for item in self._table_items(at):
            name, rest = self._name(item)
            table = None if name is None else self._replay.catalog.table(name)
            if name is None or table is None:
                return {}
            if rest and rest[0].text == "AS":
                rest = rest[1:]
            alias = self._spelling(rest[0]) if rest else name.name
            sources[self._replay.catalog.fold(alias)] = table
        return sources

    def _table_items(self, at: int) -> Iterator[list[Token]]:
        """The words of each table of FROM, without what they are joined on."""
        item: list[Token] = []
        depth = 0
        skipping = False
        for token in self._tokens[at:]:
            if token.kind == "sign" and token.text in "()":
                depth += 1 if token.text == "(" else -1
            plain = depth == 0 and token.kind == "word"
            if plain and token.text in _AFTER_TABLES:
                break
            if (plain and token.text in _JOINING) or (depth == 0 and token.text == ","):
                if item:
                    yield item
                item = []
                skipping = token.text in ("ON", "USING")
            elif not skipping:
                item.append(token)
        if item:
            yield item

    def _name(self, item: Sequence[Token]) -> tuple[TableName | None, list[Token]]:
        if not item or item[0].kind not in ("word", "name"):
            return None, []
        parts = [self._spelling(item[0])]
        at = 1
        while at + 1 < len(item) and item[at].text == ".":
            parts.append(self._spelling(item[at + 1]))
            at += 2
        rest = list(item[at:])
        if len(rest) > 2 or any(token.kind not in ("word", "name") for token in rest):
            return None, []
        schema = parts[-2] if len(parts) > 1 else None
        return TableName(name=parts[-1], schema=schema, span=self._span), rest

    def _spelling(self, token: Token) -> str:
        if token.kind == "word":
            return fold(self._text[token.start : token.end], self._replay.dialect)
        return token.text

    # -- one member of the list

    def _item(self, item: Sequence[Token], sources: dict[str, Table]) -> list[Projection] | None:
        if not item:
            return None
        last = item[-1]
        if last.text == "*" and last.kind == "sign":
            if len(item) == 1:
                tables = list(sources.values())
            elif len(item) == 3:
                one = sources.get(self._replay.catalog.fold(self._spelling(item[0])))
                tables = [] if one is None else [one]
            else:
                return None
            if not tables:
                return None
            return [(one.name, one) for table in tables for one in table.columns.values()]
        name = self._spelling(last) if last.kind in ("word", "name") else None
        source = None
        shown = item
        if len(item) > 2 and item[-2].text == "AS":
            shown = item[:-2]
        elif len(item) > 1 and name is not None and item[-2].text != ".":
            shown = item[:-1]
        source = self._column(shown, sources)
        if source is None and shown is item and not self._is_column(item):
            return self._unnamed(item)
        return None if name is None else [(name, source)]

    def _is_column(self, item: Sequence[Token]) -> bool:
        return len(item) in (1, 3) and item[-1].kind in ("word", "name")

    def _unnamed(self, item: Sequence[Token]) -> list[Projection] | None:
        """PostgreSQL calls a function without an alias by its name; others cannot be told."""
        if self._replay.postgres_like and len(item) > 2 and item[1].text == "(":
            return [(self._spelling(item[0]), None)]
        return None

    def _column(self, item: Sequence[Token], sources: dict[str, Table]) -> Column | None:
        if not self._is_column(item):
            return None
        catalog = self._replay.catalog
        name = self._spelling(item[-1])
        tables = list(sources.values())
        if len(item) == 3:
            one = sources.get(catalog.fold(self._spelling(item[0])))
            tables = [] if one is None else [one]
        for table in tables:
            column = catalog.column(table, name)
            if column is not None:
                return column
        return None


def _split(items: Sequence[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    depth = 0
    for token in items:
        if token.kind == "sign":
            depth += (token.text in "([") - (token.text in ")]")
            if token.text == "," and depth == 0:
                found.append([])
                continue
        found[-1].append(token)
    return found


def projected(replay: Replay, query: Sql) -> list[Projection] | None:
    """The columns that `query` gives in their order, None if that cannot be told."""
    return _Select(replay, query).columns()
