"""How the names of both sides are matched: by what they are called in the database."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.model import Dialect, Enum, Field, Model

_EXACT = (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB)
# PostgreSQL cuts a longer name off, at so many bytes.
_LONGEST = 63
_DEFAULT_SCHEMA = {Dialect.SQLSERVER: "dbo", Dialect.SQLITE: "main"}

Key = tuple[str, str]
"""A schema ("" for the default one) and a name, both folded."""


class Names:
    """Folds names as the database `dialect` compares them.

    PostgreSQL compares exactly what Prisma quotes and the SQL loader has folded; the others
    compare without regard to letter case.
    """

    def __init__(self, dialect: Dialect | None) -> None:
        self._exact = dialect in _EXACT
        self._cuts = dialect is Dialect.POSTGRESQL
        self._default = _DEFAULT_SCHEMA.get(dialect, "public") if dialect else "public"

    def fold(self, name: str) -> str:
        """What two spellings of one name have in common."""
        if self._cuts and len(name) > _LONGEST // 4:  # only then can its UTF-8 be longer
            return name.encode("utf-8", "surrogatepass")[:_LONGEST].decode("utf-8", "ignore")
        return name if self._exact else name.lower()

    def folded(self, names: Iterable[str]) -> tuple[str, ...]:
        """Several of them."""
        return tuple([self.fold(name) for name in names])

    def key(self, schema: str | None, name: str) -> Key:
        """A table's or a type's name with its schema."""
        within = "" if schema is None or schema == self._default else self.fold(schema)
        return within, self.fold(name)

    def table(self, model: Model) -> Key:
        """The key of a model's table."""
        return self.key(model.schema, model.table)

    def type(self, enum: Enum) -> Key:
        """The key of an enum's type."""
        return self.key(enum.schema, enum.type)

    def columns(self, model: Model) -> dict[str, Field]:
        """A model's fields by their folded columns."""
        return {self.fold(field.column): field for field in model.fields}


def free_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or something like it that is not taken."""
    used = set(taken)
    while name in used:
        name += "_"
    return name
