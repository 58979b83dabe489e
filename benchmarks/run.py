"""Speed and memory beside the peers, on generated schemas.

    python benchmarks/run.py [--models 10,100,1000,10000] [-n RUNS] [--findings] [--alone]

Needs Node and npm for the peers (installed into benchmarks/node/ on first use): prisma-lint and
Prisma's own validator. Runs the commands in turn, so that a machine whose speed drifts favours
none, and prints the medians of CPU (user and system) seconds, wall seconds and peak memory of
whole processes, with schemalint's ratio to prisma-lint. schemalint runs its default preset and
a rulebook of 20 rules; prisma-lint ten of its 18 rules. With --findings each model has a fault
that both report.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from generate import generate
from rules_for_generated import rulebook

HERE = Path(__file__).resolve().parent
NODE = HERE / "node"
PEER_RULES = {
    "enum-name-pascal-case": ["error"],
    "enum-value-case": ["error", {"style": "snake", "case": "upper"}],
    "field-name-camel-case": ["error"],
    "forbid-field": ["error", {"forbid": ["grandTotal"]}],
    "forbid-required-ignored-field": ["error"],
    "model-name-grammatical-number": ["error", {"style": "singular"}],
    "model-name-pascal-case": ["error"],
    "require-field": ["error", {"require": ["id"]}],
    "require-field-index": ["error", {"forAllRelations": True}],
    "require-field-type": ["error", {"require": [{"ifName": "id", "type": "String"}]}],
}


class Measured(NamedTuple):
    """One run of a whole process: seconds of CPU and of wall time, peak memory in MiB."""

    cpu: float
    wall: float
    peak: float
    status: int
    printed: int


def measure(command: list[str], folder: Path) -> Measured:
    """Run `command` in `folder`, its output going to a file."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        printed = output.seek(0, 2)
    peak = usage.ru_maxrss / 1024
    cpu = usage.ru_utime + usage.ru_stime
    return Measured(cpu, wall, peak, process.returncode, printed)


def install_peers() -> None:
    """Install the peers into benchmarks/node/, once."""
    if (NODE / "node_modules").exists():
        return
    NODE.mkdir(exist_ok=True)
    shutil.copy(HERE / "package.json", NODE)
    subprocess.run(["npm", "install", "--silent"], cwd=NODE, check=True)


def commands(alone: bool) -> dict[str, list[str]]:
    """The commands that are compared, by name; schemalint's only if `alone`."""
    schemalint = str(Path(sys.executable).with_name("schemalint"))
    own = {"schemalint": [schemalint, "check", "schema.prisma"]}
    if alone:
        return own
    return {
        **own,
        "prisma-lint": [
            "node",
            str(NODE / "node_modules/prisma-lint/dist/cli.js"),
            "schema.prisma",
        ],
        "prisma validate": ["node", str(HERE / "validate.mjs"), "schema.prisma"],
    }


def compare(models: int, runs: int, findings: bool, alone: bool) -> dict[str, Measured]:
    """The medians of `runs` runs of each command on one generated schema."""
    results: dict[str, list[Measured]] = {name: [] for name in commands(alone)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        schema = generate(models, findings=findings)
        (folder / "schema.prisma").write_text(schema, "utf-8")
        (folder / "business_rules.yaml").write_text(rulebook(schema), "utf-8")
        (folder / ".prismalintrc.json").write_text(json.dumps({"rules": PEER_RULES}))
        for _ in range(runs + 1):  # the first run of each warms the caches and does not count
            for command, line in commands(alone).items():
                results[command].append(measure(line, folder))
    return {
        command: Measured(*(statistics.median(column) for column in zip(*taken[1:], strict=True)))
        for command, taken in results.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", default="10,100,1000,10000")
    parser.add_argument("-n", type=int, default=5, help="counted runs of each (default 5)")
    parser.add_argument("--findings", action="store_true", help="one fault in each model")
    parser.add_argument("--alone", action="store_true", help="schemalint only, without the peers")
    arguments = parser.parse_args()
    if not arguments.alone:
        install_peers()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(
        f"{'models':>7} {'command':<16} {'CPU s':>7} {'wall s':>7} {'MiB':>6} {'exit':>4} "
        f"{'bytes out':>10}  CPU, memory against prisma-lint"
    )
    for models in map(int, arguments.models.split(",")):
        medians = compare(models, arguments.n, arguments.findings, arguments.alone)
        peer = medians.get("prisma-lint", medians["schemalint"])
        for command, one in medians.items():
            ratio = f"{one.cpu / peer.cpu:.2f}, {one.peak / peer.peak:.2f}"
            print(
                f"{models:>7} {command:<16} {one.cpu:>7.2f} {one.wall:>7.2f} {one.peak:>6.0f} "
                f"{one.status:>4.0f} {one.printed:>10.0f}  {ratio}"
            )
        own = medians["schemalint"]
        print(f"{'':>7} {'a model':<16} {own.cpu / models * 1000:>7.2f} ms of CPU")


if __name__ == "__main__":
    main()
