"""A run that is killed, at whatever moment, leaves nothing on the server."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.prove.servers import (
    MARIADB,
    POSTGRESQL,
    left_on_mariadb,
    left_on_postgresql,
    mariadb,
    postgresql,
)

pytestmark = [pytest.mark.server, pytest.mark.slow]

KILLED = 50
LONGEST = 1.5  # seconds that a run gets; one needs about as long to do everything once
WAIT = 30.0  # seconds, far more than a janitor needs

# What a run is made of: opened, built, attacked, closed, and again.
RUN = """
import secrets, sys
real = secrets.token_hex
secrets.token_hex = lambda size: sys.argv[1] + real(3)
from schemalint.model import Dialect
from schemalint.prove.opening import opened
while True:
    with opened(sys.argv[2], Dialect(sys.argv[3])) as database:
        for clock in (False, True):
            database.build(["CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)"])
            with database.attempt(clock=clock) as attempt:
                attempt.run("INSERT INTO a VALUES (2)")
                attempt.run("INSERT INTO a VALUES (2)")
"""
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)


def _killed(address: str, dialect: str, left: Callable[[str], list[str]], tmp_path: Path) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")  # shown if the test fails
    drawn = random.Random(seed)
    mark = f"{drawn.randrange(16**8):08x}"
    seen = 0
    for number in range(KILLED):
        run = subprocess.Popen(
            [sys.executable, "-c", RUN, mark, address, dialect], stderr=subprocess.PIPE, text=True
        )
        time.sleep(drawn.uniform(0, LONGEST))
        seen += bool(left(mark))
        run.send_signal(SIGNALS[number % len(SIGNALS)])
        _, said = run.communicate(timeout=WAIT)
        assert run.returncode != 1 or "KeyboardInterrupt" in said, said
    until = time.monotonic() + WAIT
    while left(mark) and time.monotonic() < until:
        time.sleep(0.1)
    assert left(mark) == []
    # Or the runs were killed before they had made anything.
    assert seen > KILLED // 5


def test_on_postgresql(tmp_path: Path) -> None:
    with postgresql() as admin:
        _killed(
            POSTGRESQL,
            "postgresql",
            lambda mark: left_on_postgresql(admin, f"schemalint_{mark}"),
            tmp_path,
        )


def test_on_mariadb(tmp_path: Path) -> None:
    address = "mysql://{user}:{password}@{host}".format(**MARIADB)
    with mariadb() as admin:
        _killed(
            address, "mariadb", lambda mark: left_on_mariadb(admin, f"schemalint_{mark}"), tmp_path
        )
