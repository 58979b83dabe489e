"""Which names SQLAlchemy writes between quotes."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
# PostgreSQL's reserved words, those that SQLAlchemy quotes there.
_WORDS = (
    "all analyse analyze and any array as asc asymmetric both case cast check collate "
    "column constraint create current_catalog current_date current_role current_time "
    "current_timestamp current_user default deferrable desc distinct do else end "
    "except false fetch for foreign from grant group having in initially intersect "
    "into leading limit localtime localtimestamp new not null of off offset old on "
    "only or order placing primary references returning select session_user some "
    "symmetric table then to trailing true union unique user using variadic when "
    "where window with authorization between binary cross current_schema freeze full "
    "ilike inner is isnull join left like natural notnull outer over overlaps right "
    "similar verbose "
)
_RESERVED = frozenset(_WORDS.split())


def quoted(name: str) -> str:
    """`name`, between double quotes where it is a reserved word or would be folded."""
    if _PLAIN.match(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'
