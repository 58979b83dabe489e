"""Which table a rule means, where database schemas (namespaces) come in."""

from __future__ import annotations

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.rules.judging import judge, sql

TWO = "CREATE TABLE {}.t (id int PRIMARY KEY); CREATE TABLE {}.t (id int);"
RULE = "identity: {{of: {}, by: [id]}}"


@pytest.mark.parametrize(
    ("first", "second", "name", "verdict"),
    [
        ("public", "s", "t", Verdict.KEPT),
        ("public", "s", "public.t", Verdict.KEPT),
        ("public", "s", "s.t", Verdict.BROKEN),
        ("r", "s", "r.t", Verdict.KEPT),
        ("r", "s", "s.t", Verdict.BROKEN),
        ("r", "s", "t", Verdict.STALE),
        ("s", "r", "t", Verdict.STALE),
    ],
)
def test_two_tables_of_one_name(first: str, second: str, name: str, verdict: Verdict) -> None:
    judged = judge(sql(TWO.format(first, second)), RULE.format(name))
    assert judged.verdict is verdict
    if verdict is Verdict.STALE:
        assert "`r.t`" in judged.message
        assert "`s.t`" in judged.message


@pytest.mark.parametrize(
    ("dialect", "name"), [("postgresql", "public.t"), ("sqlite", "main.t"), ("sqlserver", "dbo.t")]
)
def test_the_default_schema_can_be_named(dialect: str, name: str) -> None:
    judged = judge(sql("CREATE TABLE t (id int PRIMARY KEY NOT NULL);", dialect), RULE.format(name))
    assert judged.verdict is Verdict.KEPT


def test_a_mapped_name_of_two_models_is_nobodys() -> None:
    source = 'datasource db {\n  provider = "postgresql"\n  schemas = ["r", "s"]\n}\n'
    for name, at in (("A", "r"), ("B", "s")):
        source += f'model {name} {{\n  id Int @id\n  @@map("t")\n  @@schema("{at}")\n}}\n'
    schema = PrismaLoader().load([SourceFile("schema.prisma", source)]).schema
    assert judge(schema, RULE.format("t")).verdict is Verdict.STALE
    assert judge(schema, RULE.format("A")).verdict is Verdict.KEPT
