"""`schemalint ast`, key by key, of schemas that use everything the language has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.command import schemalint
from tests.reporters.json_document import AST, faults

RELATIONAL = """\
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["views", "partialIndexes"]
}

datasource db {
  provider = "postgresql"
  schemas  = ["public", "billing"]
}

/// Everything a field can be.
model Everything {
  id       BigInt    @id(map: "everything_pk") @default(autoincrement())
  uuid     String    @unique @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  short    Int       @db.SmallInt
  real     Float?    @default(1.5)
  money    Decimal   @default(0) @db.Decimal(12, 2)
  flag     Boolean   @default(true)
  at       DateTime  @default(now()) @db.Timestamptz(6)
  day      DateTime? @db.Date
  hour     DateTime? @db.Time(3)
  data     Json?     @default("{}")
  blob     Bytes?
  tags     String[]  @default(["a", "b"])
  colour   Colour    @default(RED)
  colours  Colour[]
  geometry Unsupported("geometry(Point)")?
  changed  DateTime  @updatedAt @map("changed_at")
  parentId BigInt?   @map("parent_id")
  deleted  DateTime?
  parent   Everything?  @relation("t", fields: [parentId], references: [id], onUpdate: NoAction)
  children Everything[] @relation("t")
  labels   Label[]
  one      One?

  @@unique([short, day(sort: Desc)], name: "by_short", map: "short_day_key")
  @@unique([hour], where: { deleted: null })
  @@index([data(ops: JsonbPathOps)], type: Gin)
  @@index([at(sort: Desc), flag])
  @@map("everything")
  @@schema("billing")
}

model Label {
  a      Int
  b      Int
  id     Int          @id
  things Everything[]

  @@unique([a, b])
  @@schema("public")
}

model Label2 {
  a       Int @id
  @@ignore
  @@schema("public")
}

model One {
  id   BigInt     @id
  that Everything @relation(fields: [id], references: [id], onDelete: Cascade)
  @@schema("public")
}

view Overview {
  id   BigInt @unique
  name String?
  @@schema("public")
}

/// What colours there are.
enum Colour {
  RED   @map("red")
  GREEN
  @@map("colour")
  @@schema("public")
}
"""
DOCUMENTS = """\
datasource db {
  provider = "mongodb"
}

model User {
  id      String  @id @default(auto()) @map("_id") @db.ObjectId
  address Address
  others  Address[]
}

type Address {
  street String
  zip    String? @map("postcode")
}
"""


def _ast(folder: Path, text: str, *, code: int = 0) -> Any:
    (folder / "schema.prisma").write_text(text, "utf-8")
    done = schemalint(folder, "ast")
    assert done.returncode == code, done.stderr
    read = json.loads(done.stdout)
    assert faults(read, AST) == []
    return read["schemas"][0]


def _lists(model: Any) -> set[str]:
    return {key for key, value in model.items() if isinstance(value, list) and value}


def test_everything_a_relational_schema_can_say(tmp_path: Path) -> None:
    schema = _ast(tmp_path, RELATIONAL)
    models = {model["name"]: model for model in schema["models"]}
    assert [view["kind"] for view in schema["views"]] == ["view"]
    everything = models["Everything"]
    filled = {"fields", "uniques", "indexes", "foreign_keys", "relations"}
    assert _lists(everything) == filled
    assert everything["doc"] == "Everything a field can be."
    assert (everything["table"], everything["schema"]) == ("everything", "billing")
    assert everything["primary_key"] == {"name": "everything_pk", "columns": ["id"]}
    assert {field["type"] for field in everything["fields"]} == {
        *("bigint", "uuid", "int", "float", "decimal", "boolean", "datetime", "date", "time"),
        *("json", "bytes", "string", "enum", "unsupported"),
    }
    changed = next(field for field in everything["fields"] if field["name"] == "changed")
    assert (changed["column"], changed["updated_at"]) == ("changed_at", "client")
    partial = next(unique for unique in everything["uniques"] if unique["where"])
    assert partial["where"] == '"deleted" IS NULL'
    assert [index["type"] for index in everything["indexes"]] == ["gin", "btree"]
    (tree,) = everything["foreign_keys"]
    assert (tree["name"], tree["on_delete"], tree["on_update"]) == (
        *("everything_parent_id_fkey", "set null", "no action"),
    )
    assert [model["kind"] for model in schema["models"]].count("join") == 1
    assert everything["relations"][2] | {"place": None} == {
        "name": "labels",
        "model": "Label",
        "many": True,
        "columns": [],
        "back": "things",
        "through": "_EverythingToLabel",
        "place": None,
    }


def test_documents_and_what_they_hold(tmp_path: Path) -> None:
    schema = _ast(tmp_path, DOCUMENTS)
    kinds = {model["name"]: model["kind"] for model in schema["models"]}
    assert kinds == {"User": "model", "Address": "type"}
    assert [field["type"] for field in schema["models"][0]["fields"]] == [
        *("string", "composite", "composite"),
    ]


def test_what_was_not_understood_is_kept(tmp_path: Path) -> None:
    odd = "\nmodel Odd {\n  id Int @id @new(1)\n  x ???\n}\n"
    schema = _ast(tmp_path, RELATIONAL + odd, code=2)
    assert [(one["kind"], one["place"]["column"]) for one in schema["opaque"]] == [
        *(("attribute", 14), ("line", 3)),
    ]
    assert "Odd" in {model["name"] for model in schema["models"]}


def test_a_line_that_is_rejected_leaves_its_models_rules_undecided(project: Path) -> None:
    path = project / "prisma" / "schema.prisma"
    path.write_text(path.read_text("utf-8").replace("}\n", "  @@unique([email)\n}\n"), "utf-8")
    done = schemalint(project, "check", "--output-format", "json")
    assert done.returncode == 2
    verdicts = {rule["id"]: rule["verdict"] for rule in json.loads(done.stdout)["rules"]}
    assert verdicts == {"BR-01": "unknown", "BR-02": "kept"}
