"""What counts as drift between a Prisma schema and its migrations, and how it is told."""

from __future__ import annotations

import pytest

from schemalint.finding import Severity
from schemalint.overlay.schemas import overlay
from tests.overlay.laying import MYSQL, SQLITE, declared, laid, migrated, told

USER = """
model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  name  String?
}
"""
TABLE = """
CREATE TABLE "User" (
  "id" SERIAL NOT NULL,
  "email" TEXT NOT NULL,
  "name" TEXT,
  CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
"""


def both(model: str, table: str, extra: str = "") -> tuple[str, str]:
    """A model with one line more, and its table with one column, or a statement, more."""
    models = USER.replace("String?\n}", f"String?\n  {model}\n}}")
    column = f'"name" TEXT,\n  {table},' if table else '"name" TEXT,'
    return models, TABLE.replace('"name" TEXT,', column) + extra


# -- each difference


@pytest.mark.parametrize(
    ("models", "sql", "message"),
    [
        (
            USER + "model Post {\n  id Int @id\n}\n",
            TABLE,
            "Post: no migration makes the table `Post`: the database does not have it",
        ),
        (
            USER,
            TABLE + "CREATE TABLE audit_log (id INT PRIMARY KEY);",
            "audit_log: the migrations make a table `audit_log`, which the schema does not know",
        ),
        (
            *both("age Int?", ""),
            "User.age: no migration gives the table `User` a column `age`: the database does not "
            "have it",
        ),
        (
            *both("", '"age" INTEGER'),
            "User.age: the migrations give the table `User` a column `age`, which `User` does not "
            "know",
        ),
        (
            *both("", '"age" INTEGER NOT NULL'),
            "User.age: the migrations give the table `User` a column `age`, which `User` does not "
            "know: the client cannot store a row, because each has to fill it",
        ),
        (
            *both("age Int?", '"age" BIGINT'),
            "User.age: `User.age` is `INTEGER` by the schema and `BIGINT` by the migrations, which "
            "the database follows",
        ),
        (
            *both("tag String?", '"tag" VARCHAR(20)'),
            "User.tag: `User.tag` is `TEXT` by the schema and `VARCHAR(20)` by the migrations, "
            "which the database follows",
        ),
        (
            *both("tags String[]", '"tags" TEXT'),
            "User.tags: `User.tags` is `TEXT[]` by the schema and `TEXT` by the migrations, which "
            "the database follows",
        ),
        (
            *both("at DateTime?", '"at" TIMESTAMPTZ(3)'),
            "User.at: `User.at` is `TIMESTAMP(3)` by the schema and `TIMESTAMPTZ(3)` by the "
            "migrations, which the database follows",
        ),
        (
            *both("age Int", '"age" INTEGER'),
            "User.age: `User.age` has to have a value by the schema, and the migrations allow "
            "NULL: the database takes rows without it, at which the client fails",
        ),
        (
            *both("age Int?", '"age" INTEGER NOT NULL'),
            "User.age: `User.age` is optional by the schema, and NOT NULL by the migrations: the "
            "database refuses rows without it",
        ),
        (
            *both("age Int? @default(18)", '"age" INTEGER'),
            "User.age: `User.age` has a default by the schema, `18`, and none by the migrations: "
            "the database sets no value where a writer names none",
        ),
        (
            *both("age Int?", '"age" INTEGER DEFAULT 18'),
            "User.age: the migrations give `User.age` a default, `18`, which the schema does not "
            "know",
        ),
        (
            *both("key String? @default(uuid())", '"key" TEXT DEFAULT gen_random_uuid()'),
            "User.key: the migrations give `User.key` a default, `gen_random_uuid()`, and the "
            "schema leaves that to the client",
        ),
        (
            *both("age Int? @default(18)", '"age" INTEGER DEFAULT 21'),
            "User.age: the default of `User.age` is `18` by the schema and `21` by the migrations, "
            "which the database follows",
        ),
        (
            USER,
            TABLE.replace('("id")', '("id", "email")'),
            "User.id: the primary key of `User` is (`id`) by the schema and (`id`, `email`) by the "
            "migrations, which the database follows",
        ),
        (
            USER,
            TABLE.replace(',\n  CONSTRAINT "User_pkey" PRIMARY KEY ("id")', ""),
            "User.id: no migration makes (`id`) the primary key of `User`: the database takes rows "
            "that are not told apart",
        ),
        (
            USER.replace("@id ", "@unique "),
            TABLE + 'CREATE UNIQUE INDEX "User_id_key" ON "User"("id");',
            "User.id: the migrations make (`id`) the primary key of `User`, and the schema does "
            "not say so",
        ),
        (
            USER,
            TABLE.partition("CREATE UNIQUE")[0],
            "User.email: no migration makes (`email`) of `User` unique: the database takes "
            "duplicates",
        ),
        (
            USER,
            TABLE.replace('("email")', '("email") WHERE name IS NULL'),
            "User.email: (`email`) of `User` is unique by the schema, and by the migrations only "
            "where `name IS NULL`: the database takes duplicates among the other rows",
        ),
        (
            USER,
            TABLE + 'CREATE UNIQUE INDEX i ON "User"(name, email);',
            "User: the migrations make (`name`, `email`) of `User` unique, and the schema does not "
            "say so: the database refuses rows that the schema allows",
        ),
        (
            *both("@@index([name])", ""),
            "User.name: no migration makes the index over (`name`) of `User`",
        ),
        (
            USER,
            TABLE + 'CREATE INDEX i ON "User"(name);',
            "User.name: the migrations make an index over (`name`) of `User`, which the schema "
            "does not have",
        ),
        (
            *both("@@index([name], type: Hash)", "", 'CREATE INDEX i ON "User"(name);'),
            "User.name: the index over (`name`) of `User` is of the type hash by the schema and "
            "btree by the migrations",
        ),
    ],
)
def test_a_difference_is_told(models: str, sql: str, message: str) -> None:
    assert told(laid(models, sql)) == [message]


RELATION = """
model User {
  id    Int @id
  posts Post[]
}
model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id]%s)
}
"""
TABLES = """
CREATE TABLE "User" ("id" INTEGER NOT NULL, PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" INTEGER NOT NULL, "authorId" INTEGER NOT NULL, PRIMARY KEY ("id"));
"""
KEY = 'ALTER TABLE "Post" ADD FOREIGN KEY ("authorId") REFERENCES "User"("id")'
AS_PRISMA = " ON DELETE RESTRICT ON UPDATE CASCADE;"


@pytest.mark.parametrize(
    ("models", "sql", "message"),
    [
        (
            RELATION % "",
            TABLES,
            "Post.author: no migration makes the foreign key from (`authorId`) of `Post` to "
            "`User`: the database takes rows that point nowhere",
        ),
        (
            RELATION % "",
            TABLES + KEY + " ON DELETE CASCADE ON UPDATE CASCADE;",
            "Post.author: when a row of `User` is deleted, the rows of `Post` that name it are "
            "under `restrict` by the schema and `cascade` by the migrations, which the database "
            "follows",
        ),
        (
            RELATION % ", onDelete: Cascade, onUpdate: Cascade",
            TABLES + KEY + " ON DELETE CASCADE;",
            "Post.author: when a row of `User` gets another key, the rows of `Post` that name it "
            "are under `cascade` by the schema and `no action` by the migrations, which the "
            "database follows",
        ),
        (
            "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  authorId Int\n}",
            TABLES + KEY + AS_PRISMA,
            "Post: the migrations make (`authorId`) of `Post` a foreign key to `User`, and the "
            "schema has no such relation",
        ),
        (
            RELATION % "" + "enum Role {\n  A\n  B\n}\n",
            TABLES + KEY + AS_PRISMA + "CREATE TYPE \"Role\" AS ENUM ('A');",
            "Role.B: no migration gives the type `Role` the value `B`: the database refuses it",
        ),
        (
            RELATION % "" + "enum Role {\n  A\n}\n",
            TABLES + KEY + AS_PRISMA + "CREATE TYPE \"Role\" AS ENUM ('A', 'B');",
            "Role: the migrations give the type `Role` the value `B`, which the enum `Role` does "
            "not know: the client fails at rows that have it",
        ),
        (
            RELATION % "" + "enum Role {\n  A\n}\n",
            TABLES + KEY + AS_PRISMA,
            "Role: no migration makes the type `Role`: the database does not have it",
        ),
        (
            RELATION % "",
            TABLES + KEY + AS_PRISMA + "CREATE TYPE mood AS ENUM ('sad');",
            "mood: the migrations make a type `mood`, which the schema does not know and no column "
            "has",
        ),
        (
            "model User {\n  id Int @id\n}",
            'CREATE VIEW "User" AS SELECT 1 AS id;',
            "User: `User` is a model by the schema, and `User` a view by the migrations: what is "
            "declared of its fields binds nobody",
        ),
        (
            "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  as A[]\n}",
            'CREATE TABLE "A" ("id" INTEGER NOT NULL, PRIMARY KEY ("id"));'
            'CREATE TABLE "B" ("id" INTEGER NOT NULL, PRIMARY KEY ("id"));',
            "_AToB: no migration makes the join table `_AToB` of this relation: the database does "
            "not have it",
        ),
    ],
)
def test_a_difference_between_tables_is_told(models: str, sql: str, message: str) -> None:
    assert told(laid(models, sql)) == [message]


# -- what one side cannot say is none


@pytest.mark.parametrize(
    ("models", "sql"),
    [
        both("key String? @default(uuid())", '"key" TEXT'),
        both("key String @default(cuid())", '"key" TEXT NOT NULL'),
        both("at DateTime @updatedAt", '"at" TIMESTAMP(3) NOT NULL'),
        both("at DateTime @default(now())", '"at" TIMESTAMP(3) NOT NULL DEFAULT now()'),
        both("age Int?", '"age" INTEGER CHECK (age > 0)'),
        both("age Int?", '"age" INTEGER DEFAULT NULL'),
        both("age Int @default(1)", "\"age\" INTEGER NOT NULL DEFAULT ('1'::integer)"),
        both("n Decimal @default(1.50)", '"n" DECIMAL(65,30) NOT NULL DEFAULT 1.5'),
        both("ok Boolean @default(true)", "\"ok\" BOOLEAN NOT NULL DEFAULT 't'"),
        both('tag String @default("a")', "\"tag\" TEXT NOT NULL DEFAULT 'a'::text"),
        both('j Json @default("{}")', "\"j\" JSONB NOT NULL DEFAULT '{ }'::jsonb"),
        both("tags String[] @default([])", "\"tags\" TEXT[] DEFAULT '{}'"),
        both('tags String[] @default(["a", "b"])', "\"tags\" TEXT[] DEFAULT '{a,\"b\"}'::text[]"),
        both("tags String[]", '"tags" TEXT[] NOT NULL'),
        both("sum Int? @default(dbgenerated())", '"sum" INTEGER'),
        both("sum Int? @default(dbgenerated())", '"sum" INTEGER DEFAULT random()'),
        both(
            'u String @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
            '"u" UUID NOT NULL DEFAULT (GEN_RANDOM_UUID())',
        ),
        both(
            "twice Int?",
            '"twice" INTEGER GENERATED ALWAYS AS (id * 2) STORED',
        ),
        both('place Unsupported("point")?', '"place" POINT'),
        both('place Unsupported("geometry(Point, 4326)")?', '"place" GEOMETRY(POINT,4326)'),
        both("at DateTime? @db.Timestamp(6)", '"at" TIMESTAMP'),
        both("at DateTime? @db.Timestamptz", '"at" TIMESTAMP (6) WITH TIME ZONE'),
        both("n Decimal? @db.Decimal(10, 0)", '"n" NUMERIC(10)'),
        both("c String? @db.Char(1)", '"c" CHARACTER'),
        both("f Float?", '"f" FLOAT8'),
        both("big BigInt?", '"big" INT8'),
        both("age Int? @ignore", '"age" BIGINT NOT NULL'),
        both("@@index([name])", "", 'CREATE INDEX other_name ON "User"(name);'),
        both("@@index([name(sort: Desc)])", "", 'CREATE INDEX i ON "User"(name);'),
        both("@@index([name], map: \"a\")", "", 'CREATE INDEX a ON "User"(name text_pattern_ops);'),
        both("", "", 'CREATE INDEX i ON "User"(lower(email));'),
        both("", "", 'CREATE UNIQUE INDEX i ON "User"(name) WHERE id > 1;'),
        both("", "", 'CREATE UNIQUE INDEX i ON "User"(name) NULLS NOT DISTINCT;'),
        both("", "", 'ALTER TABLE "User" ADD CHECK (length(email) > 3);'),
        both("", "", 'CREATE VIEW "UserNames" AS SELECT name FROM "User";'),
        both("", "", 'CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY);'),
        both("", "", "CREATE SCHEMA events; CREATE TABLE events.runs (id TEXT PRIMARY KEY);"),
        both("", "", 'CREATE UNIQUE INDEX again ON "User"(email);'),
        both("@@index([name])", "", 'CREATE INDEX i ON "User"(name) WHERE id > 1;'),
        both("@@index([name])", "", 'CREATE INDEX i ON "User" USING hnsw (name vector_l2_ops);'),
        both(
            'day DateTime @default(dbgenerated("CURRENT_DATE")) @db.Date',
            '"day" DATE NOT NULL DEFAULT CURRENT_DATE',
        ),
        both(
            "tags String[] @default([])",
            '"tags" TEXT[] DEFAULT ARRAY[]::pg_catalog."text"[]',
        ),
        both("", "", 'CREATE SEQUENCE s; GRANT SELECT ON "User" TO reader;'),
        (USER, TABLE.replace("UNIQUE INDEX", "UNIQUE INDEX") .replace("User_email_key", "e")),
        (USER, TABLE.replace('PRIMARY KEY ("id")', 'PRIMARY KEY ("id"), UNIQUE (email)')
         .partition("CREATE UNIQUE")[0]),
        (USER, TABLE.replace("SERIAL", "INTEGER GENERATED BY DEFAULT AS IDENTITY")),
        (RELATION % "", TABLES + KEY + AS_PRISMA.replace(";", " DEFERRABLE INITIALLY DEFERRED;")),
        (RELATION % "" + 'view Names {\n  id Int @unique\n}\n', TABLES + KEY + AS_PRISMA),
    ],
)  # fmt: skip
def test_no_drift(models: str, sql: str) -> None:
    if "view" in models:
        models = 'generator c {\n  provider = "x"\n  previewFeatures = ["views"]\n}\n' + models
    assert told(laid(models, sql)) == []


def test_prismas_older_join_tables_are_no_drift() -> None:
    models = "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  as A[]\n}"
    sql = """
    CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));
    CREATE TABLE "B" ("id" INTEGER NOT NULL, CONSTRAINT "B_pkey" PRIMARY KEY ("id"));
    CREATE TABLE "_AToB" ("A" INTEGER NOT NULL, "B" INTEGER NOT NULL);
    CREATE UNIQUE INDEX "_AToB_AB_unique" ON "_AToB"("A", "B");
    CREATE INDEX "_AToB_B_index" ON "_AToB"("B");
    ALTER TABLE "_AToB" ADD FOREIGN KEY ("A") REFERENCES "A"("id")
      ON DELETE CASCADE ON UPDATE CASCADE;
    ALTER TABLE "_AToB" ADD FOREIGN KEY ("B") REFERENCES "B"("id")
      ON DELETE CASCADE ON UPDATE CASCADE;
    """
    overlaid = laid(models, sql)
    assert told(overlaid) == []
    join = overlaid.schema.models[-1]
    assert (join.kind, join.primary_key) == ("join", None)
    assert [unique.columns for unique in join.uniques] == [("A", "B")]
    assert join.uniques[0].span.file.path == "schema.prisma"


def test_relations_of_the_client_alone_are_no_drift() -> None:
    schema = declared(RELATION % "", settings='relationMode = "prisma"')
    overlaid = overlay(schema, migrated(TABLES))
    assert told(overlaid) == []
    assert overlaid.schema.models[1].foreign_keys == schema.models[1].foreign_keys


@pytest.mark.parametrize(
    "column",
    ["VARCHAR(20)", "CHARACTER(3)", "TEXT", "CLOB"],
)
def test_sqlite_types_are_compared_by_what_they_stand_for(column: str) -> None:
    models = "model A {\n  id Int @id\n  b String\n}"
    sql = f'CREATE TABLE "A" ("id" INTEGER NOT NULL PRIMARY KEY, "b" {column} NOT NULL);'
    assert told(laid(models, sql, dialect=SQLITE)) == []
    (message,) = told(laid(models, sql.replace(column, "INTEGER"), dialect=SQLITE))
    assert "`INTEGER` by the migrations" in message


def test_mysql_enums_are_compared_by_column() -> None:
    models = """
    model A {
      id   Int  @id
      one  Role
      two  Role
    }
    enum Role {
      ADMIN @map("admin")
      USER
    }
    """
    sql = """
    CREATE TABLE `A` (
      `id` INTEGER NOT NULL,
      `one` ENUM('admin', 'USER') NOT NULL,
      `two` ENUM('admin', 'USER', 'GUEST') NOT NULL,
      PRIMARY KEY (`id`)
    ) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
    """
    overlaid = laid(models, sql, dialect=MYSQL)
    assert told(overlaid) == [
        "Role: the migrations give the type `A_two` the value `GUEST`, which the enum `Role` does "
        "not know: the client fails at rows that have it"
    ]
    one, two = overlaid.schema.models[0].fields[1:]
    assert one.enum == "Role"
    enum = overlaid.schema.enum(two.enum or "")
    assert enum is not None
    assert [(value.name, value.stored) for value in enum.values] == [
        ("ADMIN", "admin"),
        ("USER", "USER"),
        ("GUEST", "GUEST"),
    ]


# -- how it is told


def test_a_finding_has_both_places() -> None:
    models, sql = both("age Int?", "")
    overlaid = laid(models, sql, 'ALTER TABLE "User" ADD COLUMN "age" TEXT;')
    (finding,) = overlaid.findings
    assert (finding.rule, finding.severity) == ("schema-migration-drift", Severity.WARNING)
    assert finding.span is not None
    assert (finding.span.file.path, finding.span.text) == ("schema.prisma", "Int?")
    (related,) = finding.related
    assert (related.span.file.path, related.span.text) == ("migrations/2/migration.sql", "TEXT")
    assert "prisma migrate dev" in (finding.help or "")


def test_what_no_migration_makes_points_at_the_table() -> None:
    overlaid = laid(*both("age Int?", ""))
    (finding,) = overlaid.findings
    assert finding.span is not None
    assert finding.span.text == "age"
    assert [related.span.text for related in finding.related] == ['"User"']


def test_findings_are_in_the_order_of_the_schema() -> None:
    models = "enum Z {\n  A\n}\n" + USER.replace("String?", "Int") + "model B {\n  id Int @id\n}\n"
    paths = [finding.path for finding in laid(models, TABLE + "CREATE TABLE x (y INT);").findings]
    assert paths == ["Z", "User.name", "User.name", "B", "x"]


def test_nothing_is_told_of_a_table_that_a_statement_touches_which_was_not_understood() -> None:
    schema = declared(both("age Int?", "")[0] + "model B {\n  id Int @id\n}\n")
    sql = TABLE + 'ALTER TABLE "User" FROBNICATE COLUMN "age";'
    overlaid = overlay(schema, migrated(sql, sound=False))
    assert [finding.path for finding in overlaid.findings] == ["B"]


def test_nothing_is_told_of_a_table_whose_columns_could_not_be_told() -> None:
    models = "model A {\n  id Int @id\n  age Int\n}\nmodel B {\n  id Int @id\n}\n"
    sql = 'CREATE TABLE "A" AS SELECT * FROM elsewhere; ALTER TABLE "A" ADD PRIMARY KEY ("id");'
    assert [finding.path for finding in laid(models, sql).findings] == ["B"]


def test_a_statement_that_may_touch_anything_is_named() -> None:
    schema = declared(both("age Int?", "")[0])
    sql = TABLE + "DO $$ BEGIN EXECUTE chr(65) || current_setting('x'); END $$;"
    overlaid = overlay(schema, migrated(sql, sound=False))
    (finding,) = overlaid.findings
    assert finding.related[-1].message == (
        "what this does was not understood; it may be what is missed here"
    )
