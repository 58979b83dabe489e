"""The capability table: what each database really makes of each construct.

The only place in the code that knows databases apart. A rule asks
`capability(dialect, Construct.X).holds` and must treat None as "not known", never as no.
"""

from __future__ import annotations

from functools import cache

import msgspec

from schemalint.dialects.construct import Capability, Construct
from schemalint.model import Dialect

__all__ = ["Capability", "Construct", "capability"]

_UNKNOWN = Capability(None)


@cache
def capability(dialect: Dialect, construct: Construct, *, strict_table: bool = False) -> Capability:
    """The answer for `dialect`: observed, else documented, else not known (`holds` is None).

    `strict_table` asks about a SQLite table that is declared STRICT.
    """
    # Each half of the table takes about 2 ms to import, and most runs need one of them only.
    key = (dialect, construct)
    answer = None
    if dialect in {Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MARIADB}:
        from schemalint.dialects.observed import OBSERVED, STRICT_DIFFERS

        answer = OBSERVED.get(key)
        if strict_table and dialect is Dialect.SQLITE and construct in STRICT_DIFFERS:
            seen = OBSERVED[key]
            return msgspec.structs.replace(seen, holds=not seen.holds)
    if answer is None:
        from schemalint.dialects.documented import DOCUMENTED

        answer = DOCUMENTED.get(key)
    return answer or _UNKNOWN
