"""What holds for all modules that the loader of models is given."""

from __future__ import annotations

import re
import time
import warnings
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from schemalint.ast_json import document
from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect, Model
from schemalint.source import Span
from tests.loaders.sqlmodel.evaluation.against_python import Files

# Far more than any small project takes: only a hang or a quadratic step exceeds it.
LONGEST = 8.0


def assert_loads(texts: Mapping[str, str], dialect: Dialect | None = None) -> Loaded:
    """Load these files and check what must hold whatever they say."""
    started = time.process_time()
    loaded = _load(texts, dialect)
    assert time.process_time() - started < LONGEST
    again = _load(texts, dialect)
    assert document([loaded.schema]) == document([again.schema])
    assert [_told(one) for one in loaded.problems] == [_told(one) for one in again.problems]
    for span in _spans(loaded.schema):
        _inside(span, texts)
    for problem in loaded.problems:
        assert problem.message
        _inside(problem.span, texts)
    for opaque in loaded.schema.opaque:
        assert opaque.reason
    classes = Counter(model.name_span.text for model in loaded.schema.models)
    for model in loaded.schema.models:
        _named(model, once=classes[model.name_span.text] == 1)
    return loaded


def _load(texts: Mapping[str, str], dialect: Dialect | None) -> Loaded:
    sources = Files(texts)
    sources.mentioning = lambda *words: []  # type: ignore[attr-defined]  # of the protocol
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return SqlModelLoader().load(
            list(sources.files.values()),
            dialect=dialect,
            sources=sources,  # type: ignore[arg-type]  # as much of it as loading asks for
        )


def _told(problem: Any) -> tuple[str, str, int, int]:
    return problem.message, problem.span.file.path, problem.span.start, problem.span.end


def _spans(value: Any) -> list[Span]:
    """Every span of a schema, its files left out."""
    found: list[Span] = []
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Span):
            found.append(one)
        elif isinstance(one, tuple | frozenset):
            stack += one
        elif isinstance(one, msgspec.Struct):
            stack += [
                getattr(one, name) for name in one.__struct_fields__ if name not in ("files",)
            ]
    return found


def _inside(span: Span, texts: Mapping[str, str]) -> None:
    assert span.file.path in texts
    assert 0 <= span.start <= span.end <= len(span.file.text)
    assert span.file.text == texts[span.file.path]


# A name as it is, or a text without escapes.
_PLAIN = re.compile(r"""\w*|class \w+|"[^"\\]*"|'[^'\\]*'""")


def _named(model: Model, *, once: bool) -> None:
    """A model's place shows its class or its table, a field's the attribute or the column. A name
    may be worked out, from an f-string or in the call that makes the class or the table; of two
    classes of one name (not `once`), each is called like its table."""
    text = model.name_span.text
    shown = model.name in text or model.table in text or not once
    assert shown or not _PLAIN.fullmatch(text), (model.name, text)
    columns = {field.column for field in model.fields}
    for field in model.fields:
        written = field.name_span.text
        shown = field.name in written or field.column in written
        assert shown or not _PLAIN.fullmatch(written), (model.name, field.name, written)
    for key in (*model.keys, *model.indexes):
        assert set(key.columns) <= columns
        assert key.parts
