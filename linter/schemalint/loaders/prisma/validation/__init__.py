"""What the official validator rejects beyond syntax, found without it.

Two passes, as officially: `build` resolves names, types and attributes one by one; `checks` judges
the whole, and runs only where the first pass (and the parser) found nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.loaded import Problem
from schemalint.loaders.prisma.syntax import Document
from schemalint.model import Dialect


def validate(
    documents: Sequence[Document],
    dialect: Dialect | None = None,  # noqa: ARG001 -- see the docstring
) -> list[Problem]:
    """What is wrong with a schema, beyond the problems that its documents already hold.

    A schema is valid or not for the database that its own datasource names, whatever `dialect` it
    is judged for later. Errors and warnings come in the order of the source. Never raises for any
    tree.
    """
    from schemalint.loaders.prisma.validation.build import build
    from schemalint.loaders.prisma.validation.report import Report

    report = Report()
    schema = build(documents, report)
    if not report.failed and not any(
        not problem.warning for document in documents for problem in document.problems
    ):
        from schemalint.loaders.prisma.validation.checks import Checks

        Checks(schema, report).run()
    problems = report.problems
    if len(problems) > 1:
        order = {id(document.file): number for number, document in enumerate(documents)}
        problems.sort(key=lambda one: (order.get(id(one.span.file), 0), one.span.start))
    return problems
