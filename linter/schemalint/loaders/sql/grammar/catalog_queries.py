"""What loops of PL/pgSQL ask the catalog for: tables, or columns, by their names.

FOR t IN SELECT table_name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name = 'updated_at' LOOP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemalint.loaders.sql.grammar.known_texts import (
    Values,
    array_of,
    bare,
    key_of,
    split,
    texts_of,
)
from schemalint.loaders.sql.grammar.run_texts import behind_bracket, split_at_commas
from schemalint.loaders.sql.lexer import Token
from schemalint.loaders.sql.listed_by_catalog import CatalogQuery, Filter, Part

_TABLES: dict[str, Part] = {"table_schema": "schema", "table_name": "table", "table_type": "type"}
_VIEWS: dict[str, dict[str, Part]] = {
    "pg_tables": {"schemaname": "schema", "tablename": "table"},
    "information_schema.tables": _TABLES,
    "information_schema.columns": {
        "table_schema": "schema",
        "table_name": "table",
        "column_name": "column",
    },
}
_FURTHER = frozenset(("LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT"))


def catalog_query(header: Sequence[Token], values: Values) -> CatalogQuery | None:
    """What FOR ... IN asks for, without LOOP; None where it asks for more, or for something else.
    The schema has to be among it, or the database's own tables would be listed, too."""
    words = [token.text if token.kind == "word" else "" for token in header]
    if words[:1] != ["FOR"] or "IN" not in words:
        return None
    if _FURTHER.intersection(words):
        return None
    at = words.index("IN")
    variables = [key_of(part[0]) for part in split_at_commas(header[1:at]) if len(part) == 1]
    query = split(split(bare(header[at + 1 :]), "ORDER")[0], "WHERE")
    if len(query) != 2 or [one.text for one in query[0][:1]] != ["SELECT"]:
        return None
    lists = split(query[0][1:], "FROM")
    if len(lists) != 2:
        return None
    view, alias = _view(lists[1])
    known = _VIEWS.get(view)
    if known is None:
        return None
    distinct = [one.text for one in lists[0][:1]] == ["DISTINCT"]
    chosen = _chosen(lists[0][distinct:], known, alias)
    filters = [_filter(one, known, alias, values) for one in split(query[1], "AND")]
    wanted = tuple([one for one in filters if one is not None])
    if chosen is None or len(wanted) < len(filters):
        return None
    if not any(one.part == "schema" and not one.negated and not one.like for one in wanted):
        return None
    parts = tuple(chosen.values())
    targets = tuple(variables)
    if len(variables) == 1:
        targets = (variables[0], *[f"{variables[0]}.{name}" for name in chosen])
        parts = (parts[0], *parts)
    if len(targets) != len(parts):
        return None
    return CatalogQuery(targets, parts, wanted, view.endswith(".columns"), distinct)


def _view(found: Sequence[Token]) -> tuple[str, str]:
    """The view that is read, and what it is called."""
    texts = [key_of(token) for token in found if token.text != "AS"]
    if texts[1:2] == ["."] and len(texts) > 2:
        name, rest = f"{texts[0]}.{texts[2]}".removeprefix("pg_catalog."), texts[3:]
    else:
        name, rest = "".join(texts[:1]), texts[1:]
    if len(rest) > 1:
        return "", ""
    return name, rest[0] if rest else name.rpartition(".")[2]


def _chosen(
    found: Sequence[Token], known: Mapping[str, Part], alias: str
) -> dict[str, Part] | None:
    """The columns that are selected, by the names that they then have."""
    if [one.text for one in found] == ["*"]:
        return dict(known)
    chosen: dict[str, Part] = {}
    for item in split_at_commas(found):
        part, rest = _column(item, known, alias)
        if rest[:1] and rest[0].text == "::" and len(rest) > 1:
            rest = rest[2:]
        names = [one for one in rest if one.text != "AS"]
        if part is None or len(names) > 1:
            return None
        own = next(name for name, one in known.items() if one == part)
        chosen[key_of(names[0]) if names else own] = part
    return chosen or None


def _column(
    found: Sequence[Token], known: Mapping[str, Part], alias: str
) -> tuple[Part | None, Sequence[Token]]:
    """The column that comes first, and what stands behind it."""
    if [one.text for one in found[1:2]] == ["."] and key_of(found[0]) == alias:
        found = found[2:]
    if not found or found[0].kind not in ("word", "name"):
        return None, ()
    return known.get(key_of(found[0])), found[1:]


def _filter(
    found: Sequence[Token], known: Mapping[str, Part], alias: str, values: Values
) -> Filter | None:
    part, rest = _column(bare(found), known, alias)
    negated = [one.text for one in rest[:1]] == ["NOT"]
    rest = rest[negated:]
    if part is None or len(rest) < 2:
        return None
    sign, operand = rest[0].text, rest[1:]
    texts: tuple[str, ...] | None = None
    if sign == "IN" and operand[0].text == "(" and behind_bracket(operand, 0) == len(operand):
        texts = texts_of(split_at_commas(operand[1:-1]), values)
    elif sign == "=" and [one.text for one in operand[:2]] == ["ANY", "("] and not negated:
        if behind_bracket(operand, 1) == len(operand):
            texts = array_of(operand[2:-1], values)
    elif sign in ("=", "<>", "!=") and not negated:
        texts = texts_of([operand], values)
        negated = sign != "="
    elif sign == "LIKE":
        texts = texts_of([operand], values)
        if texts is None or "\\" in texts[0]:
            return None
        return Filter(part, texts, like=True, negated=negated)
    return None if texts is None else Filter(part, texts, negated=negated)
