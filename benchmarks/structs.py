"""What the AST's records cost, made of dataclasses, named tuples or msgspec structs.

    python benchmarks/structs.py

Prints, for each: importing what makes them, defining 40 classes of ten fields, and making
one instance. Each is measured in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys

FIELDS = "abcdefghij"
BODY = "\\n".join(f"    {field}: int = 0" for field in FIELDS)
SORTS = {
    "frozen dataclass, slots": (
        "from dataclasses import dataclass",
        "@dataclass(frozen=True, slots=True)\\nclass C{n}:\\n",
    ),
    "NamedTuple": ("from typing import NamedTuple", "class C{n}(NamedTuple):\\n"),
    "msgspec.Struct, frozen": (
        "import msgspec",
        "class C{n}(msgspec.Struct, frozen=True, gc=False):\\n",
    ),
}
PROGRAM = """
import gc, time
t0 = time.process_time()
{imports}
t1 = time.process_time()
for n in range(40):
    exec("{head}{body}".replace("{{n}}", str(n)))
t2 = time.process_time()
gc.disable()
kept = [C0(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) for _ in range(200_000)]
t3 = time.process_time()
print(f"{{(t1 - t0) * 1e3:>8.1f}} ms {{(t2 - t1) * 1e3 / 40:>8.2f}} ms "
      f"{{(t3 - t2) / 200_000 * 1e6:>8.2f}} us")
"""


def main() -> None:
    """Measure and print."""
    print(f"{'':<26} {'import':>11} {'a class':>11} {'an instance':>11}")
    for name, (imports, head) in SORTS.items():
        program = PROGRAM.format(imports=imports, head=head, body=BODY)
        done = subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True
        )
        print(f"{name:<26} {done.stdout.rstrip()}")


if __name__ == "__main__":
    main()
