"""Rows that point at each other, and so are stored together."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.model import Dialect
from schemalint.prove.database import Refused
from schemalint.prove.rows.draft import Draft
from schemalint.prove.rows.shape import Shape


def said_first(draft: Draft, dialect: Dialect | None) -> list[str]:
    """What has to be said before rows that point at each other are stored."""
    if not draft.before:
        return []
    if dialect is Dialect.SQLITE:
        late = {key.deferrable for key in draft.late}
        return [] if late <= {"deferred"} else ["PRAGMA defer_foreign_keys = ON"]
    keys = [key for one in (draft, *draft.before) for key in one.shape.references]
    immediate = any(key.deferrable == "immediate" for key in keys)
    return ["SET CONSTRAINTS ALL DEFERRED"] if immediate else []


def is_at_once(draft: Draft, dialect: Dialect | None) -> bool:
    """Whether rows that point at each other have to be stored by one statement: PostgreSQL
    looks at a key that is not deferrable at the end of each (seen on 15)."""
    postgresql = dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
    return postgresql and bool(draft.before) and any(not key.deferrable for key in draft.late)


def by_one_statement(changes: Sequence[str]) -> str:
    """One statement of PostgreSQL's that does what several would, each to rows of its own."""
    *others, last = changes
    named = [f"row_{number} AS ({one})" for number, one in enumerate(others, 1)]
    return f"WITH {', '.join(named)} {last}" if named else last


def is_about(refused: Refused, shape: Shape) -> bool:
    """Whether a refusal names the table, or one of its constraints."""
    model = shape.model
    names = [one.name for one in (*model.keys, *model.checks, *model.exclusions)]
    named = refused.constraint is not None and refused.constraint in names
    return named or f'"{model.table}"' in refused.message


def joined_from(group: Sequence[Draft], count: int) -> int | None:
    """From which statement on those of a group are one transaction; see `Stored`. `count` are the
    last ones, which were sent as one."""
    made = 0
    for one in group:
        if one.together is not None:
            return made + one.together
        made += len(one.made)
    return made if count > 1 else None
