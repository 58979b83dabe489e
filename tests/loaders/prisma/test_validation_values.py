"""Defaults, native types, ids, indexes, constraint names, and what single databases refuse."""

from __future__ import annotations

import pytest

from tests.loaders.prisma.validating import errors, field_errors, model, problems_of, schema

_SELF_RELATION = 'm M @relation(fields: [b], references: [id], map: "f")'


@pytest.mark.parametrize(
    "line",
    [
        "a Int @default(1)",
        "a Int @default(-1)",
        "a Int[] @default([1, 2])",
        "a Float @default(1.5)",
        'a Decimal @default("1e5")',
        "a Boolean @default(true)",
        "a Role @default(USER)",
        "a Role[] @default([USER, ADMIN])",
        'a Json @default("{\\"a\\": [1]}")',
        'a Bytes @default("aGVsbG8=")',
        'a DateTime @default("2024-02-29T12:00:00.5+02:00")',
        "a String @default(cuid(2))",
        "a String @default(uuid(7))",
        "a String @default(nanoid(12))",
        "a String @default(ulid())",
        "a DateTime @default(now())",
        'a Int @default(dbgenerated("f()"))',
        'a Unsupported("point") @default(dbgenerated("f()"))',
    ],
)
def test_good_defaults(line: str) -> None:
    assert field_errors(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "a Int @default(1.5)",
        "a Int @default(99999999999999999999)",
        'a Int @default("1")',
        "a Int @default([1])",
        "a Int[] @default(1)",
        "a Boolean @default(yes)",
        "a Role @default(GUEST)",
        'a Role @default("USER")',
        "a Role[] @default(USER)",
        'a Json @default("{a: 1}")',
        'a Json @default("NaN")',
        'a Bytes @default("hello")',
        'a DateTime @default("2023-02-29T12:00:00Z")',
        'a DateTime @default("2023-01-01")',
        'a Decimal @default("one")',
        "a Int @default(now())",
        "a String @default(uuid(5))",
        "a String @default(nanoid(1))",
        "a String @default(autoincrement())",
        "a Int @default(autoincrement(1))",
        "a Int @default(counter())",
        'a Int @default(dbgenerated(""))',
        "a Int @default(auto())",
        "a Int @default()",
        'a Int @default(1, map: "x")',
        'a Unsupported("point") @default(1)',
    ],
)
def test_bad_defaults(line: str) -> None:
    assert len(field_errors(line)) == 1


@pytest.mark.parametrize(
    ("provider", "line", "good"),
    [
        ("postgresql", "a String @db.VarChar", True),
        ("postgresql", "a String @db.VarChar(10)", True),
        ("postgresql", "a String @db.VarChar(x)", False),
        ("postgresql", "a String @db.VarChar(1, 2)", False),
        ("postgresql", "a String @db.Txt", False),
        ("postgresql", "a String @pg.Text", False),
        ("postgresql", "a Int @db.Text", False),
        ("postgresql", "a Decimal @db.Decimal(10, 2)", True),
        ("postgresql", "a Decimal @db.Decimal(2, 10)", False),
        ("postgresql", "a Decimal @db.Decimal(1001, 2)", False),
        ("postgresql", "a DateTime @db.Timestamp(7)", False),
        ("postgresql", 'a Unsupported("text")', True),
        ("postgresql", 'a Unsupported("Text")', False),
        ("mysql", "a String @db.VarChar", False),
        ("mysql", "a String @db.VarChar(65536)", False),
        ("mysql", "a Boolean @db.Bit(1)", True),
        ("mysql", "a Boolean @db.Bit(2)", False),
        ("sqlserver", "a String @db.NVarChar(Max)", True),
        ("sqlserver", "a String @db.NVarChar(4001)", False),
        ("sqlite", "a String @db.Text", False),
        ("cockroachdb", "a String @db.String(20)", True),
    ],
)
def test_native_types(provider: str, line: str, good: bool) -> None:
    assert (errors(model("id Int @id", line), provider) == []) is good


@pytest.mark.parametrize(
    ("provider", "line", "good"),
    [
        ("sqlite", "a String[]", False),
        ("mysql", "a Json[]", False),
        ("sqlite", "a Json", True),
        ("postgresql", "a Json[]", True),
        ("sqlserver", "a Json", False),
        ("mysql", "a Int @default(autoincrement())", False),
        ("mysql", "a Int @unique @default(autoincrement())", True),
        ("sqlite", "a Int @unique @default(autoincrement())", False),
        ("cockroachdb", "a Int @default(autoincrement())", False),
        ("cockroachdb", "a Int @default(sequence(start: 2))", True),
        ("cockroachdb", "a Int @default(sequence(begin: 2))", False),
        ("mysql", "a String @unique(length: 10)", True),
        ("mysql", "a Int @unique(length: 10)", False),
        ("postgresql", "a String @unique(length: 10)", False),
        ("mysql", "a String @unique @db.Text", False),
        ("postgresql", "a String @unique(clustered: true)", False),
        ("postgresql", "a String @unique @db.Xml", False),
    ],
)
def test_what_databases_can_hold(provider: str, line: str, good: bool) -> None:
    assert (errors(model("id BigInt @id", line), provider) == []) is good


@pytest.mark.parametrize(
    ("lines", "good"),
    [
        (("a Int",), False),
        (("a Int? @unique",), False),
        (("a Int @unique",), True),
        (("a Int", "@@ignore"), True),
        (("a Int @id", "b Int @id"), False),
        (("a Int @id", "b Int", "@@id([a, b])"), False),
        (("a Int? @id",), False),
        (("a Int", "b Int?", "@@id([a, b])"), False),
        (("a Int", "b Int", "@@id([a, b])"), True),
        (("a Int", "b Int", "@@id([a, a])"), False),
        (("a Int", "b Int", '@@id([a, b], name: "a-b")'), False),
        (("a Int", "b Int", "a_b Int", "@@id([a, b])"), False),
        (("a Int @id", "@@index([])"), False),
        (("a Int @id", "@@index([a], type: Tree)"), False),
        (("a Int @id", "@@index([a], type: Hash)"), True),
        (("a Int @id", "@@index([a(sort: Desc)], type: Hash)"), False),
        (("a Int @id", "b Json", "@@index([b], type: Gin)"), True),
        (("a Int @id", "b Json", "@@index([b(ops: JsonbPathOps)], type: Gin)"), True),
        (("a Int @id", "b Int", "@@index([b], type: Gin)"), False),
        (("a Int @id", "b Int", "@@index([b(ops: Int4BloomOps)], type: Brin)"), True),
        (("a Int @id", "b Int", "@@index([b(ops: Int8BloomOps)], type: Brin)"), False),
        (("a Int @id", "b Int", '@@index([b(ops: raw("x_ops"))], type: Gin)'), True),
        (("a Int @id", "b Int", "@@index([b(ops: FooOps)], type: Brin)"), False),
        (("a Int @id", "b Int", '@@index([b], name: "x", map: "y")'), False),
        (("a Int @id", "b Int", '@@index([b], map: "x")', '@@index([a], map: "x")'), False),
        (("a Int @id", "b Int", "@@index([b])", "@@index([b])"), False),
        (("a Int @id", "b Int", "@@fulltext([b])"), False),
        (("a Int @id", "b Int", f'@@index([b], map: "{"x" * 63}")'), True),
        (("a Int @id", "b Int", f'@@index([b], map: "{"x" * 64}")'), False),
        (("a Int @id", "b Int", "@@map(1)"), False),
        (("a Int @id", '@@schema("x")'), False),
    ],
)
def test_keys_and_indexes(lines: tuple[str, ...], good: bool) -> None:
    assert (errors(model(*lines)) == []) is good


def test_partial_indexes_are_a_preview_feature() -> None:
    body = model("id Int @id", "b Int?", '@@index([b], where: raw("b is not null"))')
    assert errors(body) != []
    assert errors(body, features='"partialIndexes"') == []
    assert errors(body, "mysql", features='"partialIndexes"') != []
    wrong = model("id Int @id", "b Int?", '@@index([b], where: "b is not null")')
    assert errors(wrong, features='"partialIndexes"') != []


def test_schemas() -> None:
    inside = model("id Int @id", '@@schema("a")')
    assert errors(inside, extra='schemas = ["a", "b"]') == []
    assert errors(inside, extra='schemas = ["b"]') == [(3, '"a"')]
    assert errors(model("id Int @id"), extra='schemas = ["a"]')[0][0] == 1
    assert errors(inside, "mysql")[0] == (3, '"a"')


def test_views() -> None:
    view = "view V {\n  id Int @unique\n}"
    assert errors(view, features='"views"') == []
    assert [line for line, _ in errors(view)] == [1]
    keyed = view.replace("@unique", "@id")
    assert errors(keyed, features='"views"') == [(2, "@id")]


def test_ambiguous_relations_end_the_checks_of_a_view() -> None:
    """As Prisma 7.10 has it, of a model and of a view: what looks like an index comes after."""
    view = model("id Int @unique", "a V", "b V", "@@index([id])", name="V")
    found = errors(view.replace("model", "view"), features='"views"')
    assert [line for line, _ in found] == [3]


def test_enums_and_composite_types() -> None:
    enum = "enum E {\n  A\n}"
    assert errors(enum) == []
    assert errors(enum, "sqlserver")[0][0] == 1
    assert errors("enum E {\n}")[0][0] == 1
    body = "type T {\n  a Int\n}\n" + model('id String @id @map("_id")', "t T")
    assert errors(body, "mongodb") == []
    assert errors(body)[0][0] == 1
    assert errors(body.replace("a Int", "a T"), "mongodb") == [(2, "a T")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('datasource db {\n  provider = "postgres"\n  url = env("X")\n}\n', 0),
        ('datasource db {\n  provider = "postgresql"\n  url = "x"\n  directUrl = "y"\n}\n', 0),
        ('datasource db {\n  provider = "oracle"\n}\n', 1),
        ("datasource db {\n}\n", 1),
        ('datasource db {\n  provider = env("X")\n}\n', 1),
        ('datasource db {\n  provider = "mysql"\n  colour = "red"\n}\n', 1),
        ('datasource db {\n  provider = "mysql"\n  relationMode = "no"\n}\n', 1),
        ('datasource db {\n  provider = "mongodb"\n  relationMode = "foreignKeys"\n}\n', 1),
        ('datasource db {\n  provider = "mysql"\n  url = [1]\n}\n', 1),
        ('datasource a {\n  provider = "mysql"\n}\ndatasource b {\n  provider = "mysql"\n}\n', 2),
        ("generator g {\n}\n", 1),
        ('generator g {\n  provider = "x"\n  previewFeatures = ["nope"]\n}\n', 1),
        ('generator g {\n  provider = "x"\n  anything = [1, "a"]\n}\n', 0),
    ],
)
def test_configuration(text: str, count: int) -> None:
    assert len(problems_of(text)) == count


def test_no_datasource_is_no_error() -> None:
    assert problems_of(model("id Int @id", "a String") + "\n") == []


def test_constraint_names_are_shared_differently() -> None:
    body = "\n".join(
        [
            model("id Int @id", "b Int", '@@index([b], map: "x")', name="A"),
            model("id Int @id", "b Int", '@@index([b], map: "x")', name="B"),
        ]
    )
    assert len(errors(body, "postgresql")) == 2
    assert len(errors(body, "sqlite")) == 2
    assert errors(body, "mysql") == []
    assert errors(body, "sqlserver") == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["id Int @id", "b Int @unique", "@@unique([b])"], []),
        (["id Int @id", "b Int", '@@index([b], map: "M_pkey")'], [2]),
        (["id Int @id", "b Int", _SELF_RELATION, "ms M[]", '@@index([b], map: "f")'], [4]),
    ],
)
def test_an_index_is_not_blamed_for_a_name_within_its_table(
    lines: list[str], expected: list[int]
) -> None:
    """As Prisma 4.16 to 7.10 have it, for CockroachDB; PostgreSQL has more namespaces."""
    assert [line for line, _ in errors(model(*lines), "cockroachdb")] == expected


def test_a_name_that_is_taken_is_said_once() -> None:
    body = model("id Int @id", "b Int @unique", "@@unique([b])")
    assert [line for line, _ in errors(body, "postgresql")] == [3, 4]


@pytest.mark.parametrize(("provider", "named"), [("postgresql", []), ("mysql", [5])])
def test_relations_without_a_field_have_no_name_in_their_table(
    provider: str, named: list[int]
) -> None:
    """Seen on Prisma 7.10. Lines 3 and 7 are those of the missing counterparts."""
    body = 'model M {\n  id Int @id\n  n N\n}\nmodel N {\n  id Int @id\n  ms M[] @relation("x")\n}'
    found = {line for line, _ in errors(body, provider)}
    assert found == {3, 7, *named}
    itself = model("id Int @id", 'a M[] @relation("x")', 'b M[] @relation("y")')
    assert {line for line, _ in errors(itself, provider)} == {1, 3, 4}


@pytest.mark.parametrize(
    ("provider", "named"), [("postgresql", []), ("cockroachdb", []), ("mysql", [3, 4])]
)
def test_relations_of_a_view_share_their_names(provider: str, named: list[int]) -> None:
    """Seen on Prisma 7.10: names are told apart within models, not within views."""
    view = model(
        "id Int @unique",
        'm M @relation("a", fields: [id], references: [id])',
        'n M @relation("b", fields: [id], references: [id])',
        name="V",
    ).replace("model", "view")
    back = model("id Int @id", 'a V[] @relation("a")', 'b V[] @relation("b")')
    body = f"{view}\n{back}"
    assert [line for line, _ in errors(body, provider, features='"views"')] == named


def test_members_without_brackets_have_arguments_too() -> None:
    """Seen on Prisma 7.10: `@@unique(b(length: 5))` is the list with one member."""
    body = model("id Int @id", "b String", "@@unique(b(length: 5))")
    assert [line for line, _ in errors(body, "postgresql")] == [4]
    assert errors(body, "mysql") == []


def test_mongodb_ids() -> None:
    good = model('id String @id @default(auto()) @map("_id") @db.ObjectId')
    assert errors(good, "mongodb") == []
    assert errors(model("id String @id"), "mongodb")[0][0] == 2
    assert errors(model("id String @unique"), "mongodb")[0][0] == 1
    text = model('id String @id @default(auto()) @map("_id")')
    assert errors(text, "mongodb")[0][0] == 2


def test_messages_tell_what_to_do() -> None:
    problem = problems_of(schema(model("id Int @id", "a String @pg.Text")))[0]
    assert problem.help == "Write `@db.Text`."
