"""Two foreign keys of one row to one parent: the one refuses to lose it, the other goes along."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.rule import Verdict
from tests.prove.agreement import DIALECTS, opened
from tests.prove.carrying_out import carried_out, load

_GOES = "FOREIGN KEY (owner) REFERENCES u (id) ON DELETE CASCADE"
_STAYS = "FOREIGN KEY (maker) REFERENCES u (id) ON DELETE {}"
_BROKEN, _UNKNOWN, _KEPT = Verdict.BROKEN, Verdict.UNKNOWN, Verdict.KEPT


@pytest.mark.parametrize(
    ("name", "action", "newer", "verdict"),
    [
        ("sqlite", "RESTRICT", "stays", _KEPT),  # it looks at the newer key first
        ("sqlite", "RESTRICT", "goes", _BROKEN),
        ("sqlite", "NO ACTION", "stays", _BROKEN),
        ("sqlite", "NO ACTION", "goes", _BROKEN),
        *[
            pytest.param(name, action, newer, verdict, marks=pytest.mark.server)
            for name in ("postgresql", "mysql")
            for action in ("RESTRICT", "NO ACTION")
            for newer, verdict in (("stays", _BROKEN), ("goes", _UNKNOWN))
        ],
    ],
)
def test_which_is_looked_at_first(name: str, action: str, newer: str, verdict: Verdict) -> None:
    keys = [_GOES, _STAYS.format(action)]
    if newer == "goes":
        keys.reverse()
    columns = "id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, maker INTEGER NOT NULL"
    ddl = f"CREATE TABLE u (id INTEGER PRIMARY KEY); CREATE TABLE t ({columns}, {', '.join(keys)});"
    schema = switched_on(load(ddl, "sql", DIALECTS[name]))
    with opened(name) as database:
        rule = "reference: {from: t.maker, to: u, on_delete: restrict}"
        assert carried_out(database, schema, rule).report.verdict is verdict
