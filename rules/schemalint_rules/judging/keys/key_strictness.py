"""What a key that keeps a demand rejects although the rule's wording allows it."""

from __future__ import annotations

from schemalint.condition.collations import ignores_case
from schemalint.condition.terms import Column, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, KeyPart, Layer, PrimaryKey, ScalarType
from schemalint_rules.judging.keys.demand import Demand, Key, Nulls
from schemalint_rules.judging.keys.uniqueness import can_lack, exactly
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.describing import listed

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


def excess(demand: Demand, key: Key, nulls: Nulls | None, context: Context) -> str | None:
    """Why a key rejects more than the demand, in words; None where it does not."""
    model = demand.model
    rows = Rows(model, context, Layer.DATABASE)
    if key is not model.primary_key:
        constants = [text for text in key.expressions if isinstance(rows.expression(text), Literal)]
        others = [text for text in key.expressions if text not in constants]
        if constants and not others and not key.columns:
            return f"`{constants[0]}` is the same in every row, so it says nothing of any column"
        if demand.where is not None and not _limited(demand.where, key, rows):
            return f"it also rejects rows for which `{demand.where_text}` is not true"
        fewer = [field for field in demand.fields if field.column not in key.columns]
        if fewer and not others and not exactly(demand, list(model.keys)):
            names = listed(field.name for field in fewer)
            return f"it rejects rows that agree on the rest and differ in {names}"
    cut = [part for part in key.parts if part.length is not None and part.column is not None]
    if cut:  # U17
        return f"it looks at the first {cut[0].length} characters of `{cut[0].column}` only"
    if not demand.ignore_case and demand.where is None:
        folding = [field for field in demand.fields if _folds_on_purpose(key, field, context)]
        if folding:
            return _takes_for_one(folding, context)
    if nulls == "distinct" and getattr(key, "nulls", None) == "equal":
        lacking = can_lack(demand, context)
        if lacking:
            names = listed((field.name for field in lacking), "or")
            return f"it rejects a second row without {names}"
    return None


def _takes_for_one(folding: list[Field], context: Context) -> str:
    names = listed(field.name for field in folding)
    also = ""
    if context.dialect in _MYSQL:
        also = ", and some that differ in accents or signs"  # U10f, U10g, U10h
    return f"it takes two values of {names} for one that differ in letter case only{also}"


def _limited(where: Term, key: Key, rows: Rows) -> bool:
    """Whether a key counts only rows that the rule speaks of (or cannot be told to count more)."""
    text = getattr(key, "where", None)
    given = [rows.parsed(text)] if text is not None else []
    if getattr(key, "nulls", "distinct") == "distinct":
        # Rows with NULL in a member never agree, so the key says nothing about them.
        given += [Not(Is(Column(column), None)) for column in key.columns]
        given += [Not(Is(rows.expression(text), None)) for text in key.expressions]
    return rows.implied(given, where) is not False


def _folds_on_purpose(key: Key, field: Field, context: Context) -> bool:
    """Whether letter case is ignored by a type or collation that somebody chose. The collation of
    a Prisma field is MySQL's default, which nobody chose and which is not worth a warning."""
    for part in key.parts:
        if part.column == field.column:
            return _part_folds(part, key, field, context)
        if part.expression is not None and field.column in part.expression:
            return part.expression.lower().lstrip("( ").startswith(("lower(", "upper("))
    return False


def _part_folds(part: KeyPart, key: Key, field: Field, context: Context) -> bool:
    if field.type not in (ScalarType.STRING, ScalarType.UNSUPPORTED):
        return False
    if part.collation is not None:
        return ignores_case(part.collation, context.dialect) is True
    chosen = context.schema.language != "prisma"
    if isinstance(key, PrimaryKey) and field.collation is None and context.dialect in _MYSQL:
        chosen = False  # keys are rarely words
    return field.ignore_case and (chosen or "citext" in field.native.lower())
