"""Schemas that packages publish with their migrations: every line of drift explained.

Prisma's own comparison (`migrate diff` of a PostgreSQL that ran the migrations with the schema)
finds exactly these differences.
"""

from __future__ import annotations

import pytest

from schemalint.cli.loading import SchemaLoading
from schemalint.config import Settings
from schemalint.project.reading import Reader
from schemalint.project.schemas import find_schemas
from schemalint.registry import Registry
from tests.oracle.install import MIGRATIONS

pytestmark = pytest.mark.oracle

# (package, schema) to the number of migrations and to the drift, each line with its reason.
EXPLAINED: dict[tuple[str, str], tuple[int, dict[str, str]]] = {
    ("litellm-proxy-extras@0.4.110", "litellm_proxy_extras/schema.prisma"): (
        220,
        {
            "LiteLLM_SpendLogs.litellm_call_id: no migration makes the index over "
            "(`litellm_call_id`) of `LiteLLM_SpendLogs`": "made at run time, by "
            "`request_log_indexes.py` of the package, so as not to lock a large table",
            "LiteLLM_SpendLogs: no migration makes the index over (`api_key`, `startTime`) of "
            "`LiteLLM_SpendLogs`": "made at run time, as the other one",
        },
    ),
    ("@danielcok17+prisma-db@1.20.36", "package/prisma/app.prisma"): (
        51,
        {
            "legal_opinion: the migrations make a table `legal_opinion`, which the schema does not "
            "know": "it is a model of `law.prisma`, whose database is another one",
            "BackgroundJob: the migrations make a table `BackgroundJob`, which the schema does not "
            "know": "no model of either schema has it: the client cannot reach it",
        },
    ),
    ("@juliobrim+prisma-shared@1.0.59", "package/schema.prisma"): (59, {}),
    ("@dxheroes+local-mcp-database@0.7.2", "package/prisma/schema.prisma"): (9, {}),
}


@pytest.mark.parametrize(("package", "schema"), EXPLAINED)
def test_every_line_of_drift_is_explained(package: str, schema: str) -> None:
    folder = MIGRATIONS / package
    if not folder.exists():
        pytest.skip("the migrations are absent: run `python -m tests.oracle.install`")
    registry = Registry.discover()
    found = find_schemas([schema], registry.suffixes(), Reader(str(folder)))
    assert found.findings == ()
    (files,) = found.schemas
    assert files.migrations is not None
    loaded = SchemaLoading(registry, files, Settings()).load(None)
    assert [problem.message for problem in loaded.problems if not problem.warning] == []
    number, explained = EXPLAINED[package, schema]
    assert len(files.migrations.files) == number
    assert {f"{one.path}: {one.message}" for one in loaded.drift} == explained.keys()
    assert len(loaded.drift) == len(explained)
