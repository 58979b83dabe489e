"""Which files are one schema, and which rulebook and settings belong to it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from schemalint.project.reading import LIMIT, Reader
from schemalint.project.schemas import Found, find_schemas
from schemalint.project.upwards import find_rulebook, find_settings

DATASOURCE = 'datasource db {\n  provider = "sqlite"\n}\n'


def _write(folder: Path, **files: str) -> None:
    """Files by path, `__` for a slash and `_prisma` for the suffix."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/").replace("_prisma", ".prisma"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _find(folder: Path, *paths: str, stdin: tuple[str, bytes] | None = None) -> Found:
    return find_schemas(paths, ["prisma"], Reader(str(folder), stdin))


def _groups(folder: Path, *paths: str) -> list[list[str]]:
    found = _find(folder, *paths)
    assert found.findings == ()
    return [[file.path for file in schema.files] for schema in found.schemas]


def _faults(folder: Path, *paths: str) -> list[str]:
    return [finding.message for finding in _find(folder, *paths).findings]


# -- nothing named


@pytest.mark.parametrize("place", ["schema.prisma", "prisma/schema.prisma"])
def test_default_places_are_one_file(tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(DATASOURCE)
    (path.parent / "other.prisma").write_text("model A {\n  id Int @id\n}\n")
    assert _groups(tmp_path) == [[place]]


def test_the_folder_of_earlier_versions(tmp_path: Path) -> None:
    _write(tmp_path, prisma__schema__b_prisma="", prisma__schema__a__c_prisma="")
    assert _groups(tmp_path) == [["prisma/schema/a/c.prisma", "prisma/schema/b.prisma"]]


def test_package_json_comes_before_the_default(tmp_path: Path) -> None:
    _write(tmp_path, schema_prisma="", db__my_prisma="")
    (tmp_path / "package.json").write_text('{"name": "x", "prisma": {"schema": "./db/my.prisma"}}')
    assert _groups(tmp_path) == [["db/my.prisma"]]


@pytest.mark.parametrize(
    "value",
    [
        '"db"',
        "'./db'",
        "`db`",
        'path.join("db")',
        "path.join(__dirname, 'db')",
        "join(import.meta.dirname, 'db')",
        'path.resolve("x", "..", "db")',
    ],
)
def test_prisma_config_is_read_and_never_run(tmp_path: Path, value: str) -> None:
    _write(tmp_path, db__a_prisma="", db__b_prisma="", schema_prisma="")
    (tmp_path / "package.json").write_text('{"prisma": {"schema": "schema.prisma"}}')
    (tmp_path / "prisma.config.ts").write_text(
        "import { defineConfig } from 'prisma/config'\n"
        "// schema: 'wrong',\n"
        "const other = 'schema: { \"wrong\"'\n"
        "export default defineConfig({\n"
        "  /* schema: 'wrong' */\n"
        "  views: { schema: 'wrong' },\n"
        f"  schema: {value},\n"
        "  migrations: { path: 'db/migrations' },\n"
        "})\n"
    )
    assert _groups(tmp_path) == [["db/a.prisma", "db/b.prisma"]]


def test_a_computed_configuration_is_no_guess(tmp_path: Path) -> None:
    _write(tmp_path, schema_prisma="")
    (tmp_path / "prisma.config.ts").write_text("export default { schema: process.env.SCHEMA }\n")
    (message,) = _faults(tmp_path)
    assert "computed" in message


def test_a_configuration_that_names_nothing_is_a_fault(tmp_path: Path) -> None:
    _write(tmp_path, schema_prisma="")
    (tmp_path / "package.json").write_text('{"prisma": {"schema": "gone"}}')
    (message,) = _faults(tmp_path)
    assert "no schema at `gone`" in message


def test_nothing_found_is_a_fault(tmp_path: Path) -> None:
    (message,) = _faults(tmp_path)
    assert message.startswith("no schema found")


# -- files named


def test_a_file_with_a_datasource_brings_its_siblings(tmp_path: Path) -> None:
    _write(tmp_path, prisma__base_prisma=DATASOURCE, prisma__user_prisma="")
    _write(tmp_path, prisma__more__post_prisma="")
    whole = [["prisma/base.prisma", "prisma/more/post.prisma", "prisma/user.prisma"]]
    assert _groups(tmp_path, "prisma/base.prisma") == whole
    assert _groups(tmp_path, "prisma/user.prisma") == whole
    assert _groups(tmp_path, "prisma/more/post.prisma") == whole
    assert _groups(tmp_path, "prisma") == whole


def test_each_schema_is_checked_once(tmp_path: Path) -> None:
    _write(tmp_path, prisma__base_prisma=DATASOURCE, prisma__user_prisma="")
    whole = [["prisma/base.prisma", "prisma/user.prisma"]]
    named = ["prisma/user.prisma", "prisma/base.prisma", "./prisma/../prisma/user.prisma", "prisma"]
    assert _groups(tmp_path, *named) == whole


def test_complete_schemas_side_by_side_are_separate(tmp_path: Path) -> None:
    _write(tmp_path, a_prisma=DATASOURCE, b_prisma=DATASOURCE, c_prisma="")
    assert _groups(tmp_path, "a.prisma", "b.prisma") == [["a.prisma"], ["b.prisma"]]
    assert _groups(tmp_path, "c.prisma") == [["c.prisma"]]
    assert _groups(tmp_path, ".") == [["a.prisma"], ["b.prisma"], ["c.prisma"]]


def test_a_folder_of_several_projects_is_several_schemas(tmp_path: Path) -> None:
    _write(tmp_path, a__s_prisma=DATASOURCE, a__m__t_prisma="", b__s_prisma=DATASOURCE)
    assert _groups(tmp_path, ".") == [["a/m/t.prisma", "a/s.prisma"], ["b/s.prisma"]]


def test_a_folder_without_a_datasource_is_one_schema(tmp_path: Path) -> None:
    _write(tmp_path, db__a_prisma="", db__b_prisma="")
    assert _groups(tmp_path, "db") == [["db/a.prisma", "db/b.prisma"]]
    assert _groups(tmp_path, "db/a.prisma") == [["db/a.prisma"]]


def test_the_configuration_decides_before_the_datasource(tmp_path: Path) -> None:
    _write(tmp_path, db__a_prisma="", db__sub__b_prisma="", db__c_prisma=DATASOURCE)
    (tmp_path / "package.json").write_text('{"prisma": {"schema": "db/c.prisma"}}')
    assert _groups(tmp_path, "db/c.prisma") == [["db/c.prisma"]]
    (tmp_path / "package.json").write_text('{"prisma": {"schema": "db"}}')
    whole = [["db/a.prisma", "db/c.prisma", "db/sub/b.prisma"]]
    assert _groups(tmp_path, "db/sub/b.prisma") == whole


def test_a_projects_top_folder_is_not_searched_on_a_guess(tmp_path: Path) -> None:
    _write(tmp_path, schema_prisma=DATASOURCE, fixtures__x_prisma="model A {}")
    (tmp_path / "package.json").write_text("{}")
    assert _groups(tmp_path, "schema.prisma") == [["schema.prisma"]]


def test_hidden_folders_and_node_modules_are_skipped(tmp_path: Path) -> None:
    _write(tmp_path, a_prisma="", node_modules__b_prisma="", **{".hidden__c_prisma": ""})
    assert _groups(tmp_path, ".") == [["a.prisma"]]


def test_a_rulebook_brings_the_schema_in_its_folder(tmp_path: Path) -> None:
    _write(tmp_path, shop__schema_prisma=DATASOURCE, shop__other_prisma=DATASOURCE)
    (tmp_path / "shop" / "business_rules.yaml").write_text("version: 1\n")
    assert _groups(tmp_path, "shop/business_rules.yaml") == [["shop/schema.prisma"]]
    assert _faults(tmp_path, "business_rules.yaml") == ["there is no `business_rules.yaml`"]


def test_text_from_standard_input_takes_the_place_of_a_file(tmp_path: Path) -> None:
    _write(tmp_path, prisma__base_prisma=DATASOURCE)
    given = ("prisma/new.prisma", b"model New {\n}\n")
    found = _find(tmp_path, "prisma/new.prisma", stdin=given)
    (schema,) = found.schemas
    assert [file.path for file in schema.files] == ["prisma/base.prisma", "prisma/new.prisma"]
    assert schema.files[1].text == "model New {\n}\n"


def test_paths_outside_the_working_folder_are_shown_from_it(tmp_path: Path) -> None:
    _write(tmp_path, a_prisma=DATASOURCE)
    (tmp_path / "sub").mkdir()
    found = _find(tmp_path / "sub", "../a.prisma")
    assert found.schemas[0].files[0].path == "../a.prisma"


# -- what cannot be read


@pytest.mark.parametrize(
    ("data", "said", "line", "column"),
    [
        (b"model A {\n  id Int // gr\xf6\n}\n", "0xf6 at offset 24, in line 2", 2, 15),
        ("model A {".encode("utf-16"), "is UTF-16", 1, 1),
        (b"model A {\n \0 \0\n}\n", "a NUL character, which no text holds (2 in", 2, 2),
    ],
    ids=["latin-1", "utf-16", "nul"],
)
def test_what_is_no_text_has_a_place(
    tmp_path: Path, data: bytes, said: str, line: int, column: int
) -> None:
    (tmp_path / "a.prisma").write_bytes(data)
    (tmp_path / "b.prisma").write_text("")
    found = _find(tmp_path, "a.prisma", "b.prisma")
    (finding,) = found.findings
    assert finding.rule == "invalid-schema"
    assert said in finding.message
    assert finding.span is not None
    assert (finding.span.place.line, finding.span.place.column) == (line, column)
    assert "b.prisma" in [file.path for schema in found.schemas for file in schema.files]


def test_what_is_not_utf_8_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "a.prisma").write_bytes(b"model A {\n} // \xe9\n")
    assert _find(tmp_path, "a.prisma").schemas[0].files[0].text == "model A {\n} // \ufffd\n"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.prisma").open("wb") as file:
        file.truncate(50 * 1024**2)
    (message,) = _faults(tmp_path, "a.prisma")
    assert f"larger than {LIMIT // 1024**2} MiB" in message


@pytest.mark.parametrize(
    "more",
    [
        b"\xef\xbb\xbfALTER TABLE b DROP COLUMN x;",
        b"-- a\rALTER TABLE b DROP COLUMN x;\r",
        b"/*!50001 ALTER TABLE b DROP COLUMN x */;",
        b"EXEC sp_rename 'b.x', 'y', 'COLUMN';",
    ],
    ids=["byte-order mark", "CR", "MySQL's comment", "sp_rename"],
)
def test_no_statement_is_passed_over(tmp_path: Path, more: bytes) -> None:
    """What defines nothing is no part of a schema; what changes it is, wherever it begins."""
    (tmp_path / "a.sql").write_bytes(b"CREATE TABLE b (id int, x int);")
    (tmp_path / "b.sql").write_bytes(more)
    found = find_schemas(["."], ["sql"], Reader(str(tmp_path), None))
    assert [[one.path for one in schema.files] for schema in found.schemas] == [["a.sql", "b.sql"]]


def test_a_table_behind_a_byte_order_mark_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(b"\xef\xbb\xbfCREATE TABLE b (id int);")
    found = find_schemas(["a.sql"], ["sql"], Reader(str(tmp_path), None))
    assert (found.findings, len(found.schemas)) == ((), 1)


@pytest.mark.parametrize("named", [".", "b.sql"])
def test_sql_that_is_no_text_is_told_wherever_it_is_found(tmp_path: Path, named: str) -> None:
    (tmp_path / "a.sql").write_text("CREATE TABLE a (id int);")
    (tmp_path / "b.sql").write_bytes("CREATE TABLE b (id int);".encode("utf-16"))
    found = find_schemas([named], ["sql"], Reader(str(tmp_path)))
    assert [one.message for one in found.findings] == ["`b.sql` is UTF-16; it has to be UTF-8"]


def test_a_link_to_nowhere_says_where(tmp_path: Path) -> None:
    (tmp_path / "a.prisma").symlink_to("gone.prisma")
    assert _faults(tmp_path, "a.prisma") == [
        "`a.prisma` is a link to `gone.prisma`, and there is no `gone.prisma`"
    ]


def test_missing_and_odd_paths(tmp_path: Path) -> None:
    _write(tmp_path, schema_prisma=DATASOURCE)
    (tmp_path / "empty").mkdir()
    (tmp_path / "rules.yaml").write_text("")
    os.mkfifo(tmp_path / "pipe.prisma")
    found = _find(tmp_path, "shema.prisma", "empty", "rules.yaml", "pipe.prisma", "schema.prisma")
    assert len(found.schemas) == 1
    told = {finding.path: (finding.message, finding.help) for finding in found.findings}
    assert told["shema.prisma"] == ("there is no `shema.prisma`", "did you mean `schema.prisma`?")
    assert "holds no schema" in told["empty"][0]
    assert "--rules" in (told["rules.yaml"][1] or "")
    assert "not a regular file" in told["pipe.prisma"][0]


# -- rulebook and settings


def test_rulebooks_are_found_upwards_to_the_repository(tmp_path: Path) -> None:
    deep = tmp_path / "repo" / "a" / "prisma"
    deep.mkdir(parents=True)
    (tmp_path / "business_rules.yaml").write_text("")
    (tmp_path / "repo" / ".git").mkdir()
    assert find_rulebook(str(deep)) == []
    (tmp_path / "repo" / "business_rules.yml").write_text("")
    assert find_rulebook(str(deep)) == [str(tmp_path / "repo" / "business_rules.yml")]
    (deep / "business_rules.yaml").write_text("")
    assert find_rulebook(str(deep)) == [str(deep / "business_rules.yaml")]


def test_settings_are_the_nearest_that_are_ours(tmp_path: Path) -> None:
    deep = tmp_path / "a"
    deep.mkdir()
    (tmp_path / ".git").mkdir()
    (deep / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert find_settings(str(deep)) == []
    (tmp_path / "schemalint.yaml").write_text("")
    assert find_settings(str(deep)) == [str(tmp_path / "schemalint.yaml")]
    (deep / "pyproject.toml").write_text("[tool.schemalint]\npreset = 'none'\n")
    assert find_settings(str(deep)) == [str(deep / "pyproject.toml")]


def test_what_was_told_before_is_not_told_again(tmp_path: Path) -> None:
    _write(tmp_path, schema_prisma=DATASOURCE)
    (tmp_path / "pyproject.toml").write_bytes(b"# \xff\n")
    reader = Reader(str(tmp_path))
    reader.read("pyproject.toml", "invalid-settings")
    assert len(reader.findings) == 1
    assert find_schemas([], ["prisma"], reader).findings == ()


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ('[tool]\nschemalint = {preset = "none"}\n', True),
        ('tool.schemalint.preset = "none"\n', True),
        ('["tool"."schemalint"]\npreset = "none"\n', True),
        ("[tool.schemalint.options.money-as-float]\n", True),
        ("[tool.schemalint\n", True),  # whoever reads it says what is wrong
        ('[project]\ndependencies = ["schemalint"]\n', False),
        ('[tool.other]\nschemalint = "no"\n', False),
        ('[project\nname = "schemalint"\n', False),
    ],
)
def test_settings_in_any_way_that_toml_can_say_them(
    tmp_path: Path, text: str, counts: bool
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(text)
    assert bool(find_settings(str(tmp_path))) is counts
