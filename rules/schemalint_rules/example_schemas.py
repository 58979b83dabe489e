"""The schemas of the rules' examples: Prisma models, SQL or SQLModel classes, for one database."""

from __future__ import annotations

from textwrap import dedent


def postgresql(models: str) -> str:
    """Prisma models for PostgreSQL, as a whole schema."""
    return _prisma("postgresql", models)


def sqlite(models: str) -> str:
    """Prisma models for SQLite, as a whole schema."""
    return _prisma("sqlite", models)


def mysql(models: str) -> str:
    """Prisma models for MySQL, as a whole schema."""
    return _prisma("mysql", models)


def mongodb(models: str) -> str:
    """Prisma models for MongoDB, as a whole schema."""
    return _prisma("mongodb", models)


def sql(dialect: str, statements: str) -> str:
    """DDL for `dialect`, as a whole file; the example's `language` is then "sql"."""
    return f"-- schemalint: dialect {dialect}\n\n{dedent(statements).strip()}\n"


def sql_files(dialect: str, migrations: dict[str, str]) -> str:
    """DDL for `dialect` in several files, one `NAME/migration.sql` for each name, in that order."""
    comment = f"-- schemalint: dialect {dialect}\n\n"
    parts: list[str] = []
    for name, statements in migrations.items():
        head = "" if parts else comment
        parts.append(f"-- file: {name}/migration.sql\n{head}{dedent(statements).strip()}\n")
    return "\n".join(parts)


def sqlmodel(dialect: str, classes: str) -> str:
    """SQLModel classes for `dialect`, as a whole module; the example's `language` is then "py"."""
    imports = "from sqlmodel import Field, SQLModel, create_engine\n"
    engine = f'engine = create_engine("{dialect}://")\n'
    return f"{imports}{dedent(classes).strip()}\n\n\n{engine}"


def _prisma(provider: str, models: str) -> str:
    block = f'datasource db {{\n  provider = "{provider}"\n}}\n'
    return f"{block}\n{dedent(models).strip()}\n"


def rule(text: str) -> str:
    """The YAML of an example's rule, without the indentation of the code around it."""
    return dedent(text).strip() + "\n"
