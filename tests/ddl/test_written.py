"""The whole: order, what is told as left out, extensions, places, and what is refused."""

from __future__ import annotations

import pytest

from schemalint.ddl import Ddl, written
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile
from tests.loaders.sql.building import build, load


def prisma(text: str, provider: str = "postgresql", more: str = "") -> Schema:
    source = f'datasource db {{\n provider = "{provider}"\n{more}\n}}\n{text}'
    loaded = PrismaLoader().load([SourceFile("schema.prisma", source)])
    assert [one.message for one in loaded.problems if not one.warning] == []
    return loaded.schema


def lines(ddl: Ddl) -> list[str]:
    return [" ".join(one.sql.split()) for one in ddl.statements]


def told(ddl: Ddl) -> list[str]:
    return [f"{one.what}: {one.reason}" for one in ddl.omissions]


BLOG = """
enum Role {
  USER
  ADMIN @map("admin")
}

model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  role  Role   @default(ADMIN)
  seen  DateTime @updatedAt
  posts Post[]
  tags  Tag[]
}

model Post {
  id     String @id @default(uuid())
  user   User   @relation(fields: [userId], references: [id])
  userId Int
  @@index([userId])
}

model Tag {
  id    Int @id
  users User[]
}
"""


def test_postgresql_in_an_order_that_it_takes() -> None:
    assert lines(written(prisma(BLOG))) == [
        "CREATE TYPE \"Role\" AS ENUM ('USER', 'admin')",
        'CREATE TABLE "User" ( "id" SERIAL NOT NULL, "email" TEXT NOT NULL, '
        '"role" "Role" NOT NULL DEFAULT \'admin\', "seen" TIMESTAMP(3) NOT NULL, '
        'CONSTRAINT "User_pkey" PRIMARY KEY ("id") )',
        'CREATE TABLE "Post" ( "id" TEXT NOT NULL, "userId" INTEGER NOT NULL, '
        'CONSTRAINT "Post_pkey" PRIMARY KEY ("id") )',
        'CREATE TABLE "Tag" ( "id" INTEGER NOT NULL, CONSTRAINT "Tag_pkey" PRIMARY KEY ("id") )',
        'CREATE TABLE "_TagToUser" ( "A" INTEGER NOT NULL, "B" INTEGER NOT NULL, '
        'CONSTRAINT "_TagToUser_AB_pkey" PRIMARY KEY ("A", "B") )',
        'CREATE UNIQUE INDEX "User_email_key" ON "User" ("email")',
        'CREATE INDEX "Post_userId_idx" ON "Post" ("userId")',
        'CREATE INDEX "_TagToUser_B_index" ON "_TagToUser" ("B")',
        'ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") '
        'REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE',
        'ALTER TABLE "_TagToUser" ADD CONSTRAINT "_TagToUser_A_fkey" FOREIGN KEY ("A") '
        'REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE',
        'ALTER TABLE "_TagToUser" ADD CONSTRAINT "_TagToUser_B_fkey" FOREIGN KEY ("B") '
        'REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE',
    ]


def test_sqlite_has_its_foreign_keys_inside() -> None:
    made = lines(written(prisma(BLOG, "sqlite")))
    assert made[1] == (
        'CREATE TABLE "Post" ( "id" TEXT NOT NULL, "userId" INTEGER NOT NULL, PRIMARY KEY ("id"), '
        'CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") '
        "ON DELETE RESTRICT ON UPDATE CASCADE )"
    )
    assert '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT' in made[0]


def test_mysql_has_its_keys_inside() -> None:
    made = lines(written(prisma(BLOG, "mysql")))
    assert made[0] == (
        "CREATE TABLE `User` ( `id` INTEGER NOT NULL AUTO_INCREMENT, "
        "`email` VARCHAR(191) COLLATE utf8mb4_unicode_ci NOT NULL, "
        "`role` ENUM('USER', 'admin') NOT NULL DEFAULT 'admin', `seen` DATETIME(3) NOT NULL, "
        "PRIMARY KEY (`id`), UNIQUE INDEX `User_email_key` (`email`) ) "
        "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
    )


@pytest.mark.parametrize("provider", ["postgresql", "sqlite", "mysql"])
def test_relation_mode_prisma_has_no_foreign_key(provider: str) -> None:
    ddl = written(prisma(BLOG, provider, ' relationMode = "prisma"'))
    assert "FOREIGN KEY" not in " ".join(lines(ddl))
    assert told(ddl) == []


def test_each_statement_has_the_place_of_what_it_makes() -> None:
    places = [one.span.text.partition("\n")[0] for one in written(prisma(BLOG)).statements]
    assert places[:3] == ["enum Role {", "model User {", "model Post {"]
    assert "@unique" in places
    assert "@@index([userId])" in places
    assert "@relation(fields: [userId], references: [id])" in places


def test_a_table_comes_behind_those_that_it_inherits_from() -> None:
    schema = build(
        "CREATE TABLE b (x int); CREATE TABLE a (y int); ALTER TABLE b INHERIT a;".replace(
            "b (x int)", "b (y int)"
        )
    )
    assert lines(written(schema)) == [
        'CREATE TABLE "a" ( "y" INTEGER )',
        'CREATE TABLE "b" ( "y" INTEGER ) INHERITS ("a")',
    ]


def test_views_and_triggers_are_told() -> None:
    ddl = written(
        build(
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;"
            "CREATE TRIGGER g BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'no'); END;",
            "sqlite",
        )
    )
    assert len(ddl.statements) == 1
    assert told(ddl) == [
        "the trigger `g` of `t`: triggers are not written",
        "the view `v`: its query is not known",
    ]
    assert [one.tables for one in ddl.omissions] == [("t",), ("v",)]


def test_what_was_not_understood_is_told() -> None:
    schema = load("CREATE TABLE t (a int, GARBAGE (x y z));").schema
    assert schema.opaque
    (line,) = told(written(schema))
    assert line.startswith("the ")
    ddl = written(prisma("model A {\n id Int @id\n b String @default(dbgenerated())\n}"))
    (line,) = told(ddl)
    assert line == (
        "the default `@default(dbgenerated())`: the database has a default that the schema does "
        "not tell"
    )


def test_a_default_that_names_a_column_is_told() -> None:
    text = 'dbgenerated("lower(\\"b\\")")'
    ddl = written(prisma(f"model A {{\n id Int @id\n b String\n c String @default({text})\n}}"))
    assert told(ddl) == ["the default of `A.c`: it names the column `b`, which a default cannot"]
    assert '"c" TEXT NOT NULL,' in lines(ddl)[0]
    # Neither a function nor a text nor a type is a column.
    text = "dbgenerated(\"b('b'::b || now())\")"
    ddl = written(prisma(f"model A {{\n id Int @id\n b String\n c String @default({text})\n}}"))
    assert told(ddl) == []


def test_what_the_database_has_not_is_told() -> None:
    exclusion = "CREATE TABLE t (a int, EXCLUDE (a WITH =), UNIQUE NULLS NOT DISTINCT (a));"
    schema = build(exclusion)
    assert told(written(schema)) == []
    models = "from sqlmodel import *\nimport sqlalchemy as sa\n\n\nclass A(SQLModel, table=True):\n"
    models += "    id: int = Field(primary_key=True)\n"
    models += '    other: int = Field(foreign_key="elsewhere.id")\n'
    loaded = SqlModelLoader().load([SourceFile("models.py", models)], dialect=Dialect.SQLITE)
    assert told(written(loaded.schema))[0] == (
        "the foreign key of `a`: there is no table `elsewhere` in this schema"
    )


def test_extensions_are_named() -> None:
    schema = build(
        """CREATE TABLE t (
            a citext, b uuid DEFAULT uuid_generate_v4(), c int, p tsrange, g geometry,
            CHECK (crypt(a, b::text) <> ''), EXCLUDE USING gist (c WITH =, p WITH &&)
        );
        CREATE INDEX i ON t USING gin (a gin_trgm_ops);"""
    )
    assert written(schema).extensions == (
        "citext",
        "postgis",
        "pg_trgm",
        "btree_gist",
        "pgcrypto",
        "uuid-ossp",
    )
    assert written(build("CREATE TABLE t (a uuid DEFAULT gen_random_uuid())")).extensions == ()
    listed = ' extensions = [hstore, uuidOssp(map: "uuid-ossp")]'
    generator = (
        'generator g {\n provider = "prisma-client-js"\n previewFeatures = ["postgresqlExtensions"]'
        "\n}\nmodel A {\n id Int @id\n}"
    )
    assert written(prisma(generator, more=listed)).extensions == ("hstore", "uuid-ossp")


def test_for_another_database_the_schema_is_to_be_loaded_again() -> None:
    schema = prisma("model A {\n id Int @id\n}", "mysql")
    assert written(schema, Dialect.MARIADB).statements == written(schema).statements
    with pytest.raises(ValueError, match="loaded for mysql, not for sqlite"):
        written(schema, Dialect.SQLITE)
    with pytest.raises(ValueError, match="no DDL is written for sqlserver"):
        written(schema, Dialect.SQLSERVER)
    with pytest.raises(ValueError, match="a schema without a database"):
        written(build("CREATE TABLE t (a int)", None))


def test_a_schema_that_names_no_database_has_the_types_of_the_one_it_is_written_for() -> None:
    loaded = PrismaLoader().load(
        [SourceFile("a.prisma", "model A {\n id Int @id\n b Json\n c String[]\n d Bytes?\n}")]
    )
    assert lines(written(loaded.schema, Dialect.POSTGRESQL)) == [
        'CREATE TABLE "A" ( "id" INTEGER NOT NULL, "b" JSONB NOT NULL, "c" TEXT[], "d" BYTEA, '
        'CONSTRAINT "A_pkey" PRIMARY KEY ("id") )'
    ]
    ddl = written(loaded.schema, Dialect.SQLITE)
    assert told(ddl) == ["the column `A.c`: sqlite has no lists"]
    assert '"d" BLOB' in lines(ddl)[0]


def test_what_reads_a_column_that_is_left_out_is_left_out_too() -> None:
    models = (
        "import os\nfrom sqlmodel import Field, SQLModel\nimport sqlalchemy as sa\n"
        "class T(SQLModel, table=True):\n"
        "    __table_args__ = (\n"
        "        sa.Index('i', 'a', postgresql_where=sa.text('b IS NULL')),\n"
        "        sa.Index('u', sa.text('abs(b)'), unique=True),\n"
        "        sa.Index('v', 'd'),\n"
        "        sa.Index('w', 'a', postgresql_where=sa.text('a IS NULL')),\n"
        "    )\n"
        "    a: int = Field(primary_key=True)\n"
        "    b: int = Field(sa_column=sa.Column(os.environ['TYPE']))\n"
        "    d: int = Field(sa_column=sa.Column(sa.Integer, sa.Computed('b + 1')))\n"
    )
    schema = SqlModelLoader().load([SourceFile("m.py", models)], dialect=Dialect.POSTGRESQL).schema
    ddl = written(schema)
    table, index = (one.sql for one in ddl.statements)
    assert '"d"' not in table
    assert index == 'CREATE INDEX "w" ON "t" ("a") WHERE a IS NULL'
    assert told(ddl)[:5] == [
        "the column `t.b`: its type is not known",
        "the column `t.d`: a column that it is computed from is left out",
        "the unique key `u` of `t`: a column that it reads is left out",
        "the index `i` of `t`: a column that it reads is left out",
        "the index `v` of `t`: a column of it is left out",
    ]


def test_a_check_over_a_column_that_is_left_out_is_left_out_too() -> None:
    models = (
        "import os\nfrom sqlmodel import Field, SQLModel\nimport sqlalchemy as sa\n"
        "class T(SQLModel, table=True):\n"
        "    __table_args__ = (sa.CheckConstraint('b > 0'), sa.CheckConstraint('a > 0'))\n"
        "    a: int = Field(primary_key=True)\n"
        "    b: int = Field(sa_column=sa.Column(os.environ['TYPE']))\n"
    )
    schema = SqlModelLoader().load([SourceFile("m.py", models)], dialect=Dialect.POSTGRESQL).schema
    ddl = written(schema)
    (table,) = ddl.statements
    assert "a > 0" in table.sql
    assert "b > 0" not in table.sql
    assert "the check `b > 0` of `t`" in [one.what for one in ddl.omissions]


def test_a_table_without_columns_is_left_out_and_what_points_at_none() -> None:
    """SQLAlchemy's String has a length on MySQL, or no type."""
    models = (
        "from sqlmodel import Field, SQLModel\n"
        "class A(SQLModel, table=True):\n    id: str = Field(primary_key=True)\n"
        "class B(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n"
        "    a: str = Field(foreign_key='a.id', max_length=9)\n"
        "class C(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n    code: object\n"
        "class D(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n"
        "    c: str = Field(foreign_key='c.code', max_length=9)\n"
    )
    file = SourceFile("m.py", models.replace("id: str = Field(", "id: object = Field("))
    ddl = written(SqlModelLoader().load([file], dialect=Dialect.MYSQL).schema)
    assert [one.sql.split()[2] for one in ddl.statements] == ["`b`", "`c`", "`d`"]
    assert "the table `a`" in [one.what for one in ddl.omissions]
    assert "a column that it points at is left out" in [one.reason for one in ddl.omissions]


def test_collations_that_ignore_letter_case_are_made_first() -> None:
    schema = build(
        "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
        "CREATE TABLE t (a text COLLATE ci, b text);"
        "CREATE UNIQUE INDEX u ON t (b COLLATE ci);"
    )
    made = 'CREATE COLLATION "und-u-ks-level2"'
    options = "provider = icu, locale = 'und-u-ks-level2', deterministic = false"
    first, table, index = lines(written(schema))
    assert first == f"{made} ({options})"
    assert 'COLLATE "und-u-ks-level2"' in table
    assert 'COLLATE "und-u-ks-level2"' in index
