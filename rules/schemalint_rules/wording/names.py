"""The words that a name is made of, for rules that look at what a field is called."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, lower case: `unitPrice` and `UNIT_PRICE` give ("unit", "price")."""
    return tuple([word.lower() for word in _WORD.findall(name)])
