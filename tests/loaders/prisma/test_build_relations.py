"""Relations, their foreign keys with Migrate's defaults, and join tables."""

from __future__ import annotations

import pytest

from schemalint.model import Action, Dialect, Layer
from tests.loaders.prisma.building import build, built_for, model_of

BLOG = """
model User {
  id    Int    @id @map("user_id")
  posts Post[]
  @@map("users")
}
model Post {
  id       Int   @id
  authorId Int%s @map("author_id")
  author   User%s @relation(fields: [authorId], references: [id])
}
"""
REQUIRED = BLOG % ("", "")
OPTIONAL = BLOG % ("?", "?")


def test_both_ends() -> None:
    schema = build(REQUIRED)
    (author,) = model_of(schema, "Post").relations
    (posts,) = model_of(schema, "User").relations
    assert (author.model, author.many, author.columns, author.back) == (
        "User",
        False,
        ("author_id",),
        "posts",
    )
    assert (author.fields, author.references) == (("authorId",), ("id",))
    assert (posts.model, posts.many, posts.columns, posts.back) == ("Post", True, (), "author")


@pytest.mark.parametrize(
    ("text", "provider", "on_delete", "on_update"),
    [
        (REQUIRED, "postgresql", Action.RESTRICT, Action.CASCADE),
        (OPTIONAL, "postgresql", Action.SET_NULL, Action.CASCADE),
        (BLOG % ("", "?"), "postgresql", Action.RESTRICT, Action.CASCADE),
        (REQUIRED, "sqlserver", Action.NO_ACTION, Action.CASCADE),
        (OPTIONAL, "sqlserver", Action.SET_NULL, Action.CASCADE),
        (REQUIRED, "mongodb", Action.RESTRICT, Action.CASCADE),
    ],
)
def test_default_actions(text: str, provider: str, on_delete: Action, on_update: Action) -> None:
    (key,) = model_of(build(text, provider), "Post").foreign_keys
    assert (key.on_delete, key.on_update) == (on_delete, on_update)
    assert (key.on_delete_span, key.on_update_span) == (None, None)


def test_written_actions_and_names() -> None:
    text = REQUIRED.replace(
        "references: [id]", 'references: [id], onDelete: Cascade, onUpdate: NoAction, map: "by"'
    )
    (key,) = model_of(build(text), "Post").foreign_keys
    assert (key.name, key.table, key.model, key.references) == (
        "by",
        "users",
        "User",
        ("user_id",),
    )
    assert (key.on_delete, key.on_update) == (Action.CASCADE, Action.NO_ACTION)
    assert key.on_delete_span is not None
    assert key.on_delete_span.text == "onDelete: Cascade"


def test_default_name() -> None:
    (key,) = model_of(build(REQUIRED), "Post").foreign_keys
    assert key.name == "Post_author_id_fkey"


@pytest.mark.parametrize(
    ("provider", "extra", "layer", "enforced"),
    [
        ("postgresql", "", Layer.DATABASE, True),
        (None, "", Layer.DATABASE, True),
        ("mysql", "", Layer.DATABASE, True),
        ("mysql", '  relationMode = "prisma"\n', Layer.CLIENT, False),
        ("mysql", '  referentialIntegrity = "prisma"\n', Layer.CLIENT, False),
        ("mysql", '  relationMode = "foreignKeys"\n', Layer.DATABASE, True),
        ("sqlite", "", Layer.CLIENT, False),
        ("mongodb", "", Layer.CLIENT, False),
    ],
)
def test_who_checks_foreign_keys(
    provider: str | None, extra: str, layer: Layer, enforced: bool
) -> None:
    schema = build(REQUIRED, provider, extra=extra)
    (key,) = model_of(schema, "Post").foreign_keys
    assert (key.layer, schema.foreign_keys_enforced) == (layer, enforced)
    assert (key.name is None) is (layer is Layer.CLIENT and provider != "sqlite")


MANY = """
model Tag {
  name  String @id @db.VarChar(20)
  posts Post[]
  @@map("tags")
}
model Post {
  id   Int @id @default(autoincrement())
  tags Tag[]
}
"""


def test_join_table() -> None:
    schema = build(MANY)
    join = schema.models[-1]
    assert (join.kind, join.name, join.table) == ("join", "_PostToTag", "_PostToTag")
    assert [(field.column, field.native, field.nullable) for field in join.fields] == [
        ("A", "INTEGER", False),
        ("B", "VARCHAR(20)", False),
    ]
    assert join.primary_key is not None
    assert (join.primary_key.name, join.primary_key.columns) == ("_PostToTag_AB_pkey", ("A", "B"))
    assert [(one.name, one.columns) for one in join.indexes] == [("_PostToTag_B_index", ("B",))]
    assert [
        (key.name, key.columns, key.table, key.references, key.on_delete, key.on_update)
        for key in join.foreign_keys
    ] == [
        ("_PostToTag_A_fkey", ("A",), "Post", ("id",), Action.CASCADE, Action.CASCADE),
        ("_PostToTag_B_fkey", ("B",), "tags", ("name",), Action.CASCADE, Action.CASCADE),
    ]
    assert join.fields[0].span.text == "tags Tag[]"
    assert join.fields[1].span.text == "posts Post[]"
    for name, relation in (("Tag", "posts"), ("Post", "tags")):
        end = model_of(schema, name).relation(relation)
        assert end is not None
        assert end.through == "_PostToTag"


@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.MYSQL, Dialect.COCKROACHDB])
def test_join_table_with_a_unique_index(dialect: Dialect) -> None:
    join = built_for(MANY, "postgresql", dialect).models[-1]
    assert join.primary_key is None
    assert [(one.name, one.columns) for one in join.uniques] == [
        ("_PostToTag_AB_unique", ("A", "B"))
    ]


def test_a_model_joined_with_itself() -> None:
    text = 'model P {\n  id Int @id\n  b P[] @relation("kin")\n  a P[] @relation("kin")\n}\n'
    schema = build(text)
    join = schema.models[-1]
    assert join.table == "_kin"
    assert [field.span.text[0] for field in join.fields] == ["a", "b"]
    sqlserver = build(text, "sqlserver").models[-1]
    assert {key.on_delete for key in sqlserver.foreign_keys} == {Action.NO_ACTION}


def test_mongodb_lists_of_ids_have_no_join_table() -> None:
    text = """
model A {
  id   String   @id @map("_id")
  bIds String[]
  bs   B[]      @relation(fields: [bIds], references: [id])
}
model B {
  id   String   @id @map("_id")
  aIds String[]
  as   A[]      @relation(fields: [aIds], references: [id])
}
"""
    schema = build(text, "mongodb")
    assert [model.kind for model in schema.models] == ["model", "model"]
    (relation,) = model_of(schema, "A").relations
    assert (relation.columns, relation.back, relation.through) == (("bIds",), "as", None)
    assert model_of(schema, "A").foreign_keys == ()


def test_several_relations_between_two_models_are_told_apart_by_name() -> None:
    text = """
model User {
  id      Int    @id
  written Post[] @relation("author")
  edited  Post[] @relation("editor")
}
model Post {
  id       Int   @id
  authorId Int
  editorId Int?
  editor   User? @relation("editor", fields: [editorId], references: [id])
  author   User  @relation(name: "author", fields: [authorId], references: [id])
}
"""
    post = model_of(build(text), "Post")
    assert [(one.name, one.back, one.relation_name) for one in post.relations] == [
        ("editor", "edited", "editor"),
        ("author", "written", "author"),
    ]


def test_a_name_given_both_ways_is_none() -> None:
    """Prisma 7.10 accepts it, and its datamodel has the relation without a name."""
    text = """
model User {
  id    Int    @id
  posts Post[] @relation(name: "a", "b")
}
model Post {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
}
"""
    (posts,) = model_of(build(text), "User").relations
    assert (posts.relation_name, posts.back) == (None, "user")


def test_a_relation_to_itself() -> None:
    text = """
model Node {
  id       Int    @id
  parentId Int?
  parent   Node?  @relation("tree", fields: [parentId], references: [id])
  children Node[] @relation("tree")
}
"""
    node = model_of(build(text), "Node")
    assert [(one.name, one.back) for one in node.relations] == [
        ("parent", "children"),
        ("children", "parent"),
    ]


@pytest.mark.parametrize(
    "relation",
    [
        "u User @relation(fields: [nothing], references: [id])",
        "u User @relation(fields: [uId], references: [nothing])",
        "u User @relation(fields: [uId, id], references: [id])",
    ],
)
def test_a_foreign_key_that_is_not_understood_is_opaque(relation: str) -> None:
    text = (
        f"model User {{\n  id Int @id\n}}\nmodel P {{\n  id Int @id\n  uId Int\n  {relation}\n}}\n"
    )
    model = model_of(build(text), "P")
    assert model.foreign_keys == ()
    assert [(one.kind, one.tables) for one in model.opaque] == [("foreign key", ("P", "User"))]
    assert model.relations[0].model == "User"


def test_schemas_of_a_database() -> None:
    text = REQUIRED.replace('@@map("users")', '@@map("users")\n  @@schema("auth")')
    schema = build(text)
    assert model_of(schema, "User").schema == "auth"
    assert model_of(schema, "Post").foreign_keys[0].schema == "auth"


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("postgresql", {"enum", "partial-unique", "case-insensitive", "foreign-key"}),
        ("sqlite", {"partial-unique", "foreign-key"}),
        ("sqlserver", {"partial-unique", "case-insensitive", "foreign-key"}),
        ("cockroachdb", {"enum", "partial-unique", "foreign-key"}),
        ("mysql", {"enum", "case-insensitive", "foreign-key"}),
        ("mongodb", set()),
    ],
)
def test_what_prisma_can_say(provider: str, words: set[str]) -> None:
    said = build(REQUIRED, provider).can_say
    assert said - {"unique", "index"} == words
