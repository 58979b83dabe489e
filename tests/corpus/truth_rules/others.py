"""Rules for the cases of mixed sorts."""

from __future__ import annotations

from tests.corpus.truth_rules.mapping import (
    MARIADB,
    POSTGRESQL,
    SQLITE,
    Mapped,
    Rules,
    tried,
)

_A = "immutable: {of: t, fields: [a]}"
_PARENT = "reference: {from: c.p_id, to: p}"
_LINKS = "many_to_many: {between: [a, p], through: j}"

OTHERS: Rules = {
    "X01b": _A,
    "X02": _A,
    "X03": "reference: {from: c.p_id, to: p, on_delete: no_action}",
    "X03b": "reference: {from: c.p_id, to: p, on_delete: no_action}",
    "X05": "no_overlap: {of: t, by: [room], during: [s, e]}",
    "X05b": "check: {of: t, that: s < e}",
    "X06": "unique: {of: t, by: [a], nulls: distinct}",
    "X08": "reference: {from: c.p_id, to: p, required: false, on_update: set_null}",
    "X09": Mapped(
        "unique: {of: t, by: [email], where: del = 0}",
        instead={POSTGRESQL: "unique: {of: t, by: [email], where: not del}"},
    ),
    "X10": "immutable: {of: c}",
    "X11": Mapped(
        "immutable: {of: t, where: keep = 1}",
        broken={
            (*SQLITE, *POSTGRESQL): tried(
                "INSERT INTO t VALUES (1, NULL, 1)",
                "UPDATE t SET keep = 0",
                shows="SELECT 1 FROM t WHERE keep = 0",
            )
        },
    ),
    "X12": "immutable: {of: t, deletable: true}",
    "X12b": _A,
    "X13": "audit: {of: t, created: u}",
    "X14": "audit: {of: t, updated: u}",
    "X16": _LINKS,
    "X17": _LINKS,
    "X21": Mapped(_PARENT, harmless=MARIADB),
    "X21b": _PARENT,
}
