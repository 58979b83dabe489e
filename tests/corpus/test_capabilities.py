"""The capability table against the outcomes on record, case by case."""

from __future__ import annotations

import json
from functools import cache

import pytest

from schemalint.dialects import Construct, capability
from schemalint.dialects.documented import DOCUMENTED
from schemalint.dialects.observed import OBSERVED, STRICT_DIFFERS
from schemalint.model import Dialect
from tests.shared_material import shared

pytestmark = pytest.mark.corpus

RUN = (Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MARIADB)

CASES_OUT: dict[str, str] = {
    "a setting of the session, or the owner of the table, switches a check off, which an ordinary "
    "writer does not": "E05 E13 E13b F04b F30 I10c I17 I17b I27 I27b O02c O02d O02e O02f O04c O05b "
    "O10b X19b X20",
    "privileges and row-level security: an ordinary writer may run any statement on any table": (
        "I07 I07b I07c I07d I07e I07g I07h I07i I07j I07k I07l X01 X01b X01c X01d X02"
    ),
    "a statement of the DDL is the attempt, or cannot be parsed or run by any of the databases": (
        "E05e F04f F24c F24d I09c O03e O21 O22 O22b O23 O23b O23c U15d U18 X18 X19 X24"
    ),
    "partitions and inherited tables, which the model does not have": (
        "F04h F31 F31b I22 I22b I22c U22 U22b U22c U23"
    ),
    "PostgreSQL's CREATE RULE, which no loader takes for a guard": "I14 I14b I14c I14d I14e",
    "two transactions at once: uniqueness or a count by a trigger, which no kind counts": "O18 U49",
    "the outcome says that the statement ended; what it left behind (the rows after it) is no "
    "forbidden state, or differs in rows that no kind asks about": (
        "E05d I15 I18 I18b I24 I31 X21 X21b"
    ),
    "numbers that are used again, left out or taken already, which no kind forbids": (
        "O08 O08b O08c O08d"
    ),
    "rules of the kinds to come: tenant, soft_delete, consistent, no_overlap": (
        "F18 F18b F19 U21 U21c U21d X05 X05b"
    ),
    "what is the same value to a type (untyped and converted values, floats, decimals, times, "
    "JSON), for the kind `type` to come": (
        "O05d O05e O07 O07f O09c U19 U19b U19c U19d U19e U20 U20b U40 U41 U42 U43 U44 U53 X23 X23b"
    ),
    "collations beyond letter case, accents and trailing blanks: `unique` has `ignore_case` only": (
        "U10g U10h U10i U11e U11f U11g U16 U16b"
    ),
    "regular expressions in their finer points, and conditions that say less than the prose": (
        "O03g O03k O03l"
    ),
    "two facts that entries of the table state, together": "U08f",
    "forms of upsert and of now(), which make a schema stricter than any kind asks": "U15c X15",
}
"""Why a case is not in the table, and the ids of those cases."""


@cache
def _outcomes() -> dict[tuple[str, str], str]:
    lines = shared("truth", "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return {(case["id"], case["database"]): case["outcome"] for case in cases}


@pytest.mark.parametrize(
    ("dialect", "construct", "case"),
    [
        pytest.param(dialect, construct, case, id=f"{dialect}-{construct}-{case}")
        for (dialect, construct), answer in OBSERVED.items()
        for case in answer.cases
    ],
)
def test_the_case_shows_the_answer(dialect: Dialect, construct: Construct, case: str) -> None:
    answer = OBSERVED[dialect, construct]
    outcome = _outcomes().get((case, dialect.value))
    assert outcome is not None, f"{case} was not run on {dialect}"
    assert (outcome in answer.outcomes) is answer.holds, f"{case} was {outcome}"


@pytest.mark.parametrize("construct", Construct)
def test_strict_tables_answer_the_same_or_the_opposite(construct: Construct) -> None:
    answer = capability(Dialect.SQLITE, construct, strict_table=True)
    plain = capability(Dialect.SQLITE, construct)
    assert (answer.holds is not plain.holds) == (construct in STRICT_DIFFERS)
    for case in answer.cases:
        outcome = _outcomes().get((case, "sqlite-strict"))
        if outcome is not None:
            assert (outcome in answer.outcomes) is answer.holds, f"{case} was {outcome}"


def test_each_case_is_in_the_table_or_left_out_for_a_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    every = {case for case, _ in _outcomes()}
    left_out = [case for ids in CASES_OUT.values() for case in ids.split()]
    seen = {case for answer in OBSERVED.values() for case in answer.cases}
    assert len(left_out) == len(set(left_out)), "a case is left out twice"
    assert not seen & set(left_out), "these cases are in the table and left out"
    assert set(left_out) <= every, "these cases are left out and do not exist"
    assert not every - seen - set(left_out), "these cases are neither in the table nor left out"
    outcomes = {
        (case, dialect) for (dialect, _), answer in OBSERVED.items() for case in answer.cases
    }
    run = sum(database in RUN for _, database in _outcomes())
    with capsys.disabled():
        print(f"\n  {len(every)} cases: {len(seen)} in the table, {len(left_out)} left out")
        print(f"  {len(outcomes)} of {run} outcomes are in the table")
        for reason, ids in CASES_OUT.items():
            print(f"  {len(ids.split()):4} left out: {reason}")


@pytest.mark.parametrize("construct", Construct)
def test_each_construct_was_seen_and_none_both_seen_and_read(construct: Construct) -> None:
    assert any((dialect, construct) in OBSERVED for dialect in RUN)
    assert not any(
        (dialect, construct) in OBSERVED and (dialect, construct) in DOCUMENTED
        for dialect in Dialect
    )
