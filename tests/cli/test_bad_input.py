"""What cannot be used is told, with its place and exit code 2, and loses nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import in_this_process
from tests.cli.conftest import RULEBOOK, SCHEMA

SCHEMA_PATH = "prisma/schema.prisma"
RULEBOOK_PATH = "business_rules.yaml"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def _check(folder: Path, *arguments: str) -> Any:
    """The JSON of a run that could not read everything."""
    done = in_this_process(folder, "check", "--output-format", "json", *arguments)
    assert done.returncode == 2, done.stdout
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    return json.loads(done.stdout)


def _told(read: Any, rule: str) -> list[tuple[str, int, int, str]]:
    """File, line, column and message of the findings of `rule`."""
    return [
        (
            finding["place"]["file"],
            finding["place"]["line"],
            finding["place"]["column"],
            finding["message"],
        )
        for finding in read["findings"]
        if finding["rule"] == rule
    ]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (SCHEMA.encode() + b"// \xff\n", (11, 4), "not UTF-8"),
        (b"\xef\xbb\xbf" + SCHEMA.encode(), (1, 1), "byte-order mark"),
        (SCHEMA.encode() + b"// a\0b\n", (11, 5), "NUL"),
        (SCHEMA.encode() + b"modle A {\n}\n", (11, 1), "opens no block"),
        (SCHEMA.encode() + b"model A {\n  b Int @x(" + b"[" * 10_000 + b"\n}\n", (12, 3), "deep"),
    ],
    ids=["not UTF-8", "byte-order mark", "NUL", "syntax", "deep nesting"],
)
def test_the_rest_of_the_schema_is_judged(
    project: Path, content: bytes, place: tuple[int, int], message: str
) -> None:
    (project / SCHEMA_PATH).write_bytes(content)
    read = _check(project)
    told = _told(read, "invalid-schema")
    assert (told[0][0], *told[0][1:3]) == (SCHEMA_PATH, *place)
    assert message in told[0][3]
    verdicts = {rule["id"]: rule["verdict"] for rule in read["rules"]}
    assert verdicts == {"BR-01": "broken", "BR-02": "kept"}


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _gone(path: Path) -> None:
    path.unlink()


def _a_link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _a_named_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _utf_16(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))


def _utf_16_without_a_mark(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8").encode("utf-16-le"))


def _fifty_megabytes(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(50 * 1024 * 1024)


def _unreadable(path: Path) -> None:
    """A link to itself: not to be opened by anybody, root included."""
    path.unlink()
    path.symlink_to(path.name)


DAMAGES = [
    (_a_folder, "folder"),
    (_gone, "no `"),
    (_a_link_to_nowhere, "no `"),
    (_a_named_pipe, "not a regular file"),
    (_utf_16, "UTF-16"),
    (_utf_16_without_a_mark, "NUL"),
    (_fifty_megabytes, "larger than 32 MiB"),
    (_unreadable, "cannot be read"),
]
NAMES = [damage.__name__.strip("_").replace("_", " ") for damage, _ in DAMAGES]


@pytest.mark.parametrize(("damage", "message"), DAMAGES, ids=NAMES)
def test_a_schema_that_cannot_be_read_loses_nothing_else(
    project: Path, damage: Any, message: str
) -> None:
    damage(project / SCHEMA_PATH)
    rulebook = RULEBOOK + "  - id: BR-03\n    says: s\n    requird: {of: A}\n"
    (project / RULEBOOK_PATH).write_text(rulebook, "utf-8")
    (project / "schemalint.yaml").write_text("select: [no-such-rule]\npresett: strict\n", "utf-8")
    read = _check(project, SCHEMA_PATH)
    ((file, *_, said),) = _told(read, "invalid-schema")
    assert file == SCHEMA_PATH
    assert message in said
    assert [rule["verdict"] for rule in read["rules"]] == ["unknown", "unknown"]
    assert [place[:2] for place in _told(read, "invalid-rulebook")] == [(RULEBOOK_PATH, 11)]
    assert [place[1] for place in _told(read, "invalid-settings")] == [1, 2]


@pytest.mark.parametrize("named", [False, True], ids=["found", "named"])
@pytest.mark.parametrize(("damage", "message"), DAMAGES, ids=NAMES)
def test_a_rulebook_that_cannot_be_read_loses_nothing_else(
    project: Path, damage: Any, message: str, named: bool
) -> None:
    if damage is _gone and not named:
        return  # a schema without a rulebook is no fault
    damage(project / RULEBOOK_PATH)
    read = _check(project, *(["--rules", RULEBOOK_PATH] if named else []))
    ((file, *_, said),) = _told(read, "invalid-rulebook")
    assert file == RULEBOOK_PATH
    assert message in said
    assert _told(read, "money-as-float")
    assert read["rules"] == []


@pytest.mark.parametrize(("damage", "message"), DAMAGES, ids=NAMES)
def test_settings_that_cannot_be_read_lose_nothing_else(
    project: Path, damage: Any, message: str
) -> None:
    settings = project / "schemalint.yaml"
    settings.write_text("preset: none\n", "utf-8")
    damage(settings)
    read = _check(project, "--config", "schemalint.yaml")
    ((file, *_, said),) = _told(read, "invalid-settings")
    assert file == "schemalint.yaml"
    assert message in said
    assert _told(read, "BR-01")


def test_one_file_of_several_that_cannot_be_read_is_told(project: Path) -> None:
    (project / "prisma" / "more.prisma").symlink_to("nowhere")
    read = _check(project, "prisma")
    assert [place[0] for place in _told(read, "invalid-schema")] == ["prisma/more.prisma"]
    assert _told(read, "BR-01")


def test_a_folder_without_schemas(project: Path) -> None:
    (project / "docs").mkdir()
    read = _check(project, "docs")
    assert _told(read, "invalid-schema")[0][0] == "docs"
    assert len(read["rules"]) == 2


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "empty"),
        ("version: 1\nrules: []\n", (2, 8), "no rule"),
        ("- id: BR-01\n", (1, 1), "a list stands where a mapping"),
        ("version: 1\nrules:\n  BR-01: {}\n", (3, 3), "a mapping stands where a list"),
        (BOMB + RULEBOOK, (5, 45), "aliases"),
        ("rules: " + "[" * 100_000, (1, 107), "100 levels deep"),
        ("!!python/object/apply:os.system ['false']\n", (1, 1), "tag"),
        (RULEBOOK + "  - id: [\n", (9, 9), "no closing `]`"),
    ],
    ids=["empty", "no rule", "list", "mapping", "alias bomb", "deep nesting", "tag", "syntax"],
)
def test_a_rulebook_that_is_none(
    project: Path, text: str, place: tuple[int, int], message: str
) -> None:
    (project / RULEBOOK_PATH).write_text(text, "utf-8")
    read = _check(project)
    first = _told(read, "invalid-rulebook")[0]
    assert first[:3] == (RULEBOOK_PATH, *place)
    assert message in first[3]
    assert _told(read, "money-as-float")


@pytest.mark.parametrize(
    ("rule", "place", "message"),
    [
        (
            "id: BR-03\n    says: s\n    index: {of: A, by: [b]}\n    derived: {of: A, fields: b}",
            12,
            "kinds",
        ),
        ("id: BR-01\n    says: s\n    index: {of: Customer, by: [id]}", 9, "belongs to two rules"),
        ("id: BR-03\n    says: s", 9, "has no kind"),
        ("id: BR-03\n    says: s\n    indx: {}", 11, "there is no kind of rule `indx`"),
        (
            "id: BR-03\n    says: [s]\n    index: {of: Customer, by: [id]}",
            10,
            "a list stands where",
        ),
        ("id: BR-03\n    says: s\n    index: [Customer]", 11, "a list stands where a mapping"),
        ("7", 9, "the number `7` stands where a mapping"),
    ],
)
def test_a_rule_that_is_none_leaves_the_others(
    project: Path, rule: str, place: int, message: str
) -> None:
    (project / RULEBOOK_PATH).write_text(f"{RULEBOOK}  - {rule}\n", "utf-8")
    read = _check(project)
    first = _told(read, "invalid-rulebook")[0]
    assert first[:2] == (RULEBOOK_PATH, place)
    assert message in first[3]
    assert [one["verdict"] for one in read["rules"]][:2] == ["broken", "kept"]


def test_every_fault_of_the_settings_is_told_in_one_run(project: Path) -> None:
    (project / "schemalint.yaml").write_text(
        "preset: strictt\n"
        "select: [money-as-flot]\n"
        "ignore: [undeclared-modl]\n"
        "severity: {redundnt-index: info}\n"
        "options:\n"
        "  money-as-float: {wurds: [a], wards: [b]}\n"
        "fail-on: never\n",
        "utf-8",
    )
    told = _told(_check(project), "invalid-settings")
    assert [place[1] for place in told] == [1, 2, 3, 4, 6, 6, 7]


def test_a_model_that_was_not_understood_makes_no_rule_stale_without_a_word(project: Path) -> None:
    schema = project / SCHEMA_PATH
    schema.write_text(
        schema.read_text("utf-8").replace("model Customer", "modle Customer"), "utf-8"
    )
    done = in_this_process(project, "check")
    assert done.returncode == 2
    assert "invalid-schema" in done.stdout
    assert "the schema could not be read whole" in " ".join(done.stdout.split())


def test_settings_that_are_no_table(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool]\nschemalint = 3\n", "utf-8")
    assert _told(_check(project), "invalid-settings") == [
        ("pyproject.toml", 2, 1, "`tool.schemalint` is no table")
    ]


def test_a_python_path_that_is_not_there(project: Path) -> None:
    """Bases and types that are there would be passed over without a word."""
    (project / "schemalint.yaml").write_text("python_path: [nowhere]\n", "utf-8")
    ((file, *_, said),) = _told(_check(project), "invalid-settings")
    assert (file, "there is no folder `nowhere`" in said) == ("nowhere", True)
    done = in_this_process(project, "check", "--python-path", "nowhere")
    assert (done.returncode, "'nowhere' does not exist" in done.stderr) == (2, True)
