"""Odd syntax, and damaged schemas by the thousand, against the official parser's lines."""

from __future__ import annotations

import itertools

import pytest

from schemalint.loaders.prisma.parser import parse
from schemalint.source import SourceFile
from tests.corpus.test_prisma_syntax import SYNTACTIC
from tests.fuzz.prisma_schemas import SchemaWriter
from tests.oracle import prisma_oracle

pytestmark = pytest.mark.oracle

FIELD_LINES = """
a__b Int|aé Int|ªb Int|x² Int|xᵃ Int|ⅷ Int|1 Int|-a Int|a- Int|日本 Int|b Int/* c */|b Int// c
/* a */ /* b */|/* a */ // b|/* a */ b Int|b Int /* a */ // b|b Int // a /* b|b Int /* a */ /* c */
b Int ? @map("a")|b Int [ ]|b Int[ ]|b Int[] ?|b Int !|b [ Int ]|b [Int]?|b [Int?]|b : Int|b: Int?!
b String @db. VarChar|b String @db .VarChar|b String @db..VarChar|b String @db.|b String @.db
b String @@map("x")|b String @map ( "x" )|b Int @default( 1.)|b Int @default(.5)|b Int @default(-)
b Int @default(- 1)|b Int @default(01)|b Int @default(1_000)|b Int @default(1a)|b Int @default(0x1)
b Int @map(name :"x")|b Int @map(name:)|b Int @map(name: , x: 1)|b Int @map(,)|b Int @map(,"x")
b Int @map("x",,)|b Int @map("x" "y")|@@index([id,,b])|@@index([,])|@@index([])|@@index({a: 1})
@@index(fields: {})|@@index(fields: {a: 1,})|@@index(fields: {"a": 1})|@@index(fields: {a})
@@index([a .b])|@@index([a. b])|@@index([a.])|@@index([a..b])|@@index([a._b])|@@index(id ("x"))
@@ index([id])|@ @index([id])|@@index ([id])|@@index([id]) @@map("x")|@@index([id]), x|@@|@@(x)
b Int @|b @id|b? Int|b[] Int|b Int?[]|b Int??|b Int[][]|b Unsupported("x") ?|b Unsupported( "x" )
b Unsupported()|b Unsupported(x)|b unsupported("x")|b Unsupported("x"|b [Unsupported("x")]
b Unsupported("x")!|b Unsupported("\\q")|b Int @map("a")@unique @default(1)|b Int /**/|b Int /*/
b Int /*/*/|/**/|/*/ */|///|b Int ///|/ b Int|b Int /|b Int @map("//")|@@map("//") // "|b Int @ @id
b Int @id,@unique|b Int @id;|b = Int|b Int = 1|b Int?@id|b Int[]@map("x")|b Int ?[]|b. Int|b.c Int
b Int.c|b "Int"|"b" Int|`b` Int|b (Int)|b Int(1)|b Int()|b Int<x>|b enum(A, B)|# c|-- c|b Int # c
b Int @default(null)|b Int @default()|b Int @default(())|b Int @default((1))|b Int @default([1,2,])
b Int @default([[1],[2]])|b Int @default(--1)|b Int @default(1.5.6)|b Int @default(1e)
b Int @default(a.b ())|b Int @default(1())|b Int @default(-1())|b Int @default("a"())
b Int @map(x="a")|b Int @map(x : : "a")|b Int @map("x": 1)|b Int @map(1: 1)|b Int @map(x.y: 1)
b Int @map(:1)|b Int @map(a: b: c)|b Int @map(@x)|b String @map("a\\/b\\u00e9\\n\\b\\f\\r\\t")
b String @map("\\U0041")|b String @map("\\x41")|b String @map("\\")|b String @map('x')
b String @map("\\ud83d")|b String @map("\\ud83d\\ude00")|b String @map("\\u00")|b String @map(`x`)
b String @default(dbgenerated("x",))|b String @default(dbgenerated(x:))|@@index([id(sort: Desc,)])
三 Int|参加 Int
@@index([id(sort:)])|@@index([id(ops: raw("x",))])|b Int @db.Integer(1,)|b Int @db.Integer(x:)
""".replace("\n", "|").strip("|")

WHOLE = [
    'datasource db {\n  provider = \n}\n',
    'generator g {\n  provider = "x"\n a = // c\n e = 1 2\n f: 1\n g\n @@x\n i="b"/* x */\n}\n',
    "foo {\n a b\n}\nmodel A {\n id Int @id\n}\n",
    "foo {\n a b } c\n}\nmodel A {\n id Int @id\n}\n",
    "foo {\n a b",
    "model {\n id Int @id\n}\n",
    "model A B {\n id Int @id\n}\n",
    "model\nA {\n id Int @id\n}\n",
    "model A /* c */ {\n id Int @id\n}\n",
    "model A // c\n{\n id Int @id\n}\n",
    "Model A {\n id Int @id\n}\n",
    'model "A" {\n id Int @id\n}\n',
    "model A.B {\n id Int @id\n}\n",
    "modelA {\n id Int @id\n}\nenumE {\n A\n}\n",
    "model A {\n id Int @id\n} enum E {\n A\n}}\n",
    "model A {\n id Int @id\n\nmodel B {\n  id Int @id\n}\n",
    "model A {\n id Int @id\n model B {\n  id Int @id\n }\n}\n",
    "model A {\n id Int @id\n",
    "model A { id Int @id }\n",
    "type X = Int\ntype Z=Unsupported(\"x\")\ntype W = Int? @x\nmodel A {\n id Int @id\n}\n",
    "/* a\nmodel A {\n id Int @id\n}\n",
    'model A {\n id Int @id\n b String @default("a\\\nb")\n}\n',
    "model A {\n id Int @id\n b\u3000Int\n c Int\u2028\n d\x85Int\n g Int\x0c\n x٣ Int\n}\n",
    "enum E {\n A @map(\"x\")\n G, H\n I J\n _L\n \"M\"\n O;\n P?\n}\nmodel A {\n id Int @id\n}\n",
]  # fmt: skip

DAMAGED = 3000


def _differences(schemas: dict[str, str]) -> dict[str, tuple[list[int], list[int], str]]:
    """Schemas with other lines than the official ones: those, ours, and the text."""
    wrong = {}
    for name, errors in prisma_oracle.lint(schemas, engine="v7").items():
        text = schemas[name]
        file = SourceFile("schema.prisma", text)
        problems = parse(file).problems
        if any("contract language" in problem.message for problem in problems):
            continue
        official = {
            _line(file, error["start"]) for error in errors if SYNTACTIC.search(error["text"])
        }
        everywhere = {_line(file, error["start"]) for error in errors}
        found = {problem.span.place.line for problem in problems}
        # A line that is wrong in its meaning too may have both problems here, and one there.
        if not official <= found or not found <= everywhere:
            wrong[name] = (sorted(official), sorted(found), text)
    return wrong


def _line(file: SourceFile, utf16: int) -> int:
    """The line of an offset in UTF-16 units (the oracle's own lines end at LF only)."""
    before = file.text.encode("utf-16-le")[: 2 * utf16]
    return file.position(len(before.decode("utf-16-le", "ignore")))[0]


def test_odd_lines() -> None:
    lines = [line.replace("\\\\", "\\") for line in FIELD_LINES.split("|")]
    schemas = {line: f"model A {{\n  id Int @id\n  {line}\n}}\n" for line in lines}
    assert _differences(schemas) == {}


def test_odd_files() -> None:
    assert _differences({str(index): text for index, text in enumerate(WHOLE)}) == {}


def test_damaged_schemas() -> None:
    """Damage inside lines; what a block that is not closed leads to differs on purpose."""
    texts = (SchemaWriter(seed).damaged() for seed in itertools.count())
    usable = (text for text in texts if not text.startswith("\ufeff"))
    schemas = {str(index): text for index, text in enumerate(itertools.islice(usable, DAMAGED))}
    wrong = {
        name: lines
        for name, lines in _differences(schemas).items()
        if not any(
            "before another block begins" in problem.message
            for problem in parse(SourceFile("schema.prisma", lines[2])).problems
        )
    }
    assert wrong == {}
