"""Which Python files of a folder are taken for a schema."""

from __future__ import annotations

import pytest

from schemalint.project.python_files import declares_tables


@pytest.mark.parametrize(
    "text",
    [
        "from shop import db\nclass User(db.Model):\n    id = db.Column(db.Integer)\n",
        "from sqlalchemy import Column\nfrom .base import Base\n"
        "class User(Base):\n    id = Column(Integer, primary_key=True)\n",
        "from sqlalchemy.orm import Mapped\nfrom .base import Base\n"
        "class User(Base):\n    id: Mapped[int]\n",
        "class User(Base):\n    __tablename__ = 'users'\n",
        "class User(SQLModel, table=True):\n    id: int\n",
        "class User(SQLModel, table = True):\n    id: int\n",
        "from sqlmodel import SQLModel\nclass User(SQLModel, **{'table': True}):\n    id: int\n",
        "import sqlalchemy as sa\nusers = sa.Table ('users', metadata)\n",
    ],
)
def test_a_module_with_a_table(text: str) -> None:
    """A base gives the name of the table, and what it is made of: neither need be written."""
    assert declares_tables(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import models\nclass User(models.Model):\n    id = models.TextField()\n",
        "from rich.table import Column\nheads = [Column('name')]\n",
        "from sqlalchemy import select\nfound = select(User)\n",
        "from sqlalchemy import select\nacceptable = True\n",
        "from sqlalchemy import select\nRows = {'a_table': True}\nshow_mapped_columns = 1\n",
        "from sqlalchemy import select\nclass MyTable(Base): ...\nmade = MyTable()\n",
    ],
)
def test_a_module_without(text: str) -> None:
    assert not declares_tables(text.encode())
