"""The loader as a whole: many files, broken text, the order of problems."""

from __future__ import annotations

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.source import SourceFile


def test_files_are_one_schema() -> None:
    files = [
        SourceFile("b.prisma", "model B {\n  id Int @id\n  kind Kind\n  as A[]\n}\n"),
        SourceFile("a.prisma", "model A {\n  id Int @id\n  bs B[]\n}\nenum Kind {\n  X\n}\n"),
        SourceFile("base.prisma", 'datasource db {\n  provider = "postgresql"\n}\n'),
    ]
    loaded = PrismaLoader().load(files)
    assert loaded.problems == ()
    assert [model.name for model in loaded.schema.models] == ["B", "A", "_AToB"]
    assert loaded.schema.models[0].fields[1].enum == "Kind"
    assert loaded.schema.files == tuple(files)
    assert [block.kind for block in loaded.schema.blocks] == ["datasource"]


def test_nothing_at_all() -> None:
    loaded = PrismaLoader().load([])
    assert loaded.schema.models == ()
    assert loaded.problems == ()


def test_problems_are_in_the_order_of_files_and_places() -> None:
    files = [
        SourceFile("z.prisma", "model A {\n  id Int @id\n  ???\n  !!!\n}\n"),
        SourceFile("a.prisma", "model B {\n  id Int @id\n  %%%\n}\n"),
    ]
    problems = PrismaLoader().load(files).problems
    places = [(one.span.place.file, one.span.place.line) for one in problems]
    assert places == [("z.prisma", 3), ("z.prisma", 4), ("a.prisma", 3)]


def test_what_is_whole_is_kept_beside_what_is_broken() -> None:
    text = "model A {\n  id Int @id\n  ???\n  b String @unique\n}\n\n"
    text += "model {\n\nmodel C {\n  id Int @id\n}\n"
    loaded = PrismaLoader().load([SourceFile("a.prisma", text)])
    assert loaded.problems
    model = loaded.schema.model("A")
    assert model is not None
    assert [field.name for field in model.fields] == ["id", "b"]
    assert loaded.schema.model("C") is not None


def test_the_first_of_two_models_of_one_name_counts() -> None:
    text = "model A {\n  id Int @id\n}\nmodel A {\n  other Int @id\n}\n"
    schema = PrismaLoader().load([SourceFile("a.prisma", text)]).schema
    assert [[field.name for field in model.fields] for model in schema.models] == [["id"]]
    assert [one.kind for one in schema.opaque] == ["model"]
