"""No text makes the readers raise, and every place lies inside of the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemalint.config import read_settings
from schemalint.documents.nodes import Fault
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile, Span
from tests.config.test_config import ODD, TOML, YAML
from tests.rulebook.test_rulebook import SHOP
from tests.rulebook.toy_kinds import KINDS

PIECES = [
    *"\n:-[]{}&*!|>'\"%@`,#?~\\\t\0\r \ufeff\x85\u2028é😀\ud800=.",
    *("  ", ": ", "- ", "<<: ", "*a", "&a ", "---\n", "...\n", "!!x ", "null", "true", "1", "\\u"),
    *("rules:", "version: 1\n", "id: A", "says: x", "link: ", "distinct:", "steps:", "where: "),
    *("of: ", "by: ", "from: ", "values: ", "enforced_by: service", "a = 'x' and", "lower(", "''"),
    *("[tool.schemalint]\n", "[[", "]]", '"""', "'''", "= [1", "schema", "options"),
]


def mutated(original: str) -> st.SearchStrategy[str]:
    """`original` with some pieces put in place of some of its ranges."""
    change = st.tuples(st.integers(0, len(original)), st.integers(0, 12), st.sampled_from(PIECES))

    def apply(changes: list[tuple[int, int, str]]) -> str:
        text = original
        for start, length, piece in changes:
            text = text[:start] + piece + text[start + length :]
        return text

    return st.lists(change, min_size=1, max_size=4).map(apply)


SHOP_WITH_CONDITIONS = SHOP.replace(
    "nulls: equal}", "nulls: equal, where: \"a = 'b' and\n      c in (1, 2)\"}"
).replace("- id: BR-01\n", "- &first\n    id: BR-01\n")

YAML_TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    mutated(SHOP_WITH_CONDITIONS),
)
SETTINGS_TEXTS = st.one_of(mutated(YAML), mutated(TOML), mutated(ODD), YAML_TEXTS)


def inside(span: Span) -> None:
    assert 0 <= span.start <= span.end <= len(span.file.text)
    place = span.place
    assert (place.line, place.column) <= (place.end_line, place.end_column)


def check_faults(faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        assert fault.message
        inside(fault.span)
        for related in fault.related:
            inside(related.span)


def check_rulebook(text: str) -> None:
    book, faults = read_rulebook([SourceFile("a.yaml", text)], KINDS)
    check_faults(faults)
    for entry in book.entries:
        for span in (entry.span, entry.id_span, entry.kind_span):
            inside(span)
        assert entry.id_span.text.strip("'\"")
    if book.closed_span is not None:
        inside(book.closed_span)
    for entity in book.entities:
        inside(entity.span)


def check_settings(text: str) -> None:
    for name in ("pyproject.toml", "schemalint.yaml"):
        found, faults = read_settings(SourceFile(name, text))
        check_faults(faults)
        for ref in (*found.schema, *found.rules, *found.select, *found.options):
            inside(ref.span)


CHECKS = [(YAML_TEXTS, check_rulebook), (SETTINGS_TEXTS, check_settings)]
UNHURRIED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.mark.parametrize("compiled", [True, False], ids=["C", "Python"])
@pytest.mark.parametrize(("texts", "check"), CHECKS, ids=["rulebook", "settings"])
def test_a_few_texts(
    texts: st.SearchStrategy[str],
    check: Callable[[str], None],
    compiled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(texts, check, 150, compiled, monkeypatch)


@pytest.mark.fuzz
@pytest.mark.parametrize("compiled", [True, False], ids=["C", "Python"])
@pytest.mark.parametrize(("texts", "check"), CHECKS, ids=["rulebook", "settings"])
def test_many_texts(
    texts: st.SearchStrategy[str],
    check: Callable[[str], None],
    compiled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(texts, check, 20_000, compiled, monkeypatch)


def run(
    texts: st.SearchStrategy[str],
    check: Callable[[str], None],
    examples: int,
    compiled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if compiled and not yaml.__with_libyaml__:
        pytest.skip("the YAML library has no C part here")
    monkeypatch.setattr(yaml, "__with_libyaml__", compiled)

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=UNHURRIED)
    @given(texts)
    def fuzzed(text: str) -> None:
        check(text)

    fuzzed()
