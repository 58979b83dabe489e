"""Which columns a query gives, where that can be told without reading all of it.

Subqueries, queries of WITH and joins are followed; of UNION the first query names the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from schemalint.loaders.sql.clauses import Sql, TableName, TypeName
from schemalint.loaders.sql.entries import Column, Table, UserType
from schemalint.loaders.sql.lexer import Token, fold, tokens, words
from schemalint.loaders.sql.replay.projected_names import (
    closing,
    has_alias,
    is_column,
    name_of_expression,
    split,
    unwrapped,
)
from schemalint.loaders.sql.replay.projected_types import Typing, column_of, common, kind_of, typed
from schemalint.loaders.sql.replay.state import Replay
from schemalint.model import Dialect

Projection = tuple[str | None, Column | None]
"""A column's name (None if that cannot be told), and the column of a table that it shows. What is
computed has one for its type, None where that is not known."""

Relation = list[Projection] | None
"""The columns of a table or query, None if not all are known."""

Given = Mapping[str, Relation]

_AFTER_LIST = words(
    "FROM INTO WHERE GROUP HAVING ORDER LIMIT UNION EXCEPT INTERSECT MINUS WINDOW OFFSET FETCH FOR "
    "WITH"
)
_BEFORE_JOIN = words("INNER LEFT RIGHT FULL CROSS NATURAL OUTER")
_QUERIES = words("SELECT WITH VALUES TABLE")
_NOTHING = Token("end", "", 0, 0)


def projected(replay: Replay, query: Sql) -> Relation:
    """The columns that `query` gives in their order, None if that cannot be told."""
    found = tokens(query.text, replay.dialect)
    try:
        return _Reader(replay, query).query(found, {})
    except RecursionError:  # brackets in brackets
        return None


class _Reader:
    def __init__(self, replay: Replay, query: Sql) -> None:
        self._replay = replay
        self._catalog = replay.catalog
        self._text, self._span = query.text, query.span
        self._typed = replay.dialect is Dialect.POSTGRESQL

    def query(self, found: Sequence[Token], given: Given) -> Relation:
        """What a query gives that sees the queries `given` by their names."""
        found = unwrapped(found)
        first = _at(found, 0)
        if first.text == "WITH" and first.kind == "word":
            return self._with(found, given)
        branches = _branches(found) if self._typed else []
        if len(branches) > 1:
            return self._united([self.query(one, given) for one in branches])
        if first.text == "(" and first.kind == "sign":  # of UNION
            return self.query(found[1 : closing(found, 0)], given)
        if first.kind != "word":
            return None
        if first.text == "TABLE":
            return self._operand(found[1:], given, {})
        if first.text == "VALUES" and _at(found, 1).text == "(":
            return self._values([one[1 : closing(one, 0)] for one in split(found[1:])], given)
        return self._select(found, given) if first.text == "SELECT" else None

    def _values(self, rows: Sequence[Sequence[Token]], given: Given) -> list[Projection]:
        named = self._replay.postgres_like or self._replay.sqlite
        every = [
            [(f"column{at}" if named else None, self._computed(one, {}, given))
             for at, one in enumerate(split(row), 1)]
            for row in rows
        ]  # fmt: skip
        return self._united([*every]) or every[0]

    def _united(self, every: Sequence[Relation]) -> Relation:
        """What UNION, EXCEPT and INTERSECT give: the names of the first, the types of all."""
        first = every[0]
        if first is None or not self._typed:
            return first
        columns: list[Projection] = []
        for at, (name, source) in enumerate(first):
            kinds = [
                kind_of(column)
                if one is not None and at < len(one) and (column := one[at][1]) is not None
                else None
                for one in every
            ]
            columns.append(
                (name, source if len(every) == 1 else column_of(common(kinds), self._span))
            )
        return columns

    def _with(self, found: Sequence[Token], given: Given) -> Relation:
        """WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (query), ... query."""
        known = dict(given)
        recursive = _at(found, 1).text == "RECURSIVE"
        at = 2 if recursive else 1
        while True:
            name = self._folded(_at(found, at))
            at += 1
            listed: list[str] = []
            if _at(found, at).text == "(":
                end = closing(found, at)
                listed = self._listed(found[at + 1 : end])
                at = end + 1
            while _at(found, at).text in ("AS", "NOT", "MATERIALIZED"):
                at += 1
            if _at(found, at).text != "(":
                return None
            end = closing(found, at)
            seen = {**known, name: None} if recursive else known
            known[name] = _called(self.query(found[at + 1 : end], seen), listed)
            at = end + 1
            if _at(found, at).text != ",":
                return self.query(found[at:], known)
            at += 1

    def _select(self, found: Sequence[Token], given: Given) -> Relation:
        start = 1
        if _at(found, 1).text in ("DISTINCT", "ALL"):
            start = 2
            if _at(found, 2).text == "ON" and _at(found, 3).text == "(":
                start = closing(found, 3) + 1
        end = _end_of_list(found, start)
        rest = found[end:]
        while rest and rest[0].text != "FROM" and _at(found, end).text == "INTO":
            rest = rest[1:]
        sources: dict[str, Relation] = {}
        every: Relation = None
        if _at(rest, 0).text == "FROM":
            every = self._from(rest[1 : _end_of_list(rest, 1)], given, sources)
        given_columns: list[Projection] = []
        for item in split(found[start:end]):
            columns = self._item(item, sources, every, given)
            if columns is None:
                return None
            given_columns += columns
        return self._apart(given_columns) if self._replay.sqlite else given_columns

    def _apart(self, columns: list[Projection]) -> list[Projection]:
        """SQLite gives `id:1` and numbers at random to columns of one name (observed on 3.40)."""
        seen: set[str] = set()
        found: list[Projection] = []
        for name, column in columns:
            folded = self._fold(name)
            found.append((None if folded in seen else name, column))
            seen.add(folded)
        return found

    # -- FROM

    def _from(self, found: Sequence[Token], given: Given, sources: dict[str, Relation]) -> Relation:
        """What `*` stands for; `sources` gets every table and query by its alias."""
        every: Relation = []
        for group in split(found):
            joined = self._joined(group, given, sources)
            every = None if every is None or joined is None else every + joined
        return every

    def _joined(
        self, found: Sequence[Token], given: Given, sources: dict[str, Relation]
    ) -> Relation:
        """`a JOIN b ON ... NATURAL JOIN c USING (x)`."""
        every: Relation = []
        natural = False
        for segment in _segments(found):
            until = _outside(segment, ("ON", "USING"))
            item = segment[:until]
            using: list[str] = []
            if _at(segment, until).text == "USING" and _at(segment, until + 1).text == "(":
                inside = segment[until + 2 : closing(segment, until + 1)]
                using = [self._catalog.fold(name) for name in self._listed(inside)]
            while item and item[-1].kind == "word" and item[-1].text in _BEFORE_JOIN:
                item = item[:-1]
            columns = self._operand(item, given, sources)
            if columns is None or every is None:
                every = None
            else:
                if natural:
                    own = {self._fold(name) for name, _ in columns}
                    using = [self._fold(name) for name, _ in every if self._fold(name) in own]
                every = self._merged(every, columns, using)
            natural = _is_natural(segment)
        return every

    def _merged(
        self, left: list[Projection], right: list[Projection], using: list[str]
    ) -> list[Projection]:
        """What `*` shows of a join: the columns of USING once, and before the others; in SQLite
        where the left side has them (observed on 3.40)."""
        if not using or self._replay.sqlite:
            return left + [one for one in right if self._fold(one[0]) not in using]
        once = [one for name in using for one in left if self._fold(one[0]) == name]
        return once + [one for one in left + right if self._fold(one[0]) not in using]

    def _operand(
        self, item: Sequence[Token], given: Given, sources: dict[str, Relation]
    ) -> Relation:
        """One table, query, function or join in brackets, with its alias."""
        while item and item[0].kind == "word" and item[0].text in ("ONLY", "LATERAL"):
            item = item[1:]
        first = _at(item, 0)
        columns: Relation = None
        if first.text == "(" and first.kind == "sign":
            end = closing(item, 0)
            inside, rest = item[1:end], item[end + 1 :]
            name = ""
            if _at(unwrapped(inside), 0).text in _QUERIES:
                columns = self.query(inside, given)
            elif not rest:
                return self._from(inside, given, sources)
        else:
            parts, rest = self._dotted(item)
            if not parts:
                return None
            name = parts[-1]
            if _at(rest, 0).text == "(":
                rest = rest[closing(rest, 0) + 1 :]
                columns = self._returned(parts)
            else:
                columns = self._table(parts, given)
        if _at(rest, 0).text == "AS":
            rest = rest[1:]
        if _at(rest, 0).kind in ("word", "name"):
            name = self._spelling(rest[0])
            if _at(rest, 1).text == "(":
                columns = _called(columns, self._listed(rest[2 : closing(rest, 1)]))
        if columns is not None and len(columns) == 1 and columns[0][0] == "":  # of one value
            columns = [(name, columns[0][1])]
        sources[self._catalog.fold(name)] = columns
        return columns

    def _returned(self, parts: Sequence[str]) -> Relation:
        """The columns of what a function of the project's returns; one of one value has no name."""
        returns = self._returns(parts[-1]) if self._typed else None
        if not returns or '"' in returns:
            return None
        kind = returns.removeprefix("setof ")
        if kind.startswith("table") and kind.endswith(")"):
            inside = kind[kind.index("(") + 1 : -1]
            listed = split(tokens(inside, self._replay.dialect))
            return [
                (one[0].text.lower(), self._of_type(inside[one[0].end : one[-1].end]))
                for one in listed
                if one
            ]
        schema, _, name = kind.rpartition(".")
        table = self._catalog.table(TableName(name=name, schema=schema or None, span=self._span))
        if table is not None:
            return columns_of(table)
        found = self._of_type(kind)
        return None if found is None else [("", found)]

    def _of_type(self, text: str) -> Column | None:
        return column_of(typed(text.strip(), self._own), self._span)

    def _table(self, parts: Sequence[str], given: Given) -> Relation:
        schema = parts[-2] if len(parts) > 1 else None
        folded = self._catalog.fold(parts[-1])
        if schema is None and folded in given:
            return given[folded]
        name = TableName(name=parts[-1], schema=schema, span=self._span)
        table = self._catalog.table(name)
        return None if table is None else columns_of(table)

    # -- one member of the list

    def _item(
        self,
        item: Sequence[Token],
        sources: Mapping[str, Relation],
        every: Relation,
        given: Given,
    ) -> Relation:
        last = _at(item, -1)
        if last.text == "*" and last.kind == "sign":
            if len(item) == 1:
                return every
            row = item[:-2]
            if _at(item, -2).text == "." and _at(row, -1).text == ")":  # (f(a)).*
                call = unwrapped(row)
                whole = _at(call, 1).text == "(" and closing(call, 1) == len(call) - 1
                return self._returned([self._spelling(call[0])]) if whole else None
            return sources.get(self._folded(_at(item, -3))) if _at(item, -2).text == "." else None
        if not item:
            return None
        name: str | None = None
        shown = item
        if len(item) > 2 and item[-2].text == "AS":
            shown, name = item[:-2], self._spelling(last)
        elif has_alias(item):
            shown, name = item[:-1], self._spelling(last)
        source = self._column(unwrapped(shown), sources)
        if source is None:
            source = self._computed(shown, sources, given)
        if name is None:
            name = self._own_name(item, given)
        return [(name, source)]

    def _computed(
        self, item: Sequence[Token], sources: Mapping[str, Relation], given: Given
    ) -> Column | None:
        """A column of the type that an expression has; None where that is not known."""
        if self._replay.sqlite:
            return self._cast(unwrapped(item))
        if not self._typed:
            return None

        def columns(query: Sequence[Token]) -> Sequence[Column | None] | None:
            found = self.query(query, given)
            return None if found is None else [column for _, column in found]

        typing = Typing(
            self._text, lambda name: self._column(name, sources), columns, self._own, self._routine
        )
        return column_of(typing.of(item), self._span)

    def _cast(self, item: Sequence[Token]) -> Column | None:
        """SQLite's CAST, of which CREATE TABLE AS takes the affinity (observed on 3.40)."""
        if _at(item, 0).text != "CAST" or _at(item, 1).text != "(" or item[-1].text != ")":
            return None
        inside = item[2:-1]
        at = _outside(inside, ("AS",))
        if closing(item, 1) != len(item) - 1 or at + 1 >= len(inside):
            return None
        text = self._text[inside[at + 1].start : inside[-1].end]
        kind = TypeName(name=text, text=text, span=self._span)
        return Column("", self._span, self._span, kind, computed=True)

    def _own(self, kind: TypeName) -> UserType | None:
        name = TableName(name=kind.name, schema=kind.schema, span=self._span)
        return self._catalog.type(name) if self._catalog.types else None

    def _routine(self, name: Token) -> str | None:
        """What the project's function of that name returns; "" for none, None if that depends."""
        return self._returns(self._spelling(name))

    def _returns(self, name: str) -> str | None:
        """What a function of the project's returns; "" for none of that name, None where that
        depends on the arguments."""
        called = TableName(name=name, span=self._span)
        returned = {one.returns for one in self._catalog.routines_called(called)}
        if not returned:
            return ""
        found = returned.pop() if len(returned) == 1 else None
        return None if found is None or found.removeprefix("setof ").startswith("any") else found

    def _own_name(self, item: Sequence[Token], given: Given) -> str | None:
        """What a member without an alias is called."""
        if is_column(item):
            return self._spelling(item[-1])
        if not self._replay.postgres_like:
            return None
        inside = unwrapped(item)
        if _at(inside, 0).text in ("SELECT", "WITH"):
            columns = self.query(inside, given)
            return columns[0][0] if columns else None
        return name_of_expression(inside, self._spelling)

    def _column(self, item: Sequence[Token], sources: Mapping[str, Relation]) -> Column | None:
        if not is_column(item):
            return None
        name = self._folded(item[-1])
        among: Iterable[Relation] = sources.values()
        if len(item) > 1:
            among = [sources.get(self._folded(item[-3]))]
        for relation in among:
            for own, column in relation or ():
                if own is not None and self._catalog.fold(own) == name:
                    return column
        return None

    # -- names

    def _dotted(self, item: Sequence[Token]) -> tuple[list[str], Sequence[Token]]:
        """`a.b` with what follows; no name where none stands there."""
        if _at(item, 0).kind not in ("word", "name"):
            return [], item
        parts = [self._spelling(item[0])]
        at = 1
        while at + 1 < len(item) and item[at].text == ".":
            parts.append(self._spelling(item[at + 1]))
            at += 2
        return parts, item[at:]

    def _listed(self, found: Sequence[Token]) -> list[str]:
        """The names of `a, b int`, which is a list of columns in brackets."""
        return [self._spelling(item[0]) for item in split(found) if item]

    def _spelling(self, token: Token) -> str:
        if token.kind == "word":
            return fold(self._text[token.start : token.end], self._replay.dialect)
        return token.text

    def _folded(self, token: Token) -> str:
        return self._catalog.fold(self._spelling(token))

    def _fold(self, name: str | None) -> str:
        return "" if name is None else self._catalog.fold(name)


def columns_of(table: Table) -> Relation:
    """The columns of a table or view as a query shows them."""
    if table.more_columns:
        return None
    return [(column.name, column) for column in table.columns.values()]


def _called(columns: Relation, names: Sequence[str]) -> Relation:
    """The columns with other names for the first of them."""
    if columns is None or len(names) > len(columns):
        return None
    renamed: list[Projection] = [(name, columns[at][1]) for at, name in enumerate(names)]
    return renamed + columns[len(names) :]


def _branches(found: Sequence[Token]) -> list[Sequence[Token]]:
    """What stands between UNION, EXCEPT and INTERSECT."""
    branches: list[Sequence[Token]] = []
    start = 0
    while True:
        end = _outside(found, ("UNION", "EXCEPT", "INTERSECT"), start)
        branches.append(found[start:end])
        if end >= len(found):
            return branches
        start = end + (2 if _at(found, end + 1).text in ("ALL", "DISTINCT") else 1)


def _at(found: Sequence[Token], at: int) -> Token:
    return found[at] if -len(found) <= at < len(found) else _NOTHING


def _outside(found: Sequence[Token], of: Sequence[str], start: int = 0) -> int:
    """Where the first of these words stands outside brackets; the number of tokens if nowhere."""
    at = start
    while at < len(found):
        token = found[at]
        if token.kind == "sign" and token.text == "(":
            at = closing(found, at)
        elif token.kind == "word" and token.text in of and _at(found, at - 1).text != ".":
            return at
        at += 1
    return len(found)


def _end_of_list(found: Sequence[Token], start: int) -> int:
    """Where the list of a SELECT, or its FROM, ends."""
    at = start
    while True:
        at = _outside(found, tuple(_AFTER_LIST), at)
        before, after = _at(found, at - 1).text, _at(found, at + 1).text
        part = (
            before == "AS"
            or (before == "DISTINCT" and at > start)  # IS DISTINCT FROM
            or (before == "WITHIN" and _at(found, at).text == "GROUP")
            or (before == "INDEX" and _at(found, at).text == "FOR")
            or (_at(found, at).text == "WITH" and after in ("TIME", "ORDINALITY", "("))
        )
        if at >= len(found) or not part:
            return at
        at += 1


def _segments(found: Sequence[Token]) -> list[Sequence[Token]]:
    """What stands between the words JOIN."""
    segments: list[Sequence[Token]] = []
    start = 0
    while True:
        end = _outside(found, ("JOIN", "STRAIGHT_JOIN", "APPLY"), start)
        segments.append(found[start:end])
        if end >= len(found):
            return segments
        start = end + 1


def _is_natural(segment: Sequence[Token]) -> bool:
    """Whether the words before the next JOIN say NATURAL."""
    for token in reversed(segment):
        if token.kind != "word" or token.text not in _BEFORE_JOIN:
            return False
        if token.text == "NATURAL":
            return True
    return False
