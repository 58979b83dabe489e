"""What an import costs: CPU time of whole interpreter processes, as ratios to a bare one.

    python benchmarks/imports.py [-n RUNS]

Each module is imported in a process of its own, in turn with a bare interpreter, so that a
machine whose speed drifts does not favour either. Prints medians of the ratios.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys

CANDIDATES = (
    "click",
    "yaml",
    "click, yaml",
    "click, yaml, msgspec",
    "click, yaml, dataclasses",
    "click, yaml, msgspec, importlib.metadata",
    "click, yaml, msgspec, json",
    "rich.console",
    "sqlglot",
)


def cpu_seconds(statement: str) -> float:
    """User and system time of one process that runs `statement`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=15, help="runs of each (default 15)")
    runs = parser.parse_args().n
    print(f"{'import':<44} {'x bare':>7} {'ms':>7}")
    for modules in CANDIDATES:
        bare, loaded = [], []
        for _ in range(runs):
            bare.append(cpu_seconds("pass"))
            loaded.append(cpu_seconds(f"import {modules}"))
        ratio = statistics.median(loaded) / statistics.median(bare)
        print(f"{modules:<44} {ratio:>7.1f} {statistics.median(loaded) * 1000:>7.0f}")


if __name__ == "__main__":
    main()
