"""`check` and `ast` of a schema with its migrations, and of SQL by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import in_this_process

MIGRATION = """\
CREATE TABLE "Customer" (
    "id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "price" DOUBLE PRECISION NOT NULL CHECK (price >= 0),
    CONSTRAINT "Customer_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "Customer_email_lower" ON "Customer"(lower("email"));
"""
RULES = """\
version: 1
rules:
  - id: BR-01
    says: A customer is identified by their e-mail address, whatever its case.
    unique: {of: Customer, by: [email], ignore_case: true}
  - id: BR-02
    says: Nothing costs less than nothing.
    check: {of: Customer, that: price >= 0}
"""
SQL = """\
-- schemalint: dialect postgresql
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL, price DECIMAL NOT NULL);
CREATE UNIQUE INDEX u ON customer (lower(email));
ALTER TABLE customer ADD CHECK (price >= 0);
"""


@pytest.fixture
def migrated(project: Path) -> Path:
    """The project with a migration that keeps both rules, as Prisma's language could not."""
    folder = project / "prisma" / "migrations"
    (folder / "1_init").mkdir(parents=True)
    (folder / "1_init" / "migration.sql").write_text(MIGRATION, "utf-8")
    (folder / "migration_lock.toml").write_text('provider = "postgresql"\n', "utf-8")
    (project / "business_rules.yaml").write_text(RULES, "utf-8")
    return project


def checked(folder: Path, *arguments: str) -> dict[str, Any]:
    done = in_this_process(folder, "check", "--output-format", "json", *arguments)
    assert done.returncode in (0, 1, 2), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def verdicts(document: dict[str, Any]) -> list[str]:
    return [rule["verdict"] for rule in document["rules"]]


def named(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for one in document["findings"] if one["name"] == name]


def test_rules_are_kept_by_what_the_migrations_add(migrated: Path) -> None:
    document = checked(migrated)
    assert document["schemas"] == [
        {
            "files": ["prisma/schema.prisma", "prisma/migrations/1_init/migration.sql"],
            "language": "prisma",
            "dialect": "postgresql",
            "models": 1,
            "enums": 0,
        }
    ]
    assert verdicts(document) == ["kept", "kept"]
    (place,) = {one["place"]["file"] for one in document["rules"][1]["kept_by"]}
    assert place == "prisma/migrations/1_init/migration.sql"
    assert named(document, "schema-migration-drift") == []


def test_a_constraint_of_the_schema_alone_keeps_nothing(migrated: Path) -> None:
    schema = migrated / "prisma" / "schema.prisma"
    schema.write_text(schema.read_text().replace("email String", "email String @unique"))
    rules = migrated / "business_rules.yaml"
    rules.write_text(RULES.replace(", ignore_case: true", ""))
    migration = migrated / "prisma" / "migrations" / "1_init" / "migration.sql"
    migration.write_text(MIGRATION.replace("UNIQUE INDEX", "INDEX"))
    document = checked(migrated)
    assert verdicts(document) == ["broken", "kept"]
    (drift,) = named(document, "schema-migration-drift")
    assert (drift["severity"], drift["path"]) == ("warning", "Customer.email")
    assert (drift["place"]["file"], drift["place"]["line"]) == ("prisma/schema.prisma", 8)


def test_drift_is_ignored_and_suppressed_as_design_rules_are(migrated: Path) -> None:
    schema = migrated / "prisma" / "schema.prisma"
    text = schema.read_text()
    schema.write_text(text.replace("email String", "email String?"))
    assert len(named(checked(migrated), "schema-migration-drift")) == 1
    ignored = checked(migrated, "--ignore", "schema-migration-drift")
    assert named(ignored, "schema-migration-drift") == []
    comment = "email String? // schemalint: allow schema-migration-drift (soon)"
    schema.write_text(text.replace("email String", comment))
    document = checked(migrated)
    assert named(document, "schema-migration-drift") == []
    assert document["summary"]["suppressed"] == 1
    schema.write_text(text.replace("email String", comment.replace("?", "")))
    (unused,) = named(checked(migrated), "unused-suppression")
    assert "finds nothing here" in unused["message"]


def test_the_settings_switch_the_migrations_off(migrated: Path) -> None:
    (migrated / "schemalint.yaml").write_text("migrations: false\n")
    document = checked(migrated)
    assert document["schemas"][0]["files"] == ["prisma/schema.prisma"]
    assert verdicts(document) == ["broken", "inexpressible"]


def test_the_settings_name_the_migrations(migrated: Path) -> None:
    (migrated / "db").mkdir()
    (migrated / "prisma" / "migrations").rename(migrated / "db" / "changes")
    (migrated / "prisma" / "schemalint.yaml").write_text("migrations: ../db/changes\n")
    document = checked(migrated)
    assert document["schemas"][0]["files"][1] == "db/changes/1_init/migration.sql"
    assert verdicts(document) == ["kept", "kept"]
    (migrated / "prisma" / "schemalint.yaml").write_text("migrations: ../db/change\n")
    (fault,) = named(checked(migrated), "invalid-settings")
    assert "there is no `db/change`" in fault["message"]


def test_a_migration_for_another_database_is_left_out(migrated: Path) -> None:
    lock = migrated / "prisma" / "migrations" / "migration_lock.toml"
    lock.write_text('provider = "sqlite"\n')
    document = checked(migrated)
    (warning,) = named(document, "schema-warning")
    assert "the migrations were written for sqlite" in warning["message"]
    assert [one["place"]["file"] for one in warning["related"]] == [
        "prisma/migrations/migration_lock.toml"
    ]
    assert verdicts(document) == ["broken", "inexpressible"]


def test_asked_for_another_database_the_schema_is_judged_by_itself(migrated: Path) -> None:
    document = checked(migrated, "--dialect", "mysql")
    assert document["schemas"][0]["files"] == ["prisma/schema.prisma"]
    assert named(document, "schema-warning") == []
    rules = RULES.replace("unique: {", "dialects: [mysql, postgresql]\n    unique: {")
    (migrated / "business_rules.yaml").write_text(rules)
    document = checked(migrated)
    assert verdicts(document)[1] == "kept"
    messages = [one["message"] for one in document["findings"] if one["rule"] == "BR-01"]
    assert all(message.startswith("on mysql: ") for message in messages)


def test_a_migration_that_is_no_sql_makes_the_run_incomplete(migrated: Path) -> None:
    folder = migrated / "prisma" / "migrations" / "2_next"
    folder.mkdir()
    (folder / "migration.sql").write_text('ALTER TABLE "Customer" ADD COLUMN (;\n')
    done = in_this_process(migrated, "check")
    assert done.returncode == 2
    assert "prisma/migrations/2_next/migration.sql:1" in done.stdout


def test_nothing_is_told_as_drift_where_a_migration_could_not_be_read(migrated: Path) -> None:
    schema = migrated / "prisma" / "schema.prisma"
    schema.write_text(schema.read_text().replace("email String", "email String?"))
    (migrated / "prisma" / "migrations" / "2_next").mkdir()
    document = checked(migrated)
    (fault,) = named(document, "invalid-schema")
    assert "has lost its file" in fault["message"]
    assert named(document, "schema-migration-drift") == []


def test_no_fix_edits_a_migration(migrated: Path) -> None:
    migration = migrated / "prisma" / "migrations" / "1_init" / "migration.sql"
    migration.write_text(MIGRATION + "CREATE TABLE extra (price REAL);\n")
    for finding in checked(migrated, "--preset", "strict")["findings"]:
        fix = finding.get("fix")
        edits = fix["edits"] if fix else []
        assert not any(edit["place"]["file"].endswith(".sql") for edit in edits), finding


def test_the_ast_is_that_of_both(migrated: Path) -> None:
    done = in_this_process(migrated, "ast")
    assert done.returncode == 0
    (schema,) = json.loads(done.stdout)["schemas"]
    (model,) = schema["models"]
    assert schema["files"][1] == "prisma/migrations/1_init/migration.sql"
    assert (model["name"], model["doc"]) == ("Customer", "Somebody who buys.")
    assert [check["expression"] for check in model["checks"]] == ["price >= 0"]
    assert model["uniques"][0]["expressions"] == ['lower("email")']


def test_migrations_are_named_among_what_was_read(migrated: Path) -> None:
    done = in_this_process(migrated, "check", "--verbose")
    assert "migrations: 1 of prisma/schema.prisma" in done.stderr


# -- SQL by itself


@pytest.fixture
def sql(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "schema.sql").write_text(SQL, "utf-8")
    (tmp_path / "business_rules.yaml").write_text(RULES.replace("Customer", "customer"), "utf-8")
    return tmp_path


def test_sql_is_a_schema(sql: Path) -> None:
    document = checked(sql, "schema.sql")
    assert document["schemas"][0]["language"] == "sql"
    assert document["schemas"][0]["dialect"] == "postgresql"
    assert verdicts(document) == ["kept", "kept"]


def test_sql_of_no_database_is_a_question(sql: Path) -> None:
    (sql / "schema.sql").write_text(SQL.partition("\n")[2])
    document = checked(sql, "schema.sql")
    assert verdicts(document) == ["question", "question"]
    text = in_this_process(sql, "check", "schema.sql").stdout
    assert "`-- schemalint: dialect postgresql`" in text
    assert verdicts(checked(sql, "schema.sql", "--dialect", "postgresql")) == ["kept", "kept"]


def test_the_lock_says_for_which_database_migrations_are(sql: Path) -> None:
    (sql / "migrations" / "1_init").mkdir(parents=True)
    (sql / "migrations" / "1_init" / "migration.sql").write_text(SQL.partition("\n")[2])
    (sql / "migrations" / "migration_lock.toml").write_text('provider = "postgresql"')
    document = checked(sql, "migrations")
    assert document["schemas"][0]["dialect"] == "postgresql"
    assert verdicts(document) == ["kept", "kept"]


@pytest.mark.parametrize(
    ("migration", "beside", "text"),
    [
        ("drizzle/0000_init.sql", "drizzle/meta/_journal.json", '{"dialect": "postgresql"}'),
        ("db/1_init/migration.sql", "db/1_init/snapshot.json", '{"dialect": "postgresql"}'),
        ("supabase/migrations/1_init.sql", "supabase/config.toml", "[db]\nport = 54322\n"),
    ],
)
def test_what_stands_beside_migrations_says_for_which_database_they_are(
    sql: Path, migration: str, beside: str, text: str
) -> None:
    for path, content in ((migration, SQL.partition("\n")[2]), (beside, text)):
        (sql / path).parent.mkdir(parents=True, exist_ok=True)
        (sql / path).write_text(content)
    for named in (migration, str(Path(migration).parent)):
        assert checked(sql, named)["schemas"][0]["dialect"] == "postgresql"
    (sql / beside).write_bytes(b"\xff")
    unread = checked(sql, migration)
    assert beside in str(unread["findings"])
    assert unread["schemas"][0]["dialect"] is None


def test_the_tables_of_supabase_are_not_missing(sql: Path) -> None:
    migrations = sql / "supabase" / "migrations"
    migrations.mkdir(parents=True)
    text = SQL.partition("\n")[2] + (
        "ALTER TABLE customer ADD login uuid NOT NULL REFERENCES auth.users ON DELETE RESTRICT;\n"
        "CREATE INDEX ON storage.objects (owner);\n"
    )
    (migrations / "1_init.sql").write_text(text)
    (sql / "supabase" / "config.toml").write_text("[db]\nport = 54322\n")
    assert named(checked(sql, "supabase/migrations"), "schema-warning") == []
    (sql / "supabase" / "config.toml").unlink()
    found = checked(sql, "supabase/migrations", "--dialect", "postgresql")
    assert len(named(found, "schema-warning")) == 2


def test_sql_of_one_database_is_not_judged_for_another(sql: Path) -> None:
    rules = (sql / "business_rules.yaml").read_text()
    rules = rules.replace("check: {", "dialects: [sqlite]\n    check: {")
    (sql / "business_rules.yaml").write_text(rules)
    document = checked(sql, "schema.sql")
    assert verdicts(document)[1] == "unknown"
    (finding,) = [one for one in document["findings"] if one["rule"] == "BR-02"]
    assert "cannot be read as one for sqlite" in finding["message"]
    (sql / "schema.sql").write_text(SQL.partition("\n")[2])
    assert verdicts(checked(sql, "schema.sql"))[1] != "unknown"  # nothing says whose it is
