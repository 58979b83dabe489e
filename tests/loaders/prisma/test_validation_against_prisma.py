"""Schemas with small mistakes: what we say of them against what the official parser says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.source import SourceFile
from tests.loaders.prisma.mutating import mutated
from tests.oracle.prisma_oracle import lint
from tests.oracle.schemas import real_schemas
from tests.shared_material import shared

pytestmark = [pytest.mark.oracle, pytest.mark.corpus]

SCHEMAS = 1500
SEED = 20251122


def _cases() -> list[str]:
    """What the official parser accepts of its own tests."""
    lines = shared("corpus", "prisma-validation.jsonl").read_text(encoding="utf-8").splitlines()
    return [case["schema"] for case in map(json.loads, lines) if case["accepted"]]


def _published() -> list[str]:
    """The smaller schemas of published packages, of one file each."""
    texts = [text for files in real_schemas().values() for text in files.values()]
    return [text for text in texts if len(text) < 5000 and "datasource" in text]


def _mutations(originals: list[str]) -> dict[str, str]:
    random = Random(SEED)
    texts = {}
    for number in range(SCHEMAS):
        text = random.choice(originals)
        for _ in range(random.choice((1, 1, 2))):
            text = mutated(text, random)
        texts[str(number)] = text
    return texts


def _lines(text: str) -> list[int]:
    loaded = PrismaLoader().load([SourceFile("schema.prisma", text)])
    return sorted({one.span.place.line for one in loaded.problems if not one.warning})


@pytest.mark.parametrize("originals", [_cases, _published])
def test_mutated_schemas(
    originals: Callable[[], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    texts = _mutations(originals())
    official = lint(texts)
    counts: Counter[str] = Counter()
    invented: dict[str, list[int]] = {}
    for name, text in texts.items():
        theirs = sorted({one["line"] for one in official[name] if not one["warning"]})
        ours = _lines(text)
        if ours and not theirs:
            invented[text] = ours
        if bool(ours) != bool(theirs):
            counts["invented" if ours else "missed"] += 1
        elif ours == theirs:
            counts["same lines" if ours else "both accept"] += 1
        else:
            counts["other lines"] += 1
    with capsys.disabled():
        print(f"\n{SCHEMAS} schemas with small mistakes: {dict(counts)}")
    assert invented == {}
    agreed = counts["same lines"] + counts["both accept"]
    assert counts["missed"] <= SCHEMAS // 200
    assert agreed >= SCHEMAS * 0.97
