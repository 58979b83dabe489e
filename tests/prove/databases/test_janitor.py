"""The janitor itself, without a server."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path

import msgspec
import pytest

from schemalint.prove.databases import janitor
from schemalint.prove.databases.janitor import Janitor, JanitorError
from schemalint.prove.databases.leftovers import Leftover, MysqlLeftover, PostgresqlLeftover

ONE = PostgresqlLeftover("host=127.0.0.1 password=secret", "schemalint_a")
OTHER = MysqlLeftover({"host": "127.0.0.1", "password": "secret"}, "schemalint_b", "localhost")


def _line(message: msgspec.Struct) -> bytes:
    return msgspec.json.encode(message) + b"\n"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (b"", []),
        (_line(ONE), [ONE]),
        (_line(ONE) + _line(OTHER), [ONE, OTHER]),
        (_line(ONE) + _line(janitor._Forget()), []),
        (_line(ONE) + _line(janitor._Forget()) + _line(OTHER), [OTHER]),
        # The run was killed as it wrote, so before it made anything.
        (_line(ONE)[:-9], []),
    ],
)
def test_what_is_left(said: bytes, left: list[Leftover]) -> None:
    assert janitor._read(io.BytesIO(said)) == left


def test_nothing_is_said_where_others_can_read_it() -> None:
    """Passwords go through the pipe; and the child imports nothing of the folder it is in."""
    made = Janitor()
    try:
        proc = Path(f"/proc/{made._process.pid}")
        if not proc.exists():
            pytest.skip("no /proc on this system")
        made.expect(ONE)
        assert b"secret" not in (proc / "cmdline").read_bytes() + (proc / "environ").read_bytes()
        assert b"-P" in (proc / "cmdline").read_bytes()
        made.forget()
    finally:
        made.close()


def test_signals_to_the_run_do_not_reach_it() -> None:
    made = Janitor()
    try:
        assert os.getsid(made._process.pid) != os.getsid(0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            made._process.send_signal(number)
        made.forget()
        assert made._process.poll() is None
    finally:
        made.close()
    assert made._process.returncode == 0


def test_it_is_gone() -> None:
    made = Janitor()
    made._process.kill()
    made._process.wait()
    with pytest.raises(JanitorError, match="gone"):
        made.expect(ONE)
    made.close()


def test_it_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(JanitorError):
        Janitor()
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(JanitorError, match="does not start"):
        Janitor()
