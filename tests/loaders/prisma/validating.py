"""Short ways to a validated schema, for the tests of the validation."""

from __future__ import annotations

from schemalint.loaders.loaded import Problem
from schemalint.loaders.prisma.parser import parse
from schemalint.loaders.prisma.validation import validate
from schemalint.source import SourceFile


def problems_of(text: str) -> list[Problem]:
    """All problems of a schema, warnings too; fails the test where the syntax is wrong."""
    document = parse(SourceFile("schema.prisma", text))
    assert not document.problems, document.problems
    return validate([document])


def schema(body: str, provider: str = "postgresql", *, extra: str = "", features: str = "") -> str:
    """A schema with a datasource `db` (first line 1) and `body`, whose first line is line 1 too.

    The configuration stands behind the body, so that line numbers are those of the body.
    """
    generator = (
        f'generator client {{\n  provider = "x"\n  previewFeatures = [{features}]\n}}\n'
        if features
        else ""
    )
    return f'{body}\ndatasource db {{\n  provider = "{provider}"\n  {extra}\n}}\n{generator}'


def errors(body: str, provider: str = "postgresql", **settings: str) -> list[tuple[int, str]]:
    """(line, marked text) of each error in `body`, in the order of the source."""
    text = schema(body, provider, **settings)
    return [
        (problem.span.place.line, problem.span.text.strip())
        for problem in problems_of(text)
        if not problem.warning
    ]


def model(*lines: str, name: str = "M") -> str:
    """A model of these lines; the first of them is line 2."""
    return f"model {name} {{\n" + "".join(f"  {line}\n" for line in lines) + "}"


def field_errors(line: str, provider: str = "postgresql", **settings: str) -> list[str]:
    """The marked texts of the errors of one field beside an id and an enum `Role`."""
    body = model("id Int @id", line) + "\nenum Role {\n  USER\n  ADMIN\n}\n"
    return [marked for _, marked in errors(body, provider, **settings)]
