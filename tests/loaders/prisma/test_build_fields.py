"""Fields: types, nullability, defaults and comparison, for each database."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect, Layer, ScalarType
from tests.loaders.prisma.building import build, built_for, field_of, model_of


@pytest.mark.parametrize(
    ("line", "provider", "type_", "native"),
    [
        ("f String", "postgresql", ScalarType.STRING, "TEXT"),
        ("f String", "mysql", ScalarType.STRING, "VARCHAR(191)"),
        ("f String", "sqlite", ScalarType.STRING, "TEXT"),
        ("f String", "sqlserver", ScalarType.STRING, "NVARCHAR(1000)"),
        ("f String", "cockroachdb", ScalarType.STRING, "STRING"),
        ("f String @db.ObjectId", "mongodb", ScalarType.STRING, "ObjectId"),
        ("f String @db.Uuid", "postgresql", ScalarType.UUID, "UUID"),
        ("f String @db.UniqueIdentifier", "sqlserver", ScalarType.UUID, "UNIQUEIDENTIFIER"),
        ("f String @db.VarChar(20)", "postgresql", ScalarType.STRING, "VARCHAR(20)"),
        ("f String @db.NVarChar(Max)", "sqlserver", ScalarType.STRING, "NVARCHAR(max)"),
        ("f DateTime", "postgresql", ScalarType.DATETIME, "TIMESTAMP(3)"),
        ("f DateTime", "mysql", ScalarType.DATETIME, "DATETIME(3)"),
        ("f DateTime", "sqlite", ScalarType.DATETIME, "DATETIME"),
        ("f DateTime @db.Date", "mysql", ScalarType.DATE, "DATE"),
        ("f DateTime @db.Date", "mongodb", ScalarType.DATETIME, "Date"),
        ("f DateTime @db.Timetz(6)", "postgresql", ScalarType.TIME, "TIMETZ(6)"),
        ("f Decimal", "postgresql", ScalarType.DECIMAL, "DECIMAL(65,30)"),
        ("f Decimal @db.Decimal(12, 2)", "mysql", ScalarType.DECIMAL, "DECIMAL(12, 2)"),
        ("f Decimal @db.Money", "postgresql", ScalarType.DECIMAL, "MONEY"),
        ("f Int @db.UnsignedSmallInt", "mysql", ScalarType.INT, "SMALLINT UNSIGNED"),
        ("f Boolean @db.TinyInt", "mysql", ScalarType.BOOLEAN, "BOOLEAN"),
        ("f Role", "postgresql", ScalarType.ENUM, "Role"),
        ("f Role", "mysql", ScalarType.ENUM, "ENUM('USER', 'admin')"),
        ("f Role", "sqlite", ScalarType.ENUM, "TEXT"),
        ("f String[]", "postgresql", ScalarType.STRING, "TEXT[]"),
        ("f Int @default(autoincrement())", "postgresql", ScalarType.INT, "SERIAL"),
        ("f Int @default(sequence())", "cockroachdb", ScalarType.INT, "INT4"),
        ('f Unsupported("point")', "postgresql", ScalarType.UNSUPPORTED, "point"),
        ("f String", None, ScalarType.STRING, ""),
    ],
)
def test_types(line: str, provider: str | None, type_: ScalarType, native: str) -> None:
    field = field_of(line, provider)
    assert (field.type, field.native) == (type_, native)


@pytest.mark.parametrize(
    ("line", "provider", "database", "client"),
    [
        ("f String", "postgresql", False, False),
        ("f String?", "postgresql", True, True),
        ("f String[]", "postgresql", True, False),
        ("f Role[]", "cockroachdb", True, False),
        ("f String", "mongodb", True, False),
        ("f String?", "mongodb", True, True),
    ],
)
def test_null_in_the_database_and_in_the_client(
    line: str, provider: str, database: bool, client: bool
) -> None:
    field = field_of(line, provider)
    assert (field.nullable, field.client_nullable) == (database, client)


@pytest.mark.parametrize("provider", ["postgresql", "mongodb", "sqlite"])
def test_key_members_are_never_null(provider: str) -> None:
    schema = build('model M {\n  a String @id @map("_id")\n}\n', provider)
    assert not model_of(schema, "M").fields[0].nullable


@pytest.mark.parametrize(
    ("line", "provider", "layer", "kind", "expression", "value"),
    [
        ("f DateTime @default(now())", "mysql", "database", "now", "now()", None),
        ("f DateTime @default(now())", "mongodb", "client", "now", "now()", None),
        ("f Int @default(5)", "postgresql", "database", "literal", "5", "5"),
        ("f Int @default(5)", "mongodb", "client", "literal", "5", "5"),
        ("f Boolean @default(true)", "sqlserver", "database", "literal", "1", "true"),
        ('f String @default("a\'b")', "sqlite", "database", "literal", "'a''b'", "a'b"),
        ("f Role @default(ADMIN)", "postgresql", "database", "literal", "'admin'", "ADMIN"),
        ("f String @default(uuid(7))", "postgresql", "client", "function", "uuid(7)", None),
        ("f String @default(auto())", "mongodb", "client", "function", "auto()", None),
        ('f Json @default("{}")', "mysql", "client", "literal", "'{}'", "{}"),
        ('f Json @default("{}")', "postgresql", "database", "literal", "'{}'", "{}"),
        (
            'f String @default(dbgenerated("gen()"))',
            "postgresql",
            "database",
            "expression",
            "gen()",
            None,
        ),
        (
            'f String[] @default(["x"])',
            "postgresql",
            "database",
            "literal",
            "ARRAY['x']::TEXT[]",
            None,
        ),
        (
            "f BigInt @default(autoincrement())",
            "postgresql",
            "database",
            "sequence",
            "autoincrement()",
            None,
        ),
    ],
)
def test_defaults(
    line: str, provider: str, layer: str, kind: str, expression: str, value: str | None
) -> None:
    default = field_of(line, provider).default
    assert default is not None
    assert (default.layer, default.kind, default.expression, default.value) == (
        Layer(layer),
        kind,
        expression,
        value,
    )


def test_a_database_default_that_nobody_told_is_opaque() -> None:
    schema = build("model M {\n  a Int @id\n  b String @default(dbgenerated())\n}\n")
    (opaque,) = model_of(schema, "M").opaque
    assert opaque.kind == "default"
    assert opaque.span.text == "@default(dbgenerated())"


def test_sqlite_counts_single_integer_keys_up_by_itself() -> None:
    schema = build("model M {\n  a Int @id\n}\nmodel N {\n  a BigInt @id\n}\n", "sqlite")
    counted = model_of(schema, "M").fields[0].default
    assert counted is not None
    assert (counted.kind, counted.layer) == ("sequence", Layer.DATABASE)
    assert model_of(schema, "N").fields[0].default is None


def test_sqlite_keys_of_ignored_models_take_null() -> None:
    """Prisma takes an optional key of a model that the client does not see."""
    text = (
        "model M {\n  a String? @id\n  @@ignore\n}\nmodel N {\n  a Int? @id\n  @@ignore\n}\n"
        "model P {\n  a Int?\n  b Int\n  @@id([a, b])\n  @@ignore\n}\n"
    )
    for provider, null in (("sqlite", True), ("postgresql", False), ("mysql", False)):
        schema = build(text, provider)
        assert [model_of(schema, name).fields[0].nullable for name in "MNP"] == [null, False, null]
        assert not model_of(schema, "P").fields[1].nullable


def test_updated_at_is_the_clients() -> None:
    assert field_of("f DateTime @updatedAt").updated_at is Layer.CLIENT
    assert field_of("f DateTime @default(now())").updated_at is None


@pytest.mark.parametrize(
    ("line", "provider", "expected"),
    [
        ("f String", "postgresql", False),
        ("f String @db.Citext", "postgresql", True),
        ("f String", "mysql", True),
        ("f String @db.Text", "mysql", True),
        ("f Bytes", "mysql", False),
        ("f String", "sqlserver", True),
        ("f String", "sqlite", False),
    ],
)
def test_letter_case(line: str, provider: str, expected: bool) -> None:
    assert field_of(line, provider).ignore_case is expected


def test_mysql_tables_have_migrates_collation() -> None:
    assert field_of("f String", "mysql").collation == "utf8mb4_unicode_ci"


def test_names_documentation_and_ignore() -> None:
    field = field_of('f String? @map("f_column") @ignore /// what it is')
    assert (field.name, field.column, field.ignored, field.doc) == (
        "f",
        "f_column",
        True,
        "what it is",
    )


def test_spans() -> None:
    field = field_of("f  String? @db.VarChar(5)")
    assert field.span.text == "f  String? @db.VarChar(5)"
    assert field.name_span.text == "f"
    assert field.type_span.text == "String?"


def test_another_database_than_it_was_written_for() -> None:
    text = "model M {\n  a String @id @db.Uuid\n  b String @unique @db.Citext\n  c Role\n}\n"
    text += "enum Role {\n  A\n}\n"
    schema = built_for(text, "postgresql", Dialect.SQLITE)
    fields = model_of(schema, "M").fields
    assert [field.native for field in fields] == ["TEXT", "TEXT", "TEXT"]
    assert [field.type for field in fields] == ["uuid", "string", "enum"]
    assert not fields[1].ignore_case
    assert schema.enums[0].layer is Layer.CLIENT
    assert schema.dialect is Dialect.SQLITE
    assert not schema.foreign_keys_enforced


def test_native_types_are_written_with_the_datasources_name() -> None:
    text = 'datasource pg {\n  provider = "postgresql"\n}\n'
    schema = build(text + "model M {\n  a String @id @pg.Uuid\n  b String @db.Uuid\n}\n", None)
    assert [field.native for field in model_of(schema, "M").fields] == ["UUID", "TEXT"]


def test_unknown_types_and_attributes_are_kept() -> None:
    schema = build("model M {\n  a Int @id\n  b Strin @check(b)\n  @@policy([a])\n}\n")
    model = model_of(schema, "M")
    assert model.fields[1].type is ScalarType.UNSUPPORTED
    assert [one.span.text for one in model.opaque] == ["@@policy([a])", "@check(b)"]


def test_an_enum_value_can_be_stored_as_nothing() -> None:
    """What `prisma db pull` writes for an enum with ''; Migrate 7.10 makes '' of it again."""
    schema = build('enum E {\n  EMPTY @map("")\n  A\n}\n', "mysql")
    assert [value.stored for value in schema.enums[0].values] == ["", "A"]


def test_composite_types() -> None:
    text = 'type Address {\n  street String @map("st")\n}\n'
    text += 'model M {\n  id String @id @map("_id")\n  at Address\n  all Address[]\n'
    text += "  @@index([at.street])\n}\n"
    schema = build(text, "mongodb")
    model = model_of(schema, "M")
    assert model_of(schema, "Address").kind == "type"
    assert [field.composite for field in model.fields] == [None, "Address", "Address"]
    assert model.fields[1].type is ScalarType.COMPOSITE
    assert model.indexes[0].expressions == ("at.st",)


@pytest.mark.parametrize(
    ("provider", "layer"),
    [
        ("postgresql", Layer.DATABASE),
        ("mysql", Layer.DATABASE),
        ("cockroachdb", Layer.DATABASE),
        ("sqlite", Layer.CLIENT),
        ("sqlserver", Layer.CLIENT),
        ("mongodb", Layer.CLIENT),
        (None, Layer.DATABASE),
    ],
)
def test_who_checks_an_enum(provider: str | None, layer: Layer) -> None:
    schema = build('enum E {\n  A @map("a")\n  B /// the other\n  @@map("e_type")\n}\n', provider)
    (enum,) = schema.enums
    assert (enum.name, enum.type, enum.layer) == ("E", "e_type", layer)
    assert [(value.name, value.stored, value.doc) for value in enum.values] == [
        ("A", "a", None),
        ("B", "B", "the other"),
    ]
