"""The form in which the observed answers are written down."""

from __future__ import annotations

from schemalint.dialects.construct import Capability, Construct
from schemalint.model import Dialect

REFUSED = frozenset({"rejected"})
ACCEPTED = frozenset({"accepted"})
DDL_REFUSED = frozenset({"ddl-refused"})
NEVER_STORED = REFUSED | DDL_REFUSED
EXISTS = REFUSED | ACCEPTED

Seen = tuple[Construct, dict[Dialect, Capability]]
"""A construct, and its answer for each database on which it was seen."""

_HOLDS = {"+": True, "-": False}


def seen(
    construct: Construct,
    outcomes: frozenset[str],
    signs: str,
    cases: str = "",
    *,
    sqlite: str = "",
    postgresql: str = "",
    mariadb: str = "",
    note: str = "",
) -> Seen:
    """What cases showed about a construct.

    `outcomes` are those that mean that it holds. `signs` has one for each of SQLite, PostgreSQL
    and MariaDB, in this order: `+` it holds, `-` it does not, `.` no case shows it. `cases` are
    the ids that show it on each database with an answer, `sqlite` and the like those on one only.
    """
    answers = {}
    for sign, dialect, own in (
        (signs[0], Dialect.SQLITE, sqlite),
        (signs[1], Dialect.POSTGRESQL, postgresql),
        (signs[2], Dialect.MARIADB, mariadb),
    ):
        if sign != ".":
            ids = tuple(f"{cases} {own}".split())
            answers[dialect] = Capability(_HOLDS[sign], ids, outcomes, note=note)
    return construct, answers
