"""YAML with places: by the library's C part and by its Python part, which must agree."""

from __future__ import annotations

import time

import pytest
import yaml

from schemalint.documents import yaml_source
from schemalint.documents.nodes import Fault, Mapping, Node, Scalar, Sequence, Unread, plain_value
from schemalint.documents.yaml_source import MAX_CHARACTERS, origins, read_yaml
from schemalint.source import SourceFile


@pytest.fixture(params=["C", "Python"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs every test with both parts of the YAML library."""
    if request.param == "C" and not yaml.__with_libyaml__:
        pytest.skip("the YAML library has no C part here")
    monkeypatch.setattr(yaml, "__with_libyaml__", request.param == "C")
    return str(request.param)


def read(text: str) -> tuple[Node | None, tuple[Fault, ...]]:
    return read_yaml(SourceFile("a.yaml", text))


def sound(text: str) -> Node:
    node, faults = read(text)
    assert faults == ()
    assert node is not None
    return node


def written(node: Node) -> object:
    """What the file has where each node stands."""
    if isinstance(node, Mapping):
        pairs = {pair.key.span.text: written(pair.value) for pair in node.pairs}
        return (node.span.text, pairs)
    if isinstance(node, Sequence):
        return (node.span.text, [written(item) for item in node.items])
    return node.span.text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: b", ("a: b", {"a": "b"})),
        ("a: b  # c\n\n\n", ("a: b", {"a": "b"})),
        ("a: 'b''c'", ("a: 'b''c'", {"a": "'b''c'"})),
        ('"a" : "b"', ('"a" : "b"', {'"a"': '"b"'})),
        ("a:\n- b\n\n# x\nc: d", ("a:\n- b\n\n# x\nc: d", {"a": ("- b", ["b"]), "c": "d"})),
        ("a: [b, {c: d}, e: f ]\n", (
            "a: [b, {c: d}, e: f ]",
            {"a": ("[b, {c: d}, e: f ]", ["b", ("{c: d}", {"c": "d"}), ("e: f", {"e": "f"})])},
        )),
        ("a: |\n  b\n\n  c\n\n\nd: e", (
            "a: |\n  b\n\n  c\n\n\nd: e", {"a": "|\n  b\n\n  c", "d": "e"}
        )),
        ("a: &x !t\n  b: c\n", None),
        ("a:\nb:\n", ("a:\nb:", {"a": "", "b": ""})),
        ("ä: '😀'\r\nb: ü\r\n", ("ä: '😀'\r\nb: ü", {"ä": "'😀'", "b": "ü"})),
        ("a: b\rc: d\r", ("a: b\rc: d", {"a": "b", "c": "d"})),
        ("a: b\n  c\n", ("a: b\n  c", {"a": "b\n  c"})),
        ("? a\n: b\n", ("a\n: b", {"a": "b"})),
    ],
)  # fmt: skip
def test_places(text: str, places: object) -> None:
    node, faults = read(text)
    assert node is not None
    if places is None:
        assert [fault.span.text for fault in faults] == ["!t"]
        places = ("a: &x !t\n  b: c", {"a": ("b: c", {"b": "c"})})
    shown = written(node)
    if text.startswith("?"):
        assert isinstance(shown, tuple)
        assert shown[1] == {"a": "b"}
    else:
        assert shown == places


def test_a_byte_order_mark_shifts_nothing() -> None:
    node = sound("\ufeffa: [b, c]")
    assert written(node) == ("a: [b, c]", {"a": ("[b, c]", ["b", "c"])})


@pytest.mark.parametrize("empty", ["", "\n\n", "# nothing", "\ufeff", "\ufeff# nothing\n"])
def test_no_document(empty: str) -> None:
    assert read(empty) == (None, ())


def test_the_quotes_do_not_belong_to_a_name() -> None:
    node = sound("[a, 'b', \"c\", 'd''e', \"f\\x67\"]")
    assert isinstance(node, Sequence)
    inner = [item.inner.text for item in node.items if isinstance(item, Scalar)]
    assert inner == ["a", "b", "c", "'d''e'", '"f\\x67"']


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("No", False),
        ("OFF", False),
        ("yEs", "yEs"),
        ("'true'", "true"),
        ("12", 12),
        ("-1_000", -1000),
        ("1.5", 1.5),
        ("1.5e3", 1500.0),
        ("012", "012"),
        ("'12'", "12"),
        ("null", None),
        ("~", None),
        ("'~'", "~"),
        ("", None),
        ("2001-01-01", "2001-01-01"),
        ("|\n  12\n", "12\n"),
        ("9" * 200, "9" * 200),
    ],
)
def test_plain_values(written: str, value: object) -> None:
    got = plain_value(sound(f"a: {written}"))
    assert got == {"a": value}
    assert type(got["a"]) is type(value)


# -- anchors and merge keys ------------------------------------------------------------------


def test_aliases_stand_for_what_is_written_elsewhere() -> None:
    node = sound("a: &x [b, c]\nd: *x\n")
    assert plain_value(node) == {"a": ["b", "c"], "d": ["b", "c"]}
    assert isinstance(node, Mapping)
    assert node.pairs[0].value is node.pairs[1].value


def test_a_later_anchor_of_the_same_name_counts_from_there() -> None:
    assert plain_value(sound("[&a b, *a, &a c, *a]")) == ["b", "b", "c", "c"]


@pytest.mark.parametrize(
    ("merge", "value"),
    [
        ("{<<: *x}", {"a": "1", "b": "2"}),
        ("{<<: *x, b: '3'}", {"b": "3", "a": "1"}),
        ("{b: '3', <<: *x}", {"b": "3", "a": "1"}),
        ("{<<: [*x, *y]}", {"a": "1", "b": "2", "c": "5"}),
        ("{<<: [*y, *x]}", {"a": "4", "c": "5", "b": "2"}),
        ("{<<: {<<: *x, a: '9'}}", {"a": "9", "b": "2"}),
        ("{'<<': '3'}", {"<<": "3"}),
    ],
)
def test_merge_keys(merge: str, value: object) -> None:
    text = f"x: &x {{a: '1', b: '2'}}\ny: &y {{a: '4', c: '5'}}\nz: {merge}\n"
    node = plain_value(sound(text))
    assert node["z"] == value


@pytest.mark.parametrize(
    ("text", "message", "blamed"),
    [
        ("a: *b", "no anchor `&b` stands before this alias", "*b"),
        (
            "a: &b [*b]",
            "`*b` stands inside of what `&b` names, which would never end",
            "*b",
        ),
        ("{<<: 1}", "`<<` merges a mapping or a list of mappings in, and here is neither", "1"),
        ("{<<: [[]]}", "`<<` merges a mapping or a list of mappings in, and here is neither", "[]"),
        ("a: &x {}\nb: {<<: *x, <<: *x}", "the key `<<` stands twice in one mapping", "<<"),
        ("a: 1\n'a': 2", "the key `a` stands twice in one mapping", "'a'"),
        ("[a]: b", "a key must be a single name", "[a]"),
        ("a: !!python/name:os.system b", "the tag `!!python/name:os.system` means nothing here",
         "!!python/name:os.system"),
        ("a: !!str b", "the tag `!!str` means nothing here", "!!str"),
        ("!<x> {a: b}", "the tag `!<x>` means nothing here", "!<x>"),
        ("a: ! b", "the tag `!` means nothing here", "!"),
        ('a: "\\0"', "an escape in this text stands for a character that cannot be printed",
         '"\\0"'),
        ("a: b\n--- \nc: d", "a second document begins here; the file must hold one", "---"),
    ],
)  # fmt: skip
def test_faults_of_nodes(text: str, message: str, blamed: str) -> None:
    node, faults = read(text)
    assert node is not None
    assert [(fault.message, fault.span.text) for fault in faults] == [(message, blamed)]


# -- refusals --------------------------------------------------------------------------------


def refusal(text: str) -> Fault:
    node, (fault,) = read(text)
    assert node is None
    return fault


def test_an_alias_bomb() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghij", "abcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    start = time.process_time()
    fault = refusal("\n".join(lines))
    assert fault.message == "the aliases of this file stand for more than 100,000 values"
    assert fault.span.text == "*e"
    assert time.process_time() - start < 5


def test_a_bomb_of_merges() -> None:
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{at}: &a{at} {{<<: [*a{at - 1}, *a{at - 1}]}}" for at in range(1, 40)]
    assert "more than 100,000 values" in refusal("\n".join(lines)).message


def test_aliases_within_the_limit() -> None:
    text = "a: &a [x, y, z]\nb: [" + ", ".join(["*a"] * 1_000) + "]"
    assert len(plain_value(sound(text))["b"]) == 1_000


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a: " * 10_000, "- " * 10_000, "[" * 101])
def test_too_deep(deep: str) -> None:
    fault = refusal(deep)
    assert fault.message == "lists and mappings stand more than 100 levels deep here"


def test_just_not_too_deep() -> None:
    sound("[" * 100 + "]" * 100)


def test_too_long() -> None:
    fault = refusal("a: b\n" + "#" * MAX_CHARACTERS)
    assert fault.message == "the file has 10,000,005 characters; more than 10,000,000 are not read"


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\0", "a NUL character stands in the file; YAML is printable text"),
        ("\x1b", "the control character U+001B stands in the file; YAML is printable text"),
        ("\x80", "the control character U+0080 stands in the file; YAML is printable text"),
        ("\ufeff", "a byte-order mark stands in the file; YAML is printable text"),
        ("\ud800", "half a surrogate pair (U+D800) stands in the file; YAML is printable text"),
        ("\uffff", "the control character U+FFFF stands in the file; YAML is printable text"),
    ],
)
def test_unprintable_characters(character: str, message: str) -> None:
    fault = refusal(f"a: b\n# {character}\n")
    assert (fault.message, fault.span.start, fault.span.end) == (message, 7, 8)


ALIGN = (
    "lines of one mapping or list begin in the same column; look also for a missing `:`, quote or "
    "bracket in the line before"
)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("a:\n\t- b", 3, "a tab stands here; YAML indents by spaces only"),
        ("a:\n  - b: c\n\td: e", 12, "a tab stands here; YAML indents by spaces only"),
        ("a: @b", 3, "an unquoted text cannot begin with `@`"),
        ("a: `b`", 3, "an unquoted text cannot begin with a backtick"),
        ("a: %b", 3, "an unquoted text cannot begin with `%`"),
        ("a: b: c", 4, "a `key: value` cannot stand here"),
        ("a: b\n c: d", 7, "a `key: value` cannot stand here"),
        ("a: b\nc\nd: e", 5, "this is no `key: value`: the `:` is missing"),
        ("a: 'b\nc: d\n", 3, "the quote that opens here is never closed"),
        ('a: "b', 3, "the quote that opens here is never closed"),
        ("a: [b, c\nd: e\n", 10, "a `,` or `]` is missing before this"),
        ("a: [b, \n", 3, "the bracket that opens here has no closing `]`"),
        ("a: {b: [c], d: \n", 3, "the bracket that opens here has no closing `}`"),
        ("a: [b, c\n", 3, "the bracket that opens here has no closing `]`"),
        ("{a: b", 0, "the bracket that opens here has no closing `}`"),
        ("a: [b]]", 6, "this `]` closes nothing"),
        ("a: *\n", 3, "an unquoted `*` begins an alias and needs a name behind it"),
        ("a: &\n", 3, "an unquoted `&` begins an anchor and needs a name behind it"),
        ("a: - b", 3, "a list item `- ` cannot stand here"),
        ("- a\nb: c", 4, "this does not fit into the list or mapping around it"),
        ("a: 'b' c", 7, "this does not fit into the list or mapping around it"),
        ("a: [b,,c]", 6, "a value is missing before this"),
        ("a: |b\n c", 4, "nothing but a comment may stand on the line of a `|` or `>`"),
        ("a: b\n...\nc: d", 9, "nothing may stand here"),
        ("a: !e!x b", 3, "a tag (`!...`) means nothing here"),
    ],
)
def test_syntax_errors(text: str, at: int, message: str) -> None:
    fault = refusal(text)
    assert (fault.message, fault.span.start) == (message, at)
    assert fault.span.end <= len(text)
    shifted = refusal("\ufeff" + text)
    assert (shifted.message, shifted.span.start) == (message, at + 1)


def test_syntax_errors_show_what_was_open() -> None:
    fault = refusal("a: [b, c\nd: e\n")
    assert [(one.message, one.span.text) for one in fault.related] == [("it begins here", "[")]
    assert refusal("a: *\n").help == 'write `"*"` in quotes if the sign itself is meant'
    assert refusal("- a\nb: c").help == ALIGN


# -- places inside of scalars ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a: one two",
        "a: 'one ''two'''",
        'a: "one \\"two\\" \\u0041\\x42\\U00000043 \\t\\\\ end"',
        'a: "one \\\n   two\n\n  three"',
        "a: one\n  two\n\n  three",
        "a: >\n  one\n  two\n\n  three\n",
        "a: >2-\n    one\n   two\n",
        "a: |\n  one\n    two\n\n  three\n",
        "a: |+ # x\n  one\n\n\n",
    ],
)
def test_origins(text: str) -> None:
    node = sound(text)
    assert isinstance(node, Mapping)
    scalar = node.pairs[0].value
    assert isinstance(scalar, Scalar)
    ranges = origins(scalar)
    assert ranges is not None
    assert len(ranges) == len(scalar.text)
    escapes = {'\\"': '"', "''": "'", "\\\\": "\\"}
    escapes |= {"\\u0041": "A", "\\x42": "B", "\\U00000043": "C"}
    for letter, (start, end) in zip(scalar.text, ranges, strict=True):
        if not letter.isspace():
            raw = text[start:end]
            assert escapes.get(raw, raw) == letter
    assert [start for start, _ in ranges] == sorted(start for start, _ in ranges)


def test_an_unread_place_is_nothing() -> None:
    node, _ = read("[*a]")
    assert isinstance(node, Sequence)
    assert isinstance(node.items[0], Unread)
    assert plain_value(node) == [None]


def test_both_parts_of_the_library_are_tried(library: str) -> None:
    parser = yaml_source._parser("a: b")
    assert (type(parser).__name__ == "CParser") == (library == "C")
