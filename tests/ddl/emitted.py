"""Prints the statements that SQLAlchemy would run for a file of models, as JSON; run by the Python
that has SQLAlchemy: `emitted.py FILE DIALECT`."""

import json
import runpy
import sys
from typing import Any


def main(path: str, dialect: str) -> None:
    """Print them in the order of `create_all`."""
    from sqlalchemy import create_mock_engine

    found: list[str] = []

    def run(statement: Any, *_: Any) -> None:
        found.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(f"{dialect}://", run)
    base = runpy.run_path(path)["Base"]
    base.metadata.create_all(engine, checkfirst=False)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
