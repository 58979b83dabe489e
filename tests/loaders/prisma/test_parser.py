"""What the Prisma parser makes of sound text: names, types, attributes, values, places, docs."""

from __future__ import annotations

import pytest

from schemalint.attributes import Value
from schemalint.loaders.prisma.parser import parse
from schemalint.loaders.prisma.syntax import BlockNode, Document, FieldLine
from schemalint.source import SourceFile


def read(text: str) -> Document:
    """The document of a text that has nothing wrong with it."""
    document = parse(SourceFile("schema.prisma", text))
    assert document.problems == ()
    return document


def model(*lines: str) -> BlockNode:
    inside = "".join(f"  {line}\n" for line in lines)
    (block,) = read(f"model A {{\n{inside}}}\n").blocks
    return block


def field(line: str) -> FieldLine:
    (only,) = model(line).fields
    return only


def value(written: str) -> Value:
    """The value read where it stands as an attribute's argument."""
    read_value = field(f"a Int @x({written})").attributes[0].arguments[0].value
    assert read_value.span.text == written
    return read_value


def test_an_empty_file_has_no_blocks() -> None:
    assert read("").blocks == ()
    assert read("// only a comment").blocks == ()
    assert read(" \t\r\n\n").blocks == ()


def test_every_sort_of_block() -> None:
    openings = ["datasource db", "generator g", "model M", "view V", "type T", "enum E"]
    text = "".join(f"{opening} {{\n}}\n" for opening in openings)
    found = [(block.keyword, block.name, block.complete) for block in read(text).blocks]
    assert found == [
        ("datasource", "db", True),
        ("generator", "g", True),
        ("model", "M", True),
        ("view", "V", True),
        ("type", "T", True),
        ("enum", "E", True),
    ]


def test_places_of_a_block() -> None:
    (block,) = read("\n  model  User {\n    id Int\n  } // end\n").blocks
    assert block.keyword_span.text == "model"
    assert block.name_span.text == "User"
    assert block.span.text == "model  User {\n    id Int\n  }"
    place = block.name_span.place
    assert (place.line, place.column, place.end_line, place.end_column) == (2, 10, 2, 14)


def test_places_of_a_field() -> None:
    line = field('owner  User? @relation( "x", fields : [a, b] )  @ignore // note')
    assert line.span.text == 'owner  User? @relation( "x", fields : [a, b] )  @ignore'
    assert line.name_span.text == "owner"
    assert line.type_span.text == "User?"
    assert (line.type_name, line.arity) == ("User", "optional")
    relation, ignore = line.attributes
    assert relation.span.text == '@relation( "x", fields : [a, b] )'
    assert relation.name_span.text == "relation"
    assert [argument.span.text for argument in relation.arguments] == ['"x"', "fields : [a, b]"]
    fields = relation.arguments[1]
    assert fields.name_span is not None
    assert (fields.name, fields.name_span.text) == ("fields", "fields")
    assert fields.value.span.text == "[a, b]"
    assert [item.span.text for item in fields.value.items] == ["a", "b"]
    assert ignore.span.text == "@ignore"


@pytest.mark.parametrize("line", ["@@index([a])", "@@ index ( [a] ) // c", "@@index([a]) /* c */"])
def test_attributes_of_a_block(line: str) -> None:
    (attribute,) = model(line).attributes
    assert attribute.name == "index"
    assert attribute.name_span.text == "index"
    assert attribute.span.text.startswith("@@")
    assert attribute.span.text.endswith(")")


@pytest.mark.parametrize(
    ("written", "name", "arity"),
    [
        ("Int", "Int", "required"),
        ("Int?", "Int", "optional"),
        ("Int[]", "Int", "list"),
        ("Int ?", "Int", "optional"),
        ("Int []", "Int", "list"),
        ("Größe", "Größe", "required"),
    ],
)
def test_types(written: str, name: str, arity: str) -> None:
    line = field(f"a {written}")
    assert (line.type_name, line.arity, line.type_span.text) == (name, arity, written)
    assert line.unsupported is None


def test_unsupported_types() -> None:
    line = field('a Unsupported( "a\\"b" ) ? @x')
    assert (line.type_name, line.unsupported, line.arity) == ("Unsupported", 'a"b', "optional")
    assert line.type_span.text == 'Unsupported( "a\\"b" ) ?'


@pytest.mark.parametrize(
    ("line", "attributes"),
    [
        ("a Int@unique", ["unique"]),
        ("a Int @ unique", ["unique"]),
        ("a Int @unique()", ["unique"]),
        ("a Int @db.VarChar", ["db.VarChar"]),
        ("a Int @default (1)@unique", ["default", "unique"]),
        ("a\tInt\t@unique", ["unique"]),
        ("a\u00a0Int\u3000@unique", ["unique"]),
    ],
)
def test_odd_spacing(line: str, attributes: list[str]) -> None:
    assert [attribute.name for attribute in field(line).attributes] == attributes


@pytest.mark.parametrize("name", ["model", "enum", "type", "view", "größe", "名前", "a-b", "1b"])
def test_names_that_the_grammar_allows(name: str) -> None:
    assert field(f"{name} Int").name == name


@pytest.mark.parametrize(
    ("written", "kind", "text"),
    [
        ('"a"', "string", "a"),
        ('""', "string", ""),
        (r'"\n\t\"\\\/\u00e9"', "string", '\n\t"\\/é'),
        (r'"\ud83d\ude00"', "string", "😀"),
        ('"日本語😀"', "string", "日本語😀"),
        ("1", "number", "1"),
        ("-1.5", "number", "-1.5"),
        ("true", "constant", "true"),
        ("a.b", "constant", "a.b"),
        ("now()", "call", "now"),
    ],
)
def test_simple_values(written: str, kind: str, text: str) -> None:
    read_value = value(written)
    assert (read_value.kind, read_value.text) == (kind, text)


def test_nested_values() -> None:
    array = value('[a(sort: Desc), address.street, [1, "x"], []]')
    call, path, inner, empty = array.items
    assert (call.kind, call.text, call.arguments[0].name) == ("call", "a", "sort")
    assert call.arguments[0].value.text == "Desc"
    assert (path.kind, path.text) == ("constant", "address.street")
    assert [item.kind for item in inner.items] == ["number", "string"]
    assert empty.items == ()


def test_objects() -> None:
    written = value("{ a: { not: null }, b: 1 }")
    assert written.kind == "object"
    assert [entry.name for entry in written.arguments] == ["a", "b"]
    inner = written.arguments[0].value
    assert [(entry.name, entry.value.text) for entry in inner.arguments] == [("not", "null")]
    assert [entry.span.text for entry in written.arguments] == ["a: { not: null }", "b: 1"]


def test_an_operator_class() -> None:
    (attribute,) = model('@@index([a(ops: raw("gin_trgm_ops"))], type: Gin)').attributes
    call = attribute.arguments[0].value.items[0]
    assert call.arguments[0].value.arguments[0].value.text == "gin_trgm_ops"
    kind = attribute.argument("type")
    assert kind is not None
    assert kind.value.text == "Gin"


def test_enums() -> None:
    text = 'enum E {\n  A @map("a") // c\n  B\n  @@map("e")\n}\n'
    (block,) = read(text).blocks
    assert [line.name for line in block.values] == ["A", "B"]
    assert block.values[0].span.text == 'A @map("a")'
    assert block.values[0].attributes[0].arguments[0].value.text == "a"
    assert [attribute.name for attribute in block.attributes] == ["map"]


def test_settings() -> None:
    text = 'generator g {\n  a = "x" // c\n  b = ["y", env("Z")]\n  c = true\n  d = 1\n}\n'
    (block,) = read(text).blocks
    assert [(line.key, line.value.kind) for line in block.settings] == [
        ("a", "string"),
        ("b", "array"),
        ("c", "constant"),
        ("d", "number"),
    ]
    assert block.settings[0].span.text == 'a = "x"'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    text = "/// one\nmodel A {\n  a Int @id /// two\n\n  // c\n  b Int\n  @@index([b])\n}".replace(
        "\n", end
    )
    (block,) = read(text).blocks
    assert [(line.name, line.doc) for line in block.fields] == [("a", "two"), ("b", None)]
    assert (block.doc, len(block.attributes)) == ("one", 1)
    assert block.fields[1].span.place.line == 6


@pytest.mark.parametrize(
    ("before", "doc"),
    [
        ("/// a\n/// b\n", "a\nb"),
        ("/// a\n// b\n///c  \n", "a\nc  "),
        ("/// a\n\n/// b\n", "b"),
        ("/// a\n\n", None),
        ("// a\n", None),
        ("/* a\nb */\n", "a\nb"),
        ("//// a\n", "/ a"),
        ("", None),
    ],
)
def test_documentation_of_a_block(before: str, doc: str | None) -> None:
    assert read(f"{before}model A {{\n}}\n").blocks[0].doc == doc


def test_documentation_of_fields() -> None:
    block = model(
        "/// a",
        "one Int /// b",
        "/// c",
        "",
        "two Int // no documentation",
        "three Int /* d */",
        "/// e",
        "@@index([one])",
        "four Int",
        "/// f",
        "",
        "// g",
        "five Int",
    )
    assert [line.doc for line in block.fields] == ["a\nb", "c", "d", "e", None]


def test_comments_between_and_behind() -> None:
    text = "/* model X {\n*/ model A { // c\n  /* } */ a Int\n  b Int /* x\n  y */\n} // c\n// end"
    (block,) = read(text).blocks
    assert [line.name for line in block.fields] == ["a", "b"]


def test_what_stands_behind_the_opening_brace_is_ignored() -> None:
    (block,) = read("model A { b Int\n  a Int\n}\n").blocks
    assert [line.name for line in block.fields] == ["a"]


def test_no_space_is_needed_behind_the_keyword() -> None:
    (block,) = read("modelUser{\n}\n").blocks
    assert (block.name, block.name_span.text, block.keyword_span.text) == ("User", "User", "model")


def test_equal_names_are_one_object() -> None:
    first, second = model("first String", "second String").fields
    assert first.type_name is second.type_name
