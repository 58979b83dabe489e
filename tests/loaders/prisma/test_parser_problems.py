"""What the Prisma parser says of text that the grammar does not allow, and what it saves of it."""

from __future__ import annotations

import pytest

from schemalint.loaders.loaded import Problem
from schemalint.loaders.prisma.parser import parse
from schemalint.loaders.prisma.syntax import Document
from schemalint.source import SourceFile


def read(text: str) -> Document:
    return parse(SourceFile("schema.prisma", text))


def only_problem(document: Document) -> Problem:
    (problem,) = document.problems
    return problem


def lines(document: Document) -> list[int]:
    return [problem.span.place.line for problem in document.problems]


@pytest.mark.parametrize(
    ("line", "span", "message", "help"),
    [
        ("b Int!", "Int!", "`Int!` is not a type", "write `Int`"),
        ("b [Int]", "[Int]", "A list of `Int` is written `Int[]`", "write `Int[]`"),
        ("b Int[]?", "Int[]?", "a list cannot be optional", "write `Int[]`"),
        ("b: Int", ":", "separated by a colon", "remove the `:`: `b Int`"),
        ("b", "b", "The field `A.b` has no type", "`b String`"),
        ("b @unique", "b @unique", "The field `A.b` has no type", "`b String`"),
        ("b Int @x(1,)", ",", "`@x` end with a comma", "remove the comma"),
        ("b Int @x(a:)", "a", "argument `a` of `@x` has no value", "write a value"),
        ('b Int @x("\\q")', "\\q", "`\\q` is not an escape", "twice"),
        ('b Int @x("\\u12")', "\\u", "escape names no character", "four hexadecimal digits"),
    ],
)
def test_forms_with_a_remedy(line: str, span: str, message: str, help: str) -> None:
    problem = only_problem(read(f"model A {{\n  id Int @id\n  {line}\n}}\n"))
    assert problem.span.text == span
    assert problem.span.place.line == 3
    assert message in problem.message
    assert problem.help is not None
    assert help in problem.help


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("b Int, c Int", "remove `,`"),
        ("b Int;", "remove `;`"),
        ("_b Int", "a field starts with its name"),
        ("@unique", "a field starts with its name"),
        ("b Int @x('a')", "between double quotes"),
        ("b Int @x([1, 2,])", "a comma stands behind the last one"),
        ("b Int @x([1 2])", "`,` or `]` has to follow the value"),
        ("b Int @x(1 /* c */)", "a comment cannot stand between brackets"),
        ("b Int @x(", "stand on one line"),
        ('b Int @x("a', 'end with `"` on the same line'),
        ("b Int @@map", "stands on a line of its own"),
        ("b Int @", "the name of an attribute is missing"),
        ("b Int}", "`}` has to stand on a line of its own"),
        ("b Int /* c */ @x", "the last on its line"),
        ("@@index({1 2})", "`name: value`"),
        ("@@index([a]) b", "`b` cannot follow here"),
    ],
)
def test_a_bad_line_says_why_and_loses_only_itself(line: str, reason: str) -> None:
    document = read(f"model A {{\n  id Int @id\n  {line}\n  c Int\n  @@map('x')\n}}\n")
    first, second = document.problems
    assert first.message.startswith("This line is not a valid field or attribute: ")
    assert reason in first.message
    assert first.span.text == line
    assert (first.span.place.line, second.span.place.line) == (3, 5)
    (block,) = document.blocks
    assert [field.name for field in block.fields] == ["id", "c"]


def test_bad_lines_of_enums_and_settings() -> None:
    document = read(
        "enum E {\n  A, B\n  C\n  _D\n}\ngenerator g {\n  a: 1\n  b = [\n    1\n  ]\n  c = 1\n}\n"
    )
    assert lines(document) == [2, 4, 7, 8, 9, 10]
    enum, generator = document.blocks
    assert [value.name for value in enum.values] == ["C"]
    assert [setting.key for setting in generator.settings] == ["c"]


def test_a_setting_without_a_value() -> None:
    document = read('datasource db {\n  provider =\n  relationMode = "prisma"\n}\n')
    problem = only_problem(document)
    assert "`provider` in the datasource `db` has no value" in problem.message
    assert problem.span == document.blocks[0].span
    assert problem.related[0].span.text == "provider"


@pytest.mark.parametrize(
    ("text", "lines_of_problems", "message"),
    [
        ("models A {\n  id Int\n}\n", [1, 2, 3], "`models` opens no block"),
        ("model A\n{\n  id Int\n}\n", [1, 2, 3, 4], "has no `{` on its line"),
        ("model A { id Int }\n", [1], "is never closed"),
        ("model A B {\n}\n", [1, 2], "there has to be one name"),
        ("}\n", [1], "closes nothing"),
        ("id Int\n", [1], "outside any block"),
        ("@@map(\"x\")\n", [1], "This attribute stands outside any block"),
        ("type X = Int @x\n", [1], "Prisma gave up"),
        ("User {\n  id Int\n}\n", [1], "starts with no keyword"),
        ("model {\n  id Int\n}\n", [1], "This `model` has no name"),
        ("/* open\n", [1], "never closed"),
        ("model A {\n}} \n", [2], "closes nothing"),
    ],
)  # fmt: skip
def test_outside_blocks(text: str, lines_of_problems: list[int], message: str) -> None:
    document = read(f"{text}enum E {{\n  A\n}}\n" if "is never" not in message else text)
    assert lines(document) == lines_of_problems
    assert message in document.problems[0].message


def test_a_near_keyword_is_proposed() -> None:
    assert read("Model A {\n}\n").problems[0].help == "did you mean `model`?"


def test_a_block_that_is_not_closed_ends_where_the_next_begins() -> None:
    document = read("model A {\n  id Int\n\nmodel B {\n  id Int\n}\nenum E {\n  A\n}\n")
    problem = only_problem(document)
    assert problem.span.text == "model B"
    assert problem.related[0].span.text == "model A"
    assert [(block.name, block.complete) for block in document.blocks] == [
        ("A", False),
        ("B", True),
        ("E", True),
    ]
    assert [field.name for field in document.blocks[0].fields] == ["id"]
    assert document.blocks[0].span.text == "model A {\n  id Int"


def test_a_block_that_the_file_ends_in() -> None:
    document = read("enum E {\n  A\n}\nmodel A {\n  id Int\n  // c\n  b Int;\n")
    assert lines(document) == [4, 5, 7]
    assert "never closed" in document.problems[0].message
    assert [(block.name, block.complete) for block in document.blocks] == [
        ("E", True),
        ("A", False),
    ]


def test_a_one_line_model_does_not_swallow_the_next_block() -> None:
    document = read("model A { id Int @id }\nmodel B {\n  id Int\n}\n")
    assert lines(document) == [2]
    assert document.blocks[1].name == "B"


def test_a_byte_order_mark_is_an_error_and_the_rest_is_understood() -> None:
    document = read("\ufeffmodel A {\n  id Int\n}\n")
    assert "byte-order mark" in only_problem(document).message
    assert document.blocks[0].name == "A"


@pytest.mark.parametrize("opening", ["[", "f(", "{a: ", "[f({a: "])
def test_deep_brackets_are_refused_and_not_followed(opening: str) -> None:
    document = read(f"model A {{\n  a Int @x({opening * 5000}\n  b Int\n}}\n")
    assert "deep inside each other" in only_problem(document).message
    assert [field.name for field in document.blocks[0].fields] == ["b"]


def test_a_hundred_brackets_are_read() -> None:
    text = f"model A {{\n  a Int @x({'[' * 99}{']' * 99})\n}}\n"
    assert read(text).problems == ()


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("model A {\n  id Int\n}\ntypes {\n  Email = String\n}\n", "types {"),
        ("types {\n}\n", "types {"),
        ("namespace public {\n  model A {\n    id Int\n  }\n}\n", "namespace public {"),
        ('enum E {\n  A = "a"\n  B = "b"\n}\n', 'A = "a"'),
        ("model A {\n  n Int\n  @@check(n > 0)\n}\n", "@@check(n > 0)"),
        ('model A {\n  n Int\n  @@check("n > 0")\n}\n', '@@check("n > 0")'),
        ('enum E {\n  @@type("pg/text@1")\n  A\n}\n', '@@type("pg/text@1")'),
        ("// use prisma-8\nmodel A {\n  id Int\n}\n", "// use prisma-8"),
    ],
)
def test_the_contract_language_of_prisma_8_is_one_problem(text: str, construct: str) -> None:
    document = read(text)
    problem = only_problem(document)
    assert "contract language of Prisma 8" in problem.message
    assert problem.span.text == construct
    assert document.blocks == ()


@pytest.mark.parametrize("block", ["datasource db", "generator client"])
def test_a_member_with_a_value_beside_a_configuration_is_a_slip(block: str) -> None:
    """The contract language has neither block; Prisma 7.10 reports the member and the rest."""
    text = f'{block} {{\n  provider = "mysql"\n}}\nenum E {{\n  A = "a"\n}}\nmodel M {{\n  x\n}}\n'
    document = read(text)
    assert lines(document) == [5, 8]
    assert document.problems[0].help is not None
    assert '`A @map("a")`' in document.problems[0].help


@pytest.mark.parametrize(
    "text",
    [
        "model types {\n  id Int\n}\n",
        "model A {\n  types String\n  namespace Int\n}\n",
        '// types {\nmodel A {\n  a String @default("@@check types {")\n}\n',
        "enum E {\n  types\n  check\n}\n",
    ],
)
def test_words_of_that_language_are_names_in_this_one(text: str) -> None:
    document = read(text)
    assert document.problems == ()
    assert len(document.blocks) == 1
