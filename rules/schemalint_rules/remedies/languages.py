"""In which language a place of the schema is written, and so what can mend it."""

from __future__ import annotations

from schemalint.model import Schema
from schemalint.source import Span


def in_prisma(schema: Schema, span: Span) -> bool:
    """Whether `span` is Prisma text: of a Prisma schema, and not of a migration read with it."""
    return schema.language == "prisma" and not span.file.path.endswith(".sql")
