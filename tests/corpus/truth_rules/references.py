"""Rules for the cases about references."""

from __future__ import annotations

from tests.corpus.truth_rules.mapping import (
    EVERY,
    MARIADB,
    POSTGRESQL,
    SERVERS,
    SQLITE,
    Mapped,
    Rules,
    Same,
    tried,
)

_PARENT = "reference: {from: c.p_id, to: p}"
_PARENT_OR_NONE = "reference: {from: c.p_id, to: p, required: false}"
_PARENT_KEPT = "reference: {from: c.p_id, to: p, on_delete: restrict}"
_ONE_CHILD = "reference: {from: c.p_id, to: p, cardinality: one-to-one}"
_SOME_CHILD = "reference: {from: c.p_id, to: p, cardinality: one-or-more}"
_PAIR = "reference: {from: c.a, to: p}"
_PAIR_OR_NONE = "reference: {from: c.a, to: p, required: false}"
_LINKS = "many_to_many: {between: [a, p], through: j}"
_ONE_OF_TWO = "exactly_one: {of: c, fields: [a_id, p_id]}"
_UNIQUE_TARGET = "unique: {of: p, by: [k], nulls: distinct}"
_NOT_ITSELF = 'check: {of: t, that: "par is null or par <> id"}'
_SETTING = "a setting of the session, which an ordinary writer does not touch"

REFERENCES: Rules = {
    "F01": _PARENT,
    "F01b": _PARENT,
    "F01c": _PARENT,
    "F01d": _PARENT_KEPT,
    "F02": _PARENT,
    "F02b": _PARENT_OR_NONE,
    "F03": _PARENT,
    "F03b": _PARENT_KEPT,
    "F04": Mapped(_PARENT, left_out={SERVERS: _SETTING}, foreign_keys=False),
    "F04c": Mapped(_PARENT, foreign_keys=False),
    "F04d": _PARENT,
    "F04e": _PARENT,
    "F04g": _PARENT,
    "F05b": Mapped(
        _UNIQUE_TARGET,
        broken={
            SQLITE: tried(
                "INSERT INTO p VALUES (1, 5)",
                "INSERT INTO p VALUES (2, 5)",
                shows="SELECT k FROM p GROUP BY k HAVING count(*) = 2",
            )
        },
    ),
    "F05c": "reference: {from: c.k, to: p, on_delete: restrict}",
    "F06": _PAIR_OR_NONE,
    "F06b": _PAIR_OR_NONE,
    "F06c": _PAIR,
    "F06d": Mapped(_PAIR_OR_NONE, broken={(*SQLITE, *MARIADB): Same("F06b")}),
    "F06e": _PAIR,
    "F07": "reference: {from: c.p_id, to: p, required: false, on_delete: set_null}",
    "F07b": "required: {of: c, fields: [p_id]}",
    "F07c": _PARENT,
    "F07d": "reference: {from: c.p_id, to: p, required: false, on_delete: set_null}",
    "F07e": "reference: {from: c.p_id, to: p, required: false, on_delete: set_null}",
    "F08": "reference: {from: c.p_id, to: p, on_delete: set_default}",
    "F08b": Mapped(
        "reference: {from: c.p_id, to: p, on_delete: set_default}",
        left_out={(*SQLITE, *POSTGRESQL): "refused for want of a row, not by the schema (F08)"},
    ),
    "F08c": Mapped(
        _PARENT,
        broken={
            MARIADB: tried(
                "INSERT INTO c VALUES (1, NULL)", shows="SELECT 1 FROM c WHERE p_id IS NULL"
            )
        },
    ),
    "F09": "reference: {from: b.a_id, to: a, required: false, on_delete: cascade}",
    "F10": "immutable: {of: c, fields: [p_id]}",
    "F10b": Mapped("immutable: {of: p, fields: [id]}", broken={EVERY: Same("F10c")}),
    "F10c": "immutable: {of: p, fields: [id]}",
    "F11": _PARENT,
    "F11b": _PARENT,
    "F11c": _PARENT,
    "F11d": _PARENT,
    "F11e": _PARENT,
    "F12": Mapped(_PARENT, harmless=(*SQLITE, *POSTGRESQL)),
    "F12b": _PARENT,
    "F12c": _PARENT,
    "F12d": _PARENT,
    "F13": _ONE_CHILD,
    "F13b": _ONE_CHILD,
    "F13c": _SOME_CHILD,
    "F13d": _ONE_CHILD,
    "F13e": _ONE_CHILD,
    "F14": _SOME_CHILD,
    "F14b": _SOME_CHILD,
    "F14c": _SOME_CHILD,
    "F14d": _SOME_CHILD,
    "F14e": Mapped(
        _SOME_CHILD,
        broken={
            POSTGRESQL: tried(
                "BEGIN",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO c VALUES (1, 1)",
                "COMMIT",
                "DELETE FROM c",
                shows="SELECT 1 FROM p WHERE NOT EXISTS (SELECT 1 FROM c)",
            )
        },
    ),
    "F15": _LINKS,
    "F15b": _LINKS,
    "F15c": _LINKS,
    "F16": "unique: {of: _AToB, by: [A, B]}",
    "F17": _NOT_ITSELF,
    "F17b": _NOT_ITSELF,
    "F19b": "reference: {from: c.ten, to: p}",
    "F19c": _PARENT,
    "F20": "reference: {from: c.owner_id, to: p}",
    "F20b": _ONE_OF_TWO,
    "F20c": _ONE_OF_TWO,
    "F20d": "required: {of: c, fields: [p_id]}",
    "F20e": 'check: {of: c, that: "p_id is null or p_id < 5"}',
    "F21c": _PARENT_OR_NONE,
    "F26b": _PARENT_OR_NONE,
    "F27": _PARENT_KEPT,
    "F27b": _PARENT_KEPT,
    "F27c": Mapped(_PARENT, harmless=SQLITE),
    "F28": Mapped(
        "reference: {from: t.par, to: t, required: false, on_delete: cascade}",
        left_out={MARIADB: "refused for the length of the chain of rows"},
    ),
    "F29": "reference: {from: t.par, to: t, required: false, on_update: cascade}",
    "F31b": _PARENT,
    "F32": "reference: {from: c.p_id, to: p, on_delete: cascade}",
    "F32b": "reference: {from: c.p_id, to: p, on_delete: cascade}",
    "F33": "check: {of: c, that: pos between 1 and 2}",
    "F34": _PARENT,
    "F35": "reference: {from: c.p_ids, to: p}",
    "F36": _PARENT,
}
