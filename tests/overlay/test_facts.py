"""What a schema and its migrations amount to together: the client's names, the database's facts."""

from __future__ import annotations

import msgspec

from schemalint.model import Action, Dialect, Layer, Model, ScalarType, Schema
from schemalint.overlay.schemas import overlay
from tests.overlay.laying import SQLITE, declared, laid, migrated

MODELS = """
/// Somebody who buys.
model Customer {
  id        Int      @id
  mail      String   @unique @map("email") /// their address
  age       Int      @default(18)
  status    Status   @default(NEW)
  createdAt DateTime @updatedAt @map("created_at")
  orders    Order[]

  @@map("customers")
}
model Order {
  id         Int       @id
  customerId Int       @map("customer_id")
  customer   Customer  @relation(fields: [customerId], references: [id], onDelete: Cascade)

  @@map("orders")
}
enum Status {
  NEW  @map("new")
  OLD  @map("old")
}
"""
SQL = """
CREATE TYPE "Status" AS ENUM ('new', 'old', 'gone');
CREATE TABLE customers (
  id INTEGER NOT NULL PRIMARY KEY,
  email CITEXT,
  age INTEGER NOT NULL CHECK (age >= 18),
  status "Status" NOT NULL DEFAULT 'old',
  created_at TIMESTAMP(3) NOT NULL,
  nickname TEXT
);
CREATE UNIQUE INDEX live ON customers (email) WHERE nickname IS NULL;
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL);
ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customers (id)
  ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE TABLE notes (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers (id));
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TRIGGER kept BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION refuse();
GRANT SELECT ON orders TO reader;
"""


def model(schema: Schema, name: str) -> Model:
    found = schema.model(name)
    assert found is not None
    return found


def test_names_and_what_the_client_does_are_prismas() -> None:
    schema = laid(MODELS, SQL).schema
    assert schema.language == "prisma"
    assert [file.path for file in schema.files] == ["schema.prisma", "migrations/1/migration.sql"]
    customer = model(schema, "Customer")
    assert (customer.table, customer.doc) == ("customers", "Somebody who buys.")
    assert [relation.name for relation in customer.relations] == ["orders"]
    assert [field.name for field in customer.fields] == [
        *("id", "mail", "age", "status", "createdAt", "nickname")
    ]
    mail, created = customer.fields[1], customer.fields[4]
    assert (mail.column, mail.doc, mail.client_nullable) == ("email", "their address", False)
    assert created.updated_at is Layer.CLIENT
    assert customer.span.file.path == mail.span.file.path == "schema.prisma"


def test_what_the_database_has_is_as_the_migrations_say() -> None:
    customer = model(laid(MODELS, SQL).schema, "Customer")
    mail, age, status = customer.fields[1:4]
    assert (mail.nullable, mail.native, mail.ignore_case) == (True, "CITEXT", True)
    assert mail.nullable_span is not None
    assert mail.nullable_span.file.path == "migrations/1/migration.sql"
    assert age.default is not None
    assert (age.default.layer, age.default.value) == (Layer.CLIENT, "18")  # Prisma sends it
    assert status.default is not None
    assert (status.default.value, status.enum) == ("old", "Status")
    assert [check.expression for check in customer.checks] == ["age >= 18"]
    assert [(one.columns, one.where) for one in customer.uniques] == [
        (("email",), "nickname IS NULL")
    ]


def test_a_column_of_the_migrations_alone_is_not_the_clients() -> None:
    nickname = model(laid(MODELS, SQL).schema, "Customer").fields[-1]
    assert (nickname.column, nickname.ignored, nickname.nullable) == ("nickname", True, True)
    clash = 'model A {\n  id Int @id\n  name Int @map("title")\n}'
    sql = 'CREATE TABLE "A" (id INTEGER PRIMARY KEY, title INTEGER NOT NULL, name TEXT);'
    fields = model(laid(clash, sql).schema, "A").fields
    assert [(field.name, field.column) for field in fields] == [
        *(("id", "id"), ("name", "title"), ("name_", "name"))
    ]


def test_a_table_of_the_migrations_alone_is_not_the_clients() -> None:
    schema = laid(MODELS, SQL).schema
    notes = model(schema, "notes")
    assert notes.ignored
    (key,) = notes.foreign_keys
    assert (key.table, key.model) == ("customers", "Customer")
    assert schema.models[-1] is notes


def test_foreign_keys_keep_their_place_and_do_what_the_migrations_say() -> None:
    order = model(laid(MODELS, SQL).schema, "Order")
    (key,) = order.foreign_keys
    assert (key.columns, key.model, key.name) == (("customer_id",), "Customer", "fk")
    assert (key.on_delete, key.on_update) == (Action.RESTRICT, Action.CASCADE)
    assert key.span.file.path == "schema.prisma"
    assert key.on_delete_span is not None
    assert key.on_delete_span.file.path == "migrations/1/migration.sql"
    assert key.columns == order.relations[0].columns


def test_triggers_and_grants_come_along() -> None:
    order = model(laid(MODELS, SQL).schema, "Order")
    assert [(trigger.name, trigger.effect) for trigger in order.triggers] == [("kept", "raises")]
    assert [grant.role for grant in order.grants] == ["reader"]


def test_an_enum_has_the_values_of_its_type() -> None:
    (status,) = laid(MODELS, SQL).schema.enums
    assert [(value.name, value.stored) for value in status.values] == [
        *(("NEW", "new"), ("OLD", "old"), ("gone", "gone"))
    ]
    (status,) = laid(MODELS, SQL.replace("'new', ", "")).schema.enums
    assert [value.stored for value in status.values] == ["old", "gone"]


def test_what_the_migrations_lack_is_not_in_the_database() -> None:
    key = SQL[SQL.index("ALTER TABLE orders") : SQL.index("CREATE TABLE notes")]
    sql = SQL.replace(key, "").replace("CREATE UNIQUE INDEX live", "CREATE INDEX live")
    schema = laid(MODELS, sql).schema
    assert model(schema, "Customer").uniques == ()
    assert model(schema, "Order").foreign_keys == ()
    assert model(schema, "Order").relations[0].columns == ("customer_id",)


def test_what_no_migration_makes_stays_as_it_is_declared() -> None:
    """No row has it, so that whatever is said of it holds."""
    models = MODELS.replace("age       Int", "code Int @unique\n  age Int")
    prisma = declared(models + "model New {\n  id Int @id\n  a Int @unique\n}\n")
    schema = overlay(prisma, migrated(SQL)).schema
    assert model(schema, "New") == prisma.model("New")
    customer = model(schema, "Customer")
    assert customer.field("code") is not None
    assert ("code",) in [unique.columns for unique in customer.uniques]


def test_a_model_over_a_view_is_a_view() -> None:
    schema = laid("model A {\n  id Int @id\n}", 'CREATE VIEW "A" AS SELECT 1 AS id;').schema
    assert model(schema, "A").kind == "view"


def test_what_was_not_understood_is_carried_over() -> None:
    prisma = declared("model A {\n  id Int @id\n  b Int @default(dbgenerated())\n}")
    assert [one.kind for one in prisma.models[0].opaque] == ["default"]
    sql = 'CREATE TABLE "A" (id INTEGER PRIMARY KEY, b INTEGER NOT NULL); ALTER TABLE "A" FROB x;'
    schema = overlay(prisma, migrated(sql, sound=False)).schema
    assert schema.models[0].opaque == ()  # the migrations tell the default: there is none
    assert schema.models[0].fields[1].default is None
    assert [one.tables for one in schema.opaque] == [("A",)]


def test_schemas_are_told_apart() -> None:
    models = """
    model A {
      id Int @id
      @@schema("one")
    }
    model B {
      id Int @id
      @@map("A")
      @@schema("public")
    }
    """
    prisma = declared(models, settings='schemas = ["one", "public"]')
    sql = """
    CREATE SCHEMA one;
    CREATE TABLE one."A" (id BIGINT PRIMARY KEY);
    CREATE TABLE "A" (id INTEGER PRIMARY KEY);
    """
    schema = overlay(prisma, migrated(sql)).schema
    assert [(one.name, one.fields[0].type) for one in schema.models] == [
        ("A", ScalarType.BIGINT),
        ("B", ScalarType.INT),
    ]


def test_what_the_language_can_say_stays_prismas() -> None:
    """A rule that needs a CHECK is still `inexpressible`, with the SQL for a migration."""
    schema = laid(MODELS, SQL).schema
    assert "check" not in schema.can_say
    assert schema.foreign_keys_enforced


def test_names_are_compared_as_the_database_compares_them() -> None:
    models = "model A {\n  id Int @id\n  Name String @unique\n}"
    sql = "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    overlaid = laid(models, sql, dialect=SQLITE)
    assert overlaid.findings == ()
    assert [unique.columns for unique in overlaid.schema.models[0].uniques] == [("Name",)]
    assert len(laid(models, sql.replace(" a ", ' "a" ')).findings) == 2  # PostgreSQL


def test_names_are_spelled_as_the_schema_spells_them() -> None:
    """Whatever the migrations say of a column can be looked up by its one name."""
    models = """
    model A {
      Id   Int    @id
      Name String
      bs   B[]
    }
    model B {
      Id  Int @id
      AId Int
      a   A   @relation(fields: [AId], references: [Id])
    }
    """
    sql = """
    CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
    CREATE UNIQUE INDEX i ON a (name) WHERE id > 1;
    CREATE INDEX j ON a (id, name);
    CREATE TABLE b (
      id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
      aid INTEGER NOT NULL REFERENCES a (id) ON UPDATE CASCADE
    );
    CREATE TABLE c (aid INTEGER REFERENCES a (id));
    CREATE TRIGGER t BEFORE UPDATE OF name ON a BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    schema = laid(models, sql, dialect=SQLITE).schema
    for one in schema.models:
        columns = {field.column for field in one.fields}
        keys = [*one.keys, *one.indexes]
        named = {name for key in keys for name in key.columns}
        named |= {name for key in one.foreign_keys for name in key.columns}
        named |= {name for trigger in one.triggers for name in trigger.columns}
        assert named <= columns
        for key in one.foreign_keys:
            target = model(schema, key.model)
            assert key.table == target.table
            assert set(key.references) <= {field.column for field in target.fields}


def test_what_is_no_drift_is_a_fact_of_the_database_all_the_same() -> None:
    models = """
    model A {
      id Int                @id
      b  String
      c  DateTime           @default("2020-01-01T00:00:00Z")
      d  String             @unique
      e  Unsupported("x")?
    }
    """
    sql = """
    CREATE TABLE "A" (
      id INTEGER NOT NULL PRIMARY KEY, b VARCHAR(20) NOT NULL,
      c DATETIME NOT NULL DEFAULT '2021-01-01', d TEXT NOT NULL, e TEXT
    );
    CREATE UNIQUE INDEX i ON "A" (d);
    """
    overlaid = laid(models, sql, dialect=SQLITE)
    assert overlaid.findings == ()
    _, b, c, _, e = overlaid.schema.models[0].fields
    assert b.native == "VARCHAR(20)"
    assert c.default is not None
    assert c.default.value == "2021-01-01"
    assert (e.type, e.native, e.unsupported) == (ScalarType.STRING, "TEXT", None)


def test_predicates_are_the_databases_where_they_are_written_otherwise() -> None:
    models = """
    generator client {
      provider        = "prisma-client"
      output          = "x"
      previewFeatures = ["partialIndexes"]
    }
    model A {
      id Int @id
      b  String
      c  String?
      @@unique([b], where: raw("(c = 'x' OR c IS NULL) AND id > 1"))
    }
    """
    sql = """
    CREATE TABLE "A" (id INTEGER PRIMARY KEY, b TEXT NOT NULL, c TEXT);
    CREATE UNIQUE INDEX "A_b_key" ON "A" (b) WHERE %s;
    """
    same = laid(models, sql % "((c = 'x' or c is null) and id>1)")
    assert same.findings == ()
    for other in ("c = 'x' OR (c IS NULL AND id > 1)", "(c = 'X' OR c IS NULL) AND id > 1"):
        overlaid = laid(models, sql % other)
        assert len(overlaid.findings) == 1
        assert [one.where for one in overlaid.schema.models[0].uniques] == [other]


def test_an_expression_over_a_join_table_is_kept() -> None:
    models = "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  as A[]\n}"
    sql = """
    CREATE TABLE "A" ("id" INTEGER NOT NULL PRIMARY KEY);
    CREATE TABLE "B" ("id" INTEGER NOT NULL PRIMARY KEY);
    CREATE TABLE "_AToB" ("A" INTEGER NOT NULL, "B" INTEGER NOT NULL);
    CREATE INDEX odd ON "_AToB" ("B", abs("A"));
    """
    join = model(laid(models, sql).schema, "_AToB")
    assert [index.expressions for index in join.indexes] == [('abs("A")',)]


def test_sqlite_foreign_keys_stay_with_the_client() -> None:
    models = """
    model A {
      id Int @id
      bs B[]
    }
    model B {
      id  Int @id
      aId Int
      a   A   @relation(fields: [aId], references: [id])
    }
    """
    sql = """
    CREATE TABLE "A" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT);
    CREATE TABLE "B" (
      "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
      "aId" INTEGER NOT NULL,
      CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A" ("id")
        ON DELETE RESTRICT ON UPDATE CASCADE
    );
    """
    prisma = declared(models, Dialect.SQLITE)
    overlaid = overlay(prisma, migrated(sql, dialect=SQLITE))
    assert overlaid.findings == ()
    assert msgspec.structs.replace(overlaid.schema, files=prisma.files) == prisma
    assert overlaid.schema.models[1].foreign_keys[0].layer is Layer.CLIENT
