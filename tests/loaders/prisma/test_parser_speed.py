"""The parser takes time in proportion to the text, sound or hostile."""

from __future__ import annotations

import gc
import time

import pytest
from benchmarks.generate import generate

from schemalint.loaders.prisma.parser import parse
from schemalint.source import SourceFile

# Sixteen times the text may take this many times as long. Quadratic work would take 256 times;
# a busy machine with cold caches has been seen to take 33 times for linear work.
ROOM = 80.0


def _seconds(text: str) -> float:
    """The best of three, as `check` runs: without the garbage collector."""
    best = float("inf")
    gc.disable()
    try:
        for _ in range(3):
            started = time.process_time()
            parse(SourceFile("schema.prisma", text))
            best = min(best, time.process_time() - started)
    finally:
        gc.enable()
    return best


@pytest.mark.parametrize(
    ("before", "repeated", "after"),
    [
        ("", "foo {\n", "model A {\n}\n"),
        ("", "foo {\n", ""),
        ("", "model A {\n", ""),
        ("", "/*\n", ""),
        ("model A {\n", "  /*\n", "}\n"),
        ("model A {\n", '  a B @c("\\\n', "}\n"),
        ("model A {\n", "  a B {\n", "}\n"),
        ("model A {\n  a B @c(", "[", ")\n}\n"),
        ("model A {\n  a B @c(", "a.", ")\n}\n"),
        ("model A {\n  a B ", "@a ", "!\n}\n"),
        ("model A {\n  a B @c(", "1, ", "!\n}\n"),
        ("enum E {\n", "  a b\n", ""),
    ],
)
def test_hostile_text_takes_linear_time(before: str, repeated: str, after: str) -> None:
    few, many = 500, 8000
    small = _seconds(before + repeated * few + after)
    assert _seconds(before + repeated * many + after) < max(small, 0.002) * ROOM


def test_generated_schemas_have_the_promised_size() -> None:
    models = 200
    text = generate(models)
    assert text == generate(models)
    document = parse(SourceFile("schema.prisma", text))
    assert document.problems == ()
    blocks = [block for block in document.blocks if block.keyword == "model"]
    fields = [field for block in blocks for field in block.fields]
    attributes = sum(len(field.attributes) for field in fields)
    attributes += sum(len(block.attributes) for block in blocks)
    assert len(blocks) == models
    assert len(text) / models == pytest.approx(965, rel=0.03)
    assert len(fields) / models == pytest.approx(14.5, rel=0.01)
    assert attributes / models == pytest.approx(18.5, rel=0.01)


def test_findings_are_left_out_indexes() -> None:
    without, with_findings = generate(20), generate(20, findings=True)
    assert without.count("@@index([parentId])") == 20
    assert with_findings == without.replace("  @@index([parentId])\n", "")
