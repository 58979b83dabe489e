"""What a schema has instead where a PostgreSQL server lacks an extension that it creates.

Most extensions are created for a function or two, an index, or nothing at all. One that is not
there is left out: what then is not defined stops the proof, whether as the schema is built or as a
trigger runs. What stands in for the functions and types of an extension here has their meaning
by the manual's appendix F; gen_random_uuid() is PostgreSQL's own since version 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect
from schemalint.prove.databases.citext import CITEXT_FUNCTIONS, citext_in

_RANDOM = ("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4")
# What gives the functions and operators of PostgreSQL itself another meaning.
_CHANGES_MEANING = frozenset(("intarray",))
_NO_OPERATOR_CLASS = re.compile(r"^operator class |has no default operator class")
_PLAIN_INDEX = re.compile(r"\s*CREATE\s+INDEX\b", re.IGNORECASE)


class StandIn(NamedTuple):
    """What a schema gets in the place of an extension.

    Attributes:
        statements: to run where CREATE EXTENSION stood.
        of_superuser: to run after them, as a superuser.
        reason: why the schema is the same to a writer.
    """

    statements: tuple[str, ...]
    of_superuser: tuple[str, ...]
    reason: str


def in_its_place(extension: str, schema: str, statements: Iterable[str]) -> StandIn | None:
    """What stands in for an extension; None where nothing can.

    Of uuid-ossp and pgcrypto, what makes random values: nothing can tell those of
    gen_random_uuid() from them.

    Args:
        schema: where it would be created.
        statements: all of the schema's.
    """
    if extension in _CHANGES_MEANING:
        return None
    place = quoted_name(schema, Dialect.POSTGRESQL)
    make = f"CREATE SCHEMA IF NOT EXISTS {place}"
    if extension == "citext":
        if any(CITEXT_FUNCTIONS.search(statement) for statement in statements):
            return None
        return StandIn((make,), tuple(citext_in(place)), "a type made in SQL stands in for it")
    if extension == "uuid-ossp":
        made = (
            f"CREATE OR REPLACE FUNCTION {place}.{name}() RETURNS uuid LANGUAGE sql"
            " AS 'SELECT gen_random_uuid()'"
            for name in _RANDOM
        )
        return StandIn((make, *made), (), "gen_random_uuid() stands in for its functions")
    if extension == "pgcrypto":
        of_bytes = (
            f"CREATE OR REPLACE FUNCTION {place}.gen_random_bytes(count integer) RETURNS bytea"
            " LANGUAGE sql AS 'SELECT substring(string_agg(uuid_send(gen_random_uuid()), NULL) "
            "FROM 1 FOR $1) FROM generate_series(0, $1 / 16)'"
        )
        reason = "random values of PostgreSQL's own stand in for its random bytes"
        return StandIn((make, of_bytes), (), reason)
    return StandIn((), (), "nothing of it is used")


def is_index_without_it(statement: str, message: str) -> bool:
    """Whether a statement makes an index that is no key, and the server only lacks how an
    extension's indexes look things up.

    Args:
        message: the server's.
    """
    return bool(_PLAIN_INDEX.match(statement) and _NO_OPERATOR_CLASS.search(message))


def lacking(extensions: Sequence[str]) -> str:
    """Extensions that are not there, as a message names them."""
    named = ", ".join(f"`{name}`" for name in extensions)
    return f"the extension{'s' if len(extensions) > 1 else ''} {named}"
