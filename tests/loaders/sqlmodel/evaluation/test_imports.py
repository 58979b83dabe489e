"""Modules and what they import, held against Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.loaders.sqlmodel.values import ClassValue, External, Subscript, Unresolved
from tests.loaders.sqlmodel.evaluation.against_python import (
    Untold,
    class_named,
    differences,
    project_of,
    read,
)

PROJECTS = {
    "relative and absolute": {
        "pk/__init__.py": "from .inner import A as FIRST\nfrom pk.inner import deep\nX = FIRST + 1",
        "pk/inner/__init__.py": "from . import deep\nfrom .deep import D\nA = 1",
        "pk/inner/deep.py": "from .. import inner\nD = 'd'",
        "pk/use.py": (
            "import pk.inner.deep\nimport pk.inner.deep as deep\nfrom pk import inner, X\n"
            "from .inner.deep import D as E\nfrom pk.inner import D as F\n"
            "a = pk.inner.deep.D; b = deep.D; c = inner.A; d = X; e = pk.X"
        ),
    },
    "star with __all__": {
        "pk/__init__.py": "from .a import *\nfrom .b import *",
        "pk/a.py": "__all__ = ['A', 'Z']\n__all__ += ['B']\nA = 1; B = 2; Z = 3; C = 4",
        "pk/b.py": "Z = 5; _hidden = 6; C = 7",
        "pk/use.py": "from pk import *\nfrom pk import A as first\na = A; b = B; z = Z; c = C",
    },
    "star before and after": {
        "pk/__init__.py": "",
        "pk/a.py": "A = 'a'; B = 'b'",
        "pk/use.py": "A = 1\na = A\nfrom .a import *\nb = A\nB = 2\nc = B",
    },
    "cycle": {
        "pk/__init__.py": "",
        "pk/one.py": "A = 1\nfrom pk import two\nfrom pk.two import B\nC = B + 1",
        "pk/two.py": "from pk import one\nB = 2\ndef late(): return one.C",
        "pk/use.py": "from pk.one import C\nfrom pk.two import late\na = C; b = late()",
    },
    "fall back": {
        "pk/__init__.py": "",
        "pk/use.py": (
            "try:\n    from pk.missing import A\nexcept ImportError:\n    A = 'other'\n"
            "try:\n    from pk.there import B\nexcept ImportError:\n    B = 'other'\na = A; b = B"
        ),
        "pk/there.py": "B = 'there'",
    },
    "names of the module": {
        "pk/__init__.py": "",
        "pk/use.py": "a = __name__; b = __name__.rpartition('.')[2]",
    },
    "line ends": {
        "pk/__init__.py": "",
        "pk/use.py": "\ufeffa = 'ä'\r\nb = a + 'ö'\r\nc = '''x\r\ny'''\r\n",
    },
    "a function's own imports": {
        "pk/__init__.py": "",
        "pk/names.py": "PREFIX = 'p_'",
        "pk/use.py": "def f(x):\n    from .names import PREFIX as p\n    return p + x\na = f('t')",
    },
}


@pytest.mark.parametrize("name", PROJECTS)
def test_imports_give_what_python_imports(name: str, tmp_path: Path) -> None:
    texts = PROJECTS[name]
    wrong, _ = differences(texts, "pk.use", tmp_path)
    assert wrong == []
    reasons = {
        key: value
        for key, value in read(texts, "pk.use").items()
        if isinstance(value, Untold) and isinstance(value.value, Unresolved)
    }
    assert reasons == {}


def test_known_libraries_have_one_path_for_each_thing() -> None:
    text = """
import sqlalchemy as sa
import sqlalchemy.dialects.postgresql as pg
from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql.json import JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID, ARRAY
from sqlalchemy.ext.declarative import declarative_base, declared_attr
from sqlalchemy.orm.decl_api import DeclarativeBase
from sqlalchemy.sql import expression, sqltypes
from sqlalchemy.sql.functions import now as later
from sqlalchemy.types import UserDefinedType
from sqlmodel import Column, String, and_
from sqlmodel.main import Field as F
from sqlmodel.sql.sqltypes import AutoString
from typing_extensions import Annotated
from pydantic.networks import EmailStr
a = sa.Column; b = sa.types.String; c = expression.text; d = func.now; e = sqltypes.Enum
f = pg.JSONB; g = sa.dialects.mysql.TINYINT; h = sa.orm.relationship; i = sa.func.now
"""
    paths = {
        key: value.value.path
        for key, value in read({"m.py": text}, "m").items()
        if isinstance(value, Untold) and isinstance(value.value, External)
    }
    assert paths["a"] == "sqlalchemy.Column"
    assert paths["b"] == paths["String"] == "sqlalchemy.String"
    assert paths["c"] == paths["text"] == "sqlalchemy.text"
    assert paths["d"] == paths["i"] == paths["later"] == "sqlalchemy.func.now"
    assert paths["e"] == "sqlalchemy.Enum"
    assert paths["f"] == paths["JSONB"] == "sqlalchemy.dialects.postgresql.JSONB"
    assert paths["g"] == "sqlalchemy.dialects.mysql.TINYINT"
    assert paths["h"] == "sqlalchemy.orm.relationship"
    assert paths["PG_UUID"] == "sqlalchemy.UUID"
    assert paths["ARRAY"] == "sqlalchemy.dialects.postgresql.ARRAY"
    assert paths["declarative_base"] == "sqlalchemy.orm.declarative_base"
    assert paths["declared_attr"] == "sqlalchemy.orm.declared_attr"
    assert paths["DeclarativeBase"] == "sqlalchemy.orm.DeclarativeBase"
    assert paths["UserDefinedType"] == "sqlalchemy.UserDefinedType"
    assert paths["Column"] == "sqlalchemy.Column"
    assert paths["and_"] == "sqlalchemy.and_"
    assert paths["F"] == "sqlmodel.Field"
    assert paths["AutoString"] == "sqlmodel.AutoString"
    assert paths["Annotated"] == "typing.Annotated"
    assert paths["EmailStr"] == "pydantic.EmailStr"


def test_a_star_of_a_known_library_gives_its_names_only() -> None:
    text = "from sqlmodel import *\nfrom elsewhere import *\na = Field; b = strange; c = str"
    found = read({"m.py": text}, "m")
    assert found["a"].value.path == "sqlmodel.Field"
    assert isinstance(found["b"].value, Unresolved)
    assert found["c"].value.path == "builtins.str"


def test_what_type_checkers_alone_import_is_known_to_annotations() -> None:
    texts = {
        "pk/__init__.py": "",
        "pk/team.py": "class Team: ...",
        "pk/m.py": (
            "from __future__ import annotations\nfrom typing import TYPE_CHECKING, Optional\n"
            "if TYPE_CHECKING:\n    from .team import Team\n"
            "class Hero:\n    team: Optional['Team'] = None\n    other: list[Team]\n"
        ),
    }
    project = project_of(texts)
    hero = class_named(project, "pk.m", "Hero")
    team, other = project.members(hero).fields
    assert isinstance(team.annotation, Subscript)
    assert isinstance(other.annotation, Subscript)
    inner = team.annotation.items[0]
    assert isinstance(inner, ClassValue)
    assert inner.module == "pk.team"
    assert inner.span.text == "Team"
    assert isinstance(other.annotation.items[0], ClassValue)


def test_a_file_that_is_no_python_is_a_problem_and_the_rest_is_read() -> None:
    texts = {
        "pk/__init__.py": "",
        "pk/bad.py": "class A(SQLModel, table=True:\n    pass\n",
        "pk/good.py": (
            "from .bad import A\nfrom sqlmodel import SQLModel\nclass B(SQLModel, table=True): ..."
        ),
    }
    project = project_of(texts)
    assert [cls.name for cls in project.table_candidates() if isinstance(cls, ClassValue)] == ["B"]
    (problem,) = project.problems
    assert problem.span.file.path == "pk/bad.py"
    assert "not valid Python" in problem.message
