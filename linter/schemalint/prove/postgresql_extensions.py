"""What a schema loses where a PostgreSQL server has not an extension that it creates.

The functions are those of the manual's appendix F (pgcrypto, uuid-ossp); gen_random_uuid() is
PostgreSQL's own since version 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect

_RANDOM = ("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4")
_FUNCTIONS = {
    "pgcrypto": (
        "armor|crypt|dearmor|decrypt|decrypt_iv|digest|encrypt|encrypt_iv|fips_mode"
        "|gen_random_bytes|gen_salt|hmac|pgp_\\w+"
    ),
    "uuid-ossp": "uuid_nil|uuid_ns_\\w+|uuid_generate_v[35]",
}
"""What has no stand-in, by the extension."""


def in_its_place(extension: str, schema: str, statements: Iterable[str]) -> list[str] | None:
    """What stands in for an extension; None where the schema needs more of it than that.

    Of uuid-ossp, what makes random values: nothing can tell those of gen_random_uuid() from them.

    Args:
        schema: where it would be created.
        statements: all of the schema's.
    """
    needed = _FUNCTIONS.get(extension)
    if needed is None:
        return None
    called = re.compile(rf'\b(?:{needed})"?\s*\(', re.IGNORECASE)
    if any(called.search(statement) for statement in statements):
        return None
    if extension != "uuid-ossp":
        return []
    place = quoted_name(schema, Dialect.POSTGRESQL)
    return [
        f"CREATE SCHEMA IF NOT EXISTS {place}",
        *[
            f"CREATE OR REPLACE FUNCTION {place}.{name}() RETURNS uuid LANGUAGE sql"
            " AS 'SELECT gen_random_uuid()'"
            for name in _RANDOM
        ],
    ]
