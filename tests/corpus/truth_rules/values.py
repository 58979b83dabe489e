"""Rules for the cases about values that are wanted, and what they may be."""

from __future__ import annotations

from tests.corpus.truth_rules.mapping import (
    MARIADB,
    PLAIN,
    POSTGRESQL,
    SERVERS,
    SQLITE,
    Mapped,
    Rules,
    Same,
    tried,
)

_N = "required: {of: t, fields: [n]}"
_S = "required: {of: t, fields: [s]}"
_NOT_BLANK = "required: {of: t, fields: [s], not_blank: true}"
_SHORT = 'check: {of: t, that: "s is null or length(s) <= 5"}'
_CAPITALS = 'check: {of: t, that: "code is null or code = upper(code)"}'
_POSITIVE = "check: {of: t, that: price > 0}"
_ONE_AT_LEAST = "at_least_one: {of: t, fields: [a, b]}"
_COVERED = "check: {of: t, that: bal >= 0}"
_KEY = "identity: {of: t, by: [k]}"

VALUES: Rules = {
    "O01": _NOT_BLANK,
    "O01b": 'check: {of: t, that: "length(trim(s)) > 0"}',
    "O01c": _NOT_BLANK,
    "O01d": Mapped(
        _NOT_BLANK,
        broken={
            MARIADB: tried(
                "INSERT INTO t VALUES (1, '\t')", shows="SELECT 1 FROM t WHERE length(s) = 1"
            )
        },
    ),
    "O01e": _S,
    "O02": _N,
    "O02b": _N,
    "O02d": _N,
    "O02g": Mapped(_N, harmless=MARIADB),
    "O02h": Mapped(_N, harmless=SQLITE),
    "O02i": Mapped("identity: {of: t, by: [id]}", harmless=MARIADB),
    "O02j": _N,
    "O03f": "check: {of: t, that: \"e is null or e like '%@%'\"}",
    "O03g": "check: {of: t, that: \"e is null or e like '%_@_%'\"}",
    "O03h": "check: {of: t, that: \"code is null or code like 'A%'\"}",
    "O03i": _CAPITALS,
    "O03j": _CAPITALS,
    "O04": _SHORT,
    "O04b": Mapped(_SHORT, harmless=SERVERS),
    "O04d": Mapped(_SHORT, harmless=SERVERS),
    "O04e": _SHORT,
    "O04f": _SHORT,
    "O04h": 'check: {of: t, that: "s is null or length(s) = 3"}',
    "O06": _KEY,
    "O06b": _KEY,
    "O06c": _KEY,
    "O06d": Mapped(_KEY, harmless=SQLITE),
    "O06e": "identity: {of: t, by: [a, b]}",
    "O09b": Mapped(
        'check: {of: t, that: "x is null or x < 100000000"}',
        broken={
            POSTGRESQL: tried(
                "INSERT INTO t VALUES (1, 'NaN')", shows="SELECT 1 FROM t WHERE NOT x < 100000000"
            )
        },
    ),
    "O10": 'check: {of: t, that: "x is null or x >= 0"}',
    "O11": _POSITIVE,
    "O12": "check: {of: t, that: e > s}",
    "O12b": Mapped(
        'check: {of: t, that: "e is null or e > s"}',
        broken={
            PLAIN: tried(
                "INSERT INTO t VALUES (1, 5, 'abc')",
                shows="SELECT 1 FROM t WHERE typeof(e) = 'text'",
            )
        },
    ),
    "O13": 'check: {of: t, that: "n is null or n <= 2147483647"}',
    "O13b": 'check: {of: t, that: "n is null or n <= 32767"}',
    "O16": _ONE_AT_LEAST,
    "O16b": _ONE_AT_LEAST,
    "O17g": "required: {of: t, fields: [a]}",
    "O18": "unique: {of: t, by: [u], nulls: distinct}",
    "O19": Mapped(_COVERED, broken={PLAIN: Same("O19b")}),
    "O19b": _COVERED,
    "O20": "required: {of: t, fields: [u]}",
    "O23": "required: {of: t2, fields: [e]}",
    "O23b": "unique: {of: t2, by: [id]}",
    "O23c": "required: {of: t, fields: [e]}",
}
