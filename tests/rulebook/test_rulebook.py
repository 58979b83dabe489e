"""A sound rulebook: everything of the frame arrives, typed and with its place."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from schemalint.model import Dialect, Layer
from schemalint.rule import Severity
from schemalint.source import SourceFile
from tests.rulebook.toy_kinds import KINDS, Distinct, Link, Steps, at, read
from tests.shared_material import ROOT

SHOP = """\
version: 1
source: rules.md
closed: yes
entities:
  Customer:
    says: Somebody who buys
    fields: [id, name]
  Order: {says: What somebody bought}
rules:
  - id: BR-01
    says: "No two customers have the same number. "
    distinct: {of: [Customer, 'Person'], by: number, ignore_case: true, nulls: equal}
  - id: BR-1.10
    says: >
      Every order belongs
      to a customer.
    link: {from: Order.customer, to: Customer, most: 3, label: buys}
    enforced_by: client
    because: every writer uses the client
    severity: warning
    dialects: [sqlite, postgresql, sqlite]
  - id: 3
    says: An order is NO, 1, ON, null or OPEN.
    steps:
      of: Order.state
      values: [NO, 1, ON, null, OPEN, "a b"]
      first: OPEN
      then: {NO: [], ON: NO, OPEN: [ON, null]}
    enforced_by: service
    because: the warehouse decides
"""


def test_frame() -> None:
    book, faults = read(SHOP)
    assert faults == ()
    first, second, third = book.entries
    assert (first.id, second.id, third.id) == ("BR-01", "BR-1.10", "3")
    assert first.says == "No two customers have the same number."
    assert second.says == "Every order belongs to a customer."
    assert (first.enforced_by, first.severity, first.because, first.dialects) == (
        Layer.DATABASE,
        Severity.ERROR,
        None,
        (),
    )
    assert (second.enforced_by, second.severity, second.because) == (
        Layer.CLIENT,
        Severity.WARNING,
        "every writer uses the client",
    )
    assert second.dialects == (Dialect.SQLITE, Dialect.POSTGRESQL)
    assert third.enforced_by is Layer.SERVICE
    assert book.named == frozenset()


def test_places() -> None:
    book, _ = read(SHOP)
    first, second, _ = book.entries
    assert at(first.span) == "10:5-12:86"
    assert first.span.text.startswith("id: BR-01")
    assert at(first.id_span) == "10:9-10:14"
    assert first.kind_span.text == "distinct"
    assert second.span.text.endswith("[sqlite, postgresql, sqlite]")
    assert book.closed
    assert book.closed_span is not None
    assert book.closed_span.text == "closed: yes"
    assert [(text, span.text) for text, span in book.sources] == [("rules.md", "rules.md")]


def test_entities() -> None:
    book, _ = read(SHOP)
    customer, order = book.entities
    assert (customer.model.text, customer.says) == ("Customer", "Somebody who buys")
    assert [field.text for field in customer.fields] == ["id", "name"]
    assert customer.span.text == ("Customer:\n    says: Somebody who buys\n    fields: [id, name]")
    assert order.fields == ()


def test_parameters() -> None:
    book, _ = read(SHOP)
    distinct, link, steps = [entry.rule for entry in book.entries]
    assert isinstance(distinct, Distinct)
    assert [ref.text for ref in distinct.of.refs] == ["Customer", "Person"]
    assert distinct.of.refs[1].span.text == "Person"  # without the quotes
    assert (distinct.of.every, distinct.ignore_case, distinct.nulls) == (False, True, "equal")
    assert [ref.text for ref in distinct.by] == ["number"]  # one scalar is a list of one
    assert isinstance(link, Link)
    assert (link.from_.text, link.most, link.label) == ("Order.customer", 3, "buys")
    assert link.from_.span.text == "Order.customer"
    assert isinstance(steps, Steps)
    assert [ref.text for ref in steps.values] == ["NO", "1", "ON", "null", "OPEN", "a b"]
    assert steps.then is not None
    assert {key.text: [ref.text for ref in refs] for key, refs in steps.then.items()} == {
        "NO": [],
        "ON": ["NO"],
        "OPEN": ["ON", "null"],
    }


@pytest.mark.parametrize(
    ("of", "every", "names", "excluded"),
    [
        ("of: A", False, ["A"], []),
        ("of: [A, B]", False, ["A", "B"], []),
        ('of: "*"', True, [], []),
        ("of: ['*']", True, [], []),
        ('of: "*", except: C', True, [], ["C"]),
        ('except: [C, D], of: "*"', True, [], ["C", "D"]),
    ],
)
def test_models(of: str, every: bool, names: list[str], excluded: list[str]) -> None:
    book, faults = read(f"version: 1\nrules: [{{id: A, says: x, distinct: {{{of}, by: [x]}}}}]")
    assert faults == ()
    rule = book.entries[0].rule
    assert isinstance(rule, Distinct)
    assert rule.of.every is every
    assert [ref.text for ref in rule.of.refs] == names
    assert [ref.text for ref in rule.of.excluded] == excluded


def test_several_files_are_one_rulebook() -> None:
    rule = "rules: [{{id: {}, says: x, link: {{from: A.b, to: C}}}}]"
    book, faults = read(
        "version: 1\nsource: one.md\n" + rule.format("A-1"),
        "version: 1\nclosed: true\nsource: two.md\nentities: {C: {says: c}}\n",
        "version: 1\n" + rule.format("A-2"),
    )
    assert faults == ()
    assert [entry.id for entry in book.entries] == ["A-1", "A-2"]
    assert book.closed
    assert [text for text, _ in book.sources] == ["one.md", "two.md"]


def test_what_an_alias_brings_does_not_widen_a_place() -> None:
    text = "version: 1\nentities:\n  A: &a {says: x}\n  B: *a\nclosed: &t true\nrules: []\n"
    book, _ = read(text)
    assert [entity.span.text for entity in book.entities] == ["A: &a {says: x}", "B"]
    assert book.closed_span is not None
    assert book.closed_span.text == "closed: &t true"


def test_a_name_in_a_block_has_no_line_end() -> None:
    book, faults = read(
        "version: 1\nrules:\n- id: A\n  says: x\n"
        "  link:\n    from: |\n      A.b\n    to: >\n      C\n"
    )
    assert faults == ()
    rule = book.entries[0].rule
    assert isinstance(rule, Link)
    assert (rule.from_.text, rule.to.text) == ("A.b", "C")


def test_a_pair_may_be_the_same_name_twice() -> None:
    book, faults = read(
        "version: 1\nrules: [{id: A, says: x, link: {from: A.b, to: A, between: [A, A]}}]"
    )
    assert faults == ()
    rule = book.entries[0].rule
    assert isinstance(rule, Link)
    assert rule.between is not None
    assert [ref.text for ref in rule.between] == ["A", "A"]


def test_no_files_are_an_empty_rulebook() -> None:
    book, faults = read()
    assert (book.entries, faults) == ((), ())


def test_anchors_and_merge_keys() -> None:
    text = """\
version: 1
rules:
  - id: A
    says: &sentence The same.
    distinct: &base {of: Order, by: [number], ignore_case: true}
  - id: B
    says: *sentence
    distinct:
      <<: *base
      by: &fields [day, place]
  - id: C
    says: Other
    distinct: {<<: [{by: *fields}, *base]}
"""
    book, faults = read(text)
    assert faults == ()
    first, second, third = [entry.rule for entry in book.entries]
    assert isinstance(first, Distinct)
    assert isinstance(second, Distinct)
    assert isinstance(third, Distinct)
    assert book.entries[1].says == "The same."
    assert second.ignore_case is True
    assert [ref.text for ref in second.by] == ["day", "place"]
    assert second.of == first.of  # the place, too: where it is written
    assert third.by == second.by
    assert third.of == first.of


def test_conditions_are_parsed() -> None:
    book, faults = read(
        "version: 1\nrules: [{id: A, says: x, "
        "distinct: {of: A, by: b, where: deletedAt is null and total >= 1}}]"
    )
    assert faults == ()
    rule = book.entries[0].rule
    assert isinstance(rule, Distinct)
    assert rule.where is not None
    assert rule.where.text == rule.where.span.text == "deletedAt is null and total >= 1"


def test_only_conditions_import_sqlglot() -> None:
    script = (
        "import sys\n"
        "from tests.rulebook.toy_kinds import read\n"
        "assert read(sys.argv[1])[1] == ()\n"
        "print(*sorted({'sqlglot', 'json', 'tomllib', 'difflib', 'rich'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, SHOP], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def test_twenty_rules_take_a_few_milliseconds() -> None:
    from schemalint.rulebook import read_rulebook

    rules = SHOP.partition("rules:\n")[2]
    text = "version: 1\nrules:\n" + "".join(
        rules.replace("BR-", f"{at}-").replace("id: 3", f"id: {at}-3") for at in range(7)
    )
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        book, faults = read_rulebook([SourceFile("a.yaml", text)], KINDS)
        best = min(best, time.process_time() - start)
        assert (len(book.entries), faults) == (21, ())
    assert best < 0.05  # 4 ms on a slow machine; the margin is for a busy one
