"""What texts a pattern matches; each was compared with PostgreSQL 15."""

from __future__ import annotations

import pytest

from schemalint.condition.characters import characters_of, is_in_one_case


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("^[a-c]+$", "abc"),
        ("^[a-c]+(?:-[a-c]+)*$", "abc-"),
        ("^(a|B){2,}$", "aB"),
        (r"^[a_.-]+@x\.\d{1,3}?$", "a_.-@x0"),
        ("^[[:digit:]]*$", "0"),
        ("^$", ""),
        ("[a-c]+", None),
        ("^[a-c]+", None),
        ("^a|b$", None),
        ("^(a|b)c|d$", None),
        ("^.$", None),
        (r"^\w$", None),
        ("^[^a]$", None),
        ("^[[:lower:]]$", None),
        ("^(?i)a$", None),
        ("^\u00e4$", None),
        ("^a$b$", None),
        ("^(a$", None),
        ("^(a|?)$", None),
    ],
)
def test_characters(pattern: str, characters: str | None) -> None:
    assert characters_of(pattern) == (None if characters is None else frozenset(characters))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("^[a-z0-9]+$", True), ("^[A-Z]{3}$", True), ("^[a-zA-Z]+$", False), ("^a.$", False)],
)
def test_one_case(pattern: str, expected: bool) -> None:
    assert is_in_one_case(pattern) is expected
