"""How long it takes to carry a rulebook of 30 rules out on a schema of 15 models.

    python benchmarks/prove.py [-n RUNS] [--dialect sqlite|postgresql]

Whole processes, in turn: `schemalint check`, which only reads, and `schemalint prove`, which builds
the schema in a throwaway database and attacks every rule there; for PostgreSQL the embedded server,
its start included (`pip install 'schemalint[postgres]'`). Wall seconds, medians, and their ratio.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import generate
from rules_for_generated import rulebook

_MODELS, _RULES = 15, 30


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description="Time proofs against reading alone.")
    arguments.add_argument("-n", type=int, default=5, help="runs of each command")
    arguments.add_argument("--dialect", choices=["sqlite", "postgresql"], action="append")
    given = arguments.parse_args()
    for dialect in given.dialect or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), dialect, given.n)


def _measure(folder: Path, dialect: str, runs: int) -> None:
    schema = generate(_MODELS)
    if dialect == "sqlite":  # which has neither native types nor lists
        schema = schema.replace('"postgresql"', '"sqlite"')
        schema = re.sub(r" @db\.\w+(\(.*?\))?|^.*\bString\[\] *$\n", "", schema, flags=re.MULTILINE)
    (folder / "schema.prisma").write_text(schema, "utf-8")
    (folder / "business_rules.yaml").write_text(rulebook(schema, _RULES), "utf-8")
    commands = {
        "check": ["check", "--preset", "none", "schema.prisma"],
        "prove": ["prove", "schema.prisma"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, arguments in commands.items():
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "schemalint", *arguments],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode not in (0, 1):
                sys.exit(f"{name} failed:\n{(done.stdout + done.stderr)[-2000:]}")
            if number:  # the first run of each warms up
                seconds[name].append(time.perf_counter() - began)
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    ratio = medians["prove"] / medians["check"]
    told = ", ".join(f"{name} {median:.2f} s" for name, median in medians.items())
    print(f"{dialect}: {_RULES} rules, {_MODELS} models: {told}, {ratio:.1f} times")


if __name__ == "__main__":
    main()
