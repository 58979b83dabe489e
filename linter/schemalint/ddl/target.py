"""The schema that is written, for the database that it is written for."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.condition.quoting import quoted
from schemalint.ddl.result import Omission
from schemalint.model import Dialect, Enum, Field, Layer, Model, Schema
from schemalint.source import Span

WRITTEN = (Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.MARIADB)
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


class Target:
    """One schema and its database, with look-ups by name; collects what is left out.

    Attributes:
        omissions: what the statements do not make, in the order in which it was met.
    """

    def __init__(self, schema: Schema, dialect: Dialect | None) -> None:
        """
        Raises:
            ValueError: no database is named, DDL is not written for it, or the schema was loaded
                for another: its types and names are that one's, so load it for `dialect` instead.
        """
        named = dialect or schema.dialect
        if named not in WRITTEN:
            raise ValueError(f"no DDL is written for {named or 'a schema without a database'}")
        if schema.dialect not in (None, named) and not {schema.dialect, named} <= set(_MYSQL):
            raise ValueError(f"the schema was loaded for {schema.dialect}, not for {named}")
        self.schema = schema
        self.dialect: Dialect = named
        self.sqlite = named is Dialect.SQLITE
        self.postgresql = named is Dialect.POSTGRESQL
        self.mysql = named in _MYSQL
        self.omissions: list[Omission] = []
        self.models = [one for one in schema.models if one.kind in ("model", "join")]
        self._enums = {enum.name: enum for enum in schema.enums}
        self._columns: dict[tuple[str | None, str], frozenset[str]] = {}
        self._tables = {(self.namespace(one.schema), one.table) for one in self.models}

    # -- names

    def quoted(self, name: str) -> str:
        """A name as an identifier."""
        return quoted(name, self.dialect)

    def listed(self, names: Iterable[str]) -> str:
        """Names as a list without its brackets."""
        return ", ".join(self.quoted(name) for name in names)

    def namespace(self, schema: str | None) -> str | None:
        """The database schema that is written before a name, if one is.

        Only PostgreSQL has any inside one database. `public` is where names without one go
        there, as Migrate has it.
        """
        return schema if self.postgresql and schema != "public" else None

    def qualified(self, schema: str | None, name: str) -> str:
        """The name of a table or a type, with its database schema where that is written."""
        namespace = self.namespace(schema)
        return f"{self.quoted(namespace)}.{self.quoted(name)}" if namespace else self.quoted(name)

    def table(self, model: Model) -> str:
        """The name of the model's table."""
        return self.qualified(model.schema, model.table)

    def take(self, model: Model, columns: frozenset[str]) -> None:
        """Note with which columns a table is made."""
        self._columns[self.namespace(model.schema), model.table] = columns

    def has_columns(self, schema: str | None, table: str, columns: Iterable[str]) -> bool:
        """Whether a table is made with these columns, as far as is noted."""
        made = self._columns.get((self.namespace(schema), table))
        if made is None or self.postgresql:
            return made is None or made.issuperset(columns)
        return {one.lower() for one in made}.issuperset(one.lower() for one in columns)

    def leave_out(self, model: Model) -> None:
        """Make no table of a model: only PostgreSQL has tables without columns."""
        self._tables.discard((self.namespace(model.schema), model.table))
        reason = "of no column its type is known"
        what = f"the table `{model.table}`"
        self.omissions.append(Omission(what, reason, model.span, (model.table,), is_of_rows=True))

    def has_table(self, schema: str | None, table: str) -> bool:
        """Whether the statements make this table. Letter case counts on PostgreSQL alone, where
        names are quoted (on MySQL it depends on the server, which is left to say so)."""
        namespace = self.namespace(schema)
        if self.postgresql:
            return (namespace, table) in self._tables
        return (namespace, table.lower()) in {(one, name.lower()) for one, name in self._tables}

    # -- what is known of the schema

    def native_enum(self, field: Field) -> Enum | None:
        """The enum that is the field's type in PostgreSQL, or None."""
        enum = None if field.enum is None else self._enums.get(field.enum)
        if enum is None or not self.postgresql or enum.layer is not Layer.DATABASE:
            return None
        return enum

    def omit(self, what: str, reason: str, span: Span, *tables: str, bears: bool = True) -> None:
        """Note something that is left out; see `Omission`."""
        self.omissions.append(Omission(what, reason, span, tables, bears))

    def omit_column(self, model: Model, field: Field, reason: str) -> None:
        """Note that a column is left out."""
        what = f"the column `{model.table}.{field.column}`"
        self.omissions.append(Omission(what, reason, field.span, (model.table,), is_of_rows=True))
