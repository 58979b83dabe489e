"""Rules for the cases about states and other sets of values."""

from __future__ import annotations

from tests.corpus.truth_rules.mapping import (
    EVERY,
    MARIADB,
    PLAIN,
    POSTGRESQL,
    SERVERS,
    SQLITE,
    STRICT,
    Mapped,
    Rules,
    Same,
    tried,
)

_STATES = "states: {of: t.s, values: [draft, paid]}"
_STATES_OR_NONE = "states: {of: t.s, values: [draft, paid], optional: true}"
_STEPS = """
    states:
      of: t.s
      values: [draft, paid, shipped]
      transitions: {draft: [paid], paid: [shipped]}
"""
_STEPS_FROM_DRAFT = _STEPS + "      initial: draft\n"
_STEPS_OR_NONE = _STEPS + "      optional: true\n"
_SHIPPED_STAYS = "immutable: {of: t, where: s = 'shipped'}"
_OLD_ENOUGH = "check: {of: t, that: age >= 18}"
_TRUE_OR_FALSE = Mapped(
    'states: {of: t.b, values: ["true", "false"]}',
    instead={STRICT: 'states: {of: t.b, values: ["0", "1"]}'},
)

_IGNORED = tried(
    "INSERT IGNORE INTO t VALUES (1, 'bogus')", shows="SELECT 1 FROM t WHERE s = '' AND s + 0 = 0"
)
_CAPITALS = tried(
    "INSERT INTO t (id, s) VALUES (1, 'DRAFT')", shows="SELECT 1 FROM t WHERE BINARY s = 'DRAFT'"
)
_UNKNOWN = tried("INSERT INTO t (id, s) VALUES (1, 'bogus')", shows="SELECT 1 FROM t")
_TAB = tried("INSERT INTO t VALUES (1, '\t')", shows="SELECT 1 FROM t WHERE length(s) = 1")

STATES: Rules = {
    "E01": Mapped(_STATES, broken={MARIADB: Same("E05b")}),
    "E01b": _STATES,
    "E01c": Mapped(_STATES_OR_NONE, harmless=MARIADB, broken={MARIADB: _IGNORED}),
    "E01d": Mapped(_STATES_OR_NONE, harmless=MARIADB, broken={MARIADB: _IGNORED}),
    "E01e": Mapped(_STATES_OR_NONE, broken={MARIADB: _IGNORED}),
    "E01f": Mapped(_STATES, harmless=MARIADB, broken={MARIADB: Same("E05b")}),
    "E01g": Mapped(
        'states: {of: t.s, values: ["0", "1", "2"]}', harmless=MARIADB, broken={MARIADB: _IGNORED}
    ),
    "E01h": "states: {of: t.s, values: [draft, paid], initial: paid}",
    "E01i": "required: {of: t, fields: [s]}",
    "E02": _STATES,
    "E03": Mapped(_STATES, broken={MARIADB: Same("E11")}),
    "E03b": Mapped(_STATES, broken={MARIADB: Same("E11")}),
    "E04": _STATES,
    "E04b": _STATES,
    "E04c": Mapped(_STATES, broken={MARIADB: _CAPITALS}),
    "E04d": "check: {of: t, that: s <> 'deleted'}",
    "E04e": Mapped(_STATES, broken={MARIADB: _CAPITALS}),
    "E04f": "check: {of: t, that: \"s is null or s <> 'paid' or paid_at is not null\"}",
    "E04g": "check: {of: t, that: \"s <> 'paid' or paid_at is not null\"}",
    "E05b": _STATES,
    "E05c": _STATES,
    "E05d": Mapped(_STATES, harmless=SQLITE, broken={MARIADB: Same("E11")}),
    "E06": "reference: {from: t.s, to: st}",
    "E06b": _STATES,
    "E06d": "reference: {from: t.s, to: st}",
    "E09": Mapped(_STATES, broken={MARIADB: _CAPITALS}),
    "E09c": "required: {of: t, fields: [s]}",
    "E09d": "reference: {from: c.p_id, to: p, required: false}",
    "E10": Mapped(_STEPS, broken={MARIADB: _CAPITALS}),
    "E10b": _STEPS_FROM_DRAFT,
    "E10c": _SHIPPED_STAYS,
    "E10d": _SHIPPED_STAYS,
    "E10e": Mapped(_STEPS, broken={MARIADB: _CAPITALS}),
    "E10f": _STEPS_OR_NONE,
    "E10f2": Mapped(_STEPS_OR_NONE, broken={EVERY: Same("E10f")}),
    "E10g": _STEPS_OR_NONE,
    "E10h": Mapped(
        _STEPS,
        broken={SQLITE: _UNKNOWN},
        left_out={SERVERS: "an UPDATE that leaves the state as it is: no row is refused"},
    ),
    "E11": _STATES,
    "E11b": _STATES,
    "E11c": Mapped(_STATES, broken={MARIADB: Same("E11d")}),
    "E11d": _STATES,
    "E11e": _STATES,
    "E11f": _STATES,
    "E12": "check: {of: t, that: \"(s = 'a' or s = 'b') and n > 0\"}",
    "E13b": _STATES,
    "E14": _STATES,
    "E16": Mapped(_STATES, broken={MARIADB: _CAPITALS}),
    "E16b": Mapped(_STATES, broken={MARIADB: _CAPITALS}),
    "E17": _STATES,
    "E18": _TRUE_OR_FALSE,
    "E18b": Mapped(
        _TRUE_OR_FALSE.rule,
        instead=_TRUE_OR_FALSE.instead,
        broken={(*STRICT, *MARIADB): Same("E18")},
    ),
    "E18c": 'states: {of: t.b, values: ["0", "1"]}',
    "E19": _OLD_ENOUGH,
    "E19b": "check: {of: t, that: age between 18 and 120}",
    "E19c": Mapped(_OLD_ENOUGH, harmless=SERVERS, broken={PLAIN: Same("E19")}),
    "E23": _STATES,
    "E23b": "required: {of: t, fields: [s]}",
    "E23c": Mapped("required: {of: t, fields: [s]}", broken={POSTGRESQL: Same("E23b")}),
    "E24": Mapped("required: {of: t, fields: [s], not_blank: true}", broken={MARIADB: _TAB}),
    "E25": _STATES,
}
