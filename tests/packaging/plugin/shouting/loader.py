"""A language of its own: one table name a line."""

from collections.abc import Sequence

from schemalint.loaders.loaded import Loaded
from schemalint.model import Dialect, Model, Schema
from schemalint.source import SourceFile, Span


class TablesLoader:
    """Reads `*.tables` files."""

    language = "tables"

    def load(self, files: Sequence[SourceFile], *, dialect: Dialect | None = None) -> Loaded:
        models = []
        for file in files:
            start = 0
            for line in file.text.splitlines(keepends=True):
                span = Span(file, start, start + len(line.rstrip()))
                models.append(Model(line.strip(), line.strip().lower(), span, span))
                start += len(line)
        schema = Schema(tuple(files), "tables", dialect or Dialect.SQLITE, tuple(models))
        return Loaded(schema)
