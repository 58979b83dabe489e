"""What the classes of SQLModel really do with what they claim: the facts under the design rules.

Each case is run by the SQLModel that `python -m tests.oracle.install` puts into its environment.
"""

from __future__ import annotations

import json
import subprocess
from textwrap import dedent

import pytest

from schemalint.loaders.sqlmodel.declarations.fields import KEYWORDS, NEWEST_SEEN
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.oracle.install import SQLMODEL, SQLMODEL_VERSION

pytestmark = pytest.mark.oracle

_HEAD = """
import inspect
from typing import Annotated, Optional
import pydantic
import sqlalchemy as sa
from annotated_types import Gt
from pydantic import ConfigDict, TypeAdapter, field_validator
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, Session, SQLModel, create_engine, select
"""
_RUNNER = """
import json, sys, warnings
warnings.simplefilter("ignore")
from sqlmodel import SQLModel
found = []
for case in json.load(sys.stdin):
    SQLModel.metadata.clear()
    SQLModel._sa_registry.dispose()
    names = {"__name__": "case"}
    try:
        exec(compile(case, "case", "exec"), names)
        found.append(names.get("result"))
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}".splitlines()[0])
json.dump(found, sys.stdout)
"""
_STORED = """
def stored(model, change):
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(sa.insert(model).values(id=1, a=1))
        session.commit()
        read = session.exec(select(model)).one()
        try:
            change(session, read)
        except pydantic.ValidationError:
            pass
        session.commit()
        return session.execute(sa.text("select a from t")).scalar()
def assign(session, row): row.a = -5
def update(session, row): session.execute(sa.update(type(row)).values(a=-6))
def raised(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
"""


def run(cases: list[str]) -> list[object]:
    """What each case leaves in `result`, or the error that it ends with."""
    if not SQLMODEL.exists():
        pytest.skip("SQLModel is absent: `python -m tests.oracle.install`")
    texts = [_HEAD + _STORED + dedent(case) for case in cases]
    done = subprocess.run(
        [str(SQLMODEL / "bin" / "python"), "-c", _RUNNER],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[object] = json.loads(done.stdout)
    return found


_T = """
class T(SQLModel, table=True{words}):
    {config}
    id: Optional[int] = Field(default=None, primary_key=True)
    a: {a}
"""


def table(a: str = "int", config: str = "pass", words: str = "") -> str:
    """A table with one field beside its key."""
    return _T.format(a=a, config=config, words=words)


_FROZEN = "model_config = ConfigDict(frozen=True)"
_VALIDATED = "model_config = ConfigDict(validate_assignment=True)"
_BOUND = "int = Field(gt=0)"
_HIDDEN = """
class Base(SQLModel):
    __table_args__ = (UniqueConstraint("a"), CheckConstraint("a > 0"))
    a: int
class T(Base, table=True):
    {arguments}
    id: int = Field(primary_key=True)
result = sorted(type(one).__name__ for one in T.__table__.constraints)
"""


@pytest.mark.parametrize(
    ("case", "result"),
    [
        # validation-never-runs
        (table(_BOUND) + "result = T(a=-1).a", -1),
        (table(_BOUND) + "row = T(a=1); row.a = -1; result = row.a", -1),
        (table("Annotated[int, Gt(0)]") + "result = T(a=-1).a", -1),
        (table("pydantic.PositiveInt") + "result = T(a=-1).a", -1),
        (table("str = Field(regex='^x', min_length=3)") + "result = T(a='').a", ""),
        (table(_BOUND) + "result = TypeAdapter(T).validate_python({'a': -1}).a", -1),
        (table(_BOUND) + "result = raised(lambda: T.model_validate({'a': -1}))", "ValidationError"),
        (
            table(_BOUND) + "result = 'CHECK' in str(sa.schema.CreateTable(T.__table__).compile())",
            False,
        ),
        (
            table("int", "@field_validator('a')\n    def no(cls, value): raise ValueError")
            + "result = T(a=-1).a",
            -1,
        ),
        (
            "class B(SQLModel):\n    a: int = Field(gt=0)\n"
            "class T(B, table=True):\n    id: int = Field(primary_key=True)\n"
            "class C(B): pass\n"
            "result = [raised(lambda: B(a=-1)), raised(lambda: C(a=-1)), T(id=1, a=-1).a]",
            ["ValidationError", "ValidationError", -1],
        ),
        # It runs with validate_assignment; what is assigned is stored all the same.
        (table(_BOUND, _VALIDATED) + "result = raised(lambda: T(a=-1))", "ValidationError"),
        (table(_BOUND, _VALIDATED) + "result = stored(T, assign)", -5),
        (table(_BOUND, words=", validate_assignment=True") + "result = T(a=-1).a", -1),
        # frozen-not-enforced
        (table(config=_FROZEN) + "result = raised(lambda: T(a=1))", "ValidationError"),
        (table(config=_FROZEN) + "result = stored(T, assign)", -5),
        (table(config=_FROZEN) + "result = stored(T, update)", -6),
        (table(config=_FROZEN) + "result = stored(T, lambda s, r: s.delete(r))", None),
        (table(words=", frozen=True") + "row = T(a=1); row.a = 2; result = row.a", 2),
        (
            table("int = Field(schema_extra={'frozen': True})") + "result = raised(lambda: T(a=1))",
            "ValidationError",
        ),
        (
            "class B(SQLModel):\n    model_config = ConfigDict(frozen=True)\n"
            "class C(SQLModel): pass\n"
            "class T(B, C, table=True):\n    id: int = Field(primary_key=True)\n"
            "result = T.model_config.get('frozen')",
            True,
        ),
        # table-args-replaced
        (
            _HIDDEN.format(arguments="pass"),
            ["CheckConstraint", "PrimaryKeyConstraint", "UniqueConstraint"],
        ),
        (_HIDDEN.format(arguments="__table_args__ = {}"), ["PrimaryKeyConstraint"]),
        (
            _HIDDEN.format(arguments="__table_args__ = (CheckConstraint('a > 1'),)"),
            ["CheckConstraint", "PrimaryKeyConstraint"],
        ),
    ],
)
def test_facts(case: str, result: object) -> None:
    assert run([case]) == [result]


def test_the_parameters_of_field() -> None:
    assert ".".join(map(str, NEWEST_SEEN)) == SQLMODEL_VERSION
    (found,) = run(["result = list(inspect.signature(Field).parameters)"])
    assert set(found) == KEYWORDS  # type: ignore[call-overload]  # a list of names


_TWO = """
class B({base}):
    name: {name}
class T(B{sqlmodel}, table=True):
    id: int = Field(primary_key=True)
class U({other}{sqlmodel}, table=True):
    id: int = Field(primary_key=True)
    {more}
"""
_COLUMN = "str = Field(sa_column=Column(String(5)))"
_KEY = 'int = Field(sa_column_args=[ForeignKey("t.id")])'


def two(name: str = _COLUMN, *, mixin: bool = False, other: str = "B", more: str = "pass") -> str:
    """A base with a field, and two tables."""
    base, sqlmodel = ("object", ", SQLModel") if mixin else ("SQLModel", "")
    return _TWO.format(base=base, name=name, sqlmodel=sqlmodel, other=other, more=more)


@pytest.mark.parametrize(
    ("case", "error"),
    [
        (two(), "ArgumentError: Column object 'name' already assigned to Table 't'"),
        (two(mixin=True), "ArgumentError: Column object 'name' already assigned to Table 't'"),
        (two(_KEY), "InvalidRequestError: This ForeignKey already has a parent !"),
        (two(other="SQLModel"), None),  # one table only
        (two(more=f"name: {_COLUMN}"), None),
        (two("str = Field(sa_type=String(5))"), None),
        (two('int = Field(foreign_key="t.id")'), None),
        (two('int = Field(sa_column_args=[CheckConstraint("name > 1")])'), None),
        (
            table("int = Field(frozen=True)"),
            "TypeError: Field() got an unexpected keyword argument 'frozen'",
        ),
        (
            table("str = Field(pattern='x')"),
            "TypeError: Field() got an unexpected keyword argument 'pattern'",
        ),
        (table("int = pydantic.Field(frozen=True)"), None),
    ],
)
def test_what_python_refuses_the_loader_refuses(case: str, error: str | None) -> None:
    assert run([case]) == [error]
    file = SourceFile("models.py", _HEAD + dedent(case))
    loaded = SqlModelLoader().load([file], dialect=Dialect.SQLITE)
    told = [one.message for one in loaded.problems if not one.warning]
    assert bool(told) == (error is not None), told
