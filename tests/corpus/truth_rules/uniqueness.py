"""Rules for the cases about uniqueness."""

from __future__ import annotations

from tests.corpus.truth_rules.mapping import (
    MARIADB,
    PLAIN,
    POSTGRESQL,
    SQLITE,
    Mapped,
    Rules,
    Same,
    tried,
)

_E_ACUTE = tried(
    "INSERT INTO t (id, email) VALUES (1, 'É@x')",
    "INSERT INTO t (id, email) VALUES (2, 'é@x')",
    shows="SELECT 1 FROM t WHERE email = 'é@x'",
)
_TEXT_AMONG_NUMBERS = tried(
    "INSERT INTO t VALUES (1, 1, 'abc')", shows="SELECT 1 FROM t WHERE typeof(b) = 'text'"
)
_EMAIL = "unique: {of: t, by: [email]}"
_EMAIL_ANY_CASE = "unique: {of: t, by: [email], ignore_case: true}"
_EMAIL_OR_NONE = "unique: {of: t, by: [email], nulls: distinct}"
_EMAIL_OR_ONE_NONE = "unique: {of: t, by: [email], nulls: equal}"
_LIVE_EMAIL = "unique: {of: t, by: [email], where: deleted_at is null}"
_A = "unique: {of: t, by: [a]}"
_A_OR_NONE = "unique: {of: t, by: [a], nulls: distinct}"
_BOTH = "unique: {of: t, by: [a, b]}"
_BOTH_OR_ONE_NONE = "unique: {of: t, by: [a, b], nulls: equal}"
_URL = "unique: {of: t, by: [url]}"
_X = "unique: {of: t, by: [x], nulls: distinct}"
_PRIMARY = "unique: {of: t, by: [u], where: p}"
_PRIMARY_NUMBER = "unique: {of: t, by: [u], where: p = 1}"
_LOWER_CASE = "check: {of: t, that: email = lower(email)}"
_NO_OVERLAP = "no_overlap: {of: t, by: [room], during: [s, e]}"

UNIQUENESS: Rules = {
    "U01": _EMAIL,
    "U02": _EMAIL_OR_ONE_NONE,
    "U03": _BOTH_OR_ONE_NONE,
    "U04": _EMAIL_OR_ONE_NONE,
    "U04b": _EMAIL_OR_ONE_NONE,
    "U05": _LIVE_EMAIL,
    "U05b": _LIVE_EMAIL,
    "U06": _LIVE_EMAIL,
    "U06b": _LIVE_EMAIL,
    "U06c": _LIVE_EMAIL,
    "U07": _EMAIL,
    "U07b": "unique: {of: t, by: [email], where: active is null or active}",
    "U07c": "unique: {of: t, by: [email], where: deleted is null or not deleted}",
    "U08": Mapped(_EMAIL_ANY_CASE, broken={SQLITE: Same("U08b")}),
    "U08b": _EMAIL_ANY_CASE,
    "U08c": _EMAIL_ANY_CASE,
    "U08d": Mapped(_EMAIL_ANY_CASE, broken={SQLITE: _E_ACUTE}),
    "U08e": "unique: {of: t, by: [email], ignore_case: true, nulls: equal}",
    "U08f": Mapped(_EMAIL_ANY_CASE, broken={SQLITE: _E_ACUTE}),
    "U08g": _LOWER_CASE,
    "U09": _EMAIL_ANY_CASE,
    "U09b": _EMAIL_ANY_CASE,
    "U09c": "unique: {of: t, by: [code]}",
    "U10": Mapped(_EMAIL_ANY_CASE, broken={SQLITE: Same("U10b")}),
    "U10b": _EMAIL_ANY_CASE,
    "U10c": Mapped(_EMAIL_ANY_CASE, broken={SQLITE: _E_ACUTE}),
    "U10d": _EMAIL_ANY_CASE,
    "U10e": _EMAIL_ANY_CASE,
    "U10f": _EMAIL,
    "U10g": _EMAIL,
    "U10h": _EMAIL,
    "U10i": _EMAIL,
    "U12": _A,
    "U13": _BOTH,
    "U13b": _BOTH_OR_ONE_NONE,
    "U14": "unique: {of: t, by: [k], nulls: distinct}",
    "U14b": _A_OR_NONE,
    "U14c": "unique: {of: t, by: [id, tenant]}",
    "U15": Mapped(_A, harmless=POSTGRESQL),
    "U15b": _A,
    "U17": _URL,
    "U17b": _URL,
    "U17c": _URL,
    "U19c": "unique: {of: t, by: [v], nulls: distinct}",
    "U21": _NO_OVERLAP,
    "U21b": _NO_OVERLAP,
    "U21c": "no_overlap: {of: t, by: [room], during: [s, e], nulls: equal}",
    "U21d": 'no_overlap: {of: t, by: [room], during: [s, e], nulls: distinct, bounds: "[]"}',
    "U22b": "unique: {of: t, by: [id]}",
    "U22c": "unique: {of: t, by: [id], nulls: distinct}",
    "U23": "unique: {of: t, by: [id]}",
    "U25": Mapped(_PRIMARY_NUMBER, instead={POSTGRESQL: _PRIMARY}),
    "U25b": _PRIMARY,
    "U25c": _PRIMARY_NUMBER,
    "U25d": _PRIMARY_NUMBER,
    "U26": _LIVE_EMAIL,
    "U26b": _LIVE_EMAIL,
    "U27": Mapped(_EMAIL_OR_NONE, harmless=SQLITE),
    "U27b": Mapped(_EMAIL_OR_NONE, harmless=SQLITE),
    "U30": _EMAIL_OR_NONE,
    "U31": "unique: {of: t, by: [u], ignore_case: true, nulls: distinct}",
    "U31b": "unique: {of: t, by: [u], ignore_case: true, nulls: distinct}",
    "U39": "unique: {of: t, by: [a, b], nulls: distinct}",
    "U42": _X,
    "U44": _X,
    "U45": "check: {of: t, that: a < b}",
    "U45b": Mapped("check: {of: t, that: a < b}", broken={PLAIN: _TEXT_AMONG_NUMBERS}),
    "U47": _A_OR_NONE,
    "U48": "check: {of: t, that: id = 1}",
    "U48b": "check: {of: t, that: id = 1}",
    "U49": Mapped(
        _A_OR_NONE,
        broken={
            MARIADB: tried(
                "INSERT INTO t VALUES (1, 7)",
                "INSERT INTO t VALUES (2, 8)",
                "UPDATE t SET a = 7 WHERE id = 2",
                shows="SELECT a FROM t GROUP BY a HAVING count(*) = 2",
            )
        },
    ),
    "U50": _EMAIL,
    "U51": _EMAIL,
    "U52": _A_OR_NONE,
    "U54": "identity: {of: t, by: [k]}",
}
