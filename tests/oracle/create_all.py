"""The DDL that SQLAlchemy itself writes for a module of models: `create_all.py PATH DIALECT`.

Run with a Python that has SQLModel; statements are written with a line `;` behind each.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel


def main(path: str, dialect: str) -> None:
    """Import the models and print what `create_all` would run on an empty database."""
    loader = importlib.machinery.SourceFileLoader("models", path)
    module = types.ModuleType("models")
    sys.modules["models"] = module
    loader.exec_module(module)

    def write(statement: Any, *_: Any, **__: Any) -> None:
        print(str(statement.compile(dialect=engine.dialect)).strip(), "\n;")

    engine = sa.create_mock_engine(f"{dialect}://", write)
    SQLModel.metadata.create_all(engine, checkfirst=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
