"""Judges one rule over one schema, as a whole run does."""

from __future__ import annotations

from textwrap import dedent
from typing import Literal

import msgspec

from schemalint.engine import RuleReport, check
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Check, Dialect, KeyPart, Layer, Model, Opaque, Schema, Unique
from schemalint.registry import Registry
from schemalint.rule import Finding, Verdict
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile, Span

REGISTRY = Registry.discover()


class Judged(msgspec.Struct, frozen=True):
    """The report of a rule, and the findings about it."""

    report: RuleReport
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        return self.report.verdict

    @property
    def message(self) -> str:
        """Everything that the findings say, help and related places too."""
        lines = []
        for finding in self.findings:
            lines += [finding.message, finding.help or ""]
            lines += [related.message for related in finding.related]
        return "\n".join(line for line in lines if line)

    @property
    def kept_by(self) -> list[str]:
        return [evidence.message for evidence in self.report.kept_by]

    @property
    def stricter(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.name == "stricter-than-rule"]


def prisma(models: str, provider: str = "postgresql", *, preview: str = "") -> Schema:
    """The schema of some Prisma models; fails the test where Prisma's language rejects them."""
    generator = (
        f'generator client {{\n  provider = "prisma-client-js"\n  previewFeatures = ["{preview}"]\n'
        "}\n\n"
        if preview
        else ""
    )
    text = f'{generator}datasource db {{\n  provider = "{provider}"\n}}\n\n{dedent(models)}\n'
    loaded = PrismaLoader().load([SourceFile("schema.prisma", text)])
    problems = [problem.message for problem in loaded.problems if not problem.warning]
    assert not problems, problems
    return loaded.schema


def sql(text: str, dialect: str = "postgresql") -> Schema:
    """The schema of some DDL, whatever the loader thinks of it."""
    loader, file = SqlLoader(), SourceFile("schema.sql", dedent(text))
    return loader.load([file], dialect=Dialect(dialect)).schema


def altered(schema: Schema, **changes: object) -> Schema:
    """The schema with other facts in its first model: what Prisma has no words for."""
    model: Model = msgspec.structs.replace(schema.models[0], **changes)
    return msgspec.structs.replace(schema, models=(model, *schema.models[1:]))


def judge(schema: Schema | str, rule: str, provider: str = "postgresql") -> Judged:
    """Judge `rule`, an entry without its `id` and `says`, over a schema or Prisma models."""
    if isinstance(schema, str):
        schema = prisma(schema, provider)
    entry = "\n".join("    " + line for line in dedent(rule).strip().splitlines())
    text = f"version: 1\nrules:\n  - id: BR-01\n    says: The rule.\n{entry}\n"
    rulebook, faults = read_rulebook([SourceFile("business_rules.yaml", text)], REGISTRY)
    messages = [fault.message for fault in faults]
    assert not messages, messages
    dialects = {
        dialect: msgspec.structs.replace(schema, dialect=dialect)
        for one in rulebook.entries
        for dialect in one.dialects
    }
    checked = check(dialects, schema, rulebook)
    return Judged(checked.rules[0], checked.findings)


def _span(text: str) -> Span:
    return Span(SourceFile("migration.sql", text), 0, len(text))


def unique_index(
    *columns: str,
    expressions: tuple[str, ...] = (),
    where: str | None = None,
    nulls: Literal["distinct", "equal"] = "distinct",
    layer: Layer = Layer.DATABASE,
    collation: str | None = None,
) -> Unique:
    """A unique index as a migration could add it."""
    predicate = f" WHERE {where}" if where else ""
    span = _span(f"UNIQUE INDEX ({', '.join([*columns, *expressions])}){predicate}")
    parts = [KeyPart(span, column=column, collation=collation) for column in columns]
    parts += [KeyPart(span, expression=one, collation=collation) for one in expressions]
    return Unique("u", tuple(parts), span, where=where, where_span=span, nulls=nulls, layer=layer)


def constraint(expression: str, *, enforced: bool = True) -> Check:
    """A CHECK as a migration could add it."""
    return Check("c", expression, _span(f"CHECK ({expression})"), enforced=enforced)


def not_understood(*tables: str) -> Opaque:
    """A statement that a loader did not understand."""
    return Opaque("statement", "...", "a statement that is not understood", _span("..."), tables)


def with_field(schema: Schema, name: str, **changes: object) -> Schema:
    """The schema with other facts about one field of its first model."""
    fields = tuple(
        msgspec.structs.replace(field, **changes) if field.name == name else field
        for field in schema.models[0].fields
    )
    return altered(schema, fields=fields)
