"""Which files make pre-commit run the hook."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.shared_material import ROOT


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("schema.prisma", True),
        ("prisma/schema/user.prisma", True),
        ("prisma/migrations/20240101000000_init/migration.sql", True),
        ("db/V1__init.sql", True),
        ("shop/business_rules.yaml", True),
        ("business_rules.yml", True),
        ("my_business_rules.yaml", False),
        ("schema.sql.txt", False),
        ("prisma/migrations/migration_lock.toml", False),
    ],
)
def test_the_hook_runs_for_schemas_migrations_and_rulebooks(path: str, runs: bool) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    # pre-commit searches for the pattern in the path, with forward slashes.
    assert (re.search(hook["files"], path) is not None) is runs
