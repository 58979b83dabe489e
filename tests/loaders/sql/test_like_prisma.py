"""A Prisma schema and Migrate's SQL of it, for the databases that the official engine makes no SQL
for here: as the documentation shows it. The others are in `tests/oracle/test_sql_equality.py`."""

from __future__ import annotations

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.oracle.sql_equality import differences

MYSQL_SCHEMA = """
datasource db {
  provider = "mysql"
}

enum Role {
  USER
  ADMIN
}

model User {
  id      Int      @id @default(autoincrement())
  email   String   @unique
  short   String   @db.VarChar(20)
  text    String?  @db.Text
  role    Role     @default(USER)
  active  Boolean  @default(true)
  created DateTime @default(now())
  updated DateTime @updatedAt
  price   Decimal
  money   Decimal  @db.Decimal(10, 2)
  data    Json
  big     BigInt   @db.UnsignedBigInt
  n       Int      @default(5) @db.UnsignedInt
  t       Int      @db.TinyInt
  f       Float
  f2      Float    @db.Float
  b       Bytes
  bb      Bytes    @db.VarBinary(16)
  d       DateTime @db.Date
  ti      DateTime @db.Time(0)
  ts      DateTime @db.Timestamp(0)
  y       Int      @db.Year
  bit     Boolean  @db.Bit(1)
  posts   Post[]

  @@index([short, text(length: 10)])
  @@fulltext([text])
}

model Post {
  id       String @id @default(uuid()) @db.Char(36)
  authorId Int
  author   User   @relation(fields: [authorId], references: [id])
}
"""
MYSQL = """
-- CreateTable
CREATE TABLE `User` (
    `id` INTEGER NOT NULL AUTO_INCREMENT,
    `email` VARCHAR(191) NOT NULL,
    `short` VARCHAR(20) NOT NULL,
    `text` TEXT NULL,
    `role` ENUM('USER', 'ADMIN') NOT NULL DEFAULT 'USER',
    `active` BOOLEAN NOT NULL DEFAULT true,
    `created` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    `updated` DATETIME(3) NOT NULL,
    `price` DECIMAL(65, 30) NOT NULL,
    `money` DECIMAL(10, 2) NOT NULL,
    `data` JSON NOT NULL,
    `big` BIGINT UNSIGNED NOT NULL,
    `n` INTEGER UNSIGNED NOT NULL DEFAULT 5,
    `t` TINYINT NOT NULL,
    `f` DOUBLE NOT NULL,
    `f2` FLOAT NOT NULL,
    `b` LONGBLOB NOT NULL,
    `bb` VARBINARY(16) NOT NULL,
    `d` DATE NOT NULL,
    `ti` TIME(0) NOT NULL,
    `ts` TIMESTAMP(0) NOT NULL,
    `y` YEAR NOT NULL,
    `bit` BIT(1) NOT NULL,

    UNIQUE INDEX `User_email_key`(`email`),
    INDEX `User_short_text_idx`(`short`, `text`(10)),
    FULLTEXT INDEX `User_text_idx`(`text`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Post` (
    `id` CHAR(36) NOT NULL,
    `authorId` INTEGER NOT NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- AddForeignKey
ALTER TABLE `Post` ADD CONSTRAINT `Post_authorId_fkey` FOREIGN KEY (`authorId`)
    REFERENCES `User`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE;
"""

SQLSERVER_SCHEMA = """
datasource db {
  provider = "sqlserver"
}

model User {
  id      Int      @id @default(autoincrement())
  email   String   @unique
  name    String?  @db.NVarChar(Max)
  active  Boolean  @default(true)
  created DateTime @default(now())
  price   Decimal
  key     String   @db.UniqueIdentifier
  posts   Post[]
}

model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id], onDelete: Cascade)

  @@index([authorId])
}
"""
SQLSERVER = """
BEGIN TRY

BEGIN TRAN;

-- CreateTable
CREATE TABLE [dbo].[User] (
    [id] INT NOT NULL IDENTITY(1,1),
    [email] NVARCHAR(1000) NOT NULL,
    [name] NVARCHAR(max),
    [active] BIT NOT NULL CONSTRAINT [User_active_df] DEFAULT 1,
    [created] DATETIME2 NOT NULL CONSTRAINT [User_created_df] DEFAULT CURRENT_TIMESTAMP,
    [price] DECIMAL(32,16) NOT NULL,
    [key] UNIQUEIDENTIFIER NOT NULL,
    CONSTRAINT [User_pkey] PRIMARY KEY CLUSTERED ([id]),
    CONSTRAINT [User_email_key] UNIQUE NONCLUSTERED ([email])
);

-- CreateTable
CREATE TABLE [dbo].[Post] (
    [id] INT NOT NULL,
    [authorId] INT NOT NULL,
    CONSTRAINT [Post_pkey] PRIMARY KEY CLUSTERED ([id])
);

-- CreateIndex
CREATE NONCLUSTERED INDEX [Post_authorId_idx] ON [dbo].[Post]([authorId]);

-- AddForeignKey
ALTER TABLE [dbo].[Post] ADD CONSTRAINT [Post_authorId_fkey] FOREIGN KEY ([authorId])
    REFERENCES [dbo].[User]([id]) ON DELETE CASCADE ON UPDATE CASCADE;

COMMIT TRAN;

END TRY
BEGIN CATCH

IF @@TRANCOUNT > 0
BEGIN
    ROLLBACK TRAN;
END;
THROW

END CATCH
"""


def compared(schema: str, sql: str, dialect: Dialect) -> list[str]:
    prisma = PrismaLoader().load([SourceFile("schema.prisma", schema)])
    loaded = SqlLoader().load([SourceFile("migration.sql", sql)], dialect=dialect)
    problems = [*prisma.problems, *loaded.problems]
    told = [f"{one.span.place.line}: {one.message}" for one in problems]
    return told + differences(prisma.schema, loaded.schema)


def test_mysql() -> None:
    """Its enums have no names in the database: the SQL loader calls them after their columns."""
    assert compared(MYSQL_SCHEMA, MYSQL, Dialect.MYSQL) == [
        "enum Role: Prisma ['ADMIN', 'USER'], SQL None",
        "User.role enum: Prisma 'Role', SQL 'User_role'",
        "enum User_role: Prisma None, SQL ['ADMIN', 'USER']",
    ]


def test_sql_server() -> None:
    assert compared(SQLSERVER_SCHEMA, SQLSERVER, Dialect.SQLSERVER) == []
