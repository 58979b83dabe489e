"""`rules`, `explain`, `ast`, `schema`, and the frame around all commands."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from schemalint.registry import Registry
from schemalint.version import VERSION
from tests.cli.command import schemalint
from tests.cli.conftest import SCHEMA


def test_version_and_help(tmp_path: Path) -> None:
    assert schemalint(tmp_path, "--version").stdout == f"schemalint, version {VERSION}\n"
    told = schemalint(tmp_path, "--help").stdout
    for command in ("check", "rules", "explain", "ast", "schema"):
        assert f"  {command} " in told
    for line in told.splitlines():
        assert len(line) <= 80


def test_an_unknown_command_gets_a_near_match(kept: Path) -> None:
    done = schemalint(kept, "chek")
    assert done.returncode == 2
    assert "did you mean `check`?" in done.stderr
    done = schemalint(kept, "prisma/schema.prisma")
    assert done.returncode == 2
    assert "schemalint check prisma/schema.prisma" in done.stderr


def test_rules_lists_every_rule_in_80_columns(tmp_path: Path) -> None:
    lines = schemalint(tmp_path, "rules").stdout.splitlines()
    registry = Registry.discover()
    listed = {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "}
    assert listed == {*registry.kinds(), *registry.design_rule_ids()}
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("rule", ["unique", "money-as-float", "invalid-schema", "stale-entity"])
def test_explain_prints_the_page(tmp_path: Path, rule: str) -> None:
    done = schemalint(tmp_path, "explain", rule)
    assert done.returncode == 0
    assert done.stdout.startswith(f"# {rule}\n")


def test_every_rule_can_be_explained() -> None:
    from schemalint.pages import design_rule_page, kind_page

    registry = Registry.discover()
    for name in registry.kinds():
        kind = registry.kind(name)
        assert kind is not None
        assert "## Parameters" in kind_page(kind)
    for name in registry.design_rule_ids():
        rule = registry.design_rule(name)
        assert rule is not None
        assert "## Why it matters" in design_rule_page(rule)


def test_explain_knows_near_matches(tmp_path: Path) -> None:
    done = schemalint(tmp_path, "explain", "money-as-flot")
    assert done.returncode == 2
    assert "did you mean `money-as-float`?" in done.stderr


@pytest.mark.parametrize("which", ["rulebook", "settings"])
def test_schema_prints_a_json_schema(tmp_path: Path, which: str) -> None:
    schema = json.loads(schemalint(tmp_path, "schema", which).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_ast_is_the_documented_document(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(
        SCHEMA
        + """
enum Status {
  OPEN @map("open")
  DONE
}

model Order {
  id       Int      @id @default(autoincrement())
  number   Int
  status   Status   @default(OPEN)
  tags     Tag[]
  parentId Int?     @map("parent_id")
  parent   Order?   @relation("tree", fields: [parentId], references: [id])
  children Order[]  @relation("tree")
  made     DateTime @default(now())

  @@unique([number, parentId])
  @@index([made])
  @@map("orders")
}

model Tag {
  id     Int     @id
  orders Order[]
}
""",
        "utf-8",
    )
    done = schemalint(tmp_path, "ast")
    assert done.returncode == 0
    (schema,) = json.loads(done.stdout)["schemas"]
    assert list(schema) == [
        "files",
        "language",
        "dialect",
        "foreign_keys_enforced",
        "models",
        "enums",
        "views",
        "opaque",
    ]
    models = {model["name"]: model for model in schema["models"]}
    order = models["Order"]
    assert (order["table"], order["kind"]) == ("orders", "model")
    assert order["primary_key"] == {"name": "orders_pkey", "columns": ["id"]}
    assert [unique["columns"] for unique in order["uniques"]] == [["number", "parent_id"]]
    assert order["indexes"][0]["columns"] == ["made"]
    assert order["foreign_keys"][0] | {"name": None} == {
        "name": None,
        "columns": ["parent_id"],
        "table": "orders",
        "references": ["id"],
        "on_delete": "set null",
        "on_update": "cascade",
        "match": "simple",
        "deferrable": None,
        "layer": "database",
    }
    fields = {field["name"]: field for field in order["fields"]}
    assert fields["made"]["default"] == {"layer": "database", "expression": "now()"}
    assert fields["status"]["enum"] == "Status"
    assert fields["parentId"]["column"] == "parent_id"
    assert [model["kind"] for model in schema["models"]].count("join") == 1
    assert {relation["name"] for relation in order["relations"]} == {"tags", "parent", "children"}
    (status,) = schema["enums"]
    assert status["values"] == [
        {"name": "OPEN", "stored": "open"},
        {"name": "DONE", "stored": "DONE"},
    ]


def test_ast_tells_what_is_wrong_and_ends_in_2(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(SCHEMA + "modle X {\n}\n", "utf-8")
    done = schemalint(tmp_path, "ast")
    assert done.returncode == 2
    assert json.loads(done.stdout)["schemas"][0]["models"][0]["name"] == "Customer"
    assert "schema.prisma:11:1: error invalid-schema" in done.stderr
