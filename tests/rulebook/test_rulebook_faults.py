"""Everything that can be wrong with a rulebook: what is said, and exactly where."""

from __future__ import annotations

import pytest

from tests.rulebook.toy_kinds import at, read, told

HEAD = "version: 1\nrules:\n"
RULE = "- {id: A, says: x, link: {from: A.b, to: C}}\n"


def entry(body: str) -> str:
    """A rulebook of one rule; its `id` stands on line 3, `body` begins on line 5."""
    lines = "".join(f"  {line}\n" for line in body.splitlines())
    return f"{HEAD}- id: A\n  says: x\n{lines}"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1-1:1", "the rulebook is empty"),
        ("# nothing\n", "1:1-1:1", "the rulebook is empty"),
        ("---\n", "1:1-1:1", "the rulebook is empty"),
        (
            "- id: A\n",
            "1:1-1:8",
            "a list stands where a mapping with `version` and `rules` belongs: "
            "the rulebook as a whole",
        ),
        (
            "rules\n",
            "1:1-1:6",
            "the text `rules` stands where a mapping with `version` and `rules` belongs: "
            "the rulebook as a whole",
        ),
        (
            "rules:\n" + RULE,
            "1:1-1:6",
            "the rulebook does not say which version of the format it is written in",
        ),
        (
            "version: 2\nrules:\n" + RULE,
            "1:10-1:11",
            "this is version 2 of the rulebook's format; schemalint reads version 1",
        ),
        (
            'version: "1"\nrules:\n' + RULE,
            "1:10-1:13",
            "the text `1` stands where a whole number belongs: `version`",
        ),
        (
            "version:\nrules:\n" + RULE,
            "1:1-1:8",
            "`version` has no value",
        ),
        ("versoin: 1\nrules:\n" + RULE, "1:1-1:8", "the rulebook has no key `versoin`"),
        ("version: 1\n", "1:1-1:8", "the rulebook lacks `rules`"),
        ("version: 1\nrules: []\n", "2:8-2:10", "the list `rules` holds no rule"),
        (
            "version: 1\nrules: {id: A}\n",
            "2:8-2:15",
            "a mapping stands where a list of rules belongs: `rules`",
        ),
        (
            "version: 1\nid: A\nrules:\n" + RULE,
            "2:1-2:3",
            "`id` belongs to a rule, not to the document",
        ),
        (
            "version: 1\nlink: {}\nrules:\n" + RULE,
            "2:1-2:5",
            "`link` belongs to a rule, not to the document",
        ),
        (
            "version: 1\nclosed: 'true'\nrules:\n" + RULE,
            "2:9-2:15",
            "the text `true` stands where `true` or `false` belongs: `closed`",
        ),
        (
            "version: 1\nversion: 1\nrules:\n" + RULE,
            "2:1-2:8",
            "the key `version` stands twice in one mapping",
        ),
        (
            "version: 1\nentities: [A]\nrules:\n" + RULE,
            "2:11-2:14",
            "a list stands where a mapping of models belongs: `entities`",
        ),
        (
            "version: 1\nentities: {A: x}\nrules:\n" + RULE,
            "2:15-2:16",
            "the text `x` stands where a mapping with `says` belongs: the entity `A`",
        ),
        (
            "version: 1\nentities: {A: {fields: [b]}}\nrules:\n" + RULE,
            "2:12-2:13",
            "the entity `A` lacks `says`",
        ),
        (
            "version: 1\nentities: {A: {says: x, feilds: [b]}}\nrules:\n" + RULE,
            "2:25-2:31",
            "the entity `A` has no key `feilds`",
        ),
        (
            HEAD + "- link\n",
            "3:3-3:7",
            "the text `link` stands where a mapping belongs: each rule of the list `rules`",
        ),
        (
            HEAD + RULE + "---\na: b\n",
            "4:1-4:4",
            "a second document begins here; the file must hold one",
        ),
        ("version: 1\nrules:\n  - {}\n", "3:5-3:7", "a rule says nothing"),
        ("version: 1\nrules:\n  - {? [id]: A}\n", "3:8-3:12", "a key must be a single name"),
    ],
)
def test_document(text: str, place: str, message: str) -> None:
    _, faults = read(text)
    assert told(faults) == [(place, message)]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (HEAD + "- says: x\n  link: {from: A.b, to: C}\n", "3:3-3:7", "a rule lacks `id`"),
        (HEAD + "- id: A\n  link: {from: A.b, to: C}\n", "3:7-3:8", "the rule `A` lacks `says`"),
        (
            HEAD + "- id: A\n  says: ' '\n  link: {from: A.b, to: C}\n",
            "4:9-4:12",
            "`says` is blank",
        ),
        (
            HEAD + "- id: A\n  says:\n  link: {from: A.b, to: C}\n",
            "4:3-4:7",
            "`says` has no value",
        ),
        (
            HEAD + "- id: [A]\n  says: x\n  link: {from: A.b, to: C}\n",
            "3:7-3:10",
            "a list stands where a text belongs: `id`",
        ),
        (entry(""), "3:7-3:8", "the rule `A` has no kind: nothing says what it forbids"),
        (
            entry("link: {from: A.b, to: C}\nsteps: {of: A.b, values: [c]}"),
            "6:3-6:8",
            "the rule `A` has 2 kinds, `link`, `steps`; a rule has exactly one",
        ),
        (entry("lnik: {from: A.b, to: C}"), "5:3-5:7", "there is no kind of rule `lnik`"),
        (entry("overlap: {of: A}"), "5:3-5:10", "there is no kind of rule `overlap`"),
        (
            entry("link: {from: A.b, to: C}\nserverity: info"),
            "6:3-6:12",
            "a rule has no key `serverity`",
        ),
        (
            entry("link: [A.b, C]"),
            "5:9-5:17",
            "a list stands where a mapping belongs: the parameters of `link`",
        ),
        (
            entry("link:"),
            "5:3-5:7",
            "nothing stands where a mapping belongs: the parameters of `link`",
        ),
        (
            entry("link: {from: A.b, to: C}\nenforced_by: services"),
            "6:16-6:24",
            "`enforced_by` cannot be `services`",
        ),
        (
            entry("link: {from: A.b, to: C}\nenforced_by: service"),
            "6:16-6:23",
            "the rule `A` is left to the service layer without a reason",
        ),
        (
            entry("link: {from: A.b, to: C}\nseverity: [error]"),
            "6:13-6:20",
            "a list stands where `error` or `warning` or `info` belongs: `severity`",
        ),
        (
            entry("link: {from: A.b, to: C}\ndialects: [sqlite, postgres]"),
            "6:22-6:30",
            "`dialects` cannot be `postgres`",
        ),
        (
            entry("link: {from: A.b, to: C}\ndialects: []"),
            "6:13-6:15",
            "the list `dialects` is empty",
        ),
        (entry("link: {from: A.b, too: C}"), "5:21-5:24", "`link` has no parameter `too`"),
        (entry("link: {from: A.b}"), "5:3-5:7", "`link` lacks `to`"),
        (
            entry("link: {from: A.b, to: C, from: D.e}"),
            "5:28-5:32",
            "the key `from` stands twice in one mapping",
        ),
        (
            entry("link: {from: A.b, to: C, most: many}"),
            "5:34-5:38",
            "the text `many` stands where a whole number belongs: `most`",
        ),
        (
            entry("link: {from: A.b, to: C, label: [a]}"),
            "5:35-5:38",
            "a list stands where a text belongs: `label`",
        ),
        (
            entry("link: {from: A.b, to: C, between: [a]}"),
            "5:37-5:40",
            "a list stands where a list of two names belongs: `between`",
        ),
        (
            entry("link:\n  from:\n    - A.b\n    - A.c\n  to: C"),
            "7:7-7:12",
            "a list stands where one name belongs: `from`",
        ),
        (
            entry("distinct: {of: A, by: {b: c}}"),
            "5:25-5:31",
            "a mapping stands where a list belongs: `by`",
        ),
        (entry("distinct: {of: A, by: []}"), "5:25-5:27", "the list `by` is empty"),
        (
            entry("distinct: {of: A, by: [b, c, b]}"),
            "5:32-5:33",
            "`b` stands twice in the list `by`",
        ),
        (
            entry('distinct: {of: [A, "*"], by: b}'),
            "5:23-5:24",
            '`"*"` already means every model; the other names beside it say nothing',
        ),
        (
            entry('distinct: {of: A, by: b, ignore_case: "true"}'),
            "5:41-5:47",
            "the text `true` stands where `true` or `false` belongs: `ignore_case`",
        ),
        (
            entry("distinct: {of: A, by: b, ignore_case: 1}"),
            "5:41-5:42",
            "the number `1` stands where `true` or `false` belongs: `ignore_case`",
        ),
        (
            entry("distinct: {of: A, by: b, nulls: difer}"),
            "5:35-5:40",
            "`nulls` cannot be `difer`",
        ),
        (
            entry("distinct: {of: A, by: b, where: [c]}"),
            "5:35-5:38",
            "a list stands where a condition belongs: `where`",
        ),
        (
            entry("distinct: {of: A, by: b, where: ' '}"),
            "5:35-5:38",
            "the condition `where` is empty",
        ),
        (
            entry("steps: {of: A.b, values: [c], then: [c]}"),
            "5:39-5:42",
            "a list stands where a mapping belongs: `then`",
        ),
        (
            entry("steps: {of: A.b, values: [c], first: d}"),
            "5:40-5:41",
            "`d` is none of the values",
        ),
        (
            entry("steps: {of: A.b, values: [c], then: {c: c, d: c}}"),
            "5:3-5:8",
            "there are more steps than values",
        ),
        (
            entry("steps: {of: A.b, values: [c], except: d}"),
            "5:33-5:39",
            "`steps` has no parameter `except`",
        ),
    ],
)
def test_rule(text: str, place: str, message: str) -> None:
    book, faults = read(text)
    assert told(faults) == [(place, message)]
    assert book.entries == ()


@pytest.mark.parametrize(
    ("text", "help"),
    [
        (
            entry("lnik: {}"),
            "did you mean `link`? allowed: `distinct`, `link`, `steps`",
        ),
        (
            entry("link: {from: A.b, to: C}\nserverity: info"),
            "did you mean `severity`? allowed: `id`, `says`, `enforced_by`, `because`, "
            "`severity`, `dialects`",
        ),
        (
            entry("distinct: {off: A, by: b}"),
            "did you mean `of`? allowed: `of`, `by`, `where`, `ignore_case`, `nulls`, `except`",
        ),
        (entry("link: [A, B]"), "write `link: {from: name, to: name}`"),
        (
            entry("distinct: {of: A}"),
            "add `by: [name]`: The fields that tell rows apart.",
        ),
        (
            entry('distinct: {of: A, by: b, ignore_case: "false"}'),
            "take the quotes away: `ignore_case: false`",
        ),
        (
            entry("distinct: {of: A, by: b, nulls: EQUAL}"),
            "did you mean `equal`? allowed: `differ`, `equal`",
        ),
        (
            entry("steps: {of: A.b, values: [c], then: [c]}"),
            "write `then: {name: [name]}`",
        ),
        (entry(""), "add one of `distinct`, `link`, `steps`"),
        ("entities: {}\nversion: one\n", "write `version: 1`"),
    ],
)
def test_help(text: str, help: str) -> None:
    _, faults = read(text)
    assert [fault.help for fault in faults] == [help]


def test_everything_at_once_and_what_is_sound_is_kept() -> None:
    text = """\
version: 3
cloesd: true
entities:
  Good: {says: sound}
  Bad: {}
rules:
- id: A
  says: sound
  link: {from: A.b, to: C}
- id: B
  sayz: x
  distinct: {off: A, by: {}, ignore_case: "true", nulls: no}
  enforced_by: dream
- id: C
  says: sound too
  steps: {of: A.b, values: [c]}
"""
    book, faults = read(text)
    assert [entry.id for entry in book.entries] == ["A", "C"]
    assert [entity.model.text for entity in book.entities] == ["Good"]
    assert [at(fault.span).partition("-")[0] for fault in faults] == [
        "1:10",
        "2:1",
        "5:3",
        "11:3",
        "12:14",
        "12:26",
        "12:43",
        "12:58",
        "13:16",
    ]


def test_two_kinds_are_both_read_for_their_faults() -> None:
    _, faults = read(entry("link: {from: A.b, to: C, most: x}\nsteps: {of: A.b}"))
    assert [fault.message for fault in faults] == [
        "the text `x` stands where a whole number belongs: `most`",
        "the rule `A` has 2 kinds, `link`, `steps`; a rule has exactly one",
        "`steps` lacks `values`",
    ]
    related = faults[1].related
    assert [(one.message, at(one.span)) for one in related] == [("`link` stands here", "5:3-5:7")]


def test_an_id_belongs_to_one_rule_over_all_files() -> None:
    book, faults = read(HEAD + RULE, HEAD + RULE.replace("id: A", "id: 'A'"))
    assert [entry.id for entry in book.entries] == ["A"]
    (fault,) = faults
    assert (fault.span.file.path, at(fault.span)) == ("b.yaml", "3:9-3:10")
    assert fault.message == "the id `A` belongs to two rules"
    (other,) = fault.related
    assert (other.span.file.path, at(other.span)) == ("a.yaml", "3:8-3:9")


def test_an_alias_of_a_rule_is_a_second_rule_with_its_id() -> None:
    book, faults = read(HEAD + "- &a {id: A, says: x, link: {from: A.b, to: C}}\n- *a\n")
    assert len(book.entries) == 1
    assert [fault.message for fault in faults] == ["the id `A` belongs to two rules"]


def test_an_entity_is_described_once_over_all_files() -> None:
    text = "version: 1\nentities: {A: {says: x}}\n"
    book, faults = read(text, text)
    assert len(book.entities) == 1
    assert [(fault.message, fault.related[0].span.file.path) for fault in faults] == [
        ("the entity `A` is described twice", "a.yaml")
    ]


def test_faults_come_in_the_order_of_files_and_places() -> None:
    bad = entry("link: {from: [A], too: B}\nseverity: x")
    _, faults = read(bad, bad.replace("id: A", "id: B"))
    keys = [(fault.span.file.path, fault.span.start) for fault in faults]
    assert keys == sorted(keys)
    assert len(keys) == 6


def test_what_aliases_repeat_is_told_once() -> None:
    _, faults = read(
        HEAD + "- {id: A, says: x, link: &l {from: A.b, to: []}}\n- {id: B, says: x, link: *l}\n"
    )
    assert [fault.message for fault in faults] == ["a list stands where one name belongs: `to`"]


CONDITIONS = [
    "c = 1 and nosuch(d) > 2",
    "'c = 1 and nosuch(d) > 2'",
    "'c = ''it''''s'' and nosuch(d) > 2'",
    '"c = 1 and nosuch(d) > 2"',
    "\"c = '\\u0041\\t\\x41' and nosuch(d) > 2\"",
    '"c = 1 \\\n      and nosuch(d) > 2"',
    "c = 1\n      and nosuch(d) > 2",
    ">\n      c = 1\n      and nosuch(d) > 2",
    ">-   # folded\n\n      c = 1\n\n      and nosuch(d) > 2",
    "|\n      c = 1\n        and nosuch(d) > 2\n",
    "&anchor c = 1 and nosuch(d) > 2",
    "&anchor # a comment\n      c = 1 and nosuch(d) > 2",
]


@pytest.mark.parametrize("written", CONDITIONS)
def test_the_place_inside_of_a_condition(written: str) -> None:
    text = f"{HEAD}- id: A\n  says: x\n  distinct:\n    of: A\n    by: b\n    where: {written}\n"
    for line_end in ("\n", "\r\n"):
        _, faults = read(text.replace("\n", line_end))
        (fault,) = faults
        assert "`nosuch`" in fault.message
        assert fault.span.text == "nosuch(d)"


def test_the_place_of_a_condition_that_ends_too_early() -> None:
    _, faults = read(entry("distinct: {of: A, by: b, where: c =}"))
    (fault,) = faults
    assert at(fault.span).startswith("5:3")
    assert fault.span.start >= faults[0].span.file.text.index("c =")
