"""Names, types and attributes that do not exist, exist twice, or cannot be."""

from __future__ import annotations

import pytest

from tests.loaders.prisma.validating import errors, field_errors, model, problems_of, schema


def test_a_sound_schema_has_no_problem() -> None:
    body = """model Author {
  id      Int      @id @default(autoincrement())
  email   String   @unique @db.VarChar(200)
  role    Role     @default(USER)
  posts   Post[]
  since   DateTime @default(now()) @map("member_since")
  @@map("authors")
}
model Post {
  id       Int    @id
  authorId Int
  author   Author @relation(fields: [authorId], references: [id], onDelete: Cascade)
  tags     Tag[]
  @@index([authorId])
}
model Tag {
  name  String @id
  posts Post[]
}
enum Role {
  USER
  ADMIN @map("admin")
}"""
    assert problems_of(schema(body)) == []


def test_unknown_type_proposes_a_near_one() -> None:
    problems = problems_of(schema(model("id Int @id", "author Autor", "at datetime")))
    assert [problem.span.text for problem in problems] == ["Autor", "datetime"]
    assert problems[1].help == "Did you mean `DateTime`?"


def test_duplicate_names() -> None:
    body = model("id Int @id", "a Int", "a String") + "\n" + model("id Int @id")
    assert errors(body) == [(4, "a"), (6, "M")]
    assert errors(model("id Int @id") + "\nenum M {\n  A\n  A\n}") == [(4, "M"), (6, "A")]


def test_blocks_of_the_configuration_have_names_of_their_own() -> None:
    """As Prisma 7.10 has it: a second datasource is one too many, and its name is taken."""
    again = 'datasource db {\n  provider = "mysql"\n}'
    found = errors(model("id Int @id") + "\n" + again)
    assert [line for line, _ in found] == [4, 7, 7]
    assert (7, "db") in errors(model("id Int @id") + "\n" + again.replace("mysql", "nosql"))
    assert errors(model("id Int @id") + "\n" + again.replace("datasource", "generator")) == []


def test_a_word_for_a_number_is_no_digit() -> None:
    """As Prisma has it: `三` and `参` are letters, though Unicode knows their value."""
    assert errors(model("id Int @id", "三 Int") + "\nenum E {\n  参加\n  四年\n}") == []


@pytest.mark.parametrize("name", ["String", "class", "PrismaClient"])
def test_reserved_names(name: str) -> None:
    assert len(errors(model("id Int @id", name=name))) == 1


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("a Int @uniqe", "@uniqe"),
        ("a Int @unique @unique", "@unique"),
        ("a Int @unique(lenght: 3)", "lenght: 3"),
        ("a String @map()", "@map()"),
        ("a String @map(1)", "1"),
        ('a String @map("x", name: "y")', 'name: "y"'),
        ("a Int @updatedAt", "@updatedAt"),
        ("a DateTime[] @updatedAt", "@updatedAt"),
        ('a Int @relation("x")', '@relation("x")'),
        ('a Unsupported("point") @ignore', "@ignore"),
    ],
)
def test_attributes_of_fields(line: str, marked: str) -> None:
    assert marked in field_errors(line)


def test_unknown_fields_in_attributes() -> None:
    body = model("id Int @id", "name String", "@@index([nmae])", "@@unique([name, nam])")
    assert [line for line, _ in errors(body)] == [4, 5]
    problem = problems_of(schema(body))[0]
    assert "nmae" in problem.message
    assert problem.help == "Did you mean `name`?"


def test_columns_and_tables_with_one_name() -> None:
    assert errors(model("id Int @id", "a Int", 'b Int @map("a")')) == [(4, 'b Int @map("a")')]
    two = model("id Int @id", '@@map("t")') + "\n" + model("id Int @id", '@@map("t")', name="N")
    assert errors(two, "sqlite") == [(7, '@@map("t")')]
    # PostgreSQL: the primary keys of both would be called `t_pkey`.
    assert [line for line, _ in errors(two)] == [2, 6, 7]


def test_several_files_are_one_schema() -> None:
    from schemalint.loaders.prisma.parser import parse
    from schemalint.loaders.prisma.validation import validate
    from schemalint.source import SourceFile

    texts = [schema("model A {\n  id Int @id\n  b B\n}"), "model B {\n  id Int @id\n}\n"]
    documents = [parse(SourceFile(f"{i}.prisma", text)) for i, text in enumerate(texts)]
    problems = validate(documents)
    assert [problem.span.file.path for problem in problems] == ["0.prisma"]
    assert "no counterpart" in problems[0].message


def test_later_checks_wait_for_sound_names() -> None:
    # The missing counterpart is not reported while a type is unknown: it may be the reason.
    assert errors(model("id Int @id", "m M", "x X")) == [(4, "X")]


def test_thousands_of_unknown_types_take_no_time_to_guess() -> None:
    from schemalint.loaders.prisma.validation.report import COMPARISONS, Report

    models = [model("id Int @id", f"other Modle{i}", name=f"Model{i}") for i in range(2000)]
    problems = problems_of(schema("\n".join(models)))
    assert len(problems) == 2000
    assert problems[0].help is not None
    guessed = sum(problem.help is not None for problem in problems)
    assert guessed <= COMPARISONS / 2000 + 1
    assert Report().nearest("strng", ["String"]) == "String"
