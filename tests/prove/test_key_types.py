"""A key's type, as read and as it turns out: each type that a rule can ask for, over each."""

from __future__ import annotations

import pytest

from schemalint_rules.judging.keys.key_types import KEY_TYPES
from tests.prove.agreement import DIALECTS, WRONG, Pair, compared, opened
from tests.prove.carrying_out import load

_COLUMNS = {
    "sqlite": ("INTEGER", "INT", "BIGINT", "TEXT", "DATE", "DATETIME", "TIME", "BOOLEAN", "BLOB"),
    "postgresql": ("int", "bigint", "text", "uuid", "date", "timestamp", "time", "boolean", "e"),
    "mysql": ("INT", "BIGINT", "VARCHAR(40)", "DATE", "DATETIME", "TIME", "BOOLEAN", "BINARY(4)"),
}
_BEFORE = {"postgresql": "CREATE TYPE e AS ENUM ('a', 'b');\n"}


@pytest.mark.parametrize(
    "name",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.server),
        pytest.param("mysql", marks=pytest.mark.server),
    ],
)
def test_types_agree(name: str) -> None:
    with opened(name) as database:
        for kind in _COLUMNS[name]:
            ddl = f"{_BEFORE.get(name, '')}CREATE TABLE t (id {kind} PRIMARY KEY);"
            schema = load(ddl, "sql", DIALECTS[name])
            rules = [f"identity: {{of: t, by: [id], type: {wanted}}}" for wanted in KEY_TYPES]
            found = [*compared(database, [Pair(kind, schema, rule) for rule in rules])]
            assert not [str(one) for one in found if one.result in WRONG]
            assert len(found) == len(KEY_TYPES)
