"""Types of SQLAlchemy-Utils and others whose sources are not read, as they compile there."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile

HEAD = """
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy_utils import *
from sqlalchemy_utils.types.encrypted.encrypted_type import AesEngine
from citext import CIText
from pgvector.sqlalchemy import Vector
import sqlalchemy_utils as u
import os

class Base(DeclarativeBase): pass
class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    c = Column(u.{})
"""
DIALECTS = (Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MYSQL)


def native(type_: str) -> list[str]:
    file = SourceFile("m.py", HEAD.replace("u.{}", type_))
    found = []
    for dialect in DIALECTS:
        schema = SqlModelLoader().load([file], dialect=dialect).schema
        found.append("" if schema.opaque else schema.models[0].fields[1].native)
    return found


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("u.UUIDType", ["BINARY(16)", "UUID", "BINARY(16)"]),
        ("u.UUIDType(binary=False)", ["CHAR(32)", "UUID", "CHAR(32)"]),
        ("u.UUIDType(True, False)", ["BINARY(16)", "binary(16)", "BINARY(16)"]),
        ("u.ChoiceType([('a', 'A')])", ["VARCHAR(255)"] * 3),
        ("u.ChoiceType([(1, 'A')], impl=Integer())", ["INTEGER", "INTEGER", "INTEGER"]),
        ("u.EmailType", ["VARCHAR(255)"] * 3),
        ("u.EmailType(100)", ["VARCHAR(100)"] * 3),
        ("u.URLType", ["TEXT"] * 3),
        ("u.JSONType", ["TEXT", "JSON", "TEXT"]),
        ("u.ArrowType(timezone=True)", ["DATETIME", "TIMESTAMPTZ", "DATETIME"]),
        ("u.StringEncryptedType(Unicode, os.environ['K'], length=90)", ["VARCHAR(90)"] * 3),
        ("u.types.encrypted.encrypted_type.EncryptedType(Unicode, 'k')", ["BLOB", "BYTEA", "BLOB"]),
        ("u.IntRangeType", ["VARCHAR(255)", "int4range", "VARCHAR(255)"]),
        ("CIText", ["", "CITEXT", ""]),
        ("Vector(3)", ["VECTOR(3)", "vector(3)", "VECTOR(3)"]),
        ("u.PasswordType(schemes=['x'])", [""] * 3),
        ("u.EmailType(int(os.environ['N']))", [""] * 3),
    ],
)
def test_what_they_are_in_the_database(type_: str, expected: list[str]) -> None:
    assert native(type_) == expected
