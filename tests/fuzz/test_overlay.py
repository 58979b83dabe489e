"""Whatever is laid over whatever: the overlay never raises, and what comes of it is coherent."""

from __future__ import annotations

import re
from random import Random

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.overlay.schemas import overlay
from schemalint.source import SourceFile
from tests.loaders.prisma.mutating import mutated
from tests.overlay.coherence import incoherences
from tests.shared_material import ROOT

PRISMA = """\
datasource db {
  provider = "postgresql"
}
model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique
  name      String?  @map("full_name")
  role      Role     @default(USER)
  tags      String[] @default([])
  createdAt DateTime @default(now())
  posts     Post[]
  groups    Group[]
  @@map("users")
}
model Post {
  id       Int    @id
  number   Int
  authorId Int
  author   User   @relation(fields: [authorId], references: [id], onDelete: Cascade)
  @@unique([authorId, number])
  @@index([number(sort: Desc)])
}
model Group {
  id    String @id @default(uuid())
  users User[]
}
enum Role {
  USER
  ADMIN @map("admin")
}
"""
SQL = """\
CREATE TYPE "Role" AS ENUM ('USER', 'admin');
CREATE TABLE "users" (
  "id" SERIAL NOT NULL,
  "email" TEXT NOT NULL,
  "full_name" TEXT,
  "role" "Role" NOT NULL DEFAULT 'USER',
  "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "Post" (
  "id" INTEGER NOT NULL,
  "number" INTEGER NOT NULL CHECK (number > 0),
  "authorId" INTEGER NOT NULL,
  PRIMARY KEY ("id")
);
CREATE TABLE "Group" ("id" TEXT NOT NULL PRIMARY KEY);
CREATE TABLE "_GroupToUser" (
  "A" TEXT NOT NULL REFERENCES "Group" ON DELETE CASCADE,
  "B" INTEGER NOT NULL REFERENCES "users" ON DELETE CASCADE,
  CONSTRAINT "_GroupToUser_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_GroupToUser_B_index" ON "_GroupToUser" ("B");
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE UNIQUE INDEX lower_email ON "users" (lower("email")) WHERE "full_name" IS NULL;
CREATE UNIQUE INDEX "Post_authorId_number_key" ON "Post" ("authorId", "number");
CREATE INDEX "Post_number_idx" ON "Post" ("number" DESC);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId")
  REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
"""
FIXTURES = ROOT / "tests" / "oracle" / "fixtures"


def edited(sql: str, random: Random) -> str:
    """The SQL with one small change."""
    lines = sql.split("\n")
    place = random.randrange(len(lines))
    word = random.choice(re.findall(r'"?\w+"?', sql))
    changes = (
        lambda: lines[:place] + lines[place + 1 :],
        lambda: [*lines[: place + 1], *lines[place:]],
        lambda: [
            *lines[:place],
            re.sub(r'"?\b\w+\b"?', word, lines[place], count=1),
            *lines[place:],
        ],
        lambda: [*lines[:place], lines[place].replace('"', ""), *lines[place + 1 :]],
        lambda: [*lines[:place], lines[place].lower(), *lines[place + 1 :]],
    )
    return "\n".join(random.choice(changes)())


def check(seed: int, prisma: str, sql: str) -> None:
    random = Random(seed)
    for _ in range(random.randrange(4)):
        prisma = mutated(prisma, random)
    for _ in range(random.randrange(4)):
        sql = edited(sql, random)
    dialect = random.choice([None, *Dialect])
    declared = PrismaLoader().load([SourceFile("schema.prisma", prisma)], dialect=dialect).schema
    migrated = SqlLoader().load([SourceFile("1.sql", sql)], dialect=declared.dialect).schema
    known = {*incoherences(declared), *incoherences(migrated)}
    overlaid = overlay(declared, migrated)
    found = [one for one in incoherences(overlaid.schema) if one not in known]
    assert found == [], f"seed {seed}\n{prisma}\n{sql}"
    for finding in overlaid.findings:
        assert finding.span is not None
        assert finding.span.start <= finding.span.end <= len(finding.span.file.text)


@pytest.mark.parametrize("seed", range(60))
def test_the_overlay_is_coherent(seed: int) -> None:
    check(seed, PRISMA, SQL)


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(1000, 11000, 1000))
def test_the_overlay_is_coherent_at_length(start: int) -> None:
    texts = [PRISMA, *(path.read_text("utf-8") for path in sorted(FIXTURES.glob("*.prisma")))]
    for seed in range(start, start + 400):
        check(seed, texts[seed % len(texts)], SQL)
