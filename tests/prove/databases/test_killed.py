"""A run that is killed, at whatever moment, leaves nothing on the server."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.prove.servers import (
    MARIADB_URL,
    POSTGRESQL,
    left_on_mariadb,
    left_on_postgresql,
    mariadb,
    postgresql,
)

pytestmark = [pytest.mark.server, pytest.mark.slow]

KILLED = 50
WAIT = 120.0  # seconds, far more than a janitor needs, also on a busy machine

# What a run is made of: opened, built, attacked, closed, and again.
RUN = """
import secrets, signal, sys
# Who is started in the background begins with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
real = secrets.token_hex
secrets.token_hex = lambda size: sys.argv[1] + real(3)
from schemalint.model import Dialect
from schemalint.prove.databases.opening import opened
while True:
    with opened(sys.argv[2], Dialect(sys.argv[3])) as database:
        for clock in (False, True):
            database.build(["CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)"])
            with database.attempt(clock=clock) as attempt:
                attempt.run("INSERT INTO a VALUES (2)")
                attempt.run("INSERT INTO a VALUES (2)")
"""
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Where the tests are run in the background they ignore SIGINT, and so would a child until it
    says otherwise: an interrupt before that would be lost."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _until_something_is_made(command: list[str], left: Callable[[], list[str]]) -> float:
    """The seconds that a run needs here and now, before it has made the first thing."""
    before = time.monotonic()
    with subprocess.Popen(command) as run:
        while not left() and time.monotonic() < before + WAIT:
            time.sleep(0.01)
        run.kill()
    return time.monotonic() - before


def _ended(run: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send a signal, and again if need be: while Python itself starts up, it can lose an interrupt
    without a word. Gives what the run said."""
    for wait in (WAIT / 6, WAIT):
        run.send_signal(number)
        try:
            return run.communicate(timeout=wait)[1]
        except subprocess.TimeoutExpired:
            continue
    run.kill()
    raise AssertionError(f"{number.name} did not end the run: {run.communicate()[1]}")


def _killed(address: str, dialect: str, left: Callable[[str], list[str]]) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")  # shown if the test fails
    drawn = random.Random(seed)
    mark = f"{drawn.randrange(16**8):08x}"
    command = [sys.executable, "-c", RUN, mark, address, dialect]
    longest = 3 * _until_something_is_made(command, lambda: left(mark))
    seen = 0
    for number in range(KILLED):
        run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        time.sleep(drawn.uniform(0, longest))
        seen += bool(left(mark))
        said = _ended(run, SIGNALS[number % len(SIGNALS)])
        assert run.returncode != 1 or "KeyboardInterrupt" in said, said
    until = time.monotonic() + WAIT
    while left(mark) and time.monotonic() < until:
        time.sleep(0.1)
    assert left(mark) == []
    # Or the runs were killed before they had made anything.
    assert seen > KILLED // 5


def test_on_postgresql() -> None:
    with postgresql() as admin:
        _killed(
            POSTGRESQL,
            "postgresql",
            lambda mark: left_on_postgresql(admin, f"schemalint_{mark}"),
        )


# A statement under way, which the server goes on with when its client is gone.
BUSY = """
import secrets, sys
real = secrets.token_hex
secrets.token_hex = lambda size: sys.argv[1] + real(3)
from schemalint.prove.databases.{module} import {database}
database = {database}(sys.argv[2], seconds=600.0)
database.build(["CREATE TABLE a (id int PRIMARY KEY)"])
with database.attempt() as attempt:
    attempt.run("INSERT INTO a VALUES (1)")
    print("busy", flush=True)
    attempt.run("SELECT {sleep}(600)")
"""


def _killed_while_busy(run: str, address: str, left: Callable[[str], list[str]]) -> None:
    mark = f"{random.randrange(16**8):08x}"
    with subprocess.Popen(
        [sys.executable, "-c", run, mark, address], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"busy\n"
        time.sleep(0.5)
        assert left(mark)
        process.kill()
    until = time.monotonic() + WAIT
    while left(mark) and time.monotonic() < until:
        time.sleep(0.1)
    assert left(mark) == []


def test_busy_on_postgresql() -> None:
    run = BUSY.format(module="postgresql", database="Postgresql", sleep="pg_sleep")
    with postgresql() as admin:
        _killed_while_busy(
            run, POSTGRESQL, lambda mark: left_on_postgresql(admin, f"schemalint_{mark}")
        )


def test_busy_on_mariadb() -> None:
    run = BUSY.format(module="mysql", database="Mysql", sleep="SLEEP")
    with mariadb() as admin:
        _killed_while_busy(
            run, MARIADB_URL, lambda mark: left_on_mariadb(admin, f"schemalint_{mark}")
        )


def test_on_mariadb() -> None:
    with mariadb() as admin:
        _killed(MARIADB_URL, "mariadb", lambda mark: left_on_mariadb(admin, f"schemalint_{mark}"))
