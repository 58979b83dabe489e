"""Output arrives whole, as UTF-8, coloured where that was asked for, and atomically in a file."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, environment, schemalint


def _large(folder: Path, models: int) -> None:
    blocks = "".join(
        f"model M{number} {{\n  id Int @id\n  status String\n  priceOfThis Float\n}}\n"
        for number in range(models)
    )
    text = f'datasource db {{\n  provider = "postgresql"\n}}\n{blocks}'
    (folder / "schema.prisma").write_text(text)


@pytest.mark.slow
def test_ten_megabytes_arrive_whole_through_a_slow_pipe(tmp_path: Path) -> None:
    _large(tmp_path, 15_000)
    process = subprocess.Popen(
        [*COMMAND, "check", "--output-format", "json"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    time.sleep(2)
    parts: list[bytes] = []
    while part := os.read(process.stdout.fileno(), 1 << 20):
        parts.append(part)
        time.sleep(0.002)
    process.stdout.close()
    process.wait()
    data = b"".join(parts)
    assert len(data) > 10_000_000
    assert len(json.loads(data)["findings"]) >= 30_000


def test_a_pipe_that_does_not_block_takes_everything(tmp_path: Path) -> None:
    _large(tmp_path, 300)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    process = subprocess.Popen(
        [*COMMAND, "check", "--output-format", "json"],
        cwd=tmp_path,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    time.sleep(1)
    parts: list[bytes] = []
    while part := os.read(reading, 4096):
        parts.append(part)
    os.close(reading)
    _, errors = process.communicate()
    assert errors == b""
    assert len(b"".join(parts)) > 100_000
    json.loads(b"".join(parts))


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    _large(tmp_path, 300)
    process = subprocess.Popen(
        [*COMMAND, "check"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    os.read(process.stdout.fileno(), 100)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_told(project: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, "check"],
            cwd=project,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"Error: the output cannot be written: No space left on device\n"


def test_standard_output_can_be_named_as_a_file(project: Path) -> None:
    done = schemalint(project, "check", "--output-file", "/dev/stdout")
    assert "BR-01" in done.stdout


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text("model Größe日 {\n  id Int @id\n", "utf-8")
    done = schemalint(tmp_path, "check", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "model Größe日" in done.stdout


def test_colour_is_for_terminals_unless_forced(project: Path) -> None:
    def colored(*arguments: str, **variables: str) -> bool:
        return "\x1b[" in schemalint(project, "check", *arguments, **variables).stdout

    assert not colored()
    assert colored(FORCE_COLOR="1")
    assert not colored(FORCE_COLOR="0")
    assert not colored(FORCE_COLOR="1", NO_COLOR="1")
    assert not colored("--no-color", FORCE_COLOR="1")


def test_the_width_of_the_terminal_is_heeded(project: Path) -> None:
    narrow = schemalint(project, "check", COLUMNS="60").stdout
    wide = schemalint(project, "check", COLUMNS="110").stdout
    assert max(map(len, narrow.splitlines())) <= 60
    assert max(map(len, wide.splitlines())) > 80


def test_an_output_file_is_written_at_once(project: Path) -> None:
    target = project / "out" / "report.json"
    target.parent.mkdir()
    target.write_text("old")
    target.chmod(0o640)
    arguments = ["check", "--output-format", "json", "--output-file", "out/report.json"]
    done = schemalint(project, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads(target.read_text("utf-8"))["version"] == 1
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["report.json"]


def test_an_output_file_that_cannot_be_written_is_told(project: Path) -> None:
    done = schemalint(project, "check", "--output-file", "gone/report.txt")
    assert done.returncode == 2
    assert "gone/report.txt" in done.stderr


def test_a_file_is_never_coloured(project: Path) -> None:
    schemalint(project, "check", "--output-file", "out.txt", FORCE_COLOR="1")
    assert "\x1b" not in (project / "out.txt").read_text("utf-8")


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github", "gitlab", "junit"])
def test_every_format_tells_what_could_not_be_read(project: Path, form: str) -> None:
    (project / "prisma" / "schema.prisma").write_bytes(b"model A {\n  id Int @id // \xff\n}\n")
    done = schemalint(project, "check", "--output-format", form)
    assert done.returncode == 2
    assert "not UTF-8" in done.stdout


def test_verbose_tells_what_was_read_on_standard_error(kept: Path) -> None:
    done = schemalint(kept, "check", "--verbose")
    assert done.stderr == "rulebook: business_rules.yaml\n"
    assert "BR-01  kept  unique    Customer.email" in done.stdout


def test_quiet_says_nothing_when_there_is_nothing(kept: Path) -> None:
    assert schemalint(kept, "check", "--quiet").stdout == ""


@pytest.mark.parametrize("arguments", ["check", "ast", "rules", "explain unique", "schema"])
def test_closed_standard_output_is_told(project: Path, arguments: str) -> None:
    command = f"{shlex.join(COMMAND)} {arguments} >&-"
    done = subprocess.run(
        command, shell=True, cwd=project, env=environment(), stderr=subprocess.PIPE, check=False
    )
    assert done.returncode == 2
    told = b"Error: the output cannot be written: standard output is closed\n"
    assert done.stderr.endswith(told)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("check 2>&-", 1, ""),
        ("check >&- 2>&-", 2, ""),
        ("check --output-file out.txt >&-", 1, ""),
        ("check <&-", 1, ""),
        ("check --stdin-filename a.prisma <&-", 2, "standard input is closed"),
    ],
)
def test_other_closed_streams(project: Path, command: str, code: int, said: str) -> None:
    done = subprocess.run(
        f"{shlex.join(COMMAND)} {command}",
        shell=True,
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"rmdir {shlex.quote(str(gone))} && {shlex.join(COMMAND)} check"
    done = subprocess.run(
        command,
        shell=True,
        cwd=gone,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "the working folder cannot be read" in done.stderr
