"""Which migrations go with a Prisma schema, and which SQL files are a schema of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.model import Dialect
from schemalint.project.reading import Reader
from schemalint.project.schemas import Found, Settled, find_schemas

DATASOURCE = 'datasource db {\n  provider = "sqlite"\n}\n'
LOCK = '# Please do not edit\nprovider = "sqlite"\n'


def table(name: str) -> str:
    return f"CREATE TABLE {name} (id INTEGER PRIMARY KEY);\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def find(
    folder: Path,
    *paths: str,
    migrations: str | bool = True,
    schemas: tuple[str, ...] = (),
    stdin: tuple[str, bytes] | None = None,
) -> Found:
    settled = str(folder / migrations) if isinstance(migrations, str) else migrations
    return find_schemas(
        paths,
        ["prisma", "sql"],
        Reader(str(folder), stdin),
        Settled(schemas, lambda _: settled),
    )


def groups(folder: Path, *paths: str, **settled: object) -> list[tuple[list[str], list[str]]]:
    """The files of each schema, and its migrations."""
    found = find(folder, *paths, **settled)  # type: ignore[arg-type] -- passed on
    assert found.findings == ()
    return [
        (
            [file.path for file in schema.files],
            [file.path for file in schema.migrations.files] if schema.migrations else [],
        )
        for schema in found.schemas
    ]


def faults(folder: Path, *paths: str, **settled: object) -> list[str]:
    found = find(folder, *paths, **settled)  # type: ignore[arg-type] -- passed on
    return [finding.message for finding in found.findings]


@pytest.fixture
def prisma(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "prisma/schema.prisma": DATASOURCE,
            "prisma/migrations/migration_lock.toml": LOCK,
            "prisma/migrations/2_init/migration.sql": table("a"),
            "prisma/migrations/10_more/migration.sql": table("b"),
            "prisma/migrations/10_more/down.sql": "DROP TABLE b;",
        },
    )
    return tmp_path


# Prisma Migrate goes by the names as texts: "10_more" comes before "2_init".
IN_ORDER = [
    "prisma/migrations/10_more/migration.sql",
    "prisma/migrations/2_init/migration.sql",
]


# -- of a Prisma schema


@pytest.mark.parametrize(
    "named",
    [
        (),
        ("prisma/schema.prisma",),
        (".",),
        ("prisma",),
        ("prisma/migrations/2_init/migration.sql",),
        ("prisma/migrations/10_more/down.sql",),
        ("prisma/migrations/2_init/migration.sql", "prisma/schema.prisma", "prisma"),
    ],
)
def test_migrations_beside_the_schema(prisma: Path, named: tuple[str, ...]) -> None:
    assert groups(prisma, *named) == [(["prisma/schema.prisma"], IN_ORDER)]


def test_the_folder_of_migrations_itself_is_sql_alone(prisma: Path) -> None:
    assert groups(prisma, "prisma/migrations") == [(IN_ORDER, [])]
    (schema,) = find(prisma, "prisma/migrations").schemas
    assert schema.suffix == "sql"
    assert schema.provider is not None
    assert schema.provider.dialect is Dialect.SQLITE
    assert schema.provider.span.text == "sqlite"


@pytest.mark.parametrize(
    ("schema", "migrations"),
    [
        (["db/a.prisma", "db/b.prisma"], "db/migrations"),
        (["db/schema/a.prisma", "db/schema/b.prisma"], "db/migrations"),
        (["db/a.prisma", "db/models/b.prisma"], "db/migrations"),
        (["db/models/b.prisma", "db/z/a.prisma"], "db/z/migrations"),
    ],
    ids=["flat", "beside the schema's folder", "beside the datasource", "in a subfolder"],
)
def test_a_schema_of_several_files(tmp_path: Path, schema: list[str], migrations: str) -> None:
    texts = {path: DATASOURCE if path.endswith("a.prisma") else "" for path in schema}
    write(tmp_path, {**texts, f"{migrations}/1_a/migration.sql": table("a")})
    (tmp_path / "package.json").write_text('{"prisma": {"schema": "db"}}')
    whole = [(schema, [f"{migrations}/1_a/migration.sql"])]
    assert groups(tmp_path) == whole
    assert groups(tmp_path, schema[1]) == whole
    assert groups(tmp_path, f"{migrations}/1_a/migration.sql") == whole


def test_the_folder_that_the_prisma_configuration_names(prisma: Path) -> None:
    write(prisma, {"db/changes/1_x/migration.sql": table("x")})
    (prisma / "prisma.config.ts").write_text(
        "export default defineConfig({\n"
        "  seed: { migrations: { path: 'wrong' } },\n"
        "  schema: 'prisma/schema.prisma',\n"
        "  migrations: { seed: 'tsx seed.ts', path: path.join('db', 'changes') },\n"
        "})\n"
    )
    whole = [(["prisma/schema.prisma"], ["db/changes/1_x/migration.sql"])]
    assert groups(prisma) == whole
    assert groups(prisma, "db/changes/1_x/migration.sql") == whole


def test_a_computed_folder_is_no_guess(prisma: Path) -> None:
    (prisma / "prisma.config.ts").write_text(
        "export default { schema: 'prisma/schema.prisma', migrations: { path: process.env.M } }\n"
    )
    (message,) = faults(prisma)
    assert "`migrations.path:` in the Prisma configuration is computed" in message


def test_what_the_settings_say(prisma: Path) -> None:
    write(prisma, {"db/changes/2_b.sql": table("b"), "db/changes/10_a.sql": table("a")})
    write(prisma, {"db/structure.sql": table("c")})
    schema = ["prisma/schema.prisma"]
    in_folder = ["db/changes/2_b.sql", "db/changes/10_a.sql"]
    assert groups(prisma, "prisma", migrations="db/changes") == [(schema, in_folder)]
    assert groups(prisma, in_folder[0], migrations="db/changes") == [(schema, in_folder)]
    assert groups(prisma, migrations="db/structure.sql") == [(schema, ["db/structure.sql"])]
    assert groups(prisma, migrations=False) == [(schema, [])]
    (message,) = faults(prisma, migrations="db/changed")
    assert message == "there is no `db/changed`, where the settings say that the migrations are"


def test_without_the_overlay_the_migrations_are_a_schema_of_their_own_only_if_named(
    prisma: Path,
) -> None:
    assert groups(prisma, "prisma/migrations", migrations=False) == [(IN_ORDER, [])]
    schema = [(["prisma/schema.prisma"], [])]
    assert groups(prisma, ".", migrations=False) == schema
    assert groups(prisma, IN_ORDER[0], migrations=False) == schema


def test_a_migration_without_its_file_is_loud(prisma: Path) -> None:
    (prisma / "prisma" / "migrations" / "3_empty").mkdir()
    (message,) = faults(prisma)
    assert message == (
        "there is no `prisma/migrations/3_empty/migration.sql`: this migration has lost its file"
    )
    (schema,) = find(prisma).schemas
    assert schema.migrations is not None


def test_a_migration_that_cannot_be_read_is_loud(prisma: Path) -> None:
    (prisma / "prisma" / "migrations" / "2_init" / "migration.sql").write_bytes(b"\0" * 100)
    found = find(prisma)
    (finding,) = found.findings
    assert finding.rule == "invalid-schema"
    (schema,) = found.schemas
    assert schema.migrations is not None
    assert not schema.migrations.whole
    assert [file.path for file in schema.migrations.files] == [IN_ORDER[0]]


def test_two_schemas_in_one_folder_do_not_share_migrations(tmp_path: Path) -> None:
    write(tmp_path, {"a.prisma": DATASOURCE, "migrations/1_a/migration.sql": table("a")})
    assert groups(tmp_path, "a.prisma") == [(["a.prisma"], ["migrations/1_a/migration.sql"])]
    write(tmp_path, {"b.prisma": DATASOURCE})
    assert groups(tmp_path, "a.prisma") == [(["a.prisma"], [])]
    write(tmp_path, {"schema.prisma": DATASOURCE})
    (_, migrations) = groups(tmp_path, "schema.prisma")[0]
    assert migrations == ["migrations/1_a/migration.sql"]


def test_migrations_go_with_the_schema_whose_tables_they_make(tmp_path: Path) -> None:
    app, law = "model User {\n}\n", 'model Act {\n  @@map("acts")\n}\n'
    write(tmp_path, {"app.prisma": DATASOURCE + app, "law.prisma": DATASOURCE + law})
    migration = "migrations/1_a/migration.sql"
    write(tmp_path, {migration: 'CREATE TABLE "User" (id INTEGER PRIMARY KEY);\n'})
    assert groups(tmp_path, ".") == [(["app.prisma"], [migration]), (["law.prisma"], [])]
    assert groups(tmp_path, migration) == [(["app.prisma"], [migration])]
    write(tmp_path, {migration: "CREATE TABLE acts (id INTEGER PRIMARY KEY);\n"})
    assert groups(tmp_path, ".") == [(["app.prisma"], []), (["law.prisma"], [migration])]


def test_a_migration_from_standard_input(prisma: Path) -> None:
    name = "prisma/migrations/3_new/migration.sql"
    found = find(prisma, name, stdin=(name, table("new").encode()))
    (schema,) = found.schemas
    assert schema.migrations is not None
    assert [file.path for file in schema.migrations.files] == [*IN_ORDER, name]
    assert schema.migrations.files[-1].text == table("new")


# -- SQL by itself


def test_a_file_is_a_schema(tmp_path: Path) -> None:
    write(tmp_path, {"schema.sql": table("a"), "other.sql": table("a"), "seed.sql": "INSERT"})
    assert groups(tmp_path, "schema.sql") == [(["schema.sql"], [])]
    assert groups(tmp_path, "schema.sql", "other.sql") == [
        (["schema.sql"], []),
        (["other.sql"], []),
    ]


@pytest.mark.parametrize(
    ("files", "order"),
    [
        (["2_x.sql", "10_x.sql", "1_x.sql"], ["1_x.sql", "2_x.sql", "10_x.sql"]),
        (["0002.sql", "0001.sql"], ["0001.sql", "0002.sql"]),
        (["v2.10.0.sql", "v2.9.1.sql", "v2.9.sql", "v2.9.down.sql"],
         ["v2.9.sql", "v2.9.1.sql", "v2.10.0.sql"]),
        (["V0010.b.up.sql", "V0001.a.up.sql", "V0001.a.down.sql"],
         ["V0001.a.up.sql", "V0010.b.up.sql"]),
        (["V2__b.sql", "V1.1__c.sql", "V1__a.sql"], ["V1__a.sql", "V1.1__c.sql", "V2__b.sql"]),
        (["V1_2__b.sql", "V1_10__a.sql", "U1_2__b.sql"], ["V1_2__b.sql", "V1_10__a.sql"]),
        (["V0__z.sql", "R__b.sql", "V1__a.sql"], ["V0__z.sql", "V1__a.sql", "R__b.sql"]),
        (["V1__a.sql", "B2__all.sql", "V2__b.sql", "V3__c.sql"], ["B2__all.sql", "V3__c.sql"]),
        (["1_x.up.sql", "1_x.down.sql", "2_y.up.sql"], ["1_x.up.sql", "2_y.up.sql"]),
        (["01-markdown.sql", "01-markdown-down.sql"], ["01-markdown.sql"]),
        (["1_a/up.sql", "1_a/down.sql", "10_c/up.sql", "2_b/up.sql"],
         ["1_a/up.sql", "2_b/up.sql", "10_c/up.sql"]),
        (["2024-03-13_170000_b/up.sql", "2024-03-06-170000_a/up.sql"],
         ["2024-03-06-170000_a/up.sql", "2024-03-13_170000_b/up.sql"]),
        (["2017-08-31-230457_b/up.sql", "2026-06-26-110013-0000_d/up.sql",
          "20140924113530_a/up.sql", "20181231000000_c/up.sql", "00000000000000_setup/up.sql"],
         ["00000000000000_setup/up.sql", "20140924113530_a/up.sql", "2017-08-31-230457_b/up.sql",
          "20181231000000_c/up.sql", "2026-06-26-110013-0000_d/up.sql"]),
        (["1_a/migration.sql", "10_c/migration.sql", "2_b/migration.sql"],
         ["10_c/migration.sql", "1_a/migration.sql", "2_b/migration.sql"]),
    ],
)  # fmt: skip
def test_a_sequence_of_migrations(tmp_path: Path, files: list[str], order: list[str]) -> None:
    write(tmp_path, {f"m/{name}": table("a") for name in files})
    whole = [([f"m/{name}" for name in order], [])]
    assert groups(tmp_path, "m") == whole
    assert groups(tmp_path, ".") == whole
    for name in files:  # what undoes one means the sequence too
        assert groups(tmp_path, f"m/{name}") == whole


def test_a_sequence_beside_other_files(tmp_path: Path) -> None:
    names = ["1_a.sql", "2_b.sql", "schema.sql", "seed.sql"]
    texts = {name: table("a") if name != "seed.sql" else "INSERT INTO a" for name in names}
    write(tmp_path, texts)
    assert groups(tmp_path, ".") == [(["1_a.sql", "2_b.sql"], []), (["schema.sql"], [])]
    assert groups(tmp_path, "2_b.sql") == [(["1_a.sql", "2_b.sql"], [])]
    assert groups(tmp_path, "schema.sql") == [(["schema.sql"], [])]


@pytest.mark.parametrize(
    ("files", "order"),
    [
        (["v1.10/b.sql", "v1.9/a.sql", "v1.9/x.sql", "v1.0/manifest.json", "v1.10/c.sql"],
         ["v1.9/a.sql", "v1.9/x.sql", "v1.10/b.sql", "v1.10/c.sql"]),
        (["10/01_c.up.sql", "0/02_b.up.sql", "0/01_a.up.sql", "0/01_a.down.sql"],
         ["0/01_a.up.sql", "0/02_b.up.sql", "10/01_c.up.sql"]),
    ],
)  # fmt: skip
def test_folders_named_by_versions_are_one_sequence(
    tmp_path: Path, files: list[str], order: list[str]
) -> None:
    write(tmp_path, {f"m/{name}": table(Path(name).stem) for name in files})
    whole = [([f"m/{name}" for name in order], [])]
    assert groups(tmp_path, "m") == whole
    assert groups(tmp_path, ".") == whole
    for name in files:
        if name.endswith(".sql"):
            assert groups(tmp_path, f"m/{name}") == whole


def test_folders_that_hold_the_whole_schema_each_are_apart(tmp_path: Path) -> None:
    write(tmp_path, {"v1/schema.sql": table("a"), "v2/schema.sql": table("a") + table("b")})
    assert groups(tmp_path, ".") == [(["v1/schema.sql"], []), (["v2/schema.sql"], [])]
    assert groups(tmp_path, "v2/schema.sql") == [(["v2/schema.sql"], [])]


def test_the_plan_of_sqitch_gives_the_order(tmp_path: Path) -> None:
    plan = """%syntax-version=1.0.0
        %project=p

        users 2013-12-30T23:49:00Z A. B. <a@example.com> # Tables.
        orders [users] 2013-12-30T23:50:00Z A. B. <a@example.com> # More
        @v1.0 2013-12-31T00:01:22Z A. B. <a@example.com>
        users [users@v1.0 orders] 2013-12-31T01:00:10Z A. B. <a@example.com># Again.
    """
    names = ["deploy/orders.sql", "deploy/users.sql", "deploy/users@v1.0.sql", "deploy/left.sql"]
    texts = {name: table(name) for name in (*names, "revert/users.sql", "verify/users.sql")}
    write(tmp_path, {**texts, "sqitch.plan": plan})
    whole = [(["deploy/users@v1.0.sql", "deploy/orders.sql", "deploy/users.sql"], [])]
    assert groups(tmp_path, ".") == whole
    assert groups(tmp_path, "deploy") == whole
    for name in texts:
        assert groups(tmp_path, name) == whole


def test_scripts_that_upgrade_to_the_schema_above_are_none(tmp_path: Path) -> None:
    upgrade = {"db/upgrade/pre-1.sql": "ALTER TABLE a ADD b INT;\n" + table("b")}
    write(tmp_path, {"db/schema.sql": table("a") + table("b"), **upgrade})
    assert groups(tmp_path, ".") == [(["db/schema.sql"], [])]
    assert groups(tmp_path, "db/upgrade") == [(["db/upgrade/pre-1.sql"], [])]
    write(tmp_path, {"db/schema.sql": table("a")})  # which the scripts add a table to
    assert len(groups(tmp_path, ".")) == 2


def test_a_comment_before_the_name_of_a_table(tmp_path: Path) -> None:
    write(tmp_path, {"m/1_a.sql": "CREATE TABLE /* TEMPLATE: schema */ a (id INT);"})
    assert groups(tmp_path, "m") == [(["m/1_a.sql"], [])]


def test_parts_of_one_schema_tables_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "indexes.sql": "CREATE INDEX i ON users (id);",
            "users.sql": table("users"),
            "orders.sql": table("orders"),
        },
    )
    whole = ["orders.sql", "users.sql", "indexes.sql"]
    assert groups(tmp_path, ".") == [(whole, [])]
    assert groups(tmp_path, "indexes.sql") == [(whole, [])]
    assert groups(tmp_path, "users.sql") == [(["users.sql"], [])]


def test_files_that_create_the_same_table_are_schemas_apart(tmp_path: Path) -> None:
    mysql = "CREATE TABLE IF NOT EXISTS `users` (id INT);\n"
    write(tmp_path, {"mysql.sql": mysql, "sqlite.sql": table('"Users"'), "x.sql": "-- nothing"})
    assert groups(tmp_path, ".") == [(["mysql.sql"], []), (["sqlite.sql"], [])]


def test_queries_are_no_schema(prisma: Path) -> None:
    write(prisma, {"prisma/sql/get.sql": "SELECT 1;", "prisma/seed.sql": "INSERT INTO a"})
    whole = [(["prisma/schema.prisma"], IN_ORDER)]
    assert groups(prisma, ".") == whole
    assert groups(prisma, "prisma/sql/get.sql", "prisma/seed.sql") == whole
    write(prisma, {"prisma/views/v.sql": "CREATE VIEW v AS SELECT 1;"})
    assert groups(prisma, "prisma/views/v.sql") == whole


def test_queries_of_no_schema_are_a_fault(tmp_path: Path) -> None:
    write(tmp_path, {"get.sql": "SELECT 1;", "db/schema.sql": table("a")})
    (tmp_path / ".git").mkdir()
    (message,) = faults(tmp_path, "get.sql")
    assert message.startswith("`get.sql` defines nothing")
    assert groups(tmp_path, "get.sql", schemas=("db/schema.sql",)) == [(["db/schema.sql"], [])]
    (message,) = faults(tmp_path, "get.sql", schemas=("get.sql",))
    assert "defines nothing" in message


def test_a_folder_without_a_schema_says_what_it_lacks(tmp_path: Path) -> None:
    write(tmp_path, {"a/get.sql": "SELECT 1;"})
    (message,) = faults(tmp_path, "a")
    assert message == (
        "the folder `a` holds no schema: no `*.prisma` or `*.sql` file that creates a table"
    )


def test_a_rulebook_brings_the_sql_beside_it(tmp_path: Path) -> None:
    write(tmp_path, {"db/schema.sql": table("a"), "db/business_rules.yaml": "version: 1\n"})
    assert groups(tmp_path, "db/business_rules.yaml") == [(["db/schema.sql"], [])]


def test_a_file_too_large_is_not_passed_over(tmp_path: Path) -> None:
    with (tmp_path / "dump.sql").open("wb") as file:
        file.truncate(50 * 1024**2)
    (message,) = faults(tmp_path, ".")
    assert "larger than" in message


# -- what undoes a migration, in the same file


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("-- migrate:up", "-- migrate:down"),
        ("-- migrate:up transaction:false", "-- migrate:down"),
        ("-- +goose Up", "-- +goose Down"),
        ("-- +migrate Up", "--  +migrate Down notransaction"),
        ("# --- !Ups", "# --- !Downs"),
        ("-- before", "---- create above / drop below ----"),
        ("-- before", "-- //@UNDO"),
    ],
)
def test_down_sections_are_blank(tmp_path: Path, up: str, down: str) -> None:
    kept = table("a")
    undone = "-- é\nDROP TABLE a;\r\n"
    text = f"{up}\n{kept}{down}\n{undone}"
    (tmp_path / "1_a.sql").write_bytes(text.encode())
    (schema,) = find(tmp_path, "1_a.sql").schemas
    (file,) = schema.files
    assert len(file.text) == len(text)
    assert file.text.strip().removeprefix("-- before").strip() == kept.strip()
    assert file.text.index(kept) == text.index(kept)
    assert [len(line) for line in file.text.splitlines()] == [
        len(line) for line in text.splitlines()
    ]


def test_sections_may_come_again(tmp_path: Path) -> None:
    text = "-- +goose Down\nDROP;\n-- +goose Up\nCREATE TABLE a (b int);\n"
    (tmp_path / "1_a.sql").write_text(text)
    (schema,) = find(tmp_path, "1_a.sql").schemas
    assert schema.files[0].text.split() == ["CREATE", "TABLE", "a", "(b", "int);"]


def test_a_mention_in_a_statement_is_no_section(tmp_path: Path) -> None:
    text = "CREATE TABLE a (b int); -- migrate:down\nCREATE TABLE c (d int);\n"
    (tmp_path / "1_a.sql").write_text(text)
    (schema,) = find(tmp_path, "1_a.sql").schemas
    assert schema.files[0].text == text
