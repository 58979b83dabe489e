"""What is at hand while the attributes of one model are visited."""

from __future__ import annotations

from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import ModelFacts, SchemaFacts


class Visit:
    """One model or view of a schema, and where problems go."""

    __slots__ = ("model", "report", "schema")

    def __init__(self, schema: SchemaFacts, report: Report, model: ModelFacts) -> None:
        self.schema = schema
        self.report = report
        self.model = model
