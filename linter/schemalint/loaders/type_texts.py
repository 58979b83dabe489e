"""How PostgreSQL spells a type that this project has no word for: one text for each type."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'("[^"]*"?)')


def folded(text: str) -> str:
    """`text` in lower case, as PostgreSQL reads it, save what stands in double quotes."""
    return "".join(part if part.startswith('"') else part.lower() for part in _QUOTED.split(text))
