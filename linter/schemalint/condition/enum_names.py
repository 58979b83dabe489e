"""Enum values in the rulebook's conditions: named as the schema names them, compared as stored."""

from __future__ import annotations

from collections.abc import Mapping

from schemalint.condition.terms import Call, Column, Compare, In, Literal, Term


def with_stored_values(term: Term, stored: Mapping[str, Mapping[str, str]]) -> Term:
    """The condition with the names of enum values replaced by what the database holds.

    Only constants that are compared with an enum column (or a coalesce() of one) are names; one
    that names no value stays, so that a condition may also give the stored value itself. Where a
    text is the name of one value and stored for another, the name counts.

    Args:
        term: over physical column names.
        stored: for each enum column whose names differ from what is stored, the latter by name.
    """
    if not stored:
        return term
    if isinstance(term, (Compare, In)):
        for part in term.parts:
            names = _names(part, stored)
            if names is not None:
                return term.with_parts(tuple([_replaced(one, names) for one in term.parts]))
    parts = term.parts
    changed = tuple([with_stored_values(part, stored) for part in parts])
    return term if changed == parts else term.with_parts(changed)


def unknown_value(term: Term, values: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """The first (column, text) where an enum column is compared with a text that is no value of it.

    A list of which some are values may hold others: it says more than the schema has, not
    something else.

    Args:
        term: over physical column names.
        values: the names and stored texts of each enum column's values.
    """
    if isinstance(term, (Compare, In)):
        column = next((one.name for one in term.parts if isinstance(one, Column)), None)
        known = values.get(column) if column is not None else None
        texts = [
            one.value
            for one in term.parts
            if isinstance(one, Literal) and isinstance(one.value, str)
        ]
        if column is not None and known is not None and texts and known.isdisjoint(texts):
            return column, texts[0]
    found = (unknown_value(part, values) for part in term.parts)
    return next((one for one in found if one is not None), None)


def _names(term: Term, stored: Mapping[str, Mapping[str, str]]) -> Mapping[str, str] | None:
    """The names that a compared term is about, None if it is no enum with such names."""
    if isinstance(term, Column):
        return stored.get(term.name)
    if isinstance(term, Call) and term.function == "coalesce":
        return next(filter(None, (_names(one, stored) for one in term.parts)), None)
    return None


def _replaced(term: Term, names: Mapping[str, str]) -> Term:
    if isinstance(term, Literal) and isinstance(term.value, str):
        return Literal(names.get(term.value, term.value))
    if isinstance(term, Call) and term.function == "coalesce":
        return term.with_parts(tuple([_replaced(part, names) for part in term.parts]))
    return term
