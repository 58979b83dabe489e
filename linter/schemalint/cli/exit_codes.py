"""What the end of a command means to a shell."""

from __future__ import annotations

OK = 0
"""Everything was read, every rule is decided and kept."""

FINDINGS = 1
"""There are findings that weigh as much as `--fail-on`."""

UNREADABLE = 2
"""Usage, or something cannot be read: the run is not complete."""

INTERNAL = 3
"""A fault of this program."""

INTERRUPTED = 130
"""As a shell has it: 128 and the number of the signal."""
