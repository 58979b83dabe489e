"""Rules for the cases about what never changes."""

from __future__ import annotations

from tests.corpus.truth_rules.mapping import (
    EVERY,
    POSTGRESQL,
    SERVERS,
    SQLITE,
    Mapped,
    Rules,
    Same,
    tried,
)

_ROW = "immutable: {of: t}"
_ROW_WHILE_THERE = "immutable: {of: t, deletable: true}"
_A = "immutable: {of: t, fields: [a]}"
_S = "immutable: {of: t, fields: [s]}"
_CHILD = "immutable: {of: c}"
_POINTER = "immutable: {of: c, fields: [p_id]}"
_KEY = "immutable: {of: t, fields: [id]}"
_PARENT = "reference: {from: c.p_id, to: p}"
_PARENT_OR_NONE = "reference: {from: c.p_id, to: p, required: false}"

_UPDATED = tried(
    "INSERT INTO t VALUES (1, 1, 1)",
    "UPDATE t SET a = 2",
    shows="SELECT 1 FROM t WHERE id = 1 AND a = 2",
)
_DELETED = tried(
    "INSERT INTO t VALUES (1, 1, 1)",
    "DELETE FROM t",
    shows="SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t)",
)
_CHILD_UPDATED = tried(
    "INSERT INTO p VALUES (1)",
    "INSERT INTO c VALUES (1, 1)",
    "UPDATE c SET id = 2",
    shows="SELECT 1 FROM c WHERE id = 2",
)

IMMUTABILITY: Rules = {
    "I01": _A,
    "I02": _ROW_WHILE_THERE,
    "I02b": _ROW_WHILE_THERE,
    "I03": _POINTER,
    "I03b": _POINTER,
    "I04": _POINTER,
    "I04b": _POINTER,
    "I05": Mapped(_CHILD, broken={(*SQLITE, *POSTGRESQL): _CHILD_UPDATED}),
    "I05b": Mapped(_CHILD, broken={(*SQLITE, *POSTGRESQL): _CHILD_UPDATED}),
    "I05c": _CHILD,
    "I06": _ROW,
    "I06b": Mapped(_ROW, broken={EVERY: _UPDATED}),
    "I07b": _A,
    "I07d": _A,
    "I07e": _A,
    "I07g": _A,
    "I07i": "immutable: {of: t, fields: [p_id]}",
    "I07k": _A,
    "I08": Mapped("immutable: {of: t, fields: [g]}", broken={EVERY: Same("I08b")}),
    "I08b": "immutable: {of: t, fields: [g]}",
    "I08c": "check: {of: t, that: g = a * 2}",
    "I08d": "derived: {of: t, fields: [g]}",
    "I09": Mapped(
        _ROW,
        broken={SQLITE: _UPDATED},
        left_out={SERVERS: "TRUNCATE, which an ordinary writer does not run"},
    ),
    "I10": _ROW,
    "I10b": _ROW,
    "I10d": _ROW,
    "I10e": _ROW,
    "I10f": Mapped(_ROW, broken={SQLITE: _DELETED}),
    "I11": _ROW_WHILE_THERE,
    "I11b": _ROW_WHILE_THERE,
    "I12": _ROW_WHILE_THERE,
    "I12b": _A,
    "I12c": _A,
    "I12d": _A,
    "I12e": _KEY,
    "I12f": _POINTER,
    "I12g": _A,
    "I13": _A,
    "I13b": _A,
    "I13c": _A,
    "I13d": _S,
    "I13e": _S,
    "I13f": "immutable: {of: t, fields: [a], once: true}",
    "I14": Mapped(_ROW_WHILE_THERE, harmless=POSTGRESQL),
    "I14b": _POINTER,
    "I14e": _ROW_WHILE_THERE,
    "I15": Mapped(_ROW_WHILE_THERE, harmless=(*SQLITE, *POSTGRESQL)),
    "I15b": _PARENT,
    "I15c": _PARENT_OR_NONE,
    "I15d": _PARENT_OR_NONE,
    "I16": _A,
    "I17b": _ROW_WHILE_THERE,
    "I18": "immutable: {of: t, fields: [a], where: id = 2}",
    "I18b": "immutable: {of: t, fields: [a], where: id = 2}",
    "I19": _ROW_WHILE_THERE,
    "I22": _ROW_WHILE_THERE,
    "I22b": _ROW_WHILE_THERE,
    "I22c": "immutable: {of: t2, deletable: true}",
    "I22d": _POINTER,
    "I23": _A,
    "I24": Mapped(_A, harmless=SERVERS),
    "I25b": "audit: {of: t, created: c}",
    "I25c": "immutable: {of: t, fields: [c]}",
    "I26c": Mapped(_KEY, broken={POSTGRESQL: Same("I26d")}),
    "I26d": _KEY,
    "I26e": _KEY,
    "I27": "immutable: {of: t, fields: [created_at]}",
    "I27b": "immutable: {of: t, fields: [created_at]}",
    "I28": _A,
    "I28b": Mapped(_A, broken={SQLITE: Same("I28")}),
    "I28c": _ROW_WHILE_THERE,
    "I29": "immutable: {of: t, fields: [a], where: locked = 1}",
    "I30": "immutable: {of: p, fields: [id]}",
    "I31": _ROW_WHILE_THERE,
}
