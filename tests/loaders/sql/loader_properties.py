"""What holds of every schema that is loaded from SQL, whatever the text; and texts to try it on."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Model
from schemalint.source import SourceFile, Span

SCRIPTS = Path(__file__).parent / "scripts"
DIALECTS = (
    Dialect.POSTGRESQL,
    Dialect.MARIADB,
    Dialect.SQLITE,
    Dialect.MYSQL,
    Dialect.SQLSERVER,
    None,
)


def check(text: str, dialect: Dialect | None) -> Loaded:
    """Load `text`; everything that rules rely on holds of what comes out."""
    file = SourceFile("schema.sql", text)
    loaded = SqlLoader().load([file], dialect=dialect)
    for problem in loaded.problems:
        _span(problem.span, file)
        assert problem.message
    names = [model.name for model in loaded.schema.models]
    assert len(names) == len(set(names))
    for model in loaded.schema.models:
        _model(model, file)
    enums = {enum.name for enum in loaded.schema.enums}
    for model in loaded.schema.models:
        assert {field.enum for field in model.fields if field.enum} <= enums
    for opaque in loaded.schema.opaque:
        _span(opaque.span, file)
        assert opaque.reason
    return loaded


def _model(model: Model, file: SourceFile) -> None:
    columns = {field.column for field in model.fields}
    assert len(columns) == len(model.fields)
    for key in (*model.keys, *model.indexes):
        assert set(key.columns) <= columns, (model.name, key.name)
        assert key.parts
        _span(key.span, file)
    for foreign_key in model.foreign_keys:
        assert set(foreign_key.columns) <= columns
        assert len(foreign_key.columns) == len(foreign_key.references) or (
            not foreign_key.references
        )
        _span(foreign_key.span, file)
    for field in model.fields:
        for span in (field.span, field.name_span, field.type_span, field.nullable_span):
            if span is not None:
                _span(span, file)
    for check_ in model.checks:
        _span(check_.span, file)
    for trigger in model.triggers:
        _span(trigger.span, file)


def _span(span: Span, file: SourceFile) -> None:
    assert span.file.path == file.path  # MySQL files for ANSI_QUOTES are read in another spelling
    assert 0 <= span.start <= span.end <= len(file.text)


def statements() -> list[str]:
    """Statements of all dialects, to be mixed: those of the scripts beside this module."""
    found: list[str] = []
    for path in sorted(SCRIPTS.rglob("*.sql")):
        found += path.read_text(encoding="utf-8").split(";\n")
    return [one for one in found if one.strip()]


def mixed(pool: list[str], seed: int) -> tuple[str, Dialect | None]:
    """Statements in any order, some with words dropped, doubled, swapped or replaced."""
    random = Random(seed)
    taken = [random.choice(pool) for _ in range(random.randint(3, 25))]
    for at, statement in enumerate(taken):
        if random.random() < 0.5:
            taken[at] = _damaged(statement, random)
    return ";\n".join(taken) + ";", random.choice(DIALECTS)


def _damaged(statement: str, random: Random) -> str:
    words = re.findall(r"\s+|\w+|[^\w\s]", statement)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(words))
        kind = random.random()
        if kind < 0.3:
            del words[at]
        elif kind < 0.5:
            words.insert(at, words[at])
        elif kind < 0.7:
            other = random.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        else:
            words[at] = random.choice(("t", "a", "(", ")", ",", "'", '"', "`", "$$", "NOT", "id"))
        if not words:
            return ""
    return "".join(words)
