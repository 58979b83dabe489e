"""The Prisma loader: the files of one schema in, the common AST and every fault out."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.loaded import Loaded, Problem
from schemalint.loaders.prisma.build import build_schema
from schemalint.loaders.prisma.parser import parse
from schemalint.loaders.prisma.validation import validate
from schemalint.model import Dialect
from schemalint.source import SourceFile


class PrismaLoader:
    """Loads Prisma schemas (versions 2 to 7), one file or many; implements `Loader`."""

    language = "prisma"

    def load(self, files: Sequence[SourceFile], *, dialect: Dialect | None = None) -> Loaded:
        """Load `files` as one schema, for `dialect` if given, else for the one they name.

        Never raises for any text. The problems, syntax and meaning together, are in the order of
        the files and of the places in them.
        """
        documents = [parse(file) for file in files]
        problems = [problem for document in documents for problem in document.problems]
        problems += validate(documents, dialect)
        return Loaded(build_schema(documents, dialect), _in_order(files, problems))


def _in_order(files: Sequence[SourceFile], problems: list[Problem]) -> tuple[Problem, ...]:
    if not problems:
        return ()
    order = {id(file): number for number, file in enumerate(files)}
    unique = {
        (order[id(one.span.file)], one.span.start, one.span.end, one.message): one
        for one in problems
    }
    return tuple([unique[key] for key in sorted(unique)])
