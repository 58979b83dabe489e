"""The loader's facts equal the official datamodel, on every schema that Prisma accepts."""

from __future__ import annotations

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.source import SourceFile
from tests.oracle.datamodel import differences, official, ours
from tests.oracle.prisma_oracle import datamodels
from tests.oracle.schemas import Files, accepted_schemas, own_schemas, real_schemas

pytestmark = pytest.mark.oracle


def compare(schemas: dict[str, Files]) -> list[str]:
    found = []
    for name, datamodel in datamodels(schemas).items():
        assert datamodel is not None, f"{name} is not accepted any more"
        files = [SourceFile(path, text) for path, text in schemas[name].items()]
        loaded = PrismaLoader().load(files)
        found += [f"{name}: {one}" for one in differences(ours(loaded.schema), official(datamodel))]
    return found


def test_accepted_schemas_of_the_corpora() -> None:
    schemas = accepted_schemas()
    assert len(schemas) > 290
    assert compare(schemas) == []


def test_real_schemas() -> None:
    schemas = real_schemas()
    assert len({name.partition("@")[0] or name for name in schemas}) >= 10
    assert compare(schemas) == []


def test_a_schema_of_many_files_is_one_schema() -> None:
    """Each block of the largest real schema in a file of its own."""
    whole = max((files for files in real_schemas().values()), key=lambda f: len(str(f)))
    (text,) = whole.values()
    pieces = text.replace("\r\n", "\n").split("\n}\n")
    files = {f"{number:04}.prisma": piece + "\n}\n" for number, piece in enumerate(pieces[:-1])}
    files["last.prisma"] = pieces[-1]
    assert len(files) > 50
    assert compare({"split": files}) == []


def test_schemas_written_for_this_test() -> None:
    assert compare(own_schemas()) == []
