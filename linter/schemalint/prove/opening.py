"""Which throwaway database a schema is proven on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from schemalint.model import Dialect
from schemalint.prove.database import Database, NotProvable
from schemalint.prove.sqlite import Sqlite


@contextmanager
def opened(target: str | None, dialect: Dialect) -> Iterator[Database]:
    """The database `target` for schemas of `dialect`; None for the usual one.

    Raises:
        NotProvable: there is none, or it is of another kind than the dialect.
    """
    if dialect is not Dialect.SQLITE or target not in (None, "sqlite"):
        raise NotProvable(f"there is no {target or dialect} here")
    database = Sqlite()
    try:
        yield database
    finally:
        database.close()
