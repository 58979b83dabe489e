"""What to write in classes of SQLModel or SQLAlchemy, for the `help` of findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from schemalint.model import Action, Dialect, Field, ForeignKey, Model

# SQLAlchemy's prefix of a dialect's own arguments; a partial index is known to these only.
_PREFIX = {
    Dialect.SQLITE: "sqlite",
    Dialect.POSTGRESQL: "postgresql",
    Dialect.COCKROACHDB: "postgresql",
    Dialect.SQLSERVER: "mssql",
}


def in_python(model: Model) -> bool:
    """Whether the model is written as a class, and so what mends it."""
    return model.span.file.path.endswith(".py")


def table_arguments(model: Model, *lines: str) -> str:
    """The constraints as a `help` shows them."""
    shown = "".join(f"\n    {line}" for line in lines)
    return f"add to `__table_args__` of `{model.name}`:{shown}"


def check_constraint(model: Model, condition: str, name: str) -> str:
    """How a CHECK on `condition` (SQL) comes into the table."""
    return table_arguments(model, f"CheckConstraint({_text(condition)}, name={_text(name)})")


def not_null(fields: Iterable[Field]) -> str:
    """How columns become NOT NULL."""
    return "; ".join(_not_null(field) for field in fields)


def _not_null(field: Field) -> str:
    if _has_column(field):
        return f"write `nullable=False` in the Column of `{field.name}`"
    if field.client_nullable and "nullable" not in field.span.text:
        return f"take None off the annotation of `{field.name}`"
    return f"write `nullable=False` for `{field.name}`"


def nullable(field: Field) -> str:
    """How a column comes to take NULL."""
    if _has_column(field):
        return f"write `nullable=True` in the Column of `{field.name}`"
    if field.client_nullable or "nullable" in field.span.text:
        return f"write `nullable=True` for `{field.name}`"
    return f"write `| None` behind the type in the annotation of `{field.name}`"


def server_default(field: Field, value: str) -> str:
    """How a column gets a default of the database; `value` is SQL."""
    given = f"text({_text(value)})"
    if _is_sqlmodel(field):
        return f'write `sa_column_kwargs={{"server_default": {given}}}` for `{field.name}`'
    return f"give the Column of `{field.name}` the default of the database `server_default={given}`"


def unique(model: Model, columns: Sequence[str]) -> str:
    """How columns become unique together."""
    if len(columns) == 1:
        return f"write `unique=True` {_place(model, columns[0])}"
    return table_arguments(model, f"UniqueConstraint({_names(columns)})")


def unique_index(
    name: str, members: Sequence[str], dialect: Dialect, *, where: str | None, options: str = ""
) -> str:
    """`Index(..., unique=True)`; `members` are columns' names, or SQL that begins with `(`."""
    words = [_text(name)]
    words += [f"text({_text(one)})" if "(" in one else _text(one) for one in members]
    words.append("unique=True")
    prefix = _PREFIX.get(dialect)
    if where is not None and prefix is not None:
        words.append(f"{prefix}_where=text({_text(where)})")
    if options:
        words.append("postgresql_nulls_not_distinct=True")
    return f"Index({', '.join(words)})"


def index(model: Model, columns: Sequence[str], name: str) -> str:
    """How columns get an index."""
    if len(columns) == 1:
        return f"write `index=True` {_place(model, columns[0])}"
    return table_arguments(model, f"Index({_text(name)}, {_names(columns)})")


def foreign_key(model: Model, key: ForeignKey) -> str:
    """How a foreign key comes into the table."""
    table = f"{key.schema}.{key.table}" if key.schema else key.table
    targets = [f"{table}.{column}" for column in key.references]
    actions = "".join(
        f', {word}="{action.upper()}"'
        for word, action in (("ondelete", key.on_delete), ("onupdate", key.on_update))
        if action is not Action.NO_ACTION
    )
    if len(targets) == 1:
        field = model.column(key.columns[0])
        name = field.name if field else key.columns[0]
        if field is not None and _is_sqlmodel(field):
            if key.on_update is not Action.NO_ACTION:
                return _column_arguments(name, f"ForeignKey({_text(targets[0])}{actions})")
            return f"write `foreign_key={_text(targets[0])}{actions}` for `{name}`"
        return f"give the Column of `{name}` the key `ForeignKey({_text(targets[0])}{actions})`"
    line = f"ForeignKeyConstraint([{_names(key.columns)}], [{_names(targets)}]{actions})"
    return table_arguments(model, line)


def action(key: ForeignKey, event: Literal["delete", "update"], wanted: Action) -> str:
    """How a foreign key gets another action."""
    word = "ondelete" if event == "delete" else "onupdate"
    columns = ", ".join(f"`{column}`" for column in key.columns)
    if event == "update" and "ForeignKey" not in key.span.text:  # SQLModel has no word for it
        table = f"{key.schema}.{key.table}" if key.schema else key.table
        written = [f'onupdate="{wanted.upper()}"']
        if key.on_delete is not Action.NO_ACTION:
            written.append(f'ondelete="{key.on_delete.upper()}"')
        target = _text(f"{table}.{key.references[0]}")
        words = f"ForeignKey({', '.join([target, *written])})"
        return _column_arguments(key.columns[0], words) + " in the place of `foreign_key=`"
    if wanted is Action.NO_ACTION:
        return f"take `{word}=` out of the foreign key of {columns}"
    return f'write `{word}="{wanted.upper()}"` in the foreign key of {columns}'


def _column_arguments(name: str, words: str) -> str:
    return f"write `sa_column_args=[{words}]` for `{name}`"


def _is_sqlmodel(field: Field) -> bool:
    """Whether the column is a field of SQLModel's, whose arguments are not those of a Column."""
    text = field.span.text
    return not any(word in text for word in ("Column(", "Mapped[", "mapped_column"))


def _place(model: Model, column: str) -> str:
    field = model.column(column)
    if field is None:
        return f"for `{column}`"
    return f"in the Column of `{field.name}`" if _has_column(field) else f"for `{field.name}`"


def _has_column(field: Field) -> bool:
    """Whether the Column itself is written, beside which SQLModel refuses other arguments."""
    return "sa_column=" in field.span.text.replace(" ", "")


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_text, names))


def _text(value: str) -> str:
    """A string as Python writes it, in double quotes where that needs no escapes."""
    return repr(value) if '"' in value or "\\" in value else f'"{value}"'
