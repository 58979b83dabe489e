"""SQLite's REPLACE, which removes the rows that are in its way and fires no DELETE trigger for them
(I10b, I10d, I10e): whether other triggers refuse it first.

A BEFORE trigger still sees the row that is about to be removed (I10f), so one that looks for it, by
every key that could make REPLACE remove it, keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemalint.condition.terms import And, Column, Compare, Is, Literal, Or, Term
from schemalint.condition.values import affinity
from schemalint.dialects.sqlite_rows import has_rowid, literal_default, rowid_alias
from schemalint.model import Dialect, Layer, Model, PrimaryKey, Trigger, Unique
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.judging.values.exact_values import compares_exactly

_SELECT = re.compile(
    r"\s*SELECT\s+[\w*\"`\[\].]+\s+FROM\s+(?P<table>[\w\"`\[\].]+)"
    r"(?:\s+(?:AS\s+)?(?!WHERE\b)(?P<alias>\w+))?\s+WHERE\s+(?P<where>.+)",
    re.IGNORECASE | re.DOTALL,
)
_BEYOND = re.compile(
    r"\b(?:SELECT|GROUP\s+BY|LIMIT|HAVING|UNION|EXCEPT|INTERSECT)\b", re.IGNORECASE
)
_PIECE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]")


class Way(Exception):  # noqa: N818 -- an answer, not a fault
    """A way to replace a protected row; `known` is false where it is only possible."""

    def __init__(self, message: str, *, known: bool, trigger: Trigger | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.known = known
        self.trigger = trigger


def kept_from_replacement(
    model: Model,
    versions: RowVersions,
    where: Term | None,
    *,
    updates_refused: bool,
    likes: bool = False,
) -> tuple[Trigger, ...]:
    """The triggers that keep protected rows of `model` from being replaced.

    Args:
        model: the table.
        versions: the versions of its rows.
        where: which rows are protected, over bare columns; None for all.
        updates_refused: whether every UPDATE is refused, so that UPDATE OR REPLACE is too.
        likes: whether a row counts as replaced by one that is like it in all columns.

    Raises:
        Way: nothing keeps them, or nobody knows.
    """
    events: tuple[Event, ...] = ("insert",) if updates_refused else ("insert", "update")
    keepers: list[Trigger] = []
    for event in events:
        keepers += _keepers(model, versions, where, event, likes=likes)
    return tuple(dict.fromkeys(keepers))


def _keepers(
    model: Model, versions: RowVersions, where: Term | None, event: Event, *, likes: bool
) -> Iterator[Trigger]:
    guards = [
        trigger
        for trigger in effects.on(model, event)
        if trigger.timing == "before" and trigger.effect in ("raises", "raises-if")
    ]
    always = [
        one for one in guards if one.effect == "raises" and one.when is None and not one.columns
    ]
    if always:
        yield always[0]
        return
    conditions = {one: _condition(one, event, model, versions) for one in guards if not one.columns}
    standing = [versions.of_row(where, "STANDING")] if where is not None else []
    if event == "update":
        there, own = Column(_rowid(model, "STANDING")), Column(_rowid(model, "OLD"))
        standing.append(Compare("<>", there, own))
    wanted: Term = Or((Literal(False), *conditions.values()))
    for key, columns, conflict in _conflicts(model):
        if event == "insert" and not likes and _is_the_same(model, columns, versions):
            continue
        if conflict is None:
            raise Way(f"it cannot be told whether `REPLACE` by {key} is refused", known=False)
        decided = versions.follows([*standing, *conflict], wanted)
        if decided.answer:
            continue
        opaque = [one for one in effects.on(model, event) if one.effect == "opaque"]
        doubt = next(iter([*guards, *opaque]), None)
        verb = "INSERT OR REPLACE" if event == "insert" else "UPDATE OR REPLACE"
        known = doubt is None or (decided.answer is False and not opaque)
        raise Way(
            f"`{verb}` with the {key} of a stored row of `{model.name}` removes that row and fires "
            "no DELETE trigger unless `recursive_triggers` is on (I10b)"
            + (
                ""
                if known or doubt is None
                else f", and `{doubt.name}` was not understood well "
                "enough to tell whether it refuses it"
            ),
            known=known,
            trigger=doubt,
        )
    yield from conditions


def _conflicts(model: Model) -> Iterator[tuple[str, tuple[str, ...], Sequence[Term] | None]]:
    """What makes REPLACE remove a row: each key by its name, its columns, and the condition that
    the standing row has what the new one is given for it; None where that is not known."""
    if has_rowid(model) and rowid_alias(model) is None:
        yield "row id", (), [Compare("=", Column("STANDING.rowid"), Column("GIVEN.rowid"))]
    for key in model.keys:
        if key.layer is Layer.DATABASE:
            terms = [_agreement(model, column) for column in key.columns]
            known = [term for term in terms if term is not None]
            undecided = key.expressions or len(known) < len(terms)
            yield _called(key), key.columns, None if undecided else known


def _is_the_same(model: Model, columns: tuple[str, ...], versions: RowVersions) -> bool:
    """Whether a new row that agrees with a stored one on `columns` is just like it, as the CHECKs
    leave the other columns one value: put in its place, it changes nothing."""
    for field in model.fields:
        known = versions.facts.column(f"NEW.{field.column}")
        exact = compares_exactly(field, Dialect.SQLITE) and known is not None
        if known is None or not exact or affinity(known) == "blob":
            return False  # where 1 and 1.0 are equal, and are both kept as they are
        if field.column in columns or field.generated is not None:
            continue
        if (
            not model.checks
            or versions.possible([versions.differs(field, "STANDING")]) is not False
        ):
            return False
    return True


def _agreement(model: Model, column: str) -> Term | None:
    """OR REPLACE stores the default of a NOT NULL column where it is given NULL."""
    standing = Column(f"STANDING.{column}")
    same = Compare("=", standing, Column(f"GIVEN.{column}"))
    field = model.column(column)
    if field is None or field.nullable or field.default is None or field == rowid_alias(model):
        return same
    value = literal_default(field)
    if value is None:
        return None
    filled = And((Is(Column(f"GIVEN.{column}"), None), Compare("=", standing, Literal(value))))
    return Or((same, filled))


def _called(key: PrimaryKey | Unique) -> str:
    if isinstance(key, PrimaryKey):
        return "primary key"
    return f"unique ({', '.join([*key.columns, *key.expressions])})"


def _condition(trigger: Trigger, event: Event, model: Model, versions: RowVersions) -> Term:
    """What the trigger refuses, over the NEW, the OLD and the STANDING row."""
    texts = [trigger.when] if trigger.when is not None else []
    if trigger.effect == "raises-if":
        texts.append(trigger.condition or "NULL")
    terms = [
        _looked_for(text, event, model, versions) or versions.in_trigger(text, event, given=True)
        for text in texts
    ]
    return terms[0] if len(terms) == 1 else And(tuple(terms))


def _looked_for(text: str, event: Event, model: Model, versions: RowVersions) -> Term | None:
    """`EXISTS (SELECT 1 FROM this_table WHERE ...)`: what it asks of the row that it finds."""
    text = _unwrapped(text)
    if text[:6].upper() != "EXISTS":
        return None
    query = _unwrapped(text[6:])
    match = _SELECT.fullmatch(query) if query != text[6:].strip() else None
    if match is None or _BEYOND.search(match["where"]):
        return None
    if match["table"].strip('"`[]').lower() != model.table.lower():
        return None
    where = match["where"]
    for prefix in (match["alias"], model.table):
        if prefix:
            where = re.sub(rf"(?<![\w.])[\"`\[]?{re.escape(prefix)}[\"`\]]?\s*\.\s*", "", where)
    return versions.in_trigger(where, event, given=True, standing=True)


def _unwrapped(text: str) -> str:
    """The text without the parentheses around all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, piece in ((one.start(), one[0]) for one in _PIECE.finditer(text)):
            depth += (piece == "(") - (piece == ")")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def _rowid(model: Model, version: str) -> str:
    alias = rowid_alias(model)
    return f"{version}.{alias.column if alias is not None else 'rowid'}"
