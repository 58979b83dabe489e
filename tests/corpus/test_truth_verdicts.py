"""Verdicts over SQL agree with what databases were seen to do."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from schemalint.rule import Verdict
from tests.corpus.truth_cases import cases
from tests.corpus.truth_rules import LEFT_OUT, RULES
from tests.corpus.truth_rules.mapping import Same
from tests.corpus.truth_verdicts import Compared, Result, compared, load

pytestmark = pytest.mark.corpus

MOST_UNKNOWN = 0.1
FEWEST_IDS = 250


@cache
def _all() -> tuple[Compared, ...]:
    return tuple(compared())


def _told(result: Result) -> str:
    return "\n".join(one.line for one in _all() if one.result == result)


def test_every_case_loads() -> None:
    for databases in cases().values():
        for case in databases.values():
            assert load(case).schema.dialect == case.dialect, case.id


def test_every_case_has_a_rule_or_a_reason_why_not() -> None:
    left_out = [name for names in LEFT_OUT.values() for name in names.split()]
    assert len(left_out) == len(set(left_out)), "a case is left out twice"
    assert not set(left_out) & set(RULES), "a case has a rule and is left out"
    assert {*left_out, *RULES} == set(cases())


def test_what_breaks_a_rule_elsewhere_is_of_the_same_schema_and_accepted() -> None:
    for name, mapped in RULES.items():
        for case in cases()[name].values():
            witness = mapped.witness(case.database)
            if case.built and isinstance(witness, Same):
                other = cases()[witness.id][case.database]
                assert other.ddl == case.ddl, f"{name} and {witness.id} differ on {case.database}"
                assert other.forbidden
                assert other.accepted
                assert case.database not in RULES[witness.id].harmless


@pytest.mark.parametrize(
    "result",
    [result for result in Result if result not in (Result.AGREES, Result.UNKNOWN)],
)
def test_no_verdict_is_wrong(result: Result) -> None:
    told = _told(result)
    assert not told, f"\n{told}"


def test_few_verdicts_are_unknown_and_each_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(one.result for one in _all())
    unknown = [one for one in _all() if one.result == Result.UNKNOWN]
    with capsys.disabled():
        _print_counts(counts)
        for one in unknown:
            said = one.judged.message.partition("\n")[0]
            print(f"  unknown: {one.case.id} {one.case.database}: {said}")
    assert all(one.judged.message for one in unknown)
    assert len(unknown) < MOST_UNKNOWN * len(_all())
    assert len({one.case.id for one in _all()}) >= FEWEST_IDS


def _print_counts(counts: Counter[Result]) -> None:
    ids = {one.case.id for one in _all()}
    verdicts = Counter(one.judged.verdict for one in _all())
    print(f"\n  {len(ids)} cases judged, on {len(_all())} databases together")
    print("  " + ", ".join(f"{count} {result}" for result, count in counts.most_common()))
    print("  " + ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict))
    built = [case for name in RULES for case in cases()[name].values()]
    print(f"  {sum(not case.built for case in built)} more whose DDL the database refused")
    reasons = Counter(
        reason
        for case in built
        if case.built and (reason := RULES[case.id].reason_out(case.database))
    )
    for reason, count in reasons.items():
        print(f"  {count} more left out: {reason}")
    for reason, names in LEFT_OUT.items():
        print(f"  {len(names.split())} cases left out: {reason}")
