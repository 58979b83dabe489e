"""What holds for every text that the Prisma loader is given, and texts that reach deep into it."""

from __future__ import annotations

import re
import time
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect, Model, Schema
from schemalint.source import SourceFile
from tests.fuzz.prisma_properties import spans

FIXTURES = Path(__file__).parent.parent / "oracle" / "fixtures"
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob("*.prisma"))]
DIALECTS = st.sampled_from([None, *Dialect])

# Far more than any small schema takes: only a hang or a quadratic step exceeds it.
LONGEST = 5.0
_WORD = re.compile(r'"[^"\n]*"|[\w.]+|[@?\[\](){}:,=]+')


def rearranged(seed: int) -> str:
    """A sound schema with lines dropped, repeated and moved, and words put in others' places.

    So names still resolve, but to models, fields and values that they were not meant for.
    """
    random = Random(seed)
    lines = random.choice(SOURCES).split("\n")
    words = _WORD.findall("\n".join(lines))
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(lines))
        other = random.randrange(len(lines))
        match random.choice(["drop", "repeat", "move", "word", "word", "word"]):
            case "drop":
                lines[at] = ""
            case "repeat":
                lines.insert(other, lines[at])
            case "move":
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                found = list(_WORD.finditer(lines[at]))
                if found:
                    place = random.choice(found)
                    word = random.choice(words)
                    lines[at] = lines[at][: place.start()] + word + lines[at][place.end() :]
    return "\n".join(lines)


REARRANGED = st.integers(0, 2**64 - 1).map(rearranged)


def assert_loads(text: str, dialect: Dialect | None = None) -> Loaded:
    """Load `text` and check what must hold whatever it is."""
    file = SourceFile("schema.prisma", text)
    started = time.process_time()
    loaded = PrismaLoader().load([file], dialect=dialect)
    assert time.process_time() - started < LONGEST
    for span in spans((loaded.schema, loaded.problems)):
        assert span.file is file
        assert 0 <= span.start <= span.end <= len(text)
    starts = [problem.span.start for problem in loaded.problems]
    assert starts == sorted(starts)
    assert_coherent(loaded.schema)
    return loaded


def assert_coherent(schema: Schema) -> None:
    """Whatever a schema refers to, it has: columns of keys, models, enums of fields."""
    models = {model.name: model for model in schema.models}
    enums = {enum.name for enum in schema.enums}
    # Of very long names, those of two join tables can begin alike: only that much is left of them.
    written = [model for model in schema.models if model.kind != "join"]
    assert len({model.name for model in written}) == len(written)
    for model in schema.models:
        columns = {field.column for field in model.fields}
        keyed = [*model.keys, *model.indexes]
        for one in keyed:
            assert one.parts
            assert set(one.columns) <= columns
        for key in model.foreign_keys:
            target = models[key.model]
            assert set(key.columns) <= columns
            assert set(key.references) <= {field.column for field in target.fields}
            assert len(key.columns) == len(key.references) > 0
            assert key.table == target.table
        for field in model.fields:
            assert field.enum is None or field.enum in enums
            assert field.composite is None or models[field.composite].kind == "type"
        assert_relations(model, models)


def assert_relations(model: Model, models: dict[str, Model]) -> None:
    """Both ends of each relation know each other, and its join table exists."""
    tables = {one.table for one in models.values() if one.kind == "join"}
    columns = {field.column for field in model.fields}
    for relation in model.relations:
        assert set(relation.columns) <= columns
        assert relation.through is None or relation.through in tables
        target = models[relation.model]
        if relation.back is not None:
            back = target.relation(relation.back)
            assert back is not None
            assert (back.model, back.back) == (model.name, relation.name)
