"""Primary keys, uniques and indexes, with the names that Migrate gives them."""

from __future__ import annotations

import pytest

from schemalint.loaders.prisma import migrate_names
from schemalint.model import Dialect
from tests.loaders.prisma.building import build, built_for, model_of

KEYS = """
model User {
  id    Int    @map("user_id")
  email String @unique
  name  String @map("full_name")
  @@id([id, email])
  @@unique([name(sort: Desc), email], name: "client_only", map: "by_name")
  @@unique(id)
  @@index([name, email])
  @@index([email(length: 5)], name: "legacy", type: Hash)
  @@map("users")
}
"""


def test_names_columns_and_order() -> None:
    model = model_of(build(KEYS), "User")
    assert model.primary_key is not None
    assert (model.primary_key.name, model.primary_key.columns) == (
        "users_pkey",
        ("user_id", "email"),
    )
    assert [(one.name, one.columns) for one in model.uniques] == [
        ("users_email_key", ("email",)),
        ("by_name", ("full_name", "email")),
        ("users_user_id_key", ("user_id",)),
    ]
    assert [(one.name, one.columns, one.type) for one in model.indexes] == [
        ("users_full_name_email_idx", ("full_name", "email"), "btree"),
        ("legacy", ("email",), "hash"),
    ]
    assert [part.descending for part in model.uniques[1].parts] == [True, False]
    assert model.indexes[1].parts[0].length == 5


def test_spans_of_keys_and_members() -> None:
    model = model_of(build(KEYS), "User")
    assert model.uniques[0].span.text == "@unique"
    assert model.uniques[0].parts[0].span.text == "@unique"
    assert model.uniques[1].span.text.startswith("@@unique([name(sort: Desc)")
    assert [part.span.text for part in model.uniques[1].parts] == ["name(sort: Desc)", "email"]


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("postgresql", "users_pkey"),
        ("sqlserver", "users_pkey"),
        ("cockroachdb", "users_pkey"),
        ("mysql", None),
        ("sqlite", None),
        ("mongodb", None),
    ],
)
def test_who_names_primary_keys(provider: str, name: str | None) -> None:
    key = model_of(build(KEYS, provider), "User").primary_key
    assert key is not None
    assert key.name == name


@pytest.mark.parametrize(
    ("provider", "nulls", "index"),
    [
        ("postgresql", "distinct", True),
        ("sqlite", "distinct", True),
        ("mysql", "distinct", True),
        ("sqlserver", "equal", False),
        ("mongodb", "equal", True),
    ],
)
def test_nulls_in_uniques(provider: str, nulls: str, index: bool) -> None:
    unique = model_of(build(KEYS, provider), "User").uniques[0]
    assert (unique.nulls, unique.index) == (nulls, index)


def test_letter_case_of_uniques() -> None:
    text = "model M {\n  a Int @id\n  b String @db.Citext\n  c String\n"
    text += "  @@unique([b])\n  @@unique([a, b])\n  @@unique([b, c])\n  @@unique([a])\n}\n"
    uniques = model_of(build(text), "M").uniques
    assert [one.ignore_case for one in uniques] == [True, True, False, False]
    mysql = model_of(built_for(text, "postgresql", Dialect.MYSQL), "M").uniques
    assert [one.ignore_case for one in mysql] == [True, True, True, False]


PARTIAL = """
generator client {{
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}}
model M {{
  a Int @id
  b String
  c DateTime? @map("c_at")
  d Boolean
  @@unique([b], where: {where})
}}
"""


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('raw("c_at IS NULL")', "c_at IS NULL"),
        ("{ c: null }", '"c_at" IS NULL'),
        ("{ c: { not: null }, d: true }", '"c_at" IS NOT NULL AND "d" = true'),
        ('{ b: "x\'y", a: 5 }', "\"b\" = 'x''y' AND \"a\" = 5"),
        ("{ d: { not: false } }", '"d" != false'),
    ],
)
def test_partial_uniques(where: str, expected: str) -> None:
    unique = model_of(build(PARTIAL.format(where=where)), "M").uniques[0]
    assert unique.where == expected
    assert unique.where_span is not None
    assert unique.where_span.text == where


def test_a_predicate_that_is_not_understood_is_opaque() -> None:
    model = model_of(build(PARTIAL.format(where="{ nothing: null }")), "M")
    assert model.uniques[0].where is not None
    assert [one.kind for one in model.opaque] == ["predicate"]


@pytest.mark.parametrize("attribute", ["@@unique([nothing])", "@@unique([])", "@@unique()"])
def test_keys_over_unknown_fields_are_opaque(attribute: str) -> None:
    model = model_of(build(f"model M {{\n  a Int @id\n  {attribute}\n}}\n"), "M")
    assert model.uniques == ()
    assert [(one.kind, one.tables) for one in model.opaque] == [("key", ("M",))]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TextMinMaxOps", "text_minmax_ops"),
        ("TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops"),
        ("VarBitBloomOps", "varbit_bloom_ops"),
        ('raw("gin_trgm_ops")', "gin_trgm_ops"),
    ],
)
def test_operator_classes(written: str, meant: str) -> None:
    text = f"model M {{\n  a Int @id\n  b String\n  @@index([b(ops: {written})], type: Brin)\n}}\n"
    index = model_of(build(text), "M").indexes[0]
    assert (index.type, index.parts[0].operator_class) == ("brin", meant)


def test_fulltext() -> None:
    text = "model M {\n  a Int @id\n  b String\n  @@fulltext([b])\n}\n"
    (index,) = model_of(build(text, "mysql"), "M").indexes
    assert (index.type, index.name) == ("fulltext", "M_b_idx")


def test_long_names_lose_their_end_before_the_suffix() -> None:
    assert migrate_names.unique_name("t" * 40, ["c" * 40], 63) == "t" * 40 + "_" + "c" * 18 + "_key"
    assert migrate_names.primary_key_name("é" * 31, 63) == "é" * 29 + "_pkey"
    assert len(migrate_names.index_name("t" * 200, ["c"], 128)) == 128


def test_views_have_no_keys_that_a_database_checks() -> None:
    schema = build("view V {\n  a Int @unique\n  @@index([a])\n}\n")
    view = model_of(schema, "V")
    assert view.kind == "view"
    assert [one.layer for one in view.uniques] == ["service"]
    assert view.indexes == ()
